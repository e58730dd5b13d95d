/* stream_say.c -- the display's own feed and server, which say what comes in on standard input;
 * and pages that only listen. For tools/browser/bench.mjs: what a page sees of a node whose
 * picture is as large as one likes.
 *
 * usage: stream_say PAGE-FOLDER READERS
 *     in:  first the text of about.json, then of areas.json, then events: "KIND JSON", a line
 * each out: the port Readers are streams of a second process that throws away what it gets.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/words.h"
#include "display/server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READERS_MAX = 200, LINE_MAX_SIZE = 2 * WLK_FEED_TEXT_MAX, WAIT_MS = 50 };

static char line[LINE_MAX_SIZE]; /* what has come of standard input and is no whole line yet */
static size_t line_size;
static char kept[2][65536]; /* about, areas */

static int dial(int port)
{
    char request[128];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int to = socket(AF_INET, SOCK_STREAM, 0);
    int size = snprintf(request, sizeof request,
                        "GET /events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", port);
    if (to < 0 || connect(to, (struct sockaddr *)&address, sizeof address) != 0 ||
        send(to, request, (size_t)size, 0) != size)
        exit(1);
    return to;
}

/* Ends with its parent. */
static void listen_only(int port, int count)
{
    struct pollfd reader[READERS_MAX];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int i = 0; i < count; i++)
        reader[i] = (struct pollfd){dial(port), POLLIN, 0};
    for (;;) {
        poll(reader, (nfds_t)count, -1);
        for (int i = 0; i < count; i++)
            if (reader[i].revents &&
                recv(reader[i].fd, NULL, SIZE_MAX >> 1, MSG_TRUNC | MSG_DONTWAIT) == 0)
                reader[i].fd = -1;
    }
}

static void say(struct wlk_feed *feed, char *text)
{
    char *json = strchr(text, ' ');
    if (!json)
        return;
    *json++ = 0;
    bool is_state = !strcmp(text, "picture") || !strcmp(text, "alarms") ||
                    !strcmp(text, "health") || !strcmp(text, "pedigree");
    enum wlk_feed_store store = is_state                 ? WLK_FEED_NEWEST
                                : !strcmp(text, "trail") ? WLK_FEED_TRAIL
                                                         : WLK_FEED_KEPT;
    if (wlk_feed_add(feed, store, text, json) != WLK_OK)
        fprintf(stderr, "too long: %s\n", text);
}

/* The next line, in place; NULL: none is whole yet. */
static char *next_line(size_t *from)
{
    char *start = line + *from, *end = memchr(start, '\n', line_size - *from);
    if (!end)
        return NULL;
    *end = 0;
    *from = (size_t)(end + 1 - line);
    return start;
}

/* False: standard input has ended. */
static bool take(struct wlk_feed *feed)
{
    ssize_t size = read(STDIN_FILENO, line + line_size, sizeof line - line_size);
    if (size <= 0)
        return false;
    size_t from = 0;
    line_size += (size_t)size;
    for (char *text = next_line(&from); text; text = next_line(&from)) {
        if (kept[1][0])
            say(feed, text);
        else
            snprintf(kept[kept[0][0] ? 1 : 0], sizeof kept[0], "%.65535s", text);
    }
    memmove(line, line + from, line_size - from);
    line_size -= from;
    return true;
}

int main(int count, char **word)
{
    struct wlk_feed *feed;
    struct wlk_server *server;
    struct wlk_fault fault = {0};
    int64_t readers;
    if (count != 3 || wlk_word_integer(word[2], 0, READERS_MAX, &readers) != WLK_OK ||
        wlk_feed_open(1, &feed) != WLK_OK)
        return 2;
    while (!kept[1][0])
        if (!take(feed))
            return 2;
    struct wlk_server_options options = {.host = "127.0.0.1",
                                         .port = "0",
                                         .page_folder = word[1],
                                         .feed = feed,
                                         .nature = "EXERCISE"};
    if (wlk_server_open(&options, &server, &fault) != WLK_OK ||
        wlk_server_offer(server, "/about.json", "application/json", kept[0], strlen(kept[0])) ||
        wlk_server_offer(server, "/areas.json", "application/json", kept[1], strlen(kept[1])))
        return 2;
    printf("%d\n", wlk_server_port(server));
    fflush(stdout);
    if (readers > 0 && fork() == 0)
        listen_only(wlk_server_port(server), (int)readers);
    for (bool is_open = true, has_work = false; is_open;) {
        struct pollfd wait[] = {{STDIN_FILENO, POLLIN, 0},
                                {wlk_server_descriptor(server), POLLIN, 0}};
        poll(wait, 2, has_work ? 0 : WAIT_MS);
        if (wait[0].revents)
            is_open = take(feed);
        has_work = wlk_server_turn(server, wlk_clock_mono());
    }
    wlk_server_close(server);
    wlk_feed_close(feed);
    return 0;
}
