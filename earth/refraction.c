/* refraction.c -- a ray through exponential air, in the plane of site, target and centre.
 *
 *      up ^    . target        The ray starts at the observed elevation and bends down. Above
 *         |  . `               the air it is straight. Geometric elevation: of the end of the
 *         | .`                 ray, seen from the site.
 *         +----> along
 * SPDX-License-Identifier: Apache-2.0 */
#include "earth/refraction.h"

#include "earth/frames.h"

#include <math.h>

static const double N0 = 313e-6, SCALE_M = 7e3; /* see the header */
static const double EARTH_M = 6371e3;           /* mean radius */
static const double TOP_M = 70e3;               /* above: 5e-5 of the bending is left */
static const double RISE_M = 3e3; /* rise in one step: error of a step below 1e-4 of it */
static const double STEP_M = 40e3;
enum { STEPS_MAX = 64 };

struct ray {
    double along, up; /* m, from the site */
    double c, s;      /* direction */
};

/* d ray / d length. Curvature: gradient of n across the ray, over n (which is 1 to 3e-4). */
static struct ray bend(struct ray at)
{
    double r = hypot(at.along, EARTH_M + at.up);
    double ux = at.along / r, uz = (EARTH_M + at.up) / r;
    double n = N0 * exp(-(r - EARTH_M) / SCALE_M), slope = -n / SCALE_M / (1 + n);
    double across = slope * (uz * at.c - ux * at.s);
    return (struct ray){at.c, at.s, -across * at.s, across * at.c};
}

static struct ray ahead(struct ray at, struct ray slope, double h)
{
    return (struct ray){at.along + h * slope.along, at.up + h * slope.up, at.c + h * slope.c,
                        at.s + h * slope.s};
}

static struct ray step(struct ray at, double h)
{
    struct ray k1 = bend(at), k2 = bend(ahead(at, k1, h / 2));
    struct ray k3 = bend(ahead(at, k2, h / 2)), k4 = bend(ahead(at, k3, h));
    at = ahead(at, k1, h / 6);
    at = ahead(at, k2, h / 3);
    at = ahead(at, k3, h / 3);
    return ahead(at, k4, h / 6);
}

double wlk_refraction_bending(double observed_elevation_rad, double range_m)
{
    double elevation = fmin(fmax(observed_elevation_rad, -0.1), WLK_PI / 2);
    struct ray at = {0, 0, cos(elevation), sin(elevation)};
    double left = range_m;
    for (int count = 0; count < STEPS_MAX && left > 0; count++) {
        double r = hypot(at.along, EARTH_M + at.up);
        if (r > EARTH_M + TOP_M)
            break;
        double rise = (at.along * at.c + (EARTH_M + at.up) * at.s) / r;
        double h = fmin(left, fmin(STEP_M, RISE_M / fmax(fabs(rise), 1e-3)));
        at = step(at, h);
        left -= h;
    }
    at.along += left * at.c;
    at.up += left * at.s;
    return fmax(0, elevation - atan2(at.up, at.along));
}
