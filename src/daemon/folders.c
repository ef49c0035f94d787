/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/folders.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "service/channel.h"
#include "service/config.h"

int folders_prepare(const char *path, const char *user, unsigned mode, struct error *error)
{
        unsigned uid, gid;
        int r = config_user_lookup(user, &uid, &gid, error);

        if (!r)
                r = file_make_folders(path, 0755, error);
        if (r)
                return r;
        if (geteuid() == 0 && chown(path, uid, gid) < 0)
                return error_say(error, -errno, "impossible de donner %s à %s : %m",
                                 "cannot give %s to %s: %m", path, user);
        if (geteuid() == 0 && chmod(path, mode) < 0)
                return error_say(error, -errno, "impossible de régler les droits de %s : %m",
                                 "cannot set the mode of %s: %m", path);
        return 0;
}

int folders_state(const char *state, const char *name, const char *user, char ret_path[static PATH_MAX],
                  struct error *error)
{
        char path[PATH_MAX];
        int r;

        if (snprintf(path, sizeof(path), "%s/%s", state, name) >= (int)sizeof(path))
                return error_say(error, -ENAMETOOLONG, "chemin trop long : %s", "path too long: %s", state);
        r = folders_prepare(path, user, 0700, error);
        if (!r)
                memcpy(ret_path, path, sizeof(path));
        return r;
}

int folders_group(const char *name, gid_t *ret_group, struct error *error)
{
        const struct group *group;

        if (!name[0]) {
                *ret_group = CHANNEL_NOBODY;
                return 0;
        }
        group = getgrnam(name);
        if (!group)
                return error_say(error, -ENOENT,
                                 "hub.owner_group : il n’y a pas de groupe %s sur cette machine",
                                 "hub.owner_group: there is no group %s on this machine", name);
        *ret_group = group->gr_gid;
        return 0;
}
