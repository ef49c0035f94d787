/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/log.h"

#define PATIENCE_MS 5000

struct fixture {
        uv_loop_t loop;
        uv_timer_t guard;
        int pipe[2]; /* children inherit the writing end, as descriptor 9 of their shell */
        struct supervisor *supervisor;
        int stopped;
};

static void on_guard(uv_timer_t *timer)
{
        fail_msg("waited too long");
}

static int set_up(void **state)
{
        struct fixture *f = calloc(1, sizeof(*f));

        *state = f;
        if (pipe2(f->pipe, O_CLOEXEC) || dup2(f->pipe[1], 9) < 0) /* before the loop takes that number */
                return -1;
        close(f->pipe[1]);
        uv_loop_init(&f->loop);
        uv_timer_init(&f->loop, &f->guard);
        uv_timer_start(&f->guard, on_guard, PATIENCE_MS, 0);
        return 0;
}

static int tear_down(void **state)
{
        struct fixture *f = *state;
        int r;

        if (f->supervisor && !f->stopped) /* its test failed half-way */
                supervisor_stop(f->supervisor, NULL, NULL);
        uv_close((uv_handle_t *)&f->guard, NULL);
        uv_run(&f->loop, UV_RUN_DEFAULT);
        r = uv_loop_close(&f->loop);
        supervisor_free(f->supervisor);
        close(f->pipe[0]);
        close(9);
        free(f);
        return r;
}

static void on_stopped(void *context)
{
        ((struct fixture *)context)->stopped++;
}

static void stop(struct fixture *f)
{
        supervisor_stop(f->supervisor, on_stopped, f);
        while (!f->stopped)
                uv_run(&f->loop, UV_RUN_ONCE);
        assert_int_equal(f->stopped, 1);
}

#define SHELL(script) ((char *[]){"/bin/sh", "-c", (script), NULL})

static void hear(struct fixture *f, char expected)
{
        struct pollfd poll_fd = {.fd = f->pipe[0], .events = POLLIN};
        char got = 0;

        while (poll(&poll_fd, 1, 0) != 1) /* a child's end interrupts it */
                uv_run(&f->loop, UV_RUN_NOWAIT);
        assert_int_equal(read(f->pipe[0], &got, 1), 1);
        assert_int_equal(got, expected);
}

static void test_start_and_stop(void **state)
{
        struct fixture *f = *state;
        char *environment[] = {"LETTER=b", NULL};
        const struct supervisor_program programs[] = {
                {"first",
                 SHELL("trap 'printf x >&9; exit 0' TERM; printf a >&9; while :; do sleep 0.01; done"), NULL},
                {"second", SHELL("cat; printf $LETTER >&9; exec sleep 60"), environment}};
        struct supervisor_status status;

        assert_int_equal(supervisor_start(&f->loop, programs, 1, &f->supervisor, NULL), 0);
        hear(f, 'a');
        status = supervisor_status(f->supervisor, 0);
        assert_string_equal(supervisor_state_word(status.state), "running");
        assert_true(status.pid > 0);
        stop(f);
        hear(f, 'x');
        status = supervisor_status(f->supervisor, 0);
        assert_int_equal(status.state, SUPERVISOR_STOPPED);
        assert_true(WIFEXITED(status.last_status));
        supervisor_free(f->supervisor);

        f->stopped = 0;
        assert_int_equal(supervisor_start(&f->loop, programs + 1, 1, &f->supervisor, NULL), 0);
        assert_int_equal(supervisor_count(f->supervisor), 1);
        hear(f, 'b'); /* its own environment, and nothing to read */
        stop(f);
        assert_int_equal(WTERMSIG(supervisor_status(f->supervisor, 0).last_status), SIGTERM);
}

/* A signal goes to those that run, and ends none that has an answer to it. */
static void test_pass_on(void **state)
{
        struct fixture *f = *state;
        const struct supervisor_program programs[] = {
                {"first", SHELL("trap 'printf h >&9' HUP; printf a >&9; while :; do sleep 0.01; done"),
                 NULL}};

        assert_int_equal(supervisor_start(&f->loop, programs, 1, &f->supervisor, NULL), 0);
        hear(f, 'a');
        supervisor_signal(f->supervisor, SIGHUP);
        hear(f, 'h');
        supervisor_signal(f->supervisor, SIGHUP);
        hear(f, 'h');
        assert_int_equal(supervisor_status(f->supervisor, 0).restarts, 0);
        stop(f);
        supervisor_signal(f->supervisor, SIGHUP); /* nobody is there */
}

static void test_restart(void **state)
{
        struct fixture *f = *state;
        const struct supervisor_program programs[] = {{"dies", SHELL("printf d >&9; exit 3"), NULL},
                                                      {"lives", SHELL("printf l >&9; exec sleep 60"), NULL}};
        uint64_t waits[2];
        struct supervisor_status status;

        assert_int_equal(supervisor_start(&f->loop, programs, 2, &f->supervisor, NULL), 0);
        for (unsigned i = 0; i < 2; i++) {
                do {
                        uv_run(&f->loop, UV_RUN_ONCE);
                        status = supervisor_status(f->supervisor, 0);
                } while (status.restarts != i || status.state != SUPERVISOR_WAITING);
                waits[i] = status.waiting_ms;
                assert_int_equal(WEXITSTATUS(status.last_status), 3);
                assert_int_equal(status.pid, 0);
        }
        assert_in_range(waits[0], 1, 100);
        assert_in_range(waits[1], 101, 200);
        status = supervisor_status(f->supervisor, 1);
        assert_int_equal(status.state, SUPERVISOR_RUNNING); /* the neighbour did not notice */
        assert_int_equal(status.restarts, 0);
        stop(f);
        assert_int_equal(supervisor_status(f->supervisor, 0).state, SUPERVISOR_STOPPED);
}

static void test_killed_child_comes_back(void **state)
{
        struct fixture *f = *state;
        const struct supervisor_program programs[] = {{"victim", SHELL("printf v >&9; exec sleep 60"), NULL}};
        pid_t before;

        assert_int_equal(supervisor_start(&f->loop, programs, 1, &f->supervisor, NULL), 0);
        hear(f, 'v');
        before = supervisor_status(f->supervisor, 0).pid;
        kill(before, SIGKILL);
        hear(f, 'v');
        assert_int_equal(supervisor_status(f->supervisor, 0).restarts, 1);
        assert_true(supervisor_status(f->supervisor, 0).pid != before);
        stop(f);
}

static void test_deaf_child_is_killed(void **state)
{
        struct fixture *f = *state;
        const struct supervisor_program programs[] = {
                {"deaf", SHELL("trap '' TERM; printf d >&9; while :; do sleep 0.01; done"), NULL}};

        assert_int_equal(supervisor_start(&f->loop, programs, 1, &f->supervisor, NULL), 0);
        supervisor_set_grace(f->supervisor, 50);
        hear(f, 'd');
        stop(f);
        assert_int_equal(WTERMSIG(supervisor_status(f->supervisor, 0).last_status), SIGKILL);
}

static void test_refuses(void **state)
{
        struct fixture *f = *state;
        char *missing[] = {"/nonexistent/garde-edge", NULL};
        const struct supervisor_program programs[] = {{"fine", SHELL("printf f >&9"), NULL},
                                                      {"missing", missing, NULL}};
        struct pollfd poll_fd = {.fd = f->pipe[0], .events = POLLIN};
        struct error error = {0};

        assert_int_equal(supervisor_start(&f->loop, programs, 2, &f->supervisor, &error), -ENOENT);
        assert_non_null(strstr(error.en, "/nonexistent/garde-edge"));
        assert_null(f->supervisor);
        assert_int_equal(supervisor_start(&f->loop, programs, 17, &f->supervisor, &error), -EINVAL);
        assert_int_equal(poll(&poll_fd, 1, 0), 0); /* not even the first ran */
        assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* Kill -9 of the supervisor takes its children along: the pipe has no writer left. */
static void test_orphans_die(void **state)
{
        struct fixture *f = *state;
        char got;
        pid_t middle = fork();

        if (!middle) {
                const struct supervisor_program programs[] = {
                        {"orphan", SHELL("trap '' TERM HUP; printf o >&9; exec sleep 60"), NULL}};
                uv_loop_t loop;
                struct supervisor *supervisor;

                uv_loop_init(&loop);
                if (supervisor_start(&loop, programs, 1, &supervisor, NULL))
                        _exit(1);
                uv_run(&loop, UV_RUN_DEFAULT);
                _exit(2);
        }
        hear(f, 'o');
        close(9);
        kill(middle, SIGKILL);
        assert_int_equal(waitpid(middle, NULL, 0), middle);
        struct pollfd poll_fd = {.fd = f->pipe[0], .events = POLLIN};
        assert_int_equal(poll(&poll_fd, 1, PATIENCE_MS), 1);
        assert_int_equal(read(f->pipe[0], &got, 1), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                TEST(test_start_and_stop),
                TEST(test_restart),
                TEST(test_killed_child_comes_back),
                TEST(test_pass_on),
                TEST(test_deaf_child_is_killed),
                TEST(test_refuses),
                TEST(test_orphans_die),
        };

        log_setup("supervisor_test", LOG_FORMAT_TEXT, LOG_LEVEL_ERROR);
        return cmocka_run_group_tests_name("supervisor", tests, NULL, NULL);
}
