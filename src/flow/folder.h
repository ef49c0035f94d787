/* SPDX-License-Identifier: EUPL-1.2 */
/* The data files of a folder, one after another, in the order of their names. */
#pragma once

#include <stddef.h>

#include "base/error.h"

#define FOLDER_FILES_MAX 256

/* `path` names the file for error texts. 0 goes on; anything else stops and is returned. */
typedef int (*folder_visit)(void *context, const char *path, const char *data, size_t length,
                            struct error *error);

/* Every *.yaml that is not hidden. -ENOENT when the folder has none, -E2BIG beyond FOLDER_FILES_MAX. */
int folder_each_yaml(const char *folder, folder_visit visit, void *context, struct error *error);
