/* ray_test.c -- holds rehearsal/ray to a plain step-by-step ray, to the published bending,
 * and holds earth/refraction to it. SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/ray.h"

#include "base/clock.h"
#include "base/tap.h"
#include "earth/refraction.h"

#include <math.h>

static const double EARTH_M = 6371e3;

/* The geometric polar of the point above the sphere that is height_m up at angle_rad of the
 * Earth's centre from a site at site_m. */
static wlk_polar polar_of(double site_m, double angle_rad, double height_m)
{
    double r = EARTH_M + height_m;
    double along = r * sin(angle_rad), up = r * cos(angle_rad) - EARTH_M - site_m;
    return (wlk_polar){hypot(along, up), 1.0, atan2(up, along)};
}

/* A ray in 10 m steps by the midpoint rule: an implementation with nothing in common. The
 * end of the ray, as a geometric polar; *length_m is its optical length. */
static wlk_polar walk(double site_m, double elevation_rad, double steps_m, double *length_m)
{
    double x = 0, z = EARTH_M + site_m, c = cos(elevation_rad), s = sin(elevation_rad);
    const double h = 10;
    *length_m = 0;
    for (double gone = 0; gone < steps_m; gone += h) {
        double mx = x + h / 2 * c, mz = z + h / 2 * s, r = hypot(mx, mz);
        double n = WLK_RAY_N0 * exp(-(r - EARTH_M) / WLK_RAY_SCALE_M);
        double across = -n / WLK_RAY_SCALE_M / (1 + n) * (mz / r * c - mx / r * s);
        double mc = c - h / 2 * across * s, ms = s + h / 2 * across * c;
        x += h * mc;
        z += h * ms;
        double turned = across * h, was = c;
        c = c * cos(turned) - s * sin(turned);
        s = s * cos(turned) + was * sin(turned);
        *length_m += h * (1 + n);
    }
    z -= EARTH_M + site_m;
    return (wlk_polar){hypot(x, z), 1.0, atan2(z, x)};
}

static void hold_against_walk(void)
{
    const double elevations_deg[] = {0.5, 1, 2, 5, 20, 60, 89};
    double worst_angle = 0, worst_length = 0;
    for (size_t i = 0; i < 7; i++)
        for (double far = 30e3; far < 2e6; far *= 3) {
            double length, site_m = i % 2 ? 0 : 300;
            wlk_polar end = walk(site_m, elevations_deg[i] * WLK_DEG, far, &length), seen;
            if (wlk_ray_observe(site_m, end, &seen) != WLK_OK)
                worst_angle = 1;
            worst_angle =
                fmax(worst_angle, fabs(seen.elevation_rad - elevations_deg[i] * WLK_DEG));
            worst_length = fmax(worst_length, fabs(seen.range_m - length));
        }
    wlk_note("against a walked ray: elevation %.2g rad, length %.2g m", worst_angle,
             worst_length);
    wlk_check(worst_angle < 2e-7, "a ray walked in 10 m steps is seen where it started");
    wlk_check(worst_length < 0.02, "the range is the optical length of that ray");
}

/* The elevation at which a target far out of the air must stand to be seen at observed_deg. */
static double bending_deg(double observed_deg, double range_m)
{
    double geometric = observed_deg * WLK_DEG;
    for (int i = 0; i < 40; i++) {
        wlk_polar seen;
        if (wlk_ray_observe(0, (wlk_polar){range_m, 0, geometric}, &seen) != WLK_OK)
            return -1;
        geometric += observed_deg * WLK_DEG - seen.elevation_rad;
    }
    return observed_deg - geometric / WLK_DEG;
}

static void hold_published(void)
{
    const double at_deg[] = {1, 2, 3, 5, 10, 20},
                 bent_deg[] = {0.50, 0.36, 0.28, 0.19, 0.10, 0.05};
    for (size_t i = 0; i < 6; i++)
        wlk_check_near(bending_deg(at_deg[i], 6e6), bent_deg[i], 0.012,
                       "far out of the air a beam at %g deg is bent %.2f deg", at_deg[i],
                       bent_deg[i]);
}

static void hold_corrected(void)
{
    double worst_deg = 0, worst_low_deg = 0;
    for (double observed = 2; observed < 80; observed *= 1.3)
        for (double range = 200e3; range < 3e6; range *= 1.5) {
            double bent = bending_deg(observed, range);
            double left =
                fabs(bent - wlk_refraction_bending(observed * WLK_DEG, range) / WLK_DEG);
            worst_deg = fmax(worst_deg, left);
            if (observed < 2.01)
                worst_low_deg = fmax(worst_low_deg, left);
        }
    wlk_note("left after earth/refraction: %.5f deg at 2 deg, at most %.5f deg", worst_low_deg,
             worst_deg);
    wlk_check(worst_low_deg < 0.02, "earth/refraction leaves under 0.02 deg at 2 deg");
    wlk_check(worst_deg < 0.02, "and above");
}

static void hold_horizon(void)
{
    wlk_polar seen = {1, 2, 3}, before = seen;
    /* Level beam of a site 500 m up. Over 4/3 Earth it is 8.5 km up after 300 km and passes
     * through level after d = sqrt(2 k R h). */
    wlk_check(wlk_ray_observe(500, polar_of(500, 300e3 / EARTH_M, 2.0e3), &seen) ==
                      WLK_NO_SOLUTION &&
                  seen.range_m == before.range_m && seen.elevation_rad == before.elevation_rad,
              "a target behind the horizon is not observed, and the output is untouched");
    wlk_check(wlk_ray_observe(0, polar_of(0, 150e3 / EARTH_M, 2.0e3), &seen) == WLK_OK,
              "2 km up at 150 km is above the level beam of a site at the sea");
    wlk_check(wlk_ray_observe(0, (wlk_polar){1e5, 0, nan("")}, &seen) == WLK_NO_SOLUTION &&
                  wlk_ray_observe(nan(""), (wlk_polar){1e5, 0, 1}, &seen) == WLK_NO_SOLUTION,
              "what is not a number is not observed");
    wlk_check(wlk_ray_observe(0, (wlk_polar){1e6, 0, -0.5}, &seen) == WLK_NO_SOLUTION,
              "a target under the ground is not observed");
}

/* Least height seen at 2 deg from a 500 m site at 1,000 km on the ground: 95 km over a 4/3
 * Earth (bent all the way), 115 km without air; the truth for air that ends lies between. */
static void hold_least_height(void)
{
    double angle = 1e6 / EARTH_M, low = 60e3, high = 200e3;
    for (int i = 0; i < 50; i++) {
        double middle = (low + high) / 2;
        wlk_polar seen;
        wlk_status status = wlk_ray_observe(500, polar_of(500, angle, middle), &seen);
        if (status == WLK_OK && seen.elevation_rad > 2 * WLK_DEG)
            high = middle;
        else
            low = middle;
    }
    double K = (EARTH_M + 500) * cos(2 * WLK_DEG);
    double straight = (EARTH_M + 500) * cos(2 * WLK_DEG) / cos(angle + 2 * WLK_DEG) - EARTH_M;
    double R = 4.0 / 3 * EARTH_M;
    double bent = (R + 500) * cos(2 * WLK_DEG) / cos(1e6 / R + 2 * WLK_DEG) - R;
    wlk_note("least height at 1000 km: %.1f km; 4/3 Earth %.1f km, no air %.1f km", high / 1e3,
             bent / 1e3, straight / 1e3);
    wlk_check_near(bent, 95e3, 2e3, "the 4/3 Earth gives the public 95 km");
    wlk_check(K > 0 && high > bent && high < straight - 5e3,
              "the least height lies between that and a straight beam");
    /* Within the air 4/3 is the right picture: 5 km up at 100 km. */
    wlk_polar seen, five = polar_of(0, 100e3 / EARTH_M, 5e3);
    double four_thirds = atan2((R + 5e3) * cos(100e3 / R) - R, (R + 5e3) * sin(100e3 / R));
    wlk_check(wlk_ray_observe(0, five, &seen) == WLK_OK, "5 km up at 100 km is seen");
    wlk_check_near(seen.elevation_rad / WLK_DEG, four_thirds / WLK_DEG, 0.03,
                   "at 100 km, 5 km up, the beam is that of a 4/3 Earth");
}

static void hold_delay(void)
{
    wlk_polar seen, up = {400e3, 0, WLK_PI / 2};
    wlk_check(wlk_ray_observe(0, up, &seen) == WLK_OK, "a target overhead is seen");
    wlk_check_near(seen.range_m - up.range_m, WLK_RAY_N0 * WLK_RAY_SCALE_M, 1e-3,
                   "overhead the air adds N0 H to the range");
    wlk_check_near(seen.elevation_rad, WLK_PI / 2, 1e-9, "and does not bend the beam");
    wlk_polar low = {1e6, 0, 1.7 * WLK_DEG};
    wlk_check(wlk_ray_observe(0, low, &seen) == WLK_OK, "a low target is seen");
    wlk_check_near(seen.range_m - low.range_m, 45, 15, "at 2 deg the air adds some 45 m");
    wlk_note("delay at %.2f deg: %.1f m", seen.elevation_rad / WLK_DEG,
             seen.range_m - low.range_m);
}

int main(void)
{
    hold_against_walk();
    hold_published();
    hold_corrected();
    hold_horizon();
    hold_least_height();
    hold_delay();
    wlk_mono before = wlk_clock_mono();
    double sum = 0;
    for (int i = 0; i < 20000; i++) {
        wlk_polar seen = {0, 0, 0};
        if (wlk_ray_observe(100, (wlk_polar){1e6 + i, 0, 0.05 + 1e-5 * i}, &seen) == WLK_OK)
            sum += seen.elevation_rad;
    }
    wlk_note("%.2f us a target (%g)", (double)(wlk_clock_mono().ns - before.ns) / 20000 / 1e3,
             sum);
    return wlk_tap_done();
}
