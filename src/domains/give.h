/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * give: the blocked names in the forms that other programs read. Names are canonical, so there is nothing in them that any of these forms
 * would take for more than a name.
 *
 *      plain     a name a line; "*." in front where all below is meant, too
 *      hosts     hosts(5): 0.0.0.0 name; knows no "all below"
 *      dnsmasq   address=/name/ (all below always)
 *      squid     dstdomain file: name, or .name with all below
 *      postfix   access(5) map: name REJECT; all below with parent_domain_matches_subdomains
 *      rpz       zone file of a response policy zone (draft-vixie-dnsop-dns-rpz)
 *      misp      a MISP event with one attribute "domain" a name
 */
#pragma once

#include <stdio.h>

#include "domains/lists.h"

#define GIVE_FORMS(X)                                                                                        \
        X(PLAIN, "plain")                                                                                    \
        X(HOSTS, "hosts")                                                                                    \
        X(DNSMASQ, "dnsmasq") X(SQUID, "squid") X(POSTFIX, "postfix") X(RPZ, "rpz") X(MISP, "misp")
#define GIVE_ENUM(name, word) GIVE_##name,
enum give_form { GIVE_FORMS(GIVE_ENUM) GIVE_FORM_COUNT };

struct give_options {
        enum give_form form;
        bool all;         /* those too that are more reserved than TLP:GREEN: for this house alone */
        const char *zone; /* rpz */
        enum config_name_answer answer; /* rpz */
        const char *ipv4, *ipv6;        /* rpz, answer garden; "" none */
        const char *structure;          /* misp: who says so */
};

int give_form_parse(const char *word, enum give_form *ret_form);
const char *give_form_word(enum give_form form);

/* 0 with the number of names; -EIO when `out` fails. What is left out as too reserved is counted as well. */
int give_write(FILE *out, const struct lists *lists, const struct give_options *options, uint64_t *ret_names,
               uint64_t *ret_reserved, struct error *error);
