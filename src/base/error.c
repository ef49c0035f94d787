/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The contract: one line, and no character cut in half where the text was too long. */
static void make_clean(char *text)
{
        size_t length = strlen(text);
        size_t start = length;

        for (char *p = text; *p; p++)
                if (*p == '\n' || *p == '\r')
                        *p = ' ';
        if (length < ERROR_TEXT_MAX - 1)
                return;
        while (start > 0 && (text[start - 1] & 0xc0) == 0x80)
                start--;
        if (start > 0 && (text[start - 1] & 0x80))
                text[start - 1] = '\0';
}

int error_set(struct error *error, int code, const char *format, ...)
{
        va_list args;

        if (!error)
                return code;
        error->code = code;
        va_start(args, format);
        vsnprintf(error->text, sizeof(error->text), format, args);
        va_end(args);
        make_clean(error->text);
        return code;
}

int error_context(struct error *error, int code, const char *format, ...)
{
        char before[ERROR_TEXT_MAX];
        char after[ERROR_TEXT_MAX];
        va_list args;

        if (!error)
                return code;
        va_start(args, format);
        vsnprintf(before, sizeof(before), format, args);
        va_end(args);
        snprintf(after, sizeof(after), "%s", error_text(error, code));
        error->code = code;
        /* Cutting is what the contract says for text that is too long. */
        if (snprintf(error->text, sizeof(error->text), "%s: %s", before, after) < 0)
                error->text[0] = '\0';
        make_clean(error->text);
        return code;
}

const char *error_text(const struct error *error, int code)
{
        if (error && error->text[0])
                return error->text;
        return strerror(code < 0 ? -code : code);
}
