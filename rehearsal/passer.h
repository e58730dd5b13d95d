/* passer.h -- satellites and aircraft that pass: what radars are held against, as it really
 * moves, and as those who know its place say.
 *
 * A satellite falls freely in 8x8 gravity (rehearsal/truth.h); an aircraft keeps height, speed
 * and the geodesic it is on. Read by: programs/. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_REHEARSAL_PASSER_H
#define WLK_REHEARSAL_PASSER_H

#include "rehearsal/script.h"
#include "rehearsal/truth.h"

/* A satellite is there so long before and after it is over its place, an aircraft so long. */
#define WLK_PASSER_SATELLITE_S 420.0
#define WLK_PASSER_AIRCRAFT_S  900.0

/* One sigma, each axis, of what is said of their places (ASSUMPTION: an ephemeris of a day, a
 * broadcast place that is 0.1 s late). */
#define WLK_PASSER_SATELLITE_SIGMA_M 20.0
#define WLK_PASSER_AIRCRAFT_SIGMA_M  30.0

/* Flies it: a flight that begins at *from_s (whole seconds after the origin, not before 0), of
 * which only the nodes and flight_time_s are filled. A satellite is over its place within some
 * metres. WLK_NO_SOLUTION it is gone before the origin, or the integrator gave up. */
wlk_status wlk_passer_fly(const struct wlk_script_passer *passer, struct wlk_flight *out,
                          double *from_s) WLK_MUST_USE;

/* Writes what is said of it, in the words of sensors/references.h: places that are wrong by one
 * error for all (sigma as above; seeded), a satellite's each five minutes, an aircraft's each
 * ten seconds. Returns the bytes written, 0: no room. origin: whole seconds. */
size_t wlk_passer_write(const struct wlk_script_passer *passer, const struct wlk_flight *flight,
                        wlk_utc begins, uint64_t seed, size_t room, char *out);

#endif
