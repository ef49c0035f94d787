/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/crowd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "drill/process.h"
#include "drill/visitor.h"

#define PICK_TRIES    64 /* until an address is found that neither floods nor is taken */
#define STOP_GRACE_MS 500

struct crowd {
        struct crowd_client *clients;
        size_t count;
        struct visitor_crowd visitors;
        struct crowd_share *share;
        pid_t pid;
};

struct choice {
        const struct scenario *scenario;
        const struct places *places;
        const struct flood_source *sources;
        size_t source_count;
        const struct random *random;
};

static int compare_address(const void *key, const void *item)
{
        const struct addr *addr = key;
        const struct flood_source *source = item;

        if (addr->family != source->addr.family)
                return addr->family < source->addr.family ? -1 : 1;
        return memcmp(addr->bytes, source->addr.bytes, 16);
}

static bool floods(const struct choice *choice, const struct addr *addr)
{
        return bsearch(addr, choice->sources, choice->source_count, sizeof(*choice->sources),
                       compare_address);
}

static bool taken(const struct crowd *crowd, const struct addr *addr)
{
        for (size_t i = 0; i < crowd->count; i++)
                if (addr_equal(&crowd->clients[i].addr, addr))
                        return true;
        return false;
}

/* Last bytes 0 and 255 are rarely a host; a person would wonder at them in a report. */
static bool host_like(const struct addr *addr)
{
        return addr->family != 4 || (addr->bytes[3] != 0 && addr->bytes[3] != 255);
}

static uint32_t below(const struct choice *choice, uint32_t limit)
{
        return (uint32_t)(random_u64(choice->random) % limit);
}

static int choose_client(const struct choice *choice, const struct crowd *crowd, enum tally_class class,
                         struct crowd_client *ret_client, struct error *error)
{
        const struct scenario_crowd *wanted = &choice->scenario->crowd;
        bool europe = class == TALLY_KNOWN_EUROPE || class == TALLY_NEW_EUROPE;
        const char *code = europe ? wanted->europe[below(choice, wanted->europe_count)]
                                  : wanted->elsewhere[below(choice, wanted->elsewhere_count)];
        unsigned family = below(choice, 100) < wanted->v6_percent ? 6 : 4;
        struct crowd_client client = {.class = (uint8_t) class,
                                      .country = (uint16_t)places_number(choice->places, code)};

        if (choice->scenario->service_count > 1 && below(choice, 100) < wanted->second_service_percent)
                client.service = 1;
        for (int i = 0; client.country && i < PICK_TRIES; i++) {
                if (places_pick(choice->places, client.country, family, choice->random, &client.addr)) {
                        family = 4;
                        continue;
                }
                if (host_like(&client.addr) && !floods(choice, &client.addr) && !taken(crowd, &client.addr)) {
                        *ret_client = client;
                        return 0;
                }
        }
        return error_say(error, -ENODATA, "crowd : aucune adresse trouvée dans le pays %s",
                         "crowd: no address can be found in the country %s", code);
}

static int choose_all(const struct choice *choice, struct crowd *crowd, struct error *error)
{
        const struct scenario_crowd *wanted = &choice->scenario->crowd;
        const uint32_t counts[TALLY_CLASS_COUNT] = {
                [TALLY_KNOWN_EUROPE] = wanted->known_europe,
                [TALLY_NEW_EUROPE] = wanted->new_europe,
                [TALLY_KNOWN_ELSEWHERE] = wanted->known_elsewhere,
                [TALLY_NEW_ELSEWHERE] = wanted->new_elsewhere,
        };
        int r;

        for (unsigned class = 0; class < TALLY_CLASS_COUNT; class ++) {
                crowd->visitors.first[class] = (uint32_t)crowd->count;
                for (uint32_t i = 0; i < counts[class]; i++) {
                        r = choose_client(choice, crowd, class, &crowd->clients[crowd->count], error);
                        if (r)
                                return r;
                        crowd->count++;
                }
        }
        crowd->visitors.first[TALLY_CLASS_COUNT] = (uint32_t)crowd->count;
        return 0;
}

int crowd_choose(const struct scenario *scenario, const struct places *places,
                 const struct flood_source *sources, size_t source_count, struct crowd **ret_crowd,
                 struct error *error)
{
        struct random_seeded seeded;
        const struct random random = random_seeded_view(&seeded, scenario->seed);
        const struct choice choice = {scenario, places, sources, source_count, &random};
        struct crowd *crowd = calloc(1, sizeof(*crowd));
        int r;

        if (!crowd)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour les clients de l’exercice",
                                 "not enough memory for the exercise's clients");
        crowd->clients = calloc(SCENARIO_CLIENTS_MAX, sizeof(*crowd->clients));
        crowd->share =
                mmap(NULL, sizeof(*crowd->share), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (crowd->share == MAP_FAILED)
                crowd->share = NULL;
        if (!crowd->clients || !crowd->share)
                r = error_say(error, -ENOMEM, "mémoire insuffisante pour les clients de l’exercice",
                              "not enough memory for the exercise's clients");
        else
                r = choose_all(&choice, crowd, error);
        if (r) {
                crowd_free(crowd);
                return r;
        }
        crowd->visitors.clients = crowd->clients;
        crowd->visitors.services = scenario->services;
        crowd->visitors.requests_per_second = scenario->crowd.requests_per_second;
        crowd->visitors.seed = scenario->seed + 1;
        crowd->visitors.share = crowd->share;
        *ret_crowd = crowd;
        return 0;
}

struct crowd *crowd_free(struct crowd *crowd)
{
        if (crowd) {
                process_stop(&crowd->pid, STOP_GRACE_MS);
                if (crowd->share)
                        munmap(crowd->share, sizeof(*crowd->share));
                free(crowd->clients);
                free(crowd);
        }
        return NULL;
}

const struct crowd_client *crowd_clients(const struct crowd *crowd, size_t *ret_count)
{
        *ret_count = crowd->count;
        return crowd->clients;
}

struct crowd_share *crowd_share(struct crowd *crowd)
{
        return crowd->share;
}

int crowd_start(struct crowd *crowd, const struct netns *internet, int cpu, struct error *error)
{
        const struct process_place place = {.netns = internet, .cpu = cpu};

        return process_start(&place, visitor_run, &crowd->visitors, &crowd->pid, error);
}
