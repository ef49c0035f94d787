/* SPDX-License-Identifier: EUPL-1.2 */
/* The parts of fetch.h; private to fetch*.c. */
#pragma once

#include <curl/curl.h>
#include <stdint.h>

#include "domains/fetch.h"

#define FETCH_URL_SIZE   640 /* an address of the configuration, and what goes behind it */
#define FETCH_PIECES_MAX 5000

/* One list on its way; answers are put one behind the other into `fd`. */
struct fetching {
        const struct config_list *list;
        const struct fetch_secret *secret;
        const char *url, *accept; /* of this request; accept: NULL, whatever there is */
        CURL *curl;
        struct curl_slist *headers;
        int fd;
        int64_t octets, most; /* in it, and at most */
        int write_error;
        struct fetch_validators seen; /* of the answer that counts: the last one */
        char reason[CURL_ERROR_SIZE];
};

/* fetch_http.c: one request for `url`. */
int fetch_one(struct fetching *fetching, struct fetch_validators *validators, enum fetch_outcome *ret_outcome,
              struct error *error);
/* The sentence with list and address. */
int fetch_say(const struct fetching *fetching, int code, const char *fr, const char *en, struct error *error);

/* fetch_pieces.c: what comes in pieces, one document behind the other (list.h reads them so). */
int fetch_feed(struct fetching *fetching, struct fetch_validators *validators,
               enum fetch_outcome *ret_outcome, struct error *error);
int fetch_collection(struct fetching *fetching, struct fetch_validators *validators,
                     enum fetch_outcome *ret_outcome, struct error *error);
