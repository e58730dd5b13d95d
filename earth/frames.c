/* frames.c -- conversions between frames. The only file that sees ERFA.
 * SPDX-License-Identifier: Apache-2.0 */
#include "earth/frames.h"

#include "base/assert.h"

#include <erfa.h>
#include <erfam.h>
#include <math.h>

wlk_ecef wlk_ecef_from_geodetic(wlk_geodetic place)
{
    double xyz[3];
    int failed = eraGd2gc(ERFA_WGS84, place.longitude_rad, place.latitude_rad, place.height_m,
                          xyz);
    WLK_ASSERT(!failed);
    return (wlk_ecef){xyz[0], xyz[1], xyz[2]};
}

wlk_geodetic wlk_geodetic_from_ecef(wlk_ecef point)
{
    double xyz[3] = {point.x, point.y, point.z};
    wlk_geodetic place;
    int failed = eraGc2gd(ERFA_WGS84, xyz, &place.longitude_rad, &place.latitude_rad,
                          &place.height_m);
    WLK_ASSERT(!failed);
    return place;
}

void wlk_enu_axes(wlk_geodetic place, double axes[3][3])
{
    double slat = sin(place.latitude_rad), clat = cos(place.latitude_rad);
    double slon = sin(place.longitude_rad), clon = cos(place.longitude_rad);
    const double rows[3][3] = {
        {-slon, clon, 0}, {-slat * clon, -slat * slon, clat}, {clat * clon, clat * slon, slat}};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            axes[i][j] = rows[i][j];
}

wlk_enu wlk_enu_from_ecef(wlk_geodetic place, const double vector[3])
{
    double axes[3][3], out[3];
    wlk_enu_axes(place, axes);
    for (int i = 0; i < 3; i++)
        out[i] = axes[i][0] * vector[0] + axes[i][1] * vector[1] + axes[i][2] * vector[2];
    return (wlk_enu){out[0], out[1], out[2]};
}

void wlk_ecef_from_enu(wlk_geodetic place, wlk_enu vector, double out[3])
{
    double axes[3][3];
    wlk_enu_axes(place, axes);
    for (int j = 0; j < 3; j++)
        out[j] = axes[0][j] * vector.east + axes[1][j] * vector.north + axes[2][j] * vector.up;
}

wlk_polar wlk_polar_from_ecef(wlk_geodetic observer, wlk_ecef point)
{
    wlk_ecef origin = wlk_ecef_from_geodetic(observer);
    const double apart[3] = {point.x - origin.x, point.y - origin.y, point.z - origin.z};
    wlk_enu local = wlk_enu_from_ecef(observer, apart);
    double flat = hypot(local.east, local.north);
    double azimuth = atan2(local.east, local.north);
    return (wlk_polar){.range_m = hypot(flat, local.up),
                       .azimuth_rad = azimuth < 0 ? azimuth + 2 * WLK_PI : azimuth,
                       .elevation_rad = atan2(local.up, flat)};
}

wlk_ecef wlk_ecef_from_polar(wlk_geodetic observer, wlk_polar seen)
{
    wlk_ecef origin = wlk_ecef_from_geodetic(observer);
    double flat = seen.range_m * cos(seen.elevation_rad), apart[3];
    wlk_enu local = {flat * sin(seen.azimuth_rad), flat * cos(seen.azimuth_rad),
                     seen.range_m * sin(seen.elevation_rad)};
    wlk_ecef_from_enu(observer, local, apart);
    return (wlk_ecef){origin.x + apart[0], origin.y + apart[1], origin.z + apart[2]};
}
