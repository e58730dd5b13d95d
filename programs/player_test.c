/* player_test.c -- what radars are played to a node is the same for the same seed, in order,
 * and such that the node takes all of it. SPDX-License-Identifier: Apache-2.0 */
#include "programs/player.h"

#include "base/tap.h"
#include "programs/share.h"
#include "record/seal.h"
#include "sensors/intake.h"

#include <stdio.h>

enum { NATIONS = 3 };
static const char *const NAMES[NATIONS] = {"JP", "KR", "US"};
static const wlk_utc ORIGIN = {INT64_C(1795392000000000000)};

static struct wlk_scenario *scenario;
static struct wlk_intake *intake[NATIONS];

/* What one playing gave. */
struct course {
    size_t count, backwards, unread, not_taken, unannounced;
    size_t by_nation[NATIONS];
    double first_s, last_s;
    wlk_digest digest; /* of all bytes, chained */
};

static void take(const struct wlk_played *played, struct course *out)
{
    struct wlk_datagram datagram;
    struct wlk_intake_result result;
    uint8_t chained[sizeof out->digest.bytes + WLK_PLOT_DATAGRAM_MAX];
    out->unread += wlk_datagram_decode(played->bytes, played->size, &datagram, NULL) != WLK_OK;
    for (size_t i = 0; i < NATIONS; i++) {
        struct wlk_intake_input input = {
            .bytes = played->bytes, .size = played->size, .now = played->arrival};
        if (!wlk_name_equal(played->nation, wlk_name_of(NAMES[i])))
            continue;
        out->by_nation[i]++;
        out->not_taken += wlk_intake_take(intake[i], &input, &result, NULL) != WLK_OK;
    }
    memcpy(chained, out->digest.bytes, sizeof out->digest.bytes);
    memcpy(chained + sizeof out->digest.bytes, played->bytes, played->size);
    wlk_sha256(chained, sizeof out->digest.bytes + played->size, &out->digest);
}

/* Plays it all, step_s at a time. */
static void play(uint64_t seed, double step_s, struct course *out)
{
    struct wlk_player *player;
    struct wlk_played played;
    wlk_utc last = ORIGIN, announced;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < NATIONS; i++)
        if (wlk_intake_open(wlk_name_of(NAMES[i]), WLK_NATURE_EXERCISE, &scenario->sites,
                            &intake[i]) != WLK_OK)
            return;
    if (wlk_player_open(scenario, seed, ORIGIN, &player) != WLK_OK)
        return;
    for (double t = 0; t < scenario->length_s + step_s; t += step_s) {
        bool has_more = wlk_player_arrival(player, &announced);
        while (wlk_player_next(player, wlk_utc_add(ORIGIN, t), &played)) {
            out->unannounced += !has_more || played.arrival.ns != announced.ns;
            out->backwards += played.arrival.ns < last.ns;
            out->backwards += played.arrival.ns > wlk_utc_add(ORIGIN, t).ns;
            last = played.arrival;
            if (!out->count++)
                out->first_s = wlk_utc_seconds(played.arrival, ORIGIN);
            out->last_s = wlk_utc_seconds(played.arrival, ORIGIN);
            take(&played, out);
            has_more = wlk_player_arrival(player, &announced);
        }
    }
    wlk_player_close(player);
    for (size_t i = 0; i < NATIONS; i++)
        wlk_intake_close(intake[i]);
}

static void check_course(void)
{
    static struct course one, again, other, sighted;
    play(1, 0.5, &one);
    wlk_note("%zu datagrams, T+%.0f to T+%.0f s", one.count, one.first_s, one.last_s);
    wlk_check(one.count > 500 && one.by_nation[0] && one.by_nation[1] && one.by_nation[2],
              "each nation's radars see the flight");
    wlk_check(one.first_s > 10 && one.last_s < scenario->length_s,
              "after it has risen and before it is over");
    wlk_check(one.backwards == 0, "datagrams come in the order of their arrival, none early");
    wlk_check(one.unannounced == 0, "each at the time that was announced");
    wlk_check(one.unread == 0 && one.not_taken == 0,
              "each is a datagram, and its nation's intake takes it");
    play(1, 7.3, &again);
    wlk_check(again.count == one.count && wlk_digest_equal(&again.digest, &one.digest),
              "the same seed gives the same bytes, in whatever steps they are pulled");
    play(2, 0.5, &other);
    wlk_check(!wlk_digest_equal(&other.digest, &one.digest), "another seed gives others");
    scenario->is_infrared = true;
    play(1, 0.5, &sighted);
    scenario->is_infrared = false;
    wlk_check(sighted.count == one.count + 1 && sighted.by_nation[2] == one.by_nation[2] + 1 &&
                  sighted.not_taken == 0 && sighted.backwards == 0 && sighted.unannounced == 0,
              "infrared adds one sighting, to its owner, in its place");
}

static void check_outage(void)
{
    static struct course whole, less;
    play(3, 1, &whole);
    scenario->outage_count = 1;
    scenario->outage[0].site = wlk_name_of("KR-GP-CB");
    scenario->outage[0].from_s = 0;
    scenario->outage[0].to_s = 5000;
    play(3, 1, &less);
    scenario->outage_count = 0;
    wlk_check(less.by_nation[1] < whole.by_nation[1] && less.by_nation[0] == whole.by_nation[0],
              "a radar that is down is not heard, the others are as before");
}

static void check_refusals(const struct wlk_history *history)
{
    struct wlk_scenario *none = NULL;
    struct wlk_fault fault = {0};
    wlk_check(wlk_scenario_open(history, "1999-01-01", "default", &none, &fault) ==
                      WLK_BAD_INPUT && strstr(fault.detail, "1999-01-01") && !none,
              "a launch that nobody documented is named");
    wlk_check(wlk_scenario_open(history, "2019-07-25a", "default", &none, &fault) ==
                      WLK_NO_SOLUTION && strstr(fault.detail, "pull-up") && !none,
              "one that was no ballistic flight says what it was");
    wlk_check(wlk_scenario_open(history, "2017-05-29", "nowhere", &none, &fault) ==
                      WLK_BAD_INPUT && strstr(fault.detail, "nowhere") && !none,
              "a set of radars that does not exist is named");
}

/* Each launch of a day is sighted by itself, at its own time. */
static void check_sightings(struct wlk_scenario *day)
{
    struct wlk_player *player;
    struct wlk_played played;
    struct wlk_datagram datagram;
    size_t count = 0, right = 0;
    day->is_infrared = true;
    if (wlk_player_open(day, 1, ORIGIN, &player) != WLK_OK)
        return;
    while (wlk_player_next(player, wlk_utc_add(ORIGIN, day->length_s), &played)) {
        if (wlk_datagram_decode(played.bytes, played.size, &datagram, NULL) != WLK_OK ||
            datagram.kind != WLK_DATAGRAM_SIGHTING)
            continue;
        wlk_utc told = {datagram.sighting.launch_time_ns};
        double off_s = wlk_utc_seconds(told, ORIGIN) - day->launch_s[count % day->count];
        right += off_s > -60 && off_s < 60;
        count++;
    }
    wlk_player_close(player);
    day->is_infrared = false;
    wlk_check(count == day->count && right == count, "each launch of the day is sighted once");
}

static void check_many(const struct wlk_history *history)
{
    struct wlk_scenario *day;
    struct wlk_fault fault = {0};
    if (!wlk_check(wlk_scenario_open(history, "2022-12-31", "default", &day, &fault) ==
                           WLK_OK && day->count == 3,
                   "a day with three launches has three flights"))
        return;
    wlk_check(day->launch_s[0] == 0 && day->launch_s[1] > 600 &&
                  day->launch_s[2] > day->launch_s[1] &&
                  day->length_s > day->launch_s[2] + day->flight[2]->flight_time_s,
              "each at its own time, and the scenario outlasts the last");
    check_sightings(day);
    wlk_check(wlk_scenario_multiply(day, 12, 4) == WLK_OK && day->count == 12 &&
                  day->launch_s[11] == 44,
              "as a load it is twelve, 4 s apart");
    wlk_check(wlk_scenario_multiply(day, WLK_SCRIPT_LAUNCHES_MAX + 1, 4) == WLK_FULL &&
                  day->count == 12,
              "but never more than there is room for");
    wlk_scenario_close(day);
}

int main(void)
{
    static struct wlk_history history;
    char path[1024];
    struct wlk_fault fault = {0};
    wlk_status status = wlk_seal_init();
    if (status == WLK_OK)
        status = wlk_share_path("rehearsal/history.txt", path, sizeof path);
    if (status == WLK_OK)
        status = wlk_history_read(path, &history, &fault);
    if (status == WLK_OK)
        status = wlk_scenario_open(&history, "2017-05-29", "default", &scenario, &fault);
    if (!wlk_check(status == WLK_OK, "a launch is read and solved"))
        return wlk_tap_done();
    check_course();
    check_outage();
    check_refusals(&history);
    check_many(&history);
    wlk_scenario_close(scenario);
    return wlk_tap_done();
}
