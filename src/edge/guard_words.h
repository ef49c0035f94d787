/* SPDX-License-Identifier: EUPL-1.2 */
/* What the guard says to people: one sentence a head nurse understands, in French and English. */
#pragma once

#include "edge/engine.h"
#include "edge/signature.h"
#include "flow/text.h"

struct guard_words {
        const char *subject;
        int64_t began_ms, ended_ms; /* said in local time */
        bool watch;                 /* the edge drops nothing of its own accord */
};

/* Of findings. 0 or -ENOMEM. */
int guard_words_news(const struct guard_words *words, const struct engine_news *news,
                     struct bitext *ret_text);
/* Of measures. */
int guard_words_measure(const struct engine_measure *measure, struct bitext *ret_text);

/* A country's code for its index, as signature.h wants it; the context is not used. */
void guard_words_country(const void *context, uint8_t index, char ret_code[static SIGNATURE_CODE_SIZE]);
