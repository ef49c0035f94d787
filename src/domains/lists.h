/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * lists: all lists of the configuration together, and the generation that is compiled from them (names/set.h).
 *
 * In their folder (STATE/domains):
 *      lists/NAME/      one list with its memory (source.h)
 *      kept.set         what no list may block: own names, partners, allowed files; and, to be told from these, the names above them
 *      names.set        the generation in force; everybody maps it, and maps the next one when it is there
 *      exemptions.json  what a person let through, for whom and until when
 *      lock             whoever takes lists in and compiles holds it
 *
 * Of a generation's sources the first are Garde's own (enum lists_source), then each list in the order of the configuration.
 */
#pragma once

#include <jansson.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/random.h"
#include "domains/judge.h"
#include "domains/source.h"
#include "names/set.h"
#include "service/config.h"

enum lists_source { LISTS_OWN, LISTS_PARTNER, LISTS_ALLOWED, LISTS_EXEMPTED, LISTS_FIRST };

#define LISTS_EXEMPTIONS_MAX 1024

/* A name, and all below it, that is let through although it is listed. */
struct exemption {
        struct name name;
        struct addr network; /* family 0: for everybody */
        int64_t until_ms;    /* 0 is never one: each ends */
        char reason[160];
};

/* {"name","network":text|null,"until","reason"} */
json_t *exemption_to_json(const struct exemption *exemption);
int exemption_from_json(const json_t *json, struct exemption *ret_exemption,
                        struct error *error); /* -EINVAL */

struct lists;

struct lists_options {
        const char *folder; /* STATE/domains */
        const struct config *config;
        const struct clock *clock;
        const struct random *random;
        /* Commands that only look: nothing is made or written, and a list that was never had is passed over. */
        bool read_only;
};

/* -EBUSY: another process keeps them. -EINVAL, -ENOENT, -EACCES: which file, what is wrong with it. */
int lists_open(const struct lists_options *options, struct lists **ret_lists, struct error *error);
struct lists *lists_close(struct lists *lists); /* NULL */

const struct config *lists_configuration(const struct lists *lists);
size_t lists_count(const struct lists *lists);
const struct config_list *lists_config(const struct lists *lists, size_t index);
struct source *lists_source(const struct lists *lists, size_t index); /* NULL: never had, read-only */
/* By name; -1. */
int lists_find(const struct lists *lists, const char *name);

/* A new version of list `index` lies in `fd` (source.h); nothing is compiled yet. */
int lists_take(struct lists *lists, size_t index, int fd, enum source_outcome *ret_outcome,
               struct error *error);

/* All exemptions anew, at most LISTS_EXEMPTIONS_MAX; kept on disk. Ended ones are left out. */
int lists_exempt(struct lists *lists, const struct exemption *exemptions, size_t count, struct error *error);
size_t lists_exemptions(const struct lists *lists, const struct exemption **ret_exemptions);
/* When the next one ends; 0: none. */
int64_t lists_next_end_ms(const struct lists *lists);
/* Whether this client is let through to the name; `client` NULL: whether everybody is. */
bool lists_is_exempted(const struct lists *lists, const struct name *name, const struct addr *client);

/*
 * Compiles the next generation and puts it in force. A failure leaves the old one. The old set stays open until lists_set() is called
 * after the next lists_compile(): whoever looks up on another thread holds it for one generation at most.
 */
int lists_compile(struct lists *lists, struct error *error);
/* Opens what another process compiled; 1 when there is none yet. */
int lists_reopen(struct lists *lists, struct error *error);
const struct set *lists_set(const struct lists *lists); /* NULL: nothing compiled yet */
struct judge_lists lists_for_judge(const struct lists *lists);

/*
 * Every blocked name once, in order of its octets; allowed ones are not among them. `tlp` is the most reserved of the lists that name it;
 * `list` one of them. `each` < 0 stops and is returned.
 */
struct listed {
        const char *name; /* not ended by a zero */
        size_t length;
        bool below;
        enum config_tlp tlp;
        const struct config_list *list;
        const char *why;
        size_t why_length;
};
typedef int lists_each(void *context, const struct listed *listed);
int lists_each_blocked(const struct lists *lists, lists_each *each, void *context, struct error *error);

/*
 * What every list says, or said, of the name and of those above it that mean all below them: [{"list","trust","name","present"} and, of a list
 * that was taken in, "below","stale","first","last","why"]. New reference.
 */
json_t *lists_why(const struct lists *lists, const struct name *name);
/* {"lists":[source_state() with "address","tlp"],"exemptions":[…]} and, once compiled, "generation","names","bytes","built". New reference. */
json_t *lists_state(const struct lists *lists);
