/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/verifier.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/cleanup.h"
#include "journal/private.h"

static void cleanup_json(json_t **json)
{
        json_decref(*json);
}

void verifier_fault(struct verifier *verifier, enum report_fault_kind kind, uint64_t seq, const char *fr,
                    const char *en, ...)
{
        char french[REPORT_FAULT_TEXT_SIZE];
        char english[REPORT_FAULT_TEXT_SIZE];
        va_list args;

        va_start(args, en);
        vsnprintf(french, sizeof(french), fr, args);
        va_end(args);
        va_start(args, en);
        vsnprintf(english, sizeof(english), en, args);
        va_end(args);
        report_add(verifier->report, kind, seq, verifier->line, french, english);
}

void verifier_begin(struct verifier *verifier, const struct journal_trust *trust,
                    const uint8_t key[static KEY_PUBLIC_SIZE], struct journal_report *report)
{
        *verifier =
                (struct verifier){.report = report, .trust = trust, .last_known = true, .tree_known = true};
        *report = (struct journal_report){.ok = true};
        memcpy(report->key, key, KEY_PUBLIC_SIZE);
        if (trust && trust->key && memcmp(trust->key, key, KEY_PUBLIC_SIZE) != 0)
                verifier_fault(
                        verifier, REPORT_FAULT_KEY, 0,
                        "La clé de ce journal n'est pas celle qui était attendue : il a été refait, ou c'est "
                        "un "
                        "autre journal.",
                        "The key of this journal is not the one expected: it was made anew, or it is another "
                        "journal.");
}

static void check_opening(struct verifier *verifier, const struct chain_view *view)
{
        char body[256];
        int length = journal_opening_body(verifier->report->key, body, sizeof(body));

        if (view->type != RECORD_TYPE_JOURNAL_OPENED || view->body.value_length != (size_t)length ||
            memcmp(view->body.value, body, (size_t)length) != 0)
                verifier_fault(verifier, REPORT_FAULT_KEY, 0,
                               "L'enregistrement 0 n'ouvre pas le journal avec la clé annoncée.",
                               "Record 0 does not open the journal with the key announced.");
}

/* Whether the record stands where it should; says what is wrong with its place otherwise. */
static bool check_place(struct verifier *verifier, uint64_t seq)
{
        uint64_t next = verifier->next;

        if (seq == next)
                return true;
        if (seq > next) {
                if (seq == next + 1)
                        verifier_fault(verifier, REPORT_FAULT_MISSING, next,
                                       "L'enregistrement %" PRIu64 " manque à sa place.",
                                       "Record %" PRIu64 " is missing from its place.", next);
                else
                        verifier_fault(verifier, REPORT_FAULT_MISSING, next,
                                       "Les enregistrements %" PRIu64 " à %" PRIu64 " manquent à leur place.",
                                       "Records %" PRIu64 " to %" PRIu64 " are missing from their place.",
                                       next, seq - 1);
                verifier->gap_from = next;
                verifier->gap_to = seq;
                verifier->next = seq;
                verifier->last_known = false;
                verifier->tree_known = false;
                return true;
        }
        if (seq >= verifier->gap_from && seq < verifier->gap_to)
                verifier_fault(
                        verifier, REPORT_FAULT_ORDER, seq,
                        "L'enregistrement %" PRIu64 " a été déplacé : il vient après le numéro %" PRIu64 ".",
                        "Record %" PRIu64 " was moved: it comes after number %" PRIu64 ".", seq, next - 1);
        else
                verifier_fault(verifier, REPORT_FAULT_REPEATED, seq,
                               "Le numéro %" PRIu64 " revient une seconde fois, après le numéro %" PRIu64
                               " : un enregistrement a été répété ou inséré.",
                               "Number %" PRIu64 " comes a second time, after number %" PRIu64
                               ": a record was repeated or inserted.",
                               seq, next - 1);
        return false;
}

static void check_chain(struct verifier *verifier, const struct chain_view *view)
{
        if (!verifier->last_known || memcmp(view->prev, verifier->last, HASH_SIZE) == 0)
                return;
        if (view->seq == 0)
                verifier_fault(
                        verifier, REPORT_FAULT_CHAIN, 0,
                        "L'enregistrement 0 nomme un enregistrement précédent : le début du journal a été "
                        "changé.",
                        "Record 0 names a record before it: the beginning of the journal was changed.");
        else
                verifier_fault(verifier, REPORT_FAULT_CHAIN, view->seq,
                               "L'enregistrement %" PRIu64 " ne suit pas le numéro %" PRIu64
                               " tel qu'il est ici : l'un des deux a été changé ou inséré.",
                               "Record %" PRIu64 " does not follow number %" PRIu64
                               " as it stands here: one of the two was changed or inserted.",
                               view->seq, view->seq - 1);
}

static const struct verifier_text *find_text(const struct canonical_member *member,
                                             const struct verifier_text *texts, size_t count)
{
        for (size_t i = 0; i < count; i++)
                if (texts[i].name_length == member->key_length &&
                    memcmp(texts[i].name, member->key, member->key_length) == 0)
                        return &texts[i];
        return NULL;
}

static bool commits_to(const struct canonical_member *member, const struct verifier_text *text)
{
        uint8_t expected[HASH_SIZE];
        uint8_t commitment[HASH_SIZE];

        chain_commit(text->salt, text->text, text->text_length, commitment);
        return hash_parse_hex(member->value + 1, HASH_HEX_SIZE - 1, expected, HASH_SIZE) == 0 &&
               memcmp(expected, commitment, HASH_SIZE) == 0;
}

static void check_personal(struct verifier *verifier, const struct chain_view *view,
                           const struct verifier_text *texts, size_t count)
{
        size_t found = 0;

        for (size_t i = 0; i < view->personal_count; i++) {
                const struct canonical_member *member = &view->personal[i];
                const struct verifier_text *text = find_text(member, texts, count);

                if (!text) {
                        verifier->report->erased++;
                        continue;
                }
                found++;
                verifier->report->personal++;
                if (!commits_to(member, text))
                        verifier_fault(verifier, REPORT_FAULT_COMMITMENT, view->seq,
                                       "Le texte personnel « %.*s » de l'enregistrement %" PRIu64
                                       " n'est pas celui qui y était scellé.",
                                       "The personal text \"%.*s\" of record %" PRIu64
                                       " is not the one that was sealed in it.",
                                       (int)member->key_length, member->key, view->seq);
        }
        if (found != count)
                verifier_fault(
                        verifier, REPORT_FAULT_COMMITMENT, view->seq,
                        "L'enregistrement %" PRIu64 " porte un texte personnel qui n'y était pas scellé.",
                        "Record %" PRIu64 " carries a personal text that was not sealed in it.", view->seq);
}

static bool head_fits(const struct verifier *verifier, const struct head *head)
{
        uint8_t root[HASH_SIZE];

        merkle_root(&verifier->frontier, root);
        return memcmp(root, head->root, HASH_SIZE) == 0 && memcmp(verifier->last, head->last, HASH_SIZE) == 0;
}

/* A head kept elsewhere carries the weight; one that arrives with the records only repeats them. */
static void judge_trusted(struct verifier *verifier)
{
        const struct head *head = verifier->trust ? verifier->trust->head : NULL;

        if (!head || verifier->trusted_seen || head->size != verifier->next || !verifier->tree_known)
                return;
        verifier->trusted_seen = true;
        if (head_check(head, verifier->report->key) < 0 || !head_fits(verifier, head))
                verifier_fault(verifier, REPORT_FAULT_HEAD_MISMATCH, head->size,
                               "La tête conservée ailleurs, de %" PRIu64
                               " enregistrements, ne correspond pas à ce "
                               "journal.",
                               "The head kept elsewhere, of %" PRIu64 " records, does not fit this journal.",
                               head->size);
        else if (verifier->report->signed_size < head->size)
                verifier->report->signed_size = head->size;
}

static void accept(struct verifier *verifier, const uint8_t *hash)
{
        uint8_t leaf[HASH_SIZE];

        merkle_leaf(hash, HASH_SIZE, leaf);
        if (verifier->tree_known)
                merkle_append(&verifier->frontier, leaf, verifier->complete, verifier->context);
        memcpy(verifier->last, hash, HASH_SIZE);
        verifier->last_known = true;
        verifier->next++;
        verifier->report->records++;
        judge_trusted(verifier);
}

/* A record whose bytes cannot be trusted stands for the number that is due. */
static void accept_damaged(struct verifier *verifier, enum report_fault_kind kind, const uint8_t *hash)
{
        if (kind == REPORT_FAULT_HASH)
                verifier_fault(
                        verifier, kind, verifier->next,
                        "L'enregistrement %" PRIu64 " a été modifié : son contenu ne correspond pas à son "
                        "empreinte.",
                        "Record %" PRIu64 " was changed: its bytes do not fit its hash.", verifier->next);
        else
                verifier_fault(verifier, kind, verifier->next,
                               "L'enregistrement %" PRIu64
                               " n'a pas la forme d'un enregistrement du journal.",
                               "Record %" PRIu64 " does not have the form of a record of the journal.",
                               verifier->next);
        accept(verifier, hash);
}

void verifier_record(struct verifier *verifier, const char *line, size_t length,
                     const uint8_t stored_hash[static HASH_SIZE], const struct verifier_text *texts,
                     size_t text_count)
{
        struct chain_view view;
        uint8_t hash[HASH_SIZE];

        hash_bytes(line, length, hash);
        if (memcmp(hash, stored_hash, HASH_SIZE) != 0) {
                accept_damaged(verifier, REPORT_FAULT_HASH, stored_hash);
                return;
        }
        if (chain_scan(line, length, &view) < 0) {
                accept_damaged(verifier, REPORT_FAULT_FORM, stored_hash);
                return;
        }
        if (!check_place(verifier, view.seq))
                return;
        check_chain(verifier, &view);
        if (view.seq == 0)
                check_opening(verifier, &view);
        check_personal(verifier, &view, texts, text_count);
        verifier->erasures += view.type == RECORD_TYPE_PERSONAL_ERASED;
        accept(verifier, hash);
}

static void judge_head(struct verifier *verifier, const struct head *head)
{
        if (head_check(head, verifier->report->key) < 0) {
                verifier_fault(
                        verifier, REPORT_FAULT_HEAD_SIGNATURE, head->size,
                        "La signature de la tête de %" PRIu64 " enregistrements n'est pas celle de la clé du "
                        "journal.",
                        "The signature of the head of %" PRIu64 " records is not of the journal's key.",
                        head->size);
                return;
        }
        if (!verifier->tree_known)
                return;
        if (head->size != verifier->next) {
                verifier_fault(verifier, REPORT_FAULT_HEAD_MISMATCH, head->size,
                               "Une tête signée couvre %" PRIu64 " enregistrements, mais %" PRIu64
                               " sont là avant elle.",
                               "A signed head covers %" PRIu64 " records, but %" PRIu64
                               " are there before it.",
                               head->size, verifier->next);
                return;
        }
        if (!head_fits(verifier, head)) {
                verifier_fault(verifier, REPORT_FAULT_HEAD_MISMATCH, head->size,
                               "La tête signée de %" PRIu64
                               " enregistrements ne correspond pas à ceux qui sont ici : "
                               "l'un d'eux a été changé.",
                               "The signed head of %" PRIu64
                               " records does not fit those here: one of them was changed.",
                               head->size);
                return;
        }
        verifier->report->signed_size = head->size;
}

void verifier_head(struct verifier *verifier, const char *data, size_t length)
{
        CLEANUP(cleanup_json) json_t *json = NULL;
        struct head head;

        if (canonical_parse(data, length, &json, NULL) < 0 || head_from_json(json, &head, NULL) < 0) {
                verifier_fault(verifier, REPORT_FAULT_HEAD_FORM, verifier->next,
                               "Après %" PRIu64 " enregistrements, une tête signée est illisible.",
                               "After %" PRIu64 " records a signed head cannot be read.", verifier->next);
                return;
        }
        verifier->report->heads++;
        judge_head(verifier, &head);
}

static void check_erasures(struct verifier *verifier)
{
        const struct journal_report *report = verifier->report;

        if (!report->ok || report->erased == verifier->erasures)
                return;
        if (report->erased > verifier->erasures)
                verifier_fault(
                        verifier, REPORT_FAULT_ERASURE, 0,
                        "%" PRIu64 " textes personnels manquent, mais %" PRIu64 " effacements sont inscrits.",
                        "%" PRIu64 " personal texts are missing, but %" PRIu64 " erasures are recorded.",
                        report->erased, verifier->erasures);
        else
                verifier_fault(verifier, REPORT_FAULT_ERASURE, 0,
                               "%" PRIu64 " textes personnels sont effacés, mais %" PRIu64
                               " effacements sont inscrits : un texte effacé est revenu.",
                               "%" PRIu64 " personal texts are erased, but %" PRIu64
                               " erasures are recorded: an erased text is back.",
                               report->erased, verifier->erasures);
}

void verifier_finish(struct verifier *verifier)
{
        struct journal_report *report = verifier->report;
        const struct head *trusted = verifier->trust ? verifier->trust->head : NULL;

        if (verifier->next == 0 && report->ok)
                verifier_fault(verifier, REPORT_FAULT_MISSING, 0,
                               "Le journal ne contient aucun enregistrement.",
                               "The journal holds no record.");
        if (trusted && !verifier->trusted_seen && verifier->tree_known)
                verifier_fault(verifier, REPORT_FAULT_MISSING, verifier->next,
                               "La tête conservée ailleurs couvre %" PRIu64 " enregistrements, mais %" PRIu64
                               " sont là.",
                               "The head kept elsewhere covers %" PRIu64 " records, but %" PRIu64
                               " are there.",
                               trusted->size, verifier->next);
        check_erasures(verifier);
        memcpy(report->last, verifier->last, HASH_SIZE);
        merkle_root(&verifier->frontier, report->root);
}
