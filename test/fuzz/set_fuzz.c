// fuzz: links=names_dep
/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Compiled sets: whatever the file says, a set or a sentence, and every look-up stays inside. The input is laid over a well-formed image in
 * pieces (two octets of place, one of length, then the octets), since no input would guess its checksum: the sum is set right
 * whenever the first octet is even. The rest of the input is looked up, as text and as wire.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "names/set.h"
#include "names/set_image.h"

#define BUCKETS 40
#define LENGTH  (sizeof(struct set_image) + (BUCKETS + 3) * sizeof(struct set_bucket))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

union image {
        struct set_image image;
        uint8_t octets[LENGTH + 64];
};

static void begin_image(union image *image)
{
        memset(image, 0, sizeof(*image));
        image->image.head = (struct set_image_head){.magic = SET_IMAGE_MAGIC,
                                                    .version = SET_IMAGE_VERSION,
                                                    .buckets = BUCKETS,
                                                    .depth_exact = ~0ULL,
                                                    .depth_below = ~0ULL,
                                                    .sources = 2};
        /* Sieve and hints let everything through to both buckets. */
        memset(image->octets + sizeof(struct set_image), 0xff, (BUCKETS + 3) * sizeof(struct set_bucket));
        for (unsigned i = 0; i < SET_IMAGE_CLASSES; i++)
                image->image.classes[i].below = 2;
}

/* Places count by twos from the head and, from 0x4000 on, from the buckets. Octets taken. */
static size_t lay(union image *image, const uint8_t *data, size_t size)
{
        size_t place = (size_t)(data[0] | data[1] << 8) * 2, length = data[2];

        if (length > size - 3)
                length = size - 3;
        if (place >= 0x8000)
                place += sizeof(struct set_image) - 0x8000;
        for (size_t i = 0; i < length && place + i < sizeof(image->octets); i++)
                image->octets[place + i] = data[3 + i];
        return 3 + length;
}

static void check_hit(const struct set *set, const struct set_hit *hit, const void *text, size_t size)
{
        const char *begin = text;

        if (hit->at < begin || hit->at >= begin + size || hit->class.action >= SET_ACTION_COUNT)
                abort();
        for (unsigned i = 0; i <= SET_SOURCES_MAX; i++) {
                const char *source = set_source(set, i);
                if (source && strlen(source) > SET_SOURCE_LENGTH)
                        abort();
        }
}

static void ask(const struct set *set, const uint8_t *data, size_t size)
{
        struct set_hit hit;

        if (set_find(set, (const char *)data, size, &hit))
                check_hit(set, &hit, data, size);
        if (set_find_wire(set, data, size, &hit))
                check_hit(set, &hit, data, size);
        set_verify(set, NULL);
}

static void open_and_ask(const union image *image, size_t length, const uint8_t *data, size_t size)
{
        struct error error = {0};
        struct set *set = NULL;
        char path[64];
        int fd = memfd_create("set", MFD_CLOEXEC);

        if (fd < 0 || write(fd, image, length) != (ssize_t)length)
                abort();
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        if (set_open(path, &set, &error)) {
                if (!error.en[0] || !error.fr[0] || set)
                        abort();
        } else {
                ask(set, data, size);
                set_close(set);
        }
        close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static union image image;
        size_t length = LENGTH;
        size_t at = 2;

        if (size < 3)
                return 0;
        begin_image(&image);
        for (unsigned i = data[1] % 8; i > 0 && size - at > 3; i--)
                at += lay(&image, data + at, size - at);
        if (data[0] % 2 == 0)
                image.image.head.sum_head = set_sum_head(&image.image);
        if (data[0] & 2)
                length = (size_t)data[0] * sizeof(image) / 255;
        open_and_ask(&image, length, data + at, size - at);
        return 0;
}
