/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * wire: bytes to a syslog receiver: TLS 1.2 or later with its certificate verified (RFC 5425), or TCP or UDP to this very machine. One connection
 * a message; with TLS it is over when the receiver has closed too, as far as it does so within WIRE_CLOSE_MS, and a receiver that closes
 * before it has read all has not got it. Blocks, for a thread of its own.
 */
#pragma once

#include <stddef.h>

#include "base/error.h"
#include "service/config.h"

#define WIRE_CONNECT_MS 8000
#define WIRE_SEND_MS    8000
#define WIRE_CLOSE_MS   2000

/* -EIO, -ETIMEDOUT, -ECONNREFUSED…, with a sentence. */
int wire_send(const struct config_target *target, const void *bytes, size_t length, struct error *error);
