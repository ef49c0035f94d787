/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading one playbook; what a set of them answers is in playbook_set.c. */
#include "incident/playbook.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/task.h"
#include "flow/yaml_tree.h"

#define FIRST_WORD(name, word, ...) word,
static const char *const role_words[] = {PLAYBOOK_ROLES(FIRST_WORD)};
static const char *const phase_words[] = {PLAYBOOK_PHASES(FIRST_WORD)};
static const char *const measure_words[] = {MEASURE_KINDS(FIRST_WORD)};

static void step_release(struct playbook_step *step)
{
        bitext_release(&step->text);
        bitext_release(&step->detail);
        bitext_release(&step->evidence);
        trigger_release(&step->when);
        json_decref(step->measure.selector);
}

void playbook_release(struct playbook *playbook)
{
        for (size_t i = 0; i < playbook->step_count; i++)
                step_release(&playbook->steps[i]);
        free(playbook->steps);
        trigger_release(&playbook->when);
        bitext_release(&playbook->entry.title);
        bitext_release(&playbook->entry.call);
        bitext_release(&playbook->title);
        memset(playbook, 0, sizeof(*playbook));
}

struct reading {
        struct yaml_file *file;
        const struct catalogue *catalogue;
        struct playbook *playbook;
};

/* A key of ids and of tasks: no point and no underscore in it, since a point parts playbook and step. */
static bool read_key(struct yaml_file *file, struct yaml_node *map, const char *name, bool required,
                     char *key, size_t size)
{
        struct yaml_node *node = yaml_get(file, map, name, YAML_SCALAR, required);
        size_t length = node ? strspn(node->text, "abcdefghijklmnopqrstuvwxyz0123456789-") : 0;

        if (!node)
                return false;
        if (!length || node->text[length] || length >= size) {
                yaml_fault(file, node, "attendu : de 1 à %zu lettres de a à z, chiffres et -",
                           "expected 1 to %zu letters a to z, digits and -", size - 1);
                return false;
        }
        memcpy(key, node->text, length + 1);
        return true;
}

static void read_text(struct yaml_file *file, struct yaml_node *map, const char *key, bool required,
                      size_t most, struct bitext *text)
{
        if (yaml_bitext(file, map, key, required, text) &&
            (strlen(text->fr) >= most || strlen(text->en) >= most))
                yaml_fault(file, yaml_any(file, map, key, false),
                           "texte trop long : %zu octets au plus par langue",
                           "the text is too long: at most %zu bytes in each language", most - 1);
}

/* The kind of a fact that the file names; a fault when the catalogue has none of that name. */
static const struct fact_kind *known_fact(const struct reading *reading, const struct yaml_node *node,
                                          const char *name)
{
        const struct fact_kind *kind = reading->catalogue ? catalogue_find(reading->catalogue, name) : NULL;

        if (reading->catalogue && !kind)
                yaml_fault(reading->file, node, "le catalogue ne connaît pas de fait « %s »",
                           "there is no fact \"%s\" in the catalogue", name);
        return kind;
}

static void read_fact(const struct reading *reading, struct yaml_node *node, char (*names)[64], size_t *count)
{
        if (!yaml_is(reading->file, node, YAML_SCALAR, 0))
                return;
        if (!yaml_name_is_valid(node->text, 64)) {
                yaml_fault(reading->file, node, "le nom d’un fait est attendu ici",
                           "expected the name of a fact");
                return;
        }
        known_fact(reading, node, node->text);
        for (size_t i = 0; i < *count; i++)
                if (!strcmp(names[i], node->text))
                        yaml_fault(reading->file, node, "« %s » est là deux fois", "\"%s\" stands here twice",
                                   node->text);
        strcpy(names[(*count)++], node->text);
}

static void read_facts(const struct reading *reading, struct yaml_node *map, const char *key, size_t most,
                       char (*names)[64], size_t *count)
{
        struct yaml_node *list = yaml_get(reading->file, map, key, YAML_LIST, false);

        if (!yaml_is(reading->file, list, YAML_LIST, most))
                return;
        for (struct yaml_node *node = list->child; node; node = node->next)
                read_fact(reading, node, names, count);
}

/* ---- steps ---- */

static void read_due(const struct reading *reading, struct yaml_node *node, struct step_due *due)
{
        struct yaml_node *map = yaml_get(reading->file, node, "due", YAML_MAP, false);
        const struct fact_kind *kind;
        double minutes = 0;
        char rule[64] = "";

        if (!map)
                return;
        yaml_number(reading->file, map, "minutes", true, 0, PLAYBOOK_DUE_MINUTES, &minutes);
        yaml_text(reading->file, map, "after", false, due->name, sizeof(due->name));
        yaml_text(reading->file, map, "before", false, rule, sizeof(rule));
        yaml_only_known(reading->file, map);
        due->minutes = (int64_t)minutes;
        due->from = *due->name ? STEP_DUE_AFTER_FACT : *rule ? STEP_DUE_BEFORE_RULE : STEP_DUE_OPENED;
        if (*due->name && *rule)
                yaml_fault(reading->file, map, "« after » ou « before », pas les deux",
                           "\"after\" or \"before\", not both");
        if (*due->name) {
                struct yaml_node *after = yaml_any(reading->file, map, "after", false);

                kind = known_fact(reading, after, due->name);
                if (kind && kind->type != FACT_TYPE_TIME)
                        yaml_fault(reading->file, after, "le fait « %s » n’est pas une heure",
                                   "the fact \"%s\" is no time", due->name);
        } else {
                strcpy(due->name, rule);
        }
}

static json_t *tree_json(struct reading *reading, const struct yaml_node *node);

static json_t *map_json(struct reading *reading, const struct yaml_node *node)
{
        json_t *json = json_object();

        for (const struct yaml_node *child = node->child; child && json; child = child->next)
                if (json_object_set_new(json, child->key, tree_json(reading, child))) {
                        json_decref(json);
                        return NULL;
                }
        return json;
}

static json_t *list_json(struct reading *reading, const struct yaml_node *node)
{
        json_t *json = json_array();

        for (const struct yaml_node *child = node->child; child && json; child = child->next)
                if (json_array_append_new(json, tree_json(reading, child))) {
                        json_decref(json);
                        return NULL;
                }
        return json;
}

/* The depth is bounded by YAML_DEPTH_MAX. */
static json_t *tree_json(struct reading *reading, const struct yaml_node *node)
{
        char *end;

        if (node->shape == YAML_MAP)
                return map_json(reading, node);
        if (node->shape == YAML_LIST)
                return list_json(reading, node);
        if (!node->quoted && (!strcmp(node->text, "true") || !strcmp(node->text, "false")))
                return json_boolean(*node->text == 't');
        double number = strtod(node->text, &end);
        if (!node->quoted && *node->text && !*end && number >= -1e15 && number <= 1e15)
                return number == (double)(json_int_t)number ? json_integer((json_int_t)number)
                                                            : json_real(number);
        return json_string(node->text);
}

static void read_subject(struct reading *reading, struct yaml_node *map, struct step_measure *measure)
{
        struct yaml_node *from = yaml_any(reading->file, map, "subject_from", false);
        bool said = yaml_any(reading->file, map, "subject", false);

        yaml_text(reading->file, map, "subject", false, measure->subject, sizeof(measure->subject));
        if (said == !!from)
                yaml_fault(reading->file, map, "dites « subject » ou « subject_from », l’un des deux",
                           "say \"subject\" or \"subject_from\", one of the two");
        if (yaml_text(reading->file, map, "subject_from", false, measure->subject_from,
                      sizeof(measure->subject_from)) &&
            strcmp(measure->subject_from, PLAYBOOK_SUBJECT))
                known_fact(reading, from, measure->subject_from);
}

static void read_measure(struct reading *reading, struct yaml_node *node, struct step_measure *measure)
{
        struct yaml_node *map = yaml_get(reading->file, node, "measure", YAML_MAP, false), *selector;
        double minutes = 0;
        unsigned kind = 0;

        if (!map)
                return;
        measure->is_set = true;
        yaml_word(reading->file, map, "kind", true, measure_words, MEASURE_KIND_COUNT, &kind);
        read_subject(reading, map, measure);
        yaml_number(reading->file, map, "minutes", true, 1, PLAYBOOK_DUE_MINUTES, &minutes);
        selector = yaml_get(reading->file, map, "selector", YAML_MAP, false);
        yaml_only_known(reading->file, map);
        measure->kind = (enum measure_kind)kind;
        measure->minutes = (unsigned)minutes;
        measure->selector = selector ? map_json(reading, selector) : json_object();
        if (!measure->selector)
                yaml_no_memory(reading->file);
}

static void read_condition(struct reading *reading, struct yaml_node *node, struct trigger *when)
{
        struct yaml_node *condition = yaml_get(reading->file, node, "when", YAML_MAP, false);

        if (condition)
                trigger_read(reading->file, condition, reading->catalogue, when);
}

static void check_step(const struct reading *reading, const struct yaml_node *node,
                       const struct playbook_step *step)
{
        const struct playbook *playbook = reading->playbook;

        for (const struct playbook_step *other = playbook->steps; other < step; other++) {
                if (*step->key && !strcmp(other->key, step->key))
                        yaml_fault(reading->file, node, "le pas « %s » est là deux fois",
                                   "the step \"%s\" stands here twice", step->key);
                if (*step->shared && !strcmp(other->shared, step->shared))
                        yaml_fault(reading->file, node, "« shared : %s » est là deux fois",
                                   "\"shared: %s\" stands here twice", step->shared);
        }
        if (strlen(playbook->id) + 1 + strlen(step->key) >= TASK_ID_SIZE)
                yaml_fault(reading->file, node, "« %s » est trop long", "\"%s\" is too long", step->key);
        if (step->is_public && step->measure.is_set)
                yaml_fault(reading->file, node,
                           "un pas public ne demande pas de mesure : il se fait sans compte",
                           "a public step asks for no measure: it is done without an account");
}

static void read_step(struct reading *reading, struct yaml_node *node, struct playbook_step *step)
{
        struct yaml_file *file = reading->file;
        unsigned role = 0, phase = 0;

        if (!yaml_is(file, node, YAML_MAP, YAML_NODES_MAX))
                return;
        read_key(file, node, "key", true, step->key, sizeof(step->key));
        yaml_word(file, node, "role", true, role_words, PLAYBOOK_ROLE_COUNT, &role);
        yaml_word(file, node, "phase", true, phase_words, PLAYBOOK_PHASE_COUNT, &phase);
        step->role = (enum playbook_role)role;
        step->phase = (enum playbook_phase)phase;
        read_text(file, node, "text", true, TASK_TEXT_MAX, &step->text);
        read_text(file, node, "detail", false, PLAYBOOK_DETAIL_MAX, &step->detail);
        read_text(file, node, "evidence", false, PLAYBOOK_DETAIL_MAX, &step->evidence);
        read_condition(reading, node, &step->when);
        read_due(reading, node, &step->due);
        yaml_bool(file, node, "public", false, &step->is_public);
        read_key(file, node, "shared", false, step->shared, sizeof(step->shared));
        yaml_text(file, node, "obligation", false, step->obligation, sizeof(step->obligation));
        read_measure(reading, node, &step->measure);
        yaml_only_known(file, node);
        check_step(reading, node, step);
}

/* Whether the steps are right, so that they can be judged as a whole. */
static bool read_steps(struct reading *reading, struct yaml_node *root)
{
        struct yaml_node *list = yaml_get(reading->file, root, "steps", YAML_LIST, true);
        struct playbook *playbook = reading->playbook;
        size_t found = reading->file->log.found;

        if (!yaml_is(reading->file, list, YAML_LIST, PLAYBOOK_STEPS_MAX))
                return false;
        if (!list->count) {
                yaml_fault(reading->file, list, "au moins un pas est attendu", "expected at least one step");
                return false;
        }
        playbook->steps = calloc(list->count, sizeof(*playbook->steps));
        if (!playbook->steps) {
                yaml_no_memory(reading->file);
                return false;
        }
        for (struct yaml_node *node = list->child; node; node = node->next)
                read_step(reading, node, &playbook->steps[playbook->step_count++]);
        return reading->file->log.found == found;
}

/* ---- the whole ---- */

static void read_entry(struct reading *reading, struct yaml_node *root)
{
        struct yaml_node *map = yaml_get(reading->file, root, "entry", YAML_MAP, false);
        struct playbook_entry *entry = &reading->playbook->entry;
        double order = 0;

        if (!map)
                return;
        entry->is_set = true;
        yaml_number(reading->file, map, "order", true, 1, PLAYBOOKS_MAX, &order);
        entry->order = (unsigned)order;
        read_text(reading->file, map, "title", true, TASK_TEXT_MAX, &entry->title);
        read_key(reading->file, map, "icon", true, entry->icon, sizeof(entry->icon));
        read_key(reading->file, map, "kind", true, entry->kind, sizeof(entry->kind));
        read_facts(reading, map, "questions", PLAYBOOK_QUESTIONS_MAX, entry->questions,
                   &entry->question_count);
        read_facts(reading, map, "same", PLAYBOOK_SAME_MAX, entry->same, &entry->same_count);
        read_text(reading->file, map, "call", false, PLAYBOOK_DETAIL_MAX, &entry->call);
        yaml_only_known(reading->file, map);
}

static void read_kinds(struct reading *reading, struct yaml_node *root)
{
        struct yaml_node *list = yaml_get(reading->file, root, "kinds", YAML_LIST, false);
        struct playbook *playbook = reading->playbook;

        if (!yaml_is(reading->file, list, YAML_LIST, PLAYBOOK_KINDS_MAX))
                return;
        for (struct yaml_node *node = list->child; node; node = node->next) {
                if (!yaml_is(reading->file, node, YAML_SCALAR, 0))
                        continue;
                if (!yaml_name_is_valid(node->text, sizeof(playbook->kinds[0])))
                        yaml_fault(reading->file, node, "le nom d’une sorte d’incident est attendu ici",
                                   "expected the name of a kind of incident");
                else
                        strcpy(playbook->kinds[playbook->kind_count++], node->text);
        }
}

static void read_with(struct reading *reading, struct yaml_node *root)
{
        struct yaml_node *list = yaml_get(reading->file, root, "with", YAML_LIST, false);
        struct playbook *playbook = reading->playbook;

        if (!yaml_is(reading->file, list, YAML_LIST, PLAYBOOK_WITH_MAX))
                return;
        for (struct yaml_node *node = list->child; node; node = node->next) {
                if (!yaml_is(reading->file, node, YAML_SCALAR, 0))
                        continue;
                if (!yaml_name_is_valid(node->text, PLAYBOOK_ID_SIZE) || !strcmp(node->text, playbook->id))
                        yaml_fault(reading->file, node,
                                   "l’identifiant d’un autre plan d’action est attendu ici",
                                   "expected the id of another playbook");
                else
                        strcpy(playbook->with[playbook->with_count++], node->text);
        }
}

static void check_advice(const struct reading *reading, const struct yaml_node *root)
{
        const struct playbook *playbook = reading->playbook;
        bool advice = !playbook->entry.is_set;

        for (size_t i = 0; i < playbook->step_count; i++)
                advice = advice || playbook->steps[i].is_public;
        if (!advice)
                yaml_fault(reading->file, root, "un plan qui a un bouton a au moins un pas public",
                           "a playbook with a button has at least one public step");
}

static void read_playbook(struct reading *reading, struct yaml_node *root)
{
        struct playbook *playbook = reading->playbook;
        double version = 0;

        read_key(reading->file, root, "id", true, playbook->id, sizeof(playbook->id));
        yaml_number(reading->file, root, "version", true, 1, 1e6, &version);
        playbook->version = (unsigned)version;
        read_text(reading->file, root, "title", true, TASK_TEXT_MAX, &playbook->title);
        read_kinds(reading, root);
        read_condition(reading, root, &playbook->when);
        read_with(reading, root);
        read_entry(reading, root);
        if (read_steps(reading, root))
                check_advice(reading, root);
        yaml_only_known(reading->file, root);
}

int playbook_read(const char *name, const char *data, size_t length, const struct catalogue *catalogue,
                  struct playbook *ret_playbook, struct error *error)
{
        CLEANUP(playbook_release) struct playbook playbook = {0};
        CLEANUP(yaml_release) struct yaml_file file = {0};
        struct reading reading = {&file, catalogue, &playbook};

        if (yaml_read(name, data, length, &file, error))
                return file.result;
        read_playbook(&reading, file.root);
        if (file.result)
                return file.result;
        *ret_playbook = playbook;
        memset(&playbook, 0, sizeof(playbook));
        return 0;
}
