/* SPDX-License-Identifier: EUPL-1.2 */
#include "names/set.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "names/set_private.h"

struct set {
        const struct set_image *image;
        size_t length;
        /* Copies of what leads into the image, so that nothing read twice can differ. */
        struct set_secret secret;
        uint32_t buckets;
        uint64_t depth_exact, depth_below;
        const uint64_t *sieve; /* a word after the other */
};

/* One name to be looked for, and where its bucket is; gathered first, so that the lines of all labels are on their way together. */
struct probe {
        uint64_t print;
        uint32_t bucket;
        uint16_t at;
        bool whole; /* the name itself, not a parent */
};

struct probes {
        unsigned count;
        struct probe items[NAME_LABELS_MAX];
};

/* ---- opening ---- */

static int refuse(struct error *error, const char *path, const char *fr, const char *en)
{
        error_say_in(error, -EINVAL, LANGUAGE_FR, "%s : liste de noms compilée inutilisable (%s)", path, fr);
        return error_say_in(error, -EINVAL, LANGUAGE_EN, "%s: unusable compiled list of names (%s)", path,
                            en);
}

static bool size_fits(const struct set_image_head *head, size_t length)
{
        return head->buckets > 0 && length == set_image_length(head->buckets);
}

static bool sources_end(const struct set_image *image)
{
        if (image->head.sources > SET_IMAGE_SOURCES || image->head.classes > SET_IMAGE_CLASSES)
                return false;
        for (unsigned i = 0; i < SET_IMAGE_SOURCES; i++)
                if (image->sources[i][SET_SOURCE_SIZE - 1])
                        return false;
        return true;
}

static bool actions_exist(const struct set_image *image)
{
        for (unsigned i = 0; i < SET_IMAGE_CLASSES; i++)
                if (image->classes[i].exact > SET_ACTION_COUNT || image->classes[i].below > SET_ACTION_COUNT)
                        return false;
        return true;
}

static int check_image(const struct set_image *image, size_t length, const char *path, struct error *error)
{
        if (image->head.magic != SET_IMAGE_MAGIC)
                return refuse(error, path, "ce n’en est pas une", "it is none");
        if (image->head.version != SET_IMAGE_VERSION)
                return refuse(error, path, "faite par une autre version de Garde",
                              "made by another version of Garde");
        if (!size_fits(&image->head, length))
                return refuse(error, path, "tronquée ou allongée", "cut off or lengthened");
        if (set_sum_head(image) != image->head.sum_head)
                return refuse(error, path, "abîmée : la somme de contrôle ne correspond pas",
                              "damaged: the checksum does not match");
        if (!sources_end(image) || !actions_exist(image))
                return refuse(error, path, "incohérente", "inconsistent");
        return 0;
}

static int map_file(int fd, const char *path, struct set *set, struct error *error)
{
        struct stat found;
        void *image;

        if (fstat(fd, &found) < 0)
                return error_say(error, -EIO, "%s : %m", "%s: %m", path);
        if (!S_ISREG(found.st_mode))
                return refuse(error, path, "ce n’est pas un fichier", "it is not a file");
        if (found.st_size < (off_t)sizeof(struct set_image))
                return refuse(error, path, "tronquée", "cut off");
        image = mmap(NULL, (size_t)found.st_size, PROT_READ, MAP_SHARED, fd, 0);
        if (image == MAP_FAILED)
                return error_say(error, -errno, "impossible de lire %s : %m", "cannot read %s: %m", path);
        set->image = image;
        set->length = (size_t)found.st_size;
        return check_image(set->image, set->length, path, error);
}

int set_open(const char *path, struct set **ret_set, struct error *error)
{
        CLEANUP(cleanup_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        struct set *set;
        int r;

        if (fd < 0)
                return error_say(error, -errno, "impossible d’ouvrir %s : %m", "cannot open %s: %m", path);
        set = calloc(1, sizeof(*set));
        if (!set)
                return error_say(error, -ENOMEM, "%m", "%m");
        r = map_file(fd, path, set, error);
        if (r) {
                set_close(set);
                return r;
        }
        set->secret = set->image->head.secret;
        set->buckets = set->image->head.buckets;
        set->sieve = set->image->buckets[set->buckets].slots;
        set->depth_exact = set->image->head.depth_exact;
        set->depth_below = set->image->head.depth_below;
        *ret_set = set;
        return 0;
}

struct set *set_close(struct set *set)
{
        if (set && set->image)
                munmap((void *)set->image, set->length);
        free(set);
        return NULL;
}

int set_verify(const struct set *set, struct error *error)
{
        uint64_t sum = set_sum(set->image->buckets, set->length - sizeof(struct set_image));

        if (sum == set->image->head.sum_buckets)
                return 0;
        return error_say(
                error, -EINVAL,
                "la liste de noms compilée est abîmée : ses entrées ne sont plus celles qui ont été écrites",
                "the compiled list of names is damaged: its entries are not those that were written");
}

/* ---- looking up ---- */

/*
 * A parent counts when it is listed with what is below it; a depth at which nothing is listed is not looked at. No branch hangs on the
 * sieve's answer: it is written down and perhaps written over.
 */
static inline void want(const struct set *set, struct probes *probes, const struct set_hash *hash,
                        unsigned labels, size_t at, bool whole)
{
        uint64_t listed = whole ? set->depth_exact | set->depth_below : set->depth_below;
        uint64_t print = set_print(hash), bits = set_sieve_bits(print);
        uint32_t first = set_first(hash, set->buckets);
        const uint64_t *word;

        if (!(listed & set_depth_bit(labels)))
                return;
        word = &set->sieve[first >> SET_SIEVE_SHIFT];
        __builtin_prefetch(&set->image->buckets[first]);
        probes->items[probes->count] = (struct probe){print, first, (uint16_t)at, whole};
        probes->count += (*word & bits) == bits;
}

/* What the sieve let through is mostly listed, and then one time in six in its second bucket: both are sent for at once. */
static inline unsigned look(const struct set *set, const struct probe *probe)
{
        const struct set_bucket *first = &set->image->buckets[probe->bucket];
        const struct set_bucket *second =
                &set->image->buckets[set_other(probe->print, probe->bucket, set->buckets)];
        unsigned class;

        __builtin_prefetch(second);
        class = set_match(first, probe->print);
        return !class && set_hinted(first, probe->print) ? set_match(second, probe->print) : class;
}

/* Whether this class says anything stronger than what was found, or as strong and nearer. */
static bool take(const struct set_image_class *class, bool whole, struct set_hit *hit, unsigned *strongest)
{
        unsigned exact = whole ? class->exact : 0, below = class->below;
        unsigned action = exact > below ? exact : below;

        if (action == 0 || action < *strongest)
                return false;
        hit->below = below == action;
        hit->class.action = (uint8_t)(action - 1);
        hit->class.sources =
                (exact == action ? class->exact_sources : 0) | (below == action ? class->below_sources : 0);
        *strongest = action;
        return true;
}

static bool judge(const struct set *set, const struct probes *probes, const char *text,
                  struct set_hit *ret_hit)
{
        unsigned strongest = 0;

        for (unsigned i = 0; i < probes->count; i++) {
                unsigned class = look(set, &probes->items[i]);

                if (class && take(&set->image->classes[class], probes->items[i].whole, ret_hit, &strongest))
                        ret_hit->at = text + probes->items[i].at;
        }
        return strongest > 0;
}

bool set_find(const struct set *set, const char *text, size_t length, struct set_hit *ret_hit)
{
        struct set_hash hash = SET_HASH_ROOT;
        struct probes probes;
        struct set_text parts;
        int start;

        probes.count = 0;
        if (!set_text_begin(&parts, text, length))
                return false;
        for (unsigned labels = 1; (start = set_text_next(&parts, &set->secret, &hash)) >= 0; labels++)
                want(set, &probes, &hash, labels, (size_t)start, start == 0);
        return start == -1 && judge(set, &probes, text, ret_hit);
}

/* Where each label's length stands; their number, 0 when the name is cut off, too long or the root. */
static unsigned wire_labels(const uint8_t *wire, size_t length, uint8_t ret_starts[static NAME_LABELS_MAX])
{
        unsigned count = 0;
        size_t at = 0;

        while (at < length && wire[at] != 0) {
                if (wire[at] > SET_LABEL_MAX || at + 1 + wire[at] >= NAME_WIRE_MAX)
                        return 0;
                ret_starts[count++] = (uint8_t)at;
                at += 1 + wire[at];
        }
        return at < length ? count : 0;
}

bool set_find_wire(const struct set *set, const uint8_t *wire, size_t length, struct set_hit *ret_hit)
{
        struct set_hash hash = SET_HASH_ROOT;
        uint8_t starts[NAME_LABELS_MAX], octets[NAME_WIRE_MAX + 8] = {0};
        struct probes probes;
        unsigned count;

        probes.count = 0;
        length = length < NAME_WIRE_MAX ? length : NAME_WIRE_MAX;
        memcpy(octets, wire, length);
        count = wire_labels(octets, length, starts);
        for (unsigned i = count; i-- > 0;) {
                set_hash_label(&set->secret, octets + starts[i] + 1, octets[starts[i]], &hash);
                want(set, &probes, &hash, count - i, starts[i], i == 0);
        }
        return judge(set, &probes, (const char *)wire, ret_hit);
}

/* ---- what it is ---- */

uint64_t set_generation(const struct set *set)
{
        return set->image->head.generation;
}

uint64_t set_names(const struct set *set)
{
        return set->image->head.names;
}

size_t set_bytes(const struct set *set)
{
        return set->length;
}

int64_t set_built_ms(const struct set *set)
{
        return (int64_t)set->image->head.built_ms;
}

uint64_t set_united(const struct set *set)
{
        return set->image->head.united;
}

const char *set_source(const struct set *set, unsigned source)
{
        return source < SET_IMAGE_SOURCES && source < set->image->head.sources ? set->image->sources[source]
                                                                               : NULL;
}

const void *set_image(const struct set *set, size_t *ret_length)
{
        *ret_length = set->length;
        return set->image;
}
