/* air_test.c -- density against the published table, and its continuity.
 * SPDX-License-Identifier: Apache-2.0 */
#include "earth/air.h"

#include "base/tap.h"
#include "earth/pull_lanes.h"

#include <math.h>

static void check_lanes(void)
{
    double worst = 0, density[WLK_LANES_WIDTH];
    for (double h = -3000; h < 140e3; h += 17) {
        wlk_lanes_store(wlk_pull_density(wlk_lanes_all(h)), density);
        double expected = wlk_air_density(h, NULL);
        worst = fmax(worst, expected > 0 ? fabs(density[0] / expected - 1) : density[0]);
    }
    wlk_check(worst < 1e-8, "in lanes it is the same to %.1g of it", worst);
}

int main(void)
{
    /* [US76] at heights that are not rows of our table. */
    wlk_check_near(wlk_air_density(2000, 0) / 1.0066, 1, 0.03, "2 km as published");
    wlk_check_near(wlk_air_density(12000, 0) / 3.1194e-1, 1, 0.03, "12 km as published");
    wlk_check_near(wlk_air_density(35000, 0) / 8.4634e-3, 1, 0.03, "35 km as published");
    wlk_check_near(wlk_air_density(75000, 0) / 3.9921e-5, 1, 0.05, "75 km as published");
    double worst = 0, worst_slope = 0, last = wlk_air_density(0, 0);
    for (double h = 10; h < WLK_AIR_TOP_M; h += 10) {
        double slope, rho = wlk_air_density(h, &slope);
        worst = fmax(worst, rho / last);
        double jump = log(rho / last) / 10;
        /* the slope changes at a row only, within one spacing of it */
        if (fabs(jump - slope) > 1e-9 && fmod(h, 5000) > 10)
            worst_slope = fmax(worst_slope, fabs(jump - slope));
        worst = fmax(worst, fabs(jump) > 2e-4 * 1.5 ? 2 : 0);
        last = rho;
    }
    wlk_check(worst <= 1, "density falls without a jump up to the top");
    wlk_check(worst_slope == 0, "the slope given is the slope of the density");
    wlk_check(wlk_air_density(WLK_AIR_TOP_M, 0) == 0, "no air above the top");
    wlk_check(wlk_air_density(-5000, 0) == 1.225,
              "below the sea level it is that of the sea level");
    check_lanes();
    return wlk_tap_done();
}
