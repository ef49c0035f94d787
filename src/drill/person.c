/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/person.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "flow/country.h"

#define SECOND_NS       1000000000ull
#define MEASURE_SECONDS 600

/* ---- the provider's steps ---- */

static bool named(const struct scenario_step *step, const char *code)
{
        for (unsigned i = 0; i < step->country_count; i++)
                if (!strcmp(step->countries[i], code))
                        return true;
        return false;
}

/* Every country outside Europe but those that the step lets in again; unknown ones count as outside. */
static json_t *fence_selector(const struct scenario_step *step)
{
        json_t *codes = json_array();

        for (unsigned i = 1; i < country_count(); i++) {
                char code[COUNTRY_CODE_SIZE];

                country_code((uint8_t)i, code);
                if (strcmp(continent_of(code), "EU") != 0 && !named(step, code))
                        json_array_append_new(codes, json_string(code));
        }
        return json_pack("{s:o, s:b}", "countries", codes, "spare_known", 0);
}

static int ask_everywhere(const struct person *person, const char *kind, const json_t *selector,
                          const char *why_fr, const char *why_en, struct error *error)
{
        int r = 0;

        for (unsigned i = 0; !r && i < person->scenario->service_count; i++)
                r = link_ask(person->link, kind, person->scenario->services[i].name, selector, why_fr, why_en,
                             MEASURE_SECONDS, error);
        return r;
}

static bool lies_with_person(const json_t *measure)
{
        const char *owner = json_string_value(json_object_get(measure, "owner"));
        const char *state = json_string_value(json_object_get(measure, "state"));

        return owner && state && !strcmp(owner, LINK_PERSON) &&
               (!strcmp(state, "proposed") || !strcmp(state, "standing") || !strcmp(state, "probation"));
}

/* Takes down what people had put up before this step. */
static int lift_all(const struct person *person, const json_t *before, struct error *error)
{
        const json_t *measure;
        size_t index;
        int r = 0;

        json_array_foreach(json_object_get(before, "measures"), index, measure)
        {
                if (!lies_with_person(measure))
                        continue;
                r = link_lift(person->link, json_string_value(json_object_get(measure, "id")), error);
                if (r)
                        break;
        }
        return r;
}

static int take_step(const struct person *person, const struct scenario_step *step, struct error *error)
{
        CLEANUP(json_decrefp) json_t *before = NULL;
        CLEANUP(json_decrefp) json_t *selector = NULL;
        int r = link_measures(person->link, &before, error);

        if (r)
                return r;
        switch (step->act) {
        case SCENARIO_THROTTLE:
                selector = json_pack("{s:i}", "rate_pps", (int)step->pps);
                r = ask_everywhere(person, "throttle", selector, "Le fournisseur bride tout l’accès.",
                                   "The provider throttles all access.", error);
                break;
        case SCENARIO_FENCE:
                selector = fence_selector(step);
                r = ask_everywhere(person, "fence", selector,
                                   "Le fournisseur bloque tout ce qui vient de hors d’Europe.",
                                   "The provider blocks everything from outside Europe.", error);
                break;
        case SCENARIO_REOPEN:
                selector = fence_selector(step);
                r = ask_everywhere(person, "fence", selector,
                                   "Réouverture par étapes : quelques pays d’abord.",
                                   "Reopening by stages: some countries first.", error);
                break;
        case SCENARIO_LIFT:
                break;
        }
        return r ? r : lift_all(person, before, error);
}

static bool step_is_due(const struct scenario_step *step, uint64_t now_ns, uint64_t attack_ns,
                        uint64_t end_ns)
{
        if (step->after_s)
                return end_ns && now_ns >= end_ns + step->after_s * SECOND_NS;
        return attack_ns && now_ns >= attack_ns + step->at_s * SECOND_NS;
}

/* ---- the officer's answers ---- */

static void give_answer(const struct person *person, const struct scenario_answer *answer,
                        const char *incident)
{
        struct error error = {0};
        char now[TIME_TEXT_SIZE];
        int r;

        time_format(clock_wall_ms(&clock_system), now);
        r = link_answer(person->link, incident, answer->fact,
                        strcmp(answer->value, "now") ? answer->value : now, &error);
        if (r)
                log_warning("the exercise's answer to %s was not taken: %s", answer->fact,
                            error_text(&error, r));
}

int person_act(struct person *person, uint64_t now_ns, uint64_t attack_ns, uint64_t end_ns,
               const char *incident, struct error *error)
{
        const struct scenario *scenario = person->scenario;

        while (person->policy == DRILL_POLICY_AS_IN_2020 && person->steps_done < scenario->step_count &&
               step_is_due(&scenario->steps[person->steps_done], now_ns, attack_ns, end_ns)) {
                int r = take_step(person, &scenario->steps[person->steps_done], error);

                if (r)
                        return r;
                person->steps_done++;
        }
        while (*incident && attack_ns && person->answers_done < scenario->answer_count &&
               now_ns >= attack_ns + scenario->answers[person->answers_done].at_s * SECOND_NS)
                give_answer(person, &scenario->answers[person->answers_done++], incident);
        return 0;
}

bool person_is_done(const struct person *person)
{
        return person->policy != DRILL_POLICY_AS_IN_2020 ||
               person->steps_done == person->scenario->step_count;
}
