/* SPDX-License-Identifier: EUPL-1.2 */
/* The crisis binder from the console. */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "hub/acts.h"
#include "hub/contacts.h"
#include "hub/kit.h"
#include "hub/world.h"
#include "journal/journal.h"

struct binding {
        struct kit kit;
        json_t *contacts;
};

static void release_binding(void *context)
{
        struct binding *binding = context;

        json_decref(binding->contacts);
        free(binding);
}

static int print_kit(void *context, char **ret_bytes, size_t *ret_length, struct error *error)
{
        const struct binding *binding = context;

        return kit_pdf(&binding->kit, ret_bytes, ret_length, error);
}

static int run_kit(struct act_call *call)
{
        const struct world *world = call->world;
        struct binding *binding = calloc(1, sizeof(*binding));
        struct press_order order = {.print = print_kit,
                                    .release = release_binding,
                                    .context = binding,
                                    .type = "application/pdf"};
        int r;

        if (!binding)
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        binding->kit = (struct kit){.config = world->config,
                                    .catalogue = world->catalogue,
                                    .rules = world->rules,
                                    .playbooks = world->playbooks,
                                    .clock = world->clock};
        press_house(call, act_text(call, "language"), &binding->kit.house);
        r = contacts_read(world->journal, &binding->contacts, &call->error);
        if (r) {
                release_binding(binding);
                return r;
        }
        binding->kit.contacts = binding->contacts;
        order.name = language_pick(binding->kit.house.language, "classeur-de-crise.pdf", "crisis-binder.pdf");
        order.body = json_pack("{s:s}", "what", "kit");
        return press_start(call, &order);
}

static const struct act_param kit_params[] = {PRESS_LANGUAGE, {0}};

static const struct act acts[] = {
        {.name = "kit.paper",
         .method = ACT_GET,
         .path = "/kit",
         .result = "application/pdf",
         .fr = "Le classeur de crise, à imprimer",
         .en = "The crisis binder, to be printed",
         .params = kit_params,
         .run = run_kit},
};

const struct act_table acts_kit = {acts, ARRAY_LEN(acts)};
