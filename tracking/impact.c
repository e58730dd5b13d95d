/* impact.c -- forward to the ground.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/impact.h"

#include "base/assert.h"
#include "earth/air.h"
#include "earth/geodesic.h"
#include "earth/propagate.h"
#include "tracking/filter.h"

#include <math.h>
#include <string.h>

enum { STEPS_MAX = 2000, ROOT_STEPS = 8 };
static const double STRETCH = 2.5;   /* long steps: against 1 the impact moves by metres */
static const double GROUND_M = 0.05; /* how near the ellipsoid is near enough */
/* The fall is far from straight in ln(1/beta): a light body falls short by 1/beta. The slope is
 * taken over its 95 % interval, and the point is moved half the way to the middle of what comes
 * of its ends. So the ellipse of a normal error holds at its rate: for a shortfall that goes as
 * exp(0.8 z) it holds 0.49, 0.91, 0.95 where it says 0.5, 0.9, 0.95. */
static const double BETA_QUANTILE = 1.96, BETA_SHIFT = 0.5;
static const double BETA_STEP_MIN = 0.05, BETA_STEP_MAX = 1.96;

/* A flight on its way down. */
struct flight {
    double x[6];          /* now */
    double seconds;       /* since the state's epoch */
    double total[6][6];   /* d now / d state */
    double air[6], air_s; /* when it was last above the air, for the slope by beta */
    double apogee_m;
};

static double go(const double x[6], double beta, double limit_s, double out[6],
                 double phi[6][6])
{
    struct wlk_step by = {beta, limit_s, STRETCH};
    return wlk_propagate_step(x, &by, out, phi);
}

static double rise(const double x[6])
{
    double r = sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
    return (x[0] * x[3] + x[1] * x[4] + x[2] * x[5]) / r;
}

static void chain(double step[6][6], double total[6][6])
{
    double product[6][6];
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            double sum = 0;
            for (int k = 0; k < 6; k++)
                sum += step[i][k] * total[k][j];
            product[i][j] = sum;
        }
    memcpy(total, product, sizeof product);
}

static wlk_geodetic below(const double x[6])
{
    return wlk_geodetic_from_ecef((wlk_ecef){x[0], x[1], x[2]});
}

/* Keeps the path within its bound: when it is full, every second point goes and points come
 * half as often. */
static void path_add(struct wlk_path *path, int *every, int step, wlk_utc time,
                     const double x[6])
{
    if (step % *every)
        return;
    if (path->count == WLK_PATH_POINTS_MAX - 1) {
        size_t kept = 0;
        for (size_t i = 0; i < path->count; i += 2, kept++) {
            path->time[kept] = path->time[i];
            path->place[kept] = path->place[i];
        }
        path->count = kept;
        *every *= 2;
    }
    path->time[path->count] = time;
    path->place[path->count++] = below(x);
}

/* Length of the step from x that ends on the ellipsoid, by false position in (0, longest]. */
static double landing_step(const double from[6], double beta, double longest)
{
    double low = 0, high = longest, dt = longest, x[6];
    double at_low = wlk_propagate_height(from);
    go(from, beta, high, x, NULL);
    double at_high = wlk_propagate_height(x);
    for (int i = 0; i < ROOT_STEPS && at_low > at_high; i++) {
        dt = low + (high - low) * at_low / (at_low - at_high);
        go(from, beta, dt, x, NULL);
        double height_m = wlk_propagate_height(x);
        if (fabs(height_m) < GROUND_M)
            break;
        if (height_m > 0) {
            low = dt;
            at_low = height_m;
        } else {
            high = dt;
            at_high = height_m;
        }
    }
    return dt;
}

static wlk_status land(struct flight *flight, double beta, double longest)
{
    double step[6][6], dt = landing_step(flight->x, beta, longest);
    go(flight->x, beta, dt, flight->x, step);
    chain(step, flight->total);
    flight->seconds += dt;
    return isfinite(flight->x[0]) ? WLK_OK : WLK_NO_SOLUTION;
}

/* From above the air to the ground, without derivatives; seconds is carried on. */
static wlk_status fall(double x[6], double beta, double horizon_s, double *seconds)
{
    double next[6];
    for (int count = 0; count < STEPS_MAX && *seconds < horizon_s; count++) {
        double dt = go(x, beta, horizon_s - *seconds, next, NULL);
        double height_m = wlk_propagate_height(next);
        if (!isfinite(height_m))
            return WLK_NO_SOLUTION;
        if (height_m < 0) {
            dt = landing_step(x, beta, dt);
            go(x, beta, dt, x, NULL);
            *seconds += dt;
            return WLK_OK;
        }
        memcpy(x, next, sizeof next);
        *seconds += dt;
    }
    return WLK_NO_SOLUTION;
}

static wlk_status descend(const struct wlk_state *state, double beta, double horizon_s,
                          struct flight *flight, struct wlk_path *path)
{
    double next[6], step[6][6];
    int every = 1;
    double height_m = wlk_propagate_height(flight->x);
    for (int count = 0; count < STEPS_MAX && flight->seconds < horizon_s; count++) {
        if (path)
            path_add(path, &every, count, wlk_utc_add(state->epoch, flight->seconds),
                     flight->x);
        if (height_m >= WLK_AIR_TOP_M || count == 0) {
            memcpy(flight->air, flight->x, sizeof flight->air);
            flight->air_s = flight->seconds;
        }
        double dt = go(flight->x, beta, horizon_s - flight->seconds, next, step);
        double next_m = wlk_propagate_height(next);
        if (!isfinite(next_m))
            return WLK_NO_SOLUTION;
        if (next_m < 0)
            return land(flight, beta, dt);
        double up = rise(flight->x), next_up = rise(next);
        if (up > 0 && next_up <= 0) /* a parabola through the top */
            flight->apogee_m = height_m + 0.5 * up * up * dt / (up - next_up);
        flight->apogee_m = fmax(flight->apogee_m, next_m);
        memcpy(flight->x, next, sizeof next);
        chain(step, flight->total);
        flight->seconds += dt;
        height_m = next_m;
    }
    return WLK_NO_SOLUTION;
}

/* What doubt about beta does to the impact: east, north (m), time (s). */
struct by_beta {
    double slope[3]; /* by ln(1/beta) */
    double shift[3]; /* of the point, from that of the mean */
};

/* Over a step of ln(1/beta) to both sides. */
static wlk_status beta_effect(const struct flight *flight, wlk_geodetic place, double beta,
                              double by, struct by_beta *out)
{
    double side[2][3], axes[3][3];
    wlk_enu_axes(place, axes);
    for (int k = 0; k < 2; k++) {
        double x[6], seconds = flight->air_s;
        memcpy(x, flight->air, sizeof x);
        WLK_TRY(fall(x, beta * exp(k ? by : -by), 2 * flight->seconds + 600, &seconds));
        for (int j = 0; j < 3; j++)
            x[j] -= flight->x[j];
        for (int i = 0; i < 2; i++)
            side[k][i] = axes[i][0] * x[0] + axes[i][1] * x[1] + axes[i][2] * x[2];
        side[k][2] = seconds - flight->seconds;
    }
    for (int i = 0; i < 3; i++) {
        out->slope[i] = (side[1][i] - side[0][i]) / (2 * by);
        out->shift[i] = BETA_SHIFT * (side[1][i] + side[0][i]) / 2;
    }
    return WLK_OK;
}

/* The covariance of position, velocity and ln(1/beta): 7 x 7. */
static void full_covariance(const struct wlk_state *state, double P[7][7])
{
    bool has_beta = state->phase == WLK_PHASE_REENTRY;
    for (int i = 0; i < 7; i++)
        for (int j = 0; j < 7; j++)
            P[i][j] = has_beta || (i < 6 && j < 6) ? state->covariance[i][j] : 0;
    if (!has_beta)
        P[6][6] = WLK_FILTER_LOG_INVERSE_BETA_SIGMA * WLK_FILTER_LOG_INVERSE_BETA_SIGMA;
}

/* Along the velocity onto the ground: rows of A give east, north (m) and time (s) of arrival
 * from an error of position at the predicted time; slope: the same from an error of beta. */
static wlk_status ground_covariance(wlk_geodetic place, const struct flight *flight,
                                    const double slope[3], double P[7][7], double out[3][3])
{
    double axes[3][3], A[3][3], F[3][7], local[3];
    const double *v = flight->x + 3;
    wlk_enu_axes(place, axes);
    for (int i = 0; i < 3; i++)
        local[i] = axes[i][0] * v[0] + axes[i][1] * v[1] + axes[i][2] * v[2];
    if (!(local[2] < -1))
        return WLK_NO_SOLUTION;
    for (int j = 0; j < 3; j++) {
        A[0][j] = axes[0][j] - local[0] / local[2] * axes[2][j];
        A[1][j] = axes[1][j] - local[1] / local[2] * axes[2][j];
        A[2][j] = -axes[2][j] / local[2];
    }
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 6; j++)
            F[i][j] = A[i][0] * flight->total[0][j] + A[i][1] * flight->total[1][j] +
                      A[i][2] * flight->total[2][j];
        F[i][6] = slope[i];
    }
    for (int i = 0; i < 3; i++)
        for (int j = 0; j <= i; j++) {
            double sum = 0;
            for (int k = 0; k < 7; k++)
                for (int l = 0; l < 7; l++)
                    sum += F[i][k] * P[k][l] * F[j][l];
            out[i][j] = out[j][i] = sum;
        }
    double model_m = wlk_impact_model_m(flight->seconds);
    double model_s = wlk_impact_model_s(flight->seconds);
    out[0][0] += model_m * model_m;
    out[1][1] += model_m * model_m;
    out[2][2] += model_s * model_s;
    return WLK_OK;
}

/* The whole flight from the state to the ground, into a prediction. */
static wlk_status predict(const struct wlk_state *state, double horizon_s,
                          struct wlk_impact *out, struct wlk_path *path)
{
    struct flight flight = {.apogee_m = wlk_propagate_height(state->position_m)};
    memcpy(flight.x, state->position_m, sizeof state->position_m);
    memcpy(flight.x + 3, state->velocity_mps, sizeof state->velocity_mps);
    for (int i = 0; i < 6; i++)
        flight.total[i][i] = 1;
    double beta = exp(state->phase == WLK_PHASE_REENTRY ? state->log_inverse_beta
                                                        : WLK_FILTER_LOG_INVERSE_BETA);
    if (!(flight.apogee_m > 0) || !isfinite(beta))
        return WLK_NO_SOLUTION;
    double P[7][7], ground[3][3];
    struct by_beta by_beta;
    WLK_TRY(descend(state, beta, horizon_s, &flight, path));
    wlk_geodetic place = below(flight.x);
    full_covariance(state, P);
    double by = fmin(fmax(BETA_QUANTILE * sqrt(P[6][6]), BETA_STEP_MIN), BETA_STEP_MAX);
    WLK_TRY(beta_effect(&flight, place, beta, by, &by_beta));
    WLK_TRY(ground_covariance(place, &flight, by_beta.slope, P, ground));
    place.height_m = 0;
    place = wlk_geodesic_from(place, atan2(by_beta.shift[0], by_beta.shift[1]),
                              hypot(by_beta.shift[0], by_beta.shift[1]));
    *out = (struct wlk_impact){.computed_at = state->epoch,
                               .last_measurement = state->epoch,
                               .condition = WLK_CONDITION_MEASURED,
                               .apogee_m = flight.apogee_m};
    out->point.place = place;
    out->point.time = wlk_utc_add(state->epoch, flight.seconds + by_beta.shift[2]);
    memcpy(out->point.covariance, ground, sizeof ground);
    return WLK_OK;
}

wlk_status wlk_impact_predict(const struct wlk_state *state, double horizon_s,
                              struct wlk_impact *out, struct wlk_path *path)
{
    struct wlk_impact impact;
    struct wlk_path line = {.count = 0};
    WLK_ASSERT(horizon_s > 0);
    if (state->phase == WLK_PHASE_BOOST)
        return WLK_NOT_YET;
    if (!wlk_state_is_valid(state))
        return WLK_NO_SOLUTION;
    WLK_TRY(predict(state, fmin(horizon_s, 7200), &impact, path ? &line : NULL));
    if (!path) {
        *out = impact;
        return WLK_OK;
    }
    if (line.count > 0 && line.time[line.count - 1].ns >= impact.point.time.ns)
        line.count--;
    line.time[line.count] = impact.point.time;
    line.place[line.count++] = impact.point.place;
    *path = line;
    *out = impact;
    return WLK_OK;
}
