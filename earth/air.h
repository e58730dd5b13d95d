/* air.h -- density of the air with height, for drag.
 *
 * U.S. Standard Atmosphere 1976 at 17 heights, exponential between them: continuous, within
 * 3 % of the table below 90 km. Winds and weather are not modelled.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EARTH_AIR_H
#define WLK_EARTH_AIR_H

/* Above this there is no drag, m. */
#define WLK_AIR_TOP_M 130000.0

/* Density, kg/m^3, at height_m above the ellipsoid: that of the sea level below it, 0 above
 * WLK_AIR_TOP_M. log_slope: if not NULL, d ln(density) / d height there, 1/m (0 where the
 * density is constant). */
double wlk_air_density(double height_m, double *log_slope);

#endif
