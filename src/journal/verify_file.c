/* SPDX-License-Identifier: EUPL-1.2 */
/* The verifier told from an exported file. Hostile input: nothing in it is believed before it was scanned. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "journal/lines.h"
#include "journal/private.h"
#include "journal/verifier.h"

#define EXPORT_LINE_MAX (16 * 1024 * 1024)

static const char header_before[] = "{\"format\":\"" JOURNAL_FORMAT "\",\"key\":\"";
static const char header_after[] = "\",\"v\":1}";
static const char record_before[] = "{\"hash\":\"";
static const char personal_before[] = "\",\"personal\":";
static const char value_before[] = ",\"record\":";
static const char head_before[] = "{\"head\":";
static const char end_before[] = "{\"end\":";

struct import {
        struct verifier verifier;
        uint64_t record_lines;
        uint64_t head_lines;
        uint64_t personal_texts;
        bool ended;
};

/* What is left of a line. */
struct rest {
        const char *at;
        size_t length;
};

static bool skip(struct rest *rest, const char *word, size_t length)
{
        if (rest->length < length || memcmp(rest->at, word, length) != 0)
                return false;
        rest->at += length;
        rest->length -= length;
        return true;
}

#define SKIP(rest, word) skip(rest, word, sizeof(word) - 1)

static void cleanup_json(json_t **json)
{
        json_decref(*json);
}

static int read_header(const char *line, size_t length, uint8_t *ret_key)
{
        struct rest rest = {line, length};

        if (!SKIP(&rest, header_before) || rest.length != 2 * KEY_PUBLIC_SIZE + sizeof(header_after) - 1 ||
            hash_parse_hex(rest.at, 2 * KEY_PUBLIC_SIZE, ret_key, KEY_PUBLIC_SIZE) < 0)
                return -EINVAL;
        rest.at += 2 * KEY_PUBLIC_SIZE;
        rest.length -= 2 * KEY_PUBLIC_SIZE;
        return SKIP(&rest, header_after) && rest.length == 0 ? 0 : -EINVAL;
}

struct record_line {
        uint8_t hash[HASH_SIZE];
        struct rest personal;
        struct rest record;
};

static int read_record_line(struct rest rest, struct record_line *ret_line)
{
        size_t length;

        if (rest.length < HASH_HEX_SIZE ||
            hash_parse_hex(rest.at, HASH_HEX_SIZE - 1, ret_line->hash, HASH_SIZE) < 0)
                return -EINVAL;
        rest.at += HASH_HEX_SIZE - 1;
        rest.length -= HASH_HEX_SIZE - 1;
        if (!SKIP(&rest, personal_before) || rest.length == 0 || *rest.at != '{' ||
            canonical_value_length(rest.at, rest.length, &length) < 0)
                return -EINVAL;
        ret_line->personal = (struct rest){rest.at, length};
        rest.at += length;
        rest.length -= length;
        if (!SKIP(&rest, value_before) || rest.length < 2 || rest.at[rest.length - 1] != '}')
                return -EINVAL;
        ret_line->record = (struct rest){rest.at, rest.length - 1};
        return 0;
}

/* A damaged line stands for the record that is due, and its hash is unknown. */
static void damaged_record(struct import *import)
{
        struct verifier *verifier = &import->verifier;

        verifier_fault(verifier, REPORT_FAULT_FORM, verifier->next,
                       "La ligne %" PRIu64 ", où devrait être l'enregistrement %" PRIu64 ", est illisible.",
                       "Line %" PRIu64 ", where record %" PRIu64 " should be, cannot be read.",
                       verifier->line, verifier->next);
        verifier->next++;
        verifier->last_known = false;
        verifier->tree_known = false;
}

static int read_texts(const json_t *personal, struct verifier_text *texts, uint8_t (*salts)[CHAIN_SALT_SIZE],
                      size_t *ret_count)
{
        const char *name;
        json_t *entry;
        size_t count = 0;

        if (json_object_size(personal) > RECORD_PERSONAL_MAX)
                return -EINVAL;
        json_object_foreach((json_t *)personal, name, entry)
        {
                const char *salt;
                struct verifier_text *text = &texts[count];

                if (json_unpack(entry, "{s:s, s:s% !}", "salt", &salt, "text", &text->text,
                                &text->text_length) < 0 ||
                    hash_parse_hex(salt, strlen(salt), salts[count], CHAIN_SALT_SIZE) < 0)
                        return -EINVAL;
                text->name = name;
                text->name_length = strlen(name);
                text->salt = salts[count++];
        }
        *ret_count = count;
        return 0;
}

static void take_record(struct import *import, struct rest rest)
{
        CLEANUP(cleanup_json) json_t *personal = NULL;
        uint8_t salts[RECORD_PERSONAL_MAX][CHAIN_SALT_SIZE];
        struct verifier_text texts[RECORD_PERSONAL_MAX];
        struct record_line line;
        size_t count = 0;

        import->record_lines++;
        if (read_record_line(rest, &line) < 0) {
                damaged_record(import);
                return;
        }
        /* "{}" nearly always: then nothing is to be built. */
        if (line.personal.length > 2 &&
            (canonical_parse(line.personal.at, line.personal.length, &personal, NULL) < 0 ||
             read_texts(personal, texts, salts, &count) < 0)) {
                damaged_record(import);
                return;
        }
        import->personal_texts += count;
        verifier_record(&import->verifier, line.record.at, line.record.length, line.hash, texts, count);
}

static void take_head(struct import *import, struct rest rest)
{
        import->head_lines++;
        verifier_head(&import->verifier, rest.at, rest.length ? rest.length - 1 : 0);
        if (rest.length == 0 || rest.at[rest.length - 1] != '}')
                verifier_fault(&import->verifier, REPORT_FAULT_HEAD_FORM, import->verifier.next,
                               "La ligne %" PRIu64 " ne finit pas comme une tête signée.",
                               "Line %" PRIu64 " does not end as a signed head does.", import->verifier.line);
}

static bool end_fits(const struct import *import, const json_t *json)
{
        uint8_t root[HASH_SIZE];
        json_int_t heads, personal, records;
        const char *hex;
        char own[HASH_HEX_SIZE];

        if (json_unpack((json_t *)json, "{s:{s:I, s:I, s:I, s:s !} !}", "end", "heads", &heads, "personal",
                        &personal, "records", &records, "root", &hex) < 0)
                return false;
        merkle_root(&import->verifier.frontier, root);
        hash_format(root, own);
        return heads == (json_int_t)import->head_lines && personal == (json_int_t)import->personal_texts &&
               records == (json_int_t)import->record_lines &&
               (!import->verifier.tree_known || strcmp(hex, own) == 0);
}

static void take_end(struct import *import, const char *line, size_t length)
{
        CLEANUP(cleanup_json) json_t *json = NULL;

        import->ended = true;
        if (canonical_parse(line, length, &json, NULL) < 0 || !end_fits(import, json))
                verifier_fault(
                        &import->verifier, REPORT_FAULT_END, import->verifier.next,
                        "La dernière ligne n'annonce pas ce que le fichier contient : des lignes ont été "
                        "ôtées, "
                        "ajoutées ou changées.",
                        "The last line does not announce what the file holds: lines were removed, added or "
                        "changed.");
}

static void take_line(struct import *import, const char *line, size_t length)
{
        struct verifier *verifier = &import->verifier;
        struct rest rest = {line, length};

        if (import->ended)
                verifier_fault(verifier, REPORT_FAULT_END, verifier->next,
                               "La ligne %" PRIu64 " vient après la fin annoncée.",
                               "Line %" PRIu64 " comes after the end announced.", verifier->line);
        else if (SKIP(&rest, record_before))
                take_record(import, rest);
        else if (SKIP(&rest, head_before))
                take_head(import, rest);
        else if (SKIP(&rest, end_before))
                take_end(import, line, length);
        else
                verifier_fault(verifier, REPORT_FAULT_FORM, verifier->next,
                               "La ligne %" PRIu64 " n'est ni un enregistrement, ni une tête, ni la fin.",
                               "Line %" PRIu64 " is neither a record nor a head nor the end.",
                               verifier->line);
}

static void cut_line(struct import *import)
{
        verifier_fault(&import->verifier, REPORT_FAULT_END, import->verifier.next,
                       "Le fichier est coupé au milieu de la ligne %" PRIu64 ", après %" PRIu64
                       " enregistrements.",
                       "The file is cut in the middle of line %" PRIu64 ", after %" PRIu64 " records.",
                       import->verifier.line, import->verifier.report->records);
        import->ended = true;
}

static void long_line(struct import *import)
{
        verifier_fault(&import->verifier, REPORT_FAULT_FORM, import->verifier.next,
                       "La ligne %" PRIu64 " est plus longue que toute ligne d'un journal.",
                       "Line %" PRIu64 " is longer than any line of a journal.", import->verifier.line);
        import->ended = true;
}

static int take_lines(struct import *import, struct lines *lines)
{
        const char *line;
        size_t length;
        int r;

        while ((r = lines_next(lines, &line, &length)) > 0) {
                import->verifier.line++;
                if (r == LINES_LONG || r == LINES_CUT) {
                        if (r == LINES_LONG)
                                long_line(import);
                        else
                                cut_line(import);
                        return 0;
                }
                take_line(import, line, length);
        }
        return r;
}

static void foreign(struct import *import, struct journal_report *report)
{
        static const uint8_t no_key[KEY_PUBLIC_SIZE];

        verifier_begin(&import->verifier, NULL, no_key, report);
        import->verifier.line = 1;
        verifier_fault(
                &import->verifier, REPORT_FAULT_HEADER, 0,
                "La première ligne n'est pas celle d'un export du journal de Garde, ou elle a été changée.",
                "The first line is not that of an export of Garde's journal, or it was changed.");
}

static int import_lines(struct import *import, struct lines *lines, const struct journal_trust *trust,
                        struct journal_report *report, struct error *error)
{
        uint8_t key[KEY_PUBLIC_SIZE];
        const char *line;
        size_t length;
        int r = lines_next(lines, &line, &length);

        if (r == 0)
                return error_say(error, -EINVAL, "L’export est vide.", "The export is empty.");
        if (r > 0 && (r != LINES_LINE || read_header(line, length, key) < 0)) {
                foreign(import, report);
                return 0;
        }
        if (r > 0) {
                verifier_begin(&import->verifier, trust, key, report);
                import->verifier.line = 1;
                r = take_lines(import, lines);
        }
        if (r < 0)
                return error_say(error, r, "L’export est illisible : %m.", "The export cannot be read: %m.");
        if (!import->ended)
                verifier_fault(&import->verifier, REPORT_FAULT_END, import->verifier.next,
                               "Le fichier est coupé : après %" PRIu64
                               " enregistrements, la ligne de fin manque.",
                               "The file is cut: after %" PRIu64 " records the line that ends it is missing.",
                               import->verifier.report->records);
        verifier_finish(&import->verifier);
        return 0;
}

int journal_verify_stream(FILE *stream, const struct journal_trust *trust, struct journal_report *ret_report,
                          struct error *error)
{
        struct lines lines = LINES_INIT(stream, EXPORT_LINE_MAX);
        struct import import = {.record_lines = 0};
        int r = import_lines(&import, &lines, trust, ret_report, error);

        lines_release(&lines);
        return r;
}

int journal_verify_file(const char *path, const struct journal_trust *trust,
                        struct journal_report *ret_report, struct error *error)
{
        CLEANUP(cleanup_file) FILE *stream = fopen(path, "re");
        int r;

        if (!stream)
                return error_say(error, -errno, "%s : %m.", "%s: %m.", path);
        /* lines.c reads large pieces into its own memory. */
        setvbuf(stream, NULL, _IONBF, 0);
        r = journal_verify_stream(stream, trust, ret_report, error);
        return r < 0 ? error_context(error, r, "%s", "%s", path) : 0;
}
