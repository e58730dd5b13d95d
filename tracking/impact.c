/* impact.c -- forward to the ground.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/impact.h"

#include "base/assert.h"
#include "earth/air.h"
#include "earth/gravity.h"
#include "earth/propagate.h"
#include "tracking/descent.h"
#include "tracking/filter.h"

#include <math.h>
#include <string.h>

/* The fall is far from straight in ln(1/beta): a light body falls short by 1/beta. The slope is
 * taken over its 95 % interval, and the point is moved half the way to the middle of what comes
 * of its ends. So the ellipse of a normal error holds at its rate: for a shortfall that goes as
 * exp(0.8 z) it holds 0.49, 0.91, 0.95 where it says 0.5, 0.9, 0.95. */
static const double BETA_QUANTILE = 1.96, BETA_SHIFT = 0.5;
static const double BETA_STEP_MIN = 0.05, BETA_STEP_MAX = 1.96;

/* Differences of the start: what they do is straight to 1e-5, and not lost in the digits. */
static const double BY_M = 1, BY_MPS = 1e-3;
static const double SPEED_MIN_MPS = 1; /* what moves no faster has no path */

/* The bodies of a descent: the mean, it with each of five rows of the state changed, and it
 * with beta at either end of its interval. The sixth row needs no body of its own: a state that
 * is some seconds further on its path arrives at the same place, so many seconds sooner. */
enum { MEAN = 0, HEAVY = 6, LIGHT = 7 };

static wlk_geodetic below(const double x[3])
{
    wlk_geodetic place = wlk_geodetic_from_ecef((wlk_ecef){x[0], x[1], x[2]});
    place.height_m = 0;
    return place;
}

/* A flight to the ground. */
struct fall {
    double start[6], rate[6]; /* the state, and how it changes by itself, each second */
    int left_out;             /* the row of the state that has no body */
    double by;                /* step of ln(1/beta) */
    struct wlk_descent descent;
    wlk_geodetic place; /* where the mean arrives */
    double axes[3][3];  /* east, north, up there */
};

/* The velocity, and the acceleration of a free body. */
static void rate_of(const double x[6], double inverse_beta, double out[6])
{
    double height_m = wlk_propagate_height(x);
    double speed = sqrt(x[3] * x[3] + x[4] * x[4] + x[5] * x[5]);
    double slowing = height_m >= WLK_AIR_TOP_M
                         ? 0
                         : 0.5 * inverse_beta * wlk_air_density(height_m, NULL) * speed;
    wlk_gravity_acceleration(x, out + 3, NULL);
    for (int i = 0; i < 3; i++) {
        out[i] = x[i + 3];
        out[i + 3] -= slowing * x[i + 3];
    }
}

static double difference_of(int row)
{
    return row < 3 ? BY_M : BY_MPS;
}

static wlk_status fly(const struct wlk_state *state, double beta_sigma, double horizon_s,
                      struct fall *out)
{
    struct wlk_descent *descent = &out->descent;
    double beta = exp(state->phase == WLK_PHASE_REENTRY ? state->log_inverse_beta
                                                        : WLK_FILTER_LOG_INVERSE_BETA);
    double *x = out->start, *v = x + 3, ground[3];
    memcpy(x, state->position_m, sizeof state->position_m);
    memcpy(v, state->velocity_mps, sizeof state->velocity_mps);
    out->left_out = fabs(v[0]) > fabs(v[1]) ? 0 : 1;
    out->left_out = fabs(v[2]) > fabs(v[out->left_out]) ? 2 : out->left_out;
    if (!(wlk_propagate_height(x) > 0) || !(fabs(v[out->left_out]) >= SPEED_MIN_MPS) ||
        !isfinite(beta))
        return WLK_NO_SOLUTION;
    rate_of(x, beta, out->rate);
    out->by = fmin(fmax(BETA_QUANTILE * beta_sigma, BETA_STEP_MIN), BETA_STEP_MAX);
    for (int k = 0; k < WLK_LANES; k++) {
        for (int i = 0; i < 6; i++)
            descent->x[i][k] = x[i];
        descent->inverse_beta[k] = beta;
        descent->seconds[k] = 0;
        descent->limit_s[k] = k < HEAVY ? horizon_s : 2 * horizon_s + 600;
    }
    for (int row = 0, k = 1; row < 6; row++)
        if (row != out->left_out)
            descent->x[row][k++] += difference_of(row);
    descent->inverse_beta[HEAVY] *= exp(-out->by);
    descent->inverse_beta[LIGHT] *= exp(out->by);
    WLK_TRY(wlk_descent_fly(descent, wlk_lanes_best()));
    for (int i = 0; i < 3; i++)
        ground[i] = descent->x[i][MEAN];
    out->place = below(ground);
    wlk_enu_axes(out->place, out->axes);
    return WLK_OK;
}

/* Where a body is, from where the mean arrives: east, north, up, m. */
static void apart(const struct fall *fall, int body, double out[3])
{
    const double(*x)[WLK_LANES] = (const double(*)[WLK_LANES])fall->descent.x;
    for (int i = 0; i < 3; i++)
        out[i] = fall->axes[i][0] * (x[0][body] - x[0][MEAN]) +
                 fall->axes[i][1] * (x[1][body] - x[1][MEAN]) +
                 fall->axes[i][2] * (x[2][body] - x[2][MEAN]);
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

/* What the seven do to the arrival: east, north (m) and time (s). The difference of a body when
 * the mean arrives goes along the velocity onto the ground; beta's slope is that over its whole
 * interval. shift: of the point, from that of the mean. */
static wlk_status sensitivity(const struct fall *fall, double F[3][7], double shift[3])
{
    double speed[3], off[3], side[2][3];
    const struct wlk_descent *descent = &fall->descent;
    for (int i = 0; i < 3; i++)
        speed[i] = fall->axes[i][0] * descent->x[3][MEAN] +
                   fall->axes[i][1] * descent->x[4][MEAN] +
                   fall->axes[i][2] * descent->x[5][MEAN];
    if (!(speed[2] < -1))
        return WLK_NO_SOLUTION;
    double rest[3] = {0, 0, -1}; /* of what a second of flight does: nothing, a second sooner */
    for (int row = 0, body = 1; row < 6; row++) {
        if (row == fall->left_out)
            continue;
        apart(fall, body++, off);
        F[0][row] = (off[0] - speed[0] / speed[2] * off[2]) / difference_of(row);
        F[1][row] = (off[1] - speed[1] / speed[2] * off[2]) / difference_of(row);
        F[2][row] = -off[2] / speed[2] / difference_of(row);
        for (int i = 0; i < 3; i++)
            rest[i] -= F[i][row] * fall->rate[row];
    }
    for (int k = 0; k < 2; k++) {
        apart(fall, HEAVY + k, side[k]);
        side[k][2] = descent->seconds[HEAVY + k] - descent->seconds[MEAN];
    }
    for (int i = 0; i < 3; i++) {
        F[i][fall->left_out] = rest[i] / fall->rate[fall->left_out];
        F[i][6] = (side[1][i] - side[0][i]) / (2 * fall->by);
        shift[i] = BETA_SHIFT * (side[1][i] + side[0][i]) / 2;
    }
    return WLK_OK;
}

/* F P F', and what the dynamics leave out. */
static void ground_covariance(double F[3][7], double P[7][7], double seconds, double out[3][3])
{
    double half[3][7];
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 7; k++) {
            half[i][k] = 0;
            for (int l = 0; l < 7; l++)
                half[i][k] += F[i][l] * P[l][k];
        }
    for (int i = 0; i < 3; i++)
        for (int j = 0; j <= i; j++) {
            double sum = 0;
            for (int k = 0; k < 7; k++)
                sum += half[i][k] * F[j][k];
            out[i][j] = out[j][i] = sum;
        }
    double model_m = wlk_impact_model_m(seconds), model_s = wlk_impact_model_s(seconds);
    out[0][0] += model_m * model_m;
    out[1][1] += model_m * model_m;
    out[2][2] += model_s * model_s;
}

/* The trail of the mean, as points over ground that rise in time and end with the impact. */
static void path_of(const struct wlk_descent_trail *trail, const struct wlk_impact *impact,
                    struct wlk_path *out)
{
    out->count = 0;
    for (size_t i = 0; i < trail->count; i++) {
        wlk_utc time = wlk_utc_add(impact->computed_at, trail->seconds[i]);
        if (time.ns >= impact->point.time.ns)
            break;
        const double *at = trail->at[i];
        out->time[out->count] = time;
        out->place[out->count++] = wlk_geodetic_from_ecef((wlk_ecef){at[0], at[1], at[2]});
    }
    out->time[out->count] = impact->point.time;
    out->place[out->count++] = impact->point.place;
}

wlk_status wlk_impact_predict(const struct wlk_state *state, double horizon_s,
                              struct wlk_impact *out, struct wlk_path *path)
{
    struct fall fall;
    struct wlk_descent_trail trail;
    double P[7][7], F[3][7], shift[3], ground[3];
    WLK_ASSERT(horizon_s > 0);
    if (state->phase == WLK_PHASE_BOOST)
        return WLK_NOT_YET;
    if (!wlk_state_is_valid(state))
        return WLK_NO_SOLUTION;
    trail.count = 0;
    trail.every = 1;
    fall.descent.trail = path ? &trail : NULL;
    full_covariance(state, P);
    WLK_TRY(fly(state, sqrt(P[6][6]), fmin(horizon_s, 7200), &fall));
    WLK_TRY(sensitivity(&fall, F, shift));
    double seconds = fall.descent.seconds[MEAN];
    for (int i = 0; i < 3; i++)
        ground[i] =
            fall.descent.x[i][MEAN] + shift[0] * fall.axes[0][i] + shift[1] * fall.axes[1][i];
    struct wlk_impact impact = {.computed_at = state->epoch,
                                .last_measurement = state->epoch,
                                .condition = WLK_CONDITION_MEASURED,
                                .apogee_m = fall.descent.apogee_m};
    impact.point.place = below(ground);
    impact.point.time = wlk_utc_add(state->epoch, seconds + shift[2]);
    ground_covariance(F, P, seconds, impact.point.covariance);
    *out = impact;
    if (path)
        path_of(&trail, &impact, path);
    return WLK_OK;
}
