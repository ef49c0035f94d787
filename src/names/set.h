/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * set: very many names, compiled into one immutable file per generation, memory-mapped and shared by every room that has to know
 * whether a name is listed: the sensor of names, the mail judge, and (as the same bytes in a map) the filter in the kernel.
 *
 * A name, or all that is below it, has a *class*: which sources list it and what is to be done. The file holds, for each
 * name, a fingerprint under a secret of this file and a class number, in buckets of one cache line; the classes are a table
 * before them (names/set_image.h). The names themselves are not in it: who asks *why* finds them in the lists' own history (domains/source.h).
 * Neither building nor looking up allocates in proportion to anything but the number of names.
 *
 * False hits: a fingerprint has 52 bits beside the bucket's index and the secret is new in each file, so that nobody can
 * look for a name that collides; at 50,000 queries a second of four labels one false hit is to be expected in ninety years.
 *
 * Classes: 2,048 combinations of sources and action have a class of their own. Beyond them a name gets the class of its action alone, whose
 * sources are those of all such names together: what is done stays exact, who says so becomes too many, never too few.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/random.h"
#include "names/name.h"

#define SET_SOURCES_MAX   64
#define SET_SOURCE_LENGTH 127 /* octets of a source's name */
#define SET_CLASSES_MAX   2048
#define SET_NAMES_MAX     (64u * 1024 * 1024)

/* The greatest that any entry says is what holds, but ALLOW is above all: allowlists win. */
enum set_action { SET_WATCH, SET_BLOCK, SET_ALLOW, SET_ACTION_COUNT };

struct set_class {
        uint64_t sources; /* bit n: source n of the generation lists it */
        uint8_t action;   /* enum set_action */
};

/* ---- looking up; any number of threads and processes at once ---- */

struct set;

/*
 * Checks header, sizes and checksum of all but the buckets. -ENOENT, -EINVAL (what is wrong with it), -EIO. The file must be
 * replaced as set_builder_write() does it, never cut: it stays mapped.
 */
int set_open(const char *path, struct set **ret_set, struct error *error);
struct set *set_close(struct set *set); /* NULL */
/* Reads every page: -EINVAL when the disk gave back something else than was written. */
int set_verify(const struct set *set, struct error *error);

struct set_hit {
        struct set_class class;
        const char *at; /* the name or its parent that is listed; within the text given */
        bool below;     /* it is listed with all below it */
};

/* The strongest entry among the name itself and its parents, the nearest among equals; false when none. `text`: canonical. */
bool set_find(const struct set *set, const char *text, size_t length, struct set_hit *ret_hit);
/*
 * The same for a name as it stands in a packet: uncompressed, any case, any octets. Needs no canonical form, as a tunnel's names have
 * none. `at` is where the length of the label stands. False as well when the name is cut off.
 */
bool set_find_wire(const struct set *set, const uint8_t *wire, size_t length, struct set_hit *ret_hit);

uint64_t set_generation(const struct set *set);
uint64_t set_names(const struct set *set);
size_t set_bytes(const struct set *set);
int64_t set_built_ms(const struct set *set);
/* Listings that were put into a class of their action alone. */
uint64_t set_united(const struct set *set);
/* Name of source n as given to the builder; NULL beyond the last. */
const char *set_source(const struct set *set, unsigned source);
/* The mapped image, as the kernel's map takes it (names/set_image.h). */
const void *set_image(const struct set *set, size_t *ret_length);

/* ---- building ---- */

struct set_builder;

struct set_builder_options {
        uint64_t
                expected; /* names, about; 12 octets are held for each. More are taken: the table grows by half, twice there meanwhile */
        uint64_t generation;
        int64_t now_ms;
        const struct random *random; /* the file's secret */
};

int set_builder_new(const struct set_builder_options *options, struct set_builder **ret_builder,
                    struct error *error);
struct set_builder *set_builder_free(struct set_builder *builder); /* NULL */
/* Number of the source for set_builder_add(); -E2BIG, -EINVAL when the name is empty or too long. */
int set_builder_source(struct set_builder *builder, const char *name);
/*
 * `text`: canonical, else -EINVAL and nothing is added; the same for a source that was not named. The same name again unites the sources
 * and takes the stronger action. -E2BIG, -ENOMEM (of this or one of the last sixteen): the builder is unusable then, and
 * set_builder_write() says so.
 */
int set_builder_add(struct set_builder *builder, const char *text, size_t length, bool below, unsigned source,
                    enum set_action action);
uint64_t set_builder_names(struct set_builder *builder);
/* Into a new file beside `path`, synced, then renamed onto it: whoever has the old one mapped keeps it. A failure changes nothing. */
int set_builder_write(struct set_builder *builder, const char *path, struct error *error);
