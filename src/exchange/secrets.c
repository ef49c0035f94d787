/* SPDX-License-Identifier: EUPL-1.2 */
#include "exchange/secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "flow/yaml_tree.h"

#define FILE_MAX (64 * 1024)

static int check_file(const char *path, int fd, off_t *ret_size, struct error *error)
{
        struct stat st;

        if (fstat(fd, &st) < 0)
                return error_say(error, -errno, "impossible de lire %s : %m", "cannot read %s: %m", path);
        if (!S_ISREG(st.st_mode) || st.st_mode & 077 || st.st_uid != geteuid())
                return error_say(
                        error, -EACCES,
                        "%s doit être un fichier de mode 0600 appartenant au compte %u (chown, chmod 600)",
                        "%s must be a file of mode 0600 owned by user %u (chown, chmod 600)", path,
                        geteuid());
        if (st.st_size > FILE_MAX)
                return error_say(error, -EFBIG, "%s dépasse %d octets", "%s is larger than %d bytes", path,
                                 FILE_MAX);
        *ret_size = st.st_size;
        return 0;
}

static int read_file(const char *path, char **ret_text, size_t *ret_length, struct error *error)
{
        CLEANUP(cleanup_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        off_t size = 0;
        ssize_t got;
        int r;

        if (fd < 0 && errno == ENOENT)
                return 0;
        if (fd < 0)
                return error_say(error, -errno, "impossible d’ouvrir %s : %m", "cannot open %s: %m", path);
        r = check_file(path, fd, &size, error);
        if (r)
                return r;
        char *text = calloc(1, (size_t)size + 1);
        if (!text)
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        got = read(fd, text, (size_t)size);
        if (got < 0) {
                free(text);
                return error_say(error, -errno, "impossible de lire %s : %m", "cannot read %s: %m", path);
        }
        *ret_text = text;
        *ret_length = (size_t)got;
        return 0;
}

static bool is_printable(const char *text)
{
        for (; *text; text++)
                if (*text < ' ' || *text > '~')
                        return false;
        return true;
}

static void take(struct yaml_file *file, struct yaml_node *map, const char *key, char *to, size_t size)
{
        if (yaml_text(file, map, key, false, to, size) && !is_printable(to))
                yaml_fault(file, yaml_any(file, map, key, false),
                           "« %s » : des caractères ASCII imprimables seulement",
                           "“%s”: printable ASCII characters only", key);
}

static void take_target(struct yaml_file *file, struct yaml_node *map, struct outlet *outlets, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                struct outlet *outlet = &outlets[i];
                if (strcmp(outlet->config->name, map->key))
                        continue;
                take(file, map, "token", outlet->token, sizeof(outlet->token));
                take(file, map, "signing", outlet->signing, sizeof(outlet->signing));
                take(file, map, "user", outlet->user, sizeof(outlet->user));
                take(file, map, "password", outlet->password, sizeof(outlet->password));
                yaml_only_known(file, map);
                return;
        }
        yaml_fault(file, map, "aucune cible de ce nom dans out.targets",
                   "no target of this name in out.targets");
}

int secrets_read(const char *path, struct outlet *outlets, size_t count, struct error *error)
{
        struct yaml_file file = {0};
        char *text = NULL;
        size_t length = 0;
        int r = read_file(path, &text, &length, error);

        if (r || !text)
                return r;
        r = yaml_read(path, text, length, &file, error);
        if (!r && yaml_is(&file, file.root, YAML_MAP, CONFIG_TARGETS_MAX))
                for (struct yaml_node *node = file.root->child; node; node = node->next)
                        if (yaml_is(&file, node, YAML_MAP, 8))
                                take_target(&file, node, outlets, count);
        if (!r)
                r = file.result;
        yaml_release(&file);
        sodium_memzero(text, length);
        free(text);
        return r;
}

void secrets_wipe(struct outlet *outlets, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                sodium_memzero(outlets[i].token, sizeof(outlets[i].token));
                sodium_memzero(outlets[i].signing, sizeof(outlets[i].signing));
                sodium_memzero(outlets[i].password, sizeof(outlets[i].password));
        }
}
