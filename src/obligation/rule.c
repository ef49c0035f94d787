/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/rule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/folder.h"
#include "obligation/declaration_data.h"

#define RULE_WORD(name, word) word,
static const char *const event_words[] = {CLOCK_EVENTS(RULE_WORD)};
static const char *const channel_words[] = {FORM_CHANNEL_KINDS(RULE_WORD)};

void rule_release(struct rule *rule)
{
        for (size_t i = 0; i < rule->section_count; i++) {
                for (size_t j = 0; j < rule->sections[i].field_count; j++)
                        bitext_release(&rule->sections[i].fields[j].label);
                free(rule->sections[i].fields);
                bitext_release(&rule->sections[i].title);
        }
        for (size_t i = 0; i < rule->channel_count; i++)
                bitext_release(&rule->channels[i].note);
        for (size_t i = 0; i < rule->exemption_count; i++) {
                trigger_release(&rule->exemptions[i].when);
                bitext_release(&rule->exemptions[i].text);
        }
        free(rule->sections);
        free(rule->channels);
        free(rule->exemptions);
        trigger_release(&rule->trigger);
        bitext_release(&rule->title);
        bitext_release(&rule->recipient);
        memset(rule, 0, sizeof(*rule));
}

/* Room for a list's entries; NULL with nothing counted when the list is absent, too long or memory is short. */
static void *list_room(struct yaml_file *file, struct yaml_node *list, size_t most, size_t size)
{
        void *room;

        if (!yaml_is(file, list, YAML_LIST, most) || !list->count)
                return NULL;
        room = calloc(list->count, size);
        if (!room)
                yaml_no_memory(file);
        return room;
}

static void check_fact_name(struct yaml_file *file, const struct yaml_node *node, const char *name,
                            const struct catalogue *catalogue)
{
        if (catalogue && !catalogue_find(catalogue, name))
                yaml_fault(file, node, "il n’y a pas de fait « %s » dans le catalogue",
                           "there is no fact \"%s\" in the catalogue", name);
}

static void read_after(struct yaml_file *file, struct yaml_node *root, struct rule *rule)
{
        struct yaml_node *list = yaml_get(file, root, "after", YAML_LIST, false);

        if (!yaml_is(file, list, YAML_LIST, RULE_AFTER_MAX))
                return;
        for (struct yaml_node *node = list->child; node; node = node->next) {
                if (!yaml_is(file, node, YAML_SCALAR, 0))
                        continue;
                if (!yaml_name_is_valid(node->text, sizeof(rule->after[0])))
                        yaml_fault(file, node, "attendu : l’id d’une règle", "expected the id of a rule");
                else
                        strcpy(rule->after[rule->after_count++], node->text);
        }
}

static void read_clock_fact(struct yaml_file *file, struct yaml_node *node, const struct catalogue *catalogue,
                            struct rule_clock *clock)
{
        char *name = clock->facts[clock->fact_count];

        if (!yaml_is(file, node, YAML_SCALAR, 0))
                return;
        if (!yaml_name_is_valid(node->text, sizeof(clock->facts[0]))) {
                yaml_fault(file, node, "attendu : le nom d’un fait", "expected the name of a fact");
                return;
        }
        strcpy(name, node->text);
        clock->fact_count++;
        const struct fact_kind *kind = catalogue_find(catalogue, name);
        check_fact_name(file, node, name, catalogue);
        if (kind && kind->type != FACT_TYPE_TIME)
                yaml_fault(file, node, "le fait « %s » n’est pas une date", "the fact \"%s\" is no time",
                           name);
}

static void read_clock_facts(struct yaml_file *file, struct yaml_node *map, const struct catalogue *catalogue,
                             struct rule_clock *clock, bool required)
{
        struct yaml_node *list = yaml_get(file, map, "facts", YAML_LIST, required);

        if (!list)
                return;
        if (!list->count || list->count > RULE_CLOCK_FACTS) {
                yaml_fault(file, list, "attendu : de 1 à %d faits", "expected 1 to %d facts",
                           RULE_CLOCK_FACTS);
                return;
        }
        for (struct yaml_node *node = list->child; node; node = node->next)
                read_clock_fact(file, node, catalogue, clock);
}

static void read_clock(struct yaml_file *file, struct yaml_node *root, const struct catalogue *catalogue,
                       struct rule_clock *clock)
{
        struct yaml_node *map = yaml_get(file, root, "clock", YAML_MAP, true);
        unsigned event = 0;
        bool known;

        if (!map)
                return;
        known = yaml_word(file, map, "event", true, event_words, CLOCK_EVENT_COUNT, &event);
        clock->event = (enum clock_event)event;
        read_clock_facts(file, map, catalogue, clock, known && clock->event != CLOCK_EVENT_FILED);
        if (clock->event == CLOCK_EVENT_FILED)
                yaml_name(file, map, "rule", clock->rule, sizeof(clock->rule));
        else if (!known)
                yaml_any(file, map, "rule", false);
        yaml_only_known(file, map);
}

static void read_deadline(struct yaml_file *file, struct yaml_node *root, struct deadline *deadline)
{
        struct yaml_node *map = yaml_get(file, root, "deadline", YAML_MAP, true);
        size_t found = file->log.found;
        double hours = 0, months = 0;
        bool none = false;

        if (!map)
                return;
        yaml_bool(file, map, "without_delay", false, &deadline->without_delay);
        yaml_bool(file, map, "none", false, &none);
        yaml_number(file, map, "hours", false, 1, 24 * 366, &hours);
        yaml_number(file, map, "months", false, 1, 120, &months);
        yaml_only_known(file, map);
        deadline->hours = (unsigned)hours;
        deadline->months = (unsigned)months;
        if (deadline->hours != hours || deadline->months != months)
                yaml_fault(file, map, "hours et months sont des nombres entiers",
                           "hours and months are whole numbers");
        else if (file->log.found == found &&
                 deadline->without_delay + none + !!deadline->hours + !!deadline->months != 1)
                yaml_fault(file, map,
                           "attendu, un seul au choix : hours, months, without_delay: true, none: true",
                           "expected exactly one of hours, months, without_delay: true, none: true");
}

static void read_exemptions(struct yaml_file *file, struct yaml_node *root, const struct catalogue *catalogue,
                            struct rule *rule)
{
        struct yaml_node *list = yaml_get(file, root, "exemptions", YAML_LIST, false);

        rule->exemptions = list_room(file, list, RULE_EXEMPTIONS_MAX, sizeof(*rule->exemptions));
        for (struct yaml_node *node = rule->exemptions ? list->child : NULL; node; node = node->next) {
                struct rule_exemption *exemption = &rule->exemptions[rule->exemption_count++];

                trigger_read(file, yaml_any(file, node, "when", true), catalogue, &exemption->when);
                yaml_bitext(file, node, "text", true, &exemption->text);
                yaml_only_known(file, node);
        }
}

static void read_channels(struct yaml_file *file, struct yaml_node *root, struct rule *rule)
{
        struct yaml_node *list = yaml_get(file, root, "channels", YAML_LIST, true);

        rule->channels = list_room(file, list, FORM_CHANNELS_MAX, sizeof(*rule->channels));
        for (struct yaml_node *node = rule->channels ? list->child : NULL; node; node = node->next) {
                struct rule_channel *channel = &rule->channels[rule->channel_count++];
                unsigned kind = 0;

                yaml_word(file, node, "kind", true, channel_words, FORM_CHANNEL_COUNT, &kind);
                channel->kind = (enum form_channel_kind)kind;
                yaml_text(file, node, "target", false, channel->target, sizeof(channel->target));
                yaml_bitext(file, node, "note", true, &channel->note);
                yaml_day(file, node, "checked", false, &channel->checked_ms);
                yaml_day(file, node, "valid_to", true, &channel->valid_to_ms);
                yaml_only_known(file, node);
        }
}

static void read_field(struct yaml_file *file, struct yaml_node *node, const struct catalogue *catalogue,
                       struct rule_field *field)
{
        if (yaml_name(file, node, "fact", field->fact, sizeof(field->fact)) &&
            !form_source_is_known(field->fact))
                check_fact_name(file, yaml_any(file, node, "fact", false), field->fact, catalogue);
        yaml_bitext(file, node, "label", false, &field->label);
        yaml_bool(file, node, "required", false, &field->required);
        yaml_only_known(file, node);
}

static void read_section(struct yaml_file *file, struct yaml_node *node, const struct catalogue *catalogue,
                         struct rule_section *section)
{
        struct yaml_node *list = yaml_get(file, node, "fields", YAML_LIST, true);

        yaml_name(file, node, "key", section->key, sizeof(section->key));
        yaml_bitext(file, node, "title", true, &section->title);
        yaml_only_known(file, node);
        if (list && !list->count)
                yaml_fault(file, list, "une section a au moins un champ", "a section has at least one field");
        section->fields = list_room(file, list, FORM_FIELDS_MAX, sizeof(*section->fields));
        for (struct yaml_node *field = section->fields ? list->child : NULL; field; field = field->next)
                read_field(file, field, catalogue, &section->fields[section->field_count++]);
}

static void read_sections(struct yaml_file *file, struct yaml_node *root, const struct catalogue *catalogue,
                          struct rule *rule)
{
        struct yaml_node *list = yaml_get(file, root, "sections", YAML_LIST, true);

        if (list && !list->count)
                yaml_fault(file, list, "un formulaire a au moins une section",
                           "a form has at least one section");
        rule->sections = list_room(file, list, FORM_SECTIONS_MAX, sizeof(*rule->sections));
        for (struct yaml_node *node = rule->sections ? list->child : NULL; node; node = node->next)
                read_section(file, node, catalogue, &rule->sections[rule->section_count++]);
}

static void read_head(struct yaml_file *file, struct yaml_node *root, struct rule *rule)
{
        double version = 0;
        bool from, to;

        rule->authority = true;
        yaml_name(file, root, "id", rule->id, sizeof(rule->id));
        yaml_number(file, root, "version", true, 1, 1e6, &version);
        rule->version = (unsigned)version;
        yaml_bitext(file, root, "title", true, &rule->title);
        yaml_bitext(file, root, "recipient", true, &rule->recipient);
        yaml_bool(file, root, "voluntary", false, &rule->voluntary);
        yaml_bool(file, root, "authority", false, &rule->authority);
        yaml_text(file, root, "legal_basis", true, rule->legal_basis, sizeof(rule->legal_basis));
        from = yaml_day(file, root, "valid_from", true, &rule->valid_from_ms);
        to = yaml_day(file, root, "valid_to", false, &rule->valid_to_ms);
        if (from && to && rule->valid_to_ms <= rule->valid_from_ms)
                yaml_fault(file, yaml_any(file, root, "valid_to", false), "valid_to vient avant valid_from",
                           "valid_to comes before valid_from");
}

int rule_read(const char *name, const char *data, size_t length, const struct catalogue *catalogue,
              struct rule *ret_rule, struct error *error)
{
        CLEANUP(yaml_release) struct yaml_file file = {0};
        CLEANUP(rule_release) struct rule rule = {0};

        if (yaml_read(name, data, length, &file, error))
                return file.result;
        struct yaml_node *root = file.root;
        read_head(&file, root, &rule);
        trigger_read(&file, yaml_any(&file, root, "trigger", true), catalogue, &rule.trigger);
        read_after(&file, root, &rule);
        read_clock(&file, root, catalogue, &rule.clock);
        read_deadline(&file, root, &rule.deadline);
        read_exemptions(&file, root, catalogue, &rule);
        read_channels(&file, root, &rule);
        read_sections(&file, root, catalogue, &rule);
        yaml_only_known(&file, root);
        if (file.result)
                return file.result;
        *ret_rule = rule;
        memset(&rule, 0, sizeof(rule));
        return 0;
}

bool rule_is_valid_at(const struct rule *rule, int64_t wall_ms)
{
        return wall_ms >= rule->valid_from_ms && (!rule->valid_to_ms || wall_ms < rule->valid_to_ms);
}
