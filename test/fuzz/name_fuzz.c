// fuzz: links=names_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Names, clean, dirty and from the wire: whatever the bytes, a canonical name or a named refusal. What comes out is in canonical form,
 * reads as itself, and survives the way over the wire.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "names/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
        if (!holds)
                abort();
}

static void demand_same(const struct name *a, const struct name *b)
{
        demand(a->length == b->length && a->labels == b->labels && !strcmp(a->text, b->text));
}

static void check_name(const struct name *name)
{
        uint8_t wire[NAME_WIRE_MAX];
        char shown[NAME_SHOWN_SIZE];
        struct name again;
        unsigned labels = 0;

        demand(name->length > 0 && name->length <= NAME_LENGTH_MAX && strlen(name->text) == name->length);
        demand(strspn(name->text, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == name->length);
        demand(!name_parse(name->text, name->length, &again));
        demand_same(name, &again);
        demand(name_to_wire(name, wire) == name->length + 2);
        demand(name_from_wire(wire, (size_t)name->length + 2, &again) == name->length + 2);
        demand_same(name, &again);
        for (const char *at = name->text; at; at = name_parent(at), labels++)
                demand(name_is_within(name->text, at));
        demand(labels == name->labels);
        name_show(name, shown);
        demand(shown[0] && strlen(shown) < NAME_SHOWN_SIZE);
}

static void check_refusal(int r)
{
        demand(r > 0 && r < NAME_REFUSAL_COUNT && name_refusal_word(r)[0] != '?');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct name name, again;
        bool wildcard;
        int r = name_parse((const char *)data, size, &name);

        r ? check_refusal(r) : check_name(&name);
        r = name_clean((const char *)data, size, &name, &wildcard);
        if (r) {
                check_refusal(r);
        } else {
                check_name(&name);
                demand(name.labels > 1 && !name_clean(name.text, name.length, &again, &wildcard) &&
                       !wildcard);
                demand_same(&name, &again);
        }
        r = name_from_wire(data, size, &name);
        r <= 0 ? check_refusal(-r) : check_name(&name);
        return 0;
}
