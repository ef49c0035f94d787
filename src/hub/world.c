/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/world.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "hub/status.h"
#include "journal/journal.h"

static int64_t now_ms(const struct world *world)
{
        return (int64_t)(clock_mono_ns(world->clock) / 1000000);
}

void world_mark_measure(const struct world *world, json_t *measure)
{
        static const char *const open[] = {"proposed", "standing", "probation"};
        const char *id = json_string_value(json_object_get(measure, "id")),
                   *state = json_string_value(json_object_get(measure, "state"));

        for (size_t i = 0; id && state && i < ARRAY_LEN(open); i++)
                if (!strcmp(open[i], state))
                        json_object_set_new(measure, "lift_asked",
                                            json_boolean(desk_lift_is_asked(world->desk, id)));
}

json_t *world_measures(const struct world *world)
{
        json_t *list = status_measures(desk_book(world->desk)), *one;
        size_t index;

        json_array_foreach(list, index, one)
        {
                traffic_measure(&world->traffic, one, now_ms(world));
                world_mark_measure(world, one);
        }
        return list;
}

static size_t open_incidents(const struct world *world)
{
        const struct casebook *book = desk_book(world->desk);
        size_t open = 0;

        for (size_t i = 0; i < casebook_count(book); i++)
                open += casebook_brief(book, i)->open;
        return open;
}

json_t *world_status(const struct world *world)
{
        char now[TIME_TEXT_SIZE];

        time_format(clock_wall_ms(world->clock), now);
        return json_pack("{s:s, s:s, s:o, s:o, s:o, s:I, s:o}", "time", now, "structure",
                         world->config->structure.name, "edge",
                         traffic_edge(&world->traffic, world->edge_connected, now_ms(world)), "measures",
                         world_measures(world), "incidents", status_incidents(desk_book(world->desk)),
                         "open_incidents", (json_int_t)open_incidents(world), "journal",
                         status_journal(world->journal));
}

void world_tell_edge(const struct world *world)
{
        if (world->tell_edge)
                world->tell_edge(world->tell_edge_context);
}

void world_seal(const struct world *world)
{
        struct head head;
        struct error error = {0};
        int r = journal_head(world->journal, &head, &error);

        if (r)
                log_error("the journal's head could not be signed: %s", error_text(&error, r));
}
