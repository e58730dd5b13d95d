/* batch.c -- states into lanes and back.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/batch.h"

#include "tracking/batch_lanes.h"

static const double STEP_MAX_S = 10; /* one step of wlk_propagate above the air */

void wlk_batch_skip(struct wlk_batch *batch, int lane)
{
    /* numbers that do no harm: a body at rest, far out, and a look at it */
    for (int i = 0; i < 6; i++)
        batch->x[i][lane] = i == 0 ? 2e7 : 0;
    for (int i = 0, at = 0; i < 6; i++)
        for (int j = 0; j <= i; j++)
            batch->P[at++][lane] = i == j;
    for (int i = 0; i < 3; i++) {
        batch->site[i][lane] = i == 0 ? 1e7 : 0;
        batch->z[i][lane] = i == 0 ? 1e7 : 0;
        batch->toward[i][lane] = i == 0;
        batch->variance[i][lane] = 1;
    }
    for (int i = 0; i < 9; i++)
        batch->axes[i][lane] = i % 4 == 0;
    batch->level[lane] = 1;
    batch->dt_s[lane] = batch->is_taken[lane] = 0;
}

bool wlk_batch_put(struct wlk_batch *batch, int lane, const struct wlk_state *state,
                   const struct wlk_look *look)
{
    double dt_s = wlk_utc_seconds(look->time, state->epoch);
    if (state->phase != WLK_PHASE_COAST || look->size != 3 || dt_s == 0 ||
        !(fabs(dt_s) <= STEP_MAX_S)) {
        wlk_batch_skip(batch, lane);
        return false;
    }
    for (int i = 0, at = 0; i < 6; i++)
        for (int j = 0; j <= i; j++)
            batch->P[at++][lane] = state->covariance[i][j];
    for (int i = 0; i < 3; i++) {
        batch->x[i][lane] = state->position_m[i];
        batch->x[i + 3][lane] = state->velocity_mps[i];
        batch->site[i][lane] = look->site[i];
        batch->z[i][lane] = look->z[i];
        batch->toward[i][lane] = look->toward[i];
        batch->variance[i][lane] = look->variance[i];
        for (int j = 0; j < 3; j++)
            batch->axes[3 * i + j][lane] = look->axes[i][j];
    }
    batch->level[lane] = look->level;
    batch->dt_s[lane] = dt_s;
    batch->is_taken[lane] = 1;
    return true;
}

bool wlk_batch_get(const struct wlk_batch *batch, int lane, const struct wlk_look *look,
                   struct wlk_state *state)
{
    if (batch->is_taken[lane] == 0)
        return false;
    state->epoch = look->time;
    for (int i = 0; i < 3; i++) {
        state->position_m[i] = batch->x[i][lane];
        state->velocity_mps[i] = batch->x[i + 3][lane];
    }
    for (int i = 0, at = 0; i < 6; i++)
        for (int j = 0; j <= i; j++)
            state->covariance[i][j] = state->covariance[j][i] = batch->P[at++][lane];
    return true;
}

void wlk_batch_take(struct wlk_batch *batch, enum wlk_lanes_kind kind)
{
#if defined(__x86_64__)
    if (kind == WLK_LANES_AVX512) {
        wlk_batch_avx512(batch);
        return;
    }
    if (kind == WLK_LANES_AVX2) {
        wlk_batch_avx2(batch);
        return;
    }
#endif
    (void)kind;
    wlk_batch_plain(batch);
}
