/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/watch.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

struct watch {
        struct listener {
                watch_fn tell; /* NULL: free */
                void *context;
        } listeners[WATCH_LISTENERS_MAX];
};

int watch_new(struct watch **ret_watch, struct error *error)
{
        struct watch *watch = calloc(1, sizeof(*watch));

        if (!watch)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        *ret_watch = watch;
        return 0;
}

struct watch *watch_free(struct watch *watch)
{
        free(watch);
        return NULL;
}

int watch_listen(struct watch *watch, watch_fn listener, void *context)
{
        for (size_t i = 0; i < WATCH_LISTENERS_MAX; i++) {
                if (!watch->listeners[i].tell) {
                        watch->listeners[i] = (struct listener){listener, context};
                        return 0;
                }
        }
        return -E2BIG;
}

void watch_leave(struct watch *watch, watch_fn listener, void *context)
{
        for (size_t i = 0; i < WATCH_LISTENERS_MAX; i++)
                if (watch->listeners[i].tell == listener && watch->listeners[i].context == context)
                        watch->listeners[i] = (struct listener){0};
}

void watch_tell(struct watch *watch, const struct watch_event *event)
{
        for (size_t i = 0; watch && i < WATCH_LISTENERS_MAX; i++)
                if (watch->listeners[i].tell)
                        watch->listeners[i].tell(watch->listeners[i].context, event);
}
