/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cookie: the session's, the only one there is (RFC 6265bis). Over TLS "__Host-garde": Secure, so no page in clear can set
 * or read it, and bound to this very host. Over plain HTTP on this machine "garde", which browsers would refuse that prefix for.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define COOKIE_VALUE_SIZE  128
#define COOKIE_HEADER_SIZE 256

const char *cookie_name(bool secure);

/* The value in a header Cookie; false when it is absent, there twice (somebody planted one) or too long. */
bool cookie_find(const char *header, const char *name, char ret_value[static COOKIE_VALUE_SIZE]);

/* The header Set-Cookie; a value of "" ends it. */
void cookie_set(bool secure, const char *value, char ret_header[static COOKIE_HEADER_SIZE]);
