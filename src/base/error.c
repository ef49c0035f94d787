/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int error_set(struct error *error, int code, const char *format, ...)
{
        va_list args;

        if (!error)
                return code;
        error->code = code;
        va_start(args, format);
        vsnprintf(error->text, sizeof(error->text), format, args);
        va_end(args);
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
        return code;
}

const char *error_text(const struct error *error, int code)
{
        if (error && error->text[0])
                return error->text;
        return strerror(code < 0 ? -code : code);
}
