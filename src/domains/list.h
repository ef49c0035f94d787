/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * list: the names in one list of malicious (or watched, or harmless) names, whatever its format. A list is somebody else's file: it is read
 * as a stream, in bounded memory, by whoever holds no privilege; each entry that is no name is counted under its reason and
 * a few of them are kept to be shown, and nothing that stands in a list can make more of it than names.
 *
 *      plain     a name (or URL, or defanged name) a line; # and ; begin comments, also behind a name
 *      csv       RFC 4180, comma, semicolon or tab; the column by number or by its head ("domain"); a "why" column may be named
 *      hosts     address and names (hosts(5)); 0.0.0.0, 127.0.0.1 and ::: others are entries too, "localhost" and its like are not
 *      rpz       zone file (RFC 1035, 5) whose CNAMEs to ".", "*.", "rpz-drop." or anywhere but "rpz-passthru." are entries
 *      adblock   domain rules "||name^" with the options that still mean the whole name; exceptions "@@||name^" are counted, not taken
 *      misp      a MISP event ({"Event":…}), or a list of them: attributes domain, hostname, url, domain|ip with to_ids
 *      stix      STIX 2.1 bundle or a TAXII envelope: indicators whose pattern compares a domain name or a URL; revoked and expired ones are not
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "names/name.h"

#define LIST_FORMATS(X)                                                                                      \
        X(PLAIN, "plain")                                                                                    \
        X(CSV, "csv")                                                                                        \
        X(HOSTS, "hosts") X(RPZ, "rpz") X(ADBLOCK, "adblock") X(MISP, "misp") X(STIX, "stix")

#define LIST_FORMAT_ENUM(name, word) LIST_FORMAT_##name,
enum list_format { LIST_FORMATS(LIST_FORMAT_ENUM) LIST_FORMAT_COUNT };

#define LIST_LINE_MAX   (64 * 1024)
#define LIST_SHOWN_MAX  16  /* unusable entries kept to be shown */
#define LIST_SHOWN_SIZE 96  /* octets of each, made printable */
#define LIST_WHY_SIZE   160 /* octets of an entry's own reason */

struct list_entry {
        struct name name;
        bool below;       /* all below it is meant, too */
        const char *why;  /* what the list says of this entry; "" when nothing; borrowed, printable UTF-8 */
        int64_t until_ms; /* its own expiry (STIX valid_until); 0: none */
};

/* Why an entry was left out beside NAME_REFUSALS: the numbers go on behind them. */
#define LIST_REFUSALS(X)                                                                                     \
        X(SYNTAX, "syntax", "une ligne que ce format ne connaît pas", "a line this format does not know")    \
        X(LINE_TOO_LONG, "line-too-long", "une ligne trop longue", "a line that is too long")                \
        X(EXCEPTION, "exception", "une exception, pas une entrée", "an exception, not an entry")             \
        X(KIND, "kind", "un indicateur qui n’est pas un nom", "an indicator that is no name")                \
        X(EXPIRED, "expired", "retirée ou échue d’après sa liste", "withdrawn or expired by its own list")

#define LIST_REFUSAL_ENUM(name, word, fr, en) LIST_REFUSED_##name,
enum list_refusal {
        LIST_REFUSAL_FIRST = NAME_REFUSAL_COUNT - 1,
        LIST_REFUSALS(LIST_REFUSAL_ENUM) LIST_REFUSAL_COUNT
};

struct list_report {
        uint64_t entries;                     /* taken, doubles included */
        uint64_t refused[LIST_REFUSAL_COUNT]; /* by reason; [0] unused */
        struct {
                uint64_t line; /* 0: the format has none */
                int refusal;
                char text[LIST_SHOWN_SIZE];
        } shown[LIST_SHOWN_MAX]; /* the first ones */
        size_t shown_count;
};

struct list_options {
        enum list_format format;
        const char *
                column; /* csv: its head, or its number from 1; NULL: guessed from the head, else the first that holds names */
        const char *why_column; /* csv; NULL: none */
        int64_t now_ms;         /* for what expires */
        uint64_t entries_max;   /* more is -E2BIG */
        uint64_t bytes_max;
};

/* `take` < 0 stops the reading and is returned. */
typedef int list_take(void *context, const struct list_entry *entry);

/*
 * Reads all of `fd` from where it stands. 0; -E2BIG (entries or bytes), -EINVAL (not this format at all: broken JSON or ZIP, HTML in place of
 * a list, a NUL byte; the sentence names line and column), -EIO, what `take` returned. *ret_report is filled in either case.
 */
int list_read(int fd, const struct list_options *options, list_take *take, void *context,
              struct list_report *ret_report, struct error *error);

int list_format_parse(const char *word, enum list_format *ret_format);
const char *list_format_word(enum list_format format);
const char *list_refusal_word(int refusal);
const char *list_refusal_fr(int refusal);
const char *list_refusal_en(int refusal);
