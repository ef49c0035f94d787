/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/law_test.h"

static const char *const consequences[] = {
        "care.safety_hit",           "care.safety_at_risk", "health_data.confidentiality_hit",
        "health_data.integrity_hit", "health_data.at_risk", "functioning.hit",
        "functioning.at_risk",       "availability.hit"};

static void assert_state(const struct duty_set *set, const char *rule, enum obligation_state wanted)
{
        const struct obligation *duty = duty_of(set, rule);

        assert_non_null(duty);
        if (duty->state != wanted)
                fprintf(stderr, "%s is %s: %s\n", rule, obligation_state_word(duty->state), duty->why.en);
        assert_int_equal(duty->state, wanted);
}

static void test_nothing_known_is_possible(void **state)
{
        CLEANUP(duty_set_release) struct duty_set set = {0};

        law_evaluate(*state, &set);
        assert_state(&set, "cert-sante-grave", OBLIGATION_STATE_POSSIBLE);
        assert_state(&set, "cert-sante-significatif", OBLIGATION_STATE_POSSIBLE);
        assert_state(&set, "cert-sante-mineur", OBLIGATION_STATE_POSSIBLE);
        assert_state(&set, "cnil-33", OBLIGATION_STATE_POSSIBLE);
        assert_non_null(strstr(duty_of(&set, "cnil-33")->why.fr, "selon la réponse à : "));
        assert_non_null(
                strstr(duty_of(&set, "cnil-33")->why.fr, "Données personnelles indisponibles ou perdues"));
        for (size_t i = 0; i < set.count; i++)
                assert_int_equal(set.obligations[i].state, OBLIGATION_STATE_POSSIBLE);
}

static void test_each_consequence_is_grave(void **state)
{
        for (size_t i = 0; i < ARRAY_LEN(consequences); i++) {
                void *other = NULL;
                CLEANUP(duty_set_release) struct duty_set set = {0};

                assert_int_equal(law_setup(&other), 0);
                law_yes(other, consequences[i]);
                law_evaluate(other, &set);
                assert_state(&set, "cert-sante-grave", OBLIGATION_STATE_DUE);
                assert_state(&set, "cert-sante-significatif", OBLIGATION_STATE_POSSIBLE);
                assert_null(duty_of(&set, "cert-sante-mineur"));
                assert_non_null(strstr(duty_of(&set, "cert-sante-grave")->why.fr, " : oui (Mme Martin)"));
                law_teardown(&other);
        }
}

static void test_beyond_is_significatif_and_not_grave(void **state)
{
        CLEANUP(duty_set_release) struct duty_set set = {0};

        law_yes(*state, "functioning.hit");
        law_evaluate(*state, &set);
        char grave_id[ID_TEXT_SIZE];
        strcpy(grave_id, duty_of(&set, "cert-sante-grave")->id.text);
        law_fact(*state, "reach.area", json_string("region"), "Mme Martin");
        law_evaluate(*state, &set);
        assert_state(&set, "cert-sante-significatif", OBLIGATION_STATE_DUE);
        assert_state(&set, "cert-sante-grave", OBLIGATION_STATE_VOID);
        assert_string_equal(grave_id, duty_of(&set, "cert-sante-grave")->id.text);
        law_fact(*state, "reach.area", json_string("structure"), "Mme Martin");
        law_no(*state, "reach.other_bodies");
        law_evaluate(*state, &set);
        assert_state(&set, "cert-sante-significatif", OBLIGATION_STATE_VOID);
        assert_state(&set, "cert-sante-grave", OBLIGATION_STATE_DUE);
        assert_string_equal(grave_id, duty_of(&set, "cert-sante-grave")->id.text);
}

static void test_without_consequence_is_minor_and_voluntary(void **state)
{
        CLEANUP(duty_set_release) struct duty_set set = {0};

        for (size_t i = 0; i < ARRAY_LEN(consequences); i++) {
                law_evaluate(*state, &set);
                assert_state(&set, "cert-sante-mineur", OBLIGATION_STATE_POSSIBLE);
                law_no(*state, consequences[i]);
        }
        law_evaluate(*state, &set);
        assert_state(&set, "cert-sante-mineur", OBLIGATION_STATE_DUE);
        assert_state(&set, "cert-sante-grave", OBLIGATION_STATE_VOID);
        assert_true(duty_of(&set, "cert-sante-mineur")->voluntary);
        assert_int_equal(duty_of(&set, "cert-sante-mineur")->due_ms, 0);
}

/* When all facts are known, exactly one of the three declarations is for this incident. */
static void test_the_three_grades_exclude_each_other(void **state)
{
        struct law *law = *state;
        static const char *const areas[] = {"structure", "departement", "region", "nation"};

        for (unsigned round = 0; round < 100; round++) {
                CLEANUP(duty_set_release) struct duty_set set = {0};
                uint64_t bits = random_u64(&law->random);
                unsigned due = 0;

                for (size_t i = 0; i < ARRAY_LEN(consequences); i++)
                        law_fact(law, consequences[i],
                                 json_boolean(bits >> (2 * i) & bits >> (2 * i + 1) & 1), "x");
                law_fact(law, "reach.area", json_string(areas[bits >> 40 & 3]), "x");
                law_fact(law, "reach.other_bodies", json_boolean(bits >> 50 & 1), "x");
                law_evaluate(law, &set);
                for (size_t i = 0; i < set.count; i++)
                        due += !strncmp(set.obligations[i].rule, "cert-sante-", 11) &&
                               strcmp(set.obligations[i].rule, "cert-sante-cabinet") &&
                               set.obligations[i].state == OBLIGATION_STATE_DUE;
                assert_int_equal(due, 1);
        }
}

static void test_a_person_decides_gravity(void **state)
{
        struct law *law = *state;
        CLEANUP(duty_set_release) struct duty_set set = {0};

        law_yes(law, "functioning.at_risk");
        law->incident.gravity = GRAVITY_GRAVE;
        strcpy(law->incident.gravity_by, "rule");
        law_evaluate(law, &set);
        assert_state(&set, "cert-sante-grave", OBLIGATION_STATE_DUE);
        law->incident.gravity = GRAVITY_MINOR;
        strcpy(law->incident.gravity_by, "Dr Roux");
        law_evaluate(law, &set);
        assert_state(&set, "cert-sante-grave", OBLIGATION_STATE_VOID);
        assert_state(&set, "cert-sante-mineur", OBLIGATION_STATE_DUE);
        assert_non_null(strstr(duty_of(&set, "cert-sante-mineur")->why.fr, "mineur (Dr Roux)"));
        law->incident.gravity = GRAVITY_SIGNIFICANT;
        law_evaluate(law, &set);
        assert_state(&set, "cert-sante-significatif", OBLIGATION_STATE_DUE);
        assert_state(&set, "cert-sante-mineur", OBLIGATION_STATE_VOID);
}

static void test_a_practice_may_but_need_not(void **state)
{
        CLEANUP(duty_set_release) struct duty_set set = {0};

        law_yes(*state, "care.safety_hit");
        law_evaluate(*state, &set);
        assert_state(&set, "cert-sante-cabinet", OBLIGATION_STATE_POSSIBLE);
        law_fact(*state, "structure.kind", json_string("cabinet"), "config");
        law_evaluate(*state, &set);
        assert_state(&set, "cert-sante-grave", OBLIGATION_STATE_VOID);
        assert_non_null(strstr(duty_of(&set, "cert-sante-grave")->why.fr, "cabinet"));
        assert_state(&set, "cert-sante-cabinet", OBLIGATION_STATE_DUE);
        assert_true(duty_of(&set, "cert-sante-cabinet")->voluntary);
        law_fact(*state, "structure.kind", json_string("etablissement"), "config");
        law_evaluate(*state, &set);
        assert_state(&set, "cert-sante-grave", OBLIGATION_STATE_DUE);
        assert_state(&set, "cert-sante-cabinet", OBLIGATION_STATE_VOID);
}

static void test_without_delay_runs_from_discovery(void **state)
{
        struct law *law = *state;
        CLEANUP(duty_set_release) struct duty_set set = {0};

        law_fact(law, "functioning.at_risk", json_true(), "edge");
        law_evaluate(law, &set);
        assert_int_equal(duty_of(&set, "cert-sante-grave")->clock_started_ms, 0);
        assert_non_null(strstr(duty_of(&set, "cert-sante-grave")->why.fr, "découverte"));
        law_fact(law, "detected_at", json_string("2026-03-22T10:05:00Z"), "edge");
        law_evaluate(law, &set);
        assert_true(duty_of(&set, "cert-sante-grave")->clock_started_ms == LAW_NOW_MS);
        assert_true(duty_of(&set, "cert-sante-grave")->without_delay);
        assert_int_equal(duty_of(&set, "cert-sante-grave")->due_ms, 0);
        law_fact(law, "discovered_at", json_string("2026-03-22T10:20:00Z"), "Mme Martin");
        law_evaluate(law, &set);
        assert_true(duty_of(&set, "cert-sante-grave")->clock_started_ms == LAW_NOW_MS + 15 * 60000);
}

static void test_detected_is_not_aware(void **state)
{
        struct law *law = *state;
        CLEANUP(duty_set_release) struct duty_set set = {0};
        struct fact forged = {.name = "personal_data.breach_qualified_at",
                              .state = FACT_STATE_KNOWN,
                              .value = json_string("2026-03-22T10:05:00Z"),
                              .author = "edge"};

        law_yes(law, "personal_data.availability_hit");
        law_fact(law, "detected_at", json_string("2026-03-22T10:05:00Z"), "edge");
        law_evaluate(law, &set);
        assert_state(&set, "cnil-33", OBLIGATION_STATE_DUE);
        assert_int_equal(duty_of(&set, "cnil-33")->clock_started_ms, 0);
        assert_non_null(strstr(duty_of(&set, "cnil-33")->why.fr, "Le délai ne court pas encore"));
        /* Even if a sensor wrote it down, it is no person's word. */
        assert_int_equal(incident_set_fact(&law->incident, &forged, NULL), 0);
        fact_release(&forged);
        law_evaluate(law, &set);
        assert_int_equal(duty_of(&set, "cnil-33")->due_ms, 0);
        /* Friday evening: the 72 hours end on Monday evening, through the weekend. */
        law_fact(law, "personal_data.breach_qualified_at", json_string("2026-03-20T18:00:00+01:00"),
                 "Dr Roux");
        law_evaluate(law, &set);
        assert_true(duty_of(&set, "cnil-33")->due_ms == 1774285200000); /* 2026-03-23T17:00:00Z */
        assert_null(strstr(duty_of(&set, "cnil-33")->why.fr, "ne court pas"));
        assert_false(duty_is_overdue(duty_of(&set, "cnil-33"), 1774285200000));
        assert_true(duty_is_overdue(duty_of(&set, "cnil-33"), 1774285200001));
}

static void test_cnil_both_sides(void **state)
{
        static const char *const hits[] = {"personal_data.confidentiality_hit", "personal_data.integrity_hit",
                                           "personal_data.availability_hit"};
        CLEANUP(duty_set_release) struct duty_set set = {0};

        for (size_t i = 0; i < 3; i++) {
                law_yes(*state, hits[i]);
                law_evaluate(*state, &set);
                assert_state(&set, "cnil-33", OBLIGATION_STATE_DUE);
                assert_state(&set, "rgpd-33-5-register", OBLIGATION_STATE_DUE);
                law_no(*state, hits[i]);
        }
        law_evaluate(*state, &set);
        assert_state(&set, "cnil-33", OBLIGATION_STATE_VOID);
        assert_state(&set, "rgpd-33-5-register", OBLIGATION_STATE_VOID);
        /* Unlikely risk frees from the notice, never from the register. */
        law_yes(*state, hits[0]);
        law_fact(*state, "personal_data.risk", json_string("improbable"), "Dr Roux");
        law_evaluate(*state, &set);
        assert_state(&set, "cnil-33", OBLIGATION_STATE_VOID);
        assert_non_null(strstr(duty_of(&set, "cnil-33")->why.fr, "improbable"));
        assert_state(&set, "rgpd-33-5-register", OBLIGATION_STATE_DUE);
        /* A risk that nobody knows is no exemption. */
        law_fact(*state, "personal_data.risk", NULL, "Dr Roux");
        law_evaluate(*state, &set);
        assert_state(&set, "cnil-33", OBLIGATION_STATE_DUE);
}

static void test_patients_are_told_at_high_risk(void **state)
{
        CLEANUP(duty_set_release) struct duty_set set = {0};

        law_yes(*state, "personal_data.confidentiality_hit");
        law_evaluate(*state, &set);
        assert_state(&set, "rgpd-34", OBLIGATION_STATE_POSSIBLE);
        law_fact(*state, "personal_data.risk", json_string("risque"), "Dr Roux");
        law_evaluate(*state, &set);
        assert_state(&set, "rgpd-34", OBLIGATION_STATE_VOID);
        law_fact(*state, "personal_data.risk", json_string("eleve"), "Dr Roux");
        law_evaluate(*state, &set);
        assert_state(&set, "rgpd-34", OBLIGATION_STATE_DUE);
        assert_true(duty_of(&set, "rgpd-34")->without_delay);
        law_yes(*state, "personal_data.unintelligible");
        law_evaluate(*state, &set);
        assert_state(&set, "rgpd-34", OBLIGATION_STATE_VOID);
}

static void file_duty(struct law *law, struct duty_set *set, const char *rule, int64_t when_ms)
{
        for (size_t i = 0; i < set->count; i++)
                if (!strcmp(set->obligations[i].rule, rule))
                        assert_int_equal(law_file(&set->obligations[i], when_ms, "Dr Roux", "R-1"), 0);
        law_evaluate(law, set);
}

static void test_nis2_chain(void **state)
{
        struct law *law = *state;
        CLEANUP(duty_set_release) struct duty_set set = {0};

        law_fact(law, "structure.nis2", json_true(), "config");
        law_evaluate(law, &set);
        assert_state(&set, "nis2-alerte-24h", OBLIGATION_STATE_POSSIBLE);
        law_yes(law, "severity.significant");
        law_fact(law, "severity.qualified_at", json_string("2026-12-30T12:00:00Z"), "Dr Roux");
        law_evaluate(law, &set);
        assert_true(duty_of(&set, "nis2-alerte-24h")->due_ms == 1798718400000);       /* 2026-12-31T12:00Z */
        assert_true(duty_of(&set, "nis2-notification-72h")->due_ms == 1798891200000); /* 2027-01-02T12:00Z */
        assert_state(&set, "nis2-rapport-final", OBLIGATION_STATE_DUE);
        assert_int_equal(duty_of(&set, "nis2-rapport-final")->due_ms, 0);
        assert_non_null(strstr(duty_of(&set, "nis2-rapport-final")->why.fr, "l’envoi de « Notification"));
        /* Sent on 31 January, before the limit or not: the month runs from the sending, and ends with February. */
        file_duty(law, &set, "nis2-notification-72h", 1801393200000); /* 2027-01-31T11:00:00Z */
        assert_true(duty_of(&set, "nis2-rapport-final")->clock_started_ms == 1801393200000);
        assert_true(duty_of(&set, "nis2-rapport-final")->due_ms == 1803812400000); /* 2027-02-28T11:00:00Z */
        law_no(law, "severity.significant");
        law_evaluate(law, &set);
        assert_state(&set, "nis2-alerte-24h", OBLIGATION_STATE_VOID);
        assert_state(&set, "nis2-notification-72h", OBLIGATION_STATE_FILED);
        assert_state(&set, "nis2-rapport-final", OBLIGATION_STATE_VOID);
}

static void test_insurance_both_sides(void **state)
{
        CLEANUP(duty_set_release) struct duty_set set = {0};

        law_fact(*state, "origin", json_string("malveillante"), "edge");
        law_evaluate(*state, &set);
        assert_state(&set, "assurances-l12-10-1", OBLIGATION_STATE_POSSIBLE);
        law_fact(*state, "structure.insured", json_true(), "config");
        law_fact(*state, "insurance.known_at", json_string("2028-02-28T12:00:00Z"), "Dr Roux");
        law_evaluate(*state, &set);
        assert_state(&set, "assurances-l12-10-1", OBLIGATION_STATE_DUE);
        assert_true(duty_of(&set, "assurances-l12-10-1")->due_ms ==
                    1835611200000); /* 2028-03-02T12:00Z, a leap year */
        law_fact(*state, "origin", json_string("panne"), "Mme Martin");
        law_evaluate(*state, &set);
        assert_state(&set, "assurances-l12-10-1", OBLIGATION_STATE_VOID);
}

static void test_harm_and_essential_services(void **state)
{
        struct law *law = *state;
        CLEANUP(duty_set_release) struct duty_set set = {0};

        law_yes(law, "care.patient_harmed");
        law_fact(law, "structure.essential_operator", json_true(), "config");
        law_yes(law, "severity.essential_service_hit");
        law_evaluate(law, &set);
        assert_state(&set, "eigs-partie-1", OBLIGATION_STATE_DUE);
        assert_state(&set, "ose-anssi", OBLIGATION_STATE_DUE);
        file_duty(law, &set, "eigs-partie-1", 1764586800000);                 /* 2025-12-01T11:00:00Z */
        assert_true(duty_of(&set, "eigs-partie-2")->due_ms == 1772362800000); /* 2026-03-01T11:00:00Z */
        law_no(law, "care.patient_harmed");
        law_no(law, "severity.essential_service_hit");
        law_evaluate(law, &set);
        assert_state(&set, "eigs-partie-1", OBLIGATION_STATE_FILED);
        assert_state(&set, "eigs-partie-2", OBLIGATION_STATE_VOID);
        assert_state(&set, "ose-anssi", OBLIGATION_STATE_VOID);
}

static void test_law_of_its_day(void **state)
{
        struct law *law = *state;
        CLEANUP(duty_set_release) struct duty_set set = {0};

        law->incident.opened_ms = 1584871500000; /* 2020-03-22: neither NIS2 nor L12-10-1 yet */
        law_evaluate(law, &set);
        assert_null(duty_of(&set, "nis2-alerte-24h"));
        assert_null(duty_of(&set, "assurances-l12-10-1"));
        assert_non_null(duty_of(&set, "cert-sante-grave"));
        assert_non_null(duty_of(&set, "cnil-33"));
}

static void test_only_people_file_and_waive(void **state)
{
        struct obligation duty = {.state = OBLIGATION_STATE_DUE};

        assert_int_equal(law_file(&duty, 1, "edge", ""), -EINVAL);
        assert_int_equal(duty_waive(&duty, "Dr Roux", "", NULL), -EINVAL);
        assert_int_equal(duty_waive(&duty, "rule", "parce que", NULL), -EINVAL);
        assert_int_equal(duty.state, OBLIGATION_STATE_DUE);
        assert_int_equal(duty_waive(&duty, "Dr Roux", "Doublon", NULL), 0);
        assert_string_equal(duty.waived_reason, "Doublon (Dr Roux)");
        assert_int_equal(law_file(&duty, 5, "Dr Roux", ""), 0);
        assert_int_equal(law_file(&duty, 6, "Dr Roux", ""), -EALREADY);
        assert_int_equal(duty_waive(&duty, "Dr Roux", "trop tard", NULL), -EINVAL);
        assert_true(duty.filed_ms == 5);
        obligation_release(&duty);
}

static void test_ongoing_is_reported_until_resolved(void **state)
{
        struct law *law = *state;
        CLEANUP(duty_set_release) struct duty_set set = {0};
        struct obligation *notice;

        law_yes(law, "structure.nis2");
        law_yes(law, "severity.significant");
        law->incident.gravity = GRAVITY_GRAVE;
        strcpy(law->incident.gravity_by, "Dr Roux");
        law_evaluate(law, &set);
        assert_state(&set, "nis2-rapport-etape", OBLIGATION_STATE_DUE);
        notice = (struct obligation *)duty_of(&set, "nis2-notification-72h");
        assert_int_equal(law_file(notice, LAW_NOW_MS, "Dr Roux", ""), 0);
        law_evaluate(law, &set);
        assert_true(duty_of(&set, "nis2-rapport-etape")->due_ms > LAW_NOW_MS + 27LL * 86400000);
        law_fact(law, "resolved_at", json_string("2026-03-25T08:00:00Z"), "Dr Roux");
        law_evaluate(law, &set);
        assert_null(duty_of(&set, "cert-sante-resolu"));
        assert_state(&set, "nis2-rapport-etape", OBLIGATION_STATE_VOID);
}

static void file_phase(struct duty_set *set, const char *rule, enum filing_phase phase)
{
        const struct filing filing = {.phase = phase, .at_ms = LAW_NOW_MS, .by = "Dr Roux"};

        assert_non_null(duty_of(set, rule));
        assert_int_equal(duty_file((struct obligation *)duty_of(set, rule), &filing, "", NULL), 0);
}

/* D1111-16-3: what was declared is said resolved, whoever or whatever found it grave; nobody need have decided the gravity. */
static void test_what_was_declared_is_said_resolved(void **state)
{
        static const char *const declared[] = {"cert-sante-grave", "cert-sante-significatif"};

        for (size_t i = 0; i < ARRAY_LEN(declared); i++) {
                void *other = NULL;
                CLEANUP(duty_set_release) struct duty_set set = {0};

                assert_int_equal(law_setup(&other), 0);
                law_yes(other, "functioning.hit");
                law_fact(other, "reach.area", json_string(i ? "region" : "structure"), "Mme Martin");
                law_evaluate(other, &set);
                assert_null(duty_of(&set, "cert-sante-resolu"));
                file_phase(&set, declared[i], FILING_PHASE_INITIAL);
                law_evaluate(other, &set);
                assert_state(&set, "cert-sante-resolu", OBLIGATION_STATE_POSSIBLE);
                assert_non_null(strstr(duty_of(&set, "cert-sante-resolu")->why.fr, "Retour à la normale"));
                law_fact(other, "resolved_at", json_string("2026-03-25T08:00:00Z"), "Dr Roux");
                law_evaluate(other, &set);
                assert_state(&set, "cert-sante-resolu", OBLIGATION_STATE_DUE);
                assert_true(duty_of(&set, "cert-sante-resolu")->without_delay);
                assert_true(duty_of(&set, "cert-sante-resolu")->clock_started_ms > 0);
                file_phase(&set, declared[i], FILING_PHASE_CLOSING);
                law_evaluate(other, &set);
                assert_state(&set, "cert-sante-resolu", OBLIGATION_STATE_VOID);
                assert_non_null(strstr(duty_of(&set, "cert-sante-resolu")->why.en, "said so already"));
                law_teardown(&other);
        }
}

static void test_a_processor_tells_and_a_notice_may_replace_letters(void **state)
{
        struct law *law = *state;
        CLEANUP(duty_set_release) struct duty_set set = {0};

        law_yes(law, "personal_data.confidentiality_hit");
        law_fact(law, "personal_data.risk", json_string("eleve"), "Dr Roux");
        law_no(law, "personal_data.processor");
        law_evaluate(law, &set);
        assert_null(duty_of(&set, "rgpd-33-2"));
        assert_state(&set, "rgpd-34", OBLIGATION_STATE_DUE);
        law_yes(law, "personal_data.processor");
        law_yes(law, "personal_data.disproportionate");
        law_evaluate(law, &set);
        assert_state(&set, "rgpd-33-2", OBLIGATION_STATE_DUE);
        assert_state(&set, "rgpd-34", OBLIGATION_STATE_VOID);
        assert_non_null(strstr(duty_of(&set, "rgpd-34")->why.fr, "avis public"));
        assert_state(&set, "rgpd-34-avis-public", OBLIGATION_STATE_DUE);
}

/* GDPR 33(4): what is known now, more later; the first filing is the one that counts for clocks. */
static void test_a_declaration_goes_out_in_phases(void **state)
{
        struct obligation duty = {.state = OBLIGATION_STATE_DUE, .due_ms = 1000}, copy = {0}, back = {0};
        struct filing filing = {
                .phase = FILING_PHASE_COMPLEMENT, .at_ms = 500, .by = "Dr Roux", .channel = "portal"};
        struct error error = {0};
        json_t *json;

        assert_int_equal(duty_file(&duty, &filing, "", &error), -EINVAL);
        filing.phase = FILING_PHASE_INITIAL;
        filing.at_ms = 1001;
        assert_int_equal(duty_file(&duty, &filing, "", &error), -EINVAL);
        assert_non_null(strstr(error.fr, "après son heure"));
        assert_int_equal(duty_file(&duty, &filing, "le portail était en panne", &error), 0);
        assert_true(duty.filings[0].late);
        assert_int_equal(duty.filed_ms, 1001);
        filing.phase = FILING_PHASE_COMPLEMENT;
        filing.at_ms = 9000;
        assert_int_equal(duty_file(&duty, &filing, "", &error), 0);
        filing.phase = FILING_PHASE_CLOSING;
        strcpy(filing.receipt, "ANS-2");
        assert_int_equal(duty_file(&duty, &filing, "", &error), 0);
        assert_int_equal(duty.filed_ms, 1001);
        assert_int_equal(obligation_copy(&copy, &duty), 0);
        assert_int_equal(copy.filing_count, 3);
        strcpy(copy.id.text, "o_01J9ZC3N5V8QW2RT7XK4M00000");
        strcpy(copy.incident.text, "i_01J9ZC3N5V8QW2RT7XK4M00000");
        strcpy(copy.rule, "cnil-33");
        strcpy(copy.legal_basis, "RGPD, art. 33");
        assert_int_equal(bitext_set(&copy.title, "t", "t") | bitext_set(&copy.recipient, "r", "r") |
                                 bitext_set(&copy.why, "w", "w"),
                         0);
        json = obligation_to_json(&copy);
        if (obligation_from_json(json, &back, &error))
                fail_msg("%s", error.en);
        assert_int_equal(back.filing_count, 3);
        assert_int_equal(back.filings[2].phase, FILING_PHASE_CLOSING);
        assert_string_equal(back.filings[2].receipt, "ANS-2");
        assert_string_equal(back.filings[1].channel, "portal");
        json_decref(json);
        obligation_release(&duty);
        obligation_release(&copy);
        obligation_release(&back);
}

/* Any answers in any order: evaluating twice changes nothing, ids stay, what was filed or waived stays as it was. */
static void random_answer(struct law *law)
{
        const struct fact_kind *kind = &law->catalogue.kinds[random_u64(&law->random) % law->catalogue.count];
        uint64_t dice = random_u64(&law->random);
        json_t *value = NULL;

        if (dice % 5 && kind->type == FACT_TYPE_BOOLEAN)
                value = json_boolean(dice & 8);
        else if (dice % 5 && kind->type == FACT_TYPE_CHOICE)
                value = json_string(kind->choices[dice / 8 % kind->choice_count].word);
        else if (dice % 5 && kind->type == FACT_TYPE_TIME)
                value = json_string("2026-03-22T10:05:00Z");
        law_fact(law, kind->name, value, "Dr Roux");
}

static void random_act(struct law *law, struct duty_set *set)
{
        struct obligation *duty =
                set->count ? &set->obligations[random_u64(&law->random) % set->count] : NULL;
        uint64_t dice = random_u64(&law->random) % 8;

        if (duty && dice == 0 && duty->state == OBLIGATION_STATE_DUE)
                assert_int_equal(law_file(duty, law->manual.wall_ms, "Dr Roux", ""), 0);
        if (duty && dice == 1 && duty->state == OBLIGATION_STATE_DUE)
                assert_int_equal(duty_waive(duty, "Dr Roux", "sans objet ici", NULL), 0);
}

static void assert_carried_over(const struct duty_set *before, const struct duty_set *after)
{
        assert_true(after->count >= before->count);
        for (size_t i = 0; i < before->count; i++) {
                const struct obligation *old = &before->obligations[i];
                const struct obligation *new = &after->obligations[i];

                assert_string_equal(old->id.text, new->id.text);
                if (old->state == OBLIGATION_STATE_FILED || old->state == OBLIGATION_STATE_WAIVED)
                        assert_true(obligation_equal(old, new));
        }
}

static void test_idempotent_and_nothing_is_lost(void **state)
{
        struct law *law = *state;
        CLEANUP(duty_set_release) struct duty_set set = {0};
        size_t settled = 0;

        for (unsigned round = 0; round < 600; round++) {
                struct duty_set first = {0}, second = {0};

                random_answer(law);
                random_act(law, &set);
                law->manual.wall_ms += 60000;
                assert_int_equal(duties_evaluate(&law->world, &law->incident, set.obligations, set.count,
                                                 &first, NULL),
                                 0);
                assert_int_equal(duties_evaluate(&law->world, &law->incident, first.obligations, first.count,
                                                 &second, NULL),
                                 0);
                assert_carried_over(&set, &first);
                assert_int_equal(first.count, second.count);
                for (size_t i = 0; i < first.count; i++) {
                        assert_string_equal(first.obligations[i].id.text, second.obligations[i].id.text);
                        assert_true(obligation_equal(&first.obligations[i], &second.obligations[i]));
                }
                duty_set_release(&set);
                duty_set_release(&second);
                set = first;
        }
        for (size_t i = 0; i < set.count; i++)
                settled += set.obligations[i].state == OBLIGATION_STATE_FILED;
        assert_true(settled > 0); /* the walk did meet what it is about */
}

static void test_a_retired_rule_keeps_its_duty(void **state)
{
        struct law *law = *state;
        struct obligation old = {.state = OBLIGATION_STATE_DUE, .rule = "abrogated", .legal_basis = "x"};
        struct duty_set set = {0};

        old.incident = law->incident.id;
        id_make('o', &law->clock, &law->random, &old.id);
        bitext_set(&old.title, "t", "t");
        bitext_set(&old.recipient, "t", "t");
        bitext_set(&old.why, "t", "t");
        assert_int_equal(duties_evaluate(&law->world, &law->incident, &old, 1, &set, NULL), 0);
        assert_true(obligation_equal(&old, &set.obligations[0]));
        duty_set_release(&set);
        /* Another incident's is not this one's. */
        strcpy(old.incident.text, "i_00000000000000000000000000");
        assert_int_equal(duties_evaluate(&law->world, &law->incident, &old, 1, &set, NULL), 0);
        assert_null(duty_of(&set, "abrogated"));
        duty_set_release(&set);
        obligation_release(&old);
}

#define LAW(test) cmocka_unit_test_setup_teardown(test, law_setup, law_teardown)

int main(void)
{
        const struct CMUnitTest tests[] = {
                LAW(test_nothing_known_is_possible),
                LAW(test_each_consequence_is_grave),
                LAW(test_beyond_is_significatif_and_not_grave),
                LAW(test_without_consequence_is_minor_and_voluntary),
                LAW(test_the_three_grades_exclude_each_other),
                LAW(test_a_person_decides_gravity),
                LAW(test_a_practice_may_but_need_not),
                LAW(test_without_delay_runs_from_discovery),
                LAW(test_detected_is_not_aware),
                LAW(test_cnil_both_sides),
                LAW(test_patients_are_told_at_high_risk),
                LAW(test_nis2_chain),
                LAW(test_insurance_both_sides),
                LAW(test_harm_and_essential_services),
                LAW(test_law_of_its_day),
                LAW(test_only_people_file_and_waive),
                LAW(test_a_processor_tells_and_a_notice_may_replace_letters),
                LAW(test_ongoing_is_reported_until_resolved),
                LAW(test_what_was_declared_is_said_resolved),
                LAW(test_a_declaration_goes_out_in_phases),
                LAW(test_idempotent_and_nothing_is_lost),
                LAW(test_a_retired_rule_keeps_its_duty),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
