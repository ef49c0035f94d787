/* SPDX-License-Identifier: EUPL-1.2 */
/* Bad luck: a disk that is full, a process that is killed. */
#include "journal/journal_fixture.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal/backfill.h"

#define BATCH 50

static int append_some(struct fixture *fixture, uint64_t *ret_first)
{
        struct record_draft drafts[BATCH];
        char text[300];
        json_t *body;
        int r;

        memset(text, 'x', sizeof(text) - 1);
        text[sizeof(text) - 1] = '\0';
        body = json_pack("{s:s, s:{s:s, s:s, s:{s:s}}}", "text", text, "document", "kind", "k", "id", "one",
                         "json", "t", text);
        for (int i = 0; i < BATCH; i++)
                drafts[i] = (struct record_draft){
                        .type = RECORD_TYPE_NOTE, .subject = "", .author = "t", .body = body};
        r = journal_append_batch(fixture->journal, drafts, BATCH, ret_first, &fixture->error);
        json_decref(body);
        return r;
}

static void assert_sound(struct fixture *fixture, uint64_t records)
{
        struct journal_report report;

        assert_int_equal(journal_verify(fixture->journal, NULL, &report, &fixture->error), 0);
        if (!report.ok)
                fail_msg("%s", report.faults[0].en);
        assert_int_equal(report.records, records);
}

/* A small disk that only this process sees: tmpfs in a mount namespace of its own. */
static void mount_small_disk(struct fixture *fixture)
{
        if (unshare(CLONE_NEWNS) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
                skip();
        /* In a chroot "/" is no mount point; then it is enough that memory's is private. */
        if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
                assert_int_equal(mount(NULL, "/dev/shm", NULL, MS_PRIVATE, NULL), 0);
        assert_int_equal(mount("tmpfs", fixture->folder, "tmpfs", 0, "size=1m"), 0);
}

static void test_a_full_disk_loses_nothing_and_heals(void **state)
{
        struct fixture *fixture = *state;
        uint64_t acknowledged = 1;
        uint64_t first = 0;
        int r;

        mount_small_disk(fixture);
        assert_int_equal(fixture_open(fixture), 0);
        while ((r = append_some(fixture, &first)) == 0) {
                acknowledged = first + BATCH;
                assert_true(acknowledged < 100000);
        }
        assert_int_equal(r, -ENOSPC);
        assert_non_null(strstr(fixture->error.en, "the disk is full"));
        assert_true(acknowledged > 1);
        assert_int_equal(append_some(fixture, &first), -ENOSPC);
        assert_int_equal(journal_size(fixture->journal), acknowledged);
        assert_sound(fixture, acknowledged);
        assert_int_equal(mount("tmpfs", fixture->folder, "tmpfs", MS_REMOUNT, "size=8m"), 0);
        assert_int_equal(append_some(fixture, &first), 0);
        assert_int_equal(first, acknowledged);
        assert_int_equal(fixture_open(fixture), 0);
        assert_sound(fixture, acknowledged + BATCH);
        fixture->journal = journal_close(fixture->journal);
        assert_int_equal(umount(fixture->folder), 0);
}

static void test_a_full_disk_undoes_what_was_held(void **state)
{
        struct fixture *fixture = *state;
        uint64_t acknowledged, first = 0;
        int r = 0;

        mount_small_disk(fixture);
        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(append_some(fixture, &first), 0);
        acknowledged = first + BATCH;
        assert_int_equal(journal_hold(fixture->journal, &fixture->error), 0);
        for (int i = 0; !r && i < 1000; i++)
                r = append_some(fixture, &first);
        assert_true(r < 0 || journal_settle(fixture->journal, &fixture->error) < 0);
        journal_settle(fixture->journal, NULL);
        assert_int_equal(mount("tmpfs", fixture->folder, "tmpfs", MS_REMOUNT, "size=8m"), 0);
        assert_int_equal(append_some(fixture, &first), 0);
        /* All that was held or nothing of it: what is there is sound and in one piece. */
        assert_true(first == acknowledged || (first - acknowledged) % BATCH == 0);
        assert_sound(fixture, first + BATCH);
        fixture->journal = journal_close(fixture->journal);
        assert_int_equal(umount(fixture->folder), 0);
}

static void test_a_disk_too_full_to_begin_leaves_no_half_journal(void **state)
{
        struct fixture *fixture = *state;
        char filler[160];
        char block[4096] = {1};
        FILE *file;

        mount_small_disk(fixture);
        snprintf(filler, sizeof(filler), "%s/filler", fixture->folder);
        file = fopen(filler, "w");
        assert_non_null(file);
        while (fwrite(block, 1, sizeof(block), file) == sizeof(block) && fflush(file) == 0)
                continue;
        fclose(file);
        assert_true(fixture_open(fixture) < 0);
        assert_true(fixture->error.en[0] != '\0');
        assert_int_equal(access(fixture->path, F_OK), -1);
        assert_int_equal(unlink(filler), 0);
        assert_int_equal(fixture_open(fixture), 0);
        assert_sound(fixture, 1);
        fixture->journal = journal_close(fixture->journal);
        assert_int_equal(umount(fixture->folder), 0);
}

/* Appends until it is killed, and says after each batch how many are safe. */
static void write_until_killed(struct fixture *fixture, int out)
{
        uint64_t first;

        if (fixture_open(fixture) < 0)
                _exit(1);
        while (append_some(fixture, &first) == 0) {
                uint64_t safe = first + BATCH;

                if (write(out, &safe, sizeof(safe)) != sizeof(safe))
                        _exit(2);
        }
        _exit(3);
}

/* The last number of safe records that the writer could still say. */
static uint64_t kill_after(pid_t pid, int in, int batches)
{
        uint64_t safe = 0;
        uint64_t next;
        int seen = 0;
        int status;

        while (read(in, &next, sizeof(next)) == sizeof(next)) {
                safe = next;
                if (++seen == batches)
                        kill(pid, SIGKILL);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status));
        return safe;
}

static void kill_and_look(struct fixture *fixture, int batches)
{
        struct journal_report report;
        uint64_t safe;
        int pipes[2];
        pid_t pid;

        fixture->journal = journal_close(fixture->journal);
        assert_int_equal(pipe(pipes), 0);
        pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
                close(pipes[0]);
                write_until_killed(fixture, pipes[1]);
        }
        close(pipes[1]);
        safe = kill_after(pid, pipes[0], batches);
        close(pipes[0]);
        assert_int_equal(fixture_open(fixture), 0);
        assert_true(journal_size(fixture->journal) >= safe);
        assert_int_equal((journal_size(fixture->journal) - 1) % BATCH, 0);
        assert_int_equal(journal_verify(fixture->journal, NULL, &report, &fixture->error), 0);
        assert_true(report.ok);
        assert_int_equal(report.records, journal_size(fixture->journal));
}

static void test_killed_at_any_moment_nothing_acknowledged_is_missing(void **state)
{
        for (int round = 1; round <= 12; round++)
                kill_and_look(*state, round);
}

/* About when the log is copied into the database, beside the writer. */
static void test_killed_while_the_log_is_copied(void **state)
{
        for (int round = 0; round < 6; round++)
                kill_and_look(*state, BACKFILL_PAGES / 25 + round * 7);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
        const struct CMUnitTest tests[] = {
                WITH_FIXTURE(test_killed_at_any_moment_nothing_acknowledged_is_missing),
                WITH_FIXTURE(test_killed_while_the_log_is_copied),
                WITH_FIXTURE(test_a_full_disk_loses_nothing_and_heals),
                WITH_FIXTURE(test_a_full_disk_undoes_what_was_held),
                WITH_FIXTURE(test_a_disk_too_full_to_begin_leaves_no_half_journal),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
