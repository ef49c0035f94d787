/* SPDX-License-Identifier: EUPL-1.2 */
/* What no list may block. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "domains/lists_private.h"

#define ALLOWED_MAX   4000000
#define ALLOWED_BYTES (256u * 1024 * 1024)

/* Names come one after the other to wherever they are put. */
struct keeping {
        struct lists *lists;
        struct set_builder *builder;
        bool above; /* the names above them as well */
        struct error *error;
};

static int keep_above(const struct keeping *keeping, const char *text)
{
        int r = 0;

        for (const char *at = name_parent(text); at && !r; at = name_parent(at))
                r = set_builder_add(keeping->builder, at, strlen(at), false, KEPT_ABOVE, SET_WATCH);
        return r;
}

static int keep(const struct keeping *keeping, const struct name *name, bool below, unsigned source)
{
        int r = set_builder_add(keeping->builder, name->text, name->length, below, source, SET_ALLOW);

        if (!r && keeping->above)
                r = keep_above(keeping, name->text);
        return r ? error_say(keeping->error, r, "%s n’entre pas dans l’ensemble : %m",
                             "%s does not fit into the set: %m", name->text)
                 : 0;
}

static int no_name(const struct keeping *keeping, const char *text, int refusal)
{
        error_say_in(keeping->error, -EINVAL, LANGUAGE_FR, "configuration : « %s » n’est pas un nom : %s",
                     text, name_refusal_fr(refusal));
        return error_say_in(keeping->error, -EINVAL, LANGUAGE_EN, "configuration: \"%s\" is no name: %s",
                            text, name_refusal_en(refusal));
}

static int keep_texts(const struct keeping *keeping, const char texts[][256], size_t count, unsigned source)
{
        struct name name;
        int r = 0;

        for (size_t i = 0; i < count && !r; i++) {
                int refusal = name_parse(texts[i], strlen(texts[i]), &name);

                if (refusal)
                        return no_name(keeping, texts[i], refusal);
                r = keep(keeping, &name, true, source);
        }
        return r;
}

static int keep_entry(void *context, const struct list_entry *entry)
{
        return keep(context, &entry->name, entry->below, LISTS_ALLOWED);
}

static int keep_file(struct keeping *keeping, const char *path)
{
        CLEANUP(cleanup_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
        const struct list_options options = {
                .format = LIST_FORMAT_PLAIN, .entries_max = ALLOWED_MAX, .bytes_max = ALLOWED_BYTES};
        struct list_report report;
        int r;

        if (fd < 0)
                return error_say(keeping->error, -errno, "%s : %m", "%s: %m", path);
        r = list_read(fd, &options, keep_entry, keeping, &report, keeping->error);
        return r ? error_context(keeping->error, r, "%s", "%s", path) : 0;
}

static int keep_all(struct keeping *keeping)
{
        const struct config *config = keeping->lists->config;
        int r = keep_texts(keeping, config->domains.own, config->domains.own_count, LISTS_OWN);

        if (!r)
                r = keep_texts(keeping, config->domains.partners, config->domains.partner_count,
                               LISTS_PARTNER);
        for (uint32_t i = 0; !r && i < config->domains.allowed_count; i++)
                r = keep_file(keeping, config->domains.allowed[i]);
        return r;
}

static int write_kept(struct lists *lists, const char *path, struct error *error)
{
        static const char *const sources[] = {"own", "partner", "allowed", "above"};
        const struct set_builder_options options = {.expected = 1024,
                                                    .now_ms = clock_wall_ms(lists->options.clock),
                                                    .random = lists->options.random};
        struct keeping keeping = {.lists = lists, .above = true, .error = error};
        int r = set_builder_new(&options, &keeping.builder, error);

        for (size_t i = 0; r >= 0 && i < ARRAY_LEN(sources); i++)
                r = set_builder_source(keeping.builder, sources[i]);
        if (r >= 0)
                r = keep_all(&keeping);
        if (!r)
                r = set_builder_write(keeping.builder, path, error);
        set_builder_free(keeping.builder);
        return r;
}

int lists_keep(struct lists *lists, struct error *error)
{
        char path[PATH_MAX];
        int r;

        lists_path(lists, "kept.set", path);
        r = write_kept(lists, path, error);
        return r ? r : set_open(path, &lists->kept, error);
}

int lists_add_kept(struct lists *lists, struct set_builder *builder, struct error *error)
{
        struct keeping keeping = {.lists = lists, .builder = builder, .error = error};

        return keep_all(&keeping);
}

/* A name that is kept, or below one that is kept with all below it; or, when all below `name` is meant, above one. */
const char *lists_kept(void *context, const struct name *name, bool below)
{
        const struct lists *lists = context;
        struct set_hit hit;

        if (!lists->kept || !set_find(lists->kept, name->text, name->length, &hit))
                return NULL;
        if (hit.class.action == SET_ALLOW)
                return set_source(lists->kept, (unsigned)__builtin_ctzll(hit.class.sources));
        return below && hit.at == name->text ? "above" : NULL;
}
