/* SPDX-License-Identifier: EUPL-1.2 */
/* words: a parcel's news as a person reads it. Pure. */
#pragma once

#include "base/buffer.h"
#include "exchange/parcel.h"

/* One line, no line breaks or other control characters whatever the payload holds: "Incident ouvert : … (gravité : grave)". */
void words_line(const struct parcel *parcel, enum language language, struct buffer *buffer);
/* Some lines, each ended by '\n': what, when, gravity, whom to tell by when, the mark. */
void words_lines(const struct parcel *parcel, enum language language, struct buffer *buffer);
