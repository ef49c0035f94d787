/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a function returns when it cannot do its work.
 *
 * 0 is success. A negative errno-style number is fatal to the call and is forwarded upwards. A positive
 * number is a condition that the called header names; the direct caller handles it and never forwards it.
 * Beside the number travels one sentence for a person: what is wrong, where, and what to do. It is written
 * where the error is born; callers may put their context before it, and whoever stands on top prints it
 * once. A NULL `struct error *` is allowed everywhere: then only the number travels.
 */
#pragma once

#define ERROR_TEXT_MAX 1024 /* bytes with the final NUL; longer text is cut */

struct error {
        int code;                  /* negative errno, 0 when nothing was set */
        char text[ERROR_TEXT_MAX]; /* one sentence, UTF-8, no newline */
};

/* Write the sentence; returns `code`, so that `return error_set(e, -EINVAL, …)` reads well. */
int error_set(struct error *error, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Put "context: " before the sentence already there; returns `code`. */
int error_context(struct error *error, int code, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* The sentence, or the text of errno when nobody wrote one. Never NULL. */
const char *error_text(const struct error *error, int code);
