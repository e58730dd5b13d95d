/* frames.h -- places on and above the Earth; one type for each frame.
 *
 * ECEF is the rotating Earth-fixed frame (ITRF/WGS-84), metres. Geodetic heights are above
 * the WGS-84 ellipsoid. Azimuth clockwise from true north. Conversion by ERFA (eraGd2gc,
 * eraGc2gd); this is the only file that sees it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EARTH_FRAMES_H
#define WLK_EARTH_FRAMES_H

#define WLK_PI     3.14159265358979323846
#define WLK_DEG    (WLK_PI / 180.0) /* radians in a degree */
#define WLK_WGS84_A 6378137.0       /* semi-major axis, m [NIMA TR8350.2, table 3.1] */
#define WLK_WGS84_F (1.0 / 298.257223563) /* flattening [same] */

typedef struct {
    double x, y, z; /* m */
} wlk_ecef;

typedef struct {
    double latitude_rad;  /* geodetic, [-pi/2, pi/2] */
    double longitude_rad; /* east positive, (-pi, pi] */
    double height_m;      /* above the ellipsoid */
} wlk_geodetic;

typedef struct {
    double east, north, up; /* m, or m/s for a velocity */
} wlk_enu;

typedef struct {
    double range_m;       /* > 0 */
    double azimuth_rad;   /* clockwise from true north, [0, 2 pi) */
    double elevation_rad; /* above the local horizon, [-pi/2, pi/2] */
} wlk_polar;

/* WGS-84 [ERFA eraGd2gc, eraGc2gd]; each the inverse of the other. */
wlk_ecef wlk_ecef_from_geodetic(wlk_geodetic place);
wlk_geodetic wlk_geodetic_from_ecef(wlk_ecef point);

/* Rows of axes are the unit vectors east, north, up at a place, in ECEF. */
void wlk_enu_axes(wlk_geodetic place, double axes[3][3]);

/* Turns an ECEF difference or velocity into east-north-up at a place, and back. */
wlk_enu wlk_enu_from_ecef(wlk_geodetic place, const double vector[3]);
void wlk_ecef_from_enu(wlk_geodetic place, wlk_enu vector, double out[3]);

/* What an observer at a place sees of a point; geometric, no refraction. The two must be
 * apart. And its inverse. */
wlk_polar wlk_polar_from_ecef(wlk_geodetic observer, wlk_ecef point);
wlk_ecef wlk_ecef_from_polar(wlk_geodetic observer, wlk_polar seen);

#endif
