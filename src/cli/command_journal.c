/* SPDX-License-Identifier: EUPL-1.2 */
/* garde journal: read beside the hub, written through it. */
#include "cli/cli.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/random.h"
#include "cli/take.h"
#include "hub/papers.h"
#include "journal/journal.h"

static const char database_magic[] = "SQLite format 3";

static bool is_database(const char *path)
{
        char start[sizeof(database_magic)] = {0};
        CLEANUP(cleanup_file) FILE *file = fopen(path, "r");

        return file && fread(start, 1, sizeof(start), file) == sizeof(start) &&
               !memcmp(start, database_magic, sizeof(database_magic));
}

/* JOURNAL_AT_HUB: the hub has to be asked. Else 0, or CLI_FAILED and the reason was said. */
#define JOURNAL_AT_HUB (-1)

static int open_own(const struct cli *cli, struct journal **ret_journal)
{
        struct config *config = cli_config(cli);
        struct error error = {0};
        char path[PATH_MAX];
        bool at_hub;
        int r;

        if (!config)
                return CLI_FAILED;
        papers_journal_path(config, path);
        at_hub = take_is_needed(config);
        config_free(config);
        if (at_hub)
                return JOURNAL_AT_HUB;
        r = journal_open_readonly(path, ret_journal, &error);
        return r ? cli_fail(cli, &error, r) : CLI_DONE;
}

static void print_report(const struct cli *cli, const struct journal_report *report)
{
        printf("%s%s %" PRIu64 " %s, %" PRIu64 " %s",
               report->ok ? cli_say(cli, "journal intact", "journal intact")
                          : cli_say(cli, "JOURNAL ALTÉRÉ", "JOURNAL ALTERED"),
               cli_say(cli, " :", ":"), report->records, cli_records(cli, (double)report->records),
               report->heads,
               cli_noun(cli, (double)report->heads, "tête signée", "têtes signées", "signed head",
                        "signed heads"));
        printf(cli_say(cli, " (enregistrements couverts : %" PRIu64 "), %" PRIu64 " %s, %" PRIu64 " %s\n",
                       " (records covered: %" PRIu64 "), %" PRIu64 " %s, %" PRIu64 " %s\n"),
               report->signed_size, report->personal,
               cli_noun(cli, (double)report->personal, "texte personnel", "textes personnels",
                        "personal text", "personal texts"),
               report->erased,
               cli_noun(cli, (double)report->erased, "effacé", "effacés", "erased", "erased"));
        for (size_t i = 0; i < report->fault_count && i < REPORT_FAULTS_MAX; i++)
                printf("  %s\n", cli_say(cli, report->faults[i].fr, report->faults[i].en));
        if (report->fault_count > REPORT_FAULTS_MAX)
                printf(cli_say(cli, "  … et %" PRIu64 " autres\n", "  … and %" PRIu64 " more\n"),
                       report->fault_count - REPORT_FAULTS_MAX);
}

static int tell_report(const struct cli *cli, const struct journal_report *report)
{
        if (cli->json)
                cli_print_json(journal_report_to_json(report));
        else
                print_report(cli, report);
        return report->ok ? CLI_DONE : CLI_FAILED;
}

struct trust_held {
        uint8_t key[KEY_PUBLIC_SIZE];
        struct head head;
        struct journal_trust trust;
};

static int read_trust(const struct cli_args *args, struct trust_held *held, struct error *error)
{
        const char *key = cli_option(args, "key"), *head = cli_option(args, "head");
        size_t length;
        int r = 0;

        if (key) {
                if (sodium_hex2bin(held->key, sizeof(held->key), key, strlen(key), NULL, &length, NULL) ||
                    length != sizeof(held->key))
                        return error_say(error, -EINVAL, "--key : 64 chiffres hexadécimaux sont attendus",
                                         "--key: expected 64 hexadecimal digits");
                held->trust.key = held->key;
        }
        if (head) {
                json_error_t why;
                json_t *json = json_load_file(head, JSON_REJECT_DUPLICATES, &why);
                const json_t *inner = json_object_get(json, "head");
                r = json ? head_from_json(inner ? inner : json, &held->head, error)
                         : error_say(error, -EINVAL, "%s : %s", "%s: %s", head, why.text);
                json_decref(json);
                held->trust.head = &held->head;
        }
        return r;
}

static int verify_database(const char *path, const struct journal_trust *trust, struct journal_report *report,
                           struct error *error)
{
        struct journal *journal = NULL;
        int r = journal_open_readonly(path, &journal, error);

        if (!r)
                r = journal_verify(journal, trust, report, error);
        journal_close(journal);
        return r;
}

/* What the hub tells is held against itself, its signed heads and whatever the person knows from elsewhere. */
static int verify_told(const struct cli *cli, const struct journal_trust *trust)
{
        CLEANUP(cleanup_free) struct journal_report *report = calloc(1, sizeof(*report));
        CLEANUP(cleanup_file) FILE *stream = tmpfile();
        struct error error = {0};
        int r;

        if (!report || !stream)
                return cli_fail(cli, &error, report ? -errno : -ENOMEM);
        r = take_stream(cli, json_pack("{s:s}", "type", "journal.export"), stream);
        if (r)
                return r;
        rewind(stream);
        r = journal_verify_stream(stream, trust, report, &error);
        return r ? cli_fail(cli, &error, r) : tell_report(cli, report);
}

static int verify_own(const struct cli *cli, const struct journal_trust *trust)
{
        CLEANUP(cleanup_free) struct journal_report *report = calloc(1, sizeof(*report));
        struct journal *journal = NULL;
        struct error error = {0};
        int r = report ? open_own(cli, &journal) : cli_fail(cli, &error, -ENOMEM);

        if (r)
                return r == JOURNAL_AT_HUB ? verify_told(cli, trust) : r;
        r = journal_verify(journal, trust, report, &error);
        journal_close(journal);
        return r ? cli_fail(cli, &error, r) : tell_report(cli, report);
}

int command_journal_verify(const struct cli *cli, const struct cli_args *args)
{
        CLEANUP(cleanup_free) struct journal_report *report = calloc(1, sizeof(*report));
        const char *path = args->positional[0];
        struct trust_held held = {0};
        struct error error = {0};
        int r = report ? read_trust(args, &held, &error) : -ENOMEM;

        if (r)
                return cli_fail(cli, &error, r);
        if (!args->count)
                return verify_own(cli, &held.trust);
        if (is_database(path))
                r = verify_database(path, &held.trust, report, &error);
        else
                r = journal_verify_file(path, &held.trust, report, &error);
        return r ? cli_fail(cli, &error, r) : tell_report(cli, report);
}

int command_journal_head(const struct cli *cli, const struct cli_args *args)
{
        json_t *answer = NULL;
        const json_t *head;
        int r = cli_ask(cli, json_pack("{s:s}", "type", "journal.head"), &answer);

        if (r)
                return r;
        head = json_object_get(answer, "head");
        if (cli->json)
                return cli_print_json(json_incref((json_t *)head)), json_decref(answer), CLI_DONE;
        printf(cli_say(cli, "%" JSON_INTEGER_FORMAT " %s, %s\nracine    %s\nsignature %s\n",
                       "%" JSON_INTEGER_FORMAT " %s, %s\nroot      %s\nsignature %s\n"),
               json_integer_value(json_object_get(head, "size")),
               cli_records(cli, (double)json_integer_value(json_object_get(head, "size"))),
               json_string_value(json_object_get(head, "time")),
               json_string_value(json_object_get(head, "root")),
               json_string_value(json_object_get(head, "signature")));
        json_decref(answer);
        return CLI_DONE;
}

/* 0 and the number, or -EINVAL. */
static int parse_number(const char *text, uint64_t *ret_number)
{
        char *end;

        errno = 0;
        *ret_number = strtoull(text, &end, 10);
        return errno || *end || text[0] == '-' || !text[0] ? -EINVAL : 0;
}

static int prove_told(const struct cli *cli, uint64_t seq, uint64_t size)
{
        json_t *answer = NULL, *proof;
        int r = cli_ask(cli,
                        json_pack("{s:s, s:I, s:I}", "type", "journal.prove", "seq", (json_int_t)seq, "size",
                                  (json_int_t)size),
                        &answer);

        if (r)
                return r;
        proof = json_incref(json_object_get(answer, "proof"));
        json_decref(answer);
        return cli_print_json(proof);
}

int command_journal_prove(const struct cli *cli, const struct cli_args *args)
{
        const char *size_text = cli_option(args, "size");
        struct journal *journal = NULL;
        struct error error = {0};
        json_t *proof = NULL;
        uint64_t seq, size = 0;
        int r;

        if (parse_number(args->positional[0], &seq) || (size_text && parse_number(size_text, &size)))
                return cli_misuse(cli, cli_say(cli, "un numéro d’enregistrement est attendu",
                                               "a record's number is expected"));
        r = open_own(cli, &journal);
        if (r)
                return r == JOURNAL_AT_HUB ? prove_told(cli, seq, size) : r;
        r = journal_prove_inclusion(journal, seq, size, &proof, &error);
        journal_close(journal);
        return r ? cli_fail(cli, &error, r) : cli_print_json(proof);
}

/* How many records an export has, by its last line: {"end":{"heads":…,"personal":…,"records":42,…}}. */
static int exported_records(const char *path, json_int_t *ret_records)
{
        CLEANUP(cleanup_file) FILE *file = fopen(path, "r");
        char tail[512] = "";
        const char *end;
        size_t length;
        json_t *json;

        if (!file || fseek(file, -(long)sizeof(tail) + 1, SEEK_END))
                return -EIO;
        length = fread(tail, 1, sizeof(tail) - 1, file);
        tail[length] = '\0';
        end = strstr(tail, "{\"end\":");
        json = end ? json_loads(end, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
        *ret_records = json_integer_value(json_object_get(json_object_get(json, "end"), "records"));
        json_decref(json);
        return 0;
}

static int export_told(const struct cli *cli, const char *path)
{
        json_t *request = json_pack("{s:s}", "type", "journal.export");
        json_int_t records;
        int r;

        if (!path)
                return take_stream(cli, request, stdout);
        r = take_file(cli, request, path);
        if (!r && cli->json && !exported_records(path, &records))
                return cli_print_json(json_pack("{s:s, s:I}", "file", path, "records", records));
        return r;
}

int command_journal_export(const struct cli *cli, const struct cli_args *args)
{
        struct journal *journal = NULL;
        struct error error = {0};
        int r = open_own(cli, &journal);

        if (r)
                return r == JOURNAL_AT_HUB ? export_told(cli, args->positional[0]) : r;
        if (args->count)
                r = journal_export_file(journal, args->positional[0], &error);
        else
                r = journal_export(journal, stdout, &error);
        if (!r && args->count && cli->json)
                cli_print_json(json_pack("{s:s, s:I}", "file", args->positional[0], "records",
                                         (json_int_t)journal_size(journal)));
        journal_close(journal);
        return r ? cli_fail(cli, &error, r) : CLI_DONE;
}

static int show_replay(void *context, uint64_t done, uint64_t all)
{
        const struct cli *cli = context;

        fprintf(stderr,
                cli_say(cli, "\rvues : %3.0f %% de %" PRIu64 " enregistrements",
                        "\rviews: %3.0f %% of %" PRIu64 " records"),
                all ? 100.0 * (double)done / (double)all : 0, all);
        return 0;
}

int command_journal_rebuild(const struct cli *cli, const struct cli_args *args)
{
        struct config *config = cli_config(cli);
        struct journal *journal = NULL;
        struct error error = {0};
        char path[PATH_MAX], key[PATH_MAX];
        uint64_t size = 0;
        int r;

        if (!config)
                return CLI_FAILED;
        papers_journal_path(config, path);
        snprintf(key, sizeof(key), "%s/hub/journal.key", config->state);
        config_free(config);
        const struct journal_progress progress = {.tell = show_replay, .context = (void *)cli};
        const struct journal_config own = {
                .path = path, .key_path = key, .clock = &clock_system, .random = &random_system};
        bool watched = isatty(STDERR_FILENO);
        r = journal_open(&own, &journal, &error);
        if (!r)
                r = journal_rebuild(journal, watched ? &progress : NULL, &error);
        if (watched)
                fprintf(stderr, "\r\033[K");
        if (!r)
                size = journal_size(journal);
        journal_close(journal);
        if (r == -EBUSY)
                error_say(&error, r, "le journal est ouvert par garde-hub : arrêtez-le d’abord",
                          "garde-hub has the journal open: stop it first");
        if (r)
                return cli_fail(cli, &error, r);
        if (cli->json)
                return cli_print_json(json_pack("{s:I}", "records", (json_int_t)size));
        printf(cli_say(cli, "vues refaites d’après %" PRIu64 " %s\n",
                       "views made again from %" PRIu64 " %s\n"),
               size, cli_records(cli, (double)size));
        return CLI_DONE;
}

int command_journal_erase(const struct cli *cli, const struct cli_args *args)
{
        const char *reason = cli_option(args, "reason");
        json_t *answer = NULL;
        uint64_t seq;
        int r;

        if (parse_number(args->positional[0], &seq) || !reason)
                return cli_misuse(cli, cli_say(cli, "il faut un numéro d’enregistrement et --reason TEXTE",
                                               "a record's number and --reason TEXT are needed"));
        r = cli_ask(cli,
                    json_pack("{s:s, s:I, s:s, s:s, s:s}", "type", "journal.erase", "seq", (json_int_t)seq,
                              "name", args->positional[1], "author", cli_author(args), "reason", reason),
                    &answer);
        if (r)
                return r;
        if (cli->json)
                return cli_print_json(answer);
        printf(cli_say(cli, "effacé ; l’effacement est l’enregistrement %" JSON_INTEGER_FORMAT "\n",
                       "erased; the erasure is record %" JSON_INTEGER_FORMAT "\n"),
               json_integer_value(json_object_get(answer, "seq")));
        json_decref(answer);
        return CLI_DONE;
}
