/* filter_test.c -- the filter is as good as it says, from the first plot on.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/filter.h"
#include "tracking/watch_for_test.h"

#include "base/random.h"
#include "base/tap.h"
#include "earth/propagate.h"

static struct flight flight;
static struct wlk_plot plots[4000];

/* Runs the coast filter from one plot over a span of free flight; NEES at its end. */
static double run_coast(const char *owners, uint64_t seed, double to_s, size_t *used)
{
    const double span[2] = {flight.burnout_s + 3, to_s};
    size_t count = watch(&flight, owners, seed, span, 4000, plots);
    struct wlk_state state;
    struct wlk_look look;
    double x[6];
    *used = count;
    if (count < 3)
        return 0;
    wlk_look_from_plot(&plots[0], &look);
    wlk_filter_begin(&look, WLK_PHASE_COAST, &state);
    for (size_t i = 1; i < count; i++) {
        wlk_look_from_plot(&plots[i], &look);
        if (wlk_filter_predict(&state, look.time) != WLK_OK ||
            wlk_filter_update(&state, &look, NULL) != WLK_OK)
            return HUGE_VAL;
    }
    if (!test_state(&flight, watch_s(state.epoch), x))
        return HUGE_VAL;
    return watch_nees(x, &state);
}

static void check_consistent(const char *owners, double after_s)
{
    enum { RUNS = 150 };
    double sum = 0;
    size_t used = 0;
    for (uint64_t seed = 1; seed <= RUNS; seed++)
        sum += run_coast(owners, seed, flight.burnout_s + after_s, &used);
    double mean = sum / RUNS, wide = 5 * sqrt(12.0 / RUNS);
    wlk_check(
        mean > 6 - wide && mean < 6 + wide,
        "%s, coast %g s after the first plot: mean NEES %.2f of 6, within %.2f (%zu plots)",
        owners, after_s, mean, wide, used);
}

/* A prior much wider than the plots, as a cue gives: a filter that does not iterate is sure of
 * wrong things here (NEES 70 in the design's notes). */
static void check_wide(void)
{
    enum { RUNS = 150 };
    double sum = 0;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        const double span[2] = {200, 206};
        size_t count = watch(&flight, "US", seed, span, 4000, plots);
        struct wlk_random random = wlk_random_seeded(seed, 9);
        struct wlk_state state = {.epoch = plots[0].time, .phase = WLK_PHASE_COAST};
        struct wlk_look look;
        double x[6];
        if (!test_state(&flight, watch_s(state.epoch), x))
            return;
        for (int i = 0; i < 3; i++) {
            state.position_m[i] = x[i] + 20e3 * wlk_random_normal(&random);
            state.velocity_mps[i] = x[i + 3] + 500 * wlk_random_normal(&random);
            state.covariance[i][i] = 20e3 * 20e3;
            state.covariance[i + 3][i + 3] = 500 * 500;
        }
        for (size_t i = 0; i < count; i++) {
            wlk_look_from_plot(&plots[i], &look);
            if (wlk_filter_predict(&state, look.time) != WLK_OK ||
                wlk_filter_update(&state, &look, NULL) != WLK_OK)
                return;
        }
        if (test_state(&flight, watch_s(state.epoch), x))
            sum += watch_nees(x, &state) / RUNS;
    }
    wlk_check(sum > 4.6 && sum < 7.4, "after a prior of 20 km: mean NEES %.2f of 6", sum);
}

static struct wlk_plot any_plot(void)
{
    return (struct wlk_plot){.sensor = wlk_name_of("R"),
                             .place = {0.6, 2.4, 50},
                             .time = TEST_LAUNCH,
                             .seen = {500e3, 6.2, 0.4},
                             .range_sigma_m = 50,
                             .azimuth_sigma_rad = 1e-3,
                             .elevation_sigma_rad = 1e-3};
}

static void check_first_plot(void)
{
    struct wlk_plot plot = any_plot();
    struct wlk_look look;
    struct wlk_state state;
    struct wlk_fit fit;
    wlk_look_from_plot(&plot, &look);
    wlk_ecef at = wlk_ecef_from_polar(plot.place, plot.seen);
    wlk_check_near(look.at[0], at.x, 1e-3, "a look stands where its plot is");
    wlk_filter_begin(&look, WLK_PHASE_BOOST, &state);
    wlk_check(wlk_state_is_valid(&state), "the first state is valid");
    wlk_check(wlk_filter_compare(&state, &look, &fit) == WLK_OK && fit.distance < 1e-9,
              "the plot itself fits the first state exactly");
    double twice = 3 * log(2.0) + 2 * (log(50.0) + 2 * log(500.0));
    wlk_check_near(fit.log_det, twice, 1e-3,
                   "its innovation is twice the variance of the plot");
}

/* Across north the azimuth jumps by a turn; the filter must not. */
static void check_north(void)
{
    struct wlk_plot plot = any_plot();
    struct wlk_look look, other;
    struct wlk_state state;
    struct wlk_fit fit;
    plot.seen.azimuth_rad = 2 * WLK_PI - 1e-4;
    wlk_look_from_plot(&plot, &look);
    wlk_filter_begin(&look, WLK_PHASE_COAST, &state);
    plot.seen.azimuth_rad = 1e-4;
    wlk_look_from_plot(&plot, &other);
    wlk_check(wlk_filter_compare(&state, &other, &fit) == WLK_OK && fit.distance < 1,
              "a plot across north is near (%.3f sigmas squared)", fit.distance);
}

/* Taking one plot of range rate narrows the velocity along the line, and only that. */
static void check_rate(void)
{
    struct wlk_plot plot = any_plot();
    struct wlk_look look;
    struct wlk_state state;
    plot.has_range_rate = true;
    plot.range_rate_mps = 1500;
    plot.range_rate_sigma_mps = 10;
    wlk_look_from_plot(&plot, &look);
    wlk_filter_begin(&look, WLK_PHASE_COAST, &state);
    double line[3], rate = 0, variance = 0, trace = 0;
    for (int i = 0; i < 3; i++)
        line[i] = (look.at[i] - look.site[i]) / plot.seen.range_m;
    for (int i = 0; i < 3; i++) {
        rate += line[i] * state.velocity_mps[i];
        trace += state.covariance[i + 3][i + 3];
        for (int j = 0; j < 3; j++)
            variance += line[i] * state.covariance[i + 3][j + 3] * line[j];
    }
    wlk_check_near(rate, 1500, 0.1, "a range rate tells the velocity along the line");
    wlk_check_near(sqrt(variance), 10, 0.1, "and its sigma");
    wlk_check_near(sqrt((trace - variance) / 2), 4000, 1, "and nothing across it");
    wlk_check(wlk_filter_update(&state, &look, NULL) == WLK_OK, "and is taken again");
}

static void check_refusals(void)
{
    struct wlk_plot plot = any_plot();
    struct wlk_look look;
    struct wlk_state state, before;
    wlk_look_from_plot(&plot, &look);
    wlk_filter_begin(&look, WLK_PHASE_BOOST, &state);
    before = state;
    wlk_check(wlk_filter_predict(&state, wlk_utc_add(TEST_LAUNCH, 1e4)) == WLK_NO_SOLUTION,
              "thrust is not predicted for hours");
    state.covariance[0][0] = before.covariance[0][0] = -1e12;
    wlk_check(wlk_filter_update(&state, &look, NULL) == WLK_NO_SOLUTION,
              "a covariance that is none is refused");
    wlk_check(memcmp(&state, &before, sizeof state) == 0, "a refusal touches nothing");
}

/* Forward in one step or in many: the same state, in each phase. */
static void check_steps(void)
{
    struct wlk_plot plot = any_plot();
    struct wlk_look look;
    wlk_look_from_plot(&plot, &look);
    for (int phase = WLK_PHASE_BOOST; phase <= WLK_PHASE_COAST; phase++) {
        struct wlk_state one, many;
        wlk_filter_begin(&look, (enum wlk_phase)phase, &one);
        one.thrust_mps2[0] = phase == WLK_PHASE_BOOST ? 50 : 0;
        many = one;
        bool is_done = wlk_filter_predict(&one, wlk_utc_add(TEST_LAUNCH, 4)) == WLK_OK;
        for (int i = 1; i <= 16; i++)
            is_done = is_done &&
                      wlk_filter_predict(&many, wlk_utc_add(TEST_LAUNCH, 0.25 * i)) == WLK_OK;
        wlk_check(is_done, "phase %d is predicted", phase);
        for (int i = 0; i < 3; i++)
            is_done = is_done && fabs(one.position_m[i] - many.position_m[i]) < 5 &&
                      fabs(one.velocity_mps[i] - many.velocity_mps[i]) < 2;
        wlk_check(is_done, "phase %d: one step and sixteen agree in the mean", phase);
        double worst = 0;
        for (int i = 0; i < wlk_state_size(&one); i++)
            worst = fmax(worst, fabs(one.covariance[i][i] / many.covariance[i][i] - 1));
        wlk_check(worst < 0.05, "and in the covariance (%.2g)", worst);
    }
}

/* A fall whose ballistic coefficient is known within a factor of 2.2: what two seconds of drag
 * do to its speed is log-normal, and the filter's mean and variance are those of 20,000. */
static void check_unknown_drag(void)
{
    enum { BODIES = 20000 };
    struct wlk_state state = {.epoch = TEST_LAUNCH,
                              .phase = WLK_PHASE_REENTRY,
                              .position_m = {6378e3 + 50e3, 0, 0},
                              .velocity_mps = {-4000, 4000, 0},
                              .log_inverse_beta = WLK_FILTER_LOG_INVERSE_BETA};
    double sum = 0, sum2 = 0, x[6], before[6];
    struct wlk_random random = wlk_random_seeded(4, 1);
    for (int i = 0; i < 6; i++)
        state.covariance[i][i] = 1e-6;
    state.covariance[6][6] =
        WLK_FILTER_LOG_INVERSE_BETA_SIGMA * WLK_FILTER_LOG_INVERSE_BETA_SIGMA;
    memcpy(before, state.position_m, sizeof state.position_m);
    memcpy(before + 3, state.velocity_mps, sizeof state.velocity_mps);
    bool is_done = wlk_filter_predict(&state, wlk_utc_add(TEST_LAUNCH, 2)) == WLK_OK;
    for (int k = 0; k < BODIES; k++) {
        double z = WLK_FILTER_LOG_INVERSE_BETA_SIGMA * wlk_random_normal(&random);
        is_done = is_done && wlk_propagate(before, exp(WLK_FILTER_LOG_INVERSE_BETA + z), 2, x,
                                           NULL) == WLK_OK;
        double slow = (state.velocity_mps[1] - x[4]) - (state.velocity_mps[0] - x[3]);
        sum += slow / BODIES;
        sum2 += slow * slow / BODIES;
    }
    double variance =
        state.covariance[3][3] + state.covariance[4][4] - 2 * state.covariance[3][4];
    wlk_check(is_done && fabs(sum) < 0.05 * sqrt(variance),
              "unknown drag: the mean is off by %.2f of %.2f m/s", sum, sqrt(variance));
    wlk_check(sum2 > 0.8 * variance && sum2 < 1.2 * variance,
              "and the squared error is %.2f times the variance", sum2 / variance);
}

int main(void)
{
    struct flight_plan plan = test_plan(TEST_MEDIUM);
    test_fly(&plan, &flight);
    check_first_plot();
    check_north();
    check_rate();
    check_refusals();
    check_steps();
    check_unknown_drag();
    check_consistent("JP", 60);
    check_consistent("US", 30);
    check_consistent("KR,JP,US", 15);
    check_consistent("KR,JP,US", 90);
    check_wide();
    return wlk_tap_done();
}
