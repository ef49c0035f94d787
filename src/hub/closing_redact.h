/* SPDX-License-Identifier: EUPL-1.2 */
/* What the public version leaves out of a sentence. */
#pragma once

#include <jansson.h>

/* `names` is an object whose keys are names of persons. Names, network addresses and mail addresses become "[…]". New string. */
char *closing_redact(const json_t *names, const char *text);
