/* SPDX-License-Identifier: EUPL-1.2 */
/* What letters say of the past, over a real journal with the facts and rules that ship: nothing that no record shows. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "hub/letters_values.h"
#include "journal/journal.h"

#define MORNING 1584871200000LL

struct house {
        char folder[64];
        struct clock_manual manual;
        struct clock clock;
        struct catalogue catalogue;
        struct rule_set rules;
        struct config config;
        struct world world;
        struct letters_values values;
        char incident[ID_TEXT_SIZE];
};

static void open_desk(struct house *house)
{
        char path[96], key[96];
        struct id id;

        snprintf(path, sizeof(path), "%s/journal.db", house->folder);
        snprintf(key, sizeof(key), "%s/journal.key", house->folder);
        const struct journal_config journal = {
                .path = path, .key_path = key, .clock = &house->clock, .random = &random_system};
        assert_int_equal(journal_open(&journal, &house->world.journal, NULL), 0);
        const struct desk_options desk = {.journal = house->world.journal,
                                          .clock = &house->clock,
                                          .random = &random_system,
                                          .catalogue = &house->catalogue,
                                          .rules = &house->rules,
                                          .join_window_ms = 3600000,
                                          .structure_kind = "etablissement"};
        assert_int_equal(desk_new(&desk, &house->world.desk, NULL), 0);
        const struct desk_opening opening = {.kind = "leak", .subject = "", .author = "Anne Martin"};
        assert_int_equal(desk_open(house->world.desk, &opening, &id, NULL), 0);
        strcpy(house->incident, id.text);
}

static int set_up(void **state)
{
        struct house *house = calloc(1, sizeof(*house));
        struct error error = {0};
        char path[PATH_MAX];

        strcpy(house->folder, "/tmp/letters_values_test.XXXXXX");
        assert_non_null(mkdtemp(house->folder));
        house->manual = (struct clock_manual){.wall_ms = MORNING};
        house->clock = clock_manual_view(&house->manual);
        strcpy(house->config.structure.name, "Hôpital de l’exercice");
        if (paths_data("facts", path, &error) || catalogue_load(path, &house->catalogue, &error) ||
            paths_data("obligations", path, &error) ||
            rules_load(path, &house->catalogue, &house->rules, &error))
                fail_msg("%s", error.en);
        house->world = (struct world){.catalogue = &house->catalogue,
                                      .rules = &house->rules,
                                      .config = &house->config,
                                      .clock = &house->clock,
                                      .random = &random_system};
        open_desk(house);
        *state = house;
        return 0;
}

static int tear_down(void **state)
{
        struct house *house = *state;
        char command[96];

        bitext_release(&house->values.last);
        desk_free(house->world.desk);
        journal_close(house->world.journal);
        rules_release(&house->rules);
        catalogue_release(&house->catalogue);
        snprintf(command, sizeof(command), "rm -rf %s", house->folder);
        free(house);
        return system(command) ? -1 : 0;
}

/* As the incident is now. */
static const char *value(struct house *house, enum language language, const char *field)
{
        house->values.world = &house->world;
        house->values.incident = casebook_incident(desk_book(house->world.desk), house->incident);
        house->values.language = language;
        return letters_value(&house->values, field);
}

static void answer(struct house *house, const char *name, const char *typed)
{
        struct error error = {0};

        if (desk_fact(house->world.desk, house->incident, name, typed, "Anne Martin", 0, &error))
                fail_msg("%s: %s", name, error.en);
}

static void test_what_was_hit_is_what_was_answered(void **state)
{
        struct house *house = *state;

        assert_null(value(house, LANGUAGE_FR, "data.touched"));
        answer(house, "personal_data.confidentiality_hit", "non");
        answer(house, "personal_data.integrity_hit", "je ne sais pas");
        assert_null(value(house, LANGUAGE_FR, "data.touched"));
        answer(house, "personal_data.confidentiality_hit", "oui");
        answer(house, "personal_data.availability_hit", "oui");
        assert_string_equal(value(house, LANGUAGE_EN, "data.touched"),
                            "it may have been seen or taken by somebody who had no right to; it was out of "
                            "reach or lost, at least for a while");
        assert_null(value(house, LANGUAGE_FR, "structure.address"));
        assert_string_equal(value(house, LANGUAGE_FR, "structure.name"), "Hôpital de l’exercice");
}

static void file(struct house *house, const char *rule)
{
        const struct filing filing = {.by = "Anne Martin"};
        size_t count;
        const struct obligation *list =
                casebook_obligations(desk_book(house->world.desk), house->incident, &count);

        for (size_t i = 0; i < count; i++) {
                if (!strcmp(list[i].rule, rule)) {
                        assert_int_equal(desk_file(house->world.desk, list[i].id.text, &filing, "", NULL), 0);
                        return;
                }
        }
        fail_msg("no duty %s", rule);
}

/* Due is not filed; the house's own register and the persons themselves are no authority. */
static void test_told_is_who_was_told(void **state)
{
        struct house *house = *state;

        answer(house, "personal_data.confidentiality_hit", "oui");
        answer(house, "personal_data.breach_qualified_at", "2020-03-22T09:00:00Z");
        answer(house, "personal_data.risk", "eleve");
        assert_null(value(house, LANGUAGE_FR, "filings.told"));
        file(house, "rgpd-33-5-register");
        file(house, "rgpd-34");
        assert_null(value(house, LANGUAGE_FR, "filings.told"));
        file(house, "cnil-33");
        assert_string_equal(
                value(house, LANGUAGE_FR, "filings.told"),
                "Commission nationale de l’informatique et des libertés (CNIL), le dimanche 22 mars 2020 "
                "à 11 h 00 (CET)");
        answer(house, "health_data.confidentiality_hit", "oui");
        file(house, "cert-sante-grave");
        assert_non_null(
                strstr(value(house, LANGUAGE_EN, "filings.told"),
                       "Agence du numérique en santé (health CERT), on Sunday 22 March 2020 at 11:00"));
        assert_null(strstr(value(house, LANGUAGE_EN, "filings.told"), "which tells"));
        assert_non_null(strstr(value(house, LANGUAGE_EN, "filings.told"), "; "));
}

/* Asked for is not put up. */
static void test_measures_are_those_that_stood(void **state)
{
        struct house *house = *state;
        struct measure measure = {.kind = MEASURE_KIND_FENCE,
                                  .subject = "structure",
                                  .owner = "edge",
                                  .state = MEASURE_STATE_PROPOSED,
                                  .since_ms = MORNING,
                                  .until_ms = MORNING + 3600000,
                                  .actual_cost = -1,
                                  .selector = json_pack("{s:[s]}", "countries", "FR")};

        id_make('m', &house->clock, &random_system, &measure.id);
        assert_int_equal(id_parse(house->incident, 'i', &measure.incident), 0);
        assert_int_equal(bitext_set(&measure.why, "exercice", "exercise"), 0);
        assert_int_equal(desk_measure(house->world.desk, "applied", &measure, NULL), 0);
        assert_null(value(house, LANGUAGE_FR, "measures.taken"));
        measure.state = MEASURE_STATE_LIFTED;
        assert_int_equal(desk_measure(house->world.desk, "ended", &measure, NULL), 0);
        assert_string_equal(value(house, LANGUAGE_FR, "measures.taken"),
                            "1 mesure de protection du réseau, le dimanche 22 mars 2020 à 11 h 00 (CET)");
        measure_release(&measure);
}

/* What was answered for the incident, then the officer, then the address; then nobody. */
static void test_whom_to_ask(void **state)
{
        struct house *house = *state;

        assert_null(value(house, LANGUAGE_FR, "contact"));
        assert_null(value(house, LANGUAGE_FR, "declarant.contact"));
        strcpy(house->config.structure.address, "1 quai des Essais, 29200 Brest");
        assert_string_equal(value(house, LANGUAGE_EN, "contact"),
                            "by post, Hôpital de l’exercice, 1 quai des Essais, 29200 Brest");
        strcpy(house->config.people.dpo.name, "Denise Petit");
        assert_non_null(strstr(value(house, LANGUAGE_FR, "contact"), "par courrier"));
        strcpy(house->config.people.dpo.phone, "02 00 00 00 00");
        assert_string_equal(value(house, LANGUAGE_FR, "contact"),
                            "le délégué à la protection des données, Denise Petit, 02 00 00 00 00");
        answer(house, "personal_data.contact", "le secrétariat, 02 99 99 99 99");
        assert_string_equal(value(house, LANGUAGE_FR, "contact"), "le secrétariat, 02 99 99 99 99");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_what_was_hit_is_what_was_answered, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_told_is_who_was_told, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_measures_are_those_that_stood, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_whom_to_ask, set_up, tear_down),
        };

        setenv("TZ", "Europe/Paris", 1);
        return cmocka_run_group_tests(tests, NULL, NULL);
}
