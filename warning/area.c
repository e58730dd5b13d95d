/* area.c -- points, distances and probabilities on the named areas.
 *
 * Around a place the Earth is taken as flat: east = d longitude * N cos(latitude), north =
 * d latitude * M, with the WGS-84 radii of curvature at the middle latitude. Areas are drawn
 * to a kilometre, so that is fine.
 * SPDX-License-Identifier: Apache-2.0 */
#include "warning/area.h"

#include "base/assert.h"

#include <math.h>
#include <string.h>

/* Cells of equal probability for the integral over a normal error. */
enum { RINGS = 24, SPOKES = 32 };

/* Metres in a radian of latitude, at least (at the equator, WGS-84). */
static const double RADIAN_MIN_M = 6.33e6;

struct flat {
    double east_m, north_m; /* metres per radian */
};

static struct flat flat_at(double latitude_rad)
{
    const double e2 = WLK_WGS84_F * (2 - WLK_WGS84_F);
    double s = sin(latitude_rad), w = 1 - e2 * s * s;
    return (struct flat){WLK_WGS84_A / sqrt(w) * cos(latitude_rad),
                         WLK_WGS84_A * (1 - e2) / (w * sqrt(w))};
}

wlk_status wlk_area_find(const struct wlk_areas *areas, const char *name, size_t *out)
{
    for (size_t i = 0; i < areas->count; i++)
        if (strcmp(areas->area[i].key, name) == 0 || strcmp(areas->area[i].en, name) == 0) {
            *out = i;
            return WLK_OK;
        }
    return WLK_BAD_INPUT;
}

/* Does a line from the place to the north cross the edge a-b? Half-open in longitude, so that
 * a corner counts once. */
static bool is_below(wlk_geodetic place, const wlk_geodetic *a, const wlk_geodetic *b)
{
    if ((a->longitude_rad > place.longitude_rad) == (b->longitude_rad > place.longitude_rad))
        return false;
    double along =
        (place.longitude_rad - a->longitude_rad) / (b->longitude_rad - a->longitude_rad);
    return place.latitude_rad < a->latitude_rad + along * (b->latitude_rad - a->latitude_rad);
}

bool wlk_area_contains(const struct wlk_areas *areas, size_t index, wlk_geodetic place)
{
    WLK_ASSERT(index < areas->count);
    const struct wlk_area *area = &areas->area[index];
    bool is_inside = false;
    if (place.latitude_rad < area->south_rad || place.latitude_rad > area->north_rad ||
        place.longitude_rad < area->west_rad || place.longitude_rad > area->east_rad)
        return false;
    for (size_t r = area->ring_first; r < area->ring_first + area->ring_count; r++) {
        const struct wlk_area_ring *ring = &areas->ring[r];
        const wlk_geodetic *point = areas->point + ring->first;
        for (size_t i = 0; i < ring->count; i++)
            is_inside ^= is_below(place, &point[i], &point[(i + 1) % ring->count]);
    }
    return is_inside; /* a hole turns it back */
}

/* Squared distance from the origin to the segment a-b, metres. */
static double to_segment(double ax, double ay, double bx, double by)
{
    double dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy;
    double along = square > 0 ? -(ax * dx + ay * dy) / square : 0;
    along = along < 0 ? 0 : along > 1 ? 1 : along;
    double x = ax + along * dx, y = ay + along * dy;
    return x * x + y * y;
}

/* A distance that the area's box cannot beat, metres. */
static double box_distance_m(const struct wlk_area *area, wlk_geodetic place)
{
    double north =
        fmax(area->south_rad - place.latitude_rad, place.latitude_rad - area->north_rad);
    double east =
        fmax(area->west_rad - place.longitude_rad, place.longitude_rad - area->east_rad);
    double furthest =
        fmax(fabs(place.latitude_rad), fmax(fabs(area->south_rad), fabs(area->north_rad)));
    struct flat flat = flat_at(fmin(furthest, 1.5)); /* the narrowest degree on the way */
    return hypot(fmax(north, 0) * RADIAN_MIN_M, fmax(east, 0) * flat.east_m);
}

/* East of place, at the middle latitude between the two. */
static double east_m(struct flat flat, wlk_geodetic place, const wlk_geodetic *point)
{
    double middle = (place.latitude_rad + point->latitude_rad) / 2;
    return (point->longitude_rad - place.longitude_rad) * flat.east_m * cos(middle) /
           cos(place.latitude_rad);
}

double wlk_area_distance_m(const struct wlk_areas *areas, size_t index, wlk_geodetic place)
{
    const struct wlk_area *area = &areas->area[index];
    struct flat flat = flat_at(place.latitude_rad);
    double best = HUGE_VAL;
    if (wlk_area_contains(areas, index, place))
        return 0;
    for (size_t r = area->ring_first; r < area->ring_first + area->ring_count; r++) {
        const struct wlk_area_ring *ring = &areas->ring[r];
        const wlk_geodetic *point = areas->point + ring->first;
        const wlk_geodetic *last = &point[ring->count - 1];
        double ax = east_m(flat, place, last);
        double ay = (last->latitude_rad - place.latitude_rad) * flat.north_m;
        for (size_t i = 0; i < ring->count; i++) {
            double bx = east_m(flat, place, &point[i]);
            double by = (point[i].latitude_rad - place.latitude_rad) * flat.north_m;
            double square = to_segment(ax, ay, bx, by);
            best = square < best ? square : best;
            ax = bx;
            ay = by;
        }
    }
    return sqrt(best);
}

double wlk_area_near_m(const struct wlk_areas *areas, size_t index, wlk_geodetic place,
                       double limit_m)
{
    const struct wlk_area *area = &areas->area[index];
    double north_rad =
        fmax(area->south_rad - place.latitude_rad, place.latitude_rad - area->north_rad);
    if (north_rad * RADIAN_MIN_M > limit_m || box_distance_m(area, place) > limit_m)
        return HUGE_VAL;
    double distance_m = wlk_area_distance_m(areas, index, place);
    return distance_m <= limit_m ? distance_m : HUGE_VAL;
}

bool wlk_area_is_within(const struct wlk_areas *areas, size_t index, wlk_geodetic place,
                        double distance_m)
{
    return wlk_area_near_m(areas, index, place, distance_m) < HUGE_VAL;
}

double wlk_areas_coast_m(const struct wlk_areas *areas, wlk_geodetic place)
{
    double best = HUGE_VAL;
    for (size_t i = 0; i < areas->count; i++)
        if (box_distance_m(&areas->area[i], place) < best)
            best = fmin(best, wlk_area_distance_m(areas, i, place));
    return best;
}

double wlk_area_probability(const struct wlk_areas *areas, size_t index, wlk_geodetic place,
                            const double covariance[3])
{
    /* L L' = covariance; cell (i, k) at radius sqrt(-2 ln(1 - p_i)), p_i the middle of its
     * share of probability. */
    const struct wlk_area *area = &areas->area[index];
    double a = sqrt(covariance[0]), b = covariance[1] / a;
    double c = sqrt(fmax(covariance[2] - b * b, 0));
    struct flat flat = flat_at(place.latitude_rad);
    double last_share = 1 - 0.5 / RINGS; /* middle of the outermost ring: 2.8 sigmas */
    double reach_m = sqrt(-2 * log(1 - last_share)) * hypot(a, hypot(b, c));
    int inside = 0;
    if (box_distance_m(area, place) > reach_m)
        return 0;
    for (int i = 0; i < RINGS; i++) {
        double radius = sqrt(-2 * log(1 - (i + 0.5) / RINGS));
        for (int k = 0; k < SPOKES; k++) {
            double turn = 2 * WLK_PI * (k + 0.5 * (i % 2)) / SPOKES;
            double u = radius * cos(turn), v = radius * sin(turn);
            wlk_geodetic there = {place.latitude_rad + (b * u + c * v) / flat.north_m,
                                  place.longitude_rad + a * u / flat.east_m, 0};
            inside += wlk_area_contains(areas, index, there);
        }
    }
    return inside / (double)(RINGS * SPOKES);
}
