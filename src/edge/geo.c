/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/geo.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "flow/country.h"
#include "edge/geo_image.h"

#define GEO_FILE_MAX (128UL * 1024 * 1024)
#define INTERN_SLOTS 131072 /* power of two, above twice the largest pool */
#define POOL_FULL    UINT32_MAX

typedef unsigned __int128 u128;

struct geo {
        struct geo_image *image;
};

struct range {
        u128 start, end;
        uint8_t country;
};

struct ranges {
        struct range *items;
        size_t count, size;
};

struct source {
        const char *name; /* for error sentences */
        const char *text;
        size_t length;
        unsigned family;
};

/* Pools of equal-sized chunks, each content kept once. */
struct pool {
        uint8_t *chunks;
        size_t chunk_size;
        uint32_t count, max;
        uint32_t slots[INTERN_SLOTS]; /* index + 1 */
};

struct builder {
        struct ranges ranges;
        size_t cursor;              /* the first range that does not end before the address in hand */
        struct pool *middle, *last; /* `last` (bytes) is NULL for IPv6 */
        bool overflow;
};

static uint64_t content_hash(const uint8_t *bytes, size_t length)
{
        uint64_t hash = 0x9e3779b97f4a7c15ULL;

        for (size_t i = 0; i + 8 <= length; i += 8) {
                uint64_t word;
                memcpy(&word, bytes + i, 8);
                hash = (hash ^ word) * 0xff51afd7ed558ccdULL;
                hash ^= hash >> 32;
        }
        return hash;
}

/* The index of this content; POOL_FULL when there is no room. */
static uint32_t pool_intern(struct pool *pool, const void *chunk)
{
        size_t slot = content_hash(chunk, pool->chunk_size) & (INTERN_SLOTS - 1);

        for (; pool->slots[slot]; slot = (slot + 1) & (INTERN_SLOTS - 1)) {
                uint32_t index = pool->slots[slot] - 1;
                if (!memcmp(pool->chunks + index * pool->chunk_size, chunk, pool->chunk_size))
                        return index;
        }
        if (pool->count == pool->max)
                return POOL_FULL;
        memcpy(pool->chunks + pool->count * pool->chunk_size, chunk, pool->chunk_size);
        pool->slots[slot] = pool->count + 1;
        return pool->count++;
}

static uint16_t leaf(uint8_t country)
{
        return (uint16_t)(GEO_LEAF | country);
}

static uint16_t intern(struct builder *builder, struct pool *pool, const void *chunk)
{
        uint32_t index = pool_intern(pool, chunk);

        if (index == POOL_FULL) {
                builder->overflow = true;
                return leaf(0);
        }
        return (uint16_t)index;
}

/* Sets *ret_leaf when one country (or none) holds the whole of [low, high]. Addresses come in rising order. */
static bool is_uniform(struct builder *builder, u128 low, u128 high, uint16_t *ret_leaf)
{
        const struct ranges *ranges = &builder->ranges;

        while (builder->cursor < ranges->count && ranges->items[builder->cursor].end < low)
                builder->cursor++;
        if (builder->cursor == ranges->count || ranges->items[builder->cursor].start > high) {
                *ret_leaf = leaf(0);
                return true;
        }
        if (ranges->items[builder->cursor].start <= low && ranges->items[builder->cursor].end >= high) {
                *ret_leaf = leaf(ranges->items[builder->cursor].country);
                return true;
        }
        return false;
}

/*
 * IPv6 is told apart down to /64, one link: the few hundred routers' addresses that the data places alone in
 * another country would cost eight more steps for everybody. Whoever holds most of the /64 has it.
 */
static uint16_t build_link(const struct builder *builder, u128 low, u128 high)
{
        const struct ranges *ranges = &builder->ranges;
        uint16_t entry = leaf(0);
        u128 most = 0;

        for (size_t i = builder->cursor; i < ranges->count && ranges->items[i].start <= high; i++) {
                const struct range *range = &ranges->items[i];
                u128 from = range->start > low ? range->start : low,
                     to = range->end < high ? range->end : high;
                if (to - from + 1 > most) {
                        most = to - from + 1;
                        entry = leaf(range->country);
                }
        }
        return entry;
}

static uint16_t build_bytes(struct builder *builder, u128 low)
{
        uint8_t chunk[256];
        bool same = true;

        for (unsigned i = 0; i < 256; i++) {
                uint16_t entry = 0;
                is_uniform(builder, low + i, low + i, &entry); /* one address always is */
                chunk[i] = (uint8_t)entry;
                same = same && chunk[i] == chunk[0];
        }
        return same ? leaf(chunk[0]) : intern(builder, builder->last, chunk);
}

/* The entry for the block of 2^bits addresses from `low`. */
static uint16_t build(struct builder *builder, u128 low, unsigned bits)
{
        uint16_t chunk[256], entry;
        bool same = true;

        if (is_uniform(builder, low, low + (((u128)1 << bits) - 1), &entry))
                return entry;
        if (bits == 8)
                return build_bytes(builder, low);
        if (bits == 64)
                return build_link(builder, low, low + (((u128)1 << bits) - 1));
        for (unsigned i = 0; i < 256; i++) {
                chunk[i] = build(builder, low + ((u128)i << (bits - 8)), bits - 8);
                same = same && chunk[i] == chunk[0];
        }
        return same && (chunk[0] & GEO_LEAF) ? chunk[0] : intern(builder, builder->middle, chunk);
}

static int parse_address(const char *text, size_t length, unsigned family, u128 *ret_address)
{
        char copy[64];
        uint8_t bytes[16];
        u128 address = 0;

        if (length == 0 || length >= sizeof(copy))
                return -EINVAL;
        memcpy(copy, text, length);
        copy[length] = '\0';
        if (family == 4 && !strpbrk(copy, ".:")) {
                for (const char *p = copy; *p; p++) {
                        if (!isdigit((unsigned char)*p))
                                return -EINVAL;
                        address = address * 10 + (unsigned)(*p - '0');
                        if (address > UINT32_MAX)
                                return -EINVAL;
                }
                *ret_address = address;
                return 0;
        }
        if (inet_pton(family == 4 ? AF_INET : AF_INET6, copy, bytes) != 1)
                return -EINVAL;
        for (unsigned i = 0; i < (family == 4 ? 4U : 16U); i++)
                address = address << 8 | bytes[i];
        *ret_address = address;
        return 0;
}

static int append_range(struct ranges *ranges, struct range range)
{
        if (ranges->count == ranges->size) {
                size_t size = ranges->size ? ranges->size * 2 : 4096;
                struct range *items = realloc(ranges->items, size * sizeof(*items));
                if (!items)
                        return -ENOMEM;
                ranges->items = items;
                ranges->size = size;
        }
        ranges->items[ranges->count++] = range;
        return 0;
}

static bool is_code(const char *text, size_t length)
{
        return length == 2 && ((isupper((unsigned char)text[0]) && isalnum((unsigned char)text[1])) ||
                               (text[0] == '?' && text[1] == '?'));
}

/* One line without its newline. */
static int parse_line(const struct source *source, const char *line, size_t length, struct ranges *ranges,
                      struct error *error)
{
        const char *first = memchr(line, ',', length);
        const char *second = first ? memchr(first + 1, ',', (size_t)(line + length - first - 1)) : NULL;
        struct range range;

        if (!second)
                return error_say(error, -EINVAL, "attendu : début,fin,pays", "expected start,end,country");
        if (parse_address(line, (size_t)(first - line), source->family, &range.start) ||
            parse_address(first + 1, (size_t)(second - first - 1), source->family, &range.end))
                return error_say(error, -EINVAL, "attendu : deux adresses de cette famille avant le pays",
                                 "expected two addresses of this family before the country");
        if (!is_code(second + 1, (size_t)(line + length - second - 1)))
                return error_say(error, -EINVAL, "attendu : un code de pays de deux lettres, ou ??",
                                 "expected a country code of two letters, or ??");
        if (range.end < range.start)
                return error_say(error, -EINVAL, "la plage finit avant de commencer",
                                 "the range ends before it starts");
        if (ranges->count && ranges->items[ranges->count - 1].end >= range.start)
                return error_say(error, -EINVAL, "les plages doivent se suivre sans se recouvrir",
                                 "ranges must rise and not overlap");
        /* The data names a few that are no country ("UN", "ZZ" …): they say nothing about where a packet is from. */
        range.country = country_index((const char[]){second[1], second[2], '\0'});
        return append_range(ranges, range)
                       ? error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory")
                       : 0;
}

static int parse_source(const struct source *source, struct ranges *ranges, struct error *error)
{
        const char *cursor = source->text, *end = source->text + source->length;

        for (size_t number = 1; cursor < end; number++) {
                const char *newline = memchr(cursor, '\n', (size_t)(end - cursor));
                if (!newline)
                        return error_say(
                                error, -EINVAL,
                                "%s, ligne %zu : le fichier est tronqué ; réinstallez la base des pays",
                                "%s line %zu: the file is cut off; reinstall the country database",
                                source->name, number);
                size_t length = (size_t)(newline - cursor);
                if (length && cursor[length - 1] == '\r')
                        length--;
                if (length && cursor[0] != '#') {
                        int r = parse_line(source, cursor, length, ranges, error);
                        if (r)
                                return error_context(error, r, "%s, ligne %zu", "%s line %zu", source->name,
                                                     number);
                }
                cursor = newline + 1;
        }
        if (ranges->count == 0)
                return error_say(error, -EINVAL,
                                 "%s ne contient aucune plage d’adresses ; réinstallez la base des pays",
                                 "%s holds no range; reinstall the country database", source->name);
        return 0;
}

static struct pool *pool_new(void *chunks, size_t chunk_size, uint32_t max)
{
        struct pool *pool = calloc(1, sizeof(*pool));

        if (pool) {
                pool->chunks = chunks;
                pool->chunk_size = chunk_size;
                pool->max = max;
        }
        return pool;
}

/* A sixteenth of a chunk: its countries as bytes. */
static uint32_t build_node4(struct pool *nodes, const uint16_t entries[16])
{
        uint8_t node[16];

        for (int i = 0; i < 16; i++)
                node[i] = entries[i] & GEO_LEAF ? (uint8_t)entries[i] : GEO_DEEPER;
        return pool_intern(nodes, node);
}

/* The small tables that the walk reads first, from the large ones. */
static int build_short4(struct geo_image *image)
{
        struct pool *nodes = pool_new(image->node4, sizeof(image->node4[0]), GEO_NODE4_MAX);
        uint32_t node = 0;

        if (!nodes)
                return -ENOMEM;
        for (uint32_t i = 0; i < image->mid4_count && node != POOL_FULL; i++) {
                for (unsigned part = 0; part < 16 && node != POOL_FULL; part++) {
                        node = build_node4(nodes, &image->mid4[i][part * 16]);
                        image->upper4[i][part] = (uint16_t)node;
                }
        }
        image->node4_count = nodes->count;
        free(nodes);
        return node == POOL_FULL ? -ENOSPC : 0;
}

static int build_tables(struct builder *builder, struct geo_image *image, unsigned family)
{
        unsigned bits = family == 4 ? 16 : 112;
        uint16_t *root = family == 4 ? image->root4 : image->root6;

        builder->middle = family == 4 ? pool_new(image->mid4, sizeof(image->mid4[0]), GEO_MID4_MAX)
                                      : pool_new(image->node6, sizeof(image->node6[0]), GEO_NODE6_MAX);
        builder->last = family == 4 ? pool_new(image->low4, sizeof(image->low4[0]), GEO_LOW4_MAX) : NULL;
        if (!builder->middle || (family == 4 && !builder->last))
                return -ENOMEM;
        for (u128 i = 0; i < 65536; i++)
                root[i] = build(builder, i << bits, bits);
        if (family == 4) {
                image->mid4_count = builder->middle->count;
                image->low4_count = builder->last->count;
        } else {
                image->node6_count = builder->middle->count;
        }
        if (builder->overflow)
                return -ENOSPC;
        return family == 4 ? build_short4(image) : 0;
}

static int compile(const struct source *source, struct geo_image *image, struct error *error)
{
        struct builder builder = {0};
        int r = parse_source(source, &builder.ranges, error);

        if (!r) {
                r = build_tables(&builder, image, source->family);
                if (r)
                        r == -ENOSPC
                                ? error_say(error, r,
                                            "%s : plus de détails que les tables des pays n’en contiennent",
                                            "%s: more detail than the country tables hold", source->name)
                                : error_say(error, r, "%s : mémoire insuffisante", "%s: out of memory",
                                            source->name);
        }
        free(builder.middle);
        free(builder.last);
        free(builder.ranges.items);
        return r;
}

static int geo_new(struct geo **ret_geo, struct error *error)
{
        struct geo *geo = calloc(1, sizeof(*geo));

        if (geo)
                geo->image = calloc(1, sizeof(*geo->image));
        if (!geo || !geo->image) {
                free(geo);
                return error_say(error, -ENOMEM, "mémoire insuffisante pour les tables des pays",
                                 "out of memory for the country tables");
        }
        geo->image->version = GEO_VERSION;
        geo->image->countries = country_count();
        for (unsigned i = 0; i < country_count(); i++) {
                char code[COUNTRY_CODE_SIZE];
                country_code((uint8_t)i, code);
                memcpy(geo->image->codes[i], code, 2);
        }
        for (size_t i = 0; i < 65536; i++)
                geo->image->root4[i] = geo->image->root6[i] = leaf(0);
        *ret_geo = geo;
        return 0;
}

static int from_sources(const struct source sources[2], struct geo **ret_geo, struct error *error)
{
        struct geo *geo = NULL;
        int r = geo_new(&geo, error);

        for (int i = 0; !r && i < 2; i++)
                if (sources[i].text)
                        r = compile(&sources[i], geo->image, error);
        if (r) {
                geo_free(geo);
                return r;
        }
        *ret_geo = geo;
        return 0;
}

int geo_parse(const char *ipv4, size_t ipv4_length, const char *ipv6, size_t ipv6_length,
              struct geo **ret_geo, struct error *error)
{
        return from_sources((const struct source[2]){{"IPv4 country data", ipv4, ipv4_length, 4},
                                                     {"IPv6 country data", ipv6, ipv6_length, 6}},
                            ret_geo, error);
}

int geo_load(const char *ipv4_path, const char *ipv6_path, struct geo **ret_geo, struct error *error)
{
        CLEANUP(cleanup_free) char *text4 = NULL;
        CLEANUP(cleanup_free) char *text6 = NULL;
        size_t length4 = 0, length6 = 0;
        int r = 0;

        if (ipv4_path)
                r = file_read(ipv4_path, GEO_FILE_MAX, &text4, &length4, error);
        if (!r && ipv6_path)
                r = file_read(ipv6_path, GEO_FILE_MAX, &text6, &length6, error);
        if (r)
                return error_context(error, r, "base des pays", "country database");
        return from_sources(
                (const struct source[2]){{ipv4_path, text4, length4, 4}, {ipv6_path, text6, length6, 6}},
                ret_geo, error);
}

struct geo *geo_free(struct geo *geo)
{
        if (geo) {
                free(geo->image);
                free(geo);
        }
        return NULL;
}

uint8_t geo_lookup(const struct geo *geo, const struct addr *addr)
{
        uint32_t address;

        if (addr->family == 6)
                return geo_walk6(geo->image, addr->bytes);
        memcpy(&address, addr->bytes, sizeof(address));
        return geo_walk4(geo->image, ntohl(address));
}

unsigned geo_countries(const struct geo *geo)
{
        return geo->image->countries;
}

void geo_code(const struct geo *geo, uint8_t index, char ret_code[static GEO_CODE_SIZE])
{
        memcpy(ret_code, index < geo->image->countries ? geo->image->codes[index] : "??", 2);
        ret_code[2] = '\0';
}

uint8_t geo_index(const struct geo *geo, const char *code)
{
        return country_index(code);
}

void geo_replace(struct geo *geo, struct geo *by)
{
        struct geo_image *old = geo->image;

        geo->image = by->image;
        by->image = old;
        geo_free(by);
}

const void *geo_image(const struct geo *geo, size_t *ret_size)
{
        *ret_size = sizeof(*geo->image);
        return geo->image;
}
