/* SPDX-License-Identifier: EUPL-1.2 */
/* Samples: what they say, how many packets they stand for, what happens when nobody reads them. */
#include "edge/shield_test.h"

#include <sched.h>

static const struct frame_spec packet = {.source = "2.0.0.9",
                                         .dest = HOSPITAL,
                                         .protocol = FRAME_UDP,
                                         .source_port = 123,
                                         .dest_port = 4500,
                                         .payload = "abcdefgh",
                                         .payload_length = 8};

static void repeat(struct ground *ground, unsigned times)
{
        struct frame frame;

        frame_make(&packet, &frame);

        LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.bytes,
                    .data_size_in = (uint32_t)frame.length, .repeat = (int)times);

        assert_int_equal(bpf_prog_test_run_opts(plane_ingress_fd(ground->plane), &options), 0);
        plane_read(ground->plane, &ground->after);
}

static void a_sample_tells_what_became_of_its_packet(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_SIGNATURE);
        struct shield_sample sample = ground_sample(ground, &packet);

        assert_int_equal(sample.version, SHIELD_VERSION);
        assert_int_equal(sample.size, sizeof(sample));
        assert_int_equal(sample.weight, 1);
        assert_int_equal(sample.time_ns, ground->now);
        assert_int_equal(sample.known, 0);
        assert_int_equal(sample.verdict, SHIELD_PASS);
        assert_int_equal(sample.slot, SHIELD_NO_SLOT);
        ground_apply(ground, &measure);
        sample = ground_sample(ground, &packet);
        assert_int_equal(sample.verdict, SHIELD_DROP);
        assert_int_equal(sample.slot, 3);
        measure.flags = SHIELD_FLAG_SHADOW;
        ground_apply(ground, &measure);
        assert_int_equal(ground_sample(ground, &packet).verdict, SHIELD_WOULD_DROP);
        ground_befriend(ground, packet.source);
        measure.flags = SHIELD_FLAG_SPARE_KNOWN;
        ground_apply(ground, &measure);
        sample = ground_sample(ground, &packet);
        assert_int_equal(sample.verdict, SHIELD_SPARED);
        assert_int_equal(sample.known, 1);
        assert_int_equal(sample.slot, 3);
}

/* While a measure stands, what passes is sampled in a stream of its own; those that are dropped are still sampled. */
static void what_passes_leaves_the_dropped_their_samples(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_SIGNATURE);
        struct frame_spec other = packet;
        size_t dropped = 0;

        measure.signature.source_port_min = measure.signature.source_port_max = 123;
        ground_apply(ground, &measure);
        other.source_port = 124;
        for (int i = 0; i < 5; i++)
                ground_offer(ground, &other);
        repeat(ground, 50);
        ground_drain(ground);
        for (size_t i = 0; i < ground->sample_count; i++)
                dropped += ground->samples[i].verdict == SHIELD_DROP;
        assert_int_equal(dropped, 50);
}

static void a_challenged_packet_is_sampled_as_it_came(void **state)
{
        struct ground *ground = *state;
        struct shield_measure measure = ground_measure(ground, SHIELD_KIND_CHALLENGE);
        struct frame_spec syn = packet;
        struct shield_sample sample;

        syn.source = "2.0.0.10";
        syn.protocol = FRAME_TCP;
        syn.flags = FRAME_SYN;
        ground_apply(ground, &measure);
        sample = ground_sample(ground, &syn);
        assert_int_equal(sample.verdict, SHIELD_CHALLENGED);
        assert_int_equal(sample.features.tcp_flags, FRAME_SYN);
        assert_int_equal(sample.features.dest_port, 4500);
        assert_int_equal(sample.source[3], 10);
}

static uint64_t weight_of(const struct ground *ground, size_t from, size_t to)
{
        uint64_t sum = 0;

        for (size_t i = from; i < to; i++)
                sum += ground->samples[i].weight;
        return sum;
}

static void the_first_packets_are_all_sampled(void **state)
{
        struct ground *ground = *state;

        repeat(ground, 256);
        ground_drain(ground);
        assert_int_equal(ground->sample_count, 256);
        assert_int_equal(weight_of(ground, 0, 256), 256);
}

/* 1 in 32 from there to 8,192: 248 of them, spread by 63/sqrt(12) each. */
static void then_one_in_thirty_two(void **state)
{
        struct ground *ground = *state;

        repeat(ground, 8192);
        ground_drain(ground);
        assert_in_range(ground->sample_count, 256 + 248 - 60, 256 + 248 + 60);
        for (size_t i = 256; i < ground->sample_count; i++)
                assert_int_equal(ground->samples[i].weight, 32);
}

/* All weights together are the packets: 20 epochs, each off by 1,850 or so (124 gaps of 256, spread 148). */
static void weights_add_up(void **state)
{
        struct ground *ground = *state;
        uint64_t sum = 0;

        for (int round = 0; round < 20; round++) {
                ground_advance(ground, SECOND);
                repeat(ground, 40000);
                ground_drain(ground);
                assert_in_range(ground->sample_count, 540, 720);
                assert_int_equal(ground->samples[ground->sample_count - 1].weight, 256);
                sum += weight_of(ground, 0, ground->sample_count);
        }
        assert_in_range(sum, 20 * 40000 - 40000, 20 * 40000 + 40000);
}

static void a_new_epoch_samples_anew(void **state)
{
        struct ground *ground = *state;

        repeat(ground, 10000);
        ground_drain(ground);
        ground_advance(ground, 140000000);
        repeat(ground, 100);
        ground_drain(ground);
        assert_int_equal(ground->sample_count, 100);
        assert_int_equal(weight_of(ground, 0, 100), 100);
}

/* 64 KiB hold 819 records of 80 bytes: the rest is lost, counted, and no packet waits for it. */
static void a_full_ring_is_counted(void **state)
{
        struct ground *ground = *state;
        uint64_t lost;

        for (int epoch = 0; epoch < 10; epoch++) {
                ground_advance(ground, SECOND);
                repeat(ground, 256);
        }
        lost = ground->after.samples_lost - ground->before.samples_lost;
        ground_drain(ground);
        assert_int_equal(ground->sample_count + lost, 2560);
        assert_int_equal(ground->sample_count, 65536 / 80);
        assert_int_equal(plane_bad_samples(ground->plane), 0);
        assert_int_equal(ground_class(ground, 0, SHIELD_CLASS_UDP).packets, 2560);
}

/* Each processor samples by itself: a test that is moved between two packets would see two streams. */
static int stay_and_set_up(void **state)
{
        cpu_set_t one;

        CPU_ZERO(&one);
        CPU_SET((unsigned)sched_getcpu(), &one);
        assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
        return ground_setup(state);
}

#define CASE(function) cmocka_unit_test_setup(function, ground_reset)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(a_sample_tells_what_became_of_its_packet),
                CASE(a_challenged_packet_is_sampled_as_it_came),
                CASE(what_passes_leaves_the_dropped_their_samples),
                CASE(the_first_packets_are_all_sampled),
                CASE(then_one_in_thirty_two),
                CASE(weights_add_up),
                CASE(a_new_epoch_samples_anew),
                CASE(a_full_ring_is_counted),
        };

        return cmocka_run_group_tests(tests, stay_and_set_up, ground_teardown);
}
