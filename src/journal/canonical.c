/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/canonical.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/quoted.h"
#include "journal/utf8.h"

#define KEYS_ON_STACK 32

struct entry {
        const char *key;
        size_t length;
        const json_t *value;
};

static int append_value(const json_t *value, int depth, struct buffer *out, struct error *error);

/*
 * U+E000 to U+FFFF sort after the surrogates that UTF-16 writes the higher planes with; in UTF-8 they sort
 * before.
 */
static int utf16_rank(unsigned char byte)
{
        if (byte >= 0xf0)
                return byte - 2;
        if (byte >= 0xee)
                return byte + 5;
        return byte;
}

int canonical_compare_keys(const char *a, size_t a_length, const char *b, size_t b_length)
{
        size_t common = a_length < b_length ? a_length : b_length;
        size_t at = 0;

        while (at < common && a[at] == b[at])
                at++;
        if (at < common)
                return utf16_rank((unsigned char)a[at]) - utf16_rank((unsigned char)b[at]);
        return (a_length > b_length) - (a_length < b_length);
}

static int compare_entries(const void *a, const void *b)
{
        const struct entry *left = a;
        const struct entry *right = b;

        return canonical_compare_keys(left->key, left->length, right->key, right->length);
}

static void sort_entries(struct entry *entries, size_t count)
{
        if (count > KEYS_ON_STACK) {
                qsort(entries, count, sizeof(*entries), compare_entries);
                return;
        }
        for (size_t i = 1; i < count; i++) {
                struct entry moving = entries[i];
                size_t at = i;

                for (; at > 0 && compare_entries(&entries[at - 1], &moving) > 0; at--)
                        entries[at] = entries[at - 1];
                entries[at] = moving;
        }
}

static void append_escape(unsigned char byte, struct buffer *out)
{
        static const char digits[] = "0123456789abcdef";
        char escape[6] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
        const char *at = strchr("\bb\tt\nn\ff\rr\"\"\\\\", byte);

        if (byte && at) {
                escape[1] = at[1];
                buffer_append(out, escape, 2);
                return;
        }
        buffer_append(out, escape, sizeof(escape));
}

int canonical_append_string(const char *text, size_t length, struct buffer *out, struct error *error)
{
        size_t from = 0, at = 0;

        buffer_append(out, "\"", 1);
        for (;;) {
                unsigned char byte;
                size_t step = 1;

                at += quoted_plain_length(text + at, length - at, true);
                if (at == length)
                        break;
                byte = (unsigned char)text[at];
                if (byte >= 0x80) {
                        step = utf8_sequence(text + at, length - at);
                        if (step == 0)
                                return error_say(error, -EILSEQ,
                                                 "Un texte n’est pas de l’UTF-8 valide à l’octet %zu.",
                                                 "A text is not valid UTF-8 at byte %zu.", at);
                } else {
                        buffer_append(out, text + from, at - from);
                        append_escape(byte, out);
                        from = at + 1;
                }
                at += step;
        }
        buffer_append(out, text + from, length - from);
        buffer_append(out, "\"", 1);
        return 0;
}

static int append_integer(json_int_t integer, struct buffer *out, struct error *error)
{
        char text[24];
        size_t at = sizeof(text);
        uint64_t rest = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;

        if (rest > (uint64_t)CANONICAL_INTEGER_MAX)
                return error_say(
                        error, -ERANGE,
                        "L’entier %lld dépasse 2^53 : écrivez-le en texte, comme le demande la RFC 7493.",
                        "The integer %lld is beyond 2^53: write it as a string, as RFC 7493 asks.",
                        (long long)integer);
        do {
                text[--at] = (char)('0' + rest % 10);
                rest /= 10;
        } while (rest);
        if (integer < 0)
                text[--at] = '-';
        buffer_append(out, text + at, sizeof(text) - at);
        return 0;
}

static int append_real(double number, struct buffer *out, struct error *error)
{
        char text[CANONICAL_NUMBER_SIZE];
        size_t length;

        /* Below 1e21 it would be written as an integer, and read back as one that is too big. */
        if (fabs(number) > (double)CANONICAL_INTEGER_MAX && fabs(number) < 1e21)
                return error_say(error, -ERANGE, "Le nombre %.17g est un entier au-delà de 2^53.",
                                 "The number %.17g is an integer beyond 2^53.", number);
        if (canonical_number(number, text, &length) < 0)
                return error_say(error, -ERANGE, "Un nombre n’est pas fini.", "A number is not finite.");
        buffer_append(out, text, length);
        return 0;
}

static int append_array(const json_t *array, int depth, struct buffer *out, struct error *error)
{
        size_t count = json_array_size(array);

        buffer_append(out, "[", 1);
        for (size_t i = 0; i < count; i++) {
                int r;

                if (i)
                        buffer_append(out, ",", 1);
                r = append_value(json_array_get(array, i), depth + 1, out, error);
                if (r < 0)
                        return r;
        }
        buffer_append(out, "]", 1);
        return 0;
}

static int append_entries(const struct entry *entries, size_t count, int depth, struct buffer *out,
                          struct error *error)
{
        buffer_append(out, "{", 1);
        for (size_t i = 0; i < count; i++) {
                int r;

                if (memchr(entries[i].key, '\0', entries[i].length))
                        return error_say(error, -EILSEQ, "Une clé d’objet contient un octet nul.",
                                         "A key of an object holds a NUL.");
                if (i)
                        buffer_append(out, ",", 1);
                r = canonical_append_string(entries[i].key, entries[i].length, out, error);
                if (r < 0)
                        return r;
                buffer_append(out, ":", 1);
                r = append_value(entries[i].value, depth + 1, out, error);
                if (r < 0)
                        return r;
        }
        buffer_append(out, "}", 1);
        return 0;
}

static int append_object(json_t *object, int depth, struct buffer *out, struct error *error)
{
        struct entry on_stack[KEYS_ON_STACK];
        CLEANUP(cleanup_free) struct entry *on_heap = NULL;
        struct entry *entries = on_stack;
        size_t count = json_object_size(object);
        size_t filled = 0;

        if (count > KEYS_ON_STACK) {
                entries = on_heap = calloc(count, sizeof(*entries));
                if (!on_heap)
                        return error_say(error, -ENOMEM, "Mémoire insuffisante.", "Out of memory.");
        }
        for (void *at = json_object_iter(object); at && filled < count;
             at = json_object_iter_next(object, at)) {
                entries[filled++] = (struct entry){.key = json_object_iter_key(at),
                                                   .length = json_object_iter_key_len(at),
                                                   .value = json_object_iter_value(at)};
        }
        sort_entries(entries, filled);
        return append_entries(entries, filled, depth, out, error);
}

static int append_value(const json_t *value, int depth, struct buffer *out, struct error *error)
{
        if (!value)
                return error_say(error, -EINVAL, "Il manque une valeur JSON.", "A JSON value is missing.");
        if (depth > CANONICAL_DEPTH_MAX)
                return error_say(error, -ELOOP, "Une valeur JSON est imbriquée sur plus de %d niveaux.",
                                 "A JSON value is nested deeper than %d.", CANONICAL_DEPTH_MAX);
        switch (json_typeof(value)) {
        case JSON_OBJECT:
                return append_object((json_t *)value, depth, out, error);
        case JSON_ARRAY:
                return append_array(value, depth, out, error);
        case JSON_STRING:
                return canonical_append_string(json_string_value(value), json_string_length(value), out,
                                               error);
        case JSON_INTEGER:
                return append_integer(json_integer_value(value), out, error);
        case JSON_REAL:
                return append_real(json_real_value(value), out, error);
        case JSON_TRUE:
                buffer_append(out, "true", 4);
                return 0;
        case JSON_FALSE:
                buffer_append(out, "false", 5);
                return 0;
        case JSON_NULL:
                buffer_append(out, "null", 4);
                return 0;
        }
        return error_say(error, -EINVAL, "Une valeur JSON est d’un type inconnu.",
                         "A JSON value has no known type.");
}

int canonical_append(const json_t *value, struct buffer *out, struct error *error)
{
        int r = append_value(value, 1, out, error);

        if (r < 0)
                return r;
        if (out->overflow)
                return error_say(error, -E2BIG, "Une valeur JSON dépasse les %zu octets admis.",
                                 "A JSON value is larger than the %zu bytes allowed.", out->cap);
        return 0;
}
