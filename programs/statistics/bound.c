/* bound.c -- the recursion of the bound.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statistics/bound.h"

#include "earth/propagate.h"

#include <math.h>
#include <string.h>

static const double SPEED_MPS = 4000, THRUST_MPS2 = 40, BETA_SIGMA = 0.8; /* bound.h */
static const double THRUST_NOISE = 1, BETA_NOISE = 1e-3;

/* Slopes of range (m), azimuth and elevation (rad) by position, over a metre to both sides. */
static void slopes(const struct wlk_plot *plot, const double truth[6], double H[3][3])
{
    for (int j = 0; j < 3; j++) {
        double at[2][3];
        for (int side = 0; side < 2; side++) {
            double x[3] = {truth[0], truth[1], truth[2]};
            x[j] += side ? 1 : -1;
            wlk_polar seen = wlk_polar_from_ecef(plot->place, (wlk_ecef){x[0], x[1], x[2]});
            at[side][0] = seen.range_m;
            at[side][1] = seen.azimuth_rad;
            at[side][2] = seen.elevation_rad;
        }
        for (int k = 0; k < 3; k++) {
            double by = at[1][k] - at[0][k];
            H[k][j] = (k == 1 ? remainder(by, 2 * WLK_PI) : by) / 2;
        }
    }
}

static void sigmas(const struct wlk_plot *plot, double out[3])
{
    out[0] = plot->range_sigma_m;
    out[1] = plot->azimuth_sigma_rad;
    out[2] = plot->elevation_sigma_rad;
}

/* P -= g g' / s. */
static void shrink(struct wlk_bound *bound, const double gain[9], double s)
{
    for (int i = 0; i < bound->rows; i++)
        for (int j = 0; j < bound->rows; j++)
            bound->P[i][j] -= gain[i] * gain[j] / s;
}

/* One scalar measurement after another: P -= P h (h' P h + r)^-1 h' P. What is apart from the
 * truth seems apart by `seems` (updated); returns the squared sigmas that this look adds. */
static double take(struct wlk_bound *bound, const struct wlk_plot *plot, const double truth[6],
                   const double apart[3], double seems[6])
{
    double H[3][3], sigma[3], sum = 0;
    slopes(plot, truth, H);
    sigmas(plot, sigma);
    for (int k = 0; k < 3; k++) {
        double gain[9], s = sigma[k] * sigma[k], surprise = 0;
        for (int i = 0; i < bound->rows; i++)
            gain[i] =
                bound->P[i][0] * H[k][0] + bound->P[i][1] * H[k][1] + bound->P[i][2] * H[k][2];
        for (int j = 0; j < 3; j++) {
            s += H[k][j] * gain[j];
            surprise += H[k][j] * (apart[j] - seems[j]);
        }
        for (int i = 0; i < 6; i++)
            seems[i] += gain[i] * surprise / s;
        sum += surprise * surprise / s;
        shrink(bound, gain, s);
    }
    return sum;
}

void wlk_bound_take(struct wlk_bound *bound, const struct wlk_plot *plot, const double truth[6])
{
    const double apart[3] = {0};
    double seems[6] = {0};
    (void)take(bound, plot, truth, apart, seems);
}

double wlk_bound_tell(struct wlk_bound *bound, const struct wlk_plot *plot,
                      const double truth[6], const double apart[3], double seems[6])
{
    return take(bound, plot, truth, apart, seems);
}

void wlk_bound_know_thrust(struct wlk_bound *bound)
{
    for (int k = 6; k < bound->rows; k++) {
        double gain[9];
        for (int i = 0; i < bound->rows; i++)
            gain[i] = bound->P[i][k];
        shrink(bound, gain, bound->P[k][k] + 1e-9);
    }
    bound->rows = 6;
}

void wlk_bound_begin(const struct wlk_plot *plot, const double truth[6], int rows,
                     struct wlk_bound *out)
{
    memset(out, 0, sizeof *out);
    out->rows = rows;
    out->time = plot->time;
    /* a place known to 100 km before the look adds nothing to it that counts */
    for (int i = 0; i < rows; i++) {
        double sigma = i < 3 ? 1e7 : i < 6 ? SPEED_MPS : THRUST_MPS2;
        out->P[i][i] = sigma * sigma;
    }
    wlk_bound_take(out, plot, truth);
}

void wlk_bound_enter_air(struct wlk_bound *bound)
{
    bound->rows = 7;
    for (int i = 0; i < 9; i++)
        bound->P[6][i] = bound->P[i][6] = 0;
    bound->P[6][6] = BETA_SIGMA * BETA_SIGMA;
}

static void map(struct wlk_bound *bound, double F[9][9])
{
    double half[9][9] = {{0}};
    int n = bound->rows;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            for (int k = 0; k < n; k++)
                half[i][j] += F[i][k] * bound->P[k][j];
    memset(bound->P, 0, sizeof bound->P);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            for (int k = 0; k < n; k++)
                bound->P[i][j] += half[i][k] * F[j][k];
}

static void boost_slope(double h, double F[9][9])
{
    for (int i = 0; i < 3; i++) {
        F[i][i] = F[i + 3][i + 3] = F[i + 6][i + 6] = 1;
        F[i][i + 3] = F[i + 3][i + 6] = h;
        F[i][i + 6] = h * h / 2;
    }
}

static void add_thrust_noise(struct wlk_bound *bound, double h)
{
    const double power[3] = {h * h / 2, h, 1};
    static const double PART[3][3] = {{0.05 * 4, 0.125 * 2, 1.0 / 3}, /* of power x power x h */
                                      {0.125 * 2, 1.0 / 3, 0.5},
                                      {1.0 / 3, 0.5, 1}};
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++)
            for (int i = 0; i < 3; i++)
                bound->P[3 * a + i][3 * b + i] +=
                    THRUST_NOISE * h * PART[a][b] * power[a] * power[b];
}

void wlk_bound_carry(struct wlk_bound *bound, const double truth[6], double beta, wlk_utc time)
{
    double h = wlk_utc_seconds(time, bound->time), F[9][9] = {{0}}, phi[6][6];
    bound->time = time;
    if (h == 0)
        return;
    if (bound->rows == 9) {
        boost_slope(h, F);
        map(bound, F);
        add_thrust_noise(bound, h);
        return;
    }
    double x[6], other[6], inverse = bound->rows == 7 ? 1 / beta : 0;
    if (wlk_propagate(truth, inverse, h, x, phi) != WLK_OK)
        return;
    for (int i = 0; i < 6; i++)
        memcpy(F[i], phi[i], sizeof phi[i]);
    if (bound->rows == 7 &&
        wlk_propagate(truth, inverse * exp(0.02), h, other, NULL) == WLK_OK) {
        for (int i = 0; i < 6; i++)
            F[i][6] = (other[i] - x[i]) / 0.02;
        F[6][6] = 1;
    }
    map(bound, F);
    if (bound->rows == 7)
        bound->P[6][6] += BETA_NOISE * h;
}
