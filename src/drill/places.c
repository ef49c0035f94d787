/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/places.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"

#define PLACES_FILE_MAX   (128u * 1024 * 1024)
#define PLACES_RANGES_MAX 2000000u

struct range {
        uint8_t start[16], end[16]; /* IPv4 in the first four */
        uint16_t country;
};

/* Sorted by start; `order` lists them by country, country c from first[c] to first[c + 1]. */
struct ranges {
        struct range *items;
        uint32_t *order;
        uint32_t first[PLACES_COUNTRIES + 1];
        size_t count, room;
};

struct places {
        char codes[PLACES_COUNTRIES][3];
        unsigned country_count;
        uint16_t number[26 * 26]; /* of a code of two letters */
        struct ranges v4, v6;
};

static int code_index(const char *code)
{
        if (code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' || code[1] > 'Z')
                return -1;
        return (code[0] - 'A') * 26 + code[1] - 'A';
}

unsigned places_number(const struct places *places, const char code[static 2])
{
        int index = code_index(code);

        return index < 0 ? 0 : places->number[index];
}

const char *places_code(const struct places *places, unsigned country)
{
        return country < places->country_count ? places->codes[country] : places->codes[0];
}

/* The number of a code, made when new; "??" and the like are number 0. */
static uint16_t learn_code(struct places *places, const char *code)
{
        int index = code_index(code);

        if (index < 0)
                return 0;
        if (!places->number[index] && places->country_count < PLACES_COUNTRIES) {
                memcpy(places->codes[places->country_count], code, 2);
                places->number[index] = (uint16_t)places->country_count++;
        }
        return places->number[index];
}

static int ranges_add(struct ranges *ranges, const struct range *range)
{
        if (ranges->count == ranges->room) {
                size_t room = ranges->room ? ranges->room * 2 : 1u << 16;
                void *grown =
                        room > PLACES_RANGES_MAX * 2u ? NULL : realloc(ranges->items, room * sizeof(*range));

                if (!grown)
                        return -ENOMEM;
                ranges->items = grown;
                ranges->room = room;
        }
        ranges->items[ranges->count++] = *range;
        return 0;
}

static int parse_bound(unsigned family, const char *text, uint8_t bytes[static 16])
{
        memset(bytes, 0, 16);
        if (family == 4) {
                char *end;
                unsigned long value = strtoul(text, &end, 10);
                uint32_t big = htonl((uint32_t)value);

                if (end == text || *end || value > UINT32_MAX)
                        return -EINVAL;
                memcpy(bytes, &big, 4);
                return 0;
        }
        return inet_pton(AF_INET6, text, bytes) == 1 ? 0 : -EINVAL;
}

static int parse_line(struct places *places, unsigned family, char *line)
{
        char *rest = line, *start = strsep(&rest, ","), *end = strsep(&rest, ",");
        struct range range;

        if (!end || !rest || strlen(rest) != 2)
                return -EINVAL;
        if (parse_bound(family, start, range.start) || parse_bound(family, end, range.end) ||
            memcmp(range.start, range.end, 16) > 0)
                return -EINVAL;
        range.country = learn_code(places, rest);
        return ranges_add(family == 4 ? &places->v4 : &places->v6, &range);
}

static int compare_ranges(const void *a, const void *b)
{
        return memcmp(((const struct range *)a)->start, ((const struct range *)b)->start, 16);
}

/* Sorts by start, then lists by country (counting sort). */
static int ranges_settle(struct ranges *ranges)
{
        uint32_t at[PLACES_COUNTRIES];

        qsort(ranges->items, ranges->count, sizeof(*ranges->items), compare_ranges);
        ranges->order = calloc(ranges->count + 1, sizeof(*ranges->order));
        if (!ranges->order)
                return -ENOMEM;
        for (size_t i = 0; i < ranges->count; i++)
                ranges->first[ranges->items[i].country + 1]++;
        for (unsigned c = 0; c < PLACES_COUNTRIES; c++)
                ranges->first[c + 1] += ranges->first[c];
        memcpy(at, ranges->first, sizeof(at));
        for (size_t i = 0; i < ranges->count; i++)
                ranges->order[at[ranges->items[i].country]++] = (uint32_t)i;
        return 0;
}

static int read_family(struct places *places, unsigned family, const char *path, struct error *error)
{
        CLEANUP(cleanup_free) char *text = NULL;
        size_t length, number = 0;
        char *rest, *line;
        int r = file_read(path, PLACES_FILE_MAX, &text, &length, error);

        if (r == -ENOENT)
                return error_say(error, r, "pas de base des pays %s : installez le paquet tor-geoipdb",
                                 "no country database %s: install the package tor-geoipdb", path);
        if (r)
                return r;
        for (rest = text; (line = strsep(&rest, "\n"));) {
                number++;
                if (!line[0] || line[0] == '#')
                        continue;
                r = parse_line(places, family, line);
                if (r)
                        return error_say(error, r, "%s, ligne %zu : ce n’est pas « début,fin,PAYS »",
                                         "%s, line %zu: not \"start,end,COUNTRY\"", path, number);
        }
        if (!(family == 4 ? places->v4.count : places->v6.count))
                return error_say(error, -EINVAL, "la base des pays %s ne contient aucune plage d’adresses",
                                 "the country database %s names no range", path);
        r = ranges_settle(family == 4 ? &places->v4 : &places->v6);
        return r ? error_say(error, r, "mémoire insuffisante pour la base des pays",
                             "not enough memory for the country database")
                 : 0;
}

int places_read(const char *path_v4, const char *path_v6, struct places **ret_places, struct error *error)
{
        struct places *places = calloc(1, sizeof(*places));
        int r;

        if (!places)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour la base des pays",
                                 "not enough memory for the country database");
        memcpy(places->codes[0], "??", 3);
        places->country_count = 1;
        r = read_family(places, 4, path_v4, error);
        if (!r)
                r = read_family(places, 6, path_v6, error);
        if (r) {
                places_free(places);
                return r;
        }
        *ret_places = places;
        return 0;
}

struct places *places_free(struct places *places)
{
        if (places) {
                free(places->v4.items);
                free(places->v4.order);
                free(places->v6.items);
                free(places->v6.order);
                free(places);
        }
        return NULL;
}

unsigned places_country(const struct places *places, const struct addr *addr)
{
        const struct ranges *ranges = addr->family == 4 ? &places->v4 : &places->v6;
        size_t low = 0, high = ranges->count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (memcmp(ranges->items[middle].start, addr->bytes, 16) <= 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        if (!low || memcmp(addr->bytes, ranges->items[low - 1].end, 16) > 0)
                return 0;
        return ranges->items[low - 1].country;
}

/* A host somewhere in the range: IPv4 by number, IPv6 by its lower 64 bits where the range is as wide as that. */
static void pick_within(const struct range *range, unsigned family, const struct random *random,
                        struct addr *addr)
{
        uint64_t chance = random_u64(random);

        memcpy(addr->bytes, range->start, 16);
        if (family == 4) {
                uint32_t start, end;

                memcpy(&start, range->start, 4);
                memcpy(&end, range->end, 4);
                start = htonl(ntohl(start) + (uint32_t)(chance % ((uint64_t)ntohl(end) - ntohl(start) + 1)));
                memcpy(addr->bytes, &start, 4);
                addr->prefix = 32;
                return;
        }
        if (memcmp(range->start + 8, "\0\0\0\0\0\0\0\0", 8) == 0 &&
            memcmp(range->end + 8, "\xff\xff\xff\xff\xff\xff\xff\xff", 8) == 0)
                memcpy(addr->bytes + 8, &chance, 8);
        addr->prefix = 128;
}

int places_pick(const struct places *places, unsigned country, unsigned family, const struct random *random,
                struct addr *ret_addr)
{
        const struct ranges *ranges = family == 4 ? &places->v4 : &places->v6;
        struct addr addr = {.family = (uint8_t)family};
        uint32_t first, count;

        if (country >= PLACES_COUNTRIES)
                return -ENODATA;
        first = ranges->first[country];
        count = ranges->first[country + 1] - first;
        if (!count)
                return -ENODATA;
        pick_within(&ranges->items[ranges->order[first + random_u64(random) % count]], family, random, &addr);
        *ret_addr = addr;
        return 0;
}
