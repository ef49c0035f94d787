/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * papers: an incident's declarations as files, made beside the hub: from what it tells, or from the journal alone, so that
 * they can be had when nothing else runs. Which obligations: those that are owed or were filed, the one asked for, or with `all` those too that may fall due.
 */
#pragma once

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/id.h"
#include "flow/obligation.h"
#include "service/config.h"

#define PAPERS_MAX 64

struct papers_options {
        const struct config *config;
        const struct clock *clock;
        const char *incident; /* id; NULL: the newest open one */
        const char *rule;     /* id of a rule; NULL: see above */
        enum filing_phase
                phase; /* or PHASE_AS_IT_STANDS; those that come after an initial one are made of what was filed */
        bool all;
        const json_t *told; /* by the hub of the incident (papers_facts.h); NULL: read it from the journal */
        const char *folder; /* made when it is not there */
        bool english;
};

struct papers {
        struct id incident;
        size_t count;
        struct paper_set {
                char rule[64];
                char title_fr[256], title_en[256];
                char pdf[PATH_MAX], json[PATH_MAX], text[PATH_MAX];
        } * sets; /* owned */
};

/* -ENOENT: no journal, no such incident, or nothing of that rule. */
int papers_make(const struct papers_options *options, struct papers *ret_papers, struct error *error);
void papers_release(struct papers *papers);

/* STATE/hub/journal.db */
void papers_journal_path(const struct config *config, char ret_path[static PATH_MAX]);
