/* SPDX-License-Identifier: EUPL-1.2 */
/* A visit's insides: how it lives is visit.c, whether it may go on visit_judge.c, what comes of it visit_run.c. */
#pragma once

#include "api/visit.h"

#define ANSWER_SECONDS        60            /* to take an answer … */
#define ANSWER_BYTES_A_SECOND 16384         /* … and more of them the longer it is */
#define DRAINED_MAX           (1024 * 1024) /* bytes of a refused body that are still read */

/* Kinds of rate (rate.h). */
enum { RATE_ANONYMOUS, RATE_KNOWN, RATE_PUBLIC, RATE_LOGIN };

enum visit_kind { VISIT_ACT, VISIT_EVENTS, VISIT_DOCUMENT, VISIT_FILE };

struct visit {
        struct visit *next;
        struct visit_house *house;
        struct MHD_Connection *connection; /* NULL: gone */
        int bad_target;                    /* of uri_parse() */
        struct uri uri;
        struct route route;
        struct head head;
        enum visit_kind kind;
        enum act_method method;
        enum input_kind input;
        bool begun, called, working, ready, secure;
        bool far;     /* comes from another machine */
        bool shrinks; /* its answer is to be compressed on another thread yet */
        struct shrinking {
                struct gzip *gzip;
                size_t noise;
                char *bytes; /* the smaller form, once there is one */
                size_t length;
        } shrinking;
        struct addr address;
        struct caller caller;
        char *body; /* head.length bytes, `length` of them there */
        size_t length;
        json_t *in;
        struct act_call call;
        uv_work_t work;
        int result;
        struct answer answer;
};

/* On the head alone. True when the answer is known already: refused, or nothing to read. */
bool visit_judge(struct visit *visit, const char *method);

/* The request is whole. True when the act goes on on another thread; else the answer is set. */
bool visit_run(struct visit *visit);
/* What came of the act becomes the answer. */
void visit_settle(struct visit *visit, int r);

void visit_refuse(struct visit *visit, unsigned status, const char *fr, const char *en);
