/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/yaml_tree.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/clock.h"
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
};

static struct yaml_node *node_free(struct yaml_node *node)
{
        /* Depth is bounded by YAML_DEPTH_MAX; siblings are walked, not recursed into. */
        while (node) {
                struct yaml_node *next = node->next;

                node_free(node->child);
                free(node->key);
                free(node->text);
                free(node);
                node = next;
        }
        return NULL;
}

void yaml_release(struct yaml_file *file)
{
        file->root = node_free(file->root);
}

/* The sentence is there: now where. */
static int fault_placed(struct yaml_file *file, unsigned line, const char *key)
{
        if (key)
                error_context(file->error, -EINVAL, "%s", "%s", key);
        file->result = error_context(file->error, -EINVAL, "%s:%u", "%s:%u", file->name, line);
        return file->result;
}

static int fault_at(struct yaml_file *file, unsigned line, const char *key, const char *fr, const char *en)
{
        if (file->result)
                return file->result;
        error_forward(file->error, -EINVAL, fr, en);
        return fault_placed(file, line, key);
}

int yaml_fault(struct yaml_file *file, const struct yaml_node *node, const char *fr, const char *en, ...)
{
        va_list arguments, again;

        if (file->result)
                return file->result;
        va_start(arguments, en);
        va_copy(again, arguments);
        error_vsay_in(file->error, -EINVAL, LANGUAGE_FR, fr, arguments);
        error_vsay_in(file->error, -EINVAL, LANGUAGE_EN, en, again);
        va_end(again);
        va_end(arguments);
        return fault_placed(file, node ? node->line : 1, node ? node->key : NULL);
}

static bool map_has(const struct yaml_node *map, const char *key)
{
        for (const struct yaml_node *child = map->child; child; child = child->next)
                if (!strcmp(child->key, key))
                        return true;
        return false;
}

static void builder_place(struct builder *builder, struct yaml_node *node)
{
        size_t level = builder->depth - 1;

        if (!builder->depth) {
                builder->file->root = node;
                return;
        }
        node->key = builder->key;
        builder->key = NULL;
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
        struct yaml_node *node;

        if (++builder->nodes > YAML_NODES_MAX) {
                fault_at(builder->file, line, NULL, "trop de valeurs dans un seul fichier",
                         "too many values in one file");
                return NULL;
        }
        if (shape != YAML_SCALAR && (builder->depth == YAML_DEPTH_MAX || wants_key(builder))) {
                fault_at(builder->file, line, NULL,
                         wants_key(builder) ? "une clé doit être un simple mot" : "trop imbriqué",
                         wants_key(builder) ? "a key must be a plain word" : "nested too deep");
                return NULL;
        }
        node = calloc(1, sizeof(*node));
        if (!node) {
                builder->file->result =
                        error_say(builder->file->error, -ENOMEM, "mémoire insuffisante", "out of memory");
                return NULL;
        }
        node->shape = shape;
        node->line = line;
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

static char *scalar_copy(struct builder *builder, const yaml_event_t *event, unsigned line)
{
        const char *value = (const char *)event->data.scalar.value;
        char *copy;

        if (strlen(value) != event->data.scalar.length) {
                fault_at(builder->file, line, NULL, "un texte ne peut pas contenir d’octet nul",
                         "a text must not hold a NUL character");
                return NULL;
        }
        copy = strdup(value);
        if (!copy)
                builder->file->result =
                        error_say(builder->file->error, -ENOMEM, "mémoire insuffisante", "out of memory");
        return copy;
}

static void builder_key(struct builder *builder, const yaml_event_t *event, unsigned line)
{
        char *key = scalar_copy(builder, event, line);

        if (!key)
                return;
        if (map_has(builder->open[builder->depth - 1], key))
                fault_at(builder->file, line, key, "cette clé figure ici deux fois",
                         "this key stands here twice");
        builder->key = key;
        builder->key_line = line;
}

static void builder_scalar(struct builder *builder, const yaml_event_t *event, unsigned line)
{
        if (event->data.scalar.anchor || event->data.scalar.tag) {
                fault_at(builder->file, line, NULL, "les ancres et les étiquettes ne sont pas admises",
                         "anchors and tags are not allowed");
                return;
        }
        if (wants_key(builder)) {
                builder_key(builder, event, line);
                return;
        }
        struct yaml_node *node = builder_node(builder, YAML_SCALAR, line);
        if (!node)
                return;
        node->text = scalar_copy(builder, event, line);
        node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
}

static bool is_decorated(const yaml_event_t *event)
{
        if (event->type == YAML_SEQUENCE_START_EVENT)
                return event->data.sequence_start.anchor || event->data.sequence_start.tag;
        return event->data.mapping_start.anchor || event->data.mapping_start.tag;
}

static void builder_event(struct builder *builder, const yaml_event_t *event)
{
        unsigned line = (unsigned)event->start_mark.line + 1;

        switch (event->type) {
        case YAML_DOCUMENT_START_EVENT:
                if (builder->documents)
                        fault_at(builder->file, line, NULL, "un seul document par fichier",
                                 "one document a file");
                builder->documents = true;
                break;
        case YAML_ALIAS_EVENT:
                fault_at(builder->file, line, NULL, "les alias ne sont pas admis", "aliases are not allowed");
                break;
        case YAML_SCALAR_EVENT:
                builder_scalar(builder, event, line);
                break;
        case YAML_SEQUENCE_START_EVENT:
        case YAML_MAPPING_START_EVENT:
                if (is_decorated(event))
                        fault_at(builder->file, line, NULL,
                                 "les ancres et les étiquettes ne sont pas admises",
                                 "anchors and tags are not allowed");
                else
                        builder_open(builder, event->type == YAML_MAPPING_START_EVENT ? YAML_MAP : YAML_LIST,
                                     line);
                break;
        case YAML_SEQUENCE_END_EVENT:
        case YAML_MAPPING_END_EVENT:
                builder->depth--;
                break;
        default:
                break;
        }
}

static void parse_events(yaml_parser_t *parser, struct builder *builder)
{
        struct yaml_file *file = builder->file;
        bool more = true;

        while (more && !file->result) {
                yaml_event_t event;

                if (!yaml_parser_parse(parser, &event)) {
                        fault_at(file, (unsigned)parser->problem_mark.line + 1, NULL,
                                 yaml_problem(parser->problem, LANGUAGE_FR),
                                 yaml_problem(parser->problem, LANGUAGE_EN));
                        return;
                }
                more = event.type != YAML_STREAM_END_EVENT;
                builder_event(builder, &event);
                yaml_event_delete(&event);
        }
        if (!file->result && !file->root)
                fault_at(file, 1, NULL, "le fichier est vide", "the file is empty");
}

int yaml_read(const char *name, const char *data, size_t length, struct yaml_file *ret_file,
              struct error *error)
{
        struct yaml_file file = {.name = name, .error = error};
        struct builder builder = {.file = &file};
        yaml_parser_t parser;

        *ret_file = file;
        if (length > YAML_BYTES_MAX)
                return ret_file->result = error_say(error, -EFBIG, "%s : plus de %d octets",
                                                    "%s: larger than %d bytes", name, YAML_BYTES_MAX);
        if (!yaml_parser_initialize(&parser))
                return ret_file->result = error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        yaml_parser_set_input_string(&parser, (const unsigned char *)data, length);
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
        parse_events(&parser, &builder);
        yaml_parser_delete(&parser);
        free(builder.key);
        *ret_file = file;
        return file.result;
}

bool yaml_is(struct yaml_file *file, const struct yaml_node *node, enum yaml_shape shape, size_t most)
{
        static const char *const fr[] = {"attendu" NBSP ": une valeur", "attendu" NBSP ": une liste",
                                         "attendu" NBSP ": des clés et leurs valeurs"};
        static const char *const en[] = {"expected one value", "expected a list", "expected a map of keys"};

        if (!node || file->result)
                return false;
        if (node->shape != shape)
                fault_at(file, node->line, node->key, fr[shape], en[shape]);
        else if (node->count > most)
                yaml_fault(file, node, "%zu éléments au plus", "at most %zu entries", most);
        return !file->result;
}

struct yaml_node *yaml_any(struct yaml_file *file, struct yaml_node *map, const char *key, bool required)
{
        if (!yaml_is(file, map, YAML_MAP, YAML_NODES_MAX))
                return NULL;
        for (struct yaml_node *child = map->child; child; child = child->next) {
                if (strcmp(child->key, key))
                        continue;
                child->used = 1;
                return child;
        }
        if (required)
                yaml_fault(file, map, "il manque la clé « %s »", "the key \"%s\" is missing", key);
        return NULL;
}

struct yaml_node *yaml_get(struct yaml_file *file, struct yaml_node *map, const char *key,
                           enum yaml_shape shape, bool required)
{
        struct yaml_node *node = yaml_any(file, map, key, required);

        return yaml_is(file, node, shape, YAML_NODES_MAX) ? node : NULL;
}

void yaml_only_known(struct yaml_file *file, const struct yaml_node *map)
{
        for (const struct yaml_node *child = map && !file->result ? map->child : NULL; child;
             child = child->next)
                if (child->key && !child->used)
                        yaml_fault(file, child, "cette clé n’a pas sa place ici", "no such key here");
}

void yaml_text(struct yaml_file *file, struct yaml_node *map, const char *key, bool required, char *ret_text,
               size_t size)
{
        struct yaml_node *node = yaml_get(file, map, key, YAML_SCALAR, required);

        if (!node)
                return;
        if (!*node->text || strlen(node->text) >= size)
                yaml_fault(file, node, "attendu : un texte de 1 à %zu octets",
                           "expected a text of 1 to %zu bytes", size - 1);
        else
                memcpy(ret_text, node->text, strlen(node->text) + 1);
}

void yaml_bool(struct yaml_file *file, struct yaml_node *map, const char *key, bool required, bool *ret_bool)
{
        struct yaml_node *node = yaml_get(file, map, key, YAML_SCALAR, required);

        if (!node)
                return;
        if (!node->quoted && !strcmp(node->text, "true"))
                *ret_bool = true;
        else if (!node->quoted && !strcmp(node->text, "false"))
                *ret_bool = false;
        else
                yaml_fault(file, node, "attendu : true ou false", "expected true or false");
}

void yaml_number(struct yaml_file *file, struct yaml_node *map, const char *key, bool required, double least,
                 double most, double *ret_number)
{
        struct yaml_node *node = yaml_get(file, map, key, YAML_SCALAR, required);
        char *end;

        if (!node)
                return;
        double number = strtod(node->text, &end);
        if (!*node->text || *end || node->quoted || !(number >= least && number <= most))
                yaml_fault(file, node, "attendu : un nombre de %g à %g", "expected a number from %g to %g",
                           least, most);
        else
                *ret_number = number;
}

void yaml_word(struct yaml_file *file, struct yaml_node *map, const char *key, bool required,
               const char *const *words, size_t count, unsigned *ret_index)
{
        struct yaml_node *node = yaml_get(file, map, key, YAML_SCALAR, required);
        char list[256];
        size_t used = 0;

        if (!node)
                return;
        for (size_t i = 0; i < count; i++) {
                if (!strcmp(words[i], node->text)) {
                        *ret_index = (unsigned)i;
                        return;
                }
                if (used < sizeof(list))
                        used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "",
                                                 words[i]);
        }
        yaml_fault(file, node, "attendu, au choix : %s", "expected one of: %s", list);
}

void yaml_day(struct yaml_file *file, struct yaml_node *map, const char *key, bool required, int64_t *ret_ms)
{
        struct yaml_node *node = yaml_get(file, map, key, YAML_SCALAR, required);
        char moment[TIME_TEXT_SIZE];
        int64_t ms;

        if (!node)
                return;
        snprintf(moment, sizeof(moment), "%.12sT00:00:00Z", node->text);
        if (strlen(node->text) != 10 || time_parse(moment, &ms) || ms < 0)
                yaml_fault(file, node, "attendu : un jour comme 2026-01-31",
                           "expected a day such as 2026-01-31");
        else
                *ret_ms = ms;
}

void yaml_bitext(struct yaml_file *file, struct yaml_node *map, const char *key, bool required,
                 struct bitext *ret_text)
{
        struct yaml_node *node = yaml_get(file, map, key, YAML_MAP, required);
        struct yaml_node *fr = node ? yaml_get(file, node, "fr", YAML_SCALAR, true) : NULL;
        struct yaml_node *en = node ? yaml_get(file, node, "en", YAML_SCALAR, true) : NULL;

        yaml_only_known(file, node);
        if (!fr || !en || file->result)
                return;
        if (!*fr->text || !*en->text || strlen(fr->text) > BITEXT_LENGTH_MAX ||
            strlen(en->text) > BITEXT_LENGTH_MAX)
                yaml_fault(file, node, "attendu : deux textes, ni vides ni plus longs que %d octets",
                           "expected two texts, neither empty nor longer than %d bytes", BITEXT_LENGTH_MAX);
        else if (bitext_set(ret_text, fr->text, en->text))
                file->result = error_say(file->error, -ENOMEM, "mémoire insuffisante", "out of memory");
}

bool yaml_name_is_valid(const char *text, size_t size)
{
        size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_.-");

        return length > 0 && !text[length] && length < size && text[0] != '.' && text[0] != '-';
}
