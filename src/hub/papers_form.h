/* SPDX-License-Identifier: EUPL-1.2 */
/* How the facts of an incident become the form of one of its obligations; the command and the hub's acts both fill it so. */
#pragma once

#include "flow/catalogue.h"
#include "hub/papers_facts.h"
#include "obligation/declaration_data.h"
#include "service/config.h"

/* The structure as its configuration has it. Borrowed texts. */
struct house papers_house(const struct config *config, const struct catalogue *catalogue, bool english);

struct papers_form {
        const struct config *config;
        const struct catalogue *catalogue;
        const struct clock *clock;
        enum filing_phase phase; /* or PHASE_AS_IT_STANDS */
        bool english;
};

/* 0, -ENOMEM, -EINVAL: of this phase nothing can go out yet. */
int papers_fill(const struct papers_form *how, const struct papers_facts *facts,
                const struct obligation *obligation, const struct rule *rule, struct form *ret_form,
                struct error *error);

/* The rule's form for no incident yet: what the configuration says, and everything else to be asked. */
int papers_fill_blank(const struct papers_form *how, const struct rule *rule, struct form *ret_form,
                      struct error *error);
