/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/scenario.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "flow/yaml_tree.h"

#define PPS_MAX      2000000
#define REQUESTS_MAX 2000

static const char *const act_words[] = {
        [SCENARIO_THROTTLE] = "throttle",
        [SCENARIO_FENCE] = "fence",
        [SCENARIO_REOPEN] = "reopen",
        [SCENARIO_LIFT] = "lift",
};

struct scenario *scenario_free(struct scenario *scenario)
{
        if (scenario)
                bitext_release(&scenario->title);
        free(scenario);
        return NULL;
}

static void cleanup_scenario(struct scenario **scenario)
{
        scenario_free(*scenario);
}

/* A whole number, required; 0 when it is at fault. */
static uint64_t read_whole(struct yaml_file *file, struct yaml_node *map, const char *key, double least,
                           double most)
{
        double number = 0;

        if (!yaml_number(file, map, key, true, least, most, &number))
                return 0;
        if (number == (double)(uint64_t)number)
                return (uint64_t)number;
        yaml_fault(file, yaml_any(file, map, key, false), "attendu : un nombre entier",
                   "expected a whole number");
        return 0;
}

static uint32_t read_count(struct yaml_file *file, struct yaml_node *map, const char *key, double least,
                           double most)
{
        return (uint32_t)read_whole(file, map, key, least, most);
}

/* The list at a key, when it is there with at least `least` and at most `most` items; else NULL, told. */
static struct yaml_node *read_list(struct yaml_file *file, struct yaml_node *map, const char *key,
                                   size_t least, size_t most)
{
        struct yaml_node *list = yaml_get(file, map, key, YAML_LIST, true);

        if (!yaml_is(file, list, YAML_LIST, most))
                return NULL;
        if (list->count >= least)
                return list;
        yaml_fault(file, list, "attendu : de %zu à %zu éléments", "expected %zu to %zu items", least, most);
        return NULL;
}

static void read_countries(struct yaml_file *file, struct yaml_node *map, const char *key, size_t least,
                           char (*codes)[3], unsigned *count)
{
        struct yaml_node *list = read_list(file, map, key, least, SCENARIO_COUNTRIES_MAX);

        for (struct yaml_node *node = list ? list->child : NULL; node; node = node->next) {
                if (!yaml_is(file, node, YAML_SCALAR, 0))
                        continue;
                if (strlen(node->text) != 2 || node->text[strspn(node->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")])
                        yaml_fault(file, node, "attendu : un code de pays à deux lettres, tel que FR",
                                   "expected a country code of two letters, such as FR");
                else
                        memcpy(codes[(*count)++], node->text, 3);
        }
}

static void read_address(struct yaml_file *file, struct yaml_node *map, const char *key, uint8_t family,
                         char *ret_text, size_t size, struct addr *ret_addr)
{
        if (!yaml_text(file, map, key, true, ret_text, size))
                return;
        if (addr_parse(ret_text, ret_addr) || ret_addr->family != family)
                yaml_fault(file, yaml_any(file, map, key, false), "attendu : une adresse IPv%u",
                           "expected an IPv%u address", (unsigned)family);
}

static void read_service(struct yaml_file *file, struct yaml_node *node, struct scenario_service *service)
{
        yaml_name(file, node, "name", service->name, sizeof(service->name));
        read_address(file, node, "v4", 4, service->v4, sizeof(service->v4), &service->addr_v4);
        read_address(file, node, "v6", 6, service->v6, sizeof(service->v6), &service->addr_v6);
        service->port = (uint16_t)read_count(file, node, "port", 1, UINT16_MAX);
        yaml_only_known(file, node);
}

static void read_services(struct yaml_file *file, struct scenario *scenario)
{
        struct yaml_node *list = read_list(file, file->root, "services", 1, SCENARIO_SERVICES_MAX);

        for (struct yaml_node *node = list ? list->child : NULL; node; node = node->next)
                read_service(file, node, &scenario->services[scenario->service_count++]);
}

static void read_crowd(struct yaml_file *file, struct scenario_crowd *crowd)
{
        struct yaml_node *map = yaml_get(file, file->root, "crowd", YAML_MAP, true);

        if (!map)
                return;
        crowd->requests_per_second = read_count(file, map, "requests_per_second", 1, REQUESTS_MAX);
        crowd->known_europe = read_count(file, map, "known_europe", 1, SCENARIO_CLIENTS_MAX);
        crowd->known_elsewhere = read_count(file, map, "known_elsewhere", 1, SCENARIO_CLIENTS_MAX);
        crowd->new_europe = read_count(file, map, "new_europe", 1, SCENARIO_CLIENTS_MAX);
        crowd->new_elsewhere = read_count(file, map, "new_elsewhere", 1, SCENARIO_CLIENTS_MAX);
        crowd->v6_percent = read_count(file, map, "v6_percent", 0, 100);
        crowd->second_service_percent = read_count(file, map, "second_service_percent", 0, 100);
        read_countries(file, map, "europe", 1, crowd->europe, &crowd->europe_count);
        read_countries(file, map, "elsewhere", 1, crowd->elsewhere, &crowd->elsewhere_count);
        yaml_only_known(file, map);
        if (crowd->known_europe + crowd->known_elsewhere + crowd->new_europe + crowd->new_elsewhere >
            SCENARIO_CLIENTS_MAX)
                yaml_fault(file, map, "les clients de toutes les catégories sont au plus %d",
                           "the clients of all classes are at most %d", SCENARIO_CLIENTS_MAX);
}

static void find_service(struct yaml_file *file, struct yaml_node *node, const struct scenario *scenario,
                         struct scenario_wave *wave)
{
        if (!yaml_text(file, node, "service", true, wave->service, sizeof(wave->service)))
                return;
        for (unsigned i = 0; i < scenario->service_count; i++) {
                if (strcmp(wave->service, scenario->services[i].name))
                        continue;
                wave->service_index = i;
                return;
        }
        yaml_fault(file, yaml_any(file, node, "service", false), "aucun service ne s’appelle %s",
                   "no service is called %s", wave->service);
}

static void read_wave(struct yaml_file *file, struct yaml_node *node, const struct scenario *scenario,
                      struct scenario_wave *wave)
{
        size_t found = file->log.found;

        if (yaml_text(file, node, "capture", true, wave->capture, sizeof(wave->capture)) &&
            strchr(wave->capture, '/'))
                yaml_fault(file, yaml_any(file, node, "capture", false),
                           "attendu : un nom de fichier sans dossier",
                           "expected a file name without folders");
        find_service(file, node, scenario, wave);
        wave->port = (uint16_t)read_count(file, node, "port", 0, UINT16_MAX);
        wave->pps = read_count(file, node, "pps", 1, PPS_MAX);
        wave->from_s = read_count(file, node, "from_s", 0, SCENARIO_SECONDS_MAX);
        wave->to_s = read_count(file, node, "to_s", 1, SCENARIO_SECONDS_MAX);
        yaml_only_known(file, node);
        if (file->log.found == found && scenario->attack_s &&
            (wave->to_s <= wave->from_s || wave->to_s > scenario->attack_s))
                yaml_fault(file, node, "il faut from_s < to_s <= attack_s",
                           "from_s < to_s <= attack_s must hold");
}

static void read_waves(struct yaml_file *file, struct scenario *scenario)
{
        struct yaml_node *list = read_list(file, file->root, "waves", 1, SCENARIO_WAVES_MAX);

        for (struct yaml_node *node = list ? list->child : NULL; node; node = node->next)
                read_wave(file, node, scenario, &scenario->waves[scenario->wave_count++]);
}

static void read_step(struct yaml_file *file, struct yaml_node *node, struct scenario_step *step)
{
        unsigned act = 0;

        step->at_s = read_count(file, node, "at_s", 0, SCENARIO_SECONDS_MAX);
        step->after_s = read_count(file, node, "after_s", 0, SCENARIO_SECONDS_MAX);
        yaml_word(file, node, "do", true, act_words, ARRAY_LEN(act_words), &act);
        step->act = (enum scenario_act)act;
        step->pps = read_count(file, node, "pps", 0, PPS_MAX);
        read_countries(file, node, "countries", 0, step->countries, &step->country_count);
        yaml_only_known(file, node);
}

static void read_steps(struct yaml_file *file, struct scenario *scenario)
{
        struct yaml_node *list = read_list(file, file->root, "as_in_2020", 1, SCENARIO_STEPS_MAX);

        for (struct yaml_node *node = list ? list->child : NULL; node; node = node->next)
                read_step(file, node, &scenario->steps[scenario->step_count++]);
}

static void read_answer(struct yaml_file *file, struct yaml_node *node, const struct catalogue *catalogue,
                        struct scenario_answer *answer)
{
        answer->at_s = read_count(file, node, "at_s", 0, SCENARIO_SECONDS_MAX);
        if (yaml_name(file, node, "fact", answer->fact, sizeof(answer->fact)) && catalogue &&
            !catalogue_find(catalogue, answer->fact))
                yaml_fault(file, yaml_any(file, node, "fact", false),
                           "il n’y a pas de fait « %s » dans le catalogue",
                           "there is no fact \"%s\" in the catalogue", answer->fact);
        yaml_text(file, node, "value", true, answer->value, sizeof(answer->value));
        yaml_only_known(file, node);
}

static void read_answers(struct yaml_file *file, const struct catalogue *catalogue, struct scenario *scenario)
{
        struct yaml_node *list = read_list(file, file->root, "answers", 0, SCENARIO_ANSWERS_MAX);

        for (struct yaml_node *node = list ? list->child : NULL; node; node = node->next)
                read_answer(file, node, catalogue, &scenario->answers[scenario->answer_count++]);
}

static void read_file(struct yaml_file *file, const struct catalogue *catalogue, struct scenario *scenario)
{
        struct yaml_node *root = file->root;

        yaml_name(file, root, "name", scenario->name, sizeof(scenario->name));
        yaml_bitext(file, root, "title", true, &scenario->title);
        scenario->seed = read_whole(file, root, "seed", 0, 1e15);
        scenario->calm_s = read_count(file, root, "calm_s", 1, SCENARIO_SECONDS_MAX);
        scenario->attack_s = read_count(file, root, "attack_s", 1, SCENARIO_SECONDS_MAX);
        scenario->reopen_s = read_count(file, root, "reopen_s", 1, SCENARIO_SECONDS_MAX);
        read_services(file, scenario);
        read_crowd(file, &scenario->crowd);
        read_waves(file, scenario);
        read_steps(file, scenario);
        read_answers(file, catalogue, scenario);
        yaml_only_known(file, root);
}

int scenario_read(const char *name, const char *data, size_t length, const struct catalogue *catalogue,
                  struct scenario **ret_scenario, struct error *error)
{
        CLEANUP(cleanup_scenario) struct scenario *scenario = calloc(1, sizeof(*scenario));
        CLEANUP(yaml_release) struct yaml_file file = {0};

        if (!scenario)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        if (yaml_read(name, data, length, &file, error))
                return file.result;
        read_file(&file, catalogue, scenario);
        if (file.result)
                return file.result;
        *ret_scenario = STEAL_PTR(scenario);
        return 0;
}

int scenario_load(const char *path, struct scenario **ret_scenario, struct error *error)
{
        CLEANUP(cleanup_free) char *text = NULL;
        size_t length;
        int r = file_read(path, YAML_BYTES_MAX, &text, &length, error);

        return r ? r : scenario_read(path, text, length, NULL, ret_scenario, error);
}
