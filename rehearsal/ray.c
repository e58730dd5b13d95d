/* ray.c -- Bouguer's integral, and the elevation that makes it meet the target.
 *
 *   n r cos(elevation) = K all along the ray. The angle at the Earth's centre between site
 *   and target, and the optical length of the ray, are then
 *
 *       angle  = int K / (r sqrt(n^2 r^2 - K^2)) dr
 *       length = int n^2 r / sqrt(n^2 r^2 - K^2) dr
 *
 *   With height above the site = u^2 the integrands are smooth even for a ray that starts
 *   level. Above TOP_M there is no air and both have closed forms.
 * SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/ray.h"

#include "base/assert.h"

#include <math.h>

static const double EARTH_M = 6371e3; /* mean radius; a few km off bends by < 1e-6 rad else */
static const double TOP_M = 90e3;     /* 3e-6 of the air is above */

static const double BENT_RAD_MAX = 0.04; /* twice that of a level ray from 9 km to space */
static const double CLOSE_RAD = 1e-10;   /* under 1 mm along the ground */

enum { HALF_POINTS = 12, ITERATIONS_MAX = 30 };

/* 24-point Gauss-Legendre, positive half [Abramowitz and Stegun 1964, table 25.4]. */
static const double NODE[HALF_POINTS] = {
    0.064056892862605626085, 0.191118867473616309159, 0.315042679696163374387,
    0.433793507626045138487, 0.545421471388839535658, 0.648093651936975569252,
    0.740124191578554364244, 0.820001985973902921954, 0.886415527004401034213,
    0.938274552002732758524, 0.974728555971309498198, 0.995187219997021360180};
static const double WEIGHT[HALF_POINTS] = {
    0.127938195346752156974, 0.125837456346828296121, 0.121670472927803391204,
    0.115505668053725601353, 0.107444270115965634783, 0.097618652104113888270,
    0.086190161531953275917, 0.073346481411080305734, 0.059298584915436780746,
    0.044277438817419806169, 0.028531388628933663181, 0.012341229799987199547};

struct ends {
    double site_m, target_m; /* distance from the Earth's centre */
};

struct path {
    double angle_rad, length_m;
};

/* Index of refraction times distance from the centre. */
static double refracted(double r)
{
    return r * (1 + WLK_RAY_N0 * exp((EARTH_M - r) / WLK_RAY_SCALE_M));
}

static void add_point(struct path *path, double site_m, double u, double weight, double K)
{
    double r = site_m + u * u;
    double nr = refracted(r);
    double slant = sqrt(nr * nr - K * K);
    path->angle_rad += weight * 2 * u * K / (r * slant);
    path->length_m += weight * 2 * u * nr * nr / (r * slant);
}

/* The ray that starts at elevation_rad >= 0 and ends at the target's height. */
static struct path trace(struct ends ends, double elevation_rad)
{
    double K = refracted(ends.site_m) * cos(elevation_rad);
    double top = fmin(ends.target_m, EARTH_M + TOP_M);
    double half = sqrt(top - ends.site_m) / 2;
    struct path path = {0, 0};
    for (int i = 0; i < HALF_POINTS; i++) {
        add_point(&path, ends.site_m, half * (1 - NODE[i]), half * WEIGHT[i], K);
        add_point(&path, ends.site_m, half * (1 + NODE[i]), half * WEIGHT[i], K);
    }
    if (ends.target_m > top) {
        path.angle_rad += acos(K / ends.target_m) - acos(K / top);
        path.length_m += sqrt(ends.target_m * ends.target_m - K * K) - sqrt(top * top - K * K);
    }
    return path;
}

/* How the angle at the centre falls as the ray is raised, without air. */
static double slope_without_air(struct ends ends, double elevation_rad)
{
    double K = ends.site_m * cos(elevation_rad);
    return ends.site_m * sin(elevation_rad) / sqrt(ends.target_m * ends.target_m - K * K) - 1;
}

/* Secant steps kept in a bracket. The ray that starts at the geometric elevation bends down
 * and goes too far; one that starts BENT_RAD_MAX above it falls short. */
static wlk_status solve(struct ends ends, double angle_rad, double geometric_rad, double *out)
{
    double low = fmax(geometric_rad, 0), high = fmin(geometric_rad + BENT_RAD_MAX, WLK_PI / 2);
    double at = low, excess = trace(ends, at).angle_rad - angle_rad;
    double slope = slope_without_air(ends, at);
    if (!(excess > -CLOSE_RAD) || high < low)
        return WLK_NO_SOLUTION; /* even a level ray falls short: behind the horizon */
    for (int i = 0; i < ITERATIONS_MAX && fabs(excess) > CLOSE_RAD; i++) {
        double next = at - excess / slope;
        if (!(next > low && next < high))
            next = (low + high) / 2;
        double after = trace(ends, next).angle_rad - angle_rad;
        slope = (after - excess) / (next - at);
        at = next;
        excess = after;
        if (excess > 0)
            low = at;
        else
            high = at;
    }
    if (!(fabs(excess) <= CLOSE_RAD))
        return WLK_NO_SOLUTION; /* grazes the ground */
    *out = at;
    return WLK_OK;
}

wlk_status wlk_ray_observe(double height_m, wlk_polar seen, wlk_polar *out)
{
    struct ends ends = {.site_m = EARTH_M + height_m};
    double along = seen.range_m * cos(seen.elevation_rad);
    double up = ends.site_m + seen.range_m * sin(seen.elevation_rad);
    ends.target_m = hypot(along, up);
    if (!(height_m >= -500 && height_m <= 9000) || !(seen.range_m >= 1 && seen.range_m <= 1e8))
        return WLK_NO_SOLUTION;
    if (ends.target_m < ends.site_m + 1)
        return WLK_NO_SOLUTION;
    double angle = atan2(along, up), elevation;
    WLK_TRY(solve(ends, angle, seen.elevation_rad, &elevation));
    wlk_polar observed = seen;
    observed.elevation_rad = elevation;
    observed.range_m = trace(ends, elevation).length_m;
    *out = observed;
    return WLK_OK;
}
