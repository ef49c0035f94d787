/* SPDX-License-Identifier: EUPL-1.2 */
/* The keys of the group "domains": names, lists of them, what they are answered with, who asked for them. */
#include <string.h>

#include "base/cleanup.h"
#include "service/config_schema.h"

#define FORMAT_ROW(name, word) {word, CONFIG_LIST_##name},
#define TRUST_ROW(name, word)  {word, CONFIG_TRUST_##name},
#define ANSWER_ROW(name, word) {word, CONFIG_NAME_ANSWER_##name},
#define NO_YES_ROW(name, word) {word, CONFIG_##name},
#define TLP_ROW(name, word)    {word, CONFIG_TLP_##name},

static const cyaml_strval_t format_words[] = {CONFIG_LIST_FORMATS(FORMAT_ROW)};
static const cyaml_strval_t trust_words[] = {CONFIG_LIST_TRUSTS(TRUST_ROW)};
static const cyaml_strval_t answer_words[] = {CONFIG_NAME_ANSWERS(ANSWER_ROW)};
static const cyaml_strval_t no_yes_words[] = {CONFIG_ANSWERS_NO_YES(NO_YES_ROW)};
static const cyaml_strval_t tlp_words[] = {CONFIG_TLPS(TLP_ROW)};

const char *config_list_format_word(enum config_list_format format)
{
        return format_words[format].str;
}

const char *config_list_trust_word(enum config_list_trust trust)
{
        return trust_words[trust].str;
}

const char *config_name_answer_word(enum config_name_answer answer)
{
        return answer_words[answer].str;
}

/* ---- checks ---- */

/* At least two parts, as people write them; names/name.h has the last word, and so has `garde check`. */
static bool check_domain(const char *text)
{
        return config_is_host(text) && strchr(text, '.') && text[strlen(text) - 1] != '.' &&
               !strstr(text, "..");
}

/* Lists come over a line that nobody changes on the way, or lie here. */
static bool check_list_address(const char *text)
{
        struct config_address address;

        if (!strncmp(text, "file:///", 8))
                return config_is_path(text + 7);
        if (strpbrk(text, " \"<>\\^`{|}") || config_target_parse(text, &address))
                return false;
        return !strcmp(address.scheme, "https") ||
               (!strcmp(address.scheme, "http") && config_is_loopback(address.host));
}

static bool check_list_proxy(const char *text)
{
        struct config_address address;

        return !config_target_parse(text, &address) && address.port && !strncmp(address.scheme, "http", 4);
}

static bool is_address_of(const char *text, int family)
{
        struct addr addr;

        return !strchr(text, '/') && !addr_parse(text, &addr) && addr.family == family;
}

static bool check_ipv4(const char *text)
{
        return is_address_of(text, 4);
}

static bool check_ipv6(const char *text)
{
        return is_address_of(text, 6);
}

/* ---- the keys ---- */

#define EXPECT_DOMAIN                                                                                        \
        .check = check_domain, .expected = BOTH("un nom de domaine tel que hopital.example",                 \
                                                "a domain name such as hospital.example")
#define LIST(member) OF(struct config_list, member)
static const struct config_key list_keys[] = {
        {"name", CONFIG_TEXT, .required = true, LIST(name), .check = config_is_word,
         .expected = BOTH("un nom court de minuscules, chiffres et tirets",
                          "a short name of small letters, digits and dashes"),
         .help = BOTH("nom de la liste, unique ; il est dit à qui demande pourquoi un nom est bloqué",
                      "name of the list, unique; told to whoever asks why a name is blocked")},
        {"address", CONFIG_TEXT, .required = true, LIST(address), .check = check_list_address,
         .expected = BOTH("file:///chemin, https://machine/chemin, ou http:// vers cette machine",
                          "file:///path, https://host/path, or http:// to this machine"),
         .help = BOTH("où la liste se prend ; d'un flux MISP le dossier qui contient manifest.json, d'une "
                      "collection TAXII son adresse",
                      "where the list is had; of a MISP feed the folder with manifest.json, of a TAXII "
                      "collection its address")},
        {"format", WORDS(format_words), LIST(format), .fallback = "plain",
         .help = BOTH("comment elle est écrite", "how it is written")},
        {"column", CONFIG_TEXT, LIST(column),
         .help = BOTH("csv : tête ou numéro de la colonne des noms ; sans cette clé, elle est reconnue",
                      "csv: head or number of the column with the names; recognised without this key")},
        {"why_column", CONFIG_TEXT, LIST(why_column),
         .help = BOTH("csv : colonne qui dit pourquoi un nom y figure",
                      "csv: column that says why a name stands there")},
        {"trust", WORDS(trust_words), LIST(trust), .fallback = "watch",
         .help = BOTH(
                 "block : ses noms ne répondent plus ; watch : qui les demande est signalé ; allow : ils ne "
                 "sont jamais bloqués",
                 "block: its names are not answered any more; watch: whoever asks for them is told of; "
                 "allow: they are never blocked")},
        {"below", WORDS(no_yes_words), LIST(below), .fallback = "no",
         .help = BOTH("yes : chacun de ses noms vaut aussi pour tous ceux qui sont au-dessous de lui",
                      "yes: each of its names means all below it, too")},
        {"tlp", WORDS(tlp_words), LIST(tlp), .fallback = "amber",
         .help = BOTH(
                 "à qui ses noms peuvent être montrés (TLP 2.0) ; les exports n'en contiennent pas de plus "
                 "réservés que green",
                 "to whom its names may be shown (TLP 2.0); exports hold none more reserved than green")},
        {"every_minutes", CONFIG_NUMBER, LIST(every_minutes), .min = 1, .max = 43200, .fallback = "60",
         .help = BOTH("elle est redemandée après tant de minutes", "asked for again after so many minutes")},
        {"max_age_hours", CONFIG_NUMBER, LIST(max_age_hours), .min = 0, .max = 87600, .fallback = "0",
         .help = BOTH("sans nouvelles depuis plus d'heures que cela, elle ne compte plus ; 0 : toujours",
                      "not heard of for more hours than this it does not count any more; 0: for ever")},
        {"names_min", CONFIG_NUMBER, LIST(names_min), .min = 0, .max = 64000000, .fallback = "1",
         .help = BOTH("une version de moins de noms attend une personne",
                      "a version of fewer names waits for a person")},
        {"names_max", CONFIG_NUMBER, LIST(names_max), .min = 1, .max = 64000000, .fallback = "12000000",
         .help = BOTH("une version de plus de noms est refusée", "a version of more names is refused")},
        {"change_percent", CONFIG_NUMBER, LIST(change_percent), .min = 1, .max = 10000, .fallback = "50",
         .help = BOTH("une version qui grandit ou rétrécit de plus que cela attend une personne",
                      "a version that grows or shrinks by more waits for a person")},
        {"megabytes_max", CONFIG_NUMBER, LIST(megabytes_max), .min = 1, .max = 4096, .fallback = "512",
         .help = BOTH("au-delà, elle n'est pas lue", "beyond, it is not read")},
        {"seconds_max", CONFIG_NUMBER, LIST(seconds_max), .min = 1, .max = 3600, .fallback = "300",
         .help = BOTH("au-delà, le téléchargement est abandonné", "beyond, fetching it is given up")},
        {"ca", CONFIG_TEXT, LIST(ca), EXPECT_PATH,
         .help = BOTH("autorités qui signent le certificat de sa machine, en PEM ; sans cette clé, celles du "
                      "système",
                      "authorities that sign its host's certificate, in PEM; without this key the system's")},
        {"proxy", CONFIG_TEXT, LIST(proxy), .check = check_list_proxy,
         .expected = BOTH("un mandataire tel que http://proxy.hopital.example:3128",
                          "a proxy such as http://proxy.hospital.example:3128"),
         .help = BOTH("mandataire par où la prendre", "proxy through which to have it")},
        {"secret", CONFIG_TEXT, LIST(secret), EXPECT_PATH,
         .help = BOTH("fichier d'une ligne, « bearer JETON », « basic NOM:MOTDEPASSE » ou « key CLE » (MISP) "
                      "; mode "
                      "0600, de l'utilisateur de garde-domains",
                      "file of one line, \"bearer TOKEN\", \"basic NAME:PASSWORD\" or \"key KEY\" (MISP); "
                      "mode 0600, "
                      "of garde-domains' user")},
        {0}};

#define DOMAINS(member) AT(struct config, domains, member)
#define LISTED(member, counter)                                                                              \
        .offset = offsetof(struct config, domains.member) - offsetof(struct config, domains),                \
        .size = sizeof(((struct config *)0)->domains.member[0]),                                             \
        .count_offset = offsetof(struct config, domains.counter) - offsetof(struct config, domains),         \
        .min = 1
#define GARDEN(member) AT(struct config, domains.garden, member)
static const struct config_key garden_keys[] = {
        {"ipv4", CONFIG_TEXT, GARDEN(ipv4), .check = check_ipv4,
         .expected = BOTH("une adresse IPv4", "an IPv4 address"),
         .help = BOTH("adresse IPv4 donnée pour un nom bloqué", "IPv4 address given for a blocked name")},
        {"ipv6", CONFIG_TEXT, GARDEN(ipv6), .check = check_ipv6,
         .expected = BOTH("une adresse IPv6", "an IPv6 address"),
         .help = BOTH("adresse IPv6 donnée pour un nom bloqué", "IPv6 address given for a blocked name")},
        {0}};

#define RPZ(member) AT(struct config, domains.rpz, member)
static const struct config_key rpz_keys[] = {
        {"zone", CONFIG_TEXT, RPZ(zone), .fallback = "rpz.garde.internal", EXPECT_DOMAIN,
         .help = BOTH("nom de la zone de politique de réponse (RPZ)",
                      "name of the response policy zone (RPZ)")},
        {"file", CONFIG_TEXT, RPZ(file), EXPECT_PATH,
         .help = BOTH("fichier de zone, récrit à chaque changement, pour Unbound, BIND, Knot Resolver ou "
                      "PowerDNS ; sans cette clé, aucun",
                      "zone file, written anew at each change, for Unbound, BIND, Knot Resolver or PowerDNS; "
                      "none without this key")},
        {"hook", CONFIG_TEXT, RPZ(hook), EXPECT_PATH,
         .help = BOTH("programme lancé ensuite, sans argument, pour que le résolveur la relise",
                      "program run afterwards, without argument, so that the resolver reads it again")},
        {0}};

const struct config_key config_domains_keys[] = {
        {"own", CONFIG_TEXTS, LISTED(own, own_count), .max = CONFIG_OWN_NAMES_MAX, EXPECT_DOMAIN,
         .help = BOTH("noms de la structure : jamais bloqués, et guettés quand d'autres les imitent",
                      "the structure's names: never blocked, and watched for who imitates them")},
        {"partners", CONFIG_TEXTS, LISTED(partners, partner_count), .max = CONFIG_OWN_NAMES_MAX,
         EXPECT_DOMAIN,
         .help = BOTH("noms de partenaires : jamais bloqués", "partners' names: never blocked")},
        {"allowed", CONFIG_TEXTS, LISTED(allowed, allowed_count), .max = CONFIG_NAME_FILES_MAX, EXPECT_PATH,
         .help = BOTH(
                 "fichiers de noms jamais bloqués, un par ligne (les sites les plus visités, par exemple)",
                 "files of names never blocked, one a line (the most visited sites, for example)")},
        {"bodies", CONFIG_TEXT, DOMAINS(bodies), EXPECT_PATH,
         .help = BOTH("fichier de noms d'organismes publics, un par ligne, que d'autres imitent",
                      "file of public bodies' names, one a line, which others imitate")},
        {"suffixes", CONFIG_TEXT, DOMAINS(suffixes),
         .fallback = "/usr/share/publicsuffix/public_suffix_list.dat", EXPECT_PATH,
         .help = BOTH("liste des suffixes publics (paquet publicsuffix)",
                      "the public suffix list (package publicsuffix)")},
        {"lists", CONFIG_GROUPS, LISTED(lists, list_count), .max = CONFIG_LISTS_MAX, .children = list_keys,
         .help = BOTH("listes de noms", "lists of names")},
        {"answer", WORDS(answer_words), DOMAINS(answer), .fallback = "nxdomain",
         .help = BOTH(
                 "ce que reçoit qui demande un nom bloqué : nxdomain, l'adresse de la page qui explique "
                 "(garden), rien (drop), ou la réponse ordinaire (watch)",
                 "what whoever asks for a blocked name gets: nxdomain, the address of the page that explains "
                 "(garden), nothing (drop), or the ordinary answer (watch)")},
        {"garden", CONFIG_GROUP, DOMAINS(garden), .children = garden_keys,
         .help = BOTH("où mène un nom bloqué, avec answer: garden",
                      "where a blocked name leads to, with answer: garden")},
        {"rpz", CONFIG_GROUP, DOMAINS(rpz), .children = rpz_keys,
         .help = BOTH("les noms bloqués, pour un résolveur", "the blocked names, for a resolver")},
        {0}};
