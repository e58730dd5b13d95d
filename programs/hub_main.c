/* hub_main.c -- `warnlink hub`: forks one port process per nation, then becomes the guard.
 *
 * The ports are forked before a key or the journal is opened: they never see either.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/guard.h"
#include "programs/mains.h"
#include "programs/options.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    PIPE_SIZE = 1 << 20,  /* asked for; the system gives what it allows */
    START_MS_MAX = 10000, /* for a port to listen */
    STOP_MS_MAX = 3000    /* for a port to end by itself */
};

struct ports {
    size_t count;
    struct wlk_guard_port port[WLK_HUB_LISTENS_MAX];
};

static int complain(const struct wlk_fault *fault)
{
    char line[512];
    wlk_fault_line(fault, line, sizeof line);
    fprintf(stderr, "warnlink hub: %s\n", line);
    return 1;
}

/* In the child: nothing of the guard or of other nations stays open. */
static int become_port(const struct wlk_hub_listen *listen, const int end[WLK_LINK_CLASSES],
                       const struct ports *others, pid_t guard)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != guard)
        return 1;
    for (size_t i = 0; i < others->count; i++)
        for (size_t c = 0; c < WLK_LINK_CLASSES; c++)
            close(others->port[i].pipe[c]);
    signal(SIGINT, SIG_IGN); /* the guard says when */
    signal(SIGHUP, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    return wlk_port_run(listen, end);
}

static wlk_status fork_port(struct ports *ports, const struct wlk_hub_listen *listen,
                            struct wlk_fault *fault)
{
    int pair[2], end[WLK_LINK_CLASSES], size = PIPE_SIZE;
    struct wlk_guard_port *port = &ports->port[ports->count];
    for (size_t c = 0; c < WLK_LINK_CLASSES; c++) {
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair)) {
            wlk_fault_set(fault, "no pipe for a port", "%s", strerror(errno));
            return WLK_IO;
        }
        setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
        setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
        port->pipe[c] = pair[0];
        end[c] = pair[1];
    }
    ports->count++;
    pid_t guard = getpid();
    fflush(stdout);
    port->process = fork();
    if (port->process == 0)
        _exit(become_port(listen, end, ports, guard));
    for (size_t c = 0; c < WLK_LINK_CLASSES; c++)
        close(end[c]);
    if (port->process > 0)
        return WLK_OK;
    wlk_fault_set(fault, "no process for a port", "%s", strerror(errno));
    return WLK_IO;
}

/* The port's first message: it listens, or why not. */
static wlk_status await_port(const struct wlk_guard_port *port,
                             const struct wlk_hub_listen *listen, struct wlk_fault *fault)
{
    char message[600] = "";
    struct pollfd wait = {port->pipe[0], POLLIN, 0};
    ssize_t size = poll(&wait, 1, START_MS_MAX) == 1
                       ? recv(port->pipe[0], message, sizeof message - 1, 0) : -1;
    if (size >= 1 && message[0] == WLK_PORT_READY)
        return WLK_OK;
    wlk_fault_set(fault, "a port cannot be opened", "%s: %s", listen->nation.text,
                  size >= 1 ? message + 1 : "it ended without a word");
    return WLK_IO;
}

static wlk_status open_ports(const struct wlk_hub_config *config, struct ports *ports,
                             struct wlk_fault *fault)
{
    wlk_status status = WLK_OK;
    for (size_t i = 0; i < config->listen_count && status == WLK_OK; i++)
        status = fork_port(ports, &config->listen[i], fault);
    for (size_t i = 0; i < config->listen_count && status == WLK_OK; i++)
        status = await_port(&ports->port[i], &config->listen[i], fault);
    return status;
}

/* No process stays behind: closing the pipes ends the ports; what does not end is killed. */
static void close_ports(struct ports *ports)
{
    for (size_t i = 0; i < ports->count; i++)
        for (size_t c = 0; c < WLK_LINK_CLASSES; c++)
            close(ports->port[i].pipe[c]);
    for (size_t i = 0; i < ports->count; i++) {
        pid_t process = ports->port[i].process;
        pid_t ended = 0;
        for (int waited = 0; process > 0 && ended == 0 && waited < STOP_MS_MAX; waited += 10) {
            ended = waitpid(process, NULL, WNOHANG);
            if (ended == 0)
                poll(NULL, 0, 10);
        }
        if (process > 0 && ended == 0) {
            kill(process, SIGKILL);
            waitpid(process, NULL, 0);
        }
    }
}

static int open_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static int run(const char *path)
{
    static struct wlk_hub_config config; /* large */
    struct ports ports = {0};
    struct wlk_fault fault = {0};
    struct wlk_guard *guard = NULL;
    if (wlk_hub_config_read(path, &config, &fault) != WLK_OK)
        return complain(&fault);
    int signals = open_signals();
    wlk_status status = open_ports(&config, &ports, &fault);
    if (status == WLK_OK)
        status = wlk_guard_open(&config, ports.port, &guard, &fault);
    if (status == WLK_OK) {
        puts("ready");
        fflush(stdout);
        wlk_guard_run(guard, signals);
        wlk_guard_close(guard);
    }
    close_ports(&ports);
    close(signals);
    return status == WLK_OK ? 0 : complain(&fault);
}

int wlk_hub_main(int argc, char *argv[])
{
    enum { CONFIG, OPTION_COUNT };
    struct wlk_option option[OPTION_COUNT] = {
        [CONFIG] = {.name = "config", .kind = WLK_OPTION_TEXT, .value = "FILE",
                    .meaning = "hub.conf; see programs/hub_config.h", .text = "hub.conf"}};
    struct wlk_options options = {.program = "warnlink hub",
                                  .purpose = "the release guard between the nations",
                                  .option = option,
                                  .option_count = OPTION_COUNT};
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    return run(option[CONFIG].text);
}
