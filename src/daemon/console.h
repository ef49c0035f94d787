/* SPDX-License-Identifier: EUPL-1.2 */
/* The console as the configuration wants it (api/api.h). */
#pragma once

#include "api/api.h"
#include "service/config.h"

/*
 * While the hub still may. *ret_api is NULL, and the log says why, when the configuration wants none, or when somebody else has
 * its port: findings and the journal must not wait for a page. Any other failure is one.
 */
int console_prepare(const struct config *config, const char *state, struct api **ret_api,
                    struct error *error);
