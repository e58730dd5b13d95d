/* launch_test.c -- the launch point of flights that the template was not made from.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/launch.h"
#include "tracking/watch_for_test.h"

#include "base/tap.h"
#include "earth/geodesic.h"

static struct flight flight;
static struct wlk_plot plots[8000];

/* Fits to at most 30 looks in 30 s from the first. */
static wlk_status fit(const char *owners, uint64_t seed, double from_s, struct wlk_launch *out)
{
    struct wlk_look look[WLK_LAUNCH_LOOKS_MAX];
    const double span[2] = {from_s, 1e9};
    size_t count = watch(&flight, owners, seed, span, 8000, plots), used = 0;
    while (used < count && used < 30 && wlk_utc_seconds(plots[used].time, plots[0].time) < 30) {
        wlk_look_from_plot(&plots[used], &look[used]);
        used++;
    }
    double first_s = used ? watch_s(plots[0].time) : 0;
    double last_s = used ? watch_s(plots[used - 1].time) : 0;
    struct wlk_launch_case seen = {.look = look,
                                   .count = used,
                                   .thrust = first_s > flight.burnout_s  ? WLK_LAUNCH_COASTING
                                             : last_s > flight.burnout_s ? WLK_LAUNCH_BURNOUT
                                                                         : WLK_LAUNCH_THRUSTING,
                                   .burnout = wlk_utc_add(TEST_LAUNCH, flight.burnout_s)};
    if (used == 0)
        return WLK_NOT_YET;
    return wlk_launch_fit(&seen, out);
}

struct result {
    int fitted, inside, in_time, in_azimuth;
    double error_m, major_m; /* means */
};

static struct result many(const char *owners, double from_s, const struct flight_plan *plan,
                          int runs)
{
    struct result result = {0};
    for (int run = 0; run < runs; run++) {
        struct wlk_launch launch;
        if (fit(owners, (uint64_t)run + 1, from_s, &launch) != WLK_OK)
            continue;
        double(*P)[3] = launch.point.covariance;
        struct wlk_geodesic line = wlk_geodesic_between(launch.point.place, plan->launch);
        double e = line.distance_m * sin(line.azimuth_rad);
        double n = line.distance_m * cos(line.azimuth_rad);
        double det = P[0][0] * P[1][1] - P[0][1] * P[0][1];
        double turn = remainder(launch.azimuth_rad - plan->azimuth_rad, 2 * WLK_PI);
        struct wlk_ellipse ellipse =
            wlk_ellipse_from_covariance(P[0][0], P[0][1], P[1][1], 0.95);
        result.fitted++;
        result.inside +=
            (P[1][1] * e * e - 2 * P[0][1] * e * n + P[0][0] * n * n) / det < 5.991;
        result.in_time += fabs(watch_s(launch.point.time)) < 1.96 * sqrt(P[2][2]);
        result.in_azimuth += fabs(turn) < 1.96 * launch.azimuth_sigma_rad + 2 * WLK_DEG;
        result.error_m += line.distance_m / runs;
        result.major_m += ellipse.major_m / runs;
    }
    return result;
}

static void check_kind(enum test_flight_kind kind, const char *owners, double from_s,
                       double error_max_m)
{
    enum { RUNS = 30 };
    struct flight_plan plan = test_plan(kind);
    test_fly(&plan, &flight);
    struct result result = many(owners, from_s, &plan, RUNS);
    wlk_check(result.fitted >= RUNS - 2, "flight %d, %s from %g s: %d of %d fits", kind, owners,
              from_s, result.fitted, (int)RUNS);
    wlk_check(result.error_m < error_max_m, "mean error %.1f km, 95 %% semi-major %.1f km",
              result.error_m / 1e3, result.major_m / 1e3);
    wlk_check(result.inside >= result.fitted * 9 / 10, "%d inside the ellipse", result.inside);
    wlk_check(result.in_time >= result.fitted * 8 / 10, "%d inside the time", result.in_time);
    wlk_check(result.in_azimuth >= result.fitted * 8 / 10, "%d inside the azimuth",
              result.in_azimuth);
}

/* A bias that is told is in the covariance as what it does to the answer. */
static void check_bias(int axis, double sigma)
{
    struct wlk_look look[20];
    struct wlk_launch plain, told, moved;
    struct flight_plan plan = test_plan(TEST_MEDIUM);
    const double span[2] = {0, 1e9};
    test_fly(&plan, &flight);
    size_t count = watch(&flight, "US", 5, span, 8000, plots);
    struct wlk_launch_case seen = {.look = look, .thrust = WLK_LAUNCH_THRUSTING};
    for (size_t i = 0; i < count && seen.count < 8; i++)
        if (wlk_name_equal(plots[i].sensor, plots[0].sensor))
            wlk_look_from_plot(&plots[i], &look[seen.count++]);
    wlk_status status = wlk_launch_fit(&seen, &plain);
    for (size_t i = 0; i < seen.count; i++)
        look[i].bias_sigma[axis] = sigma;
    status = status == WLK_OK ? wlk_launch_fit(&seen, &told) : status;
    for (size_t i = 0; i < seen.count; i++)
        look[i].z[axis] += sigma;
    status = status == WLK_OK ? wlk_launch_fit(&seen, &moved) : status;
    if (!wlk_check(status == WLK_OK, "fits"))
        return;
    struct wlk_geodesic line = wlk_geodesic_between(plain.point.place, moved.point.place);
    double(*P)[3] = plain.point.covariance, (*Q)[3] = told.point.covariance;
    double more = sqrt(fmax(0, Q[0][0] + Q[1][1] - P[0][0] - P[1][1]));
    wlk_check(fabs(more - line.distance_m) < 0.3 * line.distance_m,
              "a bias of axis %d moves it by %.2f km, told as %.2f km", axis,
              line.distance_m / 1e3, more / 1e3);
}

static void check_refusals(void)
{
    struct wlk_look look[3];
    struct wlk_launch launch, untouched;
    memset(&launch, 0x55, sizeof launch);
    untouched = launch;
    for (int i = 0; i < 3; i++) { /* three plots with nothing in common */
        struct wlk_plot plot = {.place = {0.6, 2.4, 0},
                                .time = wlk_utc_add(TEST_LAUNCH, i),
                                .seen = {200e3 + 600e3 * (i == 1), 2.0 * i, 0.1 + 0.5 * i},
                                .range_sigma_m = 10,
                                .azimuth_sigma_rad = 1e-4,
                                .elevation_sigma_rad = 1e-4};
        wlk_look_from_plot(&plot, &look[i]);
    }
    struct wlk_launch_case seen = {.look = look, .count = 2, .thrust = WLK_LAUNCH_THRUSTING};
    wlk_check(wlk_launch_fit(&seen, &launch) == WLK_NOT_YET, "two plots are not enough");
    seen.count = 3;
    wlk_check(wlk_launch_fit(&seen, &launch) == WLK_NO_SOLUTION, "nonsense has no launch");
    wlk_check(memcmp(&launch, &untouched, sizeof launch) == 0, "a refusal touches nothing");
}

int main(void)
{
    check_kind(TEST_MEDIUM, "KR", 0, 2e3);
    check_kind(TEST_MEDIUM, "JP", 0, 15e3);
    check_kind(TEST_MEDIUM, "US", 0, 15e3);
    check_kind(TEST_MEDIUM, "JP", 200, 30e3);
    check_kind(TEST_LOFTED, "KR", 0, 2e3);
    check_kind(TEST_SHORT, "KR", 0, 3e3);
    check_kind(TEST_SHORT, "JP", 0, 20e3);
    check_bias(1, 2e-3);
    check_bias(0, 8e3);
    check_refusals();
    return wlk_tap_done();
}
