/* SPDX-License-Identifier: EUPL-1.2 */
/* garde declare: papers are made here, beside the hub; that they were made or handed in is the hub's to write down. */
#include "cli/cli.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/show.h"
#include "cli/take.h"
#include "hub/papers.h"
#include "hub/protocol.h"
#include "obligation/phase.h"

#define PAPER_FILE_MAX (64UL * 1024 * 1024)

static int add_digest(json_t *files, const char *path)
{
        unsigned char digest[crypto_hash_sha256_BYTES];
        char hex[2 * crypto_hash_sha256_BYTES + 1], *data = NULL;
        const char *name = strrchr(path, '/');
        size_t length;
        int r = file_read(path, PAPER_FILE_MAX, &data, &length, NULL);

        if (r)
                return r;
        crypto_hash_sha256(digest, (const unsigned char *)data, length);
        sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest));
        free(data);
        return json_object_set_new(files, name ? name + 1 : path, json_string(hex));
}

static void say_not_written(const struct cli *cli)
{
        fputs(cli_say(cli, "garde: les papiers sont faits, mais le journal ne le sait pas\n",
                      "garde: the papers are made, but the journal does not know it\n"),
              stderr);
}

/* The journal learns which papers were made; without the hub they are made all the same, and the person is told. */
static void write_down(const struct cli *cli, const struct cli_args *args, const struct papers *papers)
{
        const struct cli quiet = {.config_path = cli->config_path, .english = cli->english};

        for (size_t i = 0; i < papers->count; i++) {
                const struct paper_set *set = &papers->sets[i];
                json_t *files = json_object(), *answer = NULL;
                if (add_digest(files, set->pdf) || add_digest(files, set->json) ||
                    add_digest(files, set->text)) {
                        json_decref(files);
                        continue;
                }
                if (cli_ask(&quiet,
                            json_pack("{s:s, s:s, s:s, s:s, s:o}", "type", "declaration.made", "incident",
                                      papers->incident.text, "rule", set->rule, "author", cli_author(args),
                                      "files", files),
                            &answer)) {
                        say_not_written(cli);
                        return;
                }
                json_decref(answer);
        }
}

static json_t *papers_json(const struct papers *papers)
{
        json_t *list = json_array();

        for (size_t i = 0; i < papers->count; i++)
                json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "rule", papers->sets[i].rule,
                                                      "pdf", papers->sets[i].pdf, "json",
                                                      papers->sets[i].json, "text", papers->sets[i].text));
        return json_pack("{s:s, s:o}", "incident", papers->incident.text, "declarations", list);
}

/*
 * The hub tells what is known, with a head signed for these papers. Without one the journal's file is read, by who may;
 * then `*ret_told` stays NULL.
 */
static int ask_facts(const struct cli *cli, const struct config *config, const char *incident,
                     json_t **ret_told)
{
        struct error error = {0};
        char socket[PATH_MAX];
        int r = take_json(config, json_pack("{s:s, s:s}", "type", "declaration.study", "incident", incident),
                          ret_told, &error);
        bool nobody = r == -ENOENT || r == -ECONNREFUSED || r == -EACCES;

        if (!r || (nobody && !take_is_needed(config)))
                return CLI_DONE;
        snprintf(socket, sizeof(socket), "%s/%s", config->run, PROTOCOL_SOCKET);
        return cli_unanswered(cli, socket, &error, r);
}

static int make_papers(const struct cli *cli, const struct cli_args *args)
{
        struct config *config = cli_config(cli);
        struct papers papers = {0};
        struct error error = {0};
        json_t *told = NULL;
        const char *word = cli_option(args, "phase");
        enum filing_phase phase;
        bool asked;
        int r = phase_parse(word ? word : "", &phase, &error);

        if (r) {
                config_free(config);
                return cli_misuse(cli, cli_say(cli, error.fr, error.en));
        }
        if (!config)
                return CLI_FAILED;
        r = ask_facts(cli, config, args->positional[0], &told);
        if (r) {
                config_free(config);
                return r;
        }
        const struct papers_options options = {.config = config,
                                               .clock = &clock_system,
                                               .incident = args->positional[0],
                                               .rule = args->positional[1],
                                               .folder = cli_option(args, "out") ? cli_option(args, "out")
                                                                                 : ".",
                                               .phase = phase,
                                               .all = cli_option(args, "all") != NULL,
                                               .told = told,
                                               .english = cli->english};
        r = papers_make(&options, &papers, &error);
        asked = told != NULL;
        json_decref(told);
        config_free(config);
        if (r)
                return cli_fail(cli, &error, r);
        if (asked)
                write_down(cli, args, &papers);
        else
                say_not_written(cli);
        if (cli->json) {
                r = cli_print_json(papers_json(&papers));
        } else {
                for (size_t i = 0; i < papers.count; i++)
                        printf("%s\n    %s\n    %s\n    %s\n",
                               cli_say(cli, papers.sets[i].title_fr, papers.sets[i].title_en),
                               papers.sets[i].pdf, papers.sets[i].text, papers.sets[i].json);
                r = CLI_DONE;
        }
        papers_release(&papers);
        return r;
}

/* The obligation of this rule in this incident; "" when there is none. */
static int find_obligation(const struct cli *cli, const struct cli_args *args,
                           char ret_id[static ID_TEXT_SIZE])
{
        json_t *answer = NULL;
        const json_t *one;
        size_t index;
        int r = cli_ask(cli,
                        json_pack("{s:s, s:s}", "type", "incident.show", "incident", args->positional[0]),
                        &answer);

        if (r)
                return r;
        ret_id[0] = '\0';
        json_array_foreach(
                json_object_get(answer, "obligations"), index,
                one) if (!strcmp(json_string_value(json_object_get(one, "rule")), args->positional[1]))
                snprintf(ret_id, ID_TEXT_SIZE, "%s", json_string_value(json_object_get(one, "id")));
        json_decref(answer);
        return CLI_DONE;
}

static int act(const struct cli *cli, const struct cli_args *args, bool file)
{
        const char *receipt = cli_option(args, "receipt"), *reason = cli_option(args, "reason");
        const char *at = cli_option(args, "at"), *phase = cli_option(args, "phase"),
                   *channel = cli_option(args, "channel");
        json_t *answer = NULL;
        const json_t *one;
        char id[ID_TEXT_SIZE];
        size_t index;
        int r;

        if (!args->positional[1] || (!file && !reason))
                return cli_misuse(
                        cli, cli_say(cli, "dites quelle obligation (RULE) et, pour --waive, --reason TEXTE",
                                     "say which obligation (RULE) and, for --waive, --reason TEXT"));
        r = find_obligation(cli, args, id);
        if (r)
                return r;
        if (file)
                r = cli_ask(cli,
                            json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "type", "obligation.file",
                                      "obligation", id, "author", cli_author(args), "receipt",
                                      receipt ? receipt : "", "at", at ? at : "", "phase", phase ? phase : "",
                                      "channel", channel ? channel : "", "late_reason", reason ? reason : ""),
                            &answer);
        else
                r = cli_ask(cli,
                            json_pack("{s:s, s:s, s:s, s:s}", "type", "obligation.waive", "obligation", id,
                                      "author", cli_author(args), "reason", reason),
                            &answer);
        if (r)
                return r;
        if (cli->json)
                return cli_print_json(answer);
        json_array_foreach(json_object_get(answer, "obligations"), index, one) show_obligation(cli, one);
        json_decref(answer);
        return CLI_DONE;
}

int command_declare(const struct cli *cli, const struct cli_args *args)
{
        if (cli_option(args, "filed"))
                return act(cli, args, true);
        if (cli_option(args, "waive"))
                return act(cli, args, false);
        return make_papers(cli, args);
}
