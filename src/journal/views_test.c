/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/journal_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t put_document(struct fixture *fixture, const char *kind, const char *id, json_t *json)
{
        struct record_draft draft = {.type = RECORD_TYPE_MEASURE_CHANGED, .subject = id, .author = "hub"};
        uint64_t seq = 0;

        draft.body = json_pack("{s:{s:s, s:s, s:o}}", "document", "kind", kind, "id", id, "json", json);
        clock_manual_advance(&fixture->manual, 1000000000);
        assert_int_equal(journal_append(fixture->journal, &draft, &seq, &fixture->error), 0);
        json_decref(draft.body);
        return seq;
}

static int list_text(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        char *text = context;
        char *dump = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);

        sprintf(text + strlen(text), "%s=%s@%lld;", id, dump, (long long)updated_ms);
        free(dump);
        return 0;
}

static void fill_documents(struct fixture *fixture)
{
        put_document(fixture, "measure", "m_2", json_pack("{s:f, s:s}", "cost", 4.0, "state", "standing"));
        put_document(fixture, "measure", "m_1", json_pack("{s:f}", "cost", 0.25));
        put_document(fixture, "incident", "i_1", json_pack("{s:b}", "open", 1));
        put_document(fixture, "measure", "m_2", json_pack("{s:f, s:s}", "cost", 4.0, "state", "lifted"));
        put_document(fixture, "measure", "m_3", json_pack("{}"));
        put_document(fixture, "measure", "m_3", json_null());
}

static void test_documents_follow_the_records(void **state)
{
        struct fixture *fixture = *state;
        char text[1024] = "";
        json_t *json = NULL;
        int64_t updated = 0;

        assert_int_equal(fixture_open(fixture), 0);
        fill_documents(fixture);
        assert_int_equal(view_list(fixture->journal, "measure", list_text, text, &fixture->error), 0);
        assert_string_equal(
                text,
                "m_1={\"cost\":0.25}@1584871202000;m_2={\"cost\":4,\"state\":\"lifted\"}@1584871204000;");
        assert_int_equal(view_get(fixture->journal, "incident", "i_1", &json, &updated, &fixture->error), 0);
        assert_true(json_is_true(json_object_get(json, "open")));
        assert_int_equal(updated, 1584871203000);
        json_decref(json);
        assert_int_equal(view_get(fixture->journal, "measure", "m_3", &json, NULL, &fixture->error),
                         VIEW_NONE);
}

static void check_state(struct fixture *fixture, const char *state, const char *after, bool newest_first,
                        const char *expected)
{
        char text[1024] = "", ids[256] = "";

        assert_int_equal(view_list_in(fixture->journal, "obligation", state, after, newest_first, list_text,
                                      text, &fixture->error),
                         0);
        for (char *at = text; *at; at = strchr(at, ';') + 1)
                snprintf(ids + strlen(ids), sizeof(ids) - strlen(ids), "%.3s ", at);
        assert_string_equal(ids, expected);
}

static void test_what_is_in_a_state(void **state)
{
        struct fixture *fixture = *state;

        assert_int_equal(fixture_open(fixture), 0);
        for (int i = 1; i <= 5; i++) {
                char id[8];

                snprintf(id, sizeof(id), "o_%d", i);
                put_document(fixture, "obligation", id, json_pack("{s:s}", "state", i % 2 ? "due" : "void"));
        }
        put_document(fixture, "measure", "m_1", json_pack("{s:s}", "state", "due"));
        put_document(fixture, "obligation", "o_3", json_pack("{s:s}", "state", "filed"));
        put_document(fixture, "obligation", "o_6", json_pack("{}"));
        for (int rebuilt = 0; rebuilt <= 1; rebuilt++) {
                check_state(fixture, "due", NULL, false, "o_1 o_5 ");
                check_state(fixture, "due", NULL, true, "o_5 o_1 ");
                check_state(fixture, "due", "o_1", false, "o_5 ");
                check_state(fixture, "due", "o_5", true, "o_1 ");
                check_state(fixture, "filed", NULL, false, "o_3 ");
                check_state(fixture, "", NULL, false, "");
                assert_int_equal(journal_rebuild(fixture->journal, NULL, &fixture->error), 0);
        }
}

static int collect_seqs(void *context, const struct record *record)
{
        sprintf((char *)context + strlen(context), "%d ", (int)record->seq);
        return 0;
}

static void test_what_belongs_to_an_incident(void **state)
{
        struct fixture *fixture = *state;
        struct record_draft note = {.type = RECORD_TYPE_NOTE, .subject = "i_1", .author = "Zoé"};
        char text[1024] = "", incident[64] = "";
        uint64_t seq;

        assert_int_equal(fixture_open(fixture), 0);
        put_document(fixture, "incident", "i_1", json_pack("{s:b}", "open", 1));
        put_document(fixture, "obligation", "o_2", json_pack("{s:s}", "incident", "i_1"));
        put_document(fixture, "obligation", "o_3", json_pack("{s:s}", "incident", "i_2"));
        put_document(fixture, "obligation", "o_4", json_pack("{s:s, s:i}", "incident", "i_1", "n", 4));
        note.body = json_object();
        assert_int_equal(journal_append(fixture->journal, &note, &seq, &fixture->error), 0);
        json_decref(note.body);
        assert_int_equal(
                view_list_of(fixture->journal, "obligation", "i_1", list_text, text, &fixture->error), 0);
        assert_non_null(strstr(text, "o_2="));
        assert_non_null(strstr(text, "o_4="));
        assert_null(strstr(text, "o_3="));
        text[0] = '\0';
        assert_int_equal(
                journal_read_about(fixture->journal, "i_1", 0, false, collect_seqs, text, &fixture->error),
                0);
        assert_string_equal(text, "1 2 4 5 ");
        text[0] = '\0';
        assert_int_equal(
                journal_read_about(fixture->journal, "i_1", 5, true, collect_seqs, text, &fixture->error), 0);
        assert_string_equal(text, "4 2 1 ");
        assert_int_equal(view_incident(fixture->journal, "obligation", "o_3", incident, sizeof(incident),
                                       &fixture->error),
                         0);
        assert_string_equal(incident, "i_2");
        text[0] = '\0';
        view_list_from(fixture->journal, "obligation", "o_3", true, list_text, text, &fixture->error);
        assert_int_equal(strncmp(text, "o_2=", 4), 0);
        assert_null(strstr(text, "o_4="));
}

static int stop_at_once(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        return 9;
}

static void test_a_rebuilt_view_is_the_kept_one(void **state)
{
        struct fixture *fixture = *state;
        char kept[1024] = "";
        char rebuilt[1024] = "";

        assert_int_equal(fixture_open(fixture), 0);
        fill_documents(fixture);
        view_list(fixture->journal, "measure", list_text, kept, &fixture->error);
        /* Somebody wrote in the view itself: the journal is what counts. */
        fixture_sql(fixture, "UPDATE view_documents SET json = x'31' WHERE id = 'm_1'; DELETE FROM "
                             "view_documents WHERE id = "
                             "'m_2'; INSERT INTO view_documents VALUES('measure', 'm_9', x'31', 0, '', '')");
        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_rebuild(fixture->journal, NULL, &fixture->error), 0);
        assert_int_equal(view_list(fixture->journal, "measure", list_text, rebuilt, &fixture->error), 0);
        assert_string_equal(kept, rebuilt);
        assert_int_equal(view_list(fixture->journal, "measure", stop_at_once, NULL, &fixture->error), 9);
        put_document(fixture, "measure", "m_4", json_pack("{}"));
}

struct asker {
        struct journal *journal;
        char text[1024];
        int asked;
};

/* Asks the very thing that is being listed. */
static int ask_again(void *context, const char *id, const json_t *json, int64_t updated_ms)
{
        struct asker *asker = context;

        asker->asked++;
        asker->text[0] = '\0';
        return view_list(asker->journal, "measure", list_text, asker->text, NULL);
}

static void test_a_visitor_may_ask_the_same(void **state)
{
        struct fixture *fixture = *state;
        struct asker asker = {.text = ""};

        assert_int_equal(fixture_open(fixture), 0);
        fill_documents(fixture);
        asker.journal = fixture->journal;
        for (int i = 0; i < 3; i++)
                assert_int_equal(view_list(fixture->journal, "measure", ask_again, &asker, &fixture->error),
                                 0);
        assert_int_equal(asker.asked, 6);
        assert_string_equal(
                asker.text,
                "m_1={\"cost\":0.25}@1584871202000;m_2={\"cost\":4,\"state\":\"lifted\"}@1584871204000;");
        /* What one asked about does not linger: from the start again. */
        asker.text[0] = '\0';
        view_list_from(fixture->journal, "measure", "m_1", false, list_text, asker.text, NULL);
        assert_int_equal(strncmp(asker.text, "m_2=", 4), 0);
        asker.text[0] = '\0';
        view_list_from(fixture->journal, "measure", NULL, false, list_text, asker.text, NULL);
        assert_int_equal(strncmp(asker.text, "m_1=", 4), 0);
}

/* Names are texts like others: quotes, accents and what must be escaped come back as they were. */
static void test_names_with_escapes(void **state)
{
        struct fixture *fixture = *state;
        const char *id = "salle « 2 » \"nord\"\n\\";
        json_t *json = NULL;

        assert_int_equal(fixture_open(fixture), 0);
        put_document(fixture, "pièce", id, json_pack("{s:s}", "incident", "i_1"));
        for (int rebuilt = 0; rebuilt <= 1; rebuilt++) {
                assert_int_equal(view_get(fixture->journal, "pièce", id, &json, NULL, &fixture->error), 0);
                json_decref(json);
                assert_int_equal(journal_rebuild(fixture->journal, NULL, &fixture->error), 0);
        }
}

static void test_a_reader_sees_the_documents(void **state)
{
        struct fixture *fixture = *state;
        struct journal *reader = NULL;
        json_t *json = NULL;

        assert_int_equal(fixture_open(fixture), 0);
        fill_documents(fixture);
        assert_int_equal(journal_open_readonly(fixture->path, &reader, &fixture->error), 0);
        assert_int_equal(view_get(reader, "incident", "i_1", &json, NULL, &fixture->error), 0);
        json_decref(json);
        journal_close(reader);
}

static void test_a_bad_document_is_refused_with_its_record(void **state)
{
        struct fixture *fixture = *state;
        struct record_draft draft = {.type = RECORD_TYPE_NOTE, .subject = "", .author = "hub"};
        uint64_t seq;

        assert_int_equal(fixture_open(fixture), 0);
        draft.body = json_pack("{s:{s:s}}", "document", "kind", "measure");
        assert_int_equal(journal_append(fixture->journal, &draft, &seq, &fixture->error), -EINVAL);
        json_decref(draft.body);
        draft.body = json_pack("{s:{s:s, s:s, s:{}}}", "document", "kind", "", "id", "x", "json");
        assert_int_equal(journal_append(fixture->journal, &draft, &seq, &fixture->error), -EINVAL);
        json_decref(draft.body);
        assert_int_equal(journal_size(fixture->journal), 1);
}

/* A view of a room: how many records of each author, and the personal texts it was shown. */
struct tally {
        int resets;
        int applied;
        bool refuse;
};

static int tally_reset(void *context, sqlite3 *database, struct error *error)
{
        struct tally *tally = context;

        tally->resets++;
        return sqlite3_exec(database,
                            "DROP TABLE IF EXISTS view_tally;"
                            "CREATE TABLE view_tally(author TEXT PRIMARY KEY, count INTEGER, name TEXT, hash "
                            "TEXT)",
                            NULL, NULL, NULL) == SQLITE_OK
                       ? 0
                       : -EIO;
}

static int tally_apply(void *context, const struct record *record, sqlite3 *database, struct error *error)
{
        struct tally *tally = context;
        const char *name =
                json_string_value(json_object_get(json_object_get(record->personal, "name"), "text"));
        char *sql;
        int result;

        tally->applied++;
        if (tally->refuse)
                return error_say(error, -EIO, "refusé", "refused");
        sql = sqlite3_mprintf(
                "INSERT INTO view_tally VALUES(%Q, 1, %Q, '%02x%02x') ON CONFLICT(author) DO UPDATE SET "
                "count = count + 1, name = excluded.name, hash = excluded.hash",
                record->author, name ? name : "", record->prev[0], record->hash[0]);
        result = sqlite3_exec(database, sql, NULL, NULL, NULL);
        sqlite3_free(sql);
        return result == SQLITE_OK ? 0 : -EIO;
}

static void read_tally(struct fixture *fixture, char *ret_text, size_t size)
{
        sqlite3 *database = NULL;
        sqlite3_stmt *rows = NULL;

        ret_text[0] = '\0';
        assert_int_equal(sqlite3_open_v2(fixture->path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_prepare_v2(database,
                                            "SELECT author||count||name||hash FROM view_tally ORDER BY 1", -1,
                                            &rows, NULL),
                         SQLITE_OK);
        while (sqlite3_step(rows) == SQLITE_ROW) {
                size_t used = strlen(ret_text);

                snprintf(ret_text + used, size - used, "%s;", sqlite3_column_text(rows, 0));
        }
        sqlite3_finalize(rows);
        sqlite3_close(database);
}

struct watcher {
        unsigned told;
        uint64_t done, all;
        int answer;
};

static int watch_replay(void *context, uint64_t done, uint64_t all)
{
        struct watcher *watcher = context;

        assert_true(!watcher->told || done > watcher->done);
        watcher->told++;
        watcher->done = done;
        watcher->all = all;
        return watcher->answer;
}

static void test_a_replay_tells_how_far_it_is_and_can_be_stopped(void **state)
{
        struct fixture *fixture = *state;
        struct watcher watcher = {.told = 0};
        struct journal_progress progress = {.tell = watch_replay, .context = &watcher};
        char kept[1024] = "", after[1024] = "";

        assert_int_equal(fixture_open(fixture), 0);
        fill_documents(fixture);
        view_list(fixture->journal, "measure", list_text, kept, &fixture->error);
        assert_int_equal(journal_rebuild(fixture->journal, &progress, &fixture->error), 0);
        assert_int_equal(watcher.told, 1);
        assert_int_equal(watcher.done, 0);
        assert_int_equal(watcher.all, journal_size(fixture->journal));
        watcher = (struct watcher){.answer = 1};
        assert_int_equal(journal_rebuild(fixture->journal, &progress, &fixture->error), -ECANCELED);
        assert_true(fixture->error.fr[0] && fixture->error.en[0]);
        /* Nothing was done: the views are those before it. */
        view_list(fixture->journal, "measure", list_text, after, &fixture->error);
        assert_string_equal(kept, after);
        put_document(fixture, "measure", "m_4", json_pack("{}"));
}

static void test_a_rooms_own_view(void **state)
{
        struct fixture *fixture = *state;
        struct tally tally = {.resets = 0};
        struct view view = {
                .name = "tally", .version = 1, .context = &tally, .reset = tally_reset, .apply = tally_apply};
        char kept[256], rebuilt[256];

        /* Registered late: it is replayed from record 0. */
        assert_int_equal(fixture_open(fixture), 0);
        fixture_note(fixture, "a", "Aristide");
        fixture->views = &view;
        fixture->view_count = 1;
        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(tally.resets, 1);
        assert_int_equal(tally.applied, 2);
        fixture_note(fixture, "b", "Zoé");
        assert_int_equal(tally.applied, 3);
        read_tally(fixture, kept, sizeof(kept));
        assert_non_null(strstr(kept, "test2Zoé"));
        /* Not replayed again without a reason. */
        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(tally.resets, 1);
        assert_int_equal(journal_rebuild(fixture->journal, NULL, &fixture->error), 0);
        read_tally(fixture, rebuilt, sizeof(rebuilt));
        assert_string_equal(kept, rebuilt);
        view.version = 2;
        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(tally.resets, 3);
}

static void test_a_view_that_fails_undoes_the_batch(void **state)
{
        struct fixture *fixture = *state;
        struct tally tally = {.resets = 0};
        struct view view = {
                .name = "tally", .version = 1, .context = &tally, .reset = tally_reset, .apply = tally_apply};
        struct record_draft draft = {.type = RECORD_TYPE_NOTE, .subject = "", .author = "t"};
        struct journal_report report;
        uint64_t seq;

        fixture->views = &view;
        fixture->view_count = 1;
        assert_int_equal(fixture_open(fixture), 0);
        tally.refuse = true;
        draft.body = json_object();
        assert_int_equal(journal_append(fixture->journal, &draft, &seq, &fixture->error), -EIO);
        assert_non_null(strstr(fixture->error.en, "View tally"));
        json_decref(draft.body);
        assert_int_equal(journal_rebuild(fixture->journal, NULL, &fixture->error), -EIO);
        tally.refuse = false;
        assert_int_equal(fixture_note(fixture, "x", NULL), 1);
        assert_int_equal(journal_verify(fixture->journal, NULL, &report, &fixture->error), 0);
        assert_true(report.ok);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
        const struct CMUnitTest tests[] = {
                WITH_FIXTURE(test_documents_follow_the_records),
                WITH_FIXTURE(test_a_rebuilt_view_is_the_kept_one),
                WITH_FIXTURE(test_what_is_in_a_state),
                WITH_FIXTURE(test_a_visitor_may_ask_the_same),
                WITH_FIXTURE(test_names_with_escapes),
                WITH_FIXTURE(test_a_reader_sees_the_documents),
                WITH_FIXTURE(test_a_bad_document_is_refused_with_its_record),
                WITH_FIXTURE(test_what_belongs_to_an_incident),
                WITH_FIXTURE(test_a_replay_tells_how_far_it_is_and_can_be_stopped),
                WITH_FIXTURE(test_a_rooms_own_view),
                WITH_FIXTURE(test_a_view_that_fails_undoes_the_batch),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
