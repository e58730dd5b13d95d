/* server_stream.c -- sends the events of the feed to each page that listens.
 *
 * A page's place in the feed is the number of the event it is being sent; the bytes stay in
 * the feed. One that follows too slowly finds its event gone and is cut: it comes back with
 * its last number and gets what counts. SPDX-License-Identifier: Apache-2.0 */
#include "display/server_private.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 65536 };
static const char RETRY[] = "retry: 500\n\n";
static const char RESET[] = "retry: 500\nevent: reset\ndata: {}\n\n";

/* MHD's callback: the next bytes for one page. */
static ssize_t next_bytes(void *context, uint64_t position, char *bytes, size_t room)
{
    struct wlk_server_client *client = context;
    struct wlk_feed_event event;
    if (position == 0) { /* room is BLOCK_SIZE: both fit */
        const char *first = client->is_to_reset ? RESET : RETRY;
        memcpy(bytes, first, strlen(first));
        return (ssize_t)strlen(first);
    }
    bool is_there = client->is_within ? wlk_feed_find(client->server->feed, client->id, &event)
                                      : wlk_feed_next(client->server->feed, client->id, &event);
    if (!is_there && client->is_within) {
        client->server->counts.cut++;
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    if (!is_there) {
        client->is_waiting = true;
        MHD_suspend_connection(client->connection);
        return 0;
    }
    if (!client->is_within)
        client->offset = 0;
    size_t left = event.size - client->offset, size = left < room ? left : room;
    memcpy(bytes, event.frame + client->offset, size);
    client->id = event.id;
    client->offset += size;
    client->is_within = size < left;
    return (ssize_t)size;
}

static void free_client(void *context)
{
    struct wlk_server_client *client = context;
    client->is_used = client->is_waiting = false;
    client->server->counts.clients--;
}

static uint64_t last_event(struct MHD_Connection *connection)
{
    const char *text =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Last-Event-ID");
    if (!text)
        text = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "after");
    return text && text[0] >= '0' && text[0] <= '9' ? strtoull(text, NULL, 10) : 0;
}

enum MHD_Result wlk_server_stream(struct wlk_server *server, struct MHD_Connection *connection)
{
    struct wlk_server_client *client = NULL;
    for (size_t i = 0; i < WLK_SERVER_CLIENTS_MAX && !client; i++)
        if (!server->client[i].is_used)
            client = &server->client[i];
    if (!client)
        return wlk_server_say(connection, MHD_HTTP_SERVICE_UNAVAILABLE,
                              "{\"error\":\"too many displays\"}");
    uint64_t after = last_event(connection);
    bool is_strange = after > wlk_feed_newest(server->feed); /* another life of this node */
    bool is_lost = after > 0 && wlk_feed_is_lost(server->feed, after);
    *client = (struct wlk_server_client){.is_used = true,
                                         .is_to_reset = is_strange || is_lost || after == 0,
                                         .connection = connection,
                                         .server = server,
                                         .id = is_strange || is_lost ? 0 : after};
    server->counts.streams++;
    if (++server->counts.clients > server->counts.clients_max)
        server->counts.clients_max = server->counts.clients;
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, BLOCK_SIZE, next_bytes, client, free_client);
    if (!response) {
        free_client(client);
        return MHD_NO;
    }
    MHD_add_response_header(response, "X-Accel-Buffering", "no"); /* nginx: no delay */
    return wlk_server_answer(connection, MHD_HTTP_OK, "text/event-stream", response);
}

void wlk_server_wake(struct wlk_server *server)
{
    if (!server->feed || wlk_feed_newest(server->feed) == server->seen)
        return;
    server->seen = wlk_feed_newest(server->feed);
    for (size_t i = 0; i < WLK_SERVER_CLIENTS_MAX; i++)
        if (server->client[i].is_waiting) {
            server->client[i].is_waiting = false;
            MHD_resume_connection(server->client[i].connection);
        }
}
