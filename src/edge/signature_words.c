/* SPDX-License-Identifier: EUPL-1.2 */
/* A signature in words, French and English. */
#include "edge/signature.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct words {
        char *text;
        size_t size, length;
        bool french;
};

__attribute__((format(printf, 2, 3))) static void words_add(struct words *words, const char *format, ...)
{
        va_list list;

        if (words->length && words->length + 2 < words->size) {
                memcpy(words->text + words->length, ", ", 3);
                words->length += 2;
        }
        va_start(list, format);
        int written = vsnprintf(words->text + words->length, words->size - words->length, format, list);
        va_end(list);
        if (written > 0)
                words->length = strlen(words->text);
}

/* fr: "le port 53", "les ports 1 à 9"; en: "port 53", "ports 1 to 9". */
static void words_ports(struct words *words, const char *fr, const char *en, uint64_t low, uint64_t high)
{
        if (low == high)
                words_add(words, words->french ? "%s port %" PRIu64 : "%s port %" PRIu64,
                          words->french ? fr : en, low);
        else
                words_add(words,
                          words->french ? "%s ports %" PRIu64 " à %" PRIu64
                                        : "%s ports %" PRIu64 " to %" PRIu64,
                          words->french ? fr : en, low, high);
}

static const char *class_say(uint64_t class_, bool french)
{
        static const char *const words[SHIELD_CLASS_COUNT][2] = {
                [SHIELD_CLASS_SYN] = {"demandes de connexion TCP (SYN)", "TCP connection requests (SYN)"},
                [SHIELD_CLASS_SYNACK] = {"réponses de connexion TCP (SYN-ACK)",
                                         "TCP connection replies (SYN-ACK)"},
                [SHIELD_CLASS_TCP] = {"paquets TCP", "TCP packets"},
                [SHIELD_CLASS_RST] = {"ruptures TCP (RST)", "TCP resets (RST)"},
                [SHIELD_CLASS_UDP] = {"UDP", "UDP"},
                [SHIELD_CLASS_ICMP] = {"ICMP", "ICMP"},
                [SHIELD_CLASS_FRAGMENT] = {"fragments IP", "IP fragments"},
                [SHIELD_CLASS_OTHER] = {"autres protocoles IP", "other IP protocols"},
        };

        return class_ < SHIELD_CLASS_COUNT ? words[class_][!french] : "";
}

static void protocol_say(struct words *words, uint64_t protocol)
{
        if (protocol == 6 || protocol == 17)
                words_add(words, "%s", protocol == 6 ? "TCP" : "UDP");
        else
                words_add(words, words->french ? "protocole IP %" PRIu64 : "IP protocol %" PRIu64, protocol);
}

static void span_say(struct words *words, const char *before, const char *after, uint64_t low, uint64_t high)
{
        if (low == high)
                words_add(words, "%s%" PRIu64 "%s", before, low, after);
        else
                words_add(words,
                          words->french ? "%s%" PRIu64 " à %" PRIu64 "%s" : "%s%" PRIu64 " to %" PRIu64 "%s",
                          before, low, high, after);
}

static void mark_say(struct words *words, enum signature_facet facet, bool set)
{
        static const char *const text[][4] = {
                /* set: fr, en; clear: fr, en */
                [SIGNATURE_SERVED] = {"vers un port en service", "to a port in service",
                                      "vers un port qui n’est pas en service", "to a port not in service"},
                [SIGNATURE_EMPTY] = {"sans contenu", "without content", "avec contenu", "with content"},
                [SIGNATURE_DONT_FRAGMENT] = {"marqués « ne pas fragmenter »", "marked “do not fragment”",
                                             "fragmentables", "fragmentable"},
                [SIGNATURE_FRAGMENT] = {"fragmentés", "fragmented", "non fragmentés", "not fragmented"},
                [SIGNATURE_FRAGMENT_LATER] = {"suites de fragments", "later fragments",
                                              "pas des suites de fragments", "not later fragments"},
                [SIGNATURE_IP_OPTIONS] = {"avec options IP", "with IP options", "sans option IP",
                                          "without IP options"},
                [SIGNATURE_LOW_SOURCE_PORT] = {"venant d’un port de serveur (< 1024)",
                                               "from a server's port (< 1024)", "venant d’un port ≥ 1024",
                                               "from a port ≥ 1024"},
                [SIGNATURE_IPV6] = {"en IPv6", "over IPv6", "en IPv4", "over IPv4"},
        };

        words_add(words, "%s", text[facet][(set ? 0 : 2) + (words->french ? 0 : 1)]);
}

static void flags_say(struct words *words, uint64_t flags)
{
        static const char names[8][4] = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};
        char text[48] = "";

        for (size_t n = 0; n < 8; n++)
                if (flags >> n & 1)
                        strcat(strcat(text, *text ? "+" : ""), names[n]);
        words_add(words, words->french ? "drapeaux %s" : "flags %s",
                  *text           ? text
                  : words->french ? "aucun"
                                  : "none");
}

static void bytes_say(struct words *words, const char *fr, const char *en, uint64_t value, int digits)
{
        words_add(words, "%s %0*" PRIx64, words->french ? fr : en, digits, value);
}

/* The class names them already. */
static bool flags_said(uint64_t class_, uint64_t flags)
{
        return (class_ == SHIELD_CLASS_SYN && flags == 2) || (class_ == SHIELD_CLASS_SYNACK && flags == 18) ||
               (class_ == SHIELD_CLASS_RST && flags == 4);
}

/* Facets that are one number with a name before and a unit behind. */
static const struct span_words {
        const char *fr_before, *en_before, *fr_behind, *en_behind;
} span_words[SIGNATURE_FACET_COUNT] = {
        [SIGNATURE_LENGTH] = {"", "", " octets", " bytes"},
        [SIGNATURE_TTL] = {"TTL ", "TTL ", "", ""},
        [SIGNATURE_WINDOW] = {"fenêtre ", "window ", "", ""},
        [SIGNATURE_HEADER_WORDS] = {"en-tête TCP de ", "TCP header of ", " mots", " words"},
        [SIGNATURE_IP_ID] = {"identifiant IP ", "IP identifier ", "", ""},
        [SIGNATURE_FRAGMENT_OFFSET] = {"décalage de fragment ", "fragment offset ", "", ""},
};

static void country_say(struct words *words, uint64_t index, signature_country *country, const void *context)
{
        char code[SIGNATURE_CODE_SIZE] = "??";

        if (country)
                country(context, (uint8_t)index, code);
        words_add(words, words->french ? "venant de %s" : "from %s", code);
}

static void content_say(struct words *words, enum signature_facet facet, uint64_t value)
{
        if (facet == SIGNATURE_OPTIONS1 || facet == SIGNATURE_OPTIONS)
                bytes_say(words, "options TCP commençant par", "TCP options that begin with", value,
                          facet == SIGNATURE_OPTIONS ? 8 : 2);
        else
                bytes_say(words, "contenu commençant par", "content that begins with", value,
                          2 << (facet - SIGNATURE_PAYLOAD1));
}

/* A window's place holds type and code of ICMP. */
static void number_say(struct words *words, enum signature_facet facet, uint64_t low, uint64_t high,
                       uint64_t class_)
{
        const struct span_words *names = &span_words[facet];

        if (facet == SIGNATURE_WINDOW && class_ == SHIELD_CLASS_ICMP)
                words_add(words, "type %u code %u", (unsigned)(low >> 8), (unsigned)(low & 255));
        else
                span_say(words, words->french ? names->fr_before : names->en_before,
                         words->french ? names->fr_behind : names->en_behind, low, high);
}

static void facet_say(struct words *words, enum signature_facet facet, uint64_t low, uint64_t high,
                      uint64_t class_, signature_country *country, const void *context)
{
        switch (facet) {
        case SIGNATURE_CLASS:
                words_add(words, "%s", class_say(low, words->french));
                return;
        case SIGNATURE_PROTOCOL:
                protocol_say(words, low);
                return;
        case SIGNATURE_TCP_FLAGS:
                if (!flags_said(class_, low))
                        flags_say(words, low);
                return;
        case SIGNATURE_SOURCE_PORT:
                words_ports(words, low == high ? "venant du" : "venant des", "from", low, high);
                return;
        case SIGNATURE_DEST_PORT:
                words_ports(words, low == high ? "vers le" : "vers les", "to", low, high);
                return;
        case SIGNATURE_COUNTRY:
                country_say(words, low, country, context);
                return;
        case SIGNATURE_OPTIONS1:
        case SIGNATURE_OPTIONS:
        case SIGNATURE_PAYLOAD1:
        case SIGNATURE_PAYLOAD2:
        case SIGNATURE_PAYLOAD4:
        case SIGNATURE_PAYLOAD8:
                content_say(words, facet, low);
                return;
        default:
                if (span_words[facet].fr_before)
                        number_say(words, facet, low, high, class_);
                else
                        mark_say(words, facet, low != 0);
        }
}

void signature_say(const struct shield_signature *signature, bool french, signature_country *country,
                   const void *context, char *ret_text, size_t size)
{
        struct words words = {.text = ret_text, .size = size, .french = french};
        uint64_t low, high, class_low = SHIELD_CLASS_COUNT, ignored;

        ret_text[0] = '\0';
        signature_speaks(signature, SIGNATURE_CLASS, &class_low, &ignored);
        for (enum signature_facet n = 0; n < SIGNATURE_FACET_COUNT; n++) {
                /* The protocol goes without saying when the class is said. */
                if (!signature_says(signature, n, &low, &high) ||
                    (n == SIGNATURE_PROTOCOL && class_low < SHIELD_CLASS_COUNT))
                        continue;
                facet_say(&words, n, low, high, class_low, country, context);
        }
        if (!words.length)
                snprintf(ret_text, size, "%s", french ? "tous les paquets" : "all packets");
}
