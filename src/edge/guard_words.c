/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/guard_words.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "flow/country.h"
#include "edge/signature.h"

#define SENTENCE_SIZE 1536
#define SHAPE_SIZE    512
#define NUMBER_SIZE   48
#define COUNTRIES_SAY 8

#define NARROW_SPACE "\u202f" /* between thousands in French */

_Static_assert(COUNTRY_CODE_SIZE == SIGNATURE_CODE_SIZE, "a country is two letters everywhere");

void guard_words_country(const void *context, uint8_t index, char ret_code[static SIGNATURE_CODE_SIZE])
{
        country_code(index, ret_code);
}

/* Three digits are enough for a person: 312 000, not 311 987. */
static double rounded(double number)
{
        if (number < 1000)
                return round(number);
        double unit = pow(10, floor(log10(number)) - 2);

        return round(number / unit) * unit;
}

static const char *number_say(double number, bool french, char text[static NUMBER_SIZE])
{
        char digits[32];
        size_t length = 0;

        snprintf(digits, sizeof(digits), "%.0f", rounded(fmin(fmax(number, 0), 1e15)));
        size_t count = strlen(digits);
        for (size_t n = 0; n < count && length + 8 < NUMBER_SIZE; n++) {
                if (n && (count - n) % 3 == 0) {
                        const char *gap = french ? NARROW_SPACE : ",";

                        memcpy(text + length, gap, strlen(gap));
                        length += strlen(gap);
                }
                text[length++] = digits[n];
        }
        text[length] = '\0';
        return text;
}

static const char *time_say(int64_t ms, bool french, char text[static NUMBER_SIZE])
{
        time_t seconds = (time_t)(ms / 1000);
        struct tm local;

        tzset();
        if (!localtime_r(&seconds, &local))
                memset(&local, 0, sizeof(local));
        snprintf(text, NUMBER_SIZE, french ? "%d h %02d" : "%d:%02d", local.tm_hour, local.tm_min);
        return text;
}

/* Who answers there, for services that forged questions are sent to so that the answers hit somebody else. */
static const char *reflector_name(uint64_t port)
{
        static const struct {
                uint16_t port;
                const char *name;
        } reflectors[] = {
                {19, "chargen"},        {53, "DNS"},           {111, "RPC"},
                {123, "NTP"},           {137, "NetBIOS"},      {161, "SNMP"},
                {389, "LDAP"},          {1900, "SSDP"},        {3283, "ARD"},
                {3702, "WS-Discovery"}, {5353, "mDNS"},        {5683, "CoAP"},
                {11211, "memcached"},   {37810, "DHDiscover"}, {47808, "BACnet"},
        };

        for (size_t n = 0; n < ARRAY_LEN(reflectors); n++)
                if (reflectors[n].port == port)
                        return reflectors[n].name;
        return NULL;
}

/* What the packets mostly are, French and English, and whether French says "elles". */
struct bulk {
        const char *fr, *en;
        bool feminine;
};

static struct bulk bulk_name(enum shield_class class_, bool shaped)
{
        switch (class_) {
        case SHIELD_CLASS_SYN:
                if (shaped)
                        return (struct bulk){"des demandes de connexion forgées",
                                             "forged connection requests", true};
                return (struct bulk){"des demandes de connexion", "connection requests", true};
        case SHIELD_CLASS_SYNACK:
                return (struct bulk){"des réponses de connexion que personne n’a demandées",
                                     "connection replies nobody asked for", true};
        case SHIELD_CLASS_TCP:
                return (struct bulk){"des paquets TCP", "TCP packets", false};
        case SHIELD_CLASS_RST:
                return (struct bulk){"des ruptures de connexion", "connection resets", true};
        case SHIELD_CLASS_UDP:
                return (struct bulk){"des paquets UDP", "UDP packets", false};
        case SHIELD_CLASS_ICMP:
                return (struct bulk){"des messages de contrôle ICMP", "ICMP control messages", false};
        case SHIELD_CLASS_FRAGMENT:
                return (struct bulk){"des morceaux de paquets", "pieces of packets", false};
        default:
                return (struct bulk){"des paquets de protocoles rares", "packets of rare protocols", false};
        }
}

static struct bulk bulk_of(const struct engine_news *news, char text[2][SHAPE_SIZE])
{
        uint64_t class_ = news->most, port, high;
        bool shaped = news->share > 0;

        if (shaped)
                signature_speaks(&news->shape, SIGNATURE_CLASS, &class_, &high);
        if (!shaped || class_ != SHIELD_CLASS_UDP ||
            !signature_speaks(&news->shape, SIGNATURE_SOURCE_PORT, &port, &high) || port != high ||
            !reflector_name(port))
                return bulk_name((enum shield_class)class_, shaped);
        snprintf(text[0], SHAPE_SIZE, "des réponses %s que personne n’a demandées", reflector_name(port));
        snprintf(text[1], SHAPE_SIZE, "%s replies nobody asked for", reflector_name(port));
        return (struct bulk){text[0], text[1], true};
}

/* Only what is so: nothing is dropped where the edge watches, and a fence turns newcomers away. */
static const char *does_say(const struct guard_words *words, const struct engine_news *news, bool french,
                            bool feminine)
{
        if (words->watch && !news->kinds)
                return french ? "Garde observe seulement : rien n’est écarté."
                              : "Garde only watches: nothing is dropped.";
        if (words->watch)
                return french ? "Garde observe ; seules agissent les mesures qu’une personne a demandées."
                              : "Garde watches; only measures that a person asked for act.";
        if (!news->kinds)
                return french ? "Garde cherche comment les écarter sans gêner personne."
                              : "Garde is looking for a way to drop them without disturbing anybody.";
        if (news->by_known)
                return !french    ? "They are dropped."
                       : feminine ? "Elles sont écartées."
                                  : "Ils sont écartés.";
        if (news->kinds >> SHIELD_KIND_FENCE & 1)
                return !french    ? "They are dropped; whoever Garde knows gets through."
                       : feminine ? "Elles sont écartées ; ceux que Garde connaît passent."
                                  : "Ils sont écartés ; ceux que Garde connaît passent.";
        return !french    ? "They are dropped; patients and staff get through."
               : feminine ? "Elles sont écartées ; patients et personnel passent."
                          : "Ils sont écartés ; patients et personnel passent.";
}

static void begins_say(const struct guard_words *words, const struct engine_news *news, bool french,
                       char *text)
{
        char rate[NUMBER_SIZE], normal[NUMBER_SIZE], since[NUMBER_SIZE], names[2][SHAPE_SIZE];
        char usually[2 * NUMBER_SIZE] = "";
        bool named = news->share > 0 || news->most < SHIELD_CLASS_COUNT;
        struct bulk name = named ? bulk_of(news, names) : (struct bulk){"", "", false};
        size_t length;

        number_say(news->rate_pps, french, rate);
        time_say(words->began_ms, french, since);
        if (news->normal_pps >= 1)
                snprintf(usually, sizeof(usually), french ? " (d’habitude : %s)" : " (usually: %s)",
                         number_say(news->normal_pps, french, normal));
        snprintf(text, SENTENCE_SIZE,
                 french ? "Depuis %s, %s paquets par seconde arrivent sur « %s »%s. "
                        : "Since %s, %s packets a second arrive at “%s”%s. ",
                 since, rate, words->subject, usually);
        length = strlen(text);
        if (named)
                snprintf(text + length, SENTENCE_SIZE - length,
                         french ? "Ce sont surtout %s. " : "They are mostly %s. ",
                         french ? name.fr : name.en);
        length = strlen(text);
        snprintf(text + length, SENTENCE_SIZE - length, "%s", does_say(words, news, french, name.feminine));
}

static void ends_say(const struct guard_words *words, const struct engine_news *news, bool french, char *text)
{
        char peak[NUMBER_SIZE], since[NUMBER_SIZE], end[NUMBER_SIZE];
        const char *rest = words->watch ? ""
                           : french     ? " Garde a levé ses mesures."
                                        : " Garde lifted its measures.";

        number_say(news->peak_pps, french, peak);
        time_say(words->began_ms, french, since);
        time_say(words->ended_ms, french, end);
        if (!news->began_ns)
                snprintf(text, SENTENCE_SIZE,
                         french ? "L’attaque contre « %s » s’est terminée à %s.%s"
                                : "The attack on “%s” ended at %s.%s",
                         words->subject, end, rest);
        else
                snprintf(text, SENTENCE_SIZE,
                         french ? "L’attaque contre « %s », commencée à %s, s’est terminée à %s ; au plus "
                                  "fort, %s paquets par seconde.%s"
                                : "The attack on “%s” that began at %s ended at %s; %s packets a "
                                  "second at its height.%s",
                         words->subject, since, end, peak, rest);
}

static void crowd_say(const struct guard_words *words, const struct engine_news *news, bool french,
                      char *text)
{
        char rate[NUMBER_SIZE], normal[NUMBER_SIZE];

        number_say(news->rate_pps, french, rate);
        number_say(news->normal_pps, french, normal);
        if (news->kind == ENGINE_CROWD_ENDS)
                snprintf(text, SENTENCE_SIZE,
                         french ? "L’affluence sur « %s » est passée." : "The crowd at “%s” has passed.",
                         words->subject);
        else if (french)
                snprintf(text, SENTENCE_SIZE,
                         "Beaucoup de nouveaux visiteurs arrivent sur « %s » : %s paquets par seconde "
                         "(d’habitude : %s). "
                         "Leurs connexions "
                         "aboutissent : c’est une affluence, pas une attaque ; rien n’est bloqué.",
                         words->subject, rate, normal);
        else
                snprintf(text, SENTENCE_SIZE,
                         "Many new visitors arrive at “%s”: %s packets a second (usually: %s). Their "
                         "connections "
                         "succeed: this is "
                         "a crowd, not an attack; nothing is blocked.",
                         words->subject, rate, normal);
}

int guard_words_news(const struct guard_words *words, const struct engine_news *news, struct bitext *ret_text)
{
        char text[2][SENTENCE_SIZE];

        for (size_t n = 0; n < 2; n++) {
                if (news->kind == ENGINE_CROWD_BEGINS || news->kind == ENGINE_CROWD_ENDS)
                        crowd_say(words, news, n == 0, text[n]);
                else if (news->kind == ENGINE_ATTACK_ENDS)
                        ends_say(words, news, n == 0, text[n]);
                else
                        begins_say(words, news, n == 0, text[n]);
        }
        return bitext_set(ret_text, text[0], text[1]);
}

static const char *cost_say(double fraction, bool french, char text[static NUMBER_SIZE])
{
        if (fraction <= 0)
                snprintf(text, NUMBER_SIZE, "%s", french ? "aucun" : "none");
        else if (fraction < 0.0001)
                snprintf(text, NUMBER_SIZE, "%s", french ? "moins de 0,01 %" : "less than 0.01%");
        else
                snprintf(text, NUMBER_SIZE, french ? "%.2f %%" : "%.2f%%", 100 * fraction);
        char *dot = french ? strchr(text, '.') : NULL;
        if (dot)
                *dot = ',';
        return text;
}

static void countries_say(const struct engine_measure *measure, bool french, char text[static SHAPE_SIZE])
{
        unsigned said = 0, all = 0;
        size_t length = 0;
        char code[SIGNATURE_CODE_SIZE];

        text[0] = '\0';
        for (unsigned n = 0; n < SHIELD_COUNTRIES; n++) {
                if (!(measure->countries[n / 64] >> (n % 64) & 1) || all++ >= COUNTRIES_SAY)
                        continue;
                guard_words_country(NULL, (uint8_t)n, code);
                length += (size_t)snprintf(text + length, SHAPE_SIZE - length, "%s%s", said++ ? ", " : "",
                                           code);
        }
        if (all > said)
                snprintf(text + length, SHAPE_SIZE - length,
                         french ? " et %u autres pays" : " and %u more countries", all - said);
}

static void signature_why(const struct engine_measure *measure, bool french, char *text)
{
        char shape[SHAPE_SIZE], cost[NUMBER_SIZE], share[NUMBER_SIZE * 2] = "";

        signature_say(&measure->signature, french, guard_words_country, NULL, shape, sizeof(shape));
        cost_say(measure->cost.fraction, french, cost);
        if (measure->share > 0)
                snprintf(share, sizeof(share), french ? " ; %.0f %% de l’excès" : "; %.0f%% of the excess",
                         fmin(100, 100 * measure->share));
        snprintf(text, SENTENCE_SIZE,
                 french ? "%s : %s%s. Trafic habituel touché : %s." : "%s: %s%s. Usual traffic hit: %s.",
                 french ? (measure->shadow ? "Serait écarté" : "Écarté")
                        : (measure->shadow ? "Would be dropped" : "Dropped"),
                 shape, share, cost);
}

static void fence_why(const struct engine_measure *measure, bool french, char *text)
{
        char countries[SHAPE_SIZE], cost[NUMBER_SIZE], share[NUMBER_SIZE * 2] = "";

        countries_say(measure, french, countries);
        cost_say(measure->cost.newcomers, french, cost);
        if (measure->share > 0)
                snprintf(share, sizeof(share), french ? " ; %.0f %% de l’excès" : "; %.0f%% of the excess",
                         fmin(100, 100 * measure->share));
        snprintf(text, SENTENCE_SIZE,
                 french ? "%s : sources%s de %s%s. Nouveaux visiteurs habituels touchés : %s.%s"
                        : "%s:%s sources from %s%s. Usual newcomers hit: %s.%s",
                 french ? (measure->shadow ? "Seraient écartées" : "Écartées")
                        : (measure->shadow ? "Would be dropped" : "Dropped"),
                 !measure->spare_known ? ""
                 : french              ? " inconnues"
                                       : " unknown",
                 countries, share, cost,
                 !measure->spare_known ? ""
                 : french              ? " Les sources connues passent."
                                       : " Known sources get through.");
}

static const char *challenge_why(bool shadow, bool french)
{
        if (shadow)
                return french ? "Preuve d’adresse qui serait demandée à chaque source inconnue avant sa "
                                "première connexion TCP ; observation seulement."
                              : "Proof of address that would be asked of every unknown source before its "
                                "first TCP connection; only watching.";
        return french ? "Preuve d’adresse demandée à chaque source inconnue avant sa première connexion TCP "
                        ": "
                        "jusqu’à une seconde d’attente pour un vrai visiteur, une fois ; une adresse usurpée "
                        "ne "
                        "passe pas."
                      : "Proof of address asked of every unknown source before its first TCP connection: up "
                        "to a "
                        "second of waiting for a real visitor, once; a forged address does not get through.";
}

static void other_why(const struct engine_measure *measure, bool french, char *text)
{
        char rate[NUMBER_SIZE];

        if (measure->kind == SHIELD_KIND_CHALLENGE)
                snprintf(text, SENTENCE_SIZE, "%s", challenge_why(measure->shadow, french));
        else
                snprintf(text, SENTENCE_SIZE,
                         french ? "Au plus %s paquets par seconde vers ce service."
                                : "At most %s packets a second to this service.",
                         number_say(measure->rate_pps, french, rate));
}

/* Of what was found in the kernel: the predecessor's words are gone with it. A person's come from the hub again. */
static const char *found_why(enum engine_owner owner, bool french)
{
        if (owner == ENGINE_OWNER_PERSON)
                return french ? "Demandée par une personne, trouvée en place au redémarrage ; elle reste "
                                "jusqu’à son terme."
                              : "Asked for by a person, found standing at restart; it stays until it "
                                "expires.";
        return french ? "Trouvée en place au redémarrage ; elle reste tant que son attaque est vue."
                      : "Found standing at restart; it stays as long as its attack is seen.";
}

int guard_words_measure(const struct engine_measure *measure, struct bitext *ret_text)
{
        char text[2][SENTENCE_SIZE];

        for (size_t n = 0; n < 2; n++) {
                if (measure->owner != ENGINE_OWNER_EDGE)
                        snprintf(text[n], SENTENCE_SIZE, "%s", found_why(measure->owner, n == 0));
                else if (measure->kind == SHIELD_KIND_SIGNATURE)
                        signature_why(measure, n == 0, text[n]);
                else if (measure->kind == SHIELD_KIND_FENCE)
                        fence_why(measure, n == 0, text[n]);
                else
                        other_why(measure, n == 0, text[n]);
        }
        return bitext_set(ret_text, text[0], text[1]);
}
