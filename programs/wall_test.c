/* wall_test.c -- what can a port do that was taken over, or a guard? Keeper, guard and ports
 * run as in life; only where the port of JP, or the guard, would go to work (wlk_port_run,
 * wlk_guard_run) stands a hostile one. It tries each thing behind both walls, behind each
 * alone, and behind none: there everything must succeed, or the attempt would prove nothing.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/tap.h"
#include "programs/guard.h"
#include "programs/hub_for_test.h"
#include "programs/port.h"
#include "programs/wall.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

/* What the test and the hostile port both see. */
struct shared {
    enum wlk_wall_kind kind;  /* of the hostile process */
    bool has_view, has_calls; /* its walls */
    bool is_view_whole;       /* as it can be here */
    size_t attempt;
    pid_t neighbour, other; /* guard (a port, for the guard) and the port of KR */
    volatile bool is_go, is_tried, is_through;
    volatile int error;
    char log[WLK_PATH_SIZE], key[WLK_PATH_SIZE], folder[WLK_PATH_SIZE];
    char other_port[8];
};

static struct shared *shared;
static struct wlk_setting setting;
static bool is_hostile;

/* ---- the attempts, in the hostile port: 0 or more when they get through ---- */

static int try_log(void)
{
    return open(shared->log, O_RDONLY);
}

static int try_log_write(void)
{
    return open(shared->log, O_WRONLY);
}

static int try_key(void)
{
    return open(shared->key, O_RDONLY);
}

static int try_folder(void)
{
    return open(shared->folder, O_RDONLY | O_DIRECTORY);
}

static int try_memory(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", (int)shared->neighbour);
    return open(path, O_RDWR);
}

static int try_read_memory(void)
{
    char byte;
    /* forked from one program: what lies here lies there at the same place */
    struct iovec here = {&byte, 1}, there = {&setting, 1};
    return (int)process_vm_readv(shared->neighbour, &here, 1, &there, 1, 0);
}

static int try_trace(void)
{
    return (int)ptrace(PTRACE_SEIZE, shared->neighbour, NULL, NULL);
}

static int try_signal_neighbour(void)
{
    return kill(shared->neighbour, 0);
}

static int try_signal_port(void)
{
    return kill(shared->other, 0);
}

static int try_signal_keeper(void)
{
    return kill(getppid(), 0);
}

static int try_connect(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_addr = {htonl(INADDR_LOOPBACK)},
                             .sin_port =
                                 htons((uint16_t)strtoul(shared->other_port, NULL, 10))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&to, sizeof to);
}

static int try_interfaces(void)
{
    struct sockaddr_in any = {
        .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_port = htons(9)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    return fd < 0 ? -1 : (int)sendto(fd, "", 1, 0, (struct sockaddr *)&any, sizeof any);
}

static int try_fork(void)
{
    int child = (int)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0)
        _exit(0);
    return child;
}

static int try_code(void)
{
    void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                    -1, 0);
    return at == MAP_FAILED ? -1 : 0;
}

static int try_root(void)
{
    return setuid(0);
}

static int try_execute(void)
{
    char name[] = "true", *arguments[] = {name, NULL};
    int found = access("/bin/true", X_OK); /* exec itself would not come back to say */
    if (found == 0 && !shared->has_calls)
        return 0;
    return execv("/bin/true", arguments);
}

/* Whether a wall alone stops it: for a port the list of calls stops each of them; a guard may
 * open files, so that only its view keeps it in its folder. */
static const struct {
    const char *what;
    int (*attempt)(void);
    bool by_view, by_guard_calls, by_guard_view;
} attempts[] = {{"open the log", try_log, true, false, false}, /* the guard's own */
                {"open the log to write", try_log_write, true, false, false},
                {"open the key of a port", try_key, true, false, true},
                {"open the folder of a nation", try_folder, true, false, true},
                {"open a neighbour's memory", try_memory, true, false, true},
                {"read a neighbour's memory", try_read_memory, true, true, false},
                {"trace a neighbour", try_trace, true, true, false},
                {"signal a neighbour", try_signal_neighbour, true, true, false},
                {"signal a port", try_signal_port, true, true, true},
                {"signal the keeper", try_signal_keeper, true, true, true},
                {"connect to a port", try_connect, true, true, true},
                {"send on the network", try_interfaces, true, true, true},
                {"fork", try_fork, true, true, false},
                {"make memory that runs", try_code, false, true, false},
                {"become root", try_root, true, true, true},
                {"execute a program", try_execute, true, true, true}};
enum { ATTEMPTS = sizeof attempts / sizeof attempts[0] };

/* Root in a container may be unable to make namespaces: then the view is not whole. */
static bool has_namespaces(void)
{
    int code = 1;
    pid_t child = fork();
    if (child == 0)
        _exit(geteuid() != 0 || unshare(CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS) != 0);
    if (child < 0 || waitpid(child, &code, 0) != child)
        return false;
    return WIFEXITED(code) && WEXITSTATUS(code) == 0;
}

static bool is_stopped(size_t which, bool by_view, bool by_calls)
{
    by_view = by_view && shared->is_view_whole;
    if (shared->kind == WLK_WALL_PORT)
        return by_calls || (by_view && attempts[which].by_view);
    return (by_calls && attempts[which].by_guard_calls) ||
           (by_view && attempts[which].by_guard_view);
}

/* ---- between keeper and port, by the linker (--wrap) ---- */

void __wrap_wlk_guard_run(struct wlk_guard *guard, int signals);
void __real_wlk_guard_run(struct wlk_guard *guard, int signals);
int __wrap_wlk_port_run(struct wlk_port *port);
int __real_wlk_port_run(struct wlk_port *port);
wlk_status __wrap_wlk_wall_view(enum wlk_wall_kind kind, const char *folder, uid_t user,
                                struct wlk_fault *fault);
wlk_status __real_wlk_wall_view(enum wlk_wall_kind kind, const char *folder, uid_t user,
                                struct wlk_fault *fault);
wlk_status __wrap_wlk_wall_calls(enum wlk_wall_kind kind, struct wlk_fault *fault);
wlk_status __real_wlk_wall_calls(enum wlk_wall_kind kind, struct wlk_fault *fault);

wlk_status __wrap_wlk_wall_view(enum wlk_wall_kind kind, const char *folder, uid_t user,
                                struct wlk_fault *fault)
{
    is_hostile = kind == shared->kind && (kind == WLK_WALL_GUARD || user == WLK_WALL_USERS);
    if (is_hostile && !shared->has_view && kind == WLK_WALL_GUARD)
        return chdir(folder) ? WLK_IO : WLK_OK;
    if (is_hostile && !shared->has_view)
        return WLK_OK;
    return __real_wlk_wall_view(kind, folder, user, fault);
}

wlk_status __wrap_wlk_wall_calls(enum wlk_wall_kind kind, struct wlk_fault *fault)
{
    if (is_hostile && !shared->has_calls)
        return WLK_OK;
    return __real_wlk_wall_calls(kind, fault);
}

static void attack(void)
{
    if (!is_hostile || shared->is_tried)
        return;
    while (!shared->is_go)
        poll(NULL, 0, 1);
    shared->is_tried = true; /* it may not live to say more */
    errno = 0;
    int result = attempts[shared->attempt].attempt();
    shared->error = errno;
    shared->is_through = result >= 0;
}

int __wrap_wlk_port_run(struct wlk_port *port)
{
    attack();
    return __real_wlk_port_run(port);
}

void __wrap_wlk_guard_run(struct wlk_guard *guard, int signals)
{
    attack();
    __real_wlk_guard_run(guard, signals);
}

/* ---- the hub as a child ---- */

/* One attempt in a fresh hub. True: it was made. is_killed: it cost the process its life. */
static bool attempt(size_t which, bool has_view, bool has_calls, bool *is_killed)
{
    enum { GUARD = WLK_SETTING_NATIONS, COUNT };
    pid_t child[COUNT], now[COUNT];
    shared->has_view = has_view;
    shared->has_calls = has_calls;
    shared->attempt = which;
    shared->is_go = shared->is_tried = shared->is_through = false;
    shared->error = 0;
    bool is_ready;
    pid_t hub = hub_start(&setting, "/dev/null", &is_ready);
    if (!is_ready || hub_children(hub, child, COUNT) != COUNT)
        return false;
    shared->other = child[1];
    shared->neighbour = child[shared->kind == WLK_WALL_GUARD ? 0 : GUARD];
    shared->is_go = true;
    size_t hostile = shared->kind == WLK_WALL_GUARD ? GUARD : 0;
    for (int i = 0; i < 500 && !shared->is_through && !shared->error; i++) {
        poll(NULL, 0, 2);
        size_t count = hub_children(hub, now, COUNT);
        if (shared->is_tried && (count < COUNT || now[hostile] != child[hostile]))
            break; /* dead, or already the next one */
    }
    *is_killed = !shared->is_through && !shared->error;
    kill(hub, SIGTERM);
    waitpid(hub, NULL, 0);
    return shared->is_tried;
}

static void test_walls(bool has_view, bool has_calls, const char *walls)
{
    const char *who = shared->kind == WLK_WALL_GUARD ? "the guard" : "a port";
    for (size_t i = 0; i < ATTEMPTS; i++) {
        bool is_killed = false, is_open = !has_view && !has_calls;
        if (is_stopped(i, has_view, has_calls) == is_open)
            continue; /* not this wall's business */
        bool is_made = attempt(i, has_view, has_calls, &is_killed);
        if (is_open)
            wlk_check(is_made && shared->is_through, "behind none %s can %s", who,
                      attempts[i].what);
        else
            wlk_check(is_made && !shared->is_through, "behind %s %s cannot %s: %s", walls, who,
                      attempts[i].what, is_killed ? "killed" : strerror(shared->error));
    }
}

static void test_kind(enum wlk_wall_kind kind)
{
    shared->kind = kind;
    test_walls(true, true, "both walls");
    test_walls(false, true, "the list of calls alone");
    if (shared->is_view_whole) {
        test_walls(true, false, "the view alone");
        test_walls(false, false, "none");
    } else {
        wlk_skip("not root, or no namespaces: neither the view nor that the attempts are real");
    }
}

int main(void)
{
    char folder[] = "/tmp/wlk-wall-XXXXXX";
    struct wlk_fault fault = {0};
    struct wlk_setting_order order = {.folder = folder, .clock = wlk_clock_life()};
    shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED || !mkdtemp(folder) || wlk_seal_init() != WLK_OK)
        return 1;
    shared->is_view_whole = has_namespaces();
    if (wlk_check(wlk_setting_make(&order, &setting, &fault) == WLK_OK, "a coalition to try")) {
        snprintf(shared->log, sizeof shared->log, "%.400s/journal.db", setting.hub_folder);
        snprintf(shared->key, sizeof shared->key, "%.400s/hub.key", setting.folder[1]);
        snprintf(shared->folder, sizeof shared->folder, "%s", setting.folder[1]);
        snprintf(shared->other_port, sizeof shared->other_port, "%s", setting.link_port[1]);
        bool is_lent = false; /* to an outgoing connection, while the hub is down */
        for (size_t i = 0; i < WLK_SETTING_NATIONS; i++)
            is_lent |= strtoul(setting.link_port[i], NULL, 10) >= 32768 ||
                       strcmp(setting.link_port[i], setting.link_port[(i + 1) % 3]) == 0;
        wlk_check(!is_lent, "its links have ports of their own that the system does not lend");
        test_kind(WLK_WALL_PORT);
        test_kind(WLK_WALL_GUARD);
    }
    wlk_setting_remove(folder);
    return wlk_tap_done();
}
