/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * call: what every call over libcurl has in common (certificates verified, time and answer bounded, no proxy of the environment, no
 * .netrc), and its failures in both languages. Of an answer CALL_ANSWER_MAX bytes are read and none is kept.
 */
#pragma once

#include <curl/curl.h>

#include "base/error.h"
#include "service/config.h"

#define CALL_ANSWER_MAX      (64 * 1024)
#define CALL_CONNECT_SECONDS 8
#define CALL_SECONDS         20 /* the whole of it */
#define CALL_URL_MAX         512

struct call {
        const struct config_target *target;
        CURL *curl;
        size_t taken; /* bytes of the answer */
};

#define CALL_INIT                                                                                            \
        {                                                                                                    \
        }

/* -ENOMEM. `call` stays where it is until call_end(). */
int call_begin(struct call *call, const struct config_target *target, struct error *error);
void call_end(struct call *call);

/* The sentence for what curl_easy_perform() gave, which is not CURLE_OK; -EIO. */
int call_fail(const struct call *call, CURLcode code, struct error *error);
