/* SPDX-License-Identifier: EUPL-1.2 */
#include "service/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

#define EXIT_NOT_EXECUTED 127

struct child {
        struct supervisor *supervisor;
        struct supervisor_program program;
        enum supervisor_state state;
        pid_t pid;
        unsigned restarts;
        int last_status;
        unsigned wait_ms;    /* before the next start, should it end now */
        uint64_t started_ms; /* loop time */
        uv_timer_t timer;    /* waiting: the next start; stopping: the end of patience */
};

struct supervisor {
        uv_loop_t *loop;
        uv_signal_t on_child;
        struct child children[SUPERVISOR_PROGRAMS_MAX];
        size_t count;
        unsigned grace_ms;
        bool stopping, finished;
        size_t handles; /* not yet closed */
        void (*on_stopped)(void *context);
        void *context;
};

#define STATE_WORD(name, word) word,
const char *supervisor_state_word(enum supervisor_state state)
{
        static const char *const words[] = {SUPERVISOR_STATES(STATE_WORD)};

        return (unsigned)state < SUPERVISOR_STATE_COUNT ? words[state] : "?";
}

/* ---- starting ---- */

/*
 * Between fork and exec: only what is safe there. Signals are blocked until nothing of the parent's answers
 * them.
 */
static void become_program(const struct supervisor_program *program, pid_t parent)
{
        const struct sigaction plain = {.sa_handler = SIG_DFL};
        sigset_t none;
        int null;

        for (int number = 1; number < NSIG; number++)
                if (number != SIGKILL && number != SIGSTOP)
                        sigaction(number, &plain, NULL);
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) /* it died before the line above */
                _exit(EXIT_NOT_EXECUTED);
        null = open("/dev/null", O_RDONLY);
        if (null > STDIN_FILENO) {
                dup2(null, STDIN_FILENO);
                close(null);
        }
        execve(program->argv[0], program->argv, program->env ? program->env : environ);
        _exit(EXIT_NOT_EXECUTED);
}

static pid_t spawn(const struct supervisor_program *program)
{
        pid_t parent = getpid(), pid;
        sigset_t all, before;

        sigfillset(&all);
        sigprocmask(SIG_SETMASK, &all, &before);
        pid = fork();
        if (!pid)
                become_program(program, parent);
        sigprocmask(SIG_SETMASK, &before, NULL);
        return pid;
}

static void on_wait_over(uv_timer_t *timer);

static void wait_for_next(struct child *child)
{
        child->state = SUPERVISOR_WAITING;
        uv_timer_start(&child->timer, on_wait_over, child->wait_ms, 0);
        child->wait_ms = child->wait_ms < SUPERVISOR_BACKOFF_MAX_MS / 2 ? 2 * child->wait_ms
                                                                        : SUPERVISOR_BACKOFF_MAX_MS;
}

static void start_child(struct child *child)
{
        pid_t pid = spawn(&child->program);

        if (pid < 0) {
                log_error("%s cannot be started: %s", child->program.name, strerror(errno));
                wait_for_next(child);
                return;
        }
        child->pid = pid;
        child->state = SUPERVISOR_RUNNING;
        uv_update_time(child->supervisor->loop);
        child->started_ms = uv_now(child->supervisor->loop);
        log_info("%s started, pid %d", child->program.name, (int)pid);
}

static void on_wait_over(uv_timer_t *timer)
{
        struct child *child = timer->data;

        child->restarts++;
        start_child(child);
}

/* ---- ending ---- */

static void on_handle_closed(uv_handle_t *handle)
{
        struct child *child = handle->data;
        struct supervisor *supervisor = child->supervisor;

        if (--supervisor->handles)
                return;
        supervisor->finished = true;
        if (supervisor->on_stopped)
                supervisor->on_stopped(supervisor->context);
}

static void finish_if_all_stopped(struct supervisor *supervisor)
{
        for (size_t i = 0; i < supervisor->count; i++)
                if (supervisor->children[i].state != SUPERVISOR_STOPPED)
                        return;
        for (size_t i = 0; i < supervisor->count; i++)
                uv_close((uv_handle_t *)&supervisor->children[i].timer, on_handle_closed);
        uv_close((uv_handle_t *)&supervisor->on_child, on_handle_closed);
}

static void say_ending(const struct child *child, int status)
{
        const char *name = child->program.name;

        if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NOT_EXECUTED)
                log_error("%s could not be executed: %s", name, child->program.argv[0]);
        else if (WIFEXITED(status) && child->supervisor->stopping)
                log_info("%s stopped", name);
        else if (WIFEXITED(status))
                log_warning("%s ended by itself with exit code %d", name, WEXITSTATUS(status));
        else
                log_warning("%s was ended by signal %d (%s)", name, WTERMSIG(status),
                            strsignal(WTERMSIG(status)));
}

static void child_ended(struct child *child, int status)
{
        struct supervisor *supervisor = child->supervisor;

        child->pid = 0;
        child->last_status = status;
        say_ending(child, status);
        if (supervisor->stopping) {
                child->state = SUPERVISOR_STOPPED;
                uv_timer_stop(&child->timer);
                finish_if_all_stopped(supervisor);
                return;
        }
        if (uv_now(supervisor->loop) - child->started_ms >= SUPERVISOR_HEALTHY_MS)
                child->wait_ms = SUPERVISOR_BACKOFF_MIN_MS;
        log_notice("%s will be started again in %u ms", child->program.name, child->wait_ms);
        wait_for_next(child);
}

/* One signal may stand for several ends. */
static void on_child_signal(uv_signal_t *handle, int number)
{
        struct child *first = handle->data;
        struct supervisor *supervisor = first->supervisor;

        for (size_t i = 0; i < supervisor->count; i++) {
                struct child *child = &supervisor->children[i];
                int status;

                if (child->pid && waitpid(child->pid, &status, WNOHANG) == child->pid)
                        child_ended(child, status);
        }
}

static void on_grace_over(uv_timer_t *timer)
{
        struct child *child = timer->data;

        log_warning("%s did not stop within %u ms: killing it", child->program.name,
                    child->supervisor->grace_ms);
        kill(child->pid, SIGKILL);
}

static void stop_child(struct child *child)
{
        uv_timer_stop(&child->timer);
        if (!child->pid) {
                child->state = SUPERVISOR_STOPPED;
                return;
        }
        child->state = SUPERVISOR_STOPPING;
        kill(child->pid, SIGTERM);
        uv_timer_start(&child->timer, on_grace_over, child->supervisor->grace_ms, 0);
}

void supervisor_stop(struct supervisor *supervisor, void (*on_stopped)(void *context), void *context)
{
        if (supervisor->stopping)
                return;
        supervisor->stopping = true;
        supervisor->on_stopped = on_stopped;
        supervisor->context = context;
        for (size_t i = 0; i < supervisor->count; i++)
                stop_child(&supervisor->children[i]);
        finish_if_all_stopped(supervisor);
}

void supervisor_signal(const struct supervisor *supervisor, int number)
{
        for (size_t i = 0; i < supervisor->count; i++)
                if (supervisor->children[i].state == SUPERVISOR_RUNNING)
                        kill(supervisor->children[i].pid, number);
}

/* ---- life ---- */

static int check_programs(const struct supervisor_program *programs, size_t count, struct error *error)
{
        if (!count || count > SUPERVISOR_PROGRAMS_MAX)
                return error_say(error, -EINVAL, "de 1 à %d programmes peuvent être surveillés, et non %zu",
                                 "1 to %d programs can be watched, not %zu", SUPERVISOR_PROGRAMS_MAX, count);
        for (size_t i = 0; i < count; i++)
                if (access(programs[i].argv[0], X_OK) < 0)
                        return error_say(error, -errno, "%s ne peut pas être exécuté : %s : %m",
                                         "%s cannot be executed: %s: %m", programs[i].name,
                                         programs[i].argv[0]);
        return 0;
}

int supervisor_start(uv_loop_t *loop, const struct supervisor_program *programs, size_t count,
                     struct supervisor **ret_supervisor, struct error *error)
{
        struct supervisor *supervisor;
        int r = check_programs(programs, count, error);

        if (r)
                return r;
        supervisor = calloc(1, sizeof(*supervisor));
        if (!supervisor)
                return error_say(error, -ENOMEM, "mémoire insuffisante pour le surveillant",
                                 "out of memory for the supervisor");
        supervisor->loop = loop;
        supervisor->count = count;
        supervisor->grace_ms = SUPERVISOR_GRACE_MS;
        supervisor->handles = count + 1;
        uv_signal_init(loop, &supervisor->on_child);
        supervisor->on_child.data = &supervisor->children[0];
        uv_signal_start(&supervisor->on_child, on_child_signal, SIGCHLD);
        for (size_t i = 0; i < count; i++) {
                struct child *child = &supervisor->children[i];

                *child = (struct child){.supervisor = supervisor,
                                        .program = programs[i],
                                        .wait_ms = SUPERVISOR_BACKOFF_MIN_MS};
                uv_timer_init(loop, &child->timer);
                child->timer.data = child;
                start_child(child);
        }
        *ret_supervisor = supervisor;
        return 0;
}

void supervisor_set_grace(struct supervisor *supervisor, unsigned milliseconds)
{
        supervisor->grace_ms = milliseconds;
}

size_t supervisor_count(const struct supervisor *supervisor)
{
        return supervisor->count;
}

struct supervisor_status supervisor_status(const struct supervisor *supervisor, size_t index)
{
        const struct child *child = &supervisor->children[index];
        struct supervisor_status status = {.name = child->program.name,
                                           .state = child->state,
                                           .pid = child->pid,
                                           .restarts = child->restarts,
                                           .last_status = child->last_status};

        if (child->state == SUPERVISOR_WAITING)
                status.waiting_ms = uv_timer_get_due_in(&child->timer);
        return status;
}

struct supervisor *supervisor_free(struct supervisor *supervisor)
{
        if (supervisor && supervisor->finished)
                free(supervisor);
        return NULL;
}
