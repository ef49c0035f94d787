/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * report: what a verification found. The first fault is the one to act on; later ones may follow from it.
 *
 * JSON:
 * {"ok":true,"records":42,"heads":2,"personal":3,"erased":1,"signed_size":40,"last":"<hex>","root":"<hex>",
 *        "key":"<64 hex>","key_id":"<16 hex>","fault_count":0,
 *        "faults":[{"kind":"hash","seq":7,"line":9,"fr":…,"en":…}]}
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "journal/hash.h"
#include "journal/key.h"

#define REPORT_FAULTS_MAX      16
#define REPORT_FAULT_TEXT_SIZE 320

/*
 * header: the first line is not one of ours. form: bytes that are not a record, a head or canonical. hash:
 * bytes changed. missing, repeated, order: records removed, doubled, moved. chain: a record that does not
 * name the one before it (changed with its hash, or inserted). commitment: personal text that is not the one
 * committed to. erasure: texts missing that no record says were erased, or erased ones that are back. head_…:
 * a signed head that cannot be right. tree: a stored tree node that does not fit. end: the file was cut or
 * its counts are wrong.
 */
#define REPORT_FAULTS(X)                                                                                     \
        X(HEADER, "header")                                                                                  \
        X(FORM, "form")                                                                                      \
        X(HASH, "hash")                                                                                      \
        X(MISSING, "missing")                                                                                \
        X(REPEATED, "repeated")                                                                              \
        X(ORDER, "order")                                                                                    \
        X(CHAIN, "chain")                                                                                    \
        X(COMMITMENT, "commitment")                                                                          \
        X(ERASURE, "erasure")                                                                                \
        X(HEAD_FORM, "head-form")                                                                            \
        X(HEAD_SIGNATURE, "head-signature")                                                                  \
        X(HEAD_MISMATCH, "head-mismatch")                                                                    \
        X(KEY, "key")                                                                                        \
        X(TREE, "tree")                                                                                      \
        X(PROOF, "proof")                                                                                    \
        X(END, "end")
#define REPORT_FAULT_ENUM(name, word) REPORT_FAULT_##name,
enum report_fault_kind { REPORT_FAULTS(REPORT_FAULT_ENUM) REPORT_FAULT_COUNT };

struct report_fault {
        enum report_fault_kind kind;
        uint64_t seq;  /* record, or size of a head */
        uint64_t line; /* of the exported file, from 1; 0 in a database or a proof */
        char fr[REPORT_FAULT_TEXT_SIZE];
        char en[REPORT_FAULT_TEXT_SIZE];
};

struct journal_report {
        bool ok;
        uint64_t records;
        uint64_t heads;       /* signed heads that were checked */
        uint64_t personal;    /* personal texts still there, each equal to its commitment */
        uint64_t erased;      /* personal texts erased */
        uint64_t signed_size; /* records below this are covered by a valid signed head */
        uint8_t last[HASH_SIZE];
        uint8_t root[HASH_SIZE];
        uint8_t key[KEY_PUBLIC_SIZE];
        uint64_t fault_count; /* all of them; the list holds the first REPORT_FAULTS_MAX */
        struct report_fault faults[REPORT_FAULTS_MAX];
};

const char *report_fault_word(enum report_fault_kind kind);

/* Adds a fault and clears ok. The list is full after REPORT_FAULTS_MAX; the count goes on. `fr` and `en` are
 * sentences. */
void report_add(struct journal_report *report, enum report_fault_kind kind, uint64_t seq, uint64_t line,
                const char *fr, const char *en);

/* New reference; NULL when out of memory. */
json_t *journal_report_to_json(const struct journal_report *report);
