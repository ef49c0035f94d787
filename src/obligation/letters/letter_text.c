/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/cleanup.h"
#include "obligation/letters/letter.h"

#define TEXT_MAX (512 * 1024)

static const char *nobody(void *context, const char *field)
{
        const struct letter_words *words = context;

        return strcmp(field, "greeting") ? "" : letter_greeting(words->language, "");
}

static char *filled(const struct letter_words *words, const struct letter_text *one)
{
        return template_fill(one->text, nobody, (void *)words, false);
}

static void add_part(struct buffer *out, const struct letter_words *words, size_t index)
{
        const struct letter_text *one = &words->texts[index];
        CLEANUP(cleanup_free) char *text = filled(words, one);
        bool in_list = one->kind == LETTER_POINT && index > 0 && words->texts[index - 1].kind == LETTER_POINT;

        if (!text)
                out->overflow = true;
        else
                buffer_format(out, "%s%s%s\n", in_list ? "" : "\n", one->kind == LETTER_POINT ? "- " : "",
                              text);
        if (text && one->kind == LETTER_HEADING)
                buffer_format(out, "%.*s\n", (int)strnlen(text, 72),
                              "------------------------------------"
                              "------------------------------------");
}

static void add_line(struct buffer *out, const char *text)
{
        if (text && *text)
                buffer_format(out, "%s\n", text);
}

int letter_text(const struct letter_words *words, const struct letter_house *house, char **ret_text,
                size_t *ret_length, struct error *error)
{
        struct buffer out = BUFFER_INIT(TEXT_MAX);

        buffer_format(&out, "%s %s\n", language_pick(words->language, "Objet :", "Subject:"), words->subject);
        for (size_t i = 0; i < words->count; i++)
                add_part(&out, words, i);
        buffer_text(&out, "\n");
        add_line(&out, words->closing);
        buffer_text(&out, words->closing ? "\n" : "");
        add_line(&out, house->signer);
        add_line(&out, house->signer_role);
        add_line(&out, house->structure);
        buffer_format(&out, "%s %s\n", language_pick(words->language, "Nos références :", "Our reference:"),
                      house->reference);
        if (out.overflow) {
                buffer_release(&out);
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        }
        *ret_text = out.data;
        *ret_length = out.length;
        return 0;
}

static json_t *parts_json(const struct letter_words *words)
{
        static const char *const kinds[] = {
                [LETTER_TEXT] = "text", [LETTER_HEADING] = "heading", [LETTER_POINT] = "point"};
        json_t *list = json_array();

        for (size_t i = 0; i < words->count; i++) {
                CLEANUP(cleanup_free) char *text = filled(words, &words->texts[i]);

                json_array_append_new(list, json_pack("{s:s, s:s}", "kind", kinds[words->texts[i].kind],
                                                      "text", text ? text : ""));
        }
        return list;
}

int letter_json(const struct letter_words *words, const struct letter_house *house, char **ret_text,
                size_t *ret_length, struct error *error)
{
        char dated[TIME_TEXT_SIZE];
        json_t *json;

        time_format(house->dated_ms, dated);
        json = json_pack("{s:s, s:s, s:o, s:s?, s:s, s:s, s:s, s:s, s:s}", "language",
                         language_word(words->language), "subject", words->subject, "parts",
                         parts_json(words), "closing", words->closing, "signer", house->signer, "signer_role",
                         house->signer_role, "structure", house->structure, "dated", dated, "reference",
                         house->reference);
        *ret_text = json ? json_dumps(json, JSON_INDENT(2)) : NULL;
        json_decref(json);
        if (!*ret_text)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        *ret_length = strlen(*ret_text);
        return 0;
}
