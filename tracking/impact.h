/* impact.h -- where and when a tracked object meets the ground, and how sure we are.
 *
 * Reads: record/state.h, earth/. Read by: tracking/book, programs/nation.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_IMPACT_H
#define WLK_TRACKING_IMPACT_H

#include "record/prediction.h"
#include "record/state.h"

/* What the dynamics leave out, one sigma each way in place and in time, at the end of so many
 * seconds of flight: J2 alone against an 8x8 field moves an impact by 36 m after 900 s and by
 * 102 m after 3,000 s. It is in every covariance below. */
static inline double wlk_impact_model_m(double flight_s)
{
    return 10 + 0.035 * flight_s;
}
static inline double wlk_impact_model_s(double flight_s)
{
    return 0.02 + 3e-5 * flight_s;
}

/* Carries a free body to the ellipsoid and says how sure the answer is.
 *
 * state      coasting or reentering, above the ground; coast assumes a ballistic coefficient
 *            of 4,000 kg/m^2 with one sigma of 0.8 in its logarithm (ASSUMPTION).
 * horizon_s  seconds of flight after which to give up, (0, 7200].
 * out        place, time and covariance; apogee_m of the path still to come (or of the state,
 *            if it descends); computed_at and last_measurement are the state's epoch,
 *            condition MEASURED, track_s 0: the caller knows better.
 * path       if not NULL: from the state to the impact.
 *
 * WLK_NOT_YET      still thrusting; thrust cannot be predicted.
 * WLK_NO_SOLUTION  no ground within horizon_s: an orbit; or a bad state, or one that does not
 *                  move.
 *
 * Method: docs/derivations/impact.md. Linear mapping of the covariance, along the velocity onto
 * the ground: with n the normal and v the velocity at impact, M = I - v n'/(n'v), place M P M',
 * time -n'dr/(n'v).
 * Bound: 2,000 steps of eight trajectories at once (tracking/descent); no allocation.
 * Held by: impact_test.c. */
wlk_status wlk_impact_predict(const struct wlk_state *state, double horizon_s,
                              struct wlk_impact *out, struct wlk_path *path) WLK_MUST_USE;

#endif
