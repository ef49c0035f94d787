/* SPDX-License-Identifier: EUPL-1.2 */
/* An incident's end, and its beginning again. */
#include "hub/desk_private.h"

#include <errno.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "incident/join.h"
#include "obligation/duty.h"

#define TITLES_SAID 3

/* What stands against closing without a word: duties that are due, a gravity that nobody decided, questions without an answer. */
struct open_ends {
        const struct obligation *owed;                  /* the first one, or NULL */
        const struct obligation *possible[TITLES_SAID]; /* the first ones of possible_count */
        size_t possible_count;
        bool undecided;
        json_t *rules; /* of all of them, for the record; owned */
};

static void open_ends_release(struct open_ends *ends)
{
        json_decref(ends->rules);
}

static struct open_ends find_open_ends(const struct desk *desk, const struct incident *incident)
{
        struct open_ends ends = {.undecided = incident->gravity == GRAVITY_NOT_QUALIFIED ||
                                              !author_is_person(incident->gravity_by),
                                 .rules = json_array()};
        size_t count;
        const struct obligation *list = casebook_obligations(desk->book, incident->id.text, &count);

        for (size_t i = 0; i < count; i++) {
                const struct obligation *one = &list[i];
                bool possible = one->state == OBLIGATION_STATE_POSSIBLE && !one->voluntary;

                if (!duty_is_owed(one) && !possible)
                        continue;
                json_array_append_new(ends.rules, json_string(one->rule));
                if (possible && ends.possible_count++ < TITLES_SAID)
                        ends.possible[ends.possible_count - 1] = one;
                else if (!possible && !ends.owed)
                        ends.owed = one;
        }
        return ends;
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

static int may_still_owe(const struct open_ends *ends, struct error *error)
{
        struct buffer fr = BUFFER_INIT(1024), en = BUFFER_INIT(1024);

        for (size_t i = 0; i < ends->possible_count && i < TITLES_SAID; i++) {
                buffer_format(&fr, "%s« %.200s »", i ? ", " : "", ends->possible[i]->title.fr);
                buffer_format(&en, "%s“%.200s”", i ? ", " : "", ends->possible[i]->title.en);
        }
        if (ends->possible_count > TITLES_SAID) {
                buffer_format(&fr, " et %zu autres", ends->possible_count - TITLES_SAID);
                buffer_format(&en, " and %zu more", ends->possible_count - TITLES_SAID);
        }
        error_say_in(error, -EBUSY, LANGUAGE_FR,
                     "cet incident doit peut-être encore : %s, faute de réponses. Répondez (garde incident "
                     "show dit à "
                     "quoi), ou fermez en disant pourquoi (--reason TEXTE)",
                     buffer_string(&fr));
        error_say_in(
                error, -EBUSY, LANGUAGE_EN,
                "this incident may still owe: %s, as answers are missing. Answer (garde incident show says "
                "what), or close it and say why (--reason TEXT)",
                buffer_string(&en));
        buffer_release(&fr);
        buffer_release(&en);
        return -EBUSY;
}

/* 0 when nothing is open. */
static int refuse_open_ends(const struct open_ends *ends, struct error *error)
{
        if (ends->owed)
                return still_owes(ends->owed, error);
        if (ends->undecided)
                return error_say(
                        error, -EBUSY,
                        "personne n’a décidé de la gravité. Décidez-en (garde incident fact … gravity), ou "
                        "fermez en disant pourquoi (--reason TEXTE)",
                        "nobody has decided the gravity. Decide it (garde incident fact … gravity), or "
                        "close it and say why (--reason TEXT)");
        return ends->possible_count ? may_still_owe(ends, error) : 0;
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
        CLEANUP(open_ends_release) struct open_ends ends = {0};
        struct incident changed = {0};
        int r;

        if (!there)
                return desk_no_incident(desk, error, incident);
        if (!author_is_person(author))
                return desk_by_whom(desk, error);
        r = incident_copy(&changed, there);
        if (!r)
                r = incident_close(&changed, desk->options.clock, error);
        if (!r) {
                ends = find_open_ends(desk, there);
                r = reason[0] ? 0 : refuse_open_ends(&ends, error);
        }
        if (!r) {
                changed.owing = ends.owed != NULL;
                write_reason(&batch, there, RECORD_TYPE_INCIDENT_CLOSED, author, reason);
                batch_incident(
                        &batch, RECORD_TYPE_INCIDENT_CLOSED, author, &changed,
                        json_pack("{s:O, s:b}", "left", ends.rules, "gravity_decided", !ends.undecided));
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
