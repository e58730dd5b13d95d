/* descent.h -- eight free bodies at once to the ground.
 *
 * Read by: tracking/impact.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_DESCENT_H
#define WLK_TRACKING_DESCENT_H

#include "base/lanes.h"
#include "base/limits.h"
#include "base/status.h"

/* The bodies before its number follow the steps of the first, so that they are differences of
 * one and the same sum; the others have their own. */
enum { WLK_DESCENT_TOGETHER = 6 };

/* Where the first body was, at most so often: every step, every second one, ... */
struct wlk_descent_trail {
    size_t count;
    int every;
    double at[WLK_PATH_POINTS_MAX][3], seconds[WLK_PATH_POINTS_MAX];
};

struct wlk_descent {
    double x[6][WLK_LANES];          /* ECEF position (m) and velocity (m/s) of each */
    double inverse_beta[WLK_LANES];  /* m^2/kg */
    double seconds[WLK_LANES];       /* since the start */
    double limit_s[WLK_LANES];       /* after which to give up */
    double apogee_m;                 /* of the first, above the ellipsoid */
    struct wlk_descent_trail *trail; /* may be NULL; else its count is 0 and every 1 */
};

/* Flies each on to the ellipsoid, within 5 cm, with steps of 25 s above the air and less in it.
 * kind: one that wlk_lanes_can do; all give the same bits.
 *
 * WLK_NO_SOLUTION  the first is not down after its limit, another not after 2,000 steps, or
 *                  something is not finite; the descent is not to be used then.
 * Bound: 2,000 steps; no allocation. Held by: descent_test.c, against wlk_propagate. */
wlk_status wlk_descent_fly(struct wlk_descent *descent, enum wlk_lanes_kind kind) WLK_MUST_USE;

#endif
