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

int journal_prepare_writing(struct journal *journal, struct error *error)
{
        sqlite3 *database = journal->database;
        int r = store_prepare(database, "INSERT INTO records VALUES(?1, ?2, ?3)", &journal->insert_record,
                              error);

        if (r >= 0)
                r = store_prepare(database, "INSERT INTO personal VALUES(NULL, ?1, ?2, ?3, ?4, 0)",
                                  &journal->insert_personal, error);
        if (r >= 0)
                r = store_prepare(database, "INSERT INTO nodes VALUES(?1, ?2, ?3)", &journal->insert_node,
                                  error);
        return r;
}

void journal_finish_writing(struct journal *journal)
{
        sqlite3_finalize(journal->insert_record);
        sqlite3_finalize(journal->insert_personal);
        sqlite3_finalize(journal->insert_node);
        journal->insert_record = NULL;
        journal->insert_personal = NULL;
        journal->insert_node = NULL;
}

struct node_target {
        struct journal *journal;
        struct error *error;
};

static int write_node(void *context, const struct merkle_node *node)
{
        struct node_target *target = context;
        sqlite3_stmt *statement = target->journal->insert_node;

        if (node->level < STORE_NODE_LEVEL)
                return 0;
        sqlite3_bind_int64(statement, 1, node->level);
        sqlite3_bind_int64(statement, 2, (int64_t)node->index);
        sqlite3_bind_blob(statement, 3, node->hash, HASH_SIZE, SQLITE_STATIC);
        return store_change(statement, target->error);
}

static int write_personal(struct journal *journal, uint64_t seq, const struct chain_personal *personal,
                          size_t count, struct error *error)
{
        sqlite3_stmt *statement = journal->insert_personal;

        for (size_t i = 0; i < count; i++) {
                int r;

                sqlite3_bind_int64(statement, 1, (int64_t)seq);
                sqlite3_bind_text(statement, 2, personal[i].name, -1, SQLITE_STATIC);
                sqlite3_bind_blob(statement, 3, personal[i].salt, CHAIN_SALT_SIZE, SQLITE_STATIC);
                sqlite3_bind_blob64(statement, 4, personal[i].text, personal[i].text_length, SQLITE_STATIC);
                r = store_change(statement, error);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int personal_to_json(const struct chain_personal *personal, size_t count, json_t **ret_json)
{
        CLEANUP(cleanup_json) json_t *json = json_object();

        for (size_t i = 0; json && i < count; i++) {
                char commitment[HASH_HEX_SIZE];
                char salt[2 * CHAIN_SALT_SIZE + 1];

                hash_format(personal[i].commitment, commitment);
                hash_format_hex(personal[i].salt, CHAIN_SALT_SIZE, salt);
                if (json_object_set_new(json, personal[i].name,
                                        json_pack("{s:s, s:s, s:s%}", "commitment", commitment, "salt", salt,
                                                  "text", personal[i].text, personal[i].text_length)) < 0)
                        return -ENOMEM;
        }
        if (!json)
                return -ENOMEM;
        *ret_json = STEAL_PTR(json);
        return 0;
}

/* A view of a room sees the record as a replay will show it. */
static int tell_views(struct journal *journal, const struct record_draft *draft, struct record *record,
                      const struct chain_personal *personal, size_t count, struct error *error)
{
        int r;

        if (!views_want(journal))
                return 0;
        record->type = draft->type;
        strcpy(record->subject, draft->subject);
        strcpy(record->author, draft->author);
        r = personal_to_json(personal, count, &record->personal);
        if (r < 0)
                return error_say(error, r, "Mémoire insuffisante.", "Out of memory.");
        record->body = json_incref(draft->body);
        r = views_apply(journal, record, error);
        record_release(record);
        return r;
}

static int insert_line(struct journal *journal, uint64_t seq, const uint8_t *hash, struct error *error)
{
        sqlite3_bind_int64(journal->insert_record, 1, (int64_t)seq);
        sqlite3_bind_blob64(journal->insert_record, 2, journal->line.data, journal->line.length,
                            SQLITE_STATIC);
        sqlite3_bind_blob(journal->insert_record, 3, hash, HASH_SIZE, SQLITE_STATIC);
        return store_change(journal->insert_record, error);
}

int journal_write_record(struct journal *journal, const struct record_draft *draft,
                         struct merkle_frontier *frontier, uint8_t last[static HASH_SIZE],
                         struct error *error)
{
        struct chain_personal personal[RECORD_PERSONAL_MAX];
        struct record record = {.seq = frontier->size, .time_ms = clock_wall_ms(journal->clock)};
        const struct chain_place place = {record.seq, record.time_ms, last};
        struct node_target target = {journal, error};
        struct chain_view sealed;
        uint8_t leaf[HASH_SIZE];
        size_t count = 0;
        int r = chain_salt_personal(draft, journal->random, personal, &count, error);

        if (r < 0)
                return r;
        journal->line.length = 0;
        journal->line.overflow = false;
        r = chain_write(draft, &place, personal, count, &journal->line, &sealed, error);
        if (r < 0)
                return r;
        memcpy(record.prev, last, HASH_SIZE);
        hash_bytes(journal->line.data, journal->line.length, record.hash);
        r = insert_line(journal, record.seq, record.hash, error);
        if (r >= 0)
                r = write_personal(journal, record.seq, personal, count, error);
        if (r < 0)
                return r;
        merkle_leaf(record.hash, HASH_SIZE, leaf);
        r = merkle_append(frontier, leaf, write_node, &target);
        if (r < 0)
                return r;
        memcpy(last, record.hash, HASH_SIZE);
        if (!journal->view_count) /* it is being made */
                return 0;
        r = documents_apply(&journal->documents, &sealed, journal->database, error);
        if (r < 0)
                return r;
        return tell_views(journal, draft, &record, personal, count, error);
}

/* After an erasure that a reader delayed: its text leaves the log as soon as it can. */
static void settle_log(struct journal *journal)
{
        if (journal->log_holds_text && store_empty_log(journal->database, NULL) == 0)
                journal->log_holds_text = false;
}

static int ready_to_write(struct journal *journal, struct error *error)
{
        int r;

        if (journal->readonly)
                return error_say(error, -EROFS, "Ce journal a été ouvert en lecture seule.",
                                 "This journal was opened for reading.");
        if (!journal->stale)
                return 0;
        r = journal_load_state(journal, error);
        if (r < 0)
                return r;
        journal->stale = false;
        return 0;
}

/* Within a held transaction a batch is a part of it. */
static int begin(struct journal *journal, struct error *error)
{
        return store_repeat(&journal->statements, journal->database,
                            journal->held ? STORE_BEGIN_PART : STORE_BEGIN_WRITE, error);
}

static int commit(struct journal *journal, struct error *error)
{
        return store_repeat(&journal->statements, journal->database,
                            journal->held ? STORE_COMMIT_PART : STORE_COMMIT, error);
}

static void roll_back(struct journal *journal)
{
        if (journal->held)
                store_rollback_part(journal->database);
        else
                store_rollback(journal->database);
}

/* A full disk may have ended the transaction by itself: then what was held before is gone, too. */
static void notice_loss(struct journal *journal)
{
        if (journal->held && sqlite3_get_autocommit(journal->database))
                journal->lost = true;
}

int journal_hold(struct journal *journal, struct error *error)
{
        int r;

        if (journal->held)
                return 0;
        r = ready_to_write(journal, error);
        if (r >= 0)
                r = store_begin_write(journal->database, error);
        journal->held = r >= 0;
        return r < 0 ? r : 0;
}

bool journal_is_held(const struct journal *journal)
{
        return journal->held;
}

int journal_settle(struct journal *journal, struct error *error)
{
        int r;

        if (!journal->held)
                return 0;
        journal->held = false;
        r = journal->lost
                    ? error_say(error, -ENOSPC, "Le journal n’a pas pu être écrit ; rien n’en a été gardé.",
                                "The journal could not be written; nothing of it was kept.")
                    : store_commit(journal->database, error);
        journal->lost = false;
        if (r < 0) {
                store_rollback(journal->database);
                journal->stale = true;
                return r;
        }
        settle_log(journal);
        return 0;
}

/* Everything of one transaction, or nothing: the journal's own state follows the commit. */
static int write_batch(struct journal *journal, const struct record_draft *drafts, size_t count,
                       struct error *error)
{
        struct merkle_frontier frontier = journal->frontier;
        uint8_t last[HASH_SIZE];
        int r = 0;

        memcpy(last, journal->last, HASH_SIZE);
        for (size_t i = 0; i < count; i++) {
                r = journal_write_record(journal, &drafts[i], &frontier, last, error);
                if (r < 0) {
                        notice_loss(journal);
                        roll_back(journal);
                        return r;
                }
        }
        r = commit(journal, error);
        if (r < 0) {
                notice_loss(journal);
                journal->stale = !journal->held;
                roll_back(journal);
                return r;
        }
        journal->frontier = frontier;
        memcpy(journal->last, last, HASH_SIZE);
        return 0;
}

int journal_append_batch(struct journal *journal, const struct record_draft *drafts, size_t count,
                         uint64_t *ret_first, struct error *error)
{
        uint64_t first;
        int r = ready_to_write(journal, error);

        if (r < 0)
                return r;
        if (count == 0 || count > JOURNAL_BATCH_MAX)
                return error_say(error, -EINVAL, "Un lot contient de 1 à %d enregistrements.",
                                 "A batch holds 1 to %d records.", JOURNAL_BATCH_MAX);
        for (size_t i = 0; i < count; i++)
                if (drafts[i].type == RECORD_TYPE_JOURNAL_OPENED ||
                    drafts[i].type == RECORD_TYPE_PERSONAL_ERASED)
                        return error_say(error, -EINVAL,
                                         "Seul le journal écrit des enregistrements de type %s.",
                                         "Records of type %s are written by the journal alone.",
                                         record_type_word(drafts[i].type));
        first = journal->frontier.size;
        r = begin(journal, error);
        if (r >= 0)
                r = write_batch(journal, drafts, count, error);
        if (r < 0)
                return r;
        if (!journal->held)
                settle_log(journal);
        *ret_first = first;
        return 0;
}

int journal_append(struct journal *journal, const struct record_draft *draft, uint64_t *ret_seq,
                   struct error *error)
{
        return journal_append_batch(journal, draft, 1, ret_seq, error);
}

/* Zeros of the same length: SQLite then overwrites the row where it lies and leaves no copy behind. */
static int overwrite_text(struct journal *journal, uint64_t seq, const char *name, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = store_prepare(
                journal->database,
                "UPDATE personal SET salt = zeroblob(length(salt)), text = zeroblob(length(text)), "
                "erased = 1 WHERE seq = ?1 AND name = ?2 AND erased = 0",
                &statement, error);

        if (r < 0)
                return r;
        sqlite3_bind_int64(statement, 1, (int64_t)seq);
        sqlite3_bind_text(statement, 2, name, -1, SQLITE_STATIC);
        r = store_change(statement, error);
        if (r < 0)
                return r;
        if (sqlite3_changes(journal->database) != 1)
                return error_say(error, -ENOENT,
                                 "L’enregistrement %" PRIu64
                                 " n’a pas de texte personnel « %s », ou ce texte est déjà effacé.",
                                 "Record %" PRIu64 " has no personal text \"%s\", or it was erased before.",
                                 seq, name);
        return 0;
}

int journal_erase_personal(struct journal *journal, uint64_t seq, const char *name, const char *author,
                           const char *reason, uint64_t *ret_seq, struct error *error)
{
        CLEANUP(cleanup_json) json_t *body = NULL;
        struct record_draft draft = {.type = RECORD_TYPE_PERSONAL_ERASED, .subject = "", .author = author};
        uint64_t size;
        int r = ready_to_write(journal, error);

        if (r < 0)
                return r;
        if (journal->held)
                return error_say(error, -EBUSY, "Un effacement attend que le journal soit à jour.",
                                 "An erasure waits until the journal is settled.");
        if (seq >= journal->frontier.size)
                return error_say(error, -ENOENT, "Il n’y a pas d’enregistrement %" PRIu64 ".",
                                 "There is no record %" PRIu64 ".", seq);
        body = json_pack("{s:I, s:s, s:s}", "seq", (json_int_t)seq, "name", name, "reason",
                         reason ? reason : "");
        if (!body)
                return error_say(error, -EINVAL, "Le nom ou la raison d’un effacement n’est pas un texte.",
                                 "The name or the reason of an erasure is not a text.");
        draft.body = body;
        size = journal->frontier.size;
        r = store_begin_write(journal->database, error);
        if (r < 0)
                return r;
        r = overwrite_text(journal, seq, name, error);
        if (r < 0) {
                store_rollback(journal->database);
                return r;
        }
        r = write_batch(journal, &draft, 1, error);
        if (r < 0)
                return r;
        *ret_seq = size;
        journal->log_holds_text = true;
        settle_log(journal);
        return journal->log_holds_text ? JOURNAL_LATER : 0;
}

static int keep_head(struct journal *journal, const struct head *head, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        CLEANUP(cleanup_json) json_t *json = head_to_json(head);
        CLEANUP(buffer_release) struct buffer bytes = BUFFER_INIT(4096);
        int r;

        if (!json)
                return error_say(error, -ENOMEM, "Mémoire insuffisante.", "Out of memory.");
        r = canonical_append(json, &bytes, error);
        if (r >= 0)
                r = store_prepare(journal->database, "INSERT INTO heads VALUES(NULL, ?1, ?2)", &statement,
                                  error);
        if (r < 0)
                return r;
        sqlite3_bind_int64(statement, 1, (int64_t)head->size);
        sqlite3_bind_blob64(statement, 2, bytes.data, bytes.length, SQLITE_STATIC);
        return store_change(statement, error);
}

int journal_head(struct journal *journal, struct head *ret_head, struct error *error)
{
        struct head head;
        int r = ready_to_write(journal, error);

        if (r < 0)
                return r;
        head = (struct head){.size = journal->frontier.size, .time_ms = clock_wall_ms(journal->clock)};
        memcpy(head.last, journal->last, HASH_SIZE);
        merkle_root(&journal->frontier, head.root);
        r = head_sign(&head, &journal->key);
        if (r < 0)
                return error_say(error, r, "La tête ne peut pas être signée.", "The head cannot be signed.");
        r = keep_head(journal, &head, error);
        if (r < 0)
                return r;
        *ret_head = head;
        return 0;
}
