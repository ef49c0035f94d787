/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/plane_private.h"

#include <errno.h>
#include <linux/if_link.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "shield.skel.h"

/* Ours among other filters of the interface: "GA" of Garde. */
#define TC_HANDLE   0x4741
#define TC_PRIORITY 0x4741

static bool program_is_same(int ours, uint32_t running)
{
        struct bpf_prog_info left = {}, right = {};
        uint32_t left_size = sizeof(left), right_size = sizeof(right);
        CLEANUP(cleanup_fd) int other = bpf_prog_get_fd_by_id(running);

        return other >= 0 && bpf_obj_get_info_by_fd(ours, &left, &left_size) == 0 &&
               bpf_obj_get_info_by_fd(other, &right, &right_size) == 0 &&
               memcmp(left.tag, right.tag, sizeof(left.tag)) == 0;
}

static bool link_is_native(unsigned interface)
{
        LIBBPF_OPTS(bpf_xdp_query_opts, query);

        return bpf_xdp_query((int)interface, 0, &query) == 0 && query.attach_mode == XDP_ATTACHED_DRV;
}

/* 0 taken over, 1 there is none for this interface, negative fatal. */
static int link_adopt(struct plane *plane, struct error *error)
{
        struct bpf_link_info info = {};
        uint32_t size = sizeof(info);
        char path[PATH_MAX];
        int program = plane_ingress_fd(plane);

        if (!plane->pin[0] || plane_pin_path(plane, "link", path) < 0)
                return 1;

        CLEANUP(cleanup_fd) int link = bpf_obj_get(path);

        if (link < 0)
                return 1;
        if (bpf_obj_get_info_by_fd(link, &info, &size) < 0 || info.type != BPF_LINK_TYPE_XDP ||
            info.xdp.ifindex != plane->interface) {
                unlink(path); /* of an interface that is gone or not ours any more */
                return 1;
        }
        if (!plane->whole || !program_is_same(program, info.prog_id)) {
                if (bpf_link_update(link, program, NULL) < 0)
                        return error_say(error, -errno,
                                         "impossible de mettre en place le nouveau programme de paquets : %m",
                                         "cannot put the new packet program in place: %m");
                plane_pin_put(plane, program, "ingress", NULL);
        }
        plane->link = STEAL_FD(link);
        return 0;
}

static int link_try(struct plane *plane, uint32_t flags)
{
        LIBBPF_OPTS(bpf_link_create_opts, options, .flags = flags);
        int link = bpf_link_create(plane_ingress_fd(plane), (int)plane->interface, BPF_XDP, &options);

        return link < 0 ? -errno : link;
}

static int link_make(struct plane *plane, const char *interface, enum plane_mode mode, struct error *error)
{
        int link = -EOPNOTSUPP;

        if (mode != PLANE_MODE_GENERIC)
                link = link_try(plane, XDP_FLAGS_DRV_MODE);
        if (link < 0 && mode != PLANE_MODE_NATIVE && link != -EBUSY && link != -EEXIST)
                link = link_try(plane, XDP_FLAGS_SKB_MODE);
        if (link == -EBUSY || link == -EEXIST)
                return error_say(error, link, "%s porte déjà un programme XDP venu d’ailleurs",
                                 "%s already carries an XDP program of somebody else", interface);
        if (link == -EPERM)
                return error_say(error, link,
                                 "pour s’attacher à %s, il faut être root, ou avoir CAP_NET_ADMIN et CAP_BPF",
                                 "attaching to %s needs root or CAP_NET_ADMIN and CAP_BPF", interface);
        if (link < 0)
                return mode == PLANE_MODE_NATIVE
                               ? error_say(error, link, "%s n’accepte pas de programme XDP natif : %m",
                                           "%s takes no native XDP program: %m", interface)
                               : error_say(error, link, "%s n’accepte pas de programme XDP : %m",
                                           "%s takes no XDP program: %m", interface);
        plane->link = link;
        if (!plane->pin[0])
                return 0;

        int r = plane_pin_put(plane, link, "link", error);

        return r < 0 ? r : plane_pin_put(plane, plane_ingress_fd(plane), "ingress", error);
}

static struct bpf_tc_hook egress_hook(const struct plane *plane)
{
        return (struct bpf_tc_hook){.sz = sizeof(struct bpf_tc_hook),
                                    .ifindex = (int)plane->interface,
                                    .attach_point = BPF_TC_EGRESS};
}

/* A folder among the pins says that the qdisc is ours to remove; BPF file systems hold no plain files. */
static int qdisc_make(struct plane *plane, struct error *error)
{
        struct bpf_tc_hook hook = egress_hook(plane);
        char path[PATH_MAX];
        int r = bpf_tc_hook_create(&hook);

        if (r == -EEXIST)
                return 0;
        if (r < 0)
                return error_say(
                        error, r,
                        "impossible d’ajouter un qdisc clsact (CONFIG_NET_SCH_INGRESS, CONFIG_NET_CLS_BPF) : "
                        "%m",
                        "cannot add a clsact qdisc (CONFIG_NET_SCH_INGRESS, CONFIG_NET_CLS_BPF): %m");
        plane->made_qdisc = true;
        if (plane->pin[0] && plane_pin_path(plane, "clsact", path) == 0)
                mkdir(path, 0700);
        return 0;
}

static int egress_attach(struct plane *plane, struct error *error)
{
        int program = bpf_program__fd(plane->program->progs.shield_egress), r;
        struct bpf_tc_hook hook = egress_hook(plane);
        LIBBPF_OPTS(bpf_tc_opts, standing, .handle = TC_HANDLE, .priority = TC_PRIORITY);
        LIBBPF_OPTS(bpf_tc_opts, wanted, .handle = TC_HANDLE, .priority = TC_PRIORITY, .prog_fd = program,
                    .flags = BPF_TC_F_REPLACE);

        r = qdisc_make(plane, error);
        if (r < 0)
                return r;
        if (plane->whole && bpf_tc_query(&hook, &standing) == 0 && program_is_same(program, standing.prog_id))
                return 0;
        r = bpf_tc_attach(&hook, &wanted);
        if (r < 0)
                return error_say(error, r, "impossible d’attacher le programme de sortie : %m",
                                 "cannot attach the egress program: %m");
        return plane->pin[0] ? plane_pin_put(plane, program, "egress", error) : 0;
}

int plane_attach(struct plane *plane, const char *interface, enum plane_mode mode, struct error *error)
{
        int r;

        plane->interface = if_nametoindex(interface);
        if (!plane->interface)
                return error_say(error, -ENODEV, "il n’y a pas d’interface réseau %s",
                                 "there is no network interface %s", interface);
        r = link_adopt(plane, error);
        if (r > 0)
                r = link_make(plane, interface, mode, error);
        if (r < 0)
                return r;
        plane->native = link_is_native(plane->interface);
        return egress_attach(plane, error);
}

static bool qdisc_is_ours(const struct plane *plane)
{
        struct stat status;
        char path[PATH_MAX];

        return plane->made_qdisc ||
               (plane->pin[0] && plane_pin_path(plane, "clsact", path) == 0 && stat(path, &status) == 0);
}

static int egress_detach(struct plane *plane)
{
        struct bpf_tc_hook hook = egress_hook(plane);
        LIBBPF_OPTS(bpf_tc_opts, ours, .handle = TC_HANDLE, .priority = TC_PRIORITY);
        int r;

        if (!plane->interface)
                return 0;
        if (qdisc_is_ours(plane)) {
                hook.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS;
                r = bpf_tc_hook_destroy(&hook);
        } else {
                r = bpf_tc_detach(&hook, &ours);
        }
        return r == -ENOENT || r == -ENODEV || r == -EINVAL ? 0 : r;
}

/* Detaching finds the link by its pin, too, so that another process's standing can be ended. */
static int link_detach(struct plane *plane)
{
        struct bpf_link_info info = {};
        uint32_t size = sizeof(info);
        char path[PATH_MAX];

        if (plane->link < 0 && plane->pin[0] && plane_pin_path(plane, "link", path) == 0)
                plane->link = bpf_obj_get(path);
        if (plane->link < 0)
                return 0;
        if (bpf_obj_get_info_by_fd(plane->link, &info, &size) == 0 && !plane->interface)
                plane->interface = info.xdp.ifindex;

        int r = bpf_link_detach(plane->link) < 0 ? -errno : 0;

        close(plane->link);
        plane->link = -1;
        return r == -ENOLINK || r == -ENODEV || r == -ENOENT ? 0 : r;
}

int plane_detach(struct plane *plane, struct error *error)
{
        int link = link_detach(plane), egress = egress_detach(plane);

        if (plane->pin[0])
                plane_pin_clear(plane);
        plane->interface = 0;
        plane->native = false;
        if (link < 0)
                return error_say(error, link, "impossible de retirer le programme XDP : %m",
                                 "cannot take the XDP program off: %m");
        if (egress < 0)
                return error_say(error, egress, "impossible de retirer le programme de sortie : %m",
                                 "cannot take the egress program off: %m");
        return 0;
}

bool plane_is_native(const struct plane *plane)
{
        return plane->native;
}
