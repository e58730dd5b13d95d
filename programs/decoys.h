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

#include <stdio.h>

#define WLK_DECOY_GRID_M 30e3

/* WLK_NO_SOLUTION fewer than 8 places on land within radius_m of each of 100 points, or none
 * near the radar itself (a ship has no decoys on land). *out untouched. */
wlk_status wlk_decoys_draw(const struct wlk_areas *land, const struct wlk_site *site,
                           double radius_m, struct wlk_random *random,
                           struct wlk_decoy_set *out) WLK_MUST_USE;

/* The same for each radar of owner that has any: those on land. WLK_FULL more radars than
 * WLK_DECOY_SETS_MAX. */
struct wlk_sites;
wlk_status wlk_decoys_draw_all(const struct wlk_sites *sites, wlk_name owner,
                               const struct wlk_areas *land, uint64_t seed,
                               struct wlk_decoys *out) WLK_MUST_USE;
#define WLK_DECOY_RADIUS_M 150e3

/* Writes them as sensors/decoys reads them. */
void wlk_decoys_write(FILE *out, const struct wlk_decoys *decoys);

#endif
