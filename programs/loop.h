/* loop.h -- the one I/O loop of node and hub: sockets, links, timers and signals become events
 * that are pulled one at a time.
 *
 * wlk_loop_wait returns at once while something is ready: no sleeping and no rounding up on
 * the way of a record. The loop owns the descriptors that it opened; foreign ones (an HTTP
 * server's) can be watched. One thread. Memory is taken in wlk_loop_open.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_LOOP_H
#define WLK_PROGRAMS_LOOP_H

#include "exchange/post.h"
#include "exchange/transport_tls.h"

struct wlk_loop;

enum {
    WLK_LOOP_LINKS_MAX = 64,     /* TLS connections, dialled and accepted */
    WLK_LOOP_SOCKETS_MAX = 16,   /* datagram sockets, listeners, pipes, watched descriptors */
    WLK_LOOP_DATAGRAM_SIZE = 2048
};

enum wlk_loop_kind {
    WLK_LOOP_TIMEOUT = 1, /* the deadline has come */
    WLK_LOOP_SIGNAL,      /* SIGTERM or SIGINT: stop cleanly; SIGHUP: read again (number) */
    WLK_LOOP_DATAGRAM,    /* socket: bytes, size, read_at */
    WLK_LOOP_OPENED,      /* link: up; for an accepted one, source is its listener */
    WLK_LOOP_CLOSED,      /* link: down (words); a dialled one is dialled again by itself */
    WLK_LOOP_FRAME,       /* link: bytes, size, length prefix removed */
    WLK_LOOP_ROOM,        /* link or pipe: a frame of any size can be sent again */
    WLK_LOOP_MESSAGE,     /* pipe: bytes, size */
    WLK_LOOP_READY,       /* watched descriptor: readable (or hung up) */
    WLK_LOOP_CHILD        /* a child has ended (number: its process id) */
};

struct wlk_loop_event {
    enum wlk_loop_kind kind;
    int source;           /* the number that dial, listen, receive, pipe or watch gave */
    int link;             /* OPENED, CLOSED, FRAME, ROOM: the connection */
    const uint8_t *bytes; /* until the next wait */
    size_t size;
    wlk_mono read_at;     /* when the bytes were read */
    int number;
    const char *words;    /* CLOSED: why */
};

/* Blocks SIGTERM, SIGINT, SIGHUP, SIGCHLD and takes them as events; ignores SIGPIPE.
 * WLK_IO fault says what the system refused. */
wlk_status wlk_loop_open(struct wlk_loop **out, struct wlk_fault *fault) WLK_MUST_USE;

/* Closes every descriptor it opened. NULL is allowed. */
void wlk_loop_close(struct wlk_loop *loop);

/* A UDP socket that receives. WLK_IO fault says it in one line (port in use); WLK_FULL. */
wlk_status wlk_loop_receive(struct wlk_loop *loop, const char *host, const char *port,
                            int *source, struct wlk_fault *fault) WLK_MUST_USE;

/* Keeps one TLS connection to host and port: dials now, and again 0.2 s to 2 s after each
 * end, doubling. tls must outlive the loop. *link is its number for good. WLK_FULL. */
wlk_status wlk_loop_dial(struct wlk_loop *loop, struct wlk_tls *tls, const char *host,
                         const char *port, int *link) WLK_MUST_USE;

/* Listens with TLS; each accepted connection is a link of its own, gone when it closes.
 * WLK_IO, WLK_FULL. */
wlk_status wlk_loop_listen(struct wlk_loop *loop, struct wlk_tls *tls, const char *host,
                           const char *port, int *source, struct wlk_fault *fault) WLK_MUST_USE;

/* Takes over one end of a SOCK_SEQPACKET pair as a source of messages. WLK_FULL. */
wlk_status wlk_loop_pipe(struct wlk_loop *loop, int descriptor, int *source) WLK_MUST_USE;

/* Reports when a foreign descriptor is readable; it stays the caller's. WLK_FULL. */
wlk_status wlk_loop_watch(struct wlk_loop *loop, int descriptor, int *source) WLK_MUST_USE;
void wlk_loop_unwatch(struct wlk_loop *loop, int source);

/* Waits for the next event, at most until deadline; what is ready is returned first, links
 * and datagrams in turn. Never fails: what breaks is a CLOSED. */
void wlk_loop_wait(struct wlk_loop *loop, wlk_mono deadline, struct wlk_loop_event *out);

/* True: link is up and takes a frame of any size. */
bool wlk_loop_has_room(const struct wlk_loop *loop, int link);

/* Sends one frame, its length prefix included. WLK_FULL no room; WLK_IO not up (the CLOSED
 * comes with the next wait). */
wlk_status wlk_loop_send(struct wlk_loop *loop, int link, const uint8_t *bytes,
                         size_t size) WLK_MUST_USE;

/* Sends one message into a pipe. WLK_FULL not now: a ROOM will come; WLK_IO broken. */
wlk_status wlk_loop_tell(struct wlk_loop *loop, int source, const uint8_t *bytes,
                         size_t size) WLK_MUST_USE;

/* Cuts a link: its CLOSED comes with the next wait. */
void wlk_loop_cut(struct wlk_loop *loop, int link);

#endif
