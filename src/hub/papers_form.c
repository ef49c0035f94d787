/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/papers_form.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

/* The word of the configuration as the catalogue says it to people. */
static const char *activity_of(const struct config *config, const struct catalogue *catalogue, bool english)
{
        const char *word = config_kind_word(config->structure.kind);
        const struct fact_kind *kind = catalogue_find(catalogue, "structure.kind");

        for (size_t i = 0; kind && i < kind->choice_count; i++)
                if (!strcmp(kind->choices[i].word, word))
                        return english ? kind->choices[i].label.en : kind->choices[i].label.fr;
        return word;
}

struct house papers_house(const struct config *config, const struct catalogue *catalogue, bool english)
{
        return (struct house){.structure_name = config->structure.name,
                              .structure_finess = config->structure.finess,
                              .structure_address = config->structure.address,
                              .structure_activity = activity_of(config, catalogue, english),
                              .declarant_name = config->people.declarant.name,
                              .declarant_role = config->people.declarant.function,
                              .declarant_phone = config->people.declarant.phone,
                              .declarant_mail = config->people.declarant.mail,
                              .dpo_name = config->people.dpo.name,
                              .dpo_phone = config->people.dpo.phone,
                              .dpo_mail = config->people.dpo.mail};
}

int papers_fill(const struct papers_form *how, const struct papers_facts *facts,
                const struct obligation *obligation, const struct rule *rule, struct form *ret_form,
                struct error *error)
{
        const struct house house = papers_house(how->config, how->catalogue, how->english);
        const struct declaration_input input = {.rule = rule,
                                                .obligation = obligation,
                                                .phase = how->phase,
                                                .incident = &facts->incident,
                                                .measures = facts->measures,
                                                .measure_count = facts->measure_count,
                                                .house = &house,
                                                .catalogue = how->catalogue,
                                                .clock = how->clock};

        return declaration_fill(&input, ret_form, error);
}

int papers_fill_blank(const struct papers_form *how, const struct rule *rule, struct form *ret_form,
                      struct error *error)
{
        CLEANUP(obligation_release)
        struct obligation obligation = {.state = OBLIGATION_STATE_POSSIBLE, .voluntary = rule->voluntary};
        const struct papers_facts facts = {.incident = {.open = true}};

        memcpy(obligation.rule, rule->id, sizeof(obligation.rule));
        memcpy(obligation.legal_basis, rule->legal_basis, sizeof(obligation.legal_basis));
        if (bitext_copy(&obligation.title, &rule->title) ||
            bitext_copy(&obligation.recipient, &rule->recipient))
                return error_say(error, -ENOMEM, "mémoire insuffisante", "out of memory");
        return papers_fill(how, &facts, &obligation, rule, ret_form, error);
}
