/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * lookalike: given a suspect name, whom does it imitate, and by which trick? Pure: no clock, no file, no network; some
 * microseconds. What it says is a likelihood of deceit, not of malice: a name of its own right may look like another.
 *
 * The score, 0 to 1, is the trick's own weight, and more or less by reasons that can be named: who is imitated, how long the name is
 * (short names meet by chance), whether it reads worse than the original (domains/letters.h), the suffix (data/suffixes), the
 * theme beside it (data/themes). docs/decisions/0021 has the reasoning and what was measured.
 */
#pragma once

#include <stdbool.h>

#include "domains/plausibility.h"
#include "domains/protected.h"
#include "names/name.h"

/* name, word, French, English: how it is done, within "… imite X : …" */
#define LOOKALIKE_CLASSES(X)                                                                                 \
        X(HOMOGLYPH, "homoglyph", "des lettres en remplacent d’autres qui leur ressemblent",                 \
          "letters stand in for others that look like them")                                                 \
        X(PUNYCODE, "punycode", "des lettres d’un autre alphabet ressemblent aux siennes",                   \
          "letters of another alphabet look like its own")                                                   \
        X(KEYBOARD, "keyboard", "une lettre est remplacée par sa voisine au clavier",                        \
          "a letter is replaced by its neighbour on the keyboard")                                           \
        X(BITFLIP, "bitflip", "une lettre diffère d’un seul bit", "a letter differs in a single bit")        \
        X(VOWEL, "vowel-swap", "une voyelle en remplace une autre", "a vowel replaces another")              \
        X(REPLACEMENT, "replacement", "une lettre en remplace une autre", "a letter replaces another")       \
        X(OMISSION, "omission", "il manque une lettre", "a letter is missing")                               \
        X(REPETITION, "repetition", "une lettre est doublée", "a letter is doubled")                         \
        X(PLURAL, "plural", "un pluriel est ajouté", "a plural is added")                                    \
        X(INSERTION, "insertion", "une lettre est ajoutée", "a letter is added")                             \
        X(TRANSPOSITION, "transposition", "deux lettres sont inversées", "two letters are swapped")          \
        X(SEPARATOR, "separator", "un tiret ou un point est ajouté ou retiré",                               \
          "a hyphen or a dot is added or removed")                                                           \
        X(TLD, "tld-swap", "le même nom sous une autre terminaison", "the same name under another suffix")   \
        X(SUBDOMAIN, "deceptive-subdomain", "le vrai nom est placé devant celui de quelqu’un d’autre",       \
          "the real name stands in front of somebody else’s")                                                \
        X(COMBOSQUAT, "combosquat", "le vrai nom est entouré d’autres mots",                                 \
          "the real name stands among other words")                                                          \
        X(THEME, "theme", "le nom porte un mot souvent utilisé comme appât",                                 \
          "the name holds a word often used as bait")
#define LOOKALIKE_ENUM(name, word, fr, en) LOOKALIKE_##name,
enum lookalike_class { LOOKALIKE_CLASSES(LOOKALIKE_ENUM) LOOKALIKE_CLASS_COUNT };

struct lookalike_context {
        const struct protected *set;
        const struct fold *fold;
        const struct suffixes *suffixes;
        const struct plausibility *plausibility;
        bool absent; /* as if whoever the suspect belongs to were in no list: for measuring */
};

/* What it points to lives as long as the protected set. */
struct lookalike {
        enum lookalike_class class;
        double score;
        const char *imitates;      /* a name; NULL of a theme alone */
        const struct brand *brand; /* whose it is; NULL: own or a public body's */
        const struct theme *theme; /* the strongest beside it; or NULL */
        bool own;                  /* an own name is imitated */
};

/*
 * False: it imitates nobody that is protected, or is protected itself, or below such a name, or a public suffix.
 * `name`: canonical.
 */
bool lookalike_find(const struct lookalike_context *context, const struct name *name,
                    struct lookalike *ret_lookalike);

const char *lookalike_class_word(enum lookalike_class class);

/* "« arneli.fr » imite l’Assurance maladie (ameli.fr) : …". Each has 1024 bytes; without a full stop. */
#define LOOKALIKE_SENTENCE_SIZE 1024
void lookalike_say(const struct lookalike *lookalike, const struct name *name,
                   char ret_fr[static LOOKALIKE_SENTENCE_SIZE], char ret_en[static LOOKALIKE_SENTENCE_SIZE]);
