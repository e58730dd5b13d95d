/* hub_main.c -- `warnlink hub`: starts the guard and one port per nation, each behind its
 * walls, and starts again what dies.
 *
 *     keeper (this process: no key, no journal, no network)
 *       |-- guard     keys, journal, decision logs; no socket but the pipes
 *       |-- port JP   one listener; no file, no way to the others
 *       `-- port KR   ...
 *
 * The keeper holds the ports' ends of the pipes, so that a port that was started again goes on
 * with them; sessions tell its connections from those of the one that died.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "exchange/certificates.h"
#include "programs/guard.h"
#include "programs/mains.h"
#include "programs/options.h"
#include "programs/pulse.h"
#include "programs/wall.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    PIPE_SIZE = 1 << 20,  /* asked for; the system gives what it allows */
    START_MS_MAX = 10000, /* for a port to listen */
    STOP_MS_MAX = 3000,   /* for a process to end by itself */
    LOOKS_MAX = 10        /* at a port that does nothing; then it is killed */
};
static const int64_t LOOK_NS = 500000000; /* a port waits at least as often */
/* What dies is started again after 0.1 s, then 0.2, 0.4 ... 10 s; what lived for a minute
 * starts at 0.1 s again. */
static const int64_t WAIT_NS_MIN = 100000000, WAIT_NS_MAX = 10000000000;
static const int64_t SOUND_NS = 60000000000;

/* A process that the keeper keeps. */
struct kept {
    pid_t process; /* 0: none now */
    wlk_mono started, due;
    int64_t wait_ns;
};

struct port {
    struct kept kept;
    uint32_t starts;
    unsigned looks;
    uint64_t pulse; /* programs/pulse.h */
    int near[WLK_LINK_CLASSES], far[WLK_LINK_CLASSES]; /* guard's end (until it has it), ours */
};

struct hub {
    struct wlk_hub_config config;
    pid_t keeper;
    uid_t guard_user;
    sigset_t signals;
    struct kept guard;
    wlk_mono look_at;
    struct port port[WLK_HUB_LISTENS_MAX];
};

static int complain(const struct wlk_fault *fault)
{
    char line[512];
    wlk_fault_line(fault, line, sizeof line);
    fprintf(stderr, "warnlink hub: %s\n", line);
    return 1;
}

/* ---- in a child ---- */

static void close_ends(struct hub *hub, bool is_near, const struct port *but)
{
    for (size_t i = 0; i < hub->config.listen_count; i++)
        for (size_t c = 0; c < WLK_LINK_CLASSES; c++) {
            int *end = is_near ? &hub->port[i].near[c] : &hub->port[i].far[c];
            if (&hub->port[i] == but || *end < 0)
                continue;
            close(*end);
            *end = -1;
        }
}

/* No terminal, no input; the parent's death is ours. False: it is dead already. */
static bool settle(const struct hub *hub)
{
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing >= 0) {
        dup2(nothing, STDIN_FILENO);
        close(nothing);
    }
    signal(SIGINT, SIG_IGN); /* the keeper says when */
    signal(SIGHUP, SIG_IGN);
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == hub->keeper;
}

static int become_port(struct hub *hub, struct port *port, const struct wlk_hub_listen *listen)
{
    struct wlk_fault fault = {0};
    struct wlk_port *opened = NULL;
    uid_t user = hub->config.users + (uid_t)(port - hub->port);
    sigprocmask(SIG_UNBLOCK, &hub->signals, NULL);
    close_ends(hub, true, NULL);
    close_ends(hub, false, port);
    if (!settle(hub))
        return 1;
    dup2(STDIN_FILENO, STDOUT_FILENO);
    wlk_status status = wlk_wall_network(listen->network, &fault);
    if (status == WLK_OK)
        status = wlk_port_open(listen, port->far, port->starts << 16, &opened, &fault);
    if (status == WLK_OK)
        status = wlk_wall_view(WLK_WALL_PORT, NULL, user, &fault);
    if (status == WLK_OK && !settle(hub)) /* the view took the wish away */
        return 1;
    if (status == WLK_OK)
        status = wlk_wall_calls(WLK_WALL_PORT, &fault);
    if (opened)
        wlk_port_say(opened, status == WLK_OK ? NULL : &fault);
    return status == WLK_OK ? wlk_port_run(opened) : 1;
}

/* Paths relative to the hub's folder (hub_config.c holds that they lie below it). */
static void see_from_folder(struct wlk_hub_config *config)
{
    size_t cut = strlen(config->folder) + 1;
    char *const path[] = {config->record_key, config->roots, config->statements,
                          config->journal};
    for (size_t i = 0; i < sizeof path / sizeof path[0]; i++)
        if (path[i][0])
            memmove(path[i], path[i] + cut, strlen(path[i]) - cut + 1);
}

static int become_guard(struct hub *hub)
{
    struct wlk_fault fault = {0};
    struct wlk_guard *guard = NULL;
    struct wlk_guard_port port[WLK_HUB_LISTENS_MAX] = {{{0}}};
    close_ends(hub, false, NULL);
    if (!settle(hub))
        return 1;
    for (size_t i = 0; i < hub->config.listen_count; i++)
        memcpy(port[i].pipe, hub->port[i].near, sizeof port[i].pipe);
    sigdelset(&hub->signals, SIGCHLD);
    int signals = signalfd(-1, &hub->signals, SFD_NONBLOCK | SFD_CLOEXEC);
    wlk_status status =
        wlk_wall_view(WLK_WALL_GUARD, hub->config.folder, hub->guard_user, &fault);
    if (status == WLK_OK && !settle(hub))
        return 1;
    see_from_folder(&hub->config);
    if (status == WLK_OK)
        status = wlk_guard_open(&hub->config, port, &guard, &fault);
    if (status == WLK_OK)
        status = wlk_wall_calls(WLK_WALL_GUARD, &fault);
    if (status != WLK_OK)
        return complain(&fault);
    puts("ready");
    fflush(stdout);
    wlk_guard_run(guard, signals);
    wlk_guard_close(guard);
    return 0;
}

/* ---- starting ---- */

static wlk_status open_pipes(struct port *port, struct wlk_fault *fault)
{
    int pair[2], size = PIPE_SIZE;
    for (size_t c = 0; c < WLK_LINK_CLASSES; c++) {
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair)) {
            wlk_fault_set(fault, "no pipe for a port", "%s", strerror(errno));
            return WLK_IO;
        }
        setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
        setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
        port->near[c] = pair[0];
        port->far[c] = pair[1];
    }
    return WLK_OK;
}

/* True in the child. */
static bool begin(struct kept *kept)
{
    fflush(stdout);
    kept->started = wlk_clock_mono();
    pid_t process = fork();
    kept->process = process > 0 ? process : 0;
    return process == 0;
}

static void start_port(struct hub *hub, struct port *port)
{
    port->starts++;
    if (begin(&port->kept))
        _exit(become_port(hub, port, &hub->config.listen[port - hub->port]));
}

/* The port's first message: it listens, or why not. */
static wlk_status await_port(const struct port *port, wlk_name nation, struct wlk_fault *fault)
{
    char message[600] = "";
    struct pollfd wait = {port->near[0], POLLIN, 0};
    ssize_t size = poll(&wait, 1, START_MS_MAX) == 1
                       ? recv(port->near[0], message, sizeof message - 1, 0)
                       : -1;
    if (size >= 1 && message[0] == WLK_PORT_READY)
        return WLK_OK;
    wlk_fault_set(fault, "a port cannot be opened", "%s: %s", nation.text,
                  size >= 1 ? message + 1 : "it ended without a word");
    return WLK_IO;
}

static wlk_status start_all(struct hub *hub, struct wlk_fault *fault)
{
    size_t count = hub->config.listen_count;
    for (size_t i = 0; i < count; i++)
        WLK_TRY(open_pipes(&hub->port[i], fault));
    for (size_t i = 0; i < count; i++)
        start_port(hub, &hub->port[i]);
    for (size_t i = 0; i < count; i++)
        WLK_TRY(await_port(&hub->port[i], hub->config.listen[i].nation, fault));
    if (begin(&hub->guard))
        _exit(become_guard(hub));
    close_ends(hub, true, NULL);
    return WLK_OK;
}

/* ---- ending ---- */

/* Its exit code, or 128 + signal; killed when it does not end by itself. */
static int await_end(struct kept *kept)
{
    int code = 0;
    pid_t ended = 0;
    for (int waited = 0; kept->process && !ended && waited < STOP_MS_MAX; waited += 10) {
        ended = waitpid(kept->process, &code, WNOHANG);
        if (!ended)
            poll(NULL, 0, 10);
    }
    if (kept->process && !ended) {
        kill(kept->process, SIGKILL);
        waitpid(kept->process, &code, 0);
    }
    kept->process = 0;
    return WIFSIGNALED(code) ? 128 + WTERMSIG(code) : WEXITSTATUS(code);
}

/* Closing the pipes ends the ports; no process stays behind. */
static int stop_all(struct hub *hub)
{
    if (hub->guard.process)
        kill(hub->guard.process, SIGTERM);
    int code = await_end(&hub->guard);
    close_ends(hub, true, NULL);
    for (size_t i = 0; i < hub->config.listen_count; i++)
        (void)await_end(&hub->port[i].kept);
    close_ends(hub, false, NULL);
    return code;
}

/* ---- keeping ---- */

static void mourn(struct kept *kept, const char *what, const char *of, int code)
{
    wlk_mono now = wlk_clock_mono();
    kept->process = 0;
    kept->wait_ns = now.ns - kept->started.ns > SOUND_NS || !kept->wait_ns ? WAIT_NS_MIN
                    : kept->wait_ns * 2 < WAIT_NS_MAX                      ? kept->wait_ns * 2
                                                                           : WAIT_NS_MAX;
    kept->due.ns = now.ns + kept->wait_ns;
    if (WIFEXITED(code) && WEXITSTATUS(code) == 0)
        return; /* a port whose guard is gone: that is what will be said */
    const char *how = WIFEXITED(code)            ? "it said why"
                      : WTERMSIG(code) == SIGSYS ? "killed: it tried a forbidden system call"
                                                 : strsignal(WTERMSIG(code));
    fprintf(stderr, "warnlink hub: the %s%s ended (%s); another starts in %.1f s\n", what, of,
            how, (double)kept->wait_ns * 1e-9);
}

/* The guard is told that the connections of a dead port are gone. */
static void take_port_end(struct hub *hub, struct port *port, int code)
{
    static const uint8_t down = WLK_PORT_DOWN;
    mourn(&port->kept, "port of ", hub->config.listen[port - hub->port].nation.text, code);
    for (size_t c = 0; c < WLK_LINK_CLASSES; c++)
        (void)!send(port->far[c], &down, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* False: the guard ended by its own will, with that code. */
static bool take_end(struct hub *hub, pid_t process, int code, int *guard_code)
{
    for (size_t i = 0; i < hub->config.listen_count; i++)
        if (hub->port[i].kept.process == process)
            take_port_end(hub, &hub->port[i], code);
    if (hub->guard.process != process)
        return true;
    *guard_code = WIFEXITED(code) ? WEXITSTATUS(code) : 0;
    if (WIFSIGNALED(code))
        mourn(&hub->guard, "guard", "", code);
    hub->guard.process = 0;
    (void)stop_all(hub);
    return WIFSIGNALED(code);
}

static wlk_status start_due(struct hub *hub, struct wlk_fault *fault)
{
    wlk_mono now = wlk_clock_mono();
    if (!hub->guard.process)
        return now.ns >= hub->guard.due.ns ? start_all(hub, fault) : WLK_OK;
    for (size_t i = 0; i < hub->config.listen_count; i++)
        if (!hub->port[i].kept.process && now.ns >= hub->port[i].kept.due.ns)
            start_port(hub, &hub->port[i]);
    return WLK_OK;
}

/* A port that lives and does nothing, look after look, is killed: start_due brings another. The
 * guard is not judged so: under more load than it can take it never waits. */
static void end_hung(struct hub *hub)
{
    wlk_mono now = wlk_clock_mono();
    if (now.ns < hub->look_at.ns)
        return;
    hub->look_at.ns = now.ns + LOOK_NS;
    for (size_t i = 0; i < hub->config.listen_count; i++) {
        struct port *port = &hub->port[i];
        uint64_t pulse = wlk_pulse(port->kept.process);
        port->looks = pulse && pulse == port->pulse ? port->looks + 1 : 0;
        port->pulse = pulse;
        if (port->looks >= LOOKS_MAX && kill(port->kept.process, SIGKILL) == 0)
            fprintf(stderr, "warnlink hub: the port of %s lives and does nothing: killed\n",
                    hub->config.listen[i].nation.text);
    }
}

/* Until told to stop, or until the guard gives up. */
static int keep(struct hub *hub)
{
    static const struct timespec turn = {0, 50000000};
    struct wlk_fault fault = {0};
    for (;;) {
        int code, signal = sigtimedwait(&hub->signals, NULL, &turn);
        if (signal == SIGTERM || signal == SIGINT)
            return stop_all(hub);
        for (pid_t process; (process = waitpid(-1, &code, WNOHANG)) > 0;)
            if (!take_end(hub, process, code, &code))
                return code;
        end_hung(hub);
        if (start_due(hub, &fault) != WLK_OK) {
            (void)stop_all(hub);
            return complain(&fault);
        }
    }
}

/* Two ports with one CA or one key would be one wall less: by content, whatever the names. */
static wlk_status check_apart(const struct wlk_hub_config *config, struct wlk_fault *fault)
{
    wlk_digest pin[2 * WLK_HUB_LISTENS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < config->listen_count; i++) {
        const struct wlk_endpoint *at = &config->listen[i].at;
        WLK_TRY(wlk_certificate_pin(at->authority, &pin[count++], fault));
        WLK_TRY(wlk_certificate_pin(at->certificate, &pin[count++], fault));
        for (size_t k = 0; k + 2 < count; k++)
            if (wlk_digest_equal(&pin[k], &pin[count - 2]) ||
                wlk_digest_equal(&pin[k], &pin[count - 1])) {
                wlk_fault_set(fault, "two nations never share a CA or a key", "%s and %s",
                              config->listen[k / 2].nation.text, config->listen[i].nation.text);
                return WLK_BAD_INPUT;
            }
    }
    return WLK_OK;
}

static int run(const char *path)
{
    static struct hub hub; /* large */
    struct wlk_fault fault = {0};
    struct stat folder;
    if (wlk_hub_config_read(path, &hub.config, &fault) != WLK_OK ||
        check_apart(&hub.config, &fault) != WLK_OK)
        return complain(&fault);
    close_range(3, ~0u, 0); /* what whoever started us left open is not ours */
    hub.keeper = getpid();
    hub.guard_user = stat(hub.config.folder, &folder) ? getuid() : folder.st_uid;
    sigemptyset(&hub.signals);
    sigaddset(&hub.signals, SIGINT);
    sigaddset(&hub.signals, SIGTERM);
    sigaddset(&hub.signals, SIGHUP);
    sigaddset(&hub.signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &hub.signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    memset(hub.port, -1, sizeof hub.port);
    for (size_t i = 0; i < hub.config.listen_count; i++) {
        hub.port[i].kept = (struct kept){0};
        hub.port[i].starts = hub.port[i].looks = 0;
    }
    return keep(&hub);
}

int wlk_hub_main(int argc, char *argv[])
{
    enum { CONFIG, OPTION_COUNT };
    struct wlk_option option[OPTION_COUNT] = {
        [CONFIG] = {.name = "config",
                    .kind = WLK_OPTION_TEXT,
                    .value = "FILE",
                    .meaning = "hub.conf; see programs/hub_config.h",
                    .text = "hub.conf"}};
    struct wlk_options options = {.program = "warnlink hub",
                                  .purpose = "the release guard between the nations",
                                  .option = option,
                                  .option_count = OPTION_COUNT};
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    return run(option[CONFIG].text);
}
