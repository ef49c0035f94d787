/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/duty.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "obligation/phase.h"

#define WHY_MAX BITEXT_LENGTH_MAX

/* One evaluation: what is looked at, and where the outcome grows. */
struct weighing {
        const struct duty_world *world;
        const struct incident *incident;
        const struct obligation *existing;
        size_t existing_count;
        struct duty_set set;
};

struct verdict {
        enum obligation_state state;
        struct trigger_support support;
        const struct bitext *exempted_by; /* NULL unless an exemption, or what came before, made it void */
};

struct two_texts {
        struct buffer fr, en;
};

static void two_texts_release(struct two_texts *texts)
{
        buffer_release(&texts->fr);
        buffer_release(&texts->en);
}

void duty_set_release(struct duty_set *set)
{
        for (size_t i = 0; i < set->count; i++)
                obligation_release(&set->obligations[i]);
        free(set->obligations);
        *set = (struct duty_set){0};
}

static const struct obligation *filed(const struct weighing *weighing, const char *rule)
{
        for (size_t i = 0; i < weighing->existing_count; i++) {
                const struct obligation *before = &weighing->existing[i];

                if (!strcmp(before->rule, rule) &&
                    !strcmp(before->incident.text, weighing->incident->id.text) &&
                    before->state == OBLIGATION_STATE_FILED)
                        return before;
        }
        return NULL;
}

static int64_t filed_at(const struct weighing *weighing, const char *rule)
{
        const struct obligation *before = filed(weighing, rule);

        return before ? before->filed_ms : 0;
}

static bool is_closed(const struct obligation *obligation)
{
        for (size_t i = 0; i < obligation->filing_count; i++)
                if (obligation->filings[i].phase == FILING_PHASE_CLOSING)
                        return true;
        return false;
}

/* NULL when the duty is in question; else why it is not. */
static const struct bitext *comes_too_early(const struct weighing *weighing, const struct rule *rule)
{
        static const struct bitext not_filed = {
                (char *)"Sans objet : la déclaration qui précède n’a pas été faite.",
                (char *)"Does not apply: the declaration that comes before was not made."};
        static const struct bitext closed = {
                (char *)"Sans objet : le dépôt de clôture de la déclaration l’a déjà dit.",
                (char *)"Does not apply: the closing filing of the declaration said so already."};
        const struct bitext *why = rule->after_count ? &not_filed : NULL;

        for (size_t i = 0; i < rule->after_count; i++) {
                const struct obligation *before = filed(weighing, rule->after[i]);

                if (before && !is_closed(before))
                        return NULL;
                if (before)
                        why = &closed;
        }
        return why;
}

static struct verdict judge(const struct weighing *weighing, const struct rule *rule)
{
        static const enum obligation_state states[] = {
                [TRUTH_FALSE] = OBLIGATION_STATE_VOID,
                [TRUTH_UNKNOWN] = OBLIGATION_STATE_POSSIBLE,
                [TRUTH_TRUE] = OBLIGATION_STATE_DUE,
        };
        struct verdict verdict = {.state = OBLIGATION_STATE_VOID,
                                  .exempted_by = comes_too_early(weighing, rule)};

        if (verdict.exempted_by)
                return verdict;
        verdict.state = states[trigger_evaluate(&rule->trigger, weighing->incident, &verdict.support)];
        for (size_t i = 0; i < rule->exemption_count && verdict.state != OBLIGATION_STATE_VOID; i++) {
                /* Only a proven exemption frees: a duty is not dropped on a guess. */
                if (trigger_evaluate(&rule->exemptions[i].when, weighing->incident, NULL) == TRUTH_TRUE) {
                        verdict.state = OBLIGATION_STATE_VOID;
                        verdict.exempted_by = &rule->exemptions[i].text;
                }
        }
        return verdict;
}

static int64_t clock_start(const struct weighing *weighing, const struct rule_clock *clock)
{
        int64_t ms;

        if (clock->event == CLOCK_EVENT_FILED)
                return filed_at(weighing, clock->rule);
        for (size_t i = 0; i < clock->fact_count; i++) {
                const struct fact *fact = incident_fact(weighing->incident, clock->facts[i]);

                if (!fact || fact->state != FACT_STATE_KNOWN || !json_is_string(fact->value) ||
                    time_parse(json_string_value(fact->value), &ms))
                        continue;
                if (clock->event != CLOCK_EVENT_AWARE || author_is_person(fact->author))
                        return ms;
        }
        return 0;
}

static void say_label(struct two_texts *texts, const struct fact_kind *kind, const char *name)
{
        if (!strcmp(name, "gravity.decided")) {
                buffer_text(&texts->fr, "Gravité retenue par une personne");
                buffer_text(&texts->en, "Gravity decided by a person");
                return;
        }
        buffer_text(&texts->fr, kind ? kind->label.fr : name);
        buffer_text(&texts->en, kind ? kind->label.en : name);
}

static int say_value(struct two_texts *texts, const struct weighing *weighing, const struct fact_kind *kind,
                     const char *name)
{
        const struct fact *fact = incident_fact(weighing->incident, name);
        CLEANUP(bitext_release) struct bitext value = BITEXT_INIT;

        if (!strcmp(name, "gravity.decided")) {
                const struct incident *incident = weighing->incident;

                buffer_format(&texts->fr, " : %s (%s)", gravity_label(incident->gravity, LANGUAGE_FR),
                              author_label(incident->gravity_by, LANGUAGE_FR));
                buffer_format(&texts->en, ": %s (%s)", gravity_label(incident->gravity, LANGUAGE_EN),
                              author_label(incident->gravity_by, LANGUAGE_EN));
                return 0;
        }
        if (fact_text(kind, fact, &value))
                return -ENOMEM;
        buffer_format(&texts->fr, " : %s (%s)", value.fr,
                      fact ? author_label(fact->author, LANGUAGE_FR) : "");
        buffer_format(&texts->en, ": %s (%s)", value.en, fact ? author_label(fact->author, LANGUAGE_EN) : "");
        return 0;
}

static int say_support(struct two_texts *texts, const struct weighing *weighing,
                       const struct verdict *verdict)
{
        static const struct bitext openings[] = {
                [OBLIGATION_STATE_DUE] = {(char *)"Déclenchée par : ", (char *)"Set off by: "},
                [OBLIGATION_STATE_POSSIBLE] = {(char *)"Peut devenir due, selon la réponse à : ",
                                               (char *)"May fall due, depending on the answer to: "},
                [OBLIGATION_STATE_VOID] = {(char *)"Sans objet : ", (char *)"Does not apply: "},
        };
        const struct trigger_support *support = &verdict->support;

        buffer_text(&texts->fr, openings[verdict->state].fr);
        buffer_text(&texts->en, openings[verdict->state].en);
        for (size_t i = 0; i < support->count; i++) {
                const struct fact_kind *kind = catalogue_find(weighing->world->catalogue, support->facts[i]);

                buffer_text(&texts->fr, i ? " ; " : "");
                buffer_text(&texts->en, i ? "; " : "");
                say_label(texts, kind, support->facts[i]);
                if (verdict->state != OBLIGATION_STATE_POSSIBLE &&
                    say_value(texts, weighing, kind, support->facts[i]))
                        return -ENOMEM;
        }
        buffer_text(&texts->fr, ".");
        buffer_text(&texts->en, ".");
        return 0;
}

/* A duty whose clock stands still must say so, or somebody will think that it is late, or that there is time. */
static void say_clock(struct two_texts *texts, const struct weighing *weighing, const struct rule *rule)
{
        const struct rule *before = rules_find(weighing->world->rules, rule->clock.rule);
        const struct fact_kind *kind = catalogue_find(weighing->world->catalogue, rule->clock.facts[0]);

        switch (rule->clock.event) {
        case CLOCK_EVENT_AWARE:
                buffer_format(&texts->fr,
                              " Le délai ne court pas encore : il part du moment qu’une personne nommée "
                              "inscrit sous "
                              "« %s ».",
                              kind ? kind->label.fr : rule->clock.facts[0]);
                buffer_format(
                        &texts->en,
                        " The clock does not run yet: it starts at the moment a named person enters under "
                        "\"%s\".",
                        kind ? kind->label.en : rule->clock.facts[0]);
                break;
        case CLOCK_EVENT_FILED:
                buffer_format(&texts->fr, " Le délai ne court pas encore : il part de l’envoi de « %s ».",
                              before ? before->title.fr : rule->clock.rule);
                buffer_format(&texts->en, " The clock does not run yet: it starts when \"%s\" is sent.",
                              before ? before->title.en : rule->clock.rule);
                break;
        default:
                buffer_text(&texts->fr, " Le moment de la découverte n’est pas encore connu.");
                buffer_text(&texts->en, " The moment of discovery is not known yet.");
        }
}

static int set_why(const struct weighing *weighing, const struct rule *rule, const struct verdict *verdict,
                   struct obligation *obligation)
{
        CLEANUP(two_texts_release)
        struct two_texts texts = {BUFFER_INIT(WHY_MAX), BUFFER_INIT(WHY_MAX)};

        if (verdict->exempted_by)
                return bitext_copy(&obligation->why, verdict->exempted_by);
        if (say_support(&texts, weighing, verdict))
                return -ENOMEM;
        if (verdict->state == OBLIGATION_STATE_DUE && !obligation->clock_started_ms)
                say_clock(&texts, weighing, rule);
        return bitext_set(&obligation->why, buffer_string(&texts.fr), buffer_string(&texts.en));
}

/* Brings a duty that is still open up to date with its rule and the facts. Its id and incident stay. */
static int refresh(const struct weighing *weighing, const struct rule *rule, const struct verdict *verdict,
                   struct obligation *obligation)
{
        bool lives = verdict->state != OBLIGATION_STATE_VOID;

        if (bitext_copy(&obligation->title, &rule->title) ||
            bitext_copy(&obligation->recipient, &rule->recipient))
                return -ENOMEM;
        memcpy(obligation->rule, rule->id, sizeof(obligation->rule));
        memcpy(obligation->legal_basis, rule->legal_basis, sizeof(obligation->legal_basis));
        obligation->voluntary = rule->voluntary;
        obligation->without_delay = rule->deadline.without_delay;
        obligation->state = verdict->state;
        obligation->clock_started_ms = lives ? clock_start(weighing, &rule->clock) : 0;
        obligation->due_ms = clockwork_due(&rule->deadline, obligation->clock_started_ms);
        return set_why(weighing, rule, verdict, obligation);
}

static int set_add(struct weighing *weighing, struct obligation *obligation, struct error *error)
{
        struct duty_set *set = &weighing->set;
        struct obligation *longer;

        if (set->count == DUTIES_MAX)
                return error_say(error, -E2BIG, "un incident a %d obligations au plus",
                                 "an incident has at most %d obligations", DUTIES_MAX);
        longer = reallocarray(set->obligations, set->count + 1, sizeof(*longer));
        if (!longer)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        longer[set->count++] = *obligation;
        memset(obligation, 0, sizeof(*obligation));
        set->obligations = longer;
        return 0;
}

static bool is_settled(const struct obligation *obligation)
{
        return obligation->state == OBLIGATION_STATE_FILED || obligation->state == OBLIGATION_STATE_WAIVED;
}

static int carry_over(struct weighing *weighing, const struct obligation *before, struct error *error)
{
        const struct rule *rule = rules_find(weighing->world->rules, before->rule);
        CLEANUP(obligation_release) struct obligation obligation = {0};

        if (obligation_copy(&obligation, before))
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        if (rule && !is_settled(before) && rule_is_valid_at(rule, weighing->incident->opened_ms)) {
                struct verdict verdict = judge(weighing, rule);

                if (refresh(weighing, rule, &verdict, &obligation))
                        return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        }
        return set_add(weighing, &obligation, error);
}

static bool exists(const struct weighing *weighing, const struct rule *rule)
{
        for (size_t i = 0; i < weighing->existing_count; i++)
                if (!strcmp(weighing->existing[i].rule, rule->id) &&
                    !strcmp(weighing->existing[i].incident.text, weighing->incident->id.text))
                        return true;
        return false;
}

static int set_off(struct weighing *weighing, const struct rule *rule, struct error *error)
{
        CLEANUP(obligation_release) struct obligation obligation = {0};
        struct verdict verdict = judge(weighing, rule);

        if (verdict.state == OBLIGATION_STATE_VOID)
                return 0;
        id_make('o', weighing->world->clock, weighing->world->random, &obligation.id);
        obligation.incident = weighing->incident->id;
        if (refresh(weighing, rule, &verdict, &obligation))
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        return set_add(weighing, &obligation, error);
}

int duties_evaluate(const struct duty_world *world, const struct incident *incident,
                    const struct obligation *existing, size_t count, struct duty_set *ret_set,
                    struct error *error)
{
        struct weighing weighing = {world, incident, existing, count, {0}};
        int r = 0;

        for (size_t i = 0; i < count && !r; i++)
                if (!strcmp(existing[i].incident.text, incident->id.text))
                        r = carry_over(&weighing, &existing[i], error);
        for (size_t i = 0; i < world->rules->count && !r; i++) {
                const struct rule *rule = &world->rules->rules[i];

                if (!exists(&weighing, rule) && rule_is_valid_at(rule, incident->opened_ms))
                        r = set_off(&weighing, rule, error);
        }
        if (r) {
                duty_set_release(&weighing.set);
                return r;
        }
        *ret_set = weighing.set;
        return 0;
}

static int check_person(const char *person, size_t size, struct error *error)
{
        if (author_is_person(person) && strlen(person) < size)
                return 0;
        return error_say(error, -EINVAL, "une personne nommée doit en répondre, et non « %.64s »",
                         "a named person must answer for this, not \"%.64s\"", person);
}

static int check_filing(const struct obligation *obligation, const struct filing *filing, bool late,
                        const char *late_reason, struct error *error)
{
        bool first = !obligation->filing_count && obligation->state != OBLIGATION_STATE_FILED;

        if (filing->at_ms <= 0)
                return error_say(error, -EINVAL, "un dépôt demande sa date et son heure",
                                 "a filing needs its time");
        if (phase_check(obligation, filing->phase, error))
                return -EINVAL;
        if (!first && filing->phase == FILING_PHASE_INITIAL)
                return error_say(error, -EALREADY,
                                 "cette déclaration est déjà déposée, par %s ; complétez-la ou clôturez-la",
                                 "this declaration was filed already, by %s; complete or close it",
                                 obligation->filed_by);
        if (late && !*late_reason)
                return error_say(error, -EINVAL,
                                 "déposée après son heure : il faut dire pourquoi (late_reason)",
                                 "filed after its hour: say why (late_reason)");
        return 0;
}

int duty_file(struct obligation *obligation, const struct filing *filing, const char *late_reason,
              struct error *error)
{
        struct filing noted = *filing;
        int r = check_person(filing->by, sizeof(filing->by), error);

        noted.late = filing->phase == FILING_PHASE_INITIAL && obligation->due_ms &&
                     filing->at_ms > obligation->due_ms;
        if (!r)
                r = check_filing(obligation, &noted, noted.late, late_reason, error);
        if (!r)
                r = obligation_add_filing(obligation, &noted, error);
        if (r || noted.phase != FILING_PHASE_INITIAL)
                return r;
        obligation->state = OBLIGATION_STATE_FILED;
        obligation->filed_ms = noted.at_ms;
        memcpy(obligation->filed_by, noted.by, sizeof(noted.by));
        memcpy(obligation->receipt, noted.receipt, sizeof(noted.receipt));
        return 0;
}

int duty_waive(struct obligation *obligation, const char *person, const char *reason, struct error *error)
{
        char *signed_reason = NULL;
        int r = check_person(person, sizeof(obligation->filed_by), error);

        if (r)
                return r;
        if (obligation->state == OBLIGATION_STATE_FILED)
                return error_say(error, -EINVAL, "ce qui est déposé ne peut plus être écarté",
                                 "what was filed cannot be waived");
        if (!*reason || strlen(reason) + strlen(person) + 3 > BITEXT_LENGTH_MAX)
                return error_say(error, -EINVAL, "il faut une raison, de %d octets au plus",
                                 "a reason is needed, of at most %d bytes", BITEXT_LENGTH_MAX);
        if (asprintf(&signed_reason, "%s (%s)", reason, person) < 0)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        free(obligation->waived_reason);
        obligation->waived_reason = signed_reason;
        obligation->state = OBLIGATION_STATE_WAIVED;
        return 0;
}

bool duty_is_owed(const struct obligation *obligation)
{
        return obligation->state == OBLIGATION_STATE_DUE && !obligation->voluntary;
}

bool duty_is_overdue(const struct obligation *obligation, int64_t now_ms)
{
        return obligation->state == OBLIGATION_STATE_DUE && obligation->due_ms && now_ms > obligation->due_ms;
}
