/* SPDX-License-Identifier: EUPL-1.2 */
/* What the lists hold, for whoever asks or has to be given it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "domains/lists_private.h"

/* ---- every blocked name once: the lists are sorted, so they are merged ---- */

struct reader {
        const struct rows *rows; /* NULL: at its end */
        const struct config_list *list;
        size_t at;
        struct row row;
};

static void advance(struct reader *reader)
{
        do {
                if (!rows_next(reader->rows, &reader->at, &reader->row)) {
                        reader->rows = NULL;
                        return;
                }
        } while (!reader->row.present);
}

static size_t open_readers(const struct lists *lists, struct reader readers[static CONFIG_LISTS_MAX])
{
        size_t count = 0;

        for (size_t i = 0; i < lists->count; i++) {
                const struct config_list *list = lists_config(lists, i);

                if (list->trust != CONFIG_TRUST_BLOCK || !lists->sources[i] ||
                    source_is_stale(lists->sources[i]))
                        continue;
                readers[count] = (struct reader){.rows = source_rows(lists->sources[i]), .list = list};
                advance(&readers[count++]);
        }
        return count;
}

static const struct reader *least(const struct reader *readers, size_t count)
{
        const struct reader *best = NULL;

        for (size_t i = 0; i < count; i++)
                if (readers[i].rows && (!best || row_compare(&readers[i].row, &best->row) < 0))
                        best = &readers[i];
        return best;
}

/* How reserved, from clear to red. The words of TLP stand in the configuration in another order. */
static unsigned reserve(enum config_tlp tlp)
{
        static const uint8_t order[CONFIG_TLP_COUNT] = {[CONFIG_TLP_CLEAR] = 0,
                                                        [CONFIG_TLP_GREEN] = 1,
                                                        [CONFIG_TLP_AMBER] = 2,
                                                        [CONFIG_TLP_AMBER_STRICT] = 3,
                                                        [CONFIG_TLP_RED] = 4};

        return order[tlp];
}

/* The least name of all readers with what each of them says of it; they go on behind it. */
static bool next_listed(struct reader *readers, size_t count, struct listed *listed)
{
        const struct reader *first = least(readers, count);
        struct row row;

        if (!first)
                return false;
        row = first->row;
        *listed = (struct listed){.name = row.name,
                                  .length = row.name_length,
                                  .tlp = first->list->tlp,
                                  .list = first->list,
                                  .why = row.why,
                                  .why_length = row.why_length};
        for (size_t i = 0; i < count; i++) {
                if (!readers[i].rows || row_compare(&readers[i].row, &row))
                        continue;
                listed->below |= readers[i].row.below;
                if (reserve(readers[i].list->tlp) > reserve(listed->tlp))
                        listed->tlp = readers[i].list->tlp;
                advance(&readers[i]);
        }
        return true;
}

int lists_each_blocked(const struct lists *lists, lists_each *each, void *context, struct error *error)
{
        CLEANUP(cleanup_free) struct reader *readers = calloc(CONFIG_LISTS_MAX, sizeof(*readers));
        struct listed listed;
        struct set_hit hit;
        size_t count;
        int r = 0;

        if (!readers)
                return lists_out_of_memory(error);
        count = open_readers(lists, readers);
        while (r >= 0 && next_listed(readers, count, &listed)) {
                bool allowed = lists->set && set_find(lists->set, listed.name, listed.length, &hit) &&
                               hit.class.action == SET_ALLOW;
                if (!allowed)
                        r = each(context, &listed);
        }
        return r < 0 ? r : 0;
}

/* ---- one name ---- */

static json_t *memory_json(const struct config_list *list, const char *name,
                           const struct source_memory *memory, bool stale)
{
        char first[TIME_TEXT_SIZE], last[TIME_TEXT_SIZE];

        time_format(memory->first_ms, first);
        time_format(memory->last_ms, last);
        return json_pack("{s:s, s:s, s:s, s:b, s:b, s:b, s:s%, s:s%, s:s}", "list", list->name, "trust",
                         config_list_trust_word(list->trust), "name", name, "below", memory->below, "present",
                         memory->present, "stale", stale, "first", first, (size_t)10, "last", last,
                         (size_t)10, "why", memory->why);
}

static void recall(const struct lists *lists, size_t index, const char *text, bool is_itself, json_t *found)
{
        struct source_memory memory;

        if (!lists->sources[index] || source_recall(lists->sources[index], text, &memory, NULL) ||
            !(is_itself || memory.below))
                return;
        json_array_append_new(found, memory_json(lists_config(lists, index), text, &memory,
                                                 source_is_stale(lists->sources[index])));
}

/* What Garde's own configuration says of it is in the set alone. */
static void recall_own(const struct lists *lists, const struct name *name, json_t *found)
{
        struct set_hit hit;

        if (!lists->set || !set_find(lists->set, name->text, name->length, &hit))
                return;
        for (unsigned i = 0; i < LISTS_FIRST; i++)
                if (hit.class.sources & (1ULL << i))
                        json_array_append_new(found, json_pack("{s:s, s:s, s:s, s:b}", "list",
                                                               set_source(lists->set, i), "trust", "allow",
                                                               "name", hit.at, "present", true));
}

json_t *lists_why(const struct lists *lists, const struct name *name)
{
        json_t *found = json_array();

        recall_own(lists, name, found);
        for (const char *at = name->text; at; at = name_parent(at))
                for (size_t i = 0; i < lists->count; i++)
                        recall(lists, i, at, at == name->text, found);
        return found;
}

/* ---- all of it ---- */

static json_t *list_state(const struct lists *lists, size_t index)
{
        const struct config_list *list = lists_config(lists, index);
        json_t *state = lists->sources[index]
                                ? source_state(lists->sources[index])
                                : json_pack("{s:s, s:s, s:s, s:i, s:b, s:n, s:n}", "name", list->name,
                                            "trust", config_list_trust_word(list->trust), "format",
                                            config_list_format_word(list->format), "names", 0, "stale", false,
                                            "held", "error");

        json_object_set_new(state, "address", json_string(list->address));
        json_object_set_new(state, "tlp", json_string(config_tlp_word(list->tlp)));
        return state;
}

json_t *lists_state(const struct lists *lists)
{
        json_t *each = json_array(), *state;
        char built[TIME_TEXT_SIZE] = "";

        for (size_t i = 0; i < lists->count; i++)
                json_array_append_new(each, list_state(lists, i));
        if (lists->set)
                time_format(set_built_ms(lists->set), built);
        state = json_pack("{s:o, s:o}", "lists", each, "exemptions", lists_exemptions_json(lists));
        if (state && lists->set)
                json_object_update_new(state, json_pack("{s:I, s:I, s:I, s:s}", "generation",
                                                        (json_int_t)set_generation(lists->set), "names",
                                                        (json_int_t)set_names(lists->set), "bytes",
                                                        (json_int_t)set_bytes(lists->set), "built", built));
        return state;
}
