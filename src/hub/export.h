/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * export: everything of one kind, as CSV for a spreadsheet or as a JSON array, from a reading handle of its own, in constant memory: meant
 * for another thread than the hub's. What people typed freely is not in it (it lies beside the records); contacts are, as that is what
 * they are for.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"

#define EXPORT_KINDS(X)                                                                                      \
        X(INCIDENTS, "incidents")                                                                            \
        X(OBLIGATIONS, "obligations")                                                                        \
        X(MEASURES, "measures")                                                                              \
        X(FINDINGS, "findings") X(RECORDS, "records") X(TASKS, "tasks") X(CONTACTS, "contacts")
#define EXPORT_KIND_ENUM(name, word) EXPORT_##name,
enum export_kind { EXPORT_KINDS(EXPORT_KIND_ENUM) EXPORT_KIND_COUNT };

const char *export_kind_word(enum export_kind kind);
int export_kind_parse(const char *word, enum export_kind *ret_kind); /* -EINVAL */

/* To a new file of mode 0600 (-EEXIST when it is there); removed again on failure. `journal`: the database's path. */
int export_to_file(const char *journal, enum export_kind kind, bool csv, const char *path,
                   struct error *error);
