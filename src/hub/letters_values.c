/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/letters_values.h"

#include <string.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "obligation/documents/language.h"

#define SAID_MAX 4096

struct said {
        struct buffer fr, en;
};

#define SAID_INIT                                                                                            \
        {                                                                                                    \
                BUFFER_INIT(SAID_MAX), BUFFER_INIT(SAID_MAX)                                                 \
        }

static void said_release(struct said *said)
{
        buffer_release(&said->fr);
        buffer_release(&said->en);
}

static const char *say(struct letters_values *values, const struct said *said)
{
        if (!said->fr.length || bitext_set(&values->last, said->fr.data, said->en.data))
                return NULL;
        return language_text(values->language, &values->last);
}

/* ---- facts ---- */

static const char *fact_value(struct letters_values *values, const char *name)
{
        const struct fact *fact = incident_fact(values->incident, name);

        if (!fact || fact->state != FACT_STATE_KNOWN ||
            fact_text(catalogue_find(values->world->catalogue, name), fact, &values->last))
                return NULL;
        /* Erased from the journal: then it is not said to anybody any more. */
        if (values->last.fr && strstr(values->last.fr, CASEBOOK_APART))
                return NULL;
        return language_text(values->language, &values->last);
}

/* The question about confidentiality is whether somebody could see the data, so no more is said. */
static const char *data_touched(struct letters_values *values)
{
        static const struct {
                const char *fact, *fr, *en;
        } hits[] = {{"personal_data.confidentiality_hit",
                     "elles ont pu être vues ou prises par quelqu’un qui n’en avait pas le droit",
                     "it may have been seen or taken by somebody who had no right to"},
                    {"personal_data.integrity_hit", "elles ont été modifiées", "it was changed"},
                    {"personal_data.availability_hit",
                     "elles ont été, au moins un moment, indisponibles ou perdues",
                     "it was out of reach or lost, at least for a while"}};
        CLEANUP(said_release) struct said said = SAID_INIT;

        for (size_t i = 0; i < ARRAY_LEN(hits); i++) {
                const struct fact *fact = incident_fact(values->incident, hits[i].fact);

                if (!fact || fact->state != FACT_STATE_KNOWN || !json_is_true(fact->value))
                        continue;
                buffer_format(&said.fr, "%s%s", said.fr.length ? " ; " : "", hits[i].fr);
                buffer_format(&said.en, "%s%s", said.en.length ? "; " : "", hits[i].en);
        }
        return say(values, &said);
}

/* ---- filings ---- */

/* The first declaration that went to the same authority, among those before `until`. */
static bool was_told_before(const struct obligation *list, size_t until, const struct obligation *one)
{
        for (size_t i = 0; i < until; i++)
                if (list[i].filed_ms && !strcmp(list[i].recipient.fr, one->recipient.fr))
                        return true;
        return false;
}

/* Whom it then passes on to is a matter between authorities: what stands behind the comma is left out. */
static int say_told(struct said *said, const struct obligation *one)
{
        CLEANUP(bitext_release) struct bitext when = BITEXT_INIT;

        if (moment_text(one->filed_ms, &when))
                return -1;
        buffer_format(&said->fr, "%s%.*s, le %s", said->fr.length ? " ; " : "",
                      (int)strcspn(one->recipient.fr, ","), one->recipient.fr, when.fr);
        buffer_format(&said->en, "%s%.*s, on %s", said->en.length ? "; " : "",
                      (int)strcspn(one->recipient.en, ","), one->recipient.en, when.en);
        return 0;
}

static const char *filings_told(struct letters_values *values)
{
        CLEANUP(said_release) struct said said = SAID_INIT;
        size_t count;
        const struct obligation *list =
                casebook_obligations(desk_book(values->world->desk), values->incident->id.text, &count);

        for (size_t i = 0; i < count; i++) {
                const struct rule *rule = rules_find(values->world->rules, list[i].rule);

                if (!rule || !rule->authority || list[i].state != OBLIGATION_STATE_FILED ||
                    was_told_before(list, i, &list[i]))
                        continue;
                if (say_told(&said, &list[i]))
                        return NULL;
        }
        return say(values, &said);
}

/* ---- measures ---- */

static bool was_put_up(const struct measure *measure)
{
        return measure->since_ms && measure->state != MEASURE_STATE_PROPOSED &&
               measure->state != MEASURE_STATE_REFUSED;
}

static const char *measures_taken(struct letters_values *values)
{
        CLEANUP(said_release) struct said said = SAID_INIT;
        CLEANUP(bitext_release) struct bitext when = BITEXT_INIT;
        struct casebook *book = desk_book(values->world->desk);
        const struct incident *incident = values->incident;
        int64_t first_ms = 0;
        size_t taken = 0;

        for (size_t i = 0; i < incident->measure_count; i++) {
                const struct measure *one = casebook_measure(book, incident->measures[i].text);

                if (!one || !was_put_up(one))
                        continue;
                taken++;
                first_ms = first_ms && first_ms < one->since_ms ? first_ms : one->since_ms;
        }
        if (!taken || moment_text(first_ms, &when))
                return NULL;
        buffer_format(&said.fr,
                      taken == 1 ? "%zu mesure de protection du réseau, le %s"
                                 : "%zu mesures de protection du réseau, la première le %s",
                      taken, when.fr);
        buffer_format(&said.en,
                      taken == 1 ? "%zu measure to protect the network, on %s"
                                 : "%zu measures to protect the network, the first on %s",
                      taken, when.en);
        return say(values, &said);
}

/* ---- whom to ask ---- */

/* "name, role, mail, telephone", of which what is known; NULL without a name or a way to reach it. */
static const char *person(struct letters_values *values, const char *fr, const char *en,
                          const struct config_person *one)
{
        CLEANUP(said_release) struct said said = SAID_INIT;
        const char *const parts[] = {one->function, one->mail, one->phone};

        if (!one->name[0] || (!one->mail[0] && !one->phone[0]))
                return NULL;
        buffer_format(&said.fr, "%s%s", fr, one->name);
        buffer_format(&said.en, "%s%s", en, one->name);
        for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
                if (!parts[i][0])
                        continue;
                buffer_format(&said.fr, ", %s", parts[i]);
                buffer_format(&said.en, ", %s", parts[i]);
        }
        return say(values, &said);
}

static const char *by_post(struct letters_values *values)
{
        CLEANUP(said_release) struct said said = SAID_INIT;
        const struct config *config = values->world->config;

        if (!config->structure.address[0])
                return NULL;
        buffer_format(&said.fr, "par courrier, %s, %s", config->structure.name, config->structure.address);
        buffer_format(&said.en, "by post, %s, %s", config->structure.name, config->structure.address);
        return say(values, &said);
}

/* What was answered for this incident goes before what the configuration says for all. */
static const char *contact(struct letters_values *values)
{
        const char *text = fact_value(values, "personal_data.contact");

        if (!text)
                text = person(values, "le délégué à la protection des données, ",
                              "the data protection officer, ", &values->world->config->people.dpo);
        return text ? text : by_post(values);
}

static const char *declarant_contact(struct letters_values *values)
{
        return person(values, "", "", &values->world->config->people.declarant);
}

/* ---- by name ---- */

static const char *house_value(const struct letters_values *values, const char *field, bool *ret_found)
{
        const struct config *config = values->world->config;
        const struct {
                const char *field, *text;
        } house[] = {{"structure.name", config->structure.name},
                     {"structure.address", config->structure.address},
                     {"incident.id", values->incident->id.text}};

        *ret_found = false;
        for (size_t i = 0; i < ARRAY_LEN(house) && !*ret_found; i++) {
                *ret_found = !strcmp(house[i].field, field);
                if (*ret_found && house[i].text[0])
                        return house[i].text;
        }
        return NULL;
}

const char *letters_value(void *context, const char *field)
{
        static const struct {
                const char *field;
                const char *(*value)(struct letters_values *values);
        } derived[] = {{"contact", contact},
                       {"declarant.contact", declarant_contact},
                       {"data.touched", data_touched},
                       {"filings.told", filings_told},
                       {"measures.taken", measures_taken}};
        bool found;
        const char *text = house_value(context, field, &found);

        if (found)
                return text;
        for (size_t i = 0; i < ARRAY_LEN(derived); i++)
                if (!strcmp(derived[i].field, field))
                        return derived[i].value(context);
        return fact_value(context, field);
}
