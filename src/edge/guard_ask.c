/* SPDX-License-Identifier: EUPL-1.2 */
/* How a guard begins (adopting what stands), and what people ask of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "flow/country.h"
#include "edge/guard_private.h"
#include "edge/guard_words.h"
#include "edge/signature.h"
#include "flow/selector.h"

static uint8_t code_index(const void *context, const char *code)
{
        return country_index(code);
}

static uint8_t continent_number(const char *continent)
{
        static const char *const names[] = {"??", "EU", "AF", "AS", "NA", "SA", "OC", "AN"};

        for (size_t n = 1; n < ARRAY_LEN(names); n++)
                if (!strcmp(continent, names[n]))
                        return (uint8_t)n;
        return 0;
}

static struct engine_config engine_config_of(const struct guard *guard)
{
        struct engine_config config = {
                .floor_pps = guard->config.floor_pps,
                .hold_seconds = guard->config.hold_seconds,
                .max_measure_seconds = guard->config.max_measure_seconds,
                .learn_seconds = guard->config.learn_seconds,
                .watch = guard->config.watch,
                .services = SHIELD_SERVICES,
        };

        while (config.services > 1 && !guard->config.services[config.services - 1].name[0])
                config.services--;
        for (unsigned n = 0; n < SHIELD_SERVICES; n++)
                config.capacity_pps[n] = (double)guard->config.services[n].capacity_pps;
        for (unsigned n = 1; n < country_count() && n < SHIELD_COUNTRIES; n++) {
                char code[COUNTRY_CODE_SIZE];

                country_code((uint8_t)n, code);
                config.continent[n] = continent_number(continent_of(code));
        }
        return config;
}

/* One place of a plan found in the plane: which slot, or none. */
static int place_slot(const struct shield_plan *plan, unsigned place)
{
        uint64_t places = place < SHIELD_PLAN_SLOTS ? plan->signatures : plan->rungs;
        unsigned slot = (unsigned)(places >> (8 * (place % SHIELD_PLAN_SLOTS)) & 0xff);

        return slot && slot <= SHIELD_SLOTS ? (int)slot - 1 : -1;
}

static bool adoptable(const struct guard *guard, const struct shield_measure *slot, unsigned service,
                      struct id *ret_id)
{
        char text[sizeof(slot->id) + 1] = "";

        memcpy(text, slot->id, sizeof(slot->id));
        return guard->config.services[service].name[0] && slot->kind >= SHIELD_KIND_SIGNATURE &&
               slot->kind <= SHIELD_KIND_THROTTLE && slot->until_ns > clock_mono_ns(&guard->clock) &&
               id_parse(text, 'm', ret_id) == 0;
}

static int adopt_one(struct guard *guard, unsigned service, unsigned slot)
{
        const struct shield_measure *found = plane_slot(guard->plane, slot);
        struct engine_measure measure = {
                .kind = (enum shield_kind)found->kind,
                .owner = found->flags & SHIELD_FLAG_PERSON ? ENGINE_OWNER_PERSON : ENGINE_OWNER_ADOPTED,
                .service = (uint8_t)service,
                .spare_known = found->flags & SHIELD_FLAG_SPARE_KNOWN,
                .shadow = found->flags & SHIELD_FLAG_SHADOW,
                .signature = found->signature,
                .rate_pps = found->rate_pps,
                .until_ns = found->until_ns,
        };
        struct id id;

        if (!adoptable(guard, found, service, &id))
                return 0;
        memcpy(measure.countries, found->countries, sizeof(measure.countries));
        if (engine_adopt(guard->engine, slot, &measure, clock_mono_ns(&guard->clock)) < 0)
                return 0; /* named twice: once is enough */
        guard->measures[slot].id = id;
        if (measure.owner == ENGINE_OWNER_PERSON)
                guard->nameless |= 1ull << slot;
        return guard_describe(guard, slot);
}

/* Takes over what stands; the plans are then what the engine says, without a gap for what was adopted. */
static int adopt_all(struct guard *guard)
{
        for (unsigned service = 0; service < SHIELD_SERVICES; service++) {
                struct shield_plan plan = plane_plan(guard->plane, service);

                for (unsigned place = 0; place < 2 * SHIELD_PLAN_SLOTS; place++) {
                        int slot = place_slot(&plan, place);
                        int r = slot < 0 ? 0 : adopt_one(guard, service, (unsigned)slot);

                        if (r < 0)
                                return r;
                }
                plan = engine_plan(guard->engine, service);
                plane_publish(guard->plane, service, &plan);
        }
        return 0;
}

int guard_new(struct plane *plane, const struct geo *geo, const struct guard_config *config,
              const struct clock *clock, const struct random *random, struct guard **ret_guard,
              struct error *error)
{
        struct guard *guard = calloc(1, sizeof(*guard));
        struct engine_config engine;

        if (!guard)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour la garde des paquets",
                                 "no memory for the guard");
        guard->plane = plane;
        guard->geo = geo;
        guard->config = *config;
        guard->clock = *clock;
        guard->random = *random;
        engine = engine_config_of(guard);
        guard->counters = calloc(1, sizeof(*guard->counters));
        guard->before = calloc(1, sizeof(*guard->before));
        for (unsigned n = 0; n < SHIELD_SERVICES; n++)
                toll_reset(&guard->matters[n].sum, random);
        guard->engine = engine_new(&engine, random);
        if (!guard->counters || !guard->before || !guard->engine || adopt_all(guard) < 0) {
                guard_free(guard);
                return error_say(error, -ENOMEM, "mémoire insuffisante pour la garde des paquets",
                                 "no memory for the guard");
        }
        *ret_guard = guard;
        return 0;
}

struct guard *guard_free(struct guard *guard)
{
        if (!guard)
                return NULL;
        for (size_t n = 0; n < guard->finding_count; n++)
                finding_release(&guard->findings[n]);
        for (unsigned n = 0; n < SHIELD_SLOTS; n++)
                measure_release(&guard->measures[n]);
        engine_free(guard->engine);
        free(guard->counters);
        free(guard->before);
        free(guard);
        return NULL;
}

static int service_find(const struct guard *guard, const char *subject, uint8_t *ret_service)
{
        for (uint8_t n = 0; n < SHIELD_SERVICES; n++) {
                if (!subject[0] || strcmp(guard->config.services[n].name, subject))
                        continue;
                *ret_service = n;
                return 0;
        }
        return -EINVAL;
}

static int slot_find(const struct guard *guard, const struct id *id, unsigned *ret_slot)
{
        for (unsigned n = 0; n < SHIELD_SLOTS; n++) {
                if (!id_is_set(id) || strcmp(guard->measures[n].id.text, id->text) || guard->ended >> n & 1)
                        continue;
                *ret_slot = n;
                return 0;
        }
        return -ENOENT;
}

/* Of a selector that was checked. */
static void fence_read(const json_t *selector, struct engine_measure *measure)
{
        const json_t *spare = json_object_get(selector, "spare_known"), *code;
        size_t n;

        if (spare)
                measure->spare_known = json_is_true(spare);
        json_array_foreach(json_object_get(selector, "countries"), n, code)
        {
                uint8_t index = country_index(json_string_value(code));
                measure->countries[index / 64] |= 1ull << (index % 64);
        }
}

static int asked_read(const struct guard *guard, const struct measure *asked,
                      struct engine_measure *ret_measure, struct error *error)
{
        static const enum shield_kind kinds[] = {
                [MEASURE_KIND_SIGNATURE] = SHIELD_KIND_SIGNATURE,
                [MEASURE_KIND_CHALLENGE] = SHIELD_KIND_CHALLENGE,
                [MEASURE_KIND_FENCE] = SHIELD_KIND_FENCE,
                [MEASURE_KIND_THROTTLE] = SHIELD_KIND_THROTTLE,
        };
        /* Where the edge only watches, what a person asks for is done all the same. */
        struct engine_measure measure = {.owner = ENGINE_OWNER_PERSON};
        int64_t left_ms = asked->until_ms - clock_wall_ms(&guard->clock);
        int r = 0;

        if ((unsigned)asked->kind >= MEASURE_KIND_COUNT)
                return error_say(error, -EINVAL, "la garde des paquets ne connaît pas cette sorte de mesure",
                                 "the edge knows no measure of this kind");
        if (service_find(guard, asked->subject, &measure.service) < 0)
                return error_say(error, -EINVAL, "aucun service protégé ne s’appelle « %s »",
                                 "no protected service is called \"%s\"", asked->subject);
        if (left_ms <= 0)
                return error_say(error, -EINVAL, "la fin de la mesure est déjà passée",
                                 "the measure's end lies in the past");
        measure.kind = kinds[asked->kind];
        /* A throttle that spares nobody would be the only kind that hurts those who are known. */
        measure.spare_known = measure.kind != SHIELD_KIND_THROTTLE;
        measure.until_ns = clock_mono_ns(&guard->clock) + (uint64_t)left_ms * 1000000;
        r = selector_check(asked->kind, asked->selector, error);
        if (!r && measure.kind == SHIELD_KIND_SIGNATURE)
                r = signature_from_json(asked->selector, code_index, NULL, &measure.signature, error);
        if (!r && measure.kind == SHIELD_KIND_FENCE && !guard->geo)
                r = error_say(error, -EINVAL,
                              "une clôture demande une base des pays, et aucune n’est chargée",
                              "a fence needs a country database, and none is loaded");
        if (!r && measure.kind == SHIELD_KIND_FENCE)
                fence_read(asked->selector, &measure);
        if (!r && measure.kind == SHIELD_KIND_THROTTLE)
                measure.rate_pps = (uint32_t)json_integer_value(json_object_get(asked->selector, "rate_pps"));
        if (r < 0)
                return r;
        *ret_measure = measure;
        return 0;
}

/* What was adopted at start and is asked for again is a person's, marked so or not: his words, his end. */
static int claim(struct guard *guard, unsigned slot, const struct measure *asked,
                 const struct engine_measure *measure, struct error *error)
{
        struct measure *held = &guard->measures[slot];

        if (engine_measure_at(guard->engine, slot)->owner != ENGINE_OWNER_ADOPTED &&
            !(guard->nameless >> slot & 1))
                return 0;
        int64_t since_ms = asked->since_ms ? asked->since_ms : held->since_ms;

        if (measure_copy(held, asked) < 0)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour une mesure",
                                 "no memory for a measure");
        held->since_ms = since_ms;
        engine_claim(guard->engine, slot, measure->until_ns);
        guard->nameless &= ~(1ull << slot);
        __atomic_fetch_or(&plane_slot(guard->plane, slot)->flags, SHIELD_FLAG_PERSON, __ATOMIC_RELAXED);
        guard_refresh(guard, slot);
        return 0;
}

int guard_ask(struct guard *guard, const struct measure *asked, struct error *error)
{
        struct engine_measure measure;
        unsigned slot;
        int r = asked_read(guard, asked, &measure, error);

        if (r < 0)
                return r;
        if (slot_find(guard, &asked->id, &slot) == 0)
                return claim(guard, slot, asked, &measure, error);
        r = engine_ask(guard->engine, &measure, clock_mono_ns(&guard->clock), &slot);
        if (r < 0)
                return error_say(error, r, "plus de place pour une mesure de plus sur « %s »",
                                 "no place is free for one more measure of \"%s\"", asked->subject);
        measure_release(&guard->measures[slot]);
        guard->nameless &= ~(1ull << slot);
        r = measure_copy(&guard->measures[slot], asked);
        if (r == 0)
                r = guard_describe(guard, slot);
        if (r == 0)
                r = guard_put(guard, slot, error);
        if (r < 0)
                return error_context(error, r, "la mesure ne peut pas être posée",
                                     "the measure cannot be put up");
        struct shield_plan plan = engine_plan(guard->engine, measure.service);
        plane_publish(guard->plane, measure.service, &plan);
        return 0;
}

int guard_predict(struct guard *guard, const struct measure *asked, double *ret_cost, struct error *error)
{
        struct engine_measure measure;
        int r = asked_read(guard, asked, &measure, error);

        if (r < 0)
                return r;
        *ret_cost = engine_predict(guard->engine, &measure).fraction;
        return 0;
}

static int take_down(struct guard *guard, const struct id *id, bool forbid, struct error *error)
{
        unsigned slot;

        /* What a person wanted and no longer wants says nothing of what the edge may. */
        if (slot_find(guard, id, &slot) < 0 ||
            engine_lift(guard->engine, slot,
                        forbid && engine_measure_at(guard->engine, slot)->owner != ENGINE_OWNER_PERSON) < 0)
                return error_say(error, -ENOENT, "aucune mesure %s n’est en place ici",
                                 "no measure %s stands here", id->text);
        return 0;
}

int guard_lift(struct guard *guard, const struct id *id, struct error *error)
{
        return take_down(guard, id, false, error);
}

int guard_forbid(struct guard *guard, const struct id *id, struct error *error)
{
        return take_down(guard, id, true, error);
}
