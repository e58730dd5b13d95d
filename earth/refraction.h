/* refraction.h -- how far the air bends a radar's line of sight.
 *
 * Exponential air (refractivity 313e-6 at the ground, scale height 7 km [ITU-R P.453 has 315
 * and 7.35 km as world mean; 313 and 7 km is the CRPL mean of Bean and Dutton 1966]) over a
 * sphere. For microwaves; the ionosphere is not modelled.
 * Read by: sensors/intake (to correct). A rehearsal bends by a ray trace of its own.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EARTH_REFRACTION_H
#define WLK_EARTH_REFRACTION_H

/* Observed less geometric elevation of a target at range_m, rad, >= 0. Out of the air: 0.50
 * deg at 1 deg, 0.36 at 2, 0.28 at 3, 0.19 at 5, 0.10 at 10, 0.05 at 20; less within it.
 * observed_elevation_rad  as measured, [-0.1, pi/2]; clamped to that.
 * range_m                 > 0.
 * Bound: 64 steps of a ray trace, about 1 us. Held by: refraction_test.c. */
double wlk_refraction_bending(double observed_elevation_rad, double range_m);

/* The elevation without air of a target seen at observed_elevation_rad. */
static inline double wlk_refraction_correct(double observed_elevation_rad, double range_m)
{
    return observed_elevation_rad - wlk_refraction_bending(observed_elevation_rad, range_m);
}

#endif
