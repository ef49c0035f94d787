/* SPDX-License-Identifier: EUPL-1.2 */
/* garde playbook: read from the data here, hub or no hub. garde incident tasks, tick, follow: asked of the hub. */
#include "cli/cli.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/paths.h"
#include "cli/show.h"
#include "incident/cacao.h"

struct shelf {
        struct catalogue catalogue;
        struct playbook_set set;
};

static int shelf_open(struct shelf *shelf, struct error *error)
{
        char folder[PATH_MAX];
        int r = paths_data("facts", folder, error);

        if (!r)
                r = catalogue_load(folder, &shelf->catalogue, error);
        if (!r)
                r = paths_data("playbooks", folder, error);
        if (!r)
                r = playbooks_load(folder, &shelf->catalogue, &shelf->set, error);
        return r;
}

static void shelf_close(struct shelf *shelf)
{
        playbooks_release(&shelf->set);
        catalogue_release(&shelf->catalogue);
}

static const char *say(const struct cli *cli, const struct bitext *text)
{
        return cli_say(cli, text->fr, text->en);
}

static enum language language_of(const struct cli *cli)
{
        return cli->english ? LANGUAGE_EN : LANGUAGE_FR;
}

int command_playbook_list(const struct cli *cli, const struct cli_args *args)
{
        json_t *list = json_array();
        struct shelf shelf = {0};
        struct error error = {0};
        int r = shelf_open(&shelf, &error);

        for (size_t i = 0; i < shelf.set.count && !r; i++) {
                const struct playbook *playbook = &shelf.set.playbooks[i];

                if (cli->json)
                        json_array_append_new(list, playbook_to_json(playbook, false));
                else
                        printf("%-18s %s%s\n", playbook->id, say(cli, &playbook->title),
                               playbook->entry.is_set ? cli_say(cli, "  (bouton)", "  (button)") : "");
        }
        shelf_close(&shelf);
        if (r || !cli->json) {
                json_decref(list);
                return r ? cli_fail(cli, &error, r) : CLI_DONE;
        }
        return cli_print_json(json_pack("{s:o}", "playbooks", list));
}

static void show_due(const struct cli *cli, const struct step_due *due)
{
        if (due->from == STEP_DUE_NONE)
                return;
        printf(" · %lld min", (long long)due->minutes);
        if (due->from == STEP_DUE_AFTER_FACT)
                printf(cli_say(cli, " après %s", " after %s"), due->name);
        else if (due->from == STEP_DUE_BEFORE_RULE)
                printf(cli_say(cli, " avant l’échéance %s", " before %s is due"), due->name);
}

static void show_step(const struct cli *cli, const struct playbook *playbook,
                      const struct playbook_step *step)
{
        printf("  [ ] %s\n      %s.%s · %s", say(cli, &step->text), playbook->id, step->key,
               playbook_role_label(step->role, language_of(cli)));
        show_due(cli, &step->due);
        fputs(step->when.count ? cli_say(cli, " · selon les faits\n", " · depends on the facts\n") : "\n",
              stdout);
        if (step->detail.fr)
                printf("      %s\n", say(cli, &step->detail));
        if (step->evidence.fr)
                printf("      %s%s\n", cli_say(cli, "À garder : ", "To keep: "), say(cli, &step->evidence));
}

static void show_playbook(const struct cli *cli, const struct playbook *playbook)
{
        printf("%s (%s, version %u)\n", say(cli, &playbook->title), playbook->id, playbook->version);
        for (unsigned phase = 0; phase < PLAYBOOK_PHASE_COUNT; phase++) {
                bool any = false;

                for (size_t i = 0; i < playbook->step_count; i++) {
                        if (playbook->steps[i].phase != phase)
                                continue;
                        if (!any)
                                printf("\n%s\n",
                                       playbook_phase_label((enum playbook_phase)phase, language_of(cli)));
                        any = true;
                        show_step(cli, playbook, &playbook->steps[i]);
                }
        }
        for (size_t i = 0; i < playbook->with_count; i++)
                printf("%s%s\n", i ? "" : cli_say(cli, "\nAvec : ", "\nWith: "), playbook->with[i]);
}

/* The playbook of the first positional; says why not on failure, then NULL. The shelf is the caller's to close. */
static const struct playbook *find_playbook(const struct cli *cli, const struct cli_args *args,
                                            struct shelf *shelf)
{
        const struct playbook *playbook = NULL;
        struct error error = {0};
        int r = shelf_open(shelf, &error);

        if (!r) {
                playbook = playbooks_find(&shelf->set, args->positional[0]);
                r = playbook ? 0
                             : error_say(&error, -ENOENT,
                                         "aucun plan d’action « %s » ; la liste : garde playbook list",
                                         "no playbook “%s”; the list: garde playbook list",
                                         args->positional[0]);
        }
        if (r)
                cli_fail(cli, &error, r);
        return playbook;
}

int command_playbook_show(const struct cli *cli, const struct cli_args *args)
{
        struct shelf shelf = {0};
        const struct playbook *playbook = find_playbook(cli, args, &shelf);
        int r = CLI_FAILED;

        if (playbook && cli->json)
                r = cli_print_json(json_pack("{s:o}", "playbook", playbook_to_json(playbook, true)));
        else if (playbook) {
                show_playbook(cli, playbook);
                r = CLI_DONE;
        }
        shelf_close(&shelf);
        return r;
}

int command_playbook_cacao(const struct cli *cli, const struct cli_args *args)
{
        struct shelf shelf = {0};
        const struct playbook *playbook = find_playbook(cli, args, &shelf);
        int r = playbook ? cli_print_json(cacao_from_playbook(playbook, language_of(cli))) : CLI_FAILED;

        shelf_close(&shelf);
        return r;
}

/* ---- of the hub ---- */

static const char *mark_of(const char *state)
{
        if (!strcmp(state, "done"))
                return "[x]";
        if (!strcmp(state, "skipped"))
                return "[/]";
        return strcmp(state, "not-needed") ? "[ ]" : "[-]";
}

static void show_task(const struct cli *cli, const json_t *task)
{
        const char *state = show_word(task, "state");
        const json_t *due = json_object_get(task, "due"), *by = json_object_get(task, "by");
        char when[32];

        printf("  %s %s\n      %s", mark_of(state), cli_text(cli, json_object_get(task, "text")),
               show_word(task, "id"));
        if (json_is_object(json_object_get(task, "role_label")))
                printf(" · %s", cli_text(cli, json_object_get(task, "role_label")));
        if (json_is_string(by))
                printf(" · %s, %s", json_string_value(by), cli_time(json_object_get(task, "at"), when));
        else if (json_is_string(due) && !strcmp(state, "open"))
                printf(cli_say(cli, " · avant le %s", " · before %s"), cli_time(due, when));
        putchar('\n');
}

static int tell_tasks(const struct cli *cli, json_t *answer, bool all)
{
        const char *phase = "";
        const json_t *task;
        size_t i;

        if (cli->json)
                return cli_print_json(answer);
        json_array_foreach(json_object_get(answer, "tasks"), i, task)
        {
                const json_t *label = json_object_get(task, "phase_label");
                const char *now =
                        json_is_object(label) ? cli_text(cli, label) : cli_say(cli, "Autrefois", "Formerly");

                if (!all && !strcmp(show_word(task, "state"), "not-needed"))
                        continue;
                if (strcmp(phase, now))
                        printf("%s%s\n", *phase ? "\n" : "", now);
                phase = now;
                show_task(cli, task);
        }
        json_decref(answer);
        return CLI_DONE;
}

int command_incident_tasks(const struct cli *cli, const struct cli_args *args)
{
        json_t *answer = NULL;
        int r = cli_ask(cli,
                        json_pack("{s:s, s:s}", "type", "incident.tasks", "incident", args->positional[0]),
                        &answer);

        return r ? r : tell_tasks(cli, answer, cli_option(args, "all") != NULL);
}

static const char *given(const struct cli_args *args, const char *option)
{
        const char *value = cli_option(args, option);

        return value ? value : "";
}

int command_incident_tick(const struct cli *cli, const struct cli_args *args)
{
        bool skip = cli_option(args, "skip"), open = cli_option(args, "open");
        json_t *answer = NULL;
        int r;

        if (skip && open)
                return cli_misuse(
                        cli, cli_say(cli, "--skip ou --open, pas les deux", "--skip or --open, not both"));
        r = cli_ask(cli,
                    json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "type", "task.set", "incident",
                              args->positional[0], "task", args->positional[1], "state",
                              skip   ? "skipped"
                              : open ? "open"
                                     : "done",
                              "reason", given(args, "reason"), "note", given(args, "note"), "at",
                              given(args, "at"), "author", cli_author(args)),
                    &answer);
        return r ? r : tell_tasks(cli, answer, false);
}

int command_incident_follow(const struct cli *cli, const struct cli_args *args)
{
        json_t *answer = NULL;
        int r = cli_ask(cli,
                        json_pack("{s:s, s:s, s:s, s:s}", "type", "incident.playbook.add", "incident",
                                  args->positional[0], "playbook", args->positional[1], "author",
                                  cli_author(args)),
                        &answer);

        return r ? r : tell_tasks(cli, answer, false);
}
