/* infrared.h -- what infrared early-warning satellites would tell of a launch.
 *
 * ASSUMPTION throughout: no public numbers are used. A launch is told 60 to 66 s after it,
 * its time with sigma 4 s and its place with sigma 5 km on each axis.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_REHEARSAL_INFRARED_H
#define WLK_REHEARSAL_INFRARED_H

#include "record/plot.h"

#define WLK_INFRARED_TIME_SIGMA_S  4.0
#define WLK_INFRARED_PLACE_SIGMA_M 5000.0
#define WLK_INFRARED_TOLD_S        60.0
#define WLK_INFRARED_TOLD_SPREAD_S 6.0

/* What sensor tells of a launch; told_at is when it reaches the node.
 * flight  number of the launch in its rehearsal: each has errors of its own.
 * Same arguments, same sighting. */
struct wlk_sighting wlk_infrared_sight(wlk_name sensor, uint64_t seed, size_t flight,
                                       wlk_utc launch_time, wlk_geodetic place);

#endif
