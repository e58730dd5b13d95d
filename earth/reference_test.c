/* reference_test.c -- places and lines against GeographicLib (corpus/geodesy, made by
 * tools/geodesy.sh): 1e-9 of the Earth's radius, in angle 1e-9 rad.
 * SPDX-License-Identifier: Apache-2.0 */
#include "earth/frames.h"
#include "earth/geodesic.h"

#include "base/tap.h"
#include "base/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct worst {
    int places, lines;
    double forth, back, height, end, length, azimuth;
};

static double turn(double a, double b)
{
    return fabs(remainder(a - b, 2 * WLK_PI));
}

static void check_place(const double v[6], struct worst *worst)
{
    wlk_geodetic place = {v[0] * WLK_DEG, v[1] * WLK_DEG, v[2]};
    wlk_ecef at = wlk_ecef_from_geodetic(place);
    wlk_geodetic back = wlk_geodetic_from_ecef((wlk_ecef){v[3], v[4], v[5]});
    double apart = hypot(hypot(at.x - v[3], at.y - v[4]), at.z - v[5]);
    double around = cos(place.latitude_rad) * turn(back.longitude_rad, place.longitude_rad);
    worst->places++;
    worst->forth = fmax(worst->forth, apart / WLK_WGS84_A);
    worst->back = fmax(worst->back, fmax(around, fabs(back.latitude_rad - place.latitude_rad)));
    worst->height = fmax(worst->height, fabs(back.height_m - place.height_m) / WLK_WGS84_A);
}

static void check_line(const double v[6], struct worst *worst)
{
    wlk_geodetic from = {v[0] * WLK_DEG, v[1] * WLK_DEG, 0};
    wlk_geodetic to = {v[4] * WLK_DEG, v[5] * WLK_DEG, 0};
    wlk_geodetic end = wlk_geodesic_from(from, v[2] * WLK_DEG, v[3]);
    struct wlk_geodesic line = wlk_geodesic_between(from, to);
    double around = cos(to.latitude_rad) * turn(end.longitude_rad, to.longitude_rad);
    worst->lines++;
    worst->end = fmax(worst->end, fmax(around, fabs(end.latitude_rad - to.latitude_rad)));
    worst->length = fmax(worst->length, fabs(line.distance_m - v[3]) / WLK_WGS84_A);
    /* the end is given to 1e-14 deg: 1e-9 m over the length */
    if (v[3] > 1e4)
        worst->azimuth = fmax(worst->azimuth, turn(line.azimuth_rad, v[2] * WLK_DEG));
}

int main(void)
{
    const char *top = getenv("WARNLINK_SOURCE");
    char path[512], *text = NULL;
    struct wlk_fault fault;
    struct worst worst = {0};
    snprintf(path, sizeof path, "%s/corpus/geodesy/reference.txt", top ? top : ".");
    if (!wlk_check(wlk_words_read_file(path, &text, &fault) == WLK_OK,
                   "the reference is there"))
        return wlk_tap_done();
    for (const char *line = text; line; line = strchr(line, '\n')) {
        double v[6];
        line += *line == '\n';
        if (sscanf(line, "place %lf %lf %lf %lf %lf %lf", v, v + 1, v + 2, v + 3, v + 4,
                   v + 5) == 6)
            check_place(v, &worst);
        if (sscanf(line, "line %lf %lf %lf %lf %lf %lf", v, v + 1, v + 2, v + 3, v + 4,
                   v + 5) == 6)
            check_line(v, &worst);
    }
    free(text);
    wlk_check(worst.places == 150 && worst.lines == 175, "%d places and %d lines", worst.places,
              worst.lines);
    wlk_check(worst.forth < 1e-9, "to Cartesian: %.1e of the radius", worst.forth);
    wlk_check(worst.back < 1e-9 && worst.height < 1e-9,
              "and back: %.1e rad, %.1e of the radius", worst.back, worst.height);
    wlk_check(worst.end < 1e-9, "ends of lines: %.1e rad", worst.end);
    wlk_check(worst.length < 1e-9 && worst.azimuth < 1e-9,
              "lines between places: %.1e of the radius, %.1e rad", worst.length,
              worst.azimuth);
    return wlk_tap_done();
}
