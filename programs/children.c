/* children.c -- starts, reads and stops child processes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/children.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const double STOP_S = 5;

static _Noreturn void become(const char *subcommand, const char *path, int output, pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) /* it died before the line above */
        _exit(1);
    dup2(output, STDOUT_FILENO);
    setpgid(0, 0); /* Ctrl-C reaches the parent, which stops us in order */
    execl("/proc/self/exe", "warnlink", subcommand, "--config", path, (char *)NULL);
    fprintf(stderr, "warnlink: cannot start %s: %s\n", subcommand, strerror(errno));
    _exit(1);
}

wlk_status wlk_child_start(struct wlk_child *child, const char *subcommand, const char *path,
                           struct wlk_fault *fault)
{
    int ends[2];
    memset(child, 0, sizeof *child);
    child->output = -1;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        wlk_fault_set(fault, "no pipe for a child process", "%s", strerror(errno));
        return WLK_IO;
    }
    fflush(NULL);
    pid_t parent = getpid();
    child->process = fork();
    if (child->process == 0)
        become(subcommand, path, ends[1], parent);
    close(ends[1]);
    if (child->process < 0) {
        close(ends[0]);
        child->process = 0;
        wlk_fault_set(fault, "no child process", "%s", strerror(errno));
        return WLK_IO;
    }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    child->output = ends[0];
    return WLK_OK;
}

bool wlk_child_line(struct wlk_child *child, const char **line)
{
    memmove(child->line, child->line + child->taken, child->used - child->taken);
    child->used -= child->taken;
    child->taken = 0;
    for (;;) {
        char *end = memchr(child->line, '\n', child->used);
        if (end) {
            *end = 0;
            child->taken = (size_t)(end - child->line) + 1;
            *line = child->line;
            return true;
        }
        if (child->used == sizeof child->line)
            child->used = 0; /* no line is so long: start anew at the next one */
        ssize_t got = child->output < 0 ? 0
                                        : read(child->output, child->line + child->used,
                                               sizeof child->line - child->used);
        if (got <= 0)
            return false;
        child->used += (size_t)got;
    }
}

bool wlk_child_runs(struct wlk_child *child)
{
    int code;
    if (!child->process)
        return false;
    if (waitpid(child->process, &code, WNOHANG) != child->process)
        return true;
    child->code = WIFEXITED(code) ? WEXITSTATUS(code) : 128 + WTERMSIG(code);
    child->process = 0;
    return false;
}

void wlk_child_stop(struct wlk_child *child)
{
    if (!child->process)
        return;
    kill(child->process, SIGTERM);
    wlk_mono start = wlk_clock_mono();
    while (wlk_child_runs(child)) {
        struct timespec pause = {0, 5000000};
        nanosleep(&pause, NULL);
        if ((double)(wlk_clock_mono().ns - start.ns) * 1e-9 > STOP_S && child->process) {
            kill(child->process, SIGKILL);
            start = wlk_clock_mono();
        }
    }
}
