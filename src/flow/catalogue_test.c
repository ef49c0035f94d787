/* SPDX-License-Identifier: EUPL-1.2 */
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
#include "base/faults.h"
#include "base/paths.h"
#include "flow/catalogue.h"

static struct clock_manual now = {.wall_ms = 1584871500000}; /* 2020-03-22T10:05:00Z */

static int load(void **state)
{
        static struct catalogue catalogue;
        char folder[PATH_MAX];
        struct error error = {0};

        if (paths_data("facts", folder, &error) || catalogue_load(folder, &catalogue, &error)) {
                fprintf(stderr, "%s\n", error.en);
                return -1;
        }
        *state = &catalogue;
        return 0;
}

static int unload(void **state)
{
        catalogue_release(*state);
        return 0;
}

static void answers(void **state, const char *name, const char *typed, const char *value, const char *fr)
{
        struct clock clock = clock_manual_view(&now);
        struct error error = {0};
        struct fact fact = {0};
        struct bitext text = BITEXT_INIT;
        int r = catalogue_answer(*state, name, typed, "Mme Martin", 0, &clock, &fact, &error);

        if (r)
                fprintf(stderr, "%s\n", error.en);
        assert_int_equal(r, 0);
        char *dumped = fact.value ? json_dumps(fact.value, JSON_ENCODE_ANY) : strdup("unknown");
        assert_string_equal(dumped, value);
        assert_int_equal(fact_text(catalogue_find(*state, name), &fact, &text), 0);
        assert_string_equal(text.fr, fr);
        assert_true(text.en[0] != '\0');
        bitext_release(&text);
        fact_release(&fact);
        free(dumped);
}

static void refuses(void **state, const char *name, const char *typed, const char *author, const char *says)
{
        struct clock clock = clock_manual_view(&now);
        struct error error = {0};
        struct fact fact = {0};

        assert_int_equal(catalogue_answer(*state, name, typed, author, 0, &clock, &fact, &error), -EINVAL);
        if (!strstr(error.en, says))
                fprintf(stderr, "\"%s\" does not say \"%s\"\n", error.en, says);
        assert_non_null(strstr(error.en, says));
        assert_null(fact.value);
}

static void test_answers_as_people_type_them(void **state)
{
        answers(state, "care.safety_hit", "Oui", "true", "oui");
        answers(state, "care.safety_hit", "no", "false", "non");
        answers(state, "personal_data.persons_count", "1 234", "1234", "1\u202f234\u00a0personnes");
        answers(state, "personal_data.persons_count", "1\u202f234\u00a0567", "1234567",
                "1\u202f234\u202f567\u00a0personnes");
        answers(state, "attack.peak_pps", "2,5", "2.5", "2,50\u00a0paquets par seconde");
        answers(state, "origin", "acte malveillant", "\"malveillante\"", "acte malveillant");
        answers(state, "personal_data.risk", "a high risk", "\"eleve\"", "un risque élevé");
        answers(state, "reach.area", "region", "\"region\"", "la région");
        answers(state, "started_at", "2020-03-22 11:05", "\"2020-03-22T10:05:00.000Z\"",
                "dimanche 22 mars 2020 à 11 h 05 (CET)");
        answers(state, "started_at", "2020-08-01T09:00:00Z", "\"2020-08-01T09:00:00.000Z\"",
                "samedi 1er août 2020 à 11 h 00 (CEST)");
        answers(state, "description", "Le portail ne répond plus.", "\"Le portail ne répond plus.\"",
                "Le portail ne répond plus.");
}

static void test_unknown_is_always_an_answer(void **state)
{
        const struct catalogue *catalogue = *state;

        for (size_t i = 0; i < catalogue->count; i++)
                answers(state, catalogue->kinds[i].name, "je ne sais pas", "unknown",
                        "je ne sais pas (inconnu à ce stade)");
        answers(state, "origin", "?", "unknown", "je ne sais pas (inconnu à ce stade)");
}

static void test_refusals_say_what_would_be_right(void **state)
{
        refuses(state, "care.safety_hit", "peut-être", "Mme Martin", "yes or no");
        refuses(state, "origin", "martiens", "Mme Martin", "malveillante (“");
        refuses(state, "personal_data.risk", "very high", "Mme Martin",
                "eleve (“a high risk”), or \"unknown\"");
        refuses(state, "attack.peak_pps", "-1", "Mme Martin", "a number of at least 0");
        refuses(state, "attack.peak_pps", "beaucoup", "Mme Martin", "number");
        refuses(state, "attack.peak_pps", "nan", "Mme Martin", "number");
        refuses(state, "started_at", "hier", "Mme Martin", "2020-03-22 11:05");
        refuses(state, "started_at", "2020-02-30 10:00", "Mme Martin", "a time");
        refuses(state, "no.such.fact", "oui", "Mme Martin", "there is no fact \"no.such.fact\"; the list");
        refuses(state, "personal_data.risc", "oui", "Mme Martin", "\"personal_data.risk\" perhaps?");
        refuses(state, "risk", "oui", "Mme Martin", "\"personal_data.risk\" perhaps?");
        refuses(state, "care.safety_hit", "", "Mme Martin", "yes or no");
        refuses(state, "care.safety_hit", "oui", "", "who answers");
}

static void test_some_facts_need_a_person(void **state)
{
        struct fact fact = {
                .name = "personal_data.breach_qualified_at", .state = FACT_STATE_KNOWN, .author = "edge"};

        refuses(state, "personal_data.breach_qualified_at", "2020-03-22 11:05", "edge", "named person");
        fact.value = json_string("2020-03-22T10:05:00.000Z");
        assert_int_equal(catalogue_check(*state, &fact, NULL), -EINVAL);
        strcpy(fact.author, "Dr Roux");
        assert_int_equal(catalogue_check(*state, &fact, NULL), 0);
        json_decref(fact.value);
        assert_false(author_is_person("garde-hub"));
        assert_false(author_is_person(""));
        assert_true(author_is_person("Mme Martin"));
        assert_string_equal(author_label("Mme Martin", LANGUAGE_EN), "Mme Martin");
        assert_string_equal(author_label("edge", LANGUAGE_FR), "Garde");
        assert_string_equal(author_label("person", LANGUAGE_FR), "signalement");
        assert_string_equal(author_label("config", LANGUAGE_EN), "settings");
}

static void test_types_are_checked(void **state)
{
        struct fact fact = {.name = "care.safety_hit", .state = FACT_STATE_KNOWN, .author = "edge"};

        fact.value = json_string("oui");
        assert_int_equal(catalogue_check(*state, &fact, NULL), -EINVAL);
        json_decref(fact.value);
        strcpy(fact.name, "nobody.knows");
        fact.value = json_true();
        assert_int_equal(catalogue_check(*state, &fact, NULL), -EINVAL);
}

/* What is right in a file that fails is known, so that other files are not blamed for it. */
static void test_a_file_that_fails_leaves_what_is_right(void **state)
{
        static const char text[] =
                "facts:\n"
                "  - {name: new.one, type: boolean, label: {fr: a, en: a}, question: {fr: "
                "a, en: a}, who: {fr: a, en: a}}\n"
                "  - {name: new.two, type: boolean, label: {fr: a, en: a}, question: {fr: "
                "a, en: a}, who: {fr: a}}\n"
                "  - {name: new.one, type: boolean, label: {fr: a, en: a}, question: {fr: "
                "a, en: a}, who: {fr: a, en: a}}\n"
                "  - {name: new.three, type: bolean, label: {fr: a, en: a}, question: {fr: "
                "a, en: a}, who: {fr: a, en: a}}\n";
        CLEANUP(faults_release) struct faults faults = {0};
        CLEANUP(catalogue_release) struct catalogue catalogue = {0};
        struct error error = {.faults = &faults};

        assert_int_equal(catalogue_read("x.yaml", text, strlen(text), &catalogue, &error), -EINVAL);
        assert_int_equal(faults.count, 3);
        assert_string_equal(faults.list[0].en, "x.yaml:3: facts[2].who.en: this key is missing");
        assert_string_equal(faults.list[1].key, "facts[3]");
        assert_string_equal(faults.list[2].key, "facts[4].type");
        assert_int_equal(catalogue.count, 2);
        assert_non_null(catalogue_find(&catalogue, "new.one"));
        assert_non_null(catalogue_find(&catalogue, "new.two"));
}

static void test_questions_are_questions_in_both_languages(void **state)
{
        const struct catalogue *catalogue = *state;

        for (size_t i = 0; i < catalogue->count; i++) {
                const struct fact_kind *kind = &catalogue->kinds[i];

                /* A word on how to answer may follow. */
                assert_non_null(strchr(kind->question.fr, '?'));
                assert_non_null(strchr(kind->question.en, '?'));
                assert_string_not_equal(kind->question.fr, kind->question.en);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_answers_as_people_type_them),
                cmocka_unit_test(test_unknown_is_always_an_answer),
                cmocka_unit_test(test_refusals_say_what_would_be_right),
                cmocka_unit_test(test_some_facts_need_a_person),
                cmocka_unit_test(test_types_are_checked),
                cmocka_unit_test(test_a_file_that_fails_leaves_what_is_right),
                cmocka_unit_test(test_questions_are_questions_in_both_languages),
        };

        setenv("TZ", "Europe/Paris", 1);
        return cmocka_run_group_tests(tests, load, unload);
}
