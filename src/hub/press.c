/* SPDX-License-Identifier: EUPL-1.2 */
#include "hub/press.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "hub/world.h"
#include "journal/journal.h"

struct press {
        struct press_order order;
        char type[96], name[160], incident[ID_TEXT_SIZE];
        char *bytes;
        size_t length;
};

static int on_print(void *context, struct error *error)
{
        struct press *press = context;

        return press->order.print(press->order.context, &press->bytes, &press->length, error);
}

static int write_down(struct press *press, struct act_call *call)
{
        unsigned char digest[crypto_hash_sha256_BYTES];
        char hex[2 * crypto_hash_sha256_BYTES + 1];
        const struct desk_entry entry = {.incident = press->incident[0] ? press->incident : NULL,
                                         .type = RECORD_TYPE_DOCUMENT_MADE,
                                         .author = act_author(call),
                                         .body = press->order.body};

        crypto_hash_sha256(digest, (const unsigned char *)press->bytes, press->length);
        sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest));
        if (json_object_set_new(entry.body, "file", json_string(press->name)) ||
            json_object_set_new(entry.body, "sha256", json_string(hex)) ||
            json_object_set_new(entry.body, "bytes", json_integer((json_int_t)press->length)))
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        return desk_write(call->world->desk, &entry, NULL, &call->error);
}

static int on_printed(void *context, struct act_call *call, int result)
{
        struct press *press = context;

        if (!result && press->order.body)
                result = write_down(press, call);
        if (result)
                return result;
        snprintf(call->blob.type, sizeof(call->blob.type), "%s", press->type);
        snprintf(call->blob.name, sizeof(call->blob.name), "%s", press->name);
        call->blob.bytes = STEAL_PTR(press->bytes);
        call->blob.length = press->length;
        if (press->incident[0])
                snprintf(call->incident, sizeof(call->incident), "%s", press->incident);
        return 0;
}

static void release_order(const struct press_order *order)
{
        if (order->release)
                order->release(order->context);
        json_decref(order->body);
}

static void on_release(void *context)
{
        struct press *press = context;

        release_order(&press->order);
        free(press->bytes);
        free(press);
}

int press_start(struct act_call *call, const struct press_order *order)
{
        struct press *press;

        if (order->body && !author_is_person(act_author(call))) {
                release_order(order);
                return act_refuse(call, -EINVAL, "un papier se signe : dites qui le demande",
                                  "a paper is signed for: say who asks for it");
        }
        press = calloc(1, sizeof(*press));
        if (!press) {
                release_order(order);
                return act_refuse(call, -ENOMEM, "mémoire insuffisante", "out of memory");
        }
        press->order = *order;
        snprintf(press->type, sizeof(press->type), "%s", order->type);
        snprintf(press->name, sizeof(press->name), "%s", order->name);
        snprintf(press->incident, sizeof(press->incident), "%s", order->incident ? order->incident : "");
        call->work = (struct act_work){
                .work = on_print, .done = on_printed, .release = on_release, .context = press};
        return 0;
}

void press_house(const struct act_call *call, const char *language, struct press_house *ret_house)
{
        const struct config *config = call->world->config;

        *ret_house = (struct press_house){.language = call->caller->english ? LANGUAGE_EN : LANGUAGE_FR,
                                          .printed_ms = clock_wall_ms(call->world->clock)};
        language_parse(language, &ret_house->language);
        snprintf(ret_house->structure, sizeof(ret_house->structure), "%s", config->structure.name);
        snprintf(ret_house->zone, sizeof(ret_house->zone), "%s", config->structure.timezone);
        ret_house->headed = journal_last_head(call->world->journal, &ret_house->head, NULL) == 0;
}

struct paper_info press_info(const struct press_house *house, const char *title, const char *document_id)
{
        return (struct paper_info){.language = house->language,
                                   .structure = house->structure,
                                   .title = title,
                                   .document_id = document_id,
                                   .zone = house->zone,
                                   .printed_ms = house->printed_ms,
                                   .journal_head = house->headed ? house->head.root : NULL,
                                   .journal_size = house->headed ? house->head.size : 0};
}

struct declaration_seal press_seal(const struct press_house *house)
{
        return (struct declaration_seal){.zone = house->zone,
                                         .printed_ms = house->printed_ms,
                                         .journal_head = house->headed ? house->head.root : NULL,
                                         .journal_size = house->headed ? house->head.size : 0};
}
