/* SPDX-License-Identifier: EUPL-1.2 */
/* Declarations and the register of breaches as papers: filled in, or to be filled in by hand. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "hub/acts.h"
#include "hub/press.h"
#include "hub/register.h"
#include "hub/status.h"
#include "hub/world.h"
#include "journal/journal.h"

/* ---- one declaration ---- */

enum format { FORMAT_PDF, FORMAT_TEXT, FORMAT_JSON, FORMAT_COUNT };

static const struct {
        const char *word, *type, *suffix;
        int (*make)(const struct form *form, const struct declaration_seal *seal, enum language language,
                    char **ret_bytes, size_t *ret_length, struct error *error);
} formats[] = {[FORMAT_PDF] = {"pdf", "application/pdf", "pdf", declaration_pdf},
               [FORMAT_TEXT] = {"text", "text/plain; charset=utf-8", "txt", declaration_text},
               [FORMAT_JSON] = {"json", "application/json", "json", declaration_json}};

struct declaration {
        struct form form;
        struct press_house house;
        const struct catalogue *catalogue;
        enum format format;
        enum filing_phase asked;
        bool blank;
};

static void release_declaration(void *context)
{
        struct declaration *declaration = context;

        form_release(&declaration->form);
        free(declaration);
}

static int print_declaration(void *context, char **ret_bytes, size_t *ret_length, struct error *error)
{
        const struct declaration *declaration = context;
        const struct declaration_seal seal = press_seal(&declaration->house);
        char code[96];

        if (!declaration->blank)
                return formats[declaration->format].make(
                        &declaration->form, &seal, declaration->house.language, ret_bytes, ret_length, error);
        snprintf(code, sizeof(code), "garde:%s:%s", declaration->form.incident.text,
                 declaration->form.obligation.text);
        return declaration_blank_pdf(&declaration->form, declaration->catalogue, &seal, code,
                                     declaration->house.language, ret_bytes, ret_length, error);
}

/* The facts of the incident as they are now, as the command's papers get them too. */
static int fill(struct act_call *call, const struct obligation *obligation, const struct rule *rule,
                struct declaration *declaration)
{
        const struct world *world = call->world;
        struct casebook *book = desk_book(world->desk);
        const struct incident *incident = casebook_incident(book, obligation->incident.text);
        const struct papers_form how = {.config = world->config,
                                        .catalogue = world->catalogue,
                                        .clock = world->clock,
                                        .phase = declaration->asked,
                                        .english = declaration->house.language == LANGUAGE_EN};
        struct papers_facts facts = {0};
        json_t *told = incident ? status_incident(book, incident, world->journal) : NULL;
        int r = papers_facts_read(told, &facts, &call->error);

        json_decref(told);
        if (!r)
                r = papers_fill(&how, &facts, obligation, rule, &declaration->form, &call->error);
        papers_facts_release(&facts);
        return r;
}

static int choose_format(struct act_call *call, struct declaration *declaration)
{
        const char *word = act_text(call, "format");

        declaration->blank = act_flag(call, "blank");
        for (size_t i = 0; word[0] && i < FORMAT_COUNT; i++)
                if (!strcmp(formats[i].word, word)) {
                        declaration->format = (enum format)i;
                        word = "";
                }
        if (word[0])
                return act_refuse(call, -EINVAL, "une déclaration se donne en pdf, text ou json, pas « %s »",
                                  "a declaration comes as pdf, text or json, not “%s”", word);
        if (declaration->blank && declaration->format != FORMAT_PDF)
                return act_refuse(call, -EINVAL, "un formulaire à remplir à la main se donne en pdf",
                                  "a form to be filled in by hand comes as pdf");
        return phase_parse(act_text(call, "phase"), &declaration->asked, &call->error);
}

static int start_declaration(struct act_call *call, struct declaration *declaration)
{
        const struct form *form = &declaration->form;
        char name[160];
        struct press_order order = {.print = print_declaration,
                                    .release = release_declaration,
                                    .context = declaration,
                                    .type = formats[declaration->format].type,
                                    .name = name,
                                    .incident = form->incident.text};

        snprintf(name, sizeof(name), "declaration-%s%s%s%s.%s", form->rule,
                 declaration->asked == PHASE_AS_IT_STANDS ? "" : "-", filing_phase_word(declaration->asked),
                 declaration->blank ? language_pick(declaration->house.language, "-vierge", "-blank") : "",
                 formats[declaration->format].suffix);
        order.body = json_pack("{s:s, s:s, s:s, s:s, s:b}", "what", "declaration", "obligation",
                               form->obligation.text, "rule", form->rule, "phase",
                               filing_phase_word(form->phase), "blank", declaration->blank);
        return press_start(call, &order);
}

static int run_declaration(struct act_call *call)
{
        const char *id = act_text(call, "obligation");
        const struct obligation *found = casebook_obligation(desk_book(call->world->desk), id);
        const struct rule *rule = found ? rules_find(call->world->rules, found->rule) : NULL;
        CLEANUP(obligation_release) struct obligation obligation = {0};
        struct declaration *declaration;
        int r;

        if (!found || !rule)
                return act_refuse(call, -ENOENT, "aucune obligation « %s »", "no duty “%s”", id);
        declaration = calloc(1, sizeof(*declaration));
        if (!declaration || obligation_copy(&obligation, found)) {
                free(declaration);
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        }
        declaration->catalogue = call->world->catalogue;
        press_house(call, act_text(call, "language"), &declaration->house);
        r = choose_format(call, declaration);
        if (!r)
                r = fill(call, &obligation, rule, declaration);
        if (r) {
                release_declaration(declaration);
                return r;
        }
        return start_declaration(call, declaration);
}

/* ---- the register ---- */

struct registering {
        struct register_asked asked;
        struct press_house house;
        json_t *told;
};

static void release_register(void *context)
{
        struct registering *registering = context;

        json_decref(registering->told);
        free(registering);
}

static int read_register(void *context, struct error *error)
{
        struct registering *registering = context;

        return register_read(&registering->asked, &registering->told, error);
}

static int print_register(void *context, char **ret_bytes, size_t *ret_length, struct error *error)
{
        struct registering *registering = context;
        int r = read_register(context, error);

        if (r)
                return r;
        return register_pdf(json_object_get(registering->told, "breaches"), &registering->house, ret_bytes,
                            ret_length, error);
}

static int end_register(void *context, struct act_call *call, int result)
{
        struct registering *registering = context;

        if (!result && json_object_update(call->out, registering->told))
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        return result;
}

static struct registering *ask_register(struct act_call *call)
{
        const struct world *world = call->world;
        struct registering *registering = calloc(1, sizeof(*registering));
        int64_t limit = act_integer(call, "limit", 0);

        if (!registering)
                return NULL;
        press_house(call, act_text(call, "language"), &registering->house);
        registering->asked =
                (struct register_asked){.rules = world->rules,
                                        .how = {.config = world->config,
                                                .catalogue = world->catalogue,
                                                .clock = world->clock,
                                                .phase = PHASE_AS_IT_STANDS,
                                                .english = registering->house.language == LANGUAGE_EN},
                                        .limit = limit > 0 ? (size_t)limit : REGISTER_PAGE_MAX};
        snprintf(registering->asked.journal, sizeof(registering->asked.journal), "%s",
                 journal_path(world->journal));
        snprintf(registering->asked.after, sizeof(registering->asked.after), "%s", act_text(call, "after"));
        return registering;
}

static int run_register(struct act_call *call)
{
        struct registering *registering = ask_register(call);

        if (!registering)
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        call->work = (struct act_work){.work = read_register,
                                       .done = end_register,
                                       .release = release_register,
                                       .context = registering};
        return 0;
}

static int run_register_paper(struct act_call *call)
{
        struct registering *registering = ask_register(call);
        const struct press_order order = {.print = print_register,
                                          .release = release_register,
                                          .context = registering,
                                          .type = "application/pdf",
                                          .name = registering ? language_pick(registering->house.language,
                                                                              "registre-des-violations.pdf",
                                                                              "register-of-breaches.pdf")
                                                              : "",
                                          .body = json_pack("{s:s}", "what", "register")};

        if (registering)
                return press_start(call, &order);
        json_decref(order.body);
        return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
}

/* ---- the rows ---- */

static const struct act_param declaration_params[] = {
        {.name = "obligation",
         .type = ACT_TEXT,
         .flags = ACT_PATH,
         .max = 31,
         .fr = "identifiant de l’obligation",
         .en = "id of the obligation"},
        {.name = "format", .type = ACT_TEXT, .max = 4, .fr = "pdf, text ou json", .en = "pdf, text or json"},
        {.name = "phase",
         .type = ACT_TEXT,
         .max = 15,
         .fr = "initial, complement ou closing ; sinon telle qu’elle est",
         .en = "initial, complement or closing; else as it stands"},
        {.name = "blank", .type = ACT_BOOLEAN, .fr = "à remplir à la main", .en = "to be filled in by hand"},
        PRESS_LANGUAGE,
        {0}};
static const struct act_param paper_params[] = {PRESS_LANGUAGE, {0}};

static const struct act acts[] = {
        {.name = "declaration.paper",
         .method = ACT_GET,
         .path = "/obligations/{obligation}/declaration",
         .result = "*/*",
         .fr = "La déclaration, remplie de ce qui est connu, ou vierge",
         .en = "The declaration, filled in with what is known, or blank",
         .params = declaration_params,
         .run = run_declaration},
        {.name = "register.list",
         .method = ACT_GET,
         .path = "/register",
         .flags = ACT_PAGED,
         .result = "Register",
         .fr = "Le registre des violations (RGPD, art. 33(5))",
         .en = "The register of breaches (GDPR art. 33(5))",
         .run = run_register},
        {.name = "register.paper",
         .method = ACT_GET,
         .path = "/register/paper",
         .roles = ACT_LAW | ACT_ROLE(AUDITOR),
         .result = "application/pdf",
         .fr = "Le registre des violations, imprimable",
         .en = "The register of breaches, to be printed",
         .params = paper_params,
         .run = run_register_paper},
};

const struct act_table acts_declaration = {acts, ARRAY_LEN(acts)};
