/* SPDX-License-Identifier: EUPL-1.2 */
/* What the commands on names have at hand: the configuration if there is one, its lists as they lie on disk, the judge. */
#pragma once

#include "cli/cli.h"
#include "domains/judge.h"
#include "domains/lists.h"

struct names {
        struct config *config; /* NULL: none, and none was asked for */
        struct lists *lists;   /* NULL: no configuration, or none of names */
        struct judge *judge;   /* NULL unless wanted */
};

enum names_want { NAMES_LISTS = 1, NAMES_JUDGE = 2, NAMES_KEEP = 4 }; /* keep: to take in and compile */

/* Says why not; CLI_DONE, CLI_FAILED. Without a configuration file at its usual place the judge works with Garde's data alone. */
int names_open(const struct cli *cli, unsigned want, struct names *ret_names);
void names_close(struct names *names);

/* Where names came from that were no names; to stderr. */
void names_tell_refused(const struct cli *cli, const struct list_report *report);

/*
 * Takes in the configuration's lists (files always; others when they are due, or all with `now`, or none with `offline`) and compiles them, as
 * the user of users.domains and in a sandbox: lists are somebody else's files. CLI_DONE when every list could be had; *ret_compiled: there
 * is a new generation.
 */
struct refresh_options {
        bool now, offline;
};
int names_refresh(const struct cli *cli, const struct config *config, const struct refresh_options *options,
                  bool *ret_compiled);
