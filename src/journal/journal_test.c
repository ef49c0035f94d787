/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/journal_fixture.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "journal/chain.h"

static void test_opening_makes_journal_key_and_record_zero(void **state)
{
        struct fixture *fixture = *state;
        struct journal_report report;
        struct stat status;

        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_size(fixture->journal), 1);
        assert_int_equal(stat(fixture->key_path, &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
        assert_int_equal(journal_verify(fixture->journal, NULL, &report, &fixture->error), 0);
        assert_true(report.ok);
        assert_int_equal(report.records, 1);
}

static int collect(void *context, const struct record *record)
{
        json_t *seen = context;

        json_array_append_new(seen, json_pack("{s:I, s:s, s:s, s:s, s:O, s:O}", "seq",
                                              (json_int_t)record->seq, "type", record_type_word(record->type),
                                              "subject", record->subject, "author", record->author, "body",
                                              record->body, "personal", record->personal));
        return 0;
}

static void test_what_is_appended_is_read_back_after_reopening(void **state)
{
        struct fixture *fixture = *state;
        struct record_draft drafts[2] = {
                {.type = RECORD_TYPE_FINDING_SEEN, .subject = "f_1", .author = "edge"},
                {.type = RECORD_TYPE_NOTE, .subject = "i_2", .author = "Zoé"},
        };
        json_t *seen = json_array();
        uint64_t first = 0;

        assert_int_equal(fixture_open(fixture), 0);
        drafts[0].body = json_pack("{s:f, s:[i,b,n]}", "rate", 0.25, "list", 1, 1);
        drafts[1].body = json_pack("{s:s}", "text", "première\n");
        drafts[1].personal = json_pack("{s:s, s:s}", "phone", "01 40 27 30 00", "name", "M. Dupont");
        assert_int_equal(journal_append_batch(fixture->journal, drafts, 2, &first, &fixture->error), 0);
        assert_int_equal(first, 1);
        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_size(fixture->journal), 3);
        assert_int_equal(journal_read(fixture->journal, 1, UINT64_MAX, collect, seen, &fixture->error), 0);
        assert_int_equal(json_array_size(seen), 2);
        assert_true(json_equal(json_object_get(json_array_get(seen, 0), "body"), drafts[0].body));
        assert_string_equal(json_string_value(json_object_get(json_array_get(seen, 1), "author")), "Zoé");
        assert_string_equal(
                json_string_value(json_object_get(
                        json_object_get(json_object_get(json_array_get(seen, 1), "personal"), "name"),
                        "text")),
                "M. Dupont");
        json_decref(seen);
        for (int i = 0; i < 2; i++) {
                json_decref(drafts[i].body);
                json_decref(drafts[i].personal);
        }
}

static void test_many_appends_one_commit(void **state)
{
        struct fixture *fixture = *state;
        struct journal *reader;
        uint64_t seq;

        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_settle(fixture->journal, &fixture->error), 0);
        assert_int_equal(journal_hold(fixture->journal, &fixture->error), 0);
        assert_int_equal(journal_hold(fixture->journal, &fixture->error), 0);
        assert_int_equal(fixture_note(fixture, "one", "Zoé"), 1);
        assert_int_equal(fixture_note(fixture, "two", NULL), 2);
        assert_int_equal(journal_erase_personal(fixture->journal, 1, "name", "t", "", &seq, &fixture->error),
                         -EBUSY);
        assert_int_equal(journal_size(fixture->journal), 3);
        /* Nobody else sees what is not settled. */
        assert_int_equal(journal_open_readonly(fixture->path, &reader, &fixture->error), 0);
        assert_int_equal(journal_size(reader), 1);
        reader = journal_close(reader);
        assert_int_equal(journal_settle(fixture->journal, &fixture->error), 0);
        assert_int_equal(fixture_note(fixture, "three", NULL), 3);
        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_size(fixture->journal), 4);
}

static void test_a_bad_append_leaves_the_held_ones(void **state)
{
        struct fixture *fixture = *state;
        struct record_draft bad = {
                .type = RECORD_TYPE_NOTE, .subject = "", .author = "t", .body = json_string("no")};
        uint64_t seq;

        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_hold(fixture->journal, &fixture->error), 0);
        assert_int_equal(fixture_note(fixture, "one", NULL), 1);
        assert_true(journal_append(fixture->journal, &bad, &seq, &fixture->error) < 0);
        assert_int_equal(fixture_note(fixture, "two", NULL), 2);
        assert_int_equal(journal_settle(fixture->journal, &fixture->error), 0);
        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_size(fixture->journal), 3);
        json_decref(bad.body);
}

static int stop_at_three(void *context, const struct record *record)
{
        return record->seq == 3 ? 7 : 0;
}

static void test_reading_stops_where_the_visitor_says(void **state)
{
        struct fixture *fixture = *state;

        assert_int_equal(fixture_open(fixture), 0);
        for (int i = 0; i < 5; i++)
                fixture_note(fixture, "x", NULL);
        assert_int_equal(journal_read(fixture->journal, 0, 6, stop_at_three, NULL, &fixture->error), 7);
        assert_int_equal(journal_read(fixture->journal, 0, 3, stop_at_three, NULL, &fixture->error), 0);
        assert_int_equal(fixture_note(fixture, "still writable", NULL), 6);
}

static int append_code(struct fixture *fixture, const struct record_draft *draft)
{
        uint64_t seq;

        fixture->error.en[0] = '\0';
        return journal_append(fixture->journal, draft, &seq, &fixture->error);
}

static void test_bad_drafts_leave_nothing_behind(void **state)
{
        struct fixture *fixture = *state;
        struct record_draft drafts[2] = {{.type = RECORD_TYPE_NOTE, .subject = "", .author = "a"},
                                         {.type = RECORD_TYPE_NOTE, .subject = "", .author = "a"}};
        struct record_draft bad = {.type = RECORD_TYPE_NOTE, .subject = "", .author = "a"};
        char name[80];
        json_t *good = json_pack("{}");
        uint64_t seq;

        memset(name, 'x', sizeof(name) - 1);
        name[sizeof(name) - 1] = '\0';
        assert_int_equal(fixture_open(fixture), 0);
        bad.body = json_pack("[]");
        assert_int_equal(append_code(fixture, &bad), -EINVAL);
        json_decref(bad.body);
        bad.body = good;
        bad.author = name;
        assert_int_equal(append_code(fixture, &bad), -EINVAL);
        bad.author = "a";
        bad.type = RECORD_TYPE_PERSONAL_ERASED;
        assert_int_equal(append_code(fixture, &bad), -EINVAL);
        bad.type = RECORD_TYPE_JOURNAL_OPENED;
        assert_int_equal(append_code(fixture, &bad), -EINVAL);
        bad.type = RECORD_TYPE_NOTE;
        bad.personal = json_pack("{s:s}", "a name", "spaces are no name");
        assert_int_equal(append_code(fixture, &bad), -EINVAL);
        json_decref(bad.personal);
        /* The second of two is bad: the first is not kept either. */
        drafts[0].body = good;
        drafts[1].body = json_pack("{s:I}", "n", (json_int_t)9007199254740993);
        assert_int_equal(journal_append_batch(fixture->journal, drafts, 2, &seq, &fixture->error), -ERANGE);
        assert_non_null(strstr(fixture->error.en, "2^53"));
        json_decref(drafts[1].body);
        drafts[1].body = json_pack("{s:o}", "text", json_stringn(NULL, 0) ?: json_null());
        assert_int_equal(journal_size(fixture->journal), 1);
        assert_int_equal(fixture_note(fixture, "after", NULL), 1);
        json_decref(drafts[1].body);
        json_decref(good);
}

static void test_a_body_has_a_cap(void **state)
{
        struct fixture *fixture = *state;
        struct record_draft draft = {.type = RECORD_TYPE_NOTE, .subject = "", .author = "a"};
        char *text = malloc(RECORD_BODY_MAX + 1);

        assert_non_null(text);
        memset(text, 'x', RECORD_BODY_MAX);
        text[RECORD_BODY_MAX] = '\0';
        assert_int_equal(fixture_open(fixture), 0);
        draft.body = json_pack("{s:s}", "text", text);
        assert_int_equal(append_code(fixture, &draft), -E2BIG);
        json_decref(draft.body);
        text[RECORD_BODY_MAX - 11] = '\0'; /* {"text":"…"} adds eleven */
        draft.body = json_pack("{s:s}", "text", text);
        assert_int_equal(append_code(fixture, &draft), 0);
        json_decref(draft.body);
        free(text);
}

static void test_only_one_may_write(void **state)
{
        struct fixture *fixture = *state;
        struct journal_config config = {.path = fixture->path,
                                        .key_path = fixture->key_path,
                                        .clock = &fixture->clock,
                                        .random = &fixture->random};
        struct journal *second = NULL;
        uint64_t seq;

        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_open(&config, &second, &fixture->error), -EBUSY);
        assert_null(second);
        assert_non_null(strstr(fixture->error.en, "another process"));
        assert_int_equal(journal_open_readonly(fixture->path, &second, &fixture->error), 0);
        fixture_note(fixture, "written while read", NULL);
        assert_int_equal(journal_size(second), 2);
        assert_int_equal(journal_append(second, &(struct record_draft){.type = RECORD_TYPE_NOTE}, &seq,
                                        &fixture->error),
                         -EROFS);
        assert_int_equal(journal_rebuild(second, NULL, &fixture->error), -EROFS);
        journal_close(second);
}

static void test_reading_a_closed_journal(void **state)
{
        struct fixture *fixture = *state;
        struct journal *reader = NULL;
        struct journal_report report;

        assert_int_equal(fixture_open(fixture), 0);
        fixture_note(fixture, "x", NULL);
        fixture->journal = journal_close(fixture->journal);
        assert_int_equal(journal_open_readonly(fixture->path, &reader, &fixture->error), 0);
        assert_int_equal(journal_verify(reader, NULL, &report, &fixture->error), 0);
        assert_true(report.ok);
        assert_int_equal(report.records, 2);
        journal_close(reader);
}

static void test_the_key_is_needed_and_guarded(void **state)
{
        struct fixture *fixture = *state;
        char away[140];

        snprintf(away, sizeof(away), "%s.away", fixture->key_path);
        assert_int_equal(fixture_open(fixture), 0);
        fixture->journal = journal_close(fixture->journal);
        assert_int_equal(chmod(fixture->key_path, 0644), 0);
        assert_int_equal(fixture_open(fixture), -EPERM);
        assert_int_equal(chmod(fixture->key_path, 0600), 0);
        assert_int_equal(rename(fixture->key_path, away), 0);
        assert_int_equal(fixture_open(fixture), -ENOKEY);
        fixture_write(fixture->key_path, "0011223344556677889900112233445566778899001122334455667788990011\n",
                      65);
        assert_int_equal(chmod(fixture->key_path, 0600), 0);
        assert_int_equal(fixture_open(fixture), -ENOKEY);
        fixture_write(fixture->key_path, "not a key", 9);
        assert_int_equal(fixture_open(fixture), -EINVAL);
        assert_int_equal(rename(away, fixture->key_path), 0);
        assert_int_equal(fixture_open(fixture), 0);
}

static void test_heads_are_signed_and_kept(void **state)
{
        struct fixture *fixture = *state;
        struct head head, kept, parsed;
        struct journal_report report;
        json_t *json;

        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_last_head(fixture->journal, &kept, &fixture->error), JOURNAL_NONE);
        fixture_note(fixture, "x", NULL);
        assert_int_equal(journal_head(fixture->journal, &head, &fixture->error), 0);
        assert_int_equal(head.size, 2);
        fixture_note(fixture, "y", NULL);
        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_last_head(fixture->journal, &kept, &fixture->error), 0);
        assert_memory_equal(kept.signature, head.signature, sizeof(head.signature));
        assert_int_equal(journal_verify(fixture->journal, NULL, &report, &fixture->error), 0);
        assert_true(report.ok);
        assert_int_equal(report.signed_size, 2);
        assert_int_equal(report.heads, 1);
        assert_int_equal(head_check(&kept, report.key), 0);
        kept.size++;
        assert_int_equal(head_check(&kept, report.key), -EBADMSG);
        json = head_to_json(&head);
        assert_int_equal(head_from_json(json, &parsed, &fixture->error), 0);
        assert_int_equal(head_check(&parsed, report.key), 0);
        json_object_set_new(json, "more", json_true());
        assert_int_equal(head_from_json(json, &parsed, &fixture->error), -EINVAL);
        json_decref(json);
}

/* Whether any file of the folder holds these bytes. */
static bool folder_holds(const struct fixture *fixture, const char *text)
{
        DIR *dir = opendir(fixture->folder);
        struct dirent *entry;
        bool found = false;

        assert_non_null(dir);
        while ((entry = readdir(dir))) {
                char path[512];
                size_t length;
                char *data;

                if (entry->d_name[0] == '.')
                        continue;
                snprintf(path, sizeof(path), "%s/%s", fixture->folder, entry->d_name);
                data = fixture_read(path, &length);
                found = found || memmem(data, length, text, strlen(text));
                free(data);
        }
        closedir(dir);
        return found;
}

static void test_erased_text_is_gone_and_the_chain_stands(void **state)
{
        struct fixture *fixture = *state;
        struct journal_report report;
        char other[64];
        uint64_t seq, erased;

        assert_int_equal(fixture_open(fixture), 0);
        /* Enough of them that pages split around the one that goes. */
        for (int i = 0; i < 300; i++) {
                snprintf(other, sizeof(other), "Madame Numero-%d, 12 rue des Archives", i);
                fixture_note(fixture, "before", other);
        }
        seq = fixture_note(fixture, "call", "Monsieur Aristide Bouvillon, 75004");
        for (int i = 300; i < 600; i++) {
                snprintf(other, sizeof(other), "Madame Numero-%d, 12 rue des Archives", i);
                fixture_note(fixture, "after", other);
        }
        assert_true(folder_holds(fixture, "Aristide Bouvillon"));
        assert_int_equal(journal_erase_personal(fixture->journal, seq, "name", "dpo", "demande", &erased,
                                                &fixture->error),
                         0);
        assert_int_equal(erased, 602);
        assert_int_equal(journal_erase_personal(fixture->journal, 7, "name", "dpo", "demande", &erased,
                                                &fixture->error),
                         0);
        assert_false(folder_holds(fixture, "Aristide Bouvillon"));
        assert_false(folder_holds(fixture, "Numero-6,"));
        assert_true(folder_holds(fixture, "Numero-5,"));
        assert_int_equal(journal_verify(fixture->journal, NULL, &report, &fixture->error), 0);
        assert_true(report.ok);
        assert_int_equal(report.erased, 2);
        assert_int_equal(report.personal, 599);
        assert_int_equal(
                journal_erase_personal(fixture->journal, seq, "name", "dpo", "", &erased, &fixture->error),
                -ENOENT);
        assert_int_equal(
                journal_erase_personal(fixture->journal, 9999, "name", "dpo", "", &erased, &fixture->error),
                -ENOENT);
        assert_int_equal(fixture_open(fixture), 0);
        assert_false(folder_holds(fixture, "Aristide Bouvillon"));
}

static int hold_and_erase(void *context, const struct record *record)
{
        struct fixture *fixture = context;
        uint64_t erased;

        if (record->seq != 1)
                return 0;
        assert_int_equal(
                journal_erase_personal(fixture->journal, 1, "name", "dpo", "", &erased, &fixture->error),
                JOURNAL_LATER);
        return 0;
}

static void test_a_reader_delays_the_erasure_from_the_log(void **state)
{
        struct fixture *fixture = *state;
        struct journal *reader = NULL;

        assert_int_equal(fixture_open(fixture), 0);
        fixture_note(fixture, "call", "Aristide Bouvillon");
        assert_int_equal(journal_open_readonly(fixture->path, &reader, &fixture->error), 0);
        assert_int_equal(journal_read(reader, 0, UINT64_MAX, hold_and_erase, fixture, &fixture->error), 0);
        fixture_note(fixture, "the reader has gone", NULL);
        assert_false(folder_holds(fixture, "Aristide Bouvillon"));
        journal_close(reader);
}

static void test_files_that_are_no_journal(void **state)
{
        struct fixture *fixture = *state;
        struct journal *reader = NULL;
        char junk[9000];

        memset(junk, 'j', sizeof(junk));
        assert_int_equal(fixture_open(fixture), 0);
        fixture->journal = journal_close(fixture->journal);
        fixture_write(fixture->path, "", 0);
        assert_int_equal(fixture_open(fixture), -EINVAL);
        assert_non_null(strstr(fixture->error.en, "is empty"));
        fixture_write(fixture->path, junk, sizeof(junk));
        assert_int_equal(fixture_open(fixture), -EINVAL);
        assert_non_null(strstr(fixture->error.en, "damaged or no journal"));
        assert_int_equal(journal_open_readonly(fixture->path, &reader, &fixture->error), -EINVAL);
        unlink(fixture->path);
        assert_int_equal(journal_open_readonly(fixture->path, &reader, &fixture->error), -ENOENT);
        fixture_sql(fixture, "CREATE TABLE other(x); INSERT INTO other VALUES(1);");
        assert_int_equal(fixture_open(fixture), -EINVAL);
        assert_non_null(strstr(fixture->error.en, "not a journal"));
        assert_int_equal(journal_open_readonly(fixture->path, &reader, &fixture->error), -EINVAL);
        assert_int_equal(journal_open_readonly(fixture->folder, &reader, &fixture->error), -EINVAL);
        assert_null(reader);
}

static void test_damage_is_a_sentence_and_no_crash(void **state)
{
        struct fixture *fixture = *state;
        size_t length;
        char *data;

        assert_int_equal(fixture_open(fixture), 0);
        for (int i = 0; i < 40; i++)
                fixture_note(fixture, "a record to be damaged, long enough to fill more than a page",
                             "somebody");
        fixture->journal = journal_close(fixture->journal);
        data = fixture_read(fixture->path, &length);
        for (size_t at = 0; at < length; at += 211) {
                struct journal_report report;
                struct journal *reader = NULL;
                char kept = data[at];
                int r;

                data[at] = (char)~kept;
                fixture_write(fixture->path, data, length);
                data[at] = kept;
                fixture->error.en[0] = '\0';
                r = journal_open_readonly(fixture->path, &reader, &fixture->error);
                if (r >= 0)
                        r = journal_verify(reader, NULL, &report, &fixture->error);
                journal_close(reader);
                if (r < 0)
                        assert_true(fixture->error.en[0] != '\0');
        }
        fixture_write(fixture->path, data, length / 2);
        assert_true(fixture_open(fixture) < 0);
        assert_true(fixture->error.en[0] != '\0');
        free(data);
}

static void test_a_changed_last_record_stops_the_opening(void **state)
{
        struct fixture *fixture = *state;

        assert_int_equal(fixture_open(fixture), 0);
        fixture_note(fixture, "true", NULL);
        fixture_sql(fixture,
                    "UPDATE records SET line = CAST(replace(CAST(line AS TEXT), 'true', 'fals') AS BLOB)");
        assert_int_equal(fixture_open(fixture), -EINVAL);
        assert_non_null(strstr(fixture->error.en, "was changed"));
}

static void test_removed_records_stop_the_opening_when_a_head_knew_them(void **state)
{
        struct fixture *fixture = *state;
        struct head head;

        assert_int_equal(fixture_open(fixture), 0);
        fixture_note(fixture, "x", NULL);
        fixture_note(fixture, "y", NULL);
        assert_int_equal(journal_head(fixture->journal, &head, &fixture->error), 0);
        fixture_sql(fixture, "DELETE FROM records WHERE seq = 2");
        assert_int_equal(fixture_open(fixture), -EINVAL);
        assert_non_null(strstr(fixture->error.en, "signed head of 3"));
}

/* The frontier is rebuilt from stored nodes: appending must go on as if it had never been closed. */
static void test_reopening_keeps_the_tree(void **state)
{
        struct fixture *fixture = *state;
        struct record_draft drafts[600];
        json_t *body = json_pack("{s:s}", "text", "one of many");
        struct journal_report report;
        struct head head;
        uint64_t seq;

        for (int i = 0; i < 600; i++)
                drafts[i] = (struct record_draft){
                        .type = RECORD_TYPE_NOTE, .subject = "", .author = "t", .body = body};
        for (int round = 0; round < 3; round++) {
                assert_int_equal(fixture_open(fixture), 0);
                assert_int_equal(journal_append_batch(fixture->journal, drafts, 600, &seq, &fixture->error),
                                 0);
                assert_int_equal(journal_head(fixture->journal, &head, &fixture->error), 0);
        }
        assert_int_equal(journal_verify(fixture->journal, NULL, &report, &fixture->error), 0);
        assert_true(report.ok);
        assert_int_equal(report.records, 1801);
        assert_int_equal(report.signed_size, 1801);
        json_decref(body);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
        const struct CMUnitTest tests[] = {
                WITH_FIXTURE(test_opening_makes_journal_key_and_record_zero),
                WITH_FIXTURE(test_what_is_appended_is_read_back_after_reopening),
                WITH_FIXTURE(test_many_appends_one_commit),
                WITH_FIXTURE(test_a_bad_append_leaves_the_held_ones),
                WITH_FIXTURE(test_reading_stops_where_the_visitor_says),
                WITH_FIXTURE(test_bad_drafts_leave_nothing_behind),
                WITH_FIXTURE(test_a_body_has_a_cap),
                WITH_FIXTURE(test_only_one_may_write),
                WITH_FIXTURE(test_reading_a_closed_journal),
                WITH_FIXTURE(test_the_key_is_needed_and_guarded),
                WITH_FIXTURE(test_heads_are_signed_and_kept),
                WITH_FIXTURE(test_erased_text_is_gone_and_the_chain_stands),
                WITH_FIXTURE(test_a_reader_delays_the_erasure_from_the_log),
                WITH_FIXTURE(test_files_that_are_no_journal),
                WITH_FIXTURE(test_damage_is_a_sentence_and_no_crash),
                WITH_FIXTURE(test_a_changed_last_record_stops_the_opening),
                WITH_FIXTURE(test_removed_records_stop_the_opening_when_a_head_knew_them),
                WITH_FIXTURE(test_reopening_keeps_the_tree),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
