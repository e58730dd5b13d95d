/* ray.h -- how a real radar beam bends: the truth of refraction in a rehearsal.
 *
 * Bouguer's integral through exponential air, solved for the elevation at which the beam
 * meets the target. Another method than earth/refraction.c, which corrects what this bends,
 * and may not be replaced by it. Microwaves, spherical air; no ionosphere.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_REHEARSAL_RAY_H
#define WLK_REHEARSAL_RAY_H

#include "base/status.h"
#include "earth/frames.h"

/* Refractivity at sea level and scale height: CRPL mean [Bean and Dutton 1966]. */
#define WLK_RAY_N0      313e-6
#define WLK_RAY_SCALE_M 7000.0

/* What a radar height_m above the sea observes of a target that is geometrically at seen.
 *
 * height_m  [-500, 9000].
 * seen      without air; range_m in [1, 1e8].
 * out       elevation larger by the bending, range longer by the delay of the air (2 m
 *           overhead, some 40 m at 2 deg); azimuth unchanged.
 *
 * WLK_OK           *out is complete.
 * WLK_NO_SOLUTION  the target is below the radio horizon (the beam would have to start below
 *                  0 deg), or below the ground.
 * Bound: 31 passes of a 24-point rule, mostly 4: about 2 us. No state. Held by: ray_test.c. */
wlk_status wlk_ray_observe(double height_m, wlk_polar seen, wlk_polar *out) WLK_MUST_USE;

#endif
