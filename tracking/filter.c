/* filter.c -- the beginning and the prediction of one state; its update is in filter_update.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/filter.h"

#include "base/assert.h"
#include "earth/air.h"
#include "earth/gravity.h"
#include "earth/propagate.h"

#include <math.h>
#include <string.h>

static const double BEGIN_SPEED_MPS = 4000, BEGIN_THRUST_MPS2 = 40; /* see the header */

/* Of thrust acceleration, (m/s^3)^2 s: steering, throttling (ASSUMPTION). */
static const double THRUST_NOISE = 1;
/* Of ln(1/beta), 1/s: a tumbling or ablating body (ASSUMPTION). */
static const double BETA_NOISE = 1e-3;
/* Exhaust speed, m/s: as propellant burns, thrust acceleration grows by a^2 / this
 * [Tsiolkovsky]. Liquid and solid motors of this class: 2,300-2,800 (ASSUMPTION). */
static const double EXHAUST_MPS = 2500;
/* A rising body's drag is known to this part and stays so for this long (ASSUMPTION). */
static const double DRAG_DOUBT = 0.7, DRAG_DOUBT_S = 10;
/* A falling one's acceleration is off by this part of the drag for this long: the body turns,
 * the air is not the standard one (ASSUMPTION). */
static const double FALL_DOUBT = 0.03, FALL_DOUBT_S = 1;

/* For association a longer step will do: after 12 s it is off by some 10 m, where thrust that
 * is known to 10 m/s^2 leaves 700 m. */
static const double BOOST_STEP_S = 2, EXPECT_STEP_S = 12;
enum { ROWS = 9 };

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* The site of a plot, unless it is that already. */
static void know_site(const struct wlk_plot *plot, struct wlk_stand *site)
{
    if (site->is_known && memcmp(&site->place, &plot->place, sizeof site->place) == 0)
        return;
    wlk_ecef at = wlk_ecef_from_geodetic(plot->place);
    site->is_known = true;
    site->place = plot->place;
    site->at[0] = at.x;
    site->at[1] = at.y;
    site->at[2] = at.z;
    wlk_enu_axes(plot->place, site->axes);
}

void wlk_look_from_plot(const struct wlk_plot *plot, struct wlk_look *out)
{
    struct wlk_stand site = {.is_known = false};
    wlk_look_from_site(plot, &site, out);
}

void wlk_look_from_site(const struct wlk_plot *plot, struct wlk_stand *site,
                        struct wlk_look *out)
{
    know_site(plot, site);
    memset(out, 0, sizeof *out);
    out->time = plot->time;
    memcpy(out->site, site->at, sizeof out->site);
    memcpy(out->axes, site->axes, sizeof out->axes);
    out->z[0] = plot->seen.range_m;
    out->z[1] = plot->seen.azimuth_rad;
    out->z[2] = plot->seen.elevation_rad;
    out->variance[0] = plot->range_sigma_m * plot->range_sigma_m;
    out->variance[1] = plot->azimuth_sigma_rad * plot->azimuth_sigma_rad;
    out->variance[2] = plot->elevation_sigma_rad * plot->elevation_sigma_rad;
    memcpy(out->bias_sigma, plot->bias_sigma, sizeof out->bias_sigma);
    out->size = plot->has_range_rate ? 4 : 3;
    if (plot->has_range_rate) {
        out->z[3] = plot->range_rate_mps;
        out->variance[3] = plot->range_rate_sigma_mps * plot->range_rate_sigma_mps;
    }
    out->level = cos(out->z[2]);
    out->toward[0] = out->level * sin(out->z[1]);
    out->toward[1] = out->level * cos(out->z[1]);
    out->toward[2] = sin(out->z[2]);
    for (int j = 0; j < 3; j++) {
        double way = out->toward[0] * out->axes[0][j] + out->toward[1] * out->axes[1][j] +
                     out->toward[2] * out->axes[2][j];
        out->at[j] = out->site[j] + out->z[0] * way;
    }
}

void wlk_filter_begin(const struct wlk_look *look, enum wlk_phase phase, struct wlk_state *out)
{
    memset(out, 0, sizeof *out);
    out->epoch = look->time;
    out->phase = phase;
    out->log_inverse_beta = WLK_FILTER_LOG_INVERSE_BETA;
    memcpy(out->position_m, look->at, sizeof out->position_m);
    /* along the line of sight, and across it by azimuth and by elevation */
    double az = look->z[1], el = look->z[2], range = look->z[0];
    const double rows[3][3] = {{cos(el) * sin(az), cos(el) * cos(az), sin(el)},
                               {cos(az), -sin(az), 0},
                               {-sin(el) * sin(az), -sin(el) * cos(az), cos(el)}};
    double across = range * fmax(cos(el), 1e-3);
    const double variance[3] = {look->variance[0], look->variance[1] * across * across,
                                look->variance[2] * range * range};
    double line[3][3];
    for (int k = 0; k < 3; k++)
        for (int j = 0; j < 3; j++)
            line[k][j] = rows[k][0] * look->axes[0][j] + rows[k][1] * look->axes[1][j] +
                         rows[k][2] * look->axes[2][j];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 3; k++)
                out->covariance[i][j] += line[k][i] * variance[k] * line[k][j];
    for (int i = 0; i < 3; i++) {
        out->covariance[i + 3][i + 3] = BEGIN_SPEED_MPS * BEGIN_SPEED_MPS;
        if (phase == WLK_PHASE_BOOST)
            out->covariance[i + 6][i + 6] = BEGIN_THRUST_MPS2 * BEGIN_THRUST_MPS2;
    }
    if (look->size == 3)
        return;
    /* the rate tells the velocity along the line */
    double s = BEGIN_SPEED_MPS * BEGIN_SPEED_MPS;
    double keep = s / (s + look->variance[3]);
    for (int i = 0; i < 3; i++) {
        out->velocity_mps[i] = keep * look->z[3] * line[0][i];
        for (int j = 0; j < 3; j++)
            out->covariance[i + 3][j + 3] -= keep * s * line[0][i] * line[0][j];
    }
}

/* P = F P F' for n rows, of which the first m come out right; the rows of F lie stride apart.
 * All three are constants where it is called, which makes it three times as quick. F' is made
 * first: then both products run along rows. */
static inline void map_rows(double P[ROWS][ROWS], int n, int m, const double F[], int stride)
{
    double half[ROWS][ROWS], turned[ROWS][ROWS];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            turned[i][j] = F[j * stride + i];
    for (int i = 0; i < m; i++) {
        double sum[ROWS] = {0};
        for (int k = 0; k < n; k++)
            for (int j = 0; j < n; j++)
                sum[j] += F[i * stride + k] * P[k][j];
        memcpy(half[i], sum, (size_t)n * sizeof sum[0]);
    }
    for (int i = 0; i < m; i++) {
        double sum[ROWS] = {0};
        for (int k = 0; k < n; k++)
            for (int j = 0; j < m; j++)
                sum[j] += half[i][k] * turned[k][j];
        for (int j = 0; j <= i; j++)
            P[i][j] = P[j][i] = sum[j];
    }
}

/* White noise on the acceleration, for t seconds. */
static void add_noise(struct wlk_state *state, double q, double t)
{
    for (int i = 0; i < 3; i++) {
        state->covariance[i][i] += q * t * t * t / 3;
        state->covariance[i + 3][i + 3] += q * t;
        state->covariance[i][i + 3] += q * t * t / 2;
        state->covariance[i + 3][i] += q * t * t / 2;
    }
}

/* White noise on the rate of the thrust acceleration, for t seconds. */
static void add_thrust_noise(struct wlk_state *state, double t)
{
    const double q = THRUST_NOISE, t2 = t * t, t3 = t2 * t;
    const double Q[3][3] = {{t3 * t2 / 20, t2 * t2 / 8, t3 / 6},
                            {t2 * t2 / 8, t3 / 3, t2 / 2},
                            {t3 / 6, t2 / 2, t}};
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++)
            for (int i = 0; i < 3; i++)
                state->covariance[3 * a + i][3 * b + i] += q * Q[a][b];
}

/* One step of powered flight: Taylor to the third order in h, gravity at the middle. */
static void boost_step(struct wlk_state *state, double h, bool is_place_only)
{
    double x[6], g[3], G[3][3], *r = state->position_m, *v = state->velocity_mps;
    double *a = state->thrust_mps2, size = sqrt(dot(a, a)), grow = size / EXHAUST_MPS;
    memcpy(x, r, 3 * sizeof *x);
    memcpy(x + 3, v, 3 * sizeof *x);
    wlk_gravity_acceleration(x, g, NULL);
    for (int i = 0; i < 3; i++) {
        x[i] += v[i] * h / 2 + (g[i] + a[i]) * h * h / 8;
        x[i + 3] += (g[i] + a[i]) * h / 2;
    }
    wlk_gravity_acceleration(x, g, G);
    double F[ROWS][ROWS] = {{0}};
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            double same = i == j, more = size > 1e-6 ? a[i] * a[j] / (size * EXHAUST_MPS) : 0;
            F[i][j] = same + G[i][j] * h * h / 2;
            F[i][j + 3] = same * h + G[i][j] * h * h * h / 6;
            F[i + 3][j] = G[i][j] * h;
            F[i + 3][j + 3] = same + G[i][j] * h * h / 2;
            F[i][j + 6] = same * h * h / 2;
            F[i + 3][j + 6] = same * h + (same * grow + more) * h * h / 2;
            F[i + 6][j + 6] = same + (same * grow + more) * h;
        }
        double jerk = grow * a[i];
        r[i] += v[i] * h + (g[i] + a[i]) * h * h / 2 + jerk * h * h * h / 6;
        v[i] += (g[i] + a[i]) * h + jerk * h * h / 2;
    }
    const double turn = 2 * WLK_GRAVITY_OMEGA * h;
    F[3][4] += turn;
    F[4][3] -= turn;
    F[0][4] += turn * h / 2;
    F[1][3] -= turn * h / 2;
    for (int i = 0; i < 3; i++)
        a[i] += grow * a[i] * h;
    if (is_place_only)
        map_rows(state->covariance, 9, 3, F[0], ROWS);
    else
        map_rows(state->covariance, 9, 9, F[0], ROWS);
    add_thrust_noise(state, fabs(h));
}

/* Of a covariance of which only the rows of position were made. */
static bool is_place_valid(const struct wlk_state *state)
{
    bool is_good = true;
    for (int i = 0; i < 3; i++)
        is_good &= isfinite(state->position_m[i]) && state->covariance[i][i] > 0;
    return is_good;
}

static wlk_status predict_boost(struct wlk_state *state, double dt_s, bool is_place_only)
{
    struct wlk_state at = *state;
    if (!(fabs(dt_s) <= 600))
        return WLK_NO_SOLUTION;
    int count = (int)ceil(fabs(dt_s) / (is_place_only ? EXPECT_STEP_S : BOOST_STEP_S));
    for (int i = 0; i < count; i++)
        boost_step(&at, dt_s / count, is_place_only && i == count - 1);
    if (is_place_only ? !is_place_valid(&at) : !wlk_state_is_valid(&at))
        return WLK_NO_SOLUTION;
    *state = at;
    return WLK_OK;
}

/* White noise as strong as what we do not know of the drag of a body. */
static double drag_noise(const struct wlk_state *state)
{
    bool is_falling = state->phase == WLK_PHASE_REENTRY;
    double height_m = wlk_propagate_height(state->position_m);
    if (height_m >= WLK_AIR_TOP_M)
        return 0;
    double speed2 = dot(state->velocity_mps, state->velocity_mps);
    double beta = is_falling ? exp(state->log_inverse_beta) : 1.0 / 4000;
    double drag = 0.5 * wlk_air_density(height_m, NULL) * speed2 * beta;
    if (is_falling)
        return FALL_DOUBT * drag * FALL_DOUBT * drag * FALL_DOUBT_S;
    return DRAG_DOUBT * drag * DRAG_DOUBT * drag * DRAG_DOUBT_S;
}

/* P = F P F' of a reentry state, F = [phi slope; 0 1]. */
static void map_with_beta(struct wlk_state *state, double phi[6][6], const double slope[6])
{
    double F[7][7] = {{0}};
    for (int i = 0; i < 6; i++) {
        memcpy(F[i], phi[i], sizeof phi[i]);
        F[i][6] = slope[i];
    }
    F[6][6] = 1;
    map_rows(state->covariance, 7, 7, F[0], 7);
}

/* Drag goes as the exponential of ln(1/beta): where that is not known, the error is wider than
 * the slope says, by the variance of a log-normal over that of its straight line. */
static void add_skewness(struct wlk_state *state, double doubt, const double slope[6])
{
    double more = exp(doubt) - 1 - doubt;
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            state->covariance[i][j] += more * slope[i] * slope[j];
}

static double coast_noise(const double position_m[3])
{
    const double radius_m = WLK_FILTER_COAST_RADIUS_M;
    double part = radius_m * radius_m / dot(position_m, position_m);
    return WLK_FILTER_COAST_NOISE * part * part * part * part;
}

static wlk_status predict_free(struct wlk_state *state, double dt_s, bool is_place_only)
{
    static const double BY = 0.05; /* step of the slope by ln(1/beta) */
    bool has_beta = state->phase == WLK_PHASE_REENTRY;
    double x[6], before[6], slope[6], phi[6][6], P[7][ROWS];
    memcpy(before, state->position_m, sizeof state->position_m);
    memcpy(before + 3, state->velocity_mps, sizeof state->velocity_mps);
    memcpy(P, state->covariance, sizeof P);
    double doubt =
        has_beta ? state->covariance[6][6] : 0; /* the mean of its drag is that of: */
    double beta = has_beta ? exp(state->log_inverse_beta + doubt / 2) : 1.0 / 4000;
    double q = coast_noise(before) + drag_noise(state);
    WLK_TRY(wlk_propagate(before, beta, dt_s, x, phi));
    if (has_beta) {
        WLK_TRY(wlk_propagate(before, beta * exp(BY), dt_s, slope, NULL));
        for (int i = 0; i < 6; i++)
            slope[i] = (slope[i] - x[i]) / BY;
        map_with_beta(state, phi, slope);
        add_skewness(state, doubt, slope);
        state->covariance[6][6] += BETA_NOISE * fabs(dt_s);
    } else if (is_place_only) {
        map_rows(state->covariance, 6, 3, phi[0], 6);
    } else {
        map_rows(state->covariance, 6, 6, phi[0], 6);
    }
    memcpy(state->position_m, x, sizeof state->position_m);
    memcpy(state->velocity_mps, x + 3, sizeof state->velocity_mps);
    add_noise(state, q, fabs(dt_s));
    if (is_place_only ? is_place_valid(state) : wlk_state_is_valid(state))
        return WLK_OK;
    memcpy(state->position_m, before, sizeof state->position_m);
    memcpy(state->velocity_mps, before + 3, sizeof state->velocity_mps);
    memcpy(state->covariance, P, sizeof P);
    return WLK_NO_SOLUTION;
}

static wlk_status carry(struct wlk_state *state, wlk_utc to, bool is_place_only)
{
    double dt_s = wlk_utc_seconds(to, state->epoch);
    if (to.ns == state->epoch.ns)
        return WLK_OK;
    WLK_TRY(state->phase == WLK_PHASE_BOOST ? predict_boost(state, dt_s, is_place_only)
                                            : predict_free(state, dt_s, is_place_only));
    state->epoch = to;
    return WLK_OK;
}

wlk_status wlk_filter_predict(struct wlk_state *state, wlk_utc to)
{
    return carry(state, to, false);
}

wlk_status wlk_filter_expect(struct wlk_state *state, const struct wlk_look *look)
{
    return carry(state, look->time, look->size == 3);
}
