/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * watch: who wants to hear when something changes. Listeners are called on the hub's thread, at once; they
 * must not act on the world from within. An event is small: what it is and of which incident; who wants to know more asks.
 */
#pragma once

#include "base/error.h"

#define WATCH_LISTENERS_MAX 256

/* CHANGED: an act or a finding changed something. TRAFFIC: the edge reported. ENDING: the hub stops. */
enum watch_kind { WATCH_CHANGED, WATCH_TRAFFIC, WATCH_ENDING };

struct watch_event {
        enum watch_kind kind;
        const char *incident; /* id or "" */
        const char *act;      /* name of the act, "finding", "measure", or "" */
};

struct watch;
int watch_new(struct watch **ret_watch, struct error *error);
struct watch *watch_free(struct watch *watch); /* NULL */

typedef void (*watch_fn)(void *context, const struct watch_event *event);

/* -E2BIG beyond WATCH_LISTENERS_MAX. */
int watch_listen(struct watch *watch, watch_fn listener, void *context);
void watch_leave(struct watch *watch, watch_fn listener, void *context);
void watch_tell(struct watch *watch, const struct watch_event *event);
