/* SPDX-License-Identifier: EUPL-1.2 */
/* The fields of a tree, each read as its type. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "flow/yaml_tree_private.h"

#define PATH_MAX_BYTES  512
#define KNOWN_MAX_BYTES 512

/* After a fault reading goes on; not so when memory ran out. */
static bool is_silent(const struct yaml_file *file)
{
        return file->result && file->result != -EINVAL;
}

bool yaml_is(struct yaml_file *file, struct yaml_node *node, enum yaml_shape shape, size_t most)
{
        static const char *const fr[] = {"attendu" NBSP ": une valeur", "attendu" NBSP ": une liste",
                                         "attendu" NBSP ": des clés et leurs valeurs"};
        static const char *const en[] = {"expected one value", "expected a list", "expected a map of keys"};

        if (!node || node->refused || is_silent(file))
                return false;
        if (node->shape == shape && node->count <= most)
                return true;
        node->refused = true;
        if (node->shape != shape)
                yaml_fault_text(file, node, fr[shape], en[shape]);
        else
                yaml_fault(file, node, "%zu éléments au plus", "at most %zu entries", most);
        return false;
}

/* For the sentence about unknown keys. Short memory makes it shorter, no more. */
static void remember_asked(struct yaml_node *map, const char *key)
{
        const char **longer;

        for (size_t i = 0; i < map->asked_count; i++)
                if (!strcmp(map->asked[i], key))
                        return;
        longer = reallocarray(map->asked, map->asked_count + 1, sizeof(*longer));
        if (!longer)
                return;
        longer[map->asked_count++] = key;
        map->asked = longer;
}

static void fault_missing(struct yaml_file *file, const struct yaml_node *map, const char *key)
{
        CLEANUP(buffer_release) struct buffer path = BUFFER_INIT(PATH_MAX_BYTES);

        yaml_path(map, &path);
        buffer_format(&path, "%s%s", path.length ? "." : "", key);
        yaml_fault_at(file, map->line, buffer_string(&path), "il manque cette clé", "this key is missing");
}

struct yaml_node *yaml_any(struct yaml_file *file, struct yaml_node *map, const char *key, bool required)
{
        if (!yaml_is(file, map, YAML_MAP, YAML_NODES_MAX))
                return NULL;
        remember_asked(map, key);
        for (struct yaml_node *child = map->child; child; child = child->next) {
                if (strcmp(child->key, key))
                        continue;
                child->used = 1;
                return child;
        }
        if (required)
                fault_missing(file, map, key);
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
        CLEANUP(buffer_release) struct buffer known = BUFFER_INIT(KNOWN_MAX_BYTES);

        if (!map || map->shape != YAML_MAP || is_silent(file))
                return;
        for (size_t i = 0; i < map->asked_count; i++)
                buffer_format(&known, "%s%s", i ? ", " : "", map->asked[i]);
        for (const struct yaml_node *child = map->child; child; child = child->next)
                if (!child->used)
                        yaml_fault(file, child, "cette clé n’a pas sa place ici ; sont admises : %s",
                                   "no such key here; known are: %s", buffer_string(&known));
}

bool yaml_text(struct yaml_file *file, struct yaml_node *map, const char *key, bool required, char *ret_text,
               size_t size)
{
        struct yaml_node *node = yaml_get(file, map, key, YAML_SCALAR, required);

        if (!node)
                return false;
        if (!*node->text || strlen(node->text) >= size) {
                yaml_fault(file, node, "attendu : un texte de 1 à %zu octets",
                           "expected a text of 1 to %zu bytes", size - 1);
                return false;
        }
        memcpy(ret_text, node->text, strlen(node->text) + 1);
        return true;
}

bool yaml_bool(struct yaml_file *file, struct yaml_node *map, const char *key, bool required, bool *ret_bool)
{
        struct yaml_node *node = yaml_get(file, map, key, YAML_SCALAR, required);

        if (!node)
                return false;
        if (node->quoted || (strcmp(node->text, "true") && strcmp(node->text, "false"))) {
                yaml_fault(file, node, "attendu : true ou false", "expected true or false");
                return false;
        }
        *ret_bool = *node->text == 't';
        return true;
}

bool yaml_number(struct yaml_file *file, struct yaml_node *map, const char *key, bool required, double least,
                 double most, double *ret_number)
{
        struct yaml_node *node = yaml_get(file, map, key, YAML_SCALAR, required);
        char *end;

        if (!node)
                return false;
        double number = strtod(node->text, &end);
        if (!*node->text || *end || node->quoted || !(number >= least && number <= most)) {
                yaml_fault(file, node, "attendu : un nombre de %.15g à %.15g",
                           "expected a number from %.15g to %.15g", least, most);
                return false;
        }
        *ret_number = number;
        return true;
}

bool yaml_word(struct yaml_file *file, struct yaml_node *map, const char *key, bool required,
               const char *const *words, size_t count, unsigned *ret_index)
{
        CLEANUP(buffer_release) struct buffer list = BUFFER_INIT(KNOWN_MAX_BYTES);
        struct yaml_node *node = yaml_get(file, map, key, YAML_SCALAR, required);

        if (!node)
                return false;
        for (size_t i = 0; i < count; i++) {
                if (!strcmp(words[i], node->text)) {
                        *ret_index = (unsigned)i;
                        return true;
                }
                buffer_format(&list, "%s%s", i ? ", " : "", words[i]);
        }
        yaml_fault(file, node, "attendu, au choix : %s", "expected one of: %s", buffer_string(&list));
        return false;
}

bool yaml_day(struct yaml_file *file, struct yaml_node *map, const char *key, bool required, int64_t *ret_ms)
{
        struct yaml_node *node = yaml_get(file, map, key, YAML_SCALAR, required);
        char moment[TIME_TEXT_SIZE];
        int64_t ms;

        if (!node)
                return false;
        snprintf(moment, sizeof(moment), "%.12sT00:00:00Z", node->text);
        if (strlen(node->text) != 10 || time_parse(moment, &ms) || ms < 0) {
                yaml_fault(file, node, "attendu : un jour comme 2026-01-31",
                           "expected a day such as 2026-01-31");
                return false;
        }
        *ret_ms = ms;
        return true;
}

bool yaml_bitext(struct yaml_file *file, struct yaml_node *map, const char *key, bool required,
                 struct bitext *ret_text)
{
        struct yaml_node *node = yaml_get(file, map, key, YAML_MAP, required);
        struct yaml_node *fr = node ? yaml_get(file, node, "fr", YAML_SCALAR, true) : NULL;
        struct yaml_node *en = node ? yaml_get(file, node, "en", YAML_SCALAR, true) : NULL;

        yaml_only_known(file, node);
        if (!fr || !en)
                return false;
        if (!*fr->text || !*en->text || strlen(fr->text) > BITEXT_LENGTH_MAX ||
            strlen(en->text) > BITEXT_LENGTH_MAX) {
                yaml_fault(file, node, "attendu : deux textes, ni vides ni plus longs que %d octets",
                           "expected two texts, neither empty nor longer than %d bytes", BITEXT_LENGTH_MAX);
                return false;
        }
        if (bitext_set(ret_text, fr->text, en->text)) {
                yaml_no_memory(file);
                return false;
        }
        return true;
}

bool yaml_name_is_valid(const char *text, size_t size)
{
        size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_.-");

        return length > 0 && !text[length] && length < size && text[0] != '.' && text[0] != '-';
}

bool yaml_name(struct yaml_file *file, struct yaml_node *map, const char *key, char *ret_name, size_t size)
{
        struct yaml_node *node = yaml_get(file, map, key, YAML_SCALAR, true);

        if (!node)
                return false;
        if (!yaml_name_is_valid(node->text, size)) {
                yaml_fault(
                        file, node,
                        "attendu : un nom de 1 à %zu lettres de a à z, chiffres, _, . et -, qui ne commence "
                        "ni par . ni par -",
                        "expected a name of 1 to %zu letters a to z, digits, _, . and -, beginning with "
                        "neither . nor -",
                        size - 1);
                return false;
        }
        memcpy(ret_name, node->text, strlen(node->text) + 1);
        return true;
}
