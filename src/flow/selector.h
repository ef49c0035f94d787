/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * selector: what a measure matches, as people ask for it. Whoever is asked first says what cannot be, before a second person is bothered
 * or a sensor that may be away:
 *
 *   signature {"class":"udp","source_port":53,"length":[700,820],…}   at least one facet; what values each takes is the edge's to say
 *   fence     {"countries":["US",…]}, and "spare_known":false
 *   throttle  {"rate_pps":1000}
 *   challenge {}
 */
#pragma once

#include <jansson.h>

#include "base/error.h"
#include "flow/measure.h"

/* What can be said of a packet: name, JSON key (edge/signature.h says what they mean). */
/* clang-format off */
#define SELECTOR_FACETS(X)                                                                                   \
        X(CLASS, "class") X(PROTOCOL, "protocol") X(TCP_FLAGS, "tcp_flags") X(LENGTH, "length")              \
        X(TTL, "ttl") X(SOURCE_PORT, "source_port") X(DEST_PORT, "dest_port") X(WINDOW, "window")            \
        X(HEADER_WORDS, "header_words") X(COUNTRY, "country") X(IP_ID, "ip_id")                              \
        X(FRAGMENT_OFFSET, "fragment_offset") X(OPTIONS1, "tcp_options_1") X(OPTIONS, "tcp_options")         \
        X(PAYLOAD1, "payload_1") X(PAYLOAD2, "payload_2") X(PAYLOAD4, "payload_4")                           \
        X(PAYLOAD8, "payload_8") X(SERVED, "served_port") X(EMPTY, "empty")                                  \
        X(DONT_FRAGMENT, "dont_fragment") X(FRAGMENT, "fragment") X(FRAGMENT_LATER, "fragment_later")        \
        X(IP_OPTIONS, "ip_options") X(LOW_SOURCE_PORT, "low_source_port") X(IPV6, "ipv6")
/* clang-format on */

#define SELECTOR_RATE_MAX UINT32_MAX /* packets a second of a throttle */

/* 0, or -EINVAL with what is wrong. NULL is an empty selector. */
int selector_check(enum measure_kind kind, const json_t *selector, struct error *error);
