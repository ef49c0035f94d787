/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * mail: a parcel as a message of RFC 5322, French first and English after it. Nothing of the payload gets into a header but as an encoded
 * word (RFC 2047), and the body is base64, so no line of it can become one.
 */
#pragma once

#include "base/buffer.h"
#include "base/error.h"
#include "exchange/parcel.h"

#define MAIL_MAX (64 * 1024)

/* -EINVAL: an address that cannot stand in a header. */
int mail_message(const struct outlet *outlet, const struct parcel *parcel, int64_t now_ms,
                 struct buffer *buffer, struct error *error);
