/* SPDX-License-Identifier: EUPL-1.2 */
/* garde domains judge, why, imitates: what is to be thought of a name. */
#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/names.h"
#include "cli/show.h"

/* ---- one verdict ---- */

static json_t *sources_json(const struct judge_lists *lists, const struct verdict *verdict)
{
        json_t *sources = json_array();

        for (unsigned i = 0; verdict->is_listed && i < SET_SOURCES_MAX; i++) {
                const char *name =
                        verdict->hit.class.sources & (1ULL << i) ? lists->source(lists->context, i) : NULL;
                if (name)
                        json_array_append_new(sources, json_string(name));
        }
        return sources;
}

/* Two digits are what it is worth. */
static double rounded(double score)
{
        return (double)(int)(score * 100 + 0.5) / 100;
}

static json_t *verdict_json(const struct judge_lists *lists, const struct name *name,
                            const struct verdict *verdict)
{
        const struct lookalike *like = verdict->is_lookalike ? &verdict->lookalike : NULL;

        return json_pack("{s:s, s:s, s:s?, s:s?, s:o, s:o, s:{s:s, s:s}}", "name", name->text, "verdict",
                         verdict_word(verdict->level), "imitates", like ? like->imitates : NULL, "class",
                         like ? lookalike_class_word(like->class) : NULL, "score",
                         like ? json_real(rounded(like->score)) : json_null(), "sources",
                         sources_json(lists, verdict), "why", "fr", verdict->why_fr, "en", verdict->why_en);
}

static int print_line(json_t *json)
{
        int r = json_dumpf(json, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER);

        json_decref(json);
        putchar('\n');
        return r || ferror(stdout) ? CLI_FAILED : CLI_DONE;
}

static int tell(const struct cli *cli, const struct judge_lists *lists, const struct name *name,
                const struct verdict *verdict)
{
        if (cli->json)
                return print_line(verdict_json(lists, name, verdict));
        printf("%-8s %s  %s\n", verdict_word(verdict->level), name->text,
               cli_say(cli, verdict->why_fr, verdict->why_en));
        return ferror(stdout) ? CLI_FAILED : CLI_DONE;
}

static int tell_refused(const struct cli *cli, const char *text, int refusal)
{
        if (cli->json)
                return print_line(json_pack("{s:s%, s:n, s:s, s:{s:s, s:s}}", "name", text,
                                            strnlen(text, 255), "verdict", "refused",
                                            name_refusal_word(refusal), "why", "fr", name_refusal_fr(refusal),
                                            "en", name_refusal_en(refusal)));
        printf("%-8s %.255s  %s\n", "-", text,
               cli_say(cli, name_refusal_fr(refusal), name_refusal_en(refusal)));
        return CLI_DONE;
}

/* Not UTF-8 is no name; JSON could not even show it. */
static bool is_text(const char *text)
{
        json_t *probe = json_string(text);

        json_decref(probe);
        return probe;
}

static int judge_line(const struct cli *cli, const struct names *names, const struct judge_lists *lists,
                      char *line, size_t length)
{
        struct verdict verdict;
        struct name name;
        bool wildcard;
        int refusal;

        while (length && (line[length - 1] == '\n' || line[length - 1] == '\r'))
                line[--length] = '\0';
        if (!length)
                return CLI_DONE;
        refusal = name_clean(line, length, &name, &wildcard);
        if (refusal)
                return tell_refused(cli, is_text(line) ? line : "?", refusal);
        judge_name(names->judge, names->lists ? lists : NULL, &name, &verdict);
        return tell(cli, lists, &name, &verdict);
}

static struct judge_lists lists_of(const struct names *names)
{
        return names->lists ? lists_for_judge(names->lists) : (struct judge_lists){0};
}

int command_domains_judge(const struct cli *cli, const struct cli_args *args)
{
        CLEANUP(cleanup_free) char *line = NULL;
        struct judge_lists lists;
        struct names names;
        size_t capacity = 0;
        ssize_t length;
        int r = names_open(cli, NAMES_JUDGE, &names);

        if (r)
                return r;
        lists = lists_of(&names);
        for (size_t i = 0; !r && i < args->count; i++) {
                free(line);
                line = strdup(args->positional[i]);
                r = line ? judge_line(cli, &names, &lists, line, strlen(line)) : CLI_FAILED;
                capacity = 0;
        }
        if (!args->count && line == NULL)
                while (!r && (length = getline(&line, &capacity, stdin)) > 0)
                        r = judge_line(cli, &names, &lists, line, (size_t)length);
        names_close(&names);
        return r;
}

/* ---- one name of a person's ---- */

static int name_of(const struct cli *cli, const char *text, struct name *ret_name)
{
        struct error error = {0};
        bool wildcard;
        int refusal = name_clean(text, strlen(text), ret_name, &wildcard);

        if (!refusal)
                return CLI_DONE;
        error_say_in(&error, -EINVAL, LANGUAGE_FR, "« %.255s » n’est pas un nom : %s", text,
                     name_refusal_fr(refusal));
        error_say_in(&error, -EINVAL, LANGUAGE_EN, "\"%.255s\" is no name: %s", text,
                     name_refusal_en(refusal));
        return cli_fail(cli, &error, -EINVAL);
}

static void print_memory(const struct cli *cli, const json_t *one)
{
        bool present = json_is_true(json_object_get(one, "present"));
        const char *why = json_string_value(json_object_get(one, "why"));

        printf("  %-24s %-6s %s", show_word(one, "list"), show_word(one, "trust"), show_word(one, "name"));
        if (json_object_get(one, "first"))
                printf(cli_say(cli, "  %s le %s, vu jusqu’au %s%s", "  %s on %s, seen until %s%s"),
                       present ? cli_say(cli, "entré", "listed")
                               : cli_say(cli, "retiré ; entré", "taken off; listed"),
                       show_word(one, "first"), show_word(one, "last"),
                       json_is_true(json_object_get(one, "stale"))
                               ? cli_say(cli, " (liste trop ancienne)", " (list too old)")
                               : "");
        if (why && *why)
                printf("  %s", why);
        putchar('\n');
}

int command_domains_why(const struct cli *cli, const struct cli_args *args)
{
        struct judge_lists lists;
        struct verdict verdict;
        struct names names;
        struct name name;
        json_t *found, *one;
        size_t index;
        int r = name_of(cli, args->positional[0], &name);

        if (!r)
                r = names_open(cli, NAMES_JUDGE, &names);
        if (r)
                return r;
        lists = lists_of(&names);
        judge_name(names.judge, names.lists ? &lists : NULL, &name, &verdict);
        found = names.lists ? lists_why(names.lists, &name) : json_array();
        if (cli->json) {
                json_t *json = verdict_json(&lists, &name, &verdict);

                json_object_set(json, "lists", found);
                r = cli_print_json(json);
        } else {
                tell(cli, &lists, &name, &verdict);
                json_array_foreach(found, index, one) print_memory(cli, one);
        }
        json_decref(found);
        names_close(&names);
        return r;
}

int command_domains_imitates(const struct cli *cli, const struct cli_args *args)
{
        struct judge_lists none = {0};
        struct verdict verdict;
        struct names names;
        struct name name;
        int r = name_of(cli, args->positional[0], &name);

        if (!r)
                r = names_open(cli, NAMES_JUDGE, &names);
        if (r)
                return r;
        judge_name(names.judge, NULL, &name, &verdict);
        r = tell(cli, &none, &name, &verdict);
        names_close(&names);
        return r ? r : verdict.is_lookalike ? CLI_DONE : CLI_FAILED;
}
