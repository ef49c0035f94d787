/* SPDX-License-Identifier: EUPL-1.2 */
/* number: what the canonical writer and scanner share about digits and powers of ten. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define NUMBER_DIGITS_MAX 20

/* value = digits * 10^exponent, `digits` without leading zeros. The nearest double, in any locale. */
double number_from_digits(const char *digits, size_t count, int exponent);

/*
 * Whether the token (characters of -0123456789.eE+) is the canonical form of a number: 0, or -EINVAL.
 * An integer beyond 2^53 is not.
 */
int number_check(const char *token, size_t length);
