/* delay.c -- the delay of exponential air in closed form.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sensors/delay.h"

#include "earth/frames.h"

#include <math.h>

static const double N0 = 313e-6, SCALE_M = 7e3; /* as earth/refraction.h */
static const double EARTH_M = 6371e3;           /* mean radius */
static const double K = 1.25; /* a beam through all of the air bends less than 4/3 says */
static const double ROOT_PI = 1.7724538509055160273;

/* exp(x^2) erfc(x), which neither overflows nor loses digits where it is used. Two terms of
 * the asymptotic series leave 1e-7 from 20 on [Abramowitz and Stegun 1964, 7.1.23]. */
static double scaled_erfc(double x)
{
    double q = 1 / (2 * x * x);
    if (x > 20)
        return (1 - q * (1 - 3 * q)) / (x * ROOT_PI);
    return exp(x * x) * erfc(x);
}

/* N0 times the integral of exp(-(a s + b s^2)) over the beam, s from 0 to range_m. */
double wlk_delay_range(double height_m, double elevation_rad, double range_m)
{
    double c = cos(elevation_rad);
    double a = sin(elevation_rad) / SCALE_M;
    double b = fmax(c * c / (2 * K * EARTH_M * SCALE_M), 1e-20);
    double root = sqrt(b);
    double whole = scaled_erfc(a / (2 * root));
    double rest =
        exp(-(a + b * range_m) * range_m) * scaled_erfc((a + 2 * b * range_m) / (2 * root));
    return N0 * exp(-height_m / SCALE_M) * ROOT_PI / (2 * root) * (whole - rest);
}
