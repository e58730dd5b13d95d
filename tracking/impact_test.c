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
    /* the point stands for a body that is not known: it is not where this one falls */
    wlk_check(apart < 0.01 * range + 2500, "within %.0f m of the truth at %.0f km", apart,
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

/* Is a rate of hits within 2 % of what is said, or by chance (3.3 sigma) out of it? */
static bool is_rate(int hits, int count, double said)
{
    double rate = (double)hits / count, chance = 3.3 * sqrt(said * (1 - said) / count);
    return fabs(rate - said) < 0.02 + chance;
}

/* Errors drawn from the covariance and flown by the same dynamics fall inside the ellipses as
 * often as these say. position_m, velocity_mps: one sigma each way. */
static void check_ellipse(enum test_flight_kind kind, double after_s, double position_m,
                          double velocity_mps)
{
    enum { RUNS = 1000 };
    struct flight_plan plan = test_plan(kind);
    test_fly(&plan, &flight);
    struct wlk_state state = state_at(flight.burnout_s + after_s, position_m, velocity_mps);
    struct wlk_impact impact, other;
    struct wlk_random random = wlk_random_seeded(11, 3);
    int in50 = 0, in90 = 0, in95 = 0, in_time = 0;
    if (!wlk_check(wlk_impact_predict(&state, 7200, &impact, NULL) == WLK_OK, "an impact"))
        return;
    double(*P)[3] = impact.point.covariance;
    double det = P[0][0] * P[1][1] - P[0][1] * P[0][1];
    double model_m = wlk_impact_model_m(flight.impact_s);
    for (int run = 0; run < RUNS; run++) {
        struct wlk_state moved = state;
        /* beta as a state of its own, so that its doubt is drawn too */
        moved.phase = WLK_PHASE_REENTRY;
        moved.log_inverse_beta = log(1.0 / 4000) + 0.8 * wlk_random_normal(&random);
        moved.covariance[6][6] = 1e-12;
        for (int i = 0; i < 3; i++) {
            moved.position_m[i] += position_m * wlk_random_normal(&random);
            moved.velocity_mps[i] += velocity_mps * wlk_random_normal(&random);
        }
        if (wlk_impact_predict(&moved, 7200, &other, NULL) != WLK_OK)
            continue;
        struct wlk_geodesic line = wlk_geodesic_between(impact.point.place, other.point.place);
        double e = line.distance_m * sin(line.azimuth_rad);
        double n = line.distance_m * cos(line.azimuth_rad);
        e += model_m * wlk_random_normal(&random);
        n += model_m * wlk_random_normal(&random);
        double t = wlk_utc_seconds(other.point.time, impact.point.time);
        double d2 = (P[1][1] * e * e - 2 * P[0][1] * e * n + P[0][0] * n * n) / det;
        in50 += d2 < -2 * log(0.5);
        in90 += d2 < -2 * log(0.1);
        in95 += d2 < -2 * log(0.05);
        in_time += fabs(t) < 1.95996 * sqrt(P[2][2]);
    }
    wlk_check(is_rate(in50, RUNS, 0.5) && is_rate(in90, RUNS, 0.9) && is_rate(in95, RUNS, 0.95),
              "flight %d, sigma %g m/s: the ellipses hold %.3f, %.3f, %.3f", kind, velocity_mps,
              (double)in50 / RUNS, (double)in90 / RUNS, (double)in95 / RUNS);
    wlk_check(is_rate(in_time, RUNS, 0.95), "and the 95 %% interval of time %.3f",
              (double)in_time / RUNS);
}

/* The covariance is that of small errors flown one by one: east, north and time. */
static void check_mapping(void)
{
    struct flight_plan plan = test_plan(TEST_MEDIUM);
    test_fly(&plan, &flight);
    struct wlk_state state = state_at(flight.burnout_s + 100, 1e-3, 1e-6);
    struct wlk_impact impact, other;
    double expected[3][3] = {{0}}, worst = 0;
    double flight_s = flight.impact_s - flight.burnout_s - 100;
    for (int j = 0; j < 3; j++)
        expected[j][j] =
            pow(j < 2 ? wlk_impact_model_m(flight_s) : wlk_impact_model_s(flight_s), 2);
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
    check_ellipse(TEST_LOFTED, 60, 100, 3);
    check_ellipse(TEST_SHORT, 20, 100, 5);
    check_ellipse(TEST_MEDIUM, 20, 200, 1);
    check_ellipse(TEST_MEDIUM, 20, 200, 20);
    check_ellipse(TEST_MEDIUM, 300, 50, 0.3); /* beta is nearly all the doubt */
    check_refusals();
    return wlk_tap_done();
}
