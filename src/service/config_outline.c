/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/config_outline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/cleanup.h"
#include "service/config_complaint.h"
#include "base/yaml_problem.h"

#define PATH_TEXT_MAX 512

struct walk {
        struct fault_log *log;
        struct outline outline;
        uint32_t size; /* of outline.nodes */
        uint32_t stack[OUTLINE_DEPTH_MAX];
        unsigned depth;
        char *key; /* a mapping's key that waits for its value */
        unsigned key_line;
        unsigned documents;
        struct buffer path; /* of place() */
};

void outline_release(struct outline *outline)
{
        for (uint32_t i = 0; i < outline->count; i++) {
                free(outline->nodes[i].key);
                free(outline->nodes[i].text);
        }
        free(outline->nodes);
        *outline = (struct outline){0};
}

static unsigned event_line(const yaml_event_t *event)
{
        return (unsigned)event->start_mark.line + 1;
}

/* Where the next event goes, as people write it; valid until the next call. */
static const char *place(struct walk *walk)
{
        walk->path.length = 0;
        if (walk->depth)
                outline_path(&walk->outline, walk->stack[walk->depth - 1], &walk->path);
        if (walk->key)
                buffer_format(&walk->path, "%s%.64s", walk->path.length ? "." : "", walk->key);
        return walk->path.length ? buffer_string(&walk->path) : "";
}

#define COMPLAIN(walk, event, complaint, ...)                                                                \
        config_complain((walk)->log, event_line(event), place(walk), complaint, ##__VA_ARGS__)

static int make_node(struct walk *walk, const yaml_event_t *event, enum outline_kind kind, uint32_t *ret_node)
{
        struct outline *outline = &walk->outline;
        struct outline_node node = {.kind = kind,
                                    .line = event_line(event),
                                    .parent = OUTLINE_NONE,
                                    .next = OUTLINE_NONE,
                                    .first = OUTLINE_NONE,
                                    .last = OUTLINE_NONE};
        uint32_t number = outline->count;

        if (number == OUTLINE_NODES_MAX)
                return COMPLAIN(walk, event, COMPLAINT_NODES, OUTLINE_NODES_MAX);
        if (number == walk->size) {
                uint32_t size = walk->size ? 2 * walk->size : 64;
                struct outline_node *nodes = realloc(outline->nodes, size * sizeof(*nodes));
                if (!nodes)
                        return -ENOMEM;
                outline->nodes = nodes;
                walk->size = size;
        }
        if (walk->depth) {
                struct outline_node *parent = &outline->nodes[walk->stack[walk->depth - 1]];
                node.parent = walk->stack[walk->depth - 1];
                if (walk->key) {
                        node.key = STEAL_PTR(walk->key);
                        node.line = walk->key_line;
                }
                if (parent->last != OUTLINE_NONE) {
                        node.index = outline->nodes[parent->last].index + 1;
                        outline->nodes[parent->last].next = number;
                } else {
                        parent->first = number;
                }
                parent->last = number;
        }
        outline->nodes[number] = node;
        outline->count = number + 1;
        *ret_node = number;
        return 0;
}

static bool awaits_key(const struct walk *walk)
{
        return walk->depth && !walk->key &&
               walk->outline.nodes[walk->stack[walk->depth - 1]].kind == OUTLINE_MAPPING;
}

static int open_node(struct walk *walk, const yaml_event_t *event, enum outline_kind kind)
{
        uint32_t node;
        int r;

        if (awaits_key(walk))
                return COMPLAIN(walk, event, COMPLAINT_KEY_KIND);
        if (walk->depth == OUTLINE_DEPTH_MAX)
                return COMPLAIN(walk, event, COMPLAINT_DEPTH, OUTLINE_DEPTH_MAX);
        r = make_node(walk, event, kind, &node);
        if (r)
                return r;
        walk->stack[walk->depth++] = node;
        return 0;
}

static int take_scalar(struct walk *walk, const yaml_event_t *event)
{
        const char *text = (const char *)event->data.scalar.value;
        char *copy = strndup(text, event->data.scalar.length);
        bool cut = copy && strlen(copy) != event->data.scalar.length;
        uint32_t node;
        int r;

        if (!copy)
                return -ENOMEM;
        if (awaits_key(walk)) {
                walk->key = copy;
                walk->key_line = event_line(event);
                return cut ? COMPLAIN(walk, event, COMPLAINT_KEY_KIND) : 0;
        }
        r = make_node(walk, event, OUTLINE_SCALAR, &node);
        if (r) {
                free(copy);
                return r;
        }
        walk->outline.nodes[node].text = copy;
        walk->outline.nodes[node].cut = cut;
        return 0;
}

/* What is decorated is complained about and read on, as it would stand without. */
static void refuse_decorations(struct walk *walk, const yaml_event_t *event, const yaml_char_t *anchor,
                               const yaml_char_t *tag)
{
        if (anchor)
                COMPLAIN(walk, event, COMPLAINT_ALIAS);
        else if (tag)
                COMPLAIN(walk, event, COMPLAINT_TAG, (const char *)tag);
}

static int take_alias(struct walk *walk, const yaml_event_t *event)
{
        uint32_t node;
        int r;

        if (awaits_key(walk))
                return COMPLAIN(walk, event, COMPLAINT_KEY_KIND);
        COMPLAIN(walk, event, COMPLAINT_ALIAS);
        r = make_node(walk, event, OUTLINE_SCALAR, &node);
        if (r)
                return r;
        walk->outline.nodes[node].refused = true;
        walk->outline.nodes[node].text = strdup("");
        return walk->outline.nodes[node].text ? 0 : -ENOMEM;
}

static int take_event(struct walk *walk, const yaml_event_t *event)
{
        switch (event->type) {
        case YAML_ALIAS_EVENT:
                return take_alias(walk, event);
        case YAML_DOCUMENT_START_EVENT:
                return walk->documents++ ? COMPLAIN(walk, event, COMPLAINT_DOCUMENTS) : 0;
        case YAML_SCALAR_EVENT:
                refuse_decorations(walk, event, event->data.scalar.anchor, event->data.scalar.tag);
                return take_scalar(walk, event);
        case YAML_MAPPING_START_EVENT:
                refuse_decorations(walk, event, event->data.mapping_start.anchor,
                                   event->data.mapping_start.tag);
                return open_node(walk, event, OUTLINE_MAPPING);
        case YAML_SEQUENCE_START_EVENT:
                refuse_decorations(walk, event, event->data.sequence_start.anchor,
                                   event->data.sequence_start.tag);
                return open_node(walk, event, OUTLINE_SEQUENCE);
        case YAML_MAPPING_END_EVENT:
        case YAML_SEQUENCE_END_EVENT:
                walk->depth--;
                return 0;
        default:
                return 0;
        }
}

static int walk_events(struct walk *walk, yaml_parser_t *parser)
{
        for (;;) {
                yaml_event_t event;
                bool over;
                int r;

                if (!yaml_parser_parse(parser, &event)) {
                        if (parser->error == YAML_MEMORY_ERROR)
                                return -ENOMEM;
                        struct error said = {0};

                        config_complaint_say(&said, LANGUAGE_FR, COMPLAINT_SYNTAX,
                                             yaml_problem(parser->problem, LANGUAGE_FR));
                        config_complaint_say(&said, LANGUAGE_EN, COMPLAINT_SYNTAX,
                                             yaml_problem(parser->problem, LANGUAGE_EN));
                        return fault_log_add(walk->log, (unsigned)parser->problem_mark.line + 1, NULL,
                                             said.fr, said.en);
                }
                over = event.type == YAML_STREAM_END_EVENT;
                r = take_event(walk, &event);
                yaml_event_delete(&event);
                if (r || over)
                        return r;
        }
}

int outline_parse(struct fault_log *log, const char *text, size_t length, struct outline *ret_outline)
{
        struct walk walk = {.log = log, .path = BUFFER_INIT(PATH_TEXT_MAX)};
        yaml_parser_t parser;
        int r;

        if (!yaml_parser_initialize(&parser))
                return -ENOMEM;
        yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
        r = walk_events(&walk, &parser);
        yaml_parser_delete(&parser);
        free(walk.key);
        buffer_release(&walk.path);
        if (r) {
                outline_release(&walk.outline);
                return r;
        }
        *ret_outline = walk.outline;
        return 0;
}

uint32_t outline_child(const struct outline *outline, uint32_t node, const char *key)
{
        if (node == OUTLINE_NONE)
                return OUTLINE_NONE;
        for (uint32_t i = outline->nodes[node].first; i != OUTLINE_NONE; i = outline->nodes[i].next)
                if (outline->nodes[i].key && !strcmp(outline->nodes[i].key, key))
                        return i;
        return OUTLINE_NONE;
}

void outline_path(const struct outline *outline, uint32_t node, struct buffer *buffer)
{
        const struct outline_node *n = &outline->nodes[node];

        if (n->parent == OUTLINE_NONE)
                return;
        outline_path(outline, n->parent, buffer);
        if (n->key)
                buffer_format(buffer, "%s%.64s", buffer->length ? "." : "", n->key);
        else
                buffer_format(buffer, "[%u]", n->index + 1);
}
