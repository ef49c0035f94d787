/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * openapi: the OpenAPI 3.1 document of the API, made from the rows of the act table, so that it cannot say anything else than
 * what is done. Results are schemas of data/api/schemas.json. Beside the standard: x-garde-roles (who may; "public": anybody,
 * "account": every account), x-garde-two-person, summary in English with x-garde-summary-fr.
 */
#pragma once

#include <jansson.h>

#include "api/router.h"

/* {"Name":{schema}}; -EINVAL when the file is no such object. */
int openapi_schemas(const char *path, json_t **ret_schemas, struct error *error);

/* New reference; NULL when out of memory. A result without a schema is documented as any object. */
json_t *openapi_document(const struct act *const *acts, size_t count, const json_t *schemas, bool secure);
