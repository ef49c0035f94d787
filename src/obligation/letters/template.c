/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/letters/template.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "flow/folder.h"
#include "flow/yaml_tree.h"

#define FILLED_MAX (256 * 1024)

static const char *const to_words[] = {"many", "one", "nobody"};

#define FIELD(name, fr, en) {name, fr, en},
static const struct {
        const char *name, *fr, *en;
} fields[] = {LETTER_FIELDS(FIELD)};
#define WORD(word) word,
static const char *const person_fields[] = {LETTER_PERSON_FIELDS(WORD)};

const char *letter_to_word(enum letter_to to)
{
        return (unsigned)to < ARRAY_LEN(to_words) ? to_words[to] : "?";
}

bool template_is_person_field(const char *field)
{
        for (size_t i = 0; i < ARRAY_LEN(person_fields); i++)
                if (!strcmp(person_fields[i], field))
                        return true;
        return false;
}

static bool is_field(const struct catalogue *catalogue, const char *field)
{
        for (size_t i = 0; i < ARRAY_LEN(fields); i++)
                if (!strcmp(fields[i].name, field))
                        return true;
        return template_is_person_field(field) || (catalogue && catalogue_find(catalogue, field));
}

void template_field_label(const struct catalogue *catalogue, const char *field, const char **ret_fr,
                          const char **ret_en)
{
        const struct fact_kind *kind = catalogue_find(catalogue, field);

        *ret_fr = kind ? kind->label.fr : field;
        *ret_en = kind ? kind->label.en : field;
        for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
                if (strcmp(fields[i].name, field))
                        continue;
                *ret_fr = fields[i].fr;
                *ret_en = fields[i].en;
        }
}

/* ---- fields in a text ---- */

/* "{name}" at `at`: its length with the braces, the name into `ret_field`; 0 when it is none. */
static size_t field_at(const char *at, char ret_field[static TEMPLATE_FIELD_SIZE])
{
        size_t length = *at == '{' ? strspn(at + 1, "abcdefghijklmnopqrstuvwxyz0123456789._") : 0;

        if (!length || length >= TEMPLATE_FIELD_SIZE || at[1 + length] != '}')
                return 0;
        memcpy(ret_field, at + 1, length);
        ret_field[length] = '\0';
        return length + 2;
}

bool template_next_field(const char **ret_at, char ret_field[static TEMPLATE_FIELD_SIZE])
{
        for (const char *brace = strchr(*ret_at, '{'); brace; brace = strchr(brace + 1, '{')) {
                size_t length = field_at(brace, ret_field);

                *ret_at = brace + length;
                if (length)
                        return true;
        }
        return false;
}

char *template_fill(const char *text, template_value value, void *context, bool keep_person)
{
        struct buffer out = BUFFER_INIT(FILLED_MAX);

        while (*text) {
                char field[TEMPLATE_FIELD_SIZE];
                size_t length = field_at(text, field), plain = 1;
                const char *known = length ? value(context, field) : NULL;

                if (known) {
                        buffer_text(&out, known);
                } else if (length && keep_person && template_is_person_field(field)) {
                        buffer_append(&out, text, length);
                } else if (length) {
                        buffer_text(&out, "…");
                } else {
                        plain += strcspn(text + 1, "{");
                        buffer_append(&out, text, plain);
                }
                text += length ? length : plain;
        }
        if (!out.data)
                buffer_text(&out, "");
        if (out.overflow)
                buffer_release(&out);
        return out.data;
}

static void check_side(struct yaml_file *file, const struct yaml_node *node,
                       const struct catalogue *catalogue, const char *text)
{
        char field[TEMPLATE_FIELD_SIZE];

        for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
                if (!field_at(at, field))
                        yaml_fault(file, node, "une accolade qui n’entoure pas un champ : {structure.name}",
                                   "a brace that is not round a field: {structure.name}");
                else if (catalogue && !is_field(catalogue, field))
                        yaml_fault(file, node, "il n’y a pas de champ « %s »", "there is no field “%s”",
                                   field);
        }
}

static void read_bitext(struct yaml_file *file, struct yaml_node *map, const char *key, bool required,
                        const struct catalogue *catalogue, struct bitext *text)
{
        const struct yaml_node *node;

        if (!yaml_bitext(file, map, key, required, text))
                return;
        node = yaml_any(file, map, key, false);
        check_side(file, yaml_at(node, "fr"), catalogue, text->fr);
        check_side(file, yaml_at(node, "en"), catalogue, text->en);
}

/* ---- a file ---- */

static void read_fields(struct yaml_file *file, struct yaml_node *map, const char *key,
                        const struct catalogue *catalogue, char (*ret_fields)[TEMPLATE_FIELD_SIZE],
                        size_t *ret_count)
{
        struct yaml_node *list = yaml_get(file, map, key, YAML_LIST, false);

        if (!yaml_is(file, list, YAML_LIST, TEMPLATE_NEEDS_MAX))
                return;
        for (struct yaml_node *node = list->child; node; node = node->next) {
                if (!yaml_is(file, node, YAML_SCALAR, 0))
                        continue;
                if (!yaml_name_is_valid(node->text, TEMPLATE_FIELD_SIZE) ||
                    (catalogue && !is_field(catalogue, node->text)))
                        yaml_fault(file, node, "il n’y a pas de champ « %s »", "there is no field “%s”",
                                   node->text);
                else
                        strcpy(ret_fields[(*ret_count)++], node->text);
        }
}

/* What a paragraph, a heading and a point have alike. */
static void read_words(struct yaml_file *file, struct yaml_node *node, const char *key,
                       const struct catalogue *catalogue, struct letter_part *part)
{
        read_bitext(file, node, key, true, catalogue, &part->text);
        read_bitext(file, node, "otherwise", false, catalogue, &part->otherwise);
        read_fields(file, node, "needs", catalogue, part->needs, &part->need_count);
        read_fields(file, node, "unless", catalogue, part->unless, &part->unless_count);
}

static struct letter_part *add_part(struct yaml_file *file, const struct yaml_node *node,
                                    struct letter_template *template)
{
        if (!template->parts)
                template->parts = calloc(TEMPLATE_PARTS_MAX, sizeof(*template->parts));
        if (!template->parts) {
                yaml_no_memory(file);
                return NULL;
        }
        if (template->part_count == TEMPLATE_PARTS_MAX) {
                yaml_fault(file, node, "plus de %d parties", "more than %d parts", TEMPLATE_PARTS_MAX);
                return NULL;
        }
        return &template->parts[template->part_count++];
}

static void read_points(struct yaml_file *file, struct yaml_node *list, const struct catalogue *catalogue,
                        struct letter_template *template)
{
        for (struct yaml_node *node = list->child; node; node = node->next) {
                struct letter_part *part = add_part(file, node, template);

                if (!part)
                        return;
                part->kind = LETTER_POINT;
                if (!yaml_is(file, node, YAML_MAP, 4))
                        continue;
                read_words(file, node, "text", catalogue, part);
                yaml_only_known(file, node);
        }
}

static void read_part(struct yaml_file *file, struct yaml_node *node, const struct catalogue *catalogue,
                      struct letter_template *template)
{
        struct yaml_node *points = yaml_any(file, node, "points", false);
        bool heading = yaml_any(file, node, "heading", false);
        struct letter_part *part;

        if (points) {
                if (yaml_is(file, points, YAML_LIST, YAML_NODES_MAX))
                        read_points(file, points, catalogue, template);
        } else if ((part = add_part(file, node, template))) {
                part->kind = heading ? LETTER_HEADING : LETTER_TEXT;
                read_words(file, node, heading ? "heading" : "text", catalogue, part);
        }
        yaml_only_known(file, node);
}

static void read_body(struct yaml_file *file, const struct catalogue *catalogue,
                      struct letter_template *template)
{
        struct yaml_node *body = yaml_get(file, file->root, "body", YAML_LIST, true);

        if (body && !body->count)
                yaml_fault(file, body, "« body » est vide", "“body” is empty");
        for (struct yaml_node *node = body ? body->child : NULL; node; node = node->next)
                if (yaml_is(file, node, YAML_MAP, 8))
                        read_part(file, node, catalogue, template);
}

static void read_file(struct yaml_file *file, const struct catalogue *catalogue,
                      struct letter_template *template)
{
        struct yaml_node *root = file->root;
        double version = 1;
        unsigned to = 0;

        yaml_name(file, root, "id", template->id, sizeof(template->id));
        yaml_number(file, root, "version", true, 1, 1e6, &version);
        yaml_word(file, root, "to", true, to_words, ARRAY_LEN(to_words), &to);
        yaml_text(file, root, "basis", false, template->basis, sizeof(template->basis));
        yaml_bitext(file, root, "title", true, &template->title);
        yaml_bitext(file, root, "about", true, &template->about);
        read_bitext(file, root, "subject", true, catalogue, &template->subject);
        read_bitext(file, root, "closing", false, catalogue, &template->closing);
        read_body(file, catalogue, template);
        yaml_only_known(file, root);
        template->version = (unsigned)version;
        template->to = (enum letter_to)to;
}

int template_read(const char *name, const char *data, size_t length, const struct catalogue *catalogue,
                  struct letter_template *ret_template, struct error *error)
{
        struct yaml_file file;
        struct letter_template template = {0};
        int r = yaml_read(name, data, length, &file, error);

        if (!r && yaml_is(&file, file.root, YAML_MAP, 32))
                read_file(&file, catalogue, &template);
        if (!r)
                r = file.result;
        yaml_release(&file);
        if (r) {
                template_release(&template);
                return r;
        }
        *ret_template = template;
        return 0;
}

void template_release(struct letter_template *template)
{
        for (size_t i = 0; i < template->part_count; i++) {
                bitext_release(&template->parts[i].text);
                bitext_release(&template->parts[i].otherwise);
        }
        free(template->parts);
        bitext_release(&template->title);
        bitext_release(&template->about);
        bitext_release(&template->subject);
        bitext_release(&template->closing);
        *template = (struct letter_template){0};
}

/* ---- the folder ---- */

struct loading {
        const struct catalogue *catalogue;
        struct template_set set;
};

static int load_one(void *context, const char *path, const char *data, size_t length, struct error *error)
{
        struct loading *loading = context;
        struct template_set *set = &loading->set;
        int r;

        if (set->count == TEMPLATES_MAX)
                return error_say(error, -E2BIG, "plus de %d modèles de lettre",
                                 "more than %d templates of letters", TEMPLATES_MAX);
        r = template_read(path, data, length, loading->catalogue, &set->templates[set->count], error);
        if (r)
                return r;
        set->count++;
        for (size_t i = 0; i + 1 < set->count; i++)
                if (!strcmp(set->templates[i].id, set->templates[set->count - 1].id))
                        return error_say(error, -EINVAL, "%s : l’id « %s » y est deux fois",
                                         "%s: the id “%s” is there twice", path, set->templates[i].id);
        return 0;
}

static int by_id(const void *a, const void *b)
{
        return strcmp(((const struct letter_template *)a)->id, ((const struct letter_template *)b)->id);
}

int templates_load(const char *folder, const struct catalogue *catalogue, struct template_set *ret_set,
                   struct error *error)
{
        struct loading loading = {catalogue, {calloc(TEMPLATES_MAX, sizeof(struct letter_template)), 0}};
        int r = loading.set.templates ? folder_each_yaml(folder, load_one, &loading, error)
                                      : error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");

        if (r) {
                templates_release(&loading.set);
                return r;
        }
        qsort(loading.set.templates, loading.set.count, sizeof(struct letter_template), by_id);
        *ret_set = loading.set;
        return 0;
}

void templates_release(struct template_set *set)
{
        for (size_t i = 0; i < set->count; i++)
                template_release(&set->templates[i]);
        free(set->templates);
        *set = (struct template_set){0};
}

const struct letter_template *templates_find(const struct template_set *set, const char *id)
{
        for (size_t i = 0; i < set->count; i++)
                if (!strcmp(set->templates[i].id, id))
                        return &set->templates[i];
        return NULL;
}
