/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The protocol of sd_notify(3): a datagram of assignments; a name that starts with '@' is abstract (unix(7)).
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "service/service.h"

int service_notify(const char *state)
{
        const char *name = getenv("NOTIFY_SOCKET");
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        size_t length = name ? strlen(name) : 0;
        socklen_t size;

        if (!length)
                return SERVICE_NO_MANAGER;
        if ((name[0] != '/' && name[0] != '@') || length >= sizeof(address.sun_path))
                return -EINVAL;
        memcpy(address.sun_path, name, length);
        if (name[0] == '@')
                address.sun_path[0] = '\0';
        size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (name[0] == '/'));
        CLEANUP(cleanup_fd) int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (fd < 0)
                return -errno;
        if (sendto(fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&address, size) <
            0)
                return -errno;
        return 0;
}

static bool number_of(const char *name, uint64_t *ret_number)
{
        const char *text = getenv(name);
        char *end;

        if (!text || *text < '0' || *text > '9')
                return false;
        errno = 0;
        *ret_number = strtoull(text, &end, 10);
        return !*end && !errno;
}

uint64_t service_watchdog_usec(void)
{
        uint64_t interval = 0, pid = 0;

        if (!number_of("WATCHDOG_USEC", &interval))
                return 0;
        if (getenv("WATCHDOG_PID") && (!number_of("WATCHDOG_PID", &pid) || pid != (uint64_t)getpid()))
                return 0;
        return interval;
}
