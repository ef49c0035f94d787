/* SPDX-License-Identifier: EUPL-1.2 */
#include "flow/folder.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "flow/yaml_tree.h"

static int is_yaml(const struct dirent *entry)
{
        size_t length = strlen(entry->d_name);

        return length > 5 && entry->d_name[0] != '.' && !strcmp(entry->d_name + length - 5, ".yaml");
}

static int visit_file(const char *folder, const char *name, folder_visit visit, void *context,
                      struct error *error)
{
        CLEANUP(cleanup_free) char *data = NULL;
        char path[PATH_MAX];
        size_t length = 0;
        int r = snprintf(path, sizeof(path), "%s/%s", folder, name);

        if (r < 0 || r >= (int)sizeof(path))
                return error_say(error, -ENAMETOOLONG, "le chemin %s/%s est trop long",
                                 "the path %s/%s is too long", folder, name);
        r = file_read(path, YAML_BYTES_MAX, &data, &length, error);
        return r ? r : visit(context, path, data, length, error);
}

int folder_each_yaml(const char *folder, folder_visit visit, void *context, struct error *error)
{
        struct dirent **entries = NULL;
        int count = scandir(folder, &entries, is_yaml, alphasort), r = 0;

        if (count < 0)
                return error_say(error, -errno, "impossible de lire le dossier %s : %m",
                                 "cannot read the folder %s: %m", folder);
        if (count == 0)
                r = error_say(error, -ENOENT, "le dossier %s ne contient aucun fichier .yaml",
                              "the folder %s holds no .yaml file", folder);
        else if (count > FOLDER_FILES_MAX)
                r = error_say(error, -E2BIG, "le dossier %s contient plus de %d fichiers",
                              "the folder %s holds more than %d files", folder, FOLDER_FILES_MAX);
        for (int i = 0; i < count; i++) {
                if (!r)
                        r = visit_file(folder, entries[i]->d_name, visit, context, error);
                free(entries[i]);
        }
        free(entries);
        return r;
}
