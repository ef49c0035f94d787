/* SPDX-License-Identifier: EUPL-1.2 */
/* The closing report and the handover sheet. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "hub/acts.h"
#include "hub/closing.h"
#include "journal/journal.h"

#define TEXT_MAX 16000 /* bytes of one language of a section */

struct closing {
        struct press_house house;
        json_t *report; /* its own: another thread reads it */
        bool html;
};

static void release_closing(void *context)
{
        struct closing *closing = context;

        json_decref(closing->report);
        free(closing);
}

static int print_closing(void *context, char **ret_bytes, size_t *ret_length, struct error *error)
{
        const struct closing *closing = context;

        return (closing->html ? closing_html : closing_pdf)(closing->report, &closing->house, ret_bytes,
                                                            ret_length, error);
}

static int start(struct act_call *call, json_t *report, bool html, const char *what, const char *stem,
                 bool written)
{
        struct closing *closing = calloc(1, sizeof(*closing));
        char name[128];

        if (!closing) {
                json_decref(report);
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        }
        closing->report = report;
        closing->html = html;
        press_house(call, act_text(call, "language"), &closing->house);
        snprintf(name, sizeof(name), "%s.%s", stem, html ? "html" : "pdf");
        const struct press_order order = {.print = print_closing,
                                          .release = release_closing,
                                          .context = closing,
                                          .type = html ? "text/html; charset=utf-8" : "application/pdf",
                                          .name = name,
                                          .incident = act_text(call, "incident"),
                                          .body = written ? json_pack("{s:s}", "what", what) : NULL};
        return press_start(call, &order);
}

static int run_closing(struct act_call *call)
{
        const char *format = act_text(call, "format");
        bool redacted = act_flag(call, "redacted"), json = !format[0] || !strcmp(format, "json");
        json_t *report = NULL;
        int r;

        if (!json && strcmp(format, "pdf") && strcmp(format, "html"))
                return act_refuse(call, -EINVAL, "un compte rendu se donne en json, pdf ou html, pas « %s »",
                                  "a report comes as json, pdf or html, not “%s”", format);
        r = closing_assemble(call->world, act_text(call, "incident"), redacted, &report, &call->error);
        if (r)
                return r;
        if (!json)
                return start(call, report, !strcmp(format, "html"), redacted ? "closing.public" : "closing",
                             redacted ? "compte-rendu-public" : "retour-d-experience", true);
        r = json_object_update(call->out, report);
        json_decref(report);
        return r ? act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory") : 0;
}

/* One section's text; an empty one takes it away. */
static int run_write(struct act_call *call)
{
        const char *section = act_text(call, "section"), *incident = act_text(call, "incident");
        const json_t *text = act_json(call, "text");
        enum closing_section which;
        json_t *document = NULL, *texts, *report = NULL;
        struct desk_entry entry = {
                .incident = incident, .type = RECORD_TYPE_DOCUMENT_MADE, .author = act_author(call)};
        int r;

        if (closing_section_parse(section, &which))
                return act_refuse(call, -EINVAL, "aucune partie « %s »", "no section “%s”", section);
        r = view_get(call->world->journal, "closing", incident, &document, NULL, &call->error);
        if (r < 0)
                return r;
        if (r == VIEW_NONE)
                document = json_pack("{s:s, s:{}}", "incident", incident, "texts");
        texts = json_object_get(document, "texts");
        if (json_string_length(json_object_get(text, "fr")) ||
            json_string_length(json_object_get(text, "en")))
                json_object_set(texts, section, (json_t *)text);
        else
                json_object_del(texts, section);
        entry.body = json_pack("{s:s, s:s, s:{s:s, s:s, s:O}}", "what", "closing.text", "section", section,
                               "document", "kind", "closing", "id", incident, "json", document);
        r = desk_write(call->world->desk, &entry, NULL, &call->error);
        json_decref(entry.body);
        json_decref(document);
        if (!r)
                r = closing_assemble(call->world, incident, false, &report, &call->error);
        if (!r && json_object_update(call->out, report))
                r = act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        json_decref(report);
        return r;
}

/* ---- the handover sheet ---- */

/* What the next shift needs: how it stands, what is decided, what is owed, what is missing. */
static int run_handover(struct act_call *call)
{
        static const char *const keys[] = {"summary", "decisions", "measures", "duties", "missing"};
        json_t *report = NULL, *list = json_array(), *section;
        size_t index;
        int r = closing_assemble(call->world, act_text(call, "incident"), false, &report, &call->error);

        if (r) {
                json_decref(list);
                return r;
        }
        json_array_foreach(json_object_get(report, "sections"), index, section)
        {
                const char *key = json_string_value(json_object_get(section, "key"));

                for (size_t i = 0; i < ARRAY_LEN(keys); i++)
                        if (!strcmp(keys[i], key))
                                json_array_append(list, section);
        }
        json_object_set_new(report, "sections", list);
        json_object_set_new(report, "handover", json_true());
        return start(call, report, false, "handover", "releve", true);
}

/* clang-format off */
#define INCIDENT                                                                                             \
        {                                                                                                    \
                .name = "incident", .type = ACT_TEXT, .flags = ACT_PATH, .max = 31,                          \
                .fr = "identifiant de l’incident", .en = "id of the incident"                                \
        }
static const struct act_param closing_params[] = {
        INCIDENT,
        {.name = "format", .type = ACT_TEXT, .max = 4, .fr = "json, pdf ou html", .en = "json, pdf or html"},
        {.name = "redacted", .type = ACT_BOOLEAN, .fr = "pour le public : ni noms ni adresses", .en = "for the public: no names, no addresses"},
        PRESS_LANGUAGE,
        {0}};
static const struct act_param write_params[] = {
        INCIDENT,
        {.name = "section", .type = ACT_TEXT, .flags = ACT_REQUIRED, .max = 31, .fr = "quelle partie", .en = "which section"},
        {.name = "text", .type = ACT_BITEXT, .flags = ACT_REQUIRED, .max = TEXT_MAX,
         .fr = "ce qui y est dit, sans nom de personne", .en = "what it says, without names of persons"},
        {0}};
static const struct act_param handover_params[] = {INCIDENT, PRESS_LANGUAGE, {0}};
/* clang-format on */

static const struct act acts[] = {
        {.name = "closing.read",
         .method = ACT_GET,
         .path = "/incidents/{incident}/closing",
         .result = "*/*",
         .fr = "Le retour d’expérience, et le compte rendu public",
         .en = "The closing report, and the public account",
         .params = closing_params,
         .run = run_closing},
        {.name = "closing.write",
         .method = ACT_PUT,
         .path = "/incidents/{incident}/closing",
         .roles = ACT_ROLE(RESPONDER) | ACT_LAW,
         .body_max = 48 * 1024,
         .result = "Closing",
         .fr = "Écrire une partie du retour d’expérience",
         .en = "Write a section of the closing report",
         .params = write_params,
         .run = run_write},
        {.name = "handover.paper",
         .method = ACT_GET,
         .path = "/incidents/{incident}/handover/paper",
         .result = "application/pdf",
         .fr = "La feuille de relève, à imprimer",
         .en = "The handover sheet, to be printed",
         .params = handover_params,
         .run = run_handover},
};

const struct act_table acts_closing = {acts, ARRAY_LEN(acts)};
