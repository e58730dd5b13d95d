/* bound.h -- the Cramer-Rao bound: the least covariance that any unbiased estimator of these
 * looks can have.
 *
 * Recursion of Tichavsky, Muravchik and Nehorai (1998) along the true flight, in covariance
 * form; slopes of the measurements by differences of earth/frames, apart from the filter's.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_STATISTICS_BOUND_H
#define WLK_PROGRAMS_STATISTICS_BOUND_H

#include "record/plot.h"
#include "record/state.h"

/* Rows as in record/state.h; SI units, ECEF. */
struct wlk_bound {
    int rows; /* 6 coast, 7 re-entry, 9 boost */
    wlk_utc time;
    double P[9][9];
};

/* From one look at the true position: velocity 0 +- 4 km/s, thrust 0 +- 40 m/s^2: what
 * the tracker starts from. rows: 6 or 9. */
void wlk_bound_begin(const struct wlk_plot *plot, const double truth[6], int rows,
                     struct wlk_bound *out);

/* From six rows to seven: ln(1/beta) +- 0.8. */
void wlk_bound_enter_air(struct wlk_bound *bound);

/* Carries it along the truth from where it is to the time. beta: kg/m^2, re-entry only. Noise:
 * re-entry 1e-3 /s on ln(1/beta), boost 1 (m/s^3)^2 s on thrust: as the tracker assumes. */
void wlk_bound_carry(struct wlk_bound *bound, const double truth[6], double beta, wlk_utc time);

/* Takes a look made at the true position. */
void wlk_bound_take(struct wlk_bound *bound, const struct wlk_plot *plot,
                    const double truth[6]);

/* From nine rows to six: the thrust is known. */
void wlk_bound_know_thrust(struct wlk_bound *bound);

/* Takes a look as wlk_bound_take, and tells two hypotheses apart: by the other one the object
 * is apart (m) from the truth. seems: what an estimator that believes in the truth would make
 * of that (m, m/s), zeros before the first look, its position carried on by the caller.
 * Returns what this look adds to the squared distance of the hypotheses, in sigmas. */
double wlk_bound_tell(struct wlk_bound *bound, const struct wlk_plot *plot,
                      const double truth[6], const double apart[3], double seems[6]);

#endif
