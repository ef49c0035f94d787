/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * form: the filled form of one obligation, as plain data: ordered sections of ordered fields. It is put together
 * by obligation/declaration_data.h and only read by what renders it (PDF, JSON, text to read on the telephone).
 *
 * Every text that is set here is non-empty in both languages. A value that is not known says so itself
 * (« je ne sais pas (inconnu à ce stade) », « question pas encore posée »), so a renderer never has to invent a word
 * and never shows a blank; `state` is there for colour, for JSON and for counting.
 *
 * Times are wall-clock milliseconds (base/clock.h); 0 means "not set". Times inside value texts are already
 * written for people in the structure's own zone, with the zone named. Everything is owned by the form;
 * form_release() frees it all.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "flow/incident.h"
#include "flow/obligation.h"
#include "flow/text.h"

#define FORM_SECTIONS_MAX       32
#define FORM_FIELDS_MAX         64 /* in one section */
#define FORM_CHANNELS_MAX       8
#define FORM_CHANNEL_TARGET_MAX 256

struct form_field {
        char key[64]; /* stable name for JSON: the fact's name, or "structure.name", "declarant.phone" … */
        struct bitext label;   /* the question as the form asks it */
        enum fact_state state; /* KNOWN, UNKNOWN or NOT_ASKED */
        bool required;         /* the recipient asks for it; unknown is still allowed */
        struct bitext value;   /* what to print; may hold '\n' between items of a list */
        char author[64];       /* who gave it: "edge", a person's name, "config"; "" when nobody did */
        int64_t at_ms;         /* when it was so or was learnt; 0 when not known */
        bool news;             /* known since the declaration before this one */
};

struct form_section {
        char key[32]; /* "declarant", "structure", "constat", "perimetre" … */
        struct bitext title;
        struct form_field *fields;
        size_t field_count;
};

/* portal, mail, phone, paper, register … : the ways to hand it in, the preferred one first. */
/* clang-format off */
#define FORM_CHANNEL_KINDS(X)                                                                                \
        X(PORTAL, "portal") X(MAIL, "mail") X(PHONE, "phone") X(PAPER, "paper") X(IN_PERSON, "in-person")    \
        X(REGISTER, "register")
/* clang-format on */
#define FORM_CHANNEL_ENUM(name, word) FORM_CHANNEL_##name,
enum form_channel_kind { FORM_CHANNEL_KINDS(FORM_CHANNEL_ENUM) FORM_CHANNEL_COUNT };

struct form_channel {
        enum form_channel_kind kind;
        char target[FORM_CHANNEL_TARGET_MAX]; /* URL, address, number; "" when the note says all */
        struct bitext note;                   /* what it is for, e.g. "if the portal cannot be reached" */
        int64_t checked_ms; /* when somebody last saw that it is right; 0: nobody noted it */
        bool stale;         /* not checked, or its validity date has passed: confirm before use */
};

struct form {
        char rule[64];         /* "cert-sante-grave" */
        unsigned rule_version; /* of the data file */
        struct id obligation;
        struct id incident;
        struct bitext title; /* "Déclaration d'incident grave de sécurité …" */
        struct bitext recipient;
        struct bitext
                standing; /* one sentence: due by when, since when, voluntary, without delay, or already filed */
        struct bitext why; /* the facts that set it off, in a sentence */
        char legal_basis[256];
        enum obligation_state state;
        enum filing_phase phase; /* phase.h */
        bool pending;            /* of this phase nothing was handed in yet */
        struct bitext phase_text;
        int64_t since_ms; /* when the declaration before this one went out; 0: there is none */
        bool voluntary;
        bool without_delay;
        int64_t made_ms; /* when this form was put together */
        int64_t clock_started_ms;
        int64_t due_ms;
        struct form_section *sections;
        size_t section_count;
        struct form_channel *channels;
        size_t channel_count;
        size_t known_count; /* fields over all sections, by state */
        size_t unknown_count;
        size_t not_asked_count;
};

void form_release(struct form *form); /* a zeroed or released form is fine */
const char *form_channel_word(enum form_channel_kind kind);
