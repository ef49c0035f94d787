/* SPDX-License-Identifier: EUPL-1.2 */
/* IPv4 and IPv6 addresses and prefixes, in network byte order. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define ADDR_TEXT_SIZE 64 /* longest "xxxx:…/128" with NUL */

struct addr {
        uint8_t family; /* 4 or 6 */
        uint8_t prefix; /* 0..32 or 0..128; full length for a single address */
        uint8_t pad[2];
        uint8_t bytes[16]; /* an IPv4 address fills the first four, the rest is zero */
};

/* "192.0.2.1", "192.0.2.0/24", "2001:db8::/32". Bits beyond the prefix must be zero. -EINVAL otherwise. */
int addr_parse(const char *text, struct addr *ret_addr);
void addr_format(const struct addr *addr, char ret_text[static ADDR_TEXT_SIZE]);

/* Whether `addr` (its own prefix included) lies within `net`. */
bool addr_within(const struct addr *addr, const struct addr *net);
bool addr_equal(const struct addr *a, const struct addr *b);

/* 127.0.0.0/8 or ::1: nobody else's than this machine's. */
bool addr_is_loopback(const struct addr *addr);
