/* SPDX-License-Identifier: EUPL-1.2 */
/* What the files of plane share among themselves. */
#pragma once

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <limits.h>
#include <net/if.h>

#include "edge/plane.h"

#define PLANE_MAPS 9 /* that are pinned */

struct shield_bpf; /* bpftool's skeleton of shield.bpf.c */

struct plane {
        struct shield_bpf *program;
        struct shield_state *state; /* mapped */
        uint8_t *counters;          /* mapped: one row a CPU */
        size_t counters_size, row_size;
        unsigned cpus;
        struct ring_buffer *ring;
        void (*take)(void *context, const struct shield_sample *sample);
        void *take_context;
        uint64_t bad_samples;
        uint32_t known4_buckets, known6_buckets;
        bool adopted; /* the state was there already */
        bool whole;   /* and every other map, too */
        bool simulated;
        char pin[PATH_MAX / 2]; /* "" when nothing is pinned */
        unsigned interface;     /* 0 while not attached */
        int link;
        bool native;
        bool made_qdisc;
};

/* The maps that outlive a process, by the names of their pins. */
size_t plane_pinned_maps(struct plane *plane, struct bpf_map *ret_maps[static PLANE_MAPS],
                         const char *ret_names[static PLANE_MAPS]);

/* Folder of the pins: made when absent; -EINVAL with a sentence when it is not in a BPF file system. */
int plane_pin_folder(const char *path, struct error *error);

/* Before loading: takes over what is pinned and fits, unpins what does not, asks for pins of the rest. */
int plane_pin_prepare(struct plane *plane, struct error *error);

/* Path of a pin. -ENAMETOOLONG. */
int plane_pin_path(const struct plane *plane, const char *name, char ret_path[static PATH_MAX]);

/* Puts a descriptor under a name, whatever was there before. */
int plane_pin_put(const struct plane *plane, int fd, const char *name, struct error *error);

/* Removes all pins and the folder. */
void plane_pin_clear(struct plane *plane);
