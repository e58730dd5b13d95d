/* state.h -- where one object is and how it moves, with its covariance.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_STATE_H
#define WLK_RECORD_STATE_H

#include "base/clock.h"
#include "earth/frames.h"

#include <stdbool.h>

enum wlk_phase { WLK_PHASE_BOOST = 1, WLK_PHASE_COAST = 2, WLK_PHASE_REENTRY = 3 };

/* Earth-fixed (ECEF) state. Rows of the covariance: position (0-2), velocity (3-5), and then
 * by phase: boost, thrust acceleration (6-8); reentry, ln(1/beta) (6); rows not used are 0. */
struct wlk_state {
    wlk_utc epoch;
    enum wlk_phase phase;
    double position_m[3];
    double velocity_mps[3];
    double thrust_mps2[3];    /* boost only; what is not gravity, drag or rotation */
    double log_inverse_beta;  /* reentry: ln(1/beta), beta in kg/m^2; else assumed ln(1/4000) */
    double covariance[9][9];  /* symmetric positive definite in its used rows; SI units */
};

/* Rows in use: 9 boost, 6 coast, 7 reentry. */
int wlk_state_size(const struct wlk_state *state);

/* Finite, symmetric to 1e-9 relative, positive on the diagonal. */
bool wlk_state_is_valid(const struct wlk_state *state);

/* What a clock that is wrong by one sigma of clock_error_s adds to the covariance: the state
 * moves by (velocity, acceleration) times the error, so it is one direction in position and
 * velocity together. Acceleration: gravity and, in boost, thrust. */
void wlk_state_blur(struct wlk_state *state, double clock_error_s);

/* Carries the six rows of position and velocity of a free body (coast or reentry) to a time;
 * the result is a coast state: thrust and beta rows are dropped (beta as assumed mean).
 * process_noise  white acceleration, (m/s^2)^2 s, added over |to - epoch|; 0 for exact.
 *
 * WLK_NOT_YET      still boosting: thrust cannot be predicted.
 * WLK_NO_SOLUTION  as wlk_propagate. */
wlk_status wlk_state_carry(const struct wlk_state *from, wlk_utc to, double process_noise,
                           struct wlk_state *out) WLK_MUST_USE;

#endif
