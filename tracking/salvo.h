/* salvo.h -- what was launched together, and how many objects that is.
 *
 * The count of a salvo is never just the number of tracks: in a crowd some tracks are made of
 * others' plots, and starve. Pure: what is handed in is counted, nothing is kept.
 * Read by: programs/nation_salvo.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_SALVO_H
#define WLK_TRACKING_SALVO_H

#include "record/track.h"

#include <stddef.h>

/* Were they launched near each other: within 50 km and 120 s, and two sigmas of each? */
bool wlk_salvo_is_near(const struct wlk_point *one, const struct wlk_point *other);

struct wlk_salvo_count {
    uint32_t least; /* confirmed and not starved; young ones not among several */
    uint32_t most;  /* with those that may be objects */
};

/* How many objects the tracks of one salvo are, as seen at a time. A confirmed track has
 * starved when it fell silent on its way up while one that has flown as long is still measured,
 * or had less than half as many plots. sure: for each track, is it in least; may be NULL. */
struct wlk_salvo_count wlk_salvo_count(const struct wlk_track *const track[], size_t count,
                                       wlk_utc now, bool sure[]);

#endif
