/* prediction.c -- from a covariance to an ellipse.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/prediction.h"

#include "base/assert.h"

#include <math.h>

struct wlk_ellipse wlk_ellipse_from_covariance(double ee, double en, double nn,
                                               double probability)
{
    WLK_ASSERT(probability > 0 && probability < 1);
    double mean = (ee + nn) / 2, half = (ee - nn) / 2;
    double root = hypot(half, en);
    double big = mean + root, small = mean - root;
    double floor = big * 1e-12;
    double scale = -2 * log1p(-probability); /* chi-square quantile, two degrees of freedom */
    double azimuth = root > 0 ? 0.5 * atan2(2 * en, nn - ee) : 0; /* from north to east */
    if (azimuth < 0)
        azimuth += WLK_PI;
    if (azimuth >= WLK_PI)
        azimuth = 0;
    return (struct wlk_ellipse){.major_m = sqrt(scale * big),
                                .minor_m = sqrt(scale * (small > floor ? small : floor)),
                                .azimuth_rad = azimuth,
                                .probability = probability};
}
