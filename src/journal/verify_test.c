/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/journal_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define LINES_MAX 64

/* An export in memory, by lines, to be maimed. */
struct pages {
        char *data;
        char *line[LINES_MAX];
        size_t count;
};

static void cut_pages(struct fixture *fixture, struct pages *pages)
{
        size_t length;
        char *rest;

        *pages = (struct pages){.data = fixture_read(fixture->export_path, &length)};
        for (char *at = strtok_r(pages->data, "\n", &rest); at; at = strtok_r(NULL, "\n", &rest))
                pages->line[pages->count++] = at;
}

static void write_pages(struct fixture *fixture, const struct pages *pages)
{
        FILE *file = fopen(fixture->export_path, "w");

        assert_non_null(file);
        for (size_t i = 0; i < pages->count; i++)
                fprintf(file, "%s\n", pages->line[i]);
        fclose(file);
}

static void remove_line(struct pages *pages, size_t at)
{
        pages->count--;
        memmove(&pages->line[at], &pages->line[at + 1], (pages->count - at) * sizeof(char *));
}

static void insert_line(struct pages *pages, size_t at, char *line)
{
        memmove(&pages->line[at + 1], &pages->line[at], (pages->count - at) * sizeof(char *));
        pages->line[at] = line;
        pages->count++;
}

/* Records 0 to 6, heads of 4 and 7; record 2 has a personal text, record 3's was erased by record 6. */
static void make_journal(struct fixture *fixture)
{
        struct head head;
        uint64_t seq;

        assert_int_equal(fixture_open(fixture), 0);
        fixture_note(fixture, "un", NULL);
        fixture_note(fixture, "deux", "Aristide \"Bouvillon\"");
        fixture_note(fixture, "trois", "to be erased");
        assert_int_equal(journal_head(fixture->journal, &head, &fixture->error), 0);
        fixture_note(fixture, "quatre", NULL);
        fixture_note(fixture, "cinq", NULL);
        assert_int_equal(
                journal_erase_personal(fixture->journal, 3, "name", "dpo", "", &seq, &fixture->error), 0);
        assert_int_equal(journal_head(fixture->journal, &head, &fixture->error), 0);
        assert_int_equal(journal_export_file(fixture->journal, fixture->export_path, &fixture->error), 0);
}

/* Lines of that export: header, records 0 to 3, head, records 4 to 6, head, end. */
#define LINE_RECORD(seq) ((seq) < 4 ? (seq) + 1 : (seq) + 2)
#define LINE_HEAD_4      5
#define LINE_END         10

static void verify(struct fixture *fixture, struct journal_report *report)
{
        assert_int_equal(journal_verify_file(fixture->export_path, NULL, report, &fixture->error), 0);
}

static void assert_first(const struct journal_report *report, enum report_fault_kind kind, uint64_t seq)
{
        assert_false(report->ok);
        assert_true(report->fault_count > 0);
        if (report->faults[0].kind != kind || report->faults[0].seq != seq)
                fail_msg("first fault is %s of %d: %s", report_fault_word(report->faults[0].kind),
                         (int)report->faults[0].seq, report->faults[0].en);
        assert_true(report->faults[0].fr[0] && report->faults[0].en[0]);
}

/* In parts, however small, an export has the same bytes; what is written meanwhile is not in it. */
static void test_an_export_in_parts_is_the_same(void **state)
{
        struct fixture *fixture = *state;
        struct journal_export *export = NULL;
        char *whole, *text = NULL;
        size_t length, got, parts = 0;
        int r;

        make_journal(fixture);
        whole = fixture_read(fixture->export_path, &length);
        for (size_t bytes = 1; bytes < 100000; bytes *= 300) {
                FILE *stream = open_memstream(&text, &got);
                struct journal *reader = NULL;

                assert_int_equal(journal_open_readonly(journal_path(fixture->journal), &reader, NULL), 0);
                assert_int_equal(journal_export_begin(reader, &export, &fixture->error), 0);
                if (bytes > 1)
                        fixture_note(fixture, "meanwhile", NULL);
                while ((r = journal_export_part(export, stream, bytes, &fixture->error)) == JOURNAL_MORE)
                        parts++;
                assert_int_equal(r, 0);
                assert_int_equal(journal_export_part(export, stream, bytes, &fixture->error), 0);
                fclose(stream);
                assert_null(journal_export_end(export));
                journal_close(reader);
                if (bytes <= 300) {
                        assert_int_equal(got, length);
                        assert_memory_equal(text, whole, length);
                }
                free(text);
                text = NULL;
        }
        assert_true(parts >= 7);
        assert_null(journal_export_end(NULL));
        free(whole);
}

static void test_a_sound_export_is_sound(void **state)
{
        struct fixture *fixture = *state;
        struct journal_report report, database;

        make_journal(fixture);
        verify(fixture, &report);
        assert_true(report.ok);
        assert_int_equal(report.records, 7);
        assert_int_equal(report.heads, 2);
        assert_int_equal(report.personal, 1);
        assert_int_equal(report.erased, 1);
        assert_int_equal(report.signed_size, 7);
        assert_int_equal(journal_verify(fixture->journal, NULL, &database, &fixture->error), 0);
        assert_true(database.ok);
        assert_memory_equal(database.root, report.root, HASH_SIZE);
        assert_memory_equal(database.last, report.last, HASH_SIZE);
}

/* The property the whole room stands for. */
static void test_every_changed_byte_is_found(void **state)
{
        struct fixture *fixture = *state;
        size_t length;
        char *data;

        make_journal(fixture);
        data = fixture_read(fixture->export_path, &length);
        for (size_t at = 0; at < length; at++) {
                struct journal_report report = {.ok = true};
                int bit = (int)(at * 5 % 8);
                FILE *stream;
                int r;

                data[at] = (char)(data[at] ^ (1 << bit));
                stream = fmemopen(data, length, "r");
                r = journal_verify_stream(stream, NULL, &report, &fixture->error);
                if (r < 0 || report.ok)
                        fail_msg("bit %d of byte %zu changed and nothing found", bit, at);
                fclose(stream);
                data[at] = (char)(data[at] ^ (1 << bit));
        }
        free(data);
}

static void test_every_cut_is_found(void **state)
{
        struct fixture *fixture = *state;
        size_t length;
        char *data;

        make_journal(fixture);
        data = fixture_read(fixture->export_path, &length);
        for (size_t cut = length - 1; cut > 0; cut -= cut > 13 && cut < length - 400 ? 13 : 1) {
                struct journal_report report;
                FILE *stream = fmemopen(data, cut, "r");

                assert_int_equal(journal_verify_stream(stream, NULL, &report, &fixture->error), 0);
                assert_false(report.ok);
                fclose(stream);
        }
        free(data);
}

static void test_removed_records_are_named(void **state)
{
        struct fixture *fixture = *state;
        struct journal_report report;
        struct pages pages;

        make_journal(fixture);
        cut_pages(fixture, &pages);
        remove_line(&pages, LINE_RECORD(4));
        write_pages(fixture, &pages);
        verify(fixture, &report);
        assert_first(&report, REPORT_FAULT_MISSING, 4);
        assert_non_null(strstr(report.faults[0].fr, "4 manque"));
        remove_line(&pages, LINE_RECORD(4));
        write_pages(fixture, &pages);
        verify(fixture, &report);
        assert_non_null(strstr(report.faults[0].en, "4 to 5"));
        free(pages.data);
}

static void test_swapped_records_are_named(void **state)
{
        struct fixture *fixture = *state;
        struct journal_report report;
        struct pages pages;
        char *kept;

        make_journal(fixture);
        cut_pages(fixture, &pages);
        kept = pages.line[LINE_RECORD(1)];
        pages.line[LINE_RECORD(1)] = pages.line[LINE_RECORD(2)];
        pages.line[LINE_RECORD(2)] = kept;
        write_pages(fixture, &pages);
        verify(fixture, &report);
        assert_first(&report, REPORT_FAULT_MISSING, 1);
        assert_int_equal(report.faults[1].kind, REPORT_FAULT_ORDER);
        assert_int_equal(report.faults[1].seq, 1);
        free(pages.data);
}

static void test_a_doubled_record_is_named(void **state)
{
        struct fixture *fixture = *state;
        struct journal_report report;
        struct pages pages;

        make_journal(fixture);
        cut_pages(fixture, &pages);
        insert_line(&pages, LINE_RECORD(2), pages.line[LINE_RECORD(1)]);
        write_pages(fixture, &pages);
        verify(fixture, &report);
        assert_first(&report, REPORT_FAULT_REPEATED, 1);
        free(pages.data);
}

/* What somebody can do who knows the format: the record's hash is made to fit what it now says. */
static void forge(struct fixture *fixture, struct pages *pages, size_t at, const char *from, const char *to,
                  char *out, size_t size)
{
        char *record = strstr(pages->line[at], ",\"record\":") + 10;
        char changed[2048];
        char hex[HASH_HEX_SIZE];
        uint8_t hash[HASH_SIZE];
        char *found = strstr(record, from);
        int length;

        assert_non_null(found);
        length = snprintf(changed, sizeof(changed), "%.*s%s%s", (int)(found - record), record, to,
                          found + strlen(from));
        changed[--length] = '\0'; /* the line's own brace */
        hash_bytes(changed, (size_t)length, hash);
        hash_format(hash, hex);
        snprintf(out, size, "{\"hash\":\"%s\",\"personal\":{},\"record\":%s}", hex, changed);
}

static void test_a_forged_record_breaks_chain_and_head(void **state)
{
        struct fixture *fixture = *state;
        struct journal_report report;
        struct pages pages;
        char line[4096];

        make_journal(fixture);
        cut_pages(fixture, &pages);
        forge(fixture, &pages, LINE_RECORD(4), "quatre", "quatorze", line, sizeof(line));
        pages.line[LINE_RECORD(4)] = line;
        write_pages(fixture, &pages);
        verify(fixture, &report);
        assert_first(&report, REPORT_FAULT_CHAIN, 5);
        assert_int_equal(report.faults[1].kind, REPORT_FAULT_HEAD_MISMATCH);
        assert_int_equal(report.signed_size, 4);
        free(pages.data);
}

static void test_an_inserted_record_is_named(void **state)
{
        struct fixture *fixture = *state;
        struct journal_report report;
        struct pages pages;
        char line[4096];

        make_journal(fixture);
        cut_pages(fixture, &pages);
        forge(fixture, &pages, LINE_RECORD(4), "quatre", "inserted", line, sizeof(line));
        insert_line(&pages, LINE_RECORD(4), line);
        write_pages(fixture, &pages);
        verify(fixture, &report);
        assert_first(&report, REPORT_FAULT_REPEATED, 4);
        free(pages.data);
}

static void test_a_cut_end_with_a_forged_last_line_shows_against_a_kept_head(void **state)
{
        struct fixture *fixture = *state;
        struct journal_report report;
        struct journal_trust trust = {.key = NULL};
        struct pages pages;
        struct head head;
        char root[HASH_HEX_SIZE];
        char end[256];

        make_journal(fixture);
        assert_int_equal(journal_last_head(fixture->journal, &head, &fixture->error), 0);
        cut_pages(fixture, &pages);
        pages.count = LINE_HEAD_4 + 1;
        write_pages(fixture, &pages);
        verify(fixture, &report);
        assert_first(&report, REPORT_FAULT_END, 4);
        hash_format(report.root, root);
        snprintf(end, sizeof(end), "{\"end\":{\"heads\":1,\"personal\":2,\"records\":4,\"root\":\"%s\"}}",
                 root);
        /* Record 3's text is long erased here, so the counts would be one personal text. */
        end[strcspn(end, "2")] = '1';
        pages.line[pages.count++] = end;
        write_pages(fixture, &pages);
        trust.head = &head;
        assert_int_equal(journal_verify_file(fixture->export_path, &trust, &report, &fixture->error), 0);
        assert_first(&report, REPORT_FAULT_MISSING, 4);
        free(pages.data);
}

static void test_trust_from_elsewhere(void **state)
{
        struct fixture *fixture = *state;
        struct journal_report report;
        struct head head;
        uint8_t key[KEY_PUBLIC_SIZE];
        struct journal_trust trust = {.head = &head};

        make_journal(fixture);
        assert_int_equal(journal_last_head(fixture->journal, &head, &fixture->error), 0);
        assert_int_equal(journal_verify_file(fixture->export_path, &trust, &report, &fixture->error), 0);
        assert_true(report.ok);
        memcpy(key, report.key, sizeof(key));
        trust.key = key;
        assert_int_equal(journal_verify(fixture->journal, &trust, &report, &fixture->error), 0);
        assert_true(report.ok);
        key[0] ^= 1;
        assert_int_equal(journal_verify(fixture->journal, &trust, &report, &fixture->error), 0);
        assert_first(&report, REPORT_FAULT_KEY, 0);
        trust.key = NULL;
        head.root[0] ^= 1;
        assert_int_equal(journal_verify(fixture->journal, &trust, &report, &fixture->error), 0);
        assert_first(&report, REPORT_FAULT_HEAD_MISMATCH, 7);
}

static void test_a_removed_text_without_erasure_is_found(void **state)
{
        struct fixture *fixture = *state;
        struct journal_report report;

        make_journal(fixture);
        fixture_sql(fixture, "DELETE FROM personal WHERE seq = 2");
        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_verify(fixture->journal, NULL, &report, &fixture->error), 0);
        assert_first(&report, REPORT_FAULT_ERASURE, 0);
}

static void test_an_export_that_is_none(void **state)
{
        struct fixture *fixture = *state;
        struct journal_report report;

        fixture_write(fixture->export_path, "", 0);
        assert_int_equal(journal_verify_file(fixture->export_path, NULL, &report, &fixture->error), -EINVAL);
        assert_non_null(strstr(fixture->error.en, "empty"));
        fixture_write(fixture->export_path, "hello\nworld\n", 12);
        verify(fixture, &report);
        assert_first(&report, REPORT_FAULT_HEADER, 0);
        assert_int_equal(journal_verify_file("/nonexistent/export", NULL, &report, &fixture->error), -ENOENT);
        assert_int_equal(journal_verify_file(fixture->folder, NULL, &report, &fixture->error), -EIO);
}

/* Each change to the database, and the fault that must come first. */
static const struct {
        const char *sql;
        enum report_fault_kind kind;
        uint64_t seq;
} damages[] = {
        {"UPDATE records SET line = CAST(replace(CAST(line AS TEXT), 'quatre', 'quatro') AS BLOB)",
         REPORT_FAULT_HASH, 4},
        {"UPDATE records SET hash = zeroblob(32) WHERE seq = 5", REPORT_FAULT_HASH, 5},
        {"DELETE FROM records WHERE seq = 4", REPORT_FAULT_MISSING, 4},
        {"UPDATE records SET seq = 99 WHERE seq = 1; UPDATE records SET seq = 1 WHERE seq = 2;"
         "UPDATE records SET seq = 2 WHERE seq = 99",
         REPORT_FAULT_MISSING, 1},
        {"DELETE FROM records WHERE seq > 4", REPORT_FAULT_HEAD_MISMATCH, 7},
        {"UPDATE personal SET text = CAST('Somebody else' AS BLOB) WHERE seq = 2", REPORT_FAULT_COMMITMENT,
         2},
        {"UPDATE personal SET salt = zeroblob(32) WHERE seq = 2", REPORT_FAULT_COMMITMENT, 2},
        {"INSERT INTO personal VALUES(NULL, 4, 'name', zeroblob(32), x'41', 0)", REPORT_FAULT_COMMITMENT, 4},
        {"UPDATE heads SET json = CAST(replace(CAST(json AS TEXT), '\"size\":4', '\"size\":5') AS BLOB) "
         "WHERE size = 4",
         REPORT_FAULT_HEAD_SIGNATURE, 5},
        {"UPDATE heads SET json = x'7b7d' WHERE size = 4", REPORT_FAULT_HEAD_FORM, 4},
        {"UPDATE heads SET size = 2 WHERE size = 4", REPORT_FAULT_HEAD_MISMATCH, 4},
        {"UPDATE meta SET value = zeroblob(32) WHERE name = 'key'", REPORT_FAULT_KEY, 0},
};

static void test_damage_in_the_database_is_named(void **state)
{
        for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
                struct journal *reader = NULL;
                struct journal_report report;
                struct fixture *fixture;
                void *own = NULL;

                assert_int_equal(fixture_setup(&own), 0);
                fixture = own;
                make_journal(fixture);
                fixture_sql(fixture, damages[i].sql);
                assert_int_equal(journal_open_readonly(fixture->path, &reader, &fixture->error), 0);
                assert_int_equal(journal_verify(reader, NULL, &report, &fixture->error), 0);
                journal_close(reader);
                assert_first(&report, damages[i].kind, damages[i].seq);
                fixture_teardown(&own);
        }
}

static void test_a_changed_tree_node_is_named(void **state)
{
        struct fixture *fixture = *state;
        struct journal_report report;
        struct record_draft drafts[600];
        json_t *body = json_pack("{}");
        uint64_t seq;

        for (int i = 0; i < 600; i++)
                drafts[i] = (struct record_draft){
                        .type = RECORD_TYPE_NOTE, .subject = "", .author = "t", .body = body};
        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_append_batch(fixture->journal, drafts, 600, &seq, &fixture->error), 0);
        fixture_sql(fixture, "UPDATE nodes SET hash = zeroblob(32) WHERE level = 8 AND position = 1");
        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_verify(fixture->journal, NULL, &report, &fixture->error), 0);
        assert_first(&report, REPORT_FAULT_TREE, 256);
        json_decref(body);
}

static void test_the_report_as_json(void **state)
{
        struct fixture *fixture = *state;
        struct journal_report report;
        json_t *json;

        make_journal(fixture);
        fixture_sql(fixture, "DELETE FROM records WHERE seq = 4");
        assert_int_equal(journal_open_readonly(fixture->path, &fixture->journal, &fixture->error), 0);
        assert_int_equal(journal_verify(fixture->journal, NULL, &report, &fixture->error), 0);
        json = journal_report_to_json(&report);
        assert_non_null(json);
        assert_true(json_is_false(json_object_get(json, "ok")));
        assert_string_equal(json_string_value(json_object_get(
                                    json_array_get(json_object_get(json, "faults"), 0), "kind")),
                            "missing");
        json_decref(json);
}

/* Many faults: the list is full, the count goes on. */
static void test_faults_are_capped(void **state)
{
        struct fixture *fixture = *state;
        struct journal_report report;

        assert_int_equal(fixture_open(fixture), 0);
        for (int i = 0; i < 40; i++)
                fixture_note(fixture, "x", NULL);
        fixture_sql(fixture, "UPDATE records SET hash = zeroblob(32) WHERE seq BETWEEN 1 AND 30");
        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_verify(fixture->journal, NULL, &report, &fixture->error), 0);
        assert_true(report.fault_count >= 30);
        assert_first(&report, REPORT_FAULT_HASH, 1);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
        const struct CMUnitTest tests[] = {
                WITH_FIXTURE(test_a_sound_export_is_sound),
                WITH_FIXTURE(test_an_export_in_parts_is_the_same),
                WITH_FIXTURE(test_every_changed_byte_is_found),
                WITH_FIXTURE(test_every_cut_is_found),
                WITH_FIXTURE(test_removed_records_are_named),
                WITH_FIXTURE(test_swapped_records_are_named),
                WITH_FIXTURE(test_a_doubled_record_is_named),
                WITH_FIXTURE(test_a_forged_record_breaks_chain_and_head),
                WITH_FIXTURE(test_an_inserted_record_is_named),
                WITH_FIXTURE(test_a_cut_end_with_a_forged_last_line_shows_against_a_kept_head),
                WITH_FIXTURE(test_trust_from_elsewhere),
                WITH_FIXTURE(test_a_removed_text_without_erasure_is_found),
                WITH_FIXTURE(test_an_export_that_is_none),
                cmocka_unit_test(test_damage_in_the_database_is_named),
                WITH_FIXTURE(test_a_changed_tree_node_is_named),
                WITH_FIXTURE(test_the_report_as_json),
                WITH_FIXTURE(test_faults_are_capped),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
