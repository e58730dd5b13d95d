/* node.c -- a nation's node as a process: sockets, timers and files around nation.c.
 *
 * One thread, one poll loop. On standard output: one line for each entry of the timeline
 * (timeline.h). SPDX-License-Identifier: Apache-2.0 */
#include "programs/nation.h"

#include "base/assert.h"
#include "exchange/journal.h"
#include "exchange/transport_tls.h"
#include "programs/columns.h"
#include "programs/keyfile.h"
#include "programs/known_file.h"
#include "programs/mains.h"
#include "programs/node_config.h"
#include "programs/options.h"
#include "programs/serve.h"
#include "programs/statements.h"
#include "programs/udp.h"
#include "sensors/decoys.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    LINKS_MAX = WLK_HUBS_MAX * WLK_LINK_CLASSES,
    DATAGRAMS_A_TURN = 4,        /* then frames get their turn */
    FRAMES_A_TURN = 8,
    TICK_NS = 50000000,          /* half of what nation.h asks for */
    DIAL_MIN_NS = 200000000,     /* first retry; doubles up to DIAL_MAX_NS */
    DIAL_MAX_NS = 2000000000,
    SCAN_NS = 500000000,         /* how often the folder of statements is looked at */
};
static const int64_t FULL_AGAIN_NS = 60000000000;
static const uint64_t CLOCK_ERROR_NS = 1000000; /* ASSUMPTION: 1 ms, a disciplined clock */

/* One connection to one hub. */
struct link {
    size_t hub;
    enum wlk_class link_class;
    struct wlk_transport *transport; /* NULL: none now */
    bool is_connected;
    wlk_mono dial_at;
    int64_t wait_ns;
};

struct node {
    struct wlk_node_config config;
    struct wlk_sites sites;
    struct wlk_decoys decoys;
    struct wlk_known_file known;
    struct wlk_roots roots;
    struct wlk_secret_key key;
    struct wlk_journal *journal;
    struct wlk_nation *nation;
    struct wlk_pedigree *pedigree;
    struct wlk_serve *serve; /* NULL: no display */
    struct wlk_tls *tls[WLK_HUBS_MAX];
    size_t link_count;
    struct link link[LINKS_MAX];
    int plots, signals;
    struct wlk_statements statements;
    wlk_mono tick_at, scan_at, said_full_at;
    FILE *trace;
    uint64_t unjournalled, notes_refused; /* the former as last said */
    bool is_ready, is_stopping, has_work;
};

static struct wlk_moment moment(const struct node *node)
{
    return (struct wlk_moment){wlk_clock_scenario(&node->config.clock, wlk_clock_wall()),
                               wlk_clock_mono()};
}

static void draw_salt(void *context, uint8_t salt[WLK_SALT_SIZE])
{
    (void)context;
    wlk_random_secure(salt, WLK_SALT_SIZE);
}

/* ---- opening ------------------------------------------------------------------------- */

static wlk_status open_links(struct node *node, struct wlk_fault *fault)
{
    for (size_t h = 0; h < node->config.hub_count; h++) {
        const struct wlk_endpoint *at = &node->config.hub[h].at;
        struct wlk_tls_options options = {.authority_path = at->authority,
                                          .certificate_path = at->certificate,
                                          .key_path = at->key,
                                          .pin_count = at->pin_count,
                                          .connections_max = WLK_LINK_CLASSES};
        memcpy(options.pin, at->pin, sizeof options.pin);
        WLK_TRY(wlk_tls_open(&options, &node->tls[h], fault));
        for (size_t k = 0; k < WLK_LINK_CLASSES; k++)
            node->link[node->link_count++] = (struct link){
                .hub = h, .link_class = wlk_post_classes[k], .wait_ns = DIAL_MIN_NS};
    }
    return WLK_OK;
}

static wlk_status open_nation(struct node *node, struct wlk_fault *fault)
{
    const struct wlk_node_config *config = &node->config;
    WLK_TRY(wlk_journal_open(config->journal, config->nation, &node->journal, fault));
    struct wlk_nation_options options = {.name = config->nation,
                                         .nature = config->nature,
                                         .sites = &node->sites,
                                         .decoys = &node->decoys,
                                         .known_view = wlk_known_file_references(&node->known),
                                         .areas_folder = config->areas,
                                         .hub_count = config->hub_count,
                                         .journal = node->journal,
                                         .key = &node->key,
                                         .roots = &node->roots,
                                         .salts = {draw_salt, NULL},
                                         .clock_error_ns = CLOCK_ERROR_NS,
                                         .kept_ns = config->kept_ns,
                                         .is_warm = true,
                                         .now = moment(node)};
    memcpy(options.exercise, config->exercise, sizeof options.exercise);
    if (config->display_host[0])
        WLK_TRY(wlk_pedigree_open(&node->pedigree));
    options.pedigree = node->pedigree;
    for (size_t h = 0; h < config->hub_count; h++)
        options.hub[h] = config->hub[h].name;
    WLK_TRY(wlk_nation_open(&options, &node->nation, fault));
    struct wlk_serve_options display = {.config = config,
                                        .sites = &node->sites,
                                        .known_view = wlk_known_file_references(&node->known),
                                        .nation = node->nation,
                                        .journal = node->journal,
                                        .pedigree = node->pedigree,
                                        .key = &node->key,
                                        .roots = &node->roots,
                                        .now = moment(node)};
    return config->display_host[0] ? wlk_serve_open(&display, &node->serve, fault) : WLK_OK;
}

static wlk_status open_signals(int *out)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    bool is_blocked = sigprocmask(SIG_BLOCK, &set, NULL) == 0;
    *out = is_blocked ? signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC) : -1;
    return *out < 0 ? WLK_IO : WLK_OK;
}

static wlk_status open_node(struct node *node, const char *path, struct wlk_fault *fault)
{
    WLK_TRY(wlk_node_config_read(path, &node->config, fault));
    WLK_TRY(wlk_seal_init());
    WLK_TRY(wlk_sites_read(node->config.sites, &node->sites, fault));
    WLK_TRY(wlk_keyfile_roots(node->config.roots, &node->roots, fault));
    if (node->config.decoys[0])
        WLK_TRY(wlk_decoys_read(node->config.decoys, &node->sites, node->config.nation,
                                &node->decoys, fault));
    WLK_TRY(wlk_known_file_open(node->config.references, &node->known, fault));
    WLK_TRY(wlk_keyfile_read(node->config.record_key, &node->key, fault));
    WLK_TRY(open_signals(&node->signals));
    WLK_TRY(
        wlk_udp_open(node->config.plots_host, node->config.plots_port, &node->plots, fault));
    WLK_TRY(open_links(node, fault));
    if (node->config.trace[0]) {
        node->trace = fopen(node->config.trace, "w");
        if (!node->trace) {
            wlk_fault_set(fault, "trace file cannot be written", "%s", strerror(errno));
            return WLK_IO;
        }
    }
    return open_nation(node, fault);
}

static void close_node(struct node *node)
{
    for (size_t i = 0; i < node->link_count; i++)
        if (node->link[i].transport)
            wlk_transport_close(node->link[i].transport);
    wlk_serve_close(node->serve);
    wlk_nation_close(node->nation);
    wlk_pedigree_close(node->pedigree);
    wlk_journal_close(node->journal);
    for (size_t h = 0; h < WLK_HUBS_MAX; h++)
        wlk_tls_close(node->tls[h]);
    wlk_key_wipe(&node->key);
    if (node->trace)
        fclose(node->trace);
    if (node->plots >= 0)
        close(node->plots);
    if (node->signals >= 0)
        close(node->signals);
}

/* ---- links --------------------------------------------------------------------------- */

static void drop_link(struct node *node, struct link *link)
{
    wlk_transport_close(link->transport);
    link->transport = NULL;
    link->dial_at.ns = wlk_clock_mono().ns + link->wait_ns;
    link->wait_ns = link->wait_ns * 2 < DIAL_MAX_NS ? link->wait_ns * 2 : DIAL_MAX_NS;
    if (link->is_connected)
        wlk_nation_disconnected(node->nation, link->hub, link->link_class, moment(node));
    link->is_connected = false;
}

static void dial(struct node *node, struct link *link)
{
    const struct wlk_endpoint *at = &node->config.hub[link->hub].at;
    if (wlk_clock_mono().ns < link->dial_at.ns)
        return;
    if (wlk_tls_dial(node->tls[link->hub], at->host, at->port, &link->transport, NULL) ==
        WLK_OK)
        return;
    link->transport = NULL;
    link->dial_at.ns = wlk_clock_mono().ns + link->wait_ns;
}

/* "the certificate's key hash is pinned in the arrangement" (DESIGN.md 3): no hub is talked to
 * whose key none of ours in force names. */
static bool is_admitted(struct node *node, struct link *link)
{
    wlk_digest key;
    wlk_name hub = node->config.hub[link->hub].name;
    wlk_tls_peer_key(link->transport, &key);
    if (wlk_force_admits(wlk_post_force(wlk_nation_post(node->nation)), hub, &key,
                         moment(node).utc))
        return true;
    if (link->link_class == WLK_CLASS_WARN)
        fprintf(stderr,
                "warnlink node: %s refused: no arrangement in force pins the key of its "
                "certificate\n",
                hub.text);
    drop_link(node, link);
    return false;
}

static void write_traces(struct node *node)
{
    wlk_nation_write_traces(node->nation, node->trace, wlk_clock_mono());
}

/* All warnings, of the rest a few: then plots and warnings get their turn again. */
static void receive(struct node *node, struct link *link)
{
    const uint8_t *bytes;
    size_t size;
    int most = link->link_class == WLK_CLASS_WARN ? FRAMES_A_TURN : 1;
    for (int i = 0; i < most; i++) {
        wlk_status status = wlk_transport_receive(link->transport, &bytes, &size);
        if (status == WLK_NOT_YET)
            return;
        if (status == WLK_OK)
            status = wlk_nation_frame(node->nation, link->hub, link->link_class, bytes, size,
                                      moment(node));
        if (status != WLK_OK) {
            drop_link(node, link);
            return;
        }
        write_traces(node);
    }
    node->has_work = true;
}

static void serve_link(struct node *node, struct link *link)
{
    if (!link->transport)
        dial(node, link);
    if (!link->transport)
        return;
    enum wlk_transport_state state = wlk_transport_state(link->transport);
    if (state == WLK_TRANSPORT_OPEN && !link->is_connected) {
        if (!is_admitted(node, link))
            return;
        link->is_connected = true;
        link->wait_ns = DIAL_MIN_NS;
        wlk_nation_connected(node->nation, link->hub, link->link_class, moment(node));
    }
    if (state == WLK_TRANSPORT_CLOSED)
        drop_link(node, link);
    else if (link->is_connected)
        receive(node, link);
}

/* Sends what there is; warnings first. */
static void send_out(struct node *node)
{
    const uint8_t *bytes;
    size_t size;
    for (size_t i = 0; i < node->link_count; i++) {
        struct link *link = &node->link[i];
        while (link->is_connected && wlk_transport_has_room(link->transport) &&
               wlk_nation_outgoing(node->nation, link->hub, link->link_class, &bytes, &size))
            if (wlk_transport_send(link->transport, bytes, size) != WLK_OK)
                drop_link(node, link);
        if (link->is_connected)
            (void)wlk_transport_state(link->transport); /* so they go; if not, the loop sees */
    }
    write_traces(node);
}

/* ---- the loop ------------------------------------------------------------------------ */

static void read_plots(struct node *node)
{
    uint8_t bytes[WLK_PLOT_DATAGRAM_MAX + 1];
    for (int i = 0; i < DATAGRAMS_A_TURN; i++) {
        ssize_t size = recv(node->plots, bytes, sizeof bytes, MSG_DONTWAIT);
        if (size < 0)
            return;
        wlk_nation_datagram(node->nation, bytes, (size_t)size, moment(node));
        send_out(node);
        wlk_serve_datagram(node->serve, bytes, (size_t)size, moment(node));
    }
}

/* A disk that takes no more does not stop a warning; but it is said, once a minute. */
static bool say_full(struct node *node, char line[WLK_ENTRY_LINE_SIZE])
{
    struct wlk_journal_counts counts;
    wlk_journal_count(node->journal, &counts);
    uint64_t missing = counts.unjournalled + node->notes_refused;
    wlk_mono now = wlk_clock_mono();
    if (missing == node->unjournalled ||
        (node->said_full_at.ns && now.ns - node->said_full_at.ns < FULL_AGAIN_NS))
        return false;
    struct wlk_entry entry = {.nation = node->config.nation,
                              .time = moment(node).utc,
                              .kind = WLK_ENTRY_ALARM};
    entry.at = entry.time;
    snprintf(entry.names, sizeof entry.names,
             "the journal takes no more (%s): %" PRIu64 " records and notes only in memory",
             counts.last_error[0] ? counts.last_error : "disk full?", missing);
    wlk_entry_line(&entry, line);
    puts(line);
    node->unjournalled = missing;
    node->said_full_at = now;
    return true;
}

static void write_cap(struct node *node, const struct wlk_warning *warning)
{
    struct wlk_fault fault = {0};
    char line[256];
    if (!node->config.cap[0] ||
        wlk_columns_write_cap(node->config.cap, warning, wlk_nation_areas(node->nation),
                              &fault) == WLK_OK)
        return;
    wlk_fault_line(&fault, line, sizeof line);
    fprintf(stderr, "warnlink node: %s\n", line);
}

static void say(struct node *node)
{
    static struct wlk_entry entry;
    static struct wlk_warning warning;
    static char line[WLK_ENTRY_LINE_SIZE];
    bool said = say_full(node, line);
    while (wlk_nation_entry(node->nation, &entry)) {
        wlk_entry_line(&entry, line);
        puts(line);
        said = true;
        wlk_serve_entry(node->serve, &entry);
        if (entry.kind != WLK_ENTRY_IMPACT &&
            wlk_journal_note(node->journal, entry.time, wlk_entry_kind_word(entry.kind),
                             line) != WLK_OK)
            node->notes_refused++;
    }
    while (wlk_nation_warning(node->nation, &warning))
        if (wlk_serve_warning(node->serve, &warning))
            write_cap(node, &warning);
    while (wlk_serve_released(node->serve, &warning))
        write_cap(node, &warning);
    if (said)
        fflush(stdout);
}

/* New bundles and withdrawals in the folder, taken up live. */
static void scan_statements(struct node *node)
{
    struct wlk_statement statement;
    struct wlk_fault fault = {0};
    while (wlk_statements_next(&node->statements, node->config.statements, &statement)) {
        wlk_status status = wlk_nation_statement(node->nation, statement.kind, statement.bytes,
                                                 statement.size, moment(node), &fault);
        wlk_statements_complain("node", &statement, status, &fault);
    }
}

static void tick(struct node *node)
{
    wlk_mono now = wlk_clock_mono();
    if (now.ns >= node->scan_at.ns && node->config.statements[0]) {
        scan_statements(node);
        for (size_t i = 0; i < node->link_count; i++)
            if (node->link[i].is_connected)
                (void)is_admitted(node, &node->link[i]);
        node->scan_at.ns = now.ns + SCAN_NS;
    }
    if (now.ns < node->tick_at.ns)
        return;
    (void)wlk_known_file_look(&node->known, now);
    wlk_nation_tick(node->nation, moment(node));
    double rate = node->config.clock.rate;
    int64_t step = (int64_t)(TICK_NS / (rate > 1 ? rate : 1));
    node->tick_at.ns = now.ns + (step > 5000000 ? step : 5000000);
}

/* A line that carries nothing, or one way only, tells no one: it is cut and dialled anew. */
static void cut_stalled(struct node *node)
{
    const struct wlk_post *post = wlk_nation_post(node->nation);
    for (size_t i = 0; i < node->link_count; i++) {
        struct link *link = &node->link[i];
        if (link->is_connected && wlk_post_is_stalled(post, link->hub, link->link_class))
            drop_link(node, link);
    }
}

/* Tells whoever started us, once, that every link is up. */
static void say_ready(struct node *node)
{
    for (size_t i = 0; i < node->link_count; i++)
        if (!node->link[i].is_connected)
            return;
    node->is_ready = true;
    puts("ready");
    fflush(stdout);
}

static void run(struct node *node)
{
    while (!node->is_stopping) {
        struct pollfd waiting[LINKS_MAX + 3] = {
            {node->plots, POLLIN, 0},
            {node->signals, POLLIN, 0},
            {wlk_serve_descriptor(node->serve), POLLIN, 0}}; /* -1 is passed over */
        size_t count = 3;
        for (size_t i = 0; i < node->link_count; i++)
            if (node->link[i].transport)
                waiting[count++] =
                    (struct pollfd){wlk_tls_descriptor(node->link[i].transport),
                                    wlk_tls_wanted(node->link[i].transport), 0};
        int64_t left_ms = (node->tick_at.ns - wlk_clock_mono().ns) / 1000000 + 1;
        poll(waiting, count, left_ms < 0 || node->has_work ? 0 : (int)left_ms);
        node->has_work = false;
        if (waiting[1].revents)
            node->is_stopping = true;
        if (waiting[0].revents)
            read_plots(node);
        for (size_t i = 0; i < node->link_count; i++)
            serve_link(node, &node->link[i]);
        tick(node);
        cut_stalled(node);
        send_out(node);
        node->has_work |= wlk_nation_work(node->nation, moment(node));
        if (!node->is_ready)
            say_ready(node);
        say(node);
        node->has_work |= wlk_serve_turn(node->serve, moment(node));
    }
}

int wlk_node_main(int argc, char *argv[])
{
    enum { CONFIG, OPTION_COUNT };
    struct wlk_option option[OPTION_COUNT] = {
        [CONFIG] = {"config", WLK_OPTION_TEXT, "FILE", "node.conf of this nation"}};
    struct wlk_options options = {.program = "warnlink node",
                                  .purpose = "run one nation's node",
                                  .option = option,
                                  .option_count = OPTION_COUNT};
    static struct node node = {.plots = -1, .signals = -1};
    struct wlk_fault fault = {0};
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    if (!option[CONFIG].is_given)
        return wlk_options_refuse(&options, "--config FILE is needed");
    prctl(PR_SET_DUMPABLE, 0); /* keys are in memory */
    close_range(3, ~0u, 0);    /* what whoever started us left open is not ours */
    status = open_node(&node, option[CONFIG].text, &fault);
    if (status == WLK_OK) {
        run(&node);
        say(&node);
    }
    close_node(&node);
    return status == WLK_OK ? 0 : wlk_options_fault(&options, status, &fault);
}
