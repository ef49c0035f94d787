/* SPDX-License-Identifier: EUPL-1.2 */
/* garde fact: the questions that an incident may ask, and what answers them. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "cli/show.h"

static void print_choices(const struct cli *cli, const json_t *choices)
{
        const json_t *choice;
        size_t index;

        json_array_foreach(choices, index, choice) printf("        %-24s %s\n", show_word(choice, "word"),
                                                          cli_text(cli, json_object_get(choice, "label")));
}

static const char *type_word(const struct cli *cli, const char *type)
{
        if (!strcmp(type, "boolean"))
                return cli_say(cli, "oui ou non", "yes or no");
        if (!strcmp(type, "number"))
                return cli_say(cli, "nombre", "number");
        if (!strcmp(type, "text"))
                return cli_say(cli, "texte", "text");
        return !strcmp(type, "time") ? cli_say(cli, "date et heure", "date and time")
                                     : cli_say(cli, "un de ces mots", "one of these words");
}

static void print_fact(const struct cli *cli, const json_t *fact)
{
        printf("%s  (%s)\n    %s\n", show_word(fact, "name"), type_word(cli, show_word(fact, "type")),
               cli_text(cli, json_object_get(fact, "question")));
        print_choices(cli, json_object_get(fact, "choices"));
}

/* Those whose name or question holds the word; all without one. */
static bool is_wanted(const struct cli *cli, const json_t *fact, const char *word)
{
        return !word || strstr(show_word(fact, "name"), word) ||
               strcasestr(cli_text(cli, json_object_get(fact, "question")), word);
}

static json_t *wanted_of(const struct cli *cli, const json_t *facts, const char *word)
{
        json_t *list = json_array();
        const json_t *fact;
        size_t index;

        json_array_foreach(facts, index, fact) if (is_wanted(cli, fact, word))
                json_array_append(list, (json_t *)fact);
        return list;
}

int command_fact_list(const struct cli *cli, const struct cli_args *args)
{
        json_t *answer = NULL, *wanted, *fact;
        size_t index;
        int r = cli_ask(cli, json_pack("{s:s}", "type", "fact.list"), &answer);

        if (r)
                return r;
        wanted = wanted_of(cli, json_object_get(answer, "facts"), args->positional[0]);
        json_decref(answer);
        if (cli->json)
                return cli_print_json(json_pack("{s:o}", "facts", wanted));
        json_array_foreach(wanted, index, fact) print_fact(cli, fact);
        if (!json_array_size(wanted))
                puts(cli_say(cli, "aucun fait de ce nom", "no fact of that name"));
        json_decref(wanted);
        return CLI_DONE;
}
