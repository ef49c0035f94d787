/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "incident/gravity.h"

static struct catalogue catalogue;

static int load(void **state)
{
        char folder[PATH_MAX];

        return paths_data("facts", folder, NULL) || catalogue_load(folder, &catalogue, NULL) ? -1 : 0;
}

static int unload(void **state)
{
        catalogue_release(&catalogue);
        return 0;
}

static void answer(struct incident *incident, const char *name, json_t *value)
{
        struct fact fact = {
                .state = value ? FACT_STATE_KNOWN : FACT_STATE_UNKNOWN, .value = value, .author = "x"};

        strcpy(fact.name, name);
        assert_int_equal(catalogue_check(&catalogue, &fact, NULL), 0);
        assert_int_equal(incident_set_fact(incident, &fact, NULL), 0);
        json_decref(value);
}

static const char *const consequences[] = {
        "care.safety_hit",           "care.safety_at_risk", "health_data.confidentiality_hit",
        "health_data.integrity_hit", "health_data.at_risk", "functioning.hit",
        "functioning.at_risk",       "availability.hit"};

static void assert_proposes(const struct incident *incident, enum gravity gravity, bool settled,
                            size_t missing, const char *says)
{
        struct gravity_proposal proposal;

        assert_int_equal(gravity_propose(incident, &catalogue, &proposal), 0);
        assert_int_equal(proposal.gravity, gravity);
        assert_int_equal(proposal.settled, settled);
        assert_int_equal(proposal.missing_count, missing);
        assert_non_null(strstr(proposal.why.fr, says));
        assert_true(proposal.why.en[0] != '\0');
        gravity_proposal_release(&proposal);
}

static void test_nothing_known_qualifies_nothing(void **state)
{
        CLEANUP(incident_release) struct incident incident = {0};

        assert_proposes(&incident, GRAVITY_NOT_QUALIFIED, false, 10, "pas encore établie");
        answer(&incident, "care.safety_hit", NULL);
        assert_proposes(&incident, GRAVITY_NOT_QUALIFIED, false, 10, "Sécurité des soins atteinte");
}

static void test_each_consequence_alone_is_grave(void **state)
{
        for (size_t i = 0; i < ARRAY_LEN(consequences); i++) {
                CLEANUP(incident_release) struct incident incident = {0};

                answer(&incident, consequences[i], json_true());
                assert_proposes(&incident, GRAVITY_GRAVE, false, 2,
                                catalogue_find(&catalogue, consequences[i])->label.fr);
        }
}

static void test_reach_makes_it_significatif(void **state)
{
        CLEANUP(incident_release) struct incident incident = {0};

        answer(&incident, "functioning.hit", json_true());
        answer(&incident, "reach.area", json_string("structure"));
        assert_proposes(&incident, GRAVITY_GRAVE, false, 1, "Autres organismes");
        answer(&incident, "reach.other_bodies", json_true());
        assert_proposes(&incident, GRAVITY_SIGNIFICANT, true, 0, "au-delà de la structure");
        answer(&incident, "reach.other_bodies", json_false());
        assert_proposes(&incident, GRAVITY_GRAVE, true, 0,
                        "Incident grave : Fonctionnement normal perturbé.");
        answer(&incident, "reach.area", json_string("departement"));
        assert_proposes(&incident, GRAVITY_SIGNIFICANT, true, 0, "Étendue");
}

static void test_reach_without_consequence_stays_minor(void **state)
{
        CLEANUP(incident_release) struct incident incident = {0};

        for (size_t i = 0; i < ARRAY_LEN(consequences); i++) {
                assert_proposes(&incident, GRAVITY_NOT_QUALIFIED, false, 10 - i, "il manque");
                answer(&incident, consequences[i], json_false());
        }
        answer(&incident, "reach.area", json_string("nation"));
        assert_proposes(&incident, GRAVITY_MINOR, true, 0, "Incident mineur");
}

static void test_a_person_decides_otherwise(void **state)
{
        CLEANUP(incident_release) struct incident incident = {0};
        struct gravity_proposal proposal;

        answer(&incident, "functioning.hit", json_true());
        assert_int_equal(gravity_propose(&incident, &catalogue, &proposal), 0);
        assert_true(gravity_adopt(&incident, &proposal));
        assert_false(gravity_adopt(&incident, &proposal));
        assert_string_equal(incident.gravity_by, "rule");
        assert_int_equal(gravity_decide(&incident, GRAVITY_MINOR, "edge", NULL), -EINVAL);
        assert_int_equal(gravity_decide(&incident, GRAVITY_NOT_QUALIFIED, "Dr Roux", NULL), -EINVAL);
        assert_int_equal(incident.gravity, GRAVITY_GRAVE);
        assert_int_equal(gravity_decide(&incident, GRAVITY_MINOR, "Dr Roux", NULL), 0);
        assert_false(gravity_adopt(&incident, &proposal));
        assert_int_equal(incident.gravity, GRAVITY_MINOR);
        gravity_proposal_release(&proposal);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_nothing_known_qualifies_nothing),
                cmocka_unit_test(test_each_consequence_alone_is_grave),
                cmocka_unit_test(test_reach_makes_it_significatif),
                cmocka_unit_test(test_reach_without_consequence_stays_minor),
                cmocka_unit_test(test_a_person_decides_otherwise),
        };

        return cmocka_run_group_tests(tests, load, unload);
}
