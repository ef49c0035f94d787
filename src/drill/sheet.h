/* SPDX-License-Identifier: EUPL-1.2 */
/* The incident's report on one sheet, and the plot, from what was measured in the exercise. */
#pragma once

#include "drill/dossier.h"
#include "journal/head.h"
#include "service/config.h"

/* Adds "report" and "plot" to dossier->files. */
int sheet_write(const struct stage *stage, const struct outcome *outcome, const struct dossier *dossier,
                const struct config *config, const struct head *head, const char *folder, bool english,
                struct error *error);
