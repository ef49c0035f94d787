/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/config_complaint.h"

#include <errno.h>
#include <stdarg.h>

#define CONFIG_COMPLAINT_TEXT(name, fr, en) {fr, en},
static const char *const sentences[][LANGUAGE_COUNT] = {CONFIG_COMPLAINTS(CONFIG_COMPLAINT_TEXT)};

int config_complain(struct error *error, enum language language, const char *name, unsigned line,
                    enum config_complaint complaint, ...)
{
        struct error said = {0};
        const char *sentence;
        va_list args;

        va_start(args, complaint);
        error_vsay_in(&said, -EINVAL, language, sentences[complaint][language], args);
        va_end(args);
        sentence = error_text_in(&said, -EINVAL, language);
        if (line)
                return error_say_in(error, -EINVAL, language, "%s:%u: %s", name, line, sentence);
        return error_say_in(error, -EINVAL, language, "%s: %s", name, sentence);
}
