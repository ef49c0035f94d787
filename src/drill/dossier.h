/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The folder an exercise leaves: declarations, the one-page report with its plot, the sealed journal, and what the
 * programs said. Made while Garde still runs, through the same functions as `garde declare` and `garde journal export`.
 */
#pragma once

#include <jansson.h>

#include "base/error.h"
#include "drill/outcome.h"
#include "drill/stage.h"

struct dossier {
        json_t *incident; /* answer of the hub: incident, findings, measures, obligations; NULL: there was none */
        json_t *measures; /* array: those that stood at some time */
        json_t *files; /* {"declarations":[{rule,pdf,json,text}],"report":…,"plot":…,"journal":…,…} */
};

#define DOSSIER_INIT                                                                                         \
        {                                                                                                    \
                NULL, NULL, NULL                                                                             \
        }

/* Asks the hub; `id` may be "". Fills incident and measures. */
int dossier_ask(const struct link *link, const char *id, struct dossier *dossier, struct error *error);

/* Milliseconds from the first attack packet to the first finding that follows it; -1 when there is none. */
int64_t dossier_detected(const struct dossier *dossier, int64_t attack_wall_ms);

/* Writes the papers into `folder` and fills files. `outcome` holds figures; its JSON members are not read. */
int dossier_write(const struct stage *stage, const struct outcome *outcome, const char *folder, bool english,
                  struct dossier *dossier, struct error *error);

void dossier_release(struct dossier *dossier);
