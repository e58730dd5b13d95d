/* server_post.c -- people sign in and act.
 * SPDX-License-Identifier: Apache-2.0 */
#include "display/server_private.h"

#include "record/seal.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t TRY_AGAIN_NS = 1000000000; /* one password a second */

/* The text of a member; NULL: not there, no text, empty, or too long for size bytes. */
static const char *text_of(const json_t *object, const char *key, size_t size)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text && text[0] && strlen(text) < size ? text : NULL;
}

static struct wlk_server_session *new_session(struct wlk_server *server)
{
    struct wlk_server_session *oldest = &server->session[0];
    for (size_t i = 0; i < WLK_SERVER_SESSIONS_MAX; i++)
        if (!server->session[i].text[0] || server->session[i].used < oldest->used)
            oldest = &server->session[i];
    return oldest;
}

static enum MHD_Result begin_session(struct wlk_server *server,
                                     struct MHD_Connection *connection, const char *name,
                                     bool is_proved)
{
    uint8_t secret[16];
    struct wlk_server_session *session = new_session(server);
    wlk_random_secure(secret, sizeof secret);
    for (size_t i = 0; i < sizeof secret; i++)
        snprintf(session->text + 2 * i, 3, "%02x", secret[i]);
    snprintf(session->name, sizeof session->name, "%s", name);
    session->is_proved = is_proved;
    session->used = ++server->session_use;
    json_t *answer = json_pack("{s:s,s:s}", "session", session->text, "name", name);
    char *text = answer ? json_dumps(answer, JSON_COMPACT) : NULL;
    enum MHD_Result result = text ? wlk_server_say(connection, MHD_HTTP_OK, text) : MHD_NO;
    free(text);
    json_decref(answer);
    return result;
}

static enum MHD_Result refuse(struct wlk_server *server, struct MHD_Connection *connection,
                              unsigned code, const char *text)
{
    server->counts.refused++;
    return wlk_server_say(connection, code, text);
}

static enum MHD_Result sign_in(struct wlk_server *server, struct MHD_Connection *connection,
                               const json_t *body)
{
    char certified[WLK_OPERATOR_SIZE];
    const char *name = text_of(body, "name", WLK_OPERATOR_SIZE);
    const char *password = text_of(body, "password", 256);
    wlk_status person = wlk_server_person(server, connection, certified);
    if (person == WLK_BAD_INPUT)
        return refuse(server, connection, MHD_HTTP_FORBIDDEN, "{\"error\":\"certificate\"}");
    if (person == WLK_OK)
        return begin_session(server, connection, certified, true);
    if (!name || !wlk_warning_is_text(name, WLK_OPERATOR_SIZE) || name[0] == ' ' ||
        name[strlen(name) - 1] == ' ')
        return wlk_server_say(connection, MHD_HTTP_BAD_REQUEST, "{\"error\":\"name\"}");
    if (!server->operators)
        return begin_session(server, connection, name, false);
    if (server->tried_at.ns && server->now.ns - server->tried_at.ns < TRY_AGAIN_NS)
        return wlk_server_say(connection, MHD_HTTP_TOO_MANY_REQUESTS,
                              "{\"error\":\"wait a second\"}");
    server->tried_at = server->now;
    if (!password || !wlk_operators_check(server->operators, name, password))
        return refuse(server, connection, MHD_HTTP_FORBIDDEN,
                      "{\"error\":\"name or password\"}");
    return begin_session(server, connection, name, true);
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

/* Takes the texts over; false: one is too long or no text. */
static bool take_said(const json_t *body, struct wlk_command *command)
{
    static const char *const language[WLK_SAID_LANGUAGES] = {"en", "ja", "ko"};
    const json_t *said = json_object_get(body, "said");
    for (size_t i = 0; said && i < WLK_SAID_LANGUAGES; i++) {
        const json_t *member = json_object_get(said, language[i]);
        const char *text = member ? json_string_value(member) : "";
        if (!text || !wlk_warning_is_text(text, WLK_SAID_SIZE))
            return false;
        snprintf(command->said[i], WLK_SAID_SIZE, "%s", text);
    }
    return true;
}

static bool take_command(const json_t *body, struct wlk_command *command)
{
    const char *act = text_of(body, "act", sizeof command->act);
    const json_t *words = json_object_get(body, "words");
    const char *text = words ? text_of(body, "words", WLK_COMMAND_WORDS_SIZE) : "";
    if (!act || !text || !wlk_warning_is_text(text, WLK_COMMAND_WORDS_SIZE) ||
        !wlk_warning_is_text(act, sizeof command->act) || !take_said(body, command))
        return false;
    command->number = json_integer_value(json_object_get(body, "number"));
    snprintf(command->act, sizeof command->act, "%s", act);
    snprintf(command->words, sizeof command->words, "%s", text);
    return true;
}

static enum MHD_Result act(struct wlk_server *server, struct MHD_Connection *connection,
                           const json_t *body)
{
    struct wlk_command command = {.number = 0};
    char certified[WLK_OPERATOR_SIZE];
    struct wlk_server_session *session = session_of(server, connection);
    const char *nature = text_of(body, "nature", sizeof server->nature);
    wlk_status person = wlk_server_person(server, connection, certified);
    if (!session)
        return wlk_server_say(connection, MHD_HTTP_UNAUTHORIZED, "{\"error\":\"sign in\"}");
    if (person == WLK_BAD_INPUT || (person == WLK_OK && strcmp(certified, session->name) != 0))
        return refuse(server, connection, MHD_HTTP_FORBIDDEN, "{\"error\":\"certificate\"}");
    if (!nature || strcmp(nature, server->nature) != 0) {
        server->counts.other_nature++;
        return refuse(server, connection, MHD_HTTP_CONFLICT, "{\"error\":\"nature\"}");
    }
    if (!take_command(body, &command))
        return wlk_server_say(connection, MHD_HTTP_BAD_REQUEST, "{\"error\":\"command\"}");
    if (server->command_in - server->command_out == WLK_SERVER_COMMANDS_MAX)
        return wlk_server_say(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "{\"error\":\"busy\"}");
    session->used = ++server->session_use;
    command.is_proved = session->is_proved;
    snprintf(command.by, sizeof command.by, "%s", session->name);
    server->command[server->command_in++ % WLK_SERVER_COMMANDS_MAX] = command;
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
    json_t *read =
        is_json ? json_loadb(body->bytes, body->size, JSON_REJECT_DUPLICATES, &error) : NULL;
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
