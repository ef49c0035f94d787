/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/wave.h"

#include <netinet/in.h>
#include <string.h>

#define ETHER_SIZE 14

static void put_be16(uint8_t *at, uint32_t value)
{
        at[0] = (uint8_t)(value >> 8);
        at[1] = (uint8_t)value;
}

static uint32_t get_be16(const uint8_t *at)
{
        return (uint32_t)at[0] << 8 | at[1];
}

/* Ones' complement sum of 16-bit words, added to `sum`. */
static uint32_t add_words(uint32_t sum, const uint8_t *data, uint32_t length)
{
        for (uint32_t i = 0; i + 1 < length; i += 2)
                sum += get_be16(data + i);
        if (length & 1)
                sum += (uint32_t)data[length - 1] << 8;
        return sum;
}

static uint32_t fold(uint32_t sum)
{
        while (sum >> 16)
                sum = (sum & 0xffff) + (sum >> 16);
        return sum;
}

/* Where the transport's checksum lies within it; 0 when this protocol has none that covers addresses. */
static uint32_t checksum_place(uint8_t protocol)
{
        switch (protocol) {
        case IPPROTO_TCP:
                return 16;
        case IPPROTO_UDP:
                return 6;
        case IPPROTO_ICMPV6:
                return 2;
        default:
                return 0;
        }
}

struct transport {
        uint8_t protocol;
        bool first, whole; /* holds its header; is no fragment at all */
        uint8_t *data;
        uint32_t length;
        const uint8_t *addresses; /* source and destination, for the pseudo header */
        uint32_t address_bytes;   /* of both */
};

static void checksum_whole(const struct transport *part)
{
        uint32_t place = checksum_place(part->protocol), sum;

        put_be16(part->data + place, 0);
        sum = add_words(0, part->addresses, part->address_bytes) + part->protocol + part->length;
        sum = fold(~fold(add_words(sum, part->data, part->length)) & 0xffff);
        put_be16(part->data + place, part->protocol == IPPROTO_UDP && sum == 0 ? 0xffff : sum);
}

/* RFC 1624, equation 3: the datagram's other fragments are elsewhere, so only the difference is known. */
static void checksum_difference(const struct transport *part, const uint8_t *before, const uint8_t *after,
                                uint32_t length)
{
        uint8_t *at = part->data + checksum_place(part->protocol);
        uint32_t sum = ~get_be16(at) & 0xffff;

        for (uint32_t i = 0; i + 1 < length; i += 2)
                sum += (~get_be16(before + i) & 0xffff) + get_be16(after + i);
        sum = ~fold(sum) & 0xffff;
        put_be16(at, part->protocol == IPPROTO_UDP && sum == 0 ? 0xffff : sum);
}

static void finish(const struct transport *part, uint16_t port, const uint8_t *before, const uint8_t *after,
                   uint32_t address_bytes)
{
        uint32_t place = checksum_place(part->protocol);
        uint8_t old_port[2], new_port[2];

        if (!part->first || !place || part->length < place + 2)
                return;
        memcpy(old_port, part->data + 2, 2);
        if (port && part->protocol != IPPROTO_ICMPV6)
                put_be16(part->data + 2, port);
        memcpy(new_port, part->data + 2, 2);
        /* A UDP checksum of zero means that there is none (RFC 768). */
        if (part->protocol == IPPROTO_UDP && get_be16(part->data + place) == 0)
                return;
        if (part->whole) {
                checksum_whole(part);
                return;
        }
        checksum_difference(part, before, after, address_bytes);
        checksum_difference(part, old_port, new_port, 2);
}

static bool rewrite_v4(uint8_t *ip, uint32_t length, const struct wave_target *target)
{
        uint32_t header = (ip[0] & 15u) * 4, fragment = get_be16(ip + 6) & 0x3fff;
        uint8_t before[4];
        struct transport part = {.protocol = ip[9], .addresses = ip + 12, .address_bytes = 8};

        if (header < 20 || header > length)
                return false;
        memcpy(before, ip + 16, 4);
        memcpy(ip + 16, target->v4.bytes, 4);
        put_be16(ip + 2, length);
        put_be16(ip + 10, 0);
        put_be16(ip + 10, ~fold(add_words(0, ip, header)));
        part.first = (fragment & 0x1fff) == 0;
        part.whole = fragment == 0;
        part.data = ip + header;
        part.length = length - header;
        finish(&part, target->port, before, ip + 16, 4);
        return true;
}

static void rewrite_v6(uint8_t *ip, uint32_t length, const struct wave_target *target)
{
        uint8_t before[16];
        struct transport part = {.protocol = ip[6],
                                 .first = true,
                                 .whole = true,
                                 .addresses = ip + 8,
                                 .address_bytes = 32,
                                 .data = ip + 40,
                                 .length = length - 40};

        memcpy(before, ip + 24, 16);
        memcpy(ip + 24, target->v6.bytes, 16);
        put_be16(ip + 4, length - 40);
        finish(&part, target->port, before, ip + 24, 16);
}

uint32_t wave_frame(const struct capture_packet *packet, const struct wave_target *target,
                    uint8_t ret_frame[static WAVE_FRAME_MAX])
{
        uint8_t frame[WAVE_FRAME_MAX] = {0}, *ip = frame + ETHER_SIZE;
        bool v4 = packet->ip[0] >> 4 == 4;

        if (packet->wire_length > WAVE_FRAME_MAX - ETHER_SIZE)
                return 0;
        memcpy(frame, target->to_mac, 6);
        memcpy(frame + 6, target->from_mac, 6);
        put_be16(frame + 12, v4 ? 0x0800 : 0x86dd);
        memcpy(ip, packet->ip, packet->caught_length);
        if (!v4)
                rewrite_v6(ip, packet->wire_length, target);
        else if (!rewrite_v4(ip, packet->wire_length, target))
                return 0;
        memcpy(ret_frame, frame, ETHER_SIZE + packet->wire_length);
        return ETHER_SIZE + packet->wire_length;
}

void wave_source(const struct capture_packet *packet, struct addr *ret_addr)
{
        bool v4 = packet->ip[0] >> 4 == 4;
        struct addr addr = {.family = v4 ? 4 : 6, .prefix = v4 ? 32 : 128};

        memcpy(addr.bytes, packet->ip + (v4 ? 12 : 8), v4 ? 4 : 16);
        *ret_addr = addr;
}
