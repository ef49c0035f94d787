/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/frame.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "base/addr.h"

static void put8(struct frame *frame, unsigned value)
{
        assert(frame->length < FRAME_BYTES_MAX);
        frame->bytes[frame->length++] = (uint8_t)value;
}

static void put16(struct frame *frame, unsigned value)
{
        put8(frame, value >> 8);
        put8(frame, value & 0xff);
}

static void put32(struct frame *frame, uint32_t value)
{
        put16(frame, value >> 16);
        put16(frame, value & 0xffff);
}

static void put(struct frame *frame, const void *data, size_t length)
{
        assert(frame->length + length <= FRAME_BYTES_MAX);
        if (length)
                memcpy(frame->bytes + frame->length, data, length);
        frame->length += length;
}

static void fill(struct frame *frame, unsigned value, size_t length)
{
        for (size_t i = 0; i < length; i++)
                put8(frame, value);
}

uint32_t frame_sum(const void *data, size_t length, uint32_t sum)
{
        const uint8_t *bytes = data;

        for (size_t i = 0; i < length; i++)
                sum += i & 1 ? bytes[i] : (uint32_t)bytes[i] << 8;
        return sum;
}

uint16_t frame_fold(uint32_t sum)
{
        while (sum >> 16)
                sum = (sum & 0xffff) + (sum >> 16);
        return (uint16_t)~sum;
}

uint32_t frame_pseudo(const struct frame *frame, unsigned protocol, size_t length)
{
        const uint8_t *ip = frame->bytes + frame->network;
        bool ipv6 = ip[0] >> 4 == 6;

        return frame_sum(ip + (ipv6 ? 8 : 12), ipv6 ? 32 : 8, (uint32_t)length + protocol);
}

static void set16(struct frame *frame, size_t at, unsigned value)
{
        frame->bytes[at] = (uint8_t)(value >> 8);
        frame->bytes[at + 1] = (uint8_t)value;
}

static void put_link(const struct frame_spec *spec, bool ipv6, struct frame *frame)
{
        put(frame, "\x02\0\0\0\0\x01\x02\0\0\0\0\x02", 12);
        assert(spec->vlans <= 2);
        if (spec->vlans == 2) {
                put16(frame, 0x88a8);
                put16(frame, 100);
        }
        if (spec->vlans) {
                put16(frame, 0x8100);
                put16(frame, 7);
        }
        put16(frame, ipv6 ? 0x86dd : 0x0800);
        frame->network = frame->length;
}

static void put_ipv4(const struct frame_spec *spec, const struct addr *source, const struct addr *dest,
                     struct frame *frame)
{
        unsigned fragment = spec->fragment_offset | (spec->more_fragments ? 0x2000 : 0) |
                            (spec->dont_fragment ? 0x4000 : 0);

        put8(frame, 0x40 | (unsigned)(5 + spec->ip_options_length / 4));
        put8(frame, 0);
        put16(frame, 0); /* total length, later */
        put16(frame, spec->ip_id);
        put16(frame, fragment);
        put8(frame, spec->ttl ? spec->ttl : 64);
        put8(frame, spec->protocol);
        put16(frame, 0);
        put(frame, source->bytes, 4);
        put(frame, dest->bytes, 4);
        fill(frame, 1, spec->ip_options_length);
}

static void put_extension(const struct frame_spec *spec, unsigned kind, unsigned next, struct frame *frame)
{
        put8(frame, next);
        if (kind == 44) {
                put8(frame, 0);
                put16(frame, spec->fragment_offset << 3 | (spec->more_fragments ? 1 : 0));
                put32(frame, spec->ip_id);
        } else if (kind == 51) {
                put8(frame, 1);
                fill(frame, 0, 10);
        } else {
                put8(frame, 0);
                fill(frame, 0, 6);
        }
}

static void put_ipv6(const struct frame_spec *spec, const struct addr *source, const struct addr *dest,
                     struct frame *frame)
{
        put32(frame, 6u << 28);
        put16(frame, 0); /* payload length, later */
        put8(frame, spec->extension_count ? spec->extensions[0] : spec->protocol);
        put8(frame, spec->ttl ? spec->ttl : 64);
        put(frame, source->bytes, 16);
        put(frame, dest->bytes, 16);
        for (size_t i = 0; i < spec->extension_count; i++)
                put_extension(spec, spec->extensions[i],
                              i + 1 < spec->extension_count ? spec->extensions[i + 1] : spec->protocol,
                              frame);
}

/* Returns where in the header its checksum lies; 0 when it has none. */
static size_t put_transport(const struct frame_spec *spec, struct frame *frame)
{
        switch (spec->protocol) {
        case FRAME_TCP:
                put16(frame, spec->source_port);
                put16(frame, spec->dest_port);
                put32(frame, spec->sequence);
                put32(frame, spec->acknowledgement);
                put8(frame, (unsigned)(5 + spec->tcp_options_length / 4) << 4);
                put8(frame, spec->flags);
                put16(frame, spec->window);
                put32(frame, 0);
                put(frame, spec->tcp_options, spec->tcp_options_length);
                return 16;
        case FRAME_UDP:
                put16(frame, spec->source_port);
                put16(frame, spec->dest_port);
                put16(frame, (unsigned)(8 + spec->payload_length));
                put16(frame, 0);
                return 6;
        case FRAME_ICMP:
        case FRAME_ICMPV6:
                put8(frame, spec->icmp_type);
                put8(frame, spec->icmp_code);
                put16(frame, 0);
                put32(frame, 0);
                return 2;
        default:
                return 0;
        }
}

static void finish(const struct frame_spec *spec, bool ipv6, size_t checksum, struct frame *frame)
{
        size_t length = frame->length - frame->network, tail = frame->length - frame->transport;
        uint32_t pseudo = spec->protocol == FRAME_ICMP ? 0 : frame_pseudo(frame, spec->protocol, tail);

        if (ipv6)
                set16(frame, frame->network + 4, (unsigned)(length - 40));
        else
                set16(frame, frame->network + 2, (unsigned)length);
        if (!ipv6)
                set16(frame, frame->network + 10,
                      frame_fold(frame_sum(frame->bytes + frame->network, 20 + spec->ip_options_length, 0)));
        if (checksum && !spec->fragment_offset && !spec->more_fragments)
                set16(frame, frame->transport + checksum,
                      frame_fold(frame_sum(frame->bytes + frame->transport, tail, pseudo)));
}

void frame_make(const struct frame_spec *spec, struct frame *ret_frame)
{
        struct addr source, dest;
        size_t checksum = 0;
        int r = addr_parse(spec->source, &source);

        assert(r == 0);
        r = addr_parse(spec->dest, &dest);
        assert(r == 0 && source.family == dest.family);

        bool ipv6 = source.family == 6;

        memset(ret_frame, 0, sizeof(*ret_frame));
        put_link(spec, ipv6, ret_frame);
        if (ipv6)
                put_ipv6(spec, &source, &dest, ret_frame);
        else
                put_ipv4(spec, &source, &dest, ret_frame);
        ret_frame->transport = ret_frame->length;
        if (!spec->fragment_offset)
                checksum = put_transport(spec, ret_frame);
        put(ret_frame, spec->payload, spec->payload_length);
        finish(spec, ipv6, checksum, ret_frame);
        fill(ret_frame, 0xaa, spec->padding);
}
