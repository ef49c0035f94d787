/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * record: one line of the sealed journal. The other four nouns exist because a record says so.
 *
 * JSON (canonical by RFC 8785 before hashing; the hash covers exactly this object):
 *   {"v":1,"seq":41,"time":RFC 3339,"type":"finding.seen","subject":"f_…","author":"edge",
 *    "body":{…},"personal":{"name":"<hex SHA-256 commitment>"},"prev":"<hex SHA-256 of record seq-1>"}
 * Personal text is not in the body: it stands beside the record, and only its salted commitment
 * SHA-256(0x02 || salt[32] || text) is hashed, so that it can be erased and the chain still verifies.
 */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "base/error.h"

#define RECORD_HASH_SIZE    32
#define RECORD_BODY_MAX     (256 * 1024)
#define RECORD_PERSONAL_MAX 32

/* Every type that may be written, with the noun its subject names. Views are projections over these. */
#define RECORD_TYPES(X)                                                                                      \
        X(JOURNAL_OPENED, "journal.opened")                                                                  \
        X(FINDING_SEEN, "finding.seen")                                                                      \
        X(INCIDENT_OPENED, "incident.opened")                                                                \
        X(INCIDENT_JOINED, "incident.joined")                                                                \
        X(INCIDENT_FACT, "incident.fact")                                                                    \
        X(INCIDENT_GRAVITY, "incident.gravity")                                                              \
        X(INCIDENT_CLOSED, "incident.closed")                                                                \
        X(INCIDENT_REOPENED, "incident.reopened")                                                            \
        X(MEASURE_APPLIED, "measure.applied")                                                                \
        X(MEASURE_CHANGED, "measure.changed")                                                                \
        X(MEASURE_ENDED, "measure.ended")                                                                    \
        X(MEASURE_ASKED, "measure.asked")                                                                    \
        X(OBLIGATION_CHANGED, "obligation.changed")                                                          \
        X(DECLARATION_MADE, "declaration.made")                                                              \
        X(DECLARATION_FILED, "declaration.filed")                                                            \
        X(TASK_CHANGED, "task.changed")                                                                      \
        X(DECISION_TAKEN, "decision.taken")                                                                  \
        X(SHIFT_HANDED, "shift.handed")                                                                      \
        X(STATUS_PUBLISHED, "status.published")                                                              \
        X(REPORT_RECEIVED, "report.received")                                                                \
        X(DOCUMENT_MADE, "document.made")                                                                    \
        X(LETTERS_MADE, "letters.made")                                                                      \
        X(LETTERS_SENT, "letters.sent")                                                                      \
        X(CONTACTS_CHANGED, "contacts.changed")                                                              \
        X(ACCOUNT_CHANGED, "account.changed")                                                                \
        X(SESSION_OPENED, "session.opened")                                                                  \
        X(SESSION_REFUSED, "session.refused")                                                                \
        X(APPROVAL_ASKED, "approval.asked")                                                                  \
        X(APPROVAL_GIVEN, "approval.given")                                                                  \
        X(OUT_SENT, "out.sent")                                                                              \
        X(PERSONAL_ERASED, "personal.erased")                                                                \
        X(NOTE, "note")

#define RECORD_TYPE_ENUM(name, word) RECORD_TYPE_##name,
enum record_type { RECORD_TYPES(RECORD_TYPE_ENUM) RECORD_TYPE_COUNT };

/* What a writer hands to the journal; number, time chain and hashes are the journal's. */
struct record_draft {
        enum record_type type;
        const char *subject; /* id of the noun it speaks of, or "" */
        const char *author;  /* daemon or person */
        json_t *body;        /* object; borrowed */
        json_t *personal;    /* object of name to text, or NULL; borrowed */
};

struct record {
        uint64_t seq;    /* from 0 */
        int64_t time_ms; /* wall clock of writing */
        enum record_type type;
        char subject[64];
        char author[64];
        json_t *body;     /* owned */
        json_t *personal; /* owned: {"name":{"commitment":hex,"salt":hex|absent,"text":…|absent}} */
        uint8_t prev[RECORD_HASH_SIZE];
        uint8_t hash[RECORD_HASH_SIZE];
};

void record_release(struct record *record);
const char *record_type_word(enum record_type type);
int record_type_parse(const char *word, enum record_type *ret_type);
