/* SPDX-License-Identifier: EUPL-1.2 */
#include "cli/quantity.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/language.h"

#define MOST 1e18 /* what %.0f writes in the room there is */

const char *quantity_count(double number, bool english, char buffer[static QUANTITY_SIZE])
{
        const char *gap = english ? "," : NNBSP;
        char digits[24];
        size_t length = 0;

        snprintf(digits, sizeof(digits), "%.0f", number > 0 ? fmin(number, MOST) : 0);
        size_t count = strlen(digits);
        for (size_t i = 0; i < count; i++) {
                if (i && (count - i) % 3 == 0)
                        for (const char *at = gap; *at; at++)
                                buffer[length++] = *at;
                buffer[length++] = digits[i];
        }
        buffer[length] = '\0';
        return buffer;
}

/* One decimal, with the language's mark. */
static const char *tenths(double number, bool english, const char *unit, char buffer[static QUANTITY_SIZE])
{
        char *mark;

        snprintf(buffer, QUANTITY_SIZE, "%.1f%s", number, unit);
        mark = strchr(buffer, '.');
        if (mark && !english)
                *mark = ',';
        return buffer;
}

const char *quantity_rate(double per_second, bool english, char buffer[static QUANTITY_SIZE])
{
        if (per_second >= 0.05 && per_second < 9.95)
                return tenths(per_second, english, "", buffer);
        return quantity_count(per_second, english, buffer);
}

const char *quantity_bits(double per_second, bool english, char buffer[static QUANTITY_SIZE])
{
        static const char *const units[] = {NBSP "kbit/s", NBSP "Mbit/s", NBSP "Gbit/s", NBSP "Tbit/s"};
        size_t unit = 0;

        if (!(per_second >= 999.5)) {
                snprintf(buffer, QUANTITY_SIZE, "%.0f" NBSP "bit/s", per_second > 0 ? per_second : 0);
                return buffer;
        }
        per_second = fmin(per_second, MOST) / 1000;
        for (; per_second >= 999.95 && unit + 1 < ARRAY_LEN(units); unit++)
                per_second /= 1000;
        return tenths(per_second, english, units[unit], buffer);
}
