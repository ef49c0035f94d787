/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/paths.h"

#include <errno.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int program_folder(char folder[static PATH_MAX], struct error *error)
{
        char self[PATH_MAX];
        ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

        if (length < 0)
                return error_say(error, -errno, "impossible de savoir où se trouve ce programme : %m",
                                 "cannot tell where this program lies: %m");
        self[length] = '\0';
        snprintf(folder, PATH_MAX, "%s", dirname(self));
        return 0;
}

static bool try_path(const char *folder, const char *between, const char *name, char path[static PATH_MAX])
{
        int length = snprintf(path, PATH_MAX, "%s%s/%s", folder, between, name);

        return length > 0 && length < PATH_MAX && access(path, R_OK) == 0;
}

int paths_data(const char *name, char ret_path[static PATH_MAX], struct error *error)
{
        static const char *const places[] = {"/../share/garde", "/../../data", "/../../../data"};
        const char *given = getenv("GARDE_DATA");
        char folder[PATH_MAX], path[PATH_MAX];
        int r;

        if (given) {
                if (!try_path(given, "", name, path))
                        return error_say(error, -ENOENT,
                                         "pas de %s dans le dossier de données %s (pris dans GARDE_DATA)",
                                         "no %s in the data folder %s (from GARDE_DATA)", name, given);
                memcpy(ret_path, path, PATH_MAX);
                return 0;
        }
        r = program_folder(folder, error);
        if (r)
                return r;
        for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
                if (try_path(folder, places[i], name, path)) {
                        memcpy(ret_path, path, PATH_MAX);
                        return 0;
                }
        }
        return error_say(error, -ENOENT,
                         "fichier de données %s introuvable : réinstallez Garde, ou indiquez son dossier de "
                         "données dans GARDE_DATA",
                         "no data file %s: reinstall Garde or set GARDE_DATA to its data folder", name);
}

int paths_program(const char *name, char ret_path[static PATH_MAX], struct error *error)
{
        char folder[PATH_MAX], path[PATH_MAX];
        int r = program_folder(folder, error);

        if (r)
                return r;
        if (!try_path(folder, "", name, path))
                return error_say(error, -ENOENT, "le programme %s n’est pas à côté de celui-ci, dans %s",
                                 "the program %s is not beside this one in %s", name, folder);
        memcpy(ret_path, path, PATH_MAX);
        return 0;
}
