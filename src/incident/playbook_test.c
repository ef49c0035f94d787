/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading playbooks: what is refused, and what holds for every file in data/playbooks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/faults.h"
#include "base/paths.h"
#include "incident/playbook.h"

struct shelf {
        struct catalogue catalogue;
        struct playbook_set set;
};

static int shelf_setup(void **state)
{
        struct shelf *shelf = calloc(1, sizeof(*shelf));
        char folder[PATH_MAX];
        struct error error = {0};

        if (paths_data("facts", folder, &error) || catalogue_load(folder, &shelf->catalogue, &error) ||
            paths_data("playbooks", folder, &error) ||
            playbooks_load(folder, &shelf->catalogue, &shelf->set, &error)) {
                fprintf(stderr, "%s\n", error.en);
                return -1;
        }
        *state = shelf;
        return 0;
}

static int shelf_teardown(void **state)
{
        struct shelf *shelf = *state;

        if (!shelf)
                return 0;
        playbooks_release(&shelf->set);
        catalogue_release(&shelf->catalogue);
        free(shelf);
        return 0;
}

/* ---- one file ---- */

#define HEAD "id: essai\nversion: 1\ntitle: {fr: t, en: t}\n"
#define STEP "{key: un, role: tous, phase: contenir, text: {fr: a, en: b}"

static int read_text(const struct shelf *shelf, const char *text, struct playbook *playbook,
                     struct error *error)
{
        return playbook_read("essai.yaml", text, strlen(text), &shelf->catalogue, playbook, error);
}

static void refuses(const struct shelf *shelf, const char *text, const char *en, const char *fr)
{
        struct playbook playbook = {0};
        struct error error = {0};

        assert_int_equal(read_text(shelf, text, &playbook, &error), -EINVAL);
        if (!strstr(error.en, en) || !strstr(error.fr, fr))
                fprintf(stderr, "\"%s\" / \"%s\"\n", error.en, error.fr);
        assert_non_null(strstr(error.en, en));
        assert_non_null(strstr(error.fr, fr));
        assert_non_null(strstr(error.en, "essai.yaml:"));
        assert_null(playbook.steps);
}

static void test_faults_have_a_line_and_both_languages(void **state)
{
        const struct shelf *shelf = *state;

        refuses(shelf, HEAD "steps: []\n", "at least one step", "au moins un pas");
        refuses(shelf, HEAD "steps:\n  - " STEP "}\n  - " STEP "}\n",
                ":6: steps[2]: the step \"un\" stands here twice", "deux fois");
        refuses(shelf, HEAD "steps: [" STEP ", when: {is: {rien: true}}}]\n", "no fact \"rien\"", "rien");
        refuses(shelf, HEAD "steps: [" STEP ", due: {minutes: 5, after: origin}}]\n", "is no time",
                "n’est pas une heure");
        refuses(shelf, HEAD "steps: [" STEP ", due: {minutes: 5, after: ended_at, before: x}}]\n", "not both",
                "pas les deux");
        refuses(shelf, HEAD "steps: [" STEP ", measure: {kind: fence, minutes: 5}}]\n", "one of the two",
                "l’un des deux");
        refuses(shelf,
                HEAD "steps: [" STEP ", public: true, measure: {kind: fence, minutes: 5, subject: a}}]\n",
                "without an account", "sans compte");
        refuses(shelf, HEAD "steps: [{key: un, role: chef, phase: contenir, text: {fr: a, en: b}}]\n",
                "praticien, secretaire", "praticien, secretaire");
        refuses(shelf, HEAD "steps: [{key: un, role: tous, phase: contenir, text: {fr: a}}]\n",
                "steps[1].text.en: this key is missing", "il manque cette clé");
        refuses(shelf, HEAD "steps: [{key: u.n, role: tous, phase: contenir, text: {fr: a, en: b}}]\n",
                "a to z, digits and -", "a à z, chiffres et -");
        refuses(shelf, HEAD "with: [essai]\nsteps: [" STEP "}]\n", "another playbook", "autre plan");
        refuses(shelf,
                HEAD "entry: {order: 1, title: {fr: a, en: b}, icon: x, kind: y}\nsteps: [" STEP "}]\n",
                "at least one public step", "au moins un pas public");
        refuses(shelf,
                HEAD "entry: {order: 1, title: {fr: a, en: b}, icon: x, kind: y, questions: [rien]}\n"
                     "steps: [" STEP ", public: true}]\n",
                "no fact \"rien\"", "rien");
        refuses(shelf, HEAD "steps: [" STEP ", toto: 1}]\n", "toto", "toto");
}

static void test_all_faults_are_told(void **state)
{
        static const char text[] =
                "id: Essai\n"
                "version: 0\n"
                "title: {fr: a}\n"
                "kinds: [flood, \"a b\"]\n"
                "entry: {order: 99, title: {fr: a, en: b}, icon: x, kind: y, questions: [rien]}\n"
                "steps:\n"
                "  - {key: un, role: chef, phase: contenir, text: {fr: a, en: b}, toto: 1}\n"
                "  - non\n"
                "  - {key: un, role: tous, phase: contenir, text: {fr: a, en: b},\n"
                "     due: {minutes: 5, after: origin}, measure: {kind: wall, minutes: 5}}\n";
        static const char *const places[] = {"id",
                                             "version",
                                             "title.en",
                                             "kinds[2]",
                                             "entry.order",
                                             "entry.questions[1]",
                                             "steps[1].role",
                                             "steps[1].toto",
                                             "steps[2]",
                                             "steps[3]",
                                             "steps[3].due.after",
                                             "steps[3].measure.kind",
                                             "steps[3].measure"};
        CLEANUP(faults_release) struct faults faults = {0};
        struct error error = {.faults = &faults};
        struct playbook playbook = {0};

        assert_int_equal(read_text(*state, text, &playbook, &error), -EINVAL);
        for (size_t i = 0; i < faults.count; i++)
                if (i >= ARRAY_LEN(places) || strcmp(faults.list[i].key, places[i]))
                        fprintf(stderr, "# got %s\n", faults.list[i].en);
        assert_int_equal(faults.count, ARRAY_LEN(places));
        for (size_t i = 0; i < faults.count; i++)
                assert_string_equal(faults.list[i].key, places[i]);
}

static void test_a_long_text_is_refused(void **state)
{
        char text[2048] = HEAD "steps: [{key: un, role: tous, phase: contenir, text: {fr: ";

        memset(text + strlen(text), 'a', TASK_TEXT_MAX);
        strcat(text, ", en: b}}]\n");
        refuses(*state, text, "too long", "trop long");
}

static void test_a_whole_step(void **state)
{
        struct playbook playbook = {0};
        const struct playbook_step *step;
        struct error error = {0};

        if (read_text(*state,
                      HEAD
                      "kinds: [flood]\nsteps: [" STEP
                      ", detail: {fr: d, en: e}, due: {minutes: 30, after: ended_at}, shared: tout,"
                      " obligation: cert-sante-*, measure: {kind: throttle, subject_from: services.touched,"
                      " selector: {rate_pps: 500, list: [a, true, 1.5], deep: {x: 'true'}}, minutes: 60}}]\n",
                      &playbook, &error))
                fail_msg("%s", error.en);
        step = playbook_step_find(&playbook, "un");
        assert_non_null(step);
        assert_int_equal(step->due.from, STEP_DUE_AFTER_FACT);
        assert_int_equal(step->due.minutes, 30);
        assert_string_equal(step->due.name, "ended_at");
        assert_int_equal(step->measure.kind, MEASURE_KIND_THROTTLE);
        assert_int_equal(json_integer_value(json_object_get(step->measure.selector, "rate_pps")), 500);
        assert_true(json_is_true(json_array_get(json_object_get(step->measure.selector, "list"), 1)));
        assert_string_equal(
                json_string_value(json_object_get(json_object_get(step->measure.selector, "deep"), "x")),
                "true");
        assert_string_equal(step->detail.en, "e");
        assert_null(step->evidence.fr);
        playbook_release(&playbook);
}

/* ---- all of data/ ---- */

static void test_the_eleven_are_there(void **state)
{
        static const char *const ids[] = {
                "mail-suspect", "clic",  "compte-usurpe", "poste-bizarre",    "service-en-panne", "fuite",
                "ddos",         "panne", "rancongiciel",  "fuite-de-donnees", "appareil-perdu"};
        const struct shelf *shelf = *state;

        for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
                assert_non_null(playbooks_find(&shelf->set, ids[i]));
        for (size_t i = 0; i < 6; i++)
                assert_int_equal(playbooks_entry(&shelf->set, ids[i])->entry.order, i + 1);
        assert_null(playbooks_entry(&shelf->set, "ddos"));
}

/* What people who went through it advise (both events), by the step that says it. */
static void test_the_advice_is_in_them(void **state)
{
        static const struct {
                const char *task, *fr, *en;
        } advice[] = {
                {"mail-suspect.ne-pas-cliquer", ".exe, .app ou .bat", "misspelt"},
                {"mail-suspect.verifier-expediteur", "autre moyen", "another channel"},
                {"clic.mot-de-passe", "Depuis un autre appareil", "From another device"},
                {"clic.supprimer", "puis de la corbeille", "then from the trash"},
                {"clic.garder", "preuve", "proof"},
                {"clic.debrancher", "N’éteignez pas", "Do not switch"},
                {"clic.analyser", "plusieurs antivirus", "several antivirus"},
                {"clic.operateur", "opérateur", "operator"},
                {"compte-usurpe.correspondants", "depuis une autre adresse", "from another address"},
                {"compte-usurpe.analyser", "plusieurs", "several"},
                {"compte-usurpe.mot-de-passe", "mot de passe", "password"},
                {"compte-usurpe.destinataires", "chaque destinataire", "every recipient"},
                {"compte-usurpe.raconter", "publiez un compte rendu", "publish an account"},
                {"poste-bizarre.appeler", "prestataire", "contractor"},
                {"poste-bizarre.mot-de-passe", "votre session", "your session"},
                {"poste-bizarre.mots-de-passe", "messagerie", "mailbox"},
                {"declarer.cert", "même s’il semble minime", "even if it seems minor"},
                {"declarer.cnil", "72 heures", "72 hours"},
                {"declarer.registre", "même si elle n’est pas notifiée", "even if it is not notified"},
                {"declarer.patients", "patients", "patients"},
                {"declarer.plainte", "72 heures", "72 hours"},
                {"declarer.eigs", "EIGS", "EIGS"},
                {"declarer.resolu", "résolu", "resolved"},
                {"cellule.reevaluer", "12 heures", "12 hours"},
                {"cellule.moyens", "imprimante", "printer"},
                {"cellule.appels", "arbre d’appel", "call tree"},
                {"cellule.informer", "jusqu’à la fin", "until the end"},
                {"cellule.compte-rendu", "compte rendu", "account"},
                {"ddos.operateur", "pas une coupure", "not for a cut"},
                {"ddos.prouver", "jusqu’à une seconde", "up to a second"},
                {"ddos.preuves", "ni adresse source, ni paquet", "no source address, no packet"},
                {"ddos.preuves", "pare-feu", "firewall"},
                {"ddos.rouvrir", "par étapes", "step by step"},
                {"rancongiciel.sauvegardes", "Débranchez les sauvegardes", "Disconnect the backups"},
        };
        const struct shelf *shelf = *state;

        for (size_t i = 0; i < sizeof(advice) / sizeof(*advice); i++) {
                const struct playbook_step *step = playbooks_step(&shelf->set, advice[i].task, NULL);
                char fr[4096], en[4096];

                if (!step)
                        fail_msg("there is no step %s", advice[i].task);
                snprintf(fr, sizeof(fr), "%s %s", step->text.fr, step->detail.fr ? step->detail.fr : "");
                snprintf(en, sizeof(en), "%s %s", step->text.en, step->detail.en ? step->detail.en : "");
                if (!strstr(fr, advice[i].fr) || !strstr(en, advice[i].en))
                        fail_msg("%s: \"%s\" / \"%s\"", advice[i].task, fr, en);
        }
}

static void each_step(const struct shelf *shelf,
                      void (*visit)(const struct shelf *shelf, const struct playbook *playbook,
                                    const struct playbook_step *step))
{
        size_t seen = 0;

        for (size_t i = 0; i < shelf->set.count; i++)
                for (size_t k = 0; k < shelf->set.playbooks[i].step_count; k++, seen++)
                        visit(shelf, &shelf->set.playbooks[i], &shelf->set.playbooks[i].steps[k]);
        assert_true(seen > 100);
}

static void check_language(const struct playbook *playbook, const struct playbook_step *step, const char *fr,
                           const char *en)
{
        if (!strcmp(fr, en) || strchr(fr, '\'') || strchr(en, '\'') || !strchr(".?", fr[strlen(fr) - 1]) ||
            !strchr(".?", en[strlen(en) - 1]) || strstr(fr, "  ") || strstr(fr, " tu ") || strstr(fr, "TODO"))
                fail_msg("%s.%s: \"%s\" / \"%s\"", playbook->id, step->key, fr, en);
}

static void check_texts(const struct shelf *shelf, const struct playbook *playbook,
                        const struct playbook_step *step)
{
        check_language(playbook, step, step->text.fr, step->text.en);
        if (step->detail.fr)
                check_language(playbook, step, step->detail.fr, step->detail.en);
        if (step->evidence.fr)
                check_language(playbook, step, step->evidence.fr, step->evidence.en);
}

static void test_texts_are_sentences_in_two_languages(void **state)
{
        each_step(*state, check_texts);
}

/* A secretary reads each sentence once. */
static size_t longest_sentence(const char *text)
{
        size_t words = 1, longest = 0;

        for (const char *at = text; *at; at++) {
                if (strchr(".!?:;", *at) && (at[1] == ' ' || !at[1])) {
                        longest = words > longest ? words : longest;
                        words = 0;
                } else if (*at == ' ') {
                        words++;
                }
        }
        return longest;
}

static void check_public(const struct shelf *shelf, const struct playbook *playbook,
                         const struct playbook_step *step)
{
        if (!step->is_public)
                return;
        if (step->measure.is_set || step->obligation[0] || strstr(step->text.fr, "Garde ") ||
            (step->detail.fr && (strstr(step->detail.fr, "Garde ") || strstr(step->detail.fr, "question «"))))
                fail_msg("%s.%s needs an account", playbook->id, step->key);
        if (longest_sentence(step->text.fr) > 21 ||
            (step->detail.fr && longest_sentence(step->detail.fr) > 25))
                fail_msg("%s.%s: a sentence is too long to be read in a hurry", playbook->id, step->key);
}

static void test_public_steps_need_no_account(void **state)
{
        each_step(*state, check_public);
}

static void assert_rule_exists(const char *rule, const char *where)
{
        char folder[PATH_MAX], pattern[PATH_MAX + 80];
        glob_t found = {0};

        assert_int_equal(paths_data("obligations", folder, NULL), 0);
        snprintf(pattern, sizeof(pattern), "%s/%s.yaml", folder, rule);
        if (glob(pattern, 0, NULL, &found))
                fail_msg("%s names the duty %s, which there is none of", where, rule);
        globfree(&found);
}

static void check_rules(const struct shelf *shelf, const struct playbook *playbook,
                        const struct playbook_step *step)
{
        if (step->obligation[0])
                assert_rule_exists(step->obligation, step->key);
        if (step->due.from == STEP_DUE_BEFORE_RULE)
                assert_rule_exists(step->due.name, step->key);
}

static void test_duties_exist(void **state)
{
        each_step(*state, check_rules);
}

static void test_questions_can_be_asked_of_anybody(void **state)
{
        const struct shelf *shelf = *state;

        for (size_t i = 0; i < shelf->set.count; i++) {
                const struct playbook_entry *entry = &shelf->set.playbooks[i].entry;

                assert_true(!entry->is_set || (entry->question_count > 0 && entry->question_count <= 5));
                for (size_t k = 0; k < entry->question_count; k++) {
                        const struct fact_kind *kind = catalogue_find(&shelf->catalogue, entry->questions[k]);
                        assert_false(kind->by_person);
                }
                for (size_t k = 0; k < entry->same_count; k++) {
                        bool asked = false;
                        for (size_t q = 0; q < entry->question_count; q++)
                                asked = asked || !strcmp(entry->questions[q], entry->same[k]);
                        assert_true(asked);
                }
        }
}

static void test_json_shows_every_step(void **state)
{
        const struct shelf *shelf = *state;

        for (size_t i = 0; i < shelf->set.count; i++) {
                json_t *whole = playbook_to_json(&shelf->set.playbooks[i], true);
                json_t *row = playbook_to_json(&shelf->set.playbooks[i], false);

                assert_int_equal(json_array_size(json_object_get(whole, "steps")),
                                 shelf->set.playbooks[i].step_count);
                assert_null(json_object_get(row, "steps"));
                json_decref(whole);
                json_decref(row);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_faults_have_a_line_and_both_languages),
                cmocka_unit_test(test_all_faults_are_told),
                cmocka_unit_test(test_a_long_text_is_refused),
                cmocka_unit_test(test_a_whole_step),
                cmocka_unit_test(test_the_eleven_are_there),
                cmocka_unit_test(test_the_advice_is_in_them),
                cmocka_unit_test(test_texts_are_sentences_in_two_languages),
                cmocka_unit_test(test_public_steps_need_no_account),
                cmocka_unit_test(test_duties_exist),
                cmocka_unit_test(test_questions_can_be_asked_of_anybody),
                cmocka_unit_test(test_json_shows_every_step),
        };

        return cmocka_run_group_tests(tests, shelf_setup, shelf_teardown);
}
