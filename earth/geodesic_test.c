/* geodesic_test.c -- lines against GeographicLib's published tests.
 * SPDX-License-Identifier: Apache-2.0 */
#include "earth/geodesic.h"

#include "base/random.h"
#include "base/tap.h"

#include <math.h>

static wlk_geodetic at(double latitude_deg, double longitude_deg)
{
    return (wlk_geodetic){latitude_deg * WLK_DEG, longitude_deg * WLK_DEG, 0};
}

int main(void)
{
    /* GeodSolve0: New York to Paris; GeodSolve1: the way there; GeodSolve9: nearly opposite. */
    struct wlk_geodesic line = wlk_geodesic_between(at(40.6, -73.8), at(49.01666667, 2.55));
    wlk_check_near(line.azimuth_rad / WLK_DEG, 53.47022, 5e-6, "GeodSolve0: azimuth");
    wlk_check_near(line.distance_m, 5853226, 0.5, "GeodSolve0: distance");
    wlk_geodetic end = wlk_geodesic_from(at(40.63972222, -73.77888889), 53.5 * WLK_DEG, 5850e3);
    wlk_check_near(end.latitude_rad / WLK_DEG, 49.01467, 5e-6, "GeodSolve1: latitude");
    wlk_check_near(end.longitude_rad / WLK_DEG, 2.56106, 5e-6, "GeodSolve1: longitude");
    line = wlk_geodesic_between(at(56.320923501171, 0),
                                at(-56.320923501171, 179.664747671772880215));
    wlk_check_near(line.distance_m, 19993558.287, 0.0005, "GeodSolve9: distance");
    line = wlk_geodesic_between(at(0, 0), at(0, 0));
    wlk_check(line.distance_m == 0 && isfinite(line.azimuth_rad), "no distance to itself");
    line = wlk_geodesic_between(at(10, 179.9), at(10, -179.9));
    wlk_check(line.distance_m < 25e3, "across the date line it is near");
    struct wlk_random random = wlk_random_seeded(2, 1);
    double worst = 0, least = 1, most = 0;
    for (int i = 0; i < 500; i++) {
        wlk_geodetic from =
            at(180 * wlk_random_uniform(&random) - 90, 360 * wlk_random_uniform(&random) - 180);
        double azimuth = 2 * WLK_PI * wlk_random_uniform(&random);
        double distance = 1.5e7 * wlk_random_uniform(&random);
        wlk_geodetic to = wlk_geodesic_from(from, azimuth, distance);
        line = wlk_geodesic_between(from, to);
        worst = fmax(worst, fabs(line.distance_m - distance));
        least = fmin(least, line.azimuth_rad);
        most = fmax(most, line.azimuth_rad);
    }
    wlk_check(worst < 1e-6, "there and back within %.1g m", worst);
    wlk_check(least >= 0 && most < 2 * WLK_PI, "azimuths are in [0, 2 pi)");
    return wlk_tap_done();
}
