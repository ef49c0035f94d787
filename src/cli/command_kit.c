/* SPDX-License-Identifier: EUPL-1.2 */
/* garde kit: the crisis binder, printed beside the hub so that it can be had when nothing else runs. */
#include "cli/cli.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/paths.h"
#include "hub/contacts.h"
#include "hub/kit.h"
#include "hub/papers.h"
#include "journal/journal.h"

struct binder {
        struct catalogue catalogue;
        struct rule_set rules;
        struct playbook_set playbooks;
        json_t *contacts; /* owned; the list or NULL */
        struct kit kit;
};

static int load(struct binder *binder, struct error *error)
{
        char path[PATH_MAX];
        int r = paths_data("facts", path, error);

        if (!r)
                r = catalogue_load(path, &binder->catalogue, error);
        if (!r)
                r = paths_data("obligations", path, error);
        if (!r)
                r = rules_load(path, &binder->catalogue, &binder->rules, error);
        if (!r)
                r = paths_data("playbooks", path, error);
        if (!r)
                r = playbooks_load(path, &binder->catalogue, &binder->playbooks, error);
        return r;
}

static void release(struct binder *binder)
{
        json_decref(binder->contacts);
        playbooks_release(&binder->playbooks);
        rules_release(&binder->rules);
        catalogue_release(&binder->catalogue);
}

static void take_head(struct binder *binder, const json_t *head)
{
        binder->kit.house.headed =
                json_is_object(head) && head_from_json(head, &binder->kit.house.head, NULL) == 0;
}

/* False when the hub does not answer us. */
static bool ask_hub(const struct cli *cli, struct binder *binder)
{
        struct cli quiet = *cli;
        json_t *answer = NULL;

        quiet.silent = true;
        if (cli_ask(&quiet, json_pack("{s:s}", "type", "contact.list"), &answer))
                return false;
        binder->contacts = json_incref(json_object_get(answer, "contacts"));
        json_decref(answer);
        answer = NULL;
        if (!cli_ask(&quiet, json_pack("{s:s}", "type", "status"), &answer))
                take_head(binder, json_object_get(json_object_get(answer, "journal"), "head"));
        json_decref(answer);
        return true;
}

/* Root reads the journal's file when the hub is down. */
static bool read_journal(const struct config *config, struct binder *binder)
{
        struct journal *journal = NULL;
        char path[PATH_MAX];

        papers_journal_path(config, path);
        if (journal_open_readonly(path, &journal, NULL))
                return false;
        contacts_read(journal, &binder->contacts, NULL);
        binder->kit.house.headed = journal_last_head(journal, &binder->kit.house.head, NULL) == 0;
        journal_close(journal);
        return true;
}

static int print(const struct cli *cli, const struct cli_args *args, const struct config *config,
                 struct binder *binder, char ret_path[static PATH_MAX], struct error *error)
{
        const char *folder = cli_option(args, "out") ? cli_option(args, "out") : ".";
        struct press_house *house = &binder->kit.house;
        char *pdf = NULL;
        size_t length;
        int r;

        house->printed_ms = clock_wall_ms(&clock_system);
        snprintf(house->structure, sizeof(house->structure), "%s", config->structure.name);
        snprintf(house->zone, sizeof(house->zone), "%s", config->structure.timezone);
        binder->kit.config = config;
        binder->kit.catalogue = &binder->catalogue;
        binder->kit.rules = &binder->rules;
        binder->kit.playbooks = &binder->playbooks;
        binder->kit.clock = &clock_system;
        binder->kit.contacts = binder->contacts;
        r = kit_pdf(&binder->kit, &pdf, &length, error);
        if (!r)
                r = file_make_folders(folder, 0750, error);
        if (!r && snprintf(ret_path, PATH_MAX, "%s/%s", folder,
                           language_pick(house->language, "classeur-de-crise.pdf", "crisis-binder.pdf")) >=
                          PATH_MAX)
                r = error_say(error, -ENAMETOOLONG, "chemin trop long", "path too long");
        if (!r)
                r = file_write_atomic(ret_path, pdf, length, 0640, error);
        free(pdf);
        return r;
}

int command_kit(const struct cli *cli, const struct cli_args *args)
{
        struct binder binder = {.kit.house.language = cli_language(cli)};
        const char *language = cli_option(args, "language");
        struct config *config;
        struct error error = {0};
        char path[PATH_MAX];
        int r;

        if (language && language_parse(language, &binder.kit.house.language))
                return cli_misuse(cli, cli_say(cli, "--language fr ou en", "--language fr or en"));
        config = cli_config(cli);
        if (!config)
                return CLI_FAILED;
        r = load(&binder, &error);
        if (!r && !ask_hub(cli, &binder) && !read_journal(config, &binder))
                fputs(cli_say(cli,
                              "garde: ni le bureau ni le journal ne répondent : le classeur est sans "
                              "annuaire ni tête\n",
                              "garde: neither hub nor journal answers: the binder has no call tree and no "
                              "head\n"),
                      stderr);
        if (!r)
                r = print(cli, args, config, &binder, path, &error);
        release(&binder);
        config_free(config);
        if (r)
                return cli_fail(cli, &error, r);
        if (cli->json)
                return cli_print_json(json_pack("{s:s}", "pdf", path));
        puts(path);
        return CLI_DONE;
}
