/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/source_private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

#define DAY_MS       (24LL * 3600 * 1000)
#define ACCEPTED_MAX 2048
#define OFFENCES_MAX 256 /* names kept to be shown, and accepted with the version */

int source_no_memory(struct error *error)
{
        return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
}

void source_path(const struct source *source, const char *file, char ret_path[static PATH_MAX])
{
        snprintf(ret_path, PATH_MAX, "%s/%s", source->folder, file);
}

int source_named(const struct source *source, struct error *error, int r)
{
        return r < 0 ? error_context(error, r, "la liste %s", "the list %s", source->options.name) : r;
}

static uint32_t today(const struct source *source)
{
        return (uint32_t)(clock_wall_ms(source->clock) / DAY_MS);
}

/* ---- opening ---- */

static int rows_again(struct source *source, struct error *error)
{
        char path[PATH_MAX];
        struct rows *rows;
        int r;

        source_path(source, "current", path);
        r = rows_open(path, &rows, error);
        if (r)
                return r;
        rows_close(source->rows);
        source->rows = rows;
        return 0;
}

int source_open(const char *folder, const struct source_options *options, const struct clock *clock,
                struct source **ret_source, struct error *error)
{
        struct source *source = calloc(1, sizeof(*source));
        int r;

        if (!source)
                return source_no_memory(error);
        source->options = *options;
        source->clock = clock;
        if (snprintf(source->folder, sizeof(source->folder), "%s/%s", folder, options->name) >=
            (int)sizeof(source->folder))
                r = error_say(error, -ENAMETOOLONG, "chemin trop long : %s", "path too long: %s", folder);
        else
                r = file_make_folders(source->folder, 0750, error);
        if (!r)
                r = source_state_read(source, error);
        if (!r)
                r = rows_again(source, error);
        if (r) {
                source_close(source);
                return error_context(error, r, "la liste %s", "the list %s", options->name);
        }
        *ret_source = source;
        return 0;
}

struct source *source_close(struct source *source)
{
        if (source) {
                rows_close(source->rows);
                json_decref(source->state);
        }
        free(source);
        return NULL;
}

/* ---- a new version ---- */

struct intake {
        struct source *source;
        struct row_heap *heap;
        const struct source_guard *guard;
        struct list_report report;
        json_t *offences; /* names that no list may block, the first ones */
        uint64_t offence_count;
        struct error offence; /* of the first one */
};

static bool is_in(const json_t *names, const char *name)
{
        size_t index;
        json_t *value;

        json_array_foreach(names, index, value)
        {
                if (!strcmp(json_string_value(value), name))
                        return true;
        }
        return false;
}

static const char *offended_rule(const struct source_guard *guard, const struct list_entry *entry)
{
        if (guard->suffixes && suffix_is_public(guard->suffixes, entry->name.text))
                return "public-suffix";
        return guard->kept ? guard->kept(guard->context, &entry->name, entry->below) : NULL;
}

/* Whether the list may say this of the name; what is merely watched may be anybody's. A person who once let it in is not asked again. */
static void hold_against_guard(struct intake *intake, const struct list_entry *entry)
{
        const struct source *source = intake->source;
        const char *rule = NULL;

        if (intake->guard && source->options.trust == SET_BLOCK)
                rule = offended_rule(intake->guard, entry);
        if (!rule || is_in(json_object_get(source->state, "accepted"), entry->name.text))
                return;
        if (!intake->offence_count++)
                error_say(&intake->offence, -EPERM, "elle nomme %s, qui ne doit pas être bloqué (%s)",
                          "it names %s, which must not be blocked (%s)", entry->name.text, rule);
        if (json_array_size(intake->offences) < OFFENCES_MAX)
                json_array_append_new(intake->offences, json_string(entry->name.text));
}

static int take_entry(void *context, const struct list_entry *entry)
{
        struct intake *intake = context;
        struct list_entry meant = *entry;

        meant.below |= intake->source->options.below;
        hold_against_guard(intake, &meant);
        return row_heap_add(intake->heap, &meant, today(intake->source));
}

/* Of two equal names the new version says how it stands now, the old one since when. */
static void join(const struct row *was, struct row *row)
{
        row->first = was->first;
        if (!row->why_length) {
                row->why = was->why;
                row->why_length = was->why_length;
        }
}

static int write_gone(const struct source *source, FILE *out, struct row *row)
{
        row->present = false;
        return row->last + SOURCE_MEMORY_DAYS < today(source) ? 0 : row_write(out, row);
}

/* Both are sorted: one pass, as long as the longer. */
static int merge(const struct source *source, const struct row_heap *heap, size_t count, FILE *out)
{
        struct row was, row;
        size_t at = 0, i = 0;
        bool left = rows_next(source->rows, &at, &was);
        int r = 0;

        while (!r && (left || i < count)) {
                int order = 1;

                if (i < count)
                        row_heap_at(heap, i, &row);
                if (left)
                        order = i < count ? row_compare(&was, &row) : -1;
                if (order < 0) {
                        r = write_gone(source, out, &was);
                } else {
                        if (!order)
                                join(&was, &row);
                        r = row_write(out, &row);
                        i++;
                }
                if (order <= 0)
                        left = rows_next(source->rows, &at, &was);
        }
        return r;
}

static int write_version(const struct source *source, const struct row_heap *heap, size_t count,
                         const char *file, struct error *error)
{
        char path[PATH_MAX], fresh[PATH_MAX + 8];
        CLEANUP(cleanup_file) FILE *out = NULL;
        int r;

        source_path(source, file, path);
        snprintf(fresh, sizeof(fresh), "%s.new", path);
        out = fopen(fresh, "we");
        if (!out)
                return error_say(error, -errno, "%s : %m", "%s: %m", fresh);
        r = merge(source, heap, count, out);
        if (!r && (fflush(out) || fsync(fileno(out)) || rename(fresh, path)))
                r = errno ? -errno : -EIO;
        if (r) {
                unlink(fresh);
                return error_say(error, r, "%s : %m", "%s: %m", path);
        }
        return 0;
}

/* Too much of a change: lists that shrink overnight are broken more often than cleaned. */
static int check_size(const struct source *source, uint64_t count, struct error *why)
{
        const struct source_options *options = &source->options;
        uint64_t was = rows_present(source->rows), change = count > was ? count - was : was - count;

        if (!count || count < options->entries_min)
                return error_say(why, -EPERM, "elle n’a que %llu noms (il en faut %llu)",
                                 "it has only %llu names (%llu are wanted)", (unsigned long long)count,
                                 (unsigned long long)(options->entries_min ? options->entries_min : 1));
        if (was && options->change_percent && change > SOURCE_SMALL &&
            change * 100 > was * options->change_percent)
                return error_say(why, -EPERM,
                                 "elle passe de %llu noms à %llu (au plus %u pour cent de changement)",
                                 "it goes from %llu names to %llu (at most %u per cent of change)",
                                 (unsigned long long)was, (unsigned long long)count, options->change_percent);
        return 0;
}

static void digest_of(const char *reading, int fd, char ret_hex[static crypto_hash_sha256_BYTES * 2 + 1])
{
        unsigned char bytes[16384], hash[crypto_hash_sha256_BYTES];
        crypto_hash_sha256_state state;
        ssize_t got;

        crypto_hash_sha256_init(&state);
        crypto_hash_sha256_update(&state, (const unsigned char *)reading, strlen(reading) + 1);
        while ((got = read(fd, bytes, sizeof(bytes))) > 0)
                crypto_hash_sha256_update(&state, bytes, (unsigned long long)got);
        crypto_hash_sha256_final(&state, hash);
        sodium_bin2hex(ret_hex, crypto_hash_sha256_BYTES * 2 + 1, hash, sizeof(hash));
        lseek(fd, 0, SEEK_SET);
}

/* What was held back before is overtaken by a version that is in order. */
static int note_taken(struct source *source, struct error *error)
{
        char held[PATH_MAX];

        source_path(source, "held", held);
        unlink(held);
        json_object_set_new(source->state, "held", json_null());
        json_object_del(source->state, "offences");
        source_state_time(source, "changed");
        return rows_again(source, error);
}

/* The version is whole: in force, or waiting for a person. */
static int decide(struct intake *intake, size_t count, enum source_outcome *ret_outcome, struct error *error)
{
        struct source *source = intake->source;
        struct error why = {0};
        int r, held = check_size(source, count, &why);

        if (!held && intake->offence_count) {
                held = -EPERM;
                why = intake->offence;
        }
        r = write_version(source, intake->heap, count, held ? "held" : "current", error);
        if (r)
                return r;
        *ret_outcome = held ? SOURCE_HELD : SOURCE_TAKEN;
        if (!held)
                return note_taken(source, error);
        source_note_held(source, count, intake->offences, intake->offence_count, &why);
        return 0;
}

static int read_version(struct intake *intake, int fd, enum source_outcome *ret_outcome, struct error *error)
{
        const struct source_options *options = &intake->source->options;
        const struct list_options reading = {.format = options->format,
                                             .column = options->column,
                                             .why_column = options->why_column,
                                             .now_ms = clock_wall_ms(intake->source->clock),
                                             .entries_max = options->entries_max,
                                             .bytes_max = options->bytes_max};
        int r = row_heap_new(&intake->heap, error);

        if (!r)
                r = list_read(fd, &reading, take_entry, intake, &intake->report, error);
        source_note_report(intake->source, &intake->report);
        if (!r)
                r = decide(intake, row_heap_sort(intake->heap), ret_outcome, error);
        intake->heap = row_heap_free(intake->heap);
        return r;
}

static bool is_same(const struct source *source, const char *digest)
{
        const char *was = json_string_value(json_object_get(source->state, "digest"));

        return was && !strcmp(was, digest);
}

int source_take(struct source *source, int fd, const struct source_guard *guard,
                enum source_outcome *ret_outcome, struct error *error)
{
        struct intake intake = {.source = source, .guard = guard, .offences = json_array()};
        char digest[crypto_hash_sha256_BYTES * 2 + 1], reading[SOURCE_READING_SIZE];
        struct error why = {0};
        int r;

        source_reading(source, reading);
        digest_of(reading, fd, digest);
        if (is_same(source, digest)) {
                json_decref(intake.offences);
                *ret_outcome = SOURCE_UNCHANGED;
                return source_confirm(source, error);
        }
        r = read_version(&intake, fd, ret_outcome, &why);
        json_decref(intake.offences);
        if (r) {
                source_failed(source, &why, NULL);
                error_forward(error, r, why.fr, why.en);
                return source_named(source, error, r);
        }
        json_object_set_new(source->state, "digest", json_string(digest));
        return source_confirm(source, error);
}

/* ---- what a person decides ---- */

static int need_held(const struct source *source, char ret_path[static PATH_MAX], struct error *error)
{
        source_path(source, "held", ret_path);
        if (access(ret_path, F_OK) == 0)
                return 0;
        return error_say(error, -ENOENT, "la liste %s ne retient aucune version",
                         "the list %s holds no version back", source->options.name);
}

static int settle_held(struct source *source, const char *key, const char *author, struct error *error)
{
        json_object_set_new(source->state, "held", json_null());
        json_object_del(source->state, "offences");
        json_object_set_new(source->state, key, json_string(author));
        return source_state_write(source, error);
}

/* Whoever lets a version in has seen what it names: the next one is not held back for the same. */
static void accept_offences(struct source *source)
{
        json_t *accepted = json_object_get(source->state, "accepted");

        if (!accepted) {
                accepted = json_array();
                json_object_set_new(source->state, "accepted", accepted);
        }
        if (json_array_size(accepted) < ACCEPTED_MAX)
                json_array_extend(accepted, json_object_get(source->state, "offences"));
}

int source_release(struct source *source, const char *author, struct error *error)
{
        char held[PATH_MAX], current[PATH_MAX];
        int r = need_held(source, held, error);

        if (r)
                return r;
        source_path(source, "current", current);
        if (rename(held, current))
                return error_say(error, -errno, "%s : %m", "%s: %m", current);
        source_state_time(source, "changed");
        accept_offences(source);
        r = settle_held(source, "released_by", author, error);
        return source_named(source, error, r ? r : rows_again(source, error));
}

int source_discard(struct source *source, const char *author, struct error *error)
{
        char held[PATH_MAX];
        int r = need_held(source, held, error);

        if (r)
                return r;
        if (unlink(held))
                return error_say(error, -errno, "%s : %m", "%s: %m", held);
        return source_named(source, error, settle_held(source, "discarded_by", author, error));
}

/* ---- using it ---- */

const struct rows *source_rows(const struct source *source)
{
        return source->rows;
}

bool source_is_stale(const struct source *source)
{
        int64_t fetched = source_state_ms(source, "fetched");

        return source->options.max_age_ms && fetched &&
               clock_wall_ms(source->clock) - fetched > source->options.max_age_ms;
}

int source_compile(struct source *source, struct set_builder *builder, unsigned number, struct error *error)
{
        struct row row;
        size_t at = 0;

        if (source_is_stale(source))
                return 0;
        while (rows_next(source->rows, &at, &row)) {
                int r = row.present ? set_builder_add(builder, row.name, row.name_length, row.below, number,
                                                      source->options.trust)
                                    : 0;
                if (r)
                        return source_named(source, error,
                                            error_say(error, r, "elle n’entre pas dans l’ensemble : %m",
                                                      "it does not fit into the set: %m"));
        }
        return 0;
}

int source_recall(struct source *source, const char *text, struct source_memory *ret_memory,
                  struct error *error)
{
        struct row row;

        if (!rows_find(source->rows, text, &row))
                return 1;
        *ret_memory = (struct source_memory){.present = row.present,
                                             .below = row.below,
                                             .first_ms = row.first * DAY_MS,
                                             .last_ms = row.last * DAY_MS};
        memcpy(ret_memory->why, row.why, row.why_length);
        return 0;
}
