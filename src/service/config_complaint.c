/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/config_complaint.h"

#include <errno.h>
#include <stdarg.h>

#define CONFIG_COMPLAINT_TEXT(name, fr, en) {fr, en},
static const char *const sentences[][LANGUAGE_COUNT] = {CONFIG_COMPLAINTS(CONFIG_COMPLAINT_TEXT)};

void config_complaint_say(struct error *said, enum language language, enum config_complaint complaint, ...)
{
        va_list args;

        va_start(args, complaint);
        error_vsay_in(said, -EINVAL, language, sentences[complaint][language], args);
        va_end(args);
}

int config_complain(struct fault_log *log, unsigned line, const char *key, enum config_complaint complaint,
                    ...)
{
        struct error said = {0};

        for (int language = 0; language < LANGUAGE_COUNT; language++) {
                va_list args;

                va_start(args, complaint);
                error_vsay_in(&said, -EINVAL, (enum language)language, sentences[complaint][language], args);
                va_end(args);
        }
        return fault_log_add(log, line, key, said.fr, said.en);
}
