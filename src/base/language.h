/* SPDX-License-Identifier: EUPL-1.2 */
/* The two languages of Garde. Whatever a person reads exists in both (docs/decisions/0005). */
#pragma once

#define LANGUAGES(X) X(FR, "fr") X(EN, "en")

#define LANGUAGE_ENUM(name, word) LANGUAGE_##name,
enum language { LANGUAGES(LANGUAGE_ENUM) LANGUAGE_COUNT };

#define NBSP  "\xc2\xa0"     /* U+00A0 no-break space */
#define NNBSP "\xe2\x80\xaf" /* U+202F narrow no-break space */

/* "fr" or "en"; -EINVAL otherwise. */
int language_parse(const char *word, enum language *ret_language);
const char *language_word(enum language language);

/* One of two literals; inline, so that compilers see through it to a format. */
static inline const char *language_pick(enum language language, const char *fr, const char *en)
{
        return language == LANGUAGE_EN ? en : fr;
}

/* LC_ALL, LC_MESSAGES, LANG: the first that is set and not empty decides; French where it begins with "fr". */
enum language language_of_environment(void);
