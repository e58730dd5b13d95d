/* watch.c -- warnlink watch: a second alarm path without a browser. Follows a node's alarms
 * over its display port, rings the terminal's bell until a person has answered, and runs a
 * command for each alarm that asks.
 *
 * A node that falls silent rings too: silence is not calm.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/mains.h"

#include "base/assert.h"
#include "base/clock.h"
#include "programs/options.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const int64_t SILENT_NS = 3000000000; /* the node speaks twice a second */
static const int64_t AGAIN_NS = 500000000;   /* between two tries to connect */
static const int64_t BELL_NS = 1000000000;
enum { LINE_SIZE = 1 << 21, ASKING_MAX = 64 };

extern char **environ;

struct watch {
    const char *host, *hook;
    int port, line;            /* line: -1 not connected */
    size_t used;
    char bytes[LINE_SIZE];     /* what has come of the line being read */
    bool is_alarms, is_long;   /* the event being read; longer than LINE_SIZE: passed over */
    size_t asking_count;
    json_int_t asking[ASKING_MAX];
    bool is_silent, is_coloured;
    wlk_mono heard, tried, rung;
};

static volatile sig_atomic_t ended;

static void on_signal(int number)
{
    (void)number;
    ended = 1;
}

static void hang_up(struct watch *watch)
{
    if (watch->line >= 0)
        close(watch->line);
    watch->line = -1;
    watch->used = 0;
    watch->is_alarms = watch->is_long = false;
}

/* ---- saying it ----------------------------------------------------------------------- */

/* Runs the command with what there is to say in its environment: no text of a partner ever
 * reaches a shell as words of a command. */
static void run_hook(const struct watch *watch, const char *kind, const char *key,
                     json_int_t count)
{
    char number[32];
    char *argv[] = {"sh", "-c", (char *)watch->hook, NULL};
    pid_t child;
    if (!watch->hook)
        return;
    snprintf(number, sizeof number, "%lld", (long long)count);
    setenv("WARNLINK_KIND", kind, 1);
    setenv("WARNLINK_ABOUT", key, 1);
    setenv("WARNLINK_COUNT", number, 1);
    if (posix_spawn(&child, "/bin/sh", NULL, NULL, argv, environ) != 0)
        fprintf(stderr, "warnlink watch: the hook cannot be run: %s\n", strerror(errno));
}

/* Control characters of a text from elsewhere could move the cursor, or more. */
static void print_plain(const char *text)
{
    for (const char *c = text; *c; c++)
        putchar((unsigned char)*c < 0x20 || *c == 0x7f ? '?' : *c);
}

static void say(const struct watch *watch, const char *kind, const char *key,
                const char *words, json_int_t count)
{
    char time[32];
    wlk_utc_text(wlk_clock_wall(), 0, time);
    printf("%s%s  ALARM ", watch->is_coloured ? "\033[1;31m" : "", time);
    print_plain(kind);
    if (count > 1)
        printf(" x%lld", (long long)count);
    printf(" ");
    print_plain(key);
    printf(" ");
    print_plain(words);
    printf("%s\a\n", watch->is_coloured ? "\033[0m" : "");
    fflush(stdout);
}

static bool is_known(const struct watch *watch, json_int_t number)
{
    for (size_t i = 0; i < watch->asking_count; i++)
        if (watch->asking[i] == number)
            return true;
    return false;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void take_alarms(struct watch *watch, const char *text)
{
    json_error_t error;
    json_t *read = json_loads(text, 0, &error), *alarm;
    const json_t *list = json_object_get(read, "alarms");
    if (!json_is_array(list)) { /* not understood is not calm: ask again from the start */
        json_decref(read);
        hang_up(watch);
        return;
    }
    json_int_t asking[ASKING_MAX];
    size_t count = 0, index;
    json_array_foreach(list, index, alarm) {
        json_int_t number = json_integer_value(json_object_get(alarm, "number"));
        json_int_t launches = json_integer_value(json_object_get(alarm, "count"));
        if (json_is_true(json_object_get(alarm, "acknowledged")) || count == ASKING_MAX)
            continue;
        asking[count++] = number;
        if (is_known(watch, number))
            continue;
        say(watch, text_of(alarm, "kind"), text_of(alarm, "key"), text_of(alarm, "words"),
            launches);
        run_hook(watch, text_of(alarm, "kind"), text_of(alarm, "key"), launches);
    }
    if (watch->asking_count && !count)
        puts("all alarms are acknowledged");
    watch->asking_count = count;
    memcpy(watch->asking, asking, count * sizeof asking[0]);
    json_decref(read);
}

/* ---- hearing it ---------------------------------------------------------------------- */

static void dial(struct watch *watch, wlk_mono now)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)watch->port)};
    char request[256];
    if (watch->tried.ns && now.ns - watch->tried.ns < AGAIN_NS)
        return;
    watch->tried = now;
    inet_pton(AF_INET, watch->host, &address.sin_addr);
    watch->line = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int size = snprintf(request, sizeof request,
                        "GET /events HTTP/1.0\r\nHost: %s:%d\r\n"
                        "Accept: text/event-stream\r\n\r\n",
                        watch->host, watch->port);
    if (watch->line < 0 ||
        connect(watch->line, (struct sockaddr *)&address, sizeof address) != 0 ||
        send(watch->line, request, (size_t)size, MSG_NOSIGNAL) != size ||
        fcntl(watch->line, F_SETFL, O_NONBLOCK) != 0)
        hang_up(watch);
}

/* One line of the stream, which HTTP/1.0 sends without chunks between. */
static void take_line(struct watch *watch)
{
    static const char event[] = "event: ", alarms[] = "event: alarms", start[] = "data: ";
    if (strncmp(watch->bytes, event, sizeof event - 1) == 0)
        watch->is_alarms = strcmp(watch->bytes, alarms) == 0;
    else if (watch->is_alarms && strncmp(watch->bytes, start, sizeof start - 1) == 0)
        take_alarms(watch, watch->bytes + sizeof start - 1);
}

static void hear(struct watch *watch, wlk_mono now)
{
    char bytes[65536];
    ssize_t size = recv(watch->line, bytes, sizeof bytes, 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size <= 0) {
        hang_up(watch);
        return;
    }
    watch->heard = now;
    for (ssize_t i = 0; i < size && watch->line >= 0; i++) {
        if (bytes[i] == '\n') {
            watch->bytes[watch->used] = 0;
            if (!watch->is_long)
                take_line(watch);
            watch->used = 0;
            watch->is_long = false;
        } else if (bytes[i] != '\r' && watch->used + 1 < LINE_SIZE) {
            watch->bytes[watch->used++] = bytes[i];
        } else if (bytes[i] != '\r') {
            watch->is_long = true;
        }
    }
}

static void judge_silence(struct watch *watch, wlk_mono now)
{
    bool is_silent = now.ns - watch->heard.ns > SILENT_NS;
    if (is_silent && !watch->is_silent) {
        say(watch, "DATA", "", "nothing is heard from the node: silence is not calm", 0);
        run_hook(watch, "DATA", "", 0);
        hang_up(watch);
    } else if (!is_silent && watch->is_silent) {
        puts("the node is heard again");
        fflush(stdout);
    }
    watch->is_silent = is_silent;
    if ((watch->asking_count || is_silent) && now.ns - watch->rung.ns > BELL_NS) {
        watch->rung = now;
        fputs("\a", stdout);
        fflush(stdout);
    }
}

static void run(struct watch *watch)
{
    watch->heard = wlk_clock_mono();
    while (!ended) {
        wlk_mono now = wlk_clock_mono();
        if (watch->line < 0)
            dial(watch, now);
        struct pollfd waiting = {watch->line, POLLIN, 0};
        if (poll(&waiting, 1, 100) > 0)
            hear(watch, wlk_clock_mono());
        judge_silence(watch, wlk_clock_mono());
        while (waitpid(-1, NULL, WNOHANG) > 0)
            continue; /* hooks that have ended */
    }
    hang_up(watch);
}

int wlk_watch_main(int argc, char *argv[])
{
    enum { HOST, PORT, HOOK, OPTION_COUNT };
    static struct watch watch = {.line = -1};
    struct in_addr address;
    struct wlk_option option[OPTION_COUNT] = {
        [HOST] = {"host", WLK_OPTION_TEXT, "ADDRESS", "of the node's display (127.0.0.1)",
                  .text = "127.0.0.1"},
        [PORT] = {"port", WLK_OPTION_INTEGER, "N", "of the node's display", .low = 1,
                  .high = 65535},
        [HOOK] = {"hook", WLK_OPTION_TEXT, "COMMAND",
                  "run for each alarm; $WARNLINK_KIND, _ABOUT, _COUNT say which"}};
    struct wlk_options options = {.program = "warnlink watch",
                                  .purpose = "ring for a node's alarms, without a browser",
                                  .option = option,
                                  .option_count = OPTION_COUNT};
    wlk_status status = wlk_options_read(&options, argc, argv);
    if (status != WLK_OK)
        return wlk_options_exit(status);
    if (!option[PORT].is_given)
        return wlk_options_refuse(&options, "--port N is needed");
    if (inet_pton(AF_INET, option[HOST].text, &address) != 1)
        return wlk_options_refuse(&options, "not an IPv4 address: %.60s", option[HOST].text);
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    watch.host = option[HOST].text;
    watch.port = (int)option[PORT].integer;
    watch.hook = option[HOOK].text;
    watch.is_coloured = isatty(STDOUT_FILENO) == 1;
    run(&watch);
    return 0;
}
