/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/number.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "journal/canonical.h"

/*
 * Powers that a double holds exactly: one rounding in m / 10^k, as a correct reader would do (Clinger 1990).
 */
static const double exact_powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* A decimal number: 0.d1d2… * 10^point, as ECMA-262 calls n. */
struct decimal {
        char digits[NUMBER_DIGITS_MAX];
        int count;
        int point;
};

static double exact_quotient(uint64_t digits, int exponent)
{
        return exponent < 0 ? (double)digits / exact_powers[-exponent]
                            : (double)digits * exact_powers[exponent];
}

double number_from_digits(const char *digits, size_t count, int exponent)
{
        char text[NUMBER_DIGITS_MAX + 16];

        if (count <= 15 && exponent >= -22 && exponent <= 22) {
                uint64_t mantissa = 0;

                for (size_t i = 0; i < count; i++)
                        mantissa = mantissa * 10 + (uint64_t)(digits[i] - '0');
                return exact_quotient(mantissa, exponent);
        }
        /* No decimal point in it, so the locale has no say. */
        snprintf(text, sizeof(text), "%.*se%d", (int)count, digits, exponent);
        return strtod(text, NULL);
}

static void decimal_trim(struct decimal *decimal)
{
        while (decimal->count > 1 && decimal->digits[decimal->count - 1] == '0')
                decimal->count--;
}

/* `count` significant digits, correctly rounded. */
static void decimal_round(double number, int count, struct decimal *ret_decimal)
{
        char text[48];
        const char *at = text;
        int exponent;

        snprintf(text, sizeof(text), "%.*e", count - 1, number);
        ret_decimal->count = 0;
        for (; *at && *at != 'e'; at++)
                if (*at >= '0' && *at <= '9')
                        ret_decimal->digits[ret_decimal->count++] = *at;
        exponent = *at ? (int)strtol(at + 1, NULL, 10) : 0;
        ret_decimal->point = exponent + 1;
}

static void decimal_increment(struct decimal *decimal)
{
        int at = decimal->count - 1;

        while (at >= 0 && decimal->digits[at] == '9')
                decimal->digits[at--] = '0';
        if (at >= 0) {
                decimal->digits[at]++;
                return;
        }
        decimal->digits[0] = '1';
        decimal->point++;
}

static bool decimal_is(const struct decimal *decimal, double number)
{
        return number_from_digits(decimal->digits, (size_t)decimal->count, decimal->point - decimal->count) ==
               number;
}

/*
 * The least number of digits that reads back. 15 digits hold for any normal double that has so short a form;
 * a
 * subnormal has fewer bits, so its search begins at one digit. Below a power of two doubles lie closer than
 * above,
 * so the nearest decimal may miss where the next one up still reads back: both are tried.
 */
static void decimal_shortest(double number, int least, struct decimal *ret_decimal)
{
        for (int count = least; count < 17; count++) {
                decimal_round(number, count, ret_decimal);
                if (decimal_is(ret_decimal, number))
                        return;
                decimal_increment(ret_decimal);
                if (decimal_is(ret_decimal, number))
                        return;
        }
        decimal_round(number, 17, ret_decimal);
}

static void decimal_from_integer(uint64_t integer, int exponent, struct decimal *ret_decimal)
{
        char text[24];
        int count = 0;

        do {
                text[count++] = (char)('0' + integer % 10);
                integer /= 10;
        } while (integer);
        for (int i = 0; i < count; i++)
                ret_decimal->digits[i] = text[count - 1 - i];
        ret_decimal->count = count;
        ret_decimal->point = count + exponent;
}

/*
 * Numbers people write, such as 0.98 or 42: at most 15 digits, where the fewest decimals are also the fewest
 * digits.
 */
static bool decimal_plain(double number, struct decimal *ret_decimal)
{
        if (number < 1e-6 || number >= 1e15)
                return false;
        for (int decimals = 0; decimals <= 15; decimals++) {
                double scaled = number * exact_powers[decimals];
                uint64_t integer;

                if (scaled >= 1e15)
                        return false;
                integer = (uint64_t)(scaled + 0.5);
                if (integer && exact_quotient(integer, -decimals) == number) {
                        decimal_from_integer(integer, -decimals, ret_decimal);
                        return true;
                }
        }
        return false;
}

/* ECMA-262, Number::toString, steps 6 to 12. */
static size_t decimal_format(const struct decimal *decimal, char *out)
{
        int k = decimal->count;
        int n = decimal->point;
        char *at = out;

        if (n > 21 || n <= -6) {
                *at++ = decimal->digits[0];
                if (k > 1) {
                        *at++ = '.';
                        at = mempcpy(at, decimal->digits + 1, (size_t)k - 1);
                }
                return (size_t)(at - out) + (size_t)sprintf(at, "e%+d", n - 1);
        }
        if (n <= 0) {
                at = mempcpy(at, "0.", 2);
                for (int i = n; i < 0; i++)
                        *at++ = '0';
                at = mempcpy(at, decimal->digits, (size_t)k);
        } else {
                for (int i = 0; i < n; i++)
                        *at++ = i < k ? decimal->digits[i] : '0';
                if (k > n) {
                        *at++ = '.';
                        at = mempcpy(at, decimal->digits + n, (size_t)(k - n));
                }
        }
        *at = '\0';
        return (size_t)(at - out);
}

int canonical_number(double number, char ret_text[static CANONICAL_NUMBER_SIZE], size_t *ret_length)
{
        struct decimal decimal;
        size_t sign = 0;

        if (!isfinite(number))
                return -EINVAL;
        if (number == 0) {
                memcpy(ret_text, "0", 2);
                *ret_length = 1;
                return 0;
        }
        if (number < 0) {
                ret_text[sign++] = '-';
                number = -number;
        }
        if (!decimal_plain(number, &decimal))
                decimal_shortest(number, number < 2.2250738585072014e-308 ? 1 : 15, &decimal);
        decimal_trim(&decimal);
        *ret_length = sign + decimal_format(&decimal, ret_text + sign);
        return 0;
}

static int check_integer(const char *token, size_t length)
{
        uint64_t integer = 0;
        size_t at = length && token[0] == '-';
        size_t digits = length - at;

        if (digits == 0 || digits > 16)
                return -EINVAL;
        if (token[at] == '0' && length > 1)
                return -EINVAL;
        for (; at < length; at++)
                integer = integer * 10 + (uint64_t)(token[at] - '0');
        return integer > (uint64_t)CANONICAL_INTEGER_MAX ? -EINVAL : 0;
}

/* The digits before an exponent; zeros in front of them carry no meaning but their place. */
static int read_mantissa(const char *token, size_t length, struct decimal *ret_decimal)
{
        bool fraction = false;

        *ret_decimal = (struct decimal){.count = 0};
        for (size_t at = 0; at < length; at++) {
                bool leading = ret_decimal->count == 0 && token[at] == '0';

                if (token[at] == '.' && !fraction) {
                        fraction = true;
                        continue;
                }
                if (token[at] < '0' || token[at] > '9' || (!leading && ret_decimal->count == 17))
                        return -EINVAL;
                if (!leading)
                        ret_decimal->digits[ret_decimal->count++] = token[at];
                ret_decimal->point += leading ? -fraction : !fraction;
        }
        return ret_decimal->count ? 0 : -EINVAL;
}

/* Whatever is odd about the token otherwise shows when it is written again and compared. */
static int read_digits(const char *token, size_t length, struct decimal *ret_decimal)
{
        const char *mark = memchr(token, 'e', length);
        size_t mantissa = mark ? (size_t)(mark - token) : length;
        int exponent = 0;

        if (read_mantissa(token, mantissa, ret_decimal) < 0)
                return -EINVAL;
        if (!mark)
                return 0;
        if (length - mantissa < 3 || length - mantissa > 5)
                return -EINVAL;
        for (size_t at = mantissa + 2; at < length; at++) {
                if (token[at] < '0' || token[at] > '9')
                        return -EINVAL;
                exponent = exponent * 10 + (token[at] - '0');
        }
        ret_decimal->point += mark[1] == '-' ? -exponent : exponent;
        return 0;
}

/* Whether `decimal` would be written as this very token. */
static bool is_written(const struct decimal *decimal, const char *token, size_t length)
{
        char text[CANONICAL_NUMBER_SIZE + NUMBER_DIGITS_MAX];

        return length < CANONICAL_NUMBER_SIZE && decimal_format(decimal, text) == length &&
               memcmp(text, token, length) == 0;
}

__extension__ typedef __int128 wide;

/* 5^27 is the greatest that leaves the products below 2^117. */
static const uint64_t powers_of_five[] = {
        1ULL,
        5ULL,
        25ULL,
        125ULL,
        625ULL,
        3125ULL,
        15625ULL,
        78125ULL,
        390625ULL,
        1953125ULL,
        9765625ULL,
        48828125ULL,
        244140625ULL,
        1220703125ULL,
        6103515625ULL,
        30517578125ULL,
        152587890625ULL,
        762939453125ULL,
        3814697265625ULL,
        19073486328125ULL,
        95367431640625ULL,
        476837158203125ULL,
        2384185791015625ULL,
        11920928955078125ULL,
        59604644775390625ULL,
        298023223876953125ULL,
        1490116119384765625ULL,
        7450580596923828125ULL,
};

static int bit_length(uint64_t value)
{
        return 64 - __builtin_clzll(value);
}

static wide magnitude(wide value)
{
        return value < 0 ? -value : value;
}

/*
 * A decimal `digits` / 10^decimals against the double it reads as, by whole numbers.
 *
 * With F = 5^decimals and the right s, V = digits * 2^s / F lies in [2^53, 2^54), where doubles are the even
 * numbers: the nearest, 2M, is the double. All below is in units of 1/F: `off` is how far the decimal lies
 * from 2M, `step` how far decimals of this length lie from each other, and whatever is less than F away from
 * 2M reads as the same double.
 */
struct placed {
        wide off;
        wide step;
        wide reach; /* F */
};

/* False where doubles above and below lie at different distances, or a tie decides. */
static bool place(uint64_t digits, int decimals, struct placed *ret_placed)
{
        uint64_t five = powers_of_five[decimals];
        int shift = 53 - bit_length(digits) + bit_length(five);
        uint64_t quotient;
        uint64_t rest;

        if (shift < 0)
                return false;
        quotient = (uint64_t)(((wide)digits << shift) / (wide)five);
        rest = (uint64_t)(((wide)digits << shift) - (wide)quotient * (wide)five);
        if (quotient < 1ULL << 53) {
                shift++;
                quotient = quotient * 2 + (rest * 2 >= five);
                rest = rest * 2 - (rest * 2 >= five ? five : 0);
        }
        if (quotient <= (1ULL << 53) + 1 || quotient >= (1ULL << 54) - 1 || rest == 0)
                return false;
        ret_placed->off = quotient & 1 ? (wide)rest - (wide)five : (wide)rest;
        ret_placed->step = (wide)1 << shift;
        ret_placed->reach = (wide)five;
        return true;
}

enum shortness { SHORTEST, NOT_SHORTEST, UNDECIDED };

/*
 * Whether a decimal of 16 or 17 digits, the last not 0, is the nearest of its length to the double it reads
 * as, and none with a digit less reads back: without reading and writing it again.
 */
static enum shortness decide(const struct decimal *decimal)
{
        int decimals = decimal->count - decimal->point;
        struct placed placed;
        uint64_t digits = 0;
        wide last;
        wide down;
        wide up;

        if (decimal->count < 16 || decimals < 1 || decimals >= (int)ARRAY_LEN(powers_of_five))
                return UNDECIDED;
        for (int i = 0; i < decimal->count; i++)
                digits = digits * 10 + (uint64_t)(decimal->digits[i] - '0');
        if (!place(digits, decimals, &placed))
                return UNDECIDED;
        last = (wide)(digits % 10);
        down = magnitude(placed.off - last * placed.step);
        up = magnitude(placed.off + (10 - last) * placed.step);
        if (2 * magnitude(placed.off) == placed.step || down == placed.reach || up == placed.reach)
                return UNDECIDED;
        return 2 * magnitude(placed.off) < placed.step && down > placed.reach && up > placed.reach
                       ? SHORTEST
                       : NOT_SHORTEST;
}

/*
 * Two decimals of at most 15 digits are never the same normal double (DBL_DIG), so no other one is shorter
 * and the form alone
 * decides. Longer ones, and those near the ends of the range, are read and written again.
 */
int number_check(const char *token, size_t length)
{
        struct decimal decimal;
        struct decimal shortest;
        bool integer = true;
        size_t sign = length && token[0] == '-';
        enum shortness shortness;
        double number;

        for (size_t i = sign; i < length; i++)
                integer = integer && token[i] >= '0' && token[i] <= '9';
        if (integer)
                return check_integer(token, length);
        token += sign;
        length -= sign;
        if (read_digits(token, length, &decimal) < 0 || decimal.digits[decimal.count - 1] == '0' ||
            !is_written(&decimal, token, length))
                return -EINVAL;
        if (decimal.count <= 15 && decimal.point > -300 && decimal.point < 300)
                return 0;
        shortness = decide(&decimal);
        if (shortness != UNDECIDED)
                return shortness == SHORTEST ? 0 : -EINVAL;
        number = number_from_digits(decimal.digits, (size_t)decimal.count, decimal.point - decimal.count);
        if (!isfinite(number) || number == 0)
                return -EINVAL;
        /* Were there a form shorter by two digits, the nearest one shorter by one would read back too. */
        decimal_shortest(number, decimal.count > 15 && decimal.point > -300 ? decimal.count - 1 : 1,
                         &shortest);
        decimal_trim(&shortest);
        return is_written(&shortest, token, length) ? 0 : -EINVAL;
}
