/* combine.h -- one estimate of one object from several nations' own-only estimates.
 *
 * Coast: the information sum, Y = sum Y_n, of each nation's newest own-only state, carried to
 * one time. It equals a central filter because coasting has no process noise in common
 * (Chong and Bar-Shalom), and nothing can be counted twice because the result is never an
 * input. Boost: inverse covariance intersection (Noack et al., Automatica 79, 2017), because
 * the unknown thrust is common to all.
 * Reads: record/state.h. Read by: fusion/correlate, fusion/picture.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_FUSION_COMBINE_H
#define WLK_FUSION_COMBINE_H

#include "base/limits.h"
#include "record/state.h"

#include <stddef.h>

/* Chi-square quantile 0.999 for 6 degrees of freedom: two estimates of one object are
 * further apart than this once in a thousand. */
#define WLK_COMBINE_GATE 22.46

struct wlk_combination {
    struct wlk_state state;
    bool is_used[WLK_PARTIES_MAX]; /* which inputs are in state */
    bool disagrees;                /* an input was left out because it is too far apart */
    size_t bad_count;              /* inputs left out because they cannot be estimates */
};

/* Squared normalised distance of two estimates' positions and velocities, at one epoch:
 * d' (P1 + P2)^-1 d, chi-square with 6 degrees of freedom where both are of one object and
 * their errors are independent.
 *
 * WLK_OK         *out is >= 0 and finite.
 * WLK_BAD_INPUT  epochs differ, or a state is not valid, or the sum is not positive definite.
 */
wlk_status wlk_combine_distance(const struct wlk_state *one, const struct wlk_state *other,
                                double *out) WLK_MUST_USE;

/* Inverse of a symmetric positive definite matrix of position and velocity. False: it is not
 * positive definite; out untouched. */
bool wlk_combine_invert(double P[6][6], double out[6][6]) WLK_MUST_USE;

/* A boosting state a little later or earlier: thrust constant in Earth-fixed axes.
 * Its uncertainty grows by an unknown constant jerk, one sigma 5 m/s^3 on each axis
 * (assumption: a burn raises 20 to 60 m/s^2 in 100 s and turns it by a degree a second, each
 * below 1 m/s^3; the rest is room for staging).
 *
 * WLK_OK          out complete; may be from itself.
 * WLK_BAD_INPUT   not boosting or not valid.
 * WLK_NO_SOLUTION further than 5 s away. */
wlk_status wlk_combine_carry_boost(const struct wlk_state *from, wlk_utc to,
                                   struct wlk_state *out) WLK_MUST_USE;

/* Joins count (1..WLK_PARTIES_MAX) estimates of one object that all have the same epoch and
 * are all free (coast, reentry: the result is coast) or all boosting. Disagreeing ones are
 * never averaged: the largest set that agrees with one of its members is used, the earlier
 * one where two are equal. Inputs that are no estimates are counted and left out.
 * Boost: position and velocity are joined; thrust is that of the surest input, taken as
 * uncorrelated with them.
 *
 * WLK_OK           out complete.
 * WLK_BAD_INPUT    no usable input, or epochs or kinds differ.
 * WLK_NO_SOLUTION  the sum is not positive definite. */
wlk_status wlk_combine(const struct wlk_state *const states[], size_t count,
                       struct wlk_combination *out) WLK_MUST_USE;

#endif
