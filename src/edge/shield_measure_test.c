/* SPDX-License-Identifier: EUPL-1.2 */
/* Measures in the kernel: what they meet, when they end, what they let through, what they count. */
#include "edge/shield_test.h"

static const struct frame_spec packet = {.source = "2.0.0.9",
                                         .dest = HOSPITAL,
                                         .protocol = FRAME_TCP,
                                         .source_port = 1234,
                                         .dest_port = 443,
                                         .flags = FRAME_ACK,
                                         .window = 777,
                                         .ip_id = 4242,
                                         .ttl = 100,
                                         .tcp_options = "\x02\x04\x05\xb4",
                                         .tcp_options_length = 4,
                                         .payload = "abcdefgh",
                                         .payload_length = 8};

/* Each bit of the features that a sample shows is one a signature can ask for, and misses when it differs. */
static void every_bit_of_the_features_counts(void **state)
{
        struct ground *ground = *state;
        struct shield_sample sample = ground_sample(ground, &packet);

        for (unsigned bit = 0; bit < 256; bit++) {
                struct shield_measure measure = ground_measure(ground, SHIELD_KIND_SIGNATURE);

                memcpy(measure.signature.value, &sample.features, sizeof(measure.signature.value));
                measure.signature.mask[bit / 64] = 1ULL << (bit % 64);
                ground_apply(ground, &measure);
                assert_int_equal(ground_offer(ground, &packet), ACTION_DROP);
                measure.signature.value[bit / 64] ^= 1ULL << (bit % 64);
                ground_apply(ground, &measure);
                assert_int_equal(ground_offer(ground, &packet), ACTION_PASS);
        }
}

static void an_exact_signature_meets_its_packet_alone(void **state)
{
        struct ground *ground = *state;
        struct shield_sample sample = ground_sample(ground, &packet);
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_SIGNATURE);
        struct frame_spec other[] = {packet, packet, packet, packet, packet, packet};

        memcpy(measure.signature.value, &sample.features, sizeof(measure.signature.value));
        memset(measure.signature.mask, 0xff, sizeof(measure.signature.mask));
        ground_apply(ground, &measure);
        assert_int_equal(ground_offer(ground, &packet), ACTION_DROP);
        other[0].window++;
        other[1].ttl++;
        other[2].source_port++;
        other[3].payload = "abcdefgi";
        other[4].source = "8.8.8.8"; /* another country */
        other[5].tcp_options = "\x02\x04\x05\xb5";
        for (int i = 0; i < 6; i++)
                assert_int_equal(ground_offer(ground, &other[i]), ACTION_PASS);
}

static void ranges_hold_at_both_ends(void **state)
{
        struct ground *ground = *state;

        for (int field = 0; field < 4; field++) {
                const unsigned values[] = {20 + 24 + 8, 1234, 443, 100};

                for (int off = -1; off <= 1; off++) {
                        struct shield_measure low = ground_measure(ground, SHIELD_KIND_SIGNATURE);
                        struct shield_measure high = low;
                        uint16_t *least[] = {&low.signature.length_min, &low.signature.source_port_min,
                                             &low.signature.dest_port_min};
                        uint16_t *most[] = {&high.signature.length_max, &high.signature.source_port_max,
                                            &high.signature.dest_port_max};
                        unsigned edge = (unsigned)((int)values[field] + off);

                        if (field < 3) {
                                *least[field] = (uint16_t)edge;
                                *most[field] = (uint16_t)edge;
                        } else {
                                low.signature.ttl_min = (uint8_t)edge;
                                high.signature.ttl_max = (uint8_t)edge;
                        }
                        ground_apply(ground, &low);
                        assert_int_equal(ground_offer(ground, &packet), off <= 0 ? ACTION_DROP : ACTION_PASS);
                        ground_apply(ground, &high);
                        assert_int_equal(ground_offer(ground, &packet), off >= 0 ? ACTION_DROP : ACTION_PASS);
                }
        }
}

static void a_measure_ends_when_it_said(void **state)
{
        const enum shield_kind kinds[] = {SHIELD_KIND_SIGNATURE, SHIELD_KIND_FENCE, SHIELD_KIND_THROTTLE};
        struct ground *ground = *state;

        for (int i = 0; i < 3; i++) {
                struct shield_measure measure = ground_measure(ground, kinds[i]);

                measure.until_ns = ground->now + 5 * SECOND;
                memset(measure.countries, 0xff, sizeof(measure.countries));
                ground_apply(ground, &measure);
                assert_int_equal(ground_offer(ground, &packet), ACTION_DROP);
                ground_advance(ground, 5 * SECOND - 1);
                assert_int_equal(ground_offer(ground, &packet), ACTION_DROP);
                ground_advance(ground, 1);
                assert_int_equal(ground_offer(ground, &packet), ACTION_PASS);
                plane_slot(ground->plane, 3)->until_ns = ground->now + 1; /* prolonged in place */
                assert_int_equal(ground_offer(ground, &packet), ACTION_DROP);
        }
}

static void counters_of_a_drop(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_SIGNATURE);

        ground_apply(ground, &measure);
        for (int i = 0; i < 3; i++)
                ground_offer(ground, &packet);
        assert_int_equal(ground->after.slot[3].matched, 3);
        assert_int_equal(ground->after.slot[3].dropped, 3);
        assert_int_equal(ground->after.slot[3].dropped_bytes, 3 * 52);
        assert_int_equal(ground->after.slot[3].would_drop, 0);
        assert_int_equal(ground->after.slot[3].spared, 0);
        assert_int_equal(ground_class(ground, 0, SHIELD_CLASS_TCP).dropped, 3);
        assert_int_equal(ground_class(ground, 0, SHIELD_CLASS_TCP).dropped_bytes, 3 * 52);
        assert_int_equal(ground->after.service[0].country[country_index("FR")].dropped -
                                 ground->before.service[0].country[country_index("FR")].dropped,
                         3);
}

static void other_services_are_left_alone(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_SIGNATURE);
        struct frame_spec spec = packet;

        ground_apply(ground, &measure);
        spec.dest = LABORATORY;
        assert_int_equal(ground_offer(ground, &spec), ACTION_PASS);
}

static void known_sources_are_spared_when_asked(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_SIGNATURE);
        struct frame_spec friend = packet;

        friend.source = "2.7.7.7";
        ground_befriend(ground, friend.source);
        ground_apply(ground, &measure);
        assert_int_equal(ground_offer(ground, &friend), ACTION_DROP);
        measure.flags = SHIELD_FLAG_SPARE_KNOWN;
        ground_apply(ground, &measure);
        assert_int_equal(ground_offer(ground, &friend), ACTION_PASS);
        assert_int_equal(ground_offer(ground, &packet), ACTION_DROP);
        assert_int_equal(ground->after.slot[3].matched, 2);
        assert_int_equal(ground->after.slot[3].spared, 1);
        assert_int_equal(ground->after.slot[3].dropped, 1);
        assert_int_equal(ground_class(ground, 0, SHIELD_CLASS_TCP).known, 1);
}

static void a_shadow_drops_nothing(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_FENCE);

        measure.flags = SHIELD_FLAG_SHADOW;
        memset(measure.countries, 0xff, sizeof(measure.countries));
        ground_apply(ground, &measure);
        assert_int_equal(ground_offer(ground, &packet), ACTION_PASS);
        assert_int_equal(ground->after.slot[3].would_drop, 1);
        assert_int_equal(ground->after.slot[3].dropped, 0);
}

/* Of 10,000 packets a share of 10 % lets through 1,000 +- 30; five times that is once in two million runs. */
static void probation_lets_its_share_through(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_SIGNATURE);
        LIBBPF_OPTS(bpf_test_run_opts, options, .repeat = 10000);
        struct frame frame;

        frame_make(&packet, &frame);
        options.data_in = frame.bytes;
        options.data_size_in = (uint32_t)frame.length;
        measure.pass_threshold = UINT32_MAX / 10;
        ground_apply(ground, &measure);
        assert_int_equal(bpf_prog_test_run_opts(plane_ingress_fd(ground->plane), &options), 0);
        plane_read(ground->plane, &ground->after);
        assert_int_equal(ground->after.slot[3].matched, 10000);
        assert_in_range(ground->after.slot[3].would_drop, 850, 1150);
        assert_int_equal(ground->after.slot[3].would_drop + ground->after.slot[3].dropped, 10000);
        plane_slot(ground->plane, 3)->pass_threshold = UINT32_MAX;
        plane_reset_slot(ground->plane, 3);
        assert_int_equal(bpf_prog_test_run_opts(plane_ingress_fd(ground->plane), &options), 0);
        plane_read(ground->plane, &ground->after);
        assert_int_equal(ground->after.slot[3].would_drop, 10000);
}

static void a_fence_stops_its_countries_alone(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_FENCE);
        unsigned fenced[] = {country_index("US"), 0};
        struct frame_spec spec = packet;

        for (int i = 0; i < 2; i++)
                measure.countries[fenced[i] / 64] |= 1ULL << (fenced[i] % 64);
        ground_apply(ground, &measure);
        assert_int_equal(ground_offer(ground, &spec), ACTION_PASS);
        spec.source = "8.8.8.8";
        assert_int_equal(ground_offer(ground, &spec), ACTION_DROP);
        spec.source = "203.0.113.5"; /* of no country */
        assert_int_equal(ground_offer(ground, &spec), ACTION_DROP);
        spec.source = "2001:200::1";
        spec.dest = HOSPITAL_V6;
        assert_int_equal(ground_offer(ground, &spec), ACTION_PASS);
}

static void a_fence_spares_whom_we_know(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_FENCE);
        struct frame_spec spec = packet;

        spec.source = "8.8.8.77";
        ground_befriend(ground, spec.source);
        measure.flags = SHIELD_FLAG_SPARE_KNOWN;
        memset(measure.countries, 0xff, sizeof(measure.countries));
        ground_apply(ground, &measure);
        assert_int_equal(ground_offer(ground, &spec), ACTION_PASS);
        assert_int_equal(ground_offer(ground, &packet), ACTION_DROP);
}

static unsigned passed_of(struct ground *ground, unsigned packets)
{
        unsigned passed = 0;

        for (unsigned i = 0; i < packets; i++)
                passed += ground_offer(ground, &packet) == ACTION_PASS;
        return passed;
}

static void a_throttle_keeps_its_rate(void **state)
{
        const unsigned rates[] = {0, 50, 1000, 1234};
        struct ground *ground = *state;

        for (int i = 0; i < 4; i++) {
                struct shield_measure measure = ground_measure(ground, SHIELD_KIND_THROTTLE);
                unsigned passed = 0;

                measure.rate_pps = rates[i];
                ground_advance(ground, SECOND - ground->now % SECOND);
                ground_apply(ground, &measure);
                for (int window = 0; window < 100; window++) {
                        passed += passed_of(ground, 20);
                        ground_advance(ground, 10000000);
                }
                assert_int_equal(passed, rates[i]);
                assert_int_equal(ground->after.slot[3].dropped, 2000 - rates[i]);
        }
}

static void a_throttle_spares_whom_we_know(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_THROTTLE);
        struct frame_spec friend = packet;

        friend.source = "2.9.9.9";
        ground_befriend(ground, friend.source);
        measure.flags = SHIELD_FLAG_SPARE_KNOWN;
        ground_apply(ground, &measure);
        for (int i = 0; i < 5; i++)
                assert_int_equal(ground_offer(ground, &friend), ACTION_PASS);
        assert_int_equal(ground_offer(ground, &packet), ACTION_DROP);
}

/* Several in one plan: all are asked in order, the first that stops the packet ends it. */
static void plans_are_gone_through_in_order(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_SIGNATURE);
        struct shield_plan plan = {.signatures = 0x080706050403020bULL, .rungs = 0x09};

        measure.signature.dest_port_min = 444; /* meets nothing here */
        for (unsigned slot = 1; slot < 10; slot++) {
                measure.flags = slot == 3 ? SHIELD_FLAG_SHADOW : 0;
                measure.signature.dest_port_min = slot == 3 || slot == 7 ? 0 : 444;
                measure.kind = slot == 8 ? SHIELD_KIND_FENCE : SHIELD_KIND_SIGNATURE;
                memset(measure.countries, 0xff, sizeof(measure.countries));
                assert_int_equal(plane_fill(ground->plane, slot, &measure), 0);
        }
        measure.until_ns = ground->now; /* over */
        measure.signature.dest_port_min = 0;
        assert_int_equal(plane_fill(ground->plane, 10, &measure), 0);
        plane_publish(ground->plane, 0, &plan);
        assert_int_equal(ground_offer(ground, &packet), ACTION_DROP);
        assert_int_equal(ground->after.slot[10].matched, 0);
        assert_int_equal(ground->after.slot[3].would_drop, 1);
        assert_int_equal(ground->after.slot[7].dropped, 1);
        assert_int_equal(ground->after.slot[8].matched, 0);
        plan.signatures = 0x0b;
        plane_publish(ground->plane, 0, &plan);
        assert_int_equal(ground_offer(ground, &packet), ACTION_DROP);
        assert_int_equal(ground->after.slot[8].dropped, 1);
        assert_int_equal(plane_fill(ground->plane, 8, &measure), -EBUSY);
        assert_int_equal(plane_fill(ground->plane, 5, &measure), 0);
        assert_int_equal(plane_fill(ground->plane, SHIELD_SLOTS, &measure), -EINVAL);
}

/* RFC 4861: without them the network ends. A hop limit of 255 cannot come from afar. */
static void neighbour_discovery_is_never_dropped(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_SIGNATURE);
        struct frame_spec spec = {
                .source = "fe80::1", .dest = HOSPITAL_V6, .protocol = FRAME_ICMPV6, .ttl = 255};

        ground_apply(ground, &measure);
        for (spec.icmp_type = 133; spec.icmp_type <= 137; spec.icmp_type++)
                assert_int_equal(ground_offer(ground, &spec), ACTION_PASS);
        spec.icmp_type = 128;
        assert_int_equal(ground_offer(ground, &spec), ACTION_DROP);
        spec.icmp_type = 135;
        spec.ttl = 254;
        assert_int_equal(ground_offer(ground, &spec), ACTION_DROP);
}

#define CASE(function) cmocka_unit_test_setup(function, ground_reset)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(every_bit_of_the_features_counts),
                CASE(an_exact_signature_meets_its_packet_alone),
                CASE(ranges_hold_at_both_ends),
                CASE(a_measure_ends_when_it_said),
                CASE(counters_of_a_drop),
                CASE(other_services_are_left_alone),
                CASE(known_sources_are_spared_when_asked),
                CASE(a_shadow_drops_nothing),
                CASE(probation_lets_its_share_through),
                CASE(a_fence_stops_its_countries_alone),
                CASE(a_fence_spares_whom_we_know),
                CASE(a_throttle_keeps_its_rate),
                CASE(a_throttle_spares_whom_we_know),
                CASE(plans_are_gone_through_in_order),
                CASE(neighbour_discovery_is_never_dropped),
        };

        return cmocka_run_group_tests(tests, ground_setup, ground_teardown);
}
