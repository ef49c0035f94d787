/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/csv.h"

#include <stdlib.h>
#include <string.h>

static bool is_number(const char *text)
{
        char *end;

        return text[strspn(text, "-+0123456789.eE")] == '\0' && (strtod(text, &end), end != text && !*end);
}

static bool is_formula(const char *text)
{
        return *text && strchr("=+-@\t\r", *text) && !is_number(text);
}

void csv_field(FILE *out, const char *text, bool first)
{
        bool formula, quoted;

        if (!first)
                fputc(',', out);
        if (!text)
                return;
        formula = is_formula(text);
        quoted = formula || text[strcspn(text, ",\"\r\n")];
        if (quoted)
                fputc('"', out);
        if (formula)
                fputc('\'', out);
        for (; *text; text++) {
                if (*text == '"')
                        fputc('"', out);
                fputc(*text, out);
        }
        if (quoted)
                fputc('"', out);
}

void csv_end(FILE *out)
{
        fputs("\r\n", out);
}
