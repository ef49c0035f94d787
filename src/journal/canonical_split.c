/* SPDX-License-Identifier: EUPL-1.2 */
/* Finding one's way in bytes that are canonical for certain: what has no brackets and no quotes is stepped over. */
#include <errno.h>
#include <string.h>

#include "base/quoted.h"
#include "journal/canonical.h"

/* Behind the string that begins at `at`. */
static const char *skip_string(const char *at, const char *end)
{
        for (at++; at < end; at++) {
                at += quoted_plain_length(at, (size_t)(end - at), false);
                if (at == end || *at == '"')
                        break;
                at += *at == '\\';
        }
        return at + 1;
}

/* Behind the value that begins at `at`; only texts may hold brackets that are none. */
static const char *skip_value(const char *at, const char *end)
{
        size_t depth = 0;

        do {
                if (*at == '"') {
                        at = skip_string(at, end);
                        continue;
                }
                if (*at == '{' || *at == '[')
                        depth++;
                else if (*at == '}' || *at == ']')
                        depth--;
                at++;
        } while (at < end && (depth || (*at != ',' && *at != '}' && *at != ']')));
        return at;
}

/* The member at `at`; what comes behind its comma, NULL when it was the last. */
static const char *take_member(const char *at, const char *end, struct canonical_member *ret_member)
{
        const char *value = skip_string(at, end) + 1;
        const char *after = skip_value(value, end);

        *ret_member = (struct canonical_member){.key = at + 1,
                                                .key_length = (size_t)(value - at) - 3,
                                                .value = value,
                                                .value_length = (size_t)(after - value)};
        return after < end && *after == ',' ? after + 1 : NULL;
}

int canonical_split(const struct canonical_member *object, struct canonical_member *ret_members, size_t max,
                    size_t *ret_count)
{
        const char *at = object->value + 1, *end = object->value + object->value_length;
        size_t count = 0;

        if (!object->value_length || object->value[0] != '{')
                return -EINVAL;
        for (at = *at == '}' ? NULL : at; at; count++) {
                if (count == max)
                        return -E2BIG;
                at = take_member(at, end, &ret_members[count]);
        }
        *ret_count = count;
        return 0;
}

int canonical_find(const struct canonical_member *object, const char *key,
                   struct canonical_member *ret_member)
{
        const char *at = object->value + 1, *end = object->value + object->value_length;
        size_t length = strlen(key);
        struct canonical_member member;

        if (!object->value_length || object->value[0] != '{' || *at == '}')
                return -ENOENT;
        while (at) {
                at = take_member(at, end, &member);
                if (member.key_length == length && !memcmp(member.key, key, length)) {
                        *ret_member = member;
                        return 0;
                }
        }
        return -ENOENT;
}
