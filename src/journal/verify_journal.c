/* SPDX-License-Identifier: EUPL-1.2 */
/* The verifier told from the database. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "journal/private.h"
#include "journal/verifier.h"

/* Three cursors that move forward together, by seq. */
struct walk {
        struct verifier verifier;
        struct journal *journal;
        sqlite3_stmt *records;
        sqlite3_stmt *texts;
        sqlite3_stmt *heads;
        sqlite3_stmt *nodes;
        bool more_texts;
        bool more_heads;
        struct error *error;
};

static int advance(sqlite3_stmt *statement, bool *ret_more, struct error *error)
{
        int r = store_step(statement, error);

        if (r < 0)
                return r;
        *ret_more = r == STORE_ROW;
        return 0;
}

/* A stored tree node must be the one that the records make. */
static int check_node(void *context, const struct merkle_node *node)
{
        struct walk *walk = context;
        uint8_t stored[HASH_SIZE] = {0};
        int r;

        if (node->level < STORE_NODE_LEVEL)
                return 0;
        sqlite3_bind_int64(walk->nodes, 1, node->level);
        sqlite3_bind_int64(walk->nodes, 2, (int64_t)node->index);
        r = store_step(walk->nodes, NULL);
        if (r == STORE_ROW)
                r = store_column_bytes(walk->nodes, 0, stored, HASH_SIZE, NULL) < 0 ? 0 : STORE_ROW;
        sqlite3_reset(walk->nodes);
        if (r != STORE_ROW || memcmp(stored, node->hash, HASH_SIZE) != 0)
                verifier_fault(&walk->verifier, REPORT_FAULT_TREE, node->index << node->level,
                               "L'arbre conservé est faux au-dessus des enregistrements %" PRIu64
                               " à %" PRIu64 ".",
                               "The stored tree is wrong above records %" PRIu64 " to %" PRIu64 ".",
                               node->index << node->level, ((node->index + 1) << node->level) - 1);
        return 0;
}

static int take_text(sqlite3_stmt *row, struct verifier_text *ret_text, uint8_t *salt, char **ret_copy)
{
        size_t name = (size_t)sqlite3_column_bytes(row, 1);
        size_t text = (size_t)sqlite3_column_bytes(row, 3);
        char *copy = malloc(name + text + 1);

        if (!copy)
                return -ENOMEM;
        memcpy(mempcpy(copy, sqlite3_column_text(row, 1), name), text ? sqlite3_column_blob(row, 3) : "",
               text);
        if (store_column_bytes(row, 2, salt, CHAIN_SALT_SIZE, NULL) < 0)
                memset(salt, 0, CHAIN_SALT_SIZE);
        *ret_text = (struct verifier_text){
                .name = copy, .name_length = name, .salt = salt, .text = copy + name, .text_length = text};
        *ret_copy = copy;
        return 0;
}

struct texts {
        struct verifier_text list[RECORD_PERSONAL_MAX + 1]; /* one more than allowed, so that it shows */
        uint8_t salts[RECORD_PERSONAL_MAX + 1][CHAIN_SALT_SIZE];
        char *copies[RECORD_PERSONAL_MAX + 1];
        size_t count;
};

static void texts_release(struct texts *texts)
{
        for (size_t i = 0; i < texts->count; i++)
                free(texts->copies[i]);
        texts->count = 0;
}

/* Texts of records that are not there are passed over: the gap itself is the fault. */
static int gather_texts(struct walk *walk, int64_t seq, struct texts *texts)
{
        while (walk->more_texts && sqlite3_column_int64(walk->texts, 0) <= seq) {
                int r;

                if (sqlite3_column_int64(walk->texts, 0) == seq && texts->count <= RECORD_PERSONAL_MAX) {
                        size_t i = texts->count;

                        r = take_text(walk->texts, &texts->list[i], texts->salts[i], &texts->copies[i]);
                        if (r < 0)
                                return error_say(walk->error, r, "Mémoire insuffisante.", "Out of memory.");
                        texts->count++;
                }
                r = advance(walk->texts, &walk->more_texts, walk->error);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int tell_heads(struct walk *walk, uint64_t up_to)
{
        while (walk->more_heads && (uint64_t)sqlite3_column_int64(walk->heads, 0) <= up_to) {
                const char *data = sqlite3_column_blob(walk->heads, 1);
                int r;

                verifier_head(&walk->verifier, data ? data : "",
                              (size_t)sqlite3_column_bytes(walk->heads, 1));
                r = advance(walk->heads, &walk->more_heads, walk->error);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int tell_record(struct walk *walk)
{
        struct texts texts;
        int64_t seq = sqlite3_column_int64(walk->records, 0);
        const char *line = sqlite3_column_blob(walk->records, 1);
        uint8_t hash[HASH_SIZE] = {0};
        int r;

        texts.count = 0;
        r = gather_texts(walk, seq, &texts);
        /* A hash of the wrong size stays zeros, which no record has. */
        store_column_bytes(walk->records, 2, hash, HASH_SIZE, NULL);
        if (r >= 0)
                verifier_record(&walk->verifier, line ? line : "",
                                (size_t)sqlite3_column_bytes(walk->records, 1), hash, texts.list,
                                texts.count);
        texts_release(&texts);
        if (r >= 0)
                r = tell_heads(walk, walk->verifier.next);
        return r;
}

static int prepare_walk(struct walk *walk)
{
        sqlite3 *database = walk->journal->database;
        int r = store_prepare(database, "SELECT seq, line, hash FROM records ORDER BY seq", &walk->records,
                              walk->error);

        if (r >= 0)
                r = store_prepare(
                        database,
                        "SELECT seq, name, salt, text FROM personal WHERE erased = 0 ORDER BY seq, name",
                        &walk->texts, walk->error);
        if (r >= 0)
                r = store_prepare(database, "SELECT size, json FROM heads ORDER BY size, id", &walk->heads,
                                  walk->error);
        if (r >= 0)
                r = store_prepare(database, "SELECT hash FROM nodes WHERE level = ?1 AND position = ?2",
                                  &walk->nodes, walk->error);
        if (r >= 0)
                r = advance(walk->texts, &walk->more_texts, walk->error);
        if (r >= 0)
                r = advance(walk->heads, &walk->more_heads, walk->error);
        return r;
}

static int run_walk(struct walk *walk)
{
        int r = prepare_walk(walk);

        if (r < 0)
                return r;
        while ((r = store_step(walk->records, walk->error)) == STORE_ROW) {
                r = tell_record(walk);
                if (r < 0)
                        return r;
        }
        if (r < 0)
                return r;
        r = tell_heads(walk, UINT64_MAX);
        if (r < 0)
                return r;
        verifier_finish(&walk->verifier);
        return 0;
}

static int check_key(struct journal *journal, uint8_t *ret_key, struct error *error)
{
        return store_get_meta(journal->database, "key", ret_key, KEY_PUBLIC_SIZE, error);
}

int journal_verify(struct journal *journal, const struct journal_trust *trust,
                   struct journal_report *ret_report, struct error *error)
{
        struct walk walk = {.journal = journal, .error = error};
        uint8_t key[KEY_PUBLIC_SIZE];
        int r = store_begin_read(journal->database, error);

        if (r < 0)
                return r;
        r = check_key(journal, key, error);
        if (r >= 0) {
                verifier_begin(&walk.verifier, trust, key, ret_report);
                walk.verifier.complete = check_node;
                walk.verifier.context = &walk;
                r = run_walk(&walk);
        }
        sqlite3_finalize(walk.records);
        sqlite3_finalize(walk.texts);
        sqlite3_finalize(walk.heads);
        sqlite3_finalize(walk.nodes);
        store_rollback(journal->database);
        return r < 0 ? r : 0;
}
