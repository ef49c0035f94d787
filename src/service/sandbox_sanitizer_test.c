/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Built with sanitizers alone: what they find behind the sandbox's walls they can tell, with the names of functions, and the process
 * ends. Without this, a daemon under test could be as wrong as it likes.
 */
#include "service/sandbox.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/log.h"

#define USER     "65532"
#define SAID_MAX (1024 * 1024)

static volatile int zero; /* so that no compiler sees what comes */

/* With a stack below what is undefined, too. */
const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
        return "print_stacktrace=1";
}

__attribute__((noinline)) static void read_beyond(void)
{
        unsigned char *volatile bytes = malloc(16);

        zero = bytes[16 + zero];
        free(bytes);
}

__attribute__((noinline)) static void overflow_a_number(void)
{
        zero += INT_MAX;
        zero += 1;
}

__attribute__((noinline)) static void forget_memory(void)
{
        void *volatile forgotten = malloc(4321);

        forgotten = NULL;
        (void)forgotten;
}

static void be_wrong(enum sandbox_profile profile, void (*wrong)(void))
{
        const struct sandbox_options options = {.user = geteuid() ? NULL : USER, .profile = profile};
        struct error error = {0};

        if (sandbox_enter(&options, &error) < 0) {
                fprintf(stderr, "no sandbox: %s\n", error.en);
                exit(99);
        }
        wrong();
        exit(0);
}

/* What a child that is wrong behind this profile says, and how it ended. */
static void watch(enum sandbox_profile profile, void (*wrong)(void), struct buffer *said, int *ret_status)
{
        char part[4096];
        ssize_t got;
        int ends[2];
        pid_t child;

        assert_int_equal(pipe(ends), 0);
        child = fork();
        assert_true(child >= 0);
        if (!child) {
                dup2(ends[1], STDERR_FILENO);
                close(ends[0]);
                close(ends[1]);
                be_wrong(profile, wrong);
        }
        close(ends[1]);
        while ((got = read(ends[0], part, sizeof(part))) > 0)
                buffer_append(said, part, (size_t)got);
        buffer_append(said, "", 0);
        close(ends[0]);
        assert_int_equal(waitpid(child, ret_status, 0), child);
}

static void assert_told(void (*wrong)(void), const char *what, const char *where)
{
        for (int profile = 0; profile < SANDBOX_PROFILE_COUNT; profile++) {
                CLEANUP(buffer_release) struct buffer said = BUFFER_INIT(SAID_MAX);
                int status;

                watch((enum sandbox_profile)profile, wrong, &said, &status);
                if (!strstr(buffer_string(&said), what) || !strstr(buffer_string(&said), where))
                        fail_msg("profile %d, status %x, nothing of %s in %s:\n%s", profile, status, what,
                                 where, buffer_string(&said));
                assert_true(!WIFEXITED(status) || WEXITSTATUS(status) != 0);
        }
}

static void test_memory(void **state)
{
        assert_told(read_beyond, "heap-buffer-overflow", "read_beyond");
}

static void test_undefined(void **state)
{
        assert_told(overflow_a_number, "signed integer overflow", "overflow_a_number");
}

static void test_leaks(void **state)
{
        assert_told(forget_memory, "leak of 4321 byte(s)", "forget_memory");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_memory),
                cmocka_unit_test(test_undefined),
                cmocka_unit_test(test_leaks),
        };

        log_setup("sandbox_sanitizer_test", LOG_FORMAT_TEXT, LOG_LEVEL_ERROR);
        return cmocka_run_group_tests_name("sandbox_sanitizer", tests, NULL, NULL);
}
