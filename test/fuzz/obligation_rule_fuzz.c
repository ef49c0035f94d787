// fuzz: links=obligation_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Any bytes as a rule of law: refused with a sentence that names the file and a line, or read; and then its trigger has
 * one of three values, and evaluating it twice gives the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "obligation/rule.h"
#include "all_faults.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_rule(const struct rule *rule)
{
        struct incident incident = {.open = true};
        struct trigger_support support;
        enum truth truth = trigger_evaluate(&rule->trigger, &incident, &support);

        if (truth != trigger_evaluate(&rule->trigger, &incident, NULL) || support.count > TRIGGER_SUPPORT_MAX)
                abort();
        for (size_t i = 0; i < rule->exemption_count; i++)
                trigger_evaluate(&rule->exemptions[i].when, &incident, NULL);
        if (!rule->id[0] || !rule->title.fr || !rule->recipient.en || !rule->section_count)
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct rule rule = {0};
        CLEANUP(faults_release) struct faults faults = {0};
        struct error error = {.faults = &faults};
        int r = rule_read("rule.yaml", (const char *)data, size, NULL, &rule, &error);

        if (r && !strstr(error.en, "rule.yaml"))
                abort();
        if (r)
                require_faults(&faults, &error);
        else
                try_rule(&rule);
        rule_release(&rule);
        return 0;
}
