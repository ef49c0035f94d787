/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/config.h"

#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/faults.h"
#include "service/config_near.h"
#include "service/config_schema.h"

#define SMALLEST "structure:\n  name: CHU\n  kind: etablissement\n"
#define WITH_EDGE                                                                                            \
        SMALLEST "edge:\n  interface: eth0\n  services:\n    - name: portail\n      addresses: "             \
                 "[192.0.2.10]\n"

static struct config *load(const char *text)
{
        struct error error = {0};
        struct config *config = NULL;
        int r = config_load_text("t.yaml", text, strlen(text), &config, &error);

        if (r)
                fprintf(stderr, "# %s\n", error.en);
        assert_int_equal(r, 0);
        return config;
}

static void test_defaults(void **state)
{
        struct config *config = load(WITH_EDGE);

        assert_string_equal(config->structure.name, "CHU");
        assert_int_equal(config->structure.kind, CONFIG_KIND_ETABLISSEMENT);
        assert_int_equal(config->structure.language, LANGUAGE_FR);
        assert_string_equal(config->structure.timezone, "Europe/Paris");
        assert_string_equal(config->state, "/var/lib/garde");
        assert_string_equal(config->run, "/run/garde");
        assert_string_equal(config->pin, "/sys/fs/bpf/garde");
        assert_string_equal(config->users.edge, "garde-edge");
        assert_true(config->edge.configured);
        assert_string_equal(config->edge.geo.ipv6, "/usr/share/tor/geoip6");
        assert_int_equal(config->edge.floor_pps, 2000);
        assert_int_equal(config->edge.known_good.ipv4_sources, 262144);
        assert_int_equal(config->edge.known_good.max_age_hours, 168);
        assert_int_equal(config->edge.mode, CONFIG_MODE_AUTO);
        assert_int_equal(config->edge.answer, CONFIG_ANSWER_ACT);
        assert_int_equal(config->edge.hold_seconds, 5);
        assert_int_equal(config->edge.max_measure_seconds, 3600);
        assert_int_equal(config->edge.learn_seconds, 30);
        assert_int_equal(config->edge.sample_ring_kib, 4096);
        assert_int_equal(config->edge.service_count, 1);
        assert_int_equal(config->edge.services[0].port_count, 0);
        assert_int_equal(config->edge.services[0].capacity_pps, 0);
        assert_int_equal(config->hub.join_minutes, 60);
        assert_string_equal(config->hub.owner_group, "");
        assert_string_equal(config->console.listen, "127.0.0.1:8443");
        assert_int_equal(config->console.tls, CONFIG_TLS_SELF_SIGNED);
        assert_int_equal(config->console.proxy.address_count, 0);
        assert_int_equal(config->log.level, LOG_LEVEL_INFO);
        config_free(config);
        config = load(SMALLEST);
        assert_false(config->edge.configured);
        assert_int_equal(config->edge.floor_pps, 2000);
        assert_null(config_free(config));
}

static const char everything[] =
        "structure: {name: \"Hôpital \\\"A\\\"\", finess: \"2A0000014\", kind: medico-social, address: '1, "
        "rue B',\n"
        "  language: en, timezone: Indian/Reunion}\n"
        "people:\n"
        "  declarant: {name: Anne, function: RSSI, phone: \"+33 1 02\", mail: a@b.fr}\n"
        "  dpo: {name: Bob}\n"
        "  direction: {mail: d@b.fr}\n"
        "state: /a\nrun: /b\npin: /c\n"
        "users: {edge: 1001, hub: hub_user}\n"
        "edge:\n  interface: eth0\n  mode: generic\n  sample_ring_kib: 128\n  geo: {ipv4: /g4, ipv6: /g6}\n"
        "  floor_pps: 1\n  known_good: {ipv4_sources: 1024, ipv6_sources: 2048, max_age_hours: 1}\n"
        "  answer: watch\n  hold_seconds: 7\n  max_measure_seconds: 10\n  learn_seconds: 9\n"
        "  services:\n"
        "    - {name: web, addresses: [192.0.2.0/24, \"2001:db8::/64\"], ports: [tcp/443, udp/4500],\n"
        "       capacity_pps: 1000000000}\n"
        "    - {name: vpn, addresses: [192.0.2.0/24], ports: [udp/500]}\n"
        "hub: {owner_group: soc, join_minutes: 5}\n"
        "console:\n  listen: \"[::1]:443\"\n  tls: files\n  certificate: /c.pem\n  key: /k.pem\n"
        "  names: [garde.chu.example]\n  proxy: {addresses: [127.0.0.1, 10.0.0.0/8], header: X-Remote-User, "
        "secret: /p}\n"
        "domains:\n  own: [chu.example]\n  allowed: [/top]\n  garden: {ipv6: \"2001:db8::80\"}\n"
        "  lists: [{name: a, address: \"https://a.example/x\", tlp: red, change_percent: 7}]\n"
        "log: {level: debug, format: json}\n";

static void assert_everything(const struct config *config)
{
        const struct config_service *web = &config->edge.services[0];

        assert_string_equal(config->structure.name, "Hôpital \"A\"");
        assert_string_equal(config->structure.finess, "2A0000014");
        assert_int_equal(config->structure.kind, CONFIG_KIND_MEDICO_SOCIAL);
        assert_int_equal(config->structure.language, LANGUAGE_EN);
        assert_string_equal(config->people.declarant.phone, "+33 1 02");
        assert_string_equal(config->people.direction.mail, "d@b.fr");
        assert_string_equal(config->users.edge, "1001");
        assert_int_equal(config->edge.mode, CONFIG_MODE_GENERIC);
        assert_int_equal(config->edge.answer, CONFIG_ANSWER_WATCH);
        assert_int_equal(config->edge.service_count, 2);
        assert_int_equal(web->address_count, 2);
        assert_int_equal(web->addresses[0].prefix, 24);
        assert_int_equal(web->addresses[1].family, 6);
        assert_int_equal(web->port_count, 2);
        assert_int_equal(web->ports[0].protocol, IPPROTO_TCP);
        assert_int_equal(web->ports[0].port, 443);
        assert_int_equal(web->ports[1].protocol, IPPROTO_UDP);
        assert_int_equal(web->capacity_pps, 1000000000);
        assert_string_equal(config->edge.services[1].name, "vpn");
        assert_string_equal(config->hub.owner_group, "soc");
        assert_string_equal(config->console.listen, "[::1]:443");
        assert_int_equal(config->console.tls, CONFIG_TLS_FILES);
        assert_string_equal(config->console.key, "/k.pem");
        assert_string_equal(config->console.names[0], "garde.chu.example");
        assert_int_equal(config->console.proxy.addresses[1].prefix, 8);
        assert_string_equal(config->console.proxy.header, "X-Remote-User");
        assert_string_equal(config->console.proxy.secret, "/p");
        assert_int_equal(config->log.format, LOG_FORMAT_JSON);
}

#define DOMAINS                                                                                              \
        SMALLEST "domains:\n  own: [hopital.example]\n  garden: {ipv4: 192.0.2.80}\n"                        \
                 "  lists:\n    - {name: sante, address: \"https://listes.example/noms\", trust: block}\n"   \
                 "    - {name: ici, address: \"file:///etc/garde/noms\", format: csv, change_percent: 5}\n"

static void test_names(void **state)
{
        struct config *config = load(DOMAINS);

        assert_true(config->domains.configured);
        assert_string_equal(config->domains.own[0], "hopital.example");
        assert_int_equal(config->domains.list_count, 2);
        assert_int_equal(config->domains.lists[0].trust, CONFIG_TRUST_BLOCK);
        assert_int_equal(config->domains.lists[0].format, CONFIG_LIST_PLAIN);
        assert_int_equal(config->domains.lists[0].tlp, CONFIG_TLP_AMBER);
        assert_int_equal(config->domains.lists[0].change_percent, 50);
        assert_int_equal(config->domains.lists[1].change_percent, 5);
        assert_int_equal(config->domains.lists[1].trust, CONFIG_TRUST_WATCH);
        assert_int_equal(config->domains.lists[1].every_minutes, 60);
        assert_int_equal(config->domains.answer, CONFIG_NAME_ANSWER_NXDOMAIN);
        assert_string_equal(config->domains.rpz.zone, "rpz.garde.internal");
        assert_null(config_free(config));
        config = load(SMALLEST);
        assert_false(config->domains.configured);
        assert_null(config_free(config));
}

static void test_listen_addresses(void **state)
{
        struct addr addr;
        uint16_t port;

        assert_int_equal(config_listen_parse("127.0.0.1:0", &addr, &port), 0);
        assert_int_equal(addr.family, 4);
        assert_int_equal(port, 0);
        assert_int_equal(config_listen_parse("[2001:db8::1]:65535", &addr, &port), 0);
        assert_int_equal(addr.family, 6);
        assert_int_equal(port, 65535);
        static const char *const wrong[] = {
                "",        "8443",  "127.0.0.1",   "127.0.0.1:65536", "::1:8443",
                "[::1]",   ":8443", "localhost:1", "[127.0.0.1]:1",   "10.0.0.0/8:1",
                "[::1]:x", "[]:1",  "[::1:8443",   "127.0.0.1: 1"};
        for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
                assert_int_equal(config_listen_parse(wrong[i], &addr, &port), -EINVAL);
}

/* What `garde check` prints is itself a configuration, and the same one. */
static void test_print_round_trip(void **state)
{
        struct config *config = load(everything), *again;
        char *printed = NULL;
        size_t length;
        FILE *out = open_memstream(&printed, &length);

        assert_everything(config);
        assert_int_equal(config_check_print(out, config, LANGUAGE_FR), 0);
        fclose(out);
        again = load(printed);
        assert_everything(again);
        assert_memory_equal(config, again, sizeof(*config));
        free(printed);
        config_free(config);
        config_free(again);
}

struct refusal {
        const char *text;
        const char *sentence;
};

static void assert_refused(const struct refusal *refusals, size_t count, enum language language)
{
        for (size_t i = 0; i < count; i++) {
                struct config *config = (void *)0x1;
                struct error error = {0};
                int r = config_load_text("t.yaml", refusals[i].text, strlen(refusals[i].text), &config,
                                         &error);

                if (strcmp(error_text_in(&error, r, language), refusals[i].sentence) != 0)
                        fprintf(stderr, "# case %zu:\n# got  %s\n# want %s\n", i,
                                error_text_in(&error, r, language), refusals[i].sentence);
                assert_int_equal(r, -EINVAL);
                assert_string_equal(error_text_in(&error, r, language), refusals[i].sentence);
                assert_ptr_equal(config, (void *)0x1); /* untouched */
        }
}

static void test_refusals(void **state)
{
        static const struct refusal refusals[] = {
                {"", "t.yaml:1: the file is empty; at least structure.name, structure.kind is needed"},
                {"# only talk\n",
                 "t.yaml:1: the file is empty; at least structure.name, structure.kind is needed"},
                {"- a\n", "t.yaml:1: t.yaml holds a list; expected a group of keys"},
                {"state: /a\nrun: b: c\n",
                 "t.yaml:2: malformed YAML: mapping values are not allowed in this context"},
                {SMALLEST "edgee: 3\n", "t.yaml:4: the key edgee is unknown; did you mean \"edge\"?"},
                {WITH_EDGE "  flor_pps: 3\n",
                 "t.yaml:9: the key edge.flor_pps is unknown; did you mean \"floor_pps\"?"},
                {SMALLEST "interface: eth0\n",
                 "t.yaml:4: the key interface is unknown here; its place is edge.interface"},
                {SMALLEST "hub: {quux: 3}\n",
                 "t.yaml:4: the key hub.quux is unknown; known here: owner_group, join_minutes, retention"},
                {SMALLEST "state: /a\nrun: /b\nstate: /c\n",
                 "t.yaml:6: the key state is written twice (already on line 4); keep one"},
                {"structure:\n  name: CHU\n",
                 "t.yaml:1: the key structure.kind is missing; expected one of etablissement, cabinet, "
                 "laboratoire, "
                 "radiotherapie, medico-social (kind of structure; decides which duties apply)"},
                {SMALLEST "edge:\n  interface: eth0\n",
                 "t.yaml:4: the key edge.services is missing; expected a list of 1 to 16 items (services to "
                 "protect)"},
                {WITH_EDGE "  floor_pps: 0\n",
                 "t.yaml:9: edge.floor_pps is \"0\"; expected a whole number from 1 to 100000000"},
                {WITH_EDGE "  floor_pps: 010\n",
                 "t.yaml:9: edge.floor_pps is \"010\"; expected a whole number from 1 to 100000000"},
                {WITH_EDGE "  floor_pps: lots\n",
                 "t.yaml:9: edge.floor_pps is \"lots\"; expected a whole number from 1 to 100000000"},
                {WITH_EDGE "  floor_pps: [1]\n",
                 "t.yaml:9: edge.floor_pps holds a list; expected a whole number from 1 to 100000000"},
                {WITH_EDGE "  sample_ring_kib: 100\n",
                 "t.yaml:9: edge.sample_ring_kib is \"100\"; expected a power of two from 64 to 65536"},
                {WITH_EDGE "  mode: fast\n",
                 "t.yaml:9: edge.mode is \"fast\"; expected one of auto, native, generic"},
                {WITH_EDGE "  answer:\n", "t.yaml:9: edge.answer is empty; expected one of act, watch"},
                {SMALLEST "console: {listen: localhost}\n",
                 "t.yaml:4: console.listen is \"localhost\"; expected an address and a port such as "
                 "127.0.0.1:8443 or [::1]:8443, or off"},
                {SMALLEST "console:\n  proxy: {addresses: [127.0.0.1], header: X-Remote-User}\n",
                 "t.yaml:5: console.proxy.header needs addresses and secret: without them anybody could say "
                 "who he is"},
                {SMALLEST "console:\n  proxy: {header: X-Remote-User, secret: /p}\n",
                 "t.yaml:5: console.proxy.header needs addresses and secret: without them anybody could say "
                 "who he is"},
                {SMALLEST "console:\n  listen: 10.0.0.1:443\n  tls: off\n",
                 "t.yaml:6: console.listen is \"10.0.0.1:443\", which other machines reach, and console.tls "
                 "is "
                 "off; write tls: self-signed or tls: files, or listen on 127.0.0.1"},
                {SMALLEST "console:\n  certificate: /c\n",
                 "t.yaml:4: tls: files needs console.certificate and console.key, and they need it"},
                {SMALLEST "console:\n  tls: files\n  key: /c\n",
                 "t.yaml:5: tls: files needs console.certificate and console.key, and they need it"},
                {SMALLEST "state: here\n", "t.yaml:4: state is \"here\"; expected an absolute path"},
                {SMALLEST "state: /a/../b\n", "t.yaml:4: state is \"/a/../b\"; expected an absolute path"},
                {SMALLEST "state: \"/a\\nb\"\n",
                 "t.yaml:4: state holds a control character; expected an absolute path"},
                {SMALLEST "state: \"/a\\0b\"\n",
                 "t.yaml:4: state holds a control character; expected an absolute path"},
                {SMALLEST "people: {dpo: {mail: nobody}}\n",
                 "t.yaml:4: people.dpo.mail is \"nobody\"; expected a mail address"},
                {SMALLEST "people: Anne\n", "t.yaml:4: people holds a text; expected a group of keys"},
                {WITH_EDGE "    - name: b\n      addresses: [192.0.2.300]\n",
                 "t.yaml:10: edge.services[2].addresses[1] is \"192.0.2.300\"; expected an address or a "
                 "prefix with no bits "
                 "beyond it, such as 192.0.2.10, 192.0.2.0/24 or 2001:db8::/64"},
                {WITH_EDGE "      ports: [tcp/0]\n", "t.yaml:9: edge.services[1].ports[1] is \"tcp/0\"; "
                                                     "expected a port such as tcp/443 or udp/4500"},
                {WITH_EDGE "      ports: []\n", "t.yaml:9: edge.services[1].ports has 0 items; expected a "
                                                "list of 1 to 32 items, each a port such as "
                                                "tcp/443 or udp/4500"},
                {WITH_EDGE "    - name: portail\n      addresses: [192.0.2.11]\n",
                 "t.yaml:9: edge.services[2].name is \"portail\", already taken on line 7; give every "
                 "service a name of its own"},
                {WITH_EDGE "    - name: b\n      addresses: [\"::1\", \"::1\"]\n",
                 "t.yaml:10: edge.services[2].addresses[2] is \"::1\", already written on line 10 for this "
                 "service; keep one"},
                {"a: &x 1\nb: *x\n",
                 "t.yaml:1: YAML anchors and aliases (& and *) are not allowed; write the value out"},
                {SMALLEST "state: !!str /a\n",
                 "t.yaml:4: the YAML tag tag:yaml.org,2002:str is not allowed; write the value alone"},
                {SMALLEST "---\nstate: /a\n",
                 "t.yaml:4: a second YAML document begins here; only one is allowed"},
                {"? [a]\n: b\n", "t.yaml:1: a key must be a plain word"},
                {"a: [[[[[[[[[[1]]]]]]]]]]\n",
                 "t.yaml:1: nested deeper than 8 levels; the configuration needs no such depth"},
        };

        assert_refused(refusals, ARRAY_LEN(refusals), LANGUAGE_EN);
}

static void test_refusals_of_names(void **state)
{
        static const struct refusal refusals[] = {
                {DOMAINS "    - {name: ici, address: \"file:///b\"}\n",
                 "t.yaml:10: domains.lists[3].name is \"ici\", already taken on line 9; give every list a "
                 "name of "
                 "its own"},
                {DOMAINS "    - {name: x, address: \"http://listes.example/noms\"}\n",
                 "t.yaml:10: domains.lists[3].address is \"http://listes.example/noms\"; expected "
                 "file:///path, "
                 "https://host/path, or http:// to this machine"},
                {DOMAINS "    - {name: x, address: \"file:///b\", format: taxii}\n",
                 "t.yaml:10: list x is of format taxii: its address must be https://, not a file"},
                {SMALLEST "domains: {own: [hopital]}\n",
                 "t.yaml:4: domains.own[1] is \"hopital\"; expected a domain name such as hospital.example"},
                {SMALLEST "domains: {answer: garden}\n",
                 "t.yaml:4: domains.answer is garden; that needs domains.garden.ipv4 or ipv6"},
                {SMALLEST "domains: {garden: {ipv4: \"2001:db8::1\"}}\n",
                 "t.yaml:4: domains.garden.ipv4 is \"2001:db8::1\"; expected an IPv4 address"},
                {SMALLEST "domains:\n  rpz: {hook: /bin/true}\n",
                 "t.yaml:5: domains.rpz.hook needs domains.rpz.file"},
        };

        assert_refused(refusals, ARRAY_LEN(refusals), LANGUAGE_EN);
}

static void test_refusals_in_french(void **state)
{
        static const struct refusal refusals[] = {
                {SMALLEST "edgee: 3\n", "t.yaml:4: la clé edgee est inconnue" NNBSP
                                        "; vouliez-vous écrire «" NBSP "edge" NBSP "»" NNBSP "?"},
                {WITH_EDGE "  hold_seconds: 0\n", "t.yaml:9: edge.hold_seconds vaut «" NBSP "0" NBSP "»" NNBSP
                                                  "; attendu" NBSP ": un nombre entier de 1 à 86400"},
                {WITH_EDGE "  mode: vite\n", "t.yaml:9: edge.mode vaut «" NBSP "vite" NBSP "»" NNBSP
                                             "; attendu" NBSP ": un mot parmi auto, native, generic"},
        };

        assert_refused(refusals, ARRAY_LEN(refusals), LANGUAGE_FR);
}

/* ---- all faults at once ---- */

/* Loads what is wrong, and holds every fault against what is expected, in the order of lines. */
static void assert_faults(const char *text, const char *const *sentences, size_t count)
{
        CLEANUP(faults_release) struct faults faults = {0};
        struct error error = {.faults = &faults};
        struct config *config = NULL;

        assert_int_equal(config_load_text("t.yaml", text, strlen(text), &config, &error), -EINVAL);
        for (size_t i = 0; i < faults.count; i++)
                if (i >= count || strcmp(faults.list[i].en, sentences[i]))
                        fprintf(stderr, "# got %s\n", faults.list[i].en);
        assert_int_equal(faults.count, count);
        for (size_t i = 0; i < count; i++)
                assert_string_equal(faults.list[i].en, sentences[i]);
        assert_string_equal(error.en, sentences[0]);
        assert_string_equal(error.fr, faults.list[0].fr);
}

static void test_every_fault_is_named(void **state)
{
        static const char text[] = "structure:\n"
                                   "  naem: CHU\n"
                                   "  finess: 12\n"
                                   "state: here\n"
                                   "edge:\n"
                                   "  mode: fast\n"
                                   "  floor_pps: 0\n"
                                   "  services:\n"
                                   "    - name: a\n"
                                   "      addresses: [192.0.2.1, 192.0.2.1, 192.0.2.300]\n"
                                   "    - name: a\n"
                                   "      ports: [tcp/0, udp/4500, sctp/1]\n"
                                   "floor_pps: 3000\n"
                                   "state: /a\n";
        static const char *const sentences[] = {
                "t.yaml:1: the key structure.kind is missing; expected one of etablissement, cabinet, "
                "laboratoire, radiotherapie, medico-social (kind of structure; decides which duties apply)",
                "t.yaml:2: the key structure.naem is unknown; did you mean \"name\"?",
                "t.yaml:3: structure.finess is \"12\"; expected the 9 characters of a FINESS number, in "
                "quotes",
                "t.yaml:4: state is \"here\"; expected an absolute path",
                "t.yaml:5: the key edge.interface is missing; expected the name of a network interface of at "
                "most 15 characters (network interface on which the traffic to filter arrives)",
                "t.yaml:6: edge.mode is \"fast\"; expected one of auto, native, generic",
                "t.yaml:7: edge.floor_pps is \"0\"; expected a whole number from 1 to 100000000",
                "t.yaml:10: edge.services[1].addresses[3] is \"192.0.2.300\"; expected an address or a "
                "prefix "
                "with no bits beyond it, such as 192.0.2.10, 192.0.2.0/24 or 2001:db8::/64",
                "t.yaml:10: edge.services[1].addresses[2] is \"192.0.2.1\", already written on line 10 for "
                "this service; keep one",
                "t.yaml:11: the key edge.services[2].addresses is missing; expected a list of 1 to 32 items, "
                "each an address or a prefix with no bits beyond it, such as 192.0.2.10, 192.0.2.0/24 or "
                "2001:db8::/64 (addresses and prefixes to protect, IPv4 and IPv6)",
                "t.yaml:11: edge.services[2].name is \"a\", already taken on line 9; give every service a "
                "name "
                "of its own",
                "t.yaml:12: edge.services[2].ports[1] is \"tcp/0\"; expected a port such as tcp/443 or "
                "udp/4500",
                "t.yaml:12: edge.services[2].ports[3] is \"sctp/1\"; expected a port such as tcp/443 or "
                "udp/4500",
                "t.yaml:13: the key floor_pps is unknown here; its place is edge.floor_pps",
                "t.yaml:14: the key state is written twice (already on line 4); keep one",
        };

        assert_faults(text, sentences, ARRAY_LEN(sentences));
}

/* A key that waits for its value is looked at as such; what only meets another key is looked at all the same. */
static void test_faults_of_console_and_targets(void **state)
{
        static const char text[] = SMALLEST "console: {listen: 10.0.0.1:443, tls: off, key: /k}\n"
                                            "out:\n"
                                            "  targets:\n"
                                            "    - {name: s, kind: mail, address: \"https://a.example\", "
                                            "events: [gravity]}\n"
                                            "    - name: s\n"
                                            "      kind: fir\n"
                                            "      address: \"https://f.example\"\n"
                                            "      tls: {key: /k}\n"
                                            "      events: [weather]\n";
        static const char *const sentences[] = {
                "t.yaml:4: tls: files needs console.certificate and console.key, and they need it",
                "t.yaml:4: console.listen is \"10.0.0.1:443\", which other machines reach, and console.tls "
                "is "
                "off; write tls: self-signed or tls: files, or listen on 127.0.0.1",
                "t.yaml:7: the address \"https://a.example\" does not go with kind: mail; expected: syslog "
                "tls:// (tcp:// and udp:// to this machine alone), webhook, iris and fir https://, mail "
                "smtp:// or smtps://",
                "t.yaml:7: target s is incomplete: kind: mail needs from and to",
                "t.yaml:8: out.targets[2].name is \"s\", already taken on line 7; give every target a name "
                "of "
                "its own",
                "t.yaml:8: target s is incomplete: kind: fir needs category and detection",
                "t.yaml:11: target s is incomplete: tls.certificate and tls.key go together",
                "t.yaml:12: out.targets[2].events[1] is \"weather\"; expected incident.opened, "
                "incident.closed, gravity, obligation.due, obligation.overdue, status.published, "
                "measure.applied or measure.ended",
        };

        assert_faults(text, sentences, ARRAY_LEN(sentences));
}

/* Decorations are told and read past; malformed YAML stands alone. */
static void test_faults_of_yaml(void **state)
{
        static const char *const decorated[] = {
                "t.yaml:2: YAML anchors and aliases (& and *) are not allowed; write the value out",
                "t.yaml:3: YAML anchors and aliases (& and *) are not allowed; write the value out",
                "t.yaml:4: the YAML tag tag:yaml.org,2002:str is not allowed; write the value alone",
                "t.yaml:4: state is \"here\"; expected an absolute path",
                "t.yaml:5: YAML anchors and aliases (& and *) are not allowed; write the value out",
        };
        static const char *const malformed[] = {
                "t.yaml:4: malformed YAML: mapping values are not allowed in this context"};

        assert_faults("structure:\n  name: &n CHU\n  kind: *n\nstate: !!str here\n<<: *n\n", decorated,
                      ARRAY_LEN(decorated));
        assert_faults("structure: {name: 1}\nstate: here\n\nrun: b: c\n", malformed, ARRAY_LEN(malformed));
}

/* However long the file: so many faults by place, the others counted, in both languages. */
static void test_faults_are_bounded(void **state)
{
        CLEANUP(faults_release) struct faults faults = {0};
        struct error error = {.faults = &faults};
        struct buffer text = BUFFER_INIT(65536);
        struct config *config = NULL;

        buffer_text(&text, SMALLEST);
        for (int i = 0; i < 1000; i++)
                buffer_format(&text, "surplus%d: 1\n", i);
        assert_int_equal(config_load_text("t.yaml", text.data, text.length, &config, &error), -EINVAL);
        assert_int_equal(faults.count, FAULTS_MAX);
        assert_int_equal(faults.more, 1000 - FAULTS_MAX);
        for (unsigned i = 0; i < FAULTS_MAX; i++) {
                assert_int_equal(faults.list[i].line, i + 4);
                assert_non_null(strstr(faults.list[i].fr, "est inconnue"));
        }
        assert_string_equal(faults.list[0].key, "surplus0");
        buffer_release(&text);
}

/* 33 IPv4 prefixes over two services: one too many, although neither service has too many. */
static void test_family_cap(void **state)
{
        struct buffer text = BUFFER_INIT(65536);
        struct config *config = NULL;
        struct error error = {0};

        buffer_text(&text, SMALLEST "edge:\n  interface: eth0\n  services:\n");
        for (int i = 0; i < 33; i++) {
                if (i % 17 == 0)
                        buffer_format(&text, "    - name: s%d\n      addresses:\n", i);
                buffer_format(&text, "        - 192.0.2.%d\n", i);
        }
        assert_int_equal(config_load_text("t.yaml", text.data, text.length, &config, &error), -EINVAL);
        assert_string_equal(error.en, "t.yaml:43: edge.services[2].addresses[16] is IPv4 address number 33; "
                                      "expected at most 32 over all services");
        assert_non_null(strstr(error.fr, "la 33-ième adresse IPv4" NNBSP "; attendu" NBSP ": 32 au plus"));
        buffer_release(&text);
}

static void test_bounds(void **state)
{
        struct buffer text = BUFFER_INIT(2 * CONFIG_FILE_MAX);
        struct config *config = NULL;
        struct error error = {0};

        buffer_text(&text, "structure:\n  name: [");
        for (int i = 0; i < 5000; i++)
                buffer_text(&text, "a,");
        assert_int_equal(config_load_text("t.yaml", text.data, text.length, &config, &error), -EINVAL);
        assert_non_null(strstr(error.en, "more than 4096 values"));
        while (text.length <= CONFIG_FILE_MAX)
                buffer_text(&text, "# a comment that fills the file\n");
        assert_int_equal(config_load_text("t.yaml", text.data, text.length, &config, &error), -EFBIG);
        assert_int_equal(config_load("/nonexistent/garde.yaml", &config, &error), -ENOENT);
        assert_non_null(strstr(error.en, "/nonexistent/garde.yaml"));
        assert_null(config);
        buffer_release(&text);
}

#define TARGET(keys) "structure: {name: H, kind: cabinet}\nout:\n  targets:\n    - {" keys "}\n"

/* What a target needs together; unencrypted stays on this machine. */
static void test_targets(void **state)
{
        static const char *const wrong[] = {
                TARGET("name: s, kind: syslog, address: "
                       "\"udp://192.0.2.1:514\", "
                       "events: [gravity]"),
                TARGET("name: s, kind: syslog, address: "
                       "\"tcp://siem.example:601\", "
                       "events: [gravity]"),
                TARGET("name: s, kind: webhook, address: "
                       "\"http://soc.example/\", "
                       "events: [gravity]"),
                TARGET("name: s, kind: webhook, address: "
                       "\"https://me:secret@soc.example/\", events: "
                       "[gravity]"),
                TARGET("name: s, kind: webhook, address: "
                       "\"https://soc.example\\r\\nX: y\", events: "
                       "[gravity]"),
                TARGET("name: s, kind: mail, address: "
                       "\"smtp://mail.example\", "
                       "events: [gravity]"),
                TARGET("name: s, kind: fir, address: "
                       "\"https://fir.example\", "
                       "events: [gravity]"),
                TARGET("name: s, kind: syslog, address: "
                       "\"tls://siem.example\", "
                       "events: [weather]"),
                TARGET("name: s, kind: syslog, address: "
                       "\"tls://siem.example\", "
                       "events: [gravity], "
                       "tls: {key: /etc/key}"),
                TARGET("name: \"S S\", kind: syslog, address: "
                       "\"tls://siem.example\", events: [gravity]"),
        };
        static const char right[] = TARGET("name: s, kind: syslog, address: \"udp://127.0.0.1:514\", "
                                           "events: [gravity], tlp: red, "
                                           "personal: yes");
        struct config *config = NULL;
        struct config_address address;

        for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
                assert_int_equal(config_load_text("t.yaml", wrong[i], strlen(wrong[i]), &config, NULL),
                                 -EINVAL);
        assert_int_equal(config_load_text("t.yaml", right, strlen(right), &config, NULL), 0);
        assert_int_equal(config->out.target_count, 1);
        assert_int_equal(config->out.targets[0].tlp, CONFIG_TLP_RED);
        assert_int_equal(config->out.targets[0].personal, CONFIG_YES);
        assert_int_equal(config->out.targets[0].private, CONFIG_NO);
        assert_string_equal(config->out.secrets, "/etc/garde/out.secrets");
        config_free(config);
        assert_int_equal(config_target_parse("tls://[2001:db8::1]:6514", &address), 0);
        assert_string_equal(address.host, "2001:db8::1");
        assert_int_equal(address.port, 6514);
        assert_int_equal(config_target_parse("https://soc.example:0/x", &address), -EINVAL);
        assert_int_equal(config_target_parse("https:///x", &address), -EINVAL);
        assert_true(config_is_loopback("::1"));
        assert_false(config_is_loopback("127.0.0.1.example"));
}

/* Every key of the schema has help in both languages, and a default that its own check accepts. */
static void check_keys(const struct config_key *keys)
{
        for (const struct config_key *key = keys; key->name; key++) {
                uint64_t number;

                assert_true(key->help.text[LANGUAGE_FR] && *key->help.text[LANGUAGE_FR]);
                assert_true(key->help.text[LANGUAGE_EN] && *key->help.text[LANGUAGE_EN]);
                if (key->check)
                        /* a check without words would make a sentence that says nothing */
                        assert_true(key->expected.text[0] && key->expected.text[1]);
                if (key->fallback && key->check)
                        assert_true(key->check(key->fallback));
                if (key->fallback && key->type == CONFIG_NUMBER) {
                        assert_true(config_number_parse(key->fallback, &number));
                        assert_in_range(number, key->min, key->max);
                }
                assert_false(key->required && key->fallback);
                if (key->children)
                        check_keys(key->children);
        }
}

static void test_schema(void **state)
{
        check_keys(config_schema);
}

static size_t count_keys(const struct config_key *keys)
{
        size_t count = 0;

        for (const struct config_key *key = keys; key->name; key++)
                count += 1 + (key->children ? count_keys(key->children) : 0);
        return count;
}

static void test_manual(void **state)
{
        for (int language = 0; language < LANGUAGE_COUNT; language++) {
                char *page = NULL;
                size_t length, items = 0;
                FILE *out = open_memstream(&page, &length);

                assert_int_equal(config_manual(out, (enum language)language), 0);
                fclose(out);
                for (const char *p = page; (p = strstr(p, "\n.It Ic ")); p++)
                        items++;
                assert_int_equal(items, count_keys(config_schema));
                assert_non_null(strstr(page, ".It Ic edge.services[].capacity_pps\n"));
                assert_non_null(strstr(page, "2000"));
                free(page);
        }
}

static void test_example_in_manual_loads(void **state)
{
        char *page = NULL, *from, *to;
        size_t length;
        FILE *out = open_memstream(&page, &length);

        assert_int_equal(config_manual(out, LANGUAGE_FR), 0);
        fclose(out);
        from = strstr(page, ".Bd -literal\n");
        assert_non_null(from);
        from += strlen(".Bd -literal\n");
        to = strstr(from, ".Ed\n");
        assert_non_null(to);
        *to = '\0';
        config_free(load(from));
        free(page);
}

static void test_user(void **state)
{
        struct error error = {0};
        unsigned uid = 7, gid = 7;

        assert_int_equal(config_user_lookup("root", &uid, &gid, &error), 0);
        assert_int_equal(uid, 0);
        assert_int_equal(config_user_lookup("4000000", &uid, &gid, &error), 0);
        assert_int_equal(uid, 4000000);
        assert_int_equal(gid, 4000000);
        assert_int_equal(config_user_lookup("no-such-user-here", &uid, &gid, &error), -ENOENT);
        assert_non_null(strstr(error.en, "no-such-user-here"));
        assert_int_equal(uid, 4000000);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_defaults),
                cmocka_unit_test(test_names),
                cmocka_unit_test(test_print_round_trip),
                cmocka_unit_test(test_listen_addresses),
                cmocka_unit_test(test_refusals),
                cmocka_unit_test(test_refusals_of_names),
                cmocka_unit_test(test_refusals_in_french),
                cmocka_unit_test(test_every_fault_is_named),
                cmocka_unit_test(test_faults_of_console_and_targets),
                cmocka_unit_test(test_faults_of_yaml),
                cmocka_unit_test(test_faults_are_bounded),
                cmocka_unit_test(test_family_cap),
                cmocka_unit_test(test_bounds),
                cmocka_unit_test(test_targets),
                cmocka_unit_test(test_schema),
                cmocka_unit_test(test_manual),
                cmocka_unit_test(test_example_in_manual_loads),
                cmocka_unit_test(test_user),
        };

        return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
