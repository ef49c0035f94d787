/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

int bitext_set(struct bitext *text, const char *fr, const char *en)
{
        char *new_fr = strdup(fr), *new_en = strdup(en);

        if (!new_fr || !new_en) {
                free(new_fr);
                free(new_en);
                return -ENOMEM;
        }
        bitext_release(text);
        *text = (struct bitext){new_fr, new_en};
        return 0;
}

int bitext_copy(struct bitext *to, const struct bitext *from)
{
        if (!from->fr || !from->en) {
                bitext_release(to);
                return 0;
        }
        return bitext_set(to, from->fr, from->en);
}

void bitext_release(struct bitext *text)
{
        free(text->fr);
        free(text->en);
        *text = (struct bitext)BITEXT_INIT;
}

json_t *bitext_to_json(const struct bitext *text)
{
        json_t *json = json_object();

        /* By hand: every noun has several, and json_pack() reads its format anew each time. */
        if (json_object_set_new_nocheck(json, "fr", json_string(text->fr ? text->fr : "")) ||
            json_object_set_new_nocheck(json, "en", json_string(text->en ? text->en : ""))) {
                json_decref(json);
                return NULL;
        }
        return json;
}

static const char *language_text(const json_t *json, const char *language)
{
        const json_t *value = json_object_get(json, language);
        const char *text = json_string_value(value);

        if (!text || json_string_length(value) > BITEXT_LENGTH_MAX ||
            strlen(text) != json_string_length(value))
                return NULL;
        return text;
}

int bitext_from_json(const json_t *json, const char *field, struct bitext *ret_text, struct error *error)
{
        const char *fr = language_text(json, "fr"), *en = language_text(json, "en");
        struct bitext text = BITEXT_INIT;

        if (!fr || !en)
                return error_say(error, -EINVAL,
                                 "%s : attendu : {\"fr\": texte, \"en\": texte}, chacun de %d octets au plus",
                                 "%s: expected {\"fr\": text, \"en\": text}, each at most %d bytes", field,
                                 BITEXT_LENGTH_MAX);
        if (json_object_size(json) != 2)
                return error_say(error, -EINVAL, "%s : seuls « fr » et « en » sont admis",
                                 "%s: only \"fr\" and \"en\" are allowed", field);
        if (bitext_set(&text, fr, en))
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        bitext_release(ret_text);
        *ret_text = text;
        return 0;
}
