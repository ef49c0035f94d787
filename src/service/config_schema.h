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
extern const struct config_key config_domains_keys[]; /* config_schema_domains.c */

/* By name, or NULL. */
const struct config_key *config_key_find(const struct config_key *keys, const char *name);

/* "a whole number from 1 to 16", "one of auto, native, generic" … */
void config_key_expected(const struct config_key *key, enum language language, struct buffer *buffer);

/* The longest text a key holds, without NUL. */
size_t config_key_text_max(const struct config_key *key);

bool config_port_parse(const char *text, struct config_port *ret_port);
bool config_number_parse(const char *text, uint64_t *ret_number); /* decimal, no sign, no leading zero */

/* Checks that several tables of keys have in common. */
bool config_is_path(const char *text); /* absolute, without ".." */
bool config_is_host(const char *text);
bool config_is_listen(const char *text);  /* "address:port", or off */
bool config_is_address(const char *text); /* or a prefix without bits beyond it */
bool config_is_interface(const char *text);
bool config_is_word(const char *text); /* [a-z0-9-]+ */

/* ---- how the tables are written ---- */

#define AT(record, group, member)                                                                            \
        .offset = offsetof(record, group.member) - offsetof(record, group),                                  \
        .size = sizeof(((record *)0)->group.member)
#define OF(record, member) .offset = offsetof(record, member), .size = sizeof(((record *)0)->member)
#define ITEMS(record, member, counter)                                                                       \
        .offset = offsetof(record, member), .size = sizeof(((record *)0)->member[0]),                        \
        .count_offset = offsetof(record, counter)
#define WORDS(array) .type = CONFIG_WORD, .words = (array), .word_count = ARRAY_LEN(array)
#define BOTH(french, english)                                                                                \
        {                                                                                                    \
                {                                                                                            \
                        french, english                                                                      \
                }                                                                                            \
        }

#define EXPECT_PATH .check = config_is_path, .expected = BOTH("un chemin absolu", "an absolute path")
