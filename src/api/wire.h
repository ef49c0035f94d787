/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * wire: one TCP connection and how long it may take for what it does now. libmicrohttpd ends connections that are silent; one
 * byte every few seconds is not silent, so whole heads, bodies and answers have their own time, after which the socket is shut.
 */
#pragma once

#include <microhttpd.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

struct wire {
        struct wire *next;
        struct MHD_Connection *connection;
        uint64_t until_ms; /* monotonic; 0: as long as it likes */
};

struct wires {
        const struct clock *clock;
        struct wire *first;
        unsigned count;
        unsigned head_seconds, idle_seconds;
};

/* MHD_OPTION_NOTIFY_CONNECTION; the context is struct wires. */
void wire_notify(void *wires, struct MHD_Connection *connection, void **context,
                 enum MHD_ConnectionNotificationCode code);

/* The wire has so many seconds from now on for what begins; 0: no limit. */
void wire_allow(struct MHD_Connection *connection, const struct clock *clock, uint64_t seconds);

/* Shuts those whose time is over; once a second or so. How many. */
unsigned wires_shut_late(struct wires *wires);
