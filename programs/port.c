/* port.c -- TLS and framing for one nation; knows nothing of records, keys or other nations.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/port.h"

#include "base/assert.h"
#include "exchange/transport_tls.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAX = 12, /* four links, their successors, and strangers */
    NO_CLASS = WLK_LINK_CLASSES,
    WAIT_MS = 500,
    FAULT_WORDS_SIZE = 512
};
/* ASSUMPTION: a stranger has 5 s to shake hands and say HELLO. */
static const int64_t OPENING_NS_MAX = INT64_C(5000000000);
static const int64_t SAY_AGAIN_NS = INT64_C(1000000000);

struct connection {
    struct wlk_transport *transport; /* NULL: free */
    size_t class_index;              /* NO_CLASS until its HELLO */
    wlk_mono since;
};

struct wlk_port {
    const struct wlk_hub_listen *listen;
    struct wlk_tls *tls;
    int listener;
    int pipe[WLK_LINK_CLASSES];
    struct connection *link[WLK_LINK_CLASSES]; /* NULL: none */
    uint32_t session[WLK_LINK_CLASSES];
    struct connection connection[CONNECTIONS_MAX];
    bool is_stopping;
    uint64_t refused; /* connections that never said a proper HELLO */
    wlk_mono said_at;
    uint8_t message[WLK_PORT_MESSAGE_MAX];
};

/* ---- to the guard ---- */

/* The guard never blocks, so waiting for it is short; if it is gone, so are we. */
static void tell(struct wlk_port *port, size_t class_index, size_t size)
{
    int fd = port->pipe[class_index];
    while (send(fd, port->message, size, MSG_NOSIGNAL) < 0) {
        struct pollfd room = {fd, POLLOUT, 0};
        if (errno != EAGAIN && errno != EINTR) {
            port->is_stopping = true;
            return;
        }
        poll(&room, 1, WAIT_MS);
    }
}

/* ---- connections ---- */

static void drop(struct wlk_port *port, struct connection *connection)
{
    size_t class_index = connection->class_index;
    if (!connection->transport)
        return;
    wlk_transport_close(connection->transport);
    connection->transport = NULL;
    if (class_index == NO_CLASS || port->link[class_index] != connection)
        return;
    port->link[class_index] = NULL;
    port->message[0] = WLK_PORT_DOWN;
    tell(port, class_index, 1);
}

/* The first frame says which class this is. A new connection takes the place of an old one:
 * a node that dials again knows that the old one is dead before we do. */
static bool greet(struct wlk_port *port, struct connection *connection, const uint8_t *bytes,
                  size_t size)
{
    struct wlk_frame frame;
    size_t class_index = 0;
    if (wlk_frame_decode(bytes, size, &frame) != WLK_OK || frame.kind != WLK_FRAME_HELLO ||
        !wlk_name_equal(frame.sender, port->listen->nation))
        return false;
    while (class_index < WLK_LINK_CLASSES && wlk_post_classes[class_index] != frame.link)
        class_index++;
    if (class_index == WLK_LINK_CLASSES)
        return false;
    if (port->link[class_index])
        drop(port, port->link[class_index]);
    connection->class_index = class_index;
    port->link[class_index] = connection;
    port->message[0] = WLK_PORT_UP;
    wlk_port_put_session(port->message, ++port->session[class_index]);
    wlk_digest key;
    wlk_tls_peer_key(connection->transport, &key);
    memcpy(port->message + 5, key.bytes, sizeof key.bytes);
    tell(port, class_index, 5 + sizeof key.bytes);
    return true;
}

/* Why a stranger was refused; the guard shows it. */
static void tell_refused(struct wlk_port *port, const struct connection *connection,
                         const char *why)
{
    const char *reason = wlk_tls_reason(connection->transport);
    wlk_mono now = wlk_clock_mono();
    port->refused++;
    if (port->said_at.ns && now.ns - port->said_at.ns < SAY_AGAIN_NS)
        return;
    port->said_at = now;
    port->message[0] = WLK_PORT_REFUSED;
    int used = snprintf((char *)port->message + 1, FAULT_WORDS_SIZE,
                        "refused a connection: %s (%" PRIu64 " so far)", *reason ? reason : why,
                        port->refused);
    tell(port, 0, 1 + (size_t)used);
}

static void serve(struct wlk_port *port, struct connection *connection)
{
    const uint8_t *bytes;
    size_t size;
    wlk_status status;
    while ((status = wlk_transport_receive(connection->transport, &bytes, &size)) == WLK_OK) {
        if (connection->class_index == NO_CLASS && !greet(port, connection, bytes, size)) {
            tell_refused(port, connection, "its first frame is not this nation's HELLO");
            drop(port, connection);
            return;
        }
        port->message[0] = WLK_PORT_FRAME;
        memcpy(port->message + 1, bytes, size);
        tell(port, connection->class_index, 1 + size);
    }
    int64_t age_ns = wlk_clock_mono().ns - connection->since.ns;
    bool is_slow = connection->class_index == NO_CLASS && age_ns > OPENING_NS_MAX;
    if (status == WLK_NOT_YET && !is_slow)
        return;
    if (connection->class_index == NO_CLASS)
        tell_refused(port, connection, is_slow ? "no HELLO in time" : "no HELLO");
    drop(port, connection);
}

static void accept_all(struct wlk_port *port)
{
    struct wlk_transport *transport;
    while (wlk_tls_accept(port->tls, port->listener, &transport) == WLK_OK) {
        struct connection *free_slot = NULL;
        for (size_t i = 0; i < CONNECTIONS_MAX && !free_slot; i++)
            if (!port->connection[i].transport)
                free_slot = &port->connection[i];
        if (!free_slot) {
            wlk_transport_close(transport);
            return;
        }
        *free_slot = (struct connection){transport, NO_CLASS, wlk_clock_mono()};
    }
}

/* ---- from the guard ---- */

static bool has_room(const struct wlk_port *port, size_t class_index)
{
    const struct connection *link = port->link[class_index];
    return !link || wlk_transport_has_room(link->transport);
}

static void obey(struct wlk_port *port, size_t class_index)
{
    while (has_room(port, class_index)) {
        ssize_t size =
            recv(port->pipe[class_index], port->message, sizeof port->message, MSG_DONTWAIT);
        if (size < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (size <= 0) {
            port->is_stopping = true; /* the guard is gone */
            return;
        }
        struct connection *link = port->link[class_index];
        if (size < 5 || !link || wlk_port_session(port->message) != port->session[class_index])
            continue; /* meant for a connection that is no more */
        bool is_over = port->message[0] == WLK_PORT_CUT ||
                       wlk_transport_send(link->transport, port->message + 5,
                                          (size_t)size - 5) != WLK_OK;
        if (is_over)
            drop(port, link);
    }
}

/* ---- the loop ---- */

static void turn(struct wlk_port *port)
{
    struct pollfd wait[1 + WLK_LINK_CLASSES + CONNECTIONS_MAX];
    nfds_t count = 0;
    wait[count++] = (struct pollfd){port->listener, POLLIN, 0};
    for (size_t i = 0; i < WLK_LINK_CLASSES; i++)
        wait[count++] = (struct pollfd){port->pipe[i], has_room(port, i) ? POLLIN : 0, 0};
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        const struct wlk_transport *transport = port->connection[i].transport;
        if (transport)
            wait[count++] =
                (struct pollfd){wlk_tls_descriptor(transport), wlk_tls_wanted(transport), 0};
    }
    poll(wait, count, WAIT_MS);
    if (wait[0].revents)
        accept_all(port);
    for (size_t i = 0; i < WLK_LINK_CLASSES; i++)
        if (wait[1 + i].revents)
            obey(port, i);
    for (size_t i = 0; i < CONNECTIONS_MAX; i++)
        if (port->connection[i].transport)
            serve(port, &port->connection[i]);
}

static struct wlk_port only; /* one in a process */

wlk_status wlk_port_open(const struct wlk_hub_listen *listen, const int pipe[WLK_LINK_CLASSES],
                         uint32_t first_session, struct wlk_port **out, struct wlk_fault *fault)
{
    const struct wlk_endpoint *at = &listen->at;
    struct wlk_tls_options options = {.is_server = true,
                                      .authority_path = at->authority,
                                      .certificate_path = at->certificate,
                                      .key_path = at->key,
                                      .pin_count = at->pin_count,
                                      .connections_max = CONNECTIONS_MAX};
    memcpy(options.pin, at->pin, sizeof options.pin);
    memset(&only, 0, sizeof only);
    only.listen = listen;
    memcpy(only.pipe, pipe, sizeof only.pipe);
    for (size_t c = 0; c < WLK_LINK_CLASSES; c++)
        only.session[c] = first_session;
    *out = &only;
    WLK_TRY(wlk_tls_open(&options, &only.tls, fault));
    return wlk_tls_listen(at->host, at->port, &only.listener, fault);
}

void wlk_port_say(struct wlk_port *port, const struct wlk_fault *fault)
{
    char *words = (char *)port->message + 1;
    words[0] = 0;
    if (fault)
        wlk_fault_line(fault, words, FAULT_WORDS_SIZE);
    port->message[0] = fault ? WLK_PORT_FAILED : WLK_PORT_READY;
    tell(port, 0, 1 + strlen(words));
}

int wlk_port_run(struct wlk_port *port)
{
    while (!port->is_stopping)
        turn(port);
    for (size_t i = 0; i < CONNECTIONS_MAX; i++)
        if (port->connection[i].transport)
            wlk_transport_close(port->connection[i].transport);
    close(port->listener);
    wlk_tls_close(port->tls);
    return 0;
}
