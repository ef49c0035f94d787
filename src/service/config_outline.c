/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/config_outline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/cleanup.h"
#include "service/config_complaint.h"
#include "base/yaml_problem.h"

struct walk {
        const char *name;
        enum language language;
        struct outline outline;
        uint32_t size; /* of outline.nodes */
        uint32_t stack[OUTLINE_DEPTH_MAX];
        unsigned depth;
        char *key; /* a mapping's key that waits for its value */
        unsigned key_line;
        unsigned documents;
        struct error *error;
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

#define COMPLAIN(walk, event, complaint, ...)                                                                \
        config_complain((walk)->error, (walk)->language, (walk)->name, event_line(event), complaint,         \
                        ##__VA_ARGS__)

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

static int refuse_decorations(struct walk *walk, const yaml_event_t *event, const yaml_char_t *anchor,
                              const yaml_char_t *tag)
{
        if (anchor)
                return COMPLAIN(walk, event, COMPLAINT_ALIAS);
        if (tag)
                return COMPLAIN(walk, event, COMPLAINT_TAG, (const char *)tag);
        return 0;
}

static int take_event(struct walk *walk, const yaml_event_t *event)
{
        int r;

        switch (event->type) {
        case YAML_ALIAS_EVENT:
                return COMPLAIN(walk, event, COMPLAINT_ALIAS);
        case YAML_DOCUMENT_START_EVENT:
                return walk->documents++ ? COMPLAIN(walk, event, COMPLAINT_DOCUMENTS) : 0;
        case YAML_SCALAR_EVENT:
                r = refuse_decorations(walk, event, event->data.scalar.anchor, event->data.scalar.tag);
                return r ? r : take_scalar(walk, event);
        case YAML_MAPPING_START_EVENT:
                r = refuse_decorations(walk, event, event->data.mapping_start.anchor,
                                       event->data.mapping_start.tag);
                return r ? r : open_node(walk, event, OUTLINE_MAPPING);
        case YAML_SEQUENCE_START_EVENT:
                r = refuse_decorations(walk, event, event->data.sequence_start.anchor,
                                       event->data.sequence_start.tag);
                return r ? r : open_node(walk, event, OUTLINE_SEQUENCE);
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
                        return config_complain(walk->error, walk->language, walk->name,
                                               (unsigned)parser->problem_mark.line + 1, COMPLAINT_SYNTAX,
                                               yaml_problem(parser->problem, walk->language));
                }
                over = event.type == YAML_STREAM_END_EVENT;
                r = take_event(walk, &event);
                yaml_event_delete(&event);
                if (r || over)
                        return r;
        }
}

int outline_parse(const char *name, const char *text, size_t length, enum language language,
                  struct outline *ret_outline, struct error *error)
{
        struct walk walk = {.name = name, .language = language, .error = error};
        yaml_parser_t parser;
        int r;

        if (!yaml_parser_initialize(&parser))
                return error_say(error, -ENOMEM, "mémoire insuffisante pour lire %s",
                                 "out of memory reading %s", name);
        yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
        r = walk_events(&walk, &parser);
        yaml_parser_delete(&parser);
        free(walk.key);
        if (r) {
                outline_release(&walk.outline);
                return r == -ENOMEM ? error_say(error, r, "mémoire insuffisante pour lire %s",
                                                "out of memory reading %s", name)
                                    : r;
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
