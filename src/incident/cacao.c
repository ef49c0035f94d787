/* SPDX-License-Identifier: EUPL-1.2 */
#include "incident/cacao.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "flow/field.h"

#define FIRST_CREATED_MS 1795305600000 /* 2026-11-22: when the playbooks were first published */
#define DAY_MS           (24LL * 60 * 60 * 1000)
#define CONDITION_MAX    8192
#define SHA1_SIZE        20

/* CACAO 2.0, "Identifier": aa7caf3a-d55a-4e9a-b34e-056215fba56a. */
static const unsigned char namespace_uuid[16] = {0xaa, 0x7c, 0xaf, 0x3a, 0xd5, 0x5a, 0x4e, 0x9a,
                                                 0xb3, 0x4e, 0x05, 0x62, 0x15, 0xfb, 0xa5, 0x6a};

/* RFC 9562, 5.5: the hash is SHA-1 because the version says so; nothing here is secret. */
void cacao_uuid(const char *name, char ret_uuid[static CACAO_UUID_SIZE])
{
        unsigned char input[16 + 256], hash[SHA1_SIZE] = {0};
        size_t length = strnlen(name, sizeof(input) - 16);
        unsigned size = sizeof(hash);

        memcpy(input, namespace_uuid, 16);
        memcpy(input + 16, name, length);
        EVP_Digest(input, 16 + length, hash, &size, EVP_sha1(), NULL);
        hash[6] = (unsigned char)((hash[6] & 0x0f) | 0x50);
        hash[8] = (unsigned char)((hash[8] & 0x3f) | 0x80);
        snprintf(ret_uuid, CACAO_UUID_SIZE,
                 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", hash[0], hash[1],
                 hash[2], hash[3], hash[4], hash[5], hash[6], hash[7], hash[8], hash[9], hash[10], hash[11],
                 hash[12], hash[13], hash[14], hash[15]);
}

struct identifier {
        char text[64 + CACAO_UUID_SIZE];
};

/* "action--uuid" of "step:clic.mot-de-passe". */
static struct identifier identify(const char *type, const char *what, const char *name, const char *key)
{
        struct identifier identifier;
        char whole[256], uuid[CACAO_UUID_SIZE];

        snprintf(whole, sizeof(whole), "%s:%s%s%s", what, name, *key ? "." : "", key);
        cacao_uuid(whole, uuid);
        snprintf(identifier.text, sizeof(identifier.text), "%s--%s", type, uuid);
        return identifier;
}

struct export
{
        const struct playbook *playbook;
        enum language language;
        json_t *workflow, *variables, *agents; /* owned by the playbook's object */
        int result;                            /* 0 or -ENOMEM */
};

static void put(struct export *export, json_t *object, const char *key, json_t *value)
{
        if (json_object_set_new(object, key, value))
                export->result = -ENOMEM;
}

static const char *say(const struct export *export, const struct bitext *text)
{
        return language_pick(export->language, text->fr, text->en);
}

/* ---- conditions ---- */

/* What the console shows: a step whose condition is not false. Beneath a "not": not true. */
enum sense { NOT_FALSE, NOT_TRUE };

static void variable_name(const char *fact, char *name, size_t size)
{
        snprintf(name, size, "__%s__", fact);
        for (char *at = name; *at; at++)
                if (*at == '.')
                        *at = '_';
}

static void add_variable(struct export *export, const char *name, const char *fact)
{
        if (json_object_get(export->variables, name))
                return;
        put(export, export->variables, name,
            json_pack("{s:s, s:s, s:s, s:b, s:b}", "type", "string", "description", fact, "value", "unknown",
                      "constant", 0, "external", 1));
}

static void say_value(struct buffer *text, const json_t *value)
{
        if (json_is_boolean(value))
                buffer_text(text, json_is_true(value) ? "'true'" : "'false'");
        else if (json_is_number(value))
                buffer_format(text, "'%.15g'", json_number_value(value));
        else
                buffer_format(text, "'%s'", json_string_value(value)); /* words of the catalogue: no quotes */
}

static void say_values(struct buffer *text, const char *name, const char *test, const json_t *values,
                       const char *also)
{
        buffer_format(text, "%s:value %s (", name, test);
        for (size_t i = 0; i < json_array_size(values); i++) {
                buffer_text(text, i ? ", " : "");
                say_value(text, json_array_get(values, i));
        }
        buffer_format(text, "%s)", also);
}

static void say_leaf(struct export *export, struct buffer *text, const struct trigger_node *node,
                     enum sense sense)
{
        char name[80];

        variable_name(node->fact, name, sizeof(name));
        add_variable(export, name, node->fact);
        switch (node->op) {
        case TRIGGER_IS:
                say_values(text, name, sense == NOT_FALSE ? "IN" : "NOT IN", node->values,
                           sense == NOT_FALSE ? ", 'unknown'" : "");
                break;
        case TRIGGER_AT_LEAST:
                buffer_format(text, "(%s:value %s %.15g OR %s:value = 'unknown')", name,
                              sense == NOT_FALSE ? ">=" : "<", node->least, name);
                break;
        default:
                buffer_format(text, "%s:value %s 'unknown'", name, sense == NOT_FALSE ? "!=" : "=");
        }
}

static void say_node(struct export *export, struct buffer *text, const struct trigger *trigger, size_t index,
                     enum sense sense)
{
        const struct trigger_node *node = &trigger->nodes[index];
        bool all = (node->op == TRIGGER_ALL) == (sense == NOT_FALSE); /* De Morgan */

        if (node->op == TRIGGER_NOT) {
                say_node(export, text, trigger, node->child, sense == NOT_FALSE ? NOT_TRUE : NOT_FALSE);
                return;
        }
        if (node->op != TRIGGER_ALL && node->op != TRIGGER_ANY) {
                say_leaf(export, text, node, sense);
                return;
        }
        buffer_text(text, "(");
        for (size_t i = node->child; i; i = trigger->nodes[i].next) {
                if (i != node->child)
                        buffer_text(text, all ? " AND " : " OR ");
                say_node(export, text, trigger, i, sense);
        }
        buffer_text(text, ")");
}

/* ---- the workflow ---- */

static const char *agent_of(struct export *export, enum playbook_role role, struct identifier *agent)
{
        *agent = identify("group", "role", playbook_role_word(role), "");
        if (!json_object_get(export->agents, agent->text))
                put(export, export->agents, agent->text,
                    json_pack("{s:s, s:s}", "type", "group", "name",
                              playbook_role_label(role, export->language)));
        return agent->text;
}

static json_t *describe(const struct export *export, const struct playbook_step *step)
{
        struct buffer text = BUFFER_INIT(8192);
        bool fr = export->language == LANGUAGE_FR;
        json_t *json;

        buffer_format(&text, "%s%s", playbook_phase_label(step->phase, export->language), fr ? " : " : ": ");
        buffer_text(&text, step->detail.fr ? say(export, &step->detail) : say(export, &step->text));
        if (step->evidence.fr)
                buffer_format(&text, " %s%s", fr ? "À garder : " : "To keep: ", say(export, &step->evidence));
        json = json_string(buffer_string(&text));
        buffer_release(&text);
        return json;
}

static void put_action(struct export *export, const struct playbook_step *step, const char *id,
                       const char *next)
{
        struct identifier agent;

        put(export, export->workflow, id,
            json_pack("{s:s, s:s, s:o, s:s, s:[{s:s, s:s}], s:s}", "type", "action", "name",
                      say(export, &step->text), "description", describe(export, step), "agent",
                      agent_of(export, step->role, &agent), "commands", "type", "manual", "command",
                      say(export, &step->text), "on_completion", next));
}

static void put_end(struct export *export, const char *id)
{
        put(export, export->workflow, id, json_pack("{s:s}", "type", "end"));
}

/* A branch runs to an end of its own; the if-condition then goes on. */
static void put_condition(struct export *export, const struct playbook_step *step, const char *id,
                          const char *next)
{
        const char *playbook = export->playbook->id;
        const struct identifier action = identify("action", "step", playbook, step->key);
        const struct identifier end = identify("end", "branch", playbook, step->key);
        struct buffer condition = BUFFER_INIT(CONDITION_MAX);

        say_node(export, &condition, &step->when, 0, NOT_FALSE);
        if (condition.overflow)
                export->result = -ENOMEM;
        put(export, export->workflow, id,
            json_pack("{s:s, s:s, s:s, s:s, s:s}", "type", "if-condition", "name", say(export, &step->text),
                      "condition", buffer_string(&condition), "on_true", action.text, "on_completion", next));
        buffer_release(&condition);
        put_action(export, step, action.text, end.text);
        put_end(export, end.text);
}

/* What stands first for this step: its condition, else itself. */
static struct identifier head_of(const struct playbook *playbook, const struct playbook_step *step)
{
        return identify(step->when.count ? "if-condition" : "action", step->when.count ? "condition" : "step",
                        playbook->id, step->key);
}

/* The next step of the same or a later phase, in the order of the console. NULL after the last. */
static const struct playbook_step *step_after(const struct playbook *playbook,
                                              const struct playbook_step *step)
{
        size_t phase = step ? step->phase : 0, index = step ? (size_t)(step - playbook->steps) + 1 : 0;

        for (; phase < PLAYBOOK_PHASE_COUNT; phase++, index = 0)
                for (; index < playbook->step_count; index++)
                        if (playbook->steps[index].phase == phase)
                                return &playbook->steps[index];
        return NULL;
}

static struct identifier with_of(const struct export *export, size_t index)
{
        if (index == export->playbook->with_count)
                return identify("end", "end", export->playbook->id, "");
        return identify("playbook-action", "with", export->playbook->id, export->playbook->with[index]);
}

static void put_with(struct export *export)
{
        for (size_t i = 0; i < export->playbook->with_count; i++) {
                const char *with = export->playbook->with[i];
                const struct identifier id = with_of(export, i), next = with_of(export, i + 1);
                const struct identifier other = identify("playbook", "playbook", with, "");

                put(export, export->workflow, id.text,
                    json_pack("{s:s, s:s, s:s, s:s}", "type", "playbook-action", "name", with, "playbook_id",
                              other.text, "on_completion", next.text));
        }
        put_end(export, with_of(export, export->playbook->with_count).text);
}

static void put_workflow(struct export *export, const char *start)
{
        const struct playbook *playbook = export->playbook;
        const struct playbook_step *step = step_after(playbook, NULL), *next;
        const struct identifier last = with_of(export, 0);
        struct identifier head = step ? head_of(playbook, step) : last, after;

        put(export, export->workflow, start,
            json_pack("{s:s, s:s}", "type", "start", "on_completion", head.text));
        for (; step; step = next, head = after) {
                next = step_after(playbook, step);
                after = next ? head_of(playbook, next) : last;
                if (step->when.count)
                        put_condition(export, step, head.text, after.text);
                else
                        put_action(export, step, head.text, after.text);
        }
        put_with(export);
}

json_t *cacao_from_playbook(const struct playbook *playbook, enum language language)
{
        const struct identifier id = identify("playbook", "playbook", playbook->id, "");
        const struct identifier maker = identify("identity", "identity", "garde", "");
        const struct identifier start = identify("start", "start", playbook->id, "");
        struct export export = {.playbook = playbook,
                                .language = language,
                                .workflow = json_object(),
                                .variables = json_object(),
                                .agents = json_object()};
        json_t *json =
                json_pack("{s:s, s:s, s:s, s:s, s:[s,s], s:s, s:o, s:o, s:[s], s:[s,s], s:s, s:o, s:o, s:o}",
                          "type", "playbook", "spec_version", "cacao-2.0", "id", id.text, "name",
                          say(&export, &playbook->title), "playbook_types", "mitigation", "remediation",
                          "created_by", maker.text, "created", field_time_json(FIRST_CREATED_MS), "modified",
                          field_time_json(FIRST_CREATED_MS + ((int64_t)playbook->version - 1) * DAY_MS),
                          "industry_sectors", "healthcare", "labels", "garde", playbook->id, "workflow_start",
                          start.text, "workflow", export.workflow, "playbook_variables", export.variables,
                          "agent_definitions", export.agents);

        if (!json)
                return NULL;
        put_workflow(&export, start.text);
        if (!json_object_size(export.variables))
                json_object_del(json, "playbook_variables");
        if (export.result) {
                json_decref(json);
                return NULL;
        }
        return json;
}
