/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * export: everything of one kind, as CSV for a spreadsheet or as a JSON array, from a reading handle of its own, an incident at a time:
 * meant for another thread than the hub's. What people typed freely is not in it (it lies beside the records); contacts are, as that is
 * what they are for.
 *
 * A JSON row is the noun as its header has it. The CSV has a column for each of its members that is one value; what is a list in the
 * noun is a kind of its own (an incident's facts and tasks, an obligation's filings, the sendings of letters), whose rows name what they
 * belong to. Tasks are all of an incident's list, also those that nobody touched (incident/task.h).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define EXPORT_KINDS(X)                                                                                      \
        X(INCIDENTS, "incidents")                                                                            \
        X(FACTS, "facts")                                                                                    \
        X(TASKS, "tasks")                                                                                    \
        X(FINDINGS, "findings")                                                                              \
        X(MEASURES, "measures")                                                                              \
        X(OBLIGATIONS, "obligations")                                                                        \
        X(FILINGS, "filings")                                                                                \
        X(LETTERS, "letters")                                                                                \
        X(SENDINGS, "sendings")                                                                              \
        X(ACCOUNTS, "accounts")                                                                              \
        X(APPROVALS, "approvals") X(CONTACTS, "contacts") X(RECORDS, "records")
#define EXPORT_KIND_ENUM(name, word) EXPORT_##name,
enum export_kind { EXPORT_KINDS(EXPORT_KIND_ENUM) EXPORT_KIND_COUNT };

/* For people, in both languages. */
#define EXPORT_WORDS                                                                                         \
        "incidents, facts, tasks, findings, measures, obligations, filings, letters, sendings, accounts, "   \
        "approvals, contacts, records"

const char *export_kind_word(enum export_kind kind);
int export_kind_parse(const char *word, enum export_kind *ret_kind); /* -EINVAL */

/* The columns of its CSV, paths into a row with dots between; NULL-terminated. */
const char *const *export_columns(enum export_kind kind);

struct playbook_set;
struct export_request {
        const char *journal;                  /* the database's path */
        const struct playbook_set *playbooks; /* not changed meanwhile; NULL: only touched tasks are known */
        enum export_kind kind;
        bool csv;
};

/* To a new file of mode 0600 (-EEXIST when it is there); removed again on failure. */
int export_to_file(const struct export_request *request, const char *path, struct error *error);
