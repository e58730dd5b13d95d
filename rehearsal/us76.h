/* us76.h -- density of the US Standard Atmosphere 1976, for the drag of a rehearsal's truth.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_REHEARSAL_US76_H
#define WLK_REHEARSAL_US76_H

/* Density in kg/m^3 at a geometric height in m. The layers of the standard up to 86 km (below
 * the sea level the lowest one goes on, not beyond -5 km), its table, log-linear, up to
 * 1000 km (within 4 % between the points), 0 above.
 * Source: [US76] U.S. Standard Atmosphere, 1976, NOAA-S/T 76-1562, tables 4 and I. */
double wlk_us76_density(double height_m);

#endif
