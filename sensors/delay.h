/* delay.h -- how much longer than the way the air makes a measured range.
 * Read by: sensors/intake.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_SENSORS_DELAY_H
#define WLK_SENSORS_DELAY_H

/* Metres to subtract from a range measured at observed elevation_rad by a radar height_m
 * above the sea: 2.2 m overhead, 10 m at 12 deg, 45 m at 2 deg.
 *
 * elevation_rad  [-0.1, pi/2].
 * range_m        > 0.
 * Method: exponential air (refractivity and scale height of earth/refraction.h) along a beam
 * whose height is s sin(e) + s^2 cos^2(e) / (2 k R); the integral is an error function.
 * Against a traced ray 1.1 m short at 1.8 deg, 0.5 m at 2.7 deg, less above. */
double wlk_delay_range(double height_m, double elevation_rad, double range_m);

#endif
