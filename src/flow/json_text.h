/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * json_text: a value as compact JSON, byte for byte what json_dumps(JSON_COMPACT) writes, in a fraction of its time: it looks at
 * texts sixteen bytes at a time and keeps no book of what it has seen. (The journal's own form is journal/canonical.h.)
 */
#pragma once

#include <jansson.h>

#include "base/buffer.h"

#define JSON_TEXT_DEPTH_MAX 64

/*
 * A value whose text is there already, as the journal keeps it: json_text() copies it out as it stands. To everything else it is
 * a string that is not UTF-8; no parser and no json_string() lets one in, so nobody outside can make one. New reference.
 */
json_t *json_text_raw(const char *text, size_t length);

/* -ELOOP deeper than JSON_TEXT_DEPTH_MAX, -ENOMEM when the buffer overflows; a part of the value may then be in it. */
int json_text_append(const json_t *json, struct buffer *out);

/* The caller frees it; NULL when out of memory or too deep. */
char *json_text(const json_t *json, size_t *ret_length);
