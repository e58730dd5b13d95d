/* server_private.h -- what the files of the server share: server.c listens and answers with
 * documents, server_stream.c sends events, server_post.c takes what people do.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_DISPLAY_SERVER_PRIVATE_H
#define WLK_DISPLAY_SERVER_PRIVATE_H

#include "display/server.h"

#include <microhttpd.h>

enum { WLK_SESSION_TEXT_SIZE = 33, WLK_HOST_NAME_SIZE = 128 };

struct wlk_server_client {
    bool is_used, is_waiting; /* waiting: suspended until there is something new */
    bool is_to_reset;         /* tell the page to begin anew, first */
    struct MHD_Connection *connection;
    struct wlk_server *server;
    uint64_t id;              /* of the event being sent, or sent last */
    size_t offset;            /* bytes of it that are gone; 0 and is_within false: all */
    bool is_within;
};

struct wlk_server_session {
    char text[WLK_SESSION_TEXT_SIZE]; /* empty: free */
    char name[WLK_OPERATOR_SIZE];
    bool is_proved;
    uint64_t used; /* counts up */
};

struct wlk_server_document {
    char name[32], type[48];
    const void *bytes;
    size_t size;
    char *owned; /* read by us */
};

/* The body of one POST while it arrives. */
struct wlk_server_body {
    bool is_used;
    size_t size;
    bool is_long;
    char bytes[WLK_SERVER_BODY_MAX + 1];
};

struct wlk_server {
    struct MHD_Daemon *daemon;
    const struct wlk_feed *feed;
    const struct wlk_operators *operators;
    char operator_header[64]; /* empty: none */
    char nature[16];
    char pulse[256]; /* empty: none */
    char host[3][WLK_HOST_NAME_SIZE]; /* what a Host header may say */
    int port;
    uint64_t seen; /* newest event that waiting streams were woken for */
    wlk_mono now, tried_at;
    struct wlk_server_client client[WLK_SERVER_CLIENTS_MAX];
    struct wlk_server_session session[WLK_SERVER_SESSIONS_MAX];
    uint64_t session_use;
    size_t document_count;
    struct wlk_server_document document[WLK_SERVER_DOCUMENTS_MAX];
    struct wlk_server_body body[WLK_SERVER_COMMANDS_MAX];
    struct wlk_command command[WLK_SERVER_COMMANDS_MAX];
    uint64_t command_in, command_out;
    struct wlk_server_counts counts;
};

/* Queues an answer with the headers that every answer has; takes the response over. */
enum MHD_Result wlk_server_answer(struct MHD_Connection *connection, unsigned code,
                                  const char *type, struct MHD_Response *response);

/* A short answer: {"error":"words"} or what else the text is. */
enum MHD_Result wlk_server_say(struct MHD_Connection *connection, unsigned code,
                               const char *text);

/* GET /events. */
enum MHD_Result wlk_server_stream(struct wlk_server *server,
                                  struct MHD_Connection *connection);

/* Wakes the streams that wait, if there is something new. */
void wlk_server_wake(struct wlk_server *server);

/* Whom the proxy's header names: WLK_OK name is filled; WLK_NOT_YET there is none, or none is
 * believed; WLK_BAD_INPUT there is one that does not hold, counted: refuse the request. */
wlk_status wlk_server_person(struct wlk_server *server, struct MHD_Connection *connection,
                             char name[WLK_OPERATOR_SIZE]) WLK_MUST_USE;

/* Does the address lie on this machine (127.0.0.0/8)? */
struct sockaddr;
bool wlk_server_is_loopback(const struct sockaddr *address);

/* A POST whose body is complete. */
enum MHD_Result wlk_server_post(struct wlk_server *server, struct MHD_Connection *connection,
                                const char *path, const struct wlk_server_body *body);

#endif
