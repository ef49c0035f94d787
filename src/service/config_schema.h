/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The one schema behind garde.yaml. Private to config: every key with its type, range, default, check and
 * help; libcyaml's schema, the checks, the sentences, `garde check` and the manual page are all read from it.
 */
#pragma once

#include <cyaml/cyaml.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "service/config.h"

enum config_type {
        CONFIG_GROUP,  /* keys beneath */
        CONFIG_GROUPS, /* a list of groups */
        CONFIG_TEXT,
        CONFIG_TEXTS, /* a list of texts */
        CONFIG_NUMBER,
        CONFIG_WORD, /* one of a few words */
};

/* Indexed by enum language. */
struct config_phrase {
        const char *text[LANGUAGE_COUNT];
};

struct config_key {
        const char *name; /* NULL ends a table */
        enum config_type type;
        bool required;
        size_t offset;        /* within the parent's struct */
        size_t size;          /* of the value; of one item for a list */
        size_t count_offset;  /* lists: a uint32_t beside it */
        uint64_t min, max;    /* number: range; text: bytes (0 max: size - 1); list: items */
        const char *fallback; /* the default as it would be written; NULL for none */
        const cyaml_strval_t *words;
        uint32_t word_count;
        const struct config_key *children;
        bool (*check)(const char *text);
        struct config_phrase expected; /* what `check` wants, in words */
        struct config_phrase help;
};

extern const struct config_key config_schema[];

/* By name, or NULL. */
const struct config_key *config_key_find(const struct config_key *keys, const char *name);

/* "a whole number from 1 to 16", "one of auto, native, generic" … */
void config_key_expected(const struct config_key *key, enum language language, struct buffer *buffer);

/* The longest text a key holds, without NUL. */
size_t config_key_text_max(const struct config_key *key);

bool config_port_parse(const char *text, struct config_port *ret_port);
bool config_number_parse(const char *text, uint64_t *ret_number); /* decimal, no sign, no leading zero */
