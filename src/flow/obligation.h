/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * obligation: a legal duty that an incident's facts set off: whom to tell, by when. Its filled form is a
 * declaration. The rules themselves are data (data/obligations); this is one duty of one incident.
 *
 * JSON: {"id":"o_…","incident":"i_…","rule":"cert-sante-grave","title":{…},"recipient":{…},"state":"due",
 *        "voluntary":false,"clock_started":…|null,"due":…|null,"without_delay":true,"legal_basis":"CSP L1111-8-2 …",
 *        "why":{…},"filed":…|null,"filed_by":…|null,"receipt":…|null,"waived_reason":…|null,
 *        "filings":[{"phase":"initial","at":…,"by":…,"channel":…|null,"receipt":…|null,"late":false}]}
 * "filed", "filed_by" and "receipt" are those of the first filing: later clocks count from it.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/id.h"
#include "flow/text.h"

/*
 * possible: its facts are not all known, it may yet fall due. due: owed, the clock runs. filed: done.
 * waived: a person wrote down why not. void: its facts turned out otherwise.
 */
#define OBLIGATION_STATES(X)                                                                                 \
        X(POSSIBLE, "possible") X(DUE, "due") X(FILED, "filed") X(WAIVED, "waived") X(VOID, "void")
#define OBLIGATION_STATE_ENUM(name, word) OBLIGATION_STATE_##name,
enum obligation_state { OBLIGATION_STATES(OBLIGATION_STATE_ENUM) OBLIGATION_STATE_COUNT };

/*
 * A declaration may go out in phases (GDPR 33(4)): the first with what is known, others to complete it, a last one that says it is
 * over (the health CERT is told when an incident is resolved).
 */
#define FILING_PHASES(X)              X(INITIAL, "initial") X(COMPLEMENT, "complement") X(CLOSING, "closing")
#define FILING_PHASE_ENUM(name, word) FILING_PHASE_##name,
enum filing_phase { FILING_PHASES(FILING_PHASE_ENUM) FILING_PHASE_COUNT };

#define OBLIGATION_FILINGS_MAX 32

struct filing {
        enum filing_phase phase;
        int64_t at_ms;
        char by[64];
        char channel[32]; /* portal, mail, phone, paper…; "" when not said */
        char receipt[128];
        bool late; /* after its hour; the reason stands beside its record */
};

struct obligation {
        struct id id;
        struct id incident;
        char rule[64];
        struct bitext title;
        struct bitext recipient;
        enum obligation_state state;
        bool voluntary;           /* nobody must, anybody may */
        bool without_delay;       /* "sans délai": due at once, no hour named by law */
        int64_t clock_started_ms; /* 0 while its event has not happened */
        int64_t due_ms;           /* 0 when no hour is named */
        char legal_basis[256];
        struct bitext why; /* the facts that set it off, in a sentence */
        int64_t filed_ms;  /* 0 while not filed */
        char filed_by[64];
        char receipt[128];
        char *waived_reason;    /* owned, NULL unless waived */
        struct filing *filings; /* owned; in the order in which they were noted */
        size_t filing_count;
};

void obligation_release(struct obligation *obligation);
json_t *obligation_to_json(const struct obligation *obligation);
int obligation_from_json(const json_t *json, struct obligation *ret_obligation, struct error *error);
/* A deep copy; `to` is zeroed or a live obligation, released first. -ENOMEM. */
int obligation_copy(struct obligation *to, const struct obligation *from);
/* Whether both say the same; their ids do not count. */
bool obligation_equal(const struct obligation *a, const struct obligation *b);
const char *obligation_state_word(enum obligation_state state);
const char *filing_phase_word(enum filing_phase phase);
int filing_phase_parse(const char *word, enum filing_phase *ret_phase);
/* Adds one. -E2BIG beyond OBLIGATION_FILINGS_MAX, -ENOMEM. */
int obligation_add_filing(struct obligation *obligation, const struct filing *filing, struct error *error);
