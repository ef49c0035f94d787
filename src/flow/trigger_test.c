/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/noun_test.h"

#include <limits.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "flow/trigger.h"

/* The catalogue of data/, and an incident to put facts into. */
struct scene {
        struct catalogue catalogue;
        struct incident incident;
};

static int scene_setup(void **state)
{
        struct scene *scene = calloc(1, sizeof(*scene));
        char folder[PATH_MAX];
        struct error error = {0};

        if (paths_data("facts", folder, &error) || catalogue_load(folder, &scene->catalogue, &error)) {
                fprintf(stderr, "%s\n", error.en);
                free(scene);
                return -1;
        }
        scene->incident.open = true;
        *state = scene;
        return 0;
}

static int scene_teardown(void **state)
{
        struct scene *scene = *state;

        incident_release(&scene->incident);
        catalogue_release(&scene->catalogue);
        free(scene);
        return 0;
}

/* `value` is taken over; NULL is "je ne sais pas". */
static void set_fact(struct scene *scene, const char *name, json_t *value, const char *author)
{
        struct fact fact = {.state = value ? FACT_STATE_KNOWN : FACT_STATE_UNKNOWN, .value = value};

        strcpy(fact.name, name);
        strcpy(fact.author, author);
        assert_int_equal(catalogue_check(&scene->catalogue, &fact, NULL), 0);
        assert_int_equal(incident_set_fact(&scene->incident, &fact, NULL), 0);
        json_decref(value);
}

static struct trigger read_trigger(const struct scene *scene, const char *text)
{
        CLEANUP(yaml_release) struct yaml_file file = {0};
        struct trigger trigger = {0};
        struct error error = {0};

        assert_int_equal(yaml_read("t.yaml", text, strlen(text), &file, &error), 0);
        if (trigger_read(&file, file.root, &scene->catalogue, &trigger))
                fprintf(stderr, "%s\n", error.en);
        assert_int_equal(file.result, 0);
        return trigger;
}

static void assert_truth(struct scene *scene, const char *text, enum truth wanted, const char *support)
{
        struct trigger trigger = read_trigger(scene, text);
        struct trigger_support got;
        char names[512] = "";

        assert_int_equal(trigger_evaluate(&trigger, &scene->incident, &got), wanted);
        for (size_t i = 0; i < got.count; i++) {
                strcat(names, i ? " " : "");
                strcat(names, got.facts[i]);
        }
        assert_string_equal(names, support);
        trigger_release(&trigger);
}

#define HIT  "{is: {functioning.hit: true}}"
#define CARE "{is: {care.safety_hit: true}}"

static void test_kleene(void **state)
{
        struct scene *scene = *state;

        /* functioning.hit: true, false, unknown, against a true, a false and an unknown companion. */
        set_fact(scene, "functioning.hit", json_true(), "Mme Martin");
        set_fact(scene, "care.safety_hit", json_false(), "Mme Martin");
        assert_truth(scene, "{all: [" HIT ", " CARE "]}", TRUTH_FALSE, "care.safety_hit");
        assert_truth(scene, "{any: [" HIT ", " CARE "]}", TRUTH_TRUE, "functioning.hit");
        set_fact(scene, "care.safety_hit", NULL, "Mme Martin");
        assert_truth(scene, "{all: [" HIT ", " CARE "]}", TRUTH_UNKNOWN, "care.safety_hit");
        assert_truth(scene, "{any: [" HIT ", " CARE "]}", TRUTH_TRUE, "functioning.hit");
        assert_truth(scene, "{not: " CARE "}", TRUTH_UNKNOWN, "care.safety_hit");
        assert_truth(scene, "{known: resolved_at}", TRUTH_FALSE, "");
        assert_truth(scene, "{once: resolved_at}", TRUTH_UNKNOWN, "resolved_at");
        assert_truth(scene, "{all: [{once: resolved_at}, " HIT "]}", TRUTH_UNKNOWN, "resolved_at");
        set_fact(scene, "resolved_at", json_string("2026-03-25T08:00:00Z"), "Mme Martin");
        assert_truth(scene, "{once: resolved_at}", TRUTH_TRUE, "resolved_at");
        set_fact(scene, "functioning.hit", json_false(), "Mme Martin");
        assert_truth(scene, "{all: [" HIT ", " CARE "]}", TRUTH_FALSE, "functioning.hit");
        assert_truth(scene, "{any: [" HIT ", " CARE "]}", TRUTH_UNKNOWN, "care.safety_hit");
        assert_truth(scene, "{not: " HIT "}", TRUTH_TRUE, "functioning.hit");
}

static void test_not_asked_is_unknown_too(void **state)
{
        assert_truth(*state, HIT, TRUTH_UNKNOWN, "functioning.hit");
        assert_truth(*state, "{at_least: {attack.peak_pps: 5}}", TRUTH_UNKNOWN, "attack.peak_pps");
        assert_truth(*state, "{known: functioning.hit}", TRUTH_FALSE, "");
}

static void test_values(void **state)
{
        struct scene *scene = *state;

        set_fact(scene, "attack.peak_pps", json_integer(300000), "edge");
        assert_truth(scene, "{at_least: {attack.peak_pps: 300000}}", TRUTH_TRUE, "attack.peak_pps");
        assert_truth(scene, "{at_least: {attack.peak_pps: 300001}}", TRUTH_FALSE, "attack.peak_pps");
        assert_truth(scene, "{is: {attack.peak_pps: 300000}}", TRUTH_TRUE, "attack.peak_pps");
        set_fact(scene, "reach.area", json_string("region"), "x");
        assert_truth(scene, "{is: {reach.area: [departement, region]}}", TRUTH_TRUE, "reach.area");
        assert_truth(scene, "{is: {reach.area: nation}}", TRUTH_FALSE, "reach.area");
        assert_truth(scene, "{known: reach.area}", TRUTH_TRUE, "");
}

static void test_nobody_decided_is_no_gap(void **state)
{
        struct scene *scene = *state;

        assert_truth(scene, "{is: {gravity.decided: grave}}", TRUTH_FALSE, "");
        scene->incident.gravity = GRAVITY_GRAVE;
        strcpy(scene->incident.gravity_by, "rule");
        assert_truth(scene, "{is: {gravity.decided: grave}}", TRUTH_FALSE, "");
        assert_truth(scene, "{known: gravity.decided}", TRUTH_FALSE, "");
        strcpy(scene->incident.gravity_by, "Dr Roux");
        assert_truth(scene, "{is: {gravity.decided: grave}}", TRUTH_TRUE, "gravity.decided");
        assert_truth(scene, "{is: {gravity.decided: mineur}}", TRUTH_FALSE, "gravity.decided");
}

static void refuses(const struct scene *scene, const char *text, const char *says)
{
        CLEANUP(yaml_release) struct yaml_file file = {0};
        struct trigger trigger = {0};
        struct error error = {0};

        assert_int_equal(yaml_read("t.yaml", text, strlen(text), &file, &error), 0);
        assert_int_equal(trigger_read(&file, file.root, &scene->catalogue, &trigger), -EINVAL);
        if (!strstr(error.en, says))
                fprintf(stderr, "\"%s\" does not say \"%s\"\n", error.en, says);
        assert_non_null(strstr(error.en, says));
        assert_null(trigger.nodes);
}

static void test_faults_are_named(void **state)
{
        char deep[400] = "", wide[8000] = "{any: [";

        refuses(*state, "{some: []}", "expected one of {all");
        refuses(*state, "{all: []}", "at least one");
        refuses(*state, "{all: [" HIT "], any: [" HIT "]}", "expected one of {all");
        refuses(*state, "{is: {no.such: true}}", "no fact \"no.such\"");
        refuses(*state, "{is: {functioning.hit: oui}}", "no value of the fact");
        refuses(*state, "{is: {reach.area: [region, mars]}}", "\"mars\" is no value");
        refuses(*state, "{is: {reach.area: []}}", "1 to");
        refuses(*state, "{is: {gravity.decided: bad}}", "no gravity");
        refuses(*state, "{at_least: {reach.area: 3}}", "is no number");
        refuses(*state, "{at_least: {attack.peak_pps: beaucoup}}", "expected a number");
        refuses(*state, "{known: [a]}", "one value");
        refuses(*state, "{is: true}", "expected {fact: value}");
        refuses(*state, "{at_least: {attack.peak_pps: 5, origin: 5}}", "expected {fact: number}");
        refuses(*state, "word", "expected one of {all");
        for (int i = 0; i < 12; i++)
                strcat(deep, "{not: ");
        strcat(deep, HIT);
        for (int i = 0; i < 12; i++)
                strcat(deep, "}");
        refuses(*state, deep, "nested deeper");
        for (int i = 0; i < 63; i++)
                strcat(wide, HIT ",");
        strcat(wide, HIT "]}");
        refuses(*state, wide, "more than 64 conditions");
}

/* Each wrong condition is told, those beside it are read. */
static void test_all_faults_are_told(void **state)
{
        static const char text[] = "all:\n"
                                   "  - {is: {no.such: true}}\n"
                                   "  - {some: []}\n"
                                   "  - " HIT "\n"
                                   "  - {any: [{is: {functioning.hit: oui}}, {known: no.more}]}\n";
        const struct scene *scene = *state;
        CLEANUP(yaml_release) struct yaml_file file = {0};
        CLEANUP(faults_release) struct faults faults = {0};
        struct error error = {.faults = &faults};
        struct trigger trigger = {0};

        assert_int_equal(yaml_read("t.yaml", text, strlen(text), &file, &error), 0);
        assert_int_equal(trigger_read(&file, file.root, &scene->catalogue, &trigger), -EINVAL);
        assert_int_equal(faults.count, 4);
        assert_string_equal(faults.list[0].en,
                            "t.yaml:2: all[1].is: there is no fact \"no.such\" in the catalogue");
        assert_string_equal(faults.list[1].key, "all[2]");
        assert_string_equal(faults.list[2].en,
                            "t.yaml:5: all[4].any[1].is.functioning.hit: \"oui\" is no value of "
                            "the fact \"functioning.hit\"");
        assert_string_equal(faults.list[3].key, "all[4].any[2].known");
        assert_null(trigger.nodes);
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

int main(void)
{
        const struct CMUnitTest tests[] = {
                SCENE(test_kleene),           SCENE(test_not_asked_is_unknown_too),
                SCENE(test_values),           SCENE(test_nobody_decided_is_no_gap),
                SCENE(test_faults_are_named), SCENE(test_all_faults_are_told),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
