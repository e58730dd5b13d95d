/* transport_test.c -- does each bearer deliver whole frames in order, and let in only whom it
 * should? SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/tap.h"
#include "exchange/certificates.h"
#include "exchange/frame.h"
#include "exchange/transport_loop.h"
#include "exchange/transport_tls.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char folder[64] = "/tmp/wlk-tls-XXXXXX";
static wlk_digest pin_node, pin_hub, pin_other;

static void make(const char *enclave, const char *name, double from_s, double until_s,
                 wlk_digest *pin)
{
    char directory[128], command[160];
    struct wlk_fault fault = {0};
    snprintf(directory, sizeof directory, "%s/%s", folder, enclave);
    snprintf(command, sizeof command, "mkdir -p %s", directory);
    if (system(command))
        return;
    struct wlk_certificate_order order = {.directory = directory, .name = name,
                                          .common_name = name,
                                          .is_server = !strcmp(name, "hub"),
                                          .not_before = wlk_utc_add(wlk_clock_wall(), from_s),
                                          .not_after = wlk_utc_add(wlk_clock_wall(), until_s)};
    wlk_status status = wlk_certificate_make(&order, pin, &fault);
    wlk_check(status == WLK_OK, "%s of %s is made", name, enclave);
}

struct ends {
    const char *authority, *certificate; /* "jp/ca", "jp/node" */
    size_t pin_count;
    wlk_digest pin;
};

static struct wlk_tls *open_tls(const struct ends *ends, bool is_server)
{
    char path[3][128];
    struct wlk_fault fault = {0};
    struct wlk_tls *tls = NULL;
    snprintf(path[0], sizeof path[0], "%s/%s.crt", folder, ends->authority);
    snprintf(path[1], sizeof path[1], "%s/%s.crt", folder, ends->certificate);
    snprintf(path[2], sizeof path[2], "%s/%s.key", folder, ends->certificate);
    struct wlk_tls_options options = {is_server, path[0], path[1], path[2],
                                      ends->pin_count, {ends->pin}, 2};
    if (wlk_tls_open(&options, &tls, &fault) != WLK_OK) {
        char line[300];
        wlk_fault_line(&fault, line, sizeof line);
        wlk_note("%s", line);
    }
    return tls;
}

struct pair {
    struct wlk_tls *tls[2];
    int listener;
    struct wlk_transport *end[2]; /* node, hub */
};

static void wait_a_little(const struct pair *pair)
{
    struct pollfd wait[2];
    nfds_t count = 0;
    for (int i = 0; i < 2; i++)
        if (pair->end[i])
            wait[count++] = (struct pollfd){wlk_tls_descriptor(pair->end[i]),
                                            wlk_tls_wanted(pair->end[i]), 0};
    poll(wait, count, 20);
}

static void close_pair(struct pair *pair)
{
    for (int i = 0; i < 2; i++) {
        if (pair->end[i])
            wlk_transport_close(pair->end[i]);
        wlk_tls_close(pair->tls[i]);
    }
    if (pair->listener >= 0)
        close(pair->listener);
    memset(pair, 0, sizeof *pair);
    pair->listener = -1;
}

/* Connects; true when both ends are open and one frame has passed each way. */
static bool connect_pair(struct pair *pair, const struct ends *node, const struct ends *hub)
{
    struct wlk_fault fault = {0};
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    char port[8];
    memset(pair, 0, sizeof *pair);
    pair->listener = -1;
    pair->tls[0] = open_tls(node, false);
    pair->tls[1] = open_tls(hub, true);
    if (!pair->tls[0] || !pair->tls[1] ||
        wlk_tls_listen("127.0.0.1", "0", &pair->listener, &fault) != WLK_OK ||
        getsockname(pair->listener, (struct sockaddr *)&address, &size))
        return false;
    snprintf(port, sizeof port, "%d", ntohs(address.sin_port));
    if (wlk_tls_dial(pair->tls[0], "127.0.0.1", port, &pair->end[0], &fault) != WLK_OK)
        return false;
    const uint8_t ping[] = {0, 0, 0, 2, 9, 9};
    bool is_sent[2] = {false, false}, has_come[2] = {false, false};
    for (int turn = 0; turn < 200 && !(has_come[0] && has_come[1]); turn++) {
        if (!pair->end[1])
            (void)!wlk_tls_accept(pair->tls[1], pair->listener, &pair->end[1]);
        for (int i = 0; i < 2; i++) {
            const uint8_t *bytes;
            size_t length;
            if (!pair->end[i])
                continue;
            enum wlk_transport_state state = wlk_transport_state(pair->end[i]);
            if (state == WLK_TRANSPORT_CLOSED)
                return false;
            if (state == WLK_TRANSPORT_OPEN && !is_sent[i])
                is_sent[i] = wlk_transport_send(pair->end[i], ping, sizeof ping) == WLK_OK;
            if (wlk_transport_receive(pair->end[i], &bytes, &length) == WLK_OK)
                has_come[i] = length == 2;
        }
        wait_a_little(pair);
    }
    return has_come[0] && has_come[1];
}

static void expect(bool is_expected, const char *sentence, const struct ends *node,
                   const struct ends *hub)
{
    struct pair pair;
    bool passes = connect_pair(&pair, node, hub);
    wlk_check(passes == is_expected, "%s", sentence);
    for (int i = 0; i < 2; i++)
        if (pair.end[i] && wlk_tls_reason(pair.end[i])[0])
            wlk_note("%s: %s", i ? "hub" : "node", wlk_tls_reason(pair.end[i]));
    close_pair(&pair);
}

static void test_who_gets_in(void)
{
    struct ends node = {"jp/ca", "jp/node", 1, pin_hub}, hub = {"jp/ca", "jp/hub", 1, pin_node};
    expect(true, "a pinned node and a pinned hub connect", &node, &hub);
    struct ends foreign = {"jp/ca", "kr/node", 0, {{0}}};
    expect(false, "a node of another nation's CA is refused", &foreign, &hub);
    struct ends expired = {"jp/ca", "jp/expired", 0, {{0}}};
    hub.pin_count = 0;
    expect(false, "an expired certificate is refused", &expired, &hub);
    struct ends early = {"jp/ca", "jp/early", 0, {{0}}};
    expect(false, "a certificate that is not valid yet is refused", &early, &hub);
    hub.pin_count = 1;
    hub.pin = pin_other;
    expect(false, "a certificate of the right CA with another key is refused", &node, &hub);
    hub.pin = pin_node;
    node.pin = pin_other;
    expect(false, "a node refuses a hub whose key is not pinned", &node, &hub);
    struct ends false_hub = {"jp/ca", "kr/hub", 0, {{0}}};
    node.pin_count = 0;
    expect(false, "a node refuses a hub of another CA", &node, &false_hub);
    struct ends node_as_hub = {"jp/ca", "jp/node", 0, {{0}}};
    expect(false, "a node's certificate does not serve as a hub's", &node, &node_as_hub);
    struct ends hub_as_node = {"jp/ca", "jp/hub", 0, {{0}}};
    struct ends any_hub = {"jp/ca", "jp/hub", 0, {{0}}};
    expect(false, "nor a hub's as a node's", &hub_as_node, &any_hub);
}

/* A client that shows no certificate at all, and one that speaks TLS 1.2: by openssl itself. */
static void test_without_certificate(void)
{
    struct ends hub = {"jp/ca", "jp/hub", 0, {{0}}};
    struct wlk_tls *tls = open_tls(&hub, true);
    struct wlk_fault fault = {0};
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    int listener;
    if (!tls || wlk_tls_listen("127.0.0.1", "0", &listener, &fault) != WLK_OK ||
        getsockname(listener, (struct sockaddr *)&address, &size))
        return;
    char command[256];
    snprintf(command, sizeof command,
             "timeout 5 openssl s_client -connect 127.0.0.1:%d </dev/null >/dev/null 2>&1 &",
             ntohs(address.sin_port));
    if (system(command)) {
        wlk_skip("no shell");
        return;
    }
    struct wlk_transport *transport = NULL;
    enum wlk_transport_state state = WLK_TRANSPORT_OPENING;
    for (int turn = 0; turn < 250 && state == WLK_TRANSPORT_OPENING; turn++) {
        if (!transport)
            (void)!wlk_tls_accept(tls, listener, &transport);
        if (transport)
            state = wlk_transport_state(transport);
        poll(NULL, 0, 20);
    }
    wlk_check(transport && state == WLK_TRANSPORT_CLOSED, "no certificate, no connection");
    if (transport) {
        wlk_note("hub: %s", wlk_tls_reason(transport));
        wlk_transport_close(transport);
    }
    int again;
    char port[8];
    snprintf(port, sizeof port, "%d", ntohs(address.sin_port));
    wlk_check(wlk_tls_listen("127.0.0.1", port, &again, &fault) == WLK_IO &&
                  strstr(fault.detail, port),
              "a port in use is refused in words: %s", fault.detail);
    close(listener);
    wlk_tls_close(tls);
}

static void test_files(void)
{
    struct ends mixed = {"jp/ca", "jp/mixed", 0, {{0}}};
    char command[400];
    snprintf(command, sizeof command,
             "cd %s/jp && cp node.crt mixed.crt && cp hub.key mixed.key && chmod 600 mixed.key "
             "&& cp node.crt open.crt && cp node.key open.key && chmod 644 open.key", folder);
    if (system(command))
        return;
    wlk_check(!open_tls(&mixed, false), "a key of another certificate is refused");
    struct ends open = {"jp/ca", "jp/open", 0, {{0}}};
    wlk_check(!open_tls(&open, false), "a key that others can read is refused");
    wlk_digest pin;
    char path[128];
    snprintf(path, sizeof path, "%s/jp/node.crt", folder);
    wlk_check(wlk_certificate_pin(path, &pin, NULL) == WLK_OK &&
                  !memcmp(&pin, &pin_node, sizeof pin),
              "the pin of a file is the pin that was told when it was made");
}

/* Sends many frames of many sizes one way and looks at each byte at the other end. */
static void test_stream(struct wlk_transport *from, struct wlk_transport *to,
                        struct wlk_loopback *loopback, const char *bearer)
{
    enum { FRAMES = 300 };
    static uint8_t frame[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    int sent = 0, come = 0;
    bool is_right = true;
    wlk_mono now = {0};
    for (int turn = 0; turn < 200000 && come < FRAMES; turn++) {
        const uint8_t *bytes;
        size_t size, length = 1 + (size_t)sent * 217 % WLK_FRAME_SIZE_MAX;
        if (sent < FRAMES && wlk_transport_has_room(from)) {
            for (int i = 0; i < 4; i++)
                frame[i] = (uint8_t)(length >> (24 - 8 * i));
            memset(frame + 4, sent, length);
            is_right = is_right &&
                       wlk_transport_send(from, frame, length + 4) == WLK_OK;
            sent++;
        }
        (void)wlk_transport_state(from);
        while (wlk_transport_receive(to, &bytes, &size) == WLK_OK) {
            is_right = is_right && size == 1 + (size_t)come * 217 % WLK_FRAME_SIZE_MAX &&
                       bytes[0] == (uint8_t)come && bytes[size - 1] == (uint8_t)come;
            come++;
        }
        now.ns += 1000000;
        if (loopback)
            wlk_loopback_advance(loopback, now);
    }
    wlk_check(is_right && come == FRAMES, "%s: %d frames of up to 65 kB come whole, in order",
              bearer, FRAMES);
}

/* More than there is room for goes without being asked to. */
static void test_room(const struct pair *pair)
{
    enum { LONG = 60000, FRAMES = WLK_TLS_SEND_SIZE / LONG + 1 };
    static uint8_t frame[LONG + WLK_FRAME_PREFIX] = {0, 0, LONG >> 8, LONG & 255};
    int taken = 0, come = 0;
    const uint8_t *bytes;
    size_t size;
    for (int i = 0; i < FRAMES; i++)
        taken += wlk_transport_send(pair->end[0], frame, sizeof frame) == WLK_OK;
    for (int i = 0; i < 200 && come < taken; i++) {
        (void)wlk_transport_state(pair->end[0]);
        while (wlk_transport_receive(pair->end[1], &bytes, &size) == WLK_OK)
            come++;
        poll(NULL, 0, 5);
    }
    wlk_check(taken == FRAMES && come == FRAMES,
              "%d of %d long frames at once are taken, %d come", taken, FRAMES, come);
}

static void test_tls_stream(void)
{
    struct ends node = {"jp/ca", "jp/node", 1, pin_hub}, hub = {"jp/ca", "jp/hub", 1, pin_node};
    struct pair pair;
    if (!connect_pair(&pair, &node, &hub))
        return;
    test_stream(pair.end[0], pair.end[1], NULL, "tls");
    test_room(&pair);
    const uint8_t *bytes;
    size_t size;
    const uint8_t bad[] = {0xff, 0xff, 0xff, 0xff, 1};
    (void)!wlk_transport_send(pair.end[0], bad, sizeof bad);
    (void)wlk_transport_state(pair.end[0]);
    wlk_status status = WLK_NOT_YET;
    for (int i = 0; i < 100 && status == WLK_NOT_YET; i++) {
        wait_a_little(&pair);
        status = wlk_transport_receive(pair.end[1], &bytes, &size);
    }
    wlk_check(status == WLK_BAD_INPUT, "a length beyond the limit breaks the stream");
    wlk_transport_close(pair.end[0]);
    pair.end[0] = NULL;
    enum wlk_transport_state state = WLK_TRANSPORT_OPEN;
    pair.end[0] = NULL;
    for (int i = 0; i < 100 && state != WLK_TRANSPORT_CLOSED; i++) {
        (void)!wlk_transport_send(pair.end[1], (const uint8_t[]){0, 0, 0, 1, 1}, 5);
        state = wlk_transport_state(pair.end[1]);
        poll(NULL, 0, 5);
    }
    wlk_check(state == WLK_TRANSPORT_CLOSED, "a peer that went away closes the connection");
    close_pair(&pair);
}

static void test_loop(void)
{
    struct wlk_loopback_options options = {.seed = 4, .connections_max = 1,
                                           .delay_ns = 20000000, .jitter_ns = 30000000,
                                           .loss = 0.2, .resend_ns = 200000000};
    struct wlk_loopback *loopback;
    struct wlk_transport *end[2];
    if (wlk_loopback_open(&options, &loopback) != WLK_OK ||
        wlk_loopback_join(loopback, end) != WLK_OK)
        return;
    struct wlk_transport *more[2];
    wlk_check(wlk_loopback_join(loopback, more) == WLK_FULL, "connections are bounded");
    test_stream(end[0], end[1], loopback, "loop");
    const uint8_t frame[] = {0, 0, 0, 1, 7};
    const uint8_t *bytes;
    size_t size;
    (void)!wlk_transport_send(end[0], frame, sizeof frame);
    wlk_loopback_cut(end[1]);
    wlk_check(wlk_transport_receive(end[1], &bytes, &size) == WLK_IO &&
                  wlk_transport_state(end[0]) == WLK_TRANSPORT_CLOSED,
              "a cut closes both ends and loses what was in flight");
    wlk_transport_close(end[0]);
    wlk_transport_close(end[1]);
    wlk_check(wlk_loopback_join(loopback, end) == WLK_OK &&
                  wlk_transport_receive(end[1], &bytes, &size) == WLK_NOT_YET,
              "and the next connection starts empty");
    const struct wlk_loopback_path slow = {.delay_ns = INT64_C(1000000000)};
    wlk_mono sent = {INT64_C(1000000000000)}, due;
    wlk_loopback_advance(loopback, sent);
    wlk_loopback_set_path(end[0], &slow);
    (void)!wlk_transport_send(end[1], frame, sizeof frame);
    wlk_check(wlk_loopback_next(loopback, &due) && due.ns - sent.ns == slow.delay_ns,
              "a path that is set holds for both directions of its connection");
    wlk_loopback_close(loopback);
}

int main(void)
{
    const double day_s = 86400;
    char command[128];
    if (!mkdtemp(folder))
        return 1;
    make("jp", "ca", -day_s, 9 * day_s, NULL);
    make("jp", "node", -day_s, 9 * day_s, &pin_node);
    make("jp", "hub", -day_s, 9 * day_s, &pin_hub);
    make("jp", "expired", -2 * day_s, -day_s, NULL);
    make("jp", "early", day_s, 2 * day_s, NULL);
    make("kr", "ca", -day_s, 9 * day_s, NULL);
    make("kr", "node", -day_s, 9 * day_s, &pin_other);
    make("kr", "hub", -day_s, 9 * day_s, NULL);
    test_who_gets_in();
    test_without_certificate();
    test_files();
    test_tls_stream();
    test_loop();
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) ? 1 : wlk_tap_done();
}
