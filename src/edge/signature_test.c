/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/signature.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

static struct shield_features reply(void)
{
        return (struct shield_features){
                .protocol = 17,
                .ttl = 58,
                .country = 7,
                .marks = SHIELD_MARK_LOW_SOURCE_PORT,
                .source_port = 389,
                .dest_port = 40000,
                .length = 1200,
                .class_ = SHIELD_CLASS_UDP,
                .payload = {0x30, 0x84, 0, 0, 0x0b, 0xb8, 2, 1},
                .ip_id = 99,
        };
}

static void test_any_matches_all(void **state)
{
        struct shield_signature any = signature_any();
        struct shield_features features = reply();

        assert_true(signature_match(&any, &features));
        assert_int_equal(signature_conditions(&any), 0);
}

/* Every facet: required at its own value it matches, and no longer when the value is another. */
static void test_every_facet_holds_and_fails(void **state)
{
        for (enum signature_facet n = 0; n < SIGNATURE_FACET_COUNT; n++) {
                struct shield_features features = reply();
                struct shield_signature yes = signature_any(), no = signature_any();
                uint64_t value = signature_facet_value(n, &features), low, high;

                signature_require(&yes, n, value, value);
                signature_require(&no, n, value ^ 1, value ^ 1);
                assert_true(signature_match(&yes, &features));
                assert_false(signature_match(&no, &features));
                assert_true(signature_speaks(&yes, n, &low, &high));
                assert_true(low == value && high == value);
                assert_true(signature_covers(&yes, &yes));
                assert_false(signature_covers(&yes, &no));
        }
}

static void test_ranges_narrow_only(void **state)
{
        struct shield_signature signature = signature_any(), wide = signature_any();
        struct shield_features features = reply();
        uint64_t low, high;

        signature_require(&wide, SIGNATURE_LENGTH, 1000, 1300);
        signature = wide;
        signature_require(&signature, SIGNATURE_LENGTH, 900, 1250);
        assert_true(signature_speaks(&signature, SIGNATURE_LENGTH, &low, &high));
        assert_int_equal(low, 1000);
        assert_int_equal(high, 1250);
        assert_true(signature_match(&signature, &features));
        features.length = 1251;
        assert_false(signature_match(&signature, &features));
        assert_true(signature_covers(&wide, &signature));
        assert_false(signature_covers(&signature, &wide));
}

static struct shield_signature chance(const struct random *random, const struct shield_features *features)
{
        struct shield_signature signature = signature_any();

        for (enum signature_facet n = 0; n < SIGNATURE_FACET_COUNT; n++) {
                uint64_t value = signature_facet_value(n, features), dice = random_u64(random) % 4;

                if (dice == 0)
                        signature_require(&signature, n, value, value);
                else if (dice == 1 && signature_facet_is_range(n))
                        signature_require(&signature, n, value > 9 ? value - 9 : 0,
                                          value < 200 ? value + 9 : value);
        }
        return signature;
}

/* What covers two signatures matches whatever either matches; JSON gives the same signature back. */
static void test_general_and_json_hold_for_any_signature(void **state)
{
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 1);

        for (unsigned n = 0; n < 2000; n++) {
                struct shield_features one, other;
                random_fill(&random, &one, sizeof(one));
                random_fill(&random, &other, sizeof(other));
                one.class_ %= SHIELD_CLASS_COUNT;
                other.class_ %= SHIELD_CLASS_COUNT;
                one.country = other.country = 0;
                struct shield_signature a = chance(&random, &one), b = chance(&random, &other), back;
                struct shield_signature both = signature_general(&a, &b);

                assert_true(signature_match(&a, &one) && signature_match(&b, &other));
                assert_true(signature_match(&both, &one) && signature_match(&both, &other));
                assert_true(signature_covers(&both, &a) && signature_covers(&both, &b));
                uint64_t low, high;
                if (!signature_conditions(&a) || signature_speaks(&a, SIGNATURE_COUNTRY, &low, &high))
                        continue;
                json_t *json = signature_to_json(&a, NULL, NULL);
                assert_int_equal(signature_from_json(json, NULL, NULL, &back, NULL), 0);
                assert_memory_equal(&a, &back, sizeof(a));
                json_decref(json);
        }
}

static void test_json_refuses_what_it_does_not_know(void **state)
{
        static const char *const bad[] = {
                "{}",
                "[]",
                "{\"colour\":1}",
                "{\"ttl\":256}",
                "{\"ttl\":-1}",
                "{\"ttl\":[9,3]}",
                "{\"ttl\":[1,2,3]}",
                "{\"class\":\"tcpp\"}",
                "{\"class\":1}",
                "{\"payload_4\":\"0011\"}",
                "{\"payload_2\":17}",
                "{\"served_port\":1}",
                "{\"window\":[1,2]}",
                "{\"country\":\"FR\"}",
                "{\"dest_port\":\"80\"}",
        };

        for (size_t n = 0; n < sizeof(bad) / sizeof(bad[0]); n++) {
                struct error error = {0};
                struct shield_signature signature;
                json_t *json = json_loads(bad[n], 0, NULL);

                assert_non_null(json);
                assert_int_equal(signature_from_json(json, NULL, NULL, &signature, &error), -EINVAL);
                assert_true(error.en[0]);
                json_decref(json);
        }
}

static void test_words_in_both_languages(void **state)
{
        struct shield_signature signature = signature_any();
        char text[256];

        signature_require(&signature, SIGNATURE_CLASS, SHIELD_CLASS_UDP, SHIELD_CLASS_UDP);
        signature_require(&signature, SIGNATURE_PROTOCOL, 17, 17);
        signature_require(&signature, SIGNATURE_SOURCE_PORT, 37810, 37810);
        signature_require(&signature, SIGNATURE_LENGTH, 700, 820);
        signature_say(&signature, true, NULL, NULL, text, sizeof(text));
        assert_string_equal(text, "UDP, 700 à 820 octets, venant du port 37810");
        signature_say(&signature, false, NULL, NULL, text, sizeof(text));
        assert_string_equal(text, "UDP, 700 to 820 bytes, from port 37810");
        signature_say(&signature, false, NULL, NULL, text, 8);
        assert_true(strlen(text) < 8);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_any_matches_all),
                cmocka_unit_test(test_every_facet_holds_and_fails),
                cmocka_unit_test(test_ranges_narrow_only),
                cmocka_unit_test(test_general_and_json_hold_for_any_signature),
                cmocka_unit_test(test_json_refuses_what_it_does_not_know),
                cmocka_unit_test(test_words_in_both_languages),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
