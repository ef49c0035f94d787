/* SPDX-License-Identifier: EUPL-1.2 */
/* role: what a person may do here. A person may have several; nobody has one by default. */
#pragma once

#include <jansson.h>

#include "base/error.h"

/* clang-format off */
#define ACT_ROLES(X)                                                                                         \
        X(DECLARANT, "declarant") X(RESPONDER, "responder") X(DPO, "dpo") X(DIRECTOR, "director")            \
        X(AUDITOR, "auditor")
/* clang-format on */
#define ACT_ROLE_ENUM(name, word) ACT_ROLE_INDEX_##name,
enum act_role { ACT_ROLES(ACT_ROLE_ENUM) ACT_ROLE_COUNT };
#define ACT_ROLE(name) (1U << ACT_ROLE_INDEX_##name)

#define ACT_READERS                                                                                          \
        (ACT_ROLE(DECLARANT) | ACT_ROLE(RESPONDER) | ACT_ROLE(DPO) | ACT_ROLE(DIRECTOR) | ACT_ROLE(AUDITOR))
#define ACT_WRITERS    (ACT_ROLE(DECLARANT) | ACT_ROLE(RESPONDER) | ACT_ROLE(DPO) | ACT_ROLE(DIRECTOR))
#define ACT_RESPONDERS (ACT_ROLE(RESPONDER) | ACT_ROLE(DIRECTOR))
#define ACT_LAW        (ACT_ROLE(DPO) | ACT_ROLE(DIRECTOR))

const char *role_word(enum act_role role);

/* ["responder","director"], in the order of the list above. New reference; NULL when out of memory. */
json_t *roles_to_json(unsigned roles);
/* An array of known words, none twice; -EINVAL names the one that is not. */
int roles_from_json(const json_t *json, unsigned *ret_roles, struct error *error);
