/* cell.c -- sums, and the intervals that honest ones keep.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statistics/cell.h"

#include <math.h>

const double WLK_CELL_COAST_S[] = {10, 20, 40, 80, 160, 320};
const double WLK_CELL_BOOST_S[] = {5, 10, 20, 40};
const double WLK_CELL_FALL_M[] = {60e3, 40e3, 25e3};
const double WLK_CELL_LAUNCH_S[] = {5, 10, 20, 40, HUGE_VAL};
const double WLK_CELL_IMPACT_S[] = {5, 10, 20, 40, 80, 160, 320, 640, -120, -60, -30, -10};

/* Of the normal distribution: 0.9995. */
static const double NORMAL_9995 = 3.2905;

void wlk_cell_add(const double *from, size_t count, double *into)
{
    for (size_t i = 0; i < count; i++)
        into[i] += from[i];
}

/* d' P^-1 d by Cholesky; -1 if P is not positive. */
static double distance2(const double P[9][9], const double d[6])
{
    double L[6][6], y[6], sum = 0;
    for (int i = 0; i < 6; i++) {
        y[i] = d[i];
        for (int j = 0; j <= i; j++) {
            double s = P[i][j];
            for (int k = 0; k < j; k++)
                s -= L[i][k] * L[j][k];
            if (i == j && !(s > 0))
                return -1;
            L[i][j] = i == j ? sqrt(s) : s / L[j][j];
        }
        for (int k = 0; k < i; k++)
            y[i] -= L[i][k] * y[k];
        y[i] /= L[i][i];
        sum += y[i] * y[i];
    }
    return sum;
}

double wlk_cell_take_error(struct wlk_cell_error *error, const struct wlk_state *state,
                           const double truth[6], double P[9][9])
{
    double d[6];
    for (int i = 0; i < 3; i++) {
        d[i] = state->position_m[i] - truth[i];
        d[i + 3] = state->velocity_mps[i] - truth[i + 3];
    }
    double nees = distance2(state->covariance, d);
    if (nees < 0)
        return nees;
    error->count++;
    error->nees += nees;
    double position2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    double velocity2 = d[3] * d[3] + d[4] * d[4] + d[5] * d[5];
    error->position2 += position2 / (P[0][0] + P[1][1] + P[2][2]);
    error->velocity2 += velocity2 / (P[3][3] + P[4][4] + P[5][5]);
    return nees;
}

/* Wilson and Hilferty (1931): (chi-square / n)^(1/3) is about normal. */
void wlk_cell_interval(double count, double freedom, double out[2])
{
    double n = count * freedom, part = 2 / (9 * n);
    for (int side = 0; side < 2; side++) {
        double z = side ? NORMAL_9995 : -NORMAL_9995;
        out[side] = freedom * pow(fmax(0, 1 - part + z * sqrt(part)), 3);
    }
}

/* Wilson's interval (1927) of the observed rate meets the span. */
bool wlk_cell_is_rate(double hits, double count, double low, double high)
{
    if (!(count > 0))
        return true;
    double z2 = NORMAL_9995 * NORMAL_9995, rate = hits / count;
    double middle = (rate + z2 / (2 * count)) / (1 + z2 / count);
    double half = NORMAL_9995 / (1 + z2 / count) *
                  sqrt(rate * (1 - rate) / count + z2 / (4 * count * count));
    return middle - half <= high && middle + half >= low;
}
