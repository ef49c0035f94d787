/* SPDX-License-Identifier: EUPL-1.2 */
/* garde account: who may come in. For the console's first days and its worst ones: the machine's owner needs no account. */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PAGE 100

/* Every account there is, as a new list. */
static int ask_accounts(const struct cli *cli, json_t **ret_list)
{
        json_t *list = json_array();
        char after[64] = "";

        do {
                json_t *answer = NULL;
                const char *next;
                int r = cli_ask(
                        cli,
                        json_pack("{s:s, s:i, s:s}", "type", "account.list", "limit", PAGE, "after", after),
                        &answer);

                if (r) {
                        json_decref(list);
                        return r;
                }
                json_array_extend(list, json_object_get(answer, "accounts"));
                next = json_string_value(json_object_get(answer, "next"));
                snprintf(after, sizeof(after), "%s", next ? next : "");
                json_decref(answer);
        } while (after[0]);
        *ret_list = list;
        return 0;
}

static const char *text_of(const json_t *json, const char *name)
{
        const char *text = json_string_value(json_object_get(json, name));

        return text ? text : "";
}

/* ---- showing ---- */

static void show_account(const struct cli *cli, const json_t *account)
{
        const json_t *role;
        char when[32];
        size_t index;

        printf("%s  ", text_of(account, "name"));
        json_array_foreach(json_object_get(account, "roles"), index, role)
                printf("%s%s", index ? ", " : "", json_string_value(role));
        if (!json_is_true(json_object_get(account, "enabled")))
                fputs(cli_say(cli, "  fermé", "  disabled"), stdout);
        if (json_is_true(json_object_get(account, "second_factor")))
                printf(cli_say(cli, "  second facteur, %d codes de secours",
                               "  second factor, %d recovery codes"),
                       (int)json_integer_value(json_object_get(account, "recovery_left")));
        if (json_is_true(json_object_get(account, "password_given")))
                fputs(cli_say(cli, "  mot de passe à changer", "  password to be changed"), stdout);
        printf(cli_say(cli, "  vu %s\n", "  seen %s\n"), cli_time(json_object_get(account, "seen"), when));
}

/* An account as changed, and the password that Garde chose, which stands nowhere else. */
static int tell_account(const struct cli *cli, json_t *answer)
{
        const char *password = text_of(answer, "password");

        if (cli->json)
                return cli_print_json(answer);
        show_account(cli, json_object_get(answer, "account"));
        if (*password)
                printf(cli_say(cli,
                               "mot de passe, à remettre en main propre et à changer à la première connexion "
                               ": %s\n",
                               "password, to be handed over in person and changed at the first login: %s\n"),
                       password);
        json_decref(answer);
        return CLI_DONE;
}

int command_account_list(const struct cli *cli, const struct cli_args *args)
{
        json_t *list = NULL, *one;
        size_t index;
        int r = ask_accounts(cli, &list);

        if (r)
                return r;
        if (cli->json)
                return cli_print_json(json_pack("{s:o}", "accounts", list));
        if (!json_array_size(list))
                puts(cli_say(cli, "aucun compte : le journal du service montre le lien du premier",
                             "no account: the daemon’s log shows the link of the first one"));
        json_array_foreach(list, index, one) show_account(cli, one);
        json_decref(list);
        return CLI_DONE;
}

/* ---- making and changing ---- */

/* "responder,dpo" as a list; the hub says which words there are. */
static json_t *roles_of(const char *typed)
{
        json_t *list = json_array();

        for (const char *at = typed; list && *at;) {
                size_t length = strcspn(at, ",");

                json_array_append_new(list, json_stringn(at, length));
                at += length;
                at += *at == ',';
        }
        return list;
}

int command_account_make(const struct cli *cli, const struct cli_args *args)
{
        json_t *answer = NULL;
        int r = cli_ask(cli,
                        json_pack("{s:s, s:s, s:o, s:s, s:s}", "type", "account.make", "name",
                                  args->positional[0], "roles", roles_of(args->positional[1]), "language",
                                  cli->english ? "en" : "fr", "author", cli_author(args)),
                        &answer);

        return r ? r : tell_account(cli, answer);
}

/* The id of the account with this name (letter case does not count), or the id itself. */
static int find_account(const struct cli *cli, const char *name, char ret_id[static 64])
{
        struct error error = {0};
        json_t *list = NULL, *one;
        size_t index;
        bool found = false;
        int r = ask_accounts(cli, &list);

        if (r)
                return r;
        json_array_foreach(list, index, one)
        {
                if (strcasecmp(text_of(one, "name"), name) && strcmp(text_of(one, "id"), name))
                        continue;
                snprintf(ret_id, 64, "%s", text_of(one, "id"));
                found = true;
        }
        json_decref(list);
        if (found)
                return CLI_DONE;
        error_say(&error, -ENOENT, "il n’y a pas de compte « %s »", "there is no account “%s”", name);
        return cli_fail(cli, &error, -ENOENT);
}

static int set_enabled(const struct cli *cli, const struct cli_args *args, bool enabled)
{
        json_t *answer = NULL;
        char id[64];
        int r = find_account(cli, args->positional[0], id);

        if (!r)
                r = cli_ask(cli,
                            json_pack("{s:s, s:s, s:b, s:s}", "type", "account.change", "account", id,
                                      "enabled", enabled, "author", cli_author(args)),
                            &answer);
        return r ? r : tell_account(cli, answer);
}

int command_account_disable(const struct cli *cli, const struct cli_args *args)
{
        return set_enabled(cli, args, false);
}

int command_account_enable(const struct cli *cli, const struct cli_args *args)
{
        return set_enabled(cli, args, true);
}

/* Telephone and sheet are lost: without this a lone director would stay outside. */
static int drop_second_factor(const struct cli *cli, const char *id, const char *author)
{
        json_t *answer = NULL;
        int r = cli_ask(
                cli,
                json_pack("{s:s, s:s, s:s}", "type", "account.totp.end", "account", id, "author", author),
                &answer);

        json_decref(answer);
        return r;
}

int command_account_reset(const struct cli *cli, const struct cli_args *args)
{
        json_t *answer = NULL;
        char id[64];
        int r = find_account(cli, args->positional[0], id);

        if (!r && cli_option(args, "second-factor"))
                r = drop_second_factor(cli, id, cli_author(args));
        if (!r)
                r = cli_ask(cli,
                            json_pack("{s:s, s:s, s:s}", "type", "account.password", "account", id, "author",
                                      cli_author(args)),
                            &answer);
        return r ? r : tell_account(cli, answer);
}
