/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What the kernel programs (shield.bpf.c) and user space share: one header, fixed-width types, explicit
 * padding, sizes asserted. Whoever changes a layout raises SHIELD_VERSION: pinned maps of another version
 * are not adopted.
 *
 * Byte order: ports, lengths, windows and identifiers are in host order; addresses and payload bytes stay as
 * they were on the wire. Words and features are laid out for little-endian machines. Times are nanoseconds of CLOCK_MONOTONIC (bpf_ktime_get_coarse_ns).
 */
#pragma once

#ifdef __BPF__
#include <linux/types.h>
#define SHIELD_ASSERT(condition, text) _Static_assert(condition, text)
#else
#include <assert.h>
#include <stdint.h>
typedef uint8_t __u8;
typedef uint16_t __u16;
typedef uint32_t __u32;
typedef unsigned long long __u64;
#define SHIELD_ASSERT(condition, text) static_assert(condition, text)
#endif

#define SHIELD_VERSION 1

#define SHIELD_SERVICES   16  /* protected services */
#define SHIELD_PREFIXES   32  /* their addresses and prefixes, each family */
#define SHIELD_COUNTRIES  256 /* index 0 is "unknown"; the index is the geo table's, not an ISO number */
#define SHIELD_SLOTS      64  /* measures standing at once */
#define SHIELD_PLAN_SLOTS 8   /* signatures of one service; and as many rungs */
#define SHIELD_KNOWN_WAYS 8   /* sources in a bucket of the known-good memory */
#define SHIELD_NO_SERVICE 0xff
#define SHIELD_NO_SLOT    0xff

/* What kind of packet, for baselines that mean something. One row a class: enum name, word. */
#define SHIELD_CLASSES(X)                                                                                    \
        X(SYN, "tcp-syn")                                                                                    \
        X(SYNACK, "tcp-syn-ack")                                                                             \
        X(TCP, "tcp")                                                                                        \
        X(RST, "tcp-rst") X(UDP, "udp") X(ICMP, "icmp") X(FRAGMENT, "fragment") X(OTHER, "other")
#define SHIELD_CLASS_ENUM(name, word) SHIELD_CLASS_##name,
enum shield_class { SHIELD_CLASSES(SHIELD_CLASS_ENUM) SHIELD_CLASS_COUNT };

/* Marks of a packet. */
enum {
        SHIELD_MARK_FRAGMENT = 1 << 0,       /* more fragments follow, or this is one that follows */
        SHIELD_MARK_FRAGMENT_LATER = 1 << 1, /* offset > 0: no ports in it */
        SHIELD_MARK_DONT_FRAGMENT = 1 << 2,
        SHIELD_MARK_SERVED = 1 << 3, /* destination port is one the service answers on */
        SHIELD_MARK_IPV6 = 1 << 4,
        SHIELD_MARK_IP_OPTIONS = 1 << 5,     /* IPv4 options or IPv6 extension headers */
        SHIELD_MARK_EMPTY = 1 << 6,          /* no payload behind the transport header */
        SHIELD_MARK_LOW_SOURCE_PORT = 1 << 7 /* source port < 1024: what reflectors answer from */
};

/*
 * What a signature may speak of. Computed once a packet; a sample carries the very same bytes, so a
 * signature derived from samples matches exactly what it was derived from. Four 64-bit words.
 */
struct shield_features {
        __u8 protocol;     /* IP protocol; for IPv6 the one behind extension headers */
        __u8 tcp_flags;    /* FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128; 0 unless TCP */
        __u8 ttl;          /* or hop limit */
        __u8 header_words; /* TCP data offset; 0 unless TCP */
        __u8 country;      /* index in the geo table */
        __u8 marks;
        __u16 window; /* TCP window as sent; ICMP type << 8 | code */

        __u16 source_port; /* 0 for later fragments and protocols without ports */
        __u16 dest_port;
        __u16 length; /* IP total length; IPv6 payload length + 40; what the header says, cut to 65535 */
        __u8 service;
        __u8 class_; /* enum shield_class */

        __u8 payload[8]; /* first bytes behind the transport header (or of a later fragment), zero-filled */

        __u8 options[4];       /* first bytes of the TCP options, zero-filled */
        __u16 ip_id;           /* IPv4 identification; 0 for IPv6 */
        __u16 fragment_offset; /* in units of 8 bytes */
};
SHIELD_ASSERT(sizeof(struct shield_features) == 32, "features are four words");

/* A packet matches when (features ^ value) & mask is zero in every word and every range holds. */
struct shield_signature {
        __u64 value[4];
        __u64 mask[4];
        __u16 length_min, length_max;
        __u16 source_port_min, source_port_max;
        __u16 dest_port_min, dest_port_max;
        __u8 ttl_min, ttl_max;
        __u16 pad;
};
SHIELD_ASSERT(sizeof(struct shield_signature) == 80, "signature layout");

enum shield_kind {
        SHIELD_KIND_NONE = 0,
        SHIELD_KIND_SIGNATURE = 1,
        SHIELD_KIND_CHALLENGE = 2, /* TCP SYN of unknown sources: safe reset; other packets pass by */
        SHIELD_KIND_FENCE = 3,     /* sources of these countries */
        SHIELD_KIND_THROTTLE = 4   /* all traffic of the service beyond a rate */
};

enum {
        SHIELD_FLAG_SPARE_KNOWN = 1 << 0, /* sources in the known-good memory pass */
        SHIELD_FLAG_SHADOW = 1 << 1,      /* count what it would drop, drop nothing */
        SHIELD_FLAG_PERSON = 1 << 2 /* a person asked for it: for whoever adopts it, nothing to the kernel */
};

/*
 * One measure. A slot is filled while no plan names it, then published by one 64-bit store in the plan;
 * `until_ns` and `pass_threshold` may be changed in place, each by one aligned store.
 */
struct shield_measure {
        __u32 kind; /* enum shield_kind */
        __u32 flags;
        __u64 until_ns;       /* from here on the program treats it as absent, whoever is dead or alive */
        __u32 pass_threshold; /* a match passes when a random 32-bit number is below; UINT32_MAX: all pass */
        __u32 rate_pps;       /* throttle */
        char id[32];          /* the measure's id, so that a restart knows what it adopts */
        __u64 countries[4];   /* fence: bit n is country index n */
        struct shield_signature signature;
        __u64 window; /* throttle's own state: current 10 ms window, packets let through in it */
        __u64 window_packets;
};
SHIELD_ASSERT(sizeof(struct shield_measure) == 184, "measure layout");

/* Which slots a service's packets are held against, in order. Byte n: slot + 1; 0 ends the list. */
struct shield_plan {
        __u64 signatures;
        __u64 rungs; /* challenge, fence, throttle; or signatures that the first list cannot hold */
};

struct shield_prefix4 {
        __u32 address, mask; /* network order */
        __u32 service;
        __u32 pad;
};

struct shield_prefix6 {
        __u64 address[2], mask[2]; /* network order */
        __u32 service;
        __u32 pad;
};

/* Written by user space, read by the programs. Prefixes: most specific first. */
struct shield_config {
        __u32 version;         /* SHIELD_VERSION */
        __u32 known_max_age_s; /* a source not heard for longer is unknown again */
        __u64 simulated_ns;    /* not 0: the time; for replay and tests */
        __u64 secret[4]; /* two for the tables' hashes, two for cookies; made at load, never leave the box */
        __u32 known4_mask; /* buckets - 1 */
        __u32 known6_mask;
        __u32 prefix4_count, prefix6_count;
        __u32 frozen;    /* bit n: service n is under attack, nobody becomes known by UDP replies */
        __u32 geo_bytes; /* size of the country table the maps were made for */
        struct shield_prefix4 prefix4[SHIELD_PREFIXES];
        struct shield_prefix6 prefix6[SHIELD_PREFIXES];
        struct shield_plan plan[SHIELD_SERVICES];
};

/* Ports a service answers on: bit n of the bitmap; set by configuration, by SYN-ACKs seen going out, by learning. */
struct shield_ports {
        __u64 bits[SHIELD_SERVICES][1024];
};

/* What user space writes (and the programs, in ports and throttle windows): one map of one element, mapped. */
struct shield_state {
        struct shield_config config;
        struct shield_measure slot[SHIELD_SLOTS];
        struct shield_ports ports;
};

/* Counters: one row a CPU, each written by its CPU alone; user space maps and sums them. All only grow. */
struct shield_class_counters {
        __u64 packets, bytes;
        __u64 known;   /* packets of sources in the known-good memory */
        __u64 dropped; /* packets */
        __u64 dropped_bytes;
        __u64 pad;
};

/*
 * Exact, but for what a service's first signature drops: IPv4 packets of strangers are then counted to their country in
 * one of eight cases, for all eight, as finding the country costs more than the drop. For display and for shares.
 */
struct shield_country_counters {
        __u64 packets;
        __u64 dropped;
};

struct shield_service_counters {
        struct shield_class_counters by_class[SHIELD_CLASS_COUNT];
        struct shield_country_counters country[SHIELD_COUNTRIES];
        __u64 verified; /* sources that became known (handshake completed, or spoken to first) */
        __u64 egress_packets, egress_bytes;
        __u64 challenged; /* SYNs answered by a safe reset */
        __u64 proved;     /* sources that answered it rightly */
        __u64 pad[3];
};

struct shield_slot_counters {
        __u64 matched;
        __u64 dropped, dropped_bytes;
        __u64 would_drop; /* matched and let through by probation or shadow */
        __u64 spared;     /* matched and passed as known good */
        __u64 pad[3];
};

/* Where sampling stands in the current epoch. */
struct shield_sampling {
        __u64 epoch;
        __u64 seen;
        __u64 next; /* the packet to be sampled next, and how many it stands for */
        __u64 weight;
};

struct shield_counters {
        struct shield_service_counters service[SHIELD_SERVICES];
        struct shield_slot_counters slot[SHIELD_SLOTS];
        __u64 unprotected;   /* packets to nobody we protect */
        __u64 malformed;     /* too short or contradictory; passed on to the kernel, which knows best */
        __u64 known_evicted; /* live sources pushed out of a full bucket */
        __u64 samples_lost;  /* ring full */
        struct shield_sampling
                sampled; /* the programs' own: all packets; while measures stand, the dropped ones */
        struct shield_sampling
                passing; /* what passes while measures stand: little, and still to be explained */
};

/* Known-good sources, one bucket: a cache line. `seen`: seconds of the monotonic clock + 1; 0 is an empty way. */
struct shield_known4 {
        __u32 address[SHIELD_KNOWN_WAYS];
        __u32 seen[SHIELD_KNOWN_WAYS];
};
SHIELD_ASSERT(sizeof(struct shield_known4) == 64, "a bucket is a cache line");

struct shield_known6 {
        struct {
                __u64 network; /* first 64 bits of the address */
                __u32 seen;
                __u32 pad;
        } way[SHIELD_KNOWN_WAYS];
};

/* Verdicts as a sample tells them. */
enum shield_verdict {
        SHIELD_PASS = 0,
        SHIELD_DROP = 1,
        SHIELD_SPARED = 2,
        SHIELD_WOULD_DROP = 3,
        SHIELD_CHALLENGED = 4
};

/*
 * Who may become known by UDP replies alone: one 64-bit word a slot, freely overwritten by others.
 * Bits 0..31 first second + 1, 32..39 replies, 40..63 fingerprint of the peer.
 */
#define SHIELD_ACQUAINTANCES      65536
#define SHIELD_ACQUAINTED_REPLIES 4 /* at least so many replies */
#define SHIELD_ACQUAINTED_SECONDS 2 /* over at least so long */

/* One sampled packet in the ring. `weight`: how many packets it stands for. */
struct shield_sample {
        __u16 version; /* SHIELD_VERSION */
        __u16 size;    /* sizeof(struct shield_sample) */
        __u32 weight;
        __u64 time_ns;
        struct shield_features features;
        __u8 source[16]; /* IPv4 in the first four bytes */
        __u8 known;      /* 1: in the known-good memory */
        __u8 verdict;    /* enum shield_verdict */
        __u8 slot;       /* that decided, or SHIELD_NO_SLOT */
        __u8 pad[5];
};
SHIELD_ASSERT(sizeof(struct shield_sample) == 72, "sample layout");
