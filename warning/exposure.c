/* exposure.c -- which areas are touched.
 * SPDX-License-Identifier: Apache-2.0 */
#include "warning/exposure.h"

#include "earth/geodesic.h"

#include <math.h>

static const double EARTH_M = 6371008.8; /* mean radius [IUGG 1980] */

/* One sigma across a path is never below this: the path is drawn, not surveyed. */
static const double ACROSS_MIN_M = 1000;

static double normal_share(double x)
{
    return erfc(-x / sqrt(2.0)) / 2;
}

static void add(struct wlk_exposure *out, size_t area, enum wlk_area_reason reason,
                double probability, wlk_utc earliest)
{
    if (out->count < WLK_AREAS_MAX)
        out->area[out->count++] =
            (struct wlk_warning_area){(uint16_t)area, reason, probability, earliest};
}

void wlk_exposure_impact(const struct wlk_areas *areas, const struct wlk_impact *impact,
                         double floor, struct wlk_exposure *out)
{
    const struct wlk_point *point = &impact->point;
    const double covariance[3] = {point->covariance[0][0], point->covariance[0][1],
                                  point->covariance[1][1]};
    wlk_utc earliest = wlk_utc_add(point->time, -3 * sqrt(point->covariance[2][2]));
    out->count = 0;
    for (size_t i = 0; i < areas->count; i++) {
        double probability = wlk_area_probability(areas, i, point->place, covariance);
        if (probability >= floor)
            add(out, i, WLK_AREA_DIRECT, probability, earliest);
    }
}

/* One sigma of the impact across the path's last leg, metres. */
static double across_sigma_m(const struct wlk_path *path, const struct wlk_impact *impact)
{
    const double(*c)[3] = impact->point.covariance;
    double azimuth =
        wlk_geodesic_between(path->place[path->count - 2], path->place[path->count - 1])
            .azimuth_rad;
    double east = cos(azimuth), north = -sin(azimuth); /* unit vector to the right */
    return sqrt(east * east * c[0][0] + 2 * east * north * c[0][1] + north * north * c[1][1]);
}

void wlk_exposure_path(const struct wlk_areas *areas, const struct wlk_path *path,
                       const struct wlk_impact *impact, double margin_m,
                       struct wlk_exposure *out)
{
    out->count = 0;
    if (path->count < 2)
        return;
    double sigma_m = across_sigma_m(path, impact);
    double flight_s = wlk_utc_seconds(path->time[path->count - 1], path->time[0]);
    for (size_t i = 0; i < areas->count; i++) {
        double best = 0;
        wlk_utc earliest = {INT64_MAX};
        for (size_t k = 0; k < path->count; k++) {
            double share = wlk_utc_seconds(path->time[k], path->time[0]) / flight_s;
            double across_m = fmax(ACROSS_MIN_M, sigma_m * share);
            double apart_m = wlk_area_near_m(areas, i, path->place[k], margin_m + 2 * across_m);
            if (apart_m == HUGE_VAL)
                continue;
            best = fmax(best, normal_share((margin_m - apart_m) / across_m));
            if (path->time[k].ns < earliest.ns)
                earliest = path->time[k];
        }
        if (best > 0)
            add(out, i, WLK_AREA_OVERFLOWN, best, earliest);
    }
}

/* Direction and distance on the sphere, from the axes (east, north, up) at the apex: bearings
 * within 0.2 deg, plenty beside a sector's width, and thirty times quicker than a geodesic. */
static struct wlk_geodesic sphere_line(double axes[3][3], const double unit[3])
{
    double seen[3];
    for (int i = 0; i < 3; i++)
        seen[i] = axes[i][0] * unit[0] + axes[i][1] * unit[1] + axes[i][2] * unit[2];
    double across = sqrt(seen[0] * seen[0] + seen[1] * seen[1]);
    return (struct wlk_geodesic){EARTH_M * atan2(across, seen[2]), atan2(seen[0], seen[1])};
}

struct touch {
    double probability;
    double nearest_m;
};

/* How much of the heading's normal error points at a ring: its corners span an interval of
 * bearings, widened by the margin seen from the apex. */
static void touch_ring(const struct wlk_areas *areas, const struct wlk_area_ring *ring,
                       const struct wlk_sector *sector, struct touch *touch)
{
    double axes[3][3];
    double low = HUGE_VAL, high = -HUGE_VAL, nearest = HUGE_VAL, last = 0;
    double sigma = sector->half_width_rad / 1.96;
    wlk_enu_axes(sector->apex, axes);
    for (size_t i = 0; i < ring->count; i++) {
        struct wlk_geodesic line = sphere_line(axes, areas->unit[ring->first + i]);
        double turn = line.azimuth_rad - sector->heading_rad;
        double off = i == 0 ? remainder(turn, 2 * WLK_PI) /* unwrapped from there on */
                            : last + remainder(turn - last, 2 * WLK_PI);
        last = off;
        if (line.distance_m > sector->reach_m)
            continue;
        double widen = line.distance_m > sector->margin_m
                           ? asin(sector->margin_m / line.distance_m)
                           : WLK_PI;
        low = fmin(low, off - widen);
        high = fmax(high, off + widen);
        nearest = fmin(nearest, line.distance_m);
    }
    for (int k = -1; k <= 1 && nearest < HUGE_VAL; k++) {
        double from = low + 2 * WLK_PI * k, to = high + 2 * WLK_PI * k;
        if (from > sector->half_width_rad || to < -sector->half_width_rad)
            continue;
        double share = normal_share(to / sigma) - normal_share(from / sigma);
        touch->probability = fmax(touch->probability, share);
        touch->nearest_m = fmin(touch->nearest_m, nearest);
    }
}

static struct touch touch_area(const struct wlk_areas *areas, size_t index,
                               const struct wlk_sector *sector)
{
    struct touch touch = {0, HUGE_VAL};
    const struct wlk_area *area = &areas->area[index];
    if (wlk_area_is_within(areas, index, sector->apex, sector->margin_m))
        return (struct touch){1, 0};
    for (size_t r = area->ring_first; r < area->ring_first + area->ring_count; r++)
        if (!areas->ring[r].is_hole)
            touch_ring(areas, &areas->ring[r], sector, &touch);
    return touch;
}

void wlk_exposure_sector(const struct wlk_areas *areas, const struct wlk_sector *sector,
                         struct wlk_exposure *out)
{
    out->count = 0;
    for (size_t i = 0; i < areas->count; i++) {
        struct touch touch = touch_area(areas, i, sector);
        if (touch.probability > 0)
            add(out, i, WLK_AREA_OVERFLOWN, fmin(touch.probability, 1),
                wlk_utc_add(sector->at, touch.nearest_m / sector->speed_mps));
    }
}

/* Is any corner of one within distance_m of the other? Borders share corners, coasts are
 * drawn with one every few kilometres. */
static bool are_near(const struct wlk_areas *areas, size_t one, size_t other, double distance_m)
{
    const struct wlk_area *area = &areas->area[one];
    for (size_t r = area->ring_first; r < area->ring_first + area->ring_count; r++)
        for (size_t i = 0; i < areas->ring[r].count; i++)
            if (wlk_area_is_within(areas, other, areas->point[areas->ring[r].first + i],
                                   distance_m))
                return true;
    return false;
}

void wlk_exposure_adjacent(const struct wlk_areas *areas, double distance_m,
                           struct wlk_exposure *exposure)
{
    struct wlk_exposure wider = {.count = 0};
    for (size_t i = 0; i < areas->count; i++) {
        bool is_near = false;
        size_t own = 0;
        while (own < exposure->count && exposure->area[own].area != i)
            own++;
        if (own < exposure->count) {
            wider.area[wider.count++] = exposure->area[own];
            continue;
        }
        struct wlk_warning_area next = {(uint16_t)i, WLK_AREA_ADJACENT, 0, {INT64_MAX}};
        for (size_t k = 0; k < exposure->count; k++) {
            const struct wlk_warning_area *area = &exposure->area[k];
            if (!are_near(areas, area->area, i, distance_m))
                continue;
            is_near = true;
            next.probability = fmax(next.probability, area->probability);
            if (area->earliest.ns < next.earliest.ns)
                next.earliest = area->earliest;
        }
        if (is_near)
            wider.area[wider.count++] = next;
    }
    *exposure = wider;
}
