/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/drill.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "drill/dossier.h"
#include "drill/outcome.h"
#include "drill/play.h"
#include "drill/stage.h"
#include "drill/view.h"

#define OUT_PARENT "/var/lib/garde/drills"
#define REPORT_MAX (16u * 1024 * 1024)
#define TABLE_MAX  (64u * 1024)
#define STAY_MS    200 /* until somebody who stays looks again */

static const char *const policy_words[] = {
#define WORD(name, word) word,
        DRILL_POLICIES(WORD)};

const char *drill_policy_word(enum drill_policy policy)
{
        return policy_words[policy];
}

int drill_policy_parse(const char *word, enum drill_policy *ret_policy)
{
        for (unsigned i = 0; i < DRILL_POLICY_COUNT; i++) {
                if (!strcmp(word, policy_words[i])) {
                        *ret_policy = i;
                        return 0;
                }
        }
        return -EINVAL;
}

/* ---- interruption: everything is taken down in order, whoever asked for the end ---- */

static volatile sig_atomic_t interruption;

static void on_signal(int number)
{
        interruption = number;
}

static bool interrupted(void)
{
        return interruption != 0;
}

static const int end_signals[] = {SIGINT, SIGTERM, SIGHUP};

static void catch_signals(struct sigaction before[static ARRAY_LEN(end_signals)])
{
        const struct sigaction action = {.sa_handler = on_signal};

        interruption = 0;
        for (size_t i = 0; i < ARRAY_LEN(end_signals); i++)
                sigaction(end_signals[i], &action, &before[i]);
}

static void release_signals(const struct sigaction before[static ARRAY_LEN(end_signals)])
{
        for (size_t i = 0; i < ARRAY_LEN(end_signals); i++)
                sigaction(end_signals[i], &before[i], NULL);
}

/* ---- one exercise ---- */

static int make_out(const struct drill_options *options, char out[static PATH_MAX], struct error *error)
{
        char given[PATH_MAX], now[TIME_TEXT_SIZE];
        int r;

        time_format(clock_wall_ms(&clock_system), now);
        now[19] = '\0'; /* up to the second */
        if (options->out)
                snprintf(given, sizeof(given), "%s", options->out);
        else
                snprintf(given, sizeof(given), OUT_PARENT "/%s-%s-%s", options->name,
                         drill_policy_word(options->policy), now);
        r = file_make_folders(given, 0755, error);
        if (r)
                return r;
        if (!realpath(given, out))
                return error_say(error, -errno, "impossible d’utiliser le dossier %s : %m",
                                 "cannot use the folder %s: %m", given);
        return 0;
}

static int write_report(json_t *report, const char *out, struct error *error)
{
        CLEANUP(cleanup_free) char *text = NULL;
        char path[PATH_MAX + 32];

        snprintf(path, sizeof(path), "%s/report.json", out);
        json_object_set_new(json_object_get(report, "files"), "report_json", json_string(path));
        text = json_dumps(report, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
        if (!text)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour le rapport",
                                 "not enough memory for the report");
        return file_write_atomic(path, text, strlen(text), 0644, error);
}

static int print_report(const struct drill_options *options, const json_t *report, const char *out)
{
        CLEANUP(buffer_release) struct buffer table = BUFFER_INIT(TABLE_MAX);

        if (options->json) {
                json_dumpf(report, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
                fputc('\n', stdout);
        } else {
                outcome_table(&table, report, NULL, options->english);
                printf("\n%s\n  %s %s\n", buffer_string(&table),
                       options->english ? "Papers:" : "Papiers :", out);
        }
        return fflush(stdout) ? -errno : 0;
}

static int conclude(const struct drill_options *options, const struct stage *stage,
                    const struct course *course, const char *out, struct error *error)
{
        CLEANUP(dossier_release) struct dossier dossier = DOSSIER_INIT;
        CLEANUP(json_decrefp) json_t *report = NULL;
        struct outcome outcome;
        int r = play_judge(stage, course, &outcome, error);

        outcome.policy = options->policy;
        if (!r)
                r = dossier_ask(&stage->link, course->incident, &dossier, error);
        if (r)
                return r;
        outcome.detected_ms = dossier_detected(&dossier, outcome.attack_wall_ms);
        r = dossier_write(stage, &outcome, out, options->english, &dossier, error);
        if (r)
                return r;
        outcome.measures = dossier.measures;
        outcome.incident = json_object_get(dossier.incident, "incident");
        outcome.obligations = json_object_get(dossier.incident, "obligations");
        outcome.files = dossier.files;
        report = outcome_to_json(&outcome);
        if (!report)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour le rapport",
                                 "not enough memory for the report");
        r = write_report(report, out, error);
        return r ? r : print_report(options, report, out);
}

/* What Garde said is worth most when something went wrong. */
static void keep_log(const struct stage *stage, const char *out)
{
        CLEANUP(cleanup_free) char *text = NULL;
        char path[PATH_MAX + 32];
        size_t length;

        snprintf(path, sizeof(path), "%s/garde.log", out);
        if (stage->link.log[0] && file_read(stage->link.log, REPORT_MAX, &text, &length, NULL) == 0)
                file_write_atomic(path, text, length, 0640, NULL);
}

static void announce(const struct drill_options *options, FILE *talk)
{
        fprintf(talk,
                options->english
                        ? "Exercise %s, policy %s: about two minutes, in network namespaces, nothing leaves "
                          "this machine. Time is compressed: an hour of then is half a minute here.\n"
                        : "Exercice %s, politique %s : environ deux minutes, dans des espaces réseau isolés, "
                          "rien ne sort de cette machine. Le temps est comprimé : une heure d’alors "
                          "tient en une demi-minute.\n",
                options->name, drill_policy_word(options->policy));
        fflush(talk);
}

/* In both languages at once: whoever looks on need not be who typed. */
static void announce_console(const struct link *link, FILE *talk)
{
        if (!link->console[0])
                return;
        fprintf(talk, "Console de l’exercice, en direct / the exercise's console, live: %s\n",
                link->first_link);
        fflush(talk);
}

/* What was played can be looked at: the incident, its duties, its papers. */
static int stay(const struct drill_options *options, struct link *link, FILE *talk, struct error *error)
{
        int r = 0;

        fprintf(talk,
                options->english ? "The hub stays, with its console, until Ctrl-C: %s\n"
                                 : "Le hub reste, avec sa console, jusqu’à Ctrl-C : %s\n",
                link->console);
        fflush(talk);
        while (!r && !interrupted()) {
                poll(NULL, 0, STAY_MS);
                r = link_alive(link, error);
        }
        /* Ctrl-C reaches the daemons, too: they may have ended first. */
        return interrupted() ? 0 : r;
}

static int play_all(const struct drill_options *options, const char *out, struct error *error)
{
        FILE *talk = options->json ? stderr : stdout;
        struct view view = {0};
        struct stage stage;
        struct course course;
        struct play play = {.stage = &stage, .options = options, .view = &view, .interrupted = interrupted};
        int r;

        announce(options, talk);
        r = stage_open(options, &stage, error);
        if (!r) {
                announce_console(&stage.link, talk);
                view_open(&view, talk);
                r = play_run(&play, &course, error);
                view_close(&view);
        }
        if (!r)
                r = conclude(options, &stage, &course, out, error);
        if (!r && options->stay)
                r = stay(options, &stage.link, talk, error);
        if (r)
                keep_log(&stage, out);
        stage_close(&stage);
        return r;
}

int drill_run(const struct drill_options *options, struct error *error)
{
        struct sigaction before[ARRAY_LEN(end_signals)];
        const char *captures;
        char out[PATH_MAX];
        int r;

        if (geteuid() != 0)
                return error_say(error, -EPERM,
                                 "l’exercice crée des espaces de noms réseau : lancez-le en tant que root",
                                 "the exercise makes network namespaces: run it as root");
        r = stage_captures(options->captures, &captures, error);
        if (!r)
                r = make_out(options, out, error);
        if (r)
                return r;
        catch_signals(before);
        r = play_all(options, out, error);
        release_signals(before);
        return r;
}

/* ---- two of them side by side ---- */

static int read_report(const char *folder, json_t **ret_report, struct error *error)
{
        CLEANUP(cleanup_free) char *text = NULL;
        char path[PATH_MAX + 32];
        json_error_t problem;
        size_t length;
        int r;

        snprintf(path, sizeof(path), "%s/report.json", folder);
        r = file_read(path, REPORT_MAX, &text, &length, error);
        if (r)
                return r;
        *ret_report = json_loadb(text, length, JSON_REJECT_DUPLICATES, &problem);
        if (!*ret_report || !json_is_object(*ret_report)) {
                json_decref(*ret_report);
                *ret_report = NULL;
                return error_say(error, -EINVAL, "%s n’est pas le rapport d’un exercice : %s",
                                 "%s is not the report of an exercise: %s", path, problem.text);
        }
        return 0;
}

int drill_compare(const char *dir_a, const char *dir_b, bool json, bool english, struct error *error)
{
        CLEANUP(buffer_release) struct buffer table = BUFFER_INIT(TABLE_MAX);
        CLEANUP(json_decrefp) json_t *a = NULL;
        CLEANUP(json_decrefp) json_t *b = NULL;
        int r = read_report(dir_a, &a, error);

        if (!r)
                r = read_report(dir_b, &b, error);
        if (r)
                return r;
        if (json) {
                CLEANUP(json_decrefp) json_t *both = json_pack("{s:O, s:O}", "a", a, "b", b);

                json_dumpf(both, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
                fputc('\n', stdout);
        } else {
                outcome_table(&table, a, b, english);
                fputs(buffer_string(&table), stdout);
        }
        return fflush(stdout) ? -errno : 0;
}
