/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/config_check.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "service/config_complaint.h"
#include "service/config_near.h"

#define SENTENCE_PART_MAX 512 /* bytes of a path, an expectation, a list of keys */
#define SHOWN_VALUE_MAX   80  /* of what stands there */

static const struct outline_node *node_at(const struct config_check *check, uint32_t node)
{
        return &check->outline->nodes[node];
}

#define PART_INIT BUFFER_INIT(SENTENCE_PART_MAX)
#define EACH_LANGUAGE(language)                                                                              \
        enum language language = 0;                                                                          \
        language < LANGUAGE_COUNT;                                                                           \
        language++

/* ---- keys ---- */

static void complain_unknown(const struct config_check *check, uint32_t node, const struct config_key *keys)
{
        CLEANUP(buffer_release) struct buffer path = PART_INIT, help = PART_INIT;
        const char *word = node_at(check, node)->key, *near = config_nearest_key(keys, word);
        enum config_complaint complaint = COMPLAINT_UNKNOWN_NEAR;

        outline_path(check->outline, node, &path);
        if (near) {
                buffer_text(&help, near);
        } else if (config_place_of(config_schema, word, &help)) {
                complaint = COMPLAINT_UNKNOWN_ELSEWHERE;
        } else {
                complaint = COMPLAINT_UNKNOWN;
                for (const struct config_key *key = keys; key->name; key++)
                        buffer_format(&help, "%s%s", key == keys ? "" : ", ", key->name);
        }
        config_complain(check->log, node_at(check, node)->line, buffer_string(&path), complaint,
                        buffer_string(&path), buffer_string(&help));
}

static void complain_missing(const struct config_check *check, uint32_t node, const struct config_key *key)
{
        CLEANUP(buffer_release) struct buffer path = PART_INIT;
        struct error said = {0};

        outline_path(check->outline, node, &path);
        buffer_format(&path, "%s%s", path.length ? "." : "", key->name);
        for (EACH_LANGUAGE(language)) {
                CLEANUP(buffer_release) struct buffer expected = PART_INIT;

                config_key_expected(key, language, &expected);
                config_complaint_say(&said, language, COMPLAINT_MISSING, buffer_string(&path),
                                     buffer_string(&expected), key->help.text[language]);
        }
        fault_log_add(check->log, node_at(check, node)->line, buffer_string(&path), said.fr, said.en);
}

static void complain_double(const struct config_check *check, uint32_t node, uint32_t first)
{
        CLEANUP(buffer_release) struct buffer path = PART_INIT;

        outline_path(check->outline, node, &path);
        config_complain(check->log, node_at(check, node)->line, buffer_string(&path), COMPLAINT_DOUBLE,
                        buffer_string(&path), node_at(check, first)->line);
}

/* ---- values ---- */

/* Cut at a whole UTF-8 character. */
static void shown_value(const char *text, char ret_shown[static SHOWN_VALUE_MAX + 4])
{
        size_t length = strlen(text);

        if (length <= SHOWN_VALUE_MAX) {
                memcpy(ret_shown, text, length + 1);
                return;
        }
        for (length = SHOWN_VALUE_MAX; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80;)
                length--;
        memcpy(ret_shown, text, length);
        memcpy(ret_shown + length, "…", sizeof("…"));
}

static unsigned item_count(const struct config_check *check, uint32_t node)
{
        uint32_t last = node_at(check, node)->last;

        return last == OUTLINE_NONE ? 0 : node_at(check, last)->index + 1;
}

/* One side of a sentence about the value at `node`. */
static void say_value(const struct config_check *check, uint32_t node, const struct config_key *key,
                      enum config_complaint complaint, const char *path, enum language language,
                      struct error *said)
{
        static const char *const shapes[][LANGUAGE_COUNT] = {
                [OUTLINE_SCALAR] = {"un texte", "a text"},
                [OUTLINE_MAPPING] = {"un groupe de clés", "a group of keys"},
                [OUTLINE_SEQUENCE] = {"une liste", "a list"}};
        CLEANUP(buffer_release) struct buffer expected = PART_INIT;
        const struct outline_node *n = node_at(check, node);
        const char *where = *path ? path : check->log->file;
        char shown[SHOWN_VALUE_MAX + 4] = "";

        config_key_expected(key, language, &expected);
        if (n->text)
                shown_value(n->text, shown);
        if (complaint == COMPLAINT_VALUE)
                config_complaint_say(said, language, complaint, where, shown, buffer_string(&expected));
        else if (complaint == COMPLAINT_SHAPE)
                config_complaint_say(said, language, complaint, where, shapes[n->kind][language],
                                     buffer_string(&expected));
        else if (complaint == COMPLAINT_ITEMS)
                config_complaint_say(said, language, complaint, where, item_count(check, node),
                                     buffer_string(&expected));
        else
                config_complaint_say(said, language, complaint, where, buffer_string(&expected));
}

static void complain_value(const struct config_check *check, uint32_t node, const struct config_key *key,
                           enum config_complaint complaint)
{
        CLEANUP(buffer_release) struct buffer path = PART_INIT;
        struct error said = {0};

        outline_path(check->outline, node, &path);
        for (EACH_LANGUAGE(language))
                say_value(check, node, key, complaint, buffer_string(&path), language, &said);
        fault_log_add(check->log, node_at(check, node)->line, buffer_string(&path), said.fr, said.en);
}

static bool has_control(const struct outline_node *node)
{
        if (node->cut)
                return true;
        for (const unsigned char *p = (const unsigned char *)node->text; *p; p++)
                if (*p < 0x20 || *p == 0x7f)
                        return true;
        return false;
}

bool config_value_is_right(const struct config_key *key, const char *text)
{
        uint64_t number;

        switch (key->type) {
        case CONFIG_NUMBER:
                if (!config_number_parse(text, &number) || number < key->min || number > key->max)
                        return false;
                break;
        case CONFIG_WORD:
                for (uint32_t i = 0; i < key->word_count; i++)
                        if (!strcmp(key->words[i].str, text))
                                return true;
                return false;
        default:
                if (!*text || strlen(text) > config_key_text_max(key))
                        return false;
        }
        return !key->check || key->check(text);
}

static void check_scalar(const struct config_check *check, uint32_t node, const struct config_key *key)
{
        const struct outline_node *n = node_at(check, node);
        struct config_key item = *key;

        if (key->type == CONFIG_TEXTS)
                item.type = CONFIG_TEXT; /* so that the sentence speaks of one item */
        if (n->kind != OUTLINE_SCALAR)
                complain_value(check, node, &item, COMPLAINT_SHAPE);
        else if (has_control(n))
                complain_value(check, node, &item, COMPLAINT_CONTROL);
        else if (!*n->text)
                complain_value(check, node, &item, COMPLAINT_VOID);
        else if (!config_value_is_right(&item, n->text))
                complain_value(check, node, &item, COMPLAINT_VALUE);
}

/* ---- groups and lists ---- */

static void check_group(const struct config_check *check, uint32_t node, const struct config_key *keys);

static void check_list(const struct config_check *check, uint32_t node, const struct config_key *key)
{
        unsigned count = item_count(check, node);

        if (node_at(check, node)->kind != OUTLINE_SEQUENCE) {
                complain_value(check, node, key, COMPLAINT_SHAPE);
                return;
        }
        if (count < key->min || count > key->max)
                complain_value(check, node, key, COMPLAINT_ITEMS);
        for (uint32_t i = node_at(check, node)->first; i != OUTLINE_NONE; i = node_at(check, i)->next) {
                if (node_at(check, i)->refused)
                        continue;
                if (key->type == CONFIG_GROUPS)
                        check_group(check, i, key->children);
                else
                        check_scalar(check, i, key);
        }
}

static void check_value(const struct config_check *check, uint32_t node, const struct config_key *key)
{
        if (key->type == CONFIG_GROUP)
                check_group(check, node, key->children);
        else if (key->type == CONFIG_GROUPS || key->type == CONFIG_TEXTS)
                check_list(check, node, key);
        else
                check_scalar(check, node, key);
}

static void check_child(const struct config_check *check, uint32_t parent, uint32_t node,
                        const struct config_key *keys)
{
        const char *word = node_at(check, node)->key;
        const struct config_key *key = config_key_find(keys, word);
        uint32_t first = outline_child(check->outline, parent, word);

        if (node_at(check, node)->refused)
                return;
        if (!key)
                complain_unknown(check, node, keys);
        else if (first != node)
                complain_double(check, node, first);
        else
                check_value(check, node, key);
}

/* Whether the key stands there, or one that was taken for it misspelt: that is one fault and not two. */
static bool is_there(const struct config_check *check, uint32_t node, const struct config_key *keys,
                     const struct config_key *key)
{
        for (uint32_t i = node_at(check, node)->first; i != OUTLINE_NONE; i = node_at(check, i)->next) {
                const char *word = node_at(check, i)->key, *near;

                if (!strcmp(word, key->name))
                        return true;
                near = config_key_find(keys, word) ? NULL : config_nearest_key(keys, word);
                if (near && !strcmp(near, key->name))
                        return true;
        }
        return false;
}

static void check_group(const struct config_check *check, uint32_t node, const struct config_key *keys)
{
        static const struct config_key group = {.type = CONFIG_GROUP};

        if (node_at(check, node)->kind != OUTLINE_MAPPING) {
                complain_value(check, node, &group, COMPLAINT_SHAPE);
                return;
        }
        for (uint32_t i = node_at(check, node)->first; i != OUTLINE_NONE; i = node_at(check, i)->next)
                check_child(check, node, i, keys);
        for (const struct config_key *key = keys; key->name; key++)
                if (key->required && !is_there(check, node, keys, key))
                        complain_missing(check, node, key);
}

int config_check(struct fault_log *log, const struct outline *outline)
{
        const struct config_check check = {log, outline};

        if (!outline->count || (outline->nodes[0].kind == OUTLINE_SCALAR && !*outline->nodes[0].text))
                return config_complain(log, 1, "", COMPLAINT_EMPTY, "structure.name, structure.kind");
        check_group(&check, 0, config_schema);
        config_check_across(&check);
        return log->found ? -EINVAL : 0;
}
