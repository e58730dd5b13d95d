/* refraction_test.c -- bending against the table of a separate ray trace.
 * SPDX-License-Identifier: Apache-2.0 */
#include "earth/refraction.h"

#include "earth/frames.h"

#include "base/tap.h"

#include <math.h>

int main(void)
{
    /* Total bending, of targets far away [DESIGN.md 6, notes of the design]. */
    const double table[][2] = {{1, 0.50}, {2, 0.36},  {3, 0.28},
                               {5, 0.19}, {10, 0.10}, {20, 0.05}};
    for (int i = 0; i < 6; i++)
        wlk_check_near(wlk_refraction_bending(table[i][0] * WLK_DEG, 4e7) / WLK_DEG,
                       table[i][1], 0.012, "bending at %g deg is %g deg", table[i][0],
                       table[i][1]);
    double last = 1;
    int falls = 1;
    for (double e = 0; e < 90; e += 0.5) {
        double now = wlk_refraction_bending(e * WLK_DEG, 2e6);
        falls = falls && now < last && now >= 0;
        last = now;
    }
    wlk_check(falls, "bending falls with elevation and is never negative");
    int rises = 1;
    last = 0;
    for (double range = 1e3; range < 5e6; range *= 1.2) {
        double now = wlk_refraction_bending(2 * WLK_DEG, range);
        rises = rises && now >= last;
        last = now;
    }
    wlk_check(rises, "bending rises with range");
    /* N0 / H R / 2 to first order for a near target at the horizon. */
    wlk_check_near(wlk_refraction_bending(0, 10e3), 313e-6 / 7e3 * 10e3 / 2, 3e-6,
                   "a near target is bent by half the curvature times the range");
    wlk_check_near(wlk_refraction_correct(0.1, 1e6) + wlk_refraction_bending(0.1, 1e6), 0.1,
                   1e-15, "correcting takes the bending off");
    wlk_check(wlk_refraction_bending(WLK_PI / 2, 1e6) < 1e-9, "straight up nothing bends");
    return wlk_tap_done();
}
