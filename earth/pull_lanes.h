/* pull_lanes.h -- gravity and drag of several free bodies at once (base/lanes.h): the formulas
 * of earth/gravity.h and earth/propagate.c.
 * Read by: the files of lanes. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EARTH_PULL_LANES_H
#define WLK_EARTH_PULL_LANES_H

#include "base/lanes.h"
#include "earth/air.h"
#include "earth/air_table.h"
#include "earth/gravity.h"

/* Bodies in the rotating Earth-fixed frame, and what follows from where they are. */
struct wlk_pull {
    wlk_lanes at[3], speed[3]; /* m, m/s */
    wlk_lanes radius;          /* m */
    wlk_lanes height;          /* as wlk_propagate_height, m */
    wlk_lanes by_mps2[3];      /* the acceleration of a free body */
    wlk_lanes slowing;         /* drag over speed, 1/s; 0 without air */
};

/* Of at and speed makes all but drag: as wlk_gravity_acceleration and wlk_propagate_height. */
static inline void wlk_pull_gravity(struct wlk_pull *pull)
{
    const double k = 1.5 * WLK_GRAVITY_J2 * WLK_WGS84_A * WLK_WGS84_A;
    const double omega2 = WLK_GRAVITY_OMEGA * WLK_GRAVITY_OMEGA;
    const double e2 = WLK_WGS84_F * (2 - WLK_WGS84_F);
    const wlk_lanes *x = pull->at, *v = pull->speed;
    wlk_lanes flat2 = x[0] * x[0] + x[1] * x[1], r2 = flat2 + x[2] * x[2];
    wlk_lanes i2 = 1 / r2, radius = wlk_lanes_sqrt(r2), i3 = radius * i2 * i2;
    wlk_lanes flat = k * i2, z2 = x[2] * x[2] * i2;
    wlk_lanes a = i3 * (1 + flat * (1 - 5 * z2)), b = a + 2 * flat * i3;
    wlk_lanes u = e2 * flat2 * i2;
    wlk_lanes rest = u * (1.0 / 2 + u * (3.0 / 8 + u * (5.0 / 16 + u * (35.0 / 128))));
    pull->by_mps2[0] =
        -WLK_GRAVITY_GM * a * x[0] + omega2 * x[0] + 2 * WLK_GRAVITY_OMEGA * v[1];
    pull->by_mps2[1] =
        -WLK_GRAVITY_GM * a * x[1] + omega2 * x[1] - 2 * WLK_GRAVITY_OMEGA * v[0];
    pull->by_mps2[2] = -WLK_GRAVITY_GM * b * x[2];
    pull->radius = radius;
    pull->height = radius - WLK_WGS84_A * (1 - WLK_WGS84_F) * (1 + rest);
    pull->slowing = wlk_lanes_all(0);
}

/* Density as wlk_air_density, kg/m^3, to 1e-8 of it: its logarithm is a broken line, here the
 * sum of what each row bends it by. */
static inline wlk_lanes wlk_pull_density(wlk_lanes height_m)
{
    wlk_lanes h = wlk_lanes_max(height_m, wlk_lanes_all(0)), sum[2];
    sum[0] = 0.20294084399669038 - WLK_AIR_SLOPE[0] * h; /* ln 1.225 */
    sum[1] = wlk_lanes_all(0);
    for (int row = 1; row < WLK_AIR_ROWS - 1; row++) {
        wlk_lanes above = wlk_lanes_max(h - WLK_AIR_HEIGHT[row], wlk_lanes_all(0));
        sum[row % 2] -= (WLK_AIR_SLOPE[row] - WLK_AIR_SLOPE[row - 1]) * above;
    }
    wlk_lanes density = wlk_lanes_exp(sum[0] + sum[1]);
    return wlk_lanes_choose(height_m < WLK_AIR_TOP_M, density, wlk_lanes_all(0));
}

/* Adds drag, of bodies with 1 / beta so much (m^2/kg). */
static inline void wlk_pull_drag(struct wlk_pull *pull, wlk_lanes inverse_beta)
{
    const wlk_lanes *v = pull->speed;
    wlk_lanes speed = wlk_lanes_sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    pull->slowing = 0.5 * inverse_beta * wlk_pull_density(pull->height) * speed;
    for (int i = 0; i < 3; i++)
        pull->by_mps2[i] -= pull->slowing * v[i];
}

#endif
