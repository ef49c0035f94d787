/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/config_schema.h"

#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "base/cleanup.h"

#define WORD(name, word)     {word, (int64_t)CONFIG_KIND_##name},
#define LANGUAGE(name, word) {word, (int64_t)LANGUAGE_##name},
#define MODE(name, word)     {word, (int64_t)CONFIG_MODE_##name},
#define ANSWER(name, word)   {word, (int64_t)CONFIG_ANSWER_##name},
#define TLS(name, word)      {word, (int64_t)CONFIG_TLS_##name},
static const cyaml_strval_t kind_words[] = {CONFIG_KINDS(WORD)};
static const cyaml_strval_t language_words[] = {LANGUAGES(LANGUAGE)};
static const cyaml_strval_t mode_words[] = {CONFIG_MODES(MODE)};
static const cyaml_strval_t answer_words[] = {CONFIG_ANSWERS(ANSWER)};
static const cyaml_strval_t tls_words[] = {CONFIG_TLS_MODES(TLS)};
#define SECOND_FACTOR(name, word) {word, (int64_t)CONFIG_SECOND_FACTOR_##name},
static const cyaml_strval_t second_factor_words[] = {CONFIG_SECOND_FACTORS(SECOND_FACTOR)};
#define TARGET(name, word) {word, (int64_t)CONFIG_TARGET_##name},
#define TLP(name, word)    {word, (int64_t)CONFIG_TLP_##name},
#define NO_YES(name, word) {word, (int64_t)CONFIG_##name},
#define EVENT(name, word)  word,
static const cyaml_strval_t target_words[] = {CONFIG_TARGET_KINDS(TARGET)};
static const cyaml_strval_t tlp_words[] = {CONFIG_TLPS(TLP)};
static const cyaml_strval_t no_yes_words[] = {CONFIG_ANSWERS_NO_YES(NO_YES)};
static const char *const event_words[] = {CONFIG_EVENTS(EVENT)};
static const cyaml_strval_t level_words[] = {{"error", LOG_LEVEL_ERROR},
                                             {"warning", LOG_LEVEL_WARNING},
                                             {"notice", LOG_LEVEL_NOTICE},
                                             {"info", LOG_LEVEL_INFO},
                                             {"debug", LOG_LEVEL_DEBUG}};
static const cyaml_strval_t format_words[] = {{"text", LOG_FORMAT_TEXT}, {"json", LOG_FORMAT_JSON}};

/* ---- checks ---- */

static bool is_made_of(const char *text, const char *allowed)
{
        return text[strspn(text, allowed)] == '\0';
}

#define DIGITS   "0123456789"
#define LETTERS  "abcdefghijklmnopqrstuvwxyz"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

bool config_number_parse(const char *text, uint64_t *ret_number)
{
        uint64_t number = 0;

        if (!*text || strlen(text) > 18 || !is_made_of(text, DIGITS) || (text[0] == '0' && text[1]))
                return false;
        for (const char *p = text; *p; p++)
                number = number * 10 + (uint64_t)(*p - '0');
        *ret_number = number;
        return true;
}

bool config_port_parse(const char *text, struct config_port *ret_port)
{
        uint64_t port;
        uint8_t protocol;

        if (!strncmp(text, "tcp/", 4))
                protocol = IPPROTO_TCP;
        else if (!strncmp(text, "udp/", 4))
                protocol = IPPROTO_UDP;
        else
                return false;
        if (!config_number_parse(text + 4, &port) || port < 1 || port > 65535)
                return false;
        *ret_port = (struct config_port){.protocol = protocol, .port = (uint16_t)port};
        return true;
}

static bool check_port(const char *text)
{
        struct config_port port;

        return config_port_parse(text, &port);
}

bool config_is_address(const char *text)
{
        struct addr addr;

        return addr_parse(text, &addr) == 0;
}

/* Nine characters; Corsica's departments are 2A and 2B. */
static bool check_finess(const char *text)
{
        if (strlen(text) != 9 || !isdigit((unsigned char)text[0]))
                return false;
        return is_made_of(text + 2, DIGITS) &&
               (isdigit((unsigned char)text[1]) || (text[0] == '2' && (text[1] == 'A' || text[1] == 'B')));
}

static bool check_timezone(const char *text)
{
        return text[0] != '/' && !strstr(text, "..") && is_made_of(text, LETTERS CAPITALS DIGITS "/_+-");
}

static bool check_phone(const char *text)
{
        return strpbrk(text, DIGITS) && is_made_of(text, DIGITS "+ ().-");
}

static bool check_mail(const char *text)
{
        const char *at = strchr(text, '@');

        return at && at != text && at[1] && !strchr(at + 1, '@') && !strpbrk(text, " ,;<>\"");
}

bool config_is_path(const char *text)
{
        return text[0] == '/' && !strstr(text, "/../") &&
               (strlen(text) < 3 || strcmp(text + strlen(text) - 3, "/..") != 0);
}

/* A socket's address has 107 bytes; "/hub.sock" and, while it is made, a number go behind the folder. */
#define RUN_FOLDER_MAX 90

static bool check_run(const char *text)
{
        return config_is_path(text) && strlen(text) <= RUN_FOLDER_MAX;
}

static bool check_user(const char *text)
{
        uint64_t number;

        if (config_number_parse(text, &number))
                return number < UINT32_MAX;
        return !strchr(DIGITS "-", text[0]) && is_made_of(text, LETTERS CAPITALS DIGITS "_-");
}

bool config_is_interface(const char *text)
{
        return strcmp(text, ".") != 0 && strcmp(text, "..") != 0 && !strpbrk(text, "/: \t");
}

int config_listen_parse(const char *text, struct addr *ret_addr, uint16_t *ret_port)
{
        const char *colon = strrchr(text, ':');
        char host[ADDR_TEXT_SIZE] = "";
        uint64_t port;
        size_t length = colon ? (size_t)(colon - text) : 0;
        bool framed = length > 2 && text[0] == '[' && text[length - 1] == ']';
        struct addr addr;

        if (!colon || length >= sizeof(host) || !config_number_parse(colon + 1, &port) || port > UINT16_MAX)
                return -EINVAL;
        memcpy(host, text + framed, length - 2 * framed);
        if (strchr(host, '/') || addr_parse(host, &addr) || framed != (addr.family == 6))
                return -EINVAL;
        *ret_addr = addr;
        *ret_port = (uint16_t)port;
        return 0;
}

bool config_is_listen(const char *text)
{
        struct addr addr;
        uint16_t port;

        return !strcmp(text, "off") || config_listen_parse(text, &addr, &port) == 0;
}

bool config_is_host(const char *text)
{
        return text[0] != '.' && text[0] != '-' && is_made_of(text, LETTERS CAPITALS DIGITS "-.");
}

static bool check_header(const char *text)
{
        return is_made_of(text, LETTERS CAPITALS DIGITS "-");
}

static bool check_event(const char *text)
{
        for (size_t i = 0; i < ARRAY_LEN(event_words); i++)
                if (!strcmp(event_words[i], text))
                        return true;
        return false;
}

bool config_is_word(const char *text)
{
        return is_made_of(text, LETTERS DIGITS "-");
}

static bool check_enterprise(const char *text)
{
        uint64_t number;

        return config_number_parse(text, &number) && number && number <= UINT32_MAX;
}

int config_target_parse(const char *text, struct config_address *ret_address)
{
        struct config_address address = {0};
        const char *host = strstr(text, "://"), *end, *rest;
        size_t scheme = host ? (size_t)(host - text) : 0, length;
        uint64_t port = 0;
        char digits[8] = "";

        if (!scheme || scheme >= sizeof(address.scheme))
                return -EINVAL;
        memcpy(address.scheme, text, scheme);
        host += 3;
        end = host + strcspn(host, "/?#");
        rest = *host == '[' ? strchr(host, ']') : host + strcspn(host, ":/?#");
        if (!rest || rest > end || memchr(host, '@', (size_t)(end - host)))
                return -EINVAL;
        length = (size_t)(rest - host) - (*host == '[');
        if (!length || length >= sizeof(address.host))
                return -EINVAL;
        memcpy(address.host, host + (*host == '['), length);
        rest += *host == '[';
        if (!is_made_of(address.host, LETTERS CAPITALS DIGITS "-.:") || address.host[0] == '-')
                return -EINVAL;
        if (rest < end) {
                if (*rest != ':' || end - rest < 2 || (size_t)(end - rest - 1) >= sizeof(digits))
                        return -EINVAL;
                memcpy(digits, rest + 1, (size_t)(end - rest - 1));
                if (!config_number_parse(digits, &port) || !port || port > UINT16_MAX)
                        return -EINVAL;
        }
        address.port = (uint16_t)port;
        *ret_address = address;
        return 0;
}

bool config_is_loopback(const char *host)
{
        struct addr addr;

        return !strcmp(host, "localhost") || (!addr_parse(host, &addr) && addr_is_loopback(&addr));
}

static bool check_address_of_target(const char *text)
{
        struct config_address address;

        return is_made_of(text, LETTERS CAPITALS DIGITS "-._~:/?#[]@!$&'()*+,;=%") &&
               config_target_parse(text, &address) == 0;
}

/* A ring buffer of BPF is a power of two of pages. */
static bool check_power_of_two(const char *text)
{
        uint64_t number;

        return config_number_parse(text, &number) && number && !(number & (number - 1));
}

static bool check_name(const char *text)
{
        return text[0] != ' ' && text[strlen(text) - 1] != ' ';
}

/* ---- the schema ---- */

#define EXPECT_USER                                                                                          \
        .check = check_user,                                                                                 \
        .expected = BOTH("un nom d'utilisateur ou son numéro", "a user name or its number")

static const struct config_key person_keys[] = {
        {"name", CONFIG_TEXT, OF(struct config_person, name), .help = BOTH("nom et prénom", "full name")},
        {"function", CONFIG_TEXT, OF(struct config_person, function), .help = BOTH("fonction", "function")},
        {"phone", CONFIG_TEXT, OF(struct config_person, phone), .check = check_phone,
         .expected = BOTH("un numéro de téléphone (chiffres, +, espaces, points, tirets)",
                          "a telephone number (digits, +, spaces, dots, dashes)"),
         .help = BOTH("téléphone où joindre cette personne", "telephone where this person is reached")},
        {"mail", CONFIG_TEXT, OF(struct config_person, mail), .check = check_mail,
         .expected = BOTH("une adresse de courriel", "a mail address"),
         .help = BOTH("adresse de courriel", "mail address")},
        {0}};

#define STRUCTURE(member) AT(struct config, structure, member)
static const struct config_key structure_keys[] = {
        {"name", CONFIG_TEXT, .required = true, STRUCTURE(name), .check = check_name,
         .expected = BOTH("le nom de la structure", "the name of the structure"),
         .help = BOTH("nom de la structure, tel qu'il figure dans les déclarations",
                      "name of the structure as declarations show it")},
        {"finess", CONFIG_TEXT, STRUCTURE(finess), .check = check_finess,
         .expected = BOTH("les 9 caractères d'un numéro FINESS, entre guillemets",
                          "the 9 characters of a FINESS number, in quotes"),
         .help = BOTH("numéro FINESS de l'entité", "FINESS number of the entity")},
        {"kind", WORDS(kind_words), .required = true, STRUCTURE(kind),
         .help = BOTH("sorte de structure ; décide des obligations",
                      "kind of structure; decides which duties apply")},
        {"address", CONFIG_TEXT, STRUCTURE(address), .help = BOTH("adresse postale", "postal address")},
        {"language", WORDS(language_words), STRUCTURE(language), .fallback = "fr",
         .help = BOTH("langue des textes affichés", "language of the texts shown")},
        {"timezone", CONFIG_TEXT, STRUCTURE(timezone), .fallback = "Europe/Paris", .check = check_timezone,
         .expected = BOTH("un fuseau tel que Europe/Paris", "a time zone such as Europe/Paris"),
         .help = BOTH("fuseau horaire des heures affichées", "time zone of the hours shown")},
        {0}};

#define PEOPLE(member) AT(struct config, people, member)
static const struct config_key people_keys[] = {
        {"declarant", CONFIG_GROUP, PEOPLE(declarant), .children = person_keys,
         .help = BOTH("qui déclare les incidents", "who declares incidents")},
        {"dpo", CONFIG_GROUP, PEOPLE(dpo), .children = person_keys,
         .help = BOTH("le délégué à la protection des données", "the data protection officer")},
        {"direction", CONFIG_GROUP, PEOPLE(direction), .children = person_keys,
         .help = BOTH("la direction, responsable de la structure",
                      "the management answerable for the structure")},
        {0}};

#define USERS(member) AT(struct config, users, member)
static const struct config_key users_keys[] = {
        {"edge", CONFIG_TEXT, USERS(edge), .fallback = "garde-edge", EXPECT_USER,
         .help = BOTH("utilisateur de garde-edge", "user of garde-edge")},
        {"hub", CONFIG_TEXT, USERS(hub), .fallback = "garde-hub", EXPECT_USER,
         .help = BOTH("utilisateur de garde-hub", "user of garde-hub")},
        {"respond", CONFIG_TEXT, USERS(respond), .fallback = "garde-respond", EXPECT_USER,
         .help = BOTH("utilisateur de garde-respond", "user of garde-respond")},
        {"domains", CONFIG_TEXT, USERS(domains), .fallback = "garde-domains", EXPECT_USER,
         .help = BOTH("utilisateur de garde-domains", "user of garde-domains")},
        {0}};

#define GEO(member) AT(struct config, edge.geo, member)
static const struct config_key geo_keys[] = {
        {"ipv4", CONFIG_TEXT, GEO(ipv4), .fallback = "/usr/share/tor/geoip", EXPECT_PATH,
         .help = BOTH("base des pays pour IPv4 (paquet tor-geoipdb)",
                      "country database for IPv4 (package tor-geoipdb)")},
        {"ipv6", CONFIG_TEXT, GEO(ipv6), .fallback = "/usr/share/tor/geoip6", EXPECT_PATH,
         .help = BOTH("base des pays pour IPv6 (paquet tor-geoipdb)",
                      "country database for IPv6 (package tor-geoipdb)")},
        {0}};

#define KNOWN(member) AT(struct config, edge.known_good, member)
static const struct config_key known_good_keys[] = {
        {"ipv4_sources", CONFIG_NUMBER, KNOWN(ipv4_sources), .min = 1024, .max = 4194304,
         .fallback = "262144",
         .help = BOTH("adresses IPv4 connues gardées en mémoire", "known IPv4 sources remembered")},
        {"ipv6_sources", CONFIG_NUMBER, KNOWN(ipv6_sources), .min = 1024, .max = 4194304,
         .fallback = "131072",
         .help = BOTH("adresses IPv6 connues gardées en mémoire", "known IPv6 sources remembered")},
        {"max_age_hours", CONFIG_NUMBER, KNOWN(max_age_hours), .min = 1, .max = 8760, .fallback = "168",
         .help = BOTH("au-delà de ce nombre d'heures sans passage, une adresse est oubliée",
                      "a source not seen for so many hours is forgotten")},
        {0}};

static const struct config_key service_keys[] = {
        {"name", CONFIG_TEXT, .required = true, OF(struct config_service, name), .check = check_name,
         .expected = BOTH("un nom court, unique", "a short name of its own"),
         .help = BOTH("nom du service, unique", "name of the service, unique")},
        {"addresses", CONFIG_TEXTS, .required = true,
         ITEMS(struct config_service, address_texts, address_count), .min = 1, .max = CONFIG_ADDRESSES_MAX,
         .check = config_is_address,
         .expected = BOTH("une adresse ou un préfixe sans bits au-delà, tel que 192.0.2.10, 192.0.2.0/24 ou "
                          "2001:db8::/64",
                          "an address or a prefix with no bits beyond it, such as 192.0.2.10, 192.0.2.0/24 "
                          "or 2001:db8::/64"),
         .help = BOTH("adresses et préfixes à protéger, IPv4 et IPv6",
                      "addresses and prefixes to protect, IPv4 and IPv6")},
        {"ports", CONFIG_TEXTS, ITEMS(struct config_service, port_texts, port_count), .min = 1,
         .max = CONFIG_PORTS_MAX, .check = check_port,
         .expected = BOTH("un port tel que tcp/443 ou udp/4500", "a port such as tcp/443 or udp/4500"),
         .help = BOTH("ports du service ; sans cette clé, tous",
                      "ports of the service; all of them without this key")},
        {"capacity_pps", CONFIG_NUMBER, OF(struct config_service, capacity_pps), .min = 100,
         .max = 1000000000,
         .help = BOTH("paquets par seconde que le service supporte ; sans cette clé, Garde l'estime",
                      "packets a second the service can bear; without this key Garde estimates it")},
        {0}};

#define EDGE(member) AT(struct config, edge, member)
static const struct config_key edge_keys[] = {
        {"interface", CONFIG_TEXT, .required = true, EDGE(interface), .check = config_is_interface,
         .expected = BOTH("le nom d'une interface réseau de 15 caractères au plus",
                          "the name of a network interface of at most 15 characters"),
         .help = BOTH("interface réseau par où arrive le trafic à filtrer",
                      "network interface on which the traffic to filter arrives")},
        {"mode", WORDS(mode_words), EDGE(mode), .fallback = "auto",
         .help = BOTH(
                 "attache XDP : dans le pilote (native), après lui (generic) ou le mieux possible (auto)",
                 "how XDP attaches: in the driver (native), behind it (generic) or the best there is "
                 "(auto)")},
        {"sample_ring_kib", CONFIG_NUMBER, EDGE(sample_ring_kib), .min = 64, .max = 65536, .fallback = "4096",
         .check = check_power_of_two,
         .expected = BOTH("une puissance de deux de 64 à 65536", "a power of two from 64 to 65536"),
         .help = BOTH("mémoire de l'anneau d'échantillons, en Kio", "memory of the sample ring, in KiB")},
        {"geo", CONFIG_GROUP, EDGE(geo), .children = geo_keys,
         .help = BOTH("bases des pays", "country databases")},
        {"floor_pps", CONFIG_NUMBER, EDGE(floor_pps), .min = 1, .max = 100000000, .fallback = "2000",
         .help = BOTH("sous ce débit en paquets par seconde, rien n'est une attaque",
                      "below this rate in packets a second nothing is an attack")},
        {"known_good", CONFIG_GROUP, EDGE(known_good), .children = known_good_keys,
         .help = BOTH("mémoire des sources connues", "memory of known sources")},
        {"answer", WORDS(answer_words), EDGE(answer), .fallback = "act",
         .help = BOTH("act : poser les mesures ; watch : dire seulement ce qui serait fait",
                      "act: take measures; watch: only say what would be done")},
        {"hold_seconds", CONFIG_NUMBER, EDGE(hold_seconds), .min = 1, .max = 86400, .fallback = "5",
         .help = BOTH("secondes sans attaque avant que la réouverture commence",
                      "seconds without attack before reopening begins")},
        {"max_measure_seconds", CONFIG_NUMBER, EDGE(max_measure_seconds), .min = 10, .max = 604800,
         .fallback = "3600",
         .help = BOTH("durée maximale d'une mesure, en secondes", "longest life of a measure, in seconds")},
        {"learn_seconds", CONFIG_NUMBER, EDGE(learn_seconds), .min = 1, .max = 86400, .fallback = "30",
         .help = BOTH("secondes de calme pour apprendre le trafic normal",
                      "seconds of calm to learn normal traffic")},
        {"services", CONFIG_GROUPS, .required = true,
         .offset = offsetof(struct config, edge.services) - offsetof(struct config, edge),
         .size = sizeof(struct config_service),
         .count_offset = offsetof(struct config, edge.service_count) - offsetof(struct config, edge),
         .min = 1, .max = CONFIG_SERVICES_MAX, .children = service_keys,
         .help = BOTH("services à protéger", "services to protect")},
        {0}};

#define RETENTION(member) AT(struct config, hub.retention, member)
static const struct config_key retention_keys[] = {
        {"personal_days", CONFIG_NUMBER, RETENTION(personal_days), .min = 0, .max = 36500, .fallback = "0",
         .help = BOTH(
                 "les textes personnels d'un incident fermé, et une liste de contacts remplacée, depuis plus "
                 "de jours que "
                 "cela sont effacés ; 0 : jamais",
                 "personal texts of an incident closed for more than so many days, and a list of contacts "
                 "replaced as long ago, are erased; 0: never")},
        {"reports_days", CONFIG_NUMBER, RETENTION(reports_days), .min = 0, .max = 36500, .fallback = "0",
         .help = BOTH("ce que disait un signalement, et comment joindre son auteur, est effacé après ces "
                      "jours une fois l'incident fermé ; 0 : comme personal_days",
                      "what a report said, and how to reach who made it, is erased after so many days once "
                      "the incident is closed; 0: as personal_days")},
        {0}};

#define HUB(member) AT(struct config, hub, member)
static const struct config_key hub_keys[] = {
        {"owner_group", CONFIG_TEXT, HUB(owner_group), .check = check_user,
         .expected = BOTH("un nom de groupe ou son numéro", "a group name or its number"),
         .help = BOTH("groupe dont les membres peuvent se servir de la commande garde",
                      "group whose members may use the garde command")},
        {"join_minutes", CONFIG_NUMBER, HUB(join_minutes), .min = 1, .max = 10080, .fallback = "60",
         .help = BOTH(
                 "une vague qui suit la précédente de moins de ce nombre de minutes rejoint son incident",
                 "a wave within so many minutes of the last one joins its incident")},
        {"retention", CONFIG_GROUP, HUB(retention), .children = retention_keys,
         .help = BOTH("combien de temps les textes personnels restent", "how long personal texts are kept")},
        {0}};

#define PROXY(member) AT(struct config, console.proxy, member)
static const struct config_key proxy_keys[] = {
        {"addresses", CONFIG_TEXTS,
         .offset = offsetof(struct config, console.proxy.address_texts) -
                   offsetof(struct config, console.proxy),
         .size = ADDR_TEXT_SIZE,
         .count_offset = offsetof(struct config, console.proxy.address_count) -
                         offsetof(struct config, console.proxy),
         .min = 1, .max = CONFIG_PROXIES_MAX, .check = config_is_address,
         .expected = BOTH("une adresse ou un préfixe sans bits au-delà, tel que 127.0.0.1 ou 10.0.0.0/24",
                          "an address or a prefix with no bits beyond it, such as 127.0.0.1 or 10.0.0.0/24"),
         .help = BOTH("les mandataires inverses que l'on croit sur l'adresse de leurs clients",
                      "the reverse proxies that are believed about their clients' addresses")},
        {"header", CONFIG_TEXT, PROXY(header), .check = check_header,
         .expected = BOTH("un nom d'en-tête HTTP tel que X-Remote-User",
                          "an HTTP header name such as X-Remote-User"),
         .help = BOTH(
                 "en-tête où ces mandataires nomment le compte qu'ils ont reconnu ; sans cette clé, aucun",
                 "header in which these proxies name the account they have recognised; none without this "
                 "key")},
        {"secret", CONFIG_TEXT, PROXY(secret), EXPECT_PATH,
         .help = BOTH("fichier du secret par lequel ces mandataires prouvent qu'ils le sont (en-tête "
                      "X-Garde-Proxy) ; va avec header",
                      "file with the secret by which these proxies prove that they are (header "
                      "X-Garde-Proxy); goes with header")},
        {0}};

#define CONSOLE(member) AT(struct config, console, member)
static const struct config_key console_keys[] = {
        {"listen", CONFIG_TEXT, CONSOLE(listen), .fallback = "127.0.0.1:8443", .check = config_is_listen,
         .expected = BOTH("une adresse et un port tels que 127.0.0.1:8443 ou [::1]:8443, ou off",
                          "an address and a port such as 127.0.0.1:8443 or [::1]:8443, or off"),
         .help = BOTH("adresse et port de la console et de l'API ; off : ni l'une ni l'autre",
                      "address and port of the console and the API; off: neither")},
        {"tls", WORDS(tls_words), CONSOLE(tls), .fallback = "self-signed",
         .help = BOTH(
                 "self-signed : un certificat fait au premier démarrage, dont l'empreinte est dite ; files : "
                 "le "
                 "vôtre ; off : sans chiffrement, seulement sur cette machine (127.0.0.1 ou ::1)",
                 "self-signed: a certificate made at the first start, whose fingerprint is told; files: your "
                 "own; off: no encryption, on this machine alone (127.0.0.1 or ::1)")},
        {"certificate", CONFIG_TEXT, CONSOLE(certificate), EXPECT_PATH,
         .help = BOTH("certificat et sa chaîne, en PEM, avec tls: files",
                      "certificate and its chain, in PEM, with tls: files")},
        {"key", CONFIG_TEXT, CONSOLE(key), EXPECT_PATH,
         .help = BOTH("clé privée du certificat, en PEM, avec tls: files",
                      "private key of the certificate, in PEM, with tls: files")},
        {"names", CONFIG_TEXTS,
         .offset = offsetof(struct config, console.names) - offsetof(struct config, console),
         .size = sizeof(((struct config *)0)->console.names[0]),
         .count_offset = offsetof(struct config, console.name_count) - offsetof(struct config, console),
         .min = 1, .max = CONFIG_NAMES_MAX, .check = config_is_host,
         .expected = BOTH("un nom de machine tel que garde.hopital.example",
                          "a host name such as garde.hospital.example"),
         .help = BOTH("noms sous lesquels on atteint la console, outre les adresses, localhost et le nom de "
                      "la machine",
                      "names under which the console is reached, beside addresses, localhost and this "
                      "machine's name")},
        {"proxy", CONFIG_GROUP, CONSOLE(proxy), .children = proxy_keys,
         .help = BOTH("un mandataire inverse devant la console", "a reverse proxy in front of the console")},
        {"second_factor", WORDS(second_factor_words), CONSOLE(second_factor), .fallback = "optional",
         .help = BOTH("required : la direction et le délégué à la protection des données doivent prouver "
                      "leur connexion "
                      "par un code de leur téléphone",
                      "required: directors and data-protection officers must prove their sign-in by a code "
                      "of their "
                      "telephone")},
        {"session_idle_minutes", CONFIG_NUMBER, CONSOLE(session_idle_minutes), .min = 5, .max = 720,
         .fallback = "30",
         .help = BOTH("sans rien faire pendant tant de minutes, on est déconnecté",
                      "after so many minutes without an act a person is signed out")},
        {"session_hours", CONFIG_NUMBER, CONSOLE(session_hours), .min = 1, .max = 168, .fallback = "12",
         .help = BOTH("une connexion dure au plus tant d'heures", "a sign-in lasts so many hours at most")},
        {0}};

#define TARGET_TLS(member) AT(struct config_target, tls, member)
static const struct config_key target_tls_keys[] = {
        {"ca", CONFIG_TEXT, TARGET_TLS(ca), EXPECT_PATH,
         .help = BOTH("autorités qui signent le certificat de la cible, en PEM ; sans cette clé, celles du "
                      "système",
                      "authorities that sign the target's certificate, in PEM; without this key the "
                      "system's")},
        {"certificate", CONFIG_TEXT, TARGET_TLS(certificate), EXPECT_PATH,
         .help = BOTH("certificat que Garde présente, en PEM", "certificate that Garde shows, in PEM")},
        {"key", CONFIG_TEXT, TARGET_TLS(key), EXPECT_PATH,
         .help = BOTH("sa clé privée, en PEM ; fichier de mode 0600 de l'utilisateur de garde-respond",
                      "its private key, in PEM; a file of mode 0600 of garde-respond's user")},
        {0}};

static const struct config_key target_keys[] = {
        {"name", CONFIG_TEXT, .required = true, OF(struct config_target, name), .check = config_is_word,
         .expected = BOTH("un nom court de minuscules, chiffres et tirets",
                          "a short name of small letters, digits and dashes"),
         .help = BOTH("nom de la cible, unique ; ses secrets sont sous ce nom dans out.secrets",
                      "name of the target, unique; its secrets stand under it in out.secrets")},
        {"kind", WORDS(target_words), .required = true, OF(struct config_target, kind),
         .help = BOTH("sorte de cible : syslog (RFC 5424), webhook (POST JSON signé), mail, iris (DFIR-IRIS) "
                      "ou fir (FIR)",
                      "kind of target: syslog (RFC 5424), webhook (signed JSON POST), mail, iris (DFIR-IRIS) "
                      "or fir (FIR)")},
        {"address", CONFIG_TEXT, .required = true, OF(struct config_target, address),
         .check = check_address_of_target,
         .expected = BOTH("une adresse telle que tls://siem.example:6514, https://soc.example/alerte ou "
                          "smtp://mail.example:587, sans nom ni mot de passe",
                          "an address such as tls://siem.example:6514, https://soc.example/alert or "
                          "smtp://mail.example:587, without name or password"),
         .help = BOTH("où elle est : syslog tls:// (tcp:// et udp:// sur cette machine seulement) ; webhook, "
                      "iris, fir https:// ; mail smtp:// (STARTTLS) ou smtps://",
                      "where it is: syslog tls:// (tcp:// and udp:// on this machine alone); webhook, iris, "
                      "fir https://; mail smtp:// (STARTTLS) or smtps://")},
        {"tls", CONFIG_GROUP, OF(struct config_target, tls), .children = target_tls_keys,
         .help = BOTH("certificats", "certificates")},
        {"events", CONFIG_TEXTS, .required = true, ITEMS(struct config_target, events, event_count), .min = 1,
         .max = CONFIG_EVENTS_MAX, .check = check_event,
         .expected = BOTH("incident.opened, incident.closed, gravity, obligation.due, obligation.overdue, "
                          "status.published, measure.applied ou measure.ended",
                          "incident.opened, incident.closed, gravity, obligation.due, obligation.overdue, "
                          "status.published, measure.applied or measure.ended"),
         .help = BOTH("les nouvelles qui y vont", "the news that goes there")},
        {"tlp", WORDS(tlp_words), OF(struct config_target, tlp),
         .help = BOTH("marque TLP 2.0 de ce qui part ; amber sans cette clé",
                      "TLP 2.0 mark of what leaves; amber without this key")},
        {"personal", WORDS(no_yes_words), OF(struct config_target, personal),
         .help = BOTH("yes : l'objet de l'incident, qui peut nommer une personne, part aussi",
                      "yes: the incident's subject, which may name a person, leaves too")},
        {"private", WORDS(no_yes_words), OF(struct config_target, private),
         .help = BOTH("yes : webhook, iris et fir peuvent être à une adresse privée ou sur cette machine",
                      "yes: webhook, iris and fir may be at a private address or on this machine")},
        {"from", CONFIG_TEXT, OF(struct config_target, from), .check = check_mail,
         .expected = BOTH("une adresse de courriel", "a mail address"),
         .help = BOTH("expéditeur du courriel", "sender of the mail")},
        {"to", CONFIG_TEXTS, ITEMS(struct config_target, to, to_count), .min = 1,
         .max = CONFIG_RECIPIENTS_MAX, .check = check_mail,
         .expected = BOTH("une adresse de courriel", "a mail address"),
         .help = BOTH("destinataires du courriel", "recipients of the mail")},
        {"customer", CONFIG_NUMBER, OF(struct config_target, customer), .min = 1, .max = 1000000000,
         .help = BOTH("client (customer) dans DFIR-IRIS ; 1 sans cette clé",
                      "customer in DFIR-IRIS; 1 without this key")},
        {"category", CONFIG_TEXT, OF(struct config_target, category),
         .help = BOTH("catégorie dans FIR", "category in FIR")},
        {"detection", CONFIG_TEXT, OF(struct config_target, detection),
         .help = BOTH("détection dans FIR", "detection in FIR")},
        {"business_line", CONFIG_TEXT, OF(struct config_target, business_line),
         .help = BOTH("entité concernée (business line) dans FIR", "business line in FIR")},
        {0}};

#define OUT(member) AT(struct config, out, member)
static const struct config_key out_keys[] = {
        {"secrets", CONFIG_TEXT, OUT(secrets), .fallback = "/etc/garde/out.secrets", EXPECT_PATH,
         .help = BOTH("fichier des jetons et mots de passe, de mode 0600, à l'utilisateur de garde-respond ; "
                      "lui seul le lit",
                      "file of tokens and passwords, of mode 0600, owned by garde-respond's user, who alone "
                      "reads it")},
        {"enterprise", CONFIG_TEXT, OUT(enterprise), .fallback = "32473", .check = check_enterprise,
         .expected =
                 BOTH("un numéro d'entreprise attribué par l'IANA", "an enterprise number assigned by IANA"),
         .help = BOTH("numéro d'entreprise des données structurées de syslog ; 32473 est celui des exemples "
                      "(RFC 5612)",
                      "enterprise number of syslog's structured data; 32473 is that of examples (RFC 5612)")},
        {"targets", CONFIG_GROUPS,
         .offset = offsetof(struct config, out.targets) - offsetof(struct config, out),
         .size = sizeof(struct config_target),
         .count_offset = offsetof(struct config, out.target_count) - offsetof(struct config, out), .min = 1,
         .max = CONFIG_TARGETS_MAX, .children = target_keys,
         .help = BOTH("à qui les nouvelles sont envoyées", "to whom news is sent")},
        {0}};

#define LOG(member) AT(struct config, log, member)
static const struct config_key log_keys[] = {
        {"level", WORDS(level_words), LOG(level), .fallback = "info",
         .help = BOTH("ce qui est dit dans le journal technique", "how much the log says")},
        {"format", WORDS(format_words), LOG(format), .fallback = "text",
         .help = BOTH("lignes lisibles (text) ou objets JSON (json)",
                      "lines for people (text) or JSON objects (json)")},
        {0}};

const struct config_key config_schema[] = {
        {"structure", CONFIG_GROUP, .required = true, OF(struct config, structure),
         .children = structure_keys, .help = BOTH("la structure de santé", "the health structure")},
        {"people", CONFIG_GROUP, OF(struct config, people), .children = people_keys,
         .help = BOTH("les personnes que les déclarations nomment", "the people whom declarations name")},
        {"state", CONFIG_TEXT, OF(struct config, state), .fallback = "/var/lib/garde", EXPECT_PATH,
         .help = BOTH("dossier du registre et des files d'attente", "folder of the journal and the spools")},
        {"run", CONFIG_TEXT, OF(struct config, run), .fallback = "/run/garde", .check = check_run,
         .expected = BOTH("un chemin absolu de 90 octets au plus", "an absolute path of at most 90 bytes"),
         .help = BOTH("dossier des sockets", "folder of the sockets")},
        {"pin", CONFIG_TEXT, OF(struct config, pin), .fallback = "/sys/fs/bpf/garde", EXPECT_PATH,
         .help = BOTH("dossier bpffs où le noyau garde programmes et tables",
                      "folder on bpffs where the kernel keeps programs and maps")},
        {"users", CONFIG_GROUP, OF(struct config, users), .children = users_keys,
         .help = BOTH("les utilisateurs des démons", "the users of the daemons")},
        {"edge", CONFIG_GROUP, OF(struct config, edge), .children = edge_keys,
         .help = BOTH("le filtre à l'entrée du réseau", "the filter at the edge of the network")},
        {"hub", CONFIG_GROUP, OF(struct config, hub), .children = hub_keys,
         .help = BOTH("le centre : incidents, obligations, registre",
                      "the hub: incidents, obligations, journal")},
        {"domains", CONFIG_GROUP, OF(struct config, domains), .children = config_domains_keys,
         .help = BOTH("les noms : listes, sosies, réponses", "names: lists, lookalikes, answers")},
        {"console", CONFIG_GROUP, OF(struct config, console), .children = console_keys,
         .help = BOTH("la console des personnes et l'API des programmes",
                      "the console for people and the API for programs")},
        {"out", CONFIG_GROUP, OF(struct config, out), .children = out_keys,
         .help = BOTH("ce qui part vers l'extérieur ; sans cible, rien",
                      "what leaves for outside; without a target nothing does")},
        {"log", CONFIG_GROUP, OF(struct config, log), .children = log_keys,
         .help = BOTH("le journal technique", "the log")},
        {0}};

const struct config_key *config_key_find(const struct config_key *keys, const char *name)
{
        for (const struct config_key *key = keys; key->name; key++)
                if (!strcmp(key->name, name))
                        return key;
        return NULL;
}

size_t config_key_text_max(const struct config_key *key)
{
        return key->size - 1;
}

/* ---- what a key wants, in words ---- */

static void expected_words(const struct config_key *key, enum language language, struct buffer *buffer)
{
        buffer_text(buffer, language == LANGUAGE_FR ? "un mot parmi " : "one of ");
        for (uint32_t i = 0; i < key->word_count; i++)
                buffer_format(buffer, "%s%s", i ? ", " : "", key->words[i].str);
}

static void expected_items(const struct config_key *key, enum language language, struct buffer *buffer)
{
        static const struct config_phrase list =
                BOTH("une liste de %llu à %llu éléments", "a list of %llu to %llu items");

        buffer_format(buffer, list.text[language], (unsigned long long)key->min,
                      (unsigned long long)key->max);
        if (key->expected.text[language])
                buffer_format(buffer, language == LANGUAGE_FR ? ", chacun %s" : ", each %s",
                              key->expected.text[language]);
}

void config_key_expected(const struct config_key *key, enum language language, struct buffer *buffer)
{
        static const struct config_phrase number =
                BOTH("un nombre entier de %llu à %llu", "a whole number from %llu to %llu");
        static const struct config_phrase text =
                BOTH("un texte de 1 à %zu octets", "a text of 1 to %zu bytes");

        if (key->type == CONFIG_TEXTS || key->type == CONFIG_GROUPS)
                expected_items(key, language, buffer);
        else if (key->type == CONFIG_GROUP)
                buffer_text(buffer, language == LANGUAGE_FR ? "un groupe de clés" : "a group of keys");
        else if (key->expected.text[language])
                buffer_text(buffer, key->expected.text[language]);
        else if (key->type == CONFIG_WORD)
                expected_words(key, language, buffer);
        else if (key->type == CONFIG_NUMBER)
                buffer_format(buffer, number.text[language], (unsigned long long)key->min,
                              (unsigned long long)key->max);
        else
                buffer_format(buffer, text.text[language], config_key_text_max(key));
}
