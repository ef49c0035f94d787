/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/sandbox_seccomp.h"

#include <errno.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>

#include "base/cleanup.h"
#include "service/sandbox_calls.h"

#define CALL_NAME(name) #name,
static const char *const common_calls[] = {CALLS_LIVING(CALL_NAME) CALLS_FILES(CALL_NAME)
                                                   CALLS_SOCKETS(CALL_NAME) CALLS_SANITIZER(CALL_NAME)};
static const char *const edge_calls[] = {CALLS_EDGE(CALL_NAME)};

static const int hub_families[] = {AF_UNIX};
static const int respond_families[] = {AF_UNIX, AF_INET, AF_INET6};
static const int edge_families[] = {AF_UNIX, AF_NETLINK};

/* What isatty(), libuv and SQLite ask of a descriptor. */
static const unsigned long hub_ioctls[] = {FIONBIO, FIONREAD, FIOCLEX, FIONCLEX, TCGETS, TIOCGWINSZ};

struct profile {
        const char *const *calls;
        size_t call_count;
        const int *families;
        size_t family_count;
        const unsigned long *ioctls; /* NULL: all, by the calls */
        size_t ioctl_count;
};

static const struct profile profiles[SANDBOX_PROFILE_COUNT] = {
        [SANDBOX_PROFILE_HUB] = {NULL, 0, hub_families, ARRAY_LEN(hub_families), hub_ioctls,
                                 ARRAY_LEN(hub_ioctls)},
        [SANDBOX_PROFILE_RESPOND] = {NULL, 0, respond_families, ARRAY_LEN(respond_families), hub_ioctls,
                                     ARRAY_LEN(hub_ioctls)},
        [SANDBOX_PROFILE_EDGE] = {edge_calls, ARRAY_LEN(edge_calls), edge_families, ARRAY_LEN(edge_families),
                                  NULL, 0},
};

static int allow_calls(scmp_filter_ctx filter, const char *const *names, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                int number = seccomp_syscall_resolve_name(names[i]);
                int r;

                if (number == __NR_SCMP_ERROR || number < 0) /* not of this architecture */
                        continue;
                r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0);
                if (r)
                        return r;
        }
        return 0;
}

/*
 * libseccomp joins no two comparisons of one argument, so each family has its rule; AF_MAX and beyond share
 * one.
 */
static int limit_families(scmp_filter_ctx filter, int call, const struct profile *profile)
{
        const uint32_t refuse = SCMP_ACT_ERRNO(EAFNOSUPPORT);
        int r = seccomp_rule_add(filter, refuse, call, 1, SCMP_A0(SCMP_CMP_GE, AF_MAX));

        for (int family = 0; !r && family < AF_MAX; family++) {
                bool allowed = false;

                for (size_t i = 0; i < profile->family_count; i++)
                        allowed |= profile->families[i] == family;
                r = seccomp_rule_add(filter, allowed ? SCMP_ACT_ALLOW : refuse, call, 1,
                                     SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)family));
        }
        return r;
}

static int limit_ioctls(scmp_filter_ctx filter, const struct profile *profile)
{
        int r = 0;

        for (size_t i = 0; !r && i < profile->ioctl_count; i++)
                r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
                                     SCMP_A1(SCMP_CMP_MASKED_EQ, UINT32_MAX, profile->ioctls[i]));
        return r;
}

static int fill(scmp_filter_ctx filter, const struct profile *profile)
{
        int r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);

        if (!r)
                r = allow_calls(filter, common_calls, ARRAY_LEN(common_calls));
        if (!r)
                r = allow_calls(filter, profile->calls, profile->call_count);
        if (!r)
                r = limit_families(filter, SCMP_SYS(socket), profile);
        if (!r)
                r = limit_families(filter, SCMP_SYS(socketpair), profile);
        if (!r)
                r = limit_ioctls(filter, profile);
        return r;
}

int seccomp_enter(enum sandbox_profile profile, struct error *error)
{
        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
        int r;

        if (!filter)
                return error_say(error, -ENOMEM, "impossible de créer un filtre d’appels système",
                                 "cannot make a system call filter");
        r = fill(filter, &profiles[profile]);
        if (!r)
                r = seccomp_load(filter);
        seccomp_release(filter);
        return r ? error_say(error, r, "impossible de poser le filtre d’appels système : %m",
                             "cannot lay the system call filter: %m")
                 : 0;
}
