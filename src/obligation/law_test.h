/* SPDX-License-Identifier: EUPL-1.2 */
/* For tests: the rules and the catalogue of data/, an incident, and facts in one line each. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "obligation/duty.h"

#define LAW_NOW_MS 1774173900000 /* Sunday 2026-03-22T10:05:00Z */

struct law {
        struct catalogue catalogue;
        struct rule_set rules;
        struct clock_manual manual;
        struct clock clock;
        struct random_seeded seeded;
        struct random random;
        struct duty_world world;
        struct incident incident;
};

/* Handed in; late without a reason only where that is what is tested. */
static inline int law_file(struct obligation *obligation, int64_t at_ms, const char *by, const char *receipt)
{
        struct filing filing = {.at_ms = at_ms};

        snprintf(filing.by, sizeof(filing.by), "%s", by);
        snprintf(filing.receipt, sizeof(filing.receipt), "%s", receipt);
        return duty_file(obligation, &filing, "exercice : rien ne marchait", NULL);
}

static inline int law_setup(void **state)
{
        struct law *law = calloc(1, sizeof(*law));
        char folder[PATH_MAX];
        struct error error = {0};

        setenv("TZ", "Europe/Paris", 1);
        if (paths_data("facts", folder, &error) || catalogue_load(folder, &law->catalogue, &error) ||
            paths_data("obligations", folder, &error) ||
            rules_load(folder, &law->catalogue, &law->rules, &error)) {
                fprintf(stderr, "%s\n", error.en);
                return -1;
        }
        law->manual.wall_ms = LAW_NOW_MS;
        law->clock = clock_manual_view(&law->manual);
        law->random = random_seeded_view(&law->seeded, 1);
        law->world = (struct duty_world){&law->rules, &law->catalogue, &law->clock, &law->random};
        id_make('i', &law->clock, &law->random, &law->incident.id);
        strcpy(law->incident.kind, "flood");
        strcpy(law->incident.subject, "portail");
        law->incident.open = true;
        law->incident.opened_ms = LAW_NOW_MS;
        bitext_set(&law->incident.title, "Attaque par saturation contre portail", "Flood against portail");
        *state = law;
        return 0;
}

static inline int law_teardown(void **state)
{
        struct law *law = *state;

        incident_release(&law->incident);
        rules_release(&law->rules);
        catalogue_release(&law->catalogue);
        free(law);
        return 0;
}

/* `value` is taken over; NULL is "je ne sais pas". */
static inline void law_fact(struct law *law, const char *name, json_t *value, const char *author)
{
        struct fact fact = {.state = value ? FACT_STATE_KNOWN : FACT_STATE_UNKNOWN,
                            .value = value,
                            .at_ms = law->manual.wall_ms,
                            .entered_ms = law->manual.wall_ms};

        strcpy(fact.name, name);
        strcpy(fact.author, author);
        assert_int_equal(catalogue_check(&law->catalogue, &fact, NULL), 0);
        assert_int_equal(incident_set_fact(&law->incident, &fact, NULL), 0);
        json_decref(value);
}

static inline void law_yes(struct law *law, const char *name)
{
        law_fact(law, name, json_true(), "Mme Martin");
}

static inline void law_no(struct law *law, const char *name)
{
        law_fact(law, name, json_false(), "Mme Martin");
}

static inline const struct obligation *duty_of(const struct duty_set *set, const char *rule)
{
        for (size_t i = 0; i < set->count; i++)
                if (!strcmp(set->obligations[i].rule, rule))
                        return &set->obligations[i];
        return NULL;
}

/* Replaces the set by its evaluation, as the hub does. */
static inline void law_evaluate(struct law *law, struct duty_set *set)
{
        struct duty_set next = {0};

        assert_int_equal(
                duties_evaluate(&law->world, &law->incident, set->obligations, set->count, &next, NULL), 0);
        duty_set_release(set);
        *set = next;
}
