/* SPDX-License-Identifier: EUPL-1.2 */
/* Prove your address first: SYN, cookie, RST, known; and what a forger gets. */
#include "edge/shield_test.h"

#include <arpa/inet.h>

static struct frame_spec syn_of(const char *source)
{
        return (struct frame_spec){.source = source,
                                   .dest = strchr(source, ':') ? HOSPITAL_V6 : HOSPITAL,
                                   .protocol = FRAME_TCP,
                                   .source_port = 51000,
                                   .dest_port = 443,
                                   .flags = FRAME_SYN,
                                   .sequence = 0x01020304,
                                   .window = 64240,
                                   .tcp_options = "\x02\x04\x05\xb4\x04\x02\x08\x0a"
                                                  "abcdefgh\x01\x03\x03\x07",
                                   .tcp_options_length = 20};
}

static void challenge(struct ground *ground)
{
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_CHALLENGE);

        ground_apply(ground, &measure);
}

static uint32_t word_at(const struct frame *frame, size_t at)
{
        uint32_t word;

        memcpy(&word, frame->bytes + at, sizeof(word));
        return ntohl(word);
}

/* Sends the SYN, expects the answer, returns the cookie in it. */
static uint32_t cookie_for(struct ground *ground, const struct frame_spec *spec, struct frame *ret_answer)
{
        frame_make(spec, ret_answer);
        assert_int_equal(ground_ingress(ground, ret_answer), ACTION_TX);
        return word_at(ret_answer, ret_answer->transport + 8);
}

static unsigned answer_rst(struct ground *ground, const struct frame_spec *syn, uint32_t sequence)
{
        struct frame_spec rst = *syn;

        rst.flags = FRAME_RST;
        rst.sequence = sequence;
        rst.tcp_options_length = 0;
        return ground_offer(ground, &rst);
}

static void check_sums(const struct frame *answer, bool ipv6)
{
        const uint8_t *ip = answer->bytes + answer->network, *tcp = answer->bytes + answer->transport;

        if (!ipv6)
                assert_int_equal(frame_fold(frame_sum(ip, 20, 0)), 0);
        assert_int_equal(frame_fold(frame_sum(tcp, 20, frame_pseudo(answer, FRAME_TCP, 20))), 0);
}

/* The answer, byte by byte: turned round, VLAN kept, no options, wrong acknowledgement, never longer. */
static void check_answer(struct ground *ground, const char *source, unsigned vlans, size_t options)
{
        struct frame_spec syn = syn_of(source);
        bool ipv6 = strchr(source, ':') != NULL;
        struct frame question, answer;
        size_t link = 14 + 4 * vlans, size = ipv6 ? 16 : 4, at = link + (ipv6 ? 8 : 12), least;

        syn.vlans = vlans;
        syn.tcp_options_length = options;
        frame_make(&syn, &question);

        uint32_t cookie = cookie_for(ground, &syn, &answer);

        least = answer.transport + 20 < 60 ? 60 : answer.transport + 20;
        assert_int_equal(answer.length, question.length < least ? question.length : least);
        assert_memory_equal(answer.bytes, question.bytes + 6, 6);
        assert_memory_equal(answer.bytes + 6, question.bytes, 6);
        assert_memory_equal(answer.bytes + 12, question.bytes + 12, link - 12);
        assert_memory_equal(answer.bytes + at, question.bytes + at + size, size);
        assert_memory_equal(answer.bytes + at + size, question.bytes + at, size);
        assert_memory_equal(answer.bytes + answer.transport, question.bytes + answer.transport + 2, 2);
        assert_memory_equal(answer.bytes + answer.transport + 2, question.bytes + answer.transport, 2);
        assert_int_equal(answer.bytes[answer.transport + 12], 0x50);
        assert_int_equal(answer.bytes[answer.transport + 13], FRAME_SYN | FRAME_ACK);
        assert_int_not_equal(cookie, syn.sequence + 1);
        check_sums(&answer, ipv6);
        for (size_t i = answer.transport + 20; i < answer.length; i++)
                assert_int_equal(answer.bytes[i], 0);
}

static void the_answer_is_right(void **state)
{
        struct ground *ground = *state;

        challenge(ground);
        for (unsigned vlans = 0; vlans <= 2; vlans++) {
                for (size_t options = 0; options <= 20; options += 4) {
                        check_answer(ground, "2.1.0.1", vlans, options);
                        check_answer(ground, "2a01:e00:1::1", vlans, options);
                }
        }
}

static void data_in_a_syn_is_not_sent_back(void **state)
{
        struct ground *ground = *state;
        struct frame_spec syn = syn_of("2.1.0.2");
        struct frame answer;

        challenge(ground);
        syn.payload = "early data, early data, early data, early data";
        syn.payload_length = 46;
        cookie_for(ground, &syn, &answer);
        assert_int_equal(answer.length, 60);
        check_sums(&answer, false);
}

static void proof_makes_known(void **state)
{
        const char *sources[] = {"2.1.0.3", "2a01:e00:2::1"};
        struct ground *ground = *state;

        for (int i = 0; i < 2; i++) {
                struct frame_spec syn = syn_of(sources[i]);
                struct frame answer;
                uint32_t cookie;

                ground_reset(state);
                challenge(ground);
                cookie = cookie_for(ground, &syn, &answer);
                assert_int_equal(answer_rst(ground, &syn, cookie), ACTION_DROP); /* consumed */
                assert_int_equal(ground_offer(ground, &syn), ACTION_PASS);
                assert_int_equal(ground->after.service[0].challenged - ground->before.service[0].challenged,
                                 1);
                assert_int_equal(ground->after.service[0].proved - ground->before.service[0].proved, 1);
                assert_int_equal(ground->after.service[0].verified - ground->before.service[0].verified, 1);
                assert_int_equal(ground->after.slot[3].dropped, 1);
                assert_true(ground_knows(ground, sources[i]));
        }
}

/* A flood of RST is answered by a signature of RST; the answers to our questions must get through it. */
static void a_signature_of_resets_lets_proofs_count(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_SIGNATURE);
        struct shield_plan plan = {.signatures = 5, .rungs = 4};
        struct frame_spec syn = syn_of("2.1.0.30");
        struct frame answer;
        uint32_t cookie;

        challenge(ground);
        measure.signature.value[1] = (uint64_t)SHIELD_CLASS_RST << 56;
        measure.signature.mask[1] = 0xffULL << 56;
        assert_int_equal(plane_fill(ground->plane, 4, &measure), 0);
        plane_publish(ground->plane, 0, &plan);
        cookie = cookie_for(ground, &syn, &answer);
        assert_int_equal(answer_rst(ground, &syn, cookie + 1), ACTION_DROP);
        assert_int_equal(ground->after.slot[4].dropped, 1);
        assert_int_equal(answer_rst(ground, &syn, cookie), ACTION_DROP);
        assert_int_equal(ground->after.slot[4].dropped, 1);
        assert_int_equal(ground_offer(ground, &syn), ACTION_PASS);
}

static void forged_proof_proves_nothing(void **state)
{
        struct ground *ground = *state;
        struct frame_spec syn = syn_of("2.1.0.4"), other;
        struct frame answer;
        uint32_t cookie;

        challenge(ground);
        cookie = cookie_for(ground, &syn, &answer);
        assert_int_equal(answer_rst(ground, &syn, cookie + 1), ACTION_PASS);
        assert_int_equal(answer_rst(ground, &syn, syn.sequence), ACTION_PASS);
        other = syn;
        other.source = "2.1.0.5"; /* a cookie is for one flow alone */
        assert_int_equal(answer_rst(ground, &other, cookie), ACTION_PASS);
        other = syn;
        other.source_port++;
        assert_int_equal(answer_rst(ground, &other, cookie), ACTION_PASS);
        other = syn;
        other.dest_port++;
        assert_int_equal(answer_rst(ground, &other, cookie), ACTION_PASS);
        other = syn;
        other.dest = "192.0.2.11";
        assert_int_equal(answer_rst(ground, &other, cookie), ACTION_PASS);
        assert_int_equal(ground->after.service[0].proved, ground->before.service[0].proved);
        assert_false(ground_knows(ground, "2.1.0.4"));
        assert_false(ground_knows(ground, "2.1.0.5"));
        assert_int_equal(ground_offer(ground, &syn), ACTION_TX);
}

/* Cookies of this epoch (34 s) and of the last are taken, older ones are not. */
static void cookies_go_stale(void **state)
{
        struct ground *ground = *state;
        const uint64_t epoch = 1ULL << 35;
        struct frame_spec syn = syn_of("2.1.0.6");
        struct frame answer;
        uint32_t cookie;

        ground_advance(ground, epoch - ground->now % epoch);
        challenge(ground);
        cookie = cookie_for(ground, &syn, &answer);
        ground_advance(ground, 2 * epoch);
        assert_int_equal(answer_rst(ground, &syn, cookie), ACTION_PASS);
        ground_advance(ground, epoch - 1);
        cookie = cookie_for(ground, &syn, &answer);
        ground_advance(ground, epoch);
        assert_int_equal(answer_rst(ground, &syn, cookie), ACTION_DROP);
        assert_true(ground_knows(ground, "2.1.0.6"));
}

static void without_a_challenge_a_cookie_is_worth_nothing(void **state)
{
        struct ground *ground = *state;
        struct frame_spec syn = syn_of("2.1.0.7");
        struct frame answer;
        uint32_t cookie;

        challenge(ground);
        cookie = cookie_for(ground, &syn, &answer);
        ground_reset(state);
        assert_int_equal(answer_rst(ground, &syn, cookie), ACTION_PASS);
        assert_false(ground_knows(ground, "2.1.0.7"));
}

static void only_a_bare_syn_is_asked(void **state)
{
        const unsigned flags[] = {FRAME_ACK,
                                  FRAME_SYN | FRAME_ACK,
                                  FRAME_ACK | FRAME_PSH,
                                  FRAME_FIN | FRAME_ACK,
                                  FRAME_RST,
                                  FRAME_SYN | FRAME_FIN,
                                  0};
        struct ground *ground = *state;
        struct frame_spec spec = syn_of("2.1.0.8");

        challenge(ground);
        for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
                spec.flags = flags[i];
                assert_int_equal(ground_offer(ground, &spec), ACTION_PASS);
        }
        spec.protocol = FRAME_UDP;
        assert_int_equal(ground_offer(ground, &spec), ACTION_PASS);
}

static void who_is_known_is_not_asked(void **state)
{
        struct ground *ground = *state;
        struct frame_spec syn = syn_of("2.1.0.9");

        ground_befriend(ground, "2.1.0.9");
        challenge(ground);
        assert_int_equal(ground_offer(ground, &syn), ACTION_PASS);
        assert_int_equal(ground->after.service[0].challenged, ground->before.service[0].challenged);
}

/* No honest host puts IP options or extension headers on a SYN: not answered, not let in. */
static void strange_syns_are_dropped(void **state)
{
        struct ground *ground = *state;
        static const uint8_t chain[] = {60};
        struct frame_spec syn = syn_of("2.1.0.10");

        challenge(ground);
        syn.ip_options_length = 8;
        assert_int_equal(ground_offer(ground, &syn), ACTION_DROP);
        syn = syn_of("2a01:e00:3::1");
        syn.extensions = chain;
        syn.extension_count = 1;
        assert_int_equal(ground_offer(ground, &syn), ACTION_DROP);
}

static void a_shadow_challenge_asks_nobody(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_CHALLENGE);
        struct frame_spec syn = syn_of("2.1.0.11");

        measure.flags = SHIELD_FLAG_SHADOW;
        ground_apply(ground, &measure);
        assert_int_equal(ground_offer(ground, &syn), ACTION_PASS);
        assert_int_equal(ground->after.slot[3].would_drop, 1);
        plane_slot(ground->plane, 3)->flags = 0;
        plane_slot(ground->plane, 3)->until_ns = ground->now;
        assert_int_equal(ground_offer(ground, &syn), ACTION_PASS);
}

#define CASE(function) cmocka_unit_test_setup(function, ground_reset)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(the_answer_is_right),
                CASE(data_in_a_syn_is_not_sent_back),
                CASE(proof_makes_known),
                CASE(a_signature_of_resets_lets_proofs_count),
                CASE(forged_proof_proves_nothing),
                CASE(cookies_go_stale),
                CASE(without_a_challenge_a_cookie_is_worth_nothing),
                CASE(only_a_bare_syn_is_asked),
                CASE(who_is_known_is_not_asked),
                CASE(strange_syns_are_dropped),
                CASE(a_shadow_challenge_asks_nobody),
        };

        return cmocka_run_group_tests(tests, ground_setup, ground_teardown);
}
