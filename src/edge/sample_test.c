/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct shield_sample sound(void)
{
        struct shield_sample sample = {.version = SHIELD_VERSION, .size = sizeof(sample), .weight = 32};

        sample.features.service = SHIELD_SERVICES - 1;
        sample.features.class_ = SHIELD_CLASS_COUNT - 1;
        sample.slot = SHIELD_NO_SLOT;
        sample.verdict = SHIELD_CHALLENGED;
        sample.known = 1;
        return sample;
}

static void a_sound_record_is_copied(void **state)
{
        struct shield_sample sample = sound(), copy = {};

        assert_true(sample_read(&sample, sizeof(sample), &copy));
        assert_memory_equal(&sample, &copy, sizeof(sample));
        sample.slot = SHIELD_SLOTS - 1;
        assert_true(sample_read(&sample, sizeof(sample), &copy));
}

static void other_lengths_are_refused(void **state)
{
        struct shield_sample samples[2] = {sound(), sound()}, copy;

        for (size_t length = 0; length < sizeof(samples); length++)
                assert_int_equal(sample_read(samples, length, &copy), length == sizeof(copy));
}

static void every_field_is_checked(void **state)
{
        struct shield_sample bad[9], copy = {.weight = 77};

        for (int i = 0; i < 9; i++)
                bad[i] = sound();
        bad[0].version++;
        bad[1].size--;
        bad[2].weight = 0;
        bad[3].features.service = SHIELD_SERVICES;
        bad[4].features.class_ = SHIELD_CLASS_COUNT;
        bad[5].known = 2;
        bad[6].verdict = SHIELD_CHALLENGED + 1;
        bad[7].slot = SHIELD_SLOTS;
        bad[8].pad[4] = 1;
        for (int i = 0; i < 9; i++) {
                assert_false(sample_read(&bad[i], sizeof(bad[i]), &copy));
                assert_int_equal(copy.weight, 77);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_sound_record_is_copied),
                cmocka_unit_test(other_lengths_are_refused),
                cmocka_unit_test(every_field_is_checked),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
