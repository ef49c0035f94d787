/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/signature.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* Where a facet lies in struct shield_features. */
struct facet {
        const char *key;
        uint8_t offset, size;
        uint8_t bit; /* of marks; 0: the whole field */
        bool big_endian;
        uint8_t min, max; /* offsets in struct shield_signature; 0: no range */
        uint16_t top;
};

#define AT(field) offsetof(struct shield_features, field)
#define RANGE(field)                                                                                         \
        .min = offsetof(struct shield_signature, field##_min),                                               \
        .max = offsetof(struct shield_signature, field##_max)

static const struct facet facets[SIGNATURE_FACET_COUNT] = {
        [SIGNATURE_CLASS] = {.offset = AT(class_), .size = 1},
        [SIGNATURE_PROTOCOL] = {.offset = AT(protocol), .size = 1},
        [SIGNATURE_TCP_FLAGS] = {.offset = AT(tcp_flags), .size = 1},
        [SIGNATURE_LENGTH] = {.offset = AT(length), .size = 2, RANGE(length), .top = UINT16_MAX},
        [SIGNATURE_TTL] = {.offset = AT(ttl), .size = 1, RANGE(ttl), .top = UINT8_MAX},
        [SIGNATURE_SOURCE_PORT] = {.offset = AT(source_port),
                                   .size = 2,
                                   RANGE(source_port),
                                   .top = UINT16_MAX},
        [SIGNATURE_DEST_PORT] = {.offset = AT(dest_port), .size = 2, RANGE(dest_port), .top = UINT16_MAX},
        [SIGNATURE_WINDOW] = {.offset = AT(window), .size = 2},
        [SIGNATURE_HEADER_WORDS] = {.offset = AT(header_words), .size = 1},
        [SIGNATURE_COUNTRY] = {.offset = AT(country), .size = 1},
        [SIGNATURE_IP_ID] = {.offset = AT(ip_id), .size = 2},
        [SIGNATURE_FRAGMENT_OFFSET] = {.offset = AT(fragment_offset), .size = 2},
        [SIGNATURE_OPTIONS1] = {.offset = AT(options), .size = 1, .big_endian = true},
        [SIGNATURE_OPTIONS] = {.offset = AT(options), .size = 4, .big_endian = true},
        [SIGNATURE_PAYLOAD1] = {.offset = AT(payload), .size = 1, .big_endian = true},
        [SIGNATURE_PAYLOAD2] = {.offset = AT(payload), .size = 2, .big_endian = true},
        [SIGNATURE_PAYLOAD4] = {.offset = AT(payload), .size = 4, .big_endian = true},
        [SIGNATURE_PAYLOAD8] = {.offset = AT(payload), .size = 8, .big_endian = true},
        [SIGNATURE_SERVED] = {.offset = AT(marks), .size = 1, .bit = SHIELD_MARK_SERVED},
        [SIGNATURE_EMPTY] = {.offset = AT(marks), .size = 1, .bit = SHIELD_MARK_EMPTY},
        [SIGNATURE_DONT_FRAGMENT] = {.offset = AT(marks), .size = 1, .bit = SHIELD_MARK_DONT_FRAGMENT},
        [SIGNATURE_FRAGMENT] = {.offset = AT(marks), .size = 1, .bit = SHIELD_MARK_FRAGMENT},
        [SIGNATURE_FRAGMENT_LATER] = {.offset = AT(marks), .size = 1, .bit = SHIELD_MARK_FRAGMENT_LATER},
        [SIGNATURE_IP_OPTIONS] = {.offset = AT(marks), .size = 1, .bit = SHIELD_MARK_IP_OPTIONS},
        [SIGNATURE_LOW_SOURCE_PORT] = {.offset = AT(marks), .size = 1, .bit = SHIELD_MARK_LOW_SOURCE_PORT},
        [SIGNATURE_IPV6] = {.offset = AT(marks), .size = 1, .bit = SHIELD_MARK_IPV6},
};

#define FACET_KEY(name, word) word,
static const char *const facet_keys[] = {SIGNATURE_FACETS(FACET_KEY)};

struct shield_signature signature_any(void)
{
        return (struct shield_signature){
                .length_max = UINT16_MAX,
                .source_port_max = UINT16_MAX,
                .dest_port_max = UINT16_MAX,
                .ttl_max = UINT8_MAX,
        };
}

bool signature_match(const struct shield_signature *signature, const struct shield_features *features)
{
        uint64_t words[4];

        memcpy(words, features, sizeof(words));
        for (size_t n = 0; n < 4; n++)
                if ((words[n] ^ signature->value[n]) & signature->mask[n])
                        return false;
        return features->length >= signature->length_min && features->length <= signature->length_max &&
               features->source_port >= signature->source_port_min &&
               features->source_port <= signature->source_port_max &&
               features->dest_port >= signature->dest_port_min &&
               features->dest_port <= signature->dest_port_max && features->ttl >= signature->ttl_min &&
               features->ttl <= signature->ttl_max;
}

static uint64_t field_read(const struct facet *facet, const void *base)
{
        const uint8_t *bytes = (const uint8_t *)base + facet->offset;
        uint64_t value = 0;

        if (facet->bit)
                return !!(*bytes & facet->bit);
        if (facet->big_endian) {
                for (unsigned n = 0; n < facet->size; n++)
                        value = value << 8 | bytes[n];
                return value;
        }
        return facet->size == 1 ? *bytes : (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8;
}

static void field_write(const struct facet *facet, void *base, uint64_t value)
{
        uint8_t *bytes = (uint8_t *)base + facet->offset;

        if (facet->bit) {
                *bytes = (uint8_t)(value ? *bytes | facet->bit : *bytes & ~facet->bit);
                return;
        }
        for (unsigned n = 0; n < facet->size; n++) {
                unsigned shift = facet->big_endian ? facet->size - 1 - n : n;

                bytes[n] = (uint8_t)(value >> (8 * shift));
        }
}

static uint64_t facet_ones(const struct facet *facet)
{
        return facet->bit ? 1 : facet->size == 8 ? UINT64_MAX : (1ull << (8 * facet->size)) - 1;
}

uint64_t signature_facet_value(enum signature_facet facet, const struct shield_features *features)
{
        return field_read(&facets[facet], features);
}

bool signature_facet_is_range(enum signature_facet facet)
{
        return facets[facet].max;
}

bool signature_facet_applies(enum signature_facet facet, const struct shield_features *features)
{
        bool tcp = features->protocol == 6 && !(features->marks & SHIELD_MARK_FRAGMENT_LATER);
        bool ports = features->source_port || features->dest_port;

        switch (facet) {
        case SIGNATURE_TCP_FLAGS:
        case SIGNATURE_HEADER_WORDS:
        case SIGNATURE_OPTIONS1:
        case SIGNATURE_OPTIONS:
                return tcp;
        case SIGNATURE_WINDOW:
                return tcp || features->class_ == SHIELD_CLASS_ICMP;
        case SIGNATURE_SOURCE_PORT:
        case SIGNATURE_DEST_PORT:
        case SIGNATURE_SERVED:
        case SIGNATURE_LOW_SOURCE_PORT:
                return ports;
        case SIGNATURE_PAYLOAD1:
        case SIGNATURE_PAYLOAD2:
        case SIGNATURE_PAYLOAD4:
        case SIGNATURE_PAYLOAD8:
                return !(features->marks & SHIELD_MARK_EMPTY);
        case SIGNATURE_IP_ID:
        case SIGNATURE_DONT_FRAGMENT:
                return !(features->marks & SHIELD_MARK_IPV6);
        default:
                return true;
        }
}

static uint64_t range_read(const struct facet *facet, const struct shield_signature *signature,
                           uint8_t offset)
{
        const uint8_t *at = (const uint8_t *)signature + offset;
        uint16_t value;

        if (facet->size == 1)
                return *at;
        memcpy(&value, at, sizeof(value));
        return value;
}

static void range_write(const struct facet *facet, struct shield_signature *signature, uint8_t offset,
                        uint64_t value)
{
        uint8_t *at = (uint8_t *)signature + offset;
        uint16_t word = (uint16_t)value;

        if (facet->size == 1)
                *at = (uint8_t)value;
        else
                memcpy(at, &word, sizeof(word));
}

void signature_require(struct shield_signature *signature, enum signature_facet which, uint64_t low,
                       uint64_t high)
{
        const struct facet *facet = &facets[which];

        if (facet->max) {
                if (low > range_read(facet, signature, facet->min))
                        range_write(facet, signature, facet->min, low);
                if (high < range_read(facet, signature, facet->max))
                        range_write(facet, signature, facet->max, high);
                return;
        }
        field_write(facet, signature->mask, facet_ones(facet));
        field_write(facet, signature->value, low);
}

bool signature_speaks(const struct shield_signature *signature, enum signature_facet which, uint64_t *ret_low,
                      uint64_t *ret_high)
{
        const struct facet *facet = &facets[which];

        if (facet->max) {
                uint64_t low = range_read(facet, signature, facet->min);
                uint64_t high = range_read(facet, signature, facet->max);

                if (low == 0 && high == facet->top)
                        return false;
                *ret_low = low;
                *ret_high = high;
                return true;
        }
        if (field_read(facet, signature->mask) != facet_ones(facet))
                return false;
        *ret_low = *ret_high = field_read(facet, signature->value);
        return true;
}

/* Of facets over the same bytes the longest speaks for all. */
static bool facet_hidden(const struct shield_signature *signature, enum signature_facet which)
{
        uint64_t low, high;

        switch (which) {
        case SIGNATURE_OPTIONS1:
                return signature_speaks(signature, SIGNATURE_OPTIONS, &low, &high);
        case SIGNATURE_PAYLOAD1:
                return signature_speaks(signature, SIGNATURE_PAYLOAD2, &low, &high);
        case SIGNATURE_PAYLOAD2:
                return signature_speaks(signature, SIGNATURE_PAYLOAD4, &low, &high);
        case SIGNATURE_PAYLOAD4:
                return signature_speaks(signature, SIGNATURE_PAYLOAD8, &low, &high);
        default:
                return false;
        }
}

bool signature_says(const struct shield_signature *signature, enum signature_facet which, uint64_t *ret_low,
                    uint64_t *ret_high)
{
        return signature_speaks(signature, which, ret_low, ret_high) && !facet_hidden(signature, which);
}

unsigned signature_conditions(const struct shield_signature *signature)
{
        unsigned count = 0;
        uint64_t low, high;

        for (enum signature_facet n = 0; n < SIGNATURE_FACET_COUNT; n++)
                count += signature_says(signature, n, &low, &high);
        return count;
}

bool signature_covers(const struct shield_signature *wide, const struct shield_signature *narrow)
{
        for (size_t n = 0; n < 4; n++)
                if (wide->mask[n] & (~narrow->mask[n] | (wide->value[n] ^ narrow->value[n])))
                        return false;
        return wide->length_min <= narrow->length_min && wide->length_max >= narrow->length_max &&
               wide->source_port_min <= narrow->source_port_min &&
               wide->source_port_max >= narrow->source_port_max &&
               wide->dest_port_min <= narrow->dest_port_min && wide->dest_port_max >= narrow->dest_port_max &&
               wide->ttl_min <= narrow->ttl_min && wide->ttl_max >= narrow->ttl_max;
}

struct shield_signature signature_general(const struct shield_signature *a, const struct shield_signature *b)
{
        struct shield_signature both = signature_any();
        uint64_t low, high, low_b, high_b;

        for (enum signature_facet n = 0; n < SIGNATURE_FACET_COUNT; n++) {
                if (!signature_speaks(a, n, &low, &high) || !signature_speaks(b, n, &low_b, &high_b))
                        continue;
                if (facets[n].max)
                        signature_require(&both, n, low < low_b ? low : low_b, high > high_b ? high : high_b);
                else if (low == low_b)
                        signature_require(&both, n, low, low);
        }
        return both;
}

#define CLASS_WORD(name, word) word,
static const char *const class_words[] = {SHIELD_CLASSES(CLASS_WORD)};

static json_t *facet_json(enum signature_facet which, uint64_t low, uint64_t high, signature_country *country,
                          const void *context)
{
        char text[2 * 8 + 1], code[SIGNATURE_CODE_SIZE] = "??";

        if (facets[which].bit)
                return json_boolean(low != 0);
        if (which == SIGNATURE_CLASS)
                return json_string(low < SHIELD_CLASS_COUNT ? class_words[low] : "other");
        if (which == SIGNATURE_COUNTRY) {
                if (country)
                        country(context, (uint8_t)low, code);
                return json_string(code);
        }
        if (facets[which].big_endian) {
                snprintf(text, sizeof(text), "%0*llx", 2 * facets[which].size, (unsigned long long)low);
                return json_string(text);
        }
        if (low == high)
                return json_integer((json_int_t)low);
        return json_pack("[I,I]", (json_int_t)low, (json_int_t)high);
}

json_t *signature_to_json(const struct shield_signature *signature, signature_country *country,
                          const void *context)
{
        json_t *json = json_object();
        uint64_t low, high;

        for (enum signature_facet n = 0; json && n < SIGNATURE_FACET_COUNT; n++) {
                if (!signature_says(signature, n, &low, &high))
                        continue;
                if (json_object_set_new(json, facet_keys[n], facet_json(n, low, high, country, context)) <
                    0) {
                        json_decref(json);
                        return NULL;
                }
        }
        return json;
}

/* Exactly so many hexadecimal digits. */
static bool hex_read(const char *text, unsigned digits, uint64_t *ret_value)
{
        uint64_t value = 0;

        if (strlen(text) != digits || strspn(text, "0123456789abcdefABCDEF") != digits)
                return false;
        value = strtoull(text, NULL, 16);
        *ret_value = value;
        return true;
}

static bool class_read(const char *text, uint64_t *ret_value)
{
        for (size_t n = 0; n < ARRAY_LEN(class_words); n++) {
                if (strcmp(text, class_words[n]))
                        continue;
                *ret_value = n;
                return true;
        }
        return false;
}

static bool text_read(enum signature_facet which, const char *text, signature_country_index *index,
                      const void *context, uint64_t *ret_value)
{
        if (which == SIGNATURE_CLASS)
                return class_read(text, ret_value);
        if (which == SIGNATURE_COUNTRY) {
                *ret_value = index ? index(context, text) : 0;
                return *ret_value != 0;
        }
        return facets[which].big_endian && hex_read(text, 2u * facets[which].size, ret_value);
}

static bool integer_read(const json_t *json, uint64_t top, uint64_t *ret_value)
{
        json_int_t value = json_integer_value(json);

        if (!json_is_integer(json) || value < 0 || (uint64_t)value > top)
                return false;
        *ret_value = (uint64_t)value;
        return true;
}

static bool facet_read(enum signature_facet which, const json_t *json, signature_country_index *index,
                       const void *context, uint64_t *ret_low, uint64_t *ret_high)
{
        const struct facet *facet = &facets[which];

        if (facet->bit) {
                *ret_low = *ret_high = json_is_true(json);
                return json_is_boolean(json);
        }
        if (json_is_string(json) && text_read(which, json_string_value(json), index, context, ret_low)) {
                *ret_high = *ret_low;
                return true;
        }
        if (which == SIGNATURE_CLASS || which == SIGNATURE_COUNTRY || facet->big_endian)
                return false;
        if (facet->max && json_is_array(json) && json_array_size(json) == 2)
                return integer_read(json_array_get(json, 0), facet_ones(facet), ret_low) &&
                       integer_read(json_array_get(json, 1), facet_ones(facet), ret_high) &&
                       *ret_low <= *ret_high;
        if (!integer_read(json, facet_ones(facet), ret_low))
                return false;
        *ret_high = *ret_low;
        return true;
}

static int facet_of_key(const char *key, enum signature_facet *ret_facet)
{
        for (enum signature_facet n = 0; n < SIGNATURE_FACET_COUNT; n++) {
                if (strcmp(key, facet_keys[n]))
                        continue;
                *ret_facet = n;
                return 0;
        }
        return -EINVAL;
}

int signature_from_json(const json_t *json, signature_country_index *index, const void *context,
                        struct shield_signature *ret_signature, struct error *error)
{
        struct shield_signature signature = signature_any();
        enum signature_facet facet;
        const char *key;
        json_t *value;
        uint64_t low, high;

        if (!json_is_object(json) || !json_object_size(json))
                return error_say(error, -EINVAL, "une signature demande au moins une condition",
                                 "a signature needs at least one condition");
        json_object_foreach((json_t *)json, key, value)
        {
                if (facet_of_key(key, &facet) < 0)
                        return error_say(error, -EINVAL,
                                         "une signature ne connaît pas la condition « %.40s »",
                                         "a signature knows no condition \"%.40s\"", key);
                if (!facet_read(facet, value, index, context, &low, &high))
                        return error_say(error, -EINVAL,
                                         "la valeur de « %s » n’est pas de celles qui sont admises",
                                         "the value of \"%s\" is not one it can take", key);
                signature_require(&signature, facet, low, high);
        }
        *ret_signature = signature;
        return 0;
}
