/* SPDX-License-Identifier: EUPL-1.2 */
/* An incident's end, and its beginning again. */
#include "hub/desk_private.h"

#include <errno.h>

#include "incident/join.h"
#include "obligation/duty.h"

static const struct obligation *still_owed(const struct desk *desk, const char *incident)
{
        size_t count;
        const struct obligation *list = casebook_obligations(desk->book, incident, &count);

        for (size_t i = 0; i < count; i++)
                if (duty_is_owed(&list[i]))
                        return &list[i];
        return NULL;
}

static int still_owes(const struct obligation *owed, struct error *error)
{
        error_say_in(error, -EBUSY, LANGUAGE_FR,
                     "cet incident doit encore : « %s ». Déposez-la (garde declare), ou fermez en disant "
                     "pourquoi (--reason TEXTE)",
                     owed->title.fr);
        return error_say_in(
                error, -EBUSY, LANGUAGE_EN,
                "this incident still owes: “%s”. File it (garde declare), or close it and say why "
                "(--reason TEXT)",
                owed->title.en);
}

/* Why is personal text: it stands beside a record of its own. */
static void write_reason(struct batch *batch, const struct incident *incident, enum record_type about,
                         const char *author, const char *reason)
{
        if (reason[0])
                batch_record(batch, RECORD_TYPE_NOTE, incident->id.text, author,
                             json_pack("{s:s}", "about", record_type_word(about)),
                             json_pack("{s:s}", "reason", reason));
}

int desk_close(struct desk *desk, const char *incident, const char *author, const char *reason,
               struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        const struct incident *there = casebook_incident(desk->book, incident);
        const struct obligation *owed;
        struct incident changed = {0};
        int r;

        if (!there)
                return desk_no_incident(desk, error, incident);
        if (!author_is_person(author))
                return desk_by_whom(desk, error);
        owed = still_owed(desk, there->id.text);
        if (owed && !reason[0])
                return still_owes(owed, error);
        r = incident_copy(&changed, there);
        if (!r)
                r = incident_close(&changed, desk->options.clock, error);
        if (!r) {
                changed.owing = owed != NULL;
                write_reason(&batch, there, RECORD_TYPE_INCIDENT_CLOSED, author, reason);
                batch_incident(&batch, RECORD_TYPE_INCIDENT_CLOSED, author, &changed, NULL);
                r = desk_commit(desk, &batch, NULL, error);
        }
        incident_release(&changed);
        batch_release(&batch);
        return r;
}

int desk_reopen(struct desk *desk, const char *incident, const char *author, const char *reason,
                struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        const struct incident *there = casebook_incident(desk->book, incident);
        struct incident changed = {0};
        int r;

        if (!there)
                return desk_no_incident(desk, error, incident);
        if (!author_is_person(author))
                return desk_by_whom(desk, error);
        r = incident_copy(&changed, there);
        if (!r)
                r = incident_reopen(&changed, error);
        if (!r) {
                write_reason(&batch, there, RECORD_TYPE_INCIDENT_REOPENED, author, reason);
                r = desk_settle(desk, &batch, RECORD_TYPE_INCIDENT_REOPENED, author, &changed, NULL, error);
        }
        if (!r)
                r = desk_commit(desk, &batch, NULL, error);
        incident_release(&changed);
        batch_release(&batch);
        return r;
}
