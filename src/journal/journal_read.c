/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "journal/private.h"

static void cleanup_json(json_t **json)
{
        json_decref(*json);
}

/* Puts salt and text beside the commitment where they are still there. */
static int add_text(json_t *personal, sqlite3_stmt *row, struct error *error)
{
        char hex[2 * CHAIN_SALT_SIZE + 1];
        uint8_t salt[CHAIN_SALT_SIZE];
        json_t *entry = json_object_get(personal, (const char *)sqlite3_column_text(row, 0));
        const char *text = sqlite3_column_blob(row, 2);
        int r = store_column_bytes(row, 1, salt, sizeof(salt), error);

        if (r < 0)
                return r;
        if (!entry)
                return error_say(error, -EINVAL, "Un texte personnel n’appartient à aucun enregistrement.",
                                 "A personal text belongs to no record.");
        hash_format_hex(salt, sizeof(salt), hex);
        if (json_object_set_new(entry, "salt", json_string(hex)) < 0 ||
            json_object_set_new(entry, "text",
                                json_stringn(text ? text : "", (size_t)sqlite3_column_bytes(row, 2))) < 0)
                return error_say(error, -EINVAL, "Un texte personnel est illisible.",
                                 "A personal text cannot be read.");
        return 0;
}

static int read_texts(sqlite3_stmt *texts, struct record *record, struct error *error)
{
        int r;

        if (json_object_size(record->personal) == 0)
                return 0;
        sqlite3_bind_int64(texts, 1, (int64_t)record->seq);
        while ((r = store_step(texts, error)) == STORE_ROW) {
                r = add_text(record->personal, texts, error);
                if (r < 0)
                        break;
        }
        sqlite3_reset(texts);
        return r;
}

static int visit_row(sqlite3_stmt *row, sqlite3_stmt *texts, int (*visit)(void *, const struct record *),
                     void *context, struct error *error)
{
        struct record record;
        int r = chain_read(sqlite3_column_blob(row, 1), (size_t)sqlite3_column_bytes(row, 1), &record, error);

        if (r < 0)
                return error_context(error, r, "Enregistrement %lld", "Record %lld",
                                     (long long)sqlite3_column_int64(row, 0));
        r = read_texts(texts, &record, error);
        if (r >= 0)
                r = visit(context, &record);
        record_release(&record);
        return r;
}

int journal_read_range(struct journal *journal, uint64_t from, uint64_t to,
                       int (*visit)(void *context, const struct record *record), void *context,
                       struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *rows = NULL;
        CLEANUP(cleanup_statement) sqlite3_stmt *texts = NULL;
        int r = store_prepare(journal->database,
                              "SELECT seq, line FROM records WHERE seq >= ?1 AND seq < ?2 ORDER BY seq",
                              &rows, error);

        if (r >= 0)
                r = store_prepare(journal->database,
                                  "SELECT name, salt, text FROM personal WHERE seq = ?1 AND erased = 0",
                                  &texts, error);
        if (r < 0)
                return r;
        sqlite3_bind_int64(rows, 1, (int64_t)(from > INT64_MAX ? INT64_MAX : from));
        sqlite3_bind_int64(rows, 2, (int64_t)(to > INT64_MAX ? INT64_MAX : to));
        while ((r = store_step(rows, error)) == STORE_ROW) {
                r = visit_row(rows, texts, visit, context, error);
                if (r != 0)
                        return r;
        }
        return r;
}

int journal_read(struct journal *journal, uint64_t from, uint64_t to,
                 int (*visit)(void *context, const struct record *record), void *context, struct error *error)
{
        int r = journal->held ? 0 : store_begin_read(journal->database, error);

        if (r < 0)
                return r;
        r = journal_read_range(journal, from, to, visit, context, error);
        if (!journal->held)
                store_rollback(journal->database);
        return r;
}

static int parse_head(sqlite3_stmt *row, struct head *ret_head, struct error *error)
{
        CLEANUP(cleanup_json) json_t *json = NULL;
        const char *bytes = sqlite3_column_blob(row, 0);
        int r;

        if (!bytes)
                return error_say(error, -EINVAL, "Une tête signée est abîmée.", "A signed head is damaged.");
        r = canonical_parse(bytes, (size_t)sqlite3_column_bytes(row, 0), &json, error);
        return r < 0 ? r : head_from_json(json, ret_head, error);
}

int journal_find_head(struct journal *journal, uint64_t size, uint64_t above, struct head *ret_head,
                      struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = store_prepare(
                journal->database,
                size ? "SELECT json FROM heads WHERE size = ?1 ORDER BY id DESC LIMIT 1"
                     : "SELECT json FROM heads WHERE size > ?1 ORDER BY size DESC, id DESC LIMIT 1",
                &statement, error);

        if (r < 0)
                return r;
        sqlite3_bind_int64(statement, 1, (int64_t)(size ? size : above));
        r = store_step(statement, error);
        if (r < 0)
                return r;
        return r == STORE_ROW ? parse_head(statement, ret_head, error) : JOURNAL_NONE;
}

int journal_last_head(struct journal *journal, struct head *ret_head, struct error *error)
{
        return journal_find_head(journal, 0, 0, ret_head, error);
}

static int load_last(struct journal *journal, uint64_t *ret_size, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        struct chain_view view;
        uint8_t hash[HASH_SIZE];
        const char *line;
        size_t length;
        int r = store_prepare(journal->database,
                              "SELECT seq, line, hash FROM records ORDER BY seq DESC LIMIT 1", &statement,
                              error);

        if (r < 0)
                return r;
        r = store_step(statement, error);
        if (r < 0)
                return r;
        if (r != STORE_ROW)
                return error_say(
                        error, -EINVAL,
                        "Le journal ne contient aucun enregistrement : restaurez une copie ou un export.",
                        "The journal holds no record at all: restore a copy or an export.");
        line = sqlite3_column_blob(statement, 1);
        length = (size_t)sqlite3_column_bytes(statement, 1);
        r = store_column_bytes(statement, 2, journal->last, HASH_SIZE, error);
        if (r < 0)
                return r;
        hash_bytes(line, length, hash);
        if (memcmp(hash, journal->last, HASH_SIZE) != 0 || chain_scan(line, length, &view) < 0 ||
            view.seq != (uint64_t)sqlite3_column_int64(statement, 0))
                return error_say(error, -EINVAL,
                                 "Le dernier enregistrement du journal, %lld, a été modifié : vérifiez le "
                                 "journal et restaurez une copie.",
                                 "The last record of the journal, %lld, was changed: verify the journal and "
                                 "restore a copy.",
                                 (long long)sqlite3_column_int64(statement, 0));
        *ret_size = view.seq + 1;
        return 0;
}

static int load_frontier(struct journal *journal, uint64_t size, struct error *error)
{
        journal->frontier = (struct merkle_frontier){.size = size};
        for (unsigned level = 0; level < MERKLE_LEVELS && size >> level; level++) {
                int r = 0;

                if (size >> level & 1)
                        r = store_node(journal->database, level, (size >> level) - 1,
                                       journal->frontier.hash[level]);
                if (r < 0)
                        return error_say(error, r,
                                         "L’arbre du journal est incomplet : vérifiez le journal (garde "
                                         "journal verify).",
                                         "The journal's tree is incomplete: verify the journal.");
        }
        return 0;
}

int journal_load_state(struct journal *journal, struct error *error)
{
        uint8_t root[HASH_SIZE];
        struct head head;
        uint64_t size = 0;
        int r = load_last(journal, &size, error);

        if (r >= 0)
                r = load_frontier(journal, size, error);
        if (r >= 0)
                r = journal_last_head(journal, &head, error);
        if (r != 0)
                return r == JOURNAL_NONE ? 0 : r;
        merkle_root(&journal->frontier, root);
        if (head.size > size || (head.size == size && memcmp(root, head.root, HASH_SIZE) != 0))
                return error_say(error, -EINVAL,
                                 "Une tête signée de %" PRIu64
                                 " enregistrements ne concorde pas avec les %" PRIu64
                                 " présents : vérifiez le journal et restaurez une copie.",
                                 "A signed head of %" PRIu64 " records does not fit the %" PRIu64
                                 " that are there: verify the journal and restore a copy.",
                                 head.size, size);
        return 0;
}
