/* SPDX-License-Identifier: EUPL-1.2 */
/* Letters before they are made: what they would lack, and their words for a mail. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "hub/act_letters.h"
#include "hub/acts.h"
#include "hub/letters.h"
#include "hub/letters_values.h"
#include "hub/press.h"
#include "hub/world.h"
#include "obligation/letters/letter.h"

#define NAMES_MAX 900 /* bytes of the fields that a refusal names */

int letters_no_memory(struct act_call *call)
{
        return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
}

int letters_none(struct act_call *call)
{
        return act_refuse(call, -ENOSYS, "ce bureau n’imprime pas de lettres", "this desk prints no letters");
}

/* ---- what a letter would lack ---- */

const struct letter_template *letters_template(struct act_call *call)
{
        const struct letter_template *template =
                templates_find(letters_templates(call->world->letters), act_text(call, "template"));

        if (!template)
                act_refuse(call, -ENOENT, "aucun modèle « %s »", "no template “%s”",
                           act_text(call, "template"));
        return template;
}

static int find_holes(struct act_call *call, const struct letter_template *template,
                      struct letter_hole ret_holes[static LETTER_HOLES_MAX], size_t *ret_count)
{
        struct letters_values values = {
                .world = call->world,
                .incident = casebook_incident(desk_book(call->world->desk), act_text(call, "incident"))};

        if (!values.incident)
                return act_refuse(call, -ENOENT, "aucun incident « %s »", "no incident “%s”",
                                  act_text(call, "incident"));
        *ret_count = letter_holes(template, letters_value, &values, ret_holes);
        bitext_release(&values.last);
        return 0;
}

static int run_missing(struct act_call *call)
{
        const struct letter_template *template;
        struct letter_hole holes[LETTER_HOLES_MAX];
        json_t *list;
        size_t count = 0;
        int r;

        if (!call->world->letters)
                return letters_none(call);
        template = letters_template(call);
        r = template ? find_holes(call, template, holes, &count) : call->error.code;
        if (r)
                return r;
        list = json_array();
        for (size_t i = 0; i < count; i++) {
                const char *fr, *en;

                template_field_label(call->world->catalogue, holes[i].field, &fr, &en);
                json_array_append_new(list, json_pack("{s:s, s:{s:s, s:s}, s:b}", "field", holes[i].field,
                                                      "label", "fr", fr, "en", en, "blank", holes[i].blank));
        }
        return json_object_set_new(call->out, "missing", list) ? letters_no_memory(call) : 0;
}

static void name_holes(const struct act_call *call, const struct letter_hole *holes, size_t count, bool blank,
                       struct buffer *fr, struct buffer *en)
{
        const char *label_fr, *label_en;

        for (size_t i = 0; i < count && fr->length + 200 < NAMES_MAX; i++) {
                if (blank && !holes[i].blank)
                        continue;
                template_field_label(call->world->catalogue, holes[i].field, &label_fr, &label_en);
                buffer_format(fr, "%s« %s »", fr->length ? ", " : "", label_fr);
                buffer_format(en, "%s“%s”", en->length ? ", " : "", label_en);
        }
}

/* A blank goes out to nobody; what is said less well than it could be, when a person says that it may. */
int letters_refuse_holes(struct act_call *call, const struct letter_template *template)
{
        CLEANUP(buffer_release) struct buffer fr = BUFFER_INIT(NAMES_MAX), en = BUFFER_INIT(NAMES_MAX);
        struct letter_hole holes[LETTER_HOLES_MAX];
        size_t count = 0;
        bool blank = false;
        int r = find_holes(call, template, holes, &count);

        for (size_t i = 0; !r && i < count; i++)
                blank |= holes[i].blank;
        if (r || (!blank && (!count || act_flag(call, "incomplete"))))
                return r;
        name_holes(call, holes, count, blank, &fr, &en);
        if (blank) {
                error_say_in(&call->error, -EINVAL, LANGUAGE_FR,
                             "la lettre aurait des trous ; il manque : %s", buffer_string(&fr));
                return error_say_in(&call->error, -EINVAL, LANGUAGE_EN,
                                    "the letter would have blanks; what is missing: %s", buffer_string(&en));
        }
        error_say_in(&call->error, -EBUSY, LANGUAGE_FR,
                     "ceci n’est pas connu, et la lettre le dira : %s ; complétez le dossier, ou demandez-la "
                     "telle "
                     "quelle",
                     buffer_string(&fr));
        return error_say_in(
                &call->error, -EBUSY, LANGUAGE_EN,
                "this is not known, and the letter will say so: %s; complete the file, or ask for it "
                "as it is",
                buffer_string(&en));
}

/* ---- its words, for a mail ---- */

struct copy {
        struct letter_words words;
        struct letter_house house; /* of the configuration and the call's own copies */
        char incident[ID_TEXT_SIZE];
        bool json;
};

static void release_copy(void *context)
{
        struct copy *copy = context;

        letter_words_release(&copy->words);
        free(copy);
}

static int print_copy(void *context, char **ret_bytes, size_t *ret_length, struct error *error)
{
        const struct copy *copy = context;

        return (copy->json ? letter_json : letter_text)(&copy->words, &copy->house, ret_bytes, ret_length,
                                                        error);
}

static int fill_copy(struct act_call *call, const struct letter_template *template, struct copy *copy)
{
        const struct config *config = call->world->config;
        const struct config_person *signer =
                config->people.direction.name[0] ? &config->people.direction : &config->people.declarant;
        enum language language = call->caller->english ? LANGUAGE_EN : LANGUAGE_FR;
        struct letters_values values = {.world = call->world};
        int r;

        language_parse(act_text(call, "language"), &language);
        snprintf(copy->incident, sizeof(copy->incident), "%s", act_text(call, "incident"));
        copy->house = (struct letter_house){.structure = config->structure.name,
                                            .signer = signer->name,
                                            .signer_role = signer->function,
                                            .reference = copy->incident,
                                            .dated_ms = clock_wall_ms(call->world->clock)};
        values.language = language;
        values.incident = casebook_incident(desk_book(call->world->desk), copy->incident);
        r = letter_words_make(template, language, letters_value, &values, &copy->words, &call->error);
        bitext_release(&values.last);
        return r;
}

static int start_copy(struct act_call *call, const struct letter_template *template, bool json)
{
        struct copy *copy = calloc(1, sizeof(*copy));
        char name[128];
        struct press_order order = {.print = print_copy,
                                    .release = release_copy,
                                    .context = copy,
                                    .type = json ? "application/json" : "text/plain; charset=utf-8",
                                    .name = name,
                                    .incident = act_text(call, "incident")};
        int r;

        if (!copy)
                return letters_no_memory(call);
        copy->json = json;
        r = fill_copy(call, template, copy);
        if (r) {
                release_copy(copy);
                return r;
        }
        snprintf(name, sizeof(name), "%s-%s.%s", call->caller->english ? "letter" : "lettre", template->id,
                 json ? "json" : "txt");
        order.body = json_pack("{s:s, s:s}", "what", "letter.text", "template", template->id);
        return press_start(call, &order);
}

static int run_text(struct act_call *call)
{
        const char *format = act_text(call, "format");
        const struct letter_template *template;
        int r;

        if (!call->world->letters)
                return letters_none(call);
        if (format[0] && strcmp(format, "text") && strcmp(format, "json"))
                return act_refuse(call, -EINVAL, "le texte d’une lettre se donne en text ou json, pas « %s »",
                                  "a letter’s text comes as text or json, not “%s”", format);
        template = letters_template(call);
        r = template ? letters_refuse_holes(call, template) : call->error.code;
        return r ? r : start_copy(call, template, !strcmp(format, "json"));
}

/* ---- the rows ---- */

#define INCIDENT                                                                                             \
        {                                                                                                    \
                .name = "incident", .type = ACT_TEXT, .flags = ACT_PATH, .max = 31,                          \
                .fr = "identifiant de l’incident", .en = "id of the incident"                                \
        }
/* clang-format off */
static const struct act_param missing_params[] = {
        INCIDENT,
        {.name = "template", .type = ACT_TEXT, .flags = ACT_REQUIRED, .max = 47, .fr = "modèle", .en = "template"},
        {0}};
static const struct act_param text_params[] = {
        INCIDENT,
        {.name = "template", .type = ACT_TEXT, .flags = ACT_REQUIRED, .max = 47, .fr = "modèle", .en = "template"},
        {.name = "format", .type = ACT_TEXT, .max = 4, .fr = "text ou json", .en = "text or json"},
        {.name = "incomplete", .type = ACT_BOOLEAN, .fr = "telle quelle, même si tout n’est pas connu",
         .en = "as it is, even if not all is known"},
        PRESS_LANGUAGE,
        {0}};
/* clang-format on */

static const struct act acts[] = {
        {.name = "letters.missing",
         .method = ACT_GET,
         .path = "/incidents/{incident}/letters/missing",
         .result = "LettersMissing",
         .fr = "Ce qui manque à une lettre avant de la faire",
         .en = "What a letter lacks before it is made",
         .params = missing_params,
         .run = run_missing},
        {.name = "letters.text",
         .method = ACT_GET,
         .path = "/incidents/{incident}/letters/text",
         .roles = ACT_ROLE(RESPONDER) | ACT_LAW,
         .flags = ACT_HTTP_ONLY,
         .result = "*/*",
         .fr = "Le texte d’une lettre, pour un message ou un script",
         .en = "A letter’s text, for a mail or a script",
         .params = text_params,
         .run = run_text},
};

const struct act_table acts_letters_text = {acts, ARRAY_LEN(acts)};
