/* SPDX-License-Identifier: EUPL-1.2 */
#include "incident/gravity.h"

#include <errno.h>
#include <string.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "flow/truth.h"

/* What makes it grave, and what makes a grave one reach beyond: all of them yes-or-no questions but the area. */
static const char *const consequences[] = {
        "care.safety_hit",           "care.safety_at_risk", "health_data.confidentiality_hit",
        "health_data.integrity_hit", "health_data.at_risk", "functioning.hit",
        "functioning.at_risk",       "availability.hit"};
static const char *const beyond[] = {"reach.area", "reach.other_bodies"};

static enum truth fact_truth(const struct incident *incident, const char *name)
{
        const struct fact *fact = incident_fact(incident, name);

        if (!fact || fact->state != FACT_STATE_KNOWN)
                return TRUTH_UNKNOWN;
        if (json_is_string(fact->value))
                return strcmp(json_string_value(fact->value), "structure") ? TRUTH_TRUE : TRUTH_FALSE;
        return json_is_true(fact->value) ? TRUTH_TRUE : TRUTH_FALSE;
}

static enum truth any_truth(const struct incident *incident, const char *const *names, size_t count)
{
        enum truth truth = TRUTH_FALSE;

        for (size_t i = 0; i < count; i++)
                truth = truth_or(truth, fact_truth(incident, names[i]));
        return truth;
}

struct sentence {
        struct buffer fr, en;
        size_t count;
};

static void sentence_release(struct sentence *sentence)
{
        buffer_release(&sentence->fr);
        buffer_release(&sentence->en);
}

/* Names the facts of this truth: those that prove, or those that are missing. */
static void name_facts(const struct incident *incident, const struct catalogue *catalogue,
                       const char *const *names, size_t count, enum truth truth, struct sentence *sentence)
{
        for (size_t i = 0; i < count; i++) {
                const struct fact_kind *kind = catalogue_find(catalogue, names[i]);

                if (fact_truth(incident, names[i]) != truth)
                        continue;
                buffer_format(&sentence->fr, "%s%s", sentence->count ? ", " : "",
                              kind ? kind->label.fr : names[i]);
                buffer_format(&sentence->en, "%s%s", sentence->count ? ", " : "",
                              kind ? kind->label.en : names[i]);
                sentence->count++;
        }
}

static void list_missing(const struct incident *incident, const char *const *names, size_t count,
                         struct gravity_proposal *proposal)
{
        for (size_t i = 0; i < count && proposal->missing_count < GRAVITY_MISSING_MAX; i++)
                if (fact_truth(incident, names[i]) == TRUTH_UNKNOWN)
                        strcpy(proposal->missing[proposal->missing_count++], names[i]);
}

static void say(struct sentence *sentence, const char *fr, const char *en)
{
        buffer_text(&sentence->fr, fr);
        buffer_text(&sentence->en, en);
        sentence->count = 0;
}

static void explain_minor(struct sentence *sentence)
{
        say(sentence,
            "Incident mineur : aucune conséquence, même possible, pour la sécurité des soins, les données de "
            "santé ou le fonctionnement de la structure.",
            "Minor incident: no consequence, not even a possible one, for the safety of care, health data or "
            "the working of the structure.");
}

static void explain(const struct incident *incident, const struct catalogue *catalogue, enum truth grave,
                    enum truth reaches, struct sentence *sentence)
{
        if (grave == TRUTH_FALSE) {
                explain_minor(sentence);
                return;
        }
        if (grave == TRUTH_UNKNOWN) {
                say(sentence,
                    "Gravité pas encore établie ; il manque : ", "Gravity not established yet; missing: ");
                name_facts(incident, catalogue, consequences, ARRAY_LEN(consequences), TRUTH_UNKNOWN,
                           sentence);
                say(sentence, ".", ".");
                return;
        }
        say(sentence, reaches == TRUTH_TRUE ? "Incident significatif : " : "Incident grave : ",
            reaches == TRUTH_TRUE ? "Significant incident: " : "Grave incident: ");
        name_facts(incident, catalogue, consequences, ARRAY_LEN(consequences), TRUTH_TRUE, sentence);
        if (reaches == TRUTH_TRUE) {
                say(sentence, " ; au-delà de la structure : ", "; beyond the structure: ");
                name_facts(incident, catalogue, beyond, ARRAY_LEN(beyond), TRUTH_TRUE, sentence);
        }
        say(sentence, ".", ".");
        if (reaches == TRUTH_UNKNOWN) {
                say(sentence, " Significatif s’il va au-delà de la structure ; il manque : ",
                    " Significant if it reaches beyond the structure; missing: ");
                name_facts(incident, catalogue, beyond, ARRAY_LEN(beyond), TRUTH_UNKNOWN, sentence);
                say(sentence, ".", ".");
        }
}

int gravity_propose(const struct incident *incident, const struct catalogue *catalogue,
                    struct gravity_proposal *ret_proposal)
{
        enum truth grave = any_truth(incident, consequences, ARRAY_LEN(consequences));
        enum truth reaches = any_truth(incident, beyond, ARRAY_LEN(beyond));
        CLEANUP(sentence_release)
        struct sentence sentence = {BUFFER_INIT(BITEXT_LENGTH_MAX), BUFFER_INIT(BITEXT_LENGTH_MAX), 0};
        struct gravity_proposal proposal = {0};

        if (grave == TRUTH_TRUE)
                proposal.gravity = reaches == TRUTH_TRUE ? GRAVITY_SIGNIFICANT : GRAVITY_GRAVE;
        else if (grave == TRUTH_FALSE)
                proposal.gravity = GRAVITY_MINOR;
        if (grave == TRUTH_UNKNOWN)
                list_missing(incident, consequences, ARRAY_LEN(consequences), &proposal);
        if (grave != TRUTH_FALSE && reaches == TRUTH_UNKNOWN)
                list_missing(incident, beyond, ARRAY_LEN(beyond), &proposal);
        proposal.settled = proposal.missing_count == 0;
        explain(incident, catalogue, grave, reaches, &sentence);
        if (bitext_set(&proposal.why, buffer_string(&sentence.fr), buffer_string(&sentence.en)))
                return -ENOMEM;
        *ret_proposal = proposal;
        return 0;
}

void gravity_proposal_release(struct gravity_proposal *proposal)
{
        bitext_release(&proposal->why);
        memset(proposal, 0, sizeof(*proposal));
}

bool gravity_adopt(struct incident *incident, const struct gravity_proposal *proposal)
{
        const char *by = proposal->gravity == GRAVITY_NOT_QUALIFIED ? "" : "rule";

        if (author_is_person(incident->gravity_by))
                return false;
        if (incident->gravity == proposal->gravity && !strcmp(incident->gravity_by, by))
                return false;
        incident->gravity = proposal->gravity;
        strcpy(incident->gravity_by, by);
        return true;
}

int gravity_decide(struct incident *incident, enum gravity gravity, const char *person, struct error *error)
{
        if (!author_is_person(person) || strlen(person) >= sizeof(incident->gravity_by))
                return error_say(error, -EINVAL,
                                 "la gravité est décidée par une personne nommée, et non par « %.64s »",
                                 "a named person decides on gravity, not \"%.64s\"", person);
        if (gravity <= GRAVITY_NOT_QUALIFIED || gravity >= GRAVITY_COUNT)
                return error_say(error, -EINVAL, "attendu : mineur, significatif ou grave",
                                 "expected mineur, significatif or grave");
        incident->gravity = gravity;
        strcpy(incident->gravity_by, person);
        return 0;
}
