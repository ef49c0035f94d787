/* SPDX-License-Identifier: EUPL-1.2 */
#include "obligation/phase.h"

#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "flow/catalogue.h"

#define TEXT_MAX 512

static bool was_filed(const struct obligation *obligation)
{
        return obligation->filing_count || obligation->state == OBLIGATION_STATE_FILED;
}

int phase_check(const struct obligation *obligation, enum filing_phase phase, struct error *error)
{
        if (phase == FILING_PHASE_INITIAL || phase == PHASE_AS_IT_STANDS || was_filed(obligation))
                return 0;
        return error_say(error, -EINVAL, "rien n’est encore déposé : le premier dépôt est l’initial",
                         "nothing was filed yet: the first filing is the initial one");
}

int phase_parse(const char *word, enum filing_phase *ret_phase, struct error *error)
{
        if (!*word) {
                *ret_phase = PHASE_AS_IT_STANDS;
                return 0;
        }
        if (!filing_phase_parse(word, ret_phase))
                return 0;
        return error_say(error, -EINVAL, "un dépôt est initial, complement ou closing, pas « %.32s »",
                         "a filing is initial, complement or closing, not “%.32s”", word);
}

/* Its place among the filings; their number when it is not among them. */
static size_t last_of(const struct obligation *obligation, enum filing_phase phase)
{
        for (size_t i = obligation->filing_count; i-- > 0;)
                if (obligation->filings[i].phase == phase)
                        return i;
        return obligation->filing_count;
}

void phase_of(const struct obligation *obligation, enum filing_phase asked, struct phase *ret_phase)
{
        size_t count = obligation->filing_count, place;
        struct phase phase = {.phase = asked};

        if (asked == PHASE_AS_IT_STANDS)
                phase.phase = count ? obligation->filings[count - 1].phase : FILING_PHASE_INITIAL;
        /* Of complements there may be any number: one that is asked for is the next. */
        place = asked == FILING_PHASE_COMPLEMENT ? count : last_of(obligation, phase.phase);
        phase.pending = place == count;
        if (phase.phase == FILING_PHASE_INITIAL) /* records of old have no list */
                phase.pending = !was_filed(obligation);
        else if (place)
                phase.previous = &obligation->filings[place - 1];
        *ret_phase = phase;
}

int phase_text(const struct phase *phase, struct bitext *ret_text)
{
        static const char *const kinds[FILING_PHASE_COUNT][2] = {
                [FILING_PHASE_INITIAL] = {"Déclaration initiale", "Initial declaration"},
                [FILING_PHASE_COMPLEMENT] = {"Déclaration complémentaire", "Complementary declaration"},
                [FILING_PHASE_CLOSING] = {"Déclaration de clôture", "Closing declaration"}};
        const struct filing *previous = phase->previous;
        const char *const *kind = kinds[phase->phase];
        CLEANUP(bitext_release) struct bitext moment = BITEXT_INIT;
        char fr[TEXT_MAX], en[TEXT_MAX];
        bool receipt = previous && previous->receipt[0];

        if (previous && moment_text(previous->at_ms, &moment))
                return -ENOMEM;
        snprintf(fr, sizeof(fr), "%s%s%s%s%s%s.", kind[0], previous ? ", à la suite de celle du " : "",
                 previous ? moment.fr : "", receipt ? " (reçu " : "", receipt ? previous->receipt : "",
                 receipt ? ")" : "");
        snprintf(en, sizeof(en), "%s%s%s%s%s%s.", kind[1], previous ? ", after the one of " : "",
                 previous ? moment.en : "", receipt ? " (receipt " : "", receipt ? previous->receipt : "",
                 receipt ? ")" : "");
        return bitext_set(ret_text, fr, en);
}
