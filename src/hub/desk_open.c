/* SPDX-License-Identifier: EUPL-1.2 */
/* What a person begins: an incident opened by hand, a measure that is to stand longer. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "hub/desk_private.h"

static bool is_kind(const char *text)
{
        return text[0] && strlen(text) < sizeof(((struct finding *)NULL)->kind) &&
               strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text);
}

static const char *title_part(const json_t *title, const char *language, const char *other,
                              const char *fallback)
{
        const char *text = json_string_value(json_object_get(title, language));

        if (!text || !text[0])
                text = json_string_value(json_object_get(title, other));
        return text && text[0] ? text : fallback;
}

/* A person is a sensor too: what he says is a finding, and joins or opens an incident like any other. */
static int opening_finding(const struct desk *desk, const struct desk_opening *opening,
                           struct finding *finding, struct error *error)
{
        const char *subject = opening->subject[0] ? opening->subject : "structure";
        char fr[192], en[192];

        id_make('f', desk->options.clock, desk->options.random, &finding->id);
        finding->seen_ms = opening->at_ms ? opening->at_ms : clock_wall_ms(desk->options.clock);
        strcpy(finding->sensor, FINDING_SENSOR_PERSON);
        snprintf(finding->kind, sizeof(finding->kind), "%s", opening->kind);
        snprintf(finding->subject, sizeof(finding->subject), "%s", subject);
        finding->phase = FINDING_PHASE_BEGINS;
        finding->confidence = 1;
        snprintf(fr, sizeof(fr), "Signalé par une personne : « %s » sur %s.", opening->kind, subject);
        snprintf(en, sizeof(en), "Reported by a person: “%s” on %s.", opening->kind, subject);
        if (bitext_set(&finding->why, title_part(opening->title, "fr", "en", fr),
                       title_part(opening->title, "en", "fr", en)))
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        return 0;
}

int desk_open(struct desk *desk, const struct desk_opening *opening, struct id *ret_incident,
              struct error *error)
{
        struct finding finding = {0};
        int r;

        if (!author_is_person(opening->author))
                return desk_by_whom(desk, error);
        if (!is_kind(opening->kind))
                return error_say(
                        error, -EINVAL,
                        "le genre d’un incident s’écrit en minuscules, chiffres et tirets, pas « %s »",
                        "the kind of an incident is lower-case letters, digits and hyphens, not “%s”",
                        opening->kind);
        if (opening->at_ms > clock_wall_ms(desk->options.clock))
                return error_say(error, -EINVAL, "un incident ne commence pas dans l’avenir",
                                 "an incident does not begin in the future");
        r = opening_finding(desk, opening, &finding, error);
        if (!r)
                r = desk_finding_by(desk, &finding, opening->author, opening->title, true, ret_incident,
                                    error);
        finding_release(&finding);
        return r;
}

/* The same measure as a person would ask for it. */
static json_t *asked_again(const struct measure *measure, int64_t until_ms, const char *author,
                           const char *reason)
{
        char until[TIME_TEXT_SIZE];

        time_format(until_ms, until);
        return json_pack("{s:s, s:s, s:O, s:s, s:{s:s, s:s}, s:s}", "kind", measure_kind_word(measure->kind),
                         "subject", measure->subject, "selector", measure->selector, "until", until, "why",
                         "fr", reason, "en", reason, "owner", author);
}

int desk_prolong(struct desk *desk, const char *measure, int64_t until_ms, const char *author,
                 const char *reason, struct id *ret_measure, struct error *error)
{
        const struct measure *there = casebook_measure(desk->book, measure);
        bool persons;
        json_t *asked;
        int r;

        if (!there)
                return error_say(error, -ENOENT, "aucune mesure « %s » ; la liste : garde measure list",
                                 "no measure “%s”; the list: garde measure list", measure);
        if (there->state != MEASURE_STATE_STANDING && there->state != MEASURE_STATE_PROBATION)
                return error_say(error, -EALREADY, "la mesure %s n’est plus en place",
                                 "measure %s stands no more", measure);
        if (until_ms <= there->until_ms)
                return error_say(error, -EINVAL, "prolonger, c’est finir plus tard qu’avant",
                                 "to prolong is to end later than before");
        persons = author_is_person(there->owner);
        asked = asked_again(there, until_ms, author, reason);
        if (!asked)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        r = desk_ask(desk, asked, ret_measure, error);
        json_decref(asked);
        if (!r && persons)
                r = desk_lift(desk, measure, author, reason, error);
        return r;
}

int desk_write(struct desk *desk, const struct desk_entry *entry, uint64_t *ret_seq, struct error *error)
{
        struct batch batch = BATCH_INIT(desk->options.catalogue);
        int64_t now_ms = clock_wall_ms(desk->options.clock);
        char at[TIME_TEXT_SIZE];
        int r;

        if (entry->incident && !casebook_incident(desk->book, entry->incident))
                return desk_no_incident(desk, error, entry->incident);
        if (!author_is_person(entry->author))
                return desk_by_whom(desk, error);
        if (entry->at_ms > now_ms)
                return error_say(error, -EINVAL, "ce qui est noté ne peut pas être à venir",
                                 "what is noted cannot lie in the future");
        time_format(entry->at_ms ? entry->at_ms : now_ms, at);
        if (!entry->body || json_object_set_new(entry->body, "at", json_string(at)) ||
            (entry->incident && json_object_set_new(entry->body, "incident", json_string(entry->incident))))
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        batch_record(&batch, entry->type, entry->incident ? entry->incident : "", entry->author,
                     json_incref(entry->body),
                     entry->text && entry->text[0] ? json_pack("{s:s}", "text", entry->text)
                                                   : json_incref(entry->personal));
        r = desk_commit(desk, &batch, ret_seq, error);
        batch_release(&batch);
        return r;
}
