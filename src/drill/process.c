/* SPDX-License-Identifier: EUPL-1.2 */
#include "drill/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"

int process_cpu_count(void)
{
        cpu_set_t set;

        if (sched_getaffinity(0, sizeof(set), &set) < 0)
                return 1;
        return CPU_COUNT(&set);
}

int process_cpu(int index)
{
        cpu_set_t set;
        int count = process_cpu_count(), wanted = index < 0 ? count + index : index, seen = 0;

        if (sched_getaffinity(0, sizeof(set), &set) < 0)
                return PROCESS_ANY_CPU;
        for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
                if (CPU_ISSET(cpu, &set) && seen++ == wanted)
                        return cpu;
        }
        return PROCESS_ANY_CPU;
}

static int settle_output(const char *log)
{
        int fd;

        if (!log)
                return 0;
        fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
        if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 || dup2(fd, STDERR_FILENO) < 0)
                return -errno;
        close(fd);
        return 0;
}

/* What every child does first; a child that cannot take its place must not act elsewhere. */
static int settle(const struct process_place *place, pid_t parent)
{
        sigset_t none;

        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        signal(SIGINT, SIG_IGN);
        signal(SIGTERM, SIG_DFL);
        signal(SIGPIPE, SIG_DFL);
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
                return -ESRCH;
        if (place->netns && setns(place->netns->fd, CLONE_NEWNET) < 0)
                return -errno;
        if (place->cpu != PROCESS_ANY_CPU) {
                cpu_set_t set;

                CPU_ZERO(&set);
                CPU_SET((unsigned)place->cpu, &set);
                if (sched_setaffinity(0, sizeof(set), &set) < 0)
                        return -errno;
        }
        if (place->folder && chdir(place->folder) < 0)
                return -errno;
        return settle_output(place->log);
}

int process_start(const struct process_place *place, int (*body)(void *context), void *context,
                  pid_t *ret_pid, struct error *error)
{
        pid_t parent = getpid(), pid;

        fflush(stdout);
        fflush(stderr);
        pid = fork();
        if (pid < 0)
                return error_say(error, -errno, "impossible de lancer un processus : %m",
                                 "cannot start a process: %m");
        if (pid == 0) {
                int r = settle(place, parent);

                _exit(r ? 126 : body(context));
        }
        *ret_pid = pid;
        return 0;
}

static int exec_body(void *context)
{
        char *const *argv = context;

        execvp(argv[0], argv);
        fprintf(stderr, "cannot run %s: %s\n", argv[0], strerror(errno));
        return 127;
}

int process_spawn(const struct process_place *place, const char *const argv[], pid_t *ret_pid,
                  struct error *error)
{
        return process_start(place, exec_body, (void *)argv, ret_pid, error);
}

struct run {
        const char *const *argv;
        int input, output;
};

static int run_body(void *context)
{
        const struct run *run = context;
        int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);

        if (dup2(run->input, STDIN_FILENO) < 0 || dup2(nothing, STDOUT_FILENO) < 0 ||
            dup2(run->output, STDERR_FILENO) < 0)
                return 126;
        return exec_body((void *)run->argv);
}

/* An unlinked file that holds `text`: a pipe would block beyond its buffer while nobody reads. */
static int text_file(const char *text)
{
        int fd = memfd_create("garde-drill", MFD_CLOEXEC);
        size_t length = text ? strlen(text) : 0, done = 0;

        while (fd >= 0 && done < length) {
                ssize_t n = write(fd, text + done, length - done);

                if (n < 0) {
                        close(fd);
                        return -1;
                }
                done += (size_t)n;
        }
        if (fd >= 0)
                lseek(fd, 0, SEEK_SET);
        return fd;
}

static void first_line(int fd, char *line, size_t size)
{
        ssize_t length = pread(fd, line, size - 1, 0);

        line[length > 0 ? length : 0] = '\0';
        line[strcspn(line, "\n")] = '\0';
}

int process_run(const struct process_place *place, const char *const argv[], const char *input,
                struct error *error)
{
        CLEANUP(cleanup_fd) int in = text_file(input);
        CLEANUP(cleanup_fd) int out = text_file(NULL);
        struct run run = {argv, in, out};
        char line[256];
        int status, r;
        pid_t pid;

        if (in < 0 || out < 0)
                return error_say(error, -errno, "impossible de garder ce qui est destiné à %s : %m",
                                 "cannot hold the input of %s: %m", argv[0]);
        r = process_start(place, run_body, &run, &pid, error);
        if (r)
                return r;
        while (waitpid(pid, &status, 0) < 0)
                if (errno != EINTR)
                        return -errno;
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
                return 0;
        first_line(out, line, sizeof(line));
        if (!line[0])
                return error_say(error, -EIO, "%s a échoué sans rien dire", "%s failed and said nothing",
                                 argv[0]);
        return error_say(error, -EIO, "%s a échoué : %s", "%s failed: %s", argv[0], line);
}

bool process_alive(pid_t *pid, int *ret_status)
{
        int status;

        if (!*pid)
                return false;
        if (waitpid(*pid, &status, WNOHANG) != *pid)
                return true;
        *pid = 0;
        *ret_status = status;
        return false;
}

void process_stop(pid_t *pid, unsigned grace_ms)
{
        int status, fd;

        if (!process_alive(pid, &status))
                return;
        kill(*pid, SIGTERM);
        fd = (int)syscall(SYS_pidfd_open, *pid, 0);
        if (fd >= 0) {
                struct pollfd ended = {.fd = fd, .events = POLLIN};

                while (poll(&ended, 1, (int)grace_ms) < 0 && errno == EINTR)
                        ;
                close(fd);
        }
        if (!process_alive(pid, &status))
                return;
        kill(*pid, SIGKILL);
        while (waitpid(*pid, &status, 0) < 0 && errno == EINTR)
                ;
        *pid = 0;
}
