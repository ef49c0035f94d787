/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/yaml_tree_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/cleanup.h"
#include "base/yaml_problem.h"

/* Where the next event goes: the open collections, and a key that waits for its value. */
struct builder {
        struct yaml_file *file;
        struct yaml_node *open[YAML_DEPTH_MAX];
        struct yaml_node *last[YAML_DEPTH_MAX]; /* newest child of each, so that appending does not search */
        size_t depth;
        char *key; /* owned */
        unsigned key_line;
        size_t nodes;
        bool documents; /* one was seen */
        bool stopped;
};

static struct yaml_node *node_free(struct yaml_node *node)
{
        /* Depth is bounded by YAML_DEPTH_MAX; siblings are walked, not recursed into. */
        while (node) {
                struct yaml_node *next = node->next;

                node_free(node->child);
                free(node->key);
                free(node->text);
                free(node->asked);
                free(node);
                node = next;
        }
        return NULL;
}

void yaml_release(struct yaml_file *file)
{
        file->root = node_free(file->root);
}

/* The first fault that leaves no tree to read on with. */
static void stop_at(struct builder *builder, unsigned line, const char *fr, const char *en)
{
        yaml_fault_at(builder->file, line, "", fr, en);
        builder->stopped = true;
}

static const struct yaml_node *map_find(const struct yaml_node *map, const char *key)
{
        for (const struct yaml_node *child = map->child; child; child = child->next)
                if (!strcmp(child->key, key))
                        return child;
        return NULL;
}

static void builder_place(struct builder *builder, struct yaml_node *node)
{
        size_t level = builder->depth - 1;

        if (!builder->depth) {
                builder->file->root = node;
                return;
        }
        node->parent = builder->open[level];
        node->key = STEAL_PTR(builder->key);
        if (builder->last[level])
                builder->last[level]->next = node;
        else
                builder->open[level]->child = node;
        builder->last[level] = node;
        builder->open[level]->count++;
}

static bool wants_key(const struct builder *builder)
{
        return builder->depth && builder->open[builder->depth - 1]->shape == YAML_MAP && !builder->key;
}

static struct yaml_node *builder_node(struct builder *builder, enum yaml_shape shape, unsigned line)
{
        struct yaml_node *node = NULL;

        if (++builder->nodes > YAML_NODES_MAX)
                stop_at(builder, line, "trop de valeurs dans un seul fichier", "too many values in one file");
        else if (wants_key(builder))
                stop_at(builder, line, "une clé doit être un simple mot", "a key must be a plain word");
        else if (shape != YAML_SCALAR && builder->depth == YAML_DEPTH_MAX)
                stop_at(builder, line, "trop imbriqué", "nested too deep");
        else if (!(node = calloc(1, sizeof(*node))))
                yaml_no_memory(builder->file);
        if (!node)
                return NULL;
        node->shape = shape;
        node->line = builder->key ? builder->key_line : line;
        builder_place(builder, node);
        return node;
}

static void builder_open(struct builder *builder, enum yaml_shape shape, unsigned line)
{
        struct yaml_node *node = builder_node(builder, shape, line);

        if (!node)
                return;
        builder->open[builder->depth] = node;
        builder->last[builder->depth++] = NULL;
}

/* An owned copy; a NUL within is told, and the text ends there. */
static char *scalar_copy(struct builder *builder, const char *value, size_t length, unsigned line)
{
        char *copy;

        if (strlen(value) != length)
                yaml_fault_at(builder->file, line, "", "un texte ne peut pas contenir d’octet nul",
                              "a text must not hold a NUL character");
        copy = strdup(value);
        if (!copy)
                yaml_no_memory(builder->file);
        return copy;
}

static void builder_key(struct builder *builder, const yaml_event_t *event, unsigned line)
{
        builder->key =
                scalar_copy(builder, (const char *)event->data.scalar.value, event->data.scalar.length, line);
        builder->key_line = line;
}

/* A second value of the same key is read by nobody. */
static void refuse_double(struct builder *builder, struct yaml_node *node)
{
        const struct yaml_node *first = node->key ? map_find(node->parent, node->key) : node;

        if (first == node)
                return;
        yaml_fault(builder->file, node, "cette clé figure ici deux fois (déjà ligne %u) ; gardez-en une",
                   "this key stands here twice (already on line %u); keep one", first->line);
        node->used = 1;
}

static void builder_scalar(struct builder *builder, const yaml_event_t *event, unsigned line)
{
        struct yaml_node *node;

        if (wants_key(builder)) {
                builder_key(builder, event, line);
                return;
        }
        node = builder_node(builder, YAML_SCALAR, line);
        if (!node)
                return;
        node->text =
                scalar_copy(builder, (const char *)event->data.scalar.value, event->data.scalar.length, line);
        node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        refuse_double(builder, node);
}

static void builder_alias(struct builder *builder, unsigned line)
{
        struct yaml_node *node = builder_node(builder, YAML_SCALAR, line);

        if (!node)
                return;
        node->text = scalar_copy(builder, "", 0, line);
        node->refused = true;
        yaml_fault(builder->file, node, "les alias ne sont pas admis ; écrivez la valeur en toutes lettres",
                   "aliases are not allowed; write the value out");
}

static bool is_decorated(const yaml_event_t *event)
{
        switch (event->type) {
        case YAML_SCALAR_EVENT:
                return event->data.scalar.anchor || event->data.scalar.tag;
        case YAML_SEQUENCE_START_EVENT:
                return event->data.sequence_start.anchor || event->data.sequence_start.tag;
        case YAML_MAPPING_START_EVENT:
                return event->data.mapping_start.anchor || event->data.mapping_start.tag;
        default:
                return false;
        }
}

static void builder_event(struct builder *builder, const yaml_event_t *event)
{
        unsigned line = (unsigned)event->start_mark.line + 1;

        if (is_decorated(event))
                yaml_fault_at(builder->file, line, "",
                              "les ancres et les étiquettes ne sont pas admises ; écrivez la valeur seule",
                              "anchors and tags are not allowed; write the value alone");
        switch (event->type) {
        case YAML_DOCUMENT_START_EVENT:
                if (builder->documents)
                        stop_at(builder, line, "un seul document par fichier", "one document a file");
                builder->documents = true;
                break;
        case YAML_ALIAS_EVENT:
                builder_alias(builder, line);
                break;
        case YAML_SCALAR_EVENT:
                builder_scalar(builder, event, line);
                break;
        case YAML_SEQUENCE_START_EVENT:
                builder_open(builder, YAML_LIST, line);
                break;
        case YAML_MAPPING_START_EVENT:
                builder_open(builder, YAML_MAP, line);
                break;
        case YAML_SEQUENCE_END_EVENT:
        case YAML_MAPPING_END_EVENT:
                refuse_double(builder, builder->open[--builder->depth]);
                break;
        default:
                break;
        }
}

static void stop_malformed(struct builder *builder, const yaml_parser_t *parser)
{
        struct error said = {0};

        error_say_in(&said, -EINVAL, LANGUAGE_FR, "YAML mal formé : %s",
                     yaml_problem(parser->problem, LANGUAGE_FR));
        error_say_in(&said, -EINVAL, LANGUAGE_EN, "malformed YAML: %s",
                     yaml_problem(parser->problem, LANGUAGE_EN));
        stop_at(builder, (unsigned)parser->problem_mark.line + 1, said.fr, said.en);
}

static void parse_events(yaml_parser_t *parser, struct builder *builder)
{
        struct yaml_file *file = builder->file;
        bool more = true;

        while (more && !builder->stopped && file->result != -ENOMEM) {
                yaml_event_t event;

                if (!yaml_parser_parse(parser, &event)) {
                        stop_malformed(builder, parser);
                        return;
                }
                more = event.type != YAML_STREAM_END_EVENT;
                builder_event(builder, &event);
                yaml_event_delete(&event);
        }
        if (!more && !file->root)
                stop_at(builder, 1, "le fichier est vide", "the file is empty");
}

int yaml_read(const char *name, const char *data, size_t length, struct yaml_file *ret_file,
              struct error *error)
{
        struct yaml_file file = {.log = {.file = name, .error = error}};
        struct builder builder = {.file = &file};
        yaml_parser_t parser;

        *ret_file = file;
        if (length > YAML_BYTES_MAX)
                return ret_file->result = error_say(error, -EFBIG, "%s : plus de %d octets",
                                                    "%s: larger than %d bytes", name, YAML_BYTES_MAX);
        if (!yaml_parser_initialize(&parser)) {
                yaml_no_memory(ret_file);
                return ret_file->result;
        }
        yaml_parser_set_input_string(&parser, (const unsigned char *)data, length);
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
        parse_events(&parser, &builder);
        yaml_parser_delete(&parser);
        free(builder.key);
        *ret_file = file;
        return builder.stopped || file.result == -ENOMEM ? file.result : 0;
}
