/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/folder.h"
#include "incident/playbook.h"

struct two_labels {
        const char *word, *fr, *en;
};

#define ROW(name, word, fr, en) {word, fr, en},
static const struct two_labels roles[] = {PLAYBOOK_ROLES(ROW)};
static const struct two_labels phases[] = {PLAYBOOK_PHASES(ROW)};

const char *playbook_role_word(enum playbook_role role)
{
        return (unsigned)role < PLAYBOOK_ROLE_COUNT ? roles[role].word : "?";
}

const char *playbook_phase_word(enum playbook_phase phase)
{
        return (unsigned)phase < PLAYBOOK_PHASE_COUNT ? phases[phase].word : "?";
}

const char *playbook_role_label(enum playbook_role role, enum language language)
{
        return (unsigned)role < PLAYBOOK_ROLE_COUNT ? language_pick(language, roles[role].fr, roles[role].en)
                                                    : "?";
}

const char *playbook_phase_label(enum playbook_phase phase, enum language language)
{
        return (unsigned)phase < PLAYBOOK_PHASE_COUNT
                       ? language_pick(language, phases[phase].fr, phases[phase].en)
                       : "?";
}

/* ---- the set ---- */

void playbooks_release(struct playbook_set *set)
{
        for (size_t i = 0; i < set->count; i++)
                playbook_release(&set->playbooks[i]);
        free(set->playbooks);
        *set = (struct playbook_set){0};
}

const struct playbook *playbooks_find(const struct playbook_set *set, const char *id)
{
        for (size_t i = 0; i < set->count; i++)
                if (!strcmp(set->playbooks[i].id, id))
                        return &set->playbooks[i];
        return NULL;
}

const struct playbook *playbooks_entry(const struct playbook_set *set, const char *id)
{
        const struct playbook *playbook = playbooks_find(set, id);

        return playbook && playbook->entry.is_set ? playbook : NULL;
}

const struct playbook_step *playbook_step_find(const struct playbook *playbook, const char *key)
{
        for (size_t i = 0; i < playbook->step_count; i++)
                if (!strcmp(playbook->steps[i].key, key))
                        return &playbook->steps[i];
        return NULL;
}

const struct playbook_step *playbooks_step(const struct playbook_set *set, const char *task,
                                           const struct playbook **ret_playbook)
{
        size_t length = strcspn(task, ".");
        const struct playbook_step *step;
        char id[PLAYBOOK_ID_SIZE];

        if (!task[length] || length >= sizeof(id))
                return NULL;
        memcpy(id, task, length);
        id[length] = '\0';
        const struct playbook *playbook = playbooks_find(set, id);
        step = playbook ? playbook_step_find(playbook, task + length + 1) : NULL;
        if (step && ret_playbook)
                *ret_playbook = playbook;
        return step;
}

struct loading {
        const struct catalogue *catalogue;
        struct playbook_set set;
};

static int load_one(void *context, const char *path, const char *data, size_t length, struct error *error)
{
        struct loading *loading = context;
        struct playbook_set *set = &loading->set;
        CLEANUP(playbook_release) struct playbook playbook = {0};
        struct playbook *longer;
        int r = playbook_read(path, data, length, loading->catalogue, &playbook, error);

        if (r)
                return r;
        if (playbooks_find(set, playbook.id))
                return error_say(error, -EINVAL,
                                 "%s : le plan d’action « %s » est déjà dans un autre fichier",
                                 "%s: the playbook \"%s\" is in another file already", path, playbook.id);
        if (set->count == PLAYBOOKS_MAX)
                return error_say(error, -E2BIG, "%s : plus de %d plans d’action",
                                 "%s: more than %d playbooks", path, PLAYBOOKS_MAX);
        longer = reallocarray(set->playbooks, set->count + 1, sizeof(*longer));
        if (!longer)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        longer[set->count++] = playbook;
        memset(&playbook, 0, sizeof(playbook));
        set->playbooks = longer;
        return 0;
}

static int check_with(const struct playbook_set *set, const char *folder, struct error *error)
{
        for (size_t i = 0; i < set->count; i++)
                for (size_t k = 0; k < set->playbooks[i].with_count; k++)
                        if (!playbooks_find(set, set->playbooks[i].with[k]))
                                return error_say(error, -EINVAL,
                                                 "%s/%s.yaml : with : il n’y a pas de plan d’action « %s »",
                                                 "%s/%s.yaml: with: there is no playbook \"%s\"", folder,
                                                 set->playbooks[i].id, set->playbooks[i].with[k]);
        return 0;
}

static int compare_playbooks(const void *a, const void *b)
{
        return strcmp(((const struct playbook *)a)->id, ((const struct playbook *)b)->id);
}

int playbooks_load(const char *folder, const struct catalogue *catalogue, struct playbook_set *ret_set,
                   struct error *error)
{
        struct loading loading = {.catalogue = catalogue};
        int r = folder_each_yaml(folder, load_one, &loading, error);

        if (!r)
                r = check_with(&loading.set, folder, error);
        if (r) {
                playbooks_release(&loading.set);
                return r;
        }
        qsort(loading.set.playbooks, loading.set.count, sizeof(struct playbook), compare_playbooks);
        *ret_set = loading.set;
        return 0;
}

/* ---- JSON ---- */

static json_t *label_json(const char *fr, const char *en)
{
        return json_pack("{s:s, s:s}", "fr", fr, "en", en);
}

static json_t *due_json(const struct step_due *due)
{
        static const char *const from[] = {"", "opened", "after", "before"};

        if (due->from == STEP_DUE_NONE)
                return json_null();
        return json_pack("{s:s, s:I, s:s?}", "from", from[due->from], "minutes", (json_int_t)due->minutes,
                         "name", due->name[0] ? due->name : NULL);
}

static json_t *template_json(const struct step_measure *measure)
{
        if (!measure->is_set)
                return json_null();
        return json_pack("{s:s, s:s?, s:s?, s:O, s:i}", "kind", measure_kind_word(measure->kind), "subject",
                         measure->subject[0] ? measure->subject : NULL, "subject_from",
                         measure->subject_from[0] ? measure->subject_from : NULL, "selector",
                         measure->selector, "minutes", (int)measure->minutes);
}

static json_t *step_json(const struct playbook_step *step)
{
        json_t *json = json_pack("{s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:b, s:b, s:s?, s:o}", "key", step->key,
                                 "role", playbook_role_word(step->role), "role_label",
                                 label_json(roles[step->role].fr, roles[step->role].en), "phase",
                                 playbook_phase_word(step->phase), "phase_label",
                                 label_json(phases[step->phase].fr, phases[step->phase].en), "text",
                                 bitext_to_json(&step->text), "due", due_json(&step->due), "public",
                                 step->is_public, "conditional", step->when.count > 0, "obligation",
                                 step->obligation[0] ? step->obligation : NULL, "measure",
                                 template_json(&step->measure));

        if (json &&
            ((step->detail.fr && json_object_set_new(json, "detail", bitext_to_json(&step->detail))) ||
             (step->evidence.fr && json_object_set_new(json, "evidence", bitext_to_json(&step->evidence))))) {
                json_decref(json);
                return NULL;
        }
        return json;
}

static json_t *names_json(const char *first, size_t size, size_t count)
{
        json_t *list = json_array();

        for (size_t i = 0; i < count; i++)
                json_array_append_new(list, json_string(first + i * size));
        return list;
}

static json_t *entry_json(const struct playbook_entry *entry)
{
        if (!entry->is_set)
                return json_null();
        return json_pack("{s:i, s:o, s:s, s:s, s:o, s:o}", "order", (int)entry->order, "title",
                         bitext_to_json(&entry->title), "icon", entry->icon, "kind", entry->kind, "questions",
                         names_json(entry->questions[0], sizeof(entry->questions[0]), entry->question_count),
                         "call", entry->call.fr ? bitext_to_json(&entry->call) : json_null());
}

json_t *playbook_to_json(const struct playbook *playbook, bool steps)
{
        json_t *list = steps ? json_array() : NULL;
        json_t *json = json_pack(
                "{s:s, s:i, s:o, s:o, s:o, s:o, s:i}", "id", playbook->id, "version", (int)playbook->version,
                "title", bitext_to_json(&playbook->title), "kinds",
                names_json(playbook->kinds[0], sizeof(playbook->kinds[0]), playbook->kind_count), "with",
                names_json(playbook->with[0], sizeof(playbook->with[0]), playbook->with_count), "entry",
                entry_json(&playbook->entry), "step_count", (int)playbook->step_count);

        for (size_t i = 0; list && i < playbook->step_count; i++)
                if (json_array_append_new(list, step_json(&playbook->steps[i]))) {
                        json_decref(list);
                        json_decref(json);
                        return NULL;
                }
        if (list && json_object_set_new(json, "steps", list)) {
                json_decref(json);
                return NULL;
        }
        return json;
}
