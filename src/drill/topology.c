/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/topology.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "drill/process.h"

#define BATCH_MAX   (8u * 1024 * 1024)
#define BPFFS       "/sys/fs/bpf"
#define BPFFS_MAGIC 0xcafe4a11u
#define NET_MAC     "02:67:61:72:64:01"
#define WAN_MAC     "02:67:61:72:64:02"
#define LAN_MAC     "02:67:61:72:64:03"
#define LAN0_MAC    "02:67:61:72:64:04"

const uint8_t topology_net_mac[6] = {0x02, 0x67, 0x61, 0x72, 0x64, 0x01};
const uint8_t topology_wan_mac[6] = {0x02, 0x67, 0x61, 0x72, 0x64, 0x02};

static const char *const prefixes[] = {"gi", "ge", "gh"};

/* Lines for ip(8); `family` is "-4" or "-6" where the lines do not tell, else NULL. */
static int ip_batch(const struct netns *netns, const char *family, const struct buffer *batch,
                    struct error *error)
{
        const char *const argv[] = {"ip", "-batch", "-", family, NULL};
        const struct process_place place = {.netns = netns, .cpu = PROCESS_ANY_CPU};
        int r;

        if (batch->overflow)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour décrire le réseau de l’exercice",
                                 "not enough memory to describe the exercise's network");
        r = process_run(&place, argv, buffer_string(batch), error);
        return r ? error_context(error, r, "espace de noms réseau %s", "network namespace %s", netns->name)
                 : 0;
}

/* Segments glued together for speed would blur what is counted; redirected frames need GRO on veth without XDP. */
static int device_features(const char *device, struct error *error)
{
        const struct {
                uint32_t command, value;
        } wanted[] = {{ETHTOOL_SGRO, 1}, {ETHTOOL_STSO, 0}, {ETHTOOL_SGSO, 0}, {ETHTOOL_STXCSUM, 0}};
        CLEANUP(cleanup_fd) int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
                struct ethtool_value value = {.cmd = wanted[i].command, .data = wanted[i].value};
                struct ifreq request = {.ifr_data = (void *)&value};

                snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", device);
                if (fd < 0 || ioctl(fd, SIOCETHTOOL, &request) < 0)
                        return error_say(error, -errno, "impossible de régler les fonctions de %s : %m",
                                         "cannot set the features of %s: %m", device);
        }
        return 0;
}

static int sysctl_set(const char *key, const char *value, struct error *error)
{
        char path[128];
        CLEANUP(cleanup_fd) int fd = -1;

        snprintf(path, sizeof(path), "/proc/sys/net/%s", key);
        fd = open(path, O_WRONLY | O_CLOEXEC);
        if (fd < 0 || write(fd, value, strlen(value)) < 0)
                return error_say(error, -errno, "impossible de régler %s : %m", "cannot set %s: %m", path);
        return 0;
}

struct setting {
        const char *key, *value;
};

/* Settings that must hold before addresses come, in one namespace. */
static int sysctls(const struct netns *netns, const struct setting *settings, size_t count,
                   struct error *error)
{
        int back, r = netns_enter(netns, &back, error);

        if (r)
                return r;
        for (size_t i = 0; !r && i < count; i++)
                r = sysctl_set(settings[i].key, settings[i].value, error);
        netns_leave(back);
        return r;
}

static int features(const struct netns *netns, const char *first, const char *second, struct error *error)
{
        int back, r = netns_enter(netns, &back, error);

        if (r)
                return r;
        r = device_features(first, error);
        if (!r && second)
                r = device_features(second, error);
        netns_leave(back);
        return r;
}

/* A /sys that stands nowhere: it shows the devices of the namespace in which it is made. */
static int sysfs_open(int *ret_fd)
{
        CLEANUP(cleanup_fd) int context = fsopen("sysfs", FSOPEN_CLOEXEC);
        int fd;

        if (context < 0 || fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
                return -errno;
        fd = fsmount(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
        if (fd < 0)
                return -errno;
        *ret_fd = fd;
        return 0;
}

/* One file of it; the value in hexadecimal. */
static int sysfs_write(const char *path, unsigned value)
{
        CLEANUP(cleanup_fd) int tree = -1;
        CLEANUP(cleanup_fd) int fd = -1;
        char text[32];
        int r = sysfs_open(&tree);

        if (r)
                return r;
        fd = openat(tree, path, O_WRONLY | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        snprintf(text, sizeof(text), "%x", value);
        return write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

static int sysfs_set(const struct netns *netns, const char *path, unsigned value, struct error *error)
{
        int back, r = netns_enter(netns, &back, error);

        if (r)
                return r;
        r = sysfs_write(path, value);
        netns_leave(back);
        return r ? error_say(error, r, "impossible de régler /sys/%s dans l’espace de noms réseau %s : %m",
                             "cannot set /sys/%s in the network namespace %s: %m", path, netns->name)
                 : 0;
}

/*
 * Two machines on two processors. The hospital's server handles what arrives on its own processor and not on the one
 * where the edge works. The edge's interface has a queue for each processor, as a network card has: otherwise a packet
 * sent on one would leave the whole receiving to it, and the flood sent on the other would overrun the ring meanwhile.
 * Clients hear answers on the edge's processor, where they speak, or their sockets would mix the queues again.
 */
static int steer(const struct topology *topology, struct error *error)
{
        int server = process_cpu(0), edge = process_cpu(-1), r;

        if (server < 0 || server > 31 || edge < 0 || edge > 31 || server == edge)
                return 0;
        r = sysfs_set(&topology->hospital, "class/net/" TOPOLOGY_LAN0 "/queues/rx-0/rps_cpus", 1u << server,
                      error);
        if (!r)
                r = sysfs_set(&topology->internet, "class/net/" TOPOLOGY_NET "/queues/tx-0/xps_cpus",
                              1u << server, error);
        if (!r)
                r = sysfs_set(&topology->internet, "class/net/" TOPOLOGY_NET "/queues/tx-1/xps_cpus",
                              1u << edge, error);
        for (int queue = 0; !r && queue < 2; queue++) {
                char path[96];

                snprintf(path, sizeof(path), "class/net/" TOPOLOGY_NET "/queues/rx-%d/rps_cpus", queue);
                r = sysfs_set(&topology->internet, path, 1u << edge, error);
        }
        return r;
}

static int settings_all(const struct topology *topology, struct error *error)
{
        static const struct setting common[] = {
                {"ipv4/conf/all/rp_filter", "0"},     {"ipv4/conf/default/rp_filter", "0"},
                {"ipv6/conf/all/accept_dad", "0"},    {"ipv6/conf/default/accept_dad", "0"},
                {"ipv6/conf/default/accept_ra", "0"}, {"ipv6/conf/default/router_solicitations", "0"},
        };
        static const struct setting forward[] = {{"ipv4/ip_forward", "1"}, {"ipv6/conf/all/forwarding", "1"}};
        const struct netns *all[] = {&topology->internet, &topology->edge, &topology->hospital};
        int r = 0;

        for (size_t i = 0; !r && i < ARRAY_LEN(all); i++)
                r = sysctls(all[i], common, ARRAY_LEN(common), error);
        if (!r)
                r = sysctls(&topology->edge, forward, ARRAY_LEN(forward), error);
        return r;
}

static int build_internet(const struct topology *topology, struct error *error)
{
        CLEANUP(buffer_release) struct buffer batch = BUFFER_INIT(BATCH_MAX);
        CLEANUP(buffer_release) struct buffer returns = BUFFER_INIT(BATCH_MAX);
        int r;

        buffer_format(&batch,
                      "link set lo up\n"
                      "link add " TOPOLOGY_NET " address " NET_MAC
                      " numtxqueues 2 numrxqueues 2 type veth peer name " TOPOLOGY_WAN " address " WAN_MAC
                      " numtxqueues 2 numrxqueues 2 netns %s\n"
                      "addr add 198.51.100.1/24 dev " TOPOLOGY_NET "\n"
                      "addr add 2001:db8:ffff::1/64 dev " TOPOLOGY_NET " nodad\n"
                      "link set " TOPOLOGY_NET " up\n"
                      "neigh add 198.51.100.2 lladdr " WAN_MAC " nud permanent dev " TOPOLOGY_NET "\n"
                      "neigh add 2001:db8:ffff::2 lladdr " WAN_MAC " nud permanent dev " TOPOLOGY_NET "\n"
                      "route add default via 198.51.100.2\n"
                      "route add default via 2001:db8:ffff::2\n",
                      topology->edge.name);
        buffer_text(&returns, "rule add iif " TOPOLOGY_NET " lookup 100 pref 100\n"
                              "route add blackhole default table 100\n");
        r = ip_batch(&topology->internet, NULL, &batch, error);
        if (!r)
                r = ip_batch(&topology->internet, "-4", &returns, error);
        return r ? r : ip_batch(&topology->internet, "-6", &returns, error);
}

static int build_edge(const struct topology *topology, struct error *error)
{
        CLEANUP(buffer_release) struct buffer batch = BUFFER_INIT(BATCH_MAX);

        buffer_format(&batch,
                      "link set lo up\n"
                      "link add " TOPOLOGY_LAN " address " LAN_MAC " type veth peer name " TOPOLOGY_LAN0
                      " address " LAN0_MAC " netns %s\n"
                      "addr add 198.51.100.2/24 dev " TOPOLOGY_WAN "\n"
                      "addr add 2001:db8:ffff::2/64 dev " TOPOLOGY_WAN " nodad\n"
                      "addr add 203.0.113.1/24 dev " TOPOLOGY_LAN "\n"
                      "addr add 2001:db8:d::1/64 dev " TOPOLOGY_LAN " nodad\n"
                      "link set " TOPOLOGY_WAN " up\n"
                      "link set " TOPOLOGY_LAN " up\n"
                      "neigh add 198.51.100.1 lladdr " NET_MAC " nud permanent dev " TOPOLOGY_WAN "\n"
                      "neigh add 2001:db8:ffff::1 lladdr " NET_MAC " nud permanent dev " TOPOLOGY_WAN "\n"
                      "route add default via 198.51.100.1\n"
                      "route add default via 2001:db8:ffff::1\n",
                      topology->hospital.name);
        return ip_batch(&topology->edge, NULL, &batch, error);
}

static int build_hospital(const struct scenario *scenario, const struct topology *topology,
                          struct error *error)
{
        CLEANUP(buffer_release) struct buffer hospital = BUFFER_INIT(BATCH_MAX);
        CLEANUP(buffer_release) struct buffer edge = BUFFER_INIT(BATCH_MAX);
        int r;

        buffer_text(&hospital, "link set lo up\n");
        for (unsigned i = 0; i < scenario->service_count; i++) {
                const struct scenario_service *service = &scenario->services[i];

                buffer_format(&hospital, "addr add %s/24 dev " TOPOLOGY_LAN0 "\n", service->v4);
                buffer_format(&hospital, "addr add %s/64 dev " TOPOLOGY_LAN0 " nodad\n", service->v6);
                buffer_format(&edge, "neigh add %s lladdr " LAN0_MAC " nud permanent dev " TOPOLOGY_LAN "\n",
                              service->v4);
                buffer_format(&edge, "neigh add %s lladdr " LAN0_MAC " nud permanent dev " TOPOLOGY_LAN "\n",
                              service->v6);
        }
        buffer_text(&hospital,
                    "link set " TOPOLOGY_LAN0 " up\n"
                    "neigh add 203.0.113.1 lladdr " LAN_MAC " nud permanent dev " TOPOLOGY_LAN0 "\n"
                    "neigh add 2001:db8:d::1 lladdr " LAN_MAC " nud permanent dev " TOPOLOGY_LAN0 "\n"
                    "route add default via 203.0.113.1\n"
                    "route add default via 2001:db8:d::1\n");
        r = ip_batch(&topology->hospital, NULL, &hospital, error);
        return r ? r : ip_batch(&topology->edge, NULL, &edge, error);
}

static int build_all(const struct scenario *scenario, struct topology *topology, struct error *error)
{
        int r = netns_make(prefixes[0], &topology->internet, error);

        if (!r)
                r = netns_make(prefixes[1], &topology->edge, error);
        if (!r)
                r = netns_make(prefixes[2], &topology->hospital, error);
        if (!r)
                r = settings_all(topology, error);
        if (!r)
                r = build_internet(topology, error);
        if (!r)
                r = build_edge(topology, error);
        if (!r)
                r = build_hospital(scenario, topology, error);
        if (!r)
                r = features(&topology->internet, TOPOLOGY_NET, NULL, error);
        if (!r)
                r = features(&topology->edge, TOPOLOGY_WAN, TOPOLOGY_LAN, error);
        if (!r)
                r = features(&topology->hospital, TOPOLOGY_LAN0, NULL, error);
        if (!r)
                r = steer(topology, error);
        return r;
}

/* Measures are pinned there, so that the kernel goes on with them when a daemon dies. */
static int mount_bpffs(struct error *error)
{
        struct statfs status;

        if (statfs(BPFFS, &status) == 0 && (uint32_t)status.f_type == BPFFS_MAGIC)
                return 0;
        if (mount("bpf", BPFFS, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700") < 0)
                return error_say(error, -errno,
                                 "impossible de monter le système de fichiers BPF sur " BPFFS " : %m",
                                 "cannot mount the BPF file system at " BPFFS ": %m");
        return 0;
}

int topology_build(const struct scenario *scenario, struct topology *ret_topology, struct error *error)
{
        struct topology topology = TOPOLOGY_INIT;
        int r;

        if (geteuid() != 0)
                return error_say(error, -EPERM,
                                 "l’exercice crée des espaces de noms réseau : lancez-le en tant que root",
                                 "the exercise makes network namespaces: run it as root");
        netns_sweep(prefixes, ARRAY_LEN(prefixes));
        r = mount_bpffs(error);
        if (!r)
                r = build_all(scenario, &topology, error);
        if (r) {
                topology_remove(&topology);
                return r;
        }
        *ret_topology = topology;
        return 0;
}

void topology_remove(struct topology *topology)
{
        netns_remove(&topology->internet);
        netns_remove(&topology->edge);
        netns_remove(&topology->hospital);
}

int topology_add_clients(const struct topology *topology, const struct addr *clients, size_t count,
                         struct error *error)
{
        CLEANUP(buffer_release) struct buffer v4 = BUFFER_INIT(BATCH_MAX);
        CLEANUP(buffer_release) struct buffer v6 = BUFFER_INIT(BATCH_MAX);
        int r;

        for (size_t i = 0; i < count; i++) {
                char text[ADDR_TEXT_SIZE];

                addr_format(&clients[i], text);
                buffer_format(clients[i].family == 4 ? &v4 : &v6, "route replace local %s dev lo table 100\n",
                              text);
        }
        r = ip_batch(&topology->internet, "-4", &v4, error);
        return r ? r : ip_batch(&topology->internet, "-6", &v6, error);
}
