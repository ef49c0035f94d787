/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * site: the console's files, read into memory once, before the sandbox. A request is a look-up in that table, so no path
 * can lead anywhere else. NAME.br and NAME.gz beside NAME are its compressed forms. Without a dot in its last segment a
 * path is "PATH.html" when there is one, else a place inside the console: index.html.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>

#include "api/answer.h"

#define SITE_FILES_MAX 512
#define SITE_BYTES_MAX (16 * 1024 * 1024) /* all files with their compressed forms */

struct site;

/* Where the console was built or installed: $GARDE_WEB, ../share/garde/web or ../web from the program. -ENOENT. */
int site_folder(char ret_folder[static PATH_MAX], struct error *error);

/* Symbolic links and files whose names begin with a dot are passed over. -E2BIG beyond a cap. */
int site_load(const char *folder, struct site **ret_site, struct error *error);
struct site *site_free(struct site *site); /* NULL */

struct site_request {
        const char *path;                            /* decoded, "/assets/a.js" */
        const char *accept_encoding, *if_none_match; /* NULL when absent */
        bool english;
};

/* 200 or 304; 404 when there is no such file. `site` may be NULL: nothing was built. */
void site_answer(const struct site *site, const struct site_request *request, struct answer *answer);
