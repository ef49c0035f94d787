/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * syslog: a parcel as one message of RFC 5424, facility 13 (log audit), structured data "garde@<enterprise>" with id, event, incident,
 * kind, gravity, obligation, due, tlp; the text in UTF-8 behind a byte order mark. Over streams it is framed by its length (RFC 6587 3.4.1, RFC 5425).
 */
#pragma once

#include "base/buffer.h"
#include "exchange/parcel.h"

#define SYSLOG_MAX 8192

/* `host`: this machine's name. */
void syslog_message(const struct outlet *outlet, const struct parcel *parcel, const char *host,
                    struct buffer *buffer);
void syslog_frame(const struct buffer *message, struct buffer *buffer);
