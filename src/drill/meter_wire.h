/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the meter's kernel program and its user space share. Fixed-width types only. */
#pragma once

#include <linux/types.h>

#define METER_BIN_NS    10000000ull /* 10 ms */
#define METER_BINS      24576       /* four minutes; later packets count in the last bin */
#define METER_SERVICES  4
#define METER_COUNTRIES 320
#define METER_SOURCES   262144

/* One bin of one service: index service * METER_BINS + bin. */
struct meter_bin {
        __u32 attack; /* packets from one of the attack's sources */
        __u32 other;
};

/* An address: IPv4 in the first four bytes, the rest zero, and family 4 or 6. */
struct meter_key {
        __u8 bytes[16];
        __u32 family;
};

struct meter_settings {
        __u64 origin_ns; /* bpf_ktime_get_ns at bin 0 */
        __u32 service_count;
        __u32 pad;
        struct meter_key services[METER_SERVICES * 2]; /* each service: IPv4, then IPv6 */
};

_Static_assert(sizeof(struct meter_bin) == 8, "one layout in the kernel and outside");
_Static_assert(sizeof(struct meter_key) == 20, "one layout in the kernel and outside");
