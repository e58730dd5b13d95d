/* air.c -- the table and its interpolation.
 * SPDX-License-Identifier: Apache-2.0 */
#include "earth/air.h"

#include "earth/air_table.h"

#include <math.h>
#include <stddef.h>

double wlk_air_density(double height_m, double *log_slope)
{
    double slope = 0, density = 0;
    if (!(height_m > 0)) {
        density = WLK_AIR_DENSITY[0];
    } else if (height_m < WLK_AIR_TOP_M) {
        int row = height_m < 30e3 ? (int)(height_m / 5e3) : 3 + (int)(height_m / 10e3);
        slope = -WLK_AIR_SLOPE[row];
        density = WLK_AIR_DENSITY[row] * exp(slope * (height_m - WLK_AIR_HEIGHT[row]));
    }
    if (log_slope)
        *log_slope = slope;
    return density;
}
