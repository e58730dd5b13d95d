/* declare.c -- tests on one state.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/declare.h"

#include "earth/gravity.h"
#include "earth/propagate.h"

#include <math.h>

static const double AIRCRAFT_M = 15e3, BALLOON_M = 45e3, SPEED_MPS = 500, RISE_MPS = 300;
static const double NO_AIRCRAFT_MPS = 1000; /* the fastest in service flew at 980 */
static const double PERIGEE_M = 80e3;       /* below it nothing stays up */
enum { PLOTS = 3, FAST_PLOTS = 8 /* of one that hardly rises: ghosts are fast, too */ };

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Variance of the component of position (at 0) or velocity (at 3) along a unit vector. */
static double variance_along(const struct wlk_state *state, int at, const double unit[3])
{
    double sum = 0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            sum += unit[i] * state->covariance[at + i][at + j] * unit[j];
    return fmax(sum, 0);
}

static double speed_sigma(const struct wlk_state *state)
{
    return sqrt(
        fmax(state->covariance[3][3], fmax(state->covariance[4][4], state->covariance[5][5])));
}

/* Height of the perigee if the speed across the radius were higher by three sigma; Kepler in
 * the inertial frame. */
static double perigee_m(const struct wlk_state *state, double radius, const double up[3])
{
    const double *v = state->velocity_mps, *r = state->position_m;
    double inertial[3] = {v[0] - WLK_GRAVITY_OMEGA * r[1], v[1] + WLK_GRAVITY_OMEGA * r[0],
                          v[2]};
    double rise = dot(inertial, up);
    double across = sqrt(fmax(dot(inertial, inertial) - rise * rise, 0));
    across += 3 * speed_sigma(state);
    double momentum = radius * across;
    double energy = 0.5 * (across * across + rise * rise) - WLK_GRAVITY_GM / radius;
    double p = momentum * momentum / WLK_GRAVITY_GM;
    double e = sqrt(fmax(0, 1 + 2 * energy * p / WLK_GRAVITY_GM));
    return p / (1 + e) - radius;
}

bool wlk_declare_is_missile(const struct wlk_state *state, uint32_t plot_count)
{
    if (plot_count < PLOTS)
        return false;
    const double *v = state->velocity_mps, *r = state->position_m;
    double radius = sqrt(dot(r, r)), height_m = wlk_propagate_height(r),
           speed = sqrt(dot(v, v));
    const double up[3] = {r[0] / radius, r[1] / radius, r[2] / radius};
    double low_m = height_m - 3 * sqrt(variance_along(state, 0, up));
    double rise = dot(v, up), rise_low = rise - 3 * sqrt(variance_along(state, 3, up));
    double speed_low = speed - 3 * speed_sigma(state);
    if (low_m < AIRCRAFT_M || speed_low < SPEED_MPS)
        return false;
    bool is_fast = speed_low >= NO_AIRCRAFT_MPS && plot_count >= FAST_PLOTS;
    if (rise_low < RISE_MPS && low_m < BALLOON_M && !is_fast)
        return false;
    return height_m + perigee_m(state, radius, up) < PERIGEE_M;
}

/* East and north on the ellipsoid below a point, to 1e-7 rad, without its latitude. */
static void level_axes(const double r[3], double east[3], double north[3])
{
    const double e2 = WLK_WGS84_F * (2 - WLK_WGS84_F);
    double radius = sqrt(dot(r, r)), s = r[2] / radius;
    double curve = WLK_WGS84_A * (1 + 0.5 * e2 * s * s); /* radius of curvature, east-west */
    double height_m = wlk_propagate_height(r);
    double steep = r[2] / (1 - e2 * curve / (curve + height_m)); /* the normal goes this way */
    double flat = fmax(sqrt(r[0] * r[0] + r[1] * r[1]), 1), length = hypot(flat, steep);
    east[0] = -r[1] / flat;
    east[1] = r[0] / flat;
    east[2] = 0;
    north[0] = -steep / length * r[0] / flat;
    north[1] = -steep / length * r[1] / flat;
    north[2] = flat / length;
}

bool wlk_declare_heading(const struct wlk_state *state, double *heading_rad, double *sigma_rad)
{
    double e[3], n[3], across[3];
    level_axes(state->position_m, e, n);
    double east = dot(e, state->velocity_mps), north = dot(n, state->velocity_mps);
    double flat = sqrt(east * east + north * north);
    if (!(flat > 1))
        return false;
    for (int j = 0; j < 3; j++)
        across[j] = (north * e[j] - east * n[j]) / flat;
    double sigma = sqrt(variance_along(state, 3, across)) / flat;
    double heading = atan2(east, north);
    *heading_rad = heading < 0 ? heading + 2 * WLK_PI : heading;
    *sigma_rad = fmin(sigma, WLK_PI / sqrt(3.0));
    return true;
}
