/* SPDX-License-Identifier: EUPL-1.2 */
/* The keys below "domains". */
#include <string.h>

#include "base/cleanup.h"
#include "service/config_schema.h"

#define FORMAT(name, word)    {word, (int64_t)CONFIG_LIST_##name},
#define TRUST(name, word)     {word, (int64_t)CONFIG_TRUST_##name},
#define TLP(name, word)       {word, (int64_t)CONFIG_TLP_##name},
#define ANSWER(name, word)    {word, (int64_t)CONFIG_NAME_ANSWER_##name},
#define LOOKALIKE(name, word) {word, (int64_t)CONFIG_LOOKALIKES_##name},
#define NO_YES(name, word)    {word, (int64_t)CONFIG_##name},
static const cyaml_strval_t format_words[] = {CONFIG_LIST_FORMATS(FORMAT)};
static const cyaml_strval_t trust_words[] = {CONFIG_LIST_TRUSTS(TRUST)};
static const cyaml_strval_t tlp_words[] = {CONFIG_TLPS(TLP)};
static const cyaml_strval_t answer_words[] = {CONFIG_NAME_ANSWERS(ANSWER)};
static const cyaml_strval_t lookalike_words[] = {CONFIG_LOOKALIKES(LOOKALIKE)};
static const cyaml_strval_t no_yes_words[] = {CONFIG_ANSWERS_NO_YES(NO_YES)};

/* ---- checks ---- */

static bool check_list_address(const char *text)
{
        struct config_address address;

        if (!strncmp(text, "file://", 7))
                return config_is_path(text + 7);
        return !strncmp(text, "https://", 8) && config_target_parse(text, &address) == 0;
}

static bool check_proxy(const char *text)
{
        struct config_address address;

        return !strncmp(text, "http://", 7) && !strpbrk(text, " @") &&
               config_target_parse(text, &address) == 0;
}

static bool check_listen(const char *text)
{
        struct addr addr;
        uint16_t port;

        return config_listen_parse(text, &addr, &port) == 0;
}

static bool check_family(const char *text, int family)
{
        struct addr addr;

        return !strchr(text, '/') && addr_parse(text, &addr) == 0 && addr.family == family;
}

static bool check_ipv4(const char *text)
{
        return check_family(text, 4);
}

static bool check_ipv6(const char *text)
{
        return check_family(text, 6);
}

static bool check_net(const char *text)
{
        struct addr addr;

        return addr_parse(text, &addr) == 0;
}

#define EXPECT_LISTEN                                                                                        \
        .check = check_listen, .expected = BOTH("une adresse et un port tels que 127.0.0.1:8053",            \
                                                "an address and a port such as 127.0.0.1:8053")
#define EXPECT_HOST .check = config_is_host, .expected = BOTH("un nom de domaine", "a domain name")

/* ---- lists ---- */

static const struct config_key list_keys[] = {
        {"name", CONFIG_TEXT, .required = true, OF(struct config_list, name), .check = config_is_word,
         .expected =
                 BOTH("des lettres minuscules, chiffres et tirets", "lower-case letters, digits and hyphens"),
         .help = BOTH("nom de la liste, unique", "name of the list, unique")},
        {"address", CONFIG_TEXT, .required = true, OF(struct config_list, address),
         .check = check_list_address,
         .expected = BOTH("une adresse https://… ou file:///chemin", "an address https://… or file:///path"),
         .help = BOTH(
                 "d'où elle vient ; d'une collection TAXII 2.1, son adresse ; d'un flux MISP, son dossier",
                 "where it comes from; of a TAXII 2.1 collection its address; of a MISP feed its folder")},
        {"format", WORDS(format_words), .required = true, OF(struct config_list, format),
         .help = BOTH("comment elle est écrite", "how it is written")},
        {"column", CONFIG_TEXT, OF(struct config_list, column),
         .help = BOTH("csv : titre ou numéro de la colonne des noms ; sans cette clé, elle est devinée",
                      "csv: head or number of the column of names; guessed without this key")},
        {"why_column", CONFIG_TEXT, OF(struct config_list, why_column),
         .help = BOTH("csv : colonne qui dit pourquoi", "csv: column that says why")},
        {"trust", WORDS(trust_words), OF(struct config_list, trust), .fallback = "watch",
         .help = BOTH(
                 "block : ce qu'elle nomme est bloqué ; watch : signalé seulement ; allow : jamais bloqué",
                 "block: what it names is blocked; watch: only told; allow: never blocked")},
        {"tlp", WORDS(tlp_words), OF(struct config_list, tlp), .fallback = "amber",
         .help = BOTH("jusqu'où ce qu'elle dit peut aller (TLP 2.0)",
                      "how far what it says may go (TLP 2.0)")},
        {"every_minutes", CONFIG_NUMBER, OF(struct config_list, every_minutes), .min = 1, .max = 10080,
         .fallback = "15",
         .help = BOTH("demandée toutes les tant de minutes ; un fichier local est lu dès qu'il change",
                      "asked for every so many minutes; a local file is read as soon as it changes")},
        {"max_age_hours", CONFIG_NUMBER, OF(struct config_list, max_age_hours), .min = 0, .max = 87600,
         .fallback = "168",
         .help = BOTH("sans nouvelles depuis tant d'heures, elle ne compte plus ; 0 : compte toujours",
                      "not heard of for so many hours it does not count any more; 0: counts always")},
        {"names_min", CONFIG_NUMBER, OF(struct config_list, names_min), .min = 1, .max = 67108864,
         .fallback = "1",
         .help = BOTH("avec moins de noms, une version est retenue",
                      "a version with fewer names is held back")},
        {"names_max", CONFIG_NUMBER, OF(struct config_list, names_max), .min = 1, .max = 67108864,
         .fallback = "2000000",
         .help = BOTH("avec plus de noms, une version est refusée", "a version with more names is refused")},
        {"change_percent", CONFIG_NUMBER, OF(struct config_list, change_percent), .min = 0, .max = 1000000,
         .fallback = "50",
         .help = BOTH("une version qui change de taille de plus est retenue pour une personne ; 0 : jamais",
                      "a version whose size changes by more is held back for a person; 0: never")},
        {"megabytes_max", CONFIG_NUMBER, OF(struct config_list, megabytes_max), .min = 1, .max = 4096,
         .fallback = "128", .help = BOTH("taille la plus grande, en Mo", "greatest size, in MB")},
        {"seconds_max", CONFIG_NUMBER, OF(struct config_list, seconds_max), .min = 1, .max = 3600,
         .fallback = "120",
         .help = BOTH("temps le plus long pour la recevoir, en secondes",
                      "longest time to receive it, in seconds")},
        {"ca", CONFIG_TEXT, OF(struct config_list, ca), EXPECT_PATH,
         .help = BOTH(
                 "autorités qui signent le certificat de la source, en PEM ; sans cette clé, celles du "
                 "système",
                 "authorities that sign the source's certificate, in PEM; without this key the system's")},
        {"proxy", CONFIG_TEXT, OF(struct config_list, proxy), .check = check_proxy,
         .expected = BOTH("une adresse http://hôte:port", "an address http://host:port"),
         .help = BOTH("mandataire par lequel passer", "proxy to go through")},
        {"secret", CONFIG_TEXT, OF(struct config_list, secret), EXPECT_PATH,
         .help = BOTH("fichier de mode 0600 avec « utilisateur:mot de passe » ou un jeton",
                      "file of mode 0600 with “user:password” or a token")},
        {0}};

/* ---- the rest ---- */

#define DOMAINS(member) AT(struct config, domains, member)
#define DOMAINS_ITEMS(member, counter)                                                                       \
        .offset = offsetof(struct config, domains.member) - offsetof(struct config, domains),                \
        .size = sizeof(((struct config *)0)->domains.member[0]),                                             \
        .count_offset = offsetof(struct config, domains.counter) - offsetof(struct config, domains)

#define GARDEN(member) AT(struct config, domains.garden, member)
static const struct config_key garden_keys[] = {
        {"ipv4", CONFIG_TEXT, GARDEN(ipv4), .check = check_ipv4,
         .expected = BOTH("une adresse IPv4", "an IPv4 address"),
         .help = BOTH("adresse IPv4 de la page qui explique", "IPv4 address of the page that explains")},
        {"ipv6", CONFIG_TEXT, GARDEN(ipv6), .check = check_ipv6,
         .expected = BOTH("une adresse IPv6", "an IPv6 address"),
         .help = BOTH("adresse IPv6 de la page qui explique", "IPv6 address of the page that explains")},
        {"listen", CONFIG_TEXT, GARDEN(listen), EXPECT_LISTEN,
         .help = BOTH("où garde-domains sert cette page, en HTTP",
                      "where garde-domains serves that page, by HTTP")},
        {0}};

#define RPZ(member) AT(struct config, domains.rpz, member)
static const struct config_key rpz_keys[] = {
        {"zone", CONFIG_TEXT, RPZ(zone), .fallback = "rpz.garde.internal", EXPECT_HOST,
         .help = BOTH("nom de la zone de réponse (RPZ)", "name of the response policy zone (RPZ)")},
        {"listen", CONFIG_TEXT, RPZ(listen), EXPECT_LISTEN,
         .help = BOTH("où la zone est donnée par HTTP, pour « rpz: url » d'Unbound",
                      "where the zone is given by HTTP, for Unbound's “rpz: url”")},
        {"hook", CONFIG_TEXT, RPZ(hook), EXPECT_PATH,
         .help = BOTH("programme lancé quand la zone a changé, sans argument",
                      "program that is run when the zone has changed, without arguments")},
        {0}};

#define SEEN(member) AT(struct config, domains.seen, member)
static const struct config_key seen_keys[] = {
        {"socket", CONFIG_TEXT, SEEN(socket), EXPECT_PATH,
         .help = BOTH("socket Unix où le résolveur envoie dnstap",
                      "Unix socket to which the resolver sends dnstap")},
        {"listen", CONFIG_TEXT, SEEN(listen), EXPECT_LISTEN,
         .help = BOTH("adresse et port où un résolveur envoie dnstap par TCP",
                      "address and port to which a resolver sends dnstap by TCP")},
        {"logs", CONFIG_TEXTS,
         .offset = offsetof(struct config, domains.seen.logs) - offsetof(struct config, domains.seen),
         .size = CONFIG_PATH_SIZE,
         .count_offset =
                 offsetof(struct config, domains.seen.log_count) - offsetof(struct config, domains.seen),
         .min = 1, .max = CONFIG_NAME_FILES_MAX, .check = config_is_path,
         .expected = BOTH("un chemin absolu", "an absolute path"),
         .help = BOTH("journaux d'accès de mandataires web (Squid, W3C) qui sont suivis",
                      "access logs of web proxies (Squid, W3C) that are followed")},
        {"days", CONFIG_NUMBER, SEEN(days), .min = 0, .max = 400, .fallback = "30",
         .help = BOTH("jours pendant lesquels on garde qui a demandé quel nom ; 0 : pas du tout",
                      "days for which it is kept who asked for which name; 0: not at all")},
        {0}};

static const struct config_key group_keys[] = {
        {"name", CONFIG_TEXT, .required = true, OF(struct config_client_group, name), .check = config_is_word,
         .expected =
                 BOTH("des lettres minuscules, chiffres et tirets", "lower-case letters, digits and hyphens"),
         .help = BOTH("nom du groupe, unique", "name of the group, unique")},
        {"addresses", CONFIG_TEXTS, .required = true,
         ITEMS(struct config_client_group, address_texts, address_count), .min = 1,
         .max = CONFIG_ADDRESSES_MAX, .check = check_net,
         .expected = BOTH("une adresse ou un préfixe", "an address or a prefix"),
         .help = BOTH("adresses de ces clients", "addresses of these clients")},
        {"answer", WORDS(answer_words), .required = true, OF(struct config_client_group, answer),
         .help = BOTH("ce qui est répondu à ces clients", "what these clients are answered")},
        {0}};

#define WIRE(member) AT(struct config, domains.wire, member)
static const struct config_key wire_keys[] = {
        {"filter", WORDS(no_yes_words), WIRE(filter), .fallback = "no",
         .help = BOTH(
                 "yes : garde-edge répond lui-même aux questions sur des noms bloqués, devant tout résolveur",
                 "yes: garde-edge itself answers queries for blocked names, in front of any resolver")},
        {"groups", CONFIG_GROUPS,
         .offset = offsetof(struct config, domains.wire.groups) - offsetof(struct config, domains.wire),
         .size = sizeof(struct config_client_group),
         .count_offset =
                 offsetof(struct config, domains.wire.group_count) - offsetof(struct config, domains.wire),
         .min = 1, .max = CONFIG_CLIENT_GROUPS_MAX, .children = group_keys,
         .help = BOTH("clients auxquels il est répondu autrement", "clients who are answered otherwise")},
        {0}};

const struct config_key config_domains_keys[] = {
        {"own", CONFIG_TEXTS, DOMAINS_ITEMS(own, own_count), .min = 1, .max = CONFIG_OWN_NAMES_MAX,
         EXPECT_HOST,
         .help = BOTH("noms de la structure : jamais bloqués, et gardés contre les sosies",
                      "the structure's own names: never blocked, and guarded against lookalikes")},
        {"partners", CONFIG_TEXTS, DOMAINS_ITEMS(partners, partner_count), .min = 1,
         .max = CONFIG_OWN_NAMES_MAX, EXPECT_HOST,
         .help = BOTH("noms des partenaires : de même", "partners' names: likewise")},
        {"allowed", CONFIG_TEXTS, DOMAINS_ITEMS(allowed, allowed_count), .min = 1,
         .max = CONFIG_NAME_FILES_MAX, .check = config_is_path,
         .expected = BOTH("un chemin absolu", "an absolute path"),
         .help = BOTH("fichiers de noms jamais bloqués, un par ligne (sites très visités, fournisseurs)",
                      "files of names that are never blocked, one a line (top sites, suppliers)")},
        {"protected", CONFIG_TEXTS, DOMAINS_ITEMS(protected, protected_count), .min = 1,
         .max = CONFIG_NAME_FILES_MAX, .check = config_is_path,
         .expected = BOTH("un chemin absolu", "an absolute path"),
         .help = BOTH("fichiers de noms que l'on imite (organismes publics), un par ligne",
                      "files of names that get imitated (public bodies), one a line")},
        {"suffixes", CONFIG_TEXT, DOMAINS(suffixes),
         .fallback = "/usr/share/publicsuffix/public_suffix_list.dafsa", EXPECT_PATH,
         .help = BOTH("la liste des suffixes publics (paquet publicsuffix)",
                      "the public suffix list (package publicsuffix)")},
        {"lists", CONFIG_GROUPS, DOMAINS_ITEMS(lists, list_count), .min = 1, .max = CONFIG_LISTS_MAX,
         .children = list_keys, .help = BOTH("listes de noms", "lists of names")},
        {"lookalikes", WORDS(lookalike_words), DOMAINS(lookalikes), .fallback = "watch",
         .help = BOTH(
                 "sosies de noms gardés : signalés (watch), bloqués quand c'est certain (block) ou ignorés "
                 "(off)",
                 "lookalikes of guarded names: told (watch), blocked when certain (block) or ignored (off)")},
        {"answer", WORDS(answer_words), DOMAINS(answer), .fallback = "nxdomain",
         .help = BOTH("réponse pour un nom bloqué : il n'existe pas (nxdomain), la page qui explique "
                      "(garden), rien "
                      "(drop), ou la vraie, en le signalant (watch)",
                      "answer for a blocked name: it does not exist (nxdomain), the page that explains "
                      "(garden), none "
                      "(drop), or the true one, and a finding (watch)")},
        {"garden", CONFIG_GROUP, DOMAINS(garden), .children = garden_keys,
         .help = BOTH("la page qui explique", "the page that explains")},
        {"rpz", CONFIG_GROUP, DOMAINS(rpz), .children = rpz_keys,
         .help = BOTH("la zone de réponse pour les résolveurs", "the response policy zone for resolvers")},
        {"seen", CONFIG_GROUP, DOMAINS(seen), .children = seen_keys,
         .help = BOTH("voir quels noms sont demandés", "seeing which names are asked for")},
        {"wire", CONFIG_GROUP, DOMAINS(wire), .children = wire_keys,
         .help = BOTH("le filtre des questions DNS à l'entrée du réseau",
                      "the filter of DNS queries at the edge")},
        {0}};
