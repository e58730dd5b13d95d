/* server_post.c -- people sign in and act.
 * SPDX-License-Identifier: Apache-2.0 */
#include "display/server_private.h"

#include "record/seal.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const int64_t TRY_AGAIN_NS = 1000000000; /* one password a second */

/* The text of a member; NULL: not there, no text, empty, or too long for size bytes. */
static const char *text_of(const json_t *object, const char *key, size_t size)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text && text[0] && strlen(text) < size ? text : NULL;
}

static bool is_plain(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    return true;
}

static struct wlk_server_session *new_session(struct wlk_server *server)
{
    struct wlk_server_session *oldest = &server->session[0];
    for (size_t i = 0; i < WLK_SERVER_SESSIONS_MAX; i++)
        if (!server->session[i].text[0] || server->session[i].used < oldest->used)
            oldest = &server->session[i];
    return oldest;
}

static enum MHD_Result sign_in(struct wlk_server *server, struct MHD_Connection *connection,
                               const json_t *body)
{
    const char *name = text_of(body, "name", WLK_OPERATOR_SIZE);
    const char *password = text_of(body, "password", 256);
    if (!name || !is_plain(name))
        return wlk_server_say(connection, MHD_HTTP_BAD_REQUEST, "{\"error\":\"name\"}");
    if (server->operators) {
        if (server->tried_at.ns && server->now.ns - server->tried_at.ns < TRY_AGAIN_NS)
            return wlk_server_say(connection, MHD_HTTP_TOO_MANY_REQUESTS,
                                  "{\"error\":\"wait a second\"}");
        server->tried_at = server->now;
        if (!password || !wlk_operators_check(server->operators, name, password)) {
            server->counts.refused++;
            return wlk_server_say(connection, MHD_HTTP_FORBIDDEN,
                                  "{\"error\":\"name or password\"}");
        }
    }
    uint8_t secret[16];
    char answer[64 + WLK_SESSION_TEXT_SIZE];
    struct wlk_server_session *session = new_session(server);
    wlk_random_secure(secret, sizeof secret);
    for (size_t i = 0; i < sizeof secret; i++)
        snprintf(session->text + 2 * i, 3, "%02x", secret[i]);
    snprintf(session->name, sizeof session->name, "%s", name);
    session->used = ++server->session_use;
    snprintf(answer, sizeof answer, "{\"session\":\"%s\"}", session->text);
    return wlk_server_say(connection, MHD_HTTP_OK, answer);
}

static bool is_same(const char *a, const char *b)
{
    unsigned differs = strlen(a) != strlen(b);
    for (size_t i = 0; !differs && a[i]; i++)
        differs |= (unsigned char)(a[i] ^ b[i]);
    return !differs;
}

static struct wlk_server_session *session_of(struct wlk_server *server,
                                             struct MHD_Connection *connection)
{
    const char *text =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "X-Warnlink-Session");
    for (size_t i = 0; text && text[0] && i < WLK_SERVER_SESSIONS_MAX; i++)
        if (server->session[i].text[0] && is_same(server->session[i].text, text))
            return &server->session[i];
    return NULL;
}

static enum MHD_Result act(struct wlk_server *server, struct MHD_Connection *connection,
                           const json_t *body)
{
    struct wlk_server_session *session = session_of(server, connection);
    const char *act = text_of(body, "act", sizeof server->command[0].act);
    const json_t *words = json_object_get(body, "words");
    const char *text = words ? text_of(body, "words", WLK_COMMAND_WORDS_SIZE) : "";
    if (!session)
        return wlk_server_say(connection, MHD_HTTP_UNAUTHORIZED, "{\"error\":\"sign in\"}");
    if (!act || !text || !is_plain(text))
        return wlk_server_say(connection, MHD_HTTP_BAD_REQUEST, "{\"error\":\"command\"}");
    if (server->command_in - server->command_out == WLK_SERVER_COMMANDS_MAX)
        return wlk_server_say(connection, MHD_HTTP_SERVICE_UNAVAILABLE,
                              "{\"error\":\"busy\"}");
    session->used = ++server->session_use;
    struct wlk_command *command =
        &server->command[server->command_in++ % WLK_SERVER_COMMANDS_MAX];
    *command = (struct wlk_command){
        .number = json_integer_value(json_object_get(body, "number"))};
    snprintf(command->act, sizeof command->act, "%s", act);
    snprintf(command->words, sizeof command->words, "%s", text);
    snprintf(command->by, sizeof command->by, "%s", session->name);
    server->counts.commands++;
    return wlk_server_say(connection, MHD_HTTP_ACCEPTED, "{}");
}

enum MHD_Result wlk_server_post(struct wlk_server *server, struct MHD_Connection *connection,
                                const char *path, const struct wlk_server_body *body)
{
    /* A form of another site can send text/plain without asking first, but not this. */
    const char *type = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Type");
    bool is_json = type && strncmp(type, "application/json", 16) == 0;
    json_error_t error;
    json_t *read = is_json ? json_loadb(body->bytes, body->size, JSON_REJECT_DUPLICATES, &error)
                           : NULL;
    enum MHD_Result result;
    if (!json_is_object(read)) {
        server->counts.refused++;
        result = wlk_server_say(connection, MHD_HTTP_BAD_REQUEST, "{\"error\":\"JSON\"}");
    } else if (strcmp(path, "/session") == 0) {
        result = sign_in(server, connection, read);
    } else if (strcmp(path, "/command") == 0) {
        result = act(server, connection, read);
    } else {
        result = wlk_server_say(connection, MHD_HTTP_NOT_FOUND, "{\"error\":\"not here\"}");
    }
    json_decref(read);
    return result;
}
