/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The report of an incident on one sheet of A4: what happened, the figures, the plot, what was done and why,
 * which duties follow, and the journal's head that proves it. Where there is more than a sheet holds, rows are
 * left out and the sheet says how many ("… et 4 autres, voir le journal").
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "flow/finding.h"
#include "flow/incident.h"
#include "flow/measure.h"
#include "flow/obligation.h"
#include "obligation/documents/language.h"
#include "obligation/documents/plot.h"

#define REPORT_PATH_SIZE 4096

/* Negative means not known, for every figure. */
struct report_figures {
        double peak_pps; /* highest packets/s of the attack */
        double packets;  /* of the attack */
        double sources;  /* distinct source addresses (often forged) */
        double countries;
        int64_t duration_ms;       /* of the attack */
        int64_t detected_after_ms; /* from the first attack packet */
        int64_t effective_after_ms;
        int64_t reopened_after_ms; /* from the end of the attack until nothing stood */
        int relapses;
        double share_dropped;  /* fraction of attack packets, from effective to the end */
        double predicted_cost; /* fraction of normal traffic all measures together would drop */
        double actual_cost;
};
#define REPORT_FIGURES_UNKNOWN                                                                               \
        {                                                                                                    \
                -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1                                               \
        }

/* Real requests of one kind of user during the attack. */
struct report_class {
        const char *name_fr, *name_en; /* "patients connus, Europe" */
        uint64_t tried, served;
        double p50_ms, p99_ms; /* of those served; negative when not known */
};

/* Everything is borrowed. */
struct incident_report {
        const char *structure;
        const char *document_id; /* the incident's id when NULL */
        const char *zone;        /* IANA name, NULL for Europe/Paris */
        int64_t printed_ms;
        const uint8_t *journal_head; /* RECORD_HASH_SIZE bytes or NULL */
        uint64_t journal_size;
        const struct incident *incident;
        const struct finding *findings;
        size_t finding_count;
        const struct measure *measures;
        size_t measure_count;
        const struct obligation *obligations;
        size_t obligation_count;
        struct report_figures figures;
        const struct report_class *classes;
        size_t class_count;
        const struct plot_point *points;
        size_t point_count;
        int64_t began_ms, detected_ms, effective_ms, ended_ms, reopened_ms; /* wall clock; 0 when not known */
};

/* The PDF; the caller frees. One page, always. -ENOMEM, -EIO. */
int report_render(const struct incident_report *report, enum language language, char **ret_pdf,
                  size_t *ret_length, struct error *error);

struct report_paths {
        char pdf[REPORT_PATH_SIZE], png[REPORT_PATH_SIZE], svg[REPORT_PATH_SIZE];
};

/*
 * Writes FOLDER/STEM.pdf, STEM-trafic.png and STEM-trafic.svg (STEM-traffic.* in English), each atomically.
 * -EINVAL when `stem` is empty or holds a slash, -ENAMETOOLONG, or what file_write_atomic() returns.
 */
int report_write(const struct incident_report *report, const char *folder, const char *stem,
                 enum language language, struct report_paths *ret_paths, struct error *error);
