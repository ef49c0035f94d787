/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The garde command. Data goes to stdout, talk to stderr; exit 0 yes or done, 1 no or failed, 2 misuse. Each command is a
 * row of the table in commands.c: its words, its options, what --help says, its function.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"
#include "service/config.h"

#define CLI_OPTIONS_MAX     12
#define CLI_POSITIONALS_MAX 8

enum cli_exit { CLI_DONE = 0, CLI_FAILED = 1, CLI_MISUSE = 2 };

/* One option of a command; `value` names what it takes, NULL for a flag. The table ends with a NULL name. */
struct cli_option {
        const char *name; /* without dashes */
        const char *value;
        const char *fr, *en;
};

struct cli_args {
        const char *positional[CLI_POSITIONALS_MAX + 1]; /* NULL-terminated */
        size_t count;
        const char *values[CLI_OPTIONS_MAX]; /* by the command's option index; "" for a flag that is set */
        const struct cli_option *options;
};

struct cli {
        bool json;
        bool silent; /* failures are the caller's to tell */
        bool english;
        bool terminal; /* stdout is one */
        bool all;      /* everything in detail was asked for */
        const char *config_path;
        bool config_given;
        const char *log_format; /* NULL unless given */
        const char *log_level;
};

struct cli_command {
        const char *words; /* "incident show" */
        const char *usage; /* "INCIDENT" */
        const char *fr, *en;
        size_t least, most; /* positionals */
        const struct cli_option *options;
        int (*run)(const struct cli *cli, const struct cli_args *args);
};

/* NULL-terminated by a row without words. */
extern const struct cli_command cli_commands[];

/* Two literals, the one in the person's language. */
static inline const char *cli_say(const struct cli *cli, const char *fr, const char *en)
{
        return cli->english ? en : fr;
}

/* The noun after a number: French has none and one in the singular, English one alone. */
static inline const char *cli_noun(const struct cli *cli, double count, const char *fr_one,
                                   const char *fr_more, const char *en_one, const char *en_more)
{
        if (cli->english)
                return count == 1 ? en_one : en_more;
        return count < 2 ? fr_one : fr_more;
}

static inline const char *cli_records(const struct cli *cli, double count)
{
        return cli_noun(cli, count, "enregistrement", "enregistrements", "record", "records");
}

static inline enum language cli_language(const struct cli *cli)
{
        return cli->english ? LANGUAGE_EN : LANGUAGE_FR;
}

/* The option's value, NULL when it was not given. */
const char *cli_option(const struct cli_args *args, const char *name);

/* One sentence on stderr (as {"error":…} on stdout too, with --json); returns CLI_FAILED. */
int cli_fail(const struct cli *cli, const struct error *error, int code);
int cli_misuse(const struct cli *cli, const char *sentence);

/* Prints and releases `json`; CLI_DONE. */
int cli_print_json(json_t *json);

/* The configuration; says why not on failure, then NULL. */
struct config *cli_config(const struct cli *cli);

/* Asks the hub; `request` is consumed. Says why not on failure. */
int cli_ask(const struct cli *cli, json_t *request, json_t **ret_answer);

/* Why the hub on `socket` did not answer; where nobody listens, what to do. Returns CLI_FAILED. */
int cli_unanswered(const struct cli *cli, const char *socket, struct error *error, int code);

/* Who is typing: --author, else the login behind sudo, else the account. "" when nobody can tell. */
const char *cli_author(const struct cli_args *args);

/* The side of {"fr":…,"en":…} that is wanted. */
const char *cli_text(const struct cli *cli, const json_t *bitext);
/* "22/03 11:05:07" in this machine's zone, from RFC 3339; "–" for null. Static text of the call's own `buffer`. */
const char *cli_time(const json_t *time, char buffer[static 32]);

/* ---- the commands ---- */

int command_run(const struct cli *cli, const struct cli_args *args);
int command_check(const struct cli *cli, const struct cli_args *args);
int command_out_list(const struct cli *cli, const struct cli_args *args);
int command_out_retry(const struct cli *cli, const struct cli_args *args);
int command_out_test(const struct cli *cli, const struct cli_args *args);
int command_export(const struct cli *cli, const struct cli_args *args);
int command_help(const struct cli *cli, const struct cli_args *args);
/* The commands that begin with this word, a line each. */
void command_help_list(const struct cli *cli, const char *group, FILE *stream);
int command_version(const struct cli *cli, const struct cli_args *args);
int command_status(const struct cli *cli, const struct cli_args *args);
int command_status_page(const struct cli *cli, const struct cli_args *args);
int command_drill(const struct cli *cli, const struct cli_args *args);
int command_drill_compare(const struct cli *cli, const struct cli_args *args);
int command_fact_list(const struct cli *cli, const struct cli_args *args);
int command_incident_list(const struct cli *cli, const struct cli_args *args);
int command_incident_show(const struct cli *cli, const struct cli_args *args);
int command_incident_fact(const struct cli *cli, const struct cli_args *args);
int command_incident_close(const struct cli *cli, const struct cli_args *args);
int command_incident_reopen(const struct cli *cli, const struct cli_args *args);
int command_incident_tasks(const struct cli *cli, const struct cli_args *args);
int command_incident_tick(const struct cli *cli, const struct cli_args *args);
int command_incident_follow(const struct cli *cli, const struct cli_args *args);
int command_playbook_list(const struct cli *cli, const struct cli_args *args);
int command_playbook_show(const struct cli *cli, const struct cli_args *args);
int command_playbook_cacao(const struct cli *cli, const struct cli_args *args);
int command_measure_list(const struct cli *cli, const struct cli_args *args);
int command_measure_lift(const struct cli *cli, const struct cli_args *args);
int command_measure_ask(const struct cli *cli, const struct cli_args *args);
int command_account_list(const struct cli *cli, const struct cli_args *args);
int command_account_make(const struct cli *cli, const struct cli_args *args);
int command_account_reset(const struct cli *cli, const struct cli_args *args);
int command_account_disable(const struct cli *cli, const struct cli_args *args);
int command_account_enable(const struct cli *cli, const struct cli_args *args);
int command_kit(const struct cli *cli, const struct cli_args *args);
int command_declare(const struct cli *cli, const struct cli_args *args);
int command_journal_verify(const struct cli *cli, const struct cli_args *args);
int command_journal_head(const struct cli *cli, const struct cli_args *args);
int command_journal_prove(const struct cli *cli, const struct cli_args *args);
int command_journal_export(const struct cli *cli, const struct cli_args *args);
int command_journal_rebuild(const struct cli *cli, const struct cli_args *args);
int command_journal_erase(const struct cli *cli, const struct cli_args *args);
int command_domains_compile(const struct cli *cli, const struct cli_args *args);
int command_domains_judge(const struct cli *cli, const struct cli_args *args);
int command_domains_why(const struct cli *cli, const struct cli_args *args);
int command_domains_imitates(const struct cli *cli, const struct cli_args *args);
int command_domains_status(const struct cli *cli, const struct cli_args *args);
int command_domains_export(const struct cli *cli, const struct cli_args *args);
int command_edge_replay(const struct cli *cli, const struct cli_args *args);
