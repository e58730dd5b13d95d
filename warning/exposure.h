/* exposure.h -- which areas an uncertain impact, a path or a heading touches, and from when.
 *
 * Pure functions of their arguments. Areas come out in the order of the table, each once.
 * Held by: exposure_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_WARNING_EXPOSURE_H
#define WLK_WARNING_EXPOSURE_H

#include "record/warning.h"
#include "warning/area.h"

struct wlk_exposure {
    size_t count;
    struct wlk_warning_area area[WLK_AREAS_MAX];
};

/* Areas where the impact may fall, with probability >= floor, in (0, 1). WLK_AREA_DIRECT.
 * earliest: three sigmas before the expected time. */
void wlk_exposure_impact(const struct wlk_areas *areas, const struct wlk_impact *impact,
                         double floor, struct wlk_exposure *out);

/* Areas within margin_m plus twice the sigma of the impact (in proportion to the way
 * flown since the path's first point) of the path over ground. WLK_AREA_OVERFLOWN.
 * impact gives that sigma; probability: that the true path lies within margin_m of the area. */
void wlk_exposure_path(const struct wlk_areas *areas, const struct wlk_path *path,
                       const struct wlk_impact *impact, double margin_m,
                       struct wlk_exposure *out);

/* A sector over ground: where something that goes this way may come. */
struct wlk_sector {
    wlk_geodetic apex;     /* where it is now, or where it rose */
    wlk_utc at;            /* when it was there */
    double heading_rad;    /* clockwise from north, at the apex */
    double half_width_rad; /* (0, pi] */
    double reach_m;        /* > 0 */
    double margin_m;       /* to each side and behind, >= 0 */
    double speed_mps;      /* fastest over ground, for the earliest time; > 0 */
};

/* Areas within the sector. WLK_AREA_OVERFLOWN; probability as for a normal heading error of
 * which half_width_rad is the 95 % half-width. */
void wlk_exposure_sector(const struct wlk_areas *areas, const struct wlk_sector *sector,
                         struct wlk_exposure *out);

/* Adds areas within distance_m of an area that is in it, as WLK_AREA_ADJACENT. */
void wlk_exposure_adjacent(const struct wlk_areas *areas, double distance_m,
                           struct wlk_exposure *exposure);

#endif
