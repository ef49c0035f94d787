/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/trigger.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define DECIDED "gravity.decided"

static const char *const op_words[] = {"all", "any", "not", "is", "at_least", "known", "once"};

void trigger_release(struct trigger *trigger)
{
        for (size_t i = 0; i < trigger->count; i++)
                json_decref(trigger->nodes[i].values);
        free(trigger->nodes);
        *trigger = (struct trigger){0};
}

struct reading {
        struct yaml_file *file;
        const struct catalogue *catalogue;
        struct trigger *trigger;
};

/* The kind of a fact that a leaf names; NULL with a fault when the catalogue has no such fact. */
static const struct fact_kind *leaf_kind(struct reading *reading, const struct yaml_node *node,
                                         const char *name)
{
        const struct fact_kind *kind = catalogue_find(reading->catalogue, name);

        if (!kind && reading->catalogue && strcmp(name, DECIDED))
                yaml_fault(reading->file, node, "il n’y a pas de fait « %s » dans le catalogue",
                           "there is no fact \"%s\" in the catalogue", name);
        return kind;
}

static bool leaf_name(struct reading *reading, const struct yaml_node *node, const char *name,
                      struct trigger_node *leaf)
{
        if (!yaml_name_is_valid(name, sizeof(leaf->fact))) {
                yaml_fault(reading->file, node, "attendu : le nom d’un fait", "expected the name of a fact");
                return false;
        }
        memcpy(leaf->fact, name, strlen(name) + 1);
        return true;
}

/* A map of one key; anything else is one fault, and not one of its shape. */
static bool is_pair(struct reading *reading, struct yaml_node *node, const char *fr, const char *en)
{
        if (node->refused)
                return false;
        if (node->shape == YAML_MAP && node->count == 1)
                return true;
        node->refused = true;
        yaml_fault_text(reading->file, node, fr, en);
        return false;
}

static json_t *scalar_value(const struct yaml_node *node)
{
        char *end;

        if (!node->quoted && !strcmp(node->text, "true"))
                return json_true();
        if (!node->quoted && !strcmp(node->text, "false"))
                return json_false();
        double number = strtod(node->text, &end);
        if (!node->quoted && *node->text && !*end && number >= -1e15 && number <= 1e15)
                return json_real(number);
        return json_string(node->text);
}

static void leaf_value(struct reading *reading, const struct yaml_node *node, const struct fact_kind *kind,
                       struct trigger_node *leaf)
{
        enum gravity gravity;
        json_t *value = node->shape == YAML_SCALAR ? scalar_value(node) : NULL;

        if (node->refused)
                ; /* an alias: told already */
        else if (!value)
                yaml_fault(reading->file, node, "attendu : une valeur", "expected one value");
        else if (kind && !fact_value_fits(kind, value))
                yaml_fault(reading->file, node, "« %s » n’est pas une valeur du fait « %s »",
                           "\"%s\" is no value of the fact \"%s\"", node->text, leaf->fact);
        else if (!strcmp(leaf->fact, DECIDED) && gravity_parse(node->text, &gravity))
                yaml_fault(reading->file, node, "« %s » n’est pas une gravité", "\"%s\" is no gravity",
                           node->text);
        else if (json_array_append(leaf->values, value))
                yaml_no_memory(reading->file);
        json_decref(value);
}

static void read_is(struct reading *reading, struct yaml_node *node, struct trigger_node *leaf)
{
        if (!is_pair(reading, node, "attendu" NBSP ": {fait: valeur}", "expected {fact: value}"))
                return;
        struct yaml_node *values = node->child;
        values->used = 1;
        if (!leaf_name(reading, node, values->key, leaf))
                return;
        const struct fact_kind *kind = leaf_kind(reading, node, leaf->fact);
        leaf->values = json_array();
        if (values->shape != YAML_LIST) {
                leaf_value(reading, values, kind, leaf);
                return;
        }
        if (!values->count || values->count > CATALOGUE_CHOICES_MAX)
                yaml_fault(reading->file, values, "attendu : de 1 à %d valeurs", "expected 1 to %d values",
                           CATALOGUE_CHOICES_MAX);
        for (struct yaml_node *value = values->child; value; value = value->next)
                leaf_value(reading, value, kind, leaf);
}

static void read_at_least(struct reading *reading, struct yaml_node *node, struct trigger_node *leaf)
{
        if (!is_pair(reading, node, "attendu" NBSP ": {fait: nombre}", "expected {fact: number}"))
                return;
        struct yaml_node *value = node->child;
        if (!leaf_name(reading, node, value->key, leaf))
                return;
        const struct fact_kind *kind = leaf_kind(reading, node, leaf->fact);
        if (kind ? kind->type != FACT_TYPE_NUMBER : !strcmp(leaf->fact, DECIDED))
                yaml_fault(reading->file, value, "le fait « %s » n’est pas un nombre",
                           "the fact \"%s\" is no number", leaf->fact);
        yaml_number(reading->file, node, value->key, true, -1e15, 1e15, &leaf->least);
}

static void read_known(struct reading *reading, struct yaml_node *node, struct trigger_node *leaf)
{
        if (yaml_is(reading->file, node, YAML_SCALAR, 0) && leaf_name(reading, node, node->text, leaf))
                leaf_kind(reading, node, leaf->fact);
}

static int read_node(struct reading *reading, struct yaml_node *node, unsigned depth);

/* Children are linked by index, because the array moves as it grows. */
static void read_children(struct reading *reading, struct yaml_node *list, int parent, unsigned depth)
{
        int previous = 0;

        if (!list->count)
                yaml_fault(reading->file, list, "attendu : au moins une condition",
                           "expected at least one condition");
        for (struct yaml_node *child = list->child; child; child = child->next) {
                int index = read_node(reading, child, depth + 1);

                if (index < 0)
                        continue;
                if (previous)
                        reading->trigger->nodes[previous].next = (uint16_t)index;
                else
                        reading->trigger->nodes[parent].child = (uint16_t)index;
                previous = index;
        }
}

static int add_node(struct reading *reading, struct yaml_node *node)
{
        struct trigger *trigger = reading->trigger;
        struct trigger_node *nodes;

        if (trigger->count == TRIGGER_NODES_MAX) {
                yaml_fault(reading->file, node, "plus de %d conditions", "more than %d conditions",
                           TRIGGER_NODES_MAX);
                return -1;
        }
        nodes = reallocarray(trigger->nodes, trigger->count + 1, sizeof(*nodes));
        if (!nodes) {
                yaml_no_memory(reading->file);
                return -1;
        }
        trigger->nodes = nodes;
        nodes[trigger->count] = (struct trigger_node){0};
        return (int)trigger->count++;
}

static bool node_op(struct reading *reading, struct yaml_node *node, enum trigger_op *ret_op)
{
        bool pair = node->shape == YAML_MAP && node->count == 1;

        for (unsigned i = 0; pair && i < ARRAY_LEN(op_words); i++) {
                if (strcmp(node->child->key, op_words[i]))
                        continue;
                *ret_op = (enum trigger_op)i;
                node->child->used = 1;
                return true;
        }
        if (!node->refused)
                yaml_fault(reading->file, node,
                           "attendu, au choix : {all: …}, {any: …}, {not: …}, {is: …}, {at_least: …}, "
                           "{known: …}, "
                           "{once: …}",
                           "expected one of {all: …}, {any: …}, {not: …}, {is: …}, {at_least: …}, {known: "
                           "…}, {once: "
                           "…}");
        return false;
}

static void read_body(struct reading *reading, struct yaml_node *body, int index, enum trigger_op op,
                      unsigned depth)
{
        struct trigger_node leaf = {.op = op};
        int child;

        switch (op) {
        case TRIGGER_ALL:
        case TRIGGER_ANY:
                if (yaml_is(reading->file, body, YAML_LIST, TRIGGER_NODES_MAX))
                        read_children(reading, body, index, depth);
                return;
        case TRIGGER_NOT:
                child = read_node(reading, body, depth + 1);
                if (child > 0)
                        reading->trigger->nodes[index].child = (uint16_t)child;
                return;
        case TRIGGER_IS:
                read_is(reading, body, &leaf);
                break;
        case TRIGGER_AT_LEAST:
                read_at_least(reading, body, &leaf);
                break;
        case TRIGGER_KNOWN:
        case TRIGGER_ONCE:
                read_known(reading, body, &leaf);
                break;
        }
        reading->trigger->nodes[index] = leaf;
}

static int read_node(struct reading *reading, struct yaml_node *node, unsigned depth)
{
        enum trigger_op op;
        int index;

        if (depth > TRIGGER_DEPTH_MAX) {
                yaml_fault(reading->file, node, "conditions imbriquées sur plus de %d niveaux",
                           "conditions nested deeper than %d", TRIGGER_DEPTH_MAX);
                return -1;
        }
        if (!node_op(reading, node, &op))
                return -1;
        index = add_node(reading, node);
        if (index < 0)
                return -1;
        reading->trigger->nodes[index].op = op;
        read_body(reading, node->child, index, op, depth);
        return index;
}

int trigger_read(struct yaml_file *file, struct yaml_node *node, const struct catalogue *catalogue,
                 struct trigger *ret_trigger)
{
        struct trigger trigger = {0};
        struct reading reading = {file, catalogue, &trigger};
        size_t found = file->log.found;

        if (!node || node->refused || file->result == -ENOMEM)
                return file->result;
        read_node(&reading, node, 0);
        if (file->log.found != found || file->result == -ENOMEM) {
                trigger_release(&trigger);
                return file->result;
        }
        *ret_trigger = trigger;
        return 0;
}

struct judging {
        const struct trigger *trigger;
        const struct incident *incident;
};

/* The value of a fact when it is known, borrowed; what a person decided on gravity reads like one. */
static const json_t *known_value(const struct incident *incident, const char *name)
{
        const struct fact *fact = incident_fact(incident, name);

        return fact && fact->state == FACT_STATE_KNOWN ? fact->value : NULL;
}

static bool gravity_is_decided(const struct incident *incident)
{
        return incident->gravity != GRAVITY_NOT_QUALIFIED && author_is_person(incident->gravity_by);
}

static bool is_known(const struct incident *incident, const char *name)
{
        return strcmp(name, DECIDED) ? known_value(incident, name) != NULL : gravity_is_decided(incident);
}

static bool value_equals(const json_t *a, const json_t *b)
{
        if (json_is_number(a) && json_is_number(b))
                return json_number_value(a) == json_number_value(b);
        return json_equal((json_t *)a, (json_t *)b);
}

static enum truth judge_is(const struct judging *judging, const struct trigger_node *node)
{
        const json_t *value = known_value(judging->incident, node->fact);
        bool decided = !strcmp(node->fact, DECIDED);

        /* That nobody decided is no gap in what is known: the facts speak then. */
        if (decided && !gravity_is_decided(judging->incident))
                return TRUTH_FALSE;
        if (!decided && !value)
                return TRUTH_UNKNOWN;
        for (size_t i = 0; i < json_array_size(node->values); i++) {
                const json_t *wanted = json_array_get(node->values, i);

                if (decided ? !strcmp(json_string_value(wanted), gravity_word(judging->incident->gravity))
                            : value_equals(value, wanted))
                        return TRUTH_TRUE;
        }
        return TRUTH_FALSE;
}

static enum truth judge_at_least(const struct judging *judging, const struct trigger_node *node)
{
        const json_t *value = known_value(judging->incident, node->fact);

        if (!json_is_number(value))
                return TRUTH_UNKNOWN;
        return json_number_value(value) >= node->least ? TRUTH_TRUE : TRUTH_FALSE;
}

static enum truth judge(const struct judging *judging, size_t index)
{
        const struct trigger_node *node = &judging->trigger->nodes[index];
        enum truth truth = node->op == TRIGGER_ANY ? TRUTH_FALSE : TRUTH_TRUE;

        switch (node->op) {
        case TRIGGER_ALL:
        case TRIGGER_ANY:
                for (size_t i = node->child; i; i = judging->trigger->nodes[i].next)
                        truth = node->op == TRIGGER_ALL ? truth_and(truth, judge(judging, i))
                                                        : truth_or(truth, judge(judging, i));
                return truth;
        case TRIGGER_NOT:
                return truth_not(judge(judging, node->child));
        case TRIGGER_IS:
                return judge_is(judging, node);
        case TRIGGER_AT_LEAST:
                return judge_at_least(judging, node);
        default:
                if (is_known(judging->incident, node->fact))
                        return TRUTH_TRUE;
                return node->op == TRIGGER_ONCE ? TRUTH_UNKNOWN : TRUTH_FALSE;
        }
}

static void support_add(struct trigger_support *support, const char *fact)
{
        for (size_t i = 0; i < support->count; i++)
                if (!strcmp(support->facts[i], fact))
                        return;
        if (support->count < TRIGGER_SUPPORT_MAX)
                memcpy(support->facts[support->count++], fact, sizeof(support->facts[0]));
}

/*
 * Which leaves carry this node's truth: of "all", every part when it is true, else the parts as false (or as
 * unknown) as the whole; of "any" the mirror image. `known` carries nothing: whether a question was answered is no fact.
 */
static void collect(const struct judging *judging, size_t index, struct trigger_support *support)
{
        const struct trigger_node *node = &judging->trigger->nodes[index];

        if (node->op == TRIGGER_IS || node->op == TRIGGER_AT_LEAST || node->op == TRIGGER_ONCE) {
                if (strcmp(node->fact, DECIDED) || gravity_is_decided(judging->incident))
                        support_add(support, node->fact);
                return;
        }
        enum truth truth = judge(judging, index);
        for (size_t i = node->child; i; i = judging->trigger->nodes[i].next)
                if (node->op == TRIGGER_NOT || judge(judging, i) == truth)
                        collect(judging, i, support);
}

enum truth trigger_evaluate(const struct trigger *trigger, const struct incident *incident,
                            struct trigger_support *ret_support)
{
        struct judging judging = {trigger, incident};
        struct trigger_support support = {0};

        if (!trigger->count) {
                if (ret_support)
                        *ret_support = support;
                return TRUTH_FALSE;
        }
        if (ret_support) {
                collect(&judging, 0, &support);
                *ret_support = support;
        }
        return judge(&judging, 0);
}
