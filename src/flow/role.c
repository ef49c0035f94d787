/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/role.h"

#include <errno.h>
#include <string.h>

#define ROLE_WORD(name, word) [ACT_ROLE_INDEX_##name] = word,
static const char *const words[] = {ACT_ROLES(ROLE_WORD)};

const char *role_word(enum act_role role)
{
        return role < ACT_ROLE_COUNT ? words[role] : "?";
}

json_t *roles_to_json(unsigned roles)
{
        json_t *list = json_array();

        for (unsigned i = 0; list && i < ACT_ROLE_COUNT; i++) {
                if ((roles & (1U << i)) && json_array_append_new(list, json_string(words[i])) < 0) {
                        json_decref(list);
                        return NULL;
                }
        }
        return list;
}

static int role_parse(const json_t *word, unsigned *ret_role)
{
        for (unsigned i = 0; json_is_string(word) && i < ACT_ROLE_COUNT; i++) {
                if (strcmp(json_string_value(word), words[i]) == 0) {
                        *ret_role = 1U << i;
                        return 0;
                }
        }
        return -EINVAL;
}

int roles_from_json(const json_t *json, unsigned *ret_roles, struct error *error)
{
        unsigned roles = 0;
        const json_t *word;
        size_t i;

        if (!json_is_array(json))
                return error_say(error, -EINVAL, "les rôles doivent être une liste", "roles must be a list");
        json_array_foreach(json, i, word)
        {
                unsigned role = 0;

                if (role_parse(word, &role) < 0 || (roles & role))
                        return error_say(error, -EINVAL,
                                         "rôle inconnu ou donné deux fois : « %s » ; il y a declarant, "
                                         "responder, dpo, director, auditor",
                                         "unknown role, or one given twice: “%s”; there are declarant, "
                                         "responder, dpo, director, auditor",
                                         json_is_string(word) ? json_string_value(word) : "?");
                roles |= role;
        }
        *ret_roles = roles;
        return 0;
}
