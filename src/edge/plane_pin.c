/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/plane_private.h"

#include <errno.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "edge/geo_image.h"
#include "shield.skel.h"

size_t plane_pinned_maps(struct plane *plane, struct bpf_map *ret_maps[static PLANE_MAPS],
                         const char *ret_names[static PLANE_MAPS])
{
        struct shield_bpf *program = plane->program;
        struct bpf_map *maps[PLANE_MAPS] = {
                program->maps.bss,         program->maps.counters,      program->maps.geo,
                program->maps.known4,      program->maps.known4_tags,   program->maps.known6,
                program->maps.known6_tags, program->maps.acquaintances, program->maps.samples};
        const char *names[PLANE_MAPS] = {"state",  "counters",    "geo",           "known4", "known4_tags",
                                         "known6", "known6_tags", "acquaintances", "samples"};

        memcpy(ret_maps, maps, sizeof(maps));
        memcpy(ret_names, names, sizeof(names));
        return PLANE_MAPS;
}

int plane_pin_path(const struct plane *plane, const char *name, char ret_path[static PATH_MAX])
{
        int length = snprintf(ret_path, PATH_MAX, "%s/%s", plane->pin, name);

        return length < PATH_MAX ? 0 : -ENAMETOOLONG;
}

int plane_pin_folder(const char *path, struct error *error)
{
        struct statfs system;
        int r = file_make_folders(path, 0700, error);

        if (r == -EPERM || r == -EACCES)
                return error_say(error, r,
                                 "impossible de créer %s : il faut être root, et qu’un système de fichiers "
                                 "BPF y soit monté",
                                 "cannot make %s: root is needed, and a BPF file system there", path);
        if (r < 0)
                return r;
        if (statfs(path, &system) < 0)
                return error_say(error, -errno, "%s : %m", "%s: %m", path);
        if (system.f_type != BPF_FS_MAGIC)
                return error_say(
                        error, -EINVAL,
                        "%s n’est pas dans un système de fichiers BPF, et les mesures ne pourraient pas "
                        "survivre à ce processus : montez-en un d’abord (mount -t bpf bpf /sys/fs/bpf)",
                        "%s is not in a BPF file system, so measures could not outlive this process: mount "
                        "one first (mount -t bpf bpf /sys/fs/bpf)",
                        path);
        return 0;
}

static bool map_fits(int fd, const struct bpf_map *map)
{
        struct bpf_map_info info = {};
        uint32_t size = sizeof(info);

        return bpf_obj_get_info_by_fd(fd, &info, &size) == 0 && info.type == bpf_map__type(map) &&
               info.key_size == bpf_map__key_size(map) && info.value_size == bpf_map__value_size(map) &&
               info.max_entries == bpf_map__max_entries(map) && info.map_flags == bpf_map__map_flags(map);
}

/*
 * A pinned state of another layout may have the same size by chance: its version decides. It also tells for which
 * size of country table the rest was made.
 */
static bool state_fits(int fd, uint32_t *ret_geo_bytes)
{
        CLEANUP(cleanup_free) struct shield_state *state = malloc(sizeof(*state));
        uint32_t zero = 0;

        if (!state || bpf_map_lookup_elem(fd, &zero, state) < 0 || state->config.version != SHIELD_VERSION)
                return false;
        *ret_geo_bytes = state->config.geo_bytes;
        return true;
}

static bool pin_fits(const char *path, const char *name, const struct bpf_map *map, uint32_t *geo_bytes)
{
        CLEANUP(cleanup_fd) int fd = bpf_obj_get(path);

        if (fd < 0 || !map_fits(fd, map))
                return false;
        if (strcmp(name, "state") == 0)
                return state_fits(fd, geo_bytes);
        return strcmp(name, "geo") != 0 || *geo_bytes == sizeof(struct geo_image);
}

/* The state comes first in the list: without it the rest is another's. */
int plane_pin_prepare(struct plane *plane, struct error *error)
{
        struct bpf_map *maps[PLANE_MAPS];
        const char *names[PLANE_MAPS];
        size_t count = plane_pinned_maps(plane, maps, names);
        char path[PATH_MAX];
        uint32_t geo_bytes = 0;

        plane->whole = true;
        for (size_t i = 0; i < count; i++) {
                int r = plane_pin_path(plane, names[i], path);

                if (r < 0)
                        return error_say(error, r, "%s : trop long pour un chemin d’épingles BPF",
                                         "%s: too long for a path of pins", plane->pin);

                bool fits = pin_fits(path, names[i], maps[i], &geo_bytes);

                if (i == 0)
                        plane->adopted = fits;
                if ((!fits || !plane->adopted) && unlink(path) < 0 && errno != ENOENT)
                        return error_say(error, -errno, "impossible de remplacer %s : %m",
                                         "cannot replace %s: %m", path);
                plane->whole = plane->whole && fits && plane->adopted;
                r = bpf_map__set_pin_path(maps[i], path);
                if (r < 0)
                        return error_say(error, r, "%s : %m", "%s: %m", path);
        }
        return 0;
}

int plane_pin_put(const struct plane *plane, int fd, const char *name, struct error *error)
{
        char path[PATH_MAX];
        int r = plane_pin_path(plane, name, path);

        if (r < 0)
                return error_say(error, r, "%s : trop long pour un chemin d’épingles BPF",
                                 "%s: too long for a path of pins", plane->pin);
        if (unlink(path) < 0 && errno != ENOENT)
                return error_say(error, -errno, "impossible de remplacer %s : %m", "cannot replace %s: %m",
                                 path);
        if (bpf_obj_pin(fd, path) < 0)
                return error_say(error, -errno, "impossible d’épingler %s : %m", "cannot pin %s: %m", path);
        return 0;
}

void plane_pin_clear(struct plane *plane)
{
        static const char *const others[] = {"link", "ingress", "egress"};
        struct bpf_map *maps[PLANE_MAPS];
        const char *names[PLANE_MAPS];
        size_t count = plane_pinned_maps(plane, maps, names);
        char path[PATH_MAX];

        for (size_t i = 0; i < count; i++)
                if (plane_pin_path(plane, names[i], path) == 0)
                        unlink(path);
        for (size_t i = 0; i < ARRAY_LEN(others); i++)
                if (plane_pin_path(plane, others[i], path) == 0)
                        unlink(path);
        if (plane_pin_path(plane, "clsact", path) == 0)
                rmdir(path);
        rmdir(plane->pin);
}
