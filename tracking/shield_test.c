/* shield_test.c -- what is released shielded is the same wherever in its set a radar stands.
 *
 * How much a partner that looks for it learns from real records is measured elsewhere
 * (tools/attacker, `make leak`). SPDX-License-Identifier: Apache-2.0 */
#include "tracking/shield.h"

#include "base/tap.h"
#include "tracking/flight_for_test.h"
#include "tracking/isotropic.h"
#include "tracking/slots.h"

#include <stdlib.h>

static struct flight flight;
static struct wlk_decoys decoys;
static struct wlk_slots slots_a, slots_b;

static struct wlk_site a_site(const char *id, double latitude_deg, double longitude_deg)
{
    return (struct wlk_site){.id = wlk_name_of(id),
                             .owner = wlk_name_of("KR"),
                             .place = {latitude_deg * WLK_DEG, longitude_deg * WLK_DEG, 200},
                             .reference_range_m = 800e3,
                             .snr_reference = 130,
                             .range_max_m = 1200e3,
                             .mask_rad = 2 * WLK_DEG,
                             .range_sigma_m = 40,
                             .angle_sigma_rad = 0.05 * WLK_DEG,
                             .range_resolution_m = 200,
                             .beamwidth_rad = 1.3 * WLK_DEG,
                             .revisit_s = 2,
                             .sector_width_rad = 2 * WLK_PI};
}

/* A grid of 5 x 5 places, 36.0-37.0N 126.8-128.0E. */
static struct wlk_decoy_set a_set(struct wlk_site site)
{
    struct wlk_decoy_set set = {.site = site};
    for (int i = 0; i < 25; i++)
        set.place[set.count++] = (wlk_geodetic){(36.0 + 0.25 * (i / 5)) * WLK_DEG,
                                                (126.8 + 0.3 * (i % 5)) * WLK_DEG, 200};
    return set;
}

static void check_plan(void)
{
    struct wlk_random random = wlk_random_seeded(1, 1);
    struct wlk_decoy_set set = a_set(a_site("KR-1", 36.0, 126.8));
    size_t open = 0, differs = 0, other_use = 0;
    wlk_status a = wlk_slots_make(&set, &slots_a);
    set.site.place = a_site("KR-1", 37.0, 128.0).place;
    wlk_status b = wlk_slots_make(&set, &slots_b);
    for (int i = 0; i < 4000; i++) {
        wlk_geodetic place = {(34 + 10 * wlk_random_uniform(&random)) * WLK_DEG,
                              (124 + 12 * wlk_random_uniform(&random)) * WLK_DEG,
                              200e3 * wlk_random_uniform(&random)};
        wlk_ecef ecef = wlk_ecef_from_geodetic(place);
        struct wlk_slot_case seen = {
            {ecef.x, ecef.y, ecef.z}, 2000 * wlk_random_uniform(&random), i % 4 ? 0 : 2000};
        struct wlk_slot_plan one, other;
        wlk_slots_plan(&slots_a, &seen, &one);
        wlk_slots_plan(&slots_b, &seen, &other);
        open += one.is_open;
        differs += one.is_open != other.is_open ||
                   memcmp(&one.error_m, &other.error_m, sizeof one.error_m) != 0;
        other_use += one.use != other.use;
    }
    wlk_check(a == WLK_OK && b == WLK_OK && open > 500 && open < 3500 && differs == 0,
              "slots and errors are bit by bit the same from two ends of a set (%zu of 4000 "
              "open, %zu differ)",
              open, differs);
    wlk_check(other_use > open / 2,
              "and the chance of use is not: it makes up for what each end detects");
    set.site.place.latitude_rad += 3 * WLK_DEG;
    wlk_check(wlk_slots_make(&set, &slots_b) == WLK_BAD_INPUT,
              "a radar far outside its set is refused");
    set.count = 0;
    wlk_check(wlk_slots_make(&set, &slots_b) == WLK_BAD_INPUT, "so is one without a set");
}

/* The least over the set bounds all: a site that does not see the object closes the slot. */
static void check_horizon(void)
{
    struct wlk_decoy_set set = a_set(a_site("KR-1", 36.5, 127.4));
    wlk_ecef low = wlk_ecef_from_geodetic((wlk_geodetic){40 * WLK_DEG, 127 * WLK_DEG, 60e3});
    struct wlk_slot_case seen = {{low.x, low.y, low.z}, 100, 0};
    struct wlk_slot_plan plan;
    wlk_status status = wlk_slots_make(&set, &slots_a);
    wlk_slots_plan(&slots_a, &seen, &plan);
    bool is_open = plan.is_open;
    set.place[7] = (wlk_geodetic){33 * WLK_DEG, 127 * WLK_DEG, 200};
    wlk_status other = wlk_slots_make(&set, &slots_b);
    wlk_slots_plan(&slots_b, &seen, &plan);
    wlk_check(status == WLK_OK && other == WLK_OK && is_open && !plan.is_open,
              "one decoy behind the horizon closes a slot that is open without it");
    seen.sigma_m = 30e3;
    wlk_slots_plan(&slots_a, &seen, &plan);
    wlk_check(!plan.is_open, "so does not knowing how low the object is");
}

/* A plot without errors that says of itself 20 m each way: so the noise that it gets does not
 * depend on where it is seen from. */
static struct wlk_plot a_plot(const struct wlk_site *site, double t, const double x[3])
{
    struct wlk_plot plot = {.sensor = site->id,
                            .place = site->place,
                            .number = (uint64_t)llround(t * 1000),
                            .time = wlk_utc_add(TEST_LAUNCH, t),
                            .seen =
                                wlk_polar_from_ecef(site->place, (wlk_ecef){x[0], x[1], x[2]}),
                            .range_sigma_m = 20};
    plot.elevation_sigma_rad = 20 / plot.seen.range_m;
    plot.azimuth_sigma_rad = plot.elevation_sigma_rad / cos(plot.seen.elevation_rad);
    return plot;
}

/* Errors of a plot that measures range well and angles badly, before and after. */
static void check_isotropic(void)
{
    enum { RUNS = 20000 };
    static const uint8_t KEY[32] = {7};
    const double x[3] = {-3.1e6, 3.9e6, 4.4e6};
    struct wlk_site site = a_site("KR-1", 36.5, 127.4);
    struct wlk_random random = wlk_random_seeded(2, 2);
    double C[3][3] = {{0}}, wide = 0;
    for (int run = 0; run < RUNS; run++) {
        struct wlk_plot plot = a_plot(&site, 100, x);
        plot.range_sigma_m = 40;
        plot.azimuth_sigma_rad = plot.elevation_sigma_rad = 0.05 * WLK_DEG;
        plot.seen.range_m += plot.range_sigma_m * wlk_random_normal(&random);
        plot.seen.azimuth_rad += plot.azimuth_sigma_rad * wlk_random_normal(&random);
        plot.seen.elevation_rad += plot.elevation_sigma_rad * wlk_random_normal(&random);
        struct wlk_isotropic_source source = {KEY, run, 1, site.id};
        struct wlk_isotropic_draw draw;
        struct wlk_isotropic used;
        struct wlk_look look;
        wlk_look_from_plot(&plot, &look);
        wlk_isotropic_draw(&source, &draw);
        wlk_isotropic_spoil(&look, &draw, 1000, &used);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                C[i][j] += (used.at[i] - x[i]) * (used.at[j] - x[j]) / (double)RUNS / 1e6;
    }
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            wide = fmax(wide, fabs(C[i][j] - (i == j)));
    wlk_check(wide < 5 * sqrt(2.0 / (double)RUNS),
              "the error of a used plot is the same in all directions (off by %.3f of 1)",
              wide);
}

static void check_draws(void)
{
    static const uint8_t KEY[2][32] = {{1}, {2}};
    struct wlk_isotropic_source source = {KEY[0], 5, 1, wlk_name_of("A")}, other;
    struct wlk_isotropic_draw first, again;
    wlk_isotropic_draw(&source, &first);
    wlk_isotropic_draw(&source, &again);
    wlk_check(memcmp(&first, &again, sizeof first) == 0,
              "the noise of a slot is drawn once: asked again it is the same");
    bool differs = true;
    for (int i = 0; i < 4; i++) {
        other = source;
        other.key = i == 0 ? KEY[1] : KEY[0];
        other.slot += i == 1;
        other.object += i == 2;
        other.sensor = wlk_name_of(i == 3 ? "B" : "A");
        wlk_isotropic_draw(&other, &again);
        differs = differs && first.normal[0] != again.normal[0] && first.use != again.use;
    }
    wlk_check(differs, "another key, slot, object or radar has other noise");
    double sum = 0, square = 0;
    for (source.slot = 0; source.slot < 20000; source.slot++) {
        wlk_isotropic_draw(&source, &first);
        sum += first.normal[1];
        square += first.normal[1] * first.normal[1];
    }
    wlk_check(fabs(sum / 20000) < 0.03 && fabs(square / 20000 - 1) < 0.05,
              "and it is standard normal");
}

/* Plots without errors every 2 s, seen by a radar that detects everything, into a nation's
 * tracker and its shield; keeps all that was told. */
struct run {
    size_t count;
    struct wlk_track told[400];
    struct wlk_shield_counts counts;
    uint32_t launches;
};

static void play(const struct wlk_decoys *of, double from_s, struct run *out)
{
    struct wlk_book *book;
    struct wlk_shield *shield;
    struct wlk_shield_setup setup = {.decoys = of, .key = {3}};
    memset(out, 0, sizeof *out);
    if (wlk_book_open(&book) != WLK_OK || wlk_shield_open(&setup, &shield) != WLK_OK)
        return;
    for (double t = from_s; t < 500; t += 0.5) {
        double x[6];
        wlk_utc now = wlk_utc_add(TEST_LAUNCH, t + 0.3);
        for (size_t r = 0; r < of->count; r++) {
            struct wlk_plot plot;
            if (fmod(t, 2) != 0.5 * (double)r || !test_state(&flight, t, x))
                continue;
            plot = a_plot(&of->set[r].site, t, x);
            if (plot.seen.elevation_rad > 2 * WLK_DEG && plot.seen.range_m < 1200e3)
                (void)wlk_book_take(book, &plot);
        }
        wlk_book_advance(book, now);
        if (wlk_shield_step(shield, book, now) && wlk_shield_count(shield) > 0 &&
            out->count < 400)
            out->told[out->count++] = *wlk_shield_track(shield, 0);
    }
    out->counts = wlk_shield_count_of(shield);
    out->launches = wlk_shield_launches(shield, 0);
    wlk_shield_close(shield);
    wlk_book_close(book);
}

static void one_radar(double latitude_deg, double longitude_deg)
{
    struct wlk_site site = a_site("KR-1", latitude_deg, longitude_deg);
    site.snr_reference = 1e9; /* detects everything: nothing is dropped to hide misses */
    decoys.count = 1;
    decoys.set[0] = a_set(site);
}

static bool same_told(const struct wlk_track *a, const struct wlk_track *b)
{
    return memcmp(&a->state, &b->state, sizeof a->state) == 0 &&
           memcmp(&a->impact, &b->impact, sizeof a->impact) == 0 &&
           memcmp(&a->launch, &b->launch, sizeof a->launch) == 0 &&
           a->condition == b->condition && a->has_impact == b->has_impact &&
           a->plot_count == b->plot_count && a->first_plot.ns == b->first_plot.ns &&
           a->last_measurement.ns == b->last_measurement.ns && a->read_at.ns == b->read_at.ns;
}

static void check_places(void)
{
    static struct run here, there;
    bool on_grid = true, is_same = true;
    one_radar(36.0, 126.8);
    play(&decoys, 20, &here);
    one_radar(37.0, 128.0);
    play(&decoys, 20, &there);
    for (size_t i = 0; i < here.count && i < there.count; i++) {
        is_same = is_same && same_told(&here.told[i], &there.told[i]);
        on_grid = on_grid && here.told[i].state.epoch.ns % WLK_SLOT_NS == 0;
    }
    wlk_check(here.count > 30 && here.count == there.count && is_same,
              "given the same plots, all that is told is bit by bit the same from two ends of "
              "the set (%zu slots)",
              here.count);
    wlk_check(on_grid, "every state told is at the end of a slot");
    wlk_check(here.told[0].plot_count >= WLK_SHIELD_USED_MIN && here.told[0].is_confirmed,
              "nothing is told before three used plots and the test for a missile");
    wlk_check(here.launches == 1 && here.counts.used > 30,
              "the launch is counted for its radar (%llu plots used, %u launches)",
              (unsigned long long)here.counts.used, here.launches);
    static struct run late;
    play(&decoys, 20.5, &late); /* plots at other times of the slots */
    wlk_check(late.count > 30 && late.told[0].state.epoch.ns == here.told[0].state.epoch.ns,
              "and when within a slot a radar looks does not show in its start");
}

static void check_merged(void)
{
    static struct run one, two;
    one_radar(36.0, 126.8);
    play(&decoys, 20, &one);
    struct wlk_site second = a_site("KR-2", 37.0, 128.0);
    second.snr_reference = 1e9;
    decoys.set[decoys.count++] = a_set(second);
    play(&decoys, 20, &two);
    size_t last = one.count < two.count ? one.count : two.count;
    double alone = one.told[4].state.covariance[0][0],
           both = two.told[4].state.covariance[0][0];
    wlk_check(last > 30 && two.counts.used > 3 * one.counts.used / 2 && both < alone,
              "plots of two radars of a nation are merged (%llu used instead of %llu)",
              (unsigned long long)two.counts.used, (unsigned long long)one.counts.used);
    wlk_check(two.launches == 1, "one launch counts once");
}

int main(void)
{
    struct flight_plan plan = test_plan(TEST_MEDIUM);
    test_fly(&plan, &flight);
    check_plan();
    check_horizon();
    check_isotropic();
    check_draws();
    check_places();
    check_merged();
    return wlk_tap_done();
}
