/* declare.h -- is it a missile, and where is it heading.
 * Read by: tracking/book.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_DECLARE_H
#define WLK_TRACKING_DECLARE_H

#include "record/state.h"

/* Enough to declare a launch: at three sigma above 15 km and faster than 500 m/s, on a path
 * that meets the Earth (perigee below 80 km), and rising faster than 300 m/s, or above the
 * reach of aircraft and balloons (45 km), or faster than any aircraft (1,000 m/s, after eight
 * plots: low and short ones are first seen when they hardly rise); after at least three plots.
 * Aircraft, balloons, satellites and noise do none of that. */
bool wlk_declare_is_missile(const struct wlk_state *state, uint32_t plot_count);

/* Course over ground, clockwise from north in [0, 2 pi), and its sigma (at most pi / sqrt 3:
 * nothing known). False where the horizontal speed tells nothing. */
bool wlk_declare_heading(const struct wlk_state *state, double *heading_rad, double *sigma_rad);

#endif
