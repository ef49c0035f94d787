/* SPDX-License-Identifier: EUPL-1.2 */
/* Who becomes known, who does not, and who is forgotten. */
#include "edge/shield_test.h"

#include <stdio.h>

static struct frame_spec outbound(const char *peer, unsigned protocol, unsigned source_port, unsigned flags)
{
        return (struct frame_spec){.source = strchr(peer, ':') ? HOSPITAL_V6 : HOSPITAL,
                                   .dest = peer,
                                   .protocol = protocol,
                                   .source_port = source_port,
                                   .dest_port = 40000,
                                   .flags = flags};
}

/* Sends the packet to a peer that nobody has met, in both families; whether that made it known. */
static bool vouches(struct ground *ground, struct frame_spec spec)
{
        static unsigned next;
        char peer[32];
        bool known;

        next++;
        snprintf(peer, sizeof(peer), "2.1.%u.%u", next >> 8, next & 0xff);
        spec.source = HOSPITAL;
        spec.dest = peer;
        assert_false(ground_knows(ground, peer));
        ground_send(ground, &spec);
        known = ground_knows(ground, peer);

        snprintf(peer, sizeof(peer), "2a01:e00:%x::5", next);
        spec.source = HOSPITAL_V6;
        spec.dest = peer;
        if (spec.protocol == FRAME_ICMP) {
                spec.protocol = FRAME_ICMPV6;
                spec.icmp_type = spec.icmp_type == 8 ? 128 : spec.icmp_type == 0 ? 129 : 1;
        }
        assert_false(ground_knows(ground, peer));
        ground_send(ground, &spec);
        assert_int_equal(ground_knows(ground, peer), known);
        return known;
}

static bool vouches_tcp(struct ground *ground, unsigned flags, size_t payload)
{
        struct frame_spec spec = outbound("2.0.0.1", FRAME_TCP, 443, flags);

        spec.payload = "HTTP/1.1 200";
        spec.payload_length = payload;
        return vouches(ground, spec);
}

static void answers_with_data_or_an_end_vouch(void **state)
{
        struct ground *ground = *state;

        assert_true(vouches_tcp(ground, FRAME_ACK, 1));
        assert_true(vouches_tcp(ground, FRAME_ACK | FRAME_PSH, 12));
        assert_true(vouches_tcp(ground, FRAME_ACK | FRAME_FIN, 0));
        assert_true(vouches_tcp(ground, FRAME_SYN, 0)); /* the inside speaks first */
}

/* What a forged SYN, ACK or datagram can draw out of a server must make nobody known. */
static void what_a_forger_can_draw_out_does_not_vouch(void **state)
{
        struct ground *ground = *state;
        struct frame_spec icmp = {.protocol = FRAME_ICMP};

        assert_false(vouches_tcp(ground, FRAME_SYN | FRAME_ACK, 0));
        assert_false(vouches_tcp(ground, FRAME_SYN | FRAME_ACK, 12));
        assert_false(vouches_tcp(ground, FRAME_RST, 0));
        assert_false(vouches_tcp(ground, FRAME_RST | FRAME_ACK, 12));
        assert_false(vouches_tcp(ground, FRAME_ACK, 0));
        assert_false(vouches(ground, outbound("2.0.0.1", FRAME_UDP, 53, 0)));
        assert_false(vouches(ground, icmp)); /* echo reply */
        icmp.icmp_type = 3;                  /* unreachable */
        icmp.payload = "....................................";
        icmp.payload_length = 28;
        assert_false(vouches(ground, icmp));
        assert_false(vouches(ground, outbound("2.0.0.1", 47, 0, 0)));
}

static void the_inside_speaking_first_vouches(void **state)
{
        struct ground *ground = *state;
        struct frame_spec echo = {.protocol = FRAME_ICMP, .icmp_type = 8};

        assert_true(vouches(ground, echo));
        assert_true(vouches(ground, outbound("2.0.0.1", FRAME_UDP, 33000, 0)));
}

static void later_fragments_say_nothing(void **state)
{
        struct ground *ground = *state;
        struct frame_spec spec = outbound("2.2.0.1", FRAME_TCP, 443, FRAME_ACK);

        spec.payload = "HTTP/1.1 200";
        spec.payload_length = 12;
        spec.fragment_offset = 10;
        ground_send(ground, &spec);
        assert_false(ground_knows(ground, "2.2.0.1"));
}

static void vlan_tags_do_not_hide_replies(void **state)
{
        struct ground *ground = *state;

        for (unsigned vlans = 1; vlans <= 2; vlans++) {
                struct frame_spec spec = outbound("2.0.0.1", FRAME_TCP, 443, FRAME_ACK | FRAME_FIN);

                spec.vlans = vlans;
                assert_true(vouches(ground, spec));
        }
}

static void others_replies_are_not_ours(void **state)
{
        struct ground *ground = *state;
        struct frame_spec spec = outbound("2.2.0.2", FRAME_TCP, 443, FRAME_ACK | FRAME_FIN);

        spec.source = "203.0.113.80";
        ground_send(ground, &spec);
        assert_false(ground_knows(ground, "2.2.0.2"));
        assert_int_equal(ground->after.service[0].egress_packets, ground->before.service[0].egress_packets);
}

static void ingress_alone_makes_nobody_known(void **state)
{
        struct ground *ground = *state;
        const unsigned flags[] = {FRAME_SYN, FRAME_ACK, FRAME_ACK | FRAME_PSH, FRAME_FIN | FRAME_ACK,
                                  FRAME_RST};
        struct frame_spec spec = {.source = "2.2.0.3",
                                  .dest = HOSPITAL,
                                  .protocol = FRAME_TCP,
                                  .source_port = 5,
                                  .dest_port = 443,
                                  .payload = "x",
                                  .payload_length = 1};

        for (int i = 0; i < 5; i++) {
                spec.flags = flags[i];
                ground_offer(ground, &spec);
        }
        spec.protocol = FRAME_UDP;
        ground_offer(ground, &spec);
        assert_false(ground_knows(ground, "2.2.0.3"));
}

static void egress_is_counted(void **state)
{
        struct ground *ground = *state;
        struct frame_spec spec = outbound("2.2.0.4", FRAME_TCP, 443, FRAME_ACK | FRAME_FIN);

        ground_send(ground, &spec);
        ground_send(ground, &spec);
        assert_int_equal(ground->after.service[0].egress_packets - ground->before.service[0].egress_packets,
                         2);
        assert_int_equal(ground->after.service[0].egress_bytes - ground->before.service[0].egress_bytes, 80);
        assert_int_equal(ground->after.service[0].verified - ground->before.service[0].verified, 1);
}

static void a_syn_ack_shows_a_served_port(void **state)
{
        struct ground *ground = *state;
        struct frame_spec spec = outbound("2.2.0.5", FRAME_TCP, 8443, FRAME_SYN | FRAME_ACK);

        assert_false(plane_port_served(ground->plane, 0, 8443));
        ground_send(ground, &spec);
        assert_true(plane_port_served(ground->plane, 0, 8443));
        assert_false(plane_port_served(ground->plane, 1, 8443));
        assert_false(plane_port_served(ground->plane, 0, 8442));
}

/* One reply a second from a served port; after how many of them the peer is known. */
static unsigned replies_needed(struct ground *ground, const char *peer, uint64_t interval)
{
        struct frame_spec spec = outbound(peer, FRAME_UDP, 53, 0);
        uint64_t verified = 0;

        for (unsigned replies = 1; replies <= 20; replies++) {
                plane_read(ground->plane, &ground->before);
                verified = ground->before.service[0].verified;
                ground_send(ground, &spec);
                if (ground->after.service[0].verified > verified)
                        return replies;
                ground_advance(ground, interval);
        }
        return 0;
}

static void udp_partners_become_known_with_time(void **state)
{
        struct ground *ground = *state;

        assert_int_equal(replies_needed(ground, "2.3.0.1", SECOND), 4); /* four replies */
        assert_int_equal(replies_needed(ground, "2a01:e01:3::1", SECOND), 4);
        assert_true(ground_knows(ground, "2.3.0.1"));
        assert_true(ground_knows(ground, "2a01:e01:3::1"));
        ground_advance(ground, SECOND - ground->now % SECOND);
        assert_int_equal(replies_needed(ground, "2.3.0.2", SECOND / 4), 9); /* two seconds */
        ground_advance(ground, SECOND - ground->now % SECOND);
        assert_int_equal(replies_needed(ground, "2.3.0.3", SECOND / 100), 0); /* all in a fifth of a second */
}

static void under_attack_udp_makes_nobody_known(void **state)
{
        struct ground *ground = *state;

        plane_freeze(ground->plane, 0, true);
        assert_int_equal(replies_needed(ground, "2.3.0.4", SECOND), 0);
        assert_true(vouches_tcp(ground, FRAME_ACK, 1)); /* handshakes still count */
        plane_freeze(ground->plane, 0, false);
        assert_int_equal(replies_needed(ground, "2.3.0.4", SECOND), 4);
}

/* A server nobody named: its replies to forged questions must not make the forged known. */
static void a_low_port_is_no_clients_port(void **state)
{
        struct ground *ground = *state;

        assert_false(plane_port_served(ground->plane, 0, 4500));
        assert_false(vouches(ground, outbound("2.3.1.1", FRAME_UDP, 4500, 0)));
        assert_false(vouches(ground, outbound("2.3.1.2", FRAME_UDP, 32767, 0)));
        assert_true(vouches(ground, outbound("2.3.1.3", FRAME_UDP, 32768, 0)));
}

static void who_is_silent_is_forgotten(void **state)
{
        struct ground *ground = *state;

        ground_befriend(ground, "2.4.0.1");
        ground_befriend(ground, "2a01:e01:4::1");
        ground_advance(ground, 3590 * SECOND);
        assert_true(ground_knows(ground, "2.4.0.1"));
        assert_true(ground_knows(ground, "2a01:e01:4::1"));
        ground_advance(ground, 20 * SECOND);
        assert_false(ground_knows(ground, "2.4.0.1"));
        assert_false(ground_knows(ground, "2a01:e01:4::1"));
        ground_befriend(ground, "2.4.0.1");
        assert_true(ground_knows(ground, "2.4.0.1"));
}

static void being_heard_again_refreshes(void **state)
{
        struct ground *ground = *state;

        ground_befriend(ground, "2.4.0.2");
        ground_advance(ground, 3000 * SECOND);
        ground_befriend(ground, "2.4.0.2");
        ground_advance(ground, 3000 * SECOND);
        assert_true(ground_knows(ground, "2.4.0.2"));
}

static void a_whole_v6_customer_is_one_source(void **state)
{
        struct ground *ground = *state;

        ground_befriend(ground, "2a01:e01:5::1");
        assert_true(ground_knows(ground, "2a01:e01:5::ffff:1"));
        assert_false(ground_knows(ground, "2a01:e01:5:1::1"));
}

/* 64 places. The 65th and on push out the oldest of their buckets, and each living one pushed out is counted. */
static void a_full_memory_evicts_and_counts(void **state)
{
        struct ground *ground = *state;
        uint64_t ipv4, ipv6;
        char peer[32];

        plane_known_clear(ground->plane);
        plane_known_count(ground->plane, &ipv4, &ipv6);
        assert_int_equal(ipv4 + ipv6, 0);
        for (unsigned i = 0; i < 500; i++) {
                snprintf(peer, sizeof(peer), "2.5.%u.%u", i >> 8, i & 0xff);
                ground_befriend(ground, peer);
                snprintf(peer, sizeof(peer), "2a01:e01:6:%x::1", i);
                ground_befriend(ground, peer);
                ground_advance(ground, SECOND);
        }
        plane_known_count(ground->plane, &ipv4, &ipv6);
        assert_int_equal(ipv4, 64);
        assert_int_equal(ipv6, 64);
        assert_int_equal(ground->after.known_evicted - ground->before.known_evicted, 2 * (500 - 64));
        assert_true(ground_knows(ground, "2.5.1.243")); /* the newest */
        assert_false(ground_knows(ground, "2.5.0.0"));
        ground_advance(ground, 4000 * SECOND); /* all have aged: room without eviction */
        plane_known_count(ground->plane, &ipv4, &ipv6);
        assert_int_equal(ipv4 + ipv6, 0);
        plane_read(ground->plane, &ground->before);
        for (unsigned i = 0; i < 8; i++) {
                snprintf(peer, sizeof(peer), "2.6.0.%u", i);
                ground_befriend(ground, peer);
        }
        assert_int_equal(ground->after.known_evicted, ground->before.known_evicted);
}

#define CASE(function) cmocka_unit_test_setup(function, ground_reset)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(answers_with_data_or_an_end_vouch),   CASE(what_a_forger_can_draw_out_does_not_vouch),
                CASE(the_inside_speaking_first_vouches),   CASE(later_fragments_say_nothing),
                CASE(vlan_tags_do_not_hide_replies),       CASE(others_replies_are_not_ours),
                CASE(ingress_alone_makes_nobody_known),    CASE(egress_is_counted),
                CASE(a_syn_ack_shows_a_served_port),       CASE(udp_partners_become_known_with_time),
                CASE(under_attack_udp_makes_nobody_known), CASE(a_low_port_is_no_clients_port),
                CASE(who_is_silent_is_forgotten),          CASE(being_heard_again_refreshes),
                CASE(a_whole_v6_customer_is_one_source),   CASE(a_full_memory_evicts_and_counts),
        };

        return cmocka_run_group_tests(tests, ground_setup, ground_teardown);
}
