/* SPDX-License-Identifier: EUPL-1.2 */
/* SipHash-2-4 (Aumasson and Bernstein 2012): a hash with a secret, so that nobody outside can choose collisions. */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint64_t sip_hash(const uint64_t secret[static 2], const void *data, size_t length);
