/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "drill/frames.h"
#include "drill/wave.h"

static uint32_t sum16(const uint8_t *data, uint32_t length, uint32_t sum)
{
        for (uint32_t i = 0; i + 1 < length; i += 2)
                sum += (uint32_t)data[i] << 8 | data[i + 1];
        if (length & 1)
                sum += (uint32_t)data[length - 1] << 8;
        while (sum >> 16)
                sum = (sum & 0xffff) + (sum >> 16);
        return sum;
}

/* Right when the sum over header, pseudo header and data is all ones. */
static bool ip_right(const uint8_t *frame)
{
        return sum16(frame + 14, 20, 0) == 0xffff;
}

static bool transport_right(const uint8_t *frame, uint32_t length, uint8_t protocol)
{
        return sum16(frame + 34, length - 34, sum16(frame + 26, 8, protocol + length - 34)) == 0xffff;
}

static struct wave_target target(uint16_t port)
{
        struct wave_target made = {.to_mac = {2, 1}, .from_mac = {2, 2}, .port = port};

        addr_parse("203.0.113.10", &made.v4);
        addr_parse("2001:db8:d::10", &made.v6);
        return made;
}

static const uint8_t syn[40] = {0x45, 0, 0,  40, 0,    1,  0,    0, 64,   6,    0, 0, 192, 0,
                                2,    1, 10, 10, 10,   10, 0x10, 1, 0x63, 0xdd, 0, 0, 0,   1,
                                0,    0, 0,  0,  0x50, 2,  0,    0, 0x12, 0x34, 0, 0};

static struct capture_packet packet_of(const uint8_t *ip, uint32_t caught, uint32_t wire)
{
        return (struct capture_packet){.ip = ip, .caught_length = caught, .wire_length = wire};
}

static void test_syn_is_readdressed(void **state)
{
        struct capture_packet packet = packet_of(syn, 40, 40);
        struct wave_target to = target(80);
        uint8_t frame[WAVE_FRAME_MAX];

        assert_int_equal(wave_frame(&packet, &to, frame), 54);
        assert_memory_equal(frame, to.to_mac, 6);
        assert_memory_equal(frame + 6, to.from_mac, 6);
        assert_memory_equal(frame + 26, syn + 12, 4);
        assert_memory_equal(frame + 30, to.v4.bytes, 4);
        assert_int_equal(frame[36] << 8 | frame[37], 80);
        assert_true(ip_right(frame));
        assert_true(transport_right(frame, 54, 6));
        to.port = 0;
        assert_int_equal(wave_frame(&packet, &to, frame), 54);
        assert_int_equal(frame[36] << 8 | frame[37], 0x63dd);
        assert_true(transport_right(frame, 54, 6));
}

/* What the capture cut off is zeros, and the checksum is right for them. */
static void test_sliced_packet_gets_its_length_back(void **state)
{
        uint8_t udp[28] = {0x45, 0, 0,  100, 0,  1,  0, 0,  64, 17, 0, 0,  192,  0,
                           2,    1, 10, 10,  10, 10, 0, 53, 1,  1,  0, 80, 0xab, 0xcd};
        struct capture_packet packet = packet_of(udp, 28, 100);
        struct wave_target to = target(0);
        uint8_t frame[WAVE_FRAME_MAX];

        assert_int_equal(wave_frame(&packet, &to, frame), 114);
        assert_int_equal(frame[16] << 8 | frame[17], 100);
        assert_true(ip_right(frame));
        assert_true(transport_right(frame, 114, 17));
        udp[26] = udp[27] = 0;
        assert_int_equal(wave_frame(&packet, &to, frame), 114);
        assert_int_equal(frame[40] << 8 | frame[41], 0);
}

/* A datagram in two fragments: its checksum lies in the first and must stay right over both. */
static void test_fragments_keep_their_datagram_right(void **state)
{
        uint8_t whole[20 + 8 + 24] = {0x45, 0, 0, 52, 0,  7,  0,  0, 64, 17, 0, 0, 192,
                                      0,    2, 1, 10, 10, 10, 10, 0, 53, 1,  1, 0, 32};
        uint8_t first[20 + 24], second[20 + 8], frame[WAVE_FRAME_MAX], rejoined[8 + 24];
        struct wave_target to = target(0);
        struct capture_packet packet;
        uint32_t sum;

        for (uint8_t i = 0; i < 24; i++)
                whole[28 + i] = (uint8_t)(i * 7 + 1);
        sum = ~sum16(whole + 20, 32, sum16(whole + 12, 8, 17 + 32)) & 0xffff;
        whole[26] = (uint8_t)(sum >> 8);
        whole[27] = (uint8_t)sum;
        memcpy(first, whole, 44);
        first[3] = 44;
        first[6] = 0x20;
        memcpy(second, whole, 20);
        memcpy(second + 20, whole + 44, 8);
        second[3] = 28;
        second[7] = 3;
        packet = packet_of(first, 44, 44);
        assert_int_equal(wave_frame(&packet, &to, frame), 58);
        memcpy(rejoined, frame + 34, 24);
        packet = packet_of(second, 28, 28);
        assert_int_equal(wave_frame(&packet, &to, frame), 42);
        memcpy(rejoined + 24, frame + 34, 8);
        assert_true(ip_right(frame));
        assert_int_equal(sum16(rejoined, 32, sum16(frame + 26, 8, 17 + 32)), 0xffff);
}

static void test_what_does_not_fit_is_left_out(void **state)
{
        struct capture_packet packet = packet_of(syn, 40, 1501);
        uint8_t broken[40], frame[WAVE_FRAME_MAX];
        struct wave_target to = target(0);

        assert_int_equal(wave_frame(&packet, &to, frame), 0);
        memcpy(broken, syn, 40);
        broken[0] = 0x4f;
        packet = packet_of(broken, 40, 40);
        assert_int_equal(wave_frame(&packet, &to, frame), 0);
        broken[0] = 0x44;
        assert_int_equal(wave_frame(&packet, &to, frame), 0);
}

static void test_v6_goes_to_the_v6_address(void **state)
{
        uint8_t udp[48] = {0x60, 0, 0, 0, 0, 8, 17, 64, 0x20, 1, 0xd, 0xb8, [40] = 0, 53, 1, 1, 0, 8, 1, 1};
        struct capture_packet packet = packet_of(udp, 48, 48);
        struct wave_target to = target(0);
        uint8_t frame[WAVE_FRAME_MAX];
        struct addr source;

        assert_int_equal(wave_frame(&packet, &to, frame), 62);
        assert_memory_equal(frame + 38, to.v6.bytes, 16);
        assert_int_equal(sum16(frame + 54, 8, sum16(frame + 22, 32, 17 + 8)), 0xffff);
        wave_source(&packet, &source);
        assert_int_equal(source.family, 6);
        assert_memory_equal(source.bytes, udp + 8, 16);
}

static void test_frames_lie_within_their_windows(void **state)
{
        struct frames frames = FRAMES_INIT;
        uint8_t frame[FLOOD_FRAME_MAX];

        for (unsigned i = 0; i < 5000; i++) {
                uint32_t length = 54 + i % 1461;

                memset(frame, (int)(i & 255), length);
                assert_int_equal(frames_add(&frames, frame, length, (uint16_t)i, NULL), 0);
        }
        assert_int_equal(frames.count, 5000);
        for (unsigned i = 0; i < 5000; i++) {
                const struct flood_template *at = &frames.templates[i];
                const uint8_t *bytes = frames.blocks + (size_t)at->block * FLOOD_BLOCK + at->offset;

                assert_true(at->block < frames.block_count && at->offset <= FLOOD_BLOCK - FLOOD_FRAME_MAX);
                assert_int_equal(bytes[0], i & 255);
                assert_int_equal(bytes[at->length - 1], i & 255);
                assert_int_equal(frames.countries[i], i);
        }
        frames_release(&frames);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_syn_is_readdressed),
                cmocka_unit_test(test_sliced_packet_gets_its_length_back),
                cmocka_unit_test(test_fragments_keep_their_datagram_right),
                cmocka_unit_test(test_what_does_not_fit_is_left_out),
                cmocka_unit_test(test_v6_goes_to_the_v6_address),
                cmocka_unit_test(test_frames_lie_within_their_windows),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
