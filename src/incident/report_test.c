/* SPDX-License-Identifier: EUPL-1.2 */
/* Numbers that are dictated, and which reports mean the same matter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "incident/report.h"

static struct report_number number_of(unsigned count, uint64_t seed)
{
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, seed);
        struct report_number number;

        report_number_make(2026, count, &random, &number);
        return number;
}

static void assert_same(const char *typed, const struct report_number *number)
{
        struct report_number again;

        if (report_number_parse(typed, &again))
                fail_msg("\"%s\" was not understood", typed);
        assert_string_equal(again.whole, number->whole);
        assert_string_equal(again.open, number->open);
        assert_string_equal(again.id, number->id);
}

static void test_a_number_survives_the_telephone(void **state)
{
        const struct report_number number = number_of(417, 1);
        char typed[128];

        assert_int_equal(strlen(number.whole), strlen("G-2026-0417-KRT-XMA"));
        assert_string_equal(number.open, "G-2026-0417");
        assert_same(number.whole, &number);
        for (size_t i = 0; i <= strlen(number.whole); i++)
                typed[i] = number.whole[i] == '-' ? ' ' : (char)tolower(number.whole[i]);
        assert_same(typed, &number);
        snprintf(typed, sizeof(typed), "g2026417%s", number.whole + 12); /* no zeros, no hyphens */
        assert_same(typed, &number);
}

static void test_large_counters(void **state)
{
        for (unsigned count = 1; count <= REPORT_COUNT_MAX; count = count * 7 + 3) {
                const struct report_number number = number_of(count, count);
                assert_same(number.whole, &number);
        }
}

/* Any one letter or digit misheard is noticed. */
static void test_one_wrong_sign_is_noticed(void **state)
{
        static const char signs[] = "0123456789ACFHJKLMPRTUWXYZBDEGINOQSV";
        const struct report_number number = number_of(417, 2);
        struct report_number other;
        size_t tried = 0;

        for (size_t i = 2; number.whole[i]; i++) {
                for (size_t k = 0; signs[k] && number.whole[i] != '-'; k++) {
                        char typed[REPORT_NUMBER_SIZE];

                        if (signs[k] == number.whole[i])
                                continue;
                        strcpy(typed, number.whole);
                        typed[i] = signs[k];
                        assert_int_equal(report_number_parse(typed, &other), -EINVAL);
                        tried++;
                }
        }
        assert_true(tried > 400);
}

static void test_what_is_no_number(void **state)
{
        static const char *const typed[] = {"",
                                            "G",
                                            "G-2026",
                                            "G-2026-0417",
                                            "G-2026-0000-KRT-XMA",
                                            "2026-0417-KRT-XMA",
                                            "G-20260417KRTXMAKRTXMAKRTXMAKRTXMA",
                                            "../../etc/passwd",
                                            "G-2026-99999999-KRT-XMA"};
        struct report_number number;

        for (size_t i = 0; i < sizeof(typed) / sizeof(*typed); i++)
                assert_int_equal(report_number_parse(typed[i], &number), -EINVAL);
}

static void test_secrets_differ(void **state)
{
        const struct report_number one = number_of(1, 7), two = number_of(1, 8);
        char first[65], second[65];

        assert_string_equal(one.open, two.open);
        assert_string_not_equal(one.whole, two.whole);
        report_number_digest(&one, first);
        report_number_digest(&two, second);
        assert_int_equal(strlen(first), 64);
        assert_string_not_equal(first, second);
}

static void test_counters(void **state)
{
        unsigned count = 0;

        assert_int_equal(report_count_after("", 2026, &count), 0);
        assert_int_equal(count, 1);
        assert_int_equal(report_count_after("2026-0000417", 2026, &count), 0);
        assert_int_equal(count, 418);
        assert_int_equal(report_count_after("2026-0000417", 2027, &count), 0);
        assert_int_equal(count, 1);
        assert_int_equal(report_count_after("2026-9999999", 2026, &count), -E2BIG);
        assert_int_equal(report_count_after("x", 2026, &count), -EINVAL);
}

static void set_text(struct incident *incident, const char *name, const char *value)
{
        struct fact fact = {.state = value ? FACT_STATE_KNOWN : FACT_STATE_UNKNOWN,
                            .value = value ? json_string(value) : NULL,
                            .author = REPORT_AUTHOR};

        strcpy(fact.name, name);
        assert_int_equal(incident_set_fact(incident, &fact, NULL), 0);
        fact_release(&fact);
}

static void test_the_same_mail_is_one_matter(void **state)
{
        static const char text[] =
                "id: essai\nversion: 1\ntitle: {fr: t, en: t}\n"
                "entry: {order: 1, title: {fr: a, en: b}, icon: x, kind: mail-suspect,"
                " questions: [report.mail_sender], same: [report.mail_sender]}\n"
                "steps: [{key: un, role: tous, phase: contenir, public: true, text: {fr: a, en: b}}]\n";
        struct playbook playbook = {0};
        struct incident one = {0}, two = {0}, none = {0};
        char first[64], second[64];

        assert_int_equal(playbook_read("e.yaml", text, strlen(text), NULL, &playbook, NULL), 0);
        set_text(&one, "report.mail_sender", "Facture@Impots-Gouv.example");
        set_text(&two, "report.mail_sender", " facture@impots-gouv.example ");
        report_subject(&playbook, &one, first);
        report_subject(&playbook, &two, second);
        assert_string_equal(first, second);
        assert_null(strchr(first, '@')); /* nobody's address in the register */
        set_text(&two, "report.mail_sender", "autre@impots-gouv.example");
        report_subject(&playbook, &two, second);
        assert_string_not_equal(first, second);
        report_subject(&playbook, &none, first);
        set_text(&none, "report.mail_sender", NULL);
        report_subject(&playbook, &none, second);
        assert_string_equal(first, "non-precise");
        assert_string_equal(first, second);
        incident_release(&one);
        incident_release(&two);
        incident_release(&none);
        playbook_release(&playbook);
}

static bool counts(const char *name, enum fact_state before, json_t *was, enum fact_state after, json_t *is)
{
        struct incident incident = {0};
        struct fact fact = {.state = before, .value = was};
        bool answer;

        strcpy(fact.name, name);
        assert_int_equal(incident_set_fact(&incident, &fact, NULL), 0);
        fact.state = after;
        fact.value = is;
        answer = report_fact_counts(&incident, &fact);
        incident_release(&incident);
        json_decref(was);
        json_decref(is);
        return answer;
}

static void test_a_second_report_adds_and_does_not_take_away(void **state)
{
        assert_true(counts("report.clicked", FACT_STATE_UNKNOWN, NULL, FACT_STATE_KNOWN, json_false()));
        assert_true(counts("report.clicked", FACT_STATE_KNOWN, json_false(), FACT_STATE_KNOWN, json_true()));
        assert_false(counts("report.clicked", FACT_STATE_KNOWN, json_true(), FACT_STATE_KNOWN, json_false()));
        assert_false(counts("report.clicked", FACT_STATE_KNOWN, json_true(), FACT_STATE_UNKNOWN, NULL));
        assert_false(
                counts("care.safety_at_risk", FACT_STATE_KNOWN, json_false(), FACT_STATE_KNOWN, json_true()));
        assert_false(counts("report.service", FACT_STATE_KNOWN, json_string("a"), FACT_STATE_KNOWN,
                            json_string("b")));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_a_number_survives_the_telephone),
                cmocka_unit_test(test_large_counters),
                cmocka_unit_test(test_one_wrong_sign_is_noticed),
                cmocka_unit_test(test_what_is_no_number),
                cmocka_unit_test(test_secrets_differ),
                cmocka_unit_test(test_counters),
                cmocka_unit_test(test_the_same_mail_is_one_matter),
                cmocka_unit_test(test_a_second_report_adds_and_does_not_take_away),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
