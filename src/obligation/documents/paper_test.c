/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/documents/paper.h"
#include "obligation/documents/documents_test.h"

#include <errno.h>

static const uint8_t head[RECORD_HASH_SIZE] = {0x3f, 0x2a, 0x9c, 0x1b, 0x77};

static struct paper *paper_begin(void)
{
        static const struct paper_info info = {
                .structure = "Centre hospitalier de la Côte-d’Émeraude",
                .title = "Essai des pages",
                .document_id = "o_01E41Z7Q9T3N8W2M6K5J4H3G2F",
                .printed_ms = SUNDAY_MS,
                .journal_head = head,
                .journal_size = 12345,
        };
        struct paper *paper = NULL;

        assert_int_equal(paper_new(&info, &paper, NULL), 0);
        return paper;
}

static char *paper_end(struct paper *paper, size_t *ret_length)
{
        struct error error = {0};
        char *pdf = NULL;

        if (paper_render(paper, &pdf, ret_length, &error) < 0)
                fprintf(stderr, "%s\n", error.en);
        assert_non_null(pdf);
        paper_free(paper);
        assert_memory_equal(pdf, "%PDF-", 5);
        return pdf;
}

static void test_odd_values(void **state)
{
        struct paper *paper = paper_begin();
        size_t length;
        CLEANUP(cleanup_free) char *pdf = NULL;
        CLEANUP(cleanup_free) char *text = NULL;
        char word[3001];

        memset(word, 'W', 3000);
        word[3000] = '\0';
        paper_heading(paper, 1, "Déclaration d’incident à toute heure : « œuvre » ?");
        for (int i = 0; i < 40; i++) {
                char label[64];

                snprintf(label, sizeof(label), "Champ numéro %d", i);
                paper_field(paper, label,
                            i == 5   ? word
                            : i == 6 ? ""
                            : i == 7 ? NULL
                            : i % 3  ? "Jeanne Martin"
                                    : "שלום עולם 😀 مرحبا بالعالم puis du français, assez pour deux lignes");
        }
        paper_notice(paper, "Attention", word);
        paper_tick(paper, true, word);
        paper_blank(paper, "Signature");
        paper_paragraph(paper, "Fin du document.");
        pdf = paper_end(paper, &length);
        test_keep("paper.pdf", pdf, length);
        text = test_pdf_text(pdf, length);
        assert_non_null(strstr(text, "Champ numéro 39"));
        assert_non_null(strstr(text, "Fin du document."));
        assert_in_range(test_pdf_pages(pdf, length), 4, 9);
}

static void test_breaks_and_numbers_pages(void **state)
{
        struct paper *paper = paper_begin();
        static const char *const words[] = {
                "Centre hospitalier de la Côte-d’Émeraude",
                "page 1 / 3",
                "Essai des pages",
                "Ligne numéro 0,",
                "Imprimé le dimanche 22 mars 2020 à 11 h 15 (heure de Paris)",
                "Journal scellé : tête 3f2a 9c1b 7700 0000 … · 12 345 enregistrements",
                "page 2 / 3",
                "page 3 / 3",
                "Ligne numéro 99,"};
        CLEANUP(cleanup_free) char *pdf = NULL;
        CLEANUP(cleanup_free) char *text = NULL;
        size_t length;

        for (int i = 0; i < 100; i++) {
                char line[64];

                snprintf(line, sizeof(line), "Ligne numéro %d, écrite en français.", i);
                paper_paragraph(paper, line);
        }
        pdf = paper_end(paper, &length);
        text = test_pdf_text(pdf, length);
        assert_int_equal(test_pdf_pages(pdf, length), 3);
        test_in_order(text, words, ARRAY_LEN(words));
}

static void test_no_text_is_lost(void **state)
{
        struct paper *paper = paper_begin();
        CLEANUP(cleanup_free) char *pdf = NULL;
        CLEANUP(cleanup_free) char *text = NULL;
        CLEANUP(buffer_release) struct buffer value = BUFFER_INIT(1 << 16);
        size_t length;

        /* One value longer than a page: it breaks between lines and goes on. */
        for (int i = 0; i < 300; i++)
                buffer_format(&value, "mot%dfin avant le suivant, ", i);
        paper_field(paper, "Une longue réponse", buffer_string(&value));
        pdf = paper_end(paper, &length);
        text = test_pdf_text(pdf, length);
        for (int i = 0; i < 300; i++) {
                char word[32];

                snprintf(word, sizeof(word), "mot%dfin", i);
                assert_non_null(strstr(text, word));
        }
}

static void test_headings_stay_with_what_they_head(void **state)
{
        int moved = 0;

        /* Among these the page ends right after where the heading would stand. */
        for (int lines = 32; lines < 37; lines++) {
                struct paper *paper = paper_begin();
                CLEANUP(cleanup_free) char *pdf = NULL;
                CLEANUP(cleanup_free) char *text = NULL;
                const char *heading, *after;
                size_t length;

                for (int i = 0; i < lines; i++)
                        paper_paragraph(paper, "Une ligne.");
                paper_heading(paper, 2, "Titre suivi");
                paper_blank(paper, "Nom");
                paper_gap(paper, 18);
                paper_blank(paper, "Libellé suivant");
                pdf = paper_end(paper, &length);
                text = test_pdf_text(pdf, length);
                heading = strstr(text, "Titre suivi");
                after = strstr(text, "Libellé suivant");
                assert_true(heading && after && heading < after);
                assert_null(memchr(heading, '\f', (size_t)(after - heading)));
                moved += memchr(text, '\f', (size_t)(heading - text)) != NULL;
        }
        assert_in_range(moved, 1, 4);
}

/* Where a word stands on its page, from above. */
static double word_bottom(const char *pdf, size_t length, const char *word)
{
        CLEANUP(cleanup_free) char *boxes = test_pipe("pdftotext -bbox %s -", pdf, length);
        char *at = strstr(boxes, word);
        double bottom = 0;

        assert_non_null(at);
        *at = '\0';
        at = strrchr(boxes, '<');
        assert_int_equal(sscanf(at, "<word xMin=\"%*f\" yMin=\"%*f\" xMax=\"%*f\" yMax=\"%lf\"", &bottom), 1);
        return bottom;
}

/* A heading never stands alone at the foot, also over a step of three lines; ruled lines of one answer stay together. */
static void test_answers_are_not_torn(void **state)
{
        const double foot = PAPER_HEIGHT_PT - 94, three_lines = 3 * 20;

        for (int lines = 24; lines < 34; lines++) {
                struct paper *paper = paper_begin();
                CLEANUP(cleanup_free) char *pdf = NULL;
                CLEANUP(cleanup_free) char *text = NULL;
                const char *heading, *step;
                size_t length;

                for (int i = 0; i < lines; i++)
                        paper_paragraph(paper, "Une ligne.");
                paper_heading(paper, 2, "Titre suivi");
                paper_step(paper, "Le geste", "Comment\nle faire\nau juste");
                paper_heading(paper, 3, "Interrogation");
                paper_lines(paper, 3);
                pdf = paper_end(paper, &length);
                text = test_pdf_text(pdf, length);
                heading = strstr(text, "Titre suivi");
                step = strstr(text, "au juste");
                assert_true(heading && step);
                assert_null(memchr(heading, '\f', (size_t)(step - heading)));
                assert_true(word_bottom(pdf, length, "Interrogation") + three_lines <= foot);
        }
}

/* What begins a page of its own does not pull what stands before it along. */
static void test_a_blank_is_not_pulled_to_the_next_page(void **state)
{
        struct paper *paper = paper_begin();
        CLEANUP(cleanup_free) char *pdf = NULL;
        size_t length;

        for (int i = 0; i < 25; i++)
                paper_paragraph(paper, "Une ligne.");
        paper_heading(paper, 2, "Signatures");
        for (int i = 0; i < 6; i++)
                paper_blank(paper, "Nom");
        paper_page(paper);
        paper_heading(paper, 1, "Suite");
        for (int i = 0; i < 12; i++)
                paper_blank(paper, "Encore");
        pdf = paper_end(paper, &length);
        assert_int_equal(test_pdf_pages(pdf, length), 2);
}

/* Each page says of which sheet it is, and whoever asked learns where it begins. */
static void test_sheets_are_named(void **state)
{
        static const char *const words[] = {"page 1 / 4",
                                            "Essai des pages",
                                            "Couverture",
                                            "page 2 / 4",
                                            "Essai des pages · F1 Registre",
                                            "page 3 / 4",
                                            "Essai des pages · F1 Registre",
                                            "page 4 / 4",
                                            "Essai des pages · F2 Appels"};
        struct paper *paper = paper_begin();
        CLEANUP(cleanup_free) char *pdf = NULL;
        CLEANUP(cleanup_free) char *text = NULL;
        unsigned first = 0, second = 0, pages = 0;
        size_t length;

        paper_paragraph(paper, "Couverture");
        paper_sheet(paper, "F1 Registre", &first);
        for (int i = 0; i < 60; i++)
                paper_paragraph(paper, "Une ligne.");
        paper_sheet(paper, "F2 Appels", &second);
        paper_paragraph(paper, "Fin.");
        assert_int_equal(paper_pages(paper, &pages, NULL), 0);
        assert_int_equal(pages, 4);
        assert_int_equal(first, 2);
        assert_int_equal(second, 4);
        pdf = paper_end(paper, &length);
        text = test_pdf_text(pdf, length);
        test_in_order(text, words, ARRAY_LEN(words));
}

static void test_table_head_comes_again(void **state)
{
        static const struct paper_column columns[] = {{"Mesure", 2}, {"Écarté", 1, .right = true}};
        struct paper *paper = paper_begin();
        CLEANUP(cleanup_free) char *pdf = NULL;
        CLEANUP(cleanup_free) char *text = NULL;
        size_t length;
        int heads = 0;

        paper_table(paper, columns, ARRAY_LEN(columns));
        for (int i = 0; i < 90; i++)
                paper_row(paper, (const char *[]){"une signature", "312 400"});
        paper_table_end(paper);
        pdf = paper_end(paper, &length);
        text = test_pdf_text(pdf, length);
        for (const char *at = text; (at = strstr(at, "Écarté")); at++)
                heads++;
        assert_int_equal(heads, test_pdf_pages(pdf, length));
        assert_true(heads >= 2);
}

static void test_nothing_leaves_the_page(void **state)
{
        struct paper *paper = paper_begin();
        CLEANUP(cleanup_free) char *pdf = NULL;
        CLEANUP(cleanup_free) char *boxes = NULL;
        char word[2001];
        size_t length, words = 0;

        memset(word, 'M', 2000);
        word[2000] = '\0';
        paper_heading(paper, 1, word);
        paper_field(paper, word, word);
        paper_notice(paper, word, word);
        pdf = paper_end(paper, &length);
        boxes = test_pipe("pdftotext -bbox %s -", pdf, length);
        for (const char *at = boxes; (at = strstr(at, "<word ")); at++, words++) {
                double x0, y0, x1, y1;

                assert_int_equal(sscanf(at, "<word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\"", &x0,
                                        &y0, &x1, &y1),
                                 4);
                assert_true(x0 >= 56 && x1 <= PAPER_WIDTH_PT - 56);
                assert_true(y0 >= 20 && y1 <= PAPER_HEIGHT_PT - 20);
        }
        assert_true(words > 50);
}

static void test_says_what_it_is(void **state)
{
        struct paper *paper = paper_begin();
        CLEANUP(cleanup_free) char *pdf = NULL;
        CLEANUP(cleanup_free) char *info = NULL;
        CLEANUP(cleanup_free) char *fonts = NULL;
        static const char *const words[] = {
                "Title:", "Essai des pages", "Author:", "Émeraude", "CreationDate:",
                "Mar 22", "Tagged:",         "yes",     "A4"};
        size_t length;

        paper_paragraph(paper, "Texte.");
        pdf = paper_end(paper, &length);
        info = test_pipe("TZ=UTC pdfinfo %s", pdf, length);
        test_in_order(info, words, ARRAY_LEN(words));
        assert_non_null(memmem(pdf, length, "/Lang (fr)", 10));
        fonts = test_pipe("pdffonts %s | tail -n +3", pdf, length);
        assert_non_null(strstr(fonts, "DejaVuSans"));
        assert_null(strstr(fonts, " no  no "));
}

static void test_same_input_same_bytes(void **state)
{
        struct paper *papers[2];
        char *pdfs[2];
        size_t lengths[2];

        for (int i = 0; i < 2; i++) {
                papers[i] = paper_begin();
                paper_heading(papers[i], 1, "Même entrée");
                paper_field(papers[i], "A", "gras et maigre");
                pdfs[i] = paper_end(papers[i], &lengths[i]);
        }
        assert_int_equal(lengths[0], lengths[1]);
        assert_memory_equal(pdfs[0], pdfs[1], lengths[0]);
        free(pdfs[0]);
        free(pdfs[1]);
}

static void test_caps_are_told(void **state)
{
        struct paper *paper = paper_begin();
        struct error error = {0};
        char *pdf = NULL;
        size_t length = 0;

        for (int i = 0; i <= PAPER_BLOCKS_MAX; i++)
                paper_gap(paper, 1);
        assert_int_equal(paper_render(paper, &pdf, &length, &error), -E2BIG);
        assert_null(pdf);
        assert_true(error.en[0] != '\0');
        paper_free(paper);
}

static void test_long_cells_are_cut_on_a_character(void **state)
{
        struct paper *paper = paper_begin();
        CLEANUP(cleanup_free) char *value = malloc(2 * PAPER_TEXT_MAX + 1);
        CLEANUP(cleanup_free) char *pdf = NULL;
        CLEANUP(cleanup_free) char *text = NULL;
        size_t length;

        assert_non_null(value);
        value[0] = 'a';
        for (size_t i = 1; i + 1 < 2 * PAPER_TEXT_MAX; i += 2)
                memcpy(value + i, i % 60 == 1 ? "\n\n" : "é", 2);
        value[2 * PAPER_TEXT_MAX - 1] = '\0';
        paper_note(paper, value);
        pdf = paper_end(paper, &length);
        text = test_pdf_text(pdf, length);
        assert_non_null(strstr(text, "…"));
        assert_null(strstr(text, "\xef\xbf\xbd"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_odd_values),
                cmocka_unit_test(test_breaks_and_numbers_pages),
                cmocka_unit_test(test_no_text_is_lost),
                cmocka_unit_test(test_headings_stay_with_what_they_head),
                cmocka_unit_test(test_answers_are_not_torn),
                cmocka_unit_test(test_a_blank_is_not_pulled_to_the_next_page),
                cmocka_unit_test(test_sheets_are_named),
                cmocka_unit_test(test_table_head_comes_again),
                cmocka_unit_test(test_nothing_leaves_the_page),
                cmocka_unit_test(test_says_what_it_is),
                cmocka_unit_test(test_same_input_same_bytes),
                cmocka_unit_test(test_caps_are_told),
                cmocka_unit_test(test_long_cells_are_cut_on_a_character),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
