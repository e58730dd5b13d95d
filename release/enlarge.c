/* enlarge.c -- diagonal dominance and powers of two.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/enlarge.h"

#include <math.h>

/* 2^62 still fits the int64 of the wire. */
enum { LOG2_MAX = 62 };

/* A step down is taken only when the smaller sigma has this much room: ASSUMPTION, so that a
 * sigma that wavers by a quarter does not flicker. */
static const double STEP_DOWN = 0.75;

bool wlk_enlarge_diagonal(const double *covariance, int n, double *d)
{
    for (int i = 0; i < n; i++)
        if (!(covariance[i * n + i] > 0) || !isfinite(covariance[i * n + i]))
            return false;
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++)
            sum += fabs(covariance[i * n + j]) /
                   sqrt(covariance[i * n + i] * covariance[j * n + j]);
        d[i] = covariance[i * n + i] * sum;
        if (!isfinite(d[i]))
            return false;
    }
    return true;
}

/* Smallest k >= 0 with sigma <= 2^k, or LOG2_MAX + 1. */
static int step_above(double sigma)
{
    int k = 0;
    while (k <= LOG2_MAX && sigma > ldexp(1, k))
        k++;
    return k;
}

bool wlk_enlarge_log2(double variance, bool has_before, uint8_t before, uint8_t *out)
{
    double sigma = sqrt(variance);
    int needed = step_above(sigma), clear = step_above(sigma / STEP_DOWN);
    if (!(variance >= 0) || needed > LOG2_MAX)
        return false;
    int k = needed;
    if (has_before && before > needed)
        k = clear < before ? clear : before;
    *out = (uint8_t)k;
    return true;
}
