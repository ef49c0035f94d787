/* SPDX-License-Identifier: EUPL-1.2 */
#include "journal/journal_fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RECORDS 600 /* over two stored subtrees of 256 */

static void make_journal(struct fixture *fixture)
{
        struct record_draft drafts[RECORDS];
        json_t *body = json_pack("{s:f, s:s}", "rate", 0.125, "text", "preuve");
        struct head head;
        uint64_t seq;

        for (int i = 0; i < RECORDS; i++)
                drafts[i] = (struct record_draft){
                        .type = RECORD_TYPE_NOTE, .subject = "", .author = "t", .body = body};
        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_append_batch(fixture->journal, drafts, 300, &seq, &fixture->error), 0);
        assert_int_equal(journal_head(fixture->journal, &head, &fixture->error), 0);
        assert_int_equal(journal_append_batch(fixture->journal, drafts, RECORDS - 300, &seq, &fixture->error),
                         0);
        assert_int_equal(journal_head(fixture->journal, &head, &fixture->error), 0);
        json_decref(body);
}

static bool holds(const json_t *proof, const struct journal_trust *trust)
{
        struct journal_report report;
        int r = journal_verify_proof(proof, trust, &report, NULL);

        return r >= 0 && report.ok;
}

static void test_every_record_is_proven(void **state)
{
        struct fixture *fixture = *state;

        make_journal(fixture);
        for (uint64_t seq = 0; seq <= RECORDS; seq += 1 + seq % 37) {
                json_t *proof = NULL;

                assert_int_equal(journal_prove_inclusion(fixture->journal, seq, 0, &proof, &fixture->error),
                                 0);
                assert_true(holds(proof, NULL));
                json_decref(proof);
                if (seq > 300)
                        continue;
                assert_int_equal(journal_prove_inclusion(fixture->journal, seq, 301, &proof, &fixture->error),
                                 0);
                assert_true(holds(proof, NULL));
                json_decref(proof);
        }
}

static void test_a_changed_proof_fails(void **state)
{
        struct fixture *fixture = *state;
        struct journal_report report;
        json_t *proof = NULL;
        char *text;

        make_journal(fixture);
        assert_int_equal(journal_prove_inclusion(fixture->journal, 77, 0, &proof, &fixture->error), 0);
        text = json_dumps(proof, JSON_COMPACT | JSON_SORT_KEYS);
        json_decref(proof);
        for (size_t at = 0; text[at]; at++) {
                char kept = text[at];
                json_t *changed;

                text[at] = (char)(kept ^ 1);
                changed = json_loads(text, 0, NULL);
                /*
                 * A letter's case in "\u00e9" or a number's spelling may read the same: then it is the same
                 * proof.
                 */
                if (changed && holds(changed, NULL))
                        fail_msg("byte %zu changed and the proof holds", at);
                json_decref(changed);
                text[at] = kept;
        }
        proof = json_loads(text, 0, NULL);
        json_object_set_new(json_object_get(proof, "record"), "author", json_string("somebody else"));
        assert_int_equal(journal_verify_proof(proof, NULL, &report, &fixture->error), 0);
        assert_false(report.ok);
        assert_int_equal(report.faults[0].kind, REPORT_FAULT_PROOF);
        json_decref(proof);
        free(text);
}

static void test_consistency(void **state)
{
        struct fixture *fixture = *state;
        json_t *proof = NULL;

        make_journal(fixture);
        assert_int_equal(journal_prove_consistency(fixture->journal, 301, 0, &proof, &fixture->error), 0);
        assert_true(holds(proof, NULL));
        json_array_remove(json_object_get(proof, "path"), 0);
        assert_false(holds(proof, NULL));
        json_decref(proof);
        assert_int_equal(journal_prove_consistency(fixture->journal, 301, 301, &proof, &fixture->error), 0);
        assert_true(holds(proof, NULL));
        json_decref(proof);
        assert_int_equal(journal_prove_consistency(fixture->journal, 601, 301, &proof, &fixture->error),
                         -EINVAL);
        assert_int_equal(journal_prove_consistency(fixture->journal, 5, 0, &proof, &fixture->error), -ENOENT);
        assert_int_equal(journal_prove_consistency(fixture->journal, 0, 0, &proof, &fixture->error), -EINVAL);
}

static void test_trust(void **state)
{
        struct fixture *fixture = *state;
        struct head head;
        struct journal_trust trust = {.head = &head};
        json_t *proof = NULL;

        make_journal(fixture);
        assert_int_equal(journal_last_head(fixture->journal, &head, &fixture->error), 0);
        assert_int_equal(journal_prove_inclusion(fixture->journal, 5, 0, &proof, &fixture->error), 0);
        assert_true(holds(proof, &trust));
        head.root[9] ^= 1;
        assert_false(holds(proof, &trust));
        head.root[9] ^= 1;
        head.size = 17;
        assert_false(holds(proof, &trust));
        json_decref(proof);
}

static void test_what_cannot_be_proven(void **state)
{
        struct fixture *fixture = *state;
        struct journal_report report;
        json_t *proof = NULL;
        json_t *other = json_pack("{s:s}", "proof", "inclusion");

        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_prove_inclusion(fixture->journal, 0, 0, &proof, &fixture->error), -ENOENT);
        assert_non_null(strstr(fixture->error.en, "sign one first"));
        assert_int_equal(journal_prove_inclusion(fixture->journal, 9, 0, &proof, &fixture->error), -ENOENT);
        assert_null(proof);
        assert_int_equal(journal_verify_proof(other, NULL, &report, &fixture->error), -EINVAL);
        json_decref(other);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
        const struct CMUnitTest tests[] = {
                WITH_FIXTURE(test_every_record_is_proven),
                WITH_FIXTURE(test_a_changed_proof_fails),
                WITH_FIXTURE(test_consistency),
                WITH_FIXTURE(test_trust),
                WITH_FIXTURE(test_what_cannot_be_proven),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
