/* state.c -- a state, and where it is later.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/state.h"

#include "earth/gravity.h"
#include "earth/propagate.h"

#include <math.h>
#include <string.h>

/* Carrying further than this is a fault of the caller's data, not a prediction. */
static const double CARRY_MAX_S = 7200.0;

int wlk_state_size(const struct wlk_state *state)
{
    return state->phase == WLK_PHASE_BOOST ? 9 : state->phase == WLK_PHASE_REENTRY ? 7 : 6;
}

bool wlk_state_is_valid(const struct wlk_state *state)
{
    int n = wlk_state_size(state);
    for (int i = 0; i < 3; i++)
        if (!isfinite(state->position_m[i]) || !isfinite(state->velocity_mps[i]))
            return false;
    for (int i = 0; i < n; i++) {
        if (!isfinite(state->covariance[i][i]) || state->covariance[i][i] <= 0)
            return false;
        for (int j = 0; j < i; j++) {
            double scale2 = state->covariance[i][i] * state->covariance[j][j];
            double member = state->covariance[i][j], apart = member - state->covariance[j][i];
            if (!(apart * apart <= 1e-18 * scale2) || !(member * member <= scale2 * (1 + 2e-9)))
                return false;
        }
    }
    return true;
}

void wlk_state_blur(struct wlk_state *state, double clock_error_s)
{
    double x[6], rate[6];
    memcpy(x, state->position_m, sizeof state->position_m);
    memcpy(x + 3, state->velocity_mps, sizeof state->velocity_mps);
    memcpy(rate, state->velocity_mps, sizeof state->velocity_mps);
    wlk_gravity_acceleration(x, rate + 3, NULL);
    for (int i = 0; i < 3 && state->phase == WLK_PHASE_BOOST; i++)
        rate[i + 3] += state->thrust_mps2[i];
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            state->covariance[i][j] += rate[i] * rate[j] * clock_error_s * clock_error_s;
}

/* P after = Phi P Phi' + white acceleration noise over dt_s. */
static void carry_covariance(const double before[9][9], double phi[6][6], double q, double dt_s,
                             double after[9][9])
{
    double half[6][6];
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            half[i][j] = 0;
            for (int k = 0; k < 6; k++)
                half[i][j] += phi[i][k] * before[k][j];
        }
    memset(after, 0, sizeof(double[9][9]));
    for (int i = 0; i < 6; i++)
        for (int j = 0; j <= i; j++) {
            double sum = 0;
            for (int k = 0; k < 6; k++)
                sum += half[i][k] * phi[j][k];
            after[i][j] = after[j][i] = sum;
        }
    for (int i = 0; i < 3; i++) {
        after[i][i] += q * dt_s * dt_s * dt_s / 3;
        after[i + 3][i + 3] += q * dt_s;
        after[i][i + 3] += q * dt_s * dt_s / 2;
        after[i + 3][i] += q * dt_s * dt_s / 2;
    }
}

wlk_status wlk_state_carry(const struct wlk_state *from, wlk_utc to, double process_noise,
                           struct wlk_state *out)
{
    double dt_s = wlk_utc_seconds(to, from->epoch);
    double x[6], phi[6][6];
    if (from->phase == WLK_PHASE_BOOST)
        return WLK_NOT_YET;
    if (!(fabs(dt_s) <= CARRY_MAX_S))
        return WLK_NO_SOLUTION;
    memcpy(x, from->position_m, sizeof from->position_m);
    memcpy(x + 3, from->velocity_mps, sizeof from->velocity_mps);
    double beta = from->phase == WLK_PHASE_REENTRY ? exp(from->log_inverse_beta) : 1.0 / 4000;
    wlk_status status = wlk_propagate(x, beta, dt_s, x, phi);
    if (status != WLK_OK)
        return status;
    struct wlk_state carried = {.epoch = to, .phase = WLK_PHASE_COAST,
                                .log_inverse_beta = log(beta)};
    memcpy(carried.position_m, x, sizeof carried.position_m);
    memcpy(carried.velocity_mps, x + 3, sizeof carried.velocity_mps);
    carry_covariance(from->covariance, phi, process_noise, fabs(dt_s), carried.covariance);
    if (!wlk_state_is_valid(&carried))
        return WLK_NO_SOLUTION;
    *out = carried;
    return WLK_OK;
}
