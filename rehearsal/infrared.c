/* infrared.c -- sightings with errors drawn from (seed, flight).
 * SPDX-License-Identifier: Apache-2.0 */
#include "rehearsal/infrared.h"

#include "base/random.h"
#include "earth/geodesic.h"

#include <math.h>

/* Keeps these draws apart from every radar's of the same seed. */
static const uint64_t STREAM = UINT64_C(0x696e667261726564);

struct wlk_sighting wlk_infrared_sight(wlk_name sensor, uint64_t seed, size_t flight,
                                       wlk_utc launch_time, wlk_geodetic place)
{
    struct wlk_random random = wlk_random_seeded(seed, STREAM + flight);
    double late_s = WLK_INFRARED_TIME_SIGMA_S * wlk_random_normal(&random);
    double east_m = WLK_INFRARED_PLACE_SIGMA_M * wlk_random_normal(&random);
    double north_m = WLK_INFRARED_PLACE_SIGMA_M * wlk_random_normal(&random);
    double told_s =
        WLK_INFRARED_TOLD_S + WLK_INFRARED_TOLD_SPREAD_S * wlk_random_uniform(&random);
    struct wlk_sighting sighting = {
        .sensor = sensor,
        .launch_time = wlk_utc_add(launch_time, late_s),
        .time_sigma_s = WLK_INFRARED_TIME_SIGMA_S,
        .place = wlk_geodesic_from(place, atan2(east_m, north_m), hypot(east_m, north_m)),
        .place_sigma_m = WLK_INFRARED_PLACE_SIGMA_M,
        .told_at = wlk_utc_add(launch_time, told_s),
    };
    return sighting;
}
