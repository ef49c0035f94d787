/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The exercise's flood: each run (BPF_PROG_TEST_RUN with BPF_F_TEST_XDP_LIVE_FRAMES) turns one blank frame into
 * the next packet of the deck and sends it out of the interface. Never attached to a device.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#include "flood_wire.h"

struct {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(max_entries, FLOOD_TEMPLATES);
        __type(key, __u32);
        __type(value, struct flood_template);
} templates SEC(".maps");

struct block {
        __u8 bytes[FLOOD_BLOCK];
};

struct {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(max_entries, FLOOD_BLOCKS);
        __type(key, __u32);
        __type(value, struct block);
} blocks SEC(".maps");

/* One generator runs at a time, on one processor: no two runs meet here. */
struct flood_control control;

static __always_inline int send(struct xdp_md *ctx, const struct flood_template *template)
{
        __u32 number = template->block, length = template->length, offset = template->offset;
        struct block *block = bpf_map_lookup_elem(&blocks, &number);

        if (!block || length < 14 || length > FLOOD_FRAME_MAX || offset > FLOOD_BLOCK - FLOOD_FRAME_MAX)
                return XDP_ABORTED;
        if (bpf_xdp_adjust_tail(ctx, (int)length - (int)bpf_xdp_get_buff_len(ctx)))
                return XDP_ABORTED;
        if (bpf_xdp_store_bytes(ctx, 0, block->bytes + offset, length))
                return XDP_ABORTED;
        return (int)bpf_redirect(control.ifindex, 0);
}

SEC("xdp")
int flood(struct xdp_md *ctx)
{
        __u32 turn = control.deck_cursor++ & (FLOOD_DECK - 1);
        struct flood_stream *stream = &control.streams[control.deck[turn] & (FLOOD_STREAMS - 1)];
        __u32 cursor = stream->cursor, key = stream->first + cursor;
        const struct flood_template *template = bpf_map_lookup_elem(&templates, &key);

        if (!template)
                return XDP_ABORTED;
        stream->cursor = cursor + 1 >= stream->count ? 0 : cursor + 1;
        stream->sent++;
        return send(ctx, template);
}

char licence[] SEC("license") = "Dual BSD/GPL";
