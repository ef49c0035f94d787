/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * name: a domain name in the one form in which everything compares it. Lower case ASCII, IDNs as A-labels
 * (IDNA 2008 with UTS 46 mapping, non-transitional), no dot at the end, labels of 1 to 63 octets, 253 in all (RFC 1035, 2.3.4).
 * Underscores are let through: they stand in real queries and lists. "*." in front of a name is not part of it. A hyphen at an end of a
 * label is refused in the last two alone: nobody can register those, but below them such names resolve, phishers' included.
 * What IDNA 2008 has no room for (emoji) is refused as letters and let through as an A-label, since such names resolve as well.
 *
 * name_parse() takes a name as programs write it, and is fast: letters are lowered, nothing else is touched but what is not ASCII.
 * name_clean() takes what people, feeds and mails write: defanged ("hxxp://evil[.]example", "evil(dot)example", "evil . example"),
 * a URL, an address of mail, host:port, quotes, BOM, CR, upper case, a dot at the end, "*." and "||…^". Whatever is unusable
 * is refused by name, never guessed at.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define NAME_LENGTH_MAX 253
#define NAME_LABELS_MAX 127
#define NAME_DIRTY_MAX  4096 /* octets that name_clean() looks at; longer is refused */

/* Why a text is no name. A positive return; 0 is a name. */
#define NAME_REFUSALS(X)                                                                                     \
        X(EMPTY, "empty", "vide", "nothing there")                                                           \
        X(TOO_LONG, "too-long", "plus de 253 caractères", "longer than 253 characters")                      \
        X(LABEL_EMPTY, "label-empty", "deux points de suite", "two dots in a row")                           \
        X(LABEL_TOO_LONG, "label-too-long", "une partie de plus de 63 caractères",                           \
          "a part longer than 63 characters")                                                                \
        X(CHARACTER, "character", "un caractère qui ne peut pas être dans un nom",                           \
          "a character that no name can hold")                                                               \
        X(HYPHEN, "hyphen", "un tiret au début ou à la fin d’une partie",                                    \
          "a hyphen at the start or end of a part")                                                          \
        X(IDN, "idn", "un nom international mal formé", "a malformed international name")                    \
        X(ADDRESS, "address", "une adresse IP, pas un nom", "an IP address, not a name")                     \
        X(SINGLE, "single-label", "un seul mot sans point", "a single word without a dot")                   \
        X(WILDCARD, "wildcard", "un astérisque ailleurs qu’au début",                                        \
          "an asterisk elsewhere than at the start")                                                         \
        X(WIRE, "wire", "un nom coupé ou compressé dans un paquet",                                          \
          "a name cut off or compressed in a packet")

#define NAME_REFUSAL_ENUM(name, word, fr, en) NAME_REFUSED_##name,
enum name_refusal { NAME_USABLE = 0, NAME_REFUSALS(NAME_REFUSAL_ENUM) NAME_REFUSAL_COUNT };

struct name {
        uint8_t length; /* of text, without the zero */
        uint8_t labels;
        char text[NAME_LENGTH_MAX + 1]; /* zero at the end */
};

/*
 * 0 or enum name_refusal; *ret_name is untouched then. A single label is a name here ("localhost", "com"), and so is what
 * looks like an address ("192.0.2.1"): queries hold both. One dot at the end is left out.
 */
int name_parse(const char *text, size_t length, struct name *ret_name);
/*
 * The same for dirty input; a single label and an address are refused. *ret_wildcard: "*." or "." or "||" stood in front, so
 * what is below is meant, too. What follows the name in a URL or rule ("/path", "^$third-party") is left out; an exception
 * ("@@||…") says the contrary of a listing and is refused.
 */
int name_clean(const char *text, size_t length, struct name *ret_name, bool *ret_wildcard);

const char *name_refusal_word(int refusal); /* "label-too-long"; "usable" for 0 */
const char *name_refusal_fr(int refusal);
const char *name_refusal_en(int refusal);

/* The name without its first label; NULL behind the last. "a.b.c" -> "b.c" -> "c" -> NULL. Points into `text`. */
const char *name_parent(const char *text);

/* Whether `text` is `above` or below it. Both in canonical form. */
bool name_is_within(const char *text, const char *above);

/* For people: A-labels as the letters they stand for when these are those of French and its neighbours; else as they are. */
#define NAME_SHOWN_SIZE 1024
void name_show(const struct name *name, char ret_shown[static NAME_SHOWN_SIZE]);

/*
 * Wire form of a query (RFC 1035, 3.1), uncompressed, ended by the root label. Octets used, or enum name_refusal negated. Labels of
 * other octets than a name's (tunnels use them) are refused here; set_find_wire() looks such names up as they are.
 */
#define NAME_WIRE_MAX 255
int name_to_wire(const struct name *name, uint8_t ret_wire[static NAME_WIRE_MAX]);
int name_from_wire(const uint8_t *wire, size_t length, struct name *ret_name);
