/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/sanitized.h"

#define USER "65532"

struct place {
        char granted[64], readable[64], forbidden[64];
        char own_file[96], readable_file[96], forbidden_file[96];
};

static int make_folder(char *folder, size_t size, char *file, size_t file_size, mode_t mode)
{
        int fd;

        snprintf(folder, size, "/tmp/sandbox_test.XXXXXX");
        if (!mkdtemp(folder) || chmod(folder, mode))
                return -1;
        snprintf(file, file_size, "%s/file", folder);
        fd = open(file, O_CREAT | O_WRONLY, 0666);
        fchmod(fd, 0666);
        close(fd);
        return fd < 0 ? -1 : 0;
}

static int set_up(void **state)
{
        struct place *p = calloc(1, sizeof(*p));

        *state = p;
        return make_folder(p->granted, sizeof(p->granted), p->own_file, sizeof(p->own_file), 0777) ||
               make_folder(p->readable, sizeof(p->readable), p->readable_file, sizeof(p->readable_file),
                           0777) ||
               make_folder(p->forbidden, sizeof(p->forbidden), p->forbidden_file, sizeof(p->forbidden_file),
                           0777);
}

static int tear_down(void **state)
{
        struct place *p = *state;
        char made[96];

        snprintf(made, sizeof(made), "%s/made", p->granted);
        unlink(made);
        unlink(p->own_file);
        unlink(p->readable_file);
        unlink(p->forbidden_file);
        rmdir(p->granted);
        rmdir(p->readable);
        rmdir(p->forbidden);
        free(p);
        return 0;
}

static int enter(const struct place *p, enum sandbox_profile profile, const char *user)
{
        static const int kept[] = {CAP_NET_ADMIN};
        const struct sandbox_path paths[] = {{p->granted, SANDBOX_WRITE},
                                             {p->readable_file, SANDBOX_READ},
                                             {"/nonexistent/folder", SANDBOX_WRITE}};
        const struct sandbox_options options = {.user = user,
                                                .capabilities = kept,
                                                .capability_count = profile == SANDBOX_PROFILE_EDGE ? 1 : 0,
                                                .paths = paths,
                                                .path_count = ARRAY_LEN(paths),
                                                .profile = profile};
        struct error error = {0};
        int r = sandbox_enter(&options, &error);

        if (r < 0)
                fprintf(stderr, "# %s\n", error.en);
        return r;
}

/* Runs in a child, as a sandbox is for ever; its exit code, or minus the signal that killed it. */
static int in_child(int (*run)(const struct place *p), const struct place *p)
{
        int status;
        pid_t child = fork();

        if (!child)
                _exit(run(p));
        waitpid(child, &status, 0);
        return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- what the kernel says of it ---- */

static bool has_line(const char *text, const char *name, const char *value)
{
        const char *line = strstr(text, name);

        if (!line || strncmp(line + strlen(name), value, strlen(value)) != 0) {
                fprintf(stderr, "# %s is %.40s\n", name, line ? line + strlen(name) : "absent");
                return false;
        }
        return true;
}

static int read_status(const struct place *p)
{
        char text[8192];
        int fd = open("/proc/self/status", O_RDONLY);
        ssize_t got;

        if (enter(p, SANDBOX_PROFILE_EDGE, USER) < 0)
                return 2;
        got = pread(fd, text, sizeof(text) - 1, 0);
        if (got <= 0)
                return 3;
        text[got] = '\0';
        return has_line(text, "Uid:\t", "65532\t65532\t65532\t65532\n") &&
                               has_line(text, "Gid:\t", "65532\t65532\t65532\t65532\n") &&
                               has_line(text, "Groups:\t", " \n") &&
                               has_line(text, "CapInh:\t", "0000000000000000") &&
                               has_line(text, "CapPrm:\t", "0000000000001000") &&
                               has_line(text, "CapEff:\t", "0000000000001000") &&
                               has_line(text, "CapBnd:\t", "0000000000000000") &&
                               has_line(text, "CapAmb:\t", "0000000000000000") &&
                               has_line(text, "NoNewPrivs:\t", "1\n") && has_line(text, "Seccomp:\t", "2\n")
                       ? 0
                       : 1;
}

static void test_status(void **state)
{
        if (geteuid() != 0)
                skip();
        assert_int_equal(in_child(read_status, *state), 0);
}

/* ---- files ---- */

static bool opens(const char *path, int flags, int expected)
{
        int fd = open(path, flags | O_CLOEXEC, 0600), code = fd < 0 ? errno : 0;

        if (fd >= 0)
                close(fd);
        if (code != expected)
                fprintf(stderr, "# %s: %s, not %s\n", path, strerror(code), strerror(expected));
        return code == expected;
}

static int try_files(const struct place *p)
{
        char made[96];
        int r = enter(p, SANDBOX_PROFILE_HUB, geteuid() ? NULL : USER);

        if (r < 0)
                return 2;
        /* Everything here is open to all by its permissions: what stops it is Landlock alone. */
        int wall = r == SANDBOX_NO_LANDLOCK ? 0 : EACCES;
        snprintf(made, sizeof(made), "%s/made", p->granted);
        return opens(p->own_file, O_RDWR, 0) && opens(made, O_WRONLY | O_CREAT, 0) &&
                               opens(p->readable_file, O_RDONLY, 0) &&
                               opens(p->readable_file, O_WRONLY, wall) &&
                               opens(p->forbidden_file, O_RDONLY, wall) &&
                               opens("/etc/passwd", O_RDONLY, wall)
                       ? 0
                       : 1;
}

static void test_files(void **state)
{
        assert_int_equal(in_child(try_files, *state), 0);
}

/* ---- system calls ---- */

static int try_sockets(const struct place *p)
{
        int fd;

        if (enter(p, SANDBOX_PROFILE_HUB, NULL) < 0)
                return 2;
        fd = socket(AF_UNIX, SOCK_STREAM, 0);
        if (fd < 0)
                return 3;
        if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EAFNOSUPPORT)
                return 4;
        if (socket(AF_NETLINK, SOCK_RAW, 0) >= 0 || errno != EAFNOSUPPORT)
                return 5;
        if (socket(AF_PACKET, SOCK_RAW, 0) >= 0 || errno != EAFNOSUPPORT)
                return 6;
        return socket(4711, SOCK_RAW, 0) >= 0 || errno != EAFNOSUPPORT ? 7 : 0;
}

static int try_edge(const struct place *p)
{
        if (enter(p, SANDBOX_PROFILE_EDGE, NULL) < 0)
                return 2;
        if (socket(AF_NETLINK, SOCK_RAW, 0) < 0)
                return 3;
        errno = 0;
        syscall(SYS_bpf, 0, NULL, 0); /* fails, but as the kernel's answer and not by the filter */
        return errno == 0 ? 4 : 0;
}

static int try_bpf_as_hub(const struct place *p)
{
        if (enter(p, SANDBOX_PROFILE_HUB, NULL) < 0)
                return 2;
        syscall(SYS_bpf, 0, NULL, 0);
        return 0;
}

static int try_exec(const struct place *p)
{
        static char *const argv[] = {"true", NULL};

        if (enter(p, SANDBOX_PROFILE_HUB, NULL) < 0)
                return 2;
        execv("/bin/true", argv);
        return 0;
}

static int try_ptrace(const struct place *p)
{
        if (enter(p, SANDBOX_PROFILE_EDGE, NULL) < 0)
                return 2;
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        return 0;
}

static int try_tty_injection(const struct place *p)
{
        if (enter(p, SANDBOX_PROFILE_HUB, NULL) < 0)
                return 2;
        syscall(SYS_ioctl, 0, 0x5412 /* TIOCSTI */, "x");
        return 0;
}

static void test_calls(void **state)
{
        assert_int_equal(in_child(try_sockets, *state), 0);
        if (geteuid() == 0)
                assert_int_equal(in_child(try_edge, *state), 0);
        assert_int_equal(in_child(try_bpf_as_hub, *state), -SIGSYS);
        assert_int_equal(in_child(try_exec, *state), -SIGSYS);
        if (geteuid() == 0 && !SANITIZED) /* LeakSanitizer needs it */
                assert_int_equal(in_child(try_ptrace, *state), -SIGSYS);
        assert_int_equal(in_child(try_tty_injection, *state), -SIGSYS);
}

/* ---- failing to drop ---- */

static int try_unknown_user(const struct place *p)
{
        return enter(p, SANDBOX_PROFILE_HUB, "no-such-user-here") == -ENOENT ? 0 : 1;
}

static int try_without_right(const struct place *p)
{
        if (setgid(65531) || setuid(65531))
                return 2;
        if (enter(p, SANDBOX_PROFILE_HUB, USER) != -EPERM)
                return 3;
        return enter(p, SANDBOX_PROFILE_EDGE, NULL) == -EPERM ? 0 : 4; /* a capability it does not have */
}

static void test_failure_is_fatal(void **state)
{
        assert_int_equal(in_child(try_unknown_user, *state), 0);
        if (geteuid() == 0)
                assert_int_equal(in_child(try_without_right, *state), 0);
}

static int try_death_signal(const struct place *p)
{
        int signal_number = 0;

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (enter(p, SANDBOX_PROFILE_HUB, geteuid() ? NULL : USER) < 0)
                return 2;
        prctl(PR_GET_PDEATHSIG, &signal_number);
        return signal_number == SIGKILL ? 0 : 1;
}

static void test_death_signal_stays(void **state)
{
        assert_int_equal(in_child(try_death_signal, *state), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_status, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_files, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_calls, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_failure_is_fatal, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_death_signal_stays, set_up, tear_down),
        };

        log_setup("sandbox_test", LOG_FORMAT_TEXT, LOG_LEVEL_ERROR);
        fprintf(stderr, "# Landlock ABI %d\n", sandbox_landlock_abi());
        return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
