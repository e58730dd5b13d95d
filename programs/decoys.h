/* decoys.h -- draws the places a radar might stand at, for shielded releases.
 *
 * A point is drawn evenly within radius_m of the radar; the decoys are all points of a grid of
 * 30 km, fixed to the Earth, that lie within radius_m of that point and on the nation's land.
 * So the set says no more of the place than that it is in the set. To be drawn once for each
 * radar and kept: two sets of one radar would meet at it.
 * Read by: programs/leak_world.c. Its command is "warnlink decoys".
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_DECOYS_H
#define WLK_PROGRAMS_DECOYS_H

#include "base/random.h"
#include "record/decoys.h"
#include "warning/area.h"

#define WLK_DECOY_GRID_M 30e3

/* WLK_NO_SOLUTION fewer than 8 places on land within radius_m of each of 100 points, or none
 * near the radar itself (a ship has no decoys on land). *out untouched. */
wlk_status wlk_decoys_draw(const struct wlk_areas *land, const struct wlk_site *site,
                           double radius_m, struct wlk_random *random,
                           struct wlk_decoy_set *out) WLK_MUST_USE;

#endif
