/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * garde.yaml: what the operator decides. One schema (config_schema.c) lies behind loading, `garde check`,
 * the error texts and the manual page garde.yaml(5).
 *
 * Loading is all or nothing. Each fault is a sentence that names file, line, key, what stands there and what would
 * be right; `error` says the first by place, and a list that hangs in it (error.h) gets all of them. After YAML that
 * is malformed nothing can be made out any more, so that fault stands alone.
 * Bounds: file 1 MiB, 4096 values, depth 8; YAML aliases, anchors, tags, merge keys and second documents are
 * refused.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/addr.h"
#include "base/error.h"
#include "base/language.h"
#include "base/log.h"

#define CONFIG_PATH_DEFAULT      "/etc/garde/garde.yaml"
#define CONFIG_FILE_MAX          (1024 * 1024)
#define CONFIG_SERVICES_MAX      16
#define CONFIG_ADDRESSES_MAX     32 /* a service; and a family over all services */
#define CONFIG_PORTS_MAX         32 /* a service */
#define CONFIG_PATH_SIZE         256
#define CONFIG_SERVICE_NAME_SIZE 64
#define CONFIG_NAMES_MAX         16 /* host names of the console */
#define CONFIG_PROXIES_MAX       16
#define CONFIG_TARGETS_MAX       16 /* where news goes */
#define CONFIG_EVENTS_MAX        16 /* a target */
#define CONFIG_RECIPIENTS_MAX    8  /* of mail */
#define CONFIG_LISTS_MAX         48 /* of names; with what Garde adds of its own they fit into a set's 64 sources */
#define CONFIG_OWN_NAMES_MAX     64 /* own names, partners' names */
#define CONFIG_NAME_FILES_MAX    8

/* Words of the file, in the order of their enums. */
#define CONFIG_KINDS(X)                                                                                      \
        X(ETABLISSEMENT, "etablissement")                                                                    \
        X(CABINET, "cabinet")                                                                                \
        X(LABORATOIRE, "laboratoire") X(RADIOTHERAPIE, "radiotherapie") X(MEDICO_SOCIAL, "medico-social")
#define CONFIG_MODES(X)          X(AUTO, "auto") X(NATIVE, "native") X(GENERIC, "generic")
#define CONFIG_ANSWERS(X)        X(ACT, "act") X(WATCH, "watch")
#define CONFIG_TLS_MODES(X)      X(SELF_SIGNED, "self-signed") X(OFF, "off") X(FILES, "files")
#define CONFIG_SECOND_FACTORS(X) X(OPTIONAL, "optional") X(REQUIRED, "required")

/* The first of each is what holds when a target does not say. */
#define CONFIG_TARGET_KINDS(X)                                                                               \
        X(SYSLOG, "syslog") X(WEBHOOK, "webhook") X(MAIL, "mail") X(IRIS, "iris") X(FIR, "fir")
/* Traffic Light Protocol 2.0 (FIRST, 2022). */
#define CONFIG_TLPS(X)                                                                                       \
        X(AMBER, "amber") X(CLEAR, "clear") X(GREEN, "green") X(AMBER_STRICT, "amber+strict") X(RED, "red")
#define CONFIG_ANSWERS_NO_YES(X) X(NO, "no") X(YES, "yes")
#define CONFIG_EVENTS(X)                                                                                     \
        X(INCIDENT_OPENED, "incident.opened")                                                                \
        X(INCIDENT_CLOSED, "incident.closed")                                                                \
        X(GRAVITY, "gravity")                                                                                \
        X(OBLIGATION_DUE, "obligation.due")                                                                  \
        X(OBLIGATION_OVERDUE, "obligation.overdue")                                                          \
        X(STATUS_PUBLISHED, "status.published")                                                              \
        X(MEASURE_APPLIED, "measure.applied")                                                                \
        X(MEASURE_ENDED, "measure.ended")

/* How a list of names is written (domains/list.h), and what is fetched in pieces: a MISP feed's folder, a TAXII collection. */
#define CONFIG_LIST_FORMATS(X)                                                                               \
        X(PLAIN, "plain")                                                                                    \
        X(CSV, "csv")                                                                                        \
        X(HOSTS, "hosts")                                                                                    \
        X(RPZ, "rpz")                                                                                        \
        X(ADBLOCK, "adblock") X(MISP, "misp") X(STIX, "stix") X(MISP_FEED, "misp-feed") X(TAXII, "taxii")
#define CONFIG_LIST_TRUSTS(X)  X(WATCH, "watch") X(BLOCK, "block") X(ALLOW, "allow")
#define CONFIG_NAME_ANSWERS(X) X(NXDOMAIN, "nxdomain") X(GARDEN, "garden") X(DROP, "drop") X(WATCH, "watch")

#define CONFIG_LIST_FORMAT_ENUM(name, word) CONFIG_LIST_##name,
#define CONFIG_LIST_TRUST_ENUM(name, word)  CONFIG_TRUST_##name,
#define CONFIG_NAME_ANSWER_ENUM(name, word) CONFIG_NAME_ANSWER_##name,
enum config_list_format { CONFIG_LIST_FORMATS(CONFIG_LIST_FORMAT_ENUM) CONFIG_LIST_FORMAT_COUNT };
enum config_list_trust { CONFIG_LIST_TRUSTS(CONFIG_LIST_TRUST_ENUM) CONFIG_TRUST_COUNT };
enum config_name_answer { CONFIG_NAME_ANSWERS(CONFIG_NAME_ANSWER_ENUM) CONFIG_NAME_ANSWER_COUNT };

#define CONFIG_TARGET_ENUM(name, word) CONFIG_TARGET_##name,
#define CONFIG_TLP_ENUM(name, word)    CONFIG_TLP_##name,
#define CONFIG_NO_YES_ENUM(name, word) CONFIG_##name,
enum config_target_kind { CONFIG_TARGET_KINDS(CONFIG_TARGET_ENUM) CONFIG_TARGET_COUNT };
enum config_tlp { CONFIG_TLPS(CONFIG_TLP_ENUM) CONFIG_TLP_COUNT };
enum config_no_yes { CONFIG_ANSWERS_NO_YES(CONFIG_NO_YES_ENUM) CONFIG_NO_YES_COUNT };

#define CONFIG_KIND_ENUM(name, word)   CONFIG_KIND_##name,
#define CONFIG_MODE_ENUM(name, word)   CONFIG_MODE_##name,
#define CONFIG_ANSWER_ENUM(name, word) CONFIG_ANSWER_##name,
#define CONFIG_TLS_ENUM(name, word)    CONFIG_TLS_##name,
enum config_kind { CONFIG_KINDS(CONFIG_KIND_ENUM) CONFIG_KIND_COUNT };
enum config_mode { CONFIG_MODES(CONFIG_MODE_ENUM) CONFIG_MODE_COUNT }; /* how XDP is attached */
enum config_answer {
        CONFIG_ANSWERS(CONFIG_ANSWER_ENUM) CONFIG_ANSWER_COUNT
}; /* act, or only say what it would do */
enum config_tls { CONFIG_TLS_MODES(CONFIG_TLS_ENUM) CONFIG_TLS_COUNT };
#define CONFIG_SECOND_FACTOR_ENUM(name, word) CONFIG_SECOND_FACTOR_##name,
enum config_second_factor { CONFIG_SECOND_FACTORS(CONFIG_SECOND_FACTOR_ENUM) CONFIG_SECOND_FACTOR_COUNT };

struct config_person {
        char name[96];
        char function[96];
        char phone[32];
        char mail[128];
}; /* each "" when the file does not say */

struct config_port {
        uint8_t protocol; /* IPPROTO_TCP or IPPROTO_UDP */
        uint16_t port;    /* host byte order, 1 to 65535 */
};

/* One thing to protect. The texts are as written in the file; addresses and ports are the same, parsed. */
struct config_service {
        char name[CONFIG_SERVICE_NAME_SIZE];
        char address_texts[CONFIG_ADDRESSES_MAX][ADDR_TEXT_SIZE];
        char port_texts[CONFIG_PORTS_MAX][16];
        uint32_t address_count;
        uint32_t port_count;   /* 0: every port */
        uint64_t capacity_pps; /* packets a second it can bear; 0 when not said */
        struct addr addresses[CONFIG_ADDRESSES_MAX];
        struct config_port ports[CONFIG_PORTS_MAX];
};

/* Where news goes that leaves the house; what opens its door stands in out.secrets. Texts are "" when not said. */
struct config_target {
        char name[32]; /* [a-z0-9-]+ */
        enum config_target_kind kind;
        char address[256]; /* tls://host:port, https://host/path, smtp://host:port: config_target_parse() */
        struct {
                char ca[CONFIG_PATH_SIZE];          /* "": the system's authorities */
                char certificate[CONFIG_PATH_SIZE]; /* of ours, PEM */
                char key[CONFIG_PATH_SIZE];         /* belongs to it */
        } tls;
        char events[CONFIG_EVENTS_MAX][32];
        uint32_t event_count;
        enum config_tlp tlp;
        enum config_no_yes personal; /* what a person wrote may leave with it */
        enum config_no_yes private;  /* private and loopback addresses may be called */
        char from[128], to[CONFIG_RECIPIENTS_MAX][128];
        uint32_t to_count;
        uint32_t customer;                                    /* DFIR-IRIS; 0 is 1 */
        char category[64], detection[64], business_line[128]; /* FIR */
};

/* A list of names that is taken in again and again. */
struct config_list {
        char name[32];     /* [a-z0-9-]+, unique */
        char address[512]; /* file:///path, https://host/path; of a TAXII collection its own URL */
        enum config_list_format format;
        char column[64], why_column[64]; /* csv: head or number of the column; "": guessed, none */
        enum config_list_trust trust;
        enum config_no_yes below; /* its names mean all below them, too */
        enum config_tlp tlp;
        uint32_t every_minutes, max_age_hours; /* of age 0: never too old */
        uint32_t names_min, names_max, change_percent;
        uint32_t megabytes_max, seconds_max;
        char ca[CONFIG_PATH_SIZE];     /* "": the system's authorities */
        char proxy[256];               /* http://host:port; "": none */
        char secret[CONFIG_PATH_SIZE]; /* file with "user:password" or a bearer token; "": none */
};

struct config {
        struct {
                char name[128];
                char finess[16]; /* "" or 9 characters */
                enum config_kind kind;
                char address[256];
                enum language language;
                char timezone[64]; /* IANA name */
        } structure;
        struct {
                struct config_person declarant, dpo, direction;
        } people;
        char state[CONFIG_PATH_SIZE]; /* folder: journal, spools */
        char run[CONFIG_PATH_SIZE];   /* folder: sockets */
        char pin[CONFIG_PATH_SIZE];   /* folder on bpffs: maps and programs that outlive the daemon */
        struct {
                char edge[32]; /* user name or number */
                char hub[32];
                char respond[32];
                char domains[32];
        } users;
        struct {
                bool configured; /* whether the file has the group at all; if not, the rest holds the defaults */
                char interface[16];
                enum config_mode mode;
                uint32_t sample_ring_kib; /* power of two */
                struct {
                        char ipv4[CONFIG_PATH_SIZE];
                        char ipv6[CONFIG_PATH_SIZE];
                } geo;
                uint32_t floor_pps; /* below this nothing is an attack */
                struct {
                        uint32_t ipv4_sources;
                        uint32_t ipv6_sources;
                        uint32_t max_age_hours;
                } known_good;
                enum config_answer answer;
                uint32_t hold_seconds;        /* how long an attack must be gone before reopening begins */
                uint32_t max_measure_seconds; /* a measure expires after this, whatever happens */
                uint32_t learn_seconds;       /* calm needed before the baseline is trusted */
                struct config_service services[CONFIG_SERVICES_MAX];
                uint32_t service_count;
        } edge;
        struct {
                char owner_group[32];  /* "" or the group whose members may use the command */
                uint32_t join_minutes; /* a wave within this many minutes of the last joins its incident */
                struct {
                        uint32_t personal_days; /* 0: never */
                        uint32_t reports_days;
                } retention;
        } hub;
        struct {
                bool configured; /* whether the file has the group at all */
                char own[CONFIG_OWN_NAMES_MAX][256], partners[CONFIG_OWN_NAMES_MAX][256];
                uint32_t own_count, partner_count;
                char allowed[CONFIG_NAME_FILES_MAX][CONFIG_PATH_SIZE]; /* files of names never blocked */
                uint32_t allowed_count;
                char bodies
                        [CONFIG_PATH_SIZE]; /* file of public bodies' names, which others imitate; "" none */
                char suffixes[CONFIG_PATH_SIZE]; /* the public suffix list */
                struct config_list lists[CONFIG_LISTS_MAX];
                uint32_t list_count;
                enum config_name_answer answer; /* what a listed name is answered with */
                struct {
                        char ipv4[ADDR_TEXT_SIZE], ipv6[ADDR_TEXT_SIZE]; /* of the garden's page; "" none */
                } garden;
                struct {
                        char zone[256];              /* name of the response policy zone */
                        char file[CONFIG_PATH_SIZE]; /* ""; or where it is written for a resolver */
                        char hook[CONFIG_PATH_SIZE]; /* ""; or the program that is run afterwards */
                } rpz;
        } domains;
        struct {
                char listen[80]; /* "127.0.0.1:8443", "[::1]:8443", "off": no console */
                enum config_tls tls;
                char certificate[CONFIG_PATH_SIZE], key[CONFIG_PATH_SIZE]; /* "" unless tls is files */
                char names[CONFIG_NAMES_MAX][256];
                uint32_t name_count;
                struct {
                        char address_texts[CONFIG_PROXIES_MAX][ADDR_TEXT_SIZE];
                        uint32_t address_count;
                        struct addr addresses[CONFIG_PROXIES_MAX];
                        char header[64];               /* "" : nobody logs in by it */
                        char secret[CONFIG_PATH_SIZE]; /* file; set when the header is */
                } proxy;
                enum config_second_factor second_factor; /* of directors and data-protection officers */
                uint32_t session_idle_minutes, session_hours;
        } console;
        struct {
                char secrets[CONFIG_PATH_SIZE];
                char enterprise[32]; /* the private enterprise number of structured data */
                struct config_target targets[CONFIG_TARGETS_MAX];
                uint32_t target_count;
        } out;
        struct {
                enum log_level level;
                enum log_format format;
        } log;
};

/*
 * -ENOENT and the like for the file, -EFBIG, -EINVAL for what stands in it, -ENOMEM. Free with config_free.
 */
int config_load(const char *path, struct config **ret_config, struct error *error);

/* The same from memory; `name` stands for the file in the sentences. */
int config_load_text(const char *name, const char *text, size_t length, struct config **ret_config,
                     struct error *error);
struct config *config_free(struct config *config); /* NULL */

/*
 * What `garde check` prints: every key with the value in force, in the order of the schema. -EIO when `out`
 * fails.
 */
int config_check_print(FILE *out, const struct config *config, enum language language);

/* The page garde.yaml(5) in mdoc(7), whole. -EIO when `out` fails. */
int config_manual(FILE *out, enum language language);

const char *config_kind_word(enum config_kind kind);

const char *config_target_word(enum config_target_kind kind);
const char *config_tlp_word(enum config_tlp tlp);
const char *config_list_format_word(enum config_list_format format);
const char *config_list_trust_word(enum config_list_trust trust);
const char *config_name_answer_word(enum config_name_answer answer);

/* The parts of "scheme://host[:port][/…]"; an IPv6 address stands in brackets and comes without; 0: no port. */
struct config_address {
        char scheme[8], host[256];
        uint16_t port;
};
int config_target_parse(const char *text, struct config_address *ret_address);
/* Whether that host is this very machine by name or number. */
bool config_is_loopback(const char *host);

/* The two halves of "address:port" or "[address]:port"; -EINVAL. */
int config_listen_parse(const char *text, struct addr *ret_addr, uint16_t *ret_port);

/* Makes the structure's zone that of the process: what people read is written in their own time. */
void config_use_zone(const struct config *config);

/* A user name or number to uid and primary gid (gid = uid for a number without an account). -ENOENT. */
int config_user_lookup(const char *user, unsigned *ret_uid, unsigned *ret_gid, struct error *error);
