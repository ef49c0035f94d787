/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "edge/capture.h"

#define LINK_NULL     0
#define LINK_ETHERNET 1
#define LINK_RAW      101
#define LINK_SLL      113
#define LINK_SLL2     276
#define LINK_WIFI     105

static const uint8_t packet_v4[24] = {0x45, 0, 0, 24, 0,   1, 0,   0,  64, 17, 0, 0,
                                      192,  0, 2, 1,  203, 0, 113, 10, 1,  2,  3, 4};
static const uint8_t packet_v6[40] = {0x60, 0, 0, 0, 0, 0, 59, 64, 0x20, 1, 0x0d, 0xb8};

static void put32(struct buffer *file, uint32_t value)
{
        buffer_append(file, &value, 4);
}

static void pcap_begin(struct buffer *file, uint32_t link)
{
        put32(file, 0xa1b2c3d4);
        put32(file, 2 | 4 << 16);
        put32(file, 0);
        put32(file, 0);
        put32(file, 65535);
        put32(file, link);
}

static void pcap_frame(struct buffer *file, const void *link, size_t link_length, const void *ip,
                       size_t length, size_t wire)
{
        put32(file, 7);
        put32(file, 8);
        put32(file, (uint32_t)(link_length + length));
        put32(file, (uint32_t)(link_length + wire));
        buffer_append(file, link, link_length);
        buffer_append(file, ip, length);
}

static int read_bytes(const struct buffer *file, size_t length, const struct capture_limits *limits,
                      struct capture *capture, struct error *error)
{
        FILE *stream = tmpfile();

        assert_non_null(stream);
        assert_int_equal(fwrite(file->data, 1, length, stream), length);
        rewind(stream);
        return capture_read_stream(stream, "test", limits, capture, error);
}

static void one_link(uint32_t link, const void *header, size_t header_length, const void *ip, size_t length)
{
        struct buffer file = BUFFER_INIT(4096);
        struct capture capture = CAPTURE_INIT;

        pcap_begin(&file, link);
        pcap_frame(&file, header, header_length, ip, length, length);
        assert_int_equal(read_bytes(&file, file.length, NULL, &capture, NULL), 0);
        assert_int_equal(capture.count, 1);
        assert_int_equal(capture.packets[0].wire_length, length);
        assert_int_equal(capture.packets[0].caught_length, length);
        assert_int_equal(capture.packets[0].time_ns, 7000008000u);
        assert_memory_equal(capture.packets[0].ip, ip, length);
        capture_release(&capture);
        buffer_release(&file);
}

static void test_every_link_type(void **state)
{
        const uint8_t ethernet[14] = {[12] = 0x08, 0x00}, ethernet_v6[14] = {[12] = 0x86, 0xdd};
        const uint8_t vlan[18] = {[12] = 0x81, 0, 0, 7, 0x08, 0x00};
        const uint8_t double_vlan[22] = {[12] = 0x88, 0xa8, 0, 7, 0x81, 0, 0, 8, 0x08, 0x00};
        const uint8_t cooked[16] = {[14] = 0x08, 0x00}, cooked2[20] = {0x86, 0xdd};
        const uint8_t null[4] = {2, 0, 0, 0};

        one_link(LINK_ETHERNET, ethernet, sizeof(ethernet), packet_v4, sizeof(packet_v4));
        one_link(LINK_ETHERNET, ethernet_v6, sizeof(ethernet_v6), packet_v6, sizeof(packet_v6));
        one_link(LINK_ETHERNET, vlan, sizeof(vlan), packet_v4, sizeof(packet_v4));
        one_link(LINK_ETHERNET, double_vlan, sizeof(double_vlan), packet_v4, sizeof(packet_v4));
        one_link(LINK_SLL, cooked, sizeof(cooked), packet_v4, sizeof(packet_v4));
        one_link(LINK_SLL2, cooked2, sizeof(cooked2), packet_v6, sizeof(packet_v6));
        one_link(LINK_NULL, null, sizeof(null), packet_v4, sizeof(packet_v4));
        one_link(LINK_RAW, NULL, 0, packet_v6, sizeof(packet_v6));
}

static void test_sliced_and_padded(void **state)
{
        const uint8_t ethernet[14] = {[12] = 0x08, 0x00};
        uint8_t padded[46] = {0}, sliced[24];
        struct buffer file = BUFFER_INIT(4096);
        struct capture capture = CAPTURE_INIT;

        memcpy(padded, packet_v4, sizeof(packet_v4));
        memcpy(sliced, packet_v4, sizeof(packet_v4));
        sliced[2] = 1000 >> 8;
        sliced[3] = 1000 & 255;
        pcap_begin(&file, LINK_ETHERNET);
        pcap_frame(&file, ethernet, 14, padded, sizeof(padded), sizeof(padded));
        pcap_frame(&file, ethernet, 14, sliced, sizeof(sliced), 1000);
        assert_int_equal(read_bytes(&file, file.length, NULL, &capture, NULL), 0);
        assert_int_equal(capture.count, 2);
        assert_int_equal(capture.packets[0].wire_length, 24);
        assert_int_equal(capture.packets[0].caught_length, 24);
        assert_int_equal(capture.packets[1].wire_length, 1000);
        assert_int_equal(capture.packets[1].caught_length, 24);
        capture_release(&capture);
        buffer_release(&file);
}

static void test_frames_without_ip_are_counted(void **state)
{
        const uint8_t arp[14] = {[12] = 0x08, 0x06}, ethernet[14] = {[12] = 0x08, 0x00};
        struct buffer file = BUFFER_INIT(4096);
        struct capture capture = CAPTURE_INIT;

        pcap_begin(&file, LINK_ETHERNET);
        pcap_frame(&file, arp, 14, packet_v4, 24, 24);
        pcap_frame(&file, ethernet, 14, packet_v4, 19, 24);
        pcap_frame(&file, ethernet, 14, packet_v4, 24, 24);
        pcap_frame(&file, ethernet, 5, packet_v4, 0, 0);
        assert_int_equal(read_bytes(&file, file.length, NULL, &capture, NULL), 0);
        assert_int_equal(capture.count, 1);
        assert_int_equal(capture.skipped, 3);
        capture_release(&capture);
        buffer_release(&file);
}

/* Whatever the byte at which a file of three packets is cut: whole ones are kept, nothing crashes. */
static void test_cut_at_every_byte(void **state)
{
        struct buffer file = BUFFER_INIT(4096);

        pcap_begin(&file, LINK_RAW);
        for (int i = 0; i < 3; i++)
                pcap_frame(&file, NULL, 0, packet_v4, 24, 24);
        for (size_t length = 0; length < file.length; length++) {
                struct capture capture = CAPTURE_INIT;
                struct error error = {0};
                size_t whole = length < 24 ? 0 : (length - 24) / 40;
                int r = read_bytes(&file, length, NULL, &capture, &error);

                if (length == 0 || length == 24)
                        assert_int_equal(r, -ENODATA);
                else if (whole == 0)
                        assert_int_equal(r, -EINVAL);
                else
                        assert_int_equal(r, (length - 24) % 40 ? CAPTURE_DAMAGED : 0);
                assert_int_equal(capture.count, whole);
                assert_int_equal(r != 0, error.en[0] != '\0');
                capture_release(&capture);
        }
        buffer_release(&file);
}

static void test_limits(void **state)
{
        const struct capture_limits two = {2, 1000}, sixty = {100, 60};
        struct buffer file = BUFFER_INIT(4096);
        struct capture capture = CAPTURE_INIT;

        pcap_begin(&file, LINK_RAW);
        for (int i = 0; i < 3; i++)
                pcap_frame(&file, NULL, 0, packet_v4, 24, 24);
        assert_int_equal(read_bytes(&file, file.length, &two, &capture, NULL), CAPTURE_CUT);
        assert_int_equal(capture.count, 2);
        capture_release(&capture);
        assert_int_equal(read_bytes(&file, file.length, &sixty, &capture, NULL), CAPTURE_CUT);
        assert_int_equal(capture.count, 2);
        capture_release(&capture);
        buffer_release(&file);
}

static void test_refusals_have_a_sentence(void **state)
{
        struct buffer file = BUFFER_INIT(4096);
        struct capture capture = CAPTURE_INIT;
        struct error error = {0};

        pcap_begin(&file, LINK_WIFI);
        pcap_frame(&file, NULL, 0, packet_v4, 24, 24);
        assert_int_equal(read_bytes(&file, file.length, NULL, &capture, &error), -EINVAL);
        assert_non_null(strstr(error.en, "link type"));
        assert_int_equal(capture_read("/", NULL, &capture, &error), -EINVAL);
        assert_non_null(strstr(error.en, "not a file"));
        assert_int_equal(capture_read("/nowhere.pcap", NULL, &capture, &error), -ENOENT);
        assert_null(capture.packets);
        buffer_release(&file);
}

/* A section header, an interface of raw IP in nanoseconds, one enhanced packet: pcapng under any name. */
static void test_pcapng(void **state)
{
        struct buffer file = BUFFER_INIT(4096);
        struct capture capture = CAPTURE_INIT;
        const uint32_t blocks[] = {0x0a0d0d0a, 28,    0x1a2b3c4d,  1, 0xffffffff, 0xffffffff, 28, 1,  32,
                                   LINK_RAW,   65535, 9 | 1 << 16, 9, 0,          32,         6,  56, 0,
                                   1,          2,     24,          24};

        buffer_append(&file, blocks, sizeof(blocks));
        buffer_append(&file, packet_v4, 24);
        put32(&file, 56);
        assert_int_equal(read_bytes(&file, file.length, NULL, &capture, NULL), 0);
        assert_int_equal(capture.count, 1);
        assert_int_equal(capture.packets[0].time_ns, (1ull << 32) + 2);
        assert_memory_equal(capture.packets[0].ip, packet_v4, 24);
        capture_release(&capture);
        buffer_release(&file);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_every_link_type),
                cmocka_unit_test(test_sliced_and_padded),
                cmocka_unit_test(test_frames_without_ip_are_counted),
                cmocka_unit_test(test_cut_at_every_byte),
                cmocka_unit_test(test_limits),
                cmocka_unit_test(test_refusals_have_a_sentence),
                cmocka_unit_test(test_pcapng),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
