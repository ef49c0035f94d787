/* SPDX-License-Identifier: EUPL-1.2 */
/* garde-edge: packets in front of the structure; acts first and tells the hub afterwards. */
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "daemon/edge_link.h"
#include "daemon/edge_traffic.h"
#include "daemon/folders.h"
#include "hub/protocol.h"
#include "edge/guard.h"
#include "service/sandbox.h"
#include "service/service.h"

#define TRAFFIC_EVERY_TICKS 2 /* five reports a second: what a person can follow */

struct edge {
        struct service *service;
        struct geo *geo;
        struct plane *plane;
        struct guard *guard;
        struct edge_link *link;
        uv_timer_t tick;
        bool tick_open;
        unsigned ticks;
        int lock; /* -1, or held: one edge a state folder */
        char state[PATH_MAX];
};

static int check_config(const struct config *config, struct error *error)
{
        if (!config->edge.configured)
                return error_say(error, -EINVAL,
                                 "la configuration n’a pas de groupe « edge » : il n’y a rien à protéger ici",
                                 "the configuration has no group “edge”: nothing to protect here");
        return 0;
}

/* Services, their addresses and ports, from the file into the plane. */
static int set_services(struct edge *edge, const struct config *config, struct error *error)
{
        struct plane_prefix prefixes[2 * SHIELD_PREFIXES];
        size_t count = 0;

        for (unsigned i = 0; i < config->edge.service_count; i++) {
                const struct config_service *service = &config->edge.services[i];
                for (unsigned k = 0; k < service->address_count && count < ARRAY_LEN(prefixes); k++)
                        prefixes[count++] = (struct plane_prefix){.net = service->addresses[k], .service = i};
                for (unsigned k = 0; k < service->port_count; k++)
                        plane_serve_port(edge->plane, i, service->ports[k].port);
        }
        return plane_set_prefixes(edge->plane, prefixes, count, error);
}

static int open_plane(struct edge *edge, const struct config *config, struct error *error)
{
        static const enum plane_mode modes[] = {[CONFIG_MODE_AUTO] = PLANE_MODE_AUTO,
                                                [CONFIG_MODE_NATIVE] = PLANE_MODE_NATIVE,
                                                [CONFIG_MODE_GENERIC] = PLANE_MODE_GENERIC};
        const struct plane_options options = {
                .pin = config->pin,
                .known4_sources = config->edge.known_good.ipv4_sources,
                .known6_sources = config->edge.known_good.ipv6_sources,
                .known_max_age_s = config->edge.known_good.max_age_hours * 3600,
                .sample_ring_bytes = config->edge.sample_ring_kib * 1024,
        };
        int r = plane_open(&options, &edge->plane, error);

        if (!r)
                r = set_services(edge, config, error);
        if (!r)
                r = plane_set_geo(edge->plane, edge->geo, error);
        if (!r)
                r = plane_attach(edge->plane, config->edge.interface, modes[config->edge.mode], error);
        if (!r)
                log_notice("%s on %s, %s mode",
                           plane_adopted(edge->plane) ? "adopted what stands" : "attached",
                           config->edge.interface, plane_is_native(edge->plane) ? "native" : "generic");
        return r;
}

/* Before anything in the kernel is touched: a second edge would put its services over the first one's. */
static int lock_state(struct edge *edge, struct error *error)
{
        char path[PATH_MAX];
        int r;

        if (snprintf(path, sizeof(path), "%s/edge.lock", edge->state) >= (int)sizeof(path))
                return error_say(error, -ENAMETOOLONG, "chemin trop long : %s", "path too long: %s",
                                 edge->state);
        r = file_lock(path, &edge->lock, error);
        if (r == -EBUSY)
                return error_say(error, r, "un autre garde-edge travaille avec %s : arrêtez-le d’abord",
                                 "another garde-edge works with %s: stop it first", edge->state);
        return r;
}

static int edge_open(struct service *service, struct error *error)
{
        struct edge *edge = service->context;
        const struct config *config = service->config;
        int r = check_config(config, error);

        edge->service = service;
        if (!r)
                r = folders_state(config->state, "edge", config->users.edge, edge->state, error);
        if (!r)
                r = lock_state(edge, error);
        if (!r)
                r = geo_load(config->edge.geo.ipv4[0] ? config->edge.geo.ipv4 : NULL,
                             config->edge.geo.ipv6[0] ? config->edge.geo.ipv6 : NULL, &edge->geo, error);
        if (!r)
                r = open_plane(edge, config, error);
        return r;
}

static int edge_drop(struct service *service, struct error *error)
{
        struct edge *edge = service->context;
        const struct config *config = service->config;
        const int capabilities[] = {CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON};
        const struct sandbox_path paths[] = {
                {edge->state, SANDBOX_READ | SANDBOX_WRITE}, {config->run, SANDBOX_READ},
                {config->edge.geo.ipv4, SANDBOX_READ},       {config->edge.geo.ipv6, SANDBOX_READ},
                {"/usr/share/zoneinfo", SANDBOX_READ},       {"/etc/localtime", SANDBOX_READ}};
        const struct sandbox_options options = {.user = config->users.edge,
                                                .capabilities = capabilities,
                                                .capability_count = ARRAY_LEN(capabilities),
                                                .paths = paths,
                                                .path_count = ARRAY_LEN(paths),
                                                .profile = SANDBOX_PROFILE_EDGE};
        int r = sandbox_enter(&options, error);

        return r < 0 ? r : 0;
}

/* ---- the tick ---- */

static const char *change_of(const struct measure *measure)
{
        switch (measure->state) {
        case MEASURE_STATE_LIFTED:
        case MEASURE_STATE_EXPIRED:
        case MEASURE_STATE_REFUSED:
                return "ended";
        case MEASURE_STATE_PROBATION:
                return "changed";
        default:
                return "applied";
        }
}

/* Whoever reads the log reads it in the structure's language. */
static enum language edge_language(const struct edge *edge)
{
        return edge->service->config->structure.language;
}

static const char *why_say(const struct edge *edge, const struct bitext *why)
{
        return language_pick(edge_language(edge), why->fr, why->en);
}

static void tell_failure(const struct edge *edge, const struct error *error, int code)
{
        log_error("%s", error_text_in(error, code, edge_language(edge)));
}

static void tell_event(struct edge *edge, const struct guard_event *event)
{
        if (event->finding) {
                log_notice("%s: %s", event->finding->subject, why_say(edge, &event->finding->why));
                edge_link_keep(edge->link, json_pack("{s:s, s:o}", "type", "finding", "finding",
                                                     finding_to_json(event->finding)));
        }
        if (event->measure) {
                log_notice("%s: %s %s: %s", event->measure->subject, change_of(event->measure),
                           measure_kind_word(event->measure->kind), why_say(edge, &event->measure->why));
                edge_link_keep(edge->link, json_pack("{s:s, s:s, s:o}", "type", "measure", "change",
                                                     change_of(event->measure), "measure",
                                                     measure_to_json(event->measure)));
        }
}

static void on_tick(uv_timer_t *timer)
{
        struct edge *edge = timer->data;
        const struct guard_event *events;
        struct error error = {0};
        int count = guard_tick(edge->guard, &events, &error);

        if (count < 0) {
                error_context(
                        &error, count,
                        "la garde des paquets s’arrête, et ce qui est posé dans le noyau y reste jusqu’à son "
                        "échéance",
                        "the guard cannot go on, and what stands in the kernel stays until it expires");
                tell_failure(edge, &error, count);
                service_stop(edge->service, 1);
                return;
        }
        for (int i = 0; i < count; i++)
                tell_event(edge, &events[i]);
        if (edge->ticks++ % TRAFFIC_EVERY_TICKS == 0)
                edge_link_tell(edge->link, edge_traffic(edge->guard, edge->geo, edge->service->config,
                                                        clock_wall_ms(&clock_system)));
}

/* ---- what people want ---- */

static bool is_listed(const json_t *list, const char *id)
{
        size_t index;
        const json_t *value;

        json_array_foreach(list, index, value) if (json_is_string(value) &&
                                                   !strcmp(json_string_value(value), id)) return true;
        return false;
}

/* One that is gone already is no error. Of the edge's own making: its like is not put up again either. */
static void lift(struct edge *edge, const struct id *id)
{
        const struct measure *standing[SHIELD_SLOTS];
        size_t count = guard_measures(edge->guard, standing, SHIELD_SLOTS);

        for (size_t i = 0; i < count; i++) {
                if (strcmp(standing[i]->id.text, id->text))
                        continue;
                if (!strcmp(standing[i]->owner, "edge"))
                        guard_forbid(edge->guard, id, NULL);
                else
                        guard_lift(edge->guard, id, NULL);
        }
}

static void lift_listed(struct edge *edge, const json_t *lifted)
{
        size_t index;
        const json_t *value;

        json_array_foreach(lifted, index, value)
        {
                struct id id;
                if (json_is_string(value) && !id_parse(json_string_value(value), 'm', &id))
                        lift(edge, &id);
        }
}

/* What a person asked for stands from now on: the hub still has it as proposed. */
static void tell_asked(struct edge *edge, const struct id *id)
{
        const struct measure *measures[SHIELD_SLOTS];
        size_t count = guard_measures(edge->guard, measures, ARRAY_LEN(measures));

        for (size_t i = 0; i < count; i++)
                if (!strcmp(measures[i]->id.text, id->text))
                        tell_event(edge, &(struct guard_event){.measure = measures[i]});
}

static void on_desired(void *context, const json_t *desired)
{
        struct edge *edge = context;
        const json_t *lifted = json_object_get(desired, "lifted"), *value;
        size_t index;

        lift_listed(edge, lifted);
        json_array_foreach(json_object_get(desired, "asked"), index, value)
        {
                struct measure measure = {0};
                struct error error = {0};
                int r = measure_from_json(value, &measure, &error);
                if (!r && !is_listed(lifted, measure.id.text))
                        r = guard_ask(edge->guard, &measure, &error);
                if (!r && measure.state == MEASURE_STATE_PROPOSED && !is_listed(lifted, measure.id.text))
                        tell_asked(edge, &measure.id);
                if (r) {
                        error_context(&error, r, "une mesure demandée ne peut pas être en place",
                                      "a measure that was asked for cannot stand");
                        tell_failure(edge, &error, r);
                }
                if (r && id_is_set(&measure.id) && measure.state == MEASURE_STATE_PROPOSED) {
                        measure.state = MEASURE_STATE_REFUSED; /* told once, so that nobody waits for it */
                        tell_event(edge, &(struct guard_event){.measure = &measure});
                }
                measure_release(&measure);
        }
}

/* ---- life ---- */

static void fill_guard_config(const struct config *config, struct guard_config *ret_config)
{
        *ret_config = (struct guard_config){.floor_pps = config->edge.floor_pps,
                                            .hold_seconds = config->edge.hold_seconds,
                                            .max_measure_seconds = config->edge.max_measure_seconds,
                                            .learn_seconds = config->edge.learn_seconds,
                                            .watch = config->edge.answer == CONFIG_ANSWER_WATCH};
        for (unsigned i = 0; i < config->edge.service_count; i++) {
                snprintf(ret_config->services[i].name, sizeof(ret_config->services[i].name), "%s",
                         config->edge.services[i].name);
                ret_config->services[i].capacity_pps = config->edge.services[i].capacity_pps;
        }
}

static int open_link(struct edge *edge, struct error *error)
{
        char socket[PATH_MAX], spool[PATH_MAX];

        snprintf(socket, sizeof(socket), "%s/%s", edge->service->config->run, PROTOCOL_SOCKET);
        if (snprintf(spool, sizeof(spool), "%s/hub.spool", edge->state) >= (int)sizeof(spool))
                return error_say(error, -ENAMETOOLONG, "chemin trop long : %s", "path too long: %s",
                                 edge->state);
        const struct edge_link_options options = {.loop = edge->service->loop,
                                                  .socket = socket,
                                                  .spool = spool,
                                                  .context = edge,
                                                  .on_desired = on_desired};
        return edge_link_open(&options, &edge->link, error);
}

static int edge_start(struct service *service, struct error *error)
{
        struct edge *edge = service->context;
        struct guard_config config;
        int r;

        fill_guard_config(service->config, &config);
        r = guard_new(edge->plane, edge->geo, &config, &clock_system, &random_system, &edge->guard, error);
        if (!r)
                r = open_link(edge, error);
        if (r)
                return r;
        r = uv_timer_init(service->loop, &edge->tick);
        if (r)
                return error_say(error, r, "impossible d’armer une minuterie : %m", "no timer: %m");
        edge->tick.data = edge;
        edge->tick_open = true;
        return uv_timer_start(&edge->tick, on_tick, GUARD_TICK_MS, GUARD_TICK_MS);
}

/* A new country database is taken up whole; a bad one changes nothing. */
static void edge_reload(struct service *service)
{
        struct edge *edge = service->context;
        const struct config *config = service->config;
        struct error error = {0};
        struct geo *geo = NULL;
        int r = geo_load(config->edge.geo.ipv4, config->edge.geo.ipv6, &geo, &error);

        if (!r)
                r = plane_set_geo(edge->plane, geo, &error);
        if (r) {
                error_context(&error, r, "la base des pays reste telle quelle",
                              "the country database stays as it was");
                tell_failure(edge, &error, r);
                geo_free(geo);
                return;
        }
        geo_replace(edge->geo, geo);
        log_notice("a new country database is in force");
}

static void edge_stop(struct service *service)
{
        struct edge *edge = service->context;

        if (edge->tick_open) {
                uv_close((uv_handle_t *)&edge->tick, NULL);
                edge->tick_open = false;
        }
        edge->link = edge_link_close(edge->link);
}

int main(int argc, char **argv)
{
        static const struct service_program program = {
                .name = "garde-edge",
                .summary_fr = "la porte de Garde : voit les paquets, écarte les inondations, laisse passer "
                              "les patients",
                .summary_en = "Garde's door: sees packets, drops floods, lets patients through",
                .open = edge_open,
                .drop = edge_drop,
                .start = edge_start,
                .reload = edge_reload,
                .stop = edge_stop,
        };
        struct edge edge = {.lock = -1};
        int r = service_main(&program, &edge, argc, argv);

        edge.guard = guard_free(edge.guard);
        edge.plane = plane_close(edge.plane);
        edge.geo = geo_free(edge.geo);
        cleanup_fd(&edge.lock);
        return r;
}
