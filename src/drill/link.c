/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/link.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/paths.h"
#include "drill/process.h"
#include "drill/topology.h"
#include "service/channel.h"

#define START_TRIES   300 /* of 50 ms: compiling the country tables takes a moment */
#define CALL_MS       2000
#define STOP_GRACE_MS 8000
#define LEARN_MARGIN  8 /* seconds of the calm that are not needed for learning */

/* Users of the package when they exist; otherwise numbers that belong to nobody. */
static const char *user_or(const char *name, const char *number)
{
        return getpwnam(name) ? name : number;
}

static void write_services(const struct scenario *scenario, struct buffer *config)
{
        for (unsigned i = 0; i < scenario->service_count; i++) {
                const struct scenario_service *service = &scenario->services[i];

                buffer_format(config,
                              "    - name: %s\n      addresses: [%s, \"%s\"]\n      ports: [tcp/%u]\n",
                              service->name, service->v4, service->v6, service->port);
        }
}

static void write_config(const struct scenario *scenario, const struct workspace *workspace, bool watch,
                         struct buffer *config)
{
        uint32_t learn = scenario->calm_s > LEARN_MARGIN + 1 ? scenario->calm_s - LEARN_MARGIN : 1;

        buffer_format(config,
                      "structure:\n  name: \"Hôpital de l'exercice\"\n  finess: \"750000000\"\n"
                      "  kind: etablissement\n  address: \"1, rue de l'Exercice, 75000 Paris\"\n"
                      "people:\n"
                      "  declarant: {name: \"Camille Martin\", function: \"RSSI (exercice)\","
                      " phone: \"01 99 00 00 01\", mail: \"rssi@hopital.example\"}\n"
                      "  dpo: {name: \"Dominique Petit\", function: \"DPO (exercice)\","
                      " phone: \"01 99 00 00 02\", mail: \"dpo@hopital.example\"}\n"
                      "  direction: {name: \"Claude Durand\", function: \"Direction (exercice)\","
                      " phone: \"01 99 00 00 03\", mail: \"direction@hopital.example\"}\n"
                      "state: %s/state\nrun: %s/run\npin: %s\n",
                      workspace->work, workspace->work, workspace->pin);
        /*
         * Without TLS: what is shown is made up and does not leave this machine, and an exercise must not teach people to click a
         * browser's warning away.
         */
        buffer_text(config, "console: {listen: \"127.0.0.1:0\", tls: off}\n");
        buffer_format(config, "users: {edge: \"%s\", hub: \"%s\"}\n", user_or("garde-edge", "61741"),
                      user_or("garde-hub", "61742"));
        buffer_format(config, "edge:\n  interface: %s\n  answer: %s\n  learn_seconds: %u\n  services:\n",
                      TOPOLOGY_WAN, watch ? "watch" : "act", learn);
        write_services(scenario, config);
}

static json_t *ask_status(const struct link *link)
{
        CLEANUP(json_decrefp) json_t *request = json_pack("{s:s}", "type", "status");
        json_t *status = NULL;

        return channel_call(link->socket, request, CALL_MS, &status, NULL) ? NULL : status;
}

static bool is_ready(const struct link *link)
{
        CLEANUP(json_decrefp) json_t *status = ask_status(link);

        return json_is_true(json_object_get(json_object_get(status, "edge"), "connected"));
}

/* The last line of Garde's log says best why it is not there. */
static int not_ready(const struct link *link, int code, struct error *error)
{
        CLEANUP(cleanup_free) char *text = NULL;
        size_t length;
        char *line;

        if (file_read(link->log, 1 << 20, &text, &length, NULL) || !length)
                return error_say(error, code, "Garde ne démarre pas dans l’exercice, et n’en dit rien",
                                 "Garde does not start in the exercise, and says nothing");
        while (length && text[length - 1] == '\n')
                text[--length] = '\0';
        line = strrchr(text, '\n');
        return error_say(error, code, "Garde ne démarre pas dans l’exercice : %s",
                         "Garde does not start in the exercise: %s", line ? line + 1 : text);
}

static int wait_ready(struct link *link, struct error *error)
{
        int status;

        for (int i = 0; i < START_TRIES; i++) {
                if (is_ready(link))
                        return 0;
                if (!process_alive(&link->hub, &status) || !process_alive(&link->edge, &status))
                        return not_ready(link, -ECHILD, error);
                poll(NULL, 0, 50);
        }
        return not_ready(link, -ETIMEDOUT, error);
}

/* The hub tells its one-time link to nobody but its log. */
static void find_console(struct link *link)
{
        CLEANUP(cleanup_free) char *text = NULL;
        const char *sign, *start;
        size_t length;

        if (file_read(link->log, 1 << 20, &text, &length, NULL))
                return;
        sign = strstr(text, "setup#");
        if (!sign)
                return;
        start = sign;
        while (start > text && start[-1] != ' ')
                start--;
        snprintf(link->console, sizeof(link->console), "%.*s", (int)(sign - start), start);
        snprintf(link->first_link, sizeof(link->first_link), "%.*s", (int)strcspn(start, " \n"), start);
}

static int spawn(const struct link *link, const char *name, const struct netns *netns, pid_t *ret_pid,
                 struct error *error)
{
        char program[PATH_MAX];
        const char *const argv[] = {program, "-c", link->config, NULL};
        const struct process_place place = {
                .netns = netns, .cpu = PROCESS_ANY_CPU, .log = link->log, .folder = "/"};
        int r = paths_program(name, program, error);

        return r ? r : process_spawn(&place, argv, ret_pid, error);
}

int link_start(const struct scenario *scenario, const struct netns *edge, const struct workspace *workspace,
               bool watch, struct link *ret_link, struct error *error)
{
        CLEANUP(buffer_release) struct buffer config = BUFFER_INIT(65536);
        struct link link = LINK_INIT;
        int r;

        snprintf(link.config, sizeof(link.config), "%s/garde.yaml", workspace->work);
        snprintf(link.socket, sizeof(link.socket), "%s/run/hub.sock", workspace->work);
        snprintf(link.log, sizeof(link.log), "%s/garde.log", workspace->work);
        write_config(scenario, workspace, watch, &config);
        r = file_write_atomic(link.config, buffer_string(&config), config.length, 0644, error);
        if (!r)
                r = spawn(&link, "garde-hub", NULL, &link.hub, error);
        if (!r)
                r = spawn(&link, "garde-edge", edge, &link.edge, error);
        if (!r)
                r = wait_ready(&link, error);
        if (r) {
                link_stop(&link);
                return r;
        }
        find_console(&link);
        *ret_link = link;
        return 0;
}

void link_stop(struct link *link)
{
        process_stop(&link->edge, STOP_GRACE_MS);
        process_stop(&link->hub, STOP_GRACE_MS);
}

int link_alive(struct link *link, struct error *error)
{
        int status;

        return process_alive(&link->hub, &status) && process_alive(&link->edge, &status)
                       ? 0
                       : not_ready(link, -ECHILD, error);
}

/* Consumes the request. */
static int call(const struct link *link, json_t *request, json_t **ret_answer, struct error *error)
{
        json_t *answer = NULL;
        int r = request ? channel_call(link->socket, request, CALL_MS, &answer, error)
                        : error_say(error, -ENOMEM, "mémoire insuffisante", "not enough memory");

        json_decref(request);
        if (r)
                return r;
        if (ret_answer)
                *ret_answer = answer;
        else
                json_decref(answer);
        return 0;
}

int link_status(const struct link *link, json_t **ret_status, struct error *error)
{
        return call(link, json_pack("{s:s}", "type", "status"), ret_status, error);
}

int link_incident(const struct link *link, const char *id, json_t **ret_incident, struct error *error)
{
        return call(link, json_pack("{s:s, s:s}", "type", "incident.show", "incident", id), ret_incident,
                    error);
}

int link_measures(const struct link *link, json_t **ret_measures, struct error *error)
{
        return call(link, json_pack("{s:s, s:b}", "type", "measure.list", "all", 1), ret_measures, error);
}

int link_ask(const struct link *link, const char *kind, const char *service, const json_t *selector,
             const char *why_fr, const char *why_en, unsigned seconds, struct error *error)
{
        char until[TIME_TEXT_SIZE];

        time_format(clock_wall_ms(&clock_system) + (int64_t)seconds * 1000, until);
        return call(link,
                    json_pack("{s:s, s:s, s:s, s:O, s:s, s:s, s:{s:s, s:s}}", "type", "measure.ask", "kind",
                              kind, "subject", service, "selector", selector, "until", until, "author",
                              LINK_PERSON, "why", "fr", why_fr, "en", why_en),
                    NULL, error);
}

int link_lift(const struct link *link, const char *measure, struct error *error)
{
        return call(link,
                    json_pack("{s:s, s:s, s:s, s:s}", "type", "measure.lift", "measure", measure, "author",
                              LINK_PERSON, "reason", "réouverture par étapes"),
                    NULL, error);
}

int link_answer(const struct link *link, const char *incident, const char *fact, const char *value,
                struct error *error)
{
        return call(link,
                    json_pack("{s:s, s:s, s:s, s:s, s:s}", "type", "incident.fact", "incident", incident,
                              "name", fact, "value", value, "author", LINK_PERSON),
                    NULL, error);
}

int link_declared(const struct link *link, const char *incident, const char *rule, json_t *files,
                  struct error *error)
{
        return call(link,
                    json_pack("{s:s, s:s, s:s, s:s, s:O}", "type", "declaration.made", "incident", incident,
                              "rule", rule, "author", LINK_PERSON, "files", files),
                    NULL, error);
}

int link_seal(const struct link *link, struct error *error)
{
        return call(link, json_pack("{s:s}", "type", "journal.head"), NULL, error);
}

/* VmRSS of one process in bytes. */
static uint64_t resident_of(pid_t pid)
{
        CLEANUP(cleanup_file) FILE *file = NULL;
        char path[64], line[256];
        unsigned long kib = 0;

        snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
        file = fopen(path, "re");
        while (file && fgets(line, sizeof(line), file))
                if (sscanf(line, "VmRSS: %lu kB", &kib) == 1)
                        break;
        return (uint64_t)kib * 1024;
}

uint64_t link_resident(struct link *link)
{
        uint64_t bytes = resident_of(link->hub) + resident_of(link->edge);

        if (bytes > link->resident_max)
                link->resident_max = bytes;
        return bytes;
}
