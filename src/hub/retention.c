/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/retention.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "hub/contacts.h"
#include "journal/journal.h"

#define DAY_MS      (24LL * 60 * 60 * 1000)
#define NIGHT_BEGIN 1
#define NIGHT_END   5 /* hours of the structure's clock */

struct retention {
        struct world *world;
        size_t at; /* how far this round went through the briefs */
};

int retention_new(struct world *world, struct retention **ret_retention, struct error *error)
{
        struct retention *retention = calloc(1, sizeof(*retention));

        if (!retention)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        retention->world = world;
        *ret_retention = retention;
        return 0;
}

struct retention *retention_free(struct retention *retention)
{
        free(retention);
        return NULL;
}

bool retention_is_time(const struct world *world)
{
        time_t seconds = (time_t)(clock_wall_ms(world->clock) / 1000);
        struct tm local;
        size_t standing = 0;

        casebook_standing(desk_book(world->desk), &standing);
        return localtime_r(&seconds, &local) && local.tm_hour >= NIGHT_BEGIN && local.tm_hour < NIGHT_END &&
               !standing;
}

/* ---- what is over ---- */

struct finding_texts {
        const struct incident *incident;
        int64_t personal_before_ms, reports_before_ms; /* closed before this: over; 0: never */
        int (*visit)(void *context, const struct retention_text *text);
        void *context;
};

static bool is_over(const struct finding_texts *finding, enum record_type type)
{
        int64_t before_ms = type == RECORD_TYPE_REPORT_RECEIVED && finding->reports_before_ms
                                    ? finding->reports_before_ms
                                    : finding->personal_before_ms;

        return before_ms && finding->incident->closed_ms < before_ms;
}

static int find_in_record(void *context, const struct record *record)
{
        const struct finding_texts *finding = context;
        const char *name;
        json_t *personal;

        if (!json_object_size(record->personal) || !is_over(finding, record->type))
                return 0;
        json_object_foreach(record->personal, name, personal)
        {
                struct retention_text text = {.incident = finding->incident->id.text, .seq = record->seq};
                int r;
                if (!json_object_get(personal, "text"))
                        continue;
                snprintf(text.name, sizeof(text.name), "%s", name);
                r = finding->visit(finding->context, &text);
                if (r)
                        return r;
        }
        return 0;
}

int retention_find(struct world *world, const char *incident,
                   int (*visit)(void *context, const struct retention_text *text), void *context,
                   struct error *error)
{
        const struct incident *there = casebook_incident(desk_book(world->desk), incident);
        int64_t now_ms = clock_wall_ms(world->clock), personal = world->config->hub.retention.personal_days,
                reports = world->config->hub.retention.reports_days;
        struct finding_texts finding = {.incident = there,
                                        .personal_before_ms = personal ? now_ms - personal * DAY_MS : 0,
                                        .reports_before_ms = reports ? now_ms - reports * DAY_MS : 0,
                                        .visit = visit,
                                        .context = context};

        if (!there || there->open || !there->closed_ms ||
            (there->closed_ms >= finding.personal_before_ms && there->closed_ms >= finding.reports_before_ms))
                return 0;
        return journal_read_about(world->journal, there->id.text, 0, false, find_in_record, &finding, error);
}

int retention_find_contacts(struct world *world,
                            int (*visit)(void *context, const struct retention_text *text), void *context,
                            struct error *error)
{
        int64_t days = world->config->hub.retention.personal_days;

        return days ? contacts_replaced(world->journal, clock_wall_ms(world->clock) - days * DAY_MS, visit,
                                        context, error)
                    : 0;
}

/* ---- erasing ---- */

struct found {
        struct retention_text texts[RETENTION_TEXTS];
        size_t count;
};

static int keep_text(void *context, const struct retention_text *text)
{
        struct found *found = context;

        found->texts[found->count] = *text;
        found->texts[found->count++].incident = NULL;
        return found->count == RETENTION_TEXTS;
}

static int erase(struct retention *retention, const struct found *found, unsigned *ret_erased,
                 struct error *error)
{
        for (size_t i = 0; i < found->count; i++) {
                uint64_t seq;
                int r = journal_erase_personal(retention->world->journal, found->texts[i].seq,
                                               found->texts[i].name, "retention", "hub.retention", &seq,
                                               error);
                if (r < 0 && r != -ENOENT)
                        return r;
                *ret_erased += r != -ENOENT;
        }
        return 0;
}

/* The memory must not keep what the disk no longer has. */
static void tell(struct retention *retention, unsigned erased)
{
        const struct watch_event event = {.kind = WATCH_CHANGED, .incident = "", .act = "retention"};

        casebook_forget(desk_book(retention->world->desk));
        log_notice("%u personal texts whose time is over were erased (hub.retention)", erased);
        watch_tell(retention->world->watch, &event);
}

int retention_step(struct retention *retention, unsigned *ret_erased, struct error *error)
{
        struct casebook *book = desk_book(retention->world->desk);
        struct found found = {0};
        unsigned erased = 0;
        int r = 0;

        for (size_t looked = 0; looked < RETENTION_INCIDENTS && retention->at < casebook_count(book);
             looked++, retention->at++) {
                const struct casebook_brief *brief = casebook_brief(book, retention->at);
                if (brief->open)
                        continue;
                r = retention_find(retention->world, brief->id.text, keep_text, &found, error);
                if (r < 0)
                        return r;
                if (r) /* this one may have more */
                        break;
        }
        bool over = !r && retention->at >= casebook_count(book);
        if (over)
                r = retention_find_contacts(retention->world, keep_text, &found, error);
        if (r < 0)
                return r;
        over = over && !r;
        r = erase(retention, &found, &erased, error);
        if (erased)
                tell(retention, erased);
        if (r)
                return r;
        *ret_erased = erased;
        if (!over)
                return RETENTION_MORE;
        retention->at = 0;
        return 0;
}
