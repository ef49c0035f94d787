/* SPDX-License-Identifier: EUPL-1.2 */
/* garde-hub: the desk, its journal and its socket. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/paths.h"
#include "daemon/console.h"
#include "daemon/folders.h"
#include "hub/act_people.h"
#include "hub/courier.h"
#include "hub/protocol.h"
#include "hub/front.h"
#include "hub/letters.h"
#include "hub/retention.h"
#include "journal/journal.h"
#include "obligation/rule.h"
#include "service/channel.h"
#include "service/sandbox.h"
#include "service/service.h"

#define HEAD_INTERVAL_MS   (60 * 60 * 1000) /* signed heads come at each legal act, and at least this often */
#define PEOPLE_INTERVAL_MS (60 * 1000)
#define OUT_INTERVAL_MS    200 /* what is news waits no longer than this */
#define OUT_PAUSE_MS       10  /* while much is to be followed: others are served in between */

struct hub {
        struct catalogue catalogue;
        struct rule_set rules;
        struct playbook_set playbooks;
        struct template_set templates;
        struct journal *journal;
        struct desk *desk;
        struct front *front;
        struct api *console; /* NULL: none */
        struct watch *watch;
        struct people *people;
        struct world world;
        uv_timer_t heads, minutes, out, erasing;
        bool timers_open;
        bool hours; /* a round of looking for overdue duties is on its way */
        unsigned edge_uid, respond_uid;
        gid_t owner_group;
        char state[PATH_MAX];
};

static int load_data(struct hub *hub, struct error *error)
{
        char folder[PATH_MAX];
        int r = paths_data("facts", folder, error);

        if (!r)
                r = catalogue_load(folder, &hub->catalogue, error);
        if (!r)
                r = paths_data("obligations", folder, error);
        if (!r)
                r = rules_load(folder, &hub->catalogue, &hub->rules, error);
        if (!r)
                r = paths_data("playbooks", folder, error);
        if (!r)
                r = playbooks_load(folder, &hub->catalogue, &hub->playbooks, error);
        if (!r)
                r = paths_data("letters", folder, error);
        if (!r)
                r = templates_load(folder, &hub->catalogue, &hub->templates, error);
        return r;
}

static int hub_open(struct service *service, struct error *error)
{
        struct hub *hub = service->context;
        const struct config *config = service->config;
        unsigned gid;
        int r = load_data(hub, error);

        if (!r)
                r = config_user_lookup(config->users.edge, &hub->edge_uid, &gid, error);
        hub->respond_uid = CHANNEL_NOBODY;
        if (!r && config->out.target_count)
                r = config_user_lookup(config->users.respond, &hub->respond_uid, &gid, error);
        if (!r)
                r = folders_group(config->hub.owner_group, &hub->owner_group, error);
        if (!r)
                r = folders_prepare(config->run, config->users.hub, 0755, error);
        if (!r)
                r = folders_state(config->state, "hub", config->users.hub, hub->state, error);
        if (!r)
                r = console_prepare(config, hub->state, &hub->console, error);
        return r;
}

static int hub_drop(struct service *service, struct error *error)
{
        struct hub *hub = service->context;
        const struct sandbox_path paths[] = {{hub->state, SANDBOX_READ | SANDBOX_WRITE},
                                             {service->config->run, SANDBOX_READ | SANDBOX_WRITE},
                                             {"/usr/share/zoneinfo", SANDBOX_READ},
                                             {"/etc/localtime", SANDBOX_READ},
                                             /* Papers are set in letters. */
                                             {"/etc/fonts", SANDBOX_READ},
                                             {"/usr/share/fonts", SANDBOX_READ},
                                             {"/usr/share/fontconfig", SANDBOX_READ},
                                             {"/var/cache/fontconfig", SANDBOX_READ}};
        const struct sandbox_options options = {.user = service->config->users.hub,
                                                .paths = paths,
                                                .path_count = ARRAY_LEN(paths),
                                                .profile = SANDBOX_PROFILE_HUB};
        int r = sandbox_enter(&options, error);

        return r < 0 ? r : 0;
}

static void sign_head(uv_timer_t *timer)
{
        struct hub *hub = timer->data;
        struct head last, head;
        struct error error = {0};
        int r;

        if (!journal_last_head(hub->journal, &last, NULL) && last.size == journal_size(hub->journal))
                return;
        r = journal_head(hub->journal, &head, &error);
        if (r)
                log_error("the journal's head could not be signed: %s", error_text(&error, r));
}

/* Views are replayed when they are new: that may take minutes, in which the manager must wait and a signal be heard. */
static int on_replay(void *context, uint64_t done, uint64_t all)
{
        struct service *service = context;

        if (!done)
                log_notice("the journal's views are made again from %llu records", (unsigned long long)all);
        service_notify("EXTEND_TIMEOUT_USEC=30000000");
        uv_run(service->loop, UV_RUN_NOWAIT);
        return service_is_stopping(service);
}

static int open_journal(struct hub *hub, struct service *service, struct error *error)
{
        const struct journal_progress progress = {.tell = on_replay, .context = service};
        char path[PATH_MAX], key[PATH_MAX];

        if (snprintf(path, sizeof(path), "%s/journal.db", hub->state) >= (int)sizeof(path) ||
            snprintf(key, sizeof(key), "%s/journal.key", hub->state) >= (int)sizeof(key))
                return error_say(error, -ENAMETOOLONG, "chemin trop long : %s", "path too long: %s",
                                 hub->state);
        const struct journal_config config = {.path = path,
                                              .key_path = key,
                                              .clock = &clock_system,
                                              .random = &random_system,
                                              .progress = &progress};
        return journal_open(&config, &hub->journal, error);
}

static int open_people(struct hub *hub, const struct config *config, struct error *error)
{
        struct people_policy policy = {
                .second_factor_required = config->console.second_factor == CONFIG_SECOND_FACTOR_REQUIRED,
                .session_idle_ms = (int64_t)config->console.session_idle_minutes * 60 * 1000,
                .session_absolute_ms = (int64_t)config->console.session_hours * 3600 * 1000};
        char path[PATH_MAX];

        if (snprintf(path, sizeof(path), "%s/people.db", hub->state) >= (int)sizeof(path))
                return error_say(error, -ENAMETOOLONG, "chemin trop long : %s", "path too long: %s",
                                 hub->state);
        snprintf(policy.issuer, sizeof(policy.issuer), "%.63s", config->structure.name);
        return people_open(path, &policy, &clock_system, &random_system, &hub->people, error);
}

static int open_front(struct hub *hub, struct service *service, struct error *error)
{
        const struct config *config = service->config;
        char socket[PATH_MAX];

        snprintf(socket, sizeof(socket), "%s/%s", config->run, PROTOCOL_SOCKET);
        const struct front_options options = {.loop = service->loop,
                                              .world = &hub->world,
                                              .socket = socket,
                                              .edge_uid = hub->edge_uid,
                                              .respond_uid = hub->respond_uid,
                                              .owner_group = hub->owner_group};
        return front_open(&options, &hub->front, error);
}

/* What leaves the house, and what is erased in time, when the configuration wants either. */
static int open_outside(struct hub *hub, const struct config *config, struct error *error)
{
        char path[PATH_MAX];
        int r = 0;

        if (snprintf(path, sizeof(path), "%s/outbox.db", hub->state) >= (int)sizeof(path))
                return error_say(error, -ENAMETOOLONG, "chemin trop long : %s", "path too long: %s",
                                 hub->state);
        if (config->out.target_count)
                r = courier_open(&hub->world, path, &hub->world.courier, error);
        if (!r && (config->hub.retention.personal_days || config->hub.retention.reports_days))
                r = retention_new(&hub->world, &hub->world.retention, error);
        return r;
}

static void make_world(struct hub *hub, const struct config *config)
{
        hub->world = (struct world){.desk = hub->desk,
                                    .journal = hub->journal,
                                    .catalogue = &hub->catalogue,
                                    .rules = &hub->rules,
                                    .playbooks = &hub->playbooks,
                                    .config = config,
                                    .clock = &clock_system,
                                    .random = &random_system,
                                    .watch = hub->watch,
                                    .people = hub->people,
                                    .ask_approval = act_people_ask};
        snprintf(hub->world.state, sizeof(hub->world.state), "%s", hub->state);
}

static void look_after_people(uv_timer_t *timer)
{
        struct hub *hub = timer->data;

        hub->hours = true;
        act_people_tick(&hub->world);
}

static void watch_hours(struct hub *hub)
{
        struct error error = {0};
        int r = hub->hours ? courier_watch_hours(hub->world.courier, &error) : 0;

        if (r < 0)
                log_error("overdue duties could not be put into the outbox: %s", error_text(&error, r));
        hub->hours = r == COURIER_MORE;
}

/* A timer runs before what came in is read: nothing is held then. */
static void follow_journal(uv_timer_t *timer)
{
        struct hub *hub = timer->data;
        struct error error = {0};
        int r = courier_follow(hub->world.courier, &error);

        if (r < 0)
                log_error("news could not be put into the outbox: %s", error_text(&error, r));
        if (r == COURIER_MORE)
                uv_timer_start(timer, follow_journal, OUT_PAUSE_MS, OUT_INTERVAL_MS);
        else
                watch_hours(hub);
}

static void erase_old(uv_timer_t *timer)
{
        struct hub *hub = timer->data;
        struct error error = {0};
        unsigned erased = 0;
        int r;

        if (!retention_is_time(&hub->world))
                return;
        r = retention_step(hub->world.retention, &erased, &error);
        if (r < 0)
                log_error("personal texts could not be erased: %s", error_text(&error, r));
}

static int start_timers(struct hub *hub, uv_loop_t *loop, struct error *error)
{
        int r = uv_timer_init(loop, &hub->heads);

        if (!r)
                r = uv_timer_init(loop, &hub->minutes);
        if (!r)
                r = uv_timer_init(loop, &hub->out);
        if (!r)
                r = uv_timer_init(loop, &hub->erasing);
        if (r)
                return error_say(error, r, "impossible d’armer une minuterie : %m", "no timer: %m");
        hub->timers_open = true;
        hub->heads.data = hub->minutes.data = hub->out.data = hub->erasing.data = hub;
        if (hub->world.courier)
                uv_timer_start(&hub->out, follow_journal, OUT_INTERVAL_MS, OUT_INTERVAL_MS);
        if (hub->world.retention)
                uv_timer_start(&hub->erasing, erase_old, RETENTION_EVERY_MS, RETENTION_EVERY_MS);
        uv_timer_start(&hub->minutes, look_after_people, PEOPLE_INTERVAL_MS, PEOPLE_INTERVAL_MS);
        return uv_timer_start(&hub->heads, sign_head, HEAD_INTERVAL_MS, HEAD_INTERVAL_MS);
}

static int hub_start(struct service *service, struct error *error)
{
        struct hub *hub = service->context;
        const struct config *config = service->config;
        int r = open_journal(hub, service, error);

        if (r)
                return r;
        const struct desk_options options = {.journal = hub->journal,
                                             .clock = &clock_system,
                                             .random = &random_system,
                                             .catalogue = &hub->catalogue,
                                             .rules = &hub->rules,
                                             .playbooks = &hub->playbooks,
                                             .join_window_ms = (int64_t)config->hub.join_minutes * 60 * 1000,
                                             .structure_kind = config_kind_word(config->structure.kind)};
        r = desk_new(&options, &hub->desk, error);
        if (!r)
                r = watch_new(&hub->watch, error);
        if (!r)
                r = open_people(hub, config, error);
        if (r)
                return r;
        make_world(hub, config);
        r = open_outside(hub, config, error);
        if (!r)
                r = letters_open(service->loop, &hub->world, &hub->templates, &hub->world.letters, error);
        if (!r)
                r = open_front(hub, service, error);
        if (!r && hub->console)
                r = api_start(hub->console, service->loop, &hub->world, error);
        if (r)
                return r;
        if (hub->console)
                act_people_start(&hub->world, api_address(hub->console));
        return start_timers(hub, service->loop, error);
}

static void hub_stop(struct service *service)
{
        struct hub *hub = service->context;

        if (hub->timers_open) {
                sign_head(&hub->heads);
                uv_close((uv_handle_t *)&hub->heads, NULL);
                uv_close((uv_handle_t *)&hub->minutes, NULL);
                uv_close((uv_handle_t *)&hub->out, NULL);
                uv_close((uv_handle_t *)&hub->erasing, NULL);
                hub->timers_open = false;
        }
        if (hub->watch)
                watch_tell(hub->watch,
                           &(struct watch_event){.kind = WATCH_ENDING, .incident = "", .act = ""});
        hub->world.letters = letters_close(hub->world.letters);
        hub->console = api_close(hub->console);
        hub->front = front_close(hub->front);
}

int main(int argc, char **argv)
{
        static const struct service_program program = {
                .name = "garde-hub",
                .summary_fr = "le bureau de Garde : incidents, obligations, journal scellé",
                .summary_en = "Garde's desk: incidents, obligations, sealed journal",
                .open = hub_open,
                .drop = hub_drop,
                .start = hub_start,
                .stop = hub_stop,
        };
        struct hub hub = {0};
        int r = service_main(&program, &hub, argc, argv);

        hub.world.courier = courier_close(hub.world.courier);
        hub.world.retention = retention_free(hub.world.retention);
        traffic_release(&hub.world.traffic);
        hub.people = people_close(hub.people);
        hub.watch = watch_free(hub.watch);
        hub.desk = desk_free(hub.desk);
        hub.journal = journal_close(hub.journal);
        playbooks_release(&hub.playbooks);
        templates_release(&hub.templates);
        rules_release(&hub.rules);
        catalogue_release(&hub.catalogue);
        return r;
}
