/* SPDX-License-Identifier: EUPL-1.2 */
/* The traffic report of hub/protocol.h, from the guard's counters. */
#pragma once

#include <jansson.h>

#include "edge/geo.h"
#include "edge/guard.h"
#include "service/config.h"

/* New reference; NULL when out of memory. */
json_t *edge_traffic(struct guard *guard, const struct geo *geo, const struct config *config, int64_t now_ms);
