/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * share: what is long and goes over the hub's socket in pieces (hub/protocol.h): the whole journal, the facts that papers are
 * made from, files that acts answer with; and proofs. The journal itself lies in a folder that the hub alone may enter, as it holds personal
 * data; who may ask the hub is decided by the kernel's word on the peer (service/channel.h).
 *
 *   declaration.study {"incident"} -> as one JSON text: {"incident","measures","obligations","head", signed for the papers}
 *   journal.export {}              -> the whole journal of this moment (journal/journal.h), as one text
 *   journal.prove {"seq","size"}   -> {"proof":{…}}; size 0: the newest head that covers it
 *
 * A text comes in pieces {"text":…,"more":true}, and an empty last line; a file in pieces {"file":{"type","name","base64"},
 * "more":true}, each base64 for itself, and an empty last line. An export is read from a handle of its own, of
 * one moment, a part at a time and only as fast as its reader takes it: neither the edge nor anybody else waits for it,
 * and it takes little memory.
 */
#pragma once

#include <uv.h>

#include "base/error.h"
#include "hub/act.h"
#include "hub/desk.h"
#include "service/channel.h"

#define SHARE_READERS_MAX 8     /* at once */
#define SHARE_PATIENCE_MS 60000 /* a reader that takes nothing for so long is let go: it holds the log */

struct share;

struct share_options {
        uv_loop_t *loop;
        const struct desk *desk;
        struct journal *journal; /* the hub's own */
};

int share_open(const struct share_options *options, struct share **ret_share, struct error *error);
struct share *share_close(struct share *share); /* NULL; memory goes when the loop has run the closing */

/* A request is answered or refused: {"text"} a piece a line with "more", the last one without; a proof at once. */
void share_export(struct share *share, struct channel *channel, const json_t *message);
void share_prove(struct share *share, struct channel *channel, const json_t *message);
void share_study(struct share *share, struct channel *channel, const json_t *message);

/* A file that is too long for one line. Takes the blob over, with its file on disk if it has one. */
void share_file(struct share *share, struct channel *channel, const json_t *message, struct act_blob *blob);

/* Last sight of a channel; `share` may be NULL by then. */
void share_leave(struct share *share, const struct channel *channel);
