/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/contacts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "journal/journal.h"

#define ABOUT "contacts"
#define PART_BYTES                                                                                           \
        (32 *                                                                                                \
         1024) /* of contacts in one text; the last one comes on top, CHAIN_PERSONAL_TEXT_MAX holds both */

static int no_memory(struct error *error)
{
        return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
}

/* ---- reading ---- */

static int add_part(json_t *list, const json_t *personal)
{
        const char *text = json_string_value(json_object_get(personal, "text"));
        json_t *part = text ? json_loads(text, 0, NULL) : NULL;
        int r = text && json_array_extend(list, part) ? -EINVAL : 0;

        json_decref(part);
        return r;
}

/* The newest alone; its parts come in the order of their names. What was erased is left out. */
static int read_newest(void *context, const struct record *record)
{
        json_t *personal;
        const char *name;
        int r = 0;

        json_object_foreach(record->personal, name, personal)
        {
                r = add_part(context, personal);
                if (r)
                        return r;
        }
        return 1;
}

int contacts_read(struct journal *journal, json_t **ret_contacts, struct error *error)
{
        json_t *list = json_array();
        int r = list ? journal_read_about(journal, ABOUT, UINT64_MAX, true, read_newest, list, error)
                     : -ENOMEM;

        if (r < 0) {
                json_decref(list);
                return error && error->code ? r
                                            : error_say(error, r, "les contacts ne se lisent pas : %m",
                                                        "the contacts cannot be read: %m");
        }
        *ret_contacts = list;
        return 0;
}

/* ---- writing ---- */

/* One text more of these; the list is empty again. */
static int put_part(json_t *personal, json_t *part)
{
        CLEANUP(cleanup_free) char *text = json_dumps(part, JSON_COMPACT);
        char name[24];

        snprintf(name, sizeof(name), ABOUT ".%02zu", json_object_size(personal) + 1);
        if (!text || json_object_set_new(personal, name, json_string(text)))
                return -ENOMEM;
        return json_array_clear(part);
}

static size_t length_of(const json_t *contact)
{
        CLEANUP(cleanup_free) char *text = json_dumps(contact, JSON_COMPACT);

        return text ? strlen(text) : 0;
}

static int fill_parts(json_t *personal, json_t *part, const json_t *contacts)
{
        const json_t *contact;
        size_t index, length = 0;
        int r = 0;

        json_array_foreach(contacts, index, contact)
        {
                if (json_array_append(part, (json_t *)contact))
                        return -ENOMEM;
                length += length_of(contact);
                if (length < PART_BYTES)
                        continue;
                r = put_part(personal, part);
                if (r)
                        return r;
                length = 0;
        }
        return json_array_size(part) ? put_part(personal, part) : 0;
}

int contacts_write(struct desk *desk, const char *author, const json_t *contacts, struct error *error)
{
        json_t *personal = json_object(), *part = json_array();
        struct desk_entry entry = {.type = RECORD_TYPE_CONTACTS_CHANGED,
                                   .author = author,
                                   .body = json_pack("{s:{s:s, s:s, s:{s:s, s:I}}}", "document", "kind",
                                                     "contacts", "id", "all", "json", "incident", ABOUT,
                                                     "count", (json_int_t)json_array_size(contacts)),
                                   .personal = personal};
        int r = part && personal && entry.body && !fill_parts(personal, part, contacts) ? 0
                                                                                        : no_memory(error);

        if (!r)
                r = desk_write(desk, &entry, NULL, error);
        json_decref(entry.body);
        json_decref(part);
        json_decref(personal);
        return r;
}

/* ---- what has been replaced ---- */

struct looking {
        int64_t before_ms,
                newer_ms; /* when the list after the one in hand was written; 0: it is the newest */
        int (*visit)(void *context, const struct retention_text *text);
        void *context;
};

static int look_at(void *context, const struct record *record)
{
        struct looking *looking = context;
        bool is_over = looking->newer_ms && looking->newer_ms < looking->before_ms;
        json_t *personal;
        const char *name;

        looking->newer_ms = record->time_ms;
        json_object_foreach(record->personal, name, personal)
        {
                struct retention_text text = {.incident = ABOUT, .seq = record->seq};
                int r;
                if (!is_over || !json_object_get(personal, "text"))
                        continue;
                snprintf(text.name, sizeof(text.name), "%s", name);
                r = looking->visit(looking->context, &text);
                if (r)
                        return r;
        }
        return 0;
}

int contacts_replaced(struct journal *journal, int64_t before_ms,
                      int (*visit)(void *context, const struct retention_text *text), void *context,
                      struct error *error)
{
        struct looking looking = {.before_ms = before_ms, .visit = visit, .context = context};

        return journal_read_about(journal, ABOUT, UINT64_MAX, true, look_at, &looking, error);
}
