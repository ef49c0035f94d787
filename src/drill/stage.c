/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/stage.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/paths.h"
#include "drill/process.h"

int stage_captures(const char *asked, const char **ret_folder, struct error *error)
{
        const char *environment = getenv("GARDE_CAPTURES");
        const char *folder = asked                         ? asked
                             : environment && *environment ? environment
                                                           : GARDE_CAPTURES_DEFAULT;

        if (access(folder, R_OK | X_OK) < 0)
                return error_say(
                        error, -ENOENT,
                        "aucune capture dans %s : indiquez leur dossier par --captures ou GARDE_CAPTURES",
                        "no captures in %s: name their folder with --captures or GARDE_CAPTURES", folder);
        *ret_folder = folder;
        return 0;
}

static int read_scenario(const char *name, struct scenario **ret_scenario, struct error *error)
{
        char file[128], path[PATH_MAX];
        int r;

        if (!*name || strchr(name, '/') || strlen(name) > 64)
                return error_say(error, -EINVAL, "%s n’est pas le nom d’un exercice",
                                 "%s is not the name of an exercise", name);
        snprintf(file, sizeof(file), "drills/%s.yaml", name);
        r = paths_data(file, path, error);
        return r ? r : scenario_load(path, ret_scenario, error);
}

/* What only reads, so that a wrong file is told before anything is set up. */
static int prepare(const struct drill_options *options, struct stage *stage, struct error *error)
{
        const struct flood_source *sources;
        const char *captures;
        size_t count;
        int r = stage_captures(options->captures, &captures, error);

        if (!r)
                r = read_scenario(options->name, &stage->scenario, error);
        if (!r)
                r = places_read(PLACES_V4, PLACES_V6, &stage->places, error);
        if (!r)
                r = flood_load(stage->scenario, captures, stage->places, &stage->flood, error);
        if (r)
                return r;
        sources = flood_sources(stage->flood, &count);
        return crowd_choose(stage->scenario, stage->places, sources, count, &stage->crowd, error);
}

static int add_clients(struct stage *stage, struct error *error)
{
        CLEANUP(cleanup_free) struct addr *addresses = NULL;
        size_t count;
        const struct crowd_client *clients = crowd_clients(stage->crowd, &count);

        addresses = calloc(count, sizeof(*addresses));
        if (!addresses)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour les clients de l’exercice",
                                 "not enough memory for the exercise's clients");
        for (size_t i = 0; i < count; i++)
                addresses[i] = clients[i].addr;
        return topology_add_clients(&stage->topology, addresses, count, error);
}

/*
 * The hospital's server on one processor, flood and edge on the other: two machines in one. The crowd is with the
 * flood, so that a drowned server does not slow down the clock that measures it.
 */
static int start(const struct drill_options *options, struct stage *stage, struct error *error)
{
        size_t count;
        const struct flood_source *sources = flood_sources(stage->flood, &count);
        int r = hospital_start(stage->scenario, &stage->topology.hospital, stage->workspace.work,
                               process_cpu(0), &stage->hospital, error);

        if (r)
                return r;
        stage->origin_ns = clock_mono_ns(&clock_system);
        stage->origin_wall_ms = clock_wall_ms(&clock_system);
        r = meter_start(stage->scenario, &stage->topology.hospital, sources, count, stage->origin_ns,
                        &stage->meter, error);
        if (!r)
                r = flood_start(stage->flood, &stage->topology.internet, process_cpu(-1), error);
        if (!r)
                r = link_start(stage->scenario, &stage->topology.edge, &stage->workspace,
                               options->policy == DRILL_POLICY_AS_IN_2020, &stage->link, error);
        return r;
}

int stage_open(const struct drill_options *options, struct stage *ret_stage, struct error *error)
{
        int r;

        *ret_stage = (struct stage)STAGE_INIT;
        r = prepare(options, ret_stage, error);
        if (!r)
                r = topology_build(ret_stage->scenario, &ret_stage->topology, error);
        if (!r)
                r = workspace_make(&ret_stage->workspace, error);
        if (!r)
                r = add_clients(ret_stage, error);
        if (!r)
                r = start(options, ret_stage, error);
        return r;
}

void stage_close(struct stage *stage)
{
        stage->crowd = crowd_free(stage->crowd);
        stage->flood = flood_free(stage->flood);
        link_stop(&stage->link);
        stage->meter = meter_free(stage->meter);
        hospital_stop(&stage->hospital);
        topology_remove(&stage->topology);
        workspace_remove(&stage->workspace);
        stage->places = places_free(stage->places);
        stage->scenario = scenario_free(stage->scenario);
}

int64_t stage_wall_ms(const struct stage *stage, uint64_t mono_ns)
{
        return stage->origin_wall_ms + ((int64_t)mono_ns - (int64_t)stage->origin_ns) / 1000000;
}
