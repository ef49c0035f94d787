/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/netns.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

#define NETNS_FOLDER "/run/netns"
#define NETNS_SELF   "/proc/thread-self/ns/net"

static void netns_path(const char *name, char path[static 64])
{
        snprintf(path, 64, NETNS_FOLDER "/%s", name);
}

static int bind_self(const char *path, struct error *error)
{
        int fd = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);

        if (fd < 0)
                return error_say(error, -errno, "impossible de créer l’espace de noms réseau %s : %m",
                                 "cannot make the network namespace %s: %m", path);
        close(fd);
        if (mount(NETNS_SELF, path, "none", MS_BIND, NULL) < 0) {
                int r = -errno;

                unlink(path);
                return error_say(error, r, "impossible de nommer l’espace de noms réseau %s : %m",
                                 "cannot name the network namespace %s: %m", path);
        }
        return 0;
}

int netns_make(const char *prefix, struct netns *ret_netns, struct error *error)
{
        CLEANUP(cleanup_fd) int back = open(NETNS_SELF, O_RDONLY | O_CLOEXEC);
        struct netns made = NETNS_INIT;
        char path[64];
        int r;

        if (back < 0)
                return error_say(error, -errno, "impossible d’ouvrir son propre espace de noms réseau : %m",
                                 "cannot open the own network namespace: %m");
        if (mkdir(NETNS_FOLDER, 0755) < 0 && errno != EEXIST)
                return error_say(error, -errno, "impossible de créer " NETNS_FOLDER " : %m",
                                 "cannot make " NETNS_FOLDER ": %m");
        snprintf(made.name, sizeof(made.name), "%s-%d", prefix, (int)getpid());
        netns_path(made.name, path);
        if (unshare(CLONE_NEWNET) < 0)
                return error_say(error, -errno, "impossible de créer un espace de noms réseau : %m",
                                 "cannot make a network namespace: %m");
        r = bind_self(path, error);
        if (!r) {
                made.fd = open(NETNS_SELF, O_RDONLY | O_CLOEXEC);
                *ret_netns = made;
        }
        if (setns(back, CLONE_NEWNET) < 0)
                return error_say(error, -errno,
                                 "impossible de revenir dans son propre espace de noms réseau : %m",
                                 "cannot go back to the own network namespace: %m");
        return r;
}

void netns_remove(struct netns *netns)
{
        char path[64];

        if (netns->fd < 0)
                return;
        netns_path(netns->name, path);
        umount2(path, MNT_DETACH);
        unlink(path);
        close(netns->fd);
        *netns = (struct netns)NETNS_INIT;
}

int netns_enter(const struct netns *netns, int *ret_back, struct error *error)
{
        int back = open(NETNS_SELF, O_RDONLY | O_CLOEXEC);

        if (back < 0)
                return error_say(error, -errno, "impossible d’ouvrir son propre espace de noms réseau : %m",
                                 "cannot open the own network namespace: %m");
        if (setns(netns->fd, CLONE_NEWNET) < 0) {
                int r = -errno;

                close(back);
                return error_say(error, r, "impossible d’entrer dans l’espace de noms réseau %s : %m",
                                 "cannot enter the network namespace %s: %m", netns->name);
        }
        *ret_back = back;
        return 0;
}

void netns_leave(int back)
{
        /* Back into a namespace that this very descriptor keeps alive: it cannot fail for a process that was in it. */
        if (setns(back, CLONE_NEWNET) < 0)
                abort();
        close(back);
}

/* The pid in "gi-4711", 0 when the name is not one of ours. */
static pid_t owner(const char *name, const char *const *prefixes, unsigned count)
{
        for (unsigned i = 0; i < count; i++) {
                size_t length = strlen(prefixes[i]);
                char *end;
                long pid;

                if (strncmp(name, prefixes[i], length) != 0 || name[length] != '-')
                        continue;
                pid = strtol(name + length + 1, &end, 10);
                if (pid > 0 && *end == '\0')
                        return (pid_t)pid;
        }
        return 0;
}

void netns_sweep(const char *const *prefixes, unsigned count)
{
        DIR *folder = opendir(NETNS_FOLDER);
        struct dirent *entry;

        while (folder && (entry = readdir(folder))) {
                pid_t pid = owner(entry->d_name, prefixes, count);
                char path[64];

                if (!pid || strlen(entry->d_name) >= NETNS_NAME_SIZE)
                        continue;
                if (kill(pid, 0) == 0 || errno != ESRCH)
                        continue;
                netns_path(entry->d_name, path);
                umount2(path, MNT_DETACH);
                unlink(path);
        }
        if (folder)
                closedir(folder);
}
