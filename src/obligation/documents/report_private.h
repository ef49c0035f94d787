/* SPDX-License-Identifier: EUPL-1.2 */
/* What the parts of the report share: how much of everything this try shows, and the parts themselves. */
#pragma once

#include "obligation/documents/paper.h"
#include "obligation/documents/report.h"

/* Tried one after the other until all stands on one page. */
struct report_detail {
        double body_pt;
        double plot_pt; /* height of the plot without its bands */
        size_t findings, measures, obligations, classes;
        size_t why; /* characters of a reason */
};

struct report_sheet {
        const struct incident_report *report;
        const struct report_detail *detail;
        struct paper *paper;
        enum language language;
        const struct measure **measures; /* report->measures by since_ms */
};

#define SAY(sheet, fr, en) language_pick((sheet)->language, fr, en)

/* The first `characters` of a text, with … where it was longer, newlines made spaces. The caller frees. */
char *report_cut(const char *text, size_t characters);

void report_story(const struct report_sheet *sheet); /* three sentences */
void report_figures(const struct report_sheet *sheet);
void report_classes(const struct report_sheet *sheet);
void report_timeline(const struct report_sheet *sheet);
void report_duties(const struct report_sheet *sheet);

const char *report_measure_name(enum measure_kind kind, enum language language);
