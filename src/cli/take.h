/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * take: what the hub tells in pieces (hub/share.h). The journal, for those who may ask the hub and not enter its folder: root
 * reads the file itself, so that the journal can be read when nothing runs. And the files that acts answer with.
 */
#pragma once

#include <stdio.h>

#include "cli/cli.h"

/* Whether the journal's file has to be asked of the hub: it is there, for all we know, and closed to us. */
bool take_is_needed(const struct config *config);

/* Asks (`request` is consumed) and writes what is told into the stream. Says why not on failure. */
int take_stream(const struct cli *cli, json_t *request, FILE *stream);

/* The same to a new file beside `path`, mode 0600, fsynced and renamed over it. */
int take_file(const struct cli *cli, json_t *request, const char *path);

/* The same as one JSON object, which the caller owns. -errno with the sentence; -ENOENT, -ECONNREFUSED, -EACCES: no hub for us. */
int take_json(const struct config *config, json_t *request, json_t **ret_told, struct error *error);
