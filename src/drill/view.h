/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a person sees while it plays: on a terminal a picture of 80 by 24 redrawn each second with plain ANSI
 * sequences, elsewhere one line a second. Drawing is pure: a frame in, text out.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buffer.h"
#include "drill/drill.h"

#define VIEW_HISTORY   60 /* seconds of the curve */
#define VIEW_COUNTRIES 6

#define VIEW_PHASES(X)                                                                                       \
        X(CALM, "calme : Garde apprend", "calm: Garde learns")                                               \
        X(ATTACK, "attaque", "attack") X(REOPEN, "réouverture", "reopening")
#define VIEW_PHASE_ENUM(name, fr, en) VIEW_PHASE_##name,
enum view_phase { VIEW_PHASES(VIEW_PHASE_ENUM) VIEW_PHASE_COUNT };

struct view_country {
        const char *code;
        double dropped_pps, passed_pps; /* of the attack, in the last second */
        uint32_t tried, ok;             /* visits since the attack began */
};

struct view_frame {
        const char *title;
        enum drill_policy policy;
        enum view_phase phase;
        unsigned elapsed_s;                                              /* since the exercise began */
        int64_t now_ms;                                                  /* wall clock */
        double sent_pps, passed_pps;                                     /* attack, in the last second */
        uint32_t tried, ok;                                              /* visits ended in the last second */
        double sent_history[VIEW_HISTORY], passed_history[VIEW_HISTORY]; /* oldest first */
        struct view_country countries[VIEW_COUNTRIES];
        unsigned country_count;
        const json_t *measures; /* of the hub's status; may be NULL */
        const json_t
                *services; /* the edge's traffic report in it: live counters of each measure; may be NULL */
        const json_t *incidents; /* likewise */
        const char *console;     /* where this can be watched in a browser; NULL: nowhere */
        bool english;
};

/* The picture, lines ended by '\n', none wider than `columns`, at most `rows` of them. */
void view_draw(struct buffer *buffer, const struct view_frame *frame, unsigned columns, unsigned rows);
/* The one line, with '\n'. */
void view_line(struct buffer *buffer, const struct view_frame *frame);

struct view {
        FILE *out;
        bool live; /* a terminal */
        bool drawn;
};

/* A terminal is drawn upon when it is one and knows cursor movements (TERM is not "dumb"). */
void view_open(struct view *view, FILE *out);
void view_show(struct view *view, const struct view_frame *frame);
/* Leaves the last picture standing and the cursor below it, visible. */
void view_close(struct view *view);
