/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/documents/declaration.h"
#include "obligation/documents/documents_test.h"

#include <errno.h>
#include <jansson.h>

static const uint8_t head[RECORD_HASH_SIZE] = {0x3f, 0x2a, 0x9c, 0x1b};
static const struct declaration_seal seal = {
        .printed_ms = SUNDAY_MS, .journal_head = head, .journal_size = 212};

struct question {
        const char *key, *fr, *en, *value_fr, *value_en;
        enum fact_state state;
};

static const struct question declarant[] = {
        {"declarant.name", "Nom du déclarant", "Name of the declarant", "Jeanne Lefèvre", "Jeanne Lefèvre",
         FACT_STATE_KNOWN},
        {"declarant.role", "Fonction", "Position", "directrice de garde", "director on call",
         FACT_STATE_KNOWN},
        {"declarant.phone", "Téléphone", "Telephone", "02 99 12 34 56", "02 99 12 34 56", FACT_STATE_KNOWN},
        {"structure.name", "Nom de la structure", "Name of the structure",
         "Centre hospitalier de la Côte-d’Émeraude", "Centre hospitalier de la Côte-d’Émeraude",
         FACT_STATE_KNOWN},
        {"structure.finess", "Numéro FINESS", "FINESS number", "350000123", "350000123", FACT_STATE_KNOWN},
};
static const struct question facts[] = {
        {"incident.begin", "Début de l’incident", "Beginning of the incident",
         "dimanche 22 mars 2020 à 10 h 15 (heure de Paris)", "Sunday 22 March 2020 at 10:15 (Paris time)",
         FACT_STATE_KNOWN},
        {"attack.peak", "Intensité maximale", "Highest intensity", "312 400 paquets par seconde",
         "312,400 packets a second", FACT_STATE_KNOWN},
        {"patients.harmed", "Des patients ont-ils subi un dommage ?", "Was a patient harmed?",
         "Je ne sais pas (inconnu à ce stade)", "I do not know (unknown so far)", FACT_STATE_UNKNOWN},
        {"data.reached", "Des données de santé ont-elles été atteintes ?", "Was health data reached?",
         "Question pas encore posée", "Question not asked yet", FACT_STATE_NOT_ASKED},
        {"measures.taken", "Mesures prises", "Measures taken",
         "signature : paquets de 64 octets vers le port 443\nclôture de pays : sources hors d’Europe, "
         "connues exceptées",
         "signature: packets of 64 bytes to port 443\ncountry fence: sources outside Europe, known ones "
         "spared",
         FACT_STATE_KNOWN},
};

static void section_fill(struct form_section *section, const char *key, const char *fr, const char *en,
                         const struct question *questions, size_t count)
{
        snprintf(section->key, sizeof(section->key), "%s", key);
        bitext_set(&section->title, fr, en);
        section->fields = calloc(count, sizeof(*section->fields));
        assert_non_null(section->fields);
        section->field_count = count;
        for (size_t i = 0; i < count; i++) {
                struct form_field *field = &section->fields[i];

                snprintf(field->key, sizeof(field->key), "%s", questions[i].key);
                bitext_set(&field->label, questions[i].fr, questions[i].en);
                bitext_set(&field->value, questions[i].value_fr, questions[i].value_en);
                field->state = questions[i].state;
                field->required = i % 2 == 0;
                snprintf(field->author, sizeof(field->author), "%s", i % 2 ? "edge" : "");
                field->at_ms = i % 2 ? SUNDAY_MS - 60000 : 0;
        }
}

static void channels_fill(struct form *form)
{
        form->channels = calloc(3, sizeof(*form->channels));
        assert_non_null(form->channels);
        form->channel_count = 3;
        form->channels[0].kind = FORM_CHANNEL_PORTAL;
        snprintf(form->channels[0].target, FORM_CHANNEL_TARGET_MAX, "https://portail.exemple.fr/declarer");
        bitext_set(&form->channels[0].note, "voie normale", "the usual way");
        form->channels[1].kind = FORM_CHANNEL_PHONE;
        snprintf(form->channels[1].target, FORM_CHANNEL_TARGET_MAX, "09 00 00 00 00");
        bitext_set(&form->channels[1].note, "si le portail est injoignable",
                   "if the portal cannot be reached");
        form->channels[1].stale = true;
        form->channels[1].checked_ms = 1546300800000;
        form->channels[2].kind = FORM_CHANNEL_PAPER;
        bitext_set(&form->channels[2].note, "par tout moyen, dans la même forme",
                   "by any means, in the same form");
}

static void form_fill(struct form *form)
{
        memset(form, 0, sizeof(*form));
        snprintf(form->rule, sizeof(form->rule), "cert-sante-grave");
        form->rule_version = 2;
        snprintf(form->obligation.text, ID_TEXT_SIZE, "o_01E41Z7Q9T3N8W2M6K5J4H3G2F");
        snprintf(form->incident.text, ID_TEXT_SIZE, "i_01E41Z7Q9T3N8W2M6K5J4H3G2E");
        bitext_set(&form->title, "Déclaration d’incident grave de sécurité des systèmes d’information",
                   "Declaration of a grave security incident");
        bitext_set(&form->recipient, "Agence du numérique en santé (CERT Santé)",
                   "Digital health agency (CERT Santé)");
        bitext_set(&form->standing,
                   "À faire sans délai : l’incident a été constaté le dimanche 22 mars 2020 à 11 h 02.",
                   "To be done without delay: the incident was found on Sunday 22 March 2020 at 11:02.");
        bitext_set(&form->why,
                   "Le fonctionnement normal de l’établissement est atteint : le portail a été inaccessible.",
                   "The normal working of the hospital is affected: the portal could not be reached.");
        snprintf(form->legal_basis, sizeof(form->legal_basis),
                 "Code de la santé publique, art. L1111-8-2 et D1111-16-2");
        form->state = OBLIGATION_STATE_DUE;
        form->without_delay = true;
        form->made_ms = SUNDAY_MS;
        form->clock_started_ms = SUNDAY_MS - 780000;
        form->sections = calloc(2, sizeof(*form->sections));
        assert_non_null(form->sections);
        form->section_count = 2;
        section_fill(&form->sections[0], "declarant", "Déclarant et structure", "Declarant and structure",
                     declarant, ARRAY_LEN(declarant));
        section_fill(&form->sections[1], "constat", "Constat", "What was found", facts, ARRAY_LEN(facts));
        channels_fill(form);
        form->known_count = 8;
        form->unknown_count = 1;
        form->not_asked_count = 1;
}

static char *text_of(const struct form *form, enum language language, size_t *ret_length)
{
        char *text = NULL;

        assert_int_equal(declaration_text(form, &seal, language, &text, ret_length, NULL), 0);
        assert_int_equal(strlen(text), *ret_length);
        return text;
}

/* No-break spaces become plain ones. */
static void plain(char *text)
{
        char *to = text;

        for (const char *from = text; *from;) {
                size_t skip = strncmp(from, NBSP, 2) == 0 ? 2 : strncmp(from, NNBSP, 3) == 0 ? 3 : 0;

                *to++ = skip ? ' ' : *from;
                from += skip ? skip : 1;
        }
        *to = '\0';
}

static size_t longest_line(const char *text)
{
        size_t longest = 0, count = 0;

        for (; *text; text++) {
                count = *text == '\n' ? 0 : count + (((unsigned char)*text & 0xc0) != 0x80);
                longest = count > longest ? count : longest;
        }
        return longest;
}

static void test_pdf_in_french(void **state)
{
        static const char *const words[] = {
                "Centre hospitalier de la Côte-d’Émeraude",
                "page 1 / 2",
                "o_01E41Z7Q9T3N8W2M6K5J4H3G2F",
                "Déclaration d’incident grave",
                "Destinataire",
                "CERT Santé",
                "Motif",
                "fonctionnement normal",
                "Base légale",
                "L1111-8-2",
                "8 réponses connues, 1 inconnue à ce stade, 1 question",
                "pas encore posée",
                "À faire sans délai",
                "Comment la remettre",
                "Portail : https://portail.exemple.fr/declarer",
                "Téléphone : 09 00 00 00 00",
                "À confirmer avant usage : vérifié pour la dernière fois le mardi 1er janvier 2019.",
                "1. Déclarant et structure",
                "Nom du déclarant",
                "Jeanne Lefèvre",
                "2. Constat",
                "312 400 paquets par seconde",
                "Je ne sais pas (inconnu à ce stade)",
                "Mesures prises",
                "clôture de pays : sources hors d’Europe",
                "Remise et signature",
                "Numéro de dossier ou reçu",
                "Signature"};
        CLEANUP(form_release) struct form form;
        CLEANUP(cleanup_free) char *pdf = NULL;
        CLEANUP(cleanup_free) char *text = NULL;
        size_t length;

        form_fill(&form);
        assert_int_equal(declaration_pdf(&form, &seal, LANGUAGE_FR, &pdf, &length, NULL), 0);
        test_keep("declaration.pdf", pdf, length);
        assert_memory_equal(pdf, "%PDF-", 5);
        assert_int_equal(test_pdf_pages(pdf, length), 2);
        text = test_pdf_text(pdf, length);
        test_in_order(text, words, ARRAY_LEN(words));
}

static void test_pdf_in_english(void **state)
{
        static const char *const words[] = {"Declaration of a grave security incident",
                                            "To be done without delay",
                                            "How to hand it in",
                                            "1. Declarant and structure",
                                            "director on call",
                                            "I do not know (unknown so far)",
                                            "Handing in and signature"};
        CLEANUP(form_release) struct form form;
        CLEANUP(cleanup_free) char *pdf = NULL;
        CLEANUP(cleanup_free) char *text = NULL;
        size_t length;

        form_fill(&form);
        assert_int_equal(declaration_pdf(&form, &seal, LANGUAGE_EN, &pdf, &length, NULL), 0);
        test_keep("declaration-en.pdf", pdf, length);
        text = test_pdf_text(pdf, length);
        test_in_order(text, words, ARRAY_LEN(words));
}

static void test_text_can_be_read_out(void **state)
{
        static const char *const words[] = {
                "À LIRE AU TÉLÉPHONE\n",
                "Appeler : 09 00 00 00 00\n",
                "Bonjour. Je m’appelle Jeanne Lefèvre, directrice de garde, Centre hospitalier",
                "J’appelle pour ceci : Déclaration d’incident grave",
                "Le fonctionnement normal",
                "rappelez le 02 99 12 34 56.",
                "1. Déclarant et structure\n",
                "1.1 Nom du déclarant\n    Jeanne Lefèvre\n",
                "1.5 Numéro FINESS\n    350000123\n",
                "2.1 Début de l’incident\n    dimanche 22 mars 2020 à 10 h 15 (heure",
                "312 400 (trois-cent-douze-mille-quatre-cents) paquets par seconde\n",
                "2.3 Des patients ont-ils subi un dommage ?\n    Je ne sais pas (inconnu à ce stade)\n",
                "2.4 Des données de santé ont-elles été atteintes ?\n    Question pas encore posée\n",
                "    signature : paquets",
                "    clôture de pays : sources",
                "AVANT DE RACCROCHER",
                "Numéro de dossier : ____",
                "Incident, à épeler : i_01E41Z7Q9T3N8W2M6K5J4H3G2E\n",
                "Texte établi le dimanche 22 mars 2020 à 11 h 15"};
        CLEANUP(form_release) struct form form;
        CLEANUP(cleanup_free) char *text = NULL;
        size_t length;

        form_fill(&form);
        text = text_of(&form, LANGUAGE_FR, &length);
        test_keep("declaration.txt", text, length);
        assert_in_range(longest_line(text), 40, DECLARATION_LINE_MAX);
        plain(text);
        test_in_order(text, words, ARRAY_LEN(words));
        assert_null(strchr(text, '\t'));
}

static void test_text_in_english(void **state)
{
        static const char *const words[] = {
                "TO READ OUT ON THE TELEPHONE",
                "Call: 09 00 00 00 00",
                "Good day. My name is Jeanne Lefèvre, director on call,",
                "312,400 (three hundred and twelve thousand four hundred) packets a second",
                "I do not know",
                "BEFORE HANGING UP"};
        CLEANUP(form_release) struct form form;
        CLEANUP(cleanup_free) char *text = NULL;
        size_t length;

        form_fill(&form);
        text = text_of(&form, LANGUAGE_EN, &length);
        assert_true(longest_line(text) <= DECLARATION_LINE_MAX);
        test_in_order(text, words, ARRAY_LEN(words));
}

/* Dates, telephone numbers and identifiers are not counts: said in words they would confuse. */
static void test_only_counts_are_said_in_words(void **state)
{
        static const char *const values[] = {"350000123", "02 99 12 34 56", "2020-03-22",   "192.0.2.1",
                                             "0999",      "12 h",           "22 mars 2020", "5000.5"};

        for (size_t i = 0; i < ARRAY_LEN(values); i++) {
                CLEANUP(form_release) struct form form;
                CLEANUP(cleanup_free) char *text = NULL;
                char expected[64];
                size_t length;

                form_fill(&form);
                bitext_set(&form.sections[1].fields[1].value, values[i], values[i]);
                text = text_of(&form, LANGUAGE_FR, &length);
                plain(text);
                snprintf(expected, sizeof(expected), "2.2 Intensité maximale\n    %s\n", values[i]);
                assert_non_null(strstr(text, expected));
        }
}

static void test_caller_without_a_name(void **state)
{
        CLEANUP(form_release) struct form form;
        CLEANUP(cleanup_free) char *text = NULL;
        CLEANUP(cleanup_free) char *again = NULL;
        size_t length;

        form_fill(&form);
        form.sections[0].fields[0].state = FACT_STATE_NOT_ASKED;
        text = text_of(&form, LANGUAGE_FR, &length);
        assert_non_null(strstr(text, "Bonjour. J’appelle au nom de l’établissement suivant"));
        form.sections[0].fields[3].state = FACT_STATE_UNKNOWN;
        again = text_of(&form, LANGUAGE_FR, &length);
        assert_non_null(strstr(again, "(Dites votre nom, votre fonction et votre établissement.)"));
}

static void test_json_parses_back(void **state)
{
        CLEANUP(form_release) struct form form;
        CLEANUP(cleanup_free) char *text = NULL;
        const char *head_hex, *made, *obligation, *state_word, *title;
        json_t *json, *sections, *due, *field;
        int known;
        size_t length;

        form_fill(&form);
        bitext_set(&form.sections[1].fields[0].value, "mal\xff formé", "badly\xff formed");
        assert_int_equal(declaration_json(&form, &seal, LANGUAGE_FR, &text, &length, NULL), 0);
        test_keep("declaration.json", text, length);
        json = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(json);
        assert_int_equal(json_unpack(json, "{s:s, s:s, s:s, s:{s:s}, s:{s:o}, s:{s:i}, s:o, s:{s:s}}", "made",
                                     &made, "obligation", &obligation, "state", &state_word, "journal",
                                     "head", &head_hex, "law", "due", &due, "counts", "known", &known,
                                     "sections", &sections, "title", "fr", &title),
                         0);
        assert_string_equal(made, "2020-03-22T10:15:00.000Z");
        assert_string_equal(obligation, "o_01E41Z7Q9T3N8W2M6K5J4H3G2F");
        assert_string_equal(state_word, "due");
        assert_int_equal(strlen(head_hex), 64);
        assert_true(json_is_null(due));
        assert_int_equal(known, 8);
        assert_int_equal(json_array_size(sections), 2);
        field = json_array_get(json_object_get(json_array_get(sections, 1), "fields"), 2);
        assert_string_equal(json_string_value(json_object_get(field, "state")), "unknown");
        assert_string_equal(title, "Déclaration d’incident grave de sécurité des systèmes d’information");
        json_decref(json);
}

/* A second one, to be handed in: its phase stands at the top, what is new is marked, there is room to sign. */
static void test_a_complement(void **state)
{
        CLEANUP(form_release) struct form form;
        CLEANUP(cleanup_free) char *pdf = NULL, *seen = NULL, *spoken = NULL;
        const char *const printed[] = {"Phase",         "Déclaration complémentaire",
                                       "À remettre",    "(nouveau)",
                                       "appris depuis", "Remise et signature"},
                          *const said[] = {"Déclaration complémentaire", "2.2 Nouveau : Intensité"};
        size_t length;

        form_fill(&form);
        form.state = OBLIGATION_STATE_FILED;
        form.phase = FILING_PHASE_COMPLEMENT;
        form.pending = true;
        form.since_ms = SUNDAY_MS - 1;
        form.sections[1].fields[1].news = true;
        bitext_set(&form.phase_text, "Déclaration complémentaire.", "Complementary declaration.");
        assert_int_equal(declaration_pdf(&form, &seal, LANGUAGE_FR, &pdf, &length, NULL), 0);
        seen = test_pdf_text(pdf, length);
        test_in_order(seen, printed, ARRAY_LEN(printed));
        spoken = text_of(&form, LANGUAGE_FR, &length);
        plain(spoken);
        test_in_order(spoken, said, ARRAY_LEN(said));
        form.pending = false;
        free(pdf);
        free(seen);
        assert_int_equal(declaration_pdf(&form, &seal, LANGUAGE_FR, &pdf, &length, NULL), 0);
        seen = test_pdf_text(pdf, length);
        assert_non_null(strstr(seen, "Déjà remise"));
        assert_null(strstr(seen, "Remise et signature"));
}

/* Forty fields, nothing in them, everything in them. */
static void test_odd_forms(void **state)
{
        for (int kind = 0; kind < 4; kind++) {
                CLEANUP(form_release) struct form form;
                CLEANUP(cleanup_free) char *pdf = NULL;
                CLEANUP(cleanup_free) char *text = NULL;
                CLEANUP(cleanup_free) char *json = NULL;
                struct question many[40];
                char word[700];
                size_t length;

                memset(word, 'x', sizeof(word) - 1);
                word[sizeof(word) - 1] = '\0';
                form_fill(&form);
                for (size_t i = 0; i < ARRAY_LEN(many); i++)
                        many[i] = (struct question){"k", kind == 1 ? "" : kind == 2 ? word : "Question ?",
                                                    "Q", kind == 1 ? "" : kind == 2 ? word : "שלום 😀 مرحبا",
                                                    "A", FACT_STATE_KNOWN};
                for (size_t i = 0; i < form.sections[1].field_count; i++) {
                        bitext_release(&form.sections[1].fields[i].label);
                        bitext_release(&form.sections[1].fields[i].value);
                }
                free(form.sections[1].fields);
                bitext_release(&form.sections[1].title);
                section_fill(&form.sections[1], "odd", "Section", "Section", many, ARRAY_LEN(many));
                if (kind == 3)
                        form_release(&form);
                assert_int_equal(declaration_pdf(&form, &seal, LANGUAGE_FR, &pdf, &length, NULL), 0);
                assert_true(test_pdf_pages(pdf, length) >= 1);
                assert_int_equal(declaration_json(&form, &seal, LANGUAGE_FR, &json, &length, NULL), 0);
                text = text_of(&form, LANGUAGE_FR, &length);
                assert_true(longest_line(text) <= DECLARATION_LINE_MAX);
        }
}

static void test_writes_three_files(void **state)
{
        char folder[] = "/tmp/garde-declaration-XXXXXX";
        struct declaration_paths paths = {0};
        CLEANUP(form_release) struct form form;
        struct error error = {0};
        const char *const names[] = {paths.pdf, paths.json, paths.text};

        form_fill(&form);
        assert_non_null(mkdtemp(folder));
        assert_int_equal(declaration_write(&form, &seal, folder, "a/b", LANGUAGE_FR, &paths, &error),
                         -EINVAL);
        assert_int_equal(declaration_write(&form, &seal, "/nulle/part", "x", LANGUAGE_FR, &paths, &error),
                         -ENOENT);
        assert_string_equal(paths.pdf, "");
        assert_int_equal(declaration_write(&form, &seal, folder, "cert-sante", LANGUAGE_FR, &paths, &error),
                         0);
        assert_non_null(strstr(paths.text, "/cert-sante.txt"));
        for (size_t i = 0; i < ARRAY_LEN(names); i++) {
                CLEANUP(cleanup_free) char *data = NULL;
                size_t length;

                assert_int_equal(file_read(names[i], 1 << 20, &data, &length, &error), 0);
                assert_true(length > 500);
                assert_int_equal(unlink(names[i]), 0);
        }
        assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_pdf_in_french),
                cmocka_unit_test(test_pdf_in_english),
                cmocka_unit_test(test_text_can_be_read_out),
                cmocka_unit_test(test_text_in_english),
                cmocka_unit_test(test_only_counts_are_said_in_words),
                cmocka_unit_test(test_caller_without_a_name),
                cmocka_unit_test(test_json_parses_back),
                cmocka_unit_test(test_a_complement),
                cmocka_unit_test(test_odd_forms),
                cmocka_unit_test(test_writes_three_files),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
