/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/incident.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/field.h"
#include "flow/incident_tasks.h"

#define INCIDENT_WORD(name, word) word,
static const char *const fact_state_words[] = {FACT_STATES(INCIDENT_WORD)};
#define GRAVITY_WORD(name, word, fr, en)  word,
#define GRAVITY_LABEL(name, word, fr, en) {fr, en},
static const char *const gravity_words[] = {GRAVITIES(GRAVITY_WORD)};
static const char *const gravity_labels[][LANGUAGE_COUNT] = {GRAVITIES(GRAVITY_LABEL)};
static const char *const state_words[] = {"open", "closed"};

const char *fact_state_word(enum fact_state state)
{
        return field_word(fact_state_words, FACT_STATE_COUNT, state);
}

const char *gravity_word(enum gravity gravity)
{
        return field_word(gravity_words, GRAVITY_COUNT, gravity);
}

const char *gravity_label(enum gravity gravity, enum language language)
{
        return (unsigned)gravity < GRAVITY_COUNT ? gravity_labels[gravity][language] : "?";
}

int gravity_parse(const char *word, enum gravity *ret_gravity)
{
        for (unsigned i = 0; i < GRAVITY_COUNT; i++) {
                if (!strcmp(word, gravity_words[i])) {
                        *ret_gravity = (enum gravity)i;
                        return 0;
                }
        }
        return -EINVAL;
}

void fact_release(struct fact *fact)
{
        json_decref(fact->value);
        memset(fact, 0, sizeof(*fact));
}

static bool fact_name_is_valid(const char *name)
{
        size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.");

        return length > 0 && !name[length] && length < sizeof(((struct fact *)NULL)->name);
}

/* Text may have several lines: a person describes; but no NUL, which would hide what follows it. */
static bool fact_value_is_valid(const json_t *value)
{
        if (json_is_string(value))
                return json_string_length(value) <= FACT_TEXT_MAX &&
                       strlen(json_string_value(value)) == json_string_length(value);
        return json_is_boolean(value) || json_is_number(value);
}

json_t *fact_to_json(const struct fact *fact)
{
        return json_pack("{s:s, s:O?, s:o, s:o, s:o}", "state", fact_state_word(fact->state), "value",
                         fact->value, "author", field_text_json(fact->author), "at",
                         field_time_json(fact->at_ms), "entered", field_time_json(fact->entered_ms));
}

static void read_fact_value(struct fields *fields, struct fact *fact)
{
        const json_t *value = fields_value(fields, "value", FIELD_OPTIONAL);

        if (fields->result)
                return;
        if (fact->state == FACT_STATE_KNOWN && !(value && fact_value_is_valid(value)))
                fields_fault(fields, "value",
                             "un fait connu demande true, false, un nombre ou un texte, pas trop long",
                             "a known fact needs true, false, a number or a text, not too long");
        else if (fact->state != FACT_STATE_KNOWN && value)
                fields_fault(fields, "value", "seul un fait connu a une valeur",
                             "only a known fact has a value");
        else if (value && !(fact->value = json_copy((json_t *)value)))
                fields->result = error_say(fields->error, -ENOMEM, "mémoire insuffisante", "out of memory");
}

int fact_from_json(const char *name, const json_t *json, struct fact *ret_fact, struct error *error)
{
        CLEANUP(fact_release) struct fact fact = {0};
        char noun[96];
        unsigned state = 0;

        if (!fact_name_is_valid(name))
                return error_say(error, -EINVAL,
                                 "fait « %.64s » : un nom ne contient que a à z, 0 à 9, _ et .",
                                 "fact \"%.64s\": a name holds a to z, 0 to 9, _ and . only", name);
        snprintf(noun, sizeof(noun), "fact \"%s\"", name);
        memcpy(fact.name, name, strlen(name) + 1);
        struct fields fields = fields_begin(json, noun, error);
        fields_word(&fields, "state", FIELD_REQUIRED, fact_state_words, FACT_STATE_COUNT, &state);
        fact.state = (enum fact_state)state;
        read_fact_value(&fields, &fact);
        fields_text(&fields, "author", FIELD_OPTIONAL, fact.author, sizeof(fact.author));
        fields_time(&fields, "at", FIELD_OPTIONAL, &fact.at_ms);
        fields_time(&fields, "entered", FIELD_OPTIONAL, &fact.entered_ms);
        int r = fields_end(&fields);
        if (r)
                return r;
        *ret_fact = fact;
        memset(&fact, 0, sizeof(fact));
        return 0;
}

void incident_release(struct incident *incident)
{
        bitext_release(&incident->title);
        for (size_t i = 0; i < incident->fact_count; i++)
                fact_release(&incident->facts[i]);
        free(incident->facts);
        free(incident->findings);
        free(incident->measures);
        incident_tasks_release(incident);
        memset(incident, 0, sizeof(*incident));
}

/* Where `name` is, or where it would go; the facts are sorted. */
static size_t fact_position(const struct incident *incident, const char *name, bool *ret_found)
{
        size_t low = 0, high = incident->fact_count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                int order = strcmp(incident->facts[middle].name, name);

                if (order == 0) {
                        *ret_found = true;
                        return middle;
                }
                if (order < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        *ret_found = false;
        return low;
}

const struct fact *incident_fact(const struct incident *incident, const char *name)
{
        bool found;
        size_t at = fact_position(incident, name, &found);

        return found ? &incident->facts[at] : NULL;
}

static int check_fact(const struct fact *fact, struct error *error)
{
        if (!memchr(fact->name, '\0', sizeof(fact->name)) || !fact_name_is_valid(fact->name))
                return error_say(error, -EINVAL, "fait : un nom ne contient que a à z, 0 à 9, _ et .",
                                 "fact: a name holds a to z, 0 to 9, _ and . only");
        if ((unsigned)fact->state >= FACT_STATE_COUNT)
                return error_say(error, -EINVAL, "fait « %s » : cet état n’existe pas",
                                 "fact \"%s\": no such state", fact->name);
        if (fact->state == FACT_STATE_KNOWN && !(fact->value && fact_value_is_valid(fact->value)))
                return error_say(error, -EINVAL,
                                 "fait « %s » : un fait connu demande true, false, un nombre ou un texte",
                                 "fact \"%s\": a known fact needs true, false, a number or a text",
                                 fact->name);
        if (fact->state != FACT_STATE_KNOWN && fact->value)
                return error_say(error, -EINVAL, "fait « %s » : seul un fait connu a une valeur",
                                 "fact \"%s\": only a known fact has a value", fact->name);
        return 0;
}

static int incident_make_room(struct incident *incident, size_t at, struct error *error)
{
        struct fact *facts;

        if (incident->fact_count >= INCIDENT_FACTS_MAX)
                return error_say(error, -E2BIG, "un incident contient %d faits au plus",
                                 "an incident holds at most %d facts", INCIDENT_FACTS_MAX);
        facts = reallocarray(incident->facts, incident->fact_count + 1, sizeof(*facts));
        if (!facts)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        memmove(facts + at + 1, facts + at, (incident->fact_count - at) * sizeof(*facts));
        memset(facts + at, 0, sizeof(*facts));
        incident->facts = facts;
        incident->fact_count++;
        return 0;
}

int incident_set_fact(struct incident *incident, const struct fact *fact, struct error *error)
{
        json_t *value = NULL;
        bool found;
        int r = check_fact(fact, error);

        if (r)
                return r;
        if (fact->value && !(value = json_copy(fact->value)))
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        size_t at = fact_position(incident, fact->name, &found);
        if (!found) {
                r = incident_make_room(incident, at, error);
                if (r) {
                        json_decref(value);
                        return r;
                }
        }
        struct fact copy = *fact; /* `fact` may be the very one that is replaced */
        copy.value = value;
        fact_release(&incident->facts[at]);
        incident->facts[at] = copy;
        return 0;
}

static int id_list_add(struct id **list, size_t *count, size_t most, const struct id *id, const char *fr,
                       const char *en, struct error *error)
{
        struct id *longer;

        for (size_t i = 0; i < *count; i++)
                if (!strcmp((*list)[i].text, id->text))
                        return 0;
        if (*count >= most) {
                error_say_in(error, -E2BIG, LANGUAGE_FR, "un incident contient %zu %s au plus", most, fr);
                return error_say_in(error, -E2BIG, LANGUAGE_EN, "an incident holds at most %zu %s", most, en);
        }
        longer = reallocarray(*list, *count + 1, sizeof(*longer));
        if (!longer)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        longer[(*count)++] = *id;
        *list = longer;
        return 0;
}

int incident_add_finding(struct incident *incident, const struct id *finding, struct error *error)
{
        return id_list_add(&incident->findings, &incident->finding_count, INCIDENT_FINDINGS_MAX, finding,
                           "constats", "findings", error);
}

int incident_add_measure(struct incident *incident, const struct id *measure, struct error *error)
{
        return id_list_add(&incident->measures, &incident->measure_count, INCIDENT_MEASURES_MAX, measure,
                           "mesures", "measures", error);
}

static json_t *ids_json(const struct id *ids, size_t count)
{
        json_t *list = json_array();

        for (size_t i = 0; i < count; i++)
                if (json_array_append_new(list, json_string(ids[i].text))) {
                        json_decref(list);
                        return NULL;
                }
        return list;
}

static json_t *facts_json(const struct incident *incident)
{
        json_t *facts = json_object();

        for (size_t i = 0; i < incident->fact_count; i++)
                if (json_object_set_new(facts, incident->facts[i].name, fact_to_json(&incident->facts[i]))) {
                        json_decref(facts);
                        return NULL;
                }
        return facts;
}

json_t *incident_to_json(const struct incident *incident)
{
        char opened[TIME_TEXT_SIZE];
        bool qualified = incident->gravity != GRAVITY_NOT_QUALIFIED;
        json_t *json;

        time_format(incident->opened_ms, opened);
        json = json_pack("{s:s, s:s, s:s, s:o, s:s, s:s, s:o, s:o, s:s?, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
                         incident->id.text, "kind", incident->kind, "subject", incident->subject, "title",
                         bitext_to_json(&incident->title), "state", state_words[incident->open ? 0 : 1],
                         "opened", opened, "closed", field_time_json(incident->closed_ms), "last_finding",
                         field_time_json(incident->last_finding_ms), "gravity",
                         qualified ? gravity_word(incident->gravity) : NULL, "gravity_by",
                         field_text_json(incident->gravity_by), "findings",
                         ids_json(incident->findings, incident->finding_count), "measures",
                         ids_json(incident->measures, incident->measure_count), "facts", facts_json(incident),
                         "playbooks", incident_playbooks_json(incident), "tasks",
                         incident_tasks_json(incident));
        if (json && incident->owing)
                json_object_set_new(json, "owing", json_true());
        return json;
}

typedef int (*add_id)(struct incident *incident, const struct id *id, struct error *error);

static void read_ids(struct fields *fields, const char *key, char prefix, size_t most, add_id add,
                     struct incident *incident)
{
        const json_t *list = fields_array(fields, key, most);
        struct id id;

        for (size_t i = 0; i < json_array_size(list) && !fields->result; i++) {
                const json_t *entry = json_array_get(list, i);

                if (!json_is_string(entry) || json_string_length(entry) != ID_TEXT_SIZE - 1 ||
                    id_parse(json_string_value(entry), prefix, &id))
                        fields_fault(fields, key,
                                     "contient autre chose qu’un identifiant de la sorte attendue",
                                     "holds something that is not an id of the expected kind");
                else
                        fields->result = add(incident, &id, fields->error);
        }
}

static void read_facts(struct fields *fields, struct incident *incident)
{
        json_t *facts = (json_t *)fields_object(fields, "facts", INCIDENT_FACTS_MAX);
        const char *name;
        json_t *value;

        if (!facts)
                return;
        json_object_foreach(facts, name, value)
        {
                struct fact fact = {0};

                fields->result = fact_from_json(name, value, &fact, fields->error);
                if (!fields->result)
                        fields->result = incident_set_fact(incident, &fact, fields->error);
                fact_release(&fact);
                if (fields->result)
                        return;
        }
}

static void read_course(struct fields *fields, struct incident *incident)
{
        unsigned state = 0, gravity = GRAVITY_NOT_QUALIFIED;

        fields_word(fields, "state", FIELD_REQUIRED, state_words, ARRAY_LEN(state_words), &state);
        fields_time(fields, "opened", FIELD_REQUIRED, &incident->opened_ms);
        fields_time(fields, "closed", FIELD_OPTIONAL, &incident->closed_ms);
        fields_time(fields, "last_finding", FIELD_OPTIONAL, &incident->last_finding_ms);
        fields_word(fields, "gravity", FIELD_OPTIONAL, gravity_words, GRAVITY_COUNT, &gravity);
        fields_text(fields, "gravity_by", FIELD_OPTIONAL, incident->gravity_by, sizeof(incident->gravity_by));
        incident->open = state == 0;
        incident->gravity = (enum gravity)gravity;
        fields_bool(fields, "owing", FIELD_OPTIONAL, &incident->owing);
        if (incident->open != (incident->closed_ms == 0))
                fields_fault(fields, "closed",
                             "un incident fermé a une date de fermeture, un incident ouvert n’en a pas",
                             "a closed incident has a time of closing, an open one has none");
}

int incident_from_json(const json_t *json, struct incident *ret_incident, struct error *error)
{
        CLEANUP(incident_release) struct incident incident = {0};
        struct fields fields = fields_begin(json, "incident", error);

        fields_id(&fields, "id", 'i', FIELD_REQUIRED, &incident.id);
        fields_text(&fields, "kind", FIELD_REQUIRED, incident.kind, sizeof(incident.kind));
        fields_text(&fields, "subject", FIELD_REQUIRED, incident.subject, sizeof(incident.subject));
        fields_bitext(&fields, "title", &incident.title);
        read_course(&fields, &incident);
        read_ids(&fields, "findings", 'f', INCIDENT_FINDINGS_MAX, incident_add_finding, &incident);
        read_ids(&fields, "measures", 'm', INCIDENT_MEASURES_MAX, incident_add_measure, &incident);
        read_facts(&fields, &incident);
        incident_tasks_read(&fields, &incident);
        int r = fields_end(&fields);
        if (r)
                return r;
        *ret_incident = incident;
        memset(&incident, 0, sizeof(incident));
        return 0;
}

static int copy_array(void **to, size_t *to_count, const void *from, size_t count, size_t size)
{
        if (!count)
                return 0;
        *to = malloc(count * size);
        if (!*to)
                return -ENOMEM;
        memcpy(*to, from, count * size);
        *to_count = count;
        return 0;
}

static int copy_facts(struct incident *to, const struct incident *from)
{
        int r = copy_array((void **)&to->facts, &to->fact_count, from->facts, from->fact_count,
                           sizeof(*from->facts));

        for (size_t i = 0; i < to->fact_count; i++)
                to->facts[i].value = json_deep_copy(from->facts[i].value);
        for (size_t i = 0; !r && i < to->fact_count; i++)
                if (from->facts[i].value && !to->facts[i].value)
                        r = -ENOMEM;
        return r;
}

static int copy_tasks(struct incident *to, const struct incident *from)
{
        int r = 0;

        if (!from->task_count)
                return 0;
        to->tasks = calloc(from->task_count, sizeof(*to->tasks));
        if (!to->tasks)
                return -ENOMEM;
        for (to->task_count = 0; !r && to->task_count < from->task_count; to->task_count++)
                r = task_copy(&to->tasks[to->task_count], &from->tasks[to->task_count]);
        return r;
}

int incident_copy(struct incident *to, const struct incident *from)
{
        struct incident copy = *from;
        int r;

        if (to == from)
                return 0;
        copy.title = (struct bitext)BITEXT_INIT;
        copy.findings = NULL;
        copy.measures = NULL;
        copy.facts = NULL;
        copy.playbooks = NULL;
        copy.tasks = NULL;
        copy.finding_count = copy.measure_count = copy.fact_count = copy.playbook_count = copy.task_count = 0;
        r = bitext_copy(&copy.title, &from->title);
        if (!r)
                r = copy_array((void **)&copy.findings, &copy.finding_count, from->findings,
                               from->finding_count, sizeof(*from->findings));
        if (!r)
                r = copy_array((void **)&copy.measures, &copy.measure_count, from->measures,
                               from->measure_count, sizeof(*from->measures));
        if (!r)
                r = copy_array((void **)&copy.playbooks, &copy.playbook_count, from->playbooks,
                               from->playbook_count, sizeof(*from->playbooks));
        if (!r)
                r = copy_facts(&copy, from);
        if (!r)
                r = copy_tasks(&copy, from);
        if (r) {
                incident_release(&copy);
                return r;
        }
        incident_release(to);
        *to = copy;
        return 0;
}
