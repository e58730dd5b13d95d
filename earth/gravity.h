/* gravity.h -- the pull on a body at rest or moving in the rotating Earth-fixed frame.
 *
 * Central term, J2, centrifugal and Coriolis. J2 alone moves the arrival of a documented
 * flight by 36-102 m against a 20 x 20 field, far below what radars resolve.
 * Read by: earth/propagate.c, tracking/.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EARTH_GRAVITY_H
#define WLK_EARTH_GRAVITY_H

#include "earth/frames.h"

#include <math.h>
#include <stddef.h>

#define WLK_GRAVITY_GM    3.986004418e14 /* m^3/s^2 [NIMA TR8350.2, table 3.1] */
#define WLK_GRAVITY_J2    1.08262668e-3  /* [EGM96, from C20 = -4.84165e-4 sqrt(5)] */
#define WLK_GRAVITY_OMEGA 7.292115e-5    /* rotation of the Earth, rad/s [TR8350.2, 3.1] */

/* Acceleration of a free body, m/s^2.
 *
 * x         position (m) and velocity (m/s), ECEF; |position| > 1,000 km.
 * gradient  if not NULL: d acceleration / d position, 1/s^2. That by velocity is constant:
 *           2 omega in [0][1], -2 omega in [1][0]. */
static inline void wlk_gravity_acceleration(const double x[6], double out[3],
                                            double gradient[3][3])
{
    static const double K = 1.5 * WLK_GRAVITY_J2 * WLK_WGS84_A * WLK_WGS84_A;
    static const double OMEGA2 = WLK_GRAVITY_OMEGA * WLK_GRAVITY_OMEGA;
    double r2 = x[0] * x[0] + x[1] * x[1] + x[2] * x[2];
    double i2 = 1 / r2, i3 = sqrt(r2) * i2 * i2, i5 = i3 * i2;
    double flat = K * i2, z2 = x[2] * x[2] * i2;
    double A = i3 * (1 + flat * (1 - 5 * z2)), B = A + 2 * flat * i3;
    out[0] = -WLK_GRAVITY_GM * A * x[0] + OMEGA2 * x[0] + 2 * WLK_GRAVITY_OMEGA * x[4];
    out[1] = -WLK_GRAVITY_GM * A * x[1] + OMEGA2 * x[1] - 2 * WLK_GRAVITY_OMEGA * x[3];
    out[2] = -WLK_GRAVITY_GM * B * x[2];
    if (!gradient)
        return;
    /* dA/dx_j = by * x_j, and dB/dx_j = bz * x_j but for the derivative of z^2 itself. */
    double by = -i5 * (3 + flat * (5 - 35 * z2)), bz = by - 10 * flat * i5;
    double own = -10 * flat * i5 * x[2];
    double xx = A + by * x[0] * x[0], yy = A + by * x[1] * x[1], xy = by * x[0] * x[1];
    double xz = bz * x[0] * x[2], yz = bz * x[1] * x[2];
    double zz = B + (bz * x[2] + own) * x[2];
    gradient[0][0] = -WLK_GRAVITY_GM * xx + OMEGA2;
    gradient[1][1] = -WLK_GRAVITY_GM * yy + OMEGA2;
    gradient[2][2] = -WLK_GRAVITY_GM * zz;
    gradient[0][1] = gradient[1][0] = -WLK_GRAVITY_GM * xy;
    gradient[0][2] = gradient[2][0] = -WLK_GRAVITY_GM * xz;
    gradient[1][2] = gradient[2][1] = -WLK_GRAVITY_GM * yz;
}

#endif
