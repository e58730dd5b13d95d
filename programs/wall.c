/* wall.c -- users, namespaces and limits by Linux; the list of calls as a BPF program of our
 * own, so that no library stands between the list and the kernel (seccomp(2)).
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/wall.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define PROCESSOR AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define PROCESSOR AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define PROCESSOR AUDIT_ARCH_RISCV64
#else
#error "a processor without a list of system calls"
#endif

static wlk_status fail(struct wlk_fault *fault, const char *rule)
{
    wlk_fault_set(fault, rule, "%s", strerror(errno));
    return WLK_IO;
}

/* ---- view ---- */

wlk_status wlk_wall_network(const char *name, struct wlk_fault *fault)
{
    char path[128];
    if (!name[0])
        return WLK_OK;
    snprintf(path, sizeof path, "/run/netns/%s", name);
    wlk_fault_where(fault, path);
    int network = open(path, O_RDONLY | O_CLOEXEC);
    int failed = network < 0 || setns(network, CLONE_NEWNET);
    int saved = errno;
    if (network >= 0)
        close(network);
    errno = saved;
    return failed ? fail(fault, "network cannot be entered") : WLK_OK;
}

/* An empty folder that is mounted nowhere: it works in a chroot too, and nobody else ever
 * sees it. */
static int enter_nothing(void)
{
    int made = unshare(CLONE_NEWNS) ? -1 : fsopen("tmpfs", FSOPEN_CLOEXEC), empty = -1;
    if (made >= 0 && !fsconfig(made, FSCONFIG_SET_STRING, "size", "4k", 0) &&
        !fsconfig(made, FSCONFIG_SET_STRING, "mode", "0555", 0) &&
        !fsconfig(made, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
        empty = fsmount(made, FSMOUNT_CLOEXEC,
                        MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
                            MOUNT_ATTR_NOEXEC);
    int failed = empty < 0 || fchdir(empty) || chroot("."), why = errno;
    if (made >= 0)
        close(made);
    if (empty >= 0)
        close(empty);
    errno = why;
    return failed;
}

/* Relative paths mean the same to a guard that may not change its root. */
static int enter_folder(const char *folder)
{
    return chdir(folder) || (geteuid() == 0 && chroot(".") && errno != EPERM);
}

/* The user is left last: it takes the right to do the rest. */
static int become(uid_t user)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {{0}};
    return setgroups(0, NULL) || setresgid(user, user, user) || setresuid(user, user, user) ||
           syscall(SYS_capset, &head, none) != 0;
}

static int set_limits(enum wlk_wall_kind kind)
{
    const struct rlimit none = {0, 0};
    const struct rlimit few = {WLK_WALL_DESCRIPTORS, WLK_WALL_DESCRIPTORS};
    /* the guard's journal still starts its one thread; the calls forbid it later */
    return setrlimit(RLIMIT_NOFILE, &few) || setrlimit(RLIMIT_CORE, &none) ||
           (kind == WLK_WALL_PORT && setrlimit(RLIMIT_NPROC, &none));
}

wlk_status wlk_wall_view(enum wlk_wall_kind kind, const char *folder, uid_t user,
                         struct wlk_fault *fault)
{
    bool is_root = geteuid() == 0;
    if (is_root && unshare(CLONE_NEWNET | CLONE_NEWIPC) && errno != EPERM)
        return fail(fault, "no network of its own");
    if (is_root && kind == WLK_WALL_PORT && enter_nothing() && errno != EPERM)
        return fail(fault, "no empty folder as its root");
    if (kind == WLK_WALL_GUARD && enter_folder(folder))
        return fail(fault, "folder cannot be entered");
    if (is_root && become(user))
        return fail(fault, "no user of its own");
    if (set_limits(kind) || prctl(PR_SET_DUMPABLE, 0) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return fail(fault, "no limits");
    return WLK_OK;
}

/* ---- calls ---- */

/* What both do all day comes first: the list is walked in this order. */
static const int both_may[] = {
    SYS_ppoll,
    SYS_recvfrom,
    SYS_sendto,
    SYS_read,
    SYS_write,
    SYS_clock_gettime,
    SYS_futex,
    SYS_recvmsg,
    SYS_sendmsg,
    SYS_close,
    SYS_brk,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    SYS_getrandom,
    SYS_gettimeofday,
    SYS_restart_syscall,
    SYS_rt_sigreturn,
    SYS_rt_sigprocmask,
    SYS_exit,
    SYS_exit_group,
    SYS_getpid,
    SYS_gettid,
    SYS_sched_yield,
    SYS_clock_nanosleep,
    SYS_nanosleep,
    SYS_sigaltstack,
    SYS_fstat,
#ifdef SYS_poll
    SYS_poll,
    SYS_time,
#endif
};

static const int port_may[] = {SYS_accept4, SYS_setsockopt, SYS_getsockopt};

/* rseq and set_robust_list: its thread may just begin when the list comes. */
static const int guard_may[] = {
    SYS_fdatasync,  SYS_fallocate, SYS_pwrite64,        SYS_pread64,    SYS_openat,
    SYS_newfstatat, SYS_fcntl,     SYS_lseek,           SYS_getdents64, SYS_ftruncate,
    SYS_fsync,      SYS_unlinkat,  SYS_flock,           SYS_getcwd,     SYS_readlinkat,
    SYS_faccessat,  SYS_fchmod,    SYS_fchown,          SYS_geteuid,    SYS_getuid,
    SYS_statx,      SYS_rseq,      SYS_set_robust_list,
#ifdef SYS_open
    SYS_open,       SYS_stat,      SYS_lstat,           SYS_unlink,     SYS_access,
    SYS_readlink,
#endif
};

/* What libraries try and can do without (a time zone, a limit, a terminal's width). */
static const int refused[] = {
    SYS_openat,
    SYS_newfstatat,
    SYS_readlinkat,
    SYS_faccessat,
    SYS_ioctl,
    SYS_prlimit64,
    SYS_sysinfo,
    SYS_uname,
    SYS_getrusage,
    SYS_fcntl,
    SYS_sched_getaffinity,
    SYS_statx,
#ifdef SYS_open
    SYS_open,
    SYS_stat,
    SYS_lstat,
    SYS_access,
    SYS_readlink,
#endif
};

enum { STEPS_MAX = 256 };

struct list {
    struct sock_filter step[STEPS_MAX];
    unsigned short size;
};

static void add(struct list *list, struct sock_filter step)
{
    if (list->size < STEPS_MAX)
        list->step[list->size] = step;
    list->size++;
}

static void load(struct list *list, size_t offset)
{
    add(list, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void answer(struct list *list, uint32_t verdict)
{
    add(list, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict));
}

static void answer_each(struct list *list, const int number[], size_t count, uint32_t verdict)
{
    for (size_t i = 0; i < count; i++) {
        add(list,
            (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number[i], 0, 1));
        answer(list, verdict);
    }
}

/* Memory, but none that can be run. */
static void answer_memory(struct list *list, int number)
{
    add(list, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 4));
    load(list, offsetof(struct seccomp_data, args[2])); /* low half: prot */
    add(list, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1));
    answer(list, SECCOMP_RET_KILL_PROCESS);
    answer(list, SECCOMP_RET_ALLOW);
}

/* abort() of an assert: a signal to itself, to nobody else. */
static void answer_abort(struct list *list)
{
    add(list, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 0, 4));
    load(list, offsetof(struct seccomp_data, args[0]));
    add(list,
        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)getpid(), 0, 1));
    answer(list, SECCOMP_RET_ALLOW);
    answer(list, SECCOMP_RET_KILL_PROCESS);
}

#define EACH(numbers) numbers, sizeof numbers / sizeof numbers[0]

wlk_status wlk_wall_calls(enum wlk_wall_kind kind, struct wlk_fault *fault)
{
    static struct list list;
    list.size = 0;
    load(&list, offsetof(struct seccomp_data, arch));
    add(&list, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PROCESSOR, 1, 0));
    answer(&list, SECCOMP_RET_KILL_PROCESS);
    load(&list, offsetof(struct seccomp_data, nr));
    answer_each(&list, EACH(both_may), SECCOMP_RET_ALLOW);
    if (kind == WLK_WALL_PORT)
        answer_each(&list, EACH(port_may), SECCOMP_RET_ALLOW);
    else
        answer_each(&list, EACH(guard_may), SECCOMP_RET_ALLOW);
    answer_memory(&list, SYS_mmap);
    answer_memory(&list, SYS_mprotect);
    answer_abort(&list);
    answer_each(&list, EACH(refused), SECCOMP_RET_ERRNO | EPERM);
    answer(&list, SECCOMP_RET_KILL_PROCESS);
    struct sock_fprog program = {list.size, list.step};
    if (list.size > STEPS_MAX || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program))
        return fail(fault, "no list of system calls");
    return WLK_OK;
}
