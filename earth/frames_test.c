/* frames_test.c -- frames turn into each other and back, at poles and the date line too.
 * SPDX-License-Identifier: Apache-2.0 */
#include "earth/frames.h"

#include "base/random.h"
#include "base/tap.h"

#include <math.h>

static double apart_m(wlk_ecef a, wlk_ecef b)
{
    return sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) +
                (a.z - b.z) * (a.z - b.z));
}

/* Each quadrant, both poles, the equator, both sides of the date line. */
static const struct {
    double latitude_deg, longitude_deg;
    const char *words;
} place[] = {
    {39, 126, "north-east"},
    {39, -75, "north-west"},
    {-34, 151, "south-east"},
    {-34, -58, "south-west"},
    {90, 0, "the north pole"},
    {-90, 0, "the south pole"},
    {0, 0, "the equator"},
    {0, 180, "the date line"},
    {51.9, 179.99, "just west of it"},
    {51.9, -179.99, "just east of it"},
};
enum { PLACE_COUNT = sizeof place / sizeof place[0] };

static void check_known_points(void)
{
    wlk_ecef equator = wlk_ecef_from_geodetic((wlk_geodetic){0, 0, 0});
    wlk_check(apart_m(equator, (wlk_ecef){WLK_WGS84_A, 0, 0}) < 1e-6,
              "the equator at Greenwich is a semi-major axis away on the x axis");
    wlk_ecef pole = wlk_ecef_from_geodetic((wlk_geodetic){WLK_PI / 2, 0, 0});
    wlk_check(apart_m(pole, (wlk_ecef){0, 0, WLK_WGS84_A * (1 - WLK_WGS84_F)}) < 1e-6,
              "the pole is a semi-minor axis away on the z axis");
    wlk_ecef east = wlk_ecef_from_geodetic((wlk_geodetic){0, WLK_PI / 2, 1000});
    wlk_check(apart_m(east, (wlk_ecef){0, WLK_WGS84_A + 1000, 0}) < 1e-6,
              "east is positive and height is outward");
}

static void check_round_trips(void)
{
    for (int i = 0; i < PLACE_COUNT; i++) {
        wlk_geodetic from = {place[i].latitude_deg * WLK_DEG, place[i].longitude_deg * WLK_DEG,
                             250e3};
        wlk_ecef point = wlk_ecef_from_geodetic(from);
        wlk_geodetic back = wlk_geodetic_from_ecef(point);
        wlk_check(apart_m(point, wlk_ecef_from_geodetic(back)) < 1e-5 &&
                      fabs(back.height_m - from.height_m) < 1e-5 &&
                      back.longitude_rad > -WLK_PI - 1e-12 && back.longitude_rad <= WLK_PI,
                  "geodetic and ECEF return at %s", place[i].words);
    }
}

static void check_axes(void)
{
    for (int i = 0; i < PLACE_COUNT; i++) {
        wlk_geodetic here = {place[i].latitude_deg * WLK_DEG,
                             place[i].longitude_deg * WLK_DEG, 0};
        double e[3][3], worst = 0;
        wlk_enu_axes(here, e);
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 3; k++)
                worst = fmax(worst, fabs(e[j][0] * e[k][0] + e[j][1] * e[k][1] +
                                         e[j][2] * e[k][2] - (j == k)));
        double handed = e[0][0] * (e[1][1] * e[2][2] - e[1][2] * e[2][1]) -
                        e[0][1] * (e[1][0] * e[2][2] - e[1][2] * e[2][0]) +
                        e[0][2] * (e[1][0] * e[2][1] - e[1][1] * e[2][0]);
        wlk_check(worst < 1e-14 && fabs(handed - 1) < 1e-14,
                  "east, north, up are a right-handed orthonormal frame at %s", place[i].words);
    }
    wlk_geodetic here = {39 * WLK_DEG, 126 * WLK_DEG, 0}, above = here, north = here;
    wlk_ecef origin = wlk_ecef_from_geodetic(here);
    above.height_m = 1000;
    north.latitude_rad += 1e-5;
    wlk_ecef up = wlk_ecef_from_geodetic(above), ahead = wlk_ecef_from_geodetic(north);
    wlk_enu rise = wlk_enu_from_ecef(
        here, (double[3]){up.x - origin.x, up.y - origin.y, up.z - origin.z});
    wlk_enu step = wlk_enu_from_ecef(
        here, (double[3]){ahead.x - origin.x, ahead.y - origin.y, ahead.z - origin.z});
    wlk_check(fabs(rise.up - 1000) < 1e-6 && hypot(rise.east, rise.north) < 1e-6,
              "up is along the height");
    wlk_check(step.north > 60 && fabs(step.east) < 1e-6 && fabs(step.up) < 1e-3,
              "north is where latitude grows");
}

static void check_polar(void)
{
    struct wlk_random random = wlk_random_seeded(7, 0);
    double worst_m = 0, worst_turn = 0;
    for (int i = 0; i < 2000; i++) {
        wlk_geodetic radar = {asin(2 * wlk_random_uniform(&random) - 1),
                              WLK_PI * (2 * wlk_random_uniform(&random) - 1), 500};
        wlk_polar seen = {1e3 + 5e6 * wlk_random_uniform(&random),
                          2 * WLK_PI * wlk_random_uniform(&random),
                          asin(2 * wlk_random_uniform(&random) - 1)};
        wlk_ecef point = wlk_ecef_from_polar(radar, seen);
        wlk_polar again = wlk_polar_from_ecef(radar, point);
        worst_m = fmax(worst_m, apart_m(point, wlk_ecef_from_polar(radar, again)));
        if (again.azimuth_rad < 0 || again.azimuth_rad >= 2 * WLK_PI)
            worst_turn = 1;
    }
    wlk_check(worst_m < 1e-5, "what is seen turns into a point and back, 2,000 times");
    wlk_check(worst_turn == 0, "every azimuth is in [0, 2 pi)");
    wlk_geodetic here = {39 * WLK_DEG, 126 * WLK_DEG, 0};
    double away[3];
    wlk_ecef origin = wlk_ecef_from_geodetic(here);
    wlk_ecef_from_enu(here, (wlk_enu){1000, 0, 0}, away);
    wlk_polar east = wlk_polar_from_ecef(
        here, (wlk_ecef){origin.x + away[0], origin.y + away[1], origin.z + away[2]});
    wlk_check(fabs(east.azimuth_rad - WLK_PI / 2) < 1e-9 && fabs(east.elevation_rad) < 1e-9 &&
                  fabs(east.range_m - 1000) < 1e-6,
              "azimuth runs clockwise from north: east is a quarter turn");
}

int main(void)
{
    check_known_points();
    check_round_trips();
    check_axes();
    check_polar();
    return wlk_tap_done();
}
