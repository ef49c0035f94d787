/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/papers_facts.h"

#include <errno.h>
#include <stdlib.h>

void papers_facts_release(struct papers_facts *facts)
{
        incident_release(&facts->incident);
        for (size_t i = 0; i < facts->measure_count; i++)
                measure_release(&facts->measures[i]);
        for (size_t i = 0; i < facts->obligation_count; i++)
                obligation_release(&facts->obligations[i]);
        free(facts->measures);
        free(facts->obligations);
        *facts = (struct papers_facts){0};
}

static int read_measures(const json_t *list, struct papers_facts *facts)
{
        const json_t *one;
        size_t index;

        facts->measures = calloc(json_array_size(list) + 1, sizeof(*facts->measures));
        if (!facts->measures)
                return -ENOMEM;
        json_array_foreach(list, index, one)
        {
                int r = measure_from_json(one, &facts->measures[facts->measure_count], NULL);
                if (r == -ENOMEM)
                        return r;
                facts->measure_count += !r;
        }
        return 0;
}

static int read_obligations(const json_t *list, struct papers_facts *facts)
{
        const json_t *one;
        size_t index;

        facts->obligations = calloc(json_array_size(list) + 1, sizeof(*facts->obligations));
        if (!facts->obligations)
                return -ENOMEM;
        json_array_foreach(list, index, one)
        {
                int r = obligation_from_json(one, &facts->obligations[facts->obligation_count], NULL);
                if (r == -ENOMEM)
                        return r;
                facts->obligation_count += !r;
        }
        return 0;
}

int papers_facts_read(const json_t *told, struct papers_facts *ret_facts, struct error *error)
{
        const json_t *head = json_object_get(told, "head");
        struct papers_facts facts = {0};
        int r = incident_from_json(json_object_get(told, "incident"), &facts.incident, error);

        if (!r)
                r = read_measures(json_object_get(told, "measures"), &facts);
        if (!r)
                r = read_obligations(json_object_get(told, "obligations"), &facts);
        if (r) {
                papers_facts_release(&facts);
                return r;
        }
        facts.headed = json_is_object(head) && head_from_json(head, &facts.head, NULL) == 0;
        *ret_facts = facts;
        return 0;
}
