/* server.h -- serves the page of a nation: files, a stream of events, and small commands.
 *
 *   GET  /            the page (index.html, page.js, page.css, map.json)
 *   GET  /events      server-sent events from the feed, from Last-Event-ID on
 *   GET  /pulse        what an exercise beside this node may know of it: wlk_server_pulse
 *   GET  /...         documents that the caller offers
 *   POST /session     {"name","password"} or {} -> {"session","name"}: a person signs in
 *   POST /command     {"act","nature","number","words","said"}, X-Warnlink-Session: acts
 *
 * One thread: the caller's loop polls the descriptor and calls turn. Bound on loopback unless
 * told otherwise; TLS and client certificates are nginx's work (docs/display.md). A page of
 * another origin can neither read (no CORS, Host and Origin are checked) nor act (a session is
 * a header, never a cookie). Read by: programs/serve.c. Held by: server_test.c, tools/browser.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_DISPLAY_SERVER_H
#define WLK_DISPLAY_SERVER_H

#include "display/feed.h"
#include "display/operators.h"
#include "record/warning.h"

struct wlk_server;

enum {
    WLK_SERVER_CLIENTS_MAX = 256,   /* streams at once */
    WLK_SERVER_SESSIONS_MAX = 64,   /* people signed in; the longest idle gives way */
    WLK_SERVER_DOCUMENTS_MAX = 16,  /* files and offered documents */
    WLK_SERVER_COMMANDS_MAX = 32,   /* waiting for the caller */
    WLK_SERVER_BODY_MAX = 4096,     /* bytes of a POST */
    WLK_COMMAND_WORDS_SIZE = 1024,  /* UTF-8 bytes of a person's text, with NUL */
};

struct wlk_server_options {
    const char *host, *port;               /* IPv4 address and port; port "0": any */
    const char *name;                      /* host name that a proxy passes on; NULL: none */
    const char *page_folder;               /* with the built page */
    const struct wlk_feed *feed;           /* NULL: no stream (replay) */
    const struct wlk_operators *operators; /* NULL: whoever sits there, by the name stated */
    const char *operator_header; /* in which a proxy on this machine passes on the name of a
                                    client certificate; NULL: none is believed */
    const char *nature;          /* an act from a page that shows another one is refused */
};

/* What a person did. */
struct wlk_command {
    char act[16];                      /* "acknowledge" and so on */
    int64_t number;                    /* of the alarm or warning; 0: none given */
    char said[WLK_SAID_LANGUAGES][WLK_SAID_SIZE]; /* text of a warning; empty: none */
    bool is_proved;                    /* by a password or a certificate */
    char words[WLK_COMMAND_WORDS_SIZE];
    char by[WLK_OPERATOR_SIZE];
};

/* WLK_IO cannot listen, or the page cannot be read; fault says which. */
wlk_status wlk_server_open(const struct wlk_server_options *options, struct wlk_server **out,
                           struct wlk_fault *fault) WLK_MUST_USE;
void wlk_server_close(struct wlk_server *server); /* NULL is allowed */

/* Another document under /NAME; bytes must outlive the server. WLK_FULL too many. */
wlk_status wlk_server_offer(struct wlk_server *server, const char *name, const char *type,
                            const void *bytes, size_t size) WLK_MUST_USE;

/* What GET /pulse says from now on, a line of JSON up to 255 bytes; none before the first. */
void wlk_server_pulse(struct wlk_server *server, const char *text);

/* To be polled for POLLIN. */
int wlk_server_descriptor(const struct wlk_server *server);

/* The port it listens on. */
int wlk_server_port(const struct wlk_server *server);

/* Serves what is waiting and sends what is new in the feed. Never blocks, but for the check of
 * a password (about 20 ms, once a second at most). True: it is not through (a large
 * picture, many pages), which its descriptor does not say: call again soon. */
bool wlk_server_turn(struct wlk_server *server, wlk_mono now);

/* The next command. False: none. */
bool wlk_server_command(struct wlk_server *server, struct wlk_command *out);

/* What happened so far. */
struct wlk_server_counts {
    uint64_t requests, refused, commands, streams, cut; /* cut: a page too slow to follow */
    uint64_t strangers;    /* refused: a certificate's name that is malformed or not ours */
    uint64_t other_nature; /* refused: acts from a page of another nature */
    size_t clients, clients_max;
};
struct wlk_server_counts wlk_server_count(const struct wlk_server *server);

#endif
