/* SPDX-License-Identifier: EUPL-1.2 */
/* garde check: everything that is wrong with the configuration and the data, at once. */
#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "cli/check_data.h"
#include "cli/check_shelf.h"
#include "cli/cli.h"

/* What was read, and all that is wrong. */
struct check {
        struct config *config; /* NULL when at fault */
        struct data_check data;
        json_t *faults;
};

static void check_release(struct check *check)
{
        config_free(check->config);
        json_decref(check->faults);
}

static int read_config(const char *path, struct check *check)
{
        CLEANUP(faults_release) struct faults faults = {0};
        struct error error = {.faults = &faults};
        int r = config_load(path, &check->config, &error);

        if (r && !faults.count)
                faults_add(&faults, 0, "", error_text_in(&error, r, LANGUAGE_FR),
                           error_text_in(&error, r, LANGUAGE_EN));
        return faults_to_json(path, &faults, check->faults);
}

/* Faults to stderr, one a line; what was read as a comment after the configuration. */
static int tell(const struct cli *cli, const struct check *check)
{
        const json_t *fault;
        size_t i;

        json_array_foreach(check->faults, i, fault) fprintf(stderr, "garde: %s\n", cli_text(cli, fault));
        if (check->config) {
                if (config_check_print(stdout, check->config, cli_language(cli)))
                        return CLI_FAILED;
                printf(cli_say(cli,
                               "# données : %zu faits, %zu obligations, %zu plans d’action, %zu lettres, "
                               "%zu exercice%s, %zu marques\n",
                               "# data: %zu facts, %zu duties, %zu playbooks, %zu letters, %zu exercise%s, "
                               "%zu brands\n"),
                       check->data.facts, check->data.obligations, check->data.playbooks, check->data.letters,
                       check->data.drills, check->data.drills == 1 ? "" : "s", check->data.brands);
        }
        return json_array_size(check->faults) ? CLI_FAILED : CLI_DONE;
}

static json_t *config_json(const struct config *config)
{
        return json_pack("{s:s, s:i}", "structure", config->structure.name, "services",
                         (int)config->edge.service_count);
}

static int tell_json(const struct cli *cli, const char *path, const struct check *check)
{
        const struct data_check *data = &check->data;
        json_t *first = json_array_get(check->faults, 0);
        json_t *json =
                json_pack("{s:b, s:s, s:s*, s:O, s:{s:I, s:I, s:I, s:I, s:I, s:I}}", "ok", !first, "file",
                          path, "error", first ? cli_text(cli, first) : NULL, "faults", check->faults, "data",
                          "facts", (json_int_t)data->facts, "obligations", (json_int_t)data->obligations,
                          "playbooks", (json_int_t)data->playbooks, "letters", (json_int_t)data->letters,
                          "drills", (json_int_t)data->drills, "brands", (json_int_t)data->brands);

        if (json && check->config && json_object_update_new(json, config_json(check->config))) {
                json_decref(json);
                json = NULL;
        }
        return cli_print_json(json) || first ? CLI_FAILED : CLI_DONE;
}

int command_check(const struct cli *cli, const struct cli_args *args)
{
        CLEANUP(check_release) struct check check = {.faults = json_array()};
        const char *path = args->count ? args->positional[0] : cli->config_path;

        if (!check.faults || read_config(path, &check) || data_check(&check.data, check.faults))
                return cli_fail(cli, NULL, -ENOMEM);
        return cli->json ? tell_json(cli, path, &check) : tell(cli, &check);
}
