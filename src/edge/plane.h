/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The data path as user space holds it: the programs of shield.bpf.c, their maps, pinned under one folder of
 * the BPF file system. Attached once; afterwards only maps change. Whoever opens the same folder again
 * adopts what is pinned, without a gap; when nobody is there, measures run out by their own expiry.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/error.h"
#include "edge/geo.h"
#include "edge/shield.h"

struct plane;

struct plane_options {
        const char *pin;         /* folder in bpffs; NULL: nothing is pinned (replay, tests, benches) */
        uint32_t known4_sources; /* rounded up to a power of two */
        uint32_t known6_sources;
        uint32_t known_max_age_s;
        uint32_t sample_ring_bytes; /* power of two, multiple of the page size */
        bool simulated_clock;       /* time comes from plane_set_time() */
        bool random_sources;        /* benches alone: a new source address every time a packet is run */
};

struct plane_prefix {
        struct addr net;
        unsigned service; /* index, < SHIELD_SERVICES */
};

enum plane_mode { PLANE_MODE_AUTO, PLANE_MODE_NATIVE, PLANE_MODE_GENERIC };

/*
 * Loads the programs, or adopts what is pinned when version and sizes agree (else replaces it).
 * Errors say what is missing and what still works: no root, no BTF, no BPF file system, kernel too old.
 */
int plane_open(const struct plane_options *options, struct plane **ret_plane, struct error *error);
bool plane_adopted(const struct plane *plane);

/* Leaves everything pinned and attached as it is. NULL. */
struct plane *plane_close(struct plane *plane);

/* XDP on ingress, tc on egress of this interface. Attached already (adopted): nothing is touched, 0. */
int plane_attach(struct plane *plane, const char *interface, enum plane_mode mode, struct error *error);
/* Takes programs off and unpins: for an orderly end for good, and for tests. */
int plane_detach(struct plane *plane, struct error *error);
bool plane_is_native(const struct plane *plane);

/* The protected prefixes (sorted by the plane, most specific first) and configured ports. */
int plane_set_prefixes(struct plane *plane, const struct plane_prefix *prefixes, size_t count,
                       struct error *error);
void plane_serve_port(struct plane *plane, unsigned service, uint16_t port);
bool plane_port_served(const struct plane *plane, unsigned service, uint16_t port);

/* Replaces the whole country table at once; packets see the old one or the new one. */
int plane_set_geo(struct plane *plane, const struct geo *geo, struct error *error);

/* Sums the CPUs' rows into *ret_counters; no system call. */
void plane_read(const struct plane *plane, struct shield_counters *ret_counters);

/* Hands over every sample in the ring (checked: version, size, bounds; a bad one is counted and left out). */
int plane_samples(struct plane *plane, void (*take)(void *context, const struct shield_sample *sample),
                  void *context);
uint64_t plane_bad_samples(const struct plane *plane);

/*
 * Measures. Fill a slot no plan names, then publish the plan; slots a plan no longer names are free again.
 * plane_slot() is the live slot, for reading and for the two fields that may change in place.
 */
int plane_fill(struct plane *plane, unsigned slot, const struct shield_measure *measure);
struct shield_measure *plane_slot(struct plane *plane, unsigned slot);
void plane_publish(struct plane *plane, unsigned service, const struct shield_plan *plan);
struct shield_plan plane_plan(const struct plane *plane, unsigned service);
/* Zeroes a free slot's counters, so that the next measure in it starts from nothing. */
void plane_reset_slot(struct plane *plane, unsigned slot);

void plane_freeze(struct plane *plane, unsigned service, bool frozen);

/* Sources in the known-good memory now (a scan; for reports, not for ticks), and forgetting all. */
void plane_known_count(const struct plane *plane, uint64_t *ret_ipv4, uint64_t *ret_ipv6);
void plane_known_clear(struct plane *plane);

/* Monotonic nanoseconds as the programs see them. */
void plane_set_time(struct plane *plane, uint64_t nanoseconds);

/*
 * One packet through the real programs by BPF_PROG_TEST_RUN, without any interface: a whole Ethernet frame of at
 * least 14 bytes (one cut shorter than its IP header says is malformed, and passes). *ret_passed: XDP_PASS
 * (ingress) or TC_ACT_OK/UNSPEC (egress). XDP_TX counts as not passed.
 */
int plane_run_ingress(struct plane *plane, const void *frame, size_t length, bool *ret_passed);
int plane_run_egress(struct plane *plane, const void *frame, size_t length, bool *ret_passed);
/* The program's descriptor, for benches that repeat inside the kernel. */
int plane_ingress_fd(const struct plane *plane);
