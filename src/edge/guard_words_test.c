/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/guard_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MORNING_MS 1584871500000ll /* 22 March 2020, 10:05 UTC, 11:05 in Paris */

static struct guard_words words_make(void)
{
        return (struct guard_words){
                .subject = "portail", .began_ms = MORNING_MS, .ended_ms = MORNING_MS + 65 * 60000ll};
}

static struct engine_news news_make(enum engine_news_kind kind)
{
        struct engine_news news = {.kind = kind,
                                   .rate_pps = 361874,
                                   .normal_pps = 320.4,
                                   .peak_pps = 987654,
                                   .began_ns = 1,
                                   .most = SHIELD_CLASS_SYN,
                                   .classes = 1u << SHIELD_CLASS_SYN,
                                   .kinds = 1u << SHIELD_KIND_SIGNATURE,
                                   .share = 0.6};

        news.shape = signature_any();
        signature_require(&news.shape, SIGNATURE_CLASS, SHIELD_CLASS_SYN, SHIELD_CLASS_SYN);
        return news;
}

static void said(const struct guard_words *words, const struct engine_news *news, const char *fr,
                 const char *en)
{
        struct bitext text = BITEXT_INIT;

        assert_int_equal(guard_words_news(words, news, &text), 0);
        assert_string_equal(text.fr, fr);
        assert_string_equal(text.en, en);
        bitext_release(&text);
}

static void test_a_flood_in_three_sentences(void **state)
{
        struct guard_words words = words_make();
        struct engine_news news = news_make(ENGINE_ATTACK_BEGINS);

        said(&words, &news,
             "Depuis 11 h 05, 362\u202f000 paquets par seconde arrivent sur « portail » (d’habitude : 320). "
             "Ce sont "
             "surtout des demandes de connexion forgées. Elles sont écartées ; patients et personnel "
             "passent.",
             "Since 11:05, 362,000 packets a second arrive at “portail” (usually: 320). They are mostly "
             "forged "
             "connection requests. They are dropped; patients and staff get through.");
        /* Nothing learned, nothing found: nothing of it is said. */
        news.normal_pps = news.share = 0;
        news.kinds = 0;
        news.most = SHIELD_CLASS_COUNT;
        said(&words, &news,
             "Depuis 11 h 05, 362\u202f000 paquets par seconde arrivent sur « portail ». Garde cherche "
             "comment les "
             "écarter sans gêner personne.",
             "Since 11:05, 362,000 packets a second arrive at “portail”. Garde is looking for a way to drop "
             "them "
             "without disturbing anybody.");
}

static void test_only_what_is_so(void **state)
{
        struct guard_words words = words_make();
        struct engine_news news = news_make(ENGINE_ATTACK_CONTINUES);
        struct bitext text = BITEXT_INIT;

        news.kinds |= 1u << SHIELD_KIND_FENCE;
        assert_int_equal(guard_words_news(&words, &news, &text), 0);
        assert_non_null(strstr(text.fr, "ceux que Garde connaît passent"));
        news.by_known = true; /* then even those do not all pass */
        assert_int_equal(guard_words_news(&words, &news, &text), 0);
        assert_null(strstr(text.fr, "passent"));
        assert_null(strstr(text.en, "get through"));
        words.watch = true;
        assert_int_equal(guard_words_news(&words, &news, &text), 0);
        assert_non_null(strstr(text.fr, "seules agissent les mesures qu’une personne a demandées"));
        news.kinds = 0;
        assert_int_equal(guard_words_news(&words, &news, &text), 0);
        assert_non_null(strstr(text.fr, "rien n’est écarté"));
        news.kind = ENGINE_ATTACK_ENDS;
        assert_int_equal(guard_words_news(&words, &news, &text), 0);
        assert_null(strstr(text.fr, "levé"));
        bitext_release(&text);
}

static void test_the_end(void **state)
{
        struct guard_words words = words_make();
        struct engine_news news = news_make(ENGINE_ATTACK_ENDS);

        said(&words, &news,
             "L’attaque contre « portail », commencée à 11 h 05, s’est terminée à 12 h 10 ; au plus fort, "
             "988\u202f000 paquets par seconde. Garde a levé ses mesures.",
             "The attack on “portail” that began at 11:05 ended at 12:10; 988,000 packets a "
             "second at "
             "its height. Garde lifted its measures.");
        news.began_ns = 0; /* before a restart */
        said(&words, &news,
             "L’attaque contre « portail » s’est terminée à 12 h 10. Garde a levé ses mesures.",
             "The attack on “portail” ended at 12:10. Garde lifted its measures.");
}

static void test_replies_nobody_asked_for(void **state)
{
        struct guard_words words = words_make();
        struct engine_news news = news_make(ENGINE_ATTACK_BEGINS);
        struct bitext text = BITEXT_INIT;

        news.shape = signature_any();
        signature_require(&news.shape, SIGNATURE_CLASS, SHIELD_CLASS_UDP, SHIELD_CLASS_UDP);
        signature_require(&news.shape, SIGNATURE_SOURCE_PORT, 53, 53);
        assert_int_equal(guard_words_news(&words, &news, &text), 0);
        assert_non_null(
                strstr(text.fr, "Ce sont surtout des réponses DNS que personne n’a demandées. Elles"));
        assert_non_null(strstr(text.en, "They are mostly DNS replies nobody asked for."));
        bitext_release(&text);
}

static void test_why_begins_with_what_it_does(void **state)
{
        struct engine_measure measure = {
                .kind = SHIELD_KIND_SIGNATURE, .share = 0.6, .signature = signature_any()};
        struct bitext text = BITEXT_INIT;

        signature_require(&measure.signature, SIGNATURE_CLASS, SHIELD_CLASS_SYN, SHIELD_CLASS_SYN);
        signature_require(&measure.signature, SIGNATURE_TCP_FLAGS, 2, 2);
        signature_require(&measure.signature, SIGNATURE_TTL, 242, 244);
        signature_require(&measure.signature, SIGNATURE_DEST_PORT, 80, 80);
        assert_int_equal(guard_words_measure(&measure, &text), 0);
        assert_string_equal(text.fr,
                            "Écarté : demandes de connexion TCP (SYN), TTL 242 à 244, vers le port 80 ; 60 % "
                            "de l’excès. Trafic habituel touché : aucun.");
        assert_string_equal(text.en,
                            "Dropped: TCP connection requests (SYN), TTL 242 to 244, to port 80; 60% of the "
                            "excess. Usual traffic hit: none.");
        measure.shadow = true;
        measure.cost.fraction = 0.0123;
        assert_int_equal(guard_words_measure(&measure, &text), 0);
        assert_memory_equal(text.fr, "Serait écarté : ", strlen("Serait écarté : "));
        assert_non_null(strstr(text.fr, "touché : 1,23 %."));
        bitext_release(&text);
}

static void apostrophes_check(const struct bitext *text)
{
        assert_null(strchr(text->fr, '\''));
        assert_true(strlen(text->fr) > 10 && strlen(text->en) > 10);
}

/* By these words a person decides: what a system that waits the second of RFC 6298 makes its visitor wait. */
static void test_a_challenge_says_what_it_costs_a_visitor(void **state)
{
        const struct engine_measure measure = {.kind = SHIELD_KIND_CHALLENGE};
        struct bitext text = BITEXT_INIT;

        assert_int_equal(guard_words_measure(&measure, &text), 0);
        assert_non_null(strstr(text.fr, "jusqu’à une seconde d’attente"));
        assert_non_null(strstr(text.en, "up to a second of waiting"));
        bitext_release(&text);
}

static void test_french_apostrophes_everywhere(void **state)
{
        struct bitext text = BITEXT_INIT;

        for (enum engine_news_kind kind = ENGINE_ATTACK_BEGINS; kind <= ENGINE_CROWD_ENDS; kind++) {
                for (unsigned n = 0; n < 4 * (SHIELD_CLASS_COUNT + 1); n++) {
                        struct guard_words words = words_make();
                        struct engine_news news = news_make(kind);

                        words.watch = n & 1;
                        news.most = (enum shield_class)(n / 4);
                        news.share = 0;
                        news.kinds = n & 2;
                        assert_int_equal(guard_words_news(&words, &news, &text), 0);
                        apostrophes_check(&text);
                }
        }
        for (unsigned n = 0; n < 4 * SIGNATURE_FACET_COUNT; n++) {
                struct engine_measure measure = {.kind = (enum shield_kind)(1 + n % 4),
                                                 .shadow = n & 1,
                                                 .spare_known = n & 2,
                                                 .countries = {6},
                                                 .rate_pps = 5,
                                                 .signature = signature_any()};

                signature_require(&measure.signature, (enum signature_facet)(n / 4), n & 1, n & 1);
                assert_int_equal(guard_words_measure(&measure, &text), 0);
                apostrophes_check(&text);
        }
        bitext_release(&text);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_a_flood_in_three_sentences),
                cmocka_unit_test(test_only_what_is_so),
                cmocka_unit_test(test_the_end),
                cmocka_unit_test(test_replies_nobody_asked_for),
                cmocka_unit_test(test_why_begins_with_what_it_does),
                cmocka_unit_test(test_a_challenge_says_what_it_costs_a_visitor),
                cmocka_unit_test(test_french_apostrophes_everywhere),
        };

        setenv("TZ", "Europe/Paris", 1);
        return cmocka_run_group_tests(tests, NULL, NULL);
}
