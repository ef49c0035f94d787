/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * suffix: the public suffix list (publicsuffix.org), under which anybody may register. Read at run time from the system's file
 * (package publicsuffix), since what libpsl has built in is as old as the package; libpsl does the looking up.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"

#define SUFFIX_PATH_DEFAULT "/usr/share/publicsuffix/public_suffix_list.dafsa"

struct suffixes;

/* `path` NULL: the default, then the text list beside it, then what libpsl has built in (said in the log). -ENOENT, -EINVAL. */
int suffixes_open(const char *path, struct suffixes **ret_suffixes, struct error *error);
struct suffixes *suffixes_close(struct suffixes *suffixes); /* NULL */

/* `text`: canonical (names/name.h). Whether it is itself a public suffix, private ones ("github.io") included. */
bool suffix_is_public(const struct suffixes *suffixes, const char *text);
/* The suffix within the name ("co.uk"), and what somebody registered ("example.co.uk"); NULL when the name is a suffix. Point into `text`. */
const char *suffix_of(const struct suffixes *suffixes, const char *text);
const char *suffix_registered(const struct suffixes *suffixes, const char *text);
/* Of the ICANN part alone: "github.io" is registered under "io". */
const char *suffix_registered_icann(const struct suffixes *suffixes, const char *text);
