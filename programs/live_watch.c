/* live_watch.c -- asks a live display for its pulse.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/live_watch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const int64_t ASK_NS = 1000000000;
static const int64_t SILENT_NS = 3000000000;

static bool number_of(const json_t *read, const char *key, uint32_t *out)
{
    const json_t *member = json_object_get(read, key);
    json_int_t value = json_integer_value(member);
    if (!json_is_integer(member) || value < 0 || value > UINT32_MAX)
        return false;
    *out = (uint32_t)value;
    return true;
}

wlk_status wlk_live_pulse_read(const char *answer, size_t size, struct wlk_live_pulse *out)
{
    static const char good[] = "HTTP/1.1 200 ", blank[] = "\r\n\r\n";
    struct wlk_live_pulse pulse = {.launches = 0};
    const char *body = memmem(answer, size, blank, sizeof blank - 1);
    if (size < sizeof good || memcmp(answer, good, sizeof good - 1) != 0 || !body)
        return WLK_BAD_INPUT;
    body += sizeof blank - 1;
    json_error_t error;
    json_t *read =
        json_loadb(body, size - (size_t)(body - answer), JSON_REJECT_DUPLICATES, &error);
    const char *nature = json_string_value(json_object_get(read, "nature"));
    const char *nation = json_string_value(json_object_get(read, "nation"));
    bool is_good = nature && strcmp(nature, "LIVE") == 0 && nation &&
                   strlen(nation) < sizeof pulse.nation &&
                   number_of(read, "launches", &pulse.launches) &&
                   number_of(read, "asking", &pulse.asking);
    if (is_good) {
        snprintf(pulse.nation, sizeof pulse.nation, "%s", nation);
        *out = pulse;
    }
    json_decref(read);
    return is_good ? WLK_OK : WLK_BAD_INPUT;
}

void wlk_live_watch_begin(struct wlk_live_watch *watch, const char *host, const char *port,
                          wlk_mono now)
{
    memset(watch, 0, sizeof *watch);
    snprintf(watch->host, sizeof watch->host, "%s", host);
    snprintf(watch->port, sizeof watch->port, "%s", port);
    watch->line = -1;
    watch->begun = now;
}

static void hang_up(struct wlk_live_watch *watch)
{
    if (watch->line >= 0)
        close(watch->line);
    watch->line = -1;
    watch->used = 0;
}

void wlk_live_watch_end(struct wlk_live_watch *watch)
{
    if (watch->host[0])
        hang_up(watch);
}

static void ask(struct wlk_live_watch *watch, wlk_mono now)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)strtoul(watch->port, NULL, 10))};
    hang_up(watch); /* what has not answered in a second will not be waited for */
    watch->asked = now;
    watch->is_sent = false;
    watch->line = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (watch->line < 0 || inet_pton(AF_INET, watch->host, &address.sin_addr) != 1 ||
        (connect(watch->line, (struct sockaddr *)&address, sizeof address) != 0 &&
         errno != EINPROGRESS))
        hang_up(watch);
}

static void send_question(struct wlk_live_watch *watch)
{
    char request[256];
    int size = snprintf(request, sizeof request,
                        "GET /pulse HTTP/1.1\r\nHost: %s:%s\r\nConnection: close\r\n\r\n",
                        watch->host, watch->port);
    ssize_t sent = send(watch->line, request, (size_t)size, MSG_NOSIGNAL);
    watch->is_sent = sent == size;
    if (sent >= 0 ? sent != size : errno != EAGAIN && errno != ENOTCONN)
        hang_up(watch);
}

/* Takes what has come; true: the answer is whole, or as much of it as may be. */
static bool hear(struct wlk_live_watch *watch)
{
    while (watch->line >= 0 && watch->is_sent && watch->used < sizeof watch->bytes) {
        ssize_t size = recv(watch->line, watch->bytes + watch->used,
                            sizeof watch->bytes - watch->used, MSG_DONTWAIT);
        if (size < 0)
            return false;
        if (size == 0)
            return true;
        watch->used += (size_t)size;
    }
    return watch->line >= 0 && watch->is_sent;
}

bool wlk_live_watch_turn(struct wlk_live_watch *watch, wlk_mono now)
{
    struct wlk_live_pulse before = watch->pulse;
    bool was_heard = watch->is_heard;
    if (!watch->host[0])
        return false;
    if (!watch->asked.ns || now.ns - watch->asked.ns >= ASK_NS)
        ask(watch, now);
    if (watch->line >= 0 && !watch->is_sent)
        send_question(watch);
    if (hear(watch)) {
        if (wlk_live_pulse_read(watch->bytes, watch->used, &watch->pulse) == WLK_OK)
            watch->heard = now;
        else
            watch->unusable++;
        hang_up(watch);
    }
    watch->is_heard = watch->heard.ns && now.ns - watch->heard.ns < SILENT_NS;
    return was_heard != watch->is_heard || memcmp(&before, &watch->pulse, sizeof before) != 0;
}
