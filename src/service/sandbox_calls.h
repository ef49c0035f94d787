/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The system calls each profile may make, by name. Private to sandbox. Names a machine lacks are passed over.
 */
#pragma once

#include "base/sanitized.h"

/* Memory, threads, signals, time: what libc and the loop need to live. */
/* clang-format off */
#define CALLS_LIVING(X)                                                                                      \
        X(brk) X(mmap) X(munmap) X(mremap) X(mprotect) X(madvise) X(mincore) X(membarrier) X(clone)          \
        X(clone3) X(set_robust_list) X(get_robust_list) X(rseq) X(set_tid_address) X(futex) X(exit)          \
        X(exit_group) X(restart_syscall) X(arch_prctl) X(prctl) X(rt_sigaction) X(rt_sigprocmask)            \
        X(rt_sigreturn) X(rt_sigpending) X(rt_sigtimedwait) X(sigaltstack) X(tgkill) X(getpid) X(gettid)     \
        X(getppid) X(getpgrp) X(getuid) X(geteuid) X(getgid) X(getegid) X(getresuid) X(getresgid)            \
        X(getgroups) X(capget) X(getrlimit) X(prlimit64) X(getrusage) X(sysinfo) X(uname) X(getrandom)       \
        X(getcpu) X(sched_yield) X(sched_getaffinity) X(sched_setaffinity) X(sched_getparam)                 \
        X(sched_getscheduler) X(sched_get_priority_max) X(sched_get_priority_min) X(clock_gettime)           \
        X(clock_getres) X(clock_nanosleep) X(nanosleep) X(gettimeofday) X(time) X(times) X(timerfd_create)   \
        X(timerfd_settime) X(timerfd_gettime) X(eventfd) X(eventfd2) X(signalfd4) X(epoll_create)            \
        X(epoll_create1) X(epoll_ctl) X(epoll_wait) X(epoll_pwait) X(epoll_pwait2) X(poll) X(ppoll)          \
        X(select) X(pselect6) X(pipe) X(pipe2)
/* clang-format on */

/* Files, under Landlock's eyes. */
/* clang-format off */
#define CALLS_FILES(X)                                                                                       \
        X(open) X(openat) X(openat2) X(close) X(close_range) X(creat) X(read) X(readv) X(pread64)            \
        X(preadv) X(preadv2) X(write) X(writev) X(pwrite64) X(pwritev) X(pwritev2) X(lseek) X(sendfile)      \
        X(copy_file_range) X(fsync) X(fdatasync) X(sync_file_range) X(syncfs) X(ftruncate) X(truncate)       \
        X(fallocate) X(fadvise64) X(flock) X(fcntl) X(dup) X(dup2) X(dup3) X(stat) X(fstat) X(lstat)         \
        X(newfstatat) X(statx) X(statfs) X(fstatfs) X(access) X(faccessat) X(faccessat2) X(readlink)         \
        X(readlinkat) X(getdents) X(getdents64) X(getcwd) X(chdir) X(fchdir) X(mkdir) X(mkdirat) X(rmdir)    \
        X(unlink) X(unlinkat) X(rename) X(renameat) X(renameat2) X(link) X(linkat) X(symlink) X(symlinkat)   \
        X(chmod) X(fchmod) X(fchmodat) X(chown) X(fchown) X(lchown) X(fchownat) X(utime) X(utimes)           \
        X(utimensat) X(umask) X(msync) X(memfd_create) X(inotify_init1) X(inotify_add_watch)                 \
        X(inotify_rm_watch)
/* clang-format on */

/* Sockets; socket(2) itself is limited by family. */
/* clang-format off */
#define CALLS_SOCKETS(X)                                                                                     \
        X(bind) X(listen) X(accept) X(accept4) X(connect) X(shutdown) X(getsockname) X(getpeername)          \
        X(getsockopt) X(setsockopt) X(sendto) X(sendmsg) X(sendmmsg) X(recvfrom) X(recvmsg) X(recvmmsg)
/* clang-format on */

/* What LeakSanitizer needs to look through a process that ends: in sanitizers' builds alone. */
#if SANITIZED
#define CALLS_SANITIZER(X) X(ptrace) X(wait4) X(process_vm_readv)
#else
#define CALLS_SANITIZER(X)
#endif

/* The edge's own: the kernel data path. */
#define CALLS_EDGE(X) X(bpf) X(perf_event_open) X(ioctl)
