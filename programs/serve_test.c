/* serve_test.c -- a node's display fed by a nation on the virtual clock: what the page is told
 * of a launch, that all of it is JSON in one order, and that a warning waits for a person where
 * a person is to release it. SPDX-License-Identifier: Apache-2.0 */
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
    wlk_serve_turn(serve, moment(at_s));
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

static void check_launch(void)
{
    open_all(false);
    play(LENGTH_S);
    close_all();
    read_shown();
    wlk_check(bad == 0 && disordered == 0 && raw == 0,
              "every line of what was shown is a number, a kind and JSON without markup");
    wlk_check(count[0] == 1 && count[1] == 1, "it begins with who the node is, and its areas");
    wlk_check(count[2] > 100 && with_sources > 50 && with_own > 50,
              "pictures have their sources, and beside them the one of own radars alone");
    wlk_check(count[3] > 5 && count[8] > 50 && count[7] > 100,
              "entries, trail and health are told");
    wlk_check(count[4] > 0 && direct > 0 && released == 0,
              "by policy, warnings go out at once, and are shown");
    wlk_check(count[5] > 0 && alarm_peak >= 1 && alarm_peak <= 3,
              "a launch is an alarm, and there are few of them (%zu at most)", alarm_peak);
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

static void check_release(void)
{
    char sato[64];
    open_all(true);
    play(LENGTH_S);
    wlk_check(direct == 0 && released == 0,
              "where a person releases, no warning goes by itself");
    sign_in("Sato", sato);
    read_shown();
    uint32_t number = waiting;
    wlk_check(is(act(sato, "release", number, ""), "done") && released == 1 &&
                  told.number == number && told.replaces == 0,
              "one that a person releases goes, and speaks of none that was not told");
    wlk_check(is(act(sato, "release", number, ""), "nothing-waits") && released == 1, "once");
    must(is(act(sato, "acknowledge", 1, ""), "done"));
    wlk_check(is(act(sato, "launch", 0, ",\"words\":\"x\""), "no-such-act") && count[9] == 4 &&
                  strstr(last_act, "Sato"),
              "every act is shown with its name, also one that there is not");
    close_all();
}

static void check_persons(void)
{
    static const char text[] = ",\"said\":{\"en\":\"Go east\",\"ja\":\"東へ\"}";
    char sato[64], kato[64], answer[BODY_SIZE];
    open_all(false);
    play(250);
    sign_in("Sato", sato);
    sign_in("Kato", kato);
    size_t before = direct;
    wlk_check(is(act(sato, "text", 1, text), "done") && released == 0 && asking == 1,
              "a text waits for a second person, and asks");
    uint32_t number = waiting;
    wlk_check(is(act(sato, "release", number, ""), "same-person") && released == 0,
              "the same person is none");
    wlk_check(is(act(kato, "release", number, ""), "done") && released == 1 &&
                  strcmp(told.said[1], "東へ") == 0 && told.is_by_person,
              "another releases it");
    wlk_check(is(act(sato, "cancel", 1, ",\"words\":\"wrong-area\""), "no-ground") &&
                  is(act(sato, "correct", 1, ",\"words\":\"no-missile\""), "no-ground") &&
                  is(act(sato, "cancel", 1, ""), "no-ground") && released == 1,
              "a reason of the other act is none");
    must(post("/command", sato,
              "{\"act\":\"cancel\",\"nature\":\"LIVE\",\"number\":1,"
              "\"words\":\"no-missile\"}",
              answer) == 409);
    wlk_check(released == 1, "an act from a page of another nature is none");
    wlk_check(is(act(sato, "cancel", 1, ",\"words\":\"no-missile\""), "done") &&
                  released == 2 && told.is_final && told.kind == WLK_WARNING_CORRECTION &&
                  told.ground == WLK_GROUND_NO_MISSILE,
              "one person cancels what was told, by any of its numbers");
    number = waiting;
    wlk_check(number > 0 && asking == 0 && told.number + 1 == number,
              "the machine's last word waits, and does not ask; no number is left out");
    wlk_check(is(act(kato, "release", number, ""), "done") && released == 3 &&
                  told.replaces == 0 && told.kind == WLK_WARNING_TAKE_COVER,
              "one act has it told again, as a new warning");
    must(is(act(sato, "cancel", number, ",\"words\":\"mistake\""), "done"));
    play(700);
    wlk_check(direct == before && released == 4,
              "while it flies on and passes, the machine tells nothing more by itself");
    close_all();
}

static void check_restart(void)
{
    char sato[64];
    open_all(false);
    play(200);
    sign_in("Sato", sato);
    must(is(act(sato, "cancel", 1, ",\"words\":\"mistake\""), "done"));
    close_node();
    must(truncate(shown, 0) == 0);
    open_node(false, now_s);
    play(300);
    turn(now_s += 0.6);
    read_shown();
    wlk_check(
        direct == 0 && released == 0 && waiting > 0 && asking == 1,
        "a node that starts anew does not tell by itself what a person cancelled: it asks");
    close_all();
}

/* The US takes itself out of all arrangements that it has signed. */
static void withdraw(void)
{
    static struct wlk_agreement agreement;
    struct wlk_fault fault;
    for (size_t i = 0; i < pact->bundle_count; i++) {
        uint8_t bytes[512];
        size_t size;
        if (wlk_force_read(pact->bundle[i].bytes, pact->bundle[i].size, &pact->roots,
                           &agreement, &fault) != WLK_OK)
            continue;
        struct wlk_withdrawal withdrawal = {agreement.digest, wlk_name_of("US"),
                                            moment(now_s).utc};
        if (wlk_force_withdraw(&withdrawal, &wlk_pact_owner(pact, withdrawal.party)->root,
                               bytes, sizeof bytes, &size) == WLK_OK)
            (void)!wlk_nation_statement(nation, WLK_STATEMENT_WITHDRAWAL, bytes, size,
                                        moment(now_s), &fault);
    }
}

static void check_receipts(void)
{
    char sato[64];
    struct wlk_fault fault;
    open_all(false);
    for (size_t i = 0; i < pact->bundle_count; i++)
        (void)!wlk_nation_statement(nation, WLK_STATEMENT_BUNDLE, pact->bundle[i].bytes,
                                    pact->bundle[i].size, moment(-60), &fault);
    play(200);
    read_shown();
    wlk_check(owing == 2 && paid == 0 && declared_s > 0 && owing_s - declared_s <= 3,
              "partners that do not confirm our warnings are an alarm each, within 3 s (%.1f)",
              owing_s - declared_s);
    withdraw();
    play(202);
    read_shown();
    wlk_check(owing == 0 && paid == 2,
              "when nothing is owed any more they clear, and stay until they are answered");
    sign_in("Sato", sato);
    must(is(act(sato, "acknowledge", owed_alarm, ""), "done"));
    wlk_check(owing == 0 && paid == 1, "answered, one leaves");
    close_all();
}

int main(void)
{
    static const char *const NATIONS[] = {"JP", "KR", "US"};
    const uint64_t seed = 1;
    wlk_name names[3];
    char path[1024];
    struct wlk_fault fault = {0};
    struct wlk_history *history = malloc(sizeof *history);
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
    check_launch();
    check_release();
    check_persons();
    check_restart();
    check_receipts();
    unlink(shown);
    wlk_pact_clear(pact);
    free(pact);
    wlk_scenario_close(scenario);
    free(history);
    return wlk_tap_done();
}
