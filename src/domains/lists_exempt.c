/* SPDX-License-Identifier: EUPL-1.2 */
/* What a person let through although it is listed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "domains/lists_private.h"

#define FILE_MAX (1024 * 1024)

static bool has_ended(const struct lists *lists, const struct exemption *exemption)
{
        return exemption->until_ms <= clock_wall_ms(lists->options.clock);
}

json_t *exemption_to_json(const struct exemption *exemption)
{
        char network[ADDR_TEXT_SIZE] = "", until[TIME_TEXT_SIZE];

        if (exemption->network.family)
                addr_format(&exemption->network, network);
        time_format(exemption->until_ms, until);
        return json_pack("{s:s, s:s?, s:s, s:s}", "name", exemption->name.text, "network",
                         *network ? network : NULL, "until", until, "reason", exemption->reason);
}

int exemption_from_json(const json_t *json, struct exemption *ret_exemption, struct error *error)
{
        struct exemption exemption = {0};
        const char *name = json_string_value(json_object_get(json, "name")),
                   *network = json_string_value(json_object_get(json, "network")),
                   *until = json_string_value(json_object_get(json, "until")),
                   *reason = json_string_value(json_object_get(json, "reason"));

        if (!name || name_parse(name, strlen(name), &exemption.name))
                return error_say(error, -EINVAL, "exemption : « name » n’est pas un nom",
                                 "exemption: \"name\" is no name");
        if (network && addr_parse(network, &exemption.network))
                return error_say(error, -EINVAL,
                                 "exemption de %s : « network » n’est ni une adresse ni un préfixe",
                                 "exemption of %s: \"network\" is no address and no prefix", name);
        if (!until || time_parse(until, &exemption.until_ms))
                return error_say(error, -EINVAL, "exemption de %s : « until » n’est pas une heure",
                                 "exemption of %s: \"until\" is no time", name);
        snprintf(exemption.reason, sizeof(exemption.reason), "%s", reason ? reason : "");
        *ret_exemption = exemption;
        return 0;
}

json_t *lists_exemptions_json(const struct lists *lists)
{
        json_t *list = json_array();

        for (size_t i = 0; i < lists->exemption_count; i++)
                if (!has_ended(lists, &lists->exemptions[i]))
                        json_array_append_new(list, exemption_to_json(&lists->exemptions[i]));
        return list;
}

static int adopt(struct lists *lists, const struct exemption *exemptions, size_t count, struct error *error)
{
        struct exemption *own = calloc(count + 1, sizeof(*own));

        if (!own)
                return lists_out_of_memory(error);
        free(lists->exemptions);
        lists->exemptions = own;
        lists->exemption_count = 0;
        for (size_t i = 0; i < count; i++)
                if (!has_ended(lists, &exemptions[i]))
                        own[lists->exemption_count++] = exemptions[i];
        return 0;
}

int lists_exempt(struct lists *lists, const struct exemption *exemptions, size_t count, struct error *error)
{
        CLEANUP(cleanup_free) char *text = NULL;
        char path[PATH_MAX];
        json_t *list;
        int r;

        if (count > LISTS_EXEMPTIONS_MAX)
                return error_say(error, -E2BIG, "plus de %d exemptions", "more than %d exemptions",
                                 LISTS_EXEMPTIONS_MAX);
        r = adopt(lists, exemptions, count, error);
        if (r)
                return r;
        list = lists_exemptions_json(lists);
        text = json_dumps(list, JSON_INDENT(1));
        json_decref(list);
        if (!text)
                return lists_out_of_memory(error);
        lists_path(lists, "exemptions.json", path);
        return file_write_atomic(path, text, strlen(text), 0640, error);
}

/* What cannot be read exempts nobody: names stay blocked, and the hub says anew what holds. */
int lists_read_exemptions(struct lists *lists, struct error *error)
{
        CLEANUP(cleanup_free) struct exemption *read = calloc(LISTS_EXEMPTIONS_MAX, sizeof(*read));
        CLEANUP(cleanup_free) char *text = NULL;
        char path[PATH_MAX];
        size_t length, count = 0, index;
        json_t *list, *one;
        int r;

        if (!read)
                return lists_out_of_memory(error);
        lists_path(lists, "exemptions.json", path);
        if (file_read(path, FILE_MAX, &text, &length, NULL))
                return 0;
        list = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
        json_array_foreach(list, index, one)
        {
                if (count < LISTS_EXEMPTIONS_MAX && !exemption_from_json(one, &read[count], NULL))
                        count++;
        }
        r = adopt(lists, read, count, error);
        json_decref(list);
        return r;
}

size_t lists_exemptions(const struct lists *lists, const struct exemption **ret_exemptions)
{
        *ret_exemptions = lists->exemptions;
        return lists->exemption_count;
}

int64_t lists_next_end_ms(const struct lists *lists)
{
        int64_t next = 0;

        for (size_t i = 0; i < lists->exemption_count; i++)
                if (!has_ended(lists, &lists->exemptions[i]) &&
                    (!next || lists->exemptions[i].until_ms < next))
                        next = lists->exemptions[i].until_ms;
        return next;
}

bool lists_is_exempted(const struct lists *lists, const struct name *name, const struct addr *client)
{
        for (size_t i = 0; i < lists->exemption_count; i++) {
                const struct exemption *one = &lists->exemptions[i];
                bool meant = one->network.family ? client && addr_within(client, &one->network) : true;

                if (meant && !has_ended(lists, one) && name_is_within(name->text, one->name.text))
                        return true;
        }
        return false;
}

/* Those for everybody alone: a set knows no clients. */
int lists_add_exempted(const struct lists *lists, struct set_builder *builder, struct error *error)
{
        int r = 0;

        for (size_t i = 0; i < lists->exemption_count && !r; i++) {
                const struct exemption *one = &lists->exemptions[i];

                if (!one->network.family && !has_ended(lists, one))
                        r = set_builder_add(builder, one->name.text, one->name.length, true, LISTS_EXEMPTED,
                                            SET_ALLOW);
        }
        return r ? error_say(error, r, "une exemption n’entre pas dans l’ensemble : %m",
                             "an exemption does not fit into the set: %m")
                 : 0;
}
