/* SPDX-License-Identifier: EUPL-1.2 */
/* The sentences about a wrong garde.yaml, in both languages. Private to config. */
#pragma once

#include "base/faults.h"
#include "service/config.h"

/* Arguments come in the same order in both languages; NAME:LINE is put before. */
#define CONFIG_COMPLAINTS(X)                                                                                    \
        X(EMPTY, "le fichier est vide ; il faut au moins %s", "the file is empty; at least %s is needed")       \
        X(SYNTAX, "YAML mal formé : %s", "malformed YAML: %s")                                                  \
        X(ALIAS,                                                                                                \
          "les ancres et alias YAML (& et *) ne sont pas admis ; écrivez la valeur en toutes lettres",          \
          "YAML anchors and aliases (& and *) are not allowed; write the value out")                            \
        X(TAG, "l'étiquette YAML %s n'est pas admise ; écrivez la valeur seule",                                \
          "the YAML tag %s is not allowed; write the value alone")                                              \
        X(DOCUMENTS, "un second document YAML commence ici ; un seul est admis",                                \
          "a second YAML document begins here; only one is allowed")                                            \
        X(DEPTH, "plus de %d niveaux d'imbrication ; la configuration n'en demande pas tant",                   \
          "nested deeper than %d levels; the configuration needs no such depth")                                \
        X(NODES, "plus de %d valeurs dans le fichier ; la configuration n'en demande pas tant",                 \
          "more than %d values in the file; the configuration needs no such number")                            \
        X(KEY_KIND, "une clé doit être un simple mot", "a key must be a plain word")                            \
        X(UNKNOWN_NEAR, "la clé %s est inconnue ; vouliez-vous écrire « %s » ?",                                \
          "the key %s is unknown; did you mean \"%s\"?")                                                        \
        X(UNKNOWN_ELSEWHERE, "la clé %s est inconnue ici ; sa place est %s",                                    \
          "the key %s is unknown here; its place is %s")                                                        \
        X(UNKNOWN, "la clé %s est inconnue ; ici sont admises : %s",                                            \
          "the key %s is unknown; known here: %s")                                                              \
        X(DOUBLE, "la clé %s est écrite deux fois (déjà ligne %u) ; gardez-en une",                             \
          "the key %s is written twice (already on line %u); keep one")                                         \
        X(MISSING, "il manque la clé %s ; attendu : %s (%s)", "the key %s is missing; expected %s (%s)")        \
        X(VALUE, "%s vaut « %s » ; attendu : %s", "%s is \"%s\"; expected %s")                                  \
        X(VOID, "%s est vide ; attendu : %s", "%s is empty; expected %s")                                       \
        X(SHAPE, "%s contient %s ; attendu : %s", "%s holds %s; expected %s")                                   \
        X(ITEMS, "%s compte %u éléments ; attendu : %s", "%s has %u items; expected %s")                        \
        X(CONTROL, "%s contient un caractère de contrôle ; attendu : %s",                                       \
          "%s holds a control character; expected %s")                                                          \
        X(SAME_NAME, "%s vaut « %s », déjà pris ligne %u ; donnez un nom différent à chaque service",           \
          "%s is \"%s\", already taken on line %u; give every service a name of its own")                       \
        X(SAME_ADDRESS, "%s vaut « %s », déjà écrit ligne %u pour ce service ; gardez-en un",                   \
          "%s is \"%s\", already written on line %u for this service; keep one")                                \
        X(FAMILY, "%s est la %u-ième adresse IPv%d ; attendu : %d au plus pour tous les services ensemble",     \
          "%1$s is IPv%3$d address number %2$u; expected at most %4$d over all services")                       \
        X(CONSOLE_OPEN,                                                                                         \
          "console.listen vaut « %s », que d'autres machines atteignent, et console.tls vaut off ; écrivez " \
          "tls: self-signed ou tls: files, ou écoutez sur 127.0.0.1",                                           \
          "console.listen is \"%s\", which other machines reach, and console.tls is off; write tls: "           \
          "self-signed or tls: files, or listen on 127.0.0.1")                                                  \
        X(CONSOLE_FILES, "tls: files va avec console.certificate et console.key, et eux avec lui%s",            \
          "tls: files needs console.certificate and console.key, and they need it%s")                           \
        X(CONSOLE_PROXY,                                                                                        \
          "console.proxy.header va avec addresses et secret : sans eux, n'importe qui dirait qui il est%s",     \
          "console.proxy.header needs addresses and secret: without them anybody could say who he is%s")        \
        X(SAME_TARGET, "%s vaut « %s », déjà pris ligne %u ; donnez un nom différent à chaque cible",           \
          "%s is \"%s\", already taken on line %u; give every target a name of its own")                        \
        X(TARGET_ADDRESS,                                                                                       \
          "l'adresse « %s » ne va pas avec kind: %s ; attendu : syslog tls:// (tcp:// et udp:// vers cette "  \
          "machine seulement), webhook, iris et fir https://, mail smtp:// ou smtps://",                        \
          "the address \"%s\" does not go with kind: %s; expected: syslog tls:// (tcp:// and udp:// to "        \
          "this "                                                                                               \
          "machine alone), webhook, iris and fir https://, mail smtp:// or smtps://")                           \
        X(TARGET_MAIL, "la cible %s est incomplète : kind: mail demande from et to",                            \
          "target %s is incomplete: kind: mail needs from and to")                                              \
        X(TARGET_FIR, "la cible %s est incomplète : kind: fir demande category et detection",                   \
          "target %s is incomplete: kind: fir needs category and detection")                                    \
        X(TARGET_TLS, "la cible %s est incomplète : tls.certificate et tls.key vont ensemble",                  \
          "target %s is incomplete: tls.certificate and tls.key go together")                                   \
        X(SAME_LIST, "%s vaut « %s », déjà pris ligne %u ; donnez un nom différent à chaque liste",             \
          "%s is \"%s\", already taken on line %u; give every list a name of its own")                          \
        X(LIST_PIECES, "la liste %s est de format %s : son adresse doit être en https://, pas un fichier",      \
          "list %s is of format %s: its address must be https://, not a file")                                  \
        X(GARDEN, "%s vaut garden ; il faut alors domains.garden.ipv4 ou ipv6",                                 \
          "%s is garden; that needs domains.garden.ipv4 or ipv6")                                               \
        X(RPZ_HOOK, "domains.rpz.hook va avec domains.rpz.file%s",                                              \
          "domains.rpz.hook needs domains.rpz.file%s")                                                          \
        X(LIBRARY, "refusé par libcyaml : %s", "refused by libcyaml: %s")

#define CONFIG_COMPLAINT_ENUM(name, fr, en) COMPLAINT_##name,
enum config_complaint { CONFIG_COMPLAINTS(CONFIG_COMPLAINT_ENUM) COMPLAINT_COUNT };

/* One fault, told in both languages from the same arguments; `key` is its place in the file. Returns -EINVAL. */
int config_complain(struct fault_log *log, unsigned line, const char *key, enum config_complaint complaint,
                    ...);

/* That language's side of `said` alone, where arguments differ with the language; fault_log_add() takes both. */
void config_complaint_say(struct error *said, enum language language, enum config_complaint complaint, ...);
