/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/law_test.h"

#include "obligation/declaration_data.h"

static const struct house house = {
        .structure_name = "CH de la Vallée",
        .structure_finess = "750000001",
        .declarant_name = "Mme Martin",
        .declarant_phone = "",
        .dpo_name = "Dr Roux",
};

static void fill_as(struct law *law, const struct duty_set *set, const char *rule, enum filing_phase phase,
                    const struct measure *measures, size_t count, struct form *form)
{
        struct declaration_input input = {
                .rule = rules_find(&law->rules, rule),
                .obligation = duty_of(set, rule),
                .phase = phase,
                .incident = &law->incident,
                .measures = measures,
                .measure_count = count,
                .house = &house,
                .catalogue = &law->catalogue,
                .clock = &law->clock,
        };

        assert_non_null(input.rule);
        assert_non_null(input.obligation);
        form_release(form);
        assert_int_equal(declaration_fill(&input, form, NULL), 0);
}

static void fill(struct law *law, const struct duty_set *set, const char *rule,
                 const struct measure *measures, size_t count, struct form *form)
{
        fill_as(law, set, rule, PHASE_AS_IT_STANDS, measures, count, form);
}

static const struct form_field *field_of(const struct form *form, const char *key)
{
        for (size_t i = 0; i < form->section_count; i++)
                for (size_t j = 0; j < form->sections[i].field_count; j++)
                        if (!strcmp(form->sections[i].fields[j].key, key))
                                return &form->sections[i].fields[j];
        return NULL;
}

static void assert_never_blank(const struct form *form)
{
        size_t fields = 0;

        assert_true(form->title.fr[0] && form->title.en[0] && form->recipient.fr[0] && form->standing.fr[0] &&
                    form->standing.en[0] && form->why.fr[0] && form->legal_basis[0]);
        for (size_t i = 0; i < form->section_count; i++) {
                const struct form_section *section = &form->sections[i];

                assert_true(section->key[0] && section->title.fr[0] && section->title.en[0]);
                fields += section->field_count;
                for (size_t j = 0; j < section->field_count; j++) {
                        assert_true(section->fields[j].label.fr[0] && section->fields[j].label.en[0]);
                        assert_true(section->fields[j].value.fr[0] && section->fields[j].value.en[0]);
                }
        }
        assert_int_equal(fields, form->known_count + form->unknown_count + form->not_asked_count);
        for (size_t i = 0; i < form->channel_count; i++)
                assert_true(form->channels[i].note.fr[0] != '\0');
}

static void test_every_form_is_never_blank(void **state)
{
        struct law *law = *state;
        CLEANUP(duty_set_release) struct duty_set set = {0};
        CLEANUP(form_release) struct form form = {0};

        law_evaluate(law, &set);
        /* Nothing was declared yet that could be said resolved: that notice alone is not in question. */
        assert_int_equal(set.count, law->rules.count - 1);
        for (size_t i = 0; i < law->rules.count; i++) {
                if (!strcmp(law->rules.rules[i].id, "cert-sante-resolu"))
                        continue;
                fill(law, &set, law->rules.rules[i].id, NULL, 0, &form);
                assert_never_blank(&form);
                assert_string_equal(form.rule, law->rules.rules[i].id);
        }
}

static void test_values_say_what_is_known(void **state)
{
        struct law *law = *state;
        CLEANUP(duty_set_release) struct duty_set set = {0};
        CLEANUP(form_release) struct form form = {0};

        law_yes(law, "functioning.hit");
        law_fact(law, "care.safety_hit", NULL, "Mme Martin");
        law_fact(law, "detected_at", json_string("2026-03-22T10:05:00Z"), "edge");
        law_fact(law, "attack.peak_pps", json_integer(300000), "edge");
        law_evaluate(law, &set);
        fill(law, &set, "cert-sante-grave", NULL, 0, &form);
        assert_string_equal(field_of(&form, "functioning.hit")->value.fr, "oui");
        assert_string_equal(field_of(&form, "functioning.hit")->author, "Mme Martin");
        assert_int_equal(field_of(&form, "care.safety_hit")->state, FACT_STATE_UNKNOWN);
        assert_string_equal(field_of(&form, "care.safety_hit")->value.fr,
                            "je ne sais pas (inconnu à ce stade)");
        assert_int_equal(field_of(&form, "care.safety_at_risk")->state, FACT_STATE_NOT_ASKED);
        assert_non_null(strstr(field_of(&form, "care.safety_at_risk")->value.fr, "inconnu à ce stade"));
        assert_string_equal(field_of(&form, "detected_at")->value.fr,
                            "dimanche 22 mars 2026 à 11 h 05 (CET)");
        assert_non_null(strstr(field_of(&form, "attack.peak_pps")->value.fr, "300\u202f000"));
        assert_string_equal(field_of(&form, "structure.name")->value.fr, "CH de la Vallée");
        assert_int_equal(field_of(&form, "declarant.phone")->state, FACT_STATE_NOT_ASKED);
        assert_non_null(strstr(field_of(&form, "declarant.phone")->value.fr, "à compléter"));
        assert_string_equal(field_of(&form, "incident.state")->value.fr, "en cours");
        assert_non_null(strstr(field_of(&form, "measures.taken")->value.fr, "aucune mesure"));
        assert_string_equal(form.standing.fr,
                            "À faire sans délai, depuis le dimanche 22 mars 2026 à 11 h 05 (CET).");
        law_fact(law, "resolved_at", json_string("2026-03-22T11:05:00Z"), "Mme Martin");
        fill(law, &set, "cert-sante-grave", NULL, 0, &form);
        assert_string_equal(field_of(&form, "incident.state")->value.fr, "résolu");
}

static void test_measures_are_told_and_counted(void **state)
{
        struct law *law = *state;
        CLEANUP(duty_set_release) struct duty_set set = {0};
        CLEANUP(form_release) struct form form = {0};
        struct measure measures[25] = {0};

        for (size_t i = 0; i < 25; i++) {
                measures[i].state = MEASURE_STATE_LIFTED;
                measures[i].since_ms = LAW_NOW_MS;
                measures[i].dropped = 1000 + i;
                strcpy(measures[i].subject, "portail");
                bitext_set(&measures[i].why, "Paquets de même forme", "Packets of one shape");
        }
        measures[0].state = MEASURE_STATE_PROPOSED;
        measures[1].state = MEASURE_STATE_REFUSED;
        law_yes(law, "functioning.hit");
        law_evaluate(law, &set);
        fill(law, &set, "cert-sante-grave", measures, 25, &form);
        const char *text = field_of(&form, "measures.taken")->value.fr;
        assert_null(strstr(text, "1000 paquets"));
        assert_null(strstr(text, "1001 paquets"));
        assert_non_null(strstr(
                text,
                "Paquets de même forme (portail, depuis le dimanche 22 mars 2026 à 11 h 05 (CET), levée, "
                "1" NNBSP "002 paquets bloqués)"));
        assert_non_null(strstr(text, "\n— et 3 autres"));
        for (size_t i = 0; i < 25; i++)
                measure_release(&measures[i]);
}

static void test_cnil_in_phases_and_late(void **state)
{
        struct law *law = *state;
        CLEANUP(duty_set_release) struct duty_set set = {0};
        CLEANUP(form_release) struct form form = {0};

        law_yes(law, "personal_data.availability_hit");
        law_evaluate(law, &set);
        fill(law, &set, "cnil-33", NULL, 0, &form);
        assert_string_equal(form.standing.fr, "Due ; le délai n’a pas commencé à courir.");
        assert_int_equal(field_of(&form, "obligation.aware")->state, FACT_STATE_NOT_ASKED);
        assert_string_equal(field_of(&form, "obligation.phase")->value.fr,
                            "notification initiale, à compléter");
        law_fact(law, "personal_data.breach_qualified_at", json_string("2026-03-22T10:05:00Z"), "Dr Roux");
        law_evaluate(law, &set);
        fill(law, &set, "cnil-33", NULL, 0, &form);
        /* The clocks went to summer time on the 29th, not within these three days. */
        assert_string_equal(form.standing.fr, "À faire avant le mercredi 25 mars 2026 à 11 h 05 (CET).");
        assert_non_null(strstr(field_of(&form, "obligation.delay")->value.fr, "dans le délai"));
        law->manual.wall_ms += 73 * 3600000LL;
        fill(law, &set, "cnil-33", NULL, 0, &form);
        assert_string_equal(form.standing.fr,
                            "En retard : elle était due le mercredi 25 mars 2026 à 11 h 05 (CET).");
        assert_non_null(strstr(field_of(&form, "obligation.delay")->value.fr, "motifs du retard"));
}

/* What was learnt since the first one is news in the second; a paper of a phase that cannot go out yet is refused. */
static void test_a_paper_for_each_phase(void **state)
{
        struct law *law = *state;
        CLEANUP(duty_set_release) struct duty_set set = {0};
        CLEANUP(form_release) struct form form = {0};
        struct obligation *duty;
        struct declaration_input early = {.phase = FILING_PHASE_CLOSING};
        struct error error = {0};

        law_yes(law, "personal_data.availability_hit");
        law_fact(law, "personal_data.breach_qualified_at", json_string("2026-03-22T10:05:00Z"), "Dr Roux");
        law_evaluate(law, &set);
        duty = (struct obligation *)duty_of(&set, "cnil-33");
        early.obligation = duty;
        assert_int_equal(declaration_fill(&early, &form, &error), -EINVAL);
        assert_non_null(strstr(error.en, "nothing was filed yet"));
        fill_as(law, &set, "cnil-33", FILING_PHASE_INITIAL, NULL, 0, &form);
        assert_true(form.pending);
        assert_string_equal(form.phase_text.fr, "Déclaration initiale.");
        assert_int_equal(law_file(duty, LAW_NOW_MS, "Dr Roux", "CNIL-1"), 0);

        law->manual.wall_ms += 3600000;
        law_fact(law, "personal_data.nature", json_string("Une boîte lue"), "Dr Roux");
        fill_as(law, &set, "cnil-33", FILING_PHASE_COMPLEMENT, NULL, 0, &form);
        assert_true(form.pending);
        assert_string_equal(form.phase_text.fr,
                            "Déclaration complémentaire, à la suite de celle du dimanche 22 mars 2026 à "
                            "11 h 05 (CET) (reçu CNIL-1).");
        assert_true(field_of(&form, "personal_data.nature")->news);
        assert_false(field_of(&form, "personal_data.availability_hit")->news);
        assert_string_equal(field_of(&form, "obligation.phase")->value.fr,
                            "notification complémentaire, à compléter encore");
        fill_as(law, &set, "cnil-33", FILING_PHASE_CLOSING, NULL, 0, &form);
        assert_true(form.pending);
        assert_string_equal(field_of(&form, "obligation.phase")->value.en,
                            "closing notification; some answers remain unknown");
        fill(law, &set, "cnil-33", NULL, 0, &form);
        assert_false(form.pending);
        assert_int_equal(form.phase, FILING_PHASE_INITIAL);
        assert_false(field_of(&form, "personal_data.nature")->news);
}

static void test_filed_waived_and_voluntary_say_so(void **state)
{
        struct law *law = *state;
        CLEANUP(duty_set_release) struct duty_set set = {0};
        CLEANUP(form_release) struct form form = {0};

        law->incident.gravity = GRAVITY_MINOR;
        strcpy(law->incident.gravity_by, "Dr Roux");
        law_evaluate(law, &set);
        fill(law, &set, "cert-sante-mineur", NULL, 0, &form);
        assert_non_null(strstr(form.standing.fr, "volontaire"));
        assert_string_equal(field_of(&form, "incident.gravity")->value.fr, "mineur");
        assert_int_equal(law_file((struct obligation *)duty_of(&set, "cert-sante-mineur"), LAW_NOW_MS,
                                  "Mme Martin", ""),
                         0);
        fill(law, &set, "cert-sante-mineur", NULL, 0, &form);
        assert_string_equal(form.standing.fr,
                            "Faite le dimanche 22 mars 2026 à 11 h 05 (CET) par Mme Martin.");
        assert_int_equal(duty_waive((struct obligation *)duty_of(&set, "cnil-33"), "Dr Roux",
                                    "Aucune donnée 100 % sûr", NULL),
                         0);
        fill(law, &set, "cnil-33", NULL, 0, &form);
        assert_string_equal(form.standing.fr, "Écartée par décision : Aucune donnée 100 % sûr (Dr Roux).");
}

static void test_old_addresses_are_stale(void **state)
{
        struct law *law = *state;
        CLEANUP(duty_set_release) struct duty_set set = {0};
        CLEANUP(form_release) struct form form = {0};

        law_evaluate(law, &set);
        fill(law, &set, "cert-sante-grave", NULL, 0, &form);
        assert_string_equal(form.channels[0].target, "https://signalement.social-sante.gouv.fr");
        assert_false(form.channels[0].stale);
        fill(law, &set, "cnil-33", NULL, 0, &form);
        assert_true(form.channels[0].stale); /* nobody has checked it */
        law->manual.wall_ms += 5LL * 365 * 86400000;
        fill(law, &set, "cert-sante-grave", NULL, 0, &form);
        assert_true(form.channels[0].stale);
}

#define LAW(test) cmocka_unit_test_setup_teardown(test, law_setup, law_teardown)

int main(void)
{
        const struct CMUnitTest tests[] = {
                LAW(test_every_form_is_never_blank),     LAW(test_values_say_what_is_known),
                LAW(test_measures_are_told_and_counted), LAW(test_cnil_in_phases_and_late),
                LAW(test_a_paper_for_each_phase),        LAW(test_filed_waived_and_voluntary_say_so),
                LAW(test_old_addresses_are_stale),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
