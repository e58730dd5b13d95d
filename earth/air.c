/* air.c -- the table and its interpolation.
 * SPDX-License-Identifier: Apache-2.0 */
#include "earth/air.h"

#include <math.h>
#include <stddef.h>

/* Height, m; natural logarithm of the density in kg/m^3 [US76, tables I and VIII]; slope to
 * the next row, 1/m, which is the difference of the logarithms over that of the heights. */
#define ROWS 17
static const double HEIGHT[ROWS] = {0,    5e3,  10e3, 15e3, 20e3,  25e3,  30e3,  40e3, 50e3,
                                    60e3, 70e3, 80e3, 90e3, 100e3, 110e3, 120e3, 130e3};
static const double DENSITY[ROWS] = {1.2250,    7.3643e-1, 4.1351e-1, 1.9476e-1, 8.8910e-2,
                                     4.0084e-2, 1.8410e-2, 3.9957e-3, 1.0269e-3, 3.0968e-4,
                                     8.2829e-5, 1.8458e-5, 3.4160e-6, 5.6040e-7, 9.7080e-8,
                                     2.2220e-8, 8.1520e-9};

/* ln(DENSITY[i] / DENSITY[i + 1]) / (HEIGHT[i + 1] - HEIGHT[i]); air_test.c recomputes it. */
static const double SLOPE[ROWS - 1] = {
    1.017763871e-04, 1.154264979e-04, 1.505827333e-04, 1.568286818e-04,
    1.593294740e-04, 1.556166514e-04, 1.527675212e-04, 1.358674228e-04,
    1.198760328e-04, 1.318761265e-04, 1.501280361e-04, 1.687027605e-04,
    1.807574740e-04, 1.753115434e-04, 1.474542597e-04, 1.002729488e-04};

double wlk_air_density(double height_m, double *log_slope)
{
    double slope = 0, density = 0;
    if (!(height_m > 0)) {
        density = DENSITY[0];
    } else if (height_m < WLK_AIR_TOP_M) {
        int row = height_m < 30e3 ? (int)(height_m / 5e3) : 3 + (int)(height_m / 10e3);
        slope = -SLOPE[row];
        density = DENSITY[row] * exp(slope * (height_m - HEIGHT[row]));
    }
    if (log_slope)
        *log_slope = slope;
    return density;
}
