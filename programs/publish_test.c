/* publish_test.c -- objects of one event: who tells of their number, and what a cancel of one
 * of them does to the others. SPDX-License-Identifier: Apache-2.0 */
#include "programs/publish.h"

#include "base/assert.h"
#include "base/random.h"
#include "base/tap.h"
#include "exchange/journal.h"
#include "programs/pact.h"
#include "programs/share.h"
#include "release/events.h"

#include <math.h>
#include <stdlib.h>

static const wlk_utc ORIGIN = {INT64_C(1795392000000000000)};
static const wlk_event SALVO = {{5, 5, 5}};
static struct wlk_pact *pact;
static struct wlk_journal *journal;
static struct wlk_post *post;
static struct wlk_publisher *publisher;
static struct wlk_random random_bits;

static void draw(void *context, uint8_t salt[WLK_SALT_SIZE])
{
    uint64_t bits[2] = {wlk_random_bits(context), wlk_random_bits(context)};
    memcpy(salt, bits, WLK_SALT_SIZE);
}

static struct wlk_moment moment(double at_s)
{
    return (struct wlk_moment){wlk_utc_add(ORIGIN, at_s), {(int64_t)((at_s + 1000) * 1e9)}};
}

static wlk_status begin(void)
{
    static const char *const names[] = {"JP", "KR", "US"};
    const uint64_t seed = 1;
    char arrangements[1024];
    wlk_name nation[3];
    struct wlk_fault fault;
    for (size_t i = 0; i < 3; i++)
        nation[i] = wlk_name_of(names[i]);
    WLK_TRY(wlk_seal_init());
    WLK_TRY(wlk_share_path("arrangements", arrangements, sizeof arrangements));
    random_bits = wlk_random_seeded(2, 1);
    wlk_pact_keys(nation, 3, wlk_name_of("HON-A"), &seed, pact);
    WLK_TRY(wlk_pact_sign(pact, arrangements, ORIGIN, NULL, &fault));
    WLK_TRY(wlk_journal_open(":memory:", nation[1], &journal, &fault));
    struct wlk_post_options to_post = {.nation = nation[1],
                                       .hub_count = 1,
                                       .hub = {wlk_name_of("HON-A")},
                                       .journal = journal,
                                       .key = &wlk_pact_owner(pact, nation[1])->exercise,
                                       .key_nature = WLK_NATURE_EXERCISE,
                                       .salts = {draw, &random_bits},
                                       .roots = &pact->roots,
                                       .now = moment(0)};
    WLK_TRY(wlk_post_open(&to_post, &post, &fault));
    for (size_t i = 0; i < pact->bundle_count; i++) {
        wlk_status status = wlk_post_statement(post, WLK_STATEMENT_BUNDLE,
                                               pact->bundle[i].bytes, pact->bundle[i].size,
                                               moment(0), &fault);
        (void)status; /* that of the others is not ours */
    }
    struct wlk_publish_setup setup = {.nation = nation[1],
                                      .nature = WLK_NATURE_EXERCISE,
                                      .exercise = "REHEARSAL",
                                      .key = to_post.key,
                                      .salts = to_post.salts,
                                      .post = post};
    WLK_TRY(wlk_publish_open(&setup, &publisher));
    const struct wlk_force *force = wlk_post_force(post);
    size_t joined = 0;
    for (size_t i = 0; i < force->count; i++)
        joined += wlk_publish_join(publisher, &force->agreement[i]) == WLK_OK;
    return joined == 2 ? WLK_OK : WLK_BAD_INPUT; /* with both, and with the US */
}

/* An own track that rises. */
static struct wlk_track track_of(uint32_t object, double at_s, uint32_t least)
{
    wlk_geodetic place = {(39.2 + 0.05 * object) * WLK_DEG, 125.7 * WLK_DEG, 40e3};
    wlk_ecef at = wlk_ecef_from_geodetic(place);
    struct wlk_track track = {.object = object,
                              .first_plot = wlk_utc_add(ORIGIN, at_s - 10),
                              .last_measurement = wlk_utc_add(ORIGIN, at_s),
                              .plot_count = 5,
                              .is_confirmed = true,
                              .condition = WLK_CONDITION_MEASURED,
                              .has_launch = true};
    track.state = (struct wlk_state){.epoch = track.last_measurement,
                                     .phase = WLK_PHASE_BOOST,
                                     .position_m = {at.x, at.y, at.z}};
    wlk_ecef_from_enu(place, (wlk_enu){300, 100, 900}, track.state.velocity_mps);
    for (int i = 0; i < 3; i++) {
        track.state.covariance[i][i] = 1e4;
        track.state.covariance[i + 3][i + 3] = 1e2;
        track.state.covariance[i + 6][i + 6] = 10;
    }
    place.height_m = 0;
    track.launch = (struct wlk_launch){
        .point = {.place = place,
                  .time = wlk_utc_add(ORIGIN, -60),
                  .covariance = {{1e6, 0, 0}, {0, 1e6, 0}, {0, 0, 4}}},
        .status = WLK_LAUNCH_CONFIRMED,
        .object_count_min = least,
        .object_count_max = least};
    return track;
}

/* What was sealed so far under the first arrangement's warnings: how many launches, how many
 * cancels, and whether the event is open after all of it. */
struct sealed {
    size_t launches, cancels;
    bool is_open;
};

static struct sealed read_sealed(double at_s)
{
    static struct wlk_events events;
    static struct wlk_claim claim;
    struct sealed out = {0, 0, false};
    struct wlk_lane lane;
    struct wlk_journal_row row;
    wlk_name originator;
    int64_t id;
    bool is_found = false;
    memset(&events, 0, sizeof events);
    for (size_t n = 0;
         !is_found && wlk_journal_lane_at(journal, n, &id, &originator, &lane); n++)
        is_found = lane.record_class == WLK_CLASS_WARN;
    for (uint64_t seq = 0; is_found && wlk_journal_next(journal, id, seq, &row) == WLK_OK;) {
        seq = row.seq;
        if (wlk_claim_decode(row.bytes, row.size, &claim, NULL) != WLK_OK)
            continue;
        out.launches += claim.header.type == WLK_TYPE_LAUNCH;
        out.cancels += claim.header.type == WLK_TYPE_CANCEL;
        wlk_status status = wlk_events_note(&events, &claim.header, moment(at_s).utc);
        (void)status; /* there is one event only */
    }
    struct wlk_header of_salvo = {
        .has_event = true, .event = SALVO, .nature = WLK_NATURE_EXERCISE};
    out.is_open = wlk_events_is_open(&events, &of_salvo, moment(at_s).utc);
    return out;
}

static void tell(uint32_t object, double at_s, uint32_t least)
{
    struct wlk_track track = track_of(object, at_s, least);
    wlk_publish_track(publisher, &track, &SALVO, moment(at_s));
}

static void check_number(void)
{
    tell(1, 1, 1);
    tell(2, 2, 1);
    tell(3, 3, 1);
    struct sealed before = read_sealed(3);
    wlk_check(before.launches == 3 && before.is_open, "three launches of one event (%zu)",
              before.launches);
    for (uint32_t object = 1; object <= 3; object++)
        tell(object, 4 + object, 3);
    struct sealed after = read_sealed(8);
    wlk_check(after.launches == 4, "that they are three is told by one of them (%zu)",
              after.launches - before.launches);
}

static void check_cancel(void)
{
    tell(4, 9, 3); /* the newest launch, and a ghost */
    struct wlk_track ghost = track_of(4, 10, 3);
    ghost.is_ended = true;
    struct sealed before = read_sealed(10);
    wlk_check(!wlk_publish_ended(publisher, &ghost, moment(10)), "its cancel has to wait");
    wlk_check(read_sealed(10).cancels == 0, "and is not sealed");
    for (uint32_t object = 1; object <= 3; object++)
        tell(object, 10 + object, 3);
    struct sealed told = read_sealed(13);
    wlk_check(told.launches == before.launches + 1, "until another launch was told again");
    wlk_check(wlk_publish_ended(publisher, &ghost, moment(14)), "then it is made");
    struct sealed after = read_sealed(14);
    wlk_check(after.cancels == 1 && after.is_open, "and the event is open for the others");
    ghost = track_of(1, 15, 3);
    for (ghost.object = 1; ghost.object < 3; ghost.object++)
        for (double at_s = 15; !wlk_publish_ended(publisher, &ghost, moment(at_s)); at_s += 1)
            tell(3, at_s, 3);
    wlk_check(read_sealed(20).cancels == 3 && read_sealed(20).is_open, "so for each but one");
    ghost.object = 3;
    wlk_check(wlk_publish_ended(publisher, &ghost, moment(21)) && !read_sealed(21).is_open,
              "the last one's closes it, at once");
}

/* Thirty objects that were all first told at one moment: their tracks go each second, but not
 * all at once, and heads and receipts do not go at every tick. */
static void check_spread(void)
{
    enum { OBJECTS = 30, FIRST = 20, TICKS = 80 };
    static const double TICK_S = 0.05, BEGIN_S = 40;
    for (uint32_t object = FIRST; object < FIRST + OBJECTS; object++)
        tell(object, BEGIN_S, OBJECTS);
    uint64_t begin = wlk_publish_count(publisher)->sealed, last = begin, most = 0;
    for (int i = 1; i <= TICKS; i++) {
        for (uint32_t object = FIRST; object < FIRST + OBJECTS; object++)
            tell(object, BEGIN_S + i * TICK_S, OBJECTS);
        uint64_t sealed = wlk_publish_count(publisher)->sealed;
        most = sealed - last > most ? sealed - last : most;
        last = sealed;
    }
    uint64_t wanted = OBJECTS * 2 * TICKS / 20; /* each second, under two arrangements */
    wlk_check(last - begin >= wanted - OBJECTS * 2 && last - begin <= wanted + OBJECTS * 2,
              "tracks of %d objects go each second (%llu in 4 s)", OBJECTS,
              (unsigned long long)(last - begin));
    wlk_check(most <= 8, "never many at once (%llu of 60)", (unsigned long long)most);
}

static void check_hurry(void)
{
    static const double TICK_S = 0.05, BEGIN_S = 60;
    wlk_post_tick(post, moment(BEGIN_S));
    uint64_t begin = wlk_post_count(post)->heartbeats;
    tell(60, BEGIN_S + TICK_S * 4, 1);
    wlk_post_tick(post, moment(BEGIN_S + TICK_S * 4));
    uint64_t first = wlk_post_count(post)->heartbeats - begin;
    wlk_check(first == 2, "the first warning has its heads go at the next tick (%llu)",
              (unsigned long long)first);
    for (uint32_t i = 5; i <= 44; i++) {
        tell(60 + i, BEGIN_S + TICK_S * i, 1);
        wlk_post_tick(post, moment(BEGIN_S + TICK_S * i));
    }
    uint64_t all = wlk_post_count(post)->heartbeats - begin - first;
    wlk_check(all >= 2 * 10 && all <= 2 * 13,
              "those of 40 more within 2 s go five times a second (%llu)",
              (unsigned long long)all);
}

int main(void)
{
    pact = calloc(1, sizeof *pact);
    if (!wlk_check(pact && begin() == WLK_OK, "a publisher under signed arrangements"))
        return wlk_tap_done();
    check_number();
    check_cancel();
    check_spread();
    check_hurry();
    wlk_publish_close(publisher);
    wlk_post_close(post);
    wlk_journal_close(journal);
    wlk_pact_clear(pact);
    free(pact);
    return wlk_tap_done();
}
