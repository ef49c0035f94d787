/* SPDX-License-Identifier: EUPL-1.2 */
/* garde domains compile, status, export: the lists of names, and what becomes of them. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/names.h"
#include "cli/show.h"
#include "domains/give.h"

/* ---- compile: lists named here into a file named here ---- */

#define NAMES_MOST (64u * 1000 * 1000)
#define BYTES_MOST (4ULL * 1024 * 1024 * 1024)

struct compiling {
        struct set_builder *builder;
        unsigned source;
        enum set_action action;
};

static int add_entry(void *context, const struct list_entry *entry)
{
        const struct compiling *compiling = context;

        return set_builder_add(compiling->builder, entry->name.text, entry->name.length, entry->below,
                               compiling->source, compiling->action);
}

static int add_file(const struct cli *cli, struct compiling *compiling, const char *path,
                    enum list_format format, struct error *error)
{
        CLEANUP(cleanup_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
        const struct list_options options = {.format = format,
                                             .now_ms = clock_wall_ms(&clock_system),
                                             .entries_max = NAMES_MOST,
                                             .bytes_max = BYTES_MOST};
        struct list_report report = {0};
        const char *slash = strrchr(path, '/');
        int number = set_builder_source(compiling->builder, slash && slash[1] ? slash + 1 : path), r;

        if (fd < 0)
                return error_say(error, -errno, "%s : %m", "%s: %m", path);
        if (number < 0)
                return error_say(error, number, "%s : trop de listes, ou un nom trop long",
                                 "%s: too many lists, or a name that is too long", path);
        compiling->source = (unsigned)number;
        r = list_read(fd, &options, add_entry, compiling, &report, error);
        if (!cli->json)
                names_tell_refused(cli, &report);
        return r ? error_context(error, r, "%s", "%s", path) : 0;
}

/* Names are about as many as lines, and a line has some twenty octets. */
static uint64_t expected_names(const struct cli_args *args)
{
        struct stat status;
        uint64_t bytes = 0;

        for (size_t i = 0; i < args->count; i++)
                if (!stat(args->positional[i], &status))
                        bytes += (uint64_t)status.st_size;
        return bytes / 20 + 1024;
}

static int compile_files(const struct cli *cli, const struct cli_args *args, enum list_format format,
                         enum set_action action, const char *path)
{
        const struct set_builder_options options = {.expected = expected_names(args),
                                                    .generation = 1,
                                                    .now_ms = clock_wall_ms(&clock_system),
                                                    .random = &random_system};
        struct compiling compiling = {.action = action};
        struct error error = {0};
        uint64_t names = 0;
        int r = set_builder_new(&options, &compiling.builder, &error);

        for (size_t i = 0; !r && i < args->count; i++)
                r = add_file(cli, &compiling, args->positional[i], format, &error);
        if (!r) {
                names = set_builder_names(compiling.builder);
                r = set_builder_write(compiling.builder, path, &error);
        }
        set_builder_free(compiling.builder);
        if (r)
                return cli_fail(cli, &error, r);
        if (cli->json)
                return cli_print_json(json_pack("{s:s, s:I}", "file", path, "names", (json_int_t)names));
        printf(cli_say(cli, "%" PRIu64 " noms dans %s\n", "%" PRIu64 " names in %s\n"), names, path);
        return CLI_DONE;
}

/* ---- compile: the configuration's lists, and what is made of them ---- */

static struct give_options give_options(const struct config *config, enum give_form form, bool all)
{
        return (struct give_options){.form = form,
                                     .all = all,
                                     .zone = config->domains.rpz.zone,
                                     .answer = config->domains.answer,
                                     .ipv4 = config->domains.garden.ipv4,
                                     .ipv6 = config->domains.garden.ipv6,
                                     .structure = config->structure.name};
}

/* The file is a resolver's: it sees the old one or the new one. */
static int write_zone(const struct names *names, struct error *error)
{
        const struct give_options options = give_options(names->config, GIVE_RPZ, true);
        const char *path = names->config->domains.rpz.file;
        char fresh[CONFIG_PATH_SIZE + 8];
        uint64_t given, reserved;
        FILE *out;
        int r;

        snprintf(fresh, sizeof(fresh), "%s.new", path);
        out = fopen(fresh, "we");
        if (!out)
                return error_say(error, -errno, "%s : %m", "%s: %m", fresh);
        r = give_write(out, names->lists, &options, &given, &reserved, error);
        if (!r && fsync(fileno(out)))
                r = error_say(error, -errno, "%s : %m", "%s: %m", fresh);
        if (fclose(out) && !r)
                r = error_say(error, -errno, "%s : %m", "%s: %m", fresh);
        if (!r && rename(fresh, path))
                r = error_say(error, -errno, "%s : %m", "%s: %m", path);
        if (r)
                unlink(fresh);
        return r;
}

static int run_hook(const char *hook, struct error *error)
{
        char *words[] = {(char *)hook, NULL};
        int status;
        pid_t pid;
        int r = posix_spawn(&pid, hook, NULL, NULL, words, environ);

        errno = r;
        if (r)
                return error_say(error, -r, "domains.rpz.hook : %s : %m", "domains.rpz.hook: %s: %m", hook);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
                continue;
        if (!WIFEXITED(status) || WEXITSTATUS(status))
                return error_say(
                        error, -EIO,
                        "domains.rpz.hook : %s a échoué : le résolveur a peut-être encore l’ancienne zone",
                        "domains.rpz.hook: %s failed: the resolver may still have the old zone", hook);
        return 0;
}

static int give_zone(const struct cli *cli, const struct names *names)
{
        const struct config *config = names->config;
        struct error error = {0};
        int r;

        if (!config->domains.rpz.file[0])
                return CLI_DONE;
        r = write_zone(names, &error);
        if (!r && config->domains.rpz.hook[0])
                r = run_hook(config->domains.rpz.hook, &error);
        return r ? cli_fail(cli, &error, r) : CLI_DONE;
}

static int tell_generation(const struct cli *cli, const struct names *names)
{
        const struct set *set = lists_set(names->lists);

        if (cli->json)
                return cli_print_json(lists_state(names->lists));
        printf(cli_say(cli, "génération %" PRIu64 " : %" PRIu64 " noms\n",
                       "generation %" PRIu64 ": %" PRIu64 " names\n"),
               set_generation(set), set_names(set));
        return CLI_DONE;
}

static int compile_lists(const struct cli *cli, const struct cli_args *args)
{
        const struct refresh_options options = {.now = cli_option(args, "now") != NULL,
                                                .offline = cli_option(args, "offline") != NULL};
        struct config *config = cli_config(cli);
        struct names names = {0};
        bool compiled = false;
        int r, refreshed, zone = CLI_DONE;

        if (!config)
                return CLI_FAILED;
        refreshed = names_refresh(cli, config, &options, &compiled);
        config_free(config);
        if (!compiled)
                return refreshed;
        r = names_open(cli, NAMES_LISTS, &names);
        if (!r)
                zone = give_zone(cli, &names);
        if (!r)
                r = tell_generation(cli, &names);
        names_close(&names);
        return refreshed ? refreshed : zone ? zone : r;
}

static int parse_action(const char *word, enum set_action *ret_action)
{
        static const char *const words[SET_ACTION_COUNT] = {"watch", "block", "allow"};

        for (int i = 0; i < SET_ACTION_COUNT; i++) {
                if (!strcmp(words[i], word)) {
                        *ret_action = (enum set_action)i;
                        return 0;
                }
        }
        return -EINVAL;
}

int command_domains_compile(const struct cli *cli, const struct cli_args *args)
{
        const char *out = cli_option(args, "out"), *format_word = cli_option(args, "format"),
                   *trust = cli_option(args, "trust");
        enum list_format format;
        enum set_action action;

        if (!args->count)
                return out || format_word || trust
                               ? cli_misuse(cli,
                                            cli_say(cli, "--out, --format et --trust vont avec des fichiers",
                                                    "--out, --format and --trust go with files"))
                               : compile_lists(cli, args);
        if (!out)
                return cli_misuse(cli, cli_say(cli, "--out FICHIER manque", "--out FILE is missing"));
        if (list_format_parse(format_word ? format_word : "plain", &format))
                return cli_misuse(cli,
                                  cli_say(cli, "--format : plain, csv, hosts, rpz, adblock, misp ou stix",
                                          "--format: plain, csv, hosts, rpz, adblock, misp or stix"));
        if (parse_action(trust ? trust : "block", &action))
                return cli_misuse(cli, cli_say(cli, "--trust : block, watch ou allow",
                                               "--trust: block, watch or allow"));
        return compile_files(cli, args, format, action, out);
}

/* ---- status ---- */

static void show_trouble(const struct cli *cli, const json_t *list)
{
        const json_t *held = json_object_get(list, "held"), *error = json_object_get(list, "error"), *name;
        size_t index;

        if (json_is_object(error))
                printf("    ! %s\n", cli_text(cli, error));
        if (!json_is_object(held))
                return;
        printf(cli_say(cli, "    ! une version attend une personne : %s\n",
                       "    ! a version waits for a person: %s\n"),
               cli_text(cli, held));
        json_array_foreach(json_object_get(list, "offences"), index, name)
        {
                if (index == 8)
                        break;
                printf("      %s\n", json_string_value(name));
        }
}

static void show_list(const struct cli *cli, const json_t *list)
{
        const json_t *count;
        const char *refusal;
        json_int_t refused = 0;
        char fetched[32];

        json_object_foreach(json_object_get(list, "refused"), refusal, count) refused +=
                json_integer_value(count);
        printf("  %-24s %-6s %10lld  %-15s %s", show_word(list, "name"), show_word(list, "trust"),
               (long long)json_integer_value(json_object_get(list, "names")),
               cli_time(json_object_get(list, "fetched"), fetched), show_word(list, "tlp"));
        if (refused)
                printf(cli_say(cli, "  %lld inutilisables", "  %lld unusable"), (long long)refused);
        if (json_is_true(json_object_get(list, "stale")))
                fputs(cli_say(cli, "  trop ancienne, ne compte plus", "  too old, does not count"), stdout);
        putchar('\n');
        show_trouble(cli, list);
}

static void show_exemption(const struct cli *cli, const json_t *one)
{
        const char *network = json_string_value(json_object_get(one, "network"));
        char until[32];

        printf(cli_say(cli, "  %s  pour %s jusqu’au %s  %s\n", "  %s  for %s until %s  %s\n"),
               show_word(one, "name"), network ? network : cli_say(cli, "tous", "everybody"),
               cli_time(json_object_get(one, "until"), until), show_word(one, "reason"));
}

static void show_generation(const struct cli *cli, const json_t *state)
{
        char built[32];

        if (!json_object_get(state, "generation")) {
                puts(cli_say(cli, "aucune génération : rien n’a encore été compilé",
                             "no generation: nothing was compiled yet"));
                return;
        }
        printf(cli_say(cli, "génération %lld du %s : %lld noms, %lld octets\n",
                       "generation %lld of %s: %lld names, %lld bytes\n"),
               (long long)json_integer_value(json_object_get(state, "generation")),
               cli_time(json_object_get(state, "built"), built),
               (long long)json_integer_value(json_object_get(state, "names")),
               (long long)json_integer_value(json_object_get(state, "bytes")));
}

int command_domains_status(const struct cli *cli, const struct cli_args *args)
{
        struct names names;
        json_t *state;
        int r = names_open(cli, NAMES_LISTS, &names);

        if (r)
                return r;
        state = lists_state(names.lists);
        names_close(&names);
        if (cli->json)
                return cli_print_json(state);
        show_generation(cli, state);
        show_each(cli, cli_say(cli, "listes", "lists"), json_object_get(state, "lists"), show_list);
        show_each(cli, cli_say(cli, "exemptions", "exemptions"), json_object_get(state, "exemptions"),
                  show_exemption);
        json_decref(state);
        return CLI_DONE;
}

/* ---- export ---- */

static int tell_given(const struct cli *cli, uint64_t given, uint64_t reserved)
{
        fprintf(stderr, cli_say(cli, "%" PRIu64 " noms", "%" PRIu64 " names"), given);
        if (reserved)
                fprintf(stderr,
                        cli_say(cli,
                                " ; %" PRIu64 " réservés par leur liste (TLP) n’y sont pas, sauf avec --all",
                                "; %" PRIu64
                                " reserved by their list (TLP) are not among them, but with --all"),
                        reserved);
        fputc('\n', stderr);
        return CLI_DONE;
}

static int export_to(const struct cli *cli, const struct names *names, const struct give_options *options,
                     const char *path)
{
        FILE *out = path ? fopen(path, "we") : stdout;
        uint64_t given, reserved;
        struct error error = {0};
        int r;

        if (!out)
                r = error_say(&error, -errno, "%s : %m", "%s: %m", path);
        else
                r = give_write(out, names->lists, options, &given, &reserved, &error);
        if (out && path && fclose(out) && !r)
                r = error_say(&error, -errno, "%s : %m", "%s: %m", path);
        return r ? cli_fail(cli, &error, r) : tell_given(cli, given, reserved);
}

int command_domains_export(const struct cli *cli, const struct cli_args *args)
{
        struct give_options options;
        enum give_form form;
        struct names names;
        int r;

        if (give_form_parse(args->positional[0], &form))
                return cli_misuse(cli,
                                  cli_say(cli, "formes : plain, hosts, dnsmasq, squid, postfix, rpz, misp",
                                          "forms: plain, hosts, dnsmasq, squid, postfix, rpz, misp"));
        r = names_open(cli, NAMES_LISTS, &names);
        if (r)
                return r;
        options = give_options(names.config, form, cli_option(args, "all") != NULL);
        r = export_to(cli, &names, &options, args->positional[1]);
        names_close(&names);
        return r;
}
