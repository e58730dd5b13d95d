/* us76_test.c -- the density against the printed tables of the standard.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/tap.h"
#include "rehearsal/us76.h"

#include <math.h>
#include <stddef.h>

/* [US76, table I]: geometric height, density; points that us76.c does not hold itself. */
static const struct {
    double height_m, density_kgpm3, tolerance;
} PRINTED[] = {
    {0.0, 1.2250, 1e-4},         {1000.0, 1.1117, 1e-4},     {5000.0, 0.73643, 1e-4},
    {10000.0, 0.41351, 1e-4},    {11000.0, 0.36480, 1e-4},   {15000.0, 0.19476, 1e-4},
    {20000.0, 8.8910e-2, 1e-4},  {25000.0, 4.0084e-2, 1e-4}, {30000.0, 1.8410e-2, 1e-4},
    {40000.0, 3.9957e-3, 1e-4},  {50000.0, 1.0269e-3, 1e-4}, {60000.0, 3.0968e-4, 1e-4},
    {70000.0, 8.2829e-5, 1e-4},  {80000.0, 1.8458e-5, 1e-4}, {85000.0, 8.2196e-6, 5e-3},
    {175000.0, 6.339e-10, 0.03},
};

int main(void)
{
    for (size_t i = 0; i < sizeof PRINTED / sizeof PRINTED[0]; i++)
        wlk_check_near(wlk_us76_density(PRINTED[i].height_m) / PRINTED[i].density_kgpm3, 1.0,
                       PRINTED[i].tolerance, "density at %.0f km is that of the standard",
                       PRINTED[i].height_m / 1000.0);
    double largest_jump = 0.0;
    bool falls = true;
    for (double height_m = -1000.0; height_m < 999000.0; height_m += 100.0) {
        double here = wlk_us76_density(height_m), above = wlk_us76_density(height_m + 100.0);
        falls = falls && above < here;
        double jump = fabs(wlk_us76_density(height_m + 1e-3) / here - 1.0);
        largest_jump = fmax(largest_jump, jump);
    }
    wlk_check(falls, "density falls with height from -1 to 999 km");
    wlk_check(largest_jump < 1e-5, "no step at a layer or table point");
    wlk_check(wlk_us76_density(1000e3) == 0.0, "there is no air from 1000 km up");
    wlk_check(wlk_us76_density(nan("")) == 0.0, "no height is no air, not NaN");
    return wlk_tap_done();
}
