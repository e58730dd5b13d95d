/* geodesic_test.c -- shortest lines agree with a published one and return.
 * SPDX-License-Identifier: Apache-2.0 */
#include "earth/geodesic.h"

#include "base/random.h"
#include "base/tap.h"

#include <math.h>

static wlk_geodetic at_deg(double latitude_deg, double longitude_deg)
{
    return (wlk_geodetic){latitude_deg * WLK_DEG, longitude_deg * WLK_DEG, 0};
}

int main(void)
{
    /* New York to London, the example of the manual page of GeodSolve [GeographicLib]. */
    struct wlk_geodesic way = wlk_geodesic_between(at_deg(40.6, -73.8), at_deg(51.6, -0.5));
    wlk_check_near(way.distance_m, 5551759.400, 0.001, "the published distance is met");
    wlk_check_near(way.azimuth_rad / WLK_DEG, 51.19888285, 1e-8, "and its azimuth");

    struct wlk_geodesic west = wlk_geodesic_between(at_deg(0, 10), at_deg(0, 9));
    wlk_check_near(west.azimuth_rad / WLK_DEG, 270, 1e-9, "west is 270 degrees, not -90");
    struct wlk_geodesic over = wlk_geodesic_between(at_deg(0, 179.5), at_deg(0, -179.5));
    wlk_check_near(over.distance_m, WLK_WGS84_A * WLK_DEG, 1e-6,
                   "the date line is crossed the short way");

    struct wlk_random random = wlk_random_seeded(3, 0);
    double worst_m = 0;
    for (int i = 0; i < 2000; i++) {
        wlk_geodetic from = {asin(2 * wlk_random_uniform(&random) - 1),
                             WLK_PI * (2 * wlk_random_uniform(&random) - 1), 0};
        double azimuth_rad = 2 * WLK_PI * wlk_random_uniform(&random);
        double distance_m = 1.5e7 * wlk_random_uniform(&random);
        wlk_geodetic to = wlk_geodesic_from(from, azimuth_rad, distance_m);
        struct wlk_geodesic again = wlk_geodesic_between(from, to);
        double turn = remainder(again.azimuth_rad - azimuth_rad, 2 * WLK_PI);
        worst_m = fmax(worst_m, fmax(fabs(again.distance_m - distance_m),
                                     fabs(turn) * fmin(distance_m, WLK_WGS84_A)));
    }
    wlk_check_near(worst_m, 0, 1e-4, "2,000 ways return their distance and azimuth");
    return wlk_tap_done();
}
