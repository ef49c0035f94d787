/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/cleanup.h"

static int read_open(const char *path, int fd, size_t cap, char **ret_data, size_t *ret_length,
                     struct error *error)
{
        struct buffer buffer = BUFFER_INIT(cap);
        char part[65536];
        ssize_t got;

        while ((got = read(fd, part, sizeof(part))) != 0) {
                if (got < 0) {
                        if (errno == EINTR)
                                continue;
                        int code = -errno;
                        buffer_release(&buffer);
                        return error_say(error, code, "impossible de lire %s : %m", "cannot read %s: %m",
                                         path);
                }
                buffer_append(&buffer, part, (size_t)got);
                if (buffer.overflow) {
                        buffer_release(&buffer);
                        return error_say(error, -EFBIG, "%s dépasse les %zu octets admis",
                                         "%s is larger than the %zu bytes allowed", path, cap);
                }
        }
        explicit_bzero(part, sizeof(part)); /* it may have been a secret */
        buffer_append(&buffer, "", 0);
        if (!buffer.data)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour lire %s",
                                 "out of memory reading %s", path);
        *ret_data = buffer.data;
        *ret_length = buffer.length;
        return 0;
}

int file_read(const char *path, size_t cap, char **ret_data, size_t *ret_length, struct error *error)
{
        CLEANUP(cleanup_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);

        if (fd < 0)
                return error_say(error, -errno, "impossible d’ouvrir %s : %m", "cannot open %s: %m", path);
        return read_open(path, fd, cap, ret_data, ret_length, error);
}

int file_read_secret(const char *path, size_t cap, char **ret_data, size_t *ret_length, struct error *error)
{
        CLEANUP(cleanup_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        struct stat st;

        if (fd < 0 || fstat(fd, &st) < 0)
                return error_say(error, -errno, "impossible d’ouvrir %s : %m", "cannot open %s: %m", path);
        if (!S_ISREG(st.st_mode) || st.st_mode & 077 || st.st_uid != geteuid())
                return error_say(
                        error, -EACCES,
                        "%s doit être un fichier de mode 0600 appartenant au compte %u (chown, chmod 600)",
                        "%s must be a file of mode 0600 owned by user %u (chown, chmod 600)", path,
                        geteuid());
        return read_open(path, fd, cap, ret_data, ret_length, error);
}

static int write_all(int fd, const char *data, size_t length)
{
        while (length > 0) {
                ssize_t put = write(fd, data, length);
                if (put < 0) {
                        if (errno == EINTR)
                                continue;
                        return -errno;
                }
                data += put;
                length -= (size_t)put;
        }
        return 0;
}

static int sync_folder_of(const char *path)
{
        char copy[PATH_MAX];

        snprintf(copy, sizeof(copy), "%s", path);
        CLEANUP(cleanup_fd) int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0 || fsync(fd) < 0)
                return -errno;
        return 0;
}

int file_write_atomic(const char *path, const void *data, size_t length, unsigned mode, struct error *error)
{
        char temporary[PATH_MAX];
        int r;

        if (snprintf(temporary, sizeof(temporary), "%s.new.%d", path, (int)getpid()) >=
            (int)sizeof(temporary))
                return error_say(error, -ENAMETOOLONG, "chemin trop long : %s", "path too long: %s", path);
        CLEANUP(cleanup_fd)
        int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
        if (fd < 0)
                return error_say(error, -errno, "impossible d’écrire %s : %m", "cannot write %s: %m", path);
        r = write_all(fd, data, length);
        if (!r && fsync(fd) < 0)
                r = -errno;
        if (!r && rename(temporary, path) < 0)
                r = -errno;
        if (r) {
                unlink(temporary);
                return error_say(error, r, "impossible d’écrire %s : %m", "cannot write %s: %m", path);
        }
        r = sync_folder_of(path);
        if (r)
                return error_say(error, r, "impossible de fixer %s sur le disque : %m",
                                 "cannot make %s durable: %m", path);
        return 0;
}

static int make_folder(const char *path, unsigned mode)
{
        struct stat found;

        if (mkdir(path, mode) == 0)
                return 0;
        if (errno != EEXIST)
                return -errno;
        if (stat(path, &found) < 0)
                return -errno;
        return S_ISDIR(found.st_mode) ? 0 : -ENOTDIR;
}

int file_make_folders(const char *path, unsigned mode, struct error *error)
{
        char copy[PATH_MAX];

        if (!*path)
                return error_say(error, -EINVAL, "il faut un nom au dossier", "a folder needs a name");
        if (snprintf(copy, sizeof(copy), "%s", path) >= (int)sizeof(copy))
                return error_say(error, -ENAMETOOLONG, "chemin trop long : %s", "path too long: %s", path);
        for (char *p = copy + 1;; p++) {
                if (*p != '/' && *p != '\0')
                        continue;
                char kept = *p;
                *p = '\0';
                int r = make_folder(copy, mode);
                if (r)
                        return error_say(error, r, "impossible de créer le dossier %s : %m",
                                         "cannot make folder %s: %m", copy);
                *p = kept;
                if (!kept)
                        return 0;
        }
}

int file_lock(const char *path, int *ret_fd, struct error *error)
{
        CLEANUP(cleanup_fd) int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

        if (fd < 0)
                return error_say(error, -errno, "impossible d’ouvrir %s : %m", "cannot open %s: %m", path);
        if (flock(fd, LOCK_EX | LOCK_NB) < 0)
                return errno == EWOULDBLOCK ? error_say(error, -EBUSY, "%s : un autre processus le tient",
                                                        "%s: another process holds it", path)
                                            : error_say(error, -errno, "%s : %m", "%s: %m", path);
        *ret_fd = STEAL_FD(fd);
        return 0;
}
