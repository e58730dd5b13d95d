/* consider_test.c -- what a bias does to a track is what is said of it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/book.h"
#include "tracking/consider.h"
#include "tracking/watch_for_test.h"

#include "base/tap.h"

static const double SIGMA[3] = {30, 0.05 * WLK_DEG, 0.05 * WLK_DEG};
static struct flight flight;
static struct wlk_plot plots[4000], spoiled[4000];

/* The filter over the plots of a span of free flight, with what runs beside it. */
static bool follow(const struct wlk_plot *plot, size_t count, struct wlk_state *state,
                   struct wlk_consider *consider)
{
    struct wlk_look look;
    memset(consider, 0, sizeof *consider);
    for (size_t i = 0; i < count; i++) {
        wlk_look_from_plot(&plot[i], &look);
        if (i == 0)
            wlk_filter_begin(&look, WLK_PHASE_COAST, state);
        else if (wlk_filter_predict(state, look.time) != WLK_OK ||
                 wlk_filter_update(state, &look, NULL) != WLK_OK)
            return false;
        wlk_consider_take(consider, &plot[i], &look, state);
    }
    return count >= 3;
}

/* Plots of radars that read bias[radar] too much; sigma: what is said of it. */
static void spoil(size_t count, double bias[7][3], const double sigma[3])
{
    for (size_t i = 0; i < count; i++) {
        spoiled[i] = plots[i];
        for (int r = 0; r < 7; r++) {
            if (strcmp(TEST_RADARS[r].name, plots[i].sensor.text) != 0)
                continue;
            spoiled[i].seen.range_m += bias[r][0];
            spoiled[i].seen.azimuth_rad += bias[r][1];
            spoiled[i].seen.elevation_rad += bias[r][2];
        }
        memcpy(spoiled[i].bias_sigma, sigma, sizeof spoiled[i].bias_sigma);
    }
}

/* One bias of one radar moves the state as its sensitivity says. */
static void check_slope(const char *owners, int radar, int axis)
{
    const double span[2] = {flight.burnout_s + 3, flight.burnout_s + 160};
    double bias[7][3] = {{0}}, moved2 = 0, off2 = 0;
    struct wlk_state without, with;
    struct wlk_consider consider;
    size_t count = watch(&flight, owners, 1, span, 4000, plots);
    bias[radar][axis] = SIGMA[axis];
    spoil(count, (double[7][3]){{0}}, SIGMA);
    bool is_good = follow(spoiled, count, &without, &consider);
    spoil(count, bias, SIGMA);
    is_good = is_good && follow(spoiled, count, &with, &consider);
    for (int s = 0; s < consider.count; s++) {
        if (strcmp(consider.sensor[s].sensor.text, TEST_RADARS[radar].name) != 0)
            continue;
        for (int i = 0; i < 6; i++) {
            double weight = 1 / without.covariance[i][i];
            double by = i < 3 ? with.position_m[i] - without.position_m[i]
                              : with.velocity_mps[i - 3] - without.velocity_mps[i - 3];
            double off = by - consider.sensor[s].by[axis][i] * SIGMA[axis];
            moved2 += by * by * weight;
            off2 += off * off * weight;
        }
    }
    wlk_check(is_good && moved2 > 0 && off2 < 0.03 * 0.03 * moved2,
              "%s, axis %d of %s: it moves the state by %.1f sigmas, as said to %.1f %%",
              owners, axis, TEST_RADARS[radar].name, sqrt(moved2), 100 * sqrt(off2 / moved2));
}

/* Mean NEES with biases drawn, considered or not. */
static void check_consistent(const char *owners, double after_s)
{
    enum { RUNS = 150 };
    const double span[2] = {flight.burnout_s + 3, flight.burnout_s + after_s};
    double with = 0, without = 0, x[6];
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct wlk_random random = wlk_random_seeded(seed, 77);
        struct wlk_state state;
        struct wlk_consider consider;
        double bias[7][3];
        for (int r = 0; r < 7; r++)
            for (int k = 0; k < 3; k++)
                bias[r][k] = SIGMA[k] * wlk_random_normal(&random);
        size_t count = watch(&flight, owners, seed, span, 4000, plots);
        spoil(count, bias, SIGMA);
        if (!follow(spoiled, count, &state, &consider) ||
            !test_state(&flight, watch_s(state.epoch), x))
            return;
        without += watch_nees(x, &state) / RUNS;
        wlk_consider_widen(&consider, &state);
        with += watch_nees(x, &state) / RUNS;
    }
    double wide = 5 * sqrt(12.0 / RUNS);
    wlk_check(with > 6 - wide && with < 6 + wide && without > 20,
              "%s, biases of 0.05 deg, %g s on: mean NEES %.2f of 6 with them considered, "
              "%.0f without",
              owners, after_s, with, without);
}

/* Through the book: what is shown is considered, and plots without bias show what they did. */
static void check_book(void)
{
    const double span[2] = {60, flight.burnout_s + 60}, none[3] = {0};
    double variance[2] = {0};
    size_t count = watch(&flight, "JP", 5, span, 4000, plots);
    for (int turn = 0; turn < 2; turn++) {
        struct wlk_book *book;
        if (wlk_book_open(&book) != WLK_OK)
            return;
        spoil(count, (double[7][3]){{0}}, turn ? SIGMA : none);
        for (size_t i = 0; i < count; i++)
            (void)wlk_book_take(book, &spoiled[i]);
        const struct wlk_track *track =
            wlk_book_count(book) > 0 ? wlk_book_track(book, 0) : NULL;
        for (int i = 0; track && i < 3; i++)
            variance[turn] += track->state.covariance[i][i];
        wlk_book_close(book);
    }
    wlk_check(variance[0] > 0 && variance[1] > 4 * variance[0],
              "a book of plots with a bias of 0.05 deg says so: %.0f m, %.0f without",
              sqrt(variance[1]), sqrt(variance[0]));
}

int main(void)
{
    struct flight_plan plan = test_plan(TEST_MEDIUM);
    test_fly(&plan, &flight);
    for (int axis = 0; axis < 3; axis++) {
        check_slope("JP", 1, axis);
        check_slope("KR", 3, axis);
        check_slope("US", 6, axis);
    }
    check_consistent("JP", 60);
    check_consistent("JP", 160);
    check_consistent("US", 160);
    check_consistent("KR", 100);
    check_book();
    return wlk_tap_done();
}
