/* gravity.h -- the pull on a body at rest or moving in the rotating Earth-fixed frame.
 *
 * Central term, J2, centrifugal and Coriolis. J2 alone moves the arrival of a documented
 * flight by 36-102 m against a 20 x 20 field, far below what radars resolve.
 * Read by: earth/propagate.c, tracking/.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EARTH_GRAVITY_H
#define WLK_EARTH_GRAVITY_H

#define WLK_GRAVITY_GM    3.986004418e14 /* m^3/s^2 [NIMA TR8350.2, table 3.1] */
#define WLK_GRAVITY_J2    1.08262668e-3  /* [EGM96, from C20 = -4.84165e-4 sqrt(5)] */
#define WLK_GRAVITY_OMEGA 7.292115e-5    /* rotation of the Earth, rad/s [TR8350.2, 3.1] */

/* Acceleration of a free body, m/s^2.
 *
 * x         position (m) and velocity (m/s), ECEF; |position| > 1,000 km.
 * gradient  if not NULL: d acceleration / d position, 1/s^2. That by velocity is constant:
 *           2 omega in [0][1], -2 omega in [1][0]. */
void wlk_gravity_acceleration(const double x[6], double out[3], double gradient[3][3]);

#endif
