/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "journal/private.h"
#include "journal/verifier.h"

static void cleanup_json(json_t **json)
{
        json_decref(*json);
}

static json_t *path_to_json(const struct merkle_proof *proof)
{
        json_t *path = json_array();

        for (size_t i = 0; path && i < proof->count; i++) {
                char hex[HASH_HEX_SIZE];

                hash_format(proof->hash[i], hex);
                if (json_array_append_new(path, json_string(hex)) < 0) {
                        json_decref(path);
                        return NULL;
                }
        }
        return path;
}

static int path_from_json(const json_t *path, struct merkle_proof *ret_proof)
{
        size_t count = json_array_size(path);

        if (!json_is_array(path) || count > MERKLE_PROOF_MAX)
                return -EINVAL;
        for (size_t i = 0; i < count; i++) {
                const char *hex = json_string_value(json_array_get(path, i));

                if (!hex || hash_parse_hex(hex, strlen(hex), ret_proof->hash[i], HASH_SIZE) < 0)
                        return -EINVAL;
        }
        ret_proof->count = count;
        return 0;
}

static int need_head(struct journal *journal, uint64_t size, uint64_t above, struct head *ret_head,
                     struct error *error)
{
        int r = journal_find_head(journal, size, above, ret_head, error);

        if (r != JOURNAL_NONE)
                return r;
        if (size)
                return error_say(error, -ENOENT,
                                 "Aucune tête signée de %" PRIu64 " enregistrements n’a été conservée.",
                                 "No signed head of %" PRIu64 " records was kept.", size);
        return error_say(error, -ENOENT,
                         "Aucune tête signée ne couvre plus de %" PRIu64
                         " enregistrements : signez-en une d’abord.",
                         "No signed head covers more than %" PRIu64 " records: sign one first.", above);
}

static int read_record_json(struct journal *journal, uint64_t seq, json_t **ret_json, struct error *error)
{
        CLEANUP(cleanup_statement) sqlite3_stmt *statement = NULL;
        int r = store_prepare(journal->database, "SELECT line FROM records WHERE seq = ?1", &statement,
                              error);

        if (r < 0)
                return r;
        sqlite3_bind_int64(statement, 1, (int64_t)seq);
        r = store_step(statement, error);
        if (r < 0)
                return r;
        if (r != STORE_ROW || sqlite3_column_type(statement, 0) != SQLITE_BLOB)
                return error_say(error, -ENOENT, "Il n’y a pas d’enregistrement %" PRIu64 ".",
                                 "There is no record %" PRIu64 ".", seq);
        return canonical_parse(sqlite3_column_blob(statement, 0), (size_t)sqlite3_column_bytes(statement, 0),
                               ret_json, error);
}

static int pack_failed(struct error *error)
{
        return error_say(error, -ENOMEM, "Mémoire insuffisante.", "Out of memory.");
}

static int prove_inclusion(struct journal *journal, uint64_t seq, uint64_t size, json_t **ret_proof,
                           struct error *error)
{
        struct merkle_source source = {.node = store_node, .context = journal->database};
        CLEANUP(cleanup_json) json_t *record = NULL;
        struct merkle_proof proof;
        char key[2 * KEY_PUBLIC_SIZE + 1];
        struct head head;
        int r = read_record_json(journal, seq, &record, error);

        if (r >= 0)
                r = need_head(journal, size, seq, &head, error);
        if (r < 0)
                return r;
        if (seq >= head.size)
                return error_say(
                        error, -EINVAL,
                        "L’enregistrement %" PRIu64 " est venu après la tête de %" PRIu64 " enregistrements.",
                        "Record %" PRIu64 " came after the head of %" PRIu64 " records.", seq, head.size);
        r = merkle_prove_inclusion(&source, seq, head.size, &proof);
        if (r < 0)
                return error_say(
                        error, r,
                        "L’arbre du journal est incomplet : vérifiez le journal (garde journal verify).",
                        "The journal's tree is incomplete: verify the journal.");
        hash_format_hex(journal->key.public, KEY_PUBLIC_SIZE, key);
        *ret_proof = json_pack("{s:o, s:s, s:o, s:s, s:O, s:i}", "head", head_to_json(&head), "key", key,
                               "path", path_to_json(&proof), "proof", "inclusion", "record", record, "v", 1);
        return *ret_proof ? 0 : pack_failed(error);
}

int journal_prove_inclusion(struct journal *journal, uint64_t seq, uint64_t size, json_t **ret_proof,
                            struct error *error)
{
        json_t *proof = NULL;
        int r = store_begin_read(journal->database, error);

        if (r < 0)
                return r;
        r = prove_inclusion(journal, seq, size, &proof, error);
        store_rollback(journal->database);
        if (r >= 0)
                *ret_proof = proof;
        return r;
}

static int prove_consistency(struct journal *journal, uint64_t first, uint64_t second, json_t **ret_proof,
                             struct error *error)
{
        struct merkle_source source = {.node = store_node, .context = journal->database};
        struct merkle_proof proof;
        char key[2 * KEY_PUBLIC_SIZE + 1];
        struct head old;
        struct head new;
        int r;

        if (first == 0)
                return error_say(error, -EINVAL,
                                 "Une preuve de cohérence part d’une tête d’au moins un enregistrement.",
                                 "A consistency proof begins with a head of at least one record.");
        r = need_head(journal, first, 0, &old, error);
        if (r >= 0)
                r = need_head(journal, second, first - 1, &new, error);
        if (r < 0)
                return r;
        if (old.size > new.size)
                return error_say(error, -EINVAL,
                                 "La première tête couvre plus d’enregistrements que la seconde.",
                                 "The first head covers more records than the second.");
        r = merkle_prove_consistency(&source, old.size, new.size, &proof);
        if (r < 0)
                return error_say(
                        error, r,
                        "L’arbre du journal est incomplet : vérifiez le journal (garde journal verify).",
                        "The journal's tree is incomplete: verify the journal.");
        hash_format_hex(journal->key.public, KEY_PUBLIC_SIZE, key);
        *ret_proof =
                json_pack("{s:o, s:s, s:o, s:s, s:o, s:i}", "first", head_to_json(&old), "key", key, "path",
                          path_to_json(&proof), "proof", "consistency", "second", head_to_json(&new), "v", 1);
        return *ret_proof ? 0 : pack_failed(error);
}

int journal_prove_consistency(struct journal *journal, uint64_t first, uint64_t second, json_t **ret_proof,
                              struct error *error)
{
        json_t *proof = NULL;
        int r = store_begin_read(journal->database, error);

        if (r < 0)
                return r;
        r = prove_consistency(journal, first, second, &proof, error);
        store_rollback(journal->database);
        if (r >= 0)
                *ret_proof = proof;
        return r;
}

static int not_a_proof(struct error *error)
{
        return error_say(error, -EINVAL, "Ceci n’est pas une preuve d’un journal de Garde.",
                         "This is not a proof of a Garde journal.");
}

/* The head must be the key's; a head kept elsewhere of the same size must say the same. */
static void judge_head(const struct head *head, const struct journal_trust *trust, struct verifier *verifier)
{
        const struct head *kept = trust ? trust->head : NULL;

        if (head_check(head, verifier->report->key) < 0)
                verifier_fault(verifier, REPORT_FAULT_HEAD_SIGNATURE, head->size,
                               "La signature de la tête de %" PRIu64
                               " enregistrements n'est pas celle de la clé de "
                               "la preuve.",
                               "The signature of the head of %" PRIu64 " records is not of the proof's key.",
                               head->size);
        verifier->report->heads++;
        if (kept && kept->size == head->size) {
                verifier->trusted_seen = true;
                if (memcmp(kept->root, head->root, HASH_SIZE) != 0)
                        verifier_fault(verifier, REPORT_FAULT_HEAD_MISMATCH, head->size,
                                       "La tête conservée ailleurs, de %" PRIu64
                                       " enregistrements, dit autre chose.",
                                       "The head kept elsewhere, of %" PRIu64 " records, says otherwise.",
                                       head->size);
        }
}

static int verify_inclusion(const json_t *json, const struct journal_trust *trust, struct verifier *verifier,
                            struct error *error)
{
        CLEANUP(buffer_release) struct buffer line = BUFFER_INIT(CHAIN_LINE_MAX);
        struct merkle_proof proof;
        struct chain_view view;
        struct head head;
        uint8_t leaf[HASH_SIZE];

        if (head_from_json(json_object_get(json, "head"), &head, NULL) < 0 ||
            path_from_json(json_object_get(json, "path"), &proof) < 0 ||
            canonical_append(json_object_get(json, "record"), &line, NULL) < 0 ||
            chain_scan(line.data, line.length, &view) < 0)
                return not_a_proof(error);
        judge_head(&head, trust, verifier);
        hash_bytes(line.data, line.length, verifier->report->last);
        merkle_leaf(verifier->report->last, HASH_SIZE, leaf);
        if (merkle_verify_inclusion(leaf, view.seq, head.size, &proof, head.root) < 0)
                verifier_fault(verifier, REPORT_FAULT_PROOF, view.seq,
                               "La preuve ne montre pas que l'enregistrement %" PRIu64
                               " est parmi les %" PRIu64 " que la tête couvre.",
                               "The proof does not show that record %" PRIu64 " is among the %" PRIu64
                               " that the head covers.",
                               view.seq, head.size);
        verifier->report->records = 1;
        verifier->report->signed_size = verifier->report->ok ? head.size : 0;
        memcpy(verifier->report->root, head.root, HASH_SIZE);
        return 0;
}

static int verify_consistency(const json_t *json, const struct journal_trust *trust,
                              struct verifier *verifier, struct error *error)
{
        struct merkle_proof proof;
        struct head old;
        struct head new;

        if (head_from_json(json_object_get(json, "first"), &old, NULL) < 0 ||
            head_from_json(json_object_get(json, "second"), &new, NULL) < 0 ||
            path_from_json(json_object_get(json, "path"), &proof) < 0)
                return not_a_proof(error);
        judge_head(&old, trust, verifier);
        judge_head(&new, trust, verifier);
        if (merkle_verify_consistency(old.size, old.root, new.size, new.root, &proof) < 0)
                verifier_fault(verifier, REPORT_FAULT_PROOF, old.size,
                               "La preuve ne montre pas que les %" PRIu64
                               " premiers enregistrements sont restés les "
                               "mêmes dans les %" PRIu64 ".",
                               "The proof does not show that the first %" PRIu64
                               " records stayed the same within the %" PRIu64 ".",
                               old.size, new.size);
        verifier->report->signed_size = verifier->report->ok ? new.size : 0;
        memcpy(verifier->report->last, new.last, HASH_SIZE);
        memcpy(verifier->report->root, new.root, HASH_SIZE);
        return 0;
}

/* A head from elsewhere that no head of the proof has the size of has proven nothing. */
static void judge_trust(const struct journal_trust *trust, struct verifier *verifier)
{
        if (trust && trust->head && !verifier->trusted_seen)
                verifier_fault(verifier, REPORT_FAULT_HEAD_MISMATCH, trust->head->size,
                               "La preuve ne contient pas la tête conservée ailleurs, de %" PRIu64
                               " enregistrements.",
                               "The proof does not contain the head kept elsewhere, of %" PRIu64 " records.",
                               trust->head->size);
}

int journal_verify_proof(const json_t *proof, const struct journal_trust *trust,
                         struct journal_report *ret_report, struct error *error)
{
        struct verifier verifier;
        const char *hex, *kind;
        uint8_t key[KEY_PUBLIC_SIZE];
        int version;
        int r;

        if (json_unpack((json_t *)proof, "{s:s, s:s, s:i}", "key", &hex, "proof", &kind, "v", &version) < 0 ||
            version != 1 || json_object_size(proof) != 6 ||
            hash_parse_hex(hex, strlen(hex), key, sizeof(key)) < 0)
                return not_a_proof(error);
        verifier_begin(&verifier, trust, key, ret_report);
        if (strcmp(kind, "inclusion") == 0)
                r = verify_inclusion(proof, trust, &verifier, error);
        else if (strcmp(kind, "consistency") == 0)
                r = verify_consistency(proof, trust, &verifier, error);
        else
                return not_a_proof(error);
        if (r >= 0)
                judge_trust(trust, &verifier);
        return r;
}
