/* land.h -- the areas of all nations and the named places: what a nation knows of the map.
 *
 * Read once and never changed, so that the nations of a rehearsal can share it.
 * Read by: programs/nation.c, columns.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_LAND_H
#define WLK_PROGRAMS_LAND_H

#include "warning/area.h"
#include "warning/places.h"

struct wlk_land {
    size_t count;
    struct wlk_areas *areas[WLK_PARTIES_MAX];
    struct wlk_places *places;
};

/* Reads names.txt, places.txt and the areas of each nation in it. Statuses and fault as
 * wlk_areas_open; *out is for wlk_land_close whatever came. */
wlk_status wlk_land_open(const char *folder, struct wlk_land *out,
                         struct wlk_fault *fault) WLK_MUST_USE;
void wlk_land_close(struct wlk_land *land); /* all zeros is allowed */

/* The areas of a nation; NULL if there are none. */
struct wlk_areas *wlk_land_of(const struct wlk_land *land, wlk_name nation);

#endif
