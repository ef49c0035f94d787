/* SPDX-License-Identifier: EUPL-1.2 */
#include "domains/lists_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

#define HOUR_MS  (3600LL * 1000)
#define MEGABYTE (1024ULL * 1024)
#define EXPECTED 65536 /* names, when nothing is known */

int lists_out_of_memory(struct error *error)
{
        return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
}

void lists_path(const struct lists *lists, const char *file, char ret_path[static PATH_MAX])
{
        snprintf(ret_path, PATH_MAX, "%s/%s", lists->folder, file);
}

/* ---- opening ---- */

/* What is fetched in pieces is put together as one text of the format of its pieces. */
static enum list_format format_of(const struct config_list *list)
{
        static const enum list_format formats[CONFIG_LIST_FORMAT_COUNT] = {
                [CONFIG_LIST_PLAIN] = LIST_FORMAT_PLAIN,     [CONFIG_LIST_CSV] = LIST_FORMAT_CSV,
                [CONFIG_LIST_HOSTS] = LIST_FORMAT_HOSTS,     [CONFIG_LIST_RPZ] = LIST_FORMAT_RPZ,
                [CONFIG_LIST_ADBLOCK] = LIST_FORMAT_ADBLOCK, [CONFIG_LIST_MISP] = LIST_FORMAT_MISP,
                [CONFIG_LIST_STIX] = LIST_FORMAT_STIX,       [CONFIG_LIST_MISP_FEED] = LIST_FORMAT_MISP,
                [CONFIG_LIST_TAXII] = LIST_FORMAT_STIX};

        return formats[list->format];
}

static struct source_options source_options(const struct config_list *list)
{
        static const enum set_action actions[CONFIG_TRUST_COUNT] = {[CONFIG_TRUST_WATCH] = SET_WATCH,
                                                                    [CONFIG_TRUST_BLOCK] = SET_BLOCK,
                                                                    [CONFIG_TRUST_ALLOW] = SET_ALLOW};
        struct source_options options = {.trust = actions[list->trust],
                                         .format = format_of(list),
                                         .below = list->below == CONFIG_YES,
                                         .column = list->column[0] ? list->column : NULL,
                                         .why_column = list->why_column[0] ? list->why_column : NULL,
                                         .entries_min = list->names_min,
                                         .entries_max = list->names_max,
                                         .bytes_max = list->megabytes_max * MEGABYTE,
                                         .change_percent = list->change_percent,
                                         .max_age_ms = list->max_age_hours * HOUR_MS};

        memcpy(options.name, list->name, sizeof(options.name));
        return options;
}

static int open_source(struct lists *lists, size_t index, struct error *error)
{
        const struct config_list *list = &lists->config->domains.lists[index];
        const struct source_options options = source_options(list);
        char folder[PATH_MAX], own[PATH_MAX + 48];

        lists_path(lists, "lists", folder);
        snprintf(own, sizeof(own), "%s/%s", folder, list->name);
        if (lists->options.read_only && access(own, F_OK))
                return 0;
        return source_open(folder, &options, lists->options.clock, &lists->sources[index], error);
}

static int open_sources(struct lists *lists, struct error *error)
{
        int r = 0;

        for (lists->count = 0; !r && lists->count < lists->config->domains.list_count; lists->count++)
                r = open_source(lists, lists->count, error);
        return r;
}

static int take_hold(struct lists *lists, struct error *error)
{
        char path[PATH_MAX];
        int r = file_make_folders(lists->folder, 0750, error);

        if (r)
                return r;
        lists_path(lists, "lock", path);
        r = file_lock(path, &lists->lock, error);
        if (r == -EBUSY)
                return error_say(error, r, "un autre programme (garde-domains) tient les listes de %s",
                                 "another program (garde-domains) keeps the lists of %s", lists->folder);
        return r ? r : lists_keep(lists, error);
}

int lists_open(const struct lists_options *options, struct lists **ret_lists, struct error *error)
{
        struct lists *lists = calloc(1, sizeof(*lists));
        int r;

        if (!lists)
                return lists_out_of_memory(error);
        *lists = (struct lists){.options = *options, .config = options->config, .lock = -1};
        if (snprintf(lists->folder, sizeof(lists->folder), "%s", options->folder) >=
            (int)sizeof(lists->folder))
                r = error_say(error, -ENAMETOOLONG, "chemin trop long : %s", "path too long: %s",
                              options->folder);
        else
                r = suffixes_open(options->config->domains.suffixes, &lists->suffixes, error);
        if (!r && !options->read_only)
                r = take_hold(lists, error);
        if (!r)
                r = open_sources(lists, error);
        if (!r)
                r = lists_read_exemptions(lists, error);
        if (!r)
                r = lists_reopen(lists, error);
        if (r < 0) {
                lists_close(lists);
                return r;
        }
        *ret_lists = lists;
        return 0;
}

struct lists *lists_close(struct lists *lists)
{
        if (!lists)
                return NULL;
        for (size_t i = 0; i < CONFIG_LISTS_MAX; i++)
                source_close(lists->sources[i]);
        set_close(lists->former);
        set_close(lists->set);
        set_close(lists->kept);
        suffixes_close(lists->suffixes);
        free(lists->exemptions);
        if (lists->lock >= 0)
                close(lists->lock);
        free(lists);
        return NULL;
}

/* ---- asking ---- */

const struct config *lists_configuration(const struct lists *lists)
{
        return lists->config;
}

size_t lists_count(const struct lists *lists)
{
        return lists->count;
}

const struct config_list *lists_config(const struct lists *lists, size_t index)
{
        return &lists->config->domains.lists[index];
}

struct source *lists_source(const struct lists *lists, size_t index)
{
        return lists->sources[index];
}

int lists_find(const struct lists *lists, const char *name)
{
        for (size_t i = 0; i < lists->count; i++)
                if (!strcmp(lists_config(lists, i)->name, name))
                        return (int)i;
        return -1;
}

const struct set *lists_set(const struct lists *lists)
{
        return lists->set;
}

static bool judge_find(void *context, const char *text, size_t length, struct set_hit *ret_hit)
{
        const struct lists *lists = context;

        return lists->set && set_find(lists->set, text, length, ret_hit);
}

static const char *judge_source(void *context, unsigned number)
{
        const struct lists *lists = context;

        return lists->set ? set_source(lists->set, number) : NULL;
}

struct judge_lists lists_for_judge(const struct lists *lists)
{
        return (struct judge_lists){.find = judge_find, .source = judge_source, .context = (void *)lists};
}

/* ---- new versions, new generations ---- */

int lists_take(struct lists *lists, size_t index, int fd, enum source_outcome *ret_outcome,
               struct error *error)
{
        const struct source_guard guard = {.suffixes = lists->suffixes, .context = lists, .kept = lists_kept};

        return source_take(lists->sources[index], fd, &guard, ret_outcome, error);
}

int lists_reopen(struct lists *lists, struct error *error)
{
        char path[PATH_MAX];
        struct set *set;
        int r;

        lists_path(lists, "names.set", path);
        if (access(path, F_OK))
                return errno == ENOENT ? 1 : error_say(error, -errno, "%s : %m", "%s: %m", path);
        r = set_open(path, &set, error);
        if (r)
                return r;
        set_close(lists->former);
        lists->former = lists->set;
        lists->set = set;
        if (set_generation(set) > lists->generation)
                lists->generation = set_generation(set);
        return 0;
}

static uint64_t expected_names(const struct lists *lists)
{
        uint64_t names = EXPECTED;

        for (size_t i = 0; i < lists->count; i++)
                names += rows_present(source_rows(lists->sources[i]));
        return names + (lists->kept ? set_names(lists->kept) : 0);
}

static int name_sources(const struct lists *lists, struct set_builder *builder, struct error *error)
{
        static const char *const ours[LISTS_FIRST] = {
                [LISTS_OWN] = "domains.own",
                [LISTS_PARTNER] = "domains.partners",
                [LISTS_ALLOWED] = "domains.allowed",
                [LISTS_EXEMPTED] = "exemptions",
        };
        int r = 0;

        for (size_t i = 0; r >= 0 && i < LISTS_FIRST + lists->count; i++)
                r = set_builder_source(builder, i < LISTS_FIRST ? ours[i]
                                                                : lists_config(lists, i - LISTS_FIRST)->name);
        return r < 0 ? error_say(error, r, "trop de listes", "too many lists") : 0;
}

static int build(struct lists *lists, struct set_builder *builder, struct error *error)
{
        char path[PATH_MAX];
        int r = name_sources(lists, builder, error);

        for (size_t i = 0; !r && i < lists->count; i++)
                r = source_compile(lists->sources[i], builder, LISTS_FIRST + (unsigned)i, error);
        if (!r)
                r = lists_add_kept(lists, builder, error);
        if (!r)
                r = lists_add_exempted(lists, builder, error);
        if (r)
                return r;
        lists_path(lists, "names.set", path);
        return set_builder_write(builder, path, error);
}

int lists_compile(struct lists *lists, struct error *error)
{
        const struct set_builder_options options = {.expected = expected_names(lists),
                                                    .generation = ++lists->generation,
                                                    .now_ms = clock_wall_ms(lists->options.clock),
                                                    .random = lists->options.random};
        struct set_builder *builder;
        int r = set_builder_new(&options, &builder, error);

        if (r)
                return r;
        r = build(lists, builder, error);
        set_builder_free(builder);
        return r ? r : lists_reopen(lists, error);
}
