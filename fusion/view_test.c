/* view_test.c -- does more sharing ever make an object's heading less sure?
 * SPDX-License-Identifier: Apache-2.0 */
#include "fusion/view.h"

#include "base/random.h"
#include "base/tap.h"

#include <math.h>
#include <string.h>

enum { NATIONS = 3, RUNS = 400 };

static const char *const NAMES[NATIONS] = {"JP", "KR", "US"};
static const wlk_utc T0 = {1503953880000000000}; /* 2017-08-28T20:58:00Z */
static struct wlk_source source[NATIONS];

/* An estimate of one flight, 60 degrees from north: free ones are carried to T0, boosting ones
 * up to 2 s old. Sigmas of a new track or of an old one, each its own along each axis. */
static void see(struct wlk_source *out, int nation, bool is_boosting, struct wlk_random *random)
{
    wlk_geodetic place = {40 * WLK_DEG, 130 * WLK_DEG, 150e3};
    wlk_ecef at = wlk_ecef_from_geodetic(place);
    struct wlk_state state = {.epoch = T0, .phase = WLK_PHASE_COAST};
    double x[6] = {at.x, at.y, at.z}, age_s = 0;
    wlk_ecef_from_enu(place, (wlk_enu){1732, 1000, 2500}, x + 3);
    if (is_boosting) {
        age_s = 2 * wlk_random_uniform(random);
        state.phase = WLK_PHASE_BOOST;
        state.epoch = wlk_utc_add(T0, -age_s);
    }
    for (int i = 0; i < 3; i++) {
        double sigma_m = 50 * pow(20, wlk_random_uniform(random));
        double sigma_mps = 5 * pow(30, wlk_random_uniform(random));
        state.position_m[i] = x[i] - age_s * x[i + 3] + sigma_m * wlk_random_normal(random);
        state.velocity_mps[i] = x[i + 3] + sigma_mps * wlk_random_normal(random);
        state.covariance[i][i] = sigma_m * sigma_m;
        state.covariance[i + 3][i + 3] = sigma_mps * sigma_mps;
        state.covariance[i + 6][i + 6] = is_boosting ? 100 : 0;
    }
    *out = (struct wlk_source){.kind = nation ? WLK_SOURCE_PARTNER : WLK_SOURCE_OWN,
                               .originator = wlk_name_of(NAMES[nation]),
                               .state_said = {.is_there = true},
                               .state = state,
                               .condition = WLK_CONDITION_MEASURED,
                               .first_measurement = wlk_utc_add(T0, -20),
                               .last_measurement = state.epoch,
                               .has_carried = !is_boosting,
                               .carried = state};
}

/* One sigma of the heading with the nations of a set; HUGE_VAL: none, or they disagree. */
static double sigma_of(unsigned set)
{
    struct wlk_view view = {.count = 0};
    struct wlk_picture_object object = {.number = 1};
    for (int n = 0; n < NATIONS; n++)
        if (set & 1u << n)
            view.source[view.count++] = &source[n];
    wlk_view_object(&view, T0, &object);
    return object.has_heading && !object.disagrees ? object.heading_sigma_rad : HUGE_VAL;
}

/* In some runs each is free or burns by chance, in others KR alone has seen the burnout. */
static void never_duller(void)
{
    struct wlk_random random = wlk_random_seeded(18, 1);
    int alone = 0, first = 0, compared = 0, firsts = 0;
    for (int run = 0; run < RUNS; run++) {
        bool is_first = run % 2;
        for (int n = 0; n < NATIONS; n++)
            see(&source[n], n, is_first ? n != 1 : wlk_random_uniform(&random) < 0.5, &random);
        double all = sigma_of(7), pair = sigma_of(5);
        if (all == HUGE_VAL)
            continue;
        compared++;
        for (unsigned n = 0; n < NATIONS; n++) {
            double one = sigma_of(1u << n);
            alone += one < HUGE_VAL && all > one * (1 + 1e-9);
        }
        firsts += is_first && pair < HUGE_VAL;
        first += is_first && pair < HUGE_VAL && all > pair * (1 + 1e-9);
    }
    wlk_check(compared > RUNS / 2 && alone == 0,
              "three nations know the heading as well as each of them (%d of %d not)", alone,
              compared);
    wlk_check(firsts > RUNS / 8 && first == 0,
              "a third that sees the burnout first takes nothing from two (%d of %d)", first,
              firsts);
}

/* Who last saw it burn long ago has no say in where it heads now. */
static void past_is_past(void)
{
    struct wlk_random random = wlk_random_seeded(18, 2);
    see(&source[0], 0, false, &random);
    see(&source[1], 1, true, &random);
    double alone = sigma_of(1);
    source[1].state.epoch = source[1].last_measurement = wlk_utc_add(T0, -8);
    for (int i = 0; i < 3; i++)
        source[1].state.covariance[i + 3][i + 3] = 1e-2;
    wlk_check_near(sigma_of(3), alone, 1e-12 * alone, "an old burn has no say");
}

int main(void)
{
    never_duller();
    past_is_past();
    return wlk_tap_done();
}
