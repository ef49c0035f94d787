/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/faults.h"
#include "base/file.h"
#include "drill/scenario.h"

/* The committed exercise with one piece of it replaced. */
static int read_changed(const char *from, const char *to, struct error *error)
{
        struct buffer text = BUFFER_INIT(1 << 20);
        struct scenario *scenario = NULL;
        char path[] = "/tmp/scenario-XXXXXX", *data, *at;
        size_t length;
        int fd = mkstemp(path), r;

        assert_true(fd >= 0);
        close(fd);
        assert_int_equal(file_read(SCENARIO_DATA "/2020-03-22.yaml", 1 << 20, &data, &length, NULL), 0);
        at = strstr(data, from);
        assert_non_null(at);
        buffer_append(&text, data, (size_t)(at - data));
        buffer_text(&text, to);
        buffer_text(&text, at + strlen(from));
        assert_int_equal(file_write_atomic(path, text.data, text.length, 0600, NULL), 0);
        r = scenario_load(path, &scenario, error);
        scenario_free(scenario);
        buffer_release(&text);
        free(data);
        unlink(path);
        return r;
}

static void test_the_committed_exercise_is_right(void **state)
{
        struct scenario *scenario;
        struct error error = {0};
        uint64_t pps = 0;

        assert_int_equal(scenario_load(SCENARIO_DATA "/2020-03-22.yaml", &scenario, &error), 0);
        assert_string_equal(scenario->name, "2020-03-22");
        assert_int_equal(scenario->service_count, 2);
        assert_int_equal(scenario->waves[2].service_index, 1);
        assert_int_equal(scenario->services[0].addr_v4.bytes[0], 203);
        assert_int_equal(scenario->steps[0].act, SCENARIO_THROTTLE);
        for (unsigned i = 0; i < scenario->wave_count; i++)
                if (scenario->waves[i].from_s == 0)
                        pps += scenario->waves[i].pps;
        assert_true(pps >= 300000);
        scenario_free(scenario);
}

static void refused(const char *from, const char *to, const char *sentence)
{
        struct error error = {0};

        assert_int_equal(read_changed(from, to, &error), -EINVAL);
        if (!strstr(error.en, sentence))
                fprintf(stderr, "# %s\n", error.en);
        assert_non_null(strstr(error.en, sentence));
}

static void test_wrong_ones_are_refused_with_a_sentence(void **state)
{
        refused("v4: 203.0.113.10", "v4: 203.0.113", "v4");
        refused("calm_s: 24", "calm_s: 0", "calm_s");
        refused("pps: 200000", "pps: 0", "waves[1].pps: expected a number from 1 to 2000000");
        refused("pps: 200000", "pps: 1.5", "waves[1].pps: expected a whole number");
        refused("service: portail", "service: nobody", "no service is called nobody");
        refused("to_s: 25}", "to_s: 26}", "to_s");
        refused("capture: pkt", "capture: ../pkt", "without folders");
        refused("[FR, FR", "[FR, France", "europe[2]: expected a country code");
        refused("answers:", "answrs:", "answers: this key is missing");
        refused("do: lift", "do: dance", "do");
        refused("seed:", "sead:", "seed: this key is missing");
        refused("new_europe: 900", "new_europe: 19000", "the clients of all classes are at most 20000");
}

/* Each fault with its place; what a person answers must be a fact that somebody asks for. */
static void test_all_faults_are_told(void **state)
{
        static const char text[] = "name: x\n"
                                   "title: {fr: a, en: b}\n"
                                   "seed: 1\n"
                                   "calm_s: 0\n"
                                   "attack_s: 25\n"
                                   "reopen_s: 81\n"
                                   "services: [{name: a, v4: 203.0.113, v6: \"2001:db8::1\", port: 0}]\n"
                                   "crowd: {}\n"
                                   "waves: []\n"
                                   "as_in_2020: [{at_s: 4, after_s: 0, do: dance, pps: 0, countries: []}]\n"
                                   "answers: [{at_s: 9, fact: no.such, value: oui}]\n";
        static const char *const places[] = {"calm_s",
                                             "reopen_s",
                                             "services[1].v4",
                                             "services[1].port",
                                             "crowd.requests_per_second",
                                             "crowd.known_europe",
                                             "crowd.known_elsewhere",
                                             "crowd.new_europe",
                                             "crowd.new_elsewhere",
                                             "crowd.v6_percent",
                                             "crowd.second_service_percent",
                                             "crowd.europe",
                                             "crowd.elsewhere",
                                             "waves",
                                             "as_in_2020[1].do",
                                             "answers[1].fact"};
        CLEANUP(faults_release) struct faults faults = {0};
        struct error error = {.faults = &faults};
        struct catalogue none = {0};
        struct scenario *scenario = NULL;

        assert_int_equal(scenario_read("x.yaml", text, strlen(text), &none, &scenario, &error), -EINVAL);
        assert_null(scenario);
        assert_int_equal(faults.count, ARRAY_LEN(places));
        for (size_t i = 0; i < faults.count; i++)
                assert_string_equal(faults.list[i].key, places[i]);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_the_committed_exercise_is_right),
                cmocka_unit_test(test_wrong_ones_are_refused_with_a_sentence),
                cmocka_unit_test(test_all_faults_are_told),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
