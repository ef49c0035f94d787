/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "obligation/documents/language.h"

static const char *thousands(enum language language)
{
        return language == LANGUAGE_EN ? "," : NNBSP;
}

static void grouped(struct buffer *buffer, enum language language, const char *digits)
{
        size_t length = strlen(digits);

        for (size_t i = 0; i < length; i++) {
                if (i > 0 && (length - i) % 3 == 0)
                        buffer_text(buffer, thousands(language));
                buffer_append(buffer, digits + i, 1);
        }
}

void language_integer(struct buffer *buffer, enum language language, int64_t number)
{
        char digits[32];
        uint64_t size = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

        if (number < 0)
                buffer_text(buffer, "-");
        snprintf(digits, sizeof(digits), "%llu", (unsigned long long)size);
        grouped(buffer, language, digits);
}

/* printf would follow the process's locale in its decimal sign, so the whole and the rest are set apart. */
void language_decimal(struct buffer *buffer, enum language language, double number, unsigned decimals)
{
        static const double powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
        double power = powers[decimals < 6 ? decimals : 6];
        double scaled = round(fabs(number) * power);
        char digits[32];

        if (!isfinite(number) || scaled > 9e15) {
                buffer_text(buffer, "?");
                return;
        }
        if (number < 0 && scaled > 0)
                buffer_text(buffer, "-");
        snprintf(digits, sizeof(digits), "%.0f", floor(scaled / power));
        grouped(buffer, language, digits);
        if (decimals == 0)
                return;
        snprintf(digits, sizeof(digits), "%0*.0f", (int)(decimals < 6 ? decimals : 6), fmod(scaled, power));
        buffer_format(buffer, "%s%s", language == LANGUAGE_EN ? "." : ",", digits);
}

/* As many decimals as say something: 50,00 is 50. */
static void decimal_trimmed(struct buffer *buffer, enum language language, double number, unsigned decimals)
{
        double scaled = round(fabs(number) * pow(10, decimals));

        for (; decimals > 0 && fmod(scaled, 10) < 0.5; decimals--)
                scaled /= 10;
        language_decimal(buffer, language, number, decimals);
}

static const char *percent_sign(enum language language)
{
        return language == LANGUAGE_EN ? "%" : NBSP "%";
}

void language_percent(struct buffer *buffer, enum language language, double fraction)
{
        double percent = fraction * 100;

        if (!isfinite(percent)) {
                buffer_text(buffer, "?");
        } else if (percent <= 0 || percent >= 100) {
                buffer_text(buffer, percent <= 0 ? "0" : "100");
        } else if (percent > 99.99) {
                buffer_format(buffer, ">" NBSP "%s", language_pick(language, "99,99", "99.99"));
        } else if (percent < 0.001) {
                buffer_format(buffer, "<" NBSP "%s", language_pick(language, "0,001", "0.001"));
        } else {
                unsigned decimals = percent < 0.01 ? 3 : percent < 1 || percent >= 99 ? 2 : 1;

                decimal_trimmed(buffer, language, percent, decimals);
        }
        buffer_text(buffer, percent_sign(language));
}

/* Past a million, the noun after it needs « de » in French: it is part of the number's words. */
void language_rounded(struct buffer *buffer, enum language language, double number)
{
        double size = fabs(number);
        bool billion = size >= 999.5e6;
        bool plural;

        if (!isfinite(number)) {
                buffer_text(buffer, "?");
                return;
        }
        if (size < 999500) {
                double step = size < 1000 ? 1 : pow(10, floor(log10(size)) - 2);

                language_decimal(buffer, language, round(number / step) * step, 0);
                return;
        }
        size /= billion ? 1e9 : 1e6;
        plural = size >= 1.995;
        decimal_trimmed(buffer, language, number < 0 ? -size : size, size < 10 ? 2 : size < 100 ? 1 : 0);
        if (language == LANGUAGE_EN)
                buffer_text(buffer, billion ? NBSP "billion" : NBSP "million");
        else
                buffer_format(buffer, NBSP "%s%s de", billion ? "milliard" : "million", plural ? "s" : "");
}

void language_duration(struct buffer *buffer, enum language language, int64_t milliseconds)
{
        int64_t seconds = (milliseconds + 500) / 1000;

        if (milliseconds < 59500) {
                decimal_trimmed(buffer, language, (double)milliseconds / 1000, milliseconds < 10000 ? 2 : 1);
                buffer_text(buffer, NBSP "s");
        } else if (seconds < 3600) {
                buffer_format(buffer, "%d" NBSP "min", (int)(seconds / 60));
                if (seconds % 60)
                        buffer_format(buffer, NBSP "%d" NBSP "s", (int)(seconds % 60));
        } else if (seconds < 86400) {
                buffer_format(buffer, "%d" NBSP "h", (int)(seconds / 3600));
                if (seconds % 3600 / 60)
                        buffer_format(buffer, NBSP "%02d" NBSP "min", (int)(seconds % 3600 / 60));
        } else {
                language_integer(buffer, language, seconds / 86400);
                buffer_text(buffer, language_pick(language, NBSP "j", NBSP "d"));
                if (seconds % 86400 / 3600)
                        buffer_format(buffer, NBSP "%d" NBSP "h", (int)(seconds % 86400 / 3600));
        }
}

static const char *const fr_small[] = {
        "zéro", "un",   "deux",  "trois",  "quatre",   "cinq",   "six",   "sept",     "huit",     "neuf",
        "dix",  "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"};
static const char *const fr_tens[] = {"",          "dix",      "vingt",    "trente",       "quarante",
                                      "cinquante", "soixante", "soixante", "quatre-vingt", "quatre-vingt"};

static void fr_below_hundred(struct buffer *buffer, unsigned n, bool final)
{
        unsigned tens = n / 10;
        unsigned rest = tens == 7 || tens == 9 ? n - (tens - 1) * 10 : n % 10;

        if (n < 20) {
                buffer_text(buffer, fr_small[n]);
                return;
        }
        buffer_text(buffer, fr_tens[tens]);
        if (rest == 0)
                buffer_text(buffer, tens == 8 && final ? "s" : "");
        else if ((rest == 1 || rest == 11) && tens < 8)
                buffer_format(buffer, "-et-%s", fr_small[rest]);
        else
                buffer_format(buffer, "-%s", fr_small[rest]);
}

/* `final`: nothing but million or milliard follows, so vingt and cent take their plural. */
static void fr_below_thousand(struct buffer *buffer, unsigned n, bool final)
{
        unsigned hundreds = n / 100;

        if (hundreds > 1)
                buffer_format(buffer, "%s-", fr_small[hundreds]);
        if (hundreds > 0)
                buffer_text(buffer, hundreds > 1 && n % 100 == 0 && final ? "cents" : "cent");
        if (hundreds > 0 && n % 100)
                buffer_text(buffer, "-");
        if (n % 100 || hundreds == 0)
                fr_below_hundred(buffer, n % 100, final);
}

static const char *const en_small[] = {"zero",    "one",     "two",       "three",    "four",
                                       "five",    "six",     "seven",     "eight",    "nine",
                                       "ten",     "eleven",  "twelve",    "thirteen", "fourteen",
                                       "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
static const char *const en_tens[] = {"",      "",      "twenty",  "thirty", "forty",
                                      "fifty", "sixty", "seventy", "eighty", "ninety"};

static void en_below_thousand(struct buffer *buffer, unsigned n)
{
        unsigned rest = n % 100;

        if (n >= 100)
                buffer_format(buffer, "%s hundred%s", en_small[n / 100], rest ? " and " : "");
        if (rest >= 20)
                buffer_format(buffer, rest % 10 ? "%s-%s" : "%s", en_tens[rest / 10], en_small[rest % 10]);
        else if (rest || n == 0)
                buffer_text(buffer, en_small[rest]);
}

void language_words(struct buffer *buffer, enum language language, uint64_t number)
{
        static const struct {
                uint64_t size;
                const char *fr, *en;
        } steps[] = {{1000000000, "milliard", "billion"},
                     {1000000, "million", "million"},
                     {1000, "mille", "thousand"}};
        const char *between = language == LANGUAGE_EN ? " " : "-";
        bool begun = false;

        if (number >= 1000000000000) {
                language_integer(buffer, language, (int64_t)number);
                return;
        }
        for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
                unsigned n = (unsigned)(number / steps[i].size);

                number %= steps[i].size;
                if (n == 0)
                        continue;
                buffer_text(buffer, begun ? between : "");
                begun = true;
                if (language == LANGUAGE_EN) {
                        en_below_thousand(buffer, n);
                        buffer_format(buffer, " %s", steps[i].en);
                        continue;
                }
                if (steps[i].size > 1000 || n > 1) {
                        fr_below_thousand(buffer, n, steps[i].size > 1000);
                        buffer_text(buffer, "-");
                }
                buffer_format(buffer, "%s%s", steps[i].fr, steps[i].size > 1000 && n > 1 ? "s" : "");
        }
        if (number == 0 && begun)
                return;
        buffer_text(buffer, begun ? between : "");
        if (language == LANGUAGE_EN)
                en_below_thousand(buffer, (unsigned)number);
        else
                fr_below_thousand(buffer, (unsigned)number, true);
}
