/* shielded_test.c -- does the release tracker keep to its plan of slots? A slot that one decoy
 * could not use stays closed, and what a radar detects more often than the worst decoy would is
 * dropped as often as the plan says: else gaps and starts tell where it stands.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/shield.h"

#include "base/tap.h"
#include "tracking/flight_for_test.h"
#include "tracking/slots.h"

static struct flight flight;
static struct wlk_decoys decoys;

/* A radar at the north end of its set, 5 x 5 places, 36.0-37.0N 126.8-128.0E. */
static void make_set(void)
{
    struct wlk_decoy_set *set = &decoys.set[0];
    memset(&decoys, 0, sizeof decoys);
    decoys.count = 1;
    set->site = (struct wlk_site){.id = wlk_name_of("KR-1"),
                                  .owner = wlk_name_of("KR"),
                                  .place = {37.0 * WLK_DEG, 128.0 * WLK_DEG, 200},
                                  .reference_range_m = 800e3,
                                  .snr_reference = 20,
                                  .range_max_m = 1200e3,
                                  .mask_rad = 2 * WLK_DEG,
                                  .range_sigma_m = 40,
                                  .angle_sigma_rad = 0.05 * WLK_DEG,
                                  .range_resolution_m = 200,
                                  .beamwidth_rad = 1.3 * WLK_DEG,
                                  .revisit_s = 6,
                                  .sector_width_rad = 2 * WLK_PI};
    for (int i = 0; i < 25; i++)
        set->place[set->count++] = (wlk_geodetic){(36.0 + 0.25 * (i / 5)) * WLK_DEG,
                                                  (126.8 + 0.3 * (i % 5)) * WLK_DEG, 200};
}

/* The radar's plot of the flight at t, without error; false: it does not see it. */
static bool look(double t, struct wlk_plot *out)
{
    const struct wlk_site *site = &decoys.set[0].site;
    double x[6];
    if (!test_state(&flight, t, x))
        return false;
    *out = (struct wlk_plot){
        .sensor = site->id,
        .place = site->place,
        .number = (uint64_t)llround(t * 1000),
        .time = wlk_utc_add(TEST_LAUNCH, t),
        .seen = wlk_polar_from_ecef(site->place, (wlk_ecef){x[0], x[1], x[2]}),
        .range_sigma_m = 20};
    out->elevation_sigma_rad = 20 / out->seen.range_m;
    out->azimuth_sigma_rad = out->elevation_sigma_rad / cos(out->seen.elevation_rad);
    return out->seen.elevation_rad > 2 * WLK_DEG && out->seen.range_m < 1200e3;
}

/* Every plot is there; what became of them is added up. In how many slots was it told of? */
static size_t play(uint8_t key, struct wlk_shield_counts *counts)
{
    struct wlk_book *book;
    struct wlk_shield *shield;
    struct wlk_shield_setup setup = {.decoys = &decoys, .key = {key}};
    struct wlk_plot plot;
    size_t told = 0;
    if (wlk_book_open(&book) != WLK_OK || wlk_shield_open(&setup, &shield) != WLK_OK)
        return 0;
    for (double t = 20; t < 500; t += 2) {
        wlk_utc now = wlk_utc_add(TEST_LAUNCH, t + 0.3);
        if (fmod(t, 6) == 0 && look(t, &plot))
            (void)!wlk_book_take(book, &plot);
        wlk_book_advance(book, now);
        told += wlk_shield_step(shield, book, now) && wlk_shield_count(shield) > 0;
    }
    struct wlk_shield_counts these = wlk_shield_count_of(shield);
    counts->used += these.used;
    counts->dropped += these.dropped;
    counts->closed += these.closed;
    wlk_shield_close(shield);
    wlk_book_close(book);
    return told;
}

/* The plan's chance of use over the slots in which the flight is in sight of all. */
static double mean_use(size_t *open)
{
    static struct wlk_slots slots;
    struct wlk_slot_plan plan;
    double sum = 0, x[6];
    *open = 0;
    if (wlk_slots_make(&decoys.set[0], &slots) != WLK_OK)
        return 0;
    for (double t = 20; t < 500 && test_state(&flight, t, x); t += WLK_SLOT_S) {
        struct wlk_slot_case seen = {{x[0], x[1], x[2]}, 1000, 0};
        wlk_slots_plan(&slots, &seen, &plan);
        *open += plan.is_open;
        sum += plan.is_open ? plan.use : 0;
    }
    return *open ? sum / (double)*open : 0;
}

int main(void)
{
    struct flight_plan plan = test_plan(TEST_MEDIUM);
    struct wlk_shield_counts counts = {0};
    size_t open;
    test_fly(&plan, &flight);
    make_set();
    double use = mean_use(&open);
    size_t told = 0;
    for (uint8_t key = 1; key <= 20; key++)
        told = play(key, &counts);
    double used = (double)counts.used / (double)(counts.used + counts.dropped);
    wlk_check(told > 10 && open > 20, "a flight is told of in %zu of %zu open slots", told,
              open);
    wlk_check(use < 0.9 && used < 0.95 && used > use - 0.05,
              "not all plots that are there are used, nor fewer than by the plan: %.2f, by the "
              "plan %.2f where errors are least (%llu dropped)",
              used, use, (unsigned long long)counts.dropped);
    decoys.set[0].place[7] = (wlk_geodetic){25 * WLK_DEG, 127 * WLK_DEG, 200};
    memset(&counts, 0, sizeof counts);
    told = play(1, &counts);
    wlk_check(told == 0 && counts.used == 0 && counts.closed > 20,
              "where one decoy never sees it every slot is closed (%llu) and nothing is told",
              (unsigned long long)counts.closed);
    return wlk_tap_done();
}
