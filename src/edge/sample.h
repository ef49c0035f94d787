/* SPDX-License-Identifier: EUPL-1.2 */
/* One record of the sample ring, checked before anybody reads it: the ring outlives programs of other versions. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "edge/shield.h"

/*
 * Copies the record when its length, version, size and every enumerated field are within what shield.h says.
 * false otherwise, and *ret_sample is untouched.
 */
bool sample_read(const void *data, size_t length, struct shield_sample *ret_sample);
