/* guard.c -- moves frames between the ports' pipes and the hub, right after each event.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/guard.h"

#include "base/assert.h"
#include "exchange/journal.h"
#include "programs/hub.h"
#include "programs/keyfile.h"
#include "programs/statements.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PIPES_MAX = WLK_HUB_LISTENS_MAX * WLK_LINK_CLASSES,
    TICK_NS = 50000000,
    SCAN_NS = 500000000, /* how often the folder of statements is looked at */
    SHOWN_MAX = 400,     /* bytes of what a port says */
    MESSAGES_A_TURN = 8  /* of one warning pipe; of another one, since warnings go first */
};

static const int64_t AGAIN_NS = INT64_C(60000000000);

/* What a person was told last, and until when not again. */
struct told {
    uint64_t count;
    wlk_mono again;
};

struct pipe_end {
    int fd; /* -1: its port has ended */
    size_t nation;
    enum wlk_class link;
    uint32_t session;
    bool is_up;
    wlk_digest peer_key; /* of the certificate that the nation showed */
    size_t waiting;      /* bytes of out[] that found no room; 0 for none */
    uint8_t out[WLK_PORT_MESSAGE_MAX];
};

struct wlk_guard {
    struct wlk_hub_config config;
    struct wlk_secret_key key;
    struct wlk_roots roots;
    struct wlk_journal *journal;
    struct wlk_hub *hub;
    struct wlk_statements statements;
    struct wlk_statement statement;
    size_t pipe_count;
    struct pipe_end pipe[PIPES_MAX]; /* warnings of all nations first, then the next class */
    wlk_mono tick_at, scan_at;
    struct told disagreed, other_nature;
    uint64_t unpinned; /* connections refused for the key of their certificate */
    bool is_stopping;
    uint8_t in[WLK_PORT_MESSAGE_MAX];
};

static void draw_salt(void *context, uint8_t salt[WLK_SALT_SIZE])
{
    (void)context;
    wlk_random_secure(salt, WLK_SALT_SIZE);
}

static struct wlk_moment moment(const struct wlk_guard *guard)
{
    return (struct wlk_moment){wlk_clock_scenario(&guard->config.clock, wlk_clock_wall()),
                               wlk_clock_mono()};
}

/* ---- opening ---- */

static wlk_status open_hub(struct wlk_guard *guard, struct wlk_fault *fault)
{
    const struct wlk_hub_config *config = &guard->config;
    struct wlk_hub_options options = {.name = config->name,
                                      .key = &guard->key,
                                      .key_nature = config->nature,
                                      .salts = {draw_salt, NULL},
                                      .roots = &guard->roots,
                                      .kept_ns = config->kept_ns,
                                      .now = moment(guard)};
    WLK_TRY(wlk_seal_init());
    WLK_TRY(wlk_keyfile_roots(config->roots, &guard->roots, fault));
    WLK_TRY(wlk_keyfile_read(config->record_key, &guard->key, fault));
    WLK_TRY(wlk_journal_open(config->journal, config->name, &guard->journal, fault));
    options.journal = guard->journal;
    return wlk_hub_open(&options, &guard->hub, fault);
}

wlk_status wlk_guard_open(const struct wlk_hub_config *config,
                          const struct wlk_guard_port port[WLK_HUB_LISTENS_MAX],
                          struct wlk_guard **out, struct wlk_fault *fault)
{
    struct wlk_guard *guard = calloc(1, sizeof *guard);
    if (!guard)
        return WLK_IO;
    guard->config = *config;
    for (size_t c = 0; c < WLK_LINK_CLASSES; c++)
        for (size_t i = 0; i < config->listen_count; i++) {
            struct pipe_end *end = &guard->pipe[guard->pipe_count++];
            end->fd = port[i].pipe[c];
            end->nation = i;
            end->link = wlk_post_classes[c];
        }
    wlk_status status = open_hub(guard, fault);
    if (status != WLK_OK) {
        wlk_guard_close(guard);
        return status;
    }
    *out = guard;
    return WLK_OK;
}

void wlk_guard_close(struct wlk_guard *guard)
{
    if (!guard)
        return;
    wlk_hub_close(guard->hub);
    wlk_journal_close(guard->journal);
    wlk_key_wipe(&guard->key);
    free(guard);
}

/* ---- frames in ---- */

static wlk_name name_of(const struct wlk_guard *guard, const struct pipe_end *end)
{
    return guard->config.listen[end->nation].nation;
}

static void go_down(struct wlk_guard *guard, struct pipe_end *end)
{
    if (end->is_up)
        wlk_hub_disconnected(guard->hub, name_of(guard, end), end->link, moment(guard));
    end->is_up = false;
    end->waiting = 0;
}

static void put_head(struct pipe_end *end, enum wlk_port_message kind)
{
    end->out[0] = (uint8_t)kind;
    wlk_port_put_session(end->out, end->session);
}

/* Sends what waits in out[]; false: no room yet. */
static bool push(struct wlk_guard *guard, struct pipe_end *end)
{
    if (send(end->fd, end->out, end->waiting, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
        end->waiting = 0;
        return true;
    }
    if (errno != EAGAIN && errno != EINTR)
        go_down(guard, end); /* its end of the pipe says so too */
    return false;
}

static void cut(struct wlk_guard *guard, struct pipe_end *end)
{
    go_down(guard, end);
    put_head(end, WLK_PORT_CUT);
    end->waiting = 5;
    (void)push(guard, end);
}

/* Words of a port, for a person; whatever they are, they do no harm to a terminal. */
static void show(struct wlk_guard *guard, const struct pipe_end *end, size_t size)
{
    for (size_t i = 1; i < size; i++)
        guard->in[i] = guard->in[i] < ' ' || guard->in[i] > '~' ? '?' : guard->in[i];
    fprintf(stderr, "warnlink hub: the port of %s %.*s\n", name_of(guard, end).text,
            (int)(size < SHOWN_MAX ? size - 1 : SHOWN_MAX), (const char *)guard->in + 1);
}

/* "the certificate's key hash is pinned in the arrangement" (DESIGN.md 3). Asked when a
 * connection comes, and once more when arrangements may have changed. */
static bool is_admitted(struct wlk_guard *guard, struct pipe_end *end)
{
    wlk_name name = name_of(guard, end);
    if (wlk_force_admits(wlk_hub_force(guard->hub), name, &end->peer_key, moment(guard).utc))
        return true;
    guard->unpinned++;
    if (end->link == WLK_CLASS_WARN)
        fprintf(stderr,
                "warnlink hub: %s refused: no arrangement in force pins the key of its "
                "certificate (%" PRIu64 " connections so far)\n",
                name.text, guard->unpinned);
    cut(guard, end);
    return false;
}

static void come_up(struct wlk_guard *guard, struct pipe_end *end)
{
    go_down(guard, end);
    end->session = wlk_port_session(guard->in);
    memcpy(end->peer_key.bytes, guard->in + 5, sizeof end->peer_key.bytes);
    if (!is_admitted(guard, end))
        return;
    end->is_up = true;
    wlk_hub_connected(guard->hub, name_of(guard, end), end->link, moment(guard));
}

static void take(struct wlk_guard *guard, struct pipe_end *end, size_t size)
{
    const uint8_t *in = guard->in;
    switch (in[0]) {
    case WLK_PORT_UP:
        if (size == 5 + sizeof end->peer_key.bytes)
            come_up(guard, end);
        return;
    case WLK_PORT_DOWN:
        go_down(guard, end);
        return;
    case WLK_PORT_FRAME:
        if (end->is_up && wlk_hub_frame(guard->hub, name_of(guard, end), end->link, in + 1,
                                        size - 1, moment(guard)) != WLK_OK)
            cut(guard, end);
        return;
    case WLK_PORT_FAILED:
    case WLK_PORT_REFUSED:
        show(guard, end, size);
        return;
    default:
        return; /* a port that talks nonsense is not heard */
    }
}

/* Sends what there is, warnings of all nations first. */
static void send_out(struct wlk_guard *guard)
{
    const uint8_t *bytes;
    size_t size;
    for (size_t i = 0; i < guard->pipe_count; i++) {
        struct pipe_end *end = &guard->pipe[i];
        if (end->waiting && !push(guard, end))
            continue;
        while (end->is_up && !end->waiting &&
               wlk_hub_outgoing(guard->hub, name_of(guard, end), end->link, moment(guard),
                                &bytes, &size)) {
            put_head(end, WLK_PORT_FRAME);
            memcpy(end->out + 5, bytes, size);
            end->waiting = 5 + size;
            (void)push(guard, end);
        }
    }
}

static void receive(struct wlk_guard *guard, struct pipe_end *end)
{
    int most = end->link == WLK_CLASS_WARN ? MESSAGES_A_TURN : 1;
    for (int i = 0; i < most && end->fd >= 0; i++) {
        ssize_t size = recv(end->fd, guard->in, sizeof guard->in, MSG_DONTWAIT);
        if (size < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (size < 0) {
            go_down(guard, end);
            end->fd = -1;
            return;
        }
        if (size > 0)
            take(guard, end, (size_t)size);
        send_out(guard);
    }
}

/* ---- time ---- */

static void scan_statements(struct wlk_guard *guard)
{
    struct wlk_fault fault = {0};
    struct wlk_statement *statement = &guard->statement;
    if (!guard->config.statements[0])
        return;
    while (wlk_statements_next(&guard->statements, guard->config.statements, statement)) {
        wlk_status status = wlk_hub_statement(guard->hub, statement->kind, statement->bytes,
                                              statement->size, moment(guard), &fault);
        wlk_statements_complain("hub", statement, status, &fault);
    }
}

/* Something that somebody should know of has happened more often than was told. */
static void tell_count(struct wlk_guard *guard, struct told *told, uint64_t count,
                       const char *words)
{
    if (count == told->count || guard->tick_at.ns < told->again.ns)
        return;
    *told = (struct told){count, {guard->tick_at.ns + AGAIN_NS}};
    fprintf(stderr, "warnlink hub: %s, %" PRIu64 " so far\n", words, count);
}

static void tick(struct wlk_guard *guard)
{
    wlk_mono now = wlk_clock_mono();
    if (now.ns >= guard->scan_at.ns) {
        guard->scan_at.ns = now.ns + SCAN_NS;
        scan_statements(guard);
        for (size_t i = 0; i < guard->pipe_count; i++)
            if (guard->pipe[i].is_up)
                (void)is_admitted(guard, &guard->pipe[i]);
        send_out(guard);
    }
    if (now.ns < guard->tick_at.ns)
        return;
    guard->tick_at.ns = now.ns + TICK_NS;
    wlk_hub_tick(guard->hub, moment(guard));
    tell_count(guard, &guard->disagreed, wlk_hub_count(guard->hub)->disagreed,
               "ALARM: two verifiers disagree about signatures");
    tell_count(guard, &guard->other_nature, wlk_hub_count(guard->hub)->other_nature,
               "records of another nature come in; none is looked at");
    send_out(guard);
}

static void take_signal(struct wlk_guard *guard, int signals)
{
    struct signalfd_siginfo signal;
    while (read(signals, &signal, sizeof signal) == (ssize_t)sizeof signal)
        guard->is_stopping = guard->is_stopping || signal.ssi_signo != SIGHUP;
}

void wlk_guard_run(struct wlk_guard *guard, int signals)
{
    struct pollfd wait[1 + PIPES_MAX];
    scan_statements(guard);
    while (!guard->is_stopping) {
        wait[0] = (struct pollfd){signals, POLLIN, 0};
        for (size_t i = 0; i < guard->pipe_count; i++)
            wait[1 + i] = (struct pollfd){
                guard->pipe[i].fd, (short)(POLLIN | (guard->pipe[i].waiting ? POLLOUT : 0)), 0};
        int64_t wait_ns = guard->tick_at.ns - wlk_clock_mono().ns;
        poll(wait, 1 + (nfds_t)guard->pipe_count,
             wait_ns <= 0 ? 0 : (int)(wait_ns / 1000000) + 1);
        if (wait[0].revents)
            take_signal(guard, signals);
        for (size_t i = 0; i < guard->pipe_count; i++) {
            if (wait[1 + i].revents & POLLOUT)
                send_out(guard);
            if (wait[1 + i].revents & (POLLIN | POLLHUP | POLLERR) && guard->pipe[i].fd >= 0)
                receive(guard, &guard->pipe[i]);
        }
        tick(guard);
    }
}
