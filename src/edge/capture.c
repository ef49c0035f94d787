/* SPDX-License-Identifier: EUPL-1.2 */
#include "edge/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

#define ETHERTYPE_V4     0x0800
#define ETHERTYPE_V6     0x86dd
#define ETHERTYPE_VLAN   0x8100
#define ETHERTYPE_QINQ   0x88a8
#define ETHERTYPE_QINQ_9 0x9100
#define VLAN_TAGS_MAX    2

static uint16_t read_be16(const uint8_t *at)
{
        return (uint16_t)(at[0] << 8 | at[1]);
}

/* Offset of the IP header behind an Ethernet header, 0 when another protocol follows. */
static uint32_t ethernet_header(const uint8_t *frame, uint32_t caught)
{
        uint32_t at = 12;

        for (int tags = 0; tags <= VLAN_TAGS_MAX && at + 2 <= caught; tags++) {
                uint16_t type = read_be16(frame + at);

                if (type == ETHERTYPE_V4 || type == ETHERTYPE_V6)
                        return at + 2;
                if (type != ETHERTYPE_VLAN && type != ETHERTYPE_QINQ && type != ETHERTYPE_QINQ_9)
                        return 0;
                at += 4;
        }
        return 0;
}

/* A cooked header: its protocol field tells, at `type_at`; the packet follows at `size`. */
static uint32_t cooked_header(const uint8_t *frame, uint32_t caught, uint32_t type_at, uint32_t size)
{
        uint16_t type;

        if (caught < size)
                return 0;
        type = read_be16(frame + type_at);
        return type == ETHERTYPE_V4 || type == ETHERTYPE_V6 ? size : 0;
}

bool capture_link_known(int link)
{
        switch (link) {
        case DLT_EN10MB:
        case DLT_RAW:
        case DLT_IPV4:
        case DLT_IPV6:
        case DLT_LINUX_SLL:
        case DLT_LINUX_SLL2:
        case DLT_NULL:
        case DLT_LOOP:
                return true;
        default:
                return false;
        }
}

/* Where the IP packet begins; false when the link header says there is none. */
static bool link_header(int link, const uint8_t *frame, uint32_t caught, uint32_t *ret_size)
{
        uint32_t size = 0;

        switch (link) {
        case DLT_EN10MB:
                size = ethernet_header(frame, caught);
                break;
        case DLT_LINUX_SLL:
                size = cooked_header(frame, caught, 14, 16);
                break;
        case DLT_LINUX_SLL2:
                size = cooked_header(frame, caught, 0, 20);
                break;
        case DLT_NULL:
        case DLT_LOOP:
                /* Four bytes of address family, whose numbers differ by system: the version nibble tells. */
                size = 4;
                break;
        case DLT_RAW:
        case DLT_IPV4:
        case DLT_IPV6:
                *ret_size = 0;
                return true;
        }
        *ret_size = size;
        return size > 0;
}

/* The length that the IP header claims; 0 when it names none (segments left to the hardware, jumbograms). */
static uint32_t claimed_length(const uint8_t *ip)
{
        uint32_t length;

        if (ip[0] >> 4 == 4)
                return read_be16(ip + 2);
        length = read_be16(ip + 4);
        return length ? length + 40 : 0;
}

bool capture_frame(int link, const uint8_t *frame, uint32_t caught, uint32_t wire,
                   struct capture_packet *ret_packet)
{
        uint32_t size, claimed, fixed;

        if (wire < caught)
                wire = caught;
        if (!link_header(link, frame, caught, &size) || caught <= size)
                return false;
        frame += size;
        caught -= size;
        wire -= size;
        fixed = frame[0] >> 4 == 4 ? 20 : frame[0] >> 4 == 6 ? 40 : 0;
        if (!fixed || caught < fixed)
                return false;
        claimed = claimed_length(frame);
        if (claimed >= fixed && claimed < wire)
                wire = claimed;
        ret_packet->ip = frame;
        ret_packet->wire_length = wire;
        ret_packet->caught_length = caught < wire ? caught : wire;
        return true;
}

void capture_release(struct capture *capture)
{
        free(capture->packets);
        free(capture->storage);
        *capture = (struct capture)CAPTURE_INIT;
}

/* What grows while a file is read. Packets hold offsets until the storage stands still. */
struct reader {
        struct capture capture;
        struct capture_limits limits;
        size_t packet_room, byte_room, bytes;
};

/* Doubles `room` until `needed` fits. */
static void *grow(void *data, size_t *room, size_t needed, size_t unit)
{
        size_t wanted = *room ? *room : 1024;
        void *grown;

        while (wanted < needed)
                wanted *= 2;
        if (wanted == *room)
                return data;
        grown = realloc(data, wanted * unit);
        if (grown)
                *room = wanted;
        return grown;
}

static int reader_add(struct reader *reader, const struct capture_packet *packet)
{
        struct capture *capture = &reader->capture;
        void *grown;

        if (capture->count >= reader->limits.packets ||
            packet->caught_length > reader->limits.bytes - reader->bytes)
                return CAPTURE_CUT;
        grown = grow(capture->packets, &reader->packet_room, capture->count + 1, sizeof(*packet));
        if (!grown)
                return -ENOMEM;
        capture->packets = grown;
        grown = grow(capture->storage, &reader->byte_room, reader->bytes + packet->caught_length, 1);
        if (!grown)
                return -ENOMEM;
        capture->storage = grown;
        memcpy(capture->storage + reader->bytes, packet->ip, packet->caught_length);
        capture->packets[capture->count] = *packet;
        capture->packets[capture->count++].ip = (const uint8_t *)reader->bytes;
        reader->bytes += packet->caught_length;
        return 0;
}

static void reader_settle(struct reader *reader)
{
        struct capture *capture = &reader->capture;

        for (size_t i = 0; i < capture->count; i++)
                capture->packets[i].ip = capture->storage + (uintptr_t)capture->packets[i].ip;
}

static uint64_t header_time(const struct pcap_pkthdr *header)
{
        /* A file may hold any 32 bits here; what is no time counts as the beginning. */
        if (header->ts.tv_sec < 0 || header->ts.tv_usec < 0)
                return 0;
        return (uint64_t)header->ts.tv_sec * 1000000000u + (uint64_t)header->ts.tv_usec;
}

static int reader_run(struct reader *reader, pcap_t *file, const char *name, struct error *error)
{
        const uint8_t *frame;
        struct pcap_pkthdr *header;
        int r, link = pcap_datalink(file);

        while ((r = pcap_next_ex(file, &header, &frame)) == 1) {
                struct capture_packet packet = {.time_ns = header_time(header)};

                if (!capture_frame(link, frame, header->caplen, header->len, &packet)) {
                        reader->capture.skipped++;
                        continue;
                }
                r = reader_add(reader, &packet);
                if (r == -ENOMEM)
                        return error_say(error, r, "mémoire insuffisante pour la capture %s",
                                         "not enough memory for the capture %s", name);
                if (r)
                        return r;
        }
        if (r == PCAP_ERROR_BREAK)
                return 0;
        error_say(error, -EINVAL, "la capture %s est abîmée après %zu paquets : %s",
                  "the capture %s is damaged after %zu packets: %s", name, reader->capture.count,
                  pcap_geterr(file));
        return CAPTURE_DAMAGED;
}

static int reader_verdict(const struct reader *reader, int r, const char *name, struct error *error)
{
        if (r < 0 || reader->capture.count)
                return r;
        if (r == CAPTURE_DAMAGED)
                return -EINVAL;
        return error_say(error, -ENODATA, "la capture %s ne contient aucun paquet IP",
                         "the capture %s holds no IP packet", name);
}

/* libpcap's words for an empty or foreign file are about bytes; a person wants to know what it is. */
static int refuse(const char *name, bool empty, const char *reason, struct error *error)
{
        if (empty)
                return error_say(error, -ENODATA, "la capture %s est vide", "the capture %s is empty", name);
        return error_say(error, -EINVAL, "%s n’est pas une capture lisible (pcap ou pcapng) : %s",
                         "%s is not a capture that can be read (pcap or pcapng): %s", name, reason);
}

int capture_read_stream(FILE *stream, const char *name, const struct capture_limits *limits,
                        struct capture *ret_capture, struct error *error)
{
        struct reader reader = {.limits = {CAPTURE_PACKETS_MAX, CAPTURE_BYTES_MAX}};
        char reason[PCAP_ERRBUF_SIZE] = "";
        int first = fgetc(stream), r;
        pcap_t *file;

        if (limits)
                reader.limits = *limits;
        if (first != EOF)
                ungetc(first, stream);
        file = pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, reason);
        if (!file) {
                fclose(stream);
                return refuse(name, first == EOF, reason, error);
        }
        if (!capture_link_known(pcap_datalink(file))) {
                const char *link = pcap_datalink_val_to_name(pcap_datalink(file));

                r = error_say(error, -EINVAL, "la capture %s a le type de lien « %s », que Garde ne lit pas",
                              "the capture %s has link type %s, which Garde does not read", name,
                              link ? link : "?");
        } else {
                r = reader_verdict(&reader, reader_run(&reader, file, name, error), name, error);
        }
        pcap_close(file);
        if (r < 0) {
                capture_release(&reader.capture);
                return r;
        }
        reader_settle(&reader);
        *ret_capture = reader.capture;
        return r;
}

int capture_read(const char *path, const struct capture_limits *limits, struct capture *ret_capture,
                 struct error *error)
{
        /* Not blocking: a named pipe without a writer would otherwise hold the program for ever. */
        CLEANUP(cleanup_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        struct stat status;
        FILE *stream;

        if (fd < 0)
                return error_say(error, -errno, "impossible d’ouvrir la capture %s : %m",
                                 "cannot open the capture %s: %m", path);
        if (fstat(fd, &status) < 0)
                return error_say(error, -errno, "impossible d’examiner la capture %s : %m",
                                 "cannot look at the capture %s: %m", path);
        if (!S_ISREG(status.st_mode))
                return error_say(error, -EINVAL, "la capture %s n’est pas un fichier",
                                 "the capture %s is not a file", path);
        stream = fdopen(fd, "r");
        if (!stream)
                return error_say(error, -errno, "impossible de lire la capture %s : %m",
                                 "cannot read the capture %s: %m", path);
        fd = -1;
        return capture_read_stream(stream, path, limits, ret_capture, error);
}
