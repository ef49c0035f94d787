/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The short way counts and decides as the long way does. The first packets of an epoch are all sampled and so go the long
 * way; therefore a flood here is long enough for most of it to go the short one.
 */
#include "edge/shield_test.h"

#define FLOOD 10000u

static const struct frame_spec packet = {.source = "2.0.0.9",
                                         .dest = HOSPITAL,
                                         .protocol = FRAME_UDP,
                                         .source_port = 1900,
                                         .dest_port = 443,
                                         .ip_id = 4242,
                                         .ttl = 100,
                                         .payload = "abcdefgh",
                                         .payload_length = 8};

/* The same packet many times; what the last one met. */
static unsigned flood(struct ground *ground, const struct frame_spec *spec)
{
        LIBBPF_OPTS(bpf_test_run_opts, options, .repeat = FLOOD);
        struct frame frame;

        frame_make(spec, &frame);
        options.data_in = frame.bytes;
        options.data_size_in = (uint32_t)frame.length;
        assert_int_equal(bpf_prog_test_run_opts(plane_ingress_fd(ground->plane), &options), 0);
        plane_read(ground->plane, &ground->after);
        return options.retval;
}

/* Puts two measures into slots 3 and 4 and publishes them as signatures or as rungs. */
static void stand(struct ground *ground, const struct shield_measure *one, const struct shield_measure *two,
                  bool as_rungs)
{
        const struct shield_plan none = {};
        struct shield_plan plan = {};

        plane_publish(ground->plane, 0, &none);
        assert_int_equal(plane_fill(ground->plane, 3, one), 0);
        assert_int_equal(plane_fill(ground->plane, 4, two), 0);
        plane_reset_slot(ground->plane, 3);
        plane_reset_slot(ground->plane, 4);
        if (as_rungs)
                plan.rungs = 0x0504;
        else
                plan.signatures = 0x0504;
        plane_publish(ground->plane, 0, &plan);
        plane_read(ground->plane, &ground->before);
}

static struct shield_measure of_port(const struct ground *ground, uint16_t port)
{
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_SIGNATURE);

        measure.signature.source_port_min = measure.signature.source_port_max = port;
        return measure;
}

static struct shield_measure fence_of(const struct ground *ground, const char *code)
{
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_FENCE);
        unsigned index = country_index(code);

        measure.countries[index / 64] = 1ULL << (index % 64);
        return measure;
}

static uint64_t country_dropped(const struct ground *ground, const char *code)
{
        unsigned index = country_index(code);

        return ground->after.service[0].country[index].dropped -
               ground->before.service[0].country[index].dropped;
}

/* Exact by measure and by class; by country exact but for the rest of the last group of eight. */
static void the_first_signature_counts(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = of_port(ground, 1900);

        ground_apply(ground, &measure);
        assert_int_equal(flood(ground, &packet), ACTION_DROP);
        assert_int_equal(ground->after.slot[3].matched, FLOOD);
        assert_int_equal(ground->after.slot[3].dropped, FLOOD);
        assert_int_equal(ground->after.slot[3].dropped_bytes, FLOOD * 36);
        assert_int_equal(ground_class(ground, 0, SHIELD_CLASS_UDP).packets, FLOOD);
        assert_int_equal(ground_class(ground, 0, SHIELD_CLASS_UDP).dropped, FLOOD);
        assert_int_equal(ground_class(ground, 0, SHIELD_CLASS_UDP).dropped_bytes, FLOOD * 36);
        assert_in_range(country_dropped(ground, "FR"), FLOOD * 9 / 10, FLOOD * 11 / 10);
}

static void the_second_signature_hits(void **state)
{
        struct ground *ground = *state;
        struct shield_measure other = of_port(ground, 53), measure = of_port(ground, 1900);

        for (int as_rungs = 0; as_rungs < 2; as_rungs++) {
                stand(ground, &other, &measure, as_rungs);
                assert_int_equal(flood(ground, &packet), ACTION_DROP);
                assert_int_equal(ground->after.slot[3].matched, 0);
                assert_int_equal(ground->after.slot[4].dropped, FLOOD);
                assert_int_equal(country_dropped(ground, "FR"), FLOOD);
        }
}

static void a_fence_then_a_signature(void **state)
{
        struct ground *ground = *state;
        struct shield_measure fence = fence_of(ground, "FR"), measure = of_port(ground, 1900);
        struct frame_spec foreign = packet, other = packet;

        foreign.source = "8.8.8.8";
        other.source = "8.8.8.8";
        other.source_port = 1901;
        stand(ground, &fence, &measure, true);
        assert_int_equal(flood(ground, &packet), ACTION_DROP);
        assert_int_equal(ground->after.slot[3].dropped, FLOOD);
        assert_int_equal(ground->after.slot[4].matched, 0);
        assert_int_equal(flood(ground, &foreign), ACTION_DROP);
        assert_int_equal(ground->after.slot[3].dropped, FLOOD);
        assert_int_equal(ground->after.slot[4].dropped, FLOOD);
        assert_int_equal(flood(ground, &other), ACTION_PASS);
        assert_int_equal(ground->after.slot[4].matched, FLOOD);
}

static void a_signature_may_ask_for_a_country(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = of_port(ground, 1900);
        struct frame_spec foreign = packet;

        foreign.source = "8.8.8.8";
        measure.signature.mask[0] = 0xffULL << 32;
        measure.signature.value[0] = (uint64_t)country_index("FR") << 32;
        ground_apply(ground, &measure);
        assert_int_equal(flood(ground, &packet), ACTION_DROP);
        assert_int_equal(country_dropped(ground, "FR"), FLOOD);
        assert_int_equal(flood(ground, &foreign), ACTION_PASS);
        assert_int_equal(ground->after.slot[3].matched, FLOOD);
}

/* What lies in the second half of the features is looked at, too. */
static void the_second_half_is_held(void **state)
{
        struct ground *ground = *state;
        struct shield_measure payload = of_port(ground, 1900), ip_id = payload;
        struct frame_spec other = packet;

        payload.signature.mask[2] = 0xff;
        payload.signature.value[2] = 'a';
        ground_apply(ground, &payload);
        assert_int_equal(flood(ground, &packet), ACTION_DROP);
        assert_int_equal(ground->after.slot[3].dropped, FLOOD);
        other.payload = "zbcdefgh";
        assert_int_equal(flood(ground, &other), ACTION_PASS);
        ip_id.signature.mask[3] = 0xffffULL << 32;
        ip_id.signature.value[3] = 4242ULL << 32;
        ground_apply(ground, &ip_id);
        assert_int_equal(flood(ground, &packet), ACTION_DROP);
        other.ip_id = 4243;
        assert_int_equal(flood(ground, &other), ACTION_PASS);
        assert_int_equal(ground->after.slot[3].matched, FLOOD);
}

static void what_speaks_for_a_packet_is_heard(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = of_port(ground, 1900);
        struct frame_spec friend = packet;

        measure.flags = SHIELD_FLAG_SHADOW;
        ground_apply(ground, &measure);
        assert_int_equal(flood(ground, &packet), ACTION_PASS);
        assert_int_equal(ground->after.slot[3].would_drop, FLOOD);
        measure.flags = 0;
        measure.pass_threshold = UINT32_MAX;
        ground_apply(ground, &measure);
        assert_int_equal(flood(ground, &packet), ACTION_PASS);
        assert_int_equal(ground->after.slot[3].would_drop, FLOOD);
        friend.source = "2.3.4.5";
        ground_befriend(ground, friend.source);
        measure.pass_threshold = 0;
        measure.flags = SHIELD_FLAG_SPARE_KNOWN;
        ground_apply(ground, &measure);
        assert_int_equal(flood(ground, &friend), ACTION_PASS);
        assert_int_equal(ground->after.slot[3].spared, FLOOD);
        measure.flags = 0;
        ground_apply(ground, &measure);
        assert_int_equal(flood(ground, &friend), ACTION_DROP);
        assert_int_equal(ground_class(ground, 0, SHIELD_CLASS_UDP).known, FLOOD);
}

static void an_end_is_an_end(void **state)
{
        struct ground *ground = *state;
        struct shield_measure over = of_port(ground, 1900), fence = fence_of(ground, "FR");

        over.until_ns = ground->now;
        stand(ground, &over, &fence, true);
        assert_int_equal(flood(ground, &packet), ACTION_DROP);
        assert_int_equal(ground->after.slot[3].matched, 0);
        assert_int_equal(ground->after.slot[4].dropped, FLOOD);
        plane_slot(ground->plane, 4)->until_ns = ground->now;
        assert_int_equal(flood(ground, &packet), ACTION_PASS);
        assert_int_equal(ground->after.slot[4].dropped, FLOOD);
}

/* IPv6 takes another road to the same judgement. */
static void what_is_not_plain_is_dropped_too(void **state)
{
        struct ground *ground = *state;
        struct shield_measure other = of_port(ground, 53), measure = of_port(ground, 1900);
        struct frame_spec six = packet;

        six.source = "2a01:e00::9";
        six.dest = HOSPITAL_V6;
        stand(ground, &other, &measure, false);
        assert_int_equal(flood(ground, &six), ACTION_DROP);
        assert_int_equal(ground->after.slot[3].matched, 0);
        assert_int_equal(ground->after.slot[4].dropped, FLOOD);
        assert_int_equal(country_dropped(ground, "FR"), FLOOD);
}

#define CASE(function) cmocka_unit_test_setup(function, ground_reset)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(the_first_signature_counts), CASE(the_second_signature_hits),
                CASE(a_fence_then_a_signature),   CASE(a_signature_may_ask_for_a_country),
                CASE(the_second_half_is_held),    CASE(what_speaks_for_a_packet_is_heard),
                CASE(an_end_is_an_end),           CASE(what_is_not_plain_is_dropped_too),
        };

        return cmocka_run_group_tests(tests, ground_setup, ground_teardown);
}
