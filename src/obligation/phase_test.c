/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/phase.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "base/cleanup.h"

#define SUNDAY_MS 1584872100000 /* Sunday 22 March 2020, 11:15 in Paris */

static void file(struct obligation *obligation, enum filing_phase phase, int64_t at_ms, const char *receipt)
{
        struct filing filing = {.phase = phase, .at_ms = at_ms};

        strcpy(filing.receipt, receipt);
        obligation->state = OBLIGATION_STATE_FILED;
        assert_int_equal(obligation_add_filing(obligation, &filing, NULL), 0);
}

static void test_the_first_is_the_initial_one(void **state)
{
        CLEANUP(obligation_release) struct obligation obligation = {.state = OBLIGATION_STATE_DUE};
        struct error error = {0};
        struct phase phase;

        assert_int_equal(phase_check(&obligation, FILING_PHASE_INITIAL, NULL), 0);
        assert_int_equal(phase_check(&obligation, PHASE_AS_IT_STANDS, NULL), 0);
        assert_int_equal(phase_check(&obligation, FILING_PHASE_COMPLEMENT, &error), -EINVAL);
        assert_int_equal(phase_check(&obligation, FILING_PHASE_CLOSING, &error), -EINVAL);
        assert_non_null(strstr(error.fr, "premier dépôt est l’initial"));
        phase_of(&obligation, PHASE_AS_IT_STANDS, &phase);
        assert_int_equal(phase.phase, FILING_PHASE_INITIAL);
        assert_true(phase.pending);
        assert_null(phase.previous);
}

static void test_each_names_the_one_before(void **state)
{
        CLEANUP(obligation_release) struct obligation obligation = {.state = OBLIGATION_STATE_DUE};
        CLEANUP(bitext_release) struct bitext text = BITEXT_INIT;
        struct phase phase;

        file(&obligation, FILING_PHASE_INITIAL, SUNDAY_MS, "R-1");
        phase_of(&obligation, FILING_PHASE_COMPLEMENT, &phase);
        assert_true(phase.pending);
        assert_ptr_equal(phase.previous, &obligation.filings[0]);
        assert_int_equal(phase_text(&phase, &text), 0);
        assert_string_equal(text.fr,
                            "Déclaration complémentaire, à la suite de celle du dimanche 22 mars 2020 à "
                            "11 h 15 (CET) (reçu R-1).");
        assert_string_equal(text.en,
                            "Complementary declaration, after the one of Sunday 22 March 2020 at 11:15 "
                            "(CET) (receipt R-1).");
        file(&obligation, FILING_PHASE_COMPLEMENT, SUNDAY_MS + 1, "");
        phase_of(&obligation, FILING_PHASE_COMPLEMENT, &phase);
        assert_true(phase.pending); /* another one */
        assert_ptr_equal(phase.previous, &obligation.filings[1]);
        phase_of(&obligation, FILING_PHASE_INITIAL, &phase);
        assert_false(phase.pending);
        assert_null(phase.previous);
}

static void test_what_was_filed_is_printed_again(void **state)
{
        CLEANUP(obligation_release) struct obligation obligation = {.state = OBLIGATION_STATE_DUE};
        struct phase phase;

        file(&obligation, FILING_PHASE_INITIAL, SUNDAY_MS, "");
        file(&obligation, FILING_PHASE_COMPLEMENT, SUNDAY_MS + 1, "");
        phase_of(&obligation, PHASE_AS_IT_STANDS, &phase);
        assert_int_equal(phase.phase, FILING_PHASE_COMPLEMENT);
        assert_false(phase.pending);
        assert_ptr_equal(phase.previous, &obligation.filings[0]);
        phase_of(&obligation, FILING_PHASE_CLOSING, &phase);
        assert_true(phase.pending);
        file(&obligation, FILING_PHASE_CLOSING, SUNDAY_MS + 2, "");
        phase_of(&obligation, FILING_PHASE_CLOSING, &phase);
        assert_false(phase.pending);
        assert_ptr_equal(phase.previous, &obligation.filings[1]);
}

/* Records from before there were phases have a filing and no list of them. */
static void test_filed_without_a_list(void **state)
{
        const struct obligation obligation = {.state = OBLIGATION_STATE_FILED, .filed_ms = SUNDAY_MS};
        CLEANUP(bitext_release) struct bitext text = BITEXT_INIT;
        struct phase phase;

        assert_int_equal(phase_check(&obligation, FILING_PHASE_COMPLEMENT, NULL), 0);
        phase_of(&obligation, PHASE_AS_IT_STANDS, &phase);
        assert_false(phase.pending);
        phase_of(&obligation, FILING_PHASE_CLOSING, &phase);
        assert_true(phase.pending);
        assert_int_equal(phase_text(&phase, &text), 0);
        assert_string_equal(text.fr, "Déclaration de clôture.");
}

static void test_words(void **state)
{
        enum filing_phase phase = FILING_PHASE_INITIAL;
        struct error error = {0};

        assert_int_equal(phase_parse("", &phase, NULL), 0);
        assert_int_equal(phase, PHASE_AS_IT_STANDS);
        assert_int_equal(phase_parse("closing", &phase, NULL), 0);
        assert_int_equal(phase, FILING_PHASE_CLOSING);
        assert_int_equal(phase_parse("last", &phase, &error), -EINVAL);
        assert_non_null(strstr(error.en, "“last”"));
        assert_int_equal(phase, FILING_PHASE_CLOSING);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_the_first_is_the_initial_one),
                cmocka_unit_test(test_each_names_the_one_before),
                cmocka_unit_test(test_what_was_filed_is_printed_again),
                cmocka_unit_test(test_filed_without_a_list),
                cmocka_unit_test(test_words),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
