/* propagate.h -- where a free body is later: gravity with J2, Coriolis and centrifugal terms
 * in rotating ECEF, drag below 130 km; bounded-step RK4.
 *
 * Read by: record/state.c (to carry a state), tracking/ (filter, impact). The truth of a
 * rehearsal is another implementation (rehearsal/truth.c) and may not use this file.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EARTH_PROPAGATE_H
#define WLK_EARTH_PROPAGATE_H

#include "base/status.h"

#include <stdbool.h>

/* Carries x = (position m, velocity m/s; ECEF) by dt_s seconds, either sign, |dt_s| <= 7200.
 *
 * inverse_beta  1 / ballistic coefficient, m^2/kg; 0 for no drag.
 * phi           if not NULL: d x(after) / d x(before), 6 x 6 (drag's own gradient included).
 * out           may be x itself.
 *
 * WLK_OK           out (and phi) complete.
 * WLK_NO_SOLUTION  not finite, |dt_s| out of range, or below the ground by over 100 km;
 *                  outputs untouched.
 * Bound: 2,000 steps. No allocation, no shared state. */
wlk_status wlk_propagate(const double x[6], double inverse_beta, double dt_s, double out[6],
                         double phi[6][6]) WLK_MUST_USE;

/* One step of a body, for callers that watch its path. */
struct wlk_step {
    double inverse_beta; /* m^2/kg */
    double limit_s;      /* the longest wanted; either sign, not 0. Else 10 s above the air,
                            1 s in it, 0.5 s below 60 km, less where drag is harsh */
};

/* Takes it. out may be x; phi (d out / d x) may be NULL; neither is checked for its contents.
 * Returns the seconds taken, of the sign of limit_s. */
double wlk_propagate_step(const double x[6], const struct wlk_step *by, double out[6],
                          double phi[6][6]);

/* Height above the ellipsoid along the radius, m: within 1 m of the geodetic height below
 * 200 km, 30 m anywhere; a tenth of the cost. */
double wlk_propagate_height(const double position_m[3]);

#endif
