/* area.h -- the named areas of a nation: polygons, and names in three languages.
 *
 * Shapes come from areas/<NATION>.json and names from areas/names.txt (docs/warning.md has
 * both formats and their sources). Coastlines are simplified to about 0.7 km and islands under
 * about 2 km^2 are left out: good for whom to warn, not for navigation.
 * Read by: warning/exposure, alert, cap; display through programs/.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_WARNING_AREA_H
#define WLK_WARNING_AREA_H

#include "base/limits.h"
#include "base/status.h"
#include "earth/frames.h"
#include "record/name.h"

enum {
    WLK_AREA_NAME_SIZE = 64,     /* UTF-8 bytes of a name, with NUL */
    WLK_AREA_RINGS_MAX = 1024,   /* closed lines of one nation */
    WLK_AREA_POINTS_MAX = 32768, /* points of one nation */
};

/* A closed line: point[first .. first + count), the last not equal to the first. */
struct wlk_area_ring {
    size_t first, count;
    bool is_hole;
};

struct wlk_area {
    char key[WLK_NAME_SIZE]; /* "JP-01" (JIS X 0401), "KR-11" (ISO 3166-2) */
    char en[WLK_AREA_NAME_SIZE], ja[WLK_AREA_NAME_SIZE], ko[WLK_AREA_NAME_SIZE];
    size_t ring_first, ring_count;
    double south_rad, north_rad, west_rad,
        east_rad; /* box around it; no area crosses 180 deg */
};

struct wlk_areas {
    wlk_name nation;
    size_t count, ring_count, point_count;
    struct wlk_area area[WLK_AREAS_MAX];
    struct wlk_area_ring ring[WLK_AREA_RINGS_MAX];
    wlk_geodetic point[WLK_AREA_POINTS_MAX]; /* height 0 */
    double unit[WLK_AREA_POINTS_MAX][3];     /* the same as directions on a sphere */
};

/* Reads folder/names.txt and folder/<nation>.json. A nation without a .json file has no
 * areas, and that is allowed: it warns ships only.
 *
 * WLK_OK         *out is for wlk_areas_close.
 * WLK_BAD_INPUT  malformed; fault has the file, the line or the path in it, and the rule.
 * WLK_IO         cannot be read, or no memory. */
wlk_status wlk_areas_open(wlk_name nation, const char *folder, struct wlk_areas **out,
                          struct wlk_fault *fault) WLK_MUST_USE;
void wlk_areas_close(struct wlk_areas *areas); /* NULL is allowed */

/* The nations that folder/names.txt names areas of, in its order: whose land is known.
 *
 * WLK_OK         name[0 .. *count), *count <= room.
 * WLK_FULL       more than room of them.
 * WLK_BAD_INPUT  malformed; fault has file, line and rule.
 * WLK_IO         cannot be read. */
wlk_status wlk_areas_nations(const char *folder, size_t room, wlk_name name[], size_t *count,
                             struct wlk_fault *fault) WLK_MUST_USE;

/* The index of the area with this key or English name. WLK_BAD_INPUT none has it. */
wlk_status wlk_area_find(const struct wlk_areas *areas, const char *name,
                         size_t *out) WLK_MUST_USE;

/* Is the place in the area? Edges are straight in longitude and latitude. */
bool wlk_area_contains(const struct wlk_areas *areas, size_t area, wlk_geodetic place);

/* Distance from the place to the area in metres, 0 inside. Flat around the place: within
 * 0.5 % up to 500 km and 3 % up to 2,000 km (area_test). */
double wlk_area_distance_m(const struct wlk_areas *areas, size_t area, wlk_geodetic place);

/* The same where it is at most limit_m, else HUGE_VAL; quick where the area is far away. */
double wlk_area_near_m(const struct wlk_areas *areas, size_t area, wlk_geodetic place,
                       double limit_m);

/* Is the area at most distance_m away? */
bool wlk_area_is_within(const struct wlk_areas *areas, size_t area, wlk_geodetic place,
                        double distance_m);

/* Distance to the nearest area; HUGE_VAL where there is none. */
double wlk_areas_coast_m(const struct wlk_areas *areas, wlk_geodetic place);

/* Probability that a two-dimensional normal error around the place lies in the area.
 * covariance: east-east, east-north, north-north, m^2, positive definite. A grid of 24 x 32
 * cells of equal probability, the same each time; error below 0.02. */
double wlk_area_probability(const struct wlk_areas *areas, size_t area, wlk_geodetic place,
                            const double covariance[3]);

#endif
