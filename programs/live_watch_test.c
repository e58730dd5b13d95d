/* live_watch_test.c -- an exercise hears of life, and of silence, and believes nothing else.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/live_watch.h"

#include "base/tap.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
static const char QUIET[] = HEAD "{\"nature\":\"LIVE\",\"nation\":\"JP\",\"launches\":0,"
                                 "\"asking\":0}";
static const char LAUNCH[] = HEAD "{\"nature\":\"LIVE\",\"nation\":\"JP\",\"launches\":2,"
                                  "\"asking\":1}";

static int listener;
static char port[8];
static struct wlk_live_watch watch;
static int64_t now_ns = 1000000000;

static void open_listener(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, 4) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        exit(1);
    snprintf(port, sizeof port, "%d", ntohs(address.sin_port));
}

/* A second goes by: it asks, is answered (NULL: not), and looks again. */
static bool second(const char *answer, size_t size)
{
    char asked[512];
    now_ns += 1000000000;
    bool changed = wlk_live_watch_turn(&watch, (wlk_mono){now_ns});
    if (!answer)
        return changed;
    int line = accept(listener, NULL, NULL);
    for (int i = 0; i < 1000 && !watch.is_sent; i++)
        changed |= wlk_live_watch_turn(&watch, (wlk_mono){now_ns});
    ssize_t got = recv(line, asked, sizeof asked - 1, 0);
    asked[got > 0 ? got : 0] = 0;
    if (strncmp(asked, "GET /pulse HTTP/1.1\r\n", 21) != 0)
        exit(1);
    (void)!send(line, answer, size, MSG_NOSIGNAL);
    shutdown(line, SHUT_WR);
    for (int i = 0; i < 1000 && watch.line >= 0; i++) {
        changed |= wlk_live_watch_turn(&watch, (wlk_mono){now_ns});
        usleep(1000);
    }
    close(line);
    return changed;
}

static void check_hostile(void)
{
    static const char *const bad[] = {
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        HEAD "{",
        HEAD "[]",
        HEAD "7",
        "HTTP/1.1 404 no\r\n\r\n{\"nature\":\"LIVE\",\"nation\":\"JP\",\"launches\":1,"
        "\"asking\":1}",
        HEAD "{\"nature\":\"EXERCISE\",\"nation\":\"JP\",\"launches\":1,\"asking\":1}",
        HEAD "{\"nature\":\"LIVE\",\"nation\":\"JP\",\"launches\":-1,\"asking\":1}",
        HEAD "{\"nature\":\"LIVE\",\"nation\":\"JP\",\"launches\":4294967296,\"asking\":1}",
        HEAD "{\"nature\":\"LIVE\",\"nation\":\"JP\",\"launches\":\"1\",\"asking\":1}",
        HEAD "{\"nature\":\"LIVE\",\"nation\":\"JP\",\"launches\":1}",
        HEAD "{\"nature\":\"LIVE\",\"nation\":\"AAAAAAAAAAAAAAAAA\",\"launches\":1,"
             "\"asking\":1}",
        HEAD "{\"nature\":\"TEST\",\"nature\":\"LIVE\",\"nation\":\"JP\",\"launches\":1,"
             "\"asking\":1}"};
    struct wlk_live_pulse pulse, pattern;
    size_t taken = 0, changed = 0;
    memset(&pulse, 0x5a, sizeof pulse);
    pattern = pulse;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        taken += wlk_live_pulse_read(bad[i], strlen(bad[i]), &pulse) == WLK_OK;
        changed += memcmp(&pulse, &pattern, sizeof pulse) != 0;
    }
    wlk_check(taken == 0 && changed == 0,
              "what is no pulse of a live node is none: an exercise, half a text, no number");
    for (size_t size = 0; size < sizeof LAUNCH - 1; size++)
        taken += wlk_live_pulse_read(LAUNCH, size, &pulse) == WLK_OK;
    wlk_check(taken == 0 && wlk_live_pulse_read(LAUNCH, sizeof LAUNCH - 1, &pulse) == WLK_OK &&
                  pulse.launches == 2 && pulse.asking == 1,
              "nor is any part of one");
}

int main(void)
{
    static char endless[20000];
    check_hostile();
    open_listener();
    wlk_live_watch_begin(&watch, "127.0.0.1", port, (wlk_mono){now_ns});
    wlk_check(!watch.is_heard, "at first nothing is known");
    wlk_check(second(QUIET, sizeof QUIET - 1) && watch.is_heard && watch.pulse.launches == 0,
              "a quiet live node is heard");
    wlk_check(!second(QUIET, sizeof QUIET - 1), "and nothing new of it is no news");
    wlk_check(second(LAUNCH, sizeof LAUNCH - 1) && watch.pulse.launches == 2 &&
                  watch.pulse.asking == 1 && strcmp(watch.pulse.nation, "JP") == 0,
              "its launch is heard within a second");
    memset(endless, 'x', sizeof endless);
    wlk_check(!second(endless, sizeof endless) && watch.is_heard && watch.unusable == 1,
              "an endless answer is cut off and counted");
    close(listener);
    (void)second(NULL, 0);
    wlk_check(second(NULL, 0) && !watch.is_heard && watch.pulse.launches == 2,
              "3 s without an answer: not heard, and what was known stands");
    wlk_live_watch_end(&watch);
    return wlk_tap_done();
}
