/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * report: what somebody on the premises tells by pressing a button (entry of a playbook). Pure: the number to come back with,
 * what of the answers says that two people mean the same matter, and the finding it becomes.
 *
 * A number reads G-2026-0417-KRT-XMA: year, counter, five letters nobody can guess (20 bits, so that who knows one number
 * cannot try the next one's), and a check letter over all of it. The letters are sixteen that are not taken for each other on a
 * telephone, in French or in English, nor for a digit on paper.
 */
#pragma once

#include <jansson.h>

#include "base/clock.h"
#include "base/random.h"
#include "flow/finding.h"
#include "incident/playbook.h"

#define REPORT_NUMBER_SIZE 32
#define REPORT_COUNT_MAX   9999999 /* a year */
#define REPORT_TEXT_MAX    1000    /* bytes of one answer */
#define REPORT_AUTHOR      "déclaration publique"

struct report_number {
        char whole[REPORT_NUMBER_SIZE]; /* G-2026-0417-KRT-XMA: for whoever reported, and nobody else */
        char open[REPORT_NUMBER_SIZE];  /* G-2026-0417: says which report, opens nothing */
        char id[REPORT_NUMBER_SIZE];    /* 2026-0000417: its document, in the order of reports */
};

void report_number_make(unsigned year, unsigned count, const struct random *random,
                        struct report_number *ret_number);
/* As somebody types or dictates it: any case, blanks or points for hyphens, zeros left out. -EINVAL: not such a number, or misheard. */
int report_number_parse(const char *typed, struct report_number *ret_number);
/* What the document keeps of the secret part. 64 hex digits. */
void report_number_digest(const struct report_number *number, char ret_hex[static 65]);
/* The counter after the newest document's id ("" when there is none) in that year. -E2BIG: no more this year. */
int report_count_after(const char *newest_id, unsigned year, unsigned *ret_count);

/*
 * The subject of the incident: the same for reports that agree in the facts that their button calls the same. It is a digest, so
 * that nobody's address stands in the register; "non-precise" when none of these facts is known.
 */
void report_subject(const struct playbook *playbook, const struct incident *answers,
                    char ret_subject[static 64]);

/* The finding: sensor "person", its kind the button's, evidence {"report","button"}. -ENOMEM. */
int report_finding(const struct playbook *playbook, const struct incident *answers,
                   const struct report_number *number, const struct clock *clock, const struct random *random,
                   struct finding *ret_finding);

/*
 * One report's answers into an incident that may have others already: what is not known there is set; "yes" outweighs an
 * earlier "no" of a report's own facts, since two people saw different things. True when it changed something.
 */
bool report_fact_counts(const struct incident *incident, const struct fact *fact);
