/* air_table.h -- the rows of the standard atmosphere, for earth/air.c and earth/air_lanes.h.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EARTH_AIR_TABLE_H
#define WLK_EARTH_AIR_TABLE_H

enum { WLK_AIR_ROWS = 17 };

/* Height, m; density, kg/m^3 [US76, tables I and VIII]. */
static const double WLK_AIR_HEIGHT[WLK_AIR_ROWS] = {0,    5e3,   10e3,  15e3,  20e3, 25e3,
                                                    30e3, 40e3,  50e3,  60e3,  70e3, 80e3,
                                                    90e3, 100e3, 110e3, 120e3, 130e3};
static const double WLK_AIR_DENSITY[WLK_AIR_ROWS] = {
    1.2250,    7.3643e-1, 4.1351e-1, 1.9476e-1, 8.8910e-2, 4.0084e-2,
    1.8410e-2, 3.9957e-3, 1.0269e-3, 3.0968e-4, 8.2829e-5, 1.8458e-5,
    3.4160e-6, 5.6040e-7, 9.7080e-8, 2.2220e-8, 8.1520e-9};

/* ln(density of a row / that of the next) / (difference of their heights), 1/m; air_test.c
 * recomputes it. */
static const double WLK_AIR_SLOPE[WLK_AIR_ROWS - 1] = {
    1.017763871e-04, 1.154264979e-04, 1.505827333e-04, 1.568286818e-04,
    1.593294740e-04, 1.556166514e-04, 1.527675212e-04, 1.358674228e-04,
    1.198760328e-04, 1.318761265e-04, 1.501280361e-04, 1.687027605e-04,
    1.807574740e-04, 1.753115434e-04, 1.474542597e-04, 1.002729488e-04};

#endif
