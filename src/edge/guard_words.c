/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/guard_words.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "edge/continent.h"
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

        if (!localtime_r(&seconds, &local))
                memset(&local, 0, sizeof(local));
        snprintf(text, NUMBER_SIZE, french ? "%d h %02d" : "%d:%02d", local.tm_hour, local.tm_min);
        return text;
}

static void begins_say(const struct guard_words *words, const struct engine_news *news, bool french,
                       char *text)
{
        char rate[NUMBER_SIZE], normal[NUMBER_SIZE], since[NUMBER_SIZE], shape[SHAPE_SIZE];
        bool known = news->share > 0;
        const char *does;

        signature_say(&news->shape, french, guard_words_country, NULL, shape, sizeof(shape));
        number_say(news->rate_pps, french, rate);
        number_say(news->normal_pps, french, normal);
        time_say(words->began_ms, french, since);
        if (words->watch)
                does = french ? "Garde observe seulement : rien n'est écarté."
                              : "Garde only watches: nothing is dropped.";
        else if (!words->standing)
                does = french ? "Garde cherche comment les écarter."
                              : "Garde is looking for a way to drop them.";
        else
                does = french ? "Ils sont écartés ; les patients et le personnel passent."
                              : "They are dropped; patients and staff get through.";
        if (known && french)
                snprintf(text, SENTENCE_SIZE,
                         "Depuis %s, %s paquets/s arrivent sur « %s » (normal : %s) ; %.0f %% ont la même "
                         "forme : %s. %s",
                         since, rate, words->subject, normal, fmin(99, 100 * news->share), shape, does);
        else if (known)
                snprintf(text, SENTENCE_SIZE,
                         "Since %s, %s packets/s arrive at “%s” (normal: %s); %.0f%% have the same shape: "
                         "%s. %s",
                         since, rate, words->subject, normal, fmin(99, 100 * news->share), shape, does);
        else if (french)
                snprintf(text, SENTENCE_SIZE, "Depuis %s, %s paquets/s arrivent sur « %s » (normal : %s). %s",
                         since, rate, words->subject, normal, does);
        else
                snprintf(text, SENTENCE_SIZE, "Since %s, %s packets/s arrive at “%s” (normal: %s). %s", since,
                         rate, words->subject, normal, does);
}

static void ends_say(const struct guard_words *words, const struct engine_news *news, bool french, char *text)
{
        char peak[NUMBER_SIZE], since[NUMBER_SIZE], now[NUMBER_SIZE];

        number_say(news->peak_pps, french, peak);
        time_say(words->began_ms, french, since);
        time_say(words->now_ms, french, now);
        if (!news->began_ns)
                snprintf(text, SENTENCE_SIZE,
                         french ? "L'attaque contre « %s » est terminée à %s. Toutes les mesures sont levées."
                                : "The attack on “%s” is over at %s. All measures are lifted.",
                         words->subject, now);
        else
                snprintf(text, SENTENCE_SIZE,
                         french ? "L'attaque contre « %s », commencée à %s, est terminée à %s ; au plus "
                                  "fort, %s paquets/s. "
                                  "Toutes les mesures sont levées."
                                : "The attack on “%s” that began at %s is over at %s; %s packets/s at its "
                                  "height. "
                                  "All measures are lifted.",
                         words->subject, since, now, peak);
}

static void crowd_say(const struct guard_words *words, const struct engine_news *news, bool french,
                      char *text)
{
        char rate[NUMBER_SIZE], normal[NUMBER_SIZE];

        number_say(news->rate_pps, french, rate);
        number_say(news->normal_pps, french, normal);
        if (news->kind == ENGINE_CROWD_ENDS)
                snprintf(text, SENTENCE_SIZE,
                         french ? "L'affluence sur « %s » est passée." : "The crowd at “%s” has passed.",
                         words->subject);
        else if (french)
                snprintf(text, SENTENCE_SIZE,
                         "Beaucoup de nouveaux visiteurs arrivent sur « %s » : %s paquets/s (normal : %s). "
                         "Leurs connexions "
                         "aboutissent : c'est une affluence, pas une attaque ; rien n'est bloqué.",
                         words->subject, rate, normal);
        else
                snprintf(text, SENTENCE_SIZE,
                         "Many new visitors arrive at “%s”: %s packets/s (normal: %s). Their connections "
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
        char shape[SHAPE_SIZE], cost[NUMBER_SIZE];

        signature_say(&measure->signature, french, guard_words_country, NULL, shape, sizeof(shape));
        cost_say(measure->cost.fraction, french, cost);
        snprintf(text, SENTENCE_SIZE,
                 french ? "Écarte ce qui a la forme de l'attaque : %s (%.0f %% des paquets en trop). "
                          "Trafic habituel touché : %s."
                        : "Drops what has the attack's shape: %s (%.0f%% of the packets too many). Normal "
                          "traffic hit: %s.",
                 shape, fmin(100, 100 * measure->share), cost);
}

static void fence_why(const struct engine_measure *measure, bool french, char *text)
{
        char countries[SHAPE_SIZE], cost[NUMBER_SIZE];

        countries_say(measure, french, countries);
        cost_say(measure->cost.newcomers, french, cost);
        snprintf(text, SENTENCE_SIZE,
                 french ? "Écarte les sources inconnues de ces pays : %s, d'où viennent %.0f %% des paquets "
                          "en trop ; "
                          "nouveaux visiteurs habituels touchés : %s. Les sources connues passent."
                        : "Drops unknown sources of these countries: %s, where %.0f%% of the packets too "
                          "many come from; usual "
                          "newcomers hit: %s. Known sources get through.",
                 countries, fmin(100, 100 * measure->share), cost);
}

static void other_why(const struct engine_measure *measure, bool french, char *text)
{
        char rate[NUMBER_SIZE];

        if (measure->kind == SHIELD_KIND_CHALLENGE)
                snprintf(text, SENTENCE_SIZE, "%s",
                         french ? "Demande à chaque source inconnue de prouver son adresse avant sa première "
                                  "connexion TCP ; "
                                  "un vrai visiteur attend quelques millisecondes de plus, une adresse "
                                  "usurpée ne passe pas."
                                : "Asks every unknown source to prove its address before its first TCP "
                                  "connection; a real visitor "
                                  "waits a few milliseconds more, a forged address does not get through.");
        else
                snprintf(text, SENTENCE_SIZE,
                         french ? "Laisse passer au plus %s paquets/s vers ce service."
                                : "Lets at most %s packets/s through to this service.",
                         number_say(measure->rate_pps, french, rate));
}

int guard_words_measure(const struct engine_measure *measure, struct bitext *ret_text)
{
        char text[2][SENTENCE_SIZE];

        for (size_t n = 0; n < 2; n++) {
                if (measure->owner == ENGINE_OWNER_ADOPTED)
                        snprintf(text[n], SENTENCE_SIZE, "%s",
                                 n == 0 ? "Trouvée en place au redémarrage ; elle reste tant que son attaque "
                                          "est vue."
                                        : "Found standing at restart; it stays as long as its attack is "
                                          "seen.");
                else if (measure->kind == SHIELD_KIND_SIGNATURE)
                        signature_why(measure, n == 0, text[n]);
                else if (measure->kind == SHIELD_KIND_FENCE)
                        fence_why(measure, n == 0, text[n]);
                else
                        other_why(measure, n == 0, text[n]);
        }
        return bitext_set(ret_text, text[0], text[1]);
}
