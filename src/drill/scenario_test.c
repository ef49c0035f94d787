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
        r = scenario_read(path, &scenario, error);
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

        assert_int_equal(scenario_read(SCENARIO_DATA "/2020-03-22.yaml", &scenario, &error), 0);
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
        refused("pps: 200000", "pps: 0", "pps must be");
        refused("service: portail", "service: nobody", "no service is called nobody");
        refused("to_s: 25}", "to_s: 26}", "to_s");
        refused("capture: pkt", "capture: ../pkt", "without folders");
        refused("do: lift", "do: dance", "do");
        refused("seed:", "sead:", "sead");
        refused("new_europe: 900", "new_europe: 90000", "at most");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_the_committed_exercise_is_right),
                cmocka_unit_test(test_wrong_ones_are_refused_with_a_sentence),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
