/* declare_test.c -- the heading against that of the geodetic frame (ERFA).
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/declare.h"

#include "base/random.h"
#include "base/tap.h"

#include <math.h>

int main(void)
{
    struct wlk_random random = wlk_random_seeded(1, 1);
    double worst = 0, worst_sigma = 0;
    int none = 0;
    for (int i = 0; i < 20000; i++) {
        struct wlk_state state = {.phase = WLK_PHASE_COAST};
        wlk_geodetic place = {.latitude_rad = 3.1 * (wlk_random_uniform(&random) - 0.5),
                              .longitude_rad = 6.28 * (wlk_random_uniform(&random) - 0.5),
                              .height_m = 5e6 * pow(wlk_random_uniform(&random), 3)};
        wlk_ecef at = wlk_ecef_from_geodetic(place);
        double azimuth = 6.28 * wlk_random_uniform(&random), heading, sigma;
        double flat = 500 + 6000 * wlk_random_uniform(&random);
        wlk_enu v = {flat * sin(azimuth), flat * cos(azimuth),
                     3000 * wlk_random_normal(&random)};
        state.position_m[0] = at.x;
        state.position_m[1] = at.y;
        state.position_m[2] = at.z;
        wlk_ecef_from_enu(place, v, state.velocity_mps);
        for (int k = 0; k < 6; k++)
            state.covariance[k][k] = 25;
        if (!wlk_declare_heading(&state, &heading, &sigma)) {
            none++;
            continue;
        }
        worst = fmax(worst, fabs(remainder(heading - azimuth, 2 * WLK_PI)));
        worst_sigma = fmax(worst_sigma, fabs(sigma * flat / 5 - 1));
    }
    wlk_check(none == 0 && worst < 1e-6, "the heading is the azimuth (%.1g rad)", worst);
    wlk_check(worst_sigma < 1e-6, "its sigma that of the velocity across, over the speed");
    struct wlk_state still = {.phase = WLK_PHASE_COAST, .position_m = {7e6, 0, 0}};
    double heading, sigma;
    still.velocity_mps[0] = 1000;
    wlk_check(!wlk_declare_heading(&still, &heading, &sigma), "straight up there is none");
    return wlk_tap_done();
}
