/* sweep.h -- which tracks may be near a plot, without asking each of them.
 *
 * The tracks stand in the order of where they may begin along that axis of the Earth along
 * which they are spread most. Made once for a scan; each of its plots then asks only its
 * neighbours. Never leaves out one that wlk_associate_is_near lets through.
 * Read by: tracking/book.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_SWEEP_H
#define WLK_TRACKING_SWEEP_H

#include "tracking/associate.h"

/* Where one may be within a scan: a ball, and where it begins along the axis; m. */
struct wlk_span {
    double at[3], far_m, low_m;
    uint16_t slot;
};

struct wlk_sweep {
    struct wlk_span *span; /* the narrow ones by low_m, then the wide ones as they came */
    size_t room, count, narrow;
    int axis;
    double widest_m; /* far_m of the narrow ones */
};

/* Room for so many tracks. WLK_FULL no memory. */
wlk_status wlk_sweep_open(size_t room, struct wlk_sweep *sweep) WLK_MUST_USE;
void wlk_sweep_close(struct wlk_sweep *sweep);

/* Forgets all; adds one, within a time from which a scan lasts so many seconds; puts them in
 * order. No more than room. */
void wlk_sweep_clear(struct wlk_sweep *sweep);
void wlk_sweep_add(struct wlk_sweep *sweep, const struct wlk_reach *reach, wlk_utc from,
                   double lasts_s, uint16_t slot);
void wlk_sweep_sort(struct wlk_sweep *sweep);

/* Makes the ball of the track just added smaller, if it is wide and wlk_associate_carry can. */
void wlk_sweep_narrow(struct wlk_sweep *sweep, const struct wlk_phases *phases, wlk_utc from,
                      double lasts_s);

/* The slots of tracks that a look of the scan may belong to, ascending; out has the room of the
 * sweep. Returns how many. Held by: associate_test.c, against asking each. */
size_t wlk_sweep_near(const struct wlk_sweep *sweep, const struct wlk_spot *spot,
                      const struct wlk_look *look, uint16_t out[]);

#endif
