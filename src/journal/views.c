/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/views.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "journal/private.h"

int views_apply(struct journal *journal, const struct record *record, struct error *error)
{
        for (size_t i = 1; i < journal->view_count; i++) {
                const struct view *view = &journal->views[i];
                int r = view->apply(view->context, record, journal->database, error);

                if (r < 0)
                        return error_context(error, r, "Vue %s", "View %s", view->name);
        }
        return 0;
}

bool views_want(const struct journal *journal)
{
        return journal->view_count > 1;
}

struct replay {
        struct journal *journal;
        bool chosen[VIEWS_MAX];
        const struct journal_progress *progress; /* NULL: nobody watches */
        struct error *error;
};

#define TELL_EVERY 4096

static int tell(const struct replay *replay, uint64_t done)
{
        const struct journal_progress *progress = replay->progress;

        if (!progress || done % TELL_EVERY ||
            !progress->tell(progress->context, done, journal_size(replay->journal)))
                return 0;
        return error_say(replay->error, -ECANCELED,
                         "les vues du journal n’ont pas été refaites : cela a été interrompu",
                         "the journal's views were not made again: it was interrupted");
}

static int replay_line(struct replay *replay, sqlite3_stmt *row)
{
        struct chain_view record;
        int r;

        if (chain_scan(sqlite3_column_blob(row, 1), (size_t)sqlite3_column_bytes(row, 1), &record) < 0)
                return error_say(replay->error, -EINVAL, "L’enregistrement %lld du journal est abîmé.",
                                 "Record %lld of the journal is damaged.",
                                 (long long)sqlite3_column_int64(row, 0));
        r = tell(replay, record.seq);
        return r < 0 ? r
                     : documents_apply(&replay->journal->documents, &record, replay->journal->database,
                                       replay->error);
}

/* From the sealed bytes alone. */
static int replay_documents(struct replay *replay)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *rows = NULL;
        int r = store_prepare(replay->journal->database, "SELECT seq, line FROM records ORDER BY seq", &rows,
                              replay->error);

        if (r < 0)
                return r;
        while ((r = store_step(rows, replay->error)) == STORE_ROW) {
                r = replay_line(replay, rows);
                if (r < 0)
                        return r;
        }
        return r;
}

static int replay_record(void *context, const struct record *record)
{
        struct replay *replay = context;

        for (size_t i = 1; i < replay->journal->view_count; i++) {
                const struct view *view = &replay->journal->views[i];
                int r = 0;

                if (replay->chosen[i])
                        r = view->apply(view->context, record, replay->journal->database, replay->error);
                if (r < 0)
                        return error_context(replay->error, r, "Vue %s", "View %s", view->name);
        }
        return 0;
}

/* What rooms have registered sees each record parsed. */
static int replay_rooms(struct replay *replay)
{
        for (size_t i = 1; i < replay->journal->view_count; i++)
                if (replay->chosen[i])
                        return journal_read_range(replay->journal, 0, UINT64_MAX, replay_record, replay,
                                                  replay->error);
        return 0;
}

static void meta_name(const struct view *view, char *ret_name, size_t size)
{
        snprintf(ret_name, size, "view:%s", view->name);
}

static int choose(struct journal *journal, bool all, struct replay *replay, bool *ret_any,
                  struct error *error)
{
        bool any = false;

        for (size_t i = 0; i < journal->view_count; i++) {
                char name[VIEW_NAME_MAX + 8];
                struct error missing = {0}; /* a view that was never replayed is no error */
                int version = 0;
                int r;

                meta_name(&journal->views[i], name, sizeof(name));
                r = store_get_meta(journal->database, name, &version, sizeof(version), &missing);
                if (r < 0 && r != -ENOENT)
                        return error_forward(error, r, missing.fr, missing.en);
                replay->chosen[i] = all || r == -ENOENT || version != journal->views[i].version;
                any = any || replay->chosen[i];
        }
        *ret_any = any;
        return 0;
}

static int reset_chosen(struct journal *journal, const struct replay *replay, struct error *error)
{
        for (size_t i = 0; i < journal->view_count; i++) {
                const struct view *view = &journal->views[i];
                char name[VIEW_NAME_MAX + 8];
                int r;

                if (!replay->chosen[i])
                        continue;
                meta_name(view, name, sizeof(name));
                r = view->reset(view->context, journal->database, error);
                if (r >= 0)
                        r = store_set_meta(journal->database, name, &view->version, sizeof(view->version),
                                           error);
                if (r < 0)
                        return error_context(error, r, "Vue %s", "View %s", view->name);
        }
        return 0;
}

/*
 * What views hold stands in the records too, so their old pages need not be overwritten; and with room in memory a page goes to
 * the log once, not each time it is touched.
 */
static int prepare_replay(struct journal *journal, bool begins, struct error *error)
{
        return store_run(journal->database,
                         begins ? "PRAGMA secure_delete=OFF; PRAGMA cache_size=-65536"
                                : "PRAGMA secure_delete=ON; PRAGMA cache_size=-16384",
                         error);
}

static int replay_views(struct replay *replay, struct error *error)
{
        struct journal *journal = replay->journal;
        int r = store_begin_write(journal->database, error);

        if (r < 0)
                return r;
        r = reset_chosen(journal, replay, error);
        if (r >= 0 && replay->chosen[0])
                r = replay_documents(replay);
        if (r >= 0)
                r = replay_rooms(replay);
        if (r >= 0)
                r = store_commit(journal->database, error);
        store_rollback(journal->database);
        return r;
}

int views_refresh(struct journal *journal, bool all, const struct journal_progress *progress,
                  struct error *error)
{
        struct replay replay = {.journal = journal, .progress = progress, .error = error};
        bool any;
        int r = choose(journal, all, &replay, &any, error);

        if (r < 0 || !any)
                return r;
        r = prepare_replay(journal, true, error);
        if (r >= 0)
                r = replay_views(&replay, error);
        if (r < 0)
                prepare_replay(journal, false, NULL);
        else
                r = prepare_replay(journal, false, error);
        return r;
}

int journal_rebuild(struct journal *journal, const struct journal_progress *progress, struct error *error)
{
        if (journal->readonly)
                return error_say(error, -EROFS, "Ce journal a été ouvert en lecture seule.",
                                 "This journal was opened for reading.");
        return views_refresh(journal, true, progress, error);
}
