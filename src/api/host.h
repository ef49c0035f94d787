/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * host: what a request's header Host may say. A page of a stranger may make a browser ask us under the stranger's own name (DNS
 * rebinding), so only names of ours are answered; an address written out needs no DNS and cannot be rebound.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* "name", "name:port", "192.0.2.1:8443", "[::1]:8443"; letter case does not count. `names` are ours beside localhost. */
bool host_is_ours(const char *host, const char *const *names, size_t count);

/* Whether an Origin ("https://name:port") is the page's own: same host and port as the header Host. */
bool host_is_origin(const char *host, const char *origin);
