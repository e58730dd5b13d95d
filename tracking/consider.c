/* consider.c -- sensitivities to biases, along a track.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/consider.h"

#include "earth/propagate.h"

#include <math.h>
#include <string.h>

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* S = Phi S for all biases, from the last state to the time of this one. */
static void carry(struct wlk_consider *consider, const struct wlk_state *after)
{
    double dt_s = wlk_utc_seconds(after->epoch, consider->time), phi[6][6], x[6];
    if (consider->count > 0 && dt_s > 0 &&
        wlk_propagate(consider->x, consider->beta, dt_s, x, phi) == WLK_OK)
        for (int s = 0; s < consider->count; s++)
            for (int b = 0; b < 3; b++) {
                double *by = consider->sensor[s].by[b], next[6];
                for (int i = 0; i < 6; i++)
                    next[i] = dot(phi[i], by) + dot(phi[i] + 3, by + 3);
                memcpy(by, next, sizeof next);
            }
    consider->time = after->epoch;
    memcpy(consider->x, after->position_m, sizeof after->position_m);
    memcpy(consider->x + 3, after->velocity_mps, sizeof after->velocity_mps);
    consider->beta = exp(after->log_inverse_beta);
}

/* Rows of H by position where the look is: of range, azimuth, elevation. */
static void rows_at(const struct wlk_look *look, double H[3][3])
{
    double range = look->z[0], az = look->z[1], el = look->z[2];
    double flat = range * fmax(cos(el), 1e-3);
    const double enu[3][3] = {
        {cos(el) * sin(az), cos(el) * cos(az), sin(el)},
        {cos(az) / flat, -sin(az) / flat, 0},
        {-sin(el) * sin(az) / range, -sin(el) * cos(az) / range, cos(el) / range}};
    for (int k = 0; k < 3; k++)
        for (int j = 0; j < 3; j++)
            H[k][j] = enu[k][0] * look->axes[0][j] + enu[k][1] * look->axes[1][j] +
                      enu[k][2] * look->axes[2][j];
}

/* The place of a sensor; -1: there is no room. */
static int sensor_of(struct wlk_consider *consider, const struct wlk_plot *plot)
{
    int at = 0;
    while (at < consider->count && !wlk_name_equal(consider->sensor[at].sensor, plot->sensor))
        at++;
    if (at == WLK_CONSIDER_SENSORS)
        return -1;
    if (at == consider->count) {
        memset(&consider->sensor[at], 0, sizeof consider->sensor[at]);
        consider->sensor[at].sensor = plot->sensor;
        consider->count++;
    }
    memcpy(consider->sensor[at].sigma, plot->bias_sigma, sizeof plot->bias_sigma);
    return at;
}

void wlk_consider_take(struct wlk_consider *consider, const struct wlk_plot *plot,
                       const struct wlk_look *look, const struct wlk_state *after)
{
    double H[3][3], K[6][3];
    bool has_bias =
        plot->bias_sigma[0] > 0 || plot->bias_sigma[1] > 0 || plot->bias_sigma[2] > 0;
    if (!has_bias && consider->count == 0)
        return;
    carry(consider, after);
    rows_at(look, H);
    /* the gain of a filter that has its covariance after the look: K = P H' R^-1 */
    for (int i = 0; i < 6; i++)
        for (int k = 0; k < 3; k++)
            K[i][k] = dot(after->covariance[i], H[k]) / look->variance[k];
    /* S = (1 - K H) S, and K more for the sensor of the look */
    for (int s = 0; s < consider->count; s++)
        for (int b = 0; b < 3; b++) {
            double *by = consider->sensor[s].by[b];
            const double seen[3] = {dot(H[0], by), dot(H[1], by), dot(H[2], by)};
            for (int i = 0; i < 6; i++)
                by[i] -= dot(K[i], seen);
        }
    int own = sensor_of(consider, plot);
    for (int b = 0; own >= 0 && b < 3; b++)
        for (int i = 0; i < 6; i++)
            consider->sensor[own].by[b][i] += K[i][b];
}

void wlk_consider_widen(const struct wlk_consider *consider, struct wlk_state *state)
{
    for (int s = 0; s < consider->count; s++)
        for (int b = 0; b < 3; b++) {
            const double *by = consider->sensor[s].by[b];
            double variance = consider->sensor[s].sigma[b] * consider->sensor[s].sigma[b];
            for (int i = 0; i < 6; i++)
                for (int j = 0; j < 6; j++)
                    state->covariance[i][j] += by[i] * variance * by[j];
        }
}
