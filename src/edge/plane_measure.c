/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/plane_private.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "shield.skel.h"

#define SCAN_BUCKETS 1024u /* a system call */

static bool plan_names(uint64_t plan, unsigned slot)
{
        for (; plan; plan >>= 8)
                if ((plan & 0xff) == slot + 1)
                        return true;
        return false;
}

static bool slot_is_named(const struct plane *plane, unsigned slot)
{
        for (unsigned i = 0; i < SHIELD_SERVICES; i++) {
                struct shield_plan plan = plane_plan(plane, i);

                if (plan_names(plan.signatures, slot) || plan_names(plan.rungs, slot))
                        return true;
        }
        return false;
}

int plane_fill(struct plane *plane, unsigned slot, const struct shield_measure *measure)
{
        if (slot >= SHIELD_SLOTS)
                return -EINVAL;
        if (slot_is_named(plane, slot))
                return -EBUSY;
        plane->state->slot[slot] = *measure;
        plane->state->slot[slot].window = 0;
        plane->state->slot[slot].window_packets = 0;
        return 0;
}

struct shield_measure *plane_slot(struct plane *plane, unsigned slot)
{
        return slot < SHIELD_SLOTS ? &plane->state->slot[slot] : NULL;
}

void plane_publish(struct plane *plane, unsigned service, const struct shield_plan *plan)
{
        struct shield_plan *live = &plane->state->config.plan[service % SHIELD_SERVICES];

        __atomic_store_n(&live->signatures, plan->signatures, __ATOMIC_RELEASE);
        __atomic_store_n(&live->rungs, plan->rungs, __ATOMIC_RELEASE);
}

struct shield_plan plane_plan(const struct plane *plane, unsigned service)
{
        const struct shield_plan *live = &plane->state->config.plan[service % SHIELD_SERVICES];

        return (struct shield_plan){__atomic_load_n(&live->signatures, __ATOMIC_ACQUIRE),
                                    __atomic_load_n(&live->rungs, __ATOMIC_ACQUIRE)};
}

void plane_reset_slot(struct plane *plane, unsigned slot)
{
        for (unsigned cpu = 0; cpu < plane->cpus && slot < SHIELD_SLOTS; cpu++) {
                struct shield_counters *row =
                        (struct shield_counters *)(plane->counters + plane->row_size * cpu);

                memset(&row->slot[slot], 0, sizeof(row->slot[slot]));
        }
}

void plane_freeze(struct plane *plane, unsigned service, bool frozen)
{
        uint32_t bit = 1u << (service % SHIELD_SERVICES);

        if (frozen)
                __atomic_fetch_or(&plane->state->config.frozen, bit, __ATOMIC_RELAXED);
        else
                __atomic_fetch_and(&plane->state->config.frozen, ~bit, __ATOMIC_RELAXED);
}

static uint32_t plane_second(const struct plane *plane)
{
        struct timespec now;

        if (plane->state->config.simulated_ns)
                return (uint32_t)(plane->state->config.simulated_ns / 1000000000ULL) + 1;
        clock_gettime(CLOCK_MONOTONIC, &now);
        return (uint32_t)now.tv_sec + 1;
}

static bool way_is_alive(const struct plane *plane, uint32_t seen, uint32_t second)
{
        return seen && (int32_t)(second - seen) <= (int32_t)plane->state->config.known_max_age_s;
}

static uint64_t bucket4_count(const struct plane *plane, const void *bucket, uint32_t second)
{
        const struct shield_known4 *known = bucket;
        uint64_t count = 0;

        for (int i = 0; i < SHIELD_KNOWN_WAYS; i++)
                count += way_is_alive(plane, known->seen[i], second);
        return count;
}

static uint64_t bucket6_count(const struct plane *plane, const void *bucket, uint32_t second)
{
        const struct shield_known6 *known = bucket;
        uint64_t count = 0;

        for (int i = 0; i < SHIELD_KNOWN_WAYS; i++)
                count += way_is_alive(plane, known->way[i].seen, second);
        return count;
}

static uint64_t known_scan(const struct plane *plane, int map, size_t size,
                           uint64_t (*count)(const struct plane *plane, const void *bucket, uint32_t second))
{
        CLEANUP(cleanup_free) uint8_t *buckets = malloc(SCAN_BUCKETS * size);
        CLEANUP(cleanup_free) uint32_t *keys = malloc(SCAN_BUCKETS * sizeof(*keys));
        uint32_t position = 0, got = SCAN_BUCKETS, second = plane_second(plane);
        uint64_t sum = 0;
        void *from = NULL;
        int r = 0;

        while (buckets && keys && r == 0 && got) {
                got = SCAN_BUCKETS;
                r = bpf_map_lookup_batch(map, from, &position, keys, buckets, &got, NULL);
                if (r < 0 && errno != ENOENT)
                        break;
                for (uint32_t i = 0; i < got; i++)
                        sum += count(plane, buckets + i * size, second);
                from = &position;
        }
        return sum;
}

void plane_known_count(const struct plane *plane, uint64_t *ret_ipv4, uint64_t *ret_ipv6)
{
        *ret_ipv4 = known_scan(plane, bpf_map__fd(plane->program->maps.known4), sizeof(struct shield_known4),
                               bucket4_count);
        *ret_ipv6 = known_scan(plane, bpf_map__fd(plane->program->maps.known6), sizeof(struct shield_known6),
                               bucket6_count);
}

static void table_clear(int map, uint32_t entries, size_t size)
{
        CLEANUP(cleanup_free) uint8_t *zero = calloc(1, size);

        for (uint32_t i = 0; zero && i < entries; i++)
                bpf_map_update_elem(map, &i, zero, BPF_ANY);
}

void plane_known_clear(struct plane *plane)
{
        struct shield_bpf *program = plane->program;

        table_clear(bpf_map__fd(program->maps.known4), plane->known4_buckets, sizeof(struct shield_known4));
        table_clear(bpf_map__fd(program->maps.known6), plane->known6_buckets, sizeof(struct shield_known6));
        table_clear(bpf_map__fd(program->maps.known4_tags), plane->known4_buckets, sizeof(uint64_t));
        table_clear(bpf_map__fd(program->maps.known6_tags), plane->known6_buckets, sizeof(uint64_t));
        table_clear(bpf_map__fd(program->maps.acquaintances), SHIELD_ACQUAINTANCES, sizeof(uint64_t));
}

void plane_set_time(struct plane *plane, uint64_t nanoseconds)
{
        if (plane->simulated)
                __atomic_store_n(&plane->state->config.simulated_ns, nanoseconds ? nanoseconds : 1,
                                 __ATOMIC_RELEASE);
}

static int run(int program, const void *frame, size_t length, uint32_t *ret_action)
{
        LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = (uint32_t)length,
                    .repeat = 1);
        int r = bpf_prog_test_run_opts(program, &options);

        if (r < 0)
                return r;
        *ret_action = options.retval;
        return 0;
}

int plane_run_ingress(struct plane *plane, const void *frame, size_t length, bool *ret_passed)
{
        uint32_t action = 0;
        int r = run(plane_ingress_fd(plane), frame, length, &action);

        if (r == 0)
                *ret_passed = action == XDP_PASS;
        return r;
}

int plane_run_egress(struct plane *plane, const void *frame, size_t length, bool *ret_passed)
{
        uint32_t action = 0;
        int r = run(bpf_program__fd(plane->program->progs.shield_egress), frame, length, &action);

        if (r == 0)
                *ret_passed = action == 0 || action == UINT32_MAX; /* TC_ACT_OK, TC_ACT_UNSPEC */
        return r;
}

int plane_ingress_fd(const struct plane *plane)
{
        return bpf_program__fd(plane->program->progs.shield_ingress);
}
