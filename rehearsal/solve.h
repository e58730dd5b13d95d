/* solve.h -- turns a documented launch into a flight that has its published figures.
 *
 * Three numbers of a rocket template are solved (ideal speed, tilt, azimuth of the tilt) so
 * that apogee, range and bearing are met; flight time is left over as a check.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_REHEARSAL_SOLVE_H
#define WLK_REHEARSAL_SOLVE_H

#include "rehearsal/history.h"
#include "rehearsal/truth.h"

/* Flies a row of the history.
 *
 * out  within 0.1 % of apogee and range and 0.1 deg of bearing; about 330 kB.
 *
 * WLK_OK           *out is complete.
 * WLK_NO_SOLUTION  not a ballistic row, too little published, or no such flight: fault->rule
 *                  says why; *out untouched.
 * Bound: 250 trial flights, about 0.1 s; deterministic; no shared state. */
wlk_status wlk_history_flight(const struct wlk_history_row *row, struct wlk_flight *out,
                              struct wlk_fault *fault) WLK_MUST_USE;

/* The same for a body with another ballistic coefficient after burnout than the template's: the
 * published figures are met again. beta_kgpm2 0: the template's. */
wlk_status wlk_history_flight_of(const struct wlk_history_row *row, double beta_kgpm2,
                                 struct wlk_flight *out, struct wlk_fault *fault) WLK_MUST_USE;

/* Apogee of the flight of least energy over a range, on a sphere without air: what a row
 * without a published apogee gets, if its "assume" says so. */
double wlk_solve_least_energy_apogee(double range_m);

#endif
