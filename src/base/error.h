/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a function returns when it cannot do its work.
 *
 * 0 is success. A negative errno-style number is fatal to the call and is forwarded upwards. A positive
 * number is a condition that the called header names; the direct caller handles it and never forwards it.
 * Beside the number travels one sentence for a person, in French and in English: what is wrong, where, and
 * what to do. Both are written where the error is born, since nobody there knows who will read; callers may put
 * their context before it, and whoever stands on top prints one of the two, once. A NULL `struct error *` is
 * allowed everywhere: then only the number travels.
 *
 * In the formats "%m" is the text of errno `code`, in the sentence's language, and takes no argument. French
 * formats are typed with plain spaces; those before : ; ? ! » and after « become no-break ones.
 */
#pragma once

#include <stdarg.h>

#include "base/language.h"

#define ERROR_TEXT_MAX 1024 /* bytes of one sentence with the final NUL; longer text is cut */

struct faults; /* base/faults.h */

struct error {
        int code;                /* negative errno, 0 when nothing was set */
        char fr[ERROR_TEXT_MAX]; /* one sentence, UTF-8, no newline */
        char en[ERROR_TEXT_MAX];
        struct faults *
                faults; /* borrowed; who wants every fault of a file, not the first alone, hangs a list here */
};

/* Write the sentence, from the same arguments; returns `code`, so that `return error_say(e, -EINVAL, …)` reads well. */
int error_say(struct error *error, int code, const char *fr, const char *en, ...)
        __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* Put "context: " before the sentence already there; returns `code`. */
int error_context(struct error *error, int code, const char *fr, const char *en, ...)
        __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* One side only, where the arguments differ from language to language; the other side is written beside it. */
int error_say_in(struct error *error, int code, enum language language, const char *format, ...)
        __attribute__((format(printf, 4, 5)));
int error_vsay_in(struct error *error, int code, enum language language, const char *format, va_list args)
        __attribute__((format(printf, 4, 0)));

/* Sentences that came ready made, from another process or a library; an empty or missing side is the other one. */
int error_forward(struct error *error, int code, const char *fr, const char *en);

/* The sentence, or the text of errno when nobody wrote one. Never NULL. error_text() is English, for logs. */
const char *error_text_in(const struct error *error, int code, enum language language);
const char *error_text(const struct error *error, int code);
