/* server.c -- listens, checks where a request comes from, answers with documents.
 * SPDX-License-Identifier: Apache-2.0 */
#include "display/server_private.h"

#include "base/assert.h"
#include "base/words.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IDLE_S = 15, TURNS_MAX = 8, CONNECTION_MEMORY = 32768, FILE_SIZE_MAX = 4 << 20 };

/* Nothing from elsewhere, nothing inline, no evaluation, nobody may frame the page. */
static const char POLICY[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

static const struct {
    const char *name, *file, *type;
} FILES[] = {{"/", "index.html", "text/html; charset=utf-8"},
             {"/page.js", "page.js", "text/javascript; charset=utf-8"},
             {"/page.css", "page.css", "text/css; charset=utf-8"},
             {"/map.json", "map.json", "application/json"}};

enum MHD_Result wlk_server_answer(struct MHD_Connection *connection, unsigned code,
                                  const char *type, struct MHD_Response *response)
{
    static const char *const header[][2] = {
        {"Content-Security-Policy", POLICY},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cache-Control", "no-store"},
    };
    if (!response)
        return MHD_NO;
    for (size_t i = 0; i < sizeof header / sizeof header[0]; i++)
        MHD_add_response_header(response, header[i][0], header[i][1]);
    MHD_add_response_header(response, "Content-Type", type);
    enum MHD_Result result = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return result;
}

enum MHD_Result wlk_server_say(struct MHD_Connection *connection, unsigned code,
                               const char *text)
{
    return wlk_server_answer(connection, code, "application/json",
                             MHD_create_response_from_buffer(strlen(text), (void *)text,
                                                             MHD_RESPMEM_MUST_COPY));
}

/* A page of another site can make a browser ask us under a name of its own (DNS rebinding):
 * then Host says that name. Origin, where a browser sends it, must be the same host. */
static bool is_ours(const struct wlk_server *server, struct MHD_Connection *connection)
{
    const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
    const char *origin = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Origin");
    bool is_known = false;
    for (size_t i = 0; host && i < sizeof server->host / sizeof server->host[0]; i++)
        is_known |= server->host[i][0] && strcmp(host, server->host[i]) == 0;
    if (!is_known || !origin)
        return is_known;
    const char *after = strncmp(origin, "http://", 7) == 0    ? origin + 7
                        : strncmp(origin, "https://", 8) == 0 ? origin + 8
                                                              : "";
    return strcmp(after, host) == 0;
}

static enum MHD_Result get(struct wlk_server *server, struct MHD_Connection *connection,
                           const char *path)
{
    if (server->feed && strcmp(path, "/events") == 0)
        return wlk_server_stream(server, connection);
    if (server->pulse[0] && strcmp(path, "/pulse") == 0)
        return wlk_server_say(connection, MHD_HTTP_OK, server->pulse);
    for (size_t i = 0; i < server->document_count; i++) {
        const struct wlk_server_document *document = &server->document[i];
        if (strcmp(document->name, path) == 0)
            return wlk_server_answer(connection, MHD_HTTP_OK, document->type,
                                     MHD_create_response_from_buffer(
                                         document->size, (void *)document->bytes,
                                         MHD_RESPMEM_PERSISTENT));
    }
    return wlk_server_say(connection, MHD_HTTP_NOT_FOUND, "{\"error\":\"not here\"}");
}

static struct wlk_server_body *new_body(struct wlk_server *server)
{
    for (size_t i = 0; i < WLK_SERVER_COMMANDS_MAX; i++)
        if (!server->body[i].is_used) {
            server->body[i].is_used = true;
            server->body[i].is_long = false;
            server->body[i].size = 0;
            return &server->body[i];
        }
    return NULL;
}

static enum MHD_Result take_post(struct wlk_server *server, struct MHD_Connection *connection,
                                 const char *path, const char *bytes, size_t *size,
                                 void **state)
{
    struct wlk_server_body *body = *state;
    if (!body) {
        *state = new_body(server); /* MHD calls again, with the body or its end */
        return *state ? MHD_YES : MHD_NO;
    }
    if (*size) {
        body->is_long |= body->size + *size > WLK_SERVER_BODY_MAX;
        if (!body->is_long)
            memcpy(body->bytes + body->size, bytes, *size);
        body->size += body->is_long ? 0 : *size;
        *size = 0;
        return MHD_YES;
    }
    body->bytes[body->size] = 0;
    if (!body->is_long)
        return wlk_server_post(server, connection, path, body);
    server->counts.refused++;
    return wlk_server_say(connection, MHD_HTTP_CONTENT_TOO_LARGE,
                          "{\"error\":\"too long\"}");
}

/* MHD's callback for each request. */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection,
                              const char *path, const char *method, const char *version,
                              const char *bytes, size_t *size, void **state)
{
    struct wlk_server *server = context;
    (void)version;
    if (!*state) {
        server->counts.requests++;
        if (!is_ours(server, connection)) {
            server->counts.refused++;
            return wlk_server_say(connection, MHD_HTTP_FORBIDDEN,
                                  "{\"error\":\"not asked under this host's name\"}");
        }
    }
    if (strcmp(method, "POST") == 0)
        return take_post(server, connection, path, bytes, size, state);
    if (strcmp(method, "GET") == 0 && !*size)
        return get(server, connection, path);
    server->counts.refused++;
    return wlk_server_say(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
                          "{\"error\":\"GET or POST\"}");
}

static void completed(void *context, struct MHD_Connection *connection, void **state,
                      enum MHD_RequestTerminationCode code)
{
    struct wlk_server_body *body = *state;
    (void)context;
    (void)connection;
    (void)code;
    if (body)
        body->is_used = false;
    *state = NULL;
}

/* ---- opening ------------------------------------------------------------------------- */

wlk_status wlk_server_offer(struct wlk_server *server, const char *name, const char *type,
                            const void *bytes, size_t size)
{
    if (server->document_count == WLK_SERVER_DOCUMENTS_MAX)
        return WLK_FULL;
    struct wlk_server_document *slot = &server->document[server->document_count++];
    *slot = (struct wlk_server_document){.bytes = bytes, .size = size};
    snprintf(slot->name, sizeof slot->name, "%s", name);
    snprintf(slot->type, sizeof slot->type, "%s", type);
    return WLK_OK;
}

static wlk_status file_open(struct wlk_server *server, size_t which, const char *folder,
                            struct wlk_fault *fault)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, FILES[which].file);
    FILE *in = fopen(path, "rb");
    char *bytes = in ? malloc(FILE_SIZE_MAX) : NULL;
    size_t size = bytes ? fread(bytes, 1, FILE_SIZE_MAX, in) : 0;
    if (in)
        fclose(in);
    if (size == 0 || size == FILE_SIZE_MAX) {
        wlk_fault_where(fault, path);
        wlk_fault_set(fault, "the page cannot be read", "%s", strerror(errno));
        free(bytes);
        return WLK_IO;
    }
    WLK_TRY(wlk_server_offer(server, FILES[which].name, FILES[which].type, bytes, size));
    server->document[server->document_count - 1].owned = bytes;
    return WLK_OK;
}

static void set_hosts(struct wlk_server *server, const struct wlk_server_options *options)
{
    snprintf(server->host[0], sizeof server->host[0], "%s:%d", options->host, server->port);
    snprintf(server->host[1], sizeof server->host[1], "localhost:%d", server->port);
    if (options->name)
        snprintf(server->host[2], sizeof server->host[2], "%s", options->name);
}

static wlk_status listen_open(struct wlk_server *server,
                              const struct wlk_server_options *options,
                              struct wlk_fault *fault)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int64_t port;
    if (wlk_word_integer(options->port, 0, 65535, &port) != WLK_OK ||
        inet_pton(AF_INET, options->host, &address.sin_addr) != 1) {
        wlk_fault_set(fault, "not an IPv4 address and a port", "%.60s %.8s", options->host,
                      options->port);
        return WLK_IO;
    }
    address.sin_port = htons((uint16_t)port);
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, server,
        MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)WLK_SERVER_CLIENTS_MAX + 64, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_NOTIFY_COMPLETED, completed, NULL, MHD_OPTION_END);
    if (!server->daemon) {
        wlk_fault_set(fault, "the display cannot listen", "%s port %s: %s", options->host,
                      options->port, strerror(errno));
        return WLK_IO;
    }
    server->port = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    set_hosts(server, options);
    return WLK_OK;
}

wlk_status wlk_server_open(const struct wlk_server_options *options, struct wlk_server **out,
                           struct wlk_fault *fault)
{
    struct wlk_server *server = calloc(1, sizeof *server);
    if (!server)
        return WLK_IO;
    server->feed = options->feed;
    server->operators = options->operators;
    snprintf(server->operator_header, sizeof server->operator_header, "%s",
             options->operator_header ? options->operator_header : "");
    snprintf(server->nature, sizeof server->nature, "%s",
             options->nature ? options->nature : "");
    wlk_status status = WLK_OK;
    for (size_t i = 0; status == WLK_OK && i < sizeof FILES / sizeof FILES[0]; i++)
        status = file_open(server, i, options->page_folder, fault);
    if (status == WLK_OK)
        status = listen_open(server, options, fault);
    if (status != WLK_OK) {
        wlk_server_close(server);
        return status;
    }
    *out = server;
    return WLK_OK;
}

void wlk_server_close(struct wlk_server *server)
{
    if (!server)
        return;
    for (size_t i = 0; i < WLK_SERVER_CLIENTS_MAX; i++)
        if (server->client[i].is_waiting)
            MHD_resume_connection(server->client[i].connection);
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    for (size_t i = 0; i < server->document_count; i++)
        free(server->document[i].owned);
    free(server);
}

/* ---- running ------------------------------------------------------------------------- */

int wlk_server_descriptor(const struct wlk_server *server)
{
    return MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

void wlk_server_pulse(struct wlk_server *server, const char *text)
{
    snprintf(server->pulse, sizeof server->pulse, "%s", text);
}

int wlk_server_port(const struct wlk_server *server)
{
    return server->port;
}

bool wlk_server_turn(struct wlk_server *server, wlk_mono now)
{
    server->now = now;
    wlk_server_wake(server);
    /* More than once: a request may come in several steps, each of them short. */
    for (int i = 0; i < TURNS_MAX; i++) {
        MHD_UNSIGNED_LONG_LONG wait_ms;
        MHD_run(server->daemon);
        if (MHD_get_timeout(server->daemon, &wait_ms) != MHD_YES || wait_ms > 0)
            return false;
    }
    return true;
}

bool wlk_server_command(struct wlk_server *server, struct wlk_command *out)
{
    if (server->command_in == server->command_out)
        return false;
    *out = server->command[server->command_out++ % WLK_SERVER_COMMANDS_MAX];
    return true;
}

struct wlk_server_counts wlk_server_count(const struct wlk_server *server)
{
    return server->counts;
}
