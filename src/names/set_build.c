/* SPDX-License-Identifier: EUPL-1.2 */
#include "names/set.h"

#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "names/set_class.h"
#include "names/set_private.h"
#include "names/set_table.h"

#define BUCKETS_LEAST 64
#define FULL_PERCENT  95 /* of the slots: from here on every further name moves a dozen others */
#define LOOSE_PERCENT 80 /* when fewer are taken in the end, the table is made anew to fit */
#define QUEUE         16
#define FILE_MODE     0644

/* A listing whose buckets are on their way from memory while the next ones are read. */
struct waiting {
        struct set_hash hash;
        uint8_t source, action;
        bool below;
};

struct set_builder {
        struct set_table table;
        struct set_classes classes;
        struct set_secret secret;
        char sources[SET_SOURCES_MAX][SET_SOURCE_SIZE];
        unsigned source_count;
        uint64_t names, depth_exact, depth_below;
        uint64_t generation;
        int64_t now_ms;
        int broken;
        unsigned waiting;
        struct waiting queue[QUEUE];
};

static int break_off(struct set_builder *builder, int code)
{
        builder->broken = code;
        return code;
}

int set_builder_new(const struct set_builder_options *options, struct set_builder **ret_builder,
                    struct error *error)
{
        uint32_t buckets;
        struct set_builder *builder;

        if (options->expected > SET_NAMES_MAX)
                return error_say(error, -E2BIG, "une liste compilée tient %u noms au plus",
                                 "a compiled list holds %u names at most", SET_NAMES_MAX);
        builder = calloc(1, sizeof(*builder));
        buckets = set_table_buckets(options->expected);
        if (!builder || set_table_make(buckets < BUCKETS_LEAST ? BUCKETS_LEAST : buckets, &builder->table)) {
                free(builder);
                return error_say(error, -ENOMEM, "mémoire insuffisante pour une liste de %llu noms",
                                 "out of memory for a list of %llu names",
                                 (unsigned long long)options->expected);
        }
        random_fill(options->random, &builder->secret, sizeof(builder->secret));
        builder->secret.words[SET_SECRET_WORDS - 1] |= 1;
        set_classes_begin(&builder->classes);
        builder->generation = options->generation;
        builder->now_ms = options->now_ms;
        *ret_builder = builder;
        return 0;
}

struct set_builder *set_builder_free(struct set_builder *builder)
{
        if (builder)
                set_table_release(&builder->table);
        free(builder);
        return NULL;
}

int set_builder_source(struct set_builder *builder, const char *name)
{
        size_t length = strlen(name);

        if (length == 0 || length > SET_SOURCE_LENGTH)
                return -EINVAL;
        if (builder->source_count == SET_SOURCES_MAX)
                return -E2BIG;
        memcpy(builder->sources[builder->source_count], name, length);
        return (int)builder->source_count++;
}

/* ---- adding ---- */

/* An upper-case letter would never be found again. */
static bool is_lower(const char *text, size_t length)
{
        bool lower = true;

        for (size_t i = 0; i < length; i++)
                lower &= text[i] < 'A' || text[i] > 'Z';
        return lower;
}

static int hash_text(const struct set_builder *builder, const char *text, size_t length,
                     struct set_hash *hash, unsigned *ret_labels)
{
        struct set_text parts;
        int start;

        *ret_labels = 0;
        if (!set_text_begin(&parts, text, length) || !is_lower(text, length))
                return -EINVAL;
        while ((start = set_text_next(&parts, &builder->secret, hash)) >= 0)
                ++*ret_labels;
        return start == -1 ? 0 : -EINVAL;
}

static bool is_full(const struct set_builder *builder)
{
        return builder->names * 100 >= (uint64_t)builder->table.buckets * SET_SLOTS * FULL_PERCENT;
}

static int insert(struct set_builder *builder, const struct set_hash *hash, unsigned class)
{
        int r = 0;

        if (builder->names == SET_NAMES_MAX)
                return break_off(builder, -E2BIG);
        if (is_full(builder))
                r = set_table_resize(&builder->table, set_table_buckets(builder->names + builder->names / 2));
        if (!r)
                r = set_table_insert(&builder->table, hash, class);
        if (r)
                return break_off(builder, r);
        builder->names++;
        return 0;
}

static int settle(struct set_builder *builder, const struct waiting *listing)
{
        uint64_t *slot = set_table_find(&builder->table, &listing->hash);
        unsigned class = set_classes_add(&builder->classes, slot ? set_table_class(*slot) : 0, listing->below,
                                         listing->source, (enum set_action)listing->action);

        if (!slot)
                return insert(builder, &listing->hash, class);
        set_table_set_class(slot, class);
        return 0;
}

static int settle_all(struct set_builder *builder)
{
        for (unsigned i = 0; i < builder->waiting && !builder->broken; i++)
                settle(builder, &builder->queue[i]);
        builder->waiting = 0;
        return builder->broken;
}

int set_builder_add(struct set_builder *builder, const char *text, size_t length, bool below, unsigned source,
                    enum set_action action)
{
        struct set_hash hash = SET_HASH_ROOT;
        unsigned labels;

        if (builder->broken)
                return builder->broken;
        if (source >= builder->source_count || (unsigned)action >= SET_ACTION_COUNT)
                return -EINVAL;
        if (hash_text(builder, text, length, &hash, &labels) < 0)
                return -EINVAL;
        *(below ? &builder->depth_below : &builder->depth_exact) |= set_depth_bit(labels);
        set_table_prefetch(&builder->table, &hash);
        builder->queue[builder->waiting++] = (struct waiting){hash, (uint8_t)source, (uint8_t)action, below};
        return builder->waiting < QUEUE ? 0 : settle_all(builder);
}

uint64_t set_builder_names(struct set_builder *builder)
{
        settle_all(builder);
        return builder->names;
}

/* ---- writing ---- */

static int tighten(struct set_builder *builder)
{
        uint32_t fitting = set_table_buckets(builder->names);

        if (builder->names * 100 >= (uint64_t)builder->table.buckets * SET_SLOTS * LOOSE_PERCENT ||
            fitting >= builder->table.buckets)
                return 0;
        return set_table_resize(&builder->table, fitting);
}

static void fill_image(struct set_builder *builder)
{
        struct set_image *image = builder->table.image;

        image->head = (struct set_image_head){.magic = SET_IMAGE_MAGIC,
                                              .version = SET_IMAGE_VERSION,
                                              .buckets = builder->table.buckets,
                                              .depth_exact = builder->depth_exact,
                                              .depth_below = builder->depth_below,
                                              .names = builder->names,
                                              .generation = builder->generation,
                                              .built_ms = (uint64_t)builder->now_ms,
                                              .united = builder->classes.united,
                                              .secret = builder->secret,
                                              .sources = builder->source_count,
                                              .classes = builder->classes.count};
        memcpy(image->sources, builder->sources, sizeof(image->sources));
        memcpy(image->classes, builder->classes.items, sizeof(image->classes));
        image->head.sum_buckets = set_sum(image->buckets, builder->table.length - sizeof(*image));
        image->head.sum_head = set_sum_head(image);
}

int set_builder_write(struct set_builder *builder, const char *path, struct error *error)
{
        int r = settle_all(builder);

        if (!r)
                r = tighten(builder);
        if (r)
                return error_say(error, r,
                                 "la liste compilée n’a pas pu être construite, l’ancienne reste : %m",
                                 "the compiled list could not be built, the old one stays: %m");
        set_table_settle(&builder->table);
        fill_image(builder);
        return file_write_atomic(path, builder->table.image, builder->table.length, FILE_MODE, error);
}
