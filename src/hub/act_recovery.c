/* SPDX-License-Identifier: EUPL-1.2 */
/* The printed sheet for the day the telephone is lost. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "hub/act_people.h"
#include "hub/acts.h"
#include "hub/world.h"
#include "obligation/documents/paper.h"
#include "people/login.h"

struct sheet {
        char codes[PEOPLE_RECOVERY_CODES][SECRET_PAPER_SIZE];
        char name[PEOPLE_NAME_SIZE], structure[128], zone[64];
        enum language language;
        int64_t made_ms;
        char *pdf;
        size_t length;
};

static void release_sheet(void *context)
{
        struct sheet *sheet = context;

        if (sheet->pdf)
                explicit_bzero(sheet->pdf, sheet->length);
        free(sheet->pdf);
        explicit_bzero(sheet, sizeof(*sheet));
        free(sheet);
}

static const char *words(const struct sheet *sheet, const char *fr, const char *en)
{
        return language_pick(sheet->language, fr, en);
}

static void add_codes(struct paper *paper, const struct sheet *sheet)
{
        const struct paper_column columns[] = {
                {.title = words(sheet, "n°", "No."), .share = 1, .right = true},
                {.title = "code", .share = 4, .bold = true},
                {.title = words(sheet, "utilisé le, pour quoi", "used on, what for"), .share = 6}};

        paper_table(paper, columns, ARRAY_LEN(columns));
        for (size_t i = 0; i < PEOPLE_RECOVERY_CODES; i++) {
                char number[16];
                const char *const cells[] = {number, sheet->codes[i], " "};

                snprintf(number, sizeof(number), "%zu", i + 1);
                paper_row(paper, cells);
        }
        paper_table_end(paper);
}

static int draw_sheet(void *context, struct error *error)
{
        struct sheet *sheet = context;
        const struct paper_info info = {.language = sheet->language,
                                        .structure = sheet->structure,
                                        .title = words(sheet, "Feuille de secours", "Recovery sheet"),
                                        .zone = sheet->zone,
                                        .printed_ms = sheet->made_ms,
                                        .body_pt = 12};
        struct paper *paper;
        int r = paper_new(&info, &paper, error);

        if (r)
                return r;
        paper_field(paper, words(sheet, "Compte", "Account"), sheet->name);
        paper_paragraph(
                paper,
                words(sheet,
                      "Si votre téléphone est perdu, volé ou éteint, tapez un de ces codes à la place des "
                      "six "
                      "chiffres, après votre nom et votre mot de passe. Chaque code sert une seule fois.",
                      "When your telephone is lost, stolen or switched off, type one of these codes in "
                      "place of the six digits, after your name and password. Each code works once."));
        paper_gap(paper, 8);
        add_codes(paper, sheet);
        paper_gap(paper, 8);
        paper_notice(paper, words(sheet, "À garder comme une clé", "To be kept like a key"),
                     words(sheet,
                           "Rangez cette feuille sous clé, pas près de l’ordinateur, et n’en faites ni photo "
                           "ni copie. "
                           "Demander une nouvelle feuille, ou changer de téléphone, annule celle-ci. Si elle "
                           "disparaît, "
                           "demandez-en une autre sans attendre.",
                           "Lock this sheet away, not near the computer, and take no photograph or copy of "
                           "it. Asking "
                           "for a new sheet, or changing telephones, cancels this one. If it goes missing, "
                           "ask for "
                           "another one at once."));
        r = paper_render(paper, &sheet->pdf, &sheet->length, error);
        paper_free(paper);
        return r;
}

static int end_sheet(void *context, struct act_call *call, int result)
{
        struct sheet *sheet = context;

        if (result)
                return result;
        strcpy(call->blob.type, "application/pdf");
        strcpy(call->blob.name, words(sheet, "feuille-de-secours.pdf", "recovery-sheet.pdf"));
        call->blob.bytes = STEAL_PTR(sheet->pdf);
        call->blob.length = sheet->length;
        return 0;
}

/* For whoever reads with their ears or has no printer. */
static int answer_codes(struct act_call *call, const struct sheet *sheet)
{
        json_t *list = json_array();

        for (size_t i = 0; list && i < PEOPLE_RECOVERY_CODES; i++)
                json_array_append_new(list, json_string(sheet->codes[i]));
        return act_people_answer(call, json_pack("{s:o}", "codes", list));
}

static int make_sheet(struct act_call *call, const struct people_account *account, struct sheet *sheet)
{
        const struct config *config = call->world->config;
        int r = account_recovery_make(call->world->people, account->id.text, sheet->codes, &call->error);

        if (!r)
                r = act_people_changed(call, account->name, account->id.text, "recovery-made");
        if (r)
                return r;
        snprintf(sheet->name, sizeof(sheet->name), "%s", account->name);
        snprintf(sheet->structure, sizeof(sheet->structure), "%s", config->structure.name);
        snprintf(sheet->zone, sizeof(sheet->zone), "%s", config->structure.timezone);
        sheet->language = call->caller->english ? LANGUAGE_EN : LANGUAGE_FR;
        sheet->made_ms = clock_wall_ms(call->world->clock);
        return 0;
}

/* A sheet lets in whoever has it and the password: only who shows the second factor gets another one. */
static int prove(struct act_call *call, const struct people_account *account)
{
        enum account_code kind;

        if (!account->recovery_left)
                return 0;
        return login_prove(call->world->people, account->id.text, act_text(call, "code"),
                           call->caller->address, &kind, &call->error);
}

static int run_make(struct act_call *call)
{
        struct people *people = act_people(call);
        const struct people_account *account =
                people && act_people_author(call) ? act_people_account(call, people) : NULL;
        bool plain = strcmp(act_text(call, "format"), "pdf") != 0;
        struct sheet *sheet;
        int r;

        if (!account)
                return call->error.code;
        if (!act_people_is_own(call, account))
                return act_refuse(call, -EACCES, "c’est à la personne elle-même de le faire",
                                  "the person has to do this themselves");
        r = prove(call, account);
        if (r)
                return r;
        sheet = calloc(1, sizeof(*sheet));
        if (!sheet)
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        r = make_sheet(call, account, sheet);
        if (!r && plain)
                r = answer_codes(call, sheet);
        if (r || plain) {
                release_sheet(sheet);
                return r;
        }
        call->work = (struct act_work){draw_sheet, end_sheet, release_sheet, sheet};
        return 0;
}

static const struct act_param make_params[] = {
        {.name = "account",
         .type = ACT_TEXT,
         .flags = ACT_PATH,
         .max = 31,
         .fr = "identifiant du compte, ou « me »",
         .en = "id of the account, or “me”"},
        {.name = "format", .type = ACT_TEXT, .max = 8, .fr = "pdf, ou json", .en = "pdf, or json"},
        {0}};

static const struct act acts[] = {
        {.name = "account.recovery",
         .method = ACT_POST,
         .path = "/accounts/{account}/recovery",
         .flags = ACT_OWN,
         .result = "Recovery",
         .fr = "Imprimer une nouvelle feuille de secours, qui annule la précédente",
         .en = "Print a new recovery sheet, which cancels the one before",
         .params = make_params,
         .run = run_make},
};

const struct act_table acts_recovery = {acts, ARRAY_LEN(acts)};
