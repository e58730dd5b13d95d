/* launch.c -- maximum a posteriori fit of the boost template, Levenberg-Marquardt.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/launch.h"

#include "base/assert.h"
#include "earth/geodesic.h"
#include "earth/propagate.h"
#include "tracking/launch_model.h"
#include "tracking/phase.h"

#include <math.h>
#include <string.h>

enum { N = WLK_TEMPLATE_UNKNOWNS, STEPS_MAX = 12, ROWS = WLK_LAUNCH_ROWS };
/* From here on the unknowns are of the rocket and have a prior in common. */
enum { ROCKET = WLK_TEMPLATE_LIFT, R = N - ROCKET, ANSWERS_MAX = 3 };

/* What is known before any plot of place, time and azimuth: nothing. Sigmas about the start. */
static const double VAGUE[ROCKET] = {1e6, 1e6, 600, 6};

/* And of the rocket; mean, one sigma, correlations (ASSUMPTIONS: templates fitted to drawn
 * flights of missiles of 150 to 13,000 km range, low, normal and lofted; correlations a tenth
 * smaller). What burns for long is heavy, rises slowly and turns late. */
static const double ROCKET_MEAN[R] = {3.0, 5.0, 0.6, 4.55, 4.95};
static const double ROCKET_SIGMA[R] = {0.27, 0.36, 0.54, 0.54, 0.58};
static const double ROCKET_TIES[R][R] = {{1, -0.25, -0.2, -0.6, -0.7},
                                         {-0.25, 1, 0.15, 0.45, 0.55},
                                         {-0.2, 0.15, 1, 0.05, 0.3},
                                         {-0.6, 0.45, 0.05, 1, 0.8},
                                         {-0.7, 0.55, 0.3, 0.8, 1}};

/* Where the plane of flight is known no better than this (squared sine) it may go both ways. */
static const double STEEP_PART = 0.01;
static const double PLACE_SIGMA_MIN_M = 50, TIME_SIGMA_MIN_S = 0.5;
/* How it flew before the first plot is not seen: real steering differs from the template's by
 * this part of the way over ground until then, along the azimuth, whatever the plots say; and
 * real staging by this part of the time until then where it was first seen at 100 km, less by
 * the root of the height. First seen in free flight it is more (set on drawn flights, by
 * docs/accuracy.md). */
static const double WAY_PART = 0.06, WAY_PART_COASTING = 0.09;
static const double TIME_PART = 0.17, TIME_PART_COASTING = 0.35;
static const double HIGH_M = 100e3;
/* Plots later than this after the first tell of the template's faults, not of the launch. */
static const double LOOKS_S = 20;
static const double COST_MAX = 16; /* mean square of the residuals at which it is no fit */

struct search {
    struct wlk_launch_model model;
    double known[R][R]; /* inverse covariance of the rocket's prior */
};

/* Where a search has come to. */
struct spot {
    double unknown[N], start[ROCKET]; /* start: of the search */
    struct wlk_launch_journey journey;
    double r[ROWS], slope[N][ROWS];
    double A[N][N], b[N]; /* normal matrix and right side */
};

/* Gradient of half the prior's cost; returns the cost. */
static double prior_slope(const struct search *s, const double unknown[N],
                          const double start[ROCKET], double out[N])
{
    double cost = 0;
    for (int j = 0; j < N; j++) {
        out[j] = 0;
        if (j < ROCKET)
            out[j] = (unknown[j] - start[j]) / (VAGUE[j] * VAGUE[j]);
        for (int k = ROCKET; j >= ROCKET && k < N; k++)
            out[j] += s->known[j - ROCKET][k - ROCKET] * (unknown[k] - ROCKET_MEAN[k - ROCKET]);
        cost += out[j] * (unknown[j] - (j < ROCKET ? start[j] : ROCKET_MEAN[j - ROCKET]));
    }
    return cost;
}

static size_t rows_of(const struct search *s)
{
    return 3 * s->model.seen->count + 1;
}

/* Flies the unknowns of a spot; returns their cost. */
static double go(const struct search *s, struct spot *spot)
{
    double slope[N], cost = prior_slope(s, spot->unknown, spot->start, slope);
    wlk_launch_fly(&s->model, spot->unknown, &spot->journey);
    wlk_launch_residuals(&s->model, spot->unknown, &spot->journey, spot->r);
    for (size_t i = 0; i < rows_of(s); i++)
        cost += spot->r[i] * spot->r[i];
    return cost;
}

/* Normal matrix and right side. */
static void normal(const struct search *s, struct spot *spot)
{
    double(*slope)[ROWS] = spot->slope;
    wlk_launch_slopes(&s->model, spot->unknown, &spot->journey, spot->r, slope);
    (void)prior_slope(s, spot->unknown, spot->start, spot->b);
    for (int j = 0; j < N; j++) {
        spot->b[j] = -spot->b[j];
        for (size_t i = 0; i < rows_of(s); i++)
            spot->b[j] -= slope[j][i] * spot->r[i];
        for (int k = 0; k <= j; k++) {
            double sum = k >= ROCKET ? s->known[j - ROCKET][k - ROCKET] : 0;
            if (j == k && j < ROCKET)
                sum = 1 / (VAGUE[j] * VAGUE[j]);
            for (size_t i = 0; i < rows_of(s); i++)
                sum += slope[j][i] * slope[k][i];
            spot->A[j][k] = spot->A[k][j] = sum;
        }
    }
}

/* From a start to the nearest minimum. Returns the cost, HUGE_VAL if it failed. */
static double descend(const struct search *s, struct spot *spot)
{
    struct spot next;
    double damping = 1e-2;
    memcpy(spot->start, spot->unknown, sizeof spot->start);
    memcpy(next.start, spot->start, sizeof next.start);
    double cost = go(s, spot);
    for (int count = 0; count < STEPS_MAX && isfinite(cost); count++) {
        double damped[N][N], step[N], next_cost = HUGE_VAL;
        normal(s, spot);
        for (int attempt = 0; attempt < 5; attempt++, damping *= 10) {
            memcpy(damped, spot->A, sizeof damped);
            memcpy(step, spot->b, sizeof step);
            for (int j = 0; j < N; j++)
                damped[j][j] *= 1 + damping;
            if (!wlk_launch_factor(damped, N))
                continue;
            wlk_launch_solve(damped, N, step);
            for (int j = 0; j < N; j++)
                next.unknown[j] = spot->unknown[j] + step[j];
            next_cost = go(s, &next);
            if (next_cost < cost)
                break;
        }
        if (!(next_cost < cost))
            break;
        damping = fmax(damping * 0.1, 1e-7);
        double gain = cost - next_cost;
        memcpy(spot->unknown, next.unknown, sizeof next.unknown);
        memcpy(spot->r, next.r, sizeof next.r);
        spot->journey = next.journey;
        cost = next_cost;
        if (gain < 1e-2 + 1e-4 * cost)
            break;
    }
    normal(s, spot);
    return cost;
}

/* The state after the looks, by the filter; where a search starts. thrusts: it pushes now. */
static wlk_status first_state(const struct wlk_launch_case *seen, struct wlk_state *out,
                              bool *thrusts)
{
    struct wlk_phases phases;
    wlk_phases_begin(&seen->look[0], &phases);
    for (size_t i = 1; i < seen->count; i++)
        if (wlk_phases_take(&phases, &seen->look[i]) != WLK_OK)
            return WLK_NO_SOLUTION;
    *out = *wlk_phases_state(&phases);
    *thrusts = wlk_phases_thrusts(&phases);
    return WLK_OK;
}

/* A start: what a smooth boost of burn_s (0: still burning) must have been to come to x at
 * seconds (since s->zero). Height and path grow about as t^2.3 and t^3 in a boost. */
static void start_from(const struct search *s, const double x_seen[6], double seconds,
                       double burn_s, double unknown[N])
{
    double x[6];
    memcpy(x, x_seen, sizeof x);
    wlk_geodetic place = wlk_geodetic_from_ecef((wlk_ecef){x[0], x[1], x[2]});
    wlk_enu v = wlk_enu_from_ecef(place, x + 3);
    for (int count = 0; burn_s > 0 && count < 400; count++) {
        if (v.up > 0 && place.height_m <= v.up * burn_s / 2.3)
            break;
        double back[6];
        if (wlk_propagate(x, 0, -5, back, NULL) != WLK_OK)
            break;
        memcpy(x, back, sizeof x);
        seconds -= 5;
        place = wlk_geodetic_from_ecef((wlk_ecef){x[0], x[1], x[2]});
        v = wlk_enu_from_ecef(place, x + 3);
        if (place.height_m < 10e3)
            break;
    }
    double flight_s = burn_s > 0 ? burn_s : 2.3 * place.height_m / fmax(v.up, 150);
    flight_s = fmin(fmax(flight_s, 15), 400);
    /* the rocket that burns about so long */
    for (int j = 0; j < R; j++)
        unknown[ROCKET + j] = ROCKET_MEAN[j] + ROCKET_TIES[j][R - 1] * ROCKET_SIGMA[j] *
                                                   (log(flight_s) - ROCKET_MEAN[R - 1]) /
                                                   ROCKET_SIGMA[R - 1];
    double north = (place.latitude_rad - s->model.reference.latitude_rad) * WLK_WGS84_A;
    double east = (place.longitude_rad - s->model.reference.longitude_rad) * WLK_WGS84_A *
                  cos(place.latitude_rad);
    unknown[WLK_TEMPLATE_EAST] = east - v.east * flight_s / 3;
    unknown[WLK_TEMPLATE_NORTH] = north - v.north * flight_s / 3;
    unknown[WLK_TEMPLATE_TIME] = seconds - flight_s;
    unknown[WLK_TEMPLATE_AZIMUTH] = atan2(v.east, v.north);
    double steep = atan2(v.up, hypot(v.east, v.north));
    unknown[WLK_TEMPLATE_PITCH] = fmin(fmax(steep, 0.3), 1.45);
}

/* One minimum: east, north (m), time (s) of the launch, and how much it explains. */
struct answer {
    double place[3], covariance[3][3];
    double azimuth_rad, azimuth_variance;
    double log_weight;
};

/* Adds what the template's faults do to place and time. */
static void add_faults(const struct search *s, double azimuth, double time_s,
                       wlk_geodetic launch, double P[3][3])
{
    const double *at = s->model.seen->look[0].at;
    wlk_geodetic first = wlk_geodetic_from_ecef((wlk_ecef){at[0], at[1], at[2]});
    bool is_coasting = s->model.seen->thrust == WLK_LAUNCH_COASTING;
    double way_m = (is_coasting ? WAY_PART_COASTING : WAY_PART) *
                   wlk_geodesic_between(launch, first).distance_m;
    double part =
        is_coasting ? TIME_PART_COASTING : TIME_PART * sqrt(fmax(first.height_m, 0) / HIGH_M);
    const double along[2] = {way_m * sin(azimuth), way_m * cos(azimuth)};
    for (int i = 0; i < 2; i++) {
        P[i][i] += PLACE_SIGMA_MIN_M * PLACE_SIGMA_MIN_M;
        for (int j = 0; j < 2; j++)
            P[i][j] += along[i] * along[j];
    }
    P[2][2] += TIME_SIGMA_MIN_S * TIME_SIGMA_MIN_S;
    P[2][2] += pow(part * time_s, 2);
}

static wlk_geodetic place_of(const struct search *s, const double unknown[N])
{
    struct wlk_template boost = {.burn_s = HUGE_VAL};
    struct wlk_template_flight flight;
    memcpy(boost.unknown, unknown, sizeof boost.unknown);
    wlk_template_begin(&boost, s->model.reference, &flight);
    wlk_geodetic place =
        wlk_geodetic_from_ecef((wlk_ecef){flight.x[0], flight.x[1], flight.x[2]});
    place.height_m = 0;
    return place;
}

/* Adds what the biases of the radars do (they are considered, not fitted; Schmidt): a bias of
 * one sigma in all looks of a radar moves the answer by -C J' W sigma. C: inverse of the normal
 * matrix. */
static void add_biases(const struct search *s, const struct spot *spot, double C[N][N],
                       double P[3][3])
{
    const struct wlk_launch_case *seen = s->model.seen;
    for (size_t first = 0; first < seen->count; first++) {
        bool is_new = true;
        for (size_t i = 0; i < first; i++)
            is_new &= memcmp(seen->look[i].site, seen->look[first].site,
                             sizeof seen->look[i].site) != 0;
        for (int axis = 0; is_new && axis < 3; axis++) {
            double force[N] = {0}, by[3] = {0}, sigma = seen->look[first].bias_sigma[axis];
            for (size_t i = first; i < seen->count && sigma > 0; i++)
                for (int row = axis; row < 3; row++)
                    for (int j = 0; j < N && memcmp(seen->look[i].site, seen->look[first].site,
                                                    sizeof seen->look[i].site) == 0;
                         j++)
                        force[j] += spot->slope[j][3 * i + (size_t)row] *
                                    s->model.whiten[i][row][axis] * sigma;
            for (int i = 0; i < 3; i++)
                for (int j = 0; j < N; j++)
                    by[i] -= C[i][j] * force[j];
            for (int i = 0; i < 3; i++)
                for (int j = 0; j < 3; j++)
                    P[i][j] += by[i] * by[j];
        }
    }
}

/* Inverse of the normal matrix, with the biases and the template's faults added; the weight is
 * the evidence by Laplace, prior and likelihood integrated over the unknowns. */
static wlk_status conclude(const struct search *s, struct spot *spot, double cost,
                           struct answer *out)
{
    const double *unknown = spot->unknown;
    double C[N][N], mean = cost / (double)(3 * s->model.seen->count), worse = fmax(1, mean);
    if (!(mean < COST_MAX) || !wlk_launch_factor(spot->A, N))
        return WLK_NO_SOLUTION;
    out->log_weight = -0.5 * cost;
    for (int j = 0; j < N; j++) {
        memset(C[j], 0, sizeof C[j]);
        C[j][j] = 1;
        wlk_launch_solve(spot->A, N, C[j]);
        out->log_weight -= log(spot->A[j][j]);
    }
    for (int i = 0; i < 3; i++) {
        out->place[i] = unknown[i];
        for (int j = 0; j < 3; j++)
            out->covariance[i][j] = worse * C[i][j];
    }
    double azimuth = unknown[WLK_TEMPLATE_AZIMUTH];
    if (unknown[WLK_TEMPLATE_PITCH] > WLK_PI / 2) /* over the vertical is the other way */
        azimuth += WLK_PI;
    add_biases(s, spot, C, out->covariance);
    add_faults(s, azimuth, unknown[WLK_TEMPLATE_TIME], place_of(s, unknown), out->covariance);
    out->azimuth_rad = azimuth;
    out->azimuth_variance = 4 * worse * C[3][3] + 0.01 * 0.01;
    double flat = out->covariance[0][0] + out->covariance[1][1];
    return flat < 1e12 && isfinite(out->covariance[2][2]) ? WLK_OK : WLK_NO_SOLUTION;
}

/* The mixture's mean and covariance. */
static void merge(const struct search *s, const struct answer *answer, int count,
                  struct wlk_launch *out)
{
    double weight[ANSWERS_MAX], sum = 0, mean[N] = {0}, turn[ANSWERS_MAX], turned = 0;
    int best = 0;
    for (int k = 1; k < count; k++)
        best = answer[k].log_weight > answer[best].log_weight ? k : best;
    for (int k = 0; k < count; k++)
        sum += weight[k] = exp(answer[k].log_weight - answer[best].log_weight);
    for (int k = 0; k < count; k++) {
        weight[k] /= sum;
        for (int i = 0; i < 3; i++)
            mean[i] += weight[k] * answer[k].place[i];
        turn[k] = remainder(answer[k].azimuth_rad - answer[best].azimuth_rad, 2 * WLK_PI);
        turned += weight[k] * turn[k];
    }
    struct wlk_launch launch = {.status = WLK_LAUNCH_SUSPECTED,
                                .has_azimuth = true,
                                .object_count_min = 1,
                                .object_count_max = 1};
    double variance = 0;
    for (int k = 0; k < count; k++) {
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                launch.point.covariance[i][j] +=
                    weight[k] *
                    (answer[k].covariance[i][j] + (answer[k].place[i] - mean[i]) *
                                                      (answer[k].place[j] - mean[j]));
        variance += weight[k] * (answer[k].azimuth_variance + pow(turn[k] - turned, 2));
    }
    launch.point.place = place_of(s, mean);
    launch.point.time = wlk_utc_add(s->model.zero, mean[WLK_TEMPLATE_TIME]);
    double azimuth = fmod(answer[best].azimuth_rad + turned, 2 * WLK_PI);
    launch.azimuth_rad = azimuth < 0 ? azimuth + 2 * WLK_PI : azimuth;
    launch.azimuth_sigma_rad = fmin(sqrt(variance), WLK_PI / sqrt(3.0));
    *out = launch;
}

/* The plots that tell of the launch. */
static struct wlk_launch_case early_of(const struct wlk_launch_case *seen)
{
    struct wlk_launch_case early = *seen;
    while (early.count > 3 && seen->thrust != WLK_LAUNCH_COASTING &&
           wlk_utc_seconds(early.look[early.count - 1].time, early.look[0].time) > LOOKS_S)
        early.count--;
    return early;
}

/* The prior's inverse covariance. */
static void know(double out[R][R])
{
    double L[N][N] = {{0}};
    for (int i = 0; i < R; i++)
        for (int j = 0; j < R; j++)
            L[i][j] = ROCKET_TIES[i][j] * ROCKET_SIGMA[i] * ROCKET_SIGMA[j];
    bool is_positive = wlk_launch_factor(L, R);
    WLK_ASSERT(is_positive);
    for (int i = 0; i < R; i++) {
        double row[N] = {0};
        row[i] = 1;
        wlk_launch_solve(L, R, row);
        memcpy(out[i], row, R * sizeof *row);
    }
}

/* Which minima are looked for: what is held of the thrust, and the burn time to start from. */
struct attempt {
    enum wlk_launch_burning burning;
    double burn_s;  /* 0: up to the first look */
    bool is_turned; /* it tilts the other way than it moves */
};

static int attempts_of(enum wlk_launch_thrust thrust, bool thrusts, bool is_steep,
                       struct attempt out[ANSWERS_MAX])
{
    static const double BURNS_S[] = {70, 120, 220};
    int count = 0;
    if (thrust == WLK_LAUNCH_COASTING) {
        for (; count < 3; count++)
            out[count] = (struct attempt){WLK_LAUNCH_WAS_BURNT, BURNS_S[count], false};
        return count;
    }
    const enum wlk_launch_burning burning =
        thrust == WLK_LAUNCH_BURNOUT ? WLK_LAUNCH_BURNT : WLK_LAUNCH_BURNS;
    out[count++] = (struct attempt){burning, 0, false};
    if (is_steep)
        out[count++] = (struct attempt){burning, 0, true};
    if (thrust == WLK_LAUNCH_THRUSTING && !thrusts)
        out[count++] = (struct attempt){WLK_LAUNCH_BURNS_EVER, BURNS_S[0], false};
    return count;
}

wlk_status wlk_launch_fit(const struct wlk_launch_case *given, struct wlk_launch *out)
{
    struct wlk_state state;
    const struct wlk_launch_case early = early_of(given), *seen = &early;
    struct search s = {.model = {.seen = seen}};
    struct attempt attempt[ANSWERS_MAX];
    struct answer answer[ANSWERS_MAX];
    bool thrusts;
    int answers = 0;
    if (seen->count < 3)
        return WLK_NOT_YET;
    WLK_ASSERT(seen->count <= WLK_LAUNCH_LOOKS_MAX);
    WLK_TRY(first_state(seen, &state, &thrusts));
    double x[6], thrust_s = HUGE_VAL;
    memcpy(x, state.position_m, sizeof state.position_m);
    memcpy(x + 3, state.velocity_mps, sizeof state.velocity_mps);
    s.model.zero = seen->look[0].time;
    s.model.reference = wlk_geodetic_from_ecef((wlk_ecef){x[0], x[1], x[2]});
    if (seen->thrust != WLK_LAUNCH_THRUSTING)
        thrust_s = seen->thrust == WLK_LAUNCH_BURNOUT
                       ? fmax(0, wlk_utc_seconds(seen->burnout, s.model.zero))
                       : 0;
    know(s.known);
    double part = wlk_launch_weigh(&s.model, &state, thrust_s);
    if (part < 0)
        return WLK_NO_SOLUTION;
    int attempts = attempts_of(seen->thrust, thrusts, part > STEEP_PART, attempt);
    for (int k = 0; k < attempts; k++) {
        struct spot spot;
        s.model.burning = attempt[k].burning;
        start_from(&s, x, wlk_utc_seconds(state.epoch, s.model.zero), attempt[k].burn_s,
                   spot.unknown);
        spot.unknown[WLK_TEMPLATE_AZIMUTH] += attempt[k].is_turned ? WLK_PI : 0;
        double cost = descend(&s, &spot);
        answers += isfinite(cost) && conclude(&s, &spot, cost, &answer[answers]) == WLK_OK;
    }
    if (answers == 0)
        return WLK_NO_SOLUTION;
    merge(&s, answer, answers, out);
    return WLK_OK;
}
