/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The compiled set as it lies in a file, in memory and in the kernel's map, and the hashing and matching that a kernel program and
 * user space share. Everything has its fixed place, in lines of 64 bytes: a program in the kernel may hold the file as an array map of
 * such lines (SET_LINE_…) or as one value.
 *
 * A bucket is one line of eight slots: 52 bits of fingerprint, 11 bits of class (0 is nothing), one bit of hint. A name lies in one of two
 * buckets (cuckoo hashing with partial keys, after Fan, Andersen, Kaminsky, Mitzenmacher 2014): the first one while there is room.
 * The hint of slot n in the first bucket says that a name whose fingerprint ends in n had to go to its second one.
 *
 * Most of what is asked is not listed, and a bucket is far away from the processor. So behind the buckets lies a sieve: a word for
 * two buckets, in which each name of theirs sets three bits (a Bloom filter in blocks, after Putze, Sanders, Singler 2007). It
 * takes a sixteenth of the room, stays in the near cache, and lets one name in eight through to the bucket.
 *
 * A name is hashed label by label from the right, so that each parent's hash is a by-product. Two lanes of 64 bits, each a sum of
 * products of 32-bit halves under the file's secret (NH, after Black, Halevi, Krawczyk, Krovetz, Rogaway 1999; the second
 * lane by shifting the key): fingerprint from one lane, bucket from the other. Without the secret nobody can choose two names that collide; with
 * a fixed multiplier instead anybody could. Byte order is the machine's.
 */
#pragma once

#include <stdbool.h>

#ifndef __BPF__
#include <stdint.h>
#include <string.h>
#define SET_U8     uint8_t
#define SET_U32    uint32_t
#define SET_U64    uint64_t
#define SET_INLINE static inline __attribute__((always_inline))
#else
#define SET_U8     __u8
#define SET_U32    __u32
#define SET_U64    __u64
#define SET_INLINE static __always_inline
#endif

#ifdef __clang__
#define SET_UNROLL _Pragma("unroll")
#else
#define SET_UNROLL _Pragma("GCC unroll 8")
#endif

#define SET_IMAGE_MAGIC   0x5445534544524147ULL /* "GARDESET" */
#define SET_IMAGE_VERSION 1
#define SET_LINE          64
#define SET_SLOTS         8
#define SET_IMAGE_SOURCES 64
#define SET_SOURCE_SIZE   128
#define SET_IMAGE_CLASSES 2048
#define SET_CLASS_SHIFT   1
#define SET_PRINT_SHIFT   12
#define SET_LABEL_MAX     63
#define SET_SIEVE_SHIFT   1 /* two buckets a word */
#define SET_SECRET_WORDS  10
#define SET_DEPTH_LAST    63 /* stands for all deeper ones */

struct set_secret {
        SET_U64 words[SET_SECRET_WORDS]; /* the last one is odd */
};

/* An action is that of names/set.h and one; 0: the name is not listed in this way. */
struct set_image_class {
        SET_U64 exact_sources;
        SET_U64 below_sources;
        SET_U8 exact, below;
        SET_U8 pad[14];
};

struct set_bucket {
        SET_U64 slots[SET_SLOTS];
};

struct set_image_head {
        /* line 0: what a look-up needs beside the secret */
        SET_U64 magic;
        SET_U32 version;
        SET_U32 buckets;
        SET_U64 depth_exact; /* bit n: a name of n labels is listed itself */
        SET_U64 depth_below; /* with what is below it */
        SET_U64 names;
        SET_U64 generation;
        SET_U64 built_ms;
        SET_U64 united; /* additions for which there was no class of their own */
        /* line 1 */
        struct set_secret secret;
        SET_U32 sources, classes; /* in use */
        SET_U64 sum_buckets;      /* and of the sieve */
        SET_U64 sum_head;         /* of all before the buckets, with 0 here; the last of the head */
        SET_U8 pad[4096 - 64 - 8 * SET_SECRET_WORDS - 24];
};

struct set_image {
        struct set_image_head head;
        char sources[SET_IMAGE_SOURCES][SET_SOURCE_SIZE];
        struct set_image_class classes[SET_IMAGE_CLASSES];
        struct set_bucket buckets[]; /* then the lines of the sieve */
};

#define SET_LINE_CLASSES ((4096 + SET_IMAGE_SOURCES * SET_SOURCE_SIZE) / SET_LINE)
#define SET_LINE_BUCKETS (SET_LINE_CLASSES + SET_IMAGE_CLASSES * 32 / SET_LINE)

_Static_assert(sizeof(struct set_bucket) == SET_LINE, "a bucket is a line of the cache");
_Static_assert(sizeof(struct set_image_class) == 32, "two classes a line");
_Static_assert(sizeof(struct set_image_head) == 4096, "the head is a page");
_Static_assert(__builtin_offsetof(struct set_image_head, secret) == SET_LINE, "the secret begins a line");
_Static_assert(__builtin_offsetof(struct set_image, classes) == SET_LINE_CLASSES * SET_LINE,
               "classes by lines");
_Static_assert(__builtin_offsetof(struct set_image, buckets) == SET_LINE_BUCKETS * SET_LINE,
               "buckets by lines");
_Static_assert(sizeof(struct set_image) % 4096 == 0, "buckets begin a page");

/* ---- hashing ---- */

struct set_hash {
        SET_U64 print, place;
};
#define SET_HASH_ROOT                                                                                        \
        {                                                                                                    \
                0, 0                                                                                         \
        } /* of the empty name, which all others are below */

/* Eight octets wherever they lie. The kernel takes them in one step where the processor can. */
SET_INLINE SET_U64 set_load(const SET_U8 *at)
{
#ifdef __BPF__
        typedef SET_U64 __attribute__((may_alias)) set_octets;
        return *(const volatile set_octets *)at;
#else
        SET_U64 octets;
        memcpy(&octets, at, sizeof(octets));
        return octets;
#endif
}

/* A to Z become a to z in all eight octets at once; whatever else an octet may be stays. */
SET_INLINE SET_U64 set_lower(SET_U64 octets)
{
        const SET_U64 ones = 0x0101010101010101ULL;
        SET_U64 low = octets & 0x7f * ones;
        SET_U64 from_a = low + (0x80 - 'A') * ones, beyond_z = low + (0x80 - 'Z' - 1) * ones;

        return octets | ((from_a & ~beyond_z & ~octets & 0x80 * ones) >> 2);
}

SET_INLINE SET_U64 set_product(SET_U64 octets, SET_U64 key)
{
        SET_U32 low = (SET_U32)octets + (SET_U32)key, high = (SET_U32)(octets >> 32) + (SET_U32)(key >> 32);

        return (SET_U64)low * high;
}

/* The label's octets come in words of eight, the last one filled up with 0, two at least (of 0 when the label is shorter). */
SET_INLINE void set_hash_begin(const struct set_secret *secret, SET_U32 length, struct set_hash *hash)
{
        hash->print += length * secret->words[SET_SECRET_WORDS - 1];
        hash->place += length * secret->words[0];
}

SET_INLINE void set_hash_octets(const struct set_secret *secret, SET_U32 i, SET_U64 octets,
                                struct set_hash *hash)
{
        hash->print += set_product(octets, secret->words[i]);
        hash->place += set_product(octets, secret->words[i + 1]);
}

SET_INLINE void set_hash_end(struct set_hash *hash)
{
        SET_U64 print = (hash->print ^ hash->print >> 32) * 0x9fb21c651e98df25ULL;
        SET_U64 place = (hash->place ^ hash->place >> 32) * 0xa0761d6478bd642fULL;

        hash->print = print ^ print >> 29;
        hash->place = place ^ place >> 29;
}

/*
 * From the hash of the parent to that of the name with one more label, as it stands in a packet: letters of any case. `label` holds
 * `length` octets (1 to SET_LABEL_MAX) and may be read up to 7 octets further. In the kernel a label is best a turn of bpf_loop():
 * proved once, 4,400 steps for the verifier; sixteen turns of a loop of its own take 364,000 (Linux 6.18).
 */
SET_INLINE void set_hash_label(const struct set_secret *secret, const SET_U8 *label, SET_U32 length,
                               struct set_hash *hash)
{
        set_hash_begin(secret, length, hash);
        SET_UNROLL
        for (SET_U32 i = 0; i < 8; i++) {
                SET_U64 octets = 0;

                if (i >= 2 && 8 * i >= length)
                        break;
                if (8 * i < length)
                        octets = set_load(label + 8 * i);
                if (8 * i < length && length < 8 * i + 8)
                        octets &= (1ULL << 8 * (length - 8 * i)) - 1;
                set_hash_octets(secret, i, set_lower(octets), hash);
        }
        set_hash_end(hash);
}

/* ---- matching ---- */

/* The fingerprint in its place within a slot; never 0, which is an empty slot. */
SET_INLINE SET_U64 set_print(const struct set_hash *hash)
{
        SET_U64 print = hash->print >> SET_PRINT_SHIFT << SET_PRINT_SHIFT;

        return print ? print : 1ULL << SET_PRINT_SHIFT;
}

/* A number below `buckets` without a division. */
SET_INLINE SET_U32 set_reduce(SET_U64 hash, SET_U32 buckets)
{
        return (SET_U32)((hash >> 32) * buckets >> 32);
}

SET_INLINE SET_U32 set_first(const struct set_hash *hash, SET_U32 buckets)
{
        return set_reduce(hash->place, buckets);
}

/* The other bucket of a fingerprint that may lie in `bucket`; from there it leads back. */
SET_INLINE SET_U32 set_other(SET_U64 print, SET_U32 bucket, SET_U32 buckets)
{
        SET_U32 sum = set_reduce(print * 0xd6e8feb86659fd93ULL, buckets);

        return sum >= bucket ? sum - bucket : sum + buckets - bucket;
}

/* Whether the second bucket may hold it: asked of the first. */
SET_INLINE bool set_hinted(const struct set_bucket *first, SET_U64 print)
{
        return first->slots[print >> SET_PRINT_SHIFT & (SET_SLOTS - 1)] & 1;
}

/* Lines of the sieve; they follow the buckets. */
SET_INLINE SET_U32 set_sieve_lines(SET_U32 buckets)
{
        return ((buckets - 1) >> SET_SIEVE_SHIFT) / SET_SLOTS + 1;
}

/* Where in the sieve a first bucket has its word: line, and place in the line. */
SET_INLINE SET_U32 set_sieve_line(SET_U32 first)
{
        return (first >> SET_SIEVE_SHIFT) / SET_SLOTS;
}

SET_INLINE SET_U32 set_sieve_slot(SET_U32 first)
{
        return (first >> SET_SIEVE_SHIFT) & (SET_SLOTS - 1);
}

/* The bits that a fingerprint sets there. When one is missing, the name is not listed. */
SET_INLINE SET_U64 set_sieve_bits(SET_U64 print)
{
        return 1ULL << (print >> SET_PRINT_SHIFT & 63) | 1ULL << (print >> (SET_PRINT_SHIFT + 6) & 63) |
               1ULL << (print >> (SET_PRINT_SHIFT + 12) & 63);
}

/*
 * Class of the fingerprint in this bucket, 0 when it is not there. All slots are looked at, without a branch: one for each would cost
 * a processor more, and the verifier 256 ways through. The barrier keeps the compiler from making branches of it again.
 */
SET_INLINE SET_U32 set_match(const struct set_bucket *bucket, SET_U64 print)
{
        SET_U64 found = 0;

        SET_UNROLL
        for (SET_U32 i = 0; i < SET_SLOTS; i++) {
                SET_U64 rest = bucket->slots[i] ^ print;
                SET_U64 equal =
                        (rest >> SET_PRINT_SHIFT) - 1; /* its highest bit only when nothing was left */

#ifdef __BPF__
                asm volatile("" : "+r"(equal));
#endif
                found |= rest & (0 - (equal >> 63));
        }
        return (SET_U32)found >> SET_CLASS_SHIFT & (SET_IMAGE_CLASSES - 1);
}

SET_INLINE SET_U64 set_depth_bit(SET_U32 labels)
{
        return 1ULL << (labels < SET_DEPTH_LAST ? labels : SET_DEPTH_LAST);
}

/* ---- wholeness ---- */

#ifndef __BPF__
/* Octets of a whole image. */
static inline SET_U64 set_image_length(SET_U32 buckets)
{
        return sizeof(struct set_image) +
               ((SET_U64)buckets + set_sieve_lines(buckets)) * sizeof(struct set_bucket);
}

/* Against accidents, not against people: whoever may write the file may write its sum. `length` in whole words. */
static inline SET_U64 set_sum(const void *data, SET_U64 length)
{
        const SET_U64 *words = data;
        SET_U64 sum = length;

        for (SET_U64 i = 0; i < length / sizeof(*words); i++) {
                sum = (sum ^ words[i]) * 0x9fb21c651e98df25ULL;
                sum ^= sum >> 32;
        }
        return sum;
}

/* Of everything before the buckets, as if sum_head were 0. */
static inline SET_U64 set_sum_head(const struct set_image *image)
{
        struct set_image_head head = image->head;

        head.sum_head = 0;
        return set_sum(&head, sizeof(head)) ^
               set_sum(image->sources, sizeof(image->sources) + sizeof(image->classes));
}
#endif
