/* SPDX-License-Identifier: EUPL-1.2 */
/* Names through the whole judge: the data as it ships, own names, a list of public bodies made here. */
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

#include "base/cleanup.h"
#include "domains/judge.h"

static const char *const own[] = {"chu-exemple.fr", "hopital-valmont.fr", "ght.org"};
static const char bodies[] = "# public bodies\nbourg-en-exemple.fr\nvillemartin.fr\r\nmairie-bellerive.fr\n"
                             "archives.villemartin.fr\nnot a name\nxyz.fr\n";

static int setup(void **state)
{
        char path[] = "/tmp/garde-judge-test-XXXXXX";
        const struct judge_files files = {.own = own, .own_count = ARRAY_LEN(own), .public_list = path};
        struct judge *judge = NULL;
        struct error error = {0};
        int fd = mkstemp(path), r;

        if (fd < 0 || write(fd, bodies, sizeof(bodies) - 1) != sizeof(bodies) - 1)
                return -1;
        r = judge_open(&files, &judge, &error);
        close(fd);
        unlink(path);
        if (r)
                fprintf(stderr, "%s\n", error.en);
        *state = judge;
        return r;
}

static int teardown(void **state)
{
        judge_close(*state);
        return 0;
}

static struct verdict judged(struct judge *judge, const struct judge_lists *lists, const char *text)
{
        struct verdict verdict;
        struct name name;

        assert_int_equal(name_parse(text, strlen(text), &name), NAME_USABLE);
        judge_name(judge, lists, &name, &verdict);
        assert_true(verdict.why_fr[0] && verdict.why_en[0]);
        return verdict;
}

static void test_each_class_is_named_with_whom_it_imitates(void **state)
{
        static const struct {
                const char *name, *class, *imitates;
                enum verdict_level least;
        } cases[] = {
                {"arneli.fr", "homoglyph", "ameli.fr", VERDICT_SUSPECT},
                {"amel1.fr", "homoglyph", "ameli.fr", VERDICT_SUSPECT},
                {"d0ct0lib.fr", "homoglyph", "doctolib.fr", VERDICT_SUSPECT},
                {"cloctolib.fr", "homoglyph", "doctolib.fr", VERDICT_SUSPECT},
                {"xn--mli-5cd0a.fr", "punycode", "ameli.fr", VERDICT_BLOCK},
                {"xn--ml-6kcv0o.com", "punycode", "ameli.fr", VERDICT_BLOCK},
                {"xn--amli-cpa.fr", "punycode", "ameli.fr", VERDICT_SUSPECT},
                {"chu-exenple.fr", "keyboard", "chu-exemple.fr", VERDICT_SUSPECT},
                {"chu-exelple.fr", "keyboard", "chu-exemple.fr", VERDICT_SUSPECT},
                {"chu-exmple.fr", "omission", "chu-exemple.fr", VERDICT_SUSPECT},
                {"chu-exemplle.fr", "repetition", "chu-exemple.fr", VERDICT_SUSPECT},
                {"chu-exepmle.fr", "transposition", "chu-exemple.fr", VERDICT_SUSPECT},
                {"chu-exemplea.fr", "insertion", "chu-exemple.fr", VERDICT_SUSPECT},
                {"chu-exemples.fr", "plural", "chu-exemple.fr", VERDICT_SUSPECT},
                {"chu-oxemple.fr", "vowel-swap", "chu-exemple.fr", VERDICT_SUSPECT},
                {"chuexemple.fr", "separator", "chu-exemple.fr", VERDICT_SUSPECT},
                {"chu-exe-mple.fr", "separator", "chu-exemple.fr", VERDICT_SUSPECT},
                {"a.meli.fr", "separator", "ameli.fr", VERDICT_SUSPECT},
                {"chu-exemple.com", "tld-swap", "chu-exemple.fr", VERDICT_SUSPECT},
                {"ameli.fr.example.com", "deceptive-subdomain", "ameli.fr", VERDICT_BLOCK},
                {"www.ameli.fr.mon-compte.example.tk", "deceptive-subdomain", "ameli.fr", VERDICT_BLOCK},
                {"www-ameli-fr.example.com", "deceptive-subdomain", "ameli.fr", VERDICT_SUSPECT},
                {"ameli-remboursement.com", "combosquat", "ameli.fr", VERDICT_SUSPECT},
                {"colis-chronopost-livraison.xyz", "combosquat", "chronopost.fr", VERDICT_SUSPECT},
                {"antai-amende.com", "combosquat", "antai.gouv.fr", VERDICT_SUSPECT},
                {"chu-exemple-webmail.com", "combosquat", "chu-exemple.fr", VERDICT_SUSPECT},
                {"login-valmont.com", "combosquat", "hopital-valmont.fr", VERDICT_WATCH},
                {"villemartin-paiement.fr", "combosquat", "villemartin.fr", VERDICT_WATCH},
                {"villemertin.fr", "vowel-swap", "villemartin.fr", VERDICT_WATCH},
                {"caf-remboursement.com", "combosquat", "caf.fr", VERDICT_SUSPECT},
                {"covid19-test-gratuit.com", "theme", NULL, VERDICT_WATCH},
                {"secure-login.com", "theme", NULL, VERDICT_WATCH},
                {"impost.gouv.fr", "transposition", "impots.gouv.fr", VERDICT_WATCH},
        };

        for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
                struct verdict verdict = judged(*state, NULL, cases[i].name);
                const char *class = verdict.is_lookalike ? lookalike_class_word(verdict.lookalike.class) : "";
                const char *imitates = verdict.is_lookalike ? verdict.lookalike.imitates : NULL;

                if (verdict.level < cases[i].least || strcmp(class, cases[i].class) ||
                    (imitates != cases[i].imitates &&
                     (!imitates || !cases[i].imitates || strcmp(imitates, cases[i].imitates))))
                        fail_msg("%s: %s, %s, %s, %.2f: %s", cases[i].name, verdict_word(verdict.level),
                                 class, imitates ? imitates : "-", verdict.lookalike.score, verdict.why_en);
        }
}

static void test_who_is_protected_is_never_flagged(void **state)
{
        static const char *const names[] = {
                "chu-exemple.fr",         "intranet.chu-exemple.fr", "ameli.fr",
                "assure.ameli.fr",        "villemartin.fr",          "archives.villemartin.fr",
                "grand-est.ars.sante.fr", "www.google.com",          "mabanque.bnpparibas"};

        for (size_t i = 0; i < ARRAY_LEN(names); i++) {
                struct verdict verdict = judged(*state, NULL, names[i]);

                if (verdict.level != VERDICT_CLEAN || !verdict.protected_name)
                        fail_msg("%s: %s", names[i], verdict.why_en);
        }
}

static void test_names_of_their_own_right_are_clean(void **state)
{
        static const char *const names[] = {"com",
                                            "fr",
                                            "localhost",
                                            "example.com",
                                            "wikipedia.org",
                                            "amelie-les-bains.com", /* a town, with a brand's letters in it */
                                            "amazonia.org",
                                            "revolution.com",
                                            "chu-exampla.fr", /* two edits */
                                            "google.de",
                                            "google.co.uk", /* the brand's own */
                                            "xya.fr",
                                            "gat.org",
                                            "cafe.org",
                                            "upc.com",
                                            "lars.com",
                                            "arse.com",
                                            "ghi.org", /* near short names */
                                            "my-ups-and-downs.net",
                                            "cafes-de-paris.fr"};

        for (size_t i = 0; i < ARRAY_LEN(names); i++) {
                struct verdict verdict = judged(*state, NULL, names[i]);

                if (verdict.level != VERDICT_CLEAN)
                        fail_msg("%s: %s %.2f %s", names[i], verdict_word(verdict.level),
                                 verdict.lookalike.score, verdict.why_en);
        }
}

static void test_short_names_take_more_than_one_edit(void **state)
{
        assert_true(judged(*state, NULL, "cef.fr").level < VERDICT_SUSPECT);
        assert_true(judged(*state, NULL, "apph.fr").level < VERDICT_SUSPECT);
        assert_int_equal(judged(*state, NULL, "ght.org.example.com").level, VERDICT_BLOCK);
}

/* ---- lists ---- */

struct listed {
        const char *name;
        enum set_action action;
};

static bool find_listed(void *context, const char *text, size_t length, struct set_hit *ret_hit)
{
        const struct listed *listed = context;

        if (strlen(listed->name) != length || memcmp(listed->name, text, length))
                return false;
        *ret_hit = (struct set_hit){.class = {.sources = 2, .action = (uint8_t)listed->action}, .at = text};
        return true;
}

static const char *source_of(void *context, unsigned number)
{
        return number == 1 ? "cert-sante" : NULL;
}

static struct verdict with_list(struct judge *judge, const char *name, enum set_action action)
{
        struct listed listed = {name, action};
        const struct judge_lists lists = {find_listed, source_of, &listed};

        return judged(judge, &lists, name);
}

static void test_lists_come_first_and_allowlists_win(void **state)
{
        struct verdict verdict = with_list(*state, "rien.example.net", SET_BLOCK);

        assert_int_equal(verdict.level, VERDICT_BLOCK);
        assert_non_null(strstr(verdict.why_fr, "cert-sante"));
        assert_non_null(strstr(verdict.why_en, "block list"));
        assert_int_equal(with_list(*state, "arneli.fr", SET_ALLOW).level, VERDICT_CLEAN);
        assert_int_equal(with_list(*state, "rien.example.net", SET_WATCH).level, VERDICT_WATCH);
        verdict = with_list(*state, "arneli.fr", SET_WATCH);
        assert_int_equal(verdict.level, VERDICT_SUSPECT);
        assert_true(verdict.is_listed && verdict.is_lookalike);
        verdict = with_list(*state, "arneli.fr", SET_BLOCK);
        assert_int_equal(verdict.level, VERDICT_BLOCK);
        assert_non_null(strstr(verdict.why_en, "cert-sante"));
        /* An own name on a block list is a mistake of the list. */
        assert_int_equal(with_list(*state, "chu-exemple.fr", SET_BLOCK).level, VERDICT_CLEAN);
}

static void test_the_sentence_names_whom_and_how(void **state)
{
        struct verdict verdict = judged(*state, NULL, "ameli-remboursement.com");

        assert_string_equal(verdict.why_en,
                            "\"ameli-remboursement.com\" imitates the French health insurance (ameli) "
                            "(ameli.fr): the real name stands among other words (a refund)");
        assert_non_null(
                strstr(verdict.why_fr, "imite l’Assurance maladie (ameli) (ameli.fr)" NBSP ": le vrai nom"));
}

static void test_as_if_absent_forgets_the_owner_alone(void **state)
{
        struct lookalike lookalike;
        struct name name;

        name_parse("ameli.fr", 8, &name);
        assert_false(judge_as_if_absent(*state, &name, &lookalike));
        name_parse("chu-exemple.fr", 14, &name);
        assert_false(judge_as_if_absent(*state, &name, &lookalike));
        name_parse("arneli.fr", 9, &name);
        assert_true(judge_as_if_absent(*state, &name, &lookalike));
}

static void test_lines_of_the_list_that_are_no_names_are_counted(void **state)
{
        assert_int_equal(protected_refused(judge_protected(*state)), 1);
        assert_non_null(protected_covers(judge_protected(*state), "archives.villemartin.fr"));
        assert_null(protected_covers(judge_protected(*state), "fr"));
}

static void test_an_own_name_that_is_none_is_refused(void **state)
{
        static const char *const wrong[] = {"chu exemple"};
        const struct judge_files files = {.own = wrong, .own_count = 1};
        struct judge *judge = NULL;
        struct error error = {0};

        assert_int_equal(judge_open(&files, &judge, &error), -EINVAL);
        assert_non_null(strstr(error.en, "chu exemple"));
        assert_null(judge);
        assert_int_equal(judge_open(&(struct judge_files){.public_list = "/nowhere/list"}, &judge, &error),
                         -ENOENT);
        assert_int_equal(judge_open(&(struct judge_files){.brands = "/nowhere"}, &judge, &error), -ENOENT);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_each_class_is_named_with_whom_it_imitates),
                cmocka_unit_test(test_who_is_protected_is_never_flagged),
                cmocka_unit_test(test_names_of_their_own_right_are_clean),
                cmocka_unit_test(test_short_names_take_more_than_one_edit),
                cmocka_unit_test(test_lists_come_first_and_allowlists_win),
                cmocka_unit_test(test_the_sentence_names_whom_and_how),
                cmocka_unit_test(test_as_if_absent_forgets_the_owner_alone),
                cmocka_unit_test(test_lines_of_the_list_that_are_no_names_are_counted),
                cmocka_unit_test(test_an_own_name_that_is_none_is_refused),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
