/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/language.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define LANGUAGE_WORD(name, word) word,
static const char *const words[] = {LANGUAGES(LANGUAGE_WORD)};

int language_parse(const char *word, enum language *ret_language)
{
        for (unsigned i = 0; i < LANGUAGE_COUNT; i++) {
                if (!strcmp(word, words[i])) {
                        *ret_language = (enum language)i;
                        return 0;
                }
        }
        return -EINVAL;
}

const char *language_word(enum language language)
{
        return words[(unsigned)language < LANGUAGE_COUNT ? language : LANGUAGE_FR];
}

enum language language_of_environment(void)
{
        static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

        for (size_t i = 0; i < ARRAY_LEN(names); i++) {
                const char *value = getenv(names[i]);
                if (value && *value) /* POSIX: the first that is set and not empty decides */
                        return !strncmp(value, "fr", 2) ? LANGUAGE_FR : LANGUAGE_EN;
        }
        return LANGUAGE_EN;
}
