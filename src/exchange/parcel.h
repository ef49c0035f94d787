/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * parcel: one piece of news for one target, and what is known of that target. All is borrowed; deliveries run on threads of their own and
 * only read.
 */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "base/language.h"
#include "service/config.h"

#define OUTLET_SECRET_SIZE 1024

struct outlet {
        const struct config_target *config;
        const char *enterprise;
        enum language language;           /* of texts that come in one alone */
        char token[OUTLET_SECRET_SIZE];   /* bearer token, key of an API; "" none */
        char signing[OUTLET_SECRET_SIZE]; /* of webhooks, HMAC-SHA256 */
        char user[256], password[OUTLET_SECRET_SIZE];
};

struct parcel {
        const char *id; /* its idempotency key */
        const char *event;
        const json_t *payload; /* hub/out_event.h */
};

/* "" when it is not there. */
static inline const char *parcel_text(const json_t *object, const char *key)
{
        const char *text = json_string_value(json_object_get(object, key));

        return text ? text : "";
}
