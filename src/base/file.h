/* SPDX-License-Identifier: EUPL-1.2 */
/* Whole files, safely: reading is bounded, writing is atomic and durable. */
#pragma once

#include <stddef.h>

#include "base/error.h"

/*
 * Reads all of `path`, at most `cap` bytes (-EFBIG beyond). The caller frees *ret_data, which is
 * NUL-terminated beyond its length.
 */
int file_read(const char *path, size_t cap, char **ret_data, size_t *ret_length, struct error *error);

/* The same of a file that holds a secret: a plain one, of mode 0600 or less, owned by whoever reads it; else -EACCES. */
int file_read_secret(const char *path, size_t cap, char **ret_data, size_t *ret_length, struct error *error);

/* Writes beside the path, fsyncs, renames over it, fsyncs the folder: a reader sees old or new, no half. */
int file_write_atomic(const char *path, const void *data, size_t length, unsigned mode, struct error *error);

/*
 * Holds `path` (made if need be, mode 0600) for this process alone until *ret_fd is closed, by whatever end the
 * process comes to. -EBUSY when another process holds it; no child inherits it.
 */
int file_lock(const char *path, int *ret_fd, struct error *error);

/* mkdir -p with this mode for the folders made. */
int file_make_folders(const char *path, unsigned mode, struct error *error);
