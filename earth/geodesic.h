/* geodesic.h -- shortest lines over the WGS-84 ellipsoid. Karney's algorithm as shipped in
 * PROJ; geodesic.c is the only file that sees it. Heights are ignored.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EARTH_GEODESIC_H
#define WLK_EARTH_GEODESIC_H

#include "earth/frames.h"

struct wlk_geodesic {
    double distance_m;  /* >= 0 */
    double azimuth_rad; /* at the first point, clockwise from north, [0, 2 pi) */
};

/* The shortest way over the ellipsoid between two places; heights do not matter. */
struct wlk_geodesic wlk_geodesic_between(wlk_geodetic from, wlk_geodetic to);

/* The place distance_m away at the azimuth; height 0. */
wlk_geodetic wlk_geodesic_from(wlk_geodetic start, double azimuth_rad, double distance_m);

#endif
