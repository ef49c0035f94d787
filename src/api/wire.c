/* SPDX-License-Identifier: EUPL-1.2 */
#include "api/wire.h"

#include <stdlib.h>
#include <sys/socket.h>

#define NS_A_MS 1000000ULL

static uint64_t after(const struct clock *clock, uint64_t seconds)
{
        return clock_mono_ns(clock) / NS_A_MS + seconds * 1000;
}

static void begin(struct wires *wires, struct MHD_Connection *connection, void **context)
{
        struct wire *wire = calloc(1, sizeof(*wire));

        if (!wire) /* without its clock it is ended by silence alone */
                return;
        wire->connection = connection;
        wire->until_ms = after(wires->clock, wires->head_seconds);
        wire->next = wires->first;
        wires->first = wire;
        wires->count++;
        *context = wire;
}

static void end(struct wires *wires, struct wire *wire)
{
        for (struct wire **at = &wires->first; *at; at = &(*at)->next) {
                if (*at == wire) {
                        *at = wire->next;
                        wires->count--;
                        free(wire);
                        return;
                }
        }
}

void wire_notify(void *wires, struct MHD_Connection *connection, void **context,
                 enum MHD_ConnectionNotificationCode code)
{
        if (code == MHD_CONNECTION_NOTIFY_STARTED)
                begin(wires, connection, context);
        else
                end(wires, *context);
}

void wire_allow(struct MHD_Connection *connection, const struct clock *clock, uint64_t seconds)
{
        const union MHD_ConnectionInfo *info =
                MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
        struct wire *wire = info ? info->socket_context : NULL;

        if (wire)
                wire->until_ms = seconds ? after(clock, seconds) : 0;
}

unsigned wires_shut_late(struct wires *wires)
{
        uint64_t now = after(wires->clock, 0);
        unsigned shut = 0;

        for (struct wire *wire = wires->first; wire; wire = wire->next) {
                const union MHD_ConnectionInfo *info;

                if (!wire->until_ms || wire->until_ms > now)
                        continue;
                info = MHD_get_connection_info(wire->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
                if (info)
                        shutdown(info->connect_fd, SHUT_RDWR); /* it reads its end, and closes */
                wire->until_ms = 0;
                shut++;
        }
        return shut;
}
