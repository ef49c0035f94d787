/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * rule: one legal duty as data, one file in data/obligations. Law changes; so a rule has a version and a span of
 * validity, its portals and numbers say when somebody last saw that they are right.
 *
 *   id: cnil-33            version: 1           title: {fr, en}      recipient: {fr, en}
 *   voluntary: false       authority: true (false: it goes to none, but to persons, a controller or the house's own register)
 *   legal_basis: text    valid_from: day      valid_to: day?
 *   trigger: expression (flow/trigger.h)
 *   after: [rule, …]?       only once one of these was filed, and has not been closed by a filing that says it is over
 *   clock: {event: discovered | aware | filed, facts: [fact, …]?, rule: id?}
 *   deadline: {hours: n} | {months: n} | {without_delay: true} | {none: true}
 *   exemptions: [{when: expression, text: {fr, en}}]
 *   channels: [{kind, target, note: {fr, en}, checked: day?, valid_to: day}]
 *   sections: [{key, title: {fr, en}, fields: [{fact, label: {fr, en}?, required: bool?}]}]
 *
 * `discovered` starts at the first of `facts` that is known; `aware` likewise, but only when a named person gave
 * it: detected is not aware; `filed` starts when the obligation of `rule` was filed.
 */
#pragma once

#include "flow/catalogue.h"
#include "obligation/clockwork.h"
#include "obligation/form.h"
#include "flow/trigger.h"

#define RULES_MAX           64
#define RULE_EXEMPTIONS_MAX 8
#define RULE_CLOCK_FACTS    4
#define RULE_AFTER_MAX      4

#define CLOCK_EVENTS(X)              X(DISCOVERED, "discovered") X(AWARE, "aware") X(FILED, "filed")
#define CLOCK_EVENT_ENUM(name, word) CLOCK_EVENT_##name,
enum clock_event { CLOCK_EVENTS(CLOCK_EVENT_ENUM) CLOCK_EVENT_COUNT };

struct rule_clock {
        enum clock_event event;
        char facts[RULE_CLOCK_FACTS][64];
        size_t fact_count;
        char rule[64]; /* predecessor, for FILED */
};

struct rule_exemption {
        struct trigger when;
        struct bitext text;
};

struct rule_channel {
        enum form_channel_kind kind;
        char target[FORM_CHANNEL_TARGET_MAX];
        struct bitext note;
        int64_t checked_ms, valid_to_ms;
};

struct rule_field {
        char fact[64];
        struct bitext label; /* {NULL, NULL}: the catalogue's label */
        bool required;
};

struct rule_section {
        char key[32];
        struct bitext title;
        struct rule_field *fields;
        size_t field_count;
};

struct rule {
        char id[64];
        unsigned version;
        struct bitext title;
        struct bitext recipient;
        bool voluntary;
        bool authority; /* it goes to an authority: whoever files it has told one */
        char legal_basis[256];
        int64_t valid_from_ms, valid_to_ms; /* valid_to_ms 0: no end known */
        struct trigger trigger;
        char after[RULE_AFTER_MAX][64];
        size_t after_count;
        struct rule_clock clock;
        struct deadline deadline;
        struct rule_exemption *exemptions;
        size_t exemption_count;
        struct rule_channel *channels;
        size_t channel_count;
        struct rule_section *sections;
        size_t section_count;
};

struct rule_set {
        struct rule *rules; /* sorted by id; owned */
        size_t count;
};

/* One file's bytes. `catalogue` may be NULL: then fact names are not checked. */
int rule_read(const char *name, const char *data, size_t length, const struct catalogue *catalogue,
              struct rule *ret_rule, struct error *error);
void rule_release(struct rule *rule);

/* Every *.yaml of the folder, e.g. paths_data("obligations"); predecessors must exist and not go in a circle. */
int rules_load(const char *folder, const struct catalogue *catalogue, struct rule_set *ret_rules,
               struct error *error);
void rules_release(struct rule_set *rules);
const struct rule *rules_find(const struct rule_set *rules, const char *id); /* or NULL */

/* How the predecessors of a rule end (clock: {event: filed, rule: …}). */
enum rule_chain { RULE_CHAIN_WHOLE, RULE_CHAIN_BROKEN, RULE_CHAIN_CIRCLE };
/* `ret_last` (NULL allowed) is the rule whose predecessor is missing when the chain is broken. */
enum rule_chain rules_chain(const struct rule_set *rules, const struct rule *rule,
                            const struct rule **ret_last);

/* Whether it was law at that moment. */
bool rule_is_valid_at(const struct rule *rule, int64_t wall_ms);
