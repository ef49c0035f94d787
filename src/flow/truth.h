/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Three-valued logic (Kleene, strong): what follows from facts when some of them are not known. The order
 * false < unknown < true makes "and" the least and "or" the greatest of its parts.
 */
#pragma once

enum truth { TRUTH_FALSE, TRUTH_UNKNOWN, TRUTH_TRUE };

static inline enum truth truth_and(enum truth a, enum truth b)
{
        return a < b ? a : b;
}

static inline enum truth truth_or(enum truth a, enum truth b)
{
        return a > b ? a : b;
}

static inline enum truth truth_not(enum truth a)
{
        return a == TRUTH_TRUE ? TRUTH_FALSE : a == TRUTH_FALSE ? TRUTH_TRUE : TRUTH_UNKNOWN;
}
