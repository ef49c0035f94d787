/* SPDX-License-Identifier: EUPL-1.2 */
/* Captures made ready to be run: shared by replay.c and replay_traffic.c alone. */
#pragma once

#include "base/random.h"
#include "edge/capture.h"
#include "edge/replay.h"

enum replay_way { REPLAY_TO_VICTIM, REPLAY_OUT, REPLAY_ELSEWHERE };

struct replay_packet {
        const struct capture_packet *packet;
        uint64_t offset_ns; /* from the beginning of the capture's round; calm only */
        enum replay_way way;
};

struct replay_track {
        struct capture capture;
        struct replay_packet *packets;
        size_t count;
        uint64_t round_ns; /* length of one round at its own pace */
};

#define REPLAY_FRAME_MAX (14 + 65535)

struct replay_traffic_plan {
        struct replay_track calm, attack;
        bool has_calm;
        struct addr victims[2];       /* IPv4, IPv6; family 0: none */
        uint8_t udp_ports[65536 / 8]; /* the victim was seen to answer there */
};

/* Reads both captures and finds victims, ways and ports. The caller releases what was read, on failure too. */
int replay_traffic_load(const struct replay_options *options, const struct random *random,
                        struct replay_traffic_plan *ret_plan, struct error *error);
void replay_traffic_release(struct replay_traffic_plan *plan);

/* The Ethernet frame of a packet, `victim` in place of its destination when given. Returns its length. */
size_t replay_frame(const struct capture_packet *packet, const struct addr *victim, bool cut,
                    uint8_t ret_frame[static REPLAY_FRAME_MAX]);
