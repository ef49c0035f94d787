/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/backfill.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

struct backfill {
        sqlite3 *database; /* the writer's */
        int pages;         /* in the log after the last commit */
        int asked_at;      /* pages when copying was last asked for; 0 after the log began anew */
        pthread_t thread;
        bool has_thread;
        pthread_mutex_t mutex; /* of what follows */
        pthread_cond_t changed;
        bool asked, busy, ending;
};

/* Without a look at readers or writers: as much as can be copied now. */
static void copy(sqlite3 *database)
{
        sqlite3_wal_checkpoint_v2(database, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

/* ---- the thread ---- */

/* false: it is to end. */
static bool wait_for_work(struct backfill *backfill)
{
        bool ending;

        pthread_mutex_lock(&backfill->mutex);
        while (!backfill->asked && !backfill->ending)
                pthread_cond_wait(&backfill->changed, &backfill->mutex);
        ending = backfill->ending;
        backfill->busy = backfill->asked && !ending;
        backfill->asked = false;
        pthread_mutex_unlock(&backfill->mutex);
        return !ending;
}

static void say_done(struct backfill *backfill)
{
        pthread_mutex_lock(&backfill->mutex);
        backfill->busy = false;
        pthread_cond_broadcast(&backfill->changed);
        pthread_mutex_unlock(&backfill->mutex);
}

static void *work(void *context)
{
        struct backfill *backfill = context;
        sqlite3 *database = NULL;
        const char *path = sqlite3_db_filename(backfill->database, "main");
        int result = sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

        if (result == SQLITE_OK)
                sqlite3_exec(database, "PRAGMA synchronous=FULL", NULL, NULL, NULL);
        while (wait_for_work(backfill)) {
                if (result == SQLITE_OK)
                        copy(database);
                say_done(backfill);
        }
        sqlite3_close(database);
        return NULL;
}

/* Signals are the loop's. */
static bool start(struct backfill *backfill)
{
        sigset_t all, before;

        if (backfill->has_thread)
                return true;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        backfill->has_thread = !pthread_create(&backfill->thread, NULL, work, backfill);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        return backfill->has_thread;
}

/* ---- the writer ---- */

static int on_commit(void *context, sqlite3 *database, const char *name, int pages)
{
        struct backfill *backfill = context;

        backfill->pages = pages;
        return SQLITE_OK;
}

static void ask(struct backfill *backfill)
{
        pthread_mutex_lock(&backfill->mutex);
        backfill->asked = true;
        pthread_cond_broadcast(&backfill->changed);
        pthread_mutex_unlock(&backfill->mutex);
}

void backfill_after_commit(struct backfill *backfill)
{
        if (backfill->pages < backfill->asked_at)
                backfill->asked_at = 0;
        if (backfill->pages - backfill->asked_at < BACKFILL_PAGES)
                return;
        backfill->asked_at = backfill->pages;
        if (backfill->pages < BACKFILL_PAGES_MOST && start(backfill)) {
                ask(backfill);
                return;
        }
        backfill_wait(backfill);
        copy(backfill->database);
}

void backfill_wait(struct backfill *backfill)
{
        if (!backfill)
                return;
        pthread_mutex_lock(&backfill->mutex);
        while (backfill->asked || backfill->busy)
                pthread_cond_wait(&backfill->changed, &backfill->mutex);
        pthread_mutex_unlock(&backfill->mutex);
}

/* ---- life ---- */

int backfill_new(sqlite3 *database, struct backfill **ret_backfill, struct error *error)
{
        struct backfill *backfill = calloc(1, sizeof(*backfill));

        if (!backfill)
                return error_say(error, -ENOMEM, "Mémoire insuffisante.", "Out of memory.");
        backfill->database = database;
        pthread_mutex_init(&backfill->mutex, NULL);
        pthread_cond_init(&backfill->changed, NULL);
        sqlite3_wal_hook(database, on_commit, backfill);
        *ret_backfill = backfill;
        return 0;
}

struct backfill *backfill_free(struct backfill *backfill)
{
        if (!backfill)
                return NULL;
        sqlite3_wal_hook(backfill->database, NULL, NULL);
        backfill_wait(backfill);
        if (backfill->has_thread) {
                pthread_mutex_lock(&backfill->mutex);
                backfill->ending = true;
                pthread_cond_broadcast(&backfill->changed);
                pthread_mutex_unlock(&backfill->mutex);
                pthread_join(backfill->thread, NULL);
        }
        pthread_cond_destroy(&backfill->changed);
        pthread_mutex_destroy(&backfill->mutex);
        free(backfill);
        return NULL;
}
