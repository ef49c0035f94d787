/* SPDX-License-Identifier: EUPL-1.2 */
/* Every way a frame can be built, told right; every way it can be cut, passed. */
#include "edge/shield_test.h"

static const struct frame_spec tcp4 = {.source = "2.0.0.1",
                                       .dest = HOSPITAL,
                                       .protocol = FRAME_TCP,
                                       .source_port = 40000,
                                       .dest_port = 443,
                                       .flags = FRAME_ACK | FRAME_PSH,
                                       .window = 501,
                                       .ip_id = 0x1234,
                                       .ttl = 57,
                                       .tcp_options = "\x01\x01\x08\x0a"
                                                      "12345678",
                                       .tcp_options_length = 12,
                                       .payload = "GET / HTTP",
                                       .payload_length = 10,
                                       .dont_fragment = 1};

static struct frame_spec tcp6(void)
{
        struct frame_spec spec = tcp4;

        spec.source = "2a01:e00::1";
        spec.dest = HOSPITAL_V6;
        spec.ip_id = 0;
        spec.dont_fragment = 0;
        return spec;
}

static void features_of_tcp_over_ipv4(void **state)
{
        struct ground *ground = *state;
        struct shield_sample sample = ground_sample(ground, &tcp4);
        const struct shield_features *features = &sample.features;

        assert_int_equal(features->protocol, FRAME_TCP);
        assert_int_equal(features->tcp_flags, FRAME_ACK | FRAME_PSH);
        assert_int_equal(features->ttl, 57);
        assert_int_equal(features->header_words, 8);
        assert_int_equal(features->country, country_index("FR"));
        assert_int_equal(features->marks, SHIELD_MARK_DONT_FRAGMENT | SHIELD_MARK_SERVED);
        assert_int_equal(features->window, 501);
        assert_int_equal(features->source_port, 40000);
        assert_int_equal(features->dest_port, 443);
        assert_int_equal(features->length, 62);
        assert_int_equal(features->service, 0);
        assert_int_equal(features->class_, SHIELD_CLASS_TCP);
        assert_memory_equal(features->payload, "GET / HT", 8);
        assert_memory_equal(features->options, "\x01\x01\x08\x0a", 4);
        assert_int_equal(features->ip_id, 0x1234);
        assert_int_equal(features->fragment_offset, 0);
        assert_memory_equal(sample.source, "\x02\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0", 16);
}

static void features_of_tcp_over_ipv6(void **state)
{
        struct ground *ground = *state;
        struct frame_spec spec = tcp6();
        struct shield_sample sample = ground_sample(ground, &spec);
        const struct shield_features *features = &sample.features;

        assert_int_equal(features->protocol, FRAME_TCP);
        assert_int_equal(features->ttl, 57);
        assert_int_equal(features->country, country_index("FR"));
        assert_int_equal(features->marks, SHIELD_MARK_IPV6 | SHIELD_MARK_SERVED);
        assert_int_equal(features->length, 82);
        assert_int_equal(features->ip_id, 0);
        assert_memory_equal(features->payload, "GET / HT", 8);
        assert_memory_equal(sample.source, "\x2a\x01\x0e\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
}

static void vlan_tags_are_looked_through(void **state)
{
        struct ground *ground = *state;

        for (unsigned vlans = 0; vlans <= 2; vlans++) {
                struct frame_spec specs[] = {tcp4, tcp6()};

                for (int i = 0; i < 2; i++) {
                        specs[i].vlans = vlans;
                        assert_int_equal(ground_sample(ground, &specs[i]).features.dest_port, 443);
                }
        }
}

static void three_vlan_tags_are_nobodys(void **state)
{
        struct ground *ground = *state;
        struct frame_spec spec = tcp4;
        struct frame frame;

        spec.vlans = 2;
        frame_make(&spec, &frame);
        memmove(frame.bytes + 18, frame.bytes + 14, frame.length - 14);
        memcpy(frame.bytes + 14, "\0\7\x81\0", 4);
        frame.length += 4;
        assert_int_equal(ground_ingress(ground, &frame), ACTION_PASS);
        assert_int_equal(ground->after.unprotected - ground->before.unprotected, 1);
}

static void ip_options_are_stepped_over(void **state)
{
        struct ground *ground = *state;
        struct frame_spec spec = tcp4;

        for (size_t length = 4; length <= 40; length += 4) {
                spec.ip_options_length = length;

                struct shield_sample sample = ground_sample(ground, &spec);

                assert_int_equal(sample.features.dest_port, 443);
                assert_true(sample.features.marks & SHIELD_MARK_IP_OPTIONS);
                assert_memory_equal(sample.features.payload, "GET / HT", 8);
        }
}

static void extension_headers_are_walked(void **state)
{
        struct ground *ground = *state;
        static const uint8_t chain[] = {0, 60, 43, 51, 60};
        struct frame_spec spec = tcp6();

        spec.extensions = chain;
        for (size_t count = 1; count <= sizeof(chain); count++) {
                spec.extension_count = count;

                struct shield_sample sample = ground_sample(ground, &spec);

                assert_int_equal(sample.features.protocol, FRAME_TCP);
                assert_int_equal(sample.features.dest_port, 443);
                assert_int_equal(sample.features.class_, SHIELD_CLASS_TCP);
                assert_true(sample.features.marks & SHIELD_MARK_IP_OPTIONS);
                assert_memory_equal(sample.features.payload, "GET / HT", 8);
        }
}

static void the_walk_is_bounded(void **state)
{
        struct ground *ground = *state;
        static const uint8_t chain[12] = {60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60};
        struct frame_spec spec = tcp6();
        struct shield_sample sample;

        spec.extensions = chain;
        spec.extension_count = 8;
        assert_int_equal(ground_sample(ground, &spec).features.dest_port, 443);
        spec.extension_count = 9;
        sample = ground_sample(ground, &spec);
        assert_int_equal(sample.features.class_, SHIELD_CLASS_OTHER);
        assert_int_equal(sample.features.protocol, 60);
        assert_int_equal(sample.features.dest_port, 0);
}

static void fragments_of_ipv4(void **state)
{
        struct ground *ground = *state;
        struct frame_spec spec = tcp4;
        struct shield_features features;

        spec.protocol = FRAME_UDP;
        spec.dont_fragment = 0;
        spec.more_fragments = 1;
        features = ground_sample(ground, &spec).features;
        assert_int_equal(features.class_, SHIELD_CLASS_FRAGMENT);
        assert_int_equal(features.marks & (SHIELD_MARK_FRAGMENT | SHIELD_MARK_FRAGMENT_LATER),
                         SHIELD_MARK_FRAGMENT);
        assert_int_equal(features.dest_port, 443);
        spec.fragment_offset = 185;
        features = ground_sample(ground, &spec).features;
        assert_int_equal(features.class_, SHIELD_CLASS_FRAGMENT);
        assert_true(features.marks & SHIELD_MARK_FRAGMENT_LATER);
        assert_int_equal(features.dest_port, 0);
        assert_int_equal(features.fragment_offset, 185);
        assert_memory_equal(features.payload, "GET / HT", 8);
        spec.more_fragments = 0;
        features = ground_sample(ground, &spec).features;
        assert_int_equal(features.class_, SHIELD_CLASS_FRAGMENT);
}

static void fragments_of_ipv6(void **state)
{
        struct ground *ground = *state;
        static const uint8_t chain[] = {0, 44};
        struct frame_spec spec = tcp6();
        struct shield_features features;

        spec.extensions = chain;
        spec.extension_count = 2;
        spec.more_fragments = 1;
        features = ground_sample(ground, &spec).features;
        assert_int_equal(features.class_, SHIELD_CLASS_FRAGMENT);
        assert_int_equal(features.dest_port, 443);
        spec.fragment_offset = 90;
        features = ground_sample(ground, &spec).features;
        assert_true(features.marks & SHIELD_MARK_FRAGMENT_LATER);
        assert_int_equal(features.protocol, FRAME_TCP);
        assert_int_equal(features.dest_port, 0);
        assert_int_equal(features.fragment_offset, 90);
        assert_memory_equal(features.payload, "GET / HT", 8);
}

static void classes(void **state)
{
        static const struct {
                unsigned protocol, flags;
                enum shield_class class_;
        } cases[] = {{FRAME_TCP, FRAME_SYN, SHIELD_CLASS_SYN},
                     {FRAME_TCP, FRAME_SYN | FRAME_ACK, SHIELD_CLASS_SYNACK},
                     {FRAME_TCP, FRAME_ACK, SHIELD_CLASS_TCP},
                     {FRAME_TCP, 0, SHIELD_CLASS_TCP},
                     {FRAME_TCP, FRAME_RST | FRAME_ACK, SHIELD_CLASS_RST},
                     {FRAME_UDP, 0, SHIELD_CLASS_UDP},
                     {FRAME_ICMP, 0, SHIELD_CLASS_ICMP},
                     {FRAME_ICMPV6, 0, SHIELD_CLASS_OTHER}, /* over IPv4 it is not ICMP */
                     {47, 0, SHIELD_CLASS_OTHER}};
        struct ground *ground = *state;
        struct frame_spec spec = tcp4;

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                spec.protocol = cases[i].protocol;
                spec.flags = cases[i].flags;
                ground_offer(ground, &spec);
                assert_int_equal(ground_class(ground, 0, cases[i].class_).packets, 1);
                ground_reset(state);
        }
        spec = tcp6();
        spec.protocol = FRAME_ICMPV6;
        spec.icmp_type = 128;
        assert_int_equal(ground_sample(ground, &spec).features.class_, SHIELD_CLASS_ICMP);
        assert_int_equal(ground_sample(ground, &spec).features.window, 128 << 8);
}

static void marks_of_emptiness_and_low_ports(void **state)
{
        struct ground *ground = *state;
        struct frame_spec spec = tcp4;

        spec.payload_length = 0;
        spec.padding = 20;
        spec.source_port = 53;
        spec.dest_port = 444;

        struct shield_features features = ground_sample(ground, &spec).features;

        assert_int_equal(features.marks,
                         SHIELD_MARK_DONT_FRAGMENT | SHIELD_MARK_EMPTY | SHIELD_MARK_LOW_SOURCE_PORT);
        assert_memory_equal(features.payload, "\0\0\0\0\0\0\0\0", 8);
}

/* Padding of the link is anybody's: the payload ends where the IP header says. */
static void short_payloads_end_where_the_packet_ends(void **state)
{
        struct ground *ground = *state;
        struct frame_spec spec = tcp4;
        static const char want[] = "GET / HT\0\0\0\0\0\0\0\0";

        for (size_t padding = 0; padding <= 20; padding += 20) {
                for (size_t length = 0; length <= 8; length++) {
                        char expected[8] = "";

                        memcpy(expected, want, length);
                        spec.payload_length = length;
                        spec.padding = padding;
                        assert_memory_equal(ground_sample(ground, &spec).features.payload, expected, 8);
                }
        }
}

static void every_truncation_passes(void **state)
{
        static const uint8_t chain[] = {0, 60, 44};
        struct ground *ground = *state;
        struct frame_spec specs[] = {tcp4, tcp6(), tcp4, tcp6()};

        specs[2].vlans = 2;
        specs[2].ip_options_length = 8;
        specs[3].extensions = chain;
        specs[3].extension_count = 3;
        for (int i = 0; i < 4; i++) {
                struct frame whole, frame;

                frame_make(&specs[i], &whole);
                for (size_t length = 14; length < whole.length; length++) {
                        frame = whole;
                        frame.length = length;
                        ground_reset(state);
                        assert_int_equal(ground_ingress(ground, &frame), ACTION_PASS);
                        assert_int_equal(ground->after.malformed - ground->before.malformed, 1);
                        assert_int_equal(frame.length, length);
                }
        }
}

static void contradictions_are_malformed(void **state)
{
        static const struct {
                size_t at;
                uint8_t value;
        } faults[] = {{14, 0x35}, {14, 0x44}, {17, 19}, {16, 0xff}, {14, 0x6f}};
        struct ground *ground = *state;

        for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
                struct frame frame;

                frame_make(&tcp4, &frame);
                frame.bytes[faults[i].at] = faults[i].value;
                ground_reset(state);
                assert_int_equal(ground_ingress(ground, &frame), ACTION_PASS);
                assert_int_equal(ground->after.malformed - ground->before.malformed, 1);
        }
}

/* A header that makes no sense must not be a way round a signature. */
static void senseless_transport_is_still_met(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_SIGNATURE);
        struct frame frame;

        ground_apply(ground, &measure);
        for (unsigned words = 0; words < 16; words++) {
                frame_make(&tcp4, &frame);
                frame.bytes[frame.transport + 12] = (uint8_t)(words << 4);
                assert_int_equal(ground_ingress(ground, &frame), ACTION_DROP);
        }
        frame_make(&tcp4, &frame);
        frame.bytes[17] = 24; /* an IP packet that ends within its TCP header */
        assert_int_equal(ground_ingress(ground, &frame), ACTION_DROP);
        assert_int_equal(ground_class(ground, 0, SHIELD_CLASS_OTHER).packets, 1);
}

static void counters_count(void **state)
{
        struct ground *ground = *state;
        struct frame_spec spec = tcp4;

        ground_offer(ground, &spec);
        ground_offer(ground, &spec);
        spec.dest = LABORATORY;
        spec.source = "8.8.8.8";
        ground_offer(ground, &spec);
        assert_int_equal(ground_class(ground, 0, SHIELD_CLASS_TCP).packets, 2);
        assert_int_equal(ground_class(ground, 0, SHIELD_CLASS_TCP).bytes, 2 * 62);
        assert_int_equal(ground_class(ground, 0, SHIELD_CLASS_TCP).dropped, 0);
        assert_int_equal(ground_class(ground, 1, SHIELD_CLASS_TCP).packets, 1);
        for (unsigned service = 0; service < 2; service++) {
                uint8_t country = country_index(service ? "US" : "FR");

                assert_int_equal(ground->after.service[service].country[country].packets -
                                         ground->before.service[service].country[country].packets,
                                 service ? 1 : 2);
        }
}

static void countries_of_both_families(void **state)
{
        static const struct {
                const char *source, *code;
        } cases[] = {{"1.0.0.7", "AU"},     {"1.0.1.0", "??"},     {"2.255.255.255", "FR"},
                     {"8.8.8.8", "US"},     {"203.0.113.1", "??"}, {"2001:200::5", "JP"},
                     {"2001:201::5", "??"}, {"2a01:e3f::", "FR"},  {"2a01:e40::", "??"}};
        struct ground *ground = *state;

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct frame_spec spec = strchr(cases[i].source, ':') ? tcp6() : tcp4;

                spec.source = cases[i].source;
                assert_int_equal(ground_sample(ground, &spec).features.country, country_index(cases[i].code));
        }
}

static void a_new_country_table_replaces_the_old(void **state)
{
        struct ground *ground = *state;

        ground_geo(ground->plane, "33554432,50331647,DE\n", geo6);
        assert_int_equal(ground_sample(ground, &tcp4).features.country, country_index("DE"));
        ground_geo(ground->plane, geo4, geo6);
        assert_int_equal(ground_sample(ground, &tcp4).features.country, country_index("FR"));
}

static void the_most_specific_prefix_wins(void **state)
{
        struct ground *ground = *state;
        struct frame_spec spec = tcp4;

        spec.dest = "192.0.2.127";
        assert_int_equal(ground_sample(ground, &spec).features.service, 0);
        spec.dest = "192.0.2.128";
        assert_int_equal(ground_sample(ground, &spec).features.service, 2);
}

static void what_is_not_protected_passes(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_SIGNATURE);
        struct frame_spec specs[] = {tcp4, tcp6()};
        struct frame arp = {.bytes = {[12] = 8, [13] = 6}, .length = 60};

        ground_apply(ground, &measure);
        specs[0].dest = "192.0.3.1";
        specs[1].dest = "2001:db8:2::1";
        for (int i = 0; i < 2; i++)
                assert_int_equal(ground_offer(ground, &specs[i]), ACTION_PASS);
        assert_int_equal(ground_ingress(ground, &arp), ACTION_PASS);
        assert_int_equal(ground->after.unprotected - ground->before.unprotected, 3);
        ground_drain(ground);
        assert_int_equal(ground->sample_count, 0);
}

/* Larger than one buffer: the rest lies where the program cannot see, and that is no contradiction. */
static void jumbo_frames_are_whole(void **state)
{
        struct ground *ground = *state;
        static uint8_t bytes[9000];
        struct frame frame;

        frame_make(&tcp4, &frame);
        memcpy(bytes, frame.bytes, frame.length);
        bytes[16] = (8986 >> 8) & 0xff;
        bytes[17] = 8986 & 0xff;

        bool passed = false;

        assert_int_equal(plane_run_ingress(ground->plane, bytes, sizeof(bytes), &passed), 0);
        assert_true(passed);
        plane_read(ground->plane, &ground->after);
        assert_int_equal(ground->after.malformed - ground->before.malformed, 0);
        assert_int_equal(ground_class(ground, 0, SHIELD_CLASS_TCP).bytes, 8986);
}

#define CASE(function) cmocka_unit_test_setup(function, ground_reset)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(features_of_tcp_over_ipv4),
                CASE(features_of_tcp_over_ipv6),
                CASE(vlan_tags_are_looked_through),
                CASE(three_vlan_tags_are_nobodys),
                CASE(ip_options_are_stepped_over),
                CASE(extension_headers_are_walked),
                CASE(the_walk_is_bounded),
                CASE(fragments_of_ipv4),
                CASE(fragments_of_ipv6),
                CASE(classes),
                CASE(marks_of_emptiness_and_low_ports),
                CASE(short_payloads_end_where_the_packet_ends),
                CASE(every_truncation_passes),
                CASE(contradictions_are_malformed),
                CASE(senseless_transport_is_still_met),
                CASE(counters_count),
                CASE(countries_of_both_families),
                CASE(a_new_country_table_replaces_the_old),
                CASE(the_most_specific_prefix_wins),
                CASE(what_is_not_protected_passes),
                CASE(jumbo_frames_are_whole),
        };

        return cmocka_run_group_tests(tests, ground_setup, ground_teardown);
}
