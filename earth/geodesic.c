/* geodesic.c -- lines over the ellipsoid. The only file that sees PROJ's geodesic.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "earth/geodesic.h"

#include <geodesic.h>

struct wlk_geodesic wlk_geodesic_between(wlk_geodetic from, wlk_geodetic to)
{
    struct geod_geodesic earth;
    double distance_m, azimuth_deg, back_deg;
    geod_init(&earth, WLK_WGS84_A, WLK_WGS84_F);
    geod_inverse(&earth, from.latitude_rad / WLK_DEG, from.longitude_rad / WLK_DEG,
                 to.latitude_rad / WLK_DEG, to.longitude_rad / WLK_DEG, &distance_m,
                 &azimuth_deg, &back_deg);
    if (azimuth_deg < 0)
        azimuth_deg += 360;
    return (struct wlk_geodesic){distance_m, azimuth_deg * WLK_DEG};
}

wlk_geodetic wlk_geodesic_from(wlk_geodetic start, double azimuth_rad, double distance_m)
{
    struct geod_geodesic earth;
    double latitude_deg, longitude_deg, onward_deg;
    geod_init(&earth, WLK_WGS84_A, WLK_WGS84_F);
    geod_direct(&earth, start.latitude_rad / WLK_DEG, start.longitude_rad / WLK_DEG,
                azimuth_rad / WLK_DEG, distance_m, &latitude_deg, &longitude_deg, &onward_deg);
    return (wlk_geodetic){latitude_deg * WLK_DEG, longitude_deg * WLK_DEG, 0};
}
