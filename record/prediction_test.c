/* prediction_test.c -- the ellipse holds what it says and lies where it says.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/prediction.h"

#include "base/random.h"
#include "base/tap.h"

#include <math.h>

/* Part of normal errors with a covariance that fall into its ellipse. */
static double held(double ee, double en, double nn, double probability, uint64_t seed)
{
    struct wlk_ellipse ellipse = wlk_ellipse_from_covariance(ee, en, nn, probability);
    struct wlk_random random = wlk_random_seeded(seed, 1);
    int inside = 0;
    for (int i = 0; i < 4000; i++) {
        double a = wlk_random_normal(&random), b = wlk_random_normal(&random);
        double e = sqrt(ee) * a, n = en / sqrt(ee) * a + sqrt(nn - en * en / ee) * b;
        double s = sin(ellipse.azimuth_rad), c = cos(ellipse.azimuth_rad);
        double along = (e * s + n * c) / ellipse.major_m;
        double across = (e * c - n * s) / ellipse.minor_m;
        inside += along * along + across * across <= 1;
    }
    return inside / 4000.0;
}

int main(void)
{
    const double p[] = {0.5, 0.9, 0.95};
    for (int i = 0; i < 3; i++) {
        double sigma = sqrt(p[i] * (1 - p[i]) / 4000);
        wlk_check_near(held(4e6, 0, 1e6, p[i], 1), p[i], 5 * sigma, "%g held, upright", p[i]);
        wlk_check_near(held(4e6, 1.5e6, 1e6, p[i], 2), p[i], 5 * sigma, "%g held, to the right",
                       p[i]);
        wlk_check_near(held(1e6, -2.5e6, 9e6, p[i], 3), p[i], 5 * sigma, "%g held, to the left",
                       p[i]);
    }
    struct wlk_ellipse ellipse = wlk_ellipse_from_covariance(9, 0, 4, 0.95);
    wlk_check_near(ellipse.major_m, 3 * sqrt(5.991465), 1e-6, "95 %% is sqrt(5.991) sigmas");
    wlk_check_near(ellipse.minor_m, 2 * sqrt(5.991465), 1e-6, "on both axes");
    wlk_check_near(ellipse.azimuth_rad, WLK_PI / 2, 1e-12, "long to the east is azimuth 90");
    ellipse = wlk_ellipse_from_covariance(4, 0, 9, 0.95);
    wlk_check_near(ellipse.azimuth_rad, 0, 1e-12, "long to the north is azimuth 0");
    ellipse = wlk_ellipse_from_covariance(5, 3, 5, 0.95);
    wlk_check_near(ellipse.azimuth_rad, WLK_PI / 4, 1e-12, "northeast is azimuth 45");
    ellipse = wlk_ellipse_from_covariance(5, -3, 5, 0.95);
    wlk_check_near(ellipse.azimuth_rad, 3 * WLK_PI / 4, 1e-12, "southeast is azimuth 135");
    ellipse = wlk_ellipse_from_covariance(1, 1, 1, 0.95);
    wlk_check(ellipse.minor_m > 0 && ellipse.major_m > ellipse.minor_m,
              "a line is still an ellipse");
    ellipse = wlk_ellipse_from_covariance(2, 0, 2, 0.5);
    wlk_check(ellipse.azimuth_rad >= 0 && ellipse.azimuth_rad < WLK_PI, "a circle has one too");
    return wlk_tap_done();
}
