/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * duty: which obligations an incident has, now. Evaluating is idempotent: what it returns, fed back, comes out the same,
 * with the same ids. What was filed or waived is never touched or lost; an obligation whose rule is no longer
 * in the data is kept as it was.
 *
 *   trigger true     due      (an exemption that is true makes it void, with its text as the reason)
 *   trigger unknown  possible (`why` names the facts that would settle it)
 *   trigger false    void when it existed, otherwise it is not created
 *
 * Due does not mean that the clock runs: clock_started_ms stays 0 until its event, and `why` then says what
 * starts it. Hours run through weekends (obligation/clockwork.h).
 */
#pragma once

#include "base/clock.h"
#include "base/random.h"
#include "flow/catalogue.h"
#include "flow/incident.h"
#include "flow/obligation.h"
#include "obligation/rule.h"

#define DUTIES_MAX (2 * RULES_MAX)

struct duty_world {
        const struct rule_set *rules;
        const struct catalogue *catalogue;
        const struct clock *clock; /* for new ids */
        const struct random *random;
};

struct duty_set {
        struct obligation *obligations; /* owned; in the order of `existing`, then of the rules */
        size_t count;
};

/* `existing` are the incident's obligations so far (those of other incidents are left out). -ENOMEM, -E2BIG. */
int duties_evaluate(const struct duty_world *world, const struct incident *incident,
                    const struct obligation *existing, size_t count, struct duty_set *ret_set,
                    struct error *error);
void duty_set_release(struct duty_set *set);

/*
 * Handed in, by the person of the filing. The first one is the initial one whatever it says, and makes the obligation filed; later
 * ones complete or close it. `late` is worked out here. -EINVAL: no name, no time, a first filing that is not initial, or one
 * after its hour without a reason (`late_reason`, which the caller keeps beside the record).
 */
int duty_file(struct obligation *obligation, const struct filing *filing, const char *late_reason,
              struct error *error);
/* A person writes down why it is not done. -EINVAL without a name or reason, or when it was filed. */
int duty_waive(struct obligation *obligation, const char *person, const char *reason, struct error *error);

/* Due, and not by choice. */
bool duty_is_owed(const struct obligation *obligation);

/* Owed, and its hour has passed. */
bool duty_is_overdue(const struct obligation *obligation, int64_t now_ms);
