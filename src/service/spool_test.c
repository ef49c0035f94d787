/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/random.h"
#include "service/spool_frame.h"

struct place {
        char folder[64];
        char path[96];
        char bad[112];
};

static int make_place(void **state)
{
        struct place *place = calloc(1, sizeof(*place));

        if (!place)
                return -1;
        /* In memory: these tests fsync thousands of times, and a disk that others use would take its time. */
        snprintf(place->folder, sizeof(place->folder), "%s/spool_test.XXXXXX",
                 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
        if (!mkdtemp(place->folder))
                return -1;
        snprintf(place->path, sizeof(place->path), "%s/spool", place->folder);
        snprintf(place->bad, sizeof(place->bad), "%s.bad", place->path);
        *state = place;
        return 0;
}

static int remove_place(void **state)
{
        struct place *place = *state;
        static const char *const endings[] = {"", ".bad", ".lock", ".new"};

        for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
                char path[128];
                snprintf(path, sizeof(path), "%s%s", place->path, endings[i]);
                unlink(path);
        }
        rmdir(place->folder);
        free(place);
        return 0;
}

static struct spool *open_spool(const struct place *place, size_t cap)
{
        const struct spool_options options = {.path = place->path, .cap_bytes = cap};
        struct spool *spool = NULL;
        struct error error = {0};
        int r = spool_open(&options, &spool, &error);

        if (r)
                fprintf(stderr, "# %s\n", error.en);
        assert_int_equal(r, 0);
        return spool;
}

static int append(struct spool *spool, enum spool_class class, int n, uint64_t *ret_number)
{
        json_t *record = json_pack("{s:i,s:s}", "n", n, "text", "rien à signaler, FRM1 excepté");
        int r = spool_append(spool, class, record, ret_number, NULL);

        json_decref(record);
        return r;
}

struct seen {
        uint64_t numbers[256];
        int values[256];
        size_t count;
};

static int see(void *context, uint64_t number, enum spool_class class, const json_t *record)
{
        struct seen *seen = context;

        assert_true(seen->count < 256);
        seen->numbers[seen->count] = number;
        seen->values[seen->count++] = (int)json_integer_value(json_object_get(record, "n"));
        return 0;
}

static struct seen see_all(struct spool *spool)
{
        struct seen seen = {0};

        assert_int_equal(spool_each(spool, 0, see, &seen, NULL), 0);
        assert_int_equal(seen.count, spool_count(spool));
        return seen;
}

static size_t file_size(const char *path)
{
        struct stat st;

        return stat(path, &st) < 0 ? 0 : (size_t)st.st_size;
}

static void test_crc(void **state)
{
        uint8_t zeros[32] = {0};

        assert_int_equal(crc32c("123456789", 9), 0xe3069283);       /* the check value of the polynomial */
        assert_int_equal(crc32c(zeros, sizeof(zeros)), 0x8a9136aa); /* RFC 3720 B.4 */
}

static void test_append_peek_ack(void **state)
{
        struct spool *spool = open_spool(*state, 65536);
        uint64_t number = 0;
        json_t *record = NULL;

        assert_int_equal(spool_peek(spool, &number, &record, NULL), SPOOL_EMPTY);
        for (int i = 1; i <= 5; i++) {
                assert_int_equal(append(spool, SPOOL_KEEP, i, &number), 0);
                assert_int_equal(number, i);
        }
        assert_int_equal(spool_peek(spool, &number, &record, NULL), 0);
        assert_int_equal(number, 1);
        assert_int_equal(json_integer_value(json_object_get(record, "n")), 1);
        json_decref(record);
        assert_int_equal(spool_ack(spool, 2, NULL), 0);
        assert_int_equal(spool_ack(spool, 1, NULL), 0);
        struct seen seen = see_all(spool);
        assert_int_equal(seen.count, 3);
        assert_int_equal(seen.numbers[0], 3);
        spool_close(spool);

        spool = open_spool(*state, 65536);
        seen = see_all(spool);
        assert_int_equal(seen.count, 3);
        assert_int_equal(seen.numbers[2], 5);
        assert_int_equal(spool_ack(spool, UINT64_MAX, NULL), 0);
        assert_int_equal(spool_count(spool), 0);
        assert_int_equal(append(spool, SPOOL_KEEP, 6, &number), 0);
        assert_int_equal(number, 6); /* an acknowledgement of the future acknowledges nothing of it */
        assert_int_equal(spool_count(spool), 1);
        assert_null(spool_close(spool));
        assert_null(spool_close(NULL));
}

static int stop_at_two(void *context, uint64_t number, enum spool_class class, const json_t *record)
{
        return number == 2 ? 77 : 0;
}

static void test_each_stops(void **state)
{
        struct spool *spool = open_spool(*state, 65536);

        for (int i = 1; i <= 3; i++)
                append(spool, SPOOL_KEEP, i, NULL);
        assert_int_equal(spool_each(spool, 0, stop_at_two, NULL, NULL), 77);
        assert_int_equal(spool_each(spool, 2, stop_at_two, NULL, NULL), 0);
        spool_close(spool);
}

static void test_numbers_survive_compaction(void **state)
{
        struct spool *spool = open_spool(*state, 1 << 20);
        uint64_t number = 0;

        for (int i = 1; i <= 2000; i++) {
                assert_int_equal(append(spool, SPOOL_KEEP, i, &number), 0);
                assert_int_equal(spool_ack(spool, number, NULL), 0);
        }
        assert_true(spool_counters(spool).compactions > 0);
        assert_true(file_size(((struct place *)*state)->path) < 100000);
        spool_close(spool);
        spool = open_spool(*state, 1 << 20);
        assert_int_equal(append(spool, SPOOL_KEEP, 1, &number), 0);
        assert_int_equal(number, 2001);
        spool_close(spool);
}

static void test_full(void **state)
{
        struct spool *spool = open_spool(*state, SPOOL_CAP_MIN);
        struct error error = {0};
        uint64_t number;
        int kept = 0;

        for (int i = 0; i < 200; i++) { /* every tenth is a finding */
                assert_int_equal(append(spool, i % 10 ? SPOOL_PERIODIC : SPOOL_KEEP, i, &number), 0);
                assert_true(spool_live_bytes(spool) <= SPOOL_CAP_MIN);
                assert_true(file_size(((struct place *)*state)->path) <= 2 * SPOOL_CAP_MIN);
        }
        assert_true(spool_counters(spool).dropped_periodic > 100);
        struct seen seen = see_all(spool);
        for (size_t i = 0; i < seen.count; i++)
                kept += seen.values[i] % 10 == 0;
        assert_int_equal(kept, 20); /* no finding went */
        assert_int_equal(seen.values[seen.count - 1], 199);
        for (size_t i = 1; i < seen.count; i++)
                assert_true(seen.numbers[i] > seen.numbers[i - 1]);

        while (append(spool, SPOOL_KEEP, 1000, NULL) == 0)
                ;
        size_t count = spool_count(spool);
        json_t *record = json_pack("{s:i}", "n", 1);
        assert_int_equal(spool_append(spool, SPOOL_KEEP, record, NULL, &error),
                         0); /* a shorter one still fits */
        json_decref(record);
        assert_int_equal(append(spool, SPOOL_PERIODIC, 7, NULL), SPOOL_FULL);
        assert_int_equal(append(spool, SPOOL_KEEP, 7, NULL), SPOOL_FULL);
        assert_int_equal(spool_counters(spool).refused, 3);
        assert_int_equal(spool_count(spool), count + 1);
        spool_ack(spool, number, NULL);
        assert_int_equal(append(spool, SPOOL_KEEP, 7, NULL), 0); /* room again */
        spool_close(spool);
}

static void test_refuses(void **state)
{
        struct place *place = *state;
        struct spool *spool = open_spool(place, SPOOL_CAP_MIN), *second = NULL;
        const struct spool_options options = {.path = place->path, .cap_bytes = SPOOL_CAP_MIN};
        struct error error = {0};
        json_t *array = json_array(), *large = json_object();
        char *text = calloc(1, SPOOL_RECORD_MAX + 1);

        assert_int_equal(spool_open(&options, &second, &error), -EBUSY);
        assert_non_null(strstr(error.en, "in use"));
        assert_int_equal(spool_append(spool, SPOOL_KEEP, array, NULL, &error), -EINVAL);
        memset(text, 'x', SPOOL_RECORD_MAX);
        json_object_set_new(large, "x", json_string(text));
        assert_int_equal(spool_append(spool, SPOOL_KEEP, large, NULL, &error), -E2BIG);
        spool_close(spool);
        assert_int_equal(
                file_write_atomic(place->path, "not a spool at all, but a file of somebody", 42, 0600, NULL),
                0);
        assert_int_equal(spool_open(&options, &second, &error), -EPROTO);
        assert_non_null(strstr(error.en, "is not a spool"));
        assert_int_equal(file_size(place->path), 42);                                /* untouched */
        assert_int_equal(file_write_atomic(place->path, "GARDE", 5, 0600, NULL), 0); /* killed at birth */
        spool = open_spool(place, SPOOL_CAP_MIN);
        assert_int_equal(append(spool, SPOOL_KEEP, 1, NULL), 0);
        spool_close(spool);
        free(text);
        json_decref(array);
        json_decref(large);
}

/* Every length the last append may have been cut at: the records before it stand, the file takes new ones. */
static void test_torn_tail(void **state)
{
        struct place *place = *state;
        struct spool *spool = open_spool(place, 65536);
        CLEANUP(cleanup_free) char *whole = NULL;
        size_t before, after, length;

        append(spool, SPOOL_KEEP, 1, NULL);
        append(spool, SPOOL_KEEP, 2, NULL);
        before = file_size(place->path);
        append(spool, SPOOL_KEEP, 3, NULL);
        spool_close(spool);
        after = file_size(place->path);
        assert_int_equal(file_read(place->path, 1 << 20, &whole, &length, NULL), 0);
        for (size_t cut = before; cut < after; cut++) {
                uint64_t number;

                assert_int_equal(file_write_atomic(place->path, whole, cut, 0600, NULL), 0);
                spool = open_spool(place, 65536);
                assert_int_equal(spool_count(spool), 2);
                assert_int_equal(spool_counters(spool).torn_bytes, cut - before);
                assert_int_equal(spool_counters(spool).bad_bytes, 0);
                assert_int_equal(append(spool, SPOOL_KEEP, 4, &number), 0);
                assert_int_equal(number, 3);
                spool_close(spool);
                spool = open_spool(place, 65536);
                assert_int_equal(spool_count(spool), 3);
                spool_close(spool);
        }
        assert_int_equal(file_size(place->bad), 0);
}

/* Each bit of the middle record flipped in turn: that one goes to the .bad file, the others stay. */
static void test_corrupt_middle(void **state)
{
        struct place *place = *state;
        struct spool *spool = open_spool(place, 65536);
        CLEANUP(cleanup_free) char *whole = NULL;
        size_t from, to, length;

        append(spool, SPOOL_KEEP, 1, NULL);
        from = file_size(place->path);
        append(spool, SPOOL_KEEP, 2, NULL);
        to = file_size(place->path);
        append(spool, SPOOL_KEEP, 3, NULL);
        spool_close(spool);
        assert_int_equal(file_read(place->path, 1 << 20, &whole, &length, NULL), 0);
        for (size_t bit = from * 8; bit < to * 8; bit += 3) {
                whole[bit / 8] = (char)(whole[bit / 8] ^ 1 << bit % 8);
                assert_int_equal(file_write_atomic(place->path, whole, length, 0600, NULL), 0);
                whole[bit / 8] = (char)(whole[bit / 8] ^ 1 << bit % 8);
                unlink(place->bad);
                spool = open_spool(place, 65536);
                struct seen seen = see_all(spool);
                assert_int_equal(seen.count, 2);
                assert_int_equal(seen.values[0], 1);
                assert_int_equal(seen.values[1], 3);
                assert_int_equal(spool_counters(spool).bad_bytes, to - from);
                assert_int_equal(file_size(place->bad), to - from);
                spool_close(spool);
                spool = open_spool(place, 65536); /* said once: the file is clean now */
                assert_int_equal(spool_counters(spool).bad_bytes, 0);
                assert_int_equal(spool_count(spool), 2);
                spool_close(spool);
        }
}

/*
 * A power cut may leave zeros where data should be: they are no torn frame, and nothing is thrown away
 * unseen.
 */
static void test_zero_tail(void **state)
{
        struct place *place = *state;
        struct spool *spool = open_spool(place, 65536);

        append(spool, SPOOL_KEEP, 1, NULL);
        spool_close(spool);
        assert_int_equal(truncate(place->path, (off_t)file_size(place->path) + 100), 0);
        spool = open_spool(place, 65536);
        assert_int_equal(spool_count(spool), 1);
        assert_int_equal(file_size(place->bad), 100);
        spool_close(spool);
}

/* ---- kill -9 ---- */

struct shared {
        volatile uint64_t acknowledged; /* spool_ack was called for this; a moment later it has returned */
        volatile uint64_t appended;     /* spool_append has returned this number */
};

static void live_until_killed(const struct place *place, struct shared *shared)
{
        const struct spool_options options = {.path = place->path, .cap_bytes = 1 << 20};
        struct spool *spool;

        if (spool_open(&options, &spool, NULL))
                _exit(1);
        for (;;) {
                uint64_t number;
                if (append(spool, SPOOL_KEEP, 0, &number))
                        _exit(2);
                shared->appended = number;
                if (number % 7 == 0) {
                        shared->acknowledged = number - 3;
                        if (spool_ack(spool, number - 3, NULL))
                                _exit(3);
                }
        }
}

static void kill_once(const struct place *place, struct shared *shared, const struct random *random)
{
        uint64_t goal = shared->appended + 1 + random_u64(random) % 300;
        int status;
        pid_t child = fork();

        if (!child)
                live_until_killed(place, shared);
        assert_true(child > 0);
        while (shared->appended < goal && waitpid(child, &status, WNOHANG) == 0)
                sched_yield();
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status));
}

/* What append reported is there afterwards unless it was acknowledged, in order and without a gap. */
static void test_killed(void **state)
{
        struct shared *shared =
                mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        struct random_seeded seeded;
        struct random random = random_seeded_view(&seeded, 20200322);

        for (int round = 0; round < 40; round++) {
                uint64_t expected;

                kill_once(*state, shared, &random);
                struct spool *spool = open_spool(*state, 1 << 20);
                struct seen seen = see_all(spool);
                assert_true(seen.count > 0);
                expected = seen.numbers[0];
                assert_true(expected <= shared->acknowledged + 1);
                for (size_t i = 0; i < seen.count; i++)
                        assert_int_equal(seen.numbers[i], expected + i);
                assert_true(seen.numbers[seen.count - 1] >= shared->appended);
                assert_int_equal(spool_counters(spool).bad_bytes, 0);
                spool_close(spool);
        }
        munmap(shared, sizeof(*shared));
}

/* ---- a full disk ---- */

static void check_full_disk(const struct place *place, const char *filler)
{
        static const char block[4096];
        struct spool *spool = open_spool(place, 1 << 20);
        int fd = open(filler, O_WRONLY | O_CREAT, 0600), r;
        uint64_t number = 0, last = 0;
        size_t before;

        while (write(fd, block, sizeof(block)) > 0)
                ;
        close(fd);
        while ((r = append(spool, SPOOL_KEEP, 1, &number)) == 0)
                last = number;
        assert_int_equal(r, -ENOSPC);
        before = file_size(place->path);
        assert_int_equal(append(spool, SPOOL_KEEP, 1, &number), -ENOSPC);
        assert_int_equal(file_size(place->path), before); /* nothing half-written */
        assert_int_equal(spool_count(spool), last);
        spool_close(spool);
        spool = open_spool(place, 1 << 20); /* opens on a full disk too */
        assert_int_equal(spool_count(spool), last);
        assert_int_equal(spool_counters(spool).torn_bytes, 0);
        unlink(filler);
        assert_int_equal(append(spool, SPOOL_KEEP, 2, &number), 0);
        assert_int_equal(number, last + 1);
        spool_close(spool);
}

static void test_full_disk(void **state)
{
        struct place *outer = *state, inner;
        char filler[128];
        int status;
        pid_t child = fork();

        if (!child) { /* a mount of its own, gone with the process */
                /* In a chroot "/" is no mount point; then it is enough that memory's is private. */
                if (unshare(CLONE_NEWNS) ||
                    (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
                     mount(NULL, "/dev/shm", NULL, MS_PRIVATE, NULL)) ||
                    mount("garde", outer->folder, "tmpfs", 0, "size=256k"))
                        _exit(77);
                inner = *outer;
                snprintf(filler, sizeof(filler), "%s/filler", outer->folder);
                check_full_disk(&inner, filler);
                _exit(0);
        }
        waitpid(child, &status, 0);
        if (geteuid() != 0 && WIFEXITED(status) && WEXITSTATUS(status) == 77)
                skip();
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_crc),
                cmocka_unit_test_setup_teardown(test_append_peek_ack, make_place, remove_place),
                cmocka_unit_test_setup_teardown(test_each_stops, make_place, remove_place),
                cmocka_unit_test_setup_teardown(test_numbers_survive_compaction, make_place, remove_place),
                cmocka_unit_test_setup_teardown(test_full, make_place, remove_place),
                cmocka_unit_test_setup_teardown(test_refuses, make_place, remove_place),
                cmocka_unit_test_setup_teardown(test_torn_tail, make_place, remove_place),
                cmocka_unit_test_setup_teardown(test_corrupt_middle, make_place, remove_place),
                cmocka_unit_test_setup_teardown(test_zero_tail, make_place, remove_place),
                cmocka_unit_test_setup_teardown(test_killed, make_place, remove_place),
                cmocka_unit_test_setup_teardown(test_full_disk, make_place, remove_place),
        };

        log_setup("spool_test", LOG_FORMAT_TEXT,
                  LOG_LEVEL_ERROR); /* the repairs talk as they should; not here */
        return cmocka_run_group_tests_name("spool", tests, NULL, NULL);
}
