/* SPDX-License-Identifier: EUPL-1.2 */
/* Which server is the victim, which way a calm packet goes, and what a frame looks like. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/table.h"
#include "edge/replay_private.h"

#define PAUSE_MAX_NS    10000000000ull
#define ADDRESSES_MAX   65536u
#define FLOWS_MAX       262144u
#define EGRESS_CUT      1514 /* tc looks at headers alone, and one page is all its test run takes */
#define LIVELY_PORT_MAX 32768

/* What a packet says without its options. */
struct glance {
        struct addr source, dest;
        uint8_t protocol;
        bool ports;
        uint16_t source_port, dest_port;
};

static uint16_t be16(const uint8_t *bytes)
{
        return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static struct addr addr_of(const uint8_t *bytes, uint8_t family)
{
        struct addr addr = {.family = family, .prefix = family == 4 ? 32 : 128};

        memcpy(addr.bytes, bytes, family == 4 ? 4 : 16);
        return addr;
}

static struct glance glance_at(const struct capture_packet *packet)
{
        const uint8_t *ip = packet->ip;
        bool ipv4 = ip[0] >> 4 == 4;
        size_t header = ipv4 ? (size_t)(ip[0] & 15) * 4 : 40;
        struct glance glance = {.protocol = ipv4 ? ip[9] : ip[6]};
        bool later = ipv4 && be16(ip + 6) & 0x1fff;

        glance.source = addr_of(ip + (ipv4 ? 12 : 8), ipv4 ? 4 : 6);
        glance.dest = addr_of(ip + (ipv4 ? 16 : 24), ipv4 ? 4 : 6);
        if (later || (glance.protocol != IPPROTO_TCP && glance.protocol != IPPROTO_UDP) ||
            packet->caught_length < header + 4)
                return glance;
        glance.ports = true;
        glance.source_port = be16(ip + header);
        glance.dest_port = be16(ip + header + 2);
        return glance;
}

static bool is_unicast(const struct addr *addr)
{
        return addr->family == 4 ? addr->bytes[0] && addr->bytes[0] < 224 : addr->bytes[0] != 0xff;
}

/* Votes for addresses; the commonest of a family wins. */
struct votes {
        struct table *table;
        struct addr best[2];
        uint64_t most[2];
};

static int votes_add(struct votes *votes, const struct addr *addr)
{
        uint64_t *count = table_get(votes->table, addr, sizeof(*addr));
        unsigned family = addr->family == 6;

        if (!count) {
                count = calloc(1, sizeof(*count));
                if (!count || table_put(votes->table, addr, sizeof(*addr), count) < 0) {
                        free(count);
                        return -ENOMEM;
                }
        }
        if (++*count > votes->most[family]) {
                votes->most[family] = *count;
                votes->best[family] = *addr;
        }
        return 0;
}

/* The one with the lower port is the server; of equals, and without ports, who is spoken to. */
static const struct addr *server_of(const struct glance *glance)
{
        if (glance->ports && glance->source_port < glance->dest_port)
                return &glance->source;
        return &glance->dest;
}

/* servers: the busiest server; else the commonest destination. */
static int busiest(const struct replay_track *track, bool servers, const struct random *random,
                   struct addr ret_best[static 2])
{
        struct votes votes = {.table = table_new(ADDRESSES_MAX, random, free)};
        int r = votes.table ? 0 : -ENOMEM;

        for (size_t n = 0; r == 0 && n < track->capture.count; n++) {
                struct glance glance = glance_at(&track->capture.packets[n]);
                const struct addr *addr = servers ? server_of(&glance) : &glance.dest;

                if ((servers && !glance.ports) || !is_unicast(addr))
                        continue;
                r = votes_add(&votes, addr);
        }
        table_free(votes.table);
        if (r == 0)
                memcpy(ret_best, votes.best, sizeof(votes.best));
        return r;
}

static int victims_find(const struct replay_options *options, const struct random *random,
                        struct replay_traffic_plan *plan, struct error *error)
{
        struct addr calm[2] = {0}, attack[2] = {0}, asked = {0};
        int r = busiest(&plan->attack, false, random, attack);

        if (r == 0 && plan->has_calm)
                r = busiest(&plan->calm, true, random, calm);
        if (r < 0)
                return error_say(error, r, "mémoire insuffisante pour les adresses des captures",
                                 "no memory for the captures' addresses");
        for (unsigned n = 0; n < 2; n++)
                plan->victims[n] = calm[n].family ? calm[n] : attack[n];
        if (!options->victim)
                return 0;
        if (addr_parse(options->victim, &asked) < 0 || asked.prefix != (asked.family == 4 ? 32 : 128))
                return error_say(error, -EINVAL, "« %s » n’est pas l’adresse d’une victime",
                                 "\"%s\" is not the address of a victim", options->victim);
        plan->victims[asked.family == 6] = asked;
        return 0;
}

static bool is_victim(const struct replay_traffic_plan *plan, const struct addr *addr)
{
        return addr_equal(addr, &plan->victims[addr->family == 6]);
}

/* The victim's /24 or /64. */
static bool beside_victim(const struct replay_traffic_plan *plan, const struct addr *addr)
{
        const struct addr *victim = &plan->victims[addr->family == 6];

        return victim->family == addr->family &&
               !memcmp(victim->bytes, addr->bytes, addr->family == 4 ? 3 : 8);
}

static enum replay_way way_of(const struct replay_traffic_plan *plan, const struct glance *glance)
{
        if (is_victim(plan, &glance->dest))
                return REPLAY_TO_VICTIM;
        if (is_victim(plan, &glance->source))
                return REPLAY_OUT;
        return beside_victim(plan, &glance->source) && !beside_victim(plan, &glance->dest) ? REPLAY_OUT
                                                                                           : REPLAY_ELSEWHERE;
}

static int calm_ready(struct replay_traffic_plan *plan)
{
        struct replay_track *calm = &plan->calm;
        uint64_t offset = 0, before = calm->capture.packets[0].time_ns;

        calm->packets = calloc(calm->capture.count, sizeof(*calm->packets));
        if (!calm->packets)
                return -ENOMEM;
        for (size_t n = 0; n < calm->capture.count; n++) {
                const struct capture_packet *packet = &calm->capture.packets[n];
                struct glance glance = glance_at(packet);

                /* Packets out of order of time keep their place. */
                if (packet->time_ns > before) {
                        uint64_t pause = packet->time_ns - before;

                        offset += pause < PAUSE_MAX_NS ? pause : PAUSE_MAX_NS;
                        before = packet->time_ns;
                }
                calm->packets[n] = (struct replay_packet){packet, offset, way_of(plan, &glance)};
        }
        calm->count = calm->capture.count;
        calm->round_ns = offset + offset / calm->count + 1000000;
        return 0;
}

/* Replies of the attacked to the attack, if the capture holds them, are no attack. */
static int attack_ready(struct replay_traffic_plan *plan, const struct random *random)
{
        struct replay_track *attack = &plan->attack;
        struct addr target[2] = {0};
        int r = busiest(attack, false, random, target);

        if (r < 0)
                return r;
        attack->packets = calloc(attack->capture.count, sizeof(*attack->packets));
        if (!attack->packets)
                return -ENOMEM;
        for (size_t n = 0; n < attack->capture.count; n++) {
                const struct capture_packet *packet = &attack->capture.packets[n];
                struct glance glance = glance_at(packet);
                unsigned family = glance.source.family == 6;

                if (addr_equal(&glance.source, &target[family]) && !addr_equal(&glance.dest, &target[family]))
                        continue;
                attack->packets[attack->count++] = (struct replay_packet){packet, 0, REPLAY_TO_VICTIM};
        }
        return 0;
}

struct flow_key {
        struct addr peer;
        uint16_t peer_port, port;
};

/* A UDP port is served where somebody outside spoke first and the victim answered. */
static int ports_find(struct replay_traffic_plan *plan, const struct random *random)
{
        struct table *flows = table_new(FLOWS_MAX, random, NULL);
        static const char inward = 0, outward = 0;
        int r = flows ? 0 : -ENOMEM;

        for (size_t n = 0; r == 0 && n < plan->calm.count; n++) {
                struct glance glance = glance_at(plan->calm.packets[n].packet);
                bool in = is_victim(plan, &glance.dest);
                struct flow_key key;

                if (glance.protocol != IPPROTO_UDP || !glance.ports ||
                    plan->calm.packets[n].way == REPLAY_ELSEWHERE ||
                    (!in && !is_victim(plan, &glance.source)))
                        continue;
                memset(&key, 0, sizeof(key));
                key.peer = in ? glance.source : glance.dest;
                key.peer_port = in ? glance.source_port : glance.dest_port;
                key.port = in ? glance.dest_port : glance.source_port;
                const char *first = table_get(flows, &key, sizeof(key));
                if (!first)
                        r = table_put(flows, &key, sizeof(key), (void *)(in ? &inward : &outward));
                else if (first == &inward && !in && key.port < LIVELY_PORT_MAX)
                        plan->udp_ports[key.port / 8] |= (uint8_t)(1 << (key.port % 8));
        }
        table_free(flows);
        return r;
}

static int track_read(const char *path, struct replay_track *track, struct error *error)
{
        int r = capture_read(path, NULL, &track->capture, error);

        if (r == CAPTURE_DAMAGED)
                return -EINVAL; /* its sentence stands in `error` */
        return r < 0 ? r : 0;   /* cut at the limits: what was read is replayed */
}

int replay_traffic_load(const struct replay_options *options, const struct random *random,
                        struct replay_traffic_plan *plan, struct error *error)
{
        int r = track_read(options->attack, &plan->attack, error);

        plan->has_calm = options->calm;
        if (r == 0 && plan->has_calm)
                r = track_read(options->calm, &plan->calm, error);
        if (r == 0)
                r = victims_find(options, random, plan, error);
        if (r < 0)
                return r;
        r = attack_ready(plan, random);
        if (r == 0 && plan->has_calm)
                r = calm_ready(plan);
        if (r == 0 && plan->has_calm)
                r = ports_find(plan, random);
        if (r < 0)
                return error_say(error, r, "mémoire insuffisante pour les captures",
                                 "no memory for the captures");
        for (size_t n = 0; n < plan->attack.count; n++) {
                struct glance glance = glance_at(plan->attack.packets[n].packet);

                if (!plan->victims[glance.dest.family == 6].family)
                        return error_say(error, -EINVAL,
                                         "%s ne contient aucune destination unicast à attaquer",
                                         "%s holds no unicast destination to attack", options->attack);
        }
        if (!plan->attack.count)
                return error_say(error, -ENODATA, "%s ne contient aucun paquet vers une victime",
                                 "%s holds no packet towards a victim", options->attack);
        return 0;
}

void replay_traffic_release(struct replay_traffic_plan *plan)
{
        capture_release(&plan->calm.capture);
        capture_release(&plan->attack.capture);
        free(plan->calm.packets);
        free(plan->attack.packets);
}

/* What the header says; a capture made before segmentation offload says 0. */
static size_t ip_length(const struct capture_packet *packet)
{
        const uint8_t *ip = packet->ip;
        size_t said = ip[0] >> 4 == 4 ? be16(ip + 2) : (size_t)be16(ip + 4) + 40;

        if (ip[0] >> 4 == 4 && said == 0)
                said = packet->wire_length < 65535 ? packet->wire_length : 65535;
        return said > 65535 ? 65535 : said;
}

size_t replay_frame(const struct capture_packet *packet, const struct addr *victim, bool cut,
                    uint8_t ret_frame[static REPLAY_FRAME_MAX])
{
        bool ipv4 = packet->ip[0] >> 4 == 4;
        uint8_t *ip = ret_frame + 14;
        size_t length = ip_length(packet);
        size_t caught = packet->caught_length < 65535 ? packet->caught_length : 65535;

        if (length < caught)
                length = caught;
        if (cut && length > EGRESS_CUT - 14)
                length = EGRESS_CUT - 14;
        memset(ret_frame, 0, 14);
        ret_frame[0] = ret_frame[6] = 2; /* locally administered addresses */
        ret_frame[12] = ipv4 ? 0x08 : 0x86;
        ret_frame[13] = ipv4 ? 0x00 : 0xdd;
        memcpy(ip, packet->ip, caught < length ? caught : length);
        if (caught < length)
                memset(ip + caught, 0, length - caught);
        if (ipv4 && !be16(ip + 2)) {
                ip[2] = (uint8_t)(length >> 8);
                ip[3] = (uint8_t)length;
        }
        if (victim)
                memcpy(ip + (ipv4 ? 16 : 24), victim->bytes, ipv4 ? 4 : 16);
        return 14 + length;
}
