/* SPDX-License-Identifier: EUPL-1.2 */
/* The register as an inspector takes it away. */
#include "hub/register.h"

#include "base/cleanup.h"

struct sheet {
        struct paper *paper;
        enum language language;
};

static const char *say(const struct sheet *sheet, const char *fr, const char *en)
{
        return language_pick(sheet->language, fr, en);
}

static const char *text_of(const struct sheet *sheet, const json_t *object, const char *key)
{
        const json_t *text = json_object_get(object, key);
        const char *side = json_string_value(json_object_get(text, say(sheet, "fr", "en")));

        return side ? side : "";
}

static void add_sections(const struct sheet *sheet, const json_t *breach)
{
        const json_t *section, *field;
        size_t index, at;

        json_array_foreach(json_object_get(breach, "sections"), index, section)
        {
                paper_heading(sheet->paper, 3, text_of(sheet, section, "title"));
                json_array_foreach(json_object_get(section, "fields"), at, field)
                {
                        const char *state = json_string_value(json_object_get(field, "state"));
                        bool known = state && state[0] == 'k';

                        (known ? paper_field : paper_field_unknown)(
                                sheet->paper, text_of(sheet, field, "label"), text_of(sheet, field, "value"));
                }
        }
}

static void add_breach(const struct sheet *sheet, const json_t *breach, size_t number)
{
        CLEANUP(buffer_release) struct buffer title = BUFFER_INIT(8192);

        buffer_format(&title, "%zu. %s", number, text_of(sheet, breach, "title"));
        if (number > 1)
                paper_page(sheet->paper);
        paper_heading(sheet->paper, 2, buffer_string(&title));
        add_sections(sheet, breach);
        paper_heading(sheet->paper, 3, say(sheet, "Qui a été prévenu", "Who was told"));
        paper_field(sheet->paper, say(sheet, "CNIL (RGPD, art. 33)", "CNIL (GDPR art. 33)"),
                    text_of(sheet, json_object_get(breach, "authority"), "text"));
        paper_field(sheet->paper,
                    say(sheet, "Personnes concernées (RGPD, art. 34)", "Persons concerned (GDPR art. 34)"),
                    text_of(sheet, json_object_get(breach, "persons"), "text"));
}

static void add_all(const struct sheet *sheet, const json_t *breaches)
{
        const json_t *breach;
        size_t index;

        paper_heading(sheet->paper, 1,
                      say(sheet, "Registre des violations de données personnelles",
                          "Register of personal data breaches"));
        paper_paragraph(sheet->paper,
                        say(sheet,
                            "RGPD, art. 33(5) : le responsable du traitement consigne toute violation, ses "
                            "faits, ses "
                            "effets et les mesures prises, que la CNIL ait été prévenue ou non.",
                            "GDPR art. 33(5): the controller writes down every breach, its facts, its "
                            "effects and the "
                            "measures taken, whether the authority was told or not."));
        if (!json_array_size(breaches))
                paper_notice(sheet->paper, NULL,
                             say(sheet, "Aucune violation n’est inscrite à ce jour.",
                                 "No breach has been entered to this day."));
        json_array_foreach(breaches, index, breach) add_breach(sheet, breach, index + 1);
}

int register_pdf(const json_t *breaches, const struct press_house *house, char **ret_pdf, size_t *ret_length,
                 struct error *error)
{
        struct sheet sheet = {.language = house->language};
        const struct paper_info info = press_info(
                house, say(&sheet, "Registre des violations", "Register of breaches"), "RGPD 33(5)");
        int r = paper_new(&info, &sheet.paper, error);

        if (r)
                return r;
        add_all(&sheet, breaches);
        r = paper_render(sheet.paper, ret_pdf, ret_length, error);
        paper_free(sheet.paper);
        return r;
}
