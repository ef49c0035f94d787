/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/catalogue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/finding.h"
#include "flow/folder.h"
#include "flow/yaml_tree.h"

#define FACT_TYPE_WORD(name, word) word,
static const char *const type_words[] = {FACT_TYPES(FACT_TYPE_WORD)};

static void kind_release(struct fact_kind *kind)
{
        for (size_t i = 0; i < kind->choice_count; i++)
                bitext_release(&kind->choices[i].label);
        free(kind->choices);
        bitext_release(&kind->label);
        bitext_release(&kind->question);
        bitext_release(&kind->who);
        bitext_release(&kind->unit);
        memset(kind, 0, sizeof(*kind));
}

void catalogue_release(struct catalogue *catalogue)
{
        for (size_t i = 0; i < catalogue->count; i++)
                kind_release(&catalogue->kinds[i]);
        free(catalogue->kinds);
        *catalogue = (struct catalogue){0};
}

static void read_choice(struct yaml_file *file, struct yaml_node *node, struct fact_kind *kind)
{
        struct fact_choice *choice = &kind->choices[kind->choice_count++];
        bool named = yaml_text(file, node, "word", true, choice->word, sizeof(choice->word));

        yaml_bitext(file, node, "label", true, &choice->label);
        yaml_only_known(file, node);
        for (struct fact_choice *other = kind->choices; other < choice && named; other++)
                if (!strcmp(other->word, choice->word))
                        yaml_fault(file, node, "le choix « %s » figure ici deux fois",
                                   "the choice \"%s\" stands here twice", choice->word);
}

static void read_choices(struct yaml_file *file, struct yaml_node *node, struct fact_kind *kind)
{
        struct yaml_node *list = yaml_get(file, node, "choices", YAML_LIST, kind->type == FACT_TYPE_CHOICE);

        if (!yaml_is(file, list, YAML_LIST, CATALOGUE_CHOICES_MAX))
                return;
        if (kind->type != FACT_TYPE_CHOICE || !list->count) {
                yaml_fault(file, list, "choices va avec un fait de type choice, qui en a au moins un",
                           "choices belong to a fact of type choice, and it has at least one");
                return;
        }
        kind->choices = calloc(list->count, sizeof(*kind->choices));
        if (!kind->choices) {
                yaml_no_memory(file);
                return;
        }
        for (struct yaml_node *child = list->child; child; child = child->next)
                read_choice(file, child, kind);
}

static bool read_type(struct yaml_file *file, struct yaml_node *node, struct fact_kind *kind)
{
        unsigned type = 0;
        bool known = yaml_word(file, node, "type", true, type_words, FACT_TYPE_COUNT, &type);

        kind->type = (enum fact_type)type;
        return known;
}

/* Whether the kind has a name and a type, so that others may speak of it whatever else is wrong with it. */
static bool read_kind(struct yaml_file *file, struct yaml_node *node, struct fact_kind *kind)
{
        bool named = yaml_name(file, node, "name", kind->name, sizeof(kind->name));
        bool typed = read_type(file, node, kind);

        kind->least = -1e15;
        kind->most = 1e15;
        yaml_bitext(file, node, "label", true, &kind->label);
        yaml_bitext(file, node, "question", true, &kind->question);
        yaml_bitext(file, node, "who", true, &kind->who);
        yaml_bitext(file, node, "unit", false, &kind->unit);
        yaml_number(file, node, "least", false, -1e15, 1e15, &kind->least);
        yaml_number(file, node, "most", false, -1e15, 1e15, &kind->most);
        yaml_bool(file, node, "by_person", false, &kind->by_person);
        if (typed)
                read_choices(file, node, kind);
        else
                yaml_any(file, node, "choices", false);
        yaml_only_known(file, node);
        return named && typed;
}

/* Inserts where the order wants it; takes the kind over. */
static void insert_kind(struct yaml_file *file, struct yaml_node *node, struct catalogue *catalogue,
                        struct fact_kind *kind)
{
        size_t at = 0;

        while (at < catalogue->count && strcmp(catalogue->kinds[at].name, kind->name) < 0)
                at++;
        if (at < catalogue->count && !strcmp(catalogue->kinds[at].name, kind->name)) {
                yaml_fault(file, node, "le fait « %s » est défini deux fois",
                           "the fact \"%s\" is defined twice", kind->name);
                return;
        }
        if (catalogue->count == CATALOGUE_FACTS_MAX) {
                yaml_fault(file, node, "plus de %d faits dans le catalogue",
                           "more than %d facts in the catalogue", CATALOGUE_FACTS_MAX);
                return;
        }
        struct fact_kind *kinds = reallocarray(catalogue->kinds, catalogue->count + 1, sizeof(*kinds));
        if (!kinds) {
                yaml_no_memory(file);
                return;
        }
        memmove(kinds + at + 1, kinds + at, (catalogue->count - at) * sizeof(*kinds));
        kinds[at] = *kind;
        memset(kind, 0, sizeof(*kind));
        catalogue->kinds = kinds;
        catalogue->count++;
}

int catalogue_read(const char *name, const char *data, size_t length, struct catalogue *catalogue,
                   struct error *error)
{
        CLEANUP(yaml_release) struct yaml_file file = {0};

        if (yaml_read(name, data, length, &file, error))
                return file.result;
        struct yaml_node *list = yaml_get(&file, file.root, "facts", YAML_LIST, true);
        yaml_only_known(&file, file.root);
        for (struct yaml_node *node = list ? list->child : NULL; node; node = node->next) {
                CLEANUP(kind_release) struct fact_kind kind = {0};

                if (read_kind(&file, node, &kind))
                        insert_kind(&file, node, catalogue, &kind);
        }
        return file.result;
}

static int read_one(void *context, const char *path, const char *data, size_t length, struct error *error)
{
        return catalogue_read(path, data, length, context, error);
}

int catalogue_load(const char *folder, struct catalogue *ret_catalogue, struct error *error)
{
        CLEANUP(catalogue_release) struct catalogue catalogue = {0};
        int r = folder_each_yaml(folder, read_one, &catalogue, error);

        if (r)
                return r;
        *ret_catalogue = catalogue;
        catalogue = (struct catalogue){0};
        return 0;
}

const struct fact_kind *catalogue_find(const struct catalogue *catalogue, const char *name)
{
        size_t low = 0, high = catalogue ? catalogue->count : 0;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                int order = strcmp(catalogue->kinds[middle].name, name);

                if (order == 0)
                        return &catalogue->kinds[middle];
                if (order < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return NULL;
}

static bool choice_is_known(const struct fact_kind *kind, const char *word)
{
        for (size_t i = 0; i < kind->choice_count; i++)
                if (!strcmp(kind->choices[i].word, word))
                        return true;
        return false;
}

bool fact_value_fits(const struct fact_kind *kind, const json_t *value)
{
        int64_t ms;

        switch (kind->type) {
        case FACT_TYPE_BOOLEAN:
                return json_is_boolean(value);
        case FACT_TYPE_NUMBER:
                return json_is_number(value) && json_number_value(value) >= kind->least &&
                       json_number_value(value) <= kind->most;
        case FACT_TYPE_CHOICE:
                return json_is_string(value) && choice_is_known(kind, json_string_value(value));
        case FACT_TYPE_TIME:
                return json_is_string(value) && !time_parse(json_string_value(value), &ms) && ms >= 0;
        default:
                return json_is_string(value) && json_string_length(value) <= FACT_TEXT_MAX;
        }
}

int catalogue_check(const struct catalogue *catalogue, const struct fact *fact, struct error *error)
{
        const struct fact_kind *kind = catalogue_find(catalogue, fact->name);

        if (!kind)
                return error_say(error, -EINVAL, "il n’y a pas de fait « %s » dans le catalogue",
                                 "there is no fact \"%s\" in the catalogue", fact->name);
        if (fact->state != FACT_STATE_KNOWN)
                return 0;
        if (kind->by_person && !author_is_person(fact->author))
                return error_say(
                        error, -EINVAL,
                        "le fait « %s » doit être tranché par une personne nommée, et non par « %s »",
                        "the fact \"%s\" is for a named person to settle, not for \"%s\"", fact->name,
                        fact->author);
        if (!fact->value || !fact_value_fits(kind, fact->value))
                return error_say(error, -EINVAL,
                                 "le fait « %s » n’admet qu’une valeur de son type (%s) et dans ses limites",
                                 "the fact \"%s\" takes a value of its type (%s) and within its limits",
                                 fact->name, type_words[kind->type]);
        return 0;
}

bool author_is_person(const char *author)
{
        static const char *const rooms[] = {
                "edge",   "domains", "mail",     "scan",  "respond",  "hub",        "journal",  "rule",
                "config", "garde",   "playbook", "drill", "incident", "obligation", "exchange", "service"};

        for (size_t i = 0; i < ARRAY_LEN(rooms); i++)
                if (!strcmp(author, rooms[i]))
                        return false;
        return *author && strncmp(author, "garde-", 6);
}

const char *author_label(const char *author, enum language language)
{
        if (!strcmp(author, FINDING_SENSOR_PERSON))
                return language_pick(language, "signalement", "a report");
        if (!strcmp(author, "config"))
                return language_pick(language, "réglages", "settings");
        return !*author || author_is_person(author) ? author : "Garde";
}
