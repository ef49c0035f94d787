/* SPDX-License-Identifier: EUPL-1.2 */
/* The schema laid over an outline: everything that is wrong, told to a log. Private to config. */
#pragma once

#include "base/faults.h"
#include "service/config_outline.h"
#include "service/config_schema.h"

struct config_check {
        struct fault_log *log;
        const struct outline *outline;
};

/*
 * Unknown, doubled and missing keys, shapes, ranges, words, checks; then what no single key can know: names and
 * addresses that meet, the keys of the console and of a target together. 0, or -EINVAL when the log has faults.
 */
int config_check(struct fault_log *log, const struct outline *outline);

/* Whether the text may stand there; said of a scalar's text by type, range, words and the key's own check. */
bool config_value_is_right(const struct config_key *key, const char *text);

/* The second half of config_check(). What is at fault by itself is not looked at again. */
void config_check_across(const struct config_check *check);
