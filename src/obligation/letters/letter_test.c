/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/documents/documents_test.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/paths.h"
#include "obligation/letters/batch.h"

struct world {
        struct catalogue catalogue;
        struct template_set set;
        char folder[64], path[128];
};

static int set_up(void **state)
{
        struct world *world = calloc(1, sizeof(*world));
        struct error error = {0};
        char path[PATH_MAX];

        assert_non_null(world);
        assert_int_equal(paths_data("facts", path, &error), 0);
        assert_int_equal(catalogue_load(path, &world->catalogue, &error), 0);
        assert_int_equal(paths_data("letters", path, &error), 0);
        if (templates_load(path, &world->catalogue, &world->set, &error))
                fprintf(stderr, "%s\n", error.en);
        assert_int_equal(error.code, 0);
        strcpy(world->folder, "/tmp/garde-letters-XXXXXX");
        assert_non_null(mkdtemp(world->folder));
        snprintf(world->path, sizeof(world->path), "%s/batch.pdf", world->folder);
        *state = world;
        return 0;
}

static int tear_down(void **state)
{
        struct world *world = *state;

        unlink(world->path);
        rmdir(world->folder);
        templates_release(&world->set);
        catalogue_release(&world->catalogue);
        free(world);
        return 0;
}

static const struct letter_house house = {.structure = "Centre hospitalier de la Côte-d’Émeraude",
                                          .address = "1 quai des Essais\n35400 Saint-Malo",
                                          .contact = "Délégué à la protection des données : 02 00 00 00 00",
                                          .signer = "Hélène Directrice",
                                          .signer_role = "Directrice",
                                          .batch = "l_01E41Z7Q9T3N8W2M6K5J4H3G2F",
                                          .reference = "i_01E41Z7Q9T3N8W2M6K5J4H3G2F",
                                          .dated_ms = SUNDAY_MS};

static const char *value(void *context, const char *field)
{
        static const struct {
                const char *field, *text;
        } known[] = {
                {"structure.name", "Centre hospitalier de la Côte-d’Émeraude"},
                {"personal_data.nature", "Une boîte aux lettres a été lue {name}"},
                {"filings.told", "CNIL, le lundi 23 mars 2020"},
                {"contact", "le délégué à la protection des données, Denise Petit, dpo@hopital.example"}};

        for (size_t i = 0; context && i < ARRAY_LEN(known); i++)
                if (!strcmp(known[i].field, field))
                        return known[i].text;
        return NULL;
}

static void make_words(const struct world *world, const char *id, bool known,
                       struct letter_words words[LANGUAGE_COUNT])
{
        const struct letter_template *template = templates_find(&world->set, id);

        assert_non_null(template);
        for (size_t i = 0; i < LANGUAGE_COUNT; i++)
                assert_int_equal(letter_words_make(template, (enum language)i, value,
                                                   known ? (void *)world : NULL, &words[i], NULL),
                                 0);
}

static char *printed(const struct world *world, const struct letter_words *words, const char *csv,
                     const struct recipient *typed, int *ret_pages)
{
        const struct batch_order order = {.csv = csv,
                                          .length = csv ? strlen(csv) : 0,
                                          .typed = typed,
                                          .path = world->path,
                                          .house = &house,
                                          .words = words,
                                          .otherwise = LANGUAGE_FR};
        CLEANUP(cleanup_free) char *pdf = NULL;
        struct batch_progress progress = {0};
        struct error error = {0};
        struct stat st;
        size_t length;

        if (batch_print(&order, &progress, &error))
                fprintf(stderr, "%s\n", error.en);
        assert_int_equal(error.code, 0);
        assert_int_equal(stat(world->path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        assert_int_equal(file_read(world->path, 64 << 20, &pdf, &length, NULL), 0);
        *ret_pages = test_pdf_pages(pdf, length);
        assert_int_equal(*ret_pages, (int)atomic_load(&progress.pages));
        test_keep(typed ? "letter-one.pdf" : csv ? "letters.pdf" : "notice.pdf", pdf, length);
        return test_pdf_text(pdf, length);
}

static void release_words(struct letter_words words[LANGUAGE_COUNT])
{
        for (size_t i = 0; i < LANGUAGE_COUNT; i++)
                letter_words_release(&words[i]);
}

static const char patients[] = "Civilité;Nom;Prénom;Adresse;CP;Ville;IPP;Langue\n"
                               "Madame;Lefèvre;Zoé;12 rue de l’Œuvre;29200;Brest;884;fr\n"
                               "Mr;O'Neil;John;1 rue A;29000;Quimper;885;en\n"
                               ";Sansadresse;Jean;;;;886;\n"
                               ";Durand;Camille;2 rue B;29000;Quimper;887;\n";

static void test_letters_to_patients(void **state)
{
        struct world *world = *state;
        struct letter_words words[LANGUAGE_COUNT] = {0};
        CLEANUP(cleanup_free) char *text = NULL;
        int pages;

        make_words(world, "patients", true, words);
        text = printed(world, words, patients, NULL, &pages);
        assert_true(pages == 3);
        test_in_order(text,
                      (const char *const[]){"Zoé Lefèvre", "29200 BREST", "/ 884", "dimanche 22 mars 2020",
                                            "Objet : Vos données", "Madame,", "lue (name)", "Méfiez-vous",
                                            "Denise Petit", "Hélène Directrice", "John O'Neil", "Dear Sir,",
                                            "Camille Durand", "Madame, Monsieur,"},
                      14);
        assert_null(strstr(text, "Sansadresse"));
        release_words(words);
}

/* What is not known is said otherwise or left out: no brace, no question mark reaches a patient. */
static void test_every_template_without_facts(void **state)
{
        struct world *world = *state;
        struct recipient typed;

        assert_int_equal(recipient_typed("Commissariat central\n1 place d’Armes\n29200 BREST", &typed, NULL),
                         0);
        assert_true(world->set.count >= 6);
        for (size_t i = 0; i < world->set.count; i++) {
                struct letter_words words[LANGUAGE_COUNT] = {0};
                CLEANUP(cleanup_free) char *text = NULL;
                bool nobody = world->set.templates[i].to == LETTER_NOBODY;
                int pages;

                make_words(world, world->set.templates[i].id, false, words);
                text = printed(world, words, NULL, nobody ? NULL : &typed, &pages);
                assert_true(pages >= 1 && pages <= 2);
                assert_null(strchr(text, '{'));
                assert_true(nobody || strstr(text, "29200 BREST"));
                release_words(words);
        }
}

/* No record: no claim. Each part that says so goes as soon as one record is there, and what is planned is never "done". */
static void test_a_letter_asserts_what_is_known(void **state)
{
        static const char *const ids[] = {"patients", "avis-public"};
        static const char *const never[] = {"prévenu",  "arrêté",    "renforcé", "ont été touchées",
                                            "a touché", "a cessé",   "normale",  "Mesures techniques",
                                            "enquête",  "cherchons", "told"};
        struct world *world = *state;

        for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
                struct letter_words none[LANGUAGE_COUNT] = {0}, some[LANGUAGE_COUNT] = {0};
                CLEANUP(cleanup_free) char *before = NULL, *after = NULL;
                int pages;

                make_words(world, ids[i], false, none);
                make_words(world, ids[i], true, some);
                before = printed(world, none, NULL, NULL, &pages);
                after = printed(world, some, NULL, NULL, &pages);
                for (size_t k = 0; k < ARRAY_LEN(never); k++)
                        if (strstr(before, never[k]))
                                fail_msg("%s says “%s” and nothing shows it", ids[i], never[k]);
                assert_non_null(strstr(before, "ce qui a été fait."));
                assert_null(strstr(after, "ce qui a été fait."));
                assert_non_null(strstr(after, "Prévenus : CNIL, le lundi 23 mars 2020."));
                release_words(none);
                release_words(some);
        }
}

static const struct letter_hole *hole(const struct letter_hole *holes, size_t count, const char *field)
{
        for (size_t i = 0; i < count; i++)
                if (!strcmp(holes[i].field, field))
                        return &holes[i];
        return NULL;
}

/* Whom to ask cannot be left out; what makes the letter vaguer is named; what may be absent without a trace is not. */
static void test_holes_are_named(void **state)
{
        struct world *world = *state;
        const struct letter_template *template = templates_find(&world->set, "patients");
        struct letter_hole holes[LETTER_HOLES_MAX];
        size_t count = letter_holes(template, value, NULL, holes);
        const char *fr, *en;

        assert_non_null(hole(holes, count, "contact"));
        assert_true(hole(holes, count, "contact")->blank);
        assert_true(hole(holes, count, "structure.name")->blank);
        assert_false(hole(holes, count, "personal_data.nature")->blank);
        assert_false(hole(holes, count, "filings.told")->blank);
        assert_null(hole(holes, count, "started_at"));
        assert_null(hole(holes, count, "name"));
        template_field_label(&world->catalogue, "personal_data.nature", &fr, &en);
        assert_string_equal(en, "Nature of the breach");
        template_field_label(&world->catalogue, "contact", &fr, &en);
        assert_true(!strncmp(fr, "À qui s’adresser", 18) && !strncmp(en, "Whom to ask", 11));

        count = letter_holes(template, value, world, holes);
        for (size_t i = 0; i < count; i++)
                assert_false(holes[i].blank);
        assert_null(hole(holes, count, "personal_data.nature"));
        assert_null(hole(holes, count, "ended_at")); /* somebody was told: that is enough for the part */
        assert_non_null(hole(holes, count, "personal_data.measures_planned"));
}

/* Every field of a text is one that somebody can be told of by a name of its own. */
static void test_every_field_has_a_label(void **state)
{
        struct world *world = *state;

        for (size_t i = 0; i < world->set.count; i++) {
                struct letter_hole holes[LETTER_HOLES_MAX];
                size_t count = letter_holes(&world->set.templates[i], value, NULL, holes);

                assert_true(count > 0 && count < LETTER_HOLES_MAX);
                for (size_t k = 0; k < count; k++) {
                        const char *fr, *en;

                        template_field_label(&world->catalogue, holes[k].field, &fr, &en);
                        assert_string_not_equal(fr, holes[k].field);
                        assert_string_not_equal(en, holes[k].field);
                }
        }
}

/* To be copied into a mail: every part once, in order, greeted as nobody in particular; the same as JSON. */
static void test_the_words_alone(void **state)
{
        struct world *world = *state;
        struct letter_words words[LANGUAGE_COUNT] = {0};
        CLEANUP(cleanup_free) char *text = NULL, *json_text = NULL;
        size_t length, json_length;
        json_t *json;

        make_words(world, "patients", true, words);
        assert_int_equal(letter_text(&words[LANGUAGE_FR], &house, &text, &length, NULL), 0);
        assert_int_equal(length, strlen(text));
        assert_memory_equal(text, "Objet : Vos données", strlen("Objet : Vos données"));
        test_in_order(
                text,
                (const char *const[]){"Madame, Monsieur,\n", "lue (name)", "\n- Méfiez-vous", "Denise Petit",
                                      "Hélène Directrice\nDirectrice\nCentre hospitalier", house.reference},
                6);
        assert_null(strchr(text, '{'));
        assert_int_equal(letter_json(&words[LANGUAGE_EN], &house, &json_text, &json_length, NULL), 0);
        json = json_loads(json_text, 0, NULL);
        assert_int_equal(json_array_size(json_object_get(json, "parts")), words[LANGUAGE_EN].count);
        assert_string_equal(
                json_string_value(json_object_get(json_array_get(json_object_get(json, "parts"), 0), "text")),
                "Dear Sir or Madam,");
        assert_string_equal(json_string_value(json_object_get(json, "signer")), house.signer);
        json_decref(json);
        release_words(words);
}

static void test_looking_first(void **state)
{
        struct batch_look look = {0};
        struct error error = {0};

        assert_int_equal(batch_look(patients, strlen(patients), &look, &error), 0);
        assert_int_equal(look.good, 3);
        assert_int_equal(look.bad, 1);
        assert_int_equal(look.said[0].row, 4);
        assert_string_equal(look.said[0].why.fr, "pas d’adresse");
        assert_true(look.columns[RECIPIENT_CIVILITY] && !look.columns[RECIPIENT_COUNTRY]);
        batch_look_release(&look);
        assert_int_equal(batch_look("bonjour", 7, &look, &error), -EINVAL);
}

static void test_stopped(void **state)
{
        struct world *world = *state;
        struct letter_words words[LANGUAGE_COUNT] = {0};
        struct batch_progress progress = {0};
        struct error error = {0};

        make_words(world, "patients", true, words);
        atomic_store(&progress.stop, true);
        const struct batch_order order = {.csv = patients,
                                          .length = strlen(patients),
                                          .path = world->path,
                                          .house = &house,
                                          .words = words};
        assert_int_equal(batch_print(&order, &progress, &error), -ECANCELED);
        assert_int_equal(access(world->path, F_OK), -1);
        assert_int_equal(atomic_load(&progress.done), 1);
        release_words(words);
}

static const char *only_the_house(void *context, const char *field)
{
        return !strcmp(field, "structure.name") ? "Cabinet Essai"
               : !strcmp(field, "incident.id")  ? "i_1"
               : !strcmp(field, "contact")      ? "Claire, 01 02 03 04 05" /* without it no letter is made */
                                                : NULL;
}

/* What a small house did not write into its configuration leaves no hole in a sentence: another one stands there. */
static void test_what_is_not_known_leaves_no_hole(void **state)
{
        const struct world *world = *state;

        for (size_t i = 0; i < world->set.count; i++)
                for (size_t k = 0; k < LANGUAGE_COUNT; k++) {
                        struct letter_words words = {0};

                        assert_int_equal(letter_words_make(&world->set.templates[i], (enum language)k,
                                                           only_the_house, NULL, &words, NULL),
                                         0);
                        for (size_t at = 0; at < words.count; at++) {
                                if (strstr(words.texts[at].text, "…"))
                                        fprintf(stderr, "%s: %s\n", world->set.templates[i].id,
                                                words.texts[at].text);
                                assert_null(strstr(words.texts[at].text, "…"));
                        }
                        letter_words_release(&words);
                }
}

static void test_templates_are_strict(void **state)
{
        static const char whole[] =
                "id: a\nversion: 1\nto: one\ntitle: {fr: t, en: t}\nabout: {fr: t, en: t}\n"
                "subject: {fr: t, en: t}\nbody:\n  - text: {fr: \"%s\", en: t}\n";
        const struct world *world = *state;
        static const struct {
                const char *text;
                int r;
        } tries[] = {
                {"{structure.name}", 0}, {"{no.such.fact}", -EINVAL}, {"a {brace", -EINVAL}, {"{name}", 0}};

        for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
                struct letter_template template = {0};
                struct error error = {0};
                char text[512];

                snprintf(text, sizeof(text), whole, tries[i].text);
                assert_int_equal(
                        template_read("a.yaml", text, strlen(text), &world->catalogue, &template, &error),
                        tries[i].r);
                assert_true(!tries[i].r || strstr(error.en, "a.yaml"));
                template_release(&template);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_letters_to_patients),
                cmocka_unit_test(test_every_template_without_facts),
                cmocka_unit_test(test_what_is_not_known_leaves_no_hole),
                cmocka_unit_test(test_a_letter_asserts_what_is_known),
                cmocka_unit_test(test_holes_are_named),
                cmocka_unit_test(test_every_field_has_a_label),
                cmocka_unit_test(test_the_words_alone),
                cmocka_unit_test(test_looking_first),
                cmocka_unit_test(test_stopped),
                cmocka_unit_test(test_templates_are_strict),
        };

        return cmocka_run_group_tests(tests, set_up, tear_down);
}
