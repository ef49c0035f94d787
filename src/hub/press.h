/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * press: a paper that an act asks for. It is printed on another thread, handed out as a file, and the journal learns of it
 * by a record document.made with its SHA-256, so that a sheet that turns up later can be matched. Everything the printing needs
 * was copied before; it touches nothing of the hub but what never changes (catalogue, rules, playbooks, configuration).
 */
#pragma once

#include <jansson.h>

#include "hub/act.h"
#include "journal/head.h"
#include "obligation/documents/declaration.h"
#include "obligation/documents/paper.h"

struct press_order {
        /* On another thread. The bytes are the press's to free. */
        int (*print)(void *context, char **ret_bytes, size_t *ret_length, struct error *error);
        void (*release)(void *context); /* may be NULL */
        void *context;                  /* the press's from press_start() on, whatever that returns */
        const char *type;               /* media type */
        const char *name;               /* of the file; copied */
        const char *incident;           /* id; NULL for none; copied */
        json_t *body; /* what the record says beside "file", "sha256" and "bytes"; consumed. NULL: no record */
};

/* 0: call->work is set. -ENOMEM; -EINVAL when a record is to be written and nobody signs. */
int press_start(struct act_call *call, const struct press_order *order);

/* What every paper of the hub carries: the structure, the zone, the time, the last signed head. */
struct press_house {
        char structure[128], zone[64];
        enum language language;
        int64_t printed_ms;
        struct head head;
        bool headed;
};
/* `language` "fr", "en", or "" for the caller's. */
void press_house(const struct act_call *call, const char *language, struct press_house *ret_house);
struct paper_info press_info(const struct press_house *house, const char *title, const char *document_id);
struct declaration_seal press_seal(const struct press_house *house);

/* The "language" a paper may be asked in. */
#define PRESS_LANGUAGE                                                                                       \
        {                                                                                                    \
                .name = "language", .type = ACT_TEXT, .max = 2, .fr = "fr ou en", .en = "fr or en"           \
        }
