/* SPDX-License-Identifier: EUPL-1.2 */
/* Numbered forms to be filled in by hand, each with a code that says which form it is. */
#include "hub/kit.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "hub/papers_form.h"

#define LOG_ROWS 17

/* A form's first lines: what it is, its number, which incident. */
static void begin_form(struct kit_sheet *sheet, unsigned number, const char *word, const char *title,
                       const char *how)
{
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(4096);
        char code[96], heading[192];

        snprintf(heading, sizeof(heading), "F%u" NBSP "· %s", number, title);
        snprintf(code, sizeof(code), "garde:form:F%u:%s", number, word);
        buffer_format(&text,
                      KIT_SAY(sheet, "%s\nIncident n° : ……………………………   Feuille : ……  sur : ……",
                              "%s\nIncident no.: ……………………………   Sheet: ……  of: ……"),
                      how);
        kit_chapter(sheet, KIT_FORMS, heading);
        paper_code(sheet->paper, code, NULL, buffer_string(&text));
        paper_gap(sheet->paper, 8);
}

static void add_rows(struct kit_sheet *sheet, const struct paper_column *columns, size_t count, unsigned rows)
{
        const char *cells[PAPER_COLUMNS_MAX];

        for (size_t i = 0; i < count; i++)
                cells[i] = i ? " " : " \n ";
        paper_table(sheet->paper, columns, count);
        for (unsigned i = 0; i < rows; i++)
                paper_row(sheet->paper, cells);
        paper_table_end(sheet->paper);
        paper_blank(sheet->paper, KIT_SAY(sheet, "Tapé dans Garde le, par", "Typed into Garde on, by"));
}

static void add_log(struct kit_sheet *sheet, unsigned number)
{
        const struct paper_column columns[] = {
                {.title = KIT_SAY(sheet, "Date, heure", "Date, time"), .share = 2},
                {.title = KIT_SAY(sheet, "Fait, décision, appel", "Fact, decision, call"), .share = 7},
                {.title = KIT_SAY(sheet, "Qui", "Who"), .share = 2}};

        begin_form(sheet, number, "log", KIT_SAY(sheet, "Main courante", "Log"),
                   KIT_SAY(sheet,
                           "Une ligne par fait, à l’heure où il a lieu. Ne rien gommer : barrer et réécrire.",
                           "One line a fact, at its time. Erase nothing: strike out and write again."));
        add_rows(sheet, columns, ARRAY_LEN(columns), LOG_ROWS);
}

static void add_calls(struct kit_sheet *sheet, unsigned number)
{
        const struct paper_column columns[] = {
                {.title = KIT_SAY(sheet, "Heure", "Time"), .share = 2},
                {.title = KIT_SAY(sheet, "De / à, numéro", "From / to, number"), .share = 4},
                {.title = KIT_SAY(sheet, "Objet", "About"), .share = 4},
                {.title = KIT_SAY(sheet, "Suite", "Then"), .share = 3}};

        begin_form(sheet, number, "calls", KIT_SAY(sheet, "Journal des appels", "Log of calls"),
                   KIT_SAY(sheet, "Chaque appel reçu ou passé. Journalistes : renvoyer à la direction.",
                           "Each call in or out. Journalists: refer them to the management."));
        add_rows(sheet, columns, ARRAY_LEN(columns), LOG_ROWS);
}

static void add_handover(struct kit_sheet *sheet, unsigned number)
{
        const char *const questions[] = {
                KIT_SAY(sheet, "Où en est-on", "How things stand"),
                KIT_SAY(sheet, "Décisions prises, et par qui", "Decisions taken, and by whom"),
                KIT_SAY(sheet, "Mesures en place, jusqu’à quand", "Measures that stand, until when"),
                KIT_SAY(sheet, "Déclarations dues, avant quelle heure",
                        "Declarations owed, before what hour"),
                KIT_SAY(sheet, "Ce qui inquiète, ce qui manque", "What worries, what is missing")};

        begin_form(sheet, number, "handover", KIT_SAY(sheet, "Relève", "Handover"),
                   KIT_SAY(sheet, "À remplir à deux, debout devant le tableau, en dix minutes.",
                           "To be filled in by two, standing at the board, in ten minutes."));
        paper_blank(sheet->paper, KIT_SAY(sheet, "Date, heure", "Date, time"));
        paper_blank(sheet->paper, KIT_SAY(sheet, "Sortant (nom, signature)", "Going (name, signature)"));
        paper_blank(sheet->paper, KIT_SAY(sheet, "Entrant (nom, signature)", "Coming (name, signature)"));
        paper_blank(sheet->paper, KIT_SAY(sheet, "Prochain point à", "Next review at"));
        for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
                paper_heading(sheet->paper, 3, questions[i]);
                paper_lines(sheet->paper, 3);
        }
}

/* False when the rule cannot come to apply to a structure of this kind, whatever happens to it. */
static bool may_apply(const struct kit *kit, const struct rule *rule)
{
        CLEANUP(incident_release) struct incident incident = {.open = true};
        struct fact fact = {.name = "structure.kind", .state = FACT_STATE_KNOWN, .author = "config"};
        struct trigger_support why = {0};
        enum truth truth;

        fact.value = json_string(config_kind_word(kit->config->structure.kind));
        truth = incident_set_fact(&incident, &fact, NULL) ? TRUTH_UNKNOWN
                                                          : trigger_evaluate(&rule->trigger, &incident, &why);
        json_decref(fact.value);
        return truth != TRUTH_FALSE || why.count != 1 || strcmp(why.facts[0], fact.name) != 0;
}

static int add_declaration(struct kit_sheet *sheet, const struct rule *rule, unsigned number,
                           struct error *error)
{
        const struct kit *kit = sheet->kit;
        const struct papers_form how = {.config = kit->config,
                                        .catalogue = kit->catalogue,
                                        .clock = kit->clock,
                                        .english = sheet->language == LANGUAGE_EN};
        struct form form = {0};
        char code[128], heading[192];
        int r = papers_fill_blank(&how, rule, &form, error);

        if (r)
                return r;
        snprintf(code, sizeof(code), "garde:form:F%u:%s", number, rule->id);
        snprintf(heading, sizeof(heading), "F%u" NBSP "· %s", number,
                 language_text(sheet->language, &rule->title));
        kit_chapter_begin(sheet, KIT_FORMS, heading);
        declaration_blank_add(sheet->paper, heading, &form, kit->catalogue, code, sheet->language);
        form_release(&form);
        return 0;
}

int kit_forms(struct kit_sheet *sheet, struct error *error)
{
        const struct rule_set *rules = sheet->kit->rules;
        int64_t now_ms = clock_wall_ms(sheet->kit->clock);
        unsigned number = 1;
        int r = 0;

        add_log(sheet, number++);
        add_calls(sheet, number++);
        add_handover(sheet, number++);
        for (size_t i = 0; !r && i < rules->count; i++)
                if (rule_is_valid_at(&rules->rules[i], now_ms) && may_apply(sheet->kit, &rules->rules[i]))
                        r = add_declaration(sheet, &rules->rules[i], number++, error);
        return r;
}
