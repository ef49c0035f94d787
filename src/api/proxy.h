/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * proxy: the secret by which a reverse proxy proves that it is the one. Its address alone proves little: on this machine anybody may
 * speak from 127.0.0.1. Without a secret a proxy may tell its clients' addresses and nothing else.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"

#define PROXY_HEADER      "X-Garde-Proxy"
#define PROXY_SECRET_MIN  24
#define PROXY_SECRET_SIZE 256

/*
 * The file's one line, of PROXY_SECRET_MIN printable ASCII characters at least, without spaces. -EACCES: it is not its reader's alone
 * (file_read_secret()); -EINVAL: what stands in it. No sentence quotes it.
 */
int proxy_secret_read(const char *path, char ret_secret[static PROXY_SECRET_SIZE], struct error *error);

/* Whether what was shown (NULL: nothing) is the secret, in the same time whatever it is. "" is nobody's. */
bool proxy_secret_fits(const char *secret, const char *shown);
