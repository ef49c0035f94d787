/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/canonical.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/quoted.h"
#include "journal/number.h"
#include "journal/utf8.h"

struct scan {
        const char *data;
        size_t length;
        size_t at;
        struct canonical_member *members; /* of the outermost object, when asked for */
        size_t member_max;
        size_t member_count;
};

static int scan_value(struct scan *scan, int depth);

static inline int scan_literal(struct scan *scan, const char *text, size_t length)
{
        if (scan->length - scan->at < length || memcmp(scan->data + scan->at, text, length) != 0)
                return -EINVAL;
        scan->at += length;
        return 0;
}

static int hex_digit(char digit)
{
        if (digit >= '0' && digit <= '9')
                return digit - '0';
        if (digit >= 'a' && digit <= 'f')
                return digit - 'a' + 10;
        return -1;
}

/* \b \t \n \f \r \" \\ and, for the other control characters, \u00xx: any other escape has a shorter form. */
static int scan_escape(struct scan *scan, bool key)
{
        const char *at = scan->data + scan->at;
        size_t rest = scan->length - scan->at;
        int high;
        int low;

        if (rest < 2)
                return -EINVAL;
        if (at[1] && strchr("btnfr\"\\", at[1])) {
                scan->at += 2;
                return 0;
        }
        if (rest < 6 || memcmp(at, "\\u00", 4) != 0)
                return -EINVAL;
        high = hex_digit(at[4]);
        low = hex_digit(at[5]);
        if (high < 0 || high > 1 || low < 0)
                return -EINVAL;
        high = high * 16 + low;
        if (high == '\b' || high == '\t' || high == '\n' || high == '\f' || high == '\r' || (key && !high))
                return -EINVAL;
        scan->at += 6;
        return 0;
}

/* An escape, or a character beyond ASCII: seldom, so it stays out of the loop that calls it. */
static __attribute__((noinline)) int scan_special(struct scan *scan, bool key)
{
        unsigned char byte = (unsigned char)scan->data[scan->at];
        size_t step = 0;

        if (byte == '\\')
                return scan_escape(scan, key);
        if (byte >= 0x80)
                step = utf8_sequence(scan->data + scan->at, scan->length - scan->at);
        scan->at += step;
        return step ? 0 : -EINVAL;
}

static int scan_string(struct scan *scan, bool key, bool *ret_plain)
{
        bool plain = true;

        if (scan->at >= scan->length || scan->data[scan->at] != '"')
                return -EINVAL;
        scan->at++;
        for (;; plain = false) {
                scan->at += quoted_plain_length(scan->data + scan->at, scan->length - scan->at, true);
                if (scan->at == scan->length)
                        return -EINVAL;
                if (scan->data[scan->at] == '"') {
                        scan->at++;
                        *ret_plain = plain;
                        return 0;
                }
                if (scan_special(scan, key) < 0)
                        return -EINVAL;
        }
}

/* Undoes one escaped or plain character; the text was scanned. Writes 1 to 4 bytes. */
static size_t unescape(const char **at, char *out)
{
        static const char from[] = "btnfr\"\\";
        static const char to[] = "\b\t\n\f\r\"\\";
        size_t step;

        if (**at != '\\') {
                step = utf8_sequence(*at, 4);
                step = step ? step : 1;
                memcpy(out, *at, step);
                *at += step;
                return step;
        }
        if ((*at)[1] == 'u') {
                *out = (char)(hex_digit((*at)[4]) * 16 + hex_digit((*at)[5]));
                *at += 6;
                return 1;
        }
        *out = to[strchr(from, (*at)[1]) - from];
        *at += 2;
        return 1;
}

/*
 * Keys compare by what they mean, not by their escapes. Both lie before a quote, so four bytes may be read.
 */
static int compare_escaped(const char *a, size_t a_length, const char *b, size_t b_length)
{
        const char *a_end = a + a_length;
        const char *b_end = b + b_length;

        while (a < a_end && b < b_end) {
                char left[4];
                char right[4];
                size_t left_length = unescape(&a, left);
                size_t right_length = unescape(&b, right);
                int order = canonical_compare_keys(left, left_length, right, right_length);

                if (order)
                        return order;
        }
        return (a < a_end) - (b < b_end);
}

/* A key as it was scanned: plain when it has neither escapes nor anything beyond ASCII. */
struct key {
        const char *text;
        size_t length;
        bool plain;
};

static int compare_keys(const struct key *a, const struct key *b)
{
        if (!a->plain || !b->plain) {
                if (memchr(a->text, '\\', a->length) || memchr(b->text, '\\', b->length))
                        return compare_escaped(a->text, a->length, b->text, b->length);
        } else if (a->length && b->length && *a->text != *b->text) {
                return *a->text - *b->text;
        }
        return canonical_compare_keys(a->text, a->length, b->text, b->length);
}

static int scan_number(struct scan *scan)
{
        size_t from = scan->at;

        while (scan->at < scan->length) {
                char byte = scan->data[scan->at];

                if ((byte < '0' || byte > '9') && byte != '-' && byte != '+' && byte != '.' && byte != 'e')
                        break;
                scan->at++;
        }
        if (number_check(scan->data + from, scan->at - from) < 0) {
                scan->at = from;
                return -EINVAL;
        }
        return 0;
}

static int scan_array(struct scan *scan, int depth)
{
        scan->at++;
        if (scan->at < scan->length && scan->data[scan->at] == ']') {
                scan->at++;
                return 0;
        }
        for (;;) {
                if (scan_value(scan, depth + 1) < 0 || scan->at >= scan->length)
                        return -EINVAL;
                if (scan->data[scan->at] == ']') {
                        scan->at++;
                        return 0;
                }
                if (scan_literal(scan, ",", 1) < 0)
                        return -EINVAL;
        }
}

static int keep_member(struct scan *scan, const struct canonical_member *member)
{
        if (scan->member_count == scan->member_max)
                return -EINVAL;
        scan->members[scan->member_count++] = *member;
        return 0;
}

static int scan_member(struct scan *scan, int depth, struct key *ret_key, struct canonical_member *ret_member)
{
        size_t key = scan->at;
        size_t value;

        if (scan_string(scan, true, &ret_key->plain) < 0)
                return -EINVAL;
        ret_key->text = ret_member->key = scan->data + key + 1;
        ret_key->length = ret_member->key_length = scan->at - key - 2;
        if (scan_literal(scan, ":", 1) < 0)
                return -EINVAL;
        value = scan->at;
        if (scan_value(scan, depth + 1) < 0)
                return -EINVAL;
        ret_member->value = scan->data + value;
        ret_member->value_length = scan->at - value;
        return 0;
}

static int scan_object(struct scan *scan, int depth)
{
        struct canonical_member member;
        struct key key;
        struct key before = {.text = NULL};

        scan->at++;
        if (scan->at < scan->length && scan->data[scan->at] == '}') {
                scan->at++;
                return 0;
        }
        for (;; before = key) {
                size_t from = scan->at;

                if (scan_member(scan, depth, &key, &member) < 0 || scan->at >= scan->length)
                        return -EINVAL;
                if (before.text && compare_keys(&before, &key) >= 0) {
                        scan->at = from;
                        return -EINVAL;
                }
                if (depth == 1 && scan->members && keep_member(scan, &member) < 0)
                        return -EINVAL;
                if (scan->data[scan->at] == '}') {
                        scan->at++;
                        return 0;
                }
                if (scan_literal(scan, ",", 1) < 0)
                        return -EINVAL;
        }
}

static int scan_value(struct scan *scan, int depth)
{
        bool plain;

        if (depth > CANONICAL_DEPTH_MAX || scan->at >= scan->length)
                return -EINVAL;
        switch (scan->data[scan->at]) {
        case '{':
                return scan_object(scan, depth);
        case '[':
                return scan_array(scan, depth);
        case '"':
                return scan_string(scan, false, &plain);
        case 't':
                return scan_literal(scan, "true", 4);
        case 'f':
                return scan_literal(scan, "false", 5);
        case 'n':
                return scan_literal(scan, "null", 4);
        default:
                return scan_number(scan);
        }
}

static int scan_all(struct scan *scan, size_t *ret_at)
{
        if (scan_value(scan, 1) < 0 || scan->at != scan->length) {
                *ret_at = scan->at;
                return -EINVAL;
        }
        return 0;
}

int canonical_check(const char *data, size_t length, size_t *ret_at)
{
        struct scan scan = {.data = data, .length = length};

        return scan_all(&scan, ret_at);
}

int canonical_members(const char *data, size_t length, struct canonical_member *ret_members, size_t max,
                      size_t *ret_count, size_t *ret_at)
{
        struct scan scan = {.data = data, .length = length, .members = ret_members, .member_max = max};

        if (length == 0 || data[0] != '{') {
                *ret_at = 0;
                return -EINVAL;
        }
        if (scan_all(&scan, ret_at) < 0)
                return -EINVAL;
        *ret_count = scan.member_count;
        return 0;
}

int canonical_text(const struct canonical_member *string, char *ret_text, size_t size)
{
        const char *at = string->value + 1, *end = string->value + string->value_length - 1;
        size_t length = 0;

        if (string->value_length < 2 || string->value[0] != '"')
                return -EINVAL;
        while (at < end) {
                char letter[4];
                size_t step = quoted_plain_length(at, (size_t)(end - at), false);
                const char *from = at;

                at += step;
                if (!step) {
                        step = unescape(&at, letter);
                        from = letter;
                }
                if (length + step >= size)
                        return -E2BIG;
                if (!*from)
                        return -EINVAL;
                memcpy(ret_text + length, from, step);
                length += step;
        }
        ret_text[length] = '\0';
        return 0;
}

int canonical_value_length(const char *data, size_t length, size_t *ret_length)
{
        struct scan scan = {.data = data, .length = length};

        if (scan_value(&scan, 1) < 0)
                return -EINVAL;
        *ret_length = scan.at;
        return 0;
}

int canonical_parse(const char *data, size_t length, json_t **ret_value, struct error *error)
{
        json_error_t problem;
        json_t *value;
        size_t at = 0;

        if (canonical_check(data, length, &at) < 0)
                return error_say(error, -EINVAL, "Le JSON n’est pas canonique (RFC 8785) à l’octet %zu.",
                                 "The JSON is not canonical (RFC 8785) at byte %zu.", at);
        value = json_loadb(data, length, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &problem);
        if (!value)
                return error_say(error, -EINVAL, "Le JSON est illisible : %s.",
                                 "The JSON cannot be read: %s.", problem.text);
        *ret_value = value;
        return 0;
}
