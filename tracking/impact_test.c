/* impact_test.c -- the impact point against a flight of another integrator, and its ellipse
 * against where errors really go.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/impact.h"
#include "tracking/watch_for_test.h"

#include "base/tap.h"
#include "earth/geodesic.h"

static struct flight flight;

/* The truth of the flight at t as a state with given sigmas. */
static struct wlk_state state_at(double t, double position_m, double velocity_mps)
{
    struct wlk_state state = {.epoch = wlk_utc_add(TEST_LAUNCH, t), .phase = WLK_PHASE_COAST};
    double x[6];
    if (!test_state(&flight, t, x))
        return state;
    memcpy(state.position_m, x, sizeof state.position_m);
    memcpy(state.velocity_mps, x + 3, sizeof state.velocity_mps);
    for (int i = 0; i < 3; i++) {
        state.covariance[i][i] = position_m * position_m;
        state.covariance[i + 3][i + 3] = velocity_mps * velocity_mps;
    }
    return state;
}

static void check_point(enum test_flight_kind kind)
{
    struct flight_plan plan = test_plan(kind);
    static struct wlk_path path;
    struct wlk_impact impact;
    test_fly(&plan, &flight);
    struct wlk_state state = state_at(flight.burnout_s + 20, 10, 0.1);
    if (!wlk_check(wlk_impact_predict(&state, 7200, &impact, &path) == WLK_OK,
                   "flight %d has an impact", kind))
        return;
    double apart = wlk_geodesic_between(flight.impact, impact.point.place).distance_m;
    double range = wlk_geodesic_between(plan.launch, flight.impact).distance_m;
    double late = watch_s(impact.point.time) - flight.impact_s;
    double sigma_s = sqrt(impact.point.covariance[2][2]);
    wlk_check(apart < 0.01 * range + 1500, "within %.0f m of the truth at %.0f km", apart,
              range / 1e3);
    wlk_check(fabs(late) < 3 * sigma_s, "%.1f s late, sigma %.1f s", late, sigma_s);
    wlk_check_near(impact.apogee_m, flight.apogee_m, 0.002 * flight.apogee_m + 500,
                   "the apogee is that of the truth");
    wlk_check(impact.point.place.height_m == 0 && impact.condition == WLK_CONDITION_MEASURED,
              "the impact is on the ellipsoid");
    bool is_rising = path.count > 10;
    for (size_t i = 1; i < path.count; i++)
        is_rising = is_rising && path.time[i].ns > path.time[i - 1].ns;
    wlk_check(is_rising, "the path has %zu points, rising in time", path.count);
    wlk_check(path.time[path.count - 1].ns == impact.point.time.ns, "and ends with the impact");
}

/* Errors drawn from the covariance and flown by the same dynamics: 95 % must fall inside. */
static void check_ellipse(double velocity_mps)
{
    enum { RUNS = 600 };
    struct flight_plan plan = test_plan(TEST_MEDIUM);
    test_fly(&plan, &flight);
    struct wlk_state state = state_at(flight.burnout_s + 20, 200, velocity_mps);
    struct wlk_impact impact, other;
    struct wlk_random random = wlk_random_seeded(11, 3);
    int inside = 0, in_time = 0;
    if (!wlk_check(wlk_impact_predict(&state, 7200, &impact, NULL) == WLK_OK, "an impact"))
        return;
    double(*P)[3] = impact.point.covariance;
    double det = P[0][0] * P[1][1] - P[0][1] * P[0][1];
    for (int run = 0; run < RUNS; run++) {
        struct wlk_state moved = state;
        /* beta as a state of its own, so that its doubt is drawn too */
        moved.phase = WLK_PHASE_REENTRY;
        moved.log_inverse_beta = log(1.0 / 4000) + 0.8 * wlk_random_normal(&random);
        moved.covariance[6][6] = 1;
        for (int i = 0; i < 3; i++) {
            moved.position_m[i] += 200 * wlk_random_normal(&random);
            moved.velocity_mps[i] += velocity_mps * wlk_random_normal(&random);
        }
        if (wlk_impact_predict(&moved, 7200, &other, NULL) != WLK_OK)
            continue;
        struct wlk_geodesic line = wlk_geodesic_between(impact.point.place, other.point.place);
        double e = line.distance_m * sin(line.azimuth_rad);
        double n = line.distance_m * cos(line.azimuth_rad);
        double t = wlk_utc_seconds(other.point.time, impact.point.time);
        inside += (P[1][1] * e * e - 2 * P[0][1] * e * n + P[0][0] * n * n) / det < 5.991;
        in_time += fabs(t) < 1.96 * sqrt(P[2][2]);
    }
    /* 0.95 of 600 is 570, one sigma 5.3 */
    /* where beta is all the doubt the ellipse is skew: the same change of its logarithm moves
     * the impact more downwards than upwards */
    int floor = velocity_mps < 10 ? 530 : 540;
    wlk_check(inside > floor && inside < 595, "sigma %g m/s: the 95 %% ellipse holds %.3f",
              velocity_mps, (double)inside / RUNS);
    wlk_check(in_time > 500, "and the 95 %% interval of time %.3f", (double)in_time / RUNS);
}

/* The covariance is that of small errors flown one by one: east, north and time. */
static void check_mapping(void)
{
    struct flight_plan plan = test_plan(TEST_MEDIUM);
    test_fly(&plan, &flight);
    struct wlk_state state = state_at(flight.burnout_s + 100, 1e-3, 1e-6);
    struct wlk_impact impact, other;
    const double model[3] = {WLK_IMPACT_MODEL_M, WLK_IMPACT_MODEL_M, WLK_IMPACT_MODEL_S};
    double expected[3][3] = {{0}}, worst = 0;
    for (int j = 0; j < 3; j++)
        expected[j][j] = model[j] * model[j];
    state.phase = WLK_PHASE_REENTRY;
    state.log_inverse_beta = log(1.0 / 4000);
    state.covariance[6][6] = 1e-12;
    for (int i = 0; i < 6; i++)
        state.covariance[i][i] = i < 3 ? 50.0 * 50 * (i + 1) : 0.25 / (i + 1);
    if (!wlk_check(wlk_impact_predict(&state, 7200, &impact, NULL) == WLK_OK, "an impact"))
        return;
    for (int i = 0; i < 6; i++) {
        struct wlk_state moved = state;
        double by = sqrt(state.covariance[i][i]);
        *(i < 3 ? &moved.position_m[i] : &moved.velocity_mps[i - 3]) += by;
        if (wlk_impact_predict(&moved, 7200, &other, NULL) != WLK_OK)
            return;
        struct wlk_geodesic line = wlk_geodesic_between(impact.point.place, other.point.place);
        const double d[3] = {line.distance_m * sin(line.azimuth_rad),
                             line.distance_m * cos(line.azimuth_rad),
                             wlk_utc_seconds(other.point.time, impact.point.time)};
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 3; k++)
                expected[j][k] += d[j] * d[k];
    }
    for (int j = 0; j < 3; j++)
        for (int k = 0; k < 3; k++)
            worst = fmax(worst, fabs(impact.point.covariance[j][k] - expected[j][k]) /
                                    sqrt(expected[j][j] * expected[k][k]));
    wlk_check(worst < 0.06, "small errors arrive as the covariance says (%.2g)", worst);
}

static void check_refusals(void)
{
    struct wlk_impact impact, untouched;
    memset(&impact, 0x55, sizeof impact);
    untouched = impact;
    struct wlk_state state = state_at(300, 100, 1);
    state.phase = WLK_PHASE_BOOST;
    wlk_check(wlk_impact_predict(&state, 7200, &impact, NULL) == WLK_NOT_YET,
              "while it thrusts there is no impact");
    state.phase = WLK_PHASE_COAST;
    wlk_check(wlk_impact_predict(&state, 60, &impact, NULL) == WLK_NO_SOLUTION,
              "the ground is beyond the horizon");
    for (int i = 0; i < 3; i++)
        state.velocity_mps[i] = 0;
    state.velocity_mps[1] = 7700;
    state.position_m[0] = 6900e3;
    state.position_m[1] = state.position_m[2] = 0;
    wlk_check(wlk_impact_predict(&state, 7200, &impact, NULL) == WLK_NO_SOLUTION,
              "a satellite has no impact");
    state.position_m[0] = 6000e3;
    wlk_check(wlk_impact_predict(&state, 7200, &impact, NULL) == WLK_NO_SOLUTION,
              "below the ground there is none");
    state.position_m[0] = nan("");
    wlk_check(wlk_impact_predict(&state, 7200, &impact, NULL) == WLK_NO_SOLUTION,
              "nor for no number");
    wlk_check(memcmp(&impact, &untouched, sizeof impact) == 0, "a refusal touches nothing");
}

int main(void)
{
    for (int kind = 0; kind < TEST_KINDS; kind++)
        check_point((enum test_flight_kind)kind);
    check_mapping();
    check_ellipse(1);
    check_ellipse(20);
    check_refusals();
    return wlk_tap_done();
}
