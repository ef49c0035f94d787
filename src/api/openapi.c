/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/openapi.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/cookie.h"
#include "api/input.h"
#include "base/cleanup.h"
#include "base/file.h"

#define SCHEMAS_MAX (1024 * 1024)

int openapi_schemas(const char *path, json_t **ret_schemas, struct error *error)
{
        CLEANUP(cleanup_free) char *text = NULL;
        json_error_t where;
        json_t *schemas;
        size_t length;
        int r = file_read(path, SCHEMAS_MAX, &text, &length, error);

        if (r)
                return r;
        schemas = json_loadb(text, length, JSON_REJECT_DUPLICATES, &where);
        if (!json_is_object(schemas)) {
                json_decref(schemas);
                return error_say(error, -EINVAL, "%s : ligne %d : ce n’est pas un objet JSON",
                                 "%s: line %d: no JSON object", path, where.line);
        }
        *ret_schemas = schemas;
        return 0;
}

/* ---- params ---- */

static json_t *type_schema(const struct act_param *param)
{
        json_int_t most = (json_int_t)param->max;

        switch (param->type) {
        case ACT_TEXT:
                return json_pack("{s:s, s:I}", "type", "string", "maxLength", most ? most : 256);
        case ACT_TIME:
                return json_pack("{s:s, s:s}", "type", "string", "format", "date-time");
        case ACT_INTEGER:
        case ACT_NUMBER:
                return json_pack("{s:s, s:i, s:o*}", "type",
                                 param->type == ACT_INTEGER ? "integer" : "number", "minimum", 0, "maximum",
                                 most ? json_integer(most) : NULL);
        case ACT_BOOLEAN:
                return json_pack("{s:s}", "type", "boolean");
        case ACT_BITEXT:
                return json_pack("{s:s}", "$ref", "#/components/schemas/Bitext");
        case ACT_JSON:
                return json_object();
        }
        return NULL;
}

static json_t *param_schema(const struct act_param *param)
{
        json_t *schema = type_schema(param);

        if (schema && param->flags & ACT_SECRET)
                json_object_set_new(schema, "writeOnly", json_true());
        return schema;
}

static bool is_in_body(const struct act *act, const struct act_param *param)
{
        return !(param->flags & (ACT_PATH | ACT_STATED)) &&
               (act->method == ACT_POST || act->method == ACT_PUT);
}

static void add_parameter(json_t *list, const char *name, const char *in, bool required, const char *en,
                          const char *fr, json_t *schema)
{
        json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:s, s:s, s:o}", "name", name, "in", in,
                                              "required", required, "description", en,
                                              "x-garde-description-fr", fr, "schema", schema));
}

static json_t *parameters(const struct act *act)
{
        json_t *list = json_array();

        for (const struct act_param *param = act->params; param && param->name; param++)
                if (!(param->flags & ACT_STATED) && !is_in_body(act, param))
                        add_parameter(list, param->name, param->flags & ACT_PATH ? "path" : "query",
                                      param->flags & (ACT_PATH | ACT_REQUIRED), param->en ? param->en : "",
                                      param->fr ? param->fr : "", param_schema(param));
        if (act->flags & ACT_PAGED) {
                add_parameter(list, "limit", "query", false, "how many at most", "combien au plus",
                              json_pack("{s:s, s:i, s:i, s:i}", "type", "integer", "minimum", 1, "maximum",
                                        ACT_PAGE_MAX, "default", ACT_PAGE_DEFAULT));
                add_parameter(list, "after", "query", false, "the \"next\" of the page before",
                              "le « next » de la page d’avant",
                              json_pack("{s:s, s:i}", "type", "string", "maxLength", 256));
                add_parameter(list, "newest", "query", false, "the newest first", "les plus récents d’abord",
                              json_pack("{s:s}", "type", "boolean"));
        }
        return list;
}

static json_t *described(const struct act_param *param)
{
        json_t *schema = param_schema(param);

        if (schema && param->en)
                json_object_set_new(schema, "description", json_string(param->en));
        if (schema && param->fr)
                json_object_set_new(schema, "x-garde-description-fr", json_string(param->fr));
        return schema;
}

static json_t *body_schema(const struct act *act)
{
        json_t *properties = json_object(), *required = json_array();

        for (const struct act_param *param = act->params; param && param->name; param++) {
                if (!is_in_body(act, param))
                        continue;
                json_object_set_new(properties, param->name, described(param));
                if (param->flags & ACT_REQUIRED)
                        json_array_append_new(required, json_string(param->name));
        }
        return json_pack("{s:s, s:b, s:o, s:o}", "type", "object", "additionalProperties", 0, "properties",
                         properties, "required", required);
}

static void add_body(json_t *operation, const struct act *act)
{
        json_t *schema, *content;

        if (act->method != ACT_POST && act->method != ACT_PUT)
                return;
        schema = body_schema(act);
        content = json_pack("{s:{s:O}}", "application/json", "schema", schema);
        if (input_kind_of(act, "text/csv") == INPUT_CSV)
                json_object_set_new(content, "text/csv", json_pack("{s:{s:s}}", "schema", "type", "string"));
        json_object_set_new(operation, "requestBody",
                            json_pack("{s:b, s:o, s:I}", "required",
                                      json_array_size(json_object_get(schema, "required")) > 0, "content",
                                      content, "x-garde-bytes-max", (json_int_t)input_body_max(act)));
        json_decref(schema);
}

/* ---- answers ---- */

/* The result's media type; with a param "format" the client may choose others. */
static json_t *result_content(const struct act *act)
{
        char place[160];
        json_t *content;

        snprintf(place, sizeof(place), "#/components/schemas/%s", act->result ? act->result : "Empty");
        if (act->result && strchr(act->result, '/'))
                content = json_pack("{s:{}}", act->result);
        else
                content = json_pack("{s:{s:{s:s}}}", "application/json", "schema", "$ref", place);
        for (const struct act_param *param = act->params; content && param && param->name; param++)
                if (!strcmp(param->name, "format"))
                        json_object_set_new(content, "*/*", json_object());
        return content;
}

static json_t *responses(const struct act *act)
{
        json_t *all = json_pack("{s:{s:s, s:o}, s:{s:s}}", "200", "description", act->en, "content",
                                result_content(act), "default", "$ref", "#/components/responses/Problem");

        if (all && act->method == ACT_GET)
                json_object_set_new(all, "304",
                                    json_pack("{s:s}", "description", "If-None-Match names what there is"));
        if (all && act->flags & ACT_TWO_PERSON)
                json_object_set_new(all, "202",
                                    json_pack("{s:s, s:{s:{s:{s:s}}}}", "description",
                                              "Waits for a second person", "content", "application/json",
                                              "schema", "$ref", "#/components/schemas/Waiting"));
        return all;
}

static json_t *roles_of(const struct act *act)
{
        if (act->flags & (ACT_PUBLIC | ACT_UNLOGGED_IN))
                return json_pack("[s]", "public");
        return act->roles ? roles_to_json(act->roles) : json_pack("[s]", "account");
}

static json_t *operation_of(const struct act *act)
{
        bool open = act->flags & (ACT_PUBLIC | ACT_UNLOGGED_IN);
        char tag[64];
        json_t *operation;

        snprintf(tag, sizeof(tag), "%.*s", (int)strcspn(act->name, "."), act->name);
        operation = json_pack("{s:s, s:[s], s:s, s:s, s:o, s:o, s:o}", "operationId", act->name, "tags", tag,
                              "summary", act->en, "x-garde-summary-fr", act->fr, "x-garde-roles",
                              roles_of(act), "parameters", parameters(act), "responses", responses(act));
        if (!operation)
                return NULL;
        add_body(operation, act);
        if (open)
                json_object_set_new(operation, "security", json_array());
        if (act->flags & ACT_TWO_PERSON)
                json_object_set_new(operation, "x-garde-two-person", json_true());
        return operation;
}

static void add_operation(json_t *paths, const char *path, const char *method, json_t *operation)
{
        json_t *item = json_object_get(paths, path);
        char lower[8] = "";

        for (size_t i = 0; method[i] && i < sizeof(lower) - 1; i++)
                lower[i] = (char)(method[i] | 0x20);
        if (!item) {
                item = json_object();
                json_object_set_new(paths, path, item);
        }
        json_object_set_new(item, lower, operation);
}

/* What the API does without an act. */
static void add_own(json_t *paths)
{
        add_operation(paths, "/openapi.json", "GET",
                      json_pack("{s:s, s:[s], s:s, s:s, s:[s], s:[], s:{s:{s:s, s:{s:{s:{s:s}}}}}, s:[]}",
                                "operationId", "api.document", "tags", "api", "summary", "This document",
                                "x-garde-summary-fr", "Ce document", "x-garde-roles", "public", "parameters",
                                "responses", "200", "description", "This document", "content",
                                "application/json", "schema", "type", "object", "security"));
        add_operation(paths, "/events", "GET",
                      json_pack("{s:s, s:[s], s:s, s:s, s:[s], s:[], s:{s:{s:s, s:{s:{}}}, s:{s:s}}}",
                                "operationId", "api.events", "tags", "api", "summary",
                                "Server-sent events: changed, traffic, ending", "x-garde-summary-fr",
                                "Événements au fil de l’eau : changed, traffic, ending", "x-garde-roles",
                                "account", "parameters", "responses", "200", "description", "A stream",
                                "content", "text/event-stream", "default", "$ref",
                                "#/components/responses/Problem"));
}

/* ---- components ---- */

static void add_missing(json_t *schemas, const struct act *act)
{
        if (act->result && !strchr(act->result, '/') && !json_object_get(schemas, act->result))
                json_object_set_new(schemas, act->result, json_pack("{s:s}", "type", "object"));
}

static json_t *components(const struct act *const *acts, size_t count, const json_t *schemas, bool secure)
{
        json_t *all = json_deep_copy(schemas);

        for (size_t i = 0; all && i < count; i++)
                add_missing(all, acts[i]);
        return json_pack(
                "{s:o, s:{s:{s:s, s:{s:{s:{s:s}}}}}, s:{s:{s:s, s:s, s:s}, s:{s:s, s:s, s:s}, s:{s:s, s:s}}}",
                "schemas", all, "responses", "Problem", "description", "Refused, and why (RFC 9457)",
                "content", "application/problem+json", "schema", "$ref", "#/components/schemas/Problem",
                "securitySchemes", "session", "type", "apiKey", "in", "cookie", "name", cookie_name(secure),
                "csrf", "type", "apiKey", "in", "header", "name", "X-Garde-CSRF", "token", "type", "http",
                "scheme", "bearer");
}

json_t *openapi_document(const struct act *const *acts, size_t count, const json_t *schemas, bool secure)
{
        json_t *paths = json_object();

        for (size_t i = 0; paths && i < count; i++)
                if (acts[i]->path && !(acts[i]->flags & ACT_SOCKET_ONLY))
                        add_operation(paths, acts[i]->path, act_method_word(acts[i]->method),
                                      operation_of(acts[i]));
        if (paths)
                add_own(paths);
        return json_pack(
                "{s:s, s:{s:s, s:s, s:s, s:{s:s, s:s}}, s:[{s:s}], s:[{s:[], s:[]}, {s:[]}], s:o, s:o}",
                "openapi", "3.1.0", "info", "title", "Garde", "version", GARDE_VERSION, "description",
                "Everything the console does. Writes from a session also carry the header X-Garde-CSRF.",
                "license", "name", "EUPL-1.2", "identifier", "EUPL-1.2", "servers", "url", ROUTER_PREFIX,
                "security", "session", "csrf", "token", "paths", paths, "components",
                components(acts, count, schemas, secure));
}
