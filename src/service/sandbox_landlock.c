/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/sandbox_landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Kernel's include/uapi/linux/landlock.h beyond ABI 2. */
#define FS_TRUNCATE     (1ULL << 14) /* ABI 3 */
#define FS_IOCTL_DEV    (1ULL << 15) /* ABI 5 */
#define NET_BIND_TCP    (1ULL << 0)  /* ABI 4 */
#define NET_CONNECT_TCP (1ULL << 1)
#define SCOPE_SIGNAL    (1ULL << 1) /* ABI 6 */

struct ruleset_attributes {
        uint64_t fs;
        uint64_t net;
        uint64_t scoped;
};

#define FS_ABI_1 ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

#define FS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_WRITE                                                                                             \
        (FS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |                          \
         LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |         \
         LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_REFER | FS_TRUNCATE)
#define FS_OF_FILES (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE)

int sandbox_landlock_abi(void)
{
        long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

        return abi > 0 ? (int)abi : 0;
}

static struct ruleset_attributes forbid_all(int abi, bool calls_out, size_t *ret_size)
{
        struct ruleset_attributes attributes = {.fs = FS_ABI_1};

        if (abi >= 2)
                attributes.fs |= LANDLOCK_ACCESS_FS_REFER;
        if (abi >= 3)
                attributes.fs |= FS_TRUNCATE;
        if (abi >= 4)
                attributes.net = calls_out ? NET_BIND_TCP : NET_BIND_TCP | NET_CONNECT_TCP;
        if (abi >= 5)
                attributes.fs |= FS_IOCTL_DEV;
        if (abi >= 6)
                attributes.scoped = SCOPE_SIGNAL;
        /* An older kernel refuses a larger struct only when the rest is not zero; the right size says it best. */
        *ret_size = abi >= 6 ? sizeof(attributes)
                             : (abi >= 4 ? offsetof(struct ruleset_attributes, scoped)
                                         : offsetof(struct ruleset_attributes, net));
        return attributes;
}

static int allow(int ruleset, const struct sandbox_path *path, uint64_t handled, struct error *error)
{
        CLEANUP(cleanup_fd) int fd = open(path->path, O_PATH | O_CLOEXEC);
        struct landlock_path_beneath_attr rule = {.parent_fd = fd};
        struct stat st;

        if (fd < 0 && errno == ENOENT)
                return 0;
        if (fd < 0 || fstat(fd, &st) < 0)
                return error_say(error, -errno, "impossible d’accorder l’accès à %s : %m",
                                 "cannot grant %s: %m", path->path);
        rule.allowed_access = path->access & SANDBOX_WRITE ? FS_WRITE : FS_READ;
        rule.allowed_access &= S_ISDIR(st.st_mode) ? handled : handled & FS_OF_FILES;
        if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
                return error_say(error, -errno, "impossible d’accorder l’accès à %s : %m",
                                 "cannot grant %s: %m", path->path);
        return 0;
}

int landlock_prepare(const struct sandbox_path *paths, size_t count, bool calls_out, int *ret_ruleset,
                     struct error *error)
{
        int abi = sandbox_landlock_abi();
        struct ruleset_attributes attributes;
        size_t size;

        if (!abi)
                return SANDBOX_NO_LANDLOCK;
        attributes = forbid_all(abi, calls_out, &size);
        CLEANUP(cleanup_fd) int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
        if (ruleset < 0)
                return error_say(error, -errno, "impossible de créer des règles Landlock : %m",
                                 "cannot make a Landlock ruleset: %m");
        for (size_t i = 0; i < count; i++) {
                int r = allow(ruleset, &paths[i], attributes.fs, error);
                if (r)
                        return r;
        }
        *ret_ruleset = STEAL_FD(ruleset);
        return 0;
}

int landlock_enter(int ruleset, struct error *error)
{
        if (syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
                return error_say(error, -errno, "impossible d’entrer dans le bac à sable Landlock : %m",
                                 "cannot enter the Landlock sandbox: %m");
        return 0;
}
