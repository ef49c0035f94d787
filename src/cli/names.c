/* SPDX-License-Identifier: EUPL-1.2 */
#include "cli/names.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

static int open_lists(const struct names *names, bool keep, struct lists **ret_lists, struct error *error)
{
        char folder[PATH_MAX];
        const struct lists_options options = {.folder = folder,
                                              .config = names->config,
                                              .clock = &clock_system,
                                              .random = &random_system,
                                              .read_only = !keep};

        snprintf(folder, sizeof(folder), "%s/domains", names->config->state);
        return lists_open(&options, ret_lists, error);
}

static int open_judge(const struct config *config, struct judge **ret_judge, struct error *error)
{
        const char *own[CONFIG_OWN_NAMES_MAX];
        struct judge_files files = {0};

        if (config && config->domains.configured) {
                for (uint32_t i = 0; i < config->domains.own_count; i++)
                        own[i] = config->domains.own[i];
                files = (struct judge_files){.public_suffixes = config->domains.suffixes,
                                             .public_list = config->domains.bodies[0] ? config->domains.bodies
                                                                                      : NULL,
                                             .own = own,
                                             .own_count = config->domains.own_count};
        }
        return judge_open(&files, ret_judge, error);
}

static int need_lists(const struct cli *cli, const struct names *names)
{
        const struct error error = {.fr = "cette configuration n’a pas de groupe « domains »",
                                    .en = "this configuration has no group \"domains\""};

        return names->config->domains.configured ? CLI_DONE : cli_fail(cli, &error, -EINVAL);
}

/* Who only wants to judge needs no configuration, unless one is named. */
static int read_config(const struct cli *cli, unsigned want, struct names *names)
{
        if (!(want & NAMES_LISTS) && !cli->config_given && access(cli->config_path, F_OK))
                return CLI_DONE;
        names->config = cli_config(cli);
        return names->config ? CLI_DONE : CLI_FAILED;
}

int names_open(const struct cli *cli, unsigned want, struct names *ret_names)
{
        struct names names = {0};
        struct error error = {0};
        int r = read_config(cli, want, &names), code = 0;

        if (!r && (want & NAMES_LISTS))
                r = need_lists(cli, &names);
        if (!r && names.config && names.config->domains.configured)
                code = open_lists(&names, want & NAMES_KEEP, &names.lists, &error);
        if (!r && !code && (want & NAMES_JUDGE))
                code = open_judge(names.config, &names.judge, &error);
        if (code)
                r = cli_fail(cli, &error, code);
        if (r)
                names_close(&names);
        *ret_names = names;
        return r;
}

void names_close(struct names *names)
{
        names->judge = judge_close(names->judge);
        names->lists = lists_close(names->lists);
        names->config = config_free(names->config);
}

void names_tell_refused(const struct cli *cli, const struct list_report *report)
{
        for (int i = 1; i < LIST_REFUSAL_COUNT; i++)
                if (report->refused[i])
                        fprintf(stderr, "%10llu  %s\n", (unsigned long long)report->refused[i],
                                cli_say(cli, list_refusal_fr(i), list_refusal_en(i)));
        for (size_t i = 0; i < report->shown_count; i++)
                fprintf(stderr, cli_say(cli, "ligne %llu : « %s » : %s\n", "line %llu: \"%s\": %s\n"),
                        (unsigned long long)report->shown[i].line, report->shown[i].text,
                        cli_say(cli, list_refusal_fr(report->shown[i].refusal),
                                list_refusal_en(report->shown[i].refusal)));
}
