/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/field.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"

#define TIME_MAX_MS 253402300799999 /* the last moment of the year 9999, where RFC 3339 ends */

struct fields fields_begin(const json_t *json, const char *noun, struct error *error)
{
        struct fields fields = {.json = json, .noun = noun, .error = error};

        if (!json_is_object(json))
                fields.result = error_say(error, -EINVAL, "%s : un objet JSON est attendu",
                                          "%s: expected a JSON object", noun);
        return fields;
}

void fields_fault(struct fields *fields, const char *key, const char *fr, const char *en, ...)
{
        va_list arguments, again;

        if (fields->result)
                return;
        va_start(arguments, en);
        va_copy(again, arguments);
        error_vsay_in(fields->error, -EINVAL, LANGUAGE_FR, fr, arguments);
        error_vsay_in(fields->error, -EINVAL, LANGUAGE_EN, en, again);
        va_end(again);
        va_end(arguments);
        fields->result = error_context(fields->error, -EINVAL, "%s : champ « %s »", "%s: field \"%s\"",
                                       fields->noun, key);
}

static bool field_is_known(const struct fields *fields, const char *key)
{
        for (size_t i = 0; i < fields->known_count; i++)
                if (!strcmp(fields->known[i], key))
                        return true;
        return false;
}

int fields_end(struct fields *fields)
{
        /* Iteration needs a mutable object in jansson's interface, but changes nothing. */
        for (void *at = fields->result ? NULL : json_object_iter((json_t *)fields->json); at;
             at = json_object_iter_next((json_t *)fields->json, at)) {
                if (!field_is_known(fields, json_object_iter_key(at))) {
                        fields->result = error_say(fields->error, -EINVAL, "%s : champ « %.64s » inconnu",
                                                   "%s: unknown field \"%.64s\"", fields->noun,
                                                   json_object_iter_key(at));
                        break;
                }
        }
        return fields->result;
}

const json_t *fields_value(struct fields *fields, const char *key, enum field_need need)
{
        if (fields->result)
                return NULL;
        if (fields->known_count == FIELDS_MAX) {
                fields_fault(fields, key, "plus de champs qu’un lecteur ne peut en nommer",
                             "more fields than a reader may name");
                return NULL;
        }
        fields->known[fields->known_count++] = key;
        const json_t *value = json_object_get(fields->json, key);
        if (value && !json_is_null(value))
                return value;
        if (need == FIELD_REQUIRED)
                fields_fault(fields, key, "manque", "missing");
        return NULL;
}

/* One line: what is logged or shown must not forge another line. Bytes beyond ASCII are valid UTF-8 already. */
static bool text_is_line(const char *text, size_t length)
{
        for (size_t i = 0; i < length; i++)
                if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
                        return false;
        return true;
}

static const char *value_line(struct fields *fields, const char *key, const json_t *value, size_t size)
{
        const char *text = json_string_value(value);

        if (!text)
                fields_fault(fields, key, "attendu : un texte", "expected a text");
        else if (json_string_length(value) >= size)
                fields_fault(fields, key, "trop long", "too long");
        else if (!text_is_line(text, json_string_length(value)))
                fields_fault(fields, key, "les caractères de contrôle ne sont pas admis",
                             "control characters are not allowed");
        else
                return text;
        return NULL;
}

void fields_text(struct fields *fields, const char *key, enum field_need need, char *ret_text, size_t size)
{
        const json_t *value = fields_value(fields, key, need);
        const char *text = value ? value_line(fields, key, value, size) : NULL;

        if (!text)
                return;
        if (need == FIELD_REQUIRED && !*text)
                fields_fault(fields, key, "ne peut pas être vide", "must not be empty");
        else
                memcpy(ret_text, text, strlen(text) + 1);
}

void fields_id(struct fields *fields, const char *key, char prefix, enum field_need need, struct id *ret_id)
{
        const json_t *value = fields_value(fields, key, need);
        const char *text = value ? value_line(fields, key, value, ID_TEXT_SIZE) : NULL;

        if (text && id_parse(text, prefix, ret_id))
                fields_fault(fields, key, "ce n’est pas un identifiant de la sorte attendue",
                             "not an id of the expected kind");
}

void fields_time(struct fields *fields, const char *key, enum field_need need, int64_t *ret_ms)
{
        const json_t *value = fields_value(fields, key, need);
        const char *text = value ? value_line(fields, key, value, TIME_TEXT_SIZE * 2) : NULL;
        int64_t ms;

        if (!text)
                return;
        if (time_parse(text, &ms) || ms < 0 || ms > TIME_MAX_MS)
                fields_fault(fields, key, "attendu : une date et une heure RFC 3339 depuis 1970",
                             "expected an RFC 3339 time since 1970");
        else
                *ret_ms = ms;
}

void fields_word(struct fields *fields, const char *key, enum field_need need, const char *const *words,
                 size_t count, unsigned *ret_index)
{
        const json_t *value = fields_value(fields, key, need);
        const char *text = value ? value_line(fields, key, value, 64) : NULL;
        struct buffer list = BUFFER_INIT(512);

        if (!text)
                return;
        for (size_t i = 0; i < count; i++) {
                if (!strcmp(text, words[i])) {
                        *ret_index = (unsigned)i;
                        buffer_release(&list);
                        return;
                }
                buffer_format(&list, "%s%s", i ? ", " : "", words[i]);
        }
        fields_fault(fields, key, "attendu, au choix : %s", "expected one of %s", buffer_string(&list));
        buffer_release(&list);
}

void fields_number(struct fields *fields, const char *key, enum field_need need, double least, double most,
                   double *ret_number)
{
        const json_t *value = fields_value(fields, key, need);

        if (!value)
                return;
        double number = json_number_value(value);
        /* Written so that a NaN falls through to the fault. */
        if (json_is_number(value) && number >= least && number <= most)
                *ret_number = number;
        else
                fields_fault(fields, key, "attendu : un nombre dans ses limites",
                             "expected a number within its range");
}

void fields_count(struct fields *fields, const char *key, uint64_t most, uint64_t *ret_count)
{
        const json_t *value = fields_value(fields, key, FIELD_REQUIRED);

        if (!value)
                return;
        if (json_is_integer(value) && json_integer_value(value) >= 0 &&
            (uint64_t)json_integer_value(value) <= most)
                *ret_count = (uint64_t)json_integer_value(value);
        else
                fields_fault(fields, key, "attendu : un nombre entier dans ses limites",
                             "expected a whole number within its range");
}

void fields_bool(struct fields *fields, const char *key, enum field_need need, bool *ret_bool)
{
        const json_t *value = fields_value(fields, key, need);

        if (!value)
                return;
        if (json_is_boolean(value))
                *ret_bool = json_is_true(value);
        else
                fields_fault(fields, key, "attendu : true ou false", "expected true or false");
}

void fields_bitext(struct fields *fields, const char *key, struct bitext *ret_text)
{
        const json_t *value = fields_value(fields, key, FIELD_REQUIRED);
        char place[96];

        if (!value)
                return;
        snprintf(place, sizeof(place), "%s: \"%s\"", fields->noun, key);
        fields->result = bitext_from_json(value, place, ret_text, fields->error);
}

/* Depth is checked before descending, so a hostile nesting cannot exhaust the stack. */
static bool tree_within(const json_t *json, unsigned depth, size_t *nodes)
{
        if (++*nodes > FIELD_TREE_NODES || depth > FIELD_TREE_DEPTH)
                return false;
        for (size_t i = 0; i < json_array_size(json); i++)
                if (!tree_within(json_array_get(json, i), depth + 1, nodes))
                        return false;
        for (void *at = json_object_iter((json_t *)json); at; at = json_object_iter_next((json_t *)json, at))
                if (!tree_within(json_object_iter_value(at), depth + 1, nodes))
                        return false;
        return true;
}

void fields_tree(struct fields *fields, const char *key, enum field_need need, json_t **ret_tree)
{
        const json_t *value = fields_value(fields, key, need);
        size_t nodes = 0;

        if (!value)
                return;
        if (!json_is_object(value) || !tree_within(value, 0, &nodes)) {
                fields_fault(fields, key, "attendu : un objet, ni trop grand ni trop profond",
                             "expected an object, not too large and not too deep");
                return;
        }
        json_t *copy = json_deep_copy(value);
        if (!copy) {
                fields->result = error_say(fields->error, -ENOMEM, "mémoire insuffisante", "out of memory");
                return;
        }
        json_decref(*ret_tree);
        *ret_tree = copy;
}

const json_t *fields_array(struct fields *fields, const char *key, size_t most)
{
        const json_t *value = fields_value(fields, key, FIELD_REQUIRED);

        if (value && json_is_array(value) && json_array_size(value) <= most)
                return value;
        if (value)
                fields_fault(fields, key, "attendu : une liste, pas trop longue",
                             "expected a list, not too long");
        return NULL;
}

const json_t *fields_object(struct fields *fields, const char *key, size_t most)
{
        const json_t *value = fields_value(fields, key, FIELD_REQUIRED);

        if (value && json_is_object(value) && json_object_size(value) <= most)
                return value;
        if (value)
                fields_fault(fields, key, "attendu : un objet, pas trop grand",
                             "expected an object, not too large");
        return NULL;
}

json_t *field_time_json(int64_t ms)
{
        char text[TIME_TEXT_SIZE];

        if (!ms)
                return json_null();
        time_format(ms, text);
        return json_string(text);
}

json_t *field_text_json(const char *text)
{
        return *text ? json_string(text) : json_null();
}

json_t *field_id_json(const struct id *id)
{
        return field_text_json(id->text);
}

const char *field_word(const char *const *words, size_t count, unsigned index)
{
        return index < count ? words[index] : "?";
}
