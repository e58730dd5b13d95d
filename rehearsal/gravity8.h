/* gravity8.h -- the Earth's attraction to degree and order 8 (EGM96), for a rehearsal's truth.
 *
 * Attraction only: the centrifugal term belongs to the rotating axes, in truth.c. 8x8 is what
 * is left over of a 20x20 field by 3 to 23 m at an impact. SPDX-License-Identifier: Apache-2.0
 */
#ifndef WLK_REHEARSAL_GRAVITY8_H
#define WLK_REHEARSAL_GRAVITY8_H

enum { WLK_GRAVITY8_DEGREE_MAX = 8 };

/* Acceleration in m/s^2 at r (ECEF, m; not the centre). degree 0..8, order 0..degree: 8, 8 is
 * the truth, smaller ones serve checks against others (2, 0 is J2). */
void wlk_gravity8(const double r[3], int degree, int order, double out[3]);

/* Its potential in m^2/s^2, positive: the acceleration is the gradient. */
double wlk_gravity8_potential(const double r[3], int degree, int order);

/* The factor that takes the normalised coefficient (n, m) to the plain one; for the test. */
double wlk_gravity8_norm(int n, int m);

#endif
