/* serve_for_test.h -- a node's display fed by a nation on the virtual clock, people at it, and
 * what was shown, read back. For tests only. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_SERVE_FOR_TEST_H
#define WLK_PROGRAMS_SERVE_FOR_TEST_H

#include "programs/serve.h"

#include "base/assert.h"
#include "base/random.h"
#include "base/tap.h"
#include "exchange/journal.h"
#include "programs/pact.h"
#include "programs/player.h"
#include "programs/share.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const wlk_utc ORIGIN = {INT64_C(1795392000000000000)};
static const double TICK_S = 0.1, LENGTH_S = 300;
enum { KINDS = 10, BODY_SIZE = 1024, NUMBERS = 4096 };
static const char *const KIND[KINDS] = {"about",  "areas",    "picture", "entry", "warning",
                                        "alarms", "pedigree", "health",  "trail", "act"};

static struct wlk_scenario *scenario;
static struct wlk_pact *pact;
static wlk_name self;
static struct wlk_node_config config;
static struct wlk_nation *nation;
static struct wlk_journal *journal;
static struct wlk_pedigree *pedigree;
static struct wlk_serve *serve;
static size_t direct, released; /* warnings that went at once; that a person released */
static struct wlk_warning told; /* of those released by a person */
static double now_s;
static struct wlk_player *player;
static char shown[64] = "/tmp/warnlink-serve-XXXXXX";

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static struct wlk_moment moment(double at_s)
{
    return (struct wlk_moment){wlk_utc_add(ORIGIN, at_s), {(int64_t)((at_s + 1000) * 1e9)}};
}

static void draw_salt(void *context, uint8_t salt[WLK_SALT_SIZE])
{
    (void)context;
    memset(salt, 7, WLK_SALT_SIZE);
}

static void open_node(bool is_named, double at_s)
{
    struct wlk_fault fault = {0};
    const struct wlk_secret_key *key = &wlk_pact_owner(pact, self)->exercise;
    config = (struct wlk_node_config){.nation = self,
                                      .nature = WLK_NATURE_EXERCISE,
                                      .exercise = "<b>DRILL</b>",
                                      .clock = {ORIGIN, ORIGIN, 1},
                                      .display_host = "127.0.0.1",
                                      .display_port = "0",
                                      .display_release = is_named};
    must(wlk_share_path("areas", config.areas, sizeof config.areas) == WLK_OK);
    snprintf(config.display_shown, sizeof config.display_shown, "%s", shown);
    must(wlk_pedigree_open(&pedigree) == WLK_OK);
    struct wlk_nation_options options = {.name = self,
                                         .nature = WLK_NATURE_EXERCISE,
                                         .exercise = "<b>DRILL</b>",
                                         .sites = &scenario->sites,
                                         .areas_folder = config.areas,
                                         .hub_count = 1,
                                         .hub = {wlk_name_of("HON-A")},
                                         .journal = journal,
                                         .key = key,
                                         .roots = &pact->roots,
                                         .salts = {draw_salt, NULL},
                                         .now = moment(at_s),
                                         .pedigree = pedigree};
    must(wlk_nation_open(&options, &nation, &fault) == WLK_OK);
    struct wlk_serve_options display = {.config = &config,
                                        .sites = &scenario->sites,
                                        .nation = nation,
                                        .journal = journal,
                                        .pedigree = pedigree,
                                        .key = key,
                                        .roots = &pact->roots,
                                        .now = moment(at_s)};
    must(wlk_serve_open(&display, &serve, &fault) == WLK_OK);
    direct = released = 0;
}

static void open_all(bool is_named)
{
    struct wlk_fault fault = {0};
    must(truncate(shown, 0) == 0);
    must(wlk_journal_open(":memory:", self, &journal, &fault) == WLK_OK);
    must(wlk_player_open(scenario, 1, ORIGIN, &player) == WLK_OK);
    open_node(is_named, -60);
    now_s = 0;
}

static void close_node(void)
{
    wlk_serve_close(serve);
    wlk_nation_close(nation);
    wlk_pedigree_close(pedigree);
}

static void close_all(void)
{
    wlk_player_close(player);
    close_node();
    wlk_journal_close(journal);
}

/* What the loop of a node does in a turn (node.c). */
static void turn(double at_s)
{
    static struct wlk_entry entry;
    static struct wlk_warning warning;
    wlk_nation_tick(nation, moment(at_s));
    while (wlk_nation_work(nation, moment(at_s)))
        continue;
    while (wlk_nation_entry(nation, &entry))
        wlk_serve_entry(serve, &entry);
    while (wlk_nation_warning(nation, &warning))
        direct += wlk_serve_warning(serve, &warning);
    while (wlk_serve_released(serve, &warning)) {
        released++;
        told = warning;
    }
    (void)wlk_serve_turn(serve, moment(at_s));
}

static void play(double until_s)
{
    struct wlk_played played;
    for (; now_s < until_s; now_s += TICK_S) {
        while (wlk_player_next(player, moment(now_s).utc, &played)) {
            struct wlk_moment arrival = moment(wlk_utc_seconds(played.arrival, ORIGIN));
            if (!wlk_name_equal(played.nation, self))
                continue;
            wlk_nation_datagram(nation, played.bytes, played.size, arrival);
            wlk_serve_datagram(serve, played.bytes, played.size, arrival);
        }
        turn(now_s);
    }
}

/* A person acts: over a socket, as a page does. The node turns until an answer is there. */
static int post(const char *path, const char *session, const char *body, char *answer)
{
    char request[BODY_SIZE];
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)wlk_serve_port(serve))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int line = socket(AF_INET, SOCK_STREAM, 0), code = 0;
    must(connect(line, (struct sockaddr *)&address, sizeof address) == 0);
    int size = snprintf(request, sizeof request,
                        "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n"
                        "Content-Type: application/json\r\nX-Warnlink-Session: %s\r\n"
                        "Content-Length: %zu\r\n\r\n%s",
                        path, wlk_serve_port(serve), session, strlen(body), body);
    must(send(line, request, (size_t)size, 0) == size);
    fcntl(line, F_SETFL, O_NONBLOCK);
    answer[0] = 0;
    for (int i = 0; i < 500 && !answer[0]; i++) {
        turn(now_s += 0.001);
        ssize_t got = recv(line, answer, BODY_SIZE - 1, 0);
        if (got > 0)
            answer[got] = 0;
        usleep(1000);
    }
    for (int i = 0; i < 3; i++) /* taken, obeyed, pulled */
        turn(now_s += 0.001);
    close(line);
    sscanf(answer, "HTTP/1.1 %d", &code);
    return code;
}

/* ---- what was shown ------------------------------------------------------------------ */

static size_t count[KINDS], bad, disordered, with_own, with_sources, alarm_peak, raw;
static char last_act[BODY_SIZE];
static bool waits[NUMBERS]; /* by number of the warning */
static uint32_t waiting;    /* the highest that does */
static size_t owing, paid;  /* alarms about receipts now: standing; whose cause is gone */
static unsigned owed_alarm; /* number of one */
static double declared_s, owing_s; /* scenario time of the first of each */
static size_t asking;              /* alarms that ask for a person at the desk, now */

static void take_desk(const char *kind, const json_t *read)
{
    if (strcmp(kind, "warning") == 0) {
        const char *state = json_string_value(json_object_get(read, "state"));
        uint32_t number = (uint32_t)json_integer_value(json_object_get(read, "number"));
        bool is_waiting = state && strcmp(state, "proposed") == 0;
        must(number < NUMBERS);
        waits[number] = is_waiting;
        for (waiting = NUMBERS - 1; waiting && !waits[waiting];)
            waiting--;
    }
    const json_t *alarms = json_object_get(read, "alarms");
    if (strcmp(kind, "alarms") == 0)
        asking = owing = paid = 0;
    for (size_t i = 0; i < json_array_size(alarms); i++) {
        const json_t *alarm = json_array_get(alarms, i);
        const char *what = json_string_value(json_object_get(alarm, "kind"));
        bool is_gone = json_is_true(json_object_get(alarm, "gone"));
        asking += what && strcmp(what, "WAITING") == 0 && !is_gone;
        if (!what || strcmp(what, "RECEIPT") != 0)
            continue;
        owing += !is_gone;
        paid += is_gone;
        owed_alarm = (unsigned)json_integer_value(json_object_get(alarm, "number"));
        if (owing_s == 0)
            owing_s = json_number_value(json_object_get(alarm, "raised")) / 1e3;
    }
    const char *entry = json_string_value(json_object_get(read, "kind"));
    if (strcmp(kind, "entry") == 0 && entry && strcmp(entry, "declared") == 0 &&
        declared_s == 0)
        declared_s = json_number_value(json_object_get(read, "t")) / 1e3;
}

static void take_line(char *line, uint64_t *newest)
{
    char kind[16];
    int at = 0;
    unsigned long long id;
    json_error_t error;
    if (sscanf(line, "%llu %15s %n", &id, kind, &at) != 2) {
        bad++;
        return;
    }
    json_t *read = json_loads(line + at, JSON_REJECT_DUPLICATES, &error);
    bad += !read;
    raw += strpbrk(line + at, "<>") != NULL;
    disordered += id != 0 && id <= *newest;
    *newest = id;
    for (size_t k = 0; k < KINDS; k++)
        count[k] += strcmp(kind, KIND[k]) == 0;
    const json_t *object = json_array_get(json_object_get(read, "objects"), 0);
    with_sources += json_array_size(json_object_get(object, "sources")) > 0;
    with_own += json_array_size(json_object_get(json_object_get(read, "own"), "objects")) > 0;
    size_t alarms = json_array_size(json_object_get(read, "alarms"));
    alarm_peak = alarms > alarm_peak ? alarms : alarm_peak;
    take_desk(kind, read);
    if (strcmp(kind, "act") == 0)
        snprintf(last_act, sizeof last_act, "%s", line + at);
    json_decref(read);
}

static void read_shown(void)
{
    FILE *in = fopen(shown, "r");
    char *line = NULL;
    size_t room = 0;
    uint64_t newest = 0;
    must(in != NULL);
    memset(count, 0, sizeof count);
    waiting = 0;
    memset(waits, 0, sizeof waits);
    asking = owing = paid = 0;
    declared_s = owing_s = 0;
    bad = disordered = with_own = with_sources = alarm_peak = raw = 0;
    while (getline(&line, &room, in) > 0)
        take_line(line, &newest);
    free(line);
    fclose(in);
}

static void sign_in(const char *name, char session[64])
{
    char answer[BODY_SIZE], body[128];
    snprintf(body, sizeof body, "{\"name\":\"%s\"}", name);
    must(post("/session", "", body, answer) == 200);
    const char *found = strstr(answer, "{\"session\":\"");
    must(found != NULL);
    snprintf(session, 33, "%s", found + 12);
}

/* Acts and returns the outcome as it was shown. */
static const char *act(const char *session, const char *what, unsigned number, const char *more)
{
    static char outcome[64];
    char answer[BODY_SIZE], body[512];
    snprintf(body, sizeof body, "{\"act\":\"%s\",\"nature\":\"EXERCISE\",\"number\":%u%s}",
             what, number, more);
    must(post("/command", session, body, answer) == 202);
    turn(now_s += 0.6); /* with health, the file of what was shown is written out */
    read_shown();
    const char *found = strstr(last_act, "\"outcome\":\"");
    must(found != NULL);
    snprintf(outcome, sizeof outcome, "%s", found + 11);
    outcome[strcspn(outcome, "\"")] = 0;
    return outcome;
}

static bool is(const char *outcome, const char *wanted)
{
    if (strcmp(outcome, wanted) != 0)
        wlk_note("outcome: %s", outcome);
    return strcmp(outcome, wanted) == 0;
}

/* ---- begin and end ---------------------------------------------------------------------- */

static struct wlk_history *history;

static void world_open(void)
{
    static const char *const NATIONS[] = {"JP", "KR", "US"};
    const uint64_t seed = 1;
    wlk_name names[3];
    char path[1024];
    struct wlk_fault fault = {0};
    history = malloc(sizeof *history);
    must(wlk_seal_init() == WLK_OK && history != NULL);
    must(wlk_share_path("rehearsal/history.txt", path, sizeof path) == WLK_OK);
    must(wlk_history_read(path, history, &fault) == WLK_OK);
    must(wlk_scenario_open(history, "2017-08-29", "default", &scenario, &fault) == WLK_OK);
    must(wlk_scenario_draw(scenario, 1) == WLK_OK);
    int file = mkstemp(shown);
    must(file >= 0);
    close(file);
    self = wlk_name_of("JP");
    pact = calloc(1, sizeof *pact);
    must(pact != NULL && wlk_share_path("arrangements", path, sizeof path) == WLK_OK);
    for (size_t i = 0; i < 3; i++)
        names[i] = wlk_name_of(NATIONS[i]);
    wlk_pact_keys(names, 3, wlk_name_of("HON-A"), &seed, pact);
    must(wlk_pact_sign(pact, path, ORIGIN, NULL, &fault) == WLK_OK);
}

static int end(void)
{
    unlink(shown);
    wlk_pact_clear(pact);
    free(pact);
    wlk_scenario_close(scenario);
    free(history);
    return wlk_tap_done();
}

#endif
