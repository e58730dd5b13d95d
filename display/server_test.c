/* server_test.c -- the server against a hand-made client on a real socket: what a page gets,
 * what another site does not, how a stream goes on after a cut, who may act.
 * SPDX-License-Identifier: Apache-2.0 */
#include "display/server_private.h"

#include "base/tap.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct wlk_server *server;
static struct wlk_feed *feed;
static char got[1 << 21];
static size_t got_size;
static int64_t now_ns = 1000000000;
static struct in_addr asked_at; /* where the server is asked */

static int dial(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)wlk_server_port(server))};
    address.sin_addr = asked_at;
    int line = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(line, (struct sockaddr *)&address, sizeof address) != 0)
        exit(1);
    fcntl(line, F_SETFL, O_NONBLOCK);
    return line;
}

/* Turns the server and reads, until wanted has come, the peer has closed, or nothing comes. */
static bool hear(int line, const char *wanted)
{
    for (int idle = 0; idle < 200; idle++) {
        (void)wlk_server_turn(server, (wlk_mono){now_ns});
        ssize_t size = recv(line, got + got_size, sizeof got - 1 - got_size, 0);
        if (size > 0) {
            got_size += (size_t)size;
            idle = 0;
        }
        got[got_size] = 0;
        if (wanted && strstr(got, wanted))
            return true;
        if (size == 0)
            return false;
        struct pollfd waiting[] = {{line, POLLIN, 0},
                                   {wlk_server_descriptor(server), POLLIN, 0}};
        poll(waiting, 2, 5);
    }
    return false;
}

/* Reads so many bytes, but never waits for time to pass: as a loop does that calls again where
 * the server is not through, and else sleeps until its descriptor wakes it. */
static bool flows(int line, size_t wanted)
{
    for (int asleep = 0; asleep < 2;) {
        bool is_through = !wlk_server_turn(server, (wlk_mono){now_ns});
        for (ssize_t size = 1; size > 0 && got_size < wanted;) {
            size = recv(line, got + got_size, sizeof got - 1 - got_size, 0);
            got_size += size > 0 ? (size_t)size : 0;
        }
        if (got_size >= wanted)
            return true;
        struct pollfd waiting = {wlk_server_descriptor(server), POLLIN, 0};
        asleep += is_through && poll(&waiting, 1, 0) == 0;
    }
    return false;
}

static int begin(const char *path, const char *headers, const char *body, const char *method)
{
    char request[16384];
    int line = dial();
    int size = snprintf(request, sizeof request,
                        "%s %s HTTP/1.1\r\nHost: localhost:%d\r\nContent-Length: %zu\r\n"
                        "Connection: close\r\n%s\r\n%s",
                        method, path, wlk_server_port(server), strlen(body), headers, body);
    got_size = 0;
    if (send(line, request, (size_t)size, 0) != size)
        exit(1);
    return line;
}

static int ask(const char *path, const char *headers, const char *body, const char *method)
{
    int code = 0, line = begin(path, headers, body, method);
    hear(line, NULL);
    close(line);
    sscanf(got, "HTTP/1.1 %d", &code);
    return code;
}

static int get(const char *path, const char *headers)
{
    return ask(path, headers, "", "GET");
}

static int post(const char *path, const char *session, const char *body)
{
    char headers[256];
    snprintf(headers, sizeof headers,
             "Content-Type: application/json\r\nX-Warnlink-Session: %s\r\n", session);
    return ask(path, headers, body, "POST");
}

static void check_documents(void)
{
    wlk_check(get("/", "") == 200 && strstr(got, "<!doctype html>"), "the page is there");
    wlk_check(strstr(got, "default-src 'none'; script-src 'self'") && !strstr(got, "unsafe") &&
                  strstr(got, "require-trusted-types-for 'script'"),
              "its policy takes scripts from the node only, nothing inline, no evaluation");
    wlk_check(strstr(got, "X-Content-Type-Options: nosniff") && strstr(got, "no-store"),
              "nothing is guessed, nothing is stored");
    wlk_check(get("/page.js", "") == 200 && get("/page.css", "") == 200 &&
                  get("/map.json", "") == 200,
              "its parts are there");
    wlk_check(get("/../../etc/passwd", "") == 404 && get("/page.js/..", "") == 404 &&
                  get("/nothing", "") == 404,
              "nothing else is");
    wlk_check(get("/pulse", "") == 404, "no pulse, before there is one");
    wlk_server_pulse(server, "{\"nature\":\"LIVE\"}");
    wlk_check(get("/pulse", "") == 200 && strstr(got, "\r\n\r\n{\"nature\":\"LIVE\"}"),
              "then as it was set");
    wlk_check(ask("/", "", "", "DELETE") == 405, "another method is refused");
}

static void check_origin(void)
{
    char request[256];
    int line = dial();
    got_size = 0;
    snprintf(request, sizeof request, "%s", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    if (send(line, request, strlen(request), 0) < 0)
        exit(1);
    wlk_check(hear(line, "HTTP/1.1 403"), "a request under another host's name is refused");
    close(line);
    wlk_check(get("/events", "Origin: http://evil.example\r\n") == 403,
              "a page of another origin gets no stream");
    wlk_check(ask("/session", "Content-Type: text/plain\r\n", "{\"name\":\"x\"}", "POST") ==
                  400,
              "what a form of another site could send is refused");
    wlk_check(!strstr(got, "Access-Control-Allow"), "no other origin is allowed to read");
}

static void add(enum wlk_feed_store store, const char *kind, const char *text)
{
    if (wlk_feed_add(feed, store, kind, text) != WLK_OK)
        exit(1);
}

static void check_stream(void)
{
    char headers[64], wanted[64];
    add(WLK_FEED_KEPT, "entry", "{\"n\":1}");
    int line = begin("/events", "", "", "GET");
    wlk_check(hear(line, "event: entry\ndata: {\"n\":1}\n\n") && strstr(got, "event: reset") &&
                  strstr(got, "text/event-stream"),
              "a new page begins anew and gets what happened before it came");
    got_size = 0;
    add(WLK_FEED_NEWEST, "picture", "{\"p\":7}");
    wlk_check(hear(line, "data: {\"p\":7}"), "and what comes new, while it waits");
    uint64_t last = wlk_feed_newest(feed);
    close(line);
    for (int i = 0; i < 20; i++) {
        snprintf(wanted, sizeof wanted, "{\"missed\":%d}", i);
        add(WLK_FEED_KEPT, "entry", wanted);
        add(WLK_FEED_NEWEST, "picture", "{\"p\":8}");
    }
    snprintf(headers, sizeof headers, "Last-Event-ID: %llu\r\n", (unsigned long long)last);
    line = begin("/events", headers, "", "GET");
    bool is_whole = hear(line, "{\"p\":8}");
    char *place = got;
    for (int i = 0; i < 20 && is_whole; i++) {
        snprintf(wanted, sizeof wanted, "{\"missed\":%d}", i);
        place = strstr(place, wanted);
        is_whole = place != NULL;
    }
    wlk_check(is_whole && !strstr(got, "event: reset") && !strstr(got, "{\"n\":1}"),
              "after a cut come all events that were missed, in order, and none twice");
    close(line);
    line = begin("/events", "Last-Event-ID: 99999999999999\r\n", "", "GET");
    wlk_check(hear(line, "{\"n\":1}") && strstr(got, "event: reset"),
              "a number of another life of the node begins anew");
    close(line);
    char *large = malloc(WLK_FEED_TEXT_MAX + 1);
    memset(large, '7', WLK_FEED_TEXT_MAX);
    large[WLK_FEED_TEXT_MAX] = 0;
    add(WLK_FEED_NEWEST, "picture", large);
    line = begin("/events", headers, "", "GET");
    bool is_there = hear(line, "77\n\n");
    wlk_check(is_there && got_size > WLK_FEED_TEXT_MAX, "the largest event comes whole");
    got_size = 0;
    add(WLK_FEED_NEWEST, "picture", large);
    wlk_check(flows(line, WLK_FEED_TEXT_MAX), "and without a pause in between");
    close(line);
    free(large);
}

static void check_acts(void)
{
    char session[64] = "";
    struct wlk_command command;
    wlk_check(post("/command", "", "{\"act\":\"acknowledge\",\"number\":1}") == 401,
              "nobody acts without signing in");
    wlk_check(post("/session", "", "{\"name\":\"\"}") == 400 &&
                  post("/session", "", "{\"name\":\" Sato\"}") == 400 &&
                  post("/session", "", "{\"name\":\"a\\nb\"}") == 400 &&
                  post("/session", "", "{\"name\":\"a\",\"name\":\"b\"}") == 400 &&
                  post("/session", "", "no JSON") == 400,
              "no name, a name with a line end, two names, or no JSON is refused");
    wlk_check(post("/session", "", "{\"name\":\"佐藤\"}") == 200, "a person signs in");
    const char *found = strstr(got, "{\"session\":\"");
    if (found)
        snprintf(session, 33, "%s", found + 12);
    wlk_check(post("/command", session,
                   "{\"act\":\"acknowledge\",\"nature\":\"EXERCISE\",\"number\":3}") == 202 &&
                  wlk_server_command(server, &command) && command.number == 3 &&
                  strcmp(command.by, "佐藤") == 0 && strcmp(command.act, "acknowledge") == 0,
              "and acts under that name");
    char kept = session[0];
    session[0] = kept == '0' ? '1' : '0';
    wlk_check(post("/command", session,
                   "{\"act\":\"acknowledge\",\"nature\":\"EXERCISE\",\"number\":3}") == 401,
              "a guessed session is none");
    session[0] = kept;
    uint64_t before = wlk_server_count(server).other_nature;
    wlk_check(post("/command", session, "{\"act\":\"note\",\"nature\":\"LIVE\"}") == 409 &&
                  post("/command", session, "{\"act\":\"note\",\"nature\":\"REPLAY\"}") ==
                      409 &&
                  post("/command", session, "{\"act\":\"note\"}") == 409 &&
                  post("/command", session, "{\"act\":\"note\",\"nature\":7}") == 409 &&
                  wlk_server_count(server).other_nature == before + 4,
              "an act from a page that shows another nature, or none, is refused and counted");
    wlk_check(
        post("/command", session,
             "{\"act\":\"text\",\"nature\":\"EXERCISE\",\"number\":3,"
             "\"said\":{\"en\":\"Go east\",\"ja\":\"東へ\"}}") == 202 &&
            wlk_server_command(server, &command) && strcmp(command.said[0], "Go east") == 0 &&
            strcmp(command.said[1], "東へ") == 0 && !command.said[2][0] && !command.is_proved,
        "a text comes in its languages; a name that was only stated is not proved");
    wlk_check(post("/command", session,
                   "{\"act\":\"text\",\"nature\":\"EXERCISE\",\"said\":"
                   "{\"en\":\"a\\u202eb\"}}") == 400 &&
                  post("/command", session,
                       "{\"act\":\"text\",\"nature\":\"EXERCISE\",\"said\":{\"en\":7}}") == 400,
              "a text with turning signs, or that is no text, is refused");
    char body[6000];
    snprintf(body, sizeof body, "{\"act\":\"note\",\"words\":\"%05000d\"}", 0);
    wlk_check(post("/command", session, body) == 413, "a body that is too long is refused");
    wlk_check(!wlk_server_command(server, &command), "what was refused is no command");
}

static void check_passwords(struct wlk_server_options *options)
{
    static struct wlk_operators operators;
    struct wlk_fault fault = {0};
    wlk_server_close(server);
    if (wlk_operators_parse("o",
                            "operator Sato $6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzl"
                            "B5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/\n",
                            &operators, &fault) != WLK_OK)
        exit(1);
    options->operators = &operators;
    if (wlk_server_open(options, &server, &fault) != WLK_OK)
        exit(1);
    wlk_check(post("/session", "", "{\"name\":\"Sato\",\"password\":\"wrong\"}") == 403,
              "where there are accounts, a wrong password is refused");
    wlk_check(post("/session", "", "{\"name\":\"Sato\",\"password\":\"password\"}") == 429,
              "the next guess has to wait");
    now_ns += 1100000000;
    wlk_check(post("/session", "", "{\"name\":\"Sato\",\"password\":\"password\"}") == 200,
              "the right one is taken");
    now_ns += 1100000000;
    wlk_check(post("/session", "", "{\"name\":\"Sato\"}") == 403, "and none is not");
}

/* ---- client certificates --------------------------------------------------------------- */

static int knock(const char *header, const char *body)
{
    char headers[8192];
    snprintf(headers, sizeof headers, "Content-Type: application/json\r\n%s", header);
    return ask("/session", headers, body, "POST");
}

static void reopen(struct wlk_server_options *options, const char *header)
{
    static struct wlk_operators operators;
    struct wlk_fault fault = {0};
    wlk_server_close(server);
    if (wlk_operators_parse("o",
                            "operator Sato certificate\n"
                            "operator \"Kato, J. 加藤\" certificate\n",
                            &operators, &fault) != WLK_OK)
        exit(1);
    options->operators = &operators;
    options->operator_header = header;
    if (wlk_server_open(options, &server, &fault) != WLK_OK)
        exit(1);
}

static const char KATO[] = "X-Operator: Kato\\, J. \\E5\\8A\\A0\\e8\\97\\a4\r\n";

/* What must not sign anybody in. */
static void check_strangers(void)
{
    static const char *const bad[] = {"X-Operator: Nobody\r\n",
                                      "X-Operator: Sat\r\n",
                                      "X-Operator: sato\r\n",
                                      "X-Operator: Sato\\\r\n",
                                      "X-Operator: Sato\\0\r\n",
                                      "X-Operator: Sato\\00\r\n",
                                      "X-Operator: Sa\x01to\r\n",
                                      "X-Operator: Sa\\0Ato\r\n",
                                      "X-Operator: Sato\xff\r\n",
                                      "X-Operator: CN=Sato,O=Evil\r\n",
                                      "X-Operator: Sato, Nobody\r\n",
                                      "X-Operator: Sato\r\nX-Operator: Sato\r\n",
                                      "X-Operator: Sato\r\nx-operator: Nobody\r\n"};
    char long_name[6000];
    size_t refused = 0, count = sizeof bad / sizeof bad[0];
    uint64_t before = wlk_server_count(server).strangers;
    for (size_t i = 0; i < count; i++)
        refused += knock(bad[i], "{\"name\":\"Sato\"}") == 403;
    snprintf(long_name, sizeof long_name, "X-Operator: %04000d\r\n", 0);
    refused += knock(long_name, "{}") == 403;
    wlk_check(refused == count + 1 && wlk_server_count(server).strangers == before + count + 1,
              "an unknown name, half an escape, control signs, two headers, an endless one: "
              "refused and counted (%zu of %zu)",
              refused, count + 1);
}

/* The same header by the address of a network: whoever sits there could have written it. */
static void check_elsewhere(struct wlk_server_options *options)
{
    struct ifaddrs *all = NULL;
    struct sockaddr_in found = {.sin_family = AF_UNSPEC};
    if (getifaddrs(&all) == 0)
        for (const struct ifaddrs *one = all; one; one = one->ifa_next)
            if (one->ifa_addr && one->ifa_addr->sa_family == AF_INET &&
                !wlk_server_is_loopback(one->ifa_addr))
                memcpy(&found, one->ifa_addr, sizeof found);
    freeifaddrs(all);
    if (found.sin_family != AF_INET) {
        wlk_skip("this machine has no address but its own");
        return;
    }
    options->host = "0.0.0.0";
    reopen(options, "X-Operator");
    asked_at = found.sin_addr;
    wlk_check(knock("X-Operator: Sato\r\n", "{}") == 403 &&
                  wlk_server_count(server).strangers == 1,
              "from a network the header is refused and counted");
    asked_at.s_addr = htonl(INADDR_LOOPBACK);
    wlk_check(knock("X-Operator: Sato\r\n", "{}") == 200,
              "from this machine it is believed by the same node");
}

static void check_certificates(struct wlk_server_options *options)
{
    char session[64] = "", headers[256];
    struct wlk_command command;
    reopen(options, NULL);
    wlk_check(knock("X-Operator: Sato\r\n", "{}") == 400 &&
                  wlk_server_count(server).strangers == 0,
              "without the setting no header names anybody");
    now_ns += 1100000000;
    wlk_check(knock("", "{\"name\":\"Sato\",\"password\":\"certificate\"}") == 403,
              "and an account without a password has none");
    reopen(options, "X-Operator");
    wlk_check(knock(KATO, "{}") == 200 && strstr(got, "Kato, J. 加藤"),
              "with it, the certificate's name signs in, its escapes undone");
    wlk_check(knock("X-Operator: \r\n", "{}") == 400,
              "an empty header, nginx's for no certificate, is none");
    wlk_check(knock("X-Operator: Sato\r\n", "{\"name\":\"Kato\"}") == 200 &&
                  strstr(got, "\"name\":\"Sato\""),
              "whatever name the page states");
    const char *found = strstr(got, "{\"session\":\"");
    if (found)
        snprintf(session, 33, "%s", found + 12);
    check_strangers();
    snprintf(headers, sizeof headers,
             "Content-Type: application/json\r\nX-Warnlink-Session: %s\r\n%s", session, KATO);
    static const char note[] = "{\"act\":\"note\",\"nature\":\"EXERCISE\"}";
    wlk_check(ask("/command", headers, note, "POST") == 403,
              "a session serves only the certificate that opened it");
    wlk_check(post("/command", session, note) == 202 && wlk_server_command(server, &command) &&
                  command.is_proved && strcmp(command.by, "Sato") == 0,
              "a name by certificate is proved");
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(0x7f010203);
    bool is_here = wlk_server_is_loopback((struct sockaddr *)&address);
    address.sin_addr.s_addr = htonl(0xc0000201);
    wlk_check(is_here && !wlk_server_is_loopback((struct sockaddr *)&address) &&
                  !wlk_server_is_loopback(NULL),
              "127.0.0.0/8 is this machine, nothing else");
}

int main(void)
{
    struct wlk_fault fault = {0};
    char page[1024];
    asked_at.s_addr = htonl(INADDR_LOOPBACK);
    snprintf(page, sizeof page, "%s/display/page", getenv("WARNLINK_SOURCE"));
    struct wlk_server_options options = {
        .host = "127.0.0.1", .port = "0", .page_folder = page, .nature = "EXERCISE"};
    if (wlk_feed_open(1, &feed) != WLK_OK)
        return 1;
    options.feed = feed;
    if (wlk_server_open(&options, &server, &fault) != WLK_OK) {
        fprintf(stderr, "%s: %s\n", fault.rule, fault.detail);
        return 1;
    }
    check_documents();
    check_origin();
    check_stream();
    check_acts();
    check_passwords(&options);
    check_certificates(&options);
    check_elsewhere(&options);
    wlk_server_close(server);
    wlk_feed_close(feed);
    return wlk_tap_done();
}
