/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * closing: the report on an incident, assembled from the journal: what happened, how fast, what was done and what it cost, what was
 * decided, what was owed and handed in, what was missing. People add a text to each section (kind "closing", no personal data).
 *
 *   {"incident","title","redacted","made","sections":[{"key","title":{fr,en},"text":{fr,en}|null,"rows":[{"at"|null,"text":{fr,en}}]}]}
 *
 * The redacted one is for the public: no names of persons, no addresses, nothing that somebody typed freely in the course of it.
 */
#pragma once

#include <jansson.h>

#include "hub/press.h"
#include "hub/world.h"

/* clang-format off */
#define CLOSING_SECTIONS(X)                                                                                  \
        X(SUMMARY, "summary", "En bref", "In short")                                                         \
        X(DELAYS, "delays", "Délais", "Delays")                                                              \
        X(MEASURES, "measures", "Mesures et ce qu’elles ont coûté", "Measures and what they cost")           \
        X(DECISIONS, "decisions", "Décisions et relèves", "Decisions and handovers")                         \
        X(DUTIES, "duties", "Déclarations", "Declarations")                                                  \
        X(MISSING, "missing", "Ce qui a manqué", "What was missing")                                         \
        X(LESSONS, "lessons", "Ce que nous en retenons", "What we learn from it")                            \
        X(TIMELINE, "timeline", "Chronologie", "Timeline")
/* clang-format on */
#define CLOSING_SECTION_ENUM(name, word, fr, en) CLOSING_##name,
enum closing_section { CLOSING_SECTIONS(CLOSING_SECTION_ENUM) CLOSING_SECTION_COUNT };

#define CLOSING_ROWS_MAX 2000 /* of the timeline */

/* -EINVAL for a word that is no section. */
int closing_section_parse(const char *word, enum closing_section *ret_section);

/* -ENOENT, -ENOMEM. New reference. */
int closing_assemble(const struct world *world, const char *incident, bool redacted, json_t **ret_report,
                     struct error *error);

/* On any thread; the caller frees. */
int closing_pdf(const json_t *report, const struct press_house *house, char **ret_bytes, size_t *ret_length,
                struct error *error);
/* One page that can be hosted anywhere: no script, nothing from outside. */
int closing_html(const json_t *report, const struct press_house *house, char **ret_bytes, size_t *ret_length,
                 struct error *error);
