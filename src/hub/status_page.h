/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * status_page: what the public is told, as one HTML file that needs nothing else: no script, no picture, no address to ask. It can be put
 * on any web server, which matters on the day on which one's own is down. Both languages stand in it, French first.
 */
#pragma once

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct status_page {
        const char *structure, *zone; /* its name; IANA zone of its times */
        int64_t made_ms;
        const json_t *entries; /* [{"at","text":{fr,en}}], newest first; borrowed */
};

/* The bytes are the caller's. -E2BIG, -ENOMEM. */
int status_page_html(const struct status_page *page, char **ret_bytes, size_t *ret_length,
                     struct error *error);
