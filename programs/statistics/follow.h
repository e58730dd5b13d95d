/* follow.h -- one flight as one subset of radars sees it, through the filter and through the
 * whole tracker, into a cell.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_STATISTICS_FOLLOW_H
#define WLK_PROGRAMS_STATISTICS_FOLLOW_H

#include "programs/statistics/cell.h"

/* What is followed: a flight and the looks of the subset, rising in time. */
struct wlk_follow {
    const struct wlk_drawn *drawn;
    const struct wlk_draw_look *look;
    size_t count;
};

/* The coast, boost and re-entry filters alone, against their bounds. */
void wlk_follow_filter(const struct wlk_follow *follow, struct wlk_cell *cell);

/* The tracker: burnout, launch point, impact point. verbose: what it says, on stdout. */
void wlk_follow_track(const struct wlk_follow *follow, bool verbose, struct wlk_cell *cell);

#endif
