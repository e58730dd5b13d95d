/* frames_test.c -- frames against published values of ERFA, and there and back everywhere.
 * SPDX-License-Identifier: Apache-2.0 */
#include "earth/frames.h"

#include "base/random.h"
#include "base/tap.h"

#include <math.h>

static double turn(double a, double b)
{
    return fabs(remainder(a - b, 2 * WLK_PI));
}

/* There and back at a place seen from another. */
static void worst_of(wlk_geodetic place, wlk_geodetic observer, double worst[3])
{
    wlk_ecef at = wlk_ecef_from_geodetic(place);
    wlk_geodetic back = wlk_geodetic_from_ecef(at);
    double around = cos(place.latitude_rad) * turn(back.longitude_rad, place.longitude_rad);
    worst[0] = fmax(worst[0], fmax(fabs(back.latitude_rad - place.latitude_rad), around));
    worst[1] = fmax(worst[1], fabs(back.height_m - place.height_m));
    wlk_polar seen = wlk_polar_from_ecef(observer, at);
    wlk_ecef again = wlk_ecef_from_polar(observer, seen);
    worst[2] = fmax(
        worst[2], fmax(fabs(again.x - at.x), fmax(fabs(again.y - at.y), fabs(again.z - at.z))));
}

static void check_round(void)
{
    struct wlk_random random = wlk_random_seeded(1, 1);
    double worst[3] = {0, 0, 0};
    const double edges[] = {-WLK_PI / 2, -1e-9, 0, 1e-9, WLK_PI / 2};
    const double sides[] = {-WLK_PI + 1e-9, -WLK_PI / 2, 0, WLK_PI / 2, WLK_PI};
    for (int i = 0; i < 2000; i++) {
        wlk_geodetic place = {(wlk_random_uniform(&random) - 0.5) * WLK_PI,
                              (wlk_random_uniform(&random) - 0.5) * 2 * WLK_PI,
                              5e6 * wlk_random_uniform(&random)};
        wlk_geodetic observer = {(wlk_random_uniform(&random) - 0.5) * WLK_PI,
                                 (wlk_random_uniform(&random) - 0.5) * 2 * WLK_PI, 100};
        if (i < 25) { /* poles, equator, date line */
            place.latitude_rad = edges[i % 5];
            place.longitude_rad = sides[i / 5];
        }
        worst_of(place, observer, worst);
    }
    wlk_check(worst[0] < 1e-9, "geodetic there and back within %.1g rad", worst[0]);
    wlk_check(worst[1] < 1e-5, "height there and back within %.1g m", worst[1]);
    wlk_check(worst[2] < 1e-6, "polar there and back within %.1g m", worst[2]);
}

/* Values of ERFA's own tests (t_erfa_c.c: gd2gc, gc2gd; WGS84). */
static void check_published(void)
{
    wlk_ecef at = wlk_ecef_from_geodetic((wlk_geodetic){-0.5, 3.1, 2500});
    wlk_check_near(at.x, -5599000.5577049947, 1e-6, "gd2gc: x as published");
    wlk_check_near(at.y, 233011.67223479203, 1e-6, "gd2gc: y as published");
    wlk_check_near(at.z, -3040909.4706983363, 1e-6, "gd2gc: z as published");
    wlk_geodetic place = wlk_geodetic_from_ecef((wlk_ecef){2e6, 3e6, 5.244e6});
    wlk_check_near(place.longitude_rad, 0.98279372324732907, 1e-13, "gc2gd: longitude");
    wlk_check_near(place.latitude_rad, 0.97160184819075459, 1e-13, "gc2gd: latitude");
    wlk_check_near(place.height_m, 331.41724614260599, 1e-7, "gc2gd: height");
}

static void check_axes(void)
{
    double axes[3][3], out[3];
    wlk_geodetic place = {35 * WLK_DEG, 139 * WLK_DEG, 0};
    wlk_enu_axes(place, axes);
    double worst = 0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            double sum = 0;
            for (int k = 0; k < 3; k++)
                sum += axes[i][k] * axes[j][k];
            worst = fmax(worst, fabs(sum - (i == j)));
        }
    wlk_check(worst < 1e-15, "the axes are square and of length one");
    wlk_ecef_from_enu(place, (wlk_enu){1, 2, 3}, out);
    wlk_enu back = wlk_enu_from_ecef(place, out);
    wlk_check_near(back.east + 10 * back.north + 100 * back.up, 321, 1e-12,
                   "a vector turned there and back is the same");
    wlk_geodetic north = {36 * WLK_DEG, 139 * WLK_DEG, 0};
    wlk_polar seen = wlk_polar_from_ecef(place, wlk_ecef_from_geodetic(north));
    wlk_check_near(turn(seen.azimuth_rad, 0), 0, 1e-9, "north is azimuth 0");
    wlk_check(seen.elevation_rad < 0, "a place 1 deg away is below the horizon");
}

int main(void)
{
    check_round();
    check_published();
    check_axes();
    return wlk_tap_done();
}
