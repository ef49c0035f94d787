/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/kit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static const char *text_of(const json_t *object, const char *key)
{
        const char *text = json_string_value(json_object_get(object, key));

        return text ? text : "";
}

/* ---- the cover ---- */

static void add_person(const struct kit_sheet *sheet, const char *label, const struct config_person *person)
{
        CLEANUP(buffer_release) struct buffer text = BUFFER_INIT(1024);
        const char *const parts[] = {person->name, person->function, person->phone, person->mail};

        for (size_t i = 0; i < ARRAY_LEN(parts); i++)
                if (parts[i][0])
                        buffer_format(&text, "%s%s", text.length ? "\n" : "", parts[i]);
        if (text.length)
                paper_field(sheet->paper, label, buffer_string(&text));
        else
                paper_blank(sheet->paper, label);
}

static void add_head(const struct kit_sheet *sheet)
{
        const struct press_house *house = &sheet->kit->house;
        CLEANUP(buffer_release) struct buffer code = BUFFER_INIT(256), text = BUFFER_INIT(2048);

        if (!house->headed) {
                paper_note(sheet->paper, KIT_SAY(sheet,
                                                 "Le journal n’a pas encore de tête signée, ou n’a pas pu "
                                                 "être lu : ce classeur "
                                                 "n’en porte pas.",
                                                 "The journal has no signed head yet, or could not be read: "
                                                 "this binder carries "
                                                 "none."));
                return;
        }
        buffer_format(&code, "GARDE:%llu:", (unsigned long long)house->head.size);
        buffer_format(&text, KIT_SAY(sheet, "%llu enregistrements ; tête : ", "%llu records; head: "),
                      (unsigned long long)house->head.size);
        for (int i = 0; i < RECORD_HASH_SIZE; i++) {
                buffer_format(&code, "%02X", house->head.root[i]);
                buffer_format(&text, "%02x%s", house->head.root[i], i % 4 == 3 ? " " : "");
        }
        paper_code(
                sheet->paper, buffer_string(&code),
                KIT_SAY(sheet, "Le journal, le jour de l’impression", "The journal on the day of printing"),
                buffer_string(&text));
}

static void add_cover(const struct kit_sheet *sheet)
{
        const struct config *config = sheet->kit->config;

        paper_heading(sheet->paper, 1, KIT_SAY(sheet, "Classeur de crise", "Crisis binder"));
        paper_notice(
                sheet->paper, NULL,
                KIT_SAY(sheet,
                        "Ce classeur sert quand les ordinateurs, l’annuaire ou le téléphone ne marchent "
                        "plus. "
                        "Rangez-en un exemplaire à l’accueil, un à la direction, un chez le cadre de garde ; "
                        "réimprimez-le à chaque changement de l’annuaire de crise et au moins deux fois par "
                        "an.",
                        "This binder is for when computers, directory or telephones do not work any more. "
                        "Keep "
                        "a copy at the front desk, one with the management, one with the manager on duty; "
                        "print "
                        "it anew whenever the call tree changes, and at least twice a year."));
        paper_gap(sheet->paper, 8);
        paper_field(sheet->paper, KIT_SAY(sheet, "Structure", "Structure"), config->structure.name);
        if (config->structure.address[0])
                paper_field(sheet->paper, KIT_SAY(sheet, "Adresse", "Address"), config->structure.address);
        if (config->structure.finess[0])
                paper_field(sheet->paper, "FINESS", config->structure.finess);
        add_person(sheet, KIT_SAY(sheet, "Direction", "Management"), &config->people.direction);
        add_person(sheet, KIT_SAY(sheet, "Déclarant", "Declarant"), &config->people.declarant);
        add_person(sheet, KIT_SAY(sheet, "Protection des données", "Data protection"), &config->people.dpo);
        paper_gap(sheet->paper, 8);
        add_head(sheet);
}

/* ---- the contents ---- */

void kit_chapter_begin(struct kit_sheet *sheet, enum kit_part part, const char *title)
{
        struct kit_entry *entry = &sheet->entries[sheet->entry_count];

        if (sheet->entry_count == KIT_ENTRIES_MAX) {
                paper_sheet(sheet->paper, title, NULL);
                return;
        }
        entry->part = part;
        snprintf(entry->title, sizeof(entry->title), "%s", title);
        sheet->entry_count++;
        paper_sheet(sheet->paper, title, &entry->page);
}

void kit_chapter(struct kit_sheet *sheet, enum kit_part part, const char *title)
{
        kit_chapter_begin(sheet, part, title);
        paper_heading(sheet->paper, 1, title);
}

/* What stands in it, as an earlier run found it. */
static void add_contents(struct kit_sheet *sheet, const struct kit_entry *entries, size_t count)
{
        const struct paper_column columns[] = {{.share = 10}, {.share = 1, .right = true}};
        const char *const parts[KIT_PART_COUNT] = {
                [KIT_CALLS] = KIT_SAY(sheet, "Qui appeler", "Whom to call"),
                [KIT_BUTTONS] = KIT_SAY(sheet, "Que faire tout de suite, par situation",
                                        "What to do at once, by situation"),
                [KIT_ROLES] = KIT_SAY(sheet, "Ce que chacun fait, par rôle", "What each does, by role"),
                [KIT_FORMS] =
                        KIT_SAY(sheet, "Formulaires à remplir à la main", "Forms to be filled in by hand"),
                [KIT_TYPING] = KIT_SAY(sheet, "Retaper le papier ensuite", "Typing the paper in afterwards")};

        paper_heading(sheet->paper, 2, KIT_SAY(sheet, "Sommaire", "Contents"));
        for (size_t i = 0; i < count; i++) {
                char page[16];

                if (!i || entries[i].part != entries[i - 1].part) {
                        paper_heading(sheet->paper, 3, parts[entries[i].part]);
                        paper_table(sheet->paper, columns, ARRAY_LEN(columns));
                }
                snprintf(page, sizeof(page), "%u", entries[i].page);
                paper_row(sheet->paper, (const char *const[]){entries[i].title, page});
        }
        paper_table_end(sheet->paper);
}

/* ---- whom to call ---- */

static void add_contacts(struct kit_sheet *sheet)
{
        const struct paper_column columns[] = {
                {.title = KIT_SAY(sheet, "Qui", "Who"), .share = 4, .bold = true},
                {.title = KIT_SAY(sheet, "Téléphones", "Telephones"), .share = 4},
                {.title = KIT_SAY(sheet, "Appelle ensuite", "Then calls"), .share = 3},
                {.title = KIT_SAY(sheet, "Note", "Note"), .share = 4}};
        const json_t *contact;
        size_t index;

        kit_chapter(sheet, KIT_CALLS, KIT_SAY(sheet, "L’annuaire de crise", "The call tree"));
        paper_table(sheet->paper, columns, ARRAY_LEN(columns));
        json_array_foreach(sheet->kit->contacts, index, contact)
        {
                char who[1024], phones[1024], note[1024];
                const char *const cells[] = {who, phones, text_of(contact, "calls"), note};

                snprintf(who, sizeof(who), "%s%s%s", text_of(contact, "name"),
                         text_of(contact, "role")[0] ? "\n" : "", text_of(contact, "role"));
                snprintf(phones, sizeof(phones), "%s%s%s", text_of(contact, "phone"),
                         text_of(contact, "phone2")[0] ? "\n" : "", text_of(contact, "phone2"));
                snprintf(note, sizeof(note), "%s%s%s", text_of(contact, "mail"),
                         text_of(contact, "mail")[0] && text_of(contact, "note")[0] ? "\n" : "",
                         text_of(contact, "note"));
                paper_row(sheet->paper, cells);
        }
        /* Room for those whom nobody thought of. */
        for (size_t i = 0; i < (json_array_size(sheet->kit->contacts) ? 6 : 18); i++)
                paper_row(sheet->paper, (const char *const[]){" \n ", " ", " ", " "});
        paper_table_end(sheet->paper);
        paper_note(sheet->paper,
                   KIT_SAY(sheet, "En danger immédiat : 15 (SAMU), 17 (police), 18 (pompiers), 112.",
                           "In immediate danger: 15 (ambulance), 17 (police), 18 (fire), 112."));
}

/* ---- typing it in ---- */

static void add_back_entry(struct kit_sheet *sheet)
{
        kit_chapter(sheet, KIT_TYPING,
                    KIT_SAY(sheet, "Retaper le papier dans Garde", "Typing the paper into Garde"));
        paper_paragraph(
                sheet->paper,
                KIT_SAY(sheet,
                        "Quand les machines marchent à nouveau, tout ce qui est écrit ici se retape. Garde "
                        "garde deux heures : celle où c’était ainsi, et celle où on l’a tapé.",
                        "When the machines work again, everything written here is typed in. Garde keeps two "
                        "times: when it was so, and when it was typed."));
        paper_tick(
                sheet->paper, false,
                KIT_SAY(sheet,
                        "Ouvrir l’incident s’il n’existe pas, puis reporter son numéro sur chaque feuille.",
                        "Open the incident if there is none, then write its number on each sheet."));
        paper_tick(sheet->paper, false,
                   KIT_SAY(sheet,
                           "Main courante : chaque ligne est une note ; dans « quand », l’heure de la ligne.",
                           "Log: each line is a note; into “when”, the time of the line."));
        paper_tick(sheet->paper, false,
                   KIT_SAY(sheet,
                           "Formulaires : chaque réponse est un fait. À la console, « quand » ; à la "
                           "commande :\n"
                           "garde incident fact INCIDENT NOM VALEUR --at \"2026-03-22 11:05\"",
                           "Forms: each answer is a fact. At the console, “when”; with the command:\n"
                           "garde incident fact INCIDENT NAME VALUE --at \"2026-03-22 11:05\""));
        paper_tick(sheet->paper, false,
                   KIT_SAY(sheet,
                           "Déclarations déjà remises : « déposée », avec l’heure de remise et le reçu. À la "
                           "commande :\ngarde declare INCIDENT REGLE --filed --receipt NUMERO --at "
                           "\"2026-03-22 11:05\"",
                           "Declarations handed in already: “filed”, with the time and the receipt. With the "
                           "command:\ngarde declare INCIDENT RULE --filed --receipt NUMBER --at \"2026-03-22 "
                           "11:05\""));
        paper_tick(sheet->paper, false,
                   KIT_SAY(sheet, "Relèves : une par feuille, avec l’heure de la feuille.",
                           "Handovers: one a sheet, with the time of the sheet."));
        paper_tick(sheet->paper, false,
                   KIT_SAY(sheet,
                           "Écrire en bas de chaque feuille qui l’a tapée et quand, et la garder : elle fait "
                           "preuve.",
                           "Write at the foot of each sheet who typed it and when, and keep it: it is "
                           "evidence."));
}

/* All of it on a paper of its own, with the contents that are known so far. */
static int build(struct kit_sheet *sheet, const struct paper_info *info, const struct kit_entry *entries,
                 size_t count, struct error *error)
{
        int r = paper_new(info, &sheet->paper, error);

        if (r)
                return r;
        sheet->entry_count = 0;
        add_cover(sheet);
        add_contents(sheet, entries, count);
        add_contacts(sheet);
        kit_steps(sheet);
        r = kit_forms(sheet, error);
        if (!r)
                add_back_entry(sheet);
        return r;
}

/* One run with the contents of the run before; the last one prints (`ret_pdf` is not NULL). */
static int run(struct kit_sheet *sheet, const struct paper_info *info, char **ret_pdf, size_t *ret_length,
               struct error *error)
{
        const struct kit_sheet before = *sheet;
        unsigned pages;
        int r = build(sheet, info, before.entries, before.entry_count, error);

        if (!r)
                r = ret_pdf ? paper_render(sheet->paper, ret_pdf, ret_length, error)
                            : paper_pages(sheet->paper, &pages, error);
        sheet->paper = paper_free(sheet->paper);
        return r;
}

int kit_pdf(const struct kit *kit, char **ret_pdf, size_t *ret_length, struct error *error)
{
        CLEANUP(cleanup_free) struct kit_sheet *sheet = calloc(1, sizeof(*sheet));
        struct paper_info info;
        int r;

        if (!sheet)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        sheet->kit = kit;
        sheet->language = kit->house.language;
        info = press_info(&kit->house, KIT_SAY(sheet, "Classeur de crise", "Crisis binder"), NULL);
        /* Which chapters there are decides how long the contents are, and that decides every page. */
        r = run(sheet, &info, NULL, NULL, error);
        if (!r)
                r = run(sheet, &info, NULL, NULL, error);
        return r ? r : run(sheet, &info, ret_pdf, ret_length, error);
}
