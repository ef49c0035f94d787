/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The three namespaces and what links them; drill.h draws them. Addresses of the hospital are the scenario's
 * (documentation ranges, RFC 5737 and RFC 3849); neighbours are fixed, so that no flood disturbs their discovery.
 *
 * In the internet namespace packets that come back are delivered to the clients' addresses alone; what answers a
 * spoofed source falls into a black hole, as a host that never asked would have done without a RST.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "drill/netns.h"
#include "drill/scenario.h"

#define TOPOLOGY_NET  "net0"
#define TOPOLOGY_WAN  "wan"
#define TOPOLOGY_LAN  "lan"
#define TOPOLOGY_LAN0 "lan0"

struct topology {
        struct netns internet, edge, hospital;
};

#define TOPOLOGY_INIT                                                                                        \
        {                                                                                                    \
                NETNS_INIT, NETNS_INIT, NETNS_INIT                                                           \
        }

extern const uint8_t topology_net_mac[6], topology_wan_mac[6];

/* Sweeps leftovers of dead exercises, then builds. On failure nothing is left. -EPERM without the right. */
int topology_build(const struct scenario *scenario, struct topology *ret_topology, struct error *error);
void topology_remove(struct topology *topology);

/* Addresses at which clients live in the internet namespace. */
int topology_add_clients(const struct topology *topology, const struct addr *clients, size_t count,
                         struct error *error);
