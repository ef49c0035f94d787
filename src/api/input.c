/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/input.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"

#define DEPTH_MAX 16 /* of a JSON body; no act asks for more */

static const struct act_param *param_of(const struct act *act, const char *name)
{
        for (const struct act_param *param = act->params; param && param->name; param++)
                if (!strcmp(param->name, name))
                        return param;
        return NULL;
}

size_t input_body_max(const struct act *act)
{
        return act->body_max ? act->body_max : INPUT_BODY_DEFAULT;
}

static bool has_type(const char *header, const char *type)
{
        size_t length = strlen(type);
        const char *rest = header + length, *charset;

        if (strncasecmp(header, type, length) != 0 || (*rest && *rest != ';' && *rest != ' '))
                return false;
        charset = strcasestr(rest, "charset=");
        if (!charset)
                return true;
        charset += strlen("charset=");
        charset += *charset == '"';
        return !strncasecmp(charset, "utf-8", 5) && !isalnum((unsigned char)charset[5]);
}

enum input_kind input_kind_of(const struct act *act, const char *content_type)
{
        if (!content_type)
                return INPUT_NONE;
        if (has_type(content_type, "application/json"))
                return INPUT_JSON;
        if (has_type(content_type, "text/csv") && param_of(act, "csv"))
                return INPUT_CSV;
        return INPUT_OTHER;
}

/* ---- texts of path and query ---- */

static json_t *integer_of(const char *text)
{
        char *end;
        long long number;

        errno = 0;
        number = strtoll(text, &end, 10);
        return (isdigit((unsigned char)*text) || *text == '-') && !*end && !errno ? json_integer(number)
                                                                                  : NULL;
}

static json_t *number_of(const char *text)
{
        char *end;
        double number = strtod(text, &end);

        return (isdigit((unsigned char)*text) || *text == '-') && !*end && isfinite(number)
                       ? json_real(number)
                       : NULL;
}

static json_t *boolean_of(const char *text)
{
        if (!strcmp(text, "true") || !strcmp(text, "1") || !*text)
                return json_true();
        return !strcmp(text, "false") || !strcmp(text, "0") ? json_false() : NULL;
}

/* What a text means for this act; what does not fit goes through as text, for act_run() to say so. */
static json_t *value_of(const struct act *act, const struct uri_pair *pair)
{
        const struct act_param *param = param_of(act, pair->name);
        bool limit = act->flags & ACT_PAGED && !strcmp(pair->name, "limit");
        bool newest = act->flags & ACT_PAGED && !strcmp(pair->name, "newest");
        json_t *value = NULL;

        if (limit || (param && param->type == ACT_INTEGER))
                value = integer_of(pair->value);
        else if (param && param->type == ACT_NUMBER)
                value = number_of(pair->value);
        else if (newest || (param && param->type == ACT_BOOLEAN))
                value = boolean_of(pair->value);
        return value ? value : json_string(pair->value);
}

static int twice(const char *name, struct error *error)
{
        return error_say(error, -EINVAL, "« %.64s » est donné deux fois", "“%.64s” is given twice", name);
}

static int add_pairs(const struct act *act, const struct uri_pair *pairs, size_t count, json_t *in,
                     struct error *error)
{
        for (size_t i = 0; i < count; i++) {
                if (json_object_get(in, pairs[i].name))
                        return twice(pairs[i].name, error);
                if (json_object_set_new(in, pairs[i].name, value_of(act, &pairs[i])))
                        return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        }
        return 0;
}

/* ---- the body ---- */

/* Before parsing: jansson recurses, and a body may be all brackets. */
static bool is_shallow(const char *text, size_t length)
{
        bool quoted = false;
        unsigned depth = 0;

        for (size_t i = 0; i < length; i++) {
                if (quoted) {
                        quoted = text[i] != '"';
                        i += text[i] == '\\'; /* whatever is escaped ends nothing */
                        continue;
                }
                quoted = text[i] == '"';
                if (text[i] == '{' || text[i] == '[') {
                        if (++depth > DEPTH_MAX)
                                return false;
                } else if (text[i] == '}' || text[i] == ']') {
                        depth -= depth > 0;
                }
        }
        return true;
}

static int merge(json_t *body, json_t *in, struct error *error)
{
        const char *name;
        json_t *value;

        json_object_foreach(body, name, value)
        {
                if (json_object_get(in, name))
                        return twice(name, error);
                if (json_object_set(in, name, value))
                        return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        }
        return 0;
}

static int add_json(const char *body, size_t length, json_t *in, struct error *error)
{
        json_error_t where;
        json_t *json;
        int r;

        if (!is_shallow(body, length))
                return error_say(error, -EINVAL, "JSON imbriqué sur plus de %d niveaux",
                                 "JSON nested deeper than %d levels", DEPTH_MAX);
        json = json_loadb(body, length, JSON_REJECT_DUPLICATES, &where);
        if (!json)
                return error_say(error, -EINVAL, "le corps n’est pas du JSON (ligne %d, colonne %d)",
                                 "the body is not JSON (line %d, column %d)", where.line, where.column);
        if (json_is_object(json))
                r = merge(json, in, error);
        else
                r = error_say(error, -EINVAL, "le corps doit être un objet JSON",
                              "the body must be a JSON object");
        json_decref(json);
        return r;
}

static int add_csv(const char *body, size_t length, json_t *in, struct error *error)
{
        json_t *text;

        if (length >= 3 && !memcmp(body, "\xef\xbb\xbf", 3)) { /* spreadsheets begin with one */
                body += 3;
                length -= 3;
        }
        text = json_stringn(body, length);
        if (!text)
                return error_say(error, -EINVAL, "le fichier n’est pas en UTF-8", "the file is not UTF-8");
        if (json_object_get(in, "csv")) {
                json_decref(text);
                return twice("csv", error);
        }
        return json_object_set_new(in, "csv", text) ? -ENOMEM : 0;
}

int input_read(const struct route *route, const struct uri *uri, enum input_kind kind, const char *body,
               size_t length, json_t **ret_in, struct error *error)
{
        json_t *in = json_object();
        int r = in ? 0 : -ENOMEM;

        if (!r)
                r = add_pairs(route->act, route->params, route->param_count, in, error);
        if (!r)
                r = add_pairs(route->act, uri->query, uri->query_count, in, error);
        if (!r && length && kind == INPUT_JSON)
                r = add_json(body, length, in, error);
        else if (!r && length && kind == INPUT_CSV)
                r = add_csv(body, length, in, error);
        if (r) {
                json_decref(in);
                return r;
        }
        *ret_in = in;
        return 0;
}
