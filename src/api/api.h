/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * api: HTTP/1.1 for people's browsers and for scripts, made from the act table (hub/act.h). Routes, the OpenAPI document
 * and who may do what are read from its rows; nothing here knows a single act by name.
 *
 * Two steps, because a daemon gives up its privileges between them: api_prepare() opens what a sandboxed process could not
 * (the listening socket, certificate files, the console's files, the schemas); api_start() begins to answer, on the
 * hub's loop and thread. Long acts (call->work) run on libuv's threads while their connection sleeps.
 *
 * What a stranger can fill has a cap: connections in all and of one address, bytes and seconds of a request's head and
 * body, requests a second of one address (rate.h), clients of the event stream. Beyond a cap the stranger is refused; nothing grows.
 */
#pragma once

#include <limits.h>
#include <stdint.h>
#include <uv.h>

#include "base/addr.h"
#include "base/error.h"
#include "base/language.h"

struct world; /* hub/world.h */
struct api;

enum api_tls { API_TLS_SELF_SIGNED, API_TLS_OFF, API_TLS_FILES };

/* 0 in a limit stands for the default in the comment. */
struct api_limits {
        unsigned connections;        /* 512 in all */
        unsigned address_ones;       /* 64 of one address */
        unsigned event_clients;      /* 64 */
        unsigned head_seconds;       /* 15 until a request's head is whole */
        unsigned body_seconds;       /* 30 until a body is, and another one for each 64 KiB of it */
        unsigned idle_seconds;       /* 60 between requests, and without any progress of an answer */
        unsigned anonymous_a_second; /* 50 of one address, ten times that at once */
        unsigned known_a_second;     /* 2000 of one address, once it has an account, twice that at once */
        unsigned public_a_minute;    /* 20 acts that write without an account, of one address */
        unsigned logins_a_minute;    /* 60 attempts of one address; people/guess.h makes wrong ones wait */
};

#define API_NAMES_MAX   16
#define API_PROXIES_MAX 16

struct api_options {
        const char *listen; /* "127.0.0.1:8443", "[::1]:0"; port 0: the kernel's choice */
        enum api_tls tls;
        const char *certificate, *key; /* PEM files, for API_TLS_FILES */
        const char *state; /* STATE/hub: tls.key and tls.crt are made here for API_TLS_SELF_SIGNED */
        const char *run;   /* RUN: console.json says where the API listens; NULL: nowhere */
        const char *const
                *names; /* host names people use, beside addresses, localhost and this machine's own */
        size_t name_count;
        const struct addr *proxies; /* who may say X-Forwarded-For and the login header */
        size_t proxy_count;
        const char *proxy_header; /* its value is an account's name; "" or NULL: nobody logs in so */
        const char *proxy_secret; /* file (proxy.h); "" or NULL: none, and then nobody logs in so either */
        enum language language;   /* when a client does not say which one it reads */
        struct api_limits limits;
};

/* Before the sandbox. -EADDRINUSE when somebody listens there; whatever is refused, nothing is left open. */
int api_prepare(const struct api_options *options, struct api **ret_api, struct error *error);

/* After it. `world` is borrowed and must outlive the acts in flight: until the loop has run the closing. */
int api_start(struct api *api, uv_loop_t *loop, struct world *world, struct error *error);

/* NULL. Connections end at once, acts on other threads are awaited by the loop; memory goes when it has run the closing. */
struct api *api_close(struct api *api);

#define API_ADDRESS_SIZE     96 /* "https://[…]:65535/" */
#define API_FINGERPRINT_SIZE 96 /* SHA-256 of the certificate as pairs of hex digits with colons */

/* Where people find it, after api_prepare(); with TLS, what their browser must show, after api_start(), else "". */
const char *api_address(const struct api *api);
const char *api_fingerprint(const struct api *api);
