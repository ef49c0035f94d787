/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/declaration_data.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "obligation/duty.h"

#define LIST_MAX      (64 * 1024)
#define MEASURES_SAID 20

struct source {
        const char *name;
        const char *fr, *en;
};

#define HOUSE_SOURCE(name, field, fr, en) {name, fr, en},
#define DERIVED_SOURCE(name, fr, en)      {name, fr, en},
static const struct source house_sources[] = {FORM_HOUSE_SOURCES(HOUSE_SOURCE)};
static const struct source derived_sources[] = {FORM_DERIVED_SOURCES(DERIVED_SOURCE)};

static const struct source *find_source(const char *name)
{
        for (size_t i = 0; i < ARRAY_LEN(house_sources); i++)
                if (!strcmp(house_sources[i].name, name))
                        return &house_sources[i];
        for (size_t i = 0; i < ARRAY_LEN(derived_sources); i++)
                if (!strcmp(derived_sources[i].name, name))
                        return &derived_sources[i];
        return NULL;
}

bool form_source_is_known(const char *name)
{
        return find_source(name) != NULL;
}

#define HOUSE_VALUE(key, field, fr, en) {key, offsetof(struct house, field)},
static const char *house_text(const struct house *house, const char *name)
{
        static const struct {
                const char *name;
                size_t offset;
        } values[] = {FORM_HOUSE_SOURCES(HOUSE_VALUE)};

        for (size_t i = 0; i < ARRAY_LEN(values); i++) {
                if (!strcmp(values[i].name, name)) {
                        const char *text = *(const char *const *)((const char *)house + values[i].offset);

                        return text ? text : "";
                }
        }
        return NULL;
}

static int fill_house(const char *text, struct form_field *field)
{
        strcpy(field->author, "config");
        if (*text) {
                field->state = FACT_STATE_KNOWN;
                return bitext_set(&field->value, text, text);
        }
        field->state = FACT_STATE_NOT_ASKED;
        return bitext_set(&field->value, "à compléter (absent de la configuration)",
                          "to be filled in (not in the configuration)");
}

static int fill_fact(const struct declaration_input *input, const char *name, struct form_field *field)
{
        const struct fact *fact = incident_fact(input->incident, name);

        field->state = fact ? fact->state : FACT_STATE_NOT_ASKED;
        if (fact) {
                memcpy(field->author, fact->author, sizeof(field->author));
                field->at_ms = fact->at_ms;
        }
        return fact_text(catalogue_find(input->catalogue, name), fact, &field->value);
}

static bool measure_was_taken(const struct measure *measure)
{
        return measure->state != MEASURE_STATE_PROPOSED && measure->state != MEASURE_STATE_REFUSED;
}

struct lines {
        struct buffer fr, en;
};

static void lines_release(struct lines *lines)
{
        buffer_release(&lines->fr);
        buffer_release(&lines->en);
}

static int say_measure(const struct measure *measure, struct lines *lines)
{
        static const struct bitext states[] = {
                [MEASURE_STATE_STANDING] = {(char *)"en place", (char *)"standing"},
                [MEASURE_STATE_PROBATION] = {(char *)"à l’essai avant levée", (char *)"on probation"},
                [MEASURE_STATE_LIFTED] = {(char *)"levée", (char *)"lifted"},
                [MEASURE_STATE_EXPIRED] = {(char *)"échue", (char *)"expired"},
        };
        CLEANUP(bitext_release) struct bitext since = BITEXT_INIT, dropped = BITEXT_INIT;

        if (moment_text(measure->since_ms, &since) || figure_text((double)measure->dropped, &dropped))
                return -ENOMEM;
        buffer_format(&lines->fr, "%s— %s (%s, depuis le %s, %s, %s paquets bloqués)",
                      lines->fr.length ? "\n" : "",
                      measure->why.fr ? measure->why.fr : measure_kind_word(measure->kind), measure->subject,
                      since.fr, states[measure->state].fr, dropped.fr);
        buffer_format(&lines->en, "%s— %s (%s, since %s, %s, %s packets dropped)",
                      lines->en.length ? "\n" : "",
                      measure->why.en ? measure->why.en : measure_kind_word(measure->kind), measure->subject,
                      since.en, states[measure->state].en, dropped.en);
        return 0;
}

static int fill_measures(const struct declaration_input *input, struct form_field *field)
{
        CLEANUP(lines_release) struct lines lines = {BUFFER_INIT(LIST_MAX), BUFFER_INIT(LIST_MAX)};
        size_t taken = 0;

        for (size_t i = 0; i < input->measure_count; i++) {
                if (!measure_was_taken(&input->measures[i]))
                        continue;
                if (taken++ < MEASURES_SAID && say_measure(&input->measures[i], &lines))
                        return -ENOMEM;
        }
        if (taken > MEASURES_SAID) {
                buffer_format(&lines.fr, "\n— et %zu autres", taken - MEASURES_SAID);
                buffer_format(&lines.en, "\n— and %zu more", taken - MEASURES_SAID);
        }
        if (!taken)
                return bitext_set(&field->value, "aucune mesure technique consignée à ce stade",
                                  "no technical measure recorded at this stage");
        return bitext_set(&field->value, buffer_string(&lines.fr), buffer_string(&lines.en));
}

static bool is_complete(const struct declaration_input *input)
{
        for (size_t i = 0; i < input->rule->section_count; i++) {
                const struct rule_section *section = &input->rule->sections[i];

                for (size_t j = 0; j < section->field_count; j++) {
                        const char *name = section->fields[j].fact;
                        const char *text = house_text(input->house, name);
                        const struct fact *fact = incident_fact(input->incident, name);

                        if (!section->fields[j].required || (!text && find_source(name)))
                                continue;
                        if (text ? !*text : !fact || fact->state != FACT_STATE_KNOWN)
                                return false;
                }
        }
        return true;
}

static int fill_delay(const struct declaration_input *input, struct form_field *field)
{
        const struct obligation *obligation = input->obligation;
        int64_t when = obligation->filed_ms ? obligation->filed_ms : clock_wall_ms(input->clock);
        CLEANUP(bitext_release) struct bitext due = BITEXT_INIT;
        char fr[256], en[256];

        if (!obligation->due_ms)
                return bitext_set(&field->value, "aucune heure limite ne court", "no hour runs");
        if (moment_text(obligation->due_ms, &due))
                return -ENOMEM;
        if (when <= obligation->due_ms) {
                snprintf(fr, sizeof(fr), "dans le délai, qui expire le %s", due.fr);
                snprintf(en, sizeof(en), "within the time limit, which ends on %s", due.en);
        } else {
                snprintf(fr, sizeof(fr),
                         "hors délai : il a expiré le %s ; les motifs du retard sont à donner", due.fr);
                snprintf(en, sizeof(en), "late: the time limit ended on %s; the reasons are to be given",
                         due.en);
        }
        return bitext_set(&field->value, fr, en);
}

static int fill_aware(const struct declaration_input *input, struct form_field *field)
{
        field->at_ms = input->obligation->clock_started_ms;
        if (field->at_ms)
                return moment_text(field->at_ms, &field->value);
        field->state = FACT_STATE_NOT_ASKED;
        return bitext_set(&field->value, "pas encore établie par une personne nommée",
                          "not yet established by a named person");
}

static int fill_state(const struct incident *incident, struct form_field *field)
{
        const struct fact *resolved = incident_fact(incident, "resolved_at");
        const struct fact *ended = incident_fact(incident, "ended_at");

        if (!incident->open || (resolved && resolved->state == FACT_STATE_KNOWN))
                return bitext_set(&field->value, "résolu", "resolved");
        if (ended && ended->state == FACT_STATE_KNOWN)
                return bitext_set(&field->value, "attaque ou panne terminée, suivi en cours",
                                  "attack or failure over, being followed up");
        return bitext_set(&field->value, "en cours", "ongoing");
}

static int fill_gravity(const struct incident *incident, struct form_field *field)
{
        bool qualified = incident->gravity != GRAVITY_NOT_QUALIFIED;

        field->state = qualified ? FACT_STATE_KNOWN : FACT_STATE_NOT_ASKED;
        memcpy(field->author, incident->gravity_by, sizeof(field->author));
        return bitext_set(&field->value, gravity_label(incident->gravity, LANGUAGE_FR),
                          gravity_label(incident->gravity, LANGUAGE_EN));
}

static int fill_phase(const struct declaration_input *input, struct form_field *field)
{
        static const struct bitext words[FILING_PHASE_COUNT][2] = {
                [FILING_PHASE_INITIAL] = {{(char *)"notification initiale, à compléter",
                                           (char *)"initial notification, to be completed"},
                                          {(char *)"notification complète", (char *)"complete notification"}},
                [FILING_PHASE_COMPLEMENT] = {{(char *)"notification complémentaire, à compléter encore",
                                              (char *)"complementary notification, to be completed further"},
                                             {(char *)"notification complémentaire, qui la rend complète",
                                              (char *)"complementary notification, which makes it complete"}},
                [FILING_PHASE_CLOSING] = {{(char *)"notification de clôture ; des réponses restent inconnues",
                                           (char *)"closing notification; some answers remain unknown"},
                                          {(char *)"notification de clôture, complète",
                                           (char *)"closing notification, complete"}}};
        struct phase phase;

        phase_of(input->obligation, input->phase, &phase);
        return bitext_copy(&field->value, &words[phase.phase][is_complete(input)]);
}

static int fill_derived(const struct declaration_input *input, const char *name, struct form_field *field)
{
        const struct incident *incident = input->incident;

        field->state = FACT_STATE_KNOWN;
        strcpy(field->author, "garde");
        if (!strcmp(name, "incident.id"))
                return bitext_set(&field->value, incident->id.text, incident->id.text);
        if (!strcmp(name, "incident.title"))
                return bitext_copy(&field->value, &incident->title);
        if (!strcmp(name, "incident.state"))
                return fill_state(incident, field);
        if (!strcmp(name, "incident.gravity"))
                return fill_gravity(incident, field);
        if (!strcmp(name, "incident.opened")) {
                field->at_ms = incident->opened_ms;
                return moment_text(incident->opened_ms, &field->value);
        }
        if (!strcmp(name, "measures.taken"))
                return fill_measures(input, field);
        if (!strcmp(name, "obligation.aware"))
                return fill_aware(input, field);
        if (!strcmp(name, "obligation.delay"))
                return fill_delay(input, field);
        return fill_phase(input, field);
}

static int fill_label(const struct declaration_input *input, const struct rule_field *rule,
                      struct form_field *field)
{
        const struct fact_kind *kind = catalogue_find(input->catalogue, rule->fact);
        const struct source *source = find_source(rule->fact);

        if (rule->label.fr)
                return bitext_copy(&field->label, &rule->label);
        if (source)
                return bitext_set(&field->label, source->fr, source->en);
        return kind ? bitext_copy(&field->label, &kind->label)
                    : bitext_set(&field->label, rule->fact, rule->fact);
}

static int fill_field(const struct declaration_input *input, const struct rule_field *rule,
                      struct form_field *field)
{
        const char *text = house_text(input->house, rule->fact);

        memcpy(field->key, rule->fact, sizeof(field->key));
        field->required = rule->required;
        if (fill_label(input, rule, field))
                return -ENOMEM;
        if (text)
                return fill_house(text, field);
        return find_source(rule->fact) ? fill_derived(input, rule->fact, field)
                                       : fill_fact(input, rule->fact, field);
}

/* Typed in, or so, since the declaration before this one. */
static bool is_news(const struct declaration_input *input, const char *name, int64_t since_ms)
{
        const struct fact *fact = incident_fact(input->incident, name);

        return since_ms && fact && fact->state == FACT_STATE_KNOWN &&
               (fact->at_ms > since_ms || fact->entered_ms > since_ms);
}

static void count_field(const struct form_field *field, struct form *form)
{
        form->known_count += field->state == FACT_STATE_KNOWN;
        form->unknown_count += field->state == FACT_STATE_UNKNOWN;
        form->not_asked_count += field->state == FACT_STATE_NOT_ASKED;
}

static int fill_section(const struct declaration_input *input, const struct rule_section *rule,
                        struct form *form)
{
        struct form_section *section = &form->sections[form->section_count++];

        memcpy(section->key, rule->key, sizeof(section->key));
        section->fields = calloc(rule->field_count, sizeof(*section->fields));
        if (!section->fields || bitext_copy(&section->title, &rule->title))
                return -ENOMEM;
        while (section->field_count < rule->field_count) {
                struct form_field *field = &section->fields[section->field_count];

                section->field_count++;
                if (fill_field(input, &rule->fields[section->field_count - 1], field))
                        return -ENOMEM;
                field->news = is_news(input, field->key, form->since_ms);
                count_field(field, form);
        }
        return 0;
}

static int fill_channels(const struct declaration_input *input, struct form *form)
{
        const struct rule *rule = input->rule;

        form->channels = calloc(rule->channel_count + 1, sizeof(*form->channels));
        if (!form->channels)
                return -ENOMEM;
        for (size_t i = 0; i < rule->channel_count; i++) {
                struct form_channel *channel = &form->channels[form->channel_count++];

                channel->kind = rule->channels[i].kind;
                memcpy(channel->target, rule->channels[i].target, sizeof(channel->target));
                channel->checked_ms = rule->channels[i].checked_ms;
                channel->stale = channel->target[0] &&
                                 (!channel->checked_ms || form->made_ms >= rule->channels[i].valid_to_ms);
                if (bitext_copy(&channel->note, &rule->channels[i].note))
                        return -ENOMEM;
        }
        return 0;
}

/* One sentence with up to one moment in it; %1$s of the format is the moment, %2$s a name. */
static int standing_with(int64_t moment_ms, const char *fr_format, const char *en_format, const char *name,
                         struct bitext *ret_text)
{
        CLEANUP(bitext_release) struct bitext moment = BITEXT_INIT;
        struct buffer fr = BUFFER_INIT(8192), en = BUFFER_INIT(8192);
        int r = moment_text(moment_ms, &moment);

        if (!r) {
                buffer_format(&fr, fr_format, moment.fr, name);
                buffer_format(&en, en_format, moment.en, name);
                r = bitext_set(ret_text, buffer_string(&fr), buffer_string(&en));
        }
        buffer_release(&fr);
        buffer_release(&en);
        return r;
}

static int standing_due(const struct obligation *obligation, int64_t now_ms, struct bitext *ret_text)
{
        if (obligation->voluntary)
                return bitext_set(ret_text, "Déclaration volontaire : rien n’y oblige, chacun peut la faire.",
                                  "Voluntary declaration: nobody must, anybody may.");
        if (duty_is_overdue(obligation, now_ms))
                return standing_with(obligation->due_ms, "En retard : elle était due le %1$s.",
                                     "Late: it was due on %1$s.", "", ret_text);
        if (obligation->due_ms)
                return standing_with(obligation->due_ms, "À faire avant le %1$s.", "To be done before %1$s.",
                                     "", ret_text);
        if (obligation->without_delay && obligation->clock_started_ms)
                return standing_with(obligation->clock_started_ms, "À faire sans délai, depuis le %1$s.",
                                     "To be done without delay, since %1$s.", "", ret_text);
        if (obligation->without_delay)
                return bitext_set(ret_text, "À faire sans délai.", "To be done without delay.");
        return obligation->clock_started_ms
                       ? bitext_set(ret_text, "Due ; la loi ne nomme pas d’heure.",
                                    "Due; the law names no hour.")
                       : bitext_set(ret_text, "Due ; le délai n’a pas commencé à courir.",
                                    "Due; the clock has not started.");
}

static int fill_standing(const struct obligation *obligation, int64_t now_ms, struct bitext *ret_text)
{
        switch (obligation->state) {
        case OBLIGATION_STATE_FILED:
                return standing_with(obligation->filed_ms, "Faite le %1$s par %2$s.", "Done on %1$s by %2$s.",
                                     obligation->filed_by, ret_text);
        case OBLIGATION_STATE_WAIVED:
                return standing_with(0, "Écartée par décision : %2$s.", "Waived by decision: %2$s.",
                                     obligation->waived_reason, ret_text);
        case OBLIGATION_STATE_VOID:
                return bitext_set(ret_text, "Sans objet d’après les faits connus.",
                                  "Does not apply, from the facts that are known.");
        case OBLIGATION_STATE_POSSIBLE:
                return bitext_set(ret_text, "Peut devenir due : des faits restent à établir.",
                                  "May fall due: some facts remain to be settled.");
        default:
                return standing_due(obligation, now_ms, ret_text);
        }
}

static int fill_form_phase(const struct declaration_input *input, struct form *form)
{
        struct phase phase;

        phase_of(input->obligation, input->phase, &phase);
        form->phase = phase.phase;
        form->pending = phase.pending;
        form->since_ms = phase.previous ? phase.previous->at_ms : 0;
        return phase_text(&phase, &form->phase_text);
}

static int fill_head(const struct declaration_input *input, struct form *form)
{
        const struct obligation *obligation = input->obligation;

        memcpy(form->rule, input->rule->id, sizeof(form->rule));
        form->rule_version = input->rule->version;
        form->obligation = obligation->id;
        form->incident = input->incident->id;
        memcpy(form->legal_basis, obligation->legal_basis, sizeof(form->legal_basis));
        form->state = obligation->state;
        form->voluntary = obligation->voluntary;
        form->without_delay = obligation->without_delay;
        form->made_ms = clock_wall_ms(input->clock);
        form->clock_started_ms = obligation->clock_started_ms;
        form->due_ms = obligation->due_ms;
        if (bitext_copy(&form->title, &obligation->title) ||
            bitext_copy(&form->recipient, &obligation->recipient) ||
            bitext_copy(&form->why, &obligation->why) || fill_form_phase(input, form))
                return -ENOMEM;
        return fill_standing(obligation, form->made_ms, &form->standing);
}

int declaration_fill(const struct declaration_input *input, struct form *ret_form, struct error *error)
{
        CLEANUP(form_release) struct form form = {0};
        int r = phase_check(input->obligation, input->phase, error);

        if (r)
                return r;
        r = fill_head(input, &form);
        form.sections = calloc(input->rule->section_count + 1, sizeof(*form.sections));
        if (!form.sections)
                r = -ENOMEM;
        for (size_t i = 0; i < input->rule->section_count && !r; i++)
                r = fill_section(input, &input->rule->sections[i], &form);
        if (!r)
                r = fill_channels(input, &form);
        if (r)
                return error_say(error, r, "impossible de remplir le formulaire %s : %m",
                                 "cannot fill the form %s: %m", input->rule->id);
        *ret_form = form;
        memset(&form, 0, sizeof(form));
        return 0;
}
