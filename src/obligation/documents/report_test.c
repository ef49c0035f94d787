/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/documents/report.h"
#include "obligation/documents/documents_test.h"

#include <errno.h>
#include <sys/resource.h>

#include "base/sanitized.h"

#define POINTS   1800
#define MEASURES 12

static const uint8_t head[32] = {0x3f, 0x2a, 0x9c, 0x1b};

/* A whole incident; `report` points into the rest. */
struct story {
        struct incident incident;
        struct finding findings[6];
        struct measure measures[MEASURES + 28];
        struct obligation obligations[12];
        struct plot_point points[POINTS];
        struct incident_report report;
};

static const struct report_class classes[] = {
        {"patients et personnel connus, Europe", "known patients and staff, Europe", 2104, 2104, 4.2, 31},
        {"nouveaux visiteurs, Europe", "new visitors, Europe", 986, 984, 6.8, 44},
        {"connus, hors d’Europe", "known, elsewhere", 212, 212, 5.1, 38},
        {"nouveaux, hors d’Europe", "new, elsewhere", 340, 331, 12, 1040},
};

static void findings_fill(struct story *story)
{
        static const struct {
                enum finding_phase phase;
                int64_t after_ms;
                const char *fr, *en;
        } seen[] = {
                {FINDING_PHASE_BEGINS, 300,
                 "312 000 paquets par seconde vers « portail », 140 fois l’habitude ; presque aucun "
                 "ne vient d’une adresse qui a déjà parlé avec l’hôpital.",
                 "312,000 packets a second to “portail”, 140 times the usual; hardly any from an address "
                 "seen before."},
                {FINDING_PHASE_CONTINUES, 30000,
                 "L’attaque change de forme : des paquets UDP de 1 400 octets s’y ajoutent.",
                 "The attack changes: UDP packets of 1,400 bytes join in."},
                {FINDING_PHASE_ENDS, 80000, "Plus rien de l’attaque depuis dix secondes.",
                 "Nothing of the attack for ten seconds."},
        };

        for (size_t i = 0; i < ARRAY_LEN(seen); i++) {
                struct finding *finding = &story->findings[i];

                finding->seen_ms = SUNDAY_MS + seen[i].after_ms;
                finding->phase = seen[i].phase;
                bitext_set(&finding->why, seen[i].fr, seen[i].en);
        }
        story->report.findings = story->findings;
        story->report.finding_count = ARRAY_LEN(seen);
}

static void measures_fill(struct story *story, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                struct measure *measure = &story->measures[i];

                measure->kind = (enum measure_kind)(i % MEASURE_KIND_COUNT);
                measure->state = i == 1 ? MEASURE_STATE_PROBATION : MEASURE_STATE_LIFTED;
                measure->since_ms = SUNDAY_MS + 400 + (int64_t)(count - i) * 150;
                measure->until_ms = SUNDAY_MS + 90000 + (int64_t)i * 2500;
                measure->dropped = 9120400 / (i + 1);
                measure->predicted_cost = 0.0004;
                measure->actual_cost = i == 2 ? -1 : 0.00011;
                snprintf(measure->id.text, ID_TEXT_SIZE, "m_%026zu", i);
                bitext_set(&measure->why,
                           "Les paquets SYN de 60 octets, TTL 53, fenêtre 1024 sont 97 % de l’attaque et "
                           "0,02 % du trafic "
                           "habituel.",
                           "SYN packets of 60 bytes, TTL 53, window 1024 are 97% of the attack and 0.02% of "
                           "usual traffic.");
        }
        story->report.measures = story->measures;
        story->report.measure_count = count;
}

static void obligations_fill(struct story *story, size_t count)
{
        static const struct {
                const char *fr, *en, *to_fr, *to_en;
                enum obligation_state state;
                int64_t due_ms;
                bool without_delay;
        } duties[] = {
                {"Déclaration d’incident grave de sécurité des systèmes d’information",
                 "Declaration of a grave incident", "CERT Santé (ANS)", "CERT Santé (ANS)",
                 OBLIGATION_STATE_DUE, 0, true},
                {"Notification d’une violation de données à la CNIL", "Notification of a breach to the CNIL",
                 "CNIL", "CNIL", OBLIGATION_STATE_POSSIBLE, SUNDAY_MS + 72 * 3600000LL, false},
                {"Inscription au registre des violations", "Entry in the register of breaches",
                 "registre interne", "internal register", OBLIGATION_STATE_FILED, 0, false},
        };

        for (size_t i = 0; i < count; i++) {
                struct obligation *obligation = &story->obligations[i];
                size_t from = i % ARRAY_LEN(duties);

                bitext_set(&obligation->title, duties[from].fr, duties[from].en);
                bitext_set(&obligation->recipient, duties[from].to_fr, duties[from].to_en);
                obligation->state = duties[from].state;
                obligation->due_ms = duties[from].due_ms;
                obligation->without_delay = duties[from].without_delay;
                obligation->filed_ms = obligation->state == OBLIGATION_STATE_FILED ? SUNDAY_MS + 3600000 : 0;
        }
        story->report.obligations = story->obligations;
        story->report.obligation_count = count;
}

static void points_fill(struct story *story)
{
        for (int i = 0; i < POINTS; i++) {
                bool attacked = i >= 300 && i < 1100, held = i >= 308;

                story->points[i] = (struct plot_point){SUNDAY_MS - 30000 + i * 100LL, 2000 + i * 7919 % 600,
                                                       !attacked ? 0
                                                       : held    ? 900
                                                                 : 312000,
                                                       attacked && held ? 311100 : 0};
        }
        story->report.points = story->points;
        story->report.point_count = POINTS;
}

static struct story *story_new(size_t measures, size_t obligations)
{
        struct story *story = calloc(1, sizeof(*story));
        struct incident_report *report;

        assert_non_null(story);
        report = &story->report;
        snprintf(story->incident.id.text, ID_TEXT_SIZE, "i_01E41Z7Q9T3N8W2M6K5J4H3G2E");
        snprintf(story->incident.kind, sizeof(story->incident.kind), "flood");
        snprintf(story->incident.subject, sizeof(story->incident.subject), "portail");
        bitext_set(&story->incident.title, "Attaque par saturation du portail des patients",
                   "Flood against the patients’ portal");
        story->incident.opened_ms = SUNDAY_MS;
        story->incident.open = true;
        *report = (struct incident_report){
                .structure = "Centre hospitalier de la Côte-d’Émeraude",
                .printed_ms = SUNDAY_MS + 7200000,
                .journal_head = head,
                .journal_size = 412,
                .incident = &story->incident,
                .figures = {312400, 24.8e6, 61200, 104, 80000, 310, 820, 22400, 0, 0.9963, 0.0004, 0.00011},
                .classes = classes,
                .class_count = ARRAY_LEN(classes),
                .began_ms = SUNDAY_MS,
                .detected_ms = SUNDAY_MS + 310,
                .effective_ms = SUNDAY_MS + 820,
                .ended_ms = SUNDAY_MS + 80000,
                .reopened_ms = SUNDAY_MS + 102400,
        };
        findings_fill(story);
        measures_fill(story, measures);
        obligations_fill(story, obligations);
        points_fill(story);
        return story;
}

static void story_free(struct story **story)
{
        for (size_t i = 0; i < ARRAY_LEN((*story)->findings); i++)
                finding_release(&(*story)->findings[i]);
        for (size_t i = 0; i < ARRAY_LEN((*story)->measures); i++)
                measure_release(&(*story)->measures[i]);
        for (size_t i = 0; i < ARRAY_LEN((*story)->obligations); i++)
                obligation_release(&(*story)->obligations[i]);
        incident_release(&(*story)->incident);
        free(*story);
}

/* The report's text; it must be one page whatever the story. */
static char *one_page(const struct story *story, enum language language, const char *keep)
{
        CLEANUP(cleanup_free) char *pdf = NULL;
        struct error error = {0};
        size_t length;

        if (report_render(&story->report, language, &pdf, &length, &error) < 0)
                fprintf(stderr, "%s\n", error.en);
        assert_non_null(pdf);
        assert_memory_equal(pdf, "%PDF-", 5);
        assert_int_equal(test_pdf_pages(pdf, length), 1);
        test_keep(keep, pdf, length);
        return test_pdf_text(pdf, length);
}

static void test_french(void **state)
{
        CLEANUP(story_free) struct story *story = story_new(4, 3);
        CLEANUP(cleanup_free) char *text = one_page(story, LANGUAGE_FR, "report.pdf");
        static const char *const words[] = {"Centre hospitalier de la Côte-d’Émeraude",
                                            "page 1 / 1",
                                            "Rapport d’incident",
                                            "i_01E41Z7Q9T3N8W2M6K5J4H3G2E",
                                            "Attaque par saturation du portail des patients",
                                            "Le dimanche 22 mars 2020 à 11 h 15 (heure de Paris)",
                                            "visé « portail »",
                                            "61 200 sources",
                                            "Garde l’a vu",
                                            "99,63 %",
                                            "3 631 demandes",
                                            "reste ouvert",
                                            "Chiffres clés",
                                            "Crête de l’attaque",
                                            "312 400 paquets/s",
                                            "Détectée après",
                                            "0,31 s",
                                            "patients et personnel connus, Europe",
                                            "100 %",
                                            "trafic légitime passé",
                                            "détectée 11:15:00",
                                            "Déroulement",
                                            "constat : début",
                                            "habitude",
                                            "clôture de pays",
                                            "9 120 400",
                                            "0,04 % / 0,01 %",
                                            "constat : fin",
                                            "Obligations",
                                            "CERT Santé (ANS)",
                                            "sans délai",
                                            "à faire",
                                            "CNIL",
                                            "25/03/2020 11:15",
                                            "à confirmer",
                                            "faite le",
                                            "Imprimé le dimanche 22 mars 2020 à 13 h 15",
                                            "tête 3f2a 9c1b"};

        test_in_order(text, words, ARRAY_LEN(words));
}

static void test_english(void **state)
{
        CLEANUP(story_free) struct story *story = story_new(4, 3);
        CLEANUP(cleanup_free) char *text = one_page(story, LANGUAGE_EN, "report-en.pdf");
        static const char *const words[] = {"Incident report",
                                            "Flood against the patients’ portal",
                                            "On Sunday 22 March 2020",
                                            "Key figures",
                                            "312,400 packets/s",
                                            "Course of events",
                                            "country fence",
                                            "Legal duties",
                                            "without delay"};

        test_in_order(text, words, ARRAY_LEN(words));
}

static void test_twelve_measures(void **state)
{
        CLEANUP(story_free) struct story *story = story_new(MEASURES, 3);
        CLEANUP(cleanup_free) char *text = one_page(story, LANGUAGE_FR, "report-12.pdf");

        for (int i = 1; i <= MEASURES; i++) {
                char number[16];

                snprintf(number, sizeof(number), " %d. ", i);
                assert_non_null(strstr(text, number));
        }
        assert_null(strstr(text, "autres mesures"));
}

static void test_more_than_a_page_holds(void **state)
{
        CLEANUP(story_free)
        struct story *story = story_new(ARRAY_LEN(story->measures), ARRAY_LEN(story->obligations));
        CLEANUP(cleanup_free) char *text = one_page(story, LANGUAGE_FR, "report-40.pdf");
        static const char *const words[] = {"Déroulement", "autres mesures", "voir le journal.",
                                            "Obligations", "autres, voir le journal."};

        test_in_order(text, words, ARRAY_LEN(words));
}

static void test_nothing_known(void **state)
{
        CLEANUP(story_free) struct story *story = story_new(0, 0);
        CLEANUP(cleanup_free) char *text = NULL;
        static const char *const words[] = {"un incident a touché « portail »",
                                            "Le délai de détection",
                                            "aucune mesure n’a été prise",
                                            "n’ont pas été comptées",
                                            "clos.",
                                            "inconnu",
                                            "Le trafic n’a pas été enregistré.",
                                            "Aucun constat ni mesure.",
                                            "Aucune obligation"};

        story->report.figures = (struct report_figures)REPORT_FIGURES_UNKNOWN;
        story->incident.open = false;
        story->report.class_count = 0;
        story->report.finding_count = 0;
        story->report.point_count = 0;
        story->report.journal_head = NULL;
        story->report.structure = NULL;
        story->report.detected_ms = story->report.effective_ms = story->report.ended_ms =
                story->report.reopened_ms = 0;
        snprintf(story->incident.kind, sizeof(story->incident.kind), "outage");
        text = one_page(story, LANGUAGE_FR, "report-nothing.pdf");
        test_in_order(text, words, ARRAY_LEN(words));
}

static void test_long_words_stay_on_the_page(void **state)
{
        CLEANUP(story_free) struct story *story = story_new(MEASURES, 6);
        CLEANUP(cleanup_free) char *text = NULL;
        char word[3001];

        memset(word, 'W', sizeof(word) - 1);
        word[sizeof(word) - 1] = '\0';
        bitext_set(&story->incident.title, word, word);
        memset(story->incident.subject, 'S', sizeof(story->incident.subject) - 1);
        for (size_t i = 0; i < MEASURES; i++)
                bitext_set(&story->measures[i].why, word, word);
        for (size_t i = 0; i < 6; i++)
                bitext_set(&story->obligations[i].title, word, word);
        for (size_t i = 0; i < 3; i++)
                bitext_set(&story->findings[i].why, "😀 שלום עולם\nمرحبا بالعالم", "x");
        story->report.structure = word;
        text = one_page(story, LANGUAGE_FR, "report-long.pdf");
        assert_non_null(strstr(text, "Obligations"));
}

static void test_writes_files_and_stays_small(void **state)
{
        CLEANUP(story_free) struct story *story = story_new(MEASURES, 3);
        char folder[] = "/tmp/garde-report-XXXXXX";
        struct report_paths paths = {0};
        struct error error = {0};
        struct rusage usage;

        assert_non_null(mkdtemp(folder));
        assert_int_equal(report_write(&story->report, folder, "", LANGUAGE_FR, &paths, &error), -EINVAL);
        assert_int_equal(report_write(&story->report, folder, "a/b", LANGUAGE_FR, &paths, &error), -EINVAL);
        assert_int_equal(report_write(&story->report, folder, "rapport", LANGUAGE_FR, &paths, &error), 0);
        assert_non_null(strstr(paths.svg, "/rapport-trafic.svg"));
        assert_int_equal(unlink(paths.pdf) | unlink(paths.png) | unlink(paths.svg), 0);
        assert_int_equal(rmdir(folder), 0);
        assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
        fprintf(stderr, "largest resident size %ld KiB\n", usage.ru_maxrss);
        assert_true(SANITIZED || usage.ru_maxrss < 40 * 1024);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_french),
                cmocka_unit_test(test_english),
                cmocka_unit_test(test_twelve_measures),
                cmocka_unit_test(test_more_than_a_page_holds),
                cmocka_unit_test(test_nothing_known),
                cmocka_unit_test(test_long_words_stay_on_the_page),
                cmocka_unit_test(test_writes_files_and_stays_small),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
