/* groups.c -- tracks: the own-only estimate as fine and as coarse content, and back.
 *
 * Method: docs/release.md, "coarse". Points (launch, impact) are in group_points.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/groups.h"

#include "base/assert.h"
#include "release/enlarge.h"

#include <math.h>
#include <string.h>

/* Bounds of the wire (record/contents.c): 100,000 km, 100 km/s. */
static const double POSITION_M_MAX = 1e8;
static const double VELOCITY_MPS_MAX = 1e5;
/* The largest covariance member: INT64_MAX less what rounding may add. */
static const double COVARIANCE_MAX = 9.2e18;
/* ASSUMPTIONS, said in groups.h. */
static const double THRUST_SIGMA_MPS2 = 100.0;
static const double LOG_BETA_MEAN = -8.29404964010203; /* ln(1/4000) */
static const double LOG_BETA_SIGMA = 1.0;
/* Rounding 6 rows to whole numbers moves an eigenvalue by at most 6 x 1/2; a diagonal raised by
 * 4 stays above, and positive definite. */
static const double ROUNDING_VARIANCE = 4.0;

/* Position and velocity rows, in mm and mm/s, with the clock's share. */
static void take_block(const struct wlk_state *state, double clock_error_s, double block[6][6])
{
    struct wlk_state blurred = *state;
    if (clock_error_s > 0)
        wlk_state_blur(&blurred, clock_error_s);
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            block[i][j] = blurred.covariance[i][j] * 1e6;
}

static bool round_to(double value_m, double most_m, int64_t quantum_mm, int64_t *out)
{
    if (!(fabs(value_m) < most_m))
        return false;
    *out = llround(value_m * 1e3 / (double)quantum_mm) * quantum_mm;
    return true;
}

static bool round_vectors(const struct wlk_state *state, int64_t quantum_mm,
                          int64_t quantum_mmps, struct wlk_track_content *out)
{
    for (int i = 0; i < 3; i++)
        if (!round_to(state->position_m[i], POSITION_M_MAX, quantum_mm, &out->position_mm[i]) ||
            !round_to(state->velocity_mps[i], VELOCITY_MPS_MAX, quantum_mmps,
                      &out->velocity_mmps[i]))
            return false;
    return true;
}

wlk_status wlk_groups_track_fine(const struct wlk_track *track, double clock_error_s,
                                 struct wlk_track_content *out)
{
    struct wlk_track_content content = {.phase = track->state.phase,
                                        .epoch_ns = track->state.epoch.ns,
                                        .condition = track->condition,
                                        .has_last_measurement = true,
                                        .last_measurement_ns = track->last_measurement.ns};
    double block[6][6];
    if (!wlk_state_is_valid(&track->state) || !(clock_error_s >= 0) ||
        track->state.epoch.ns < 0 || track->last_measurement.ns < 0 ||
        !round_vectors(&track->state, 1, 1, &content))
        return WLK_NO_SOLUTION;
    take_block(&track->state, clock_error_s, block);
    for (int i = 0, n = 0; i < 6; i++)
        for (int j = 0; j <= i; j++, n++) {
            double value = block[i][j] + (i == j ? ROUNDING_VARIANCE : 0);
            if (!(fabs(value) < COVARIANCE_MAX))
                return WLK_NO_SOLUTION;
            content.covariance[n] = llround(value);
        }
    *out = content;
    return WLK_OK;
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross(const double a[3], const double b[3], double out[3])
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

static double scale_to_one(double a[3])
{
    double length = sqrt(dot(a, a));
    for (int i = 0; i < 3 && length > 0; i++)
        a[i] /= length;
    return length;
}

/* Rows: along the velocity, across in the horizontal (geocentric up), completing up. From the
 * rounded numbers of the content, so that both sides have the same axes. */
static void velocity_axes(const struct wlk_track_content *content, double axes[3][3])
{
    double up[3], north[3] = {0, 0, 1};
    for (int i = 0; i < 3; i++) {
        axes[0][i] = (double)content->velocity_mmps[i];
        up[i] = (double)content->position_mm[i];
    }
    if (scale_to_one(up) == 0)
        up[2] = 1;
    if (scale_to_one(axes[0]) == 0)
        memcpy(axes[0], up, sizeof up);
    cross(axes[0], up, axes[1]);
    /* A vertical velocity has no horizontal across: east, or at a pole x, will do. */
    if (scale_to_one(axes[1]) < 1e-6) {
        cross(north, axes[0], axes[1]);
        if (scale_to_one(axes[1]) < 1e-6) {
            const double x[3] = {1, 0, 0};
            cross(axes[0], x, axes[1]);
            (void)scale_to_one(axes[1]);
        }
    }
    cross(axes[1], axes[0], axes[2]);
    (void)scale_to_one(axes[2]);
}

/* turned = T block T', T the axes for position and for velocity; to the axes. */
static void turn_block(double axes[3][3], double block[6][6], double turned[6][6])
{
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            double sum = 0;
            for (int k = 0; k < 3; k++)
                for (int l = 0; l < 3; l++)
                    sum +=
                        axes[i % 3][k] * block[i / 3 * 3 + k][j / 3 * 3 + l] * axes[j % 3][l];
            turned[i][j] = sum;
        }
}

/* Coast and re-entry: carried to the whole second; boost: as it is. */
static wlk_status state_at_second(const struct wlk_state *state, wlk_utc at,
                                  struct wlk_state *out)
{
    const int64_t second_ns = WLK_COARSE_TIME_NS;
    wlk_utc whole = {at.ns / second_ns * second_ns};
    if (state->phase == WLK_PHASE_BOOST) {
        *out = *state;
        return WLK_OK;
    }
    WLK_TRY(wlk_state_carry(state, whole, 0, out));
    out->phase = state->phase;
    return WLK_OK;
}

wlk_status wlk_groups_track_coarse(const struct wlk_track *track, double clock_error_s,
                                   wlk_utc at, struct wlk_coarse *memory,
                                   struct wlk_track_content *out)
{
    struct wlk_track_content content = {.is_coarse = true,
                                        .condition = track->condition,
                                        .quantum_mm = WLK_COARSE_POSITION_MM,
                                        .quantum_mmps = WLK_COARSE_VELOCITY_MMPS};
    struct wlk_state state;
    double axes[3][3], block[6][6], turned[6][6], d[6];
    if (!wlk_state_is_valid(&track->state) || !(clock_error_s >= 0) || at.ns < 0 ||
        state_at_second(&track->state, at, &state) != WLK_OK || state.epoch.ns < 0 ||
        !round_vectors(&state, WLK_COARSE_POSITION_MM, WLK_COARSE_VELOCITY_MMPS, &content))
        return WLK_NO_SOLUTION;
    content.phase = state.phase;
    content.epoch_ns = state.epoch.ns;
    velocity_axes(&content, axes);
    take_block(&state, clock_error_s, block);
    turn_block(axes, block, turned);
    if (!wlk_enlarge_diagonal(&turned[0][0], 6, d))
        return WLK_NO_SOLUTION;
    for (int i = 0; i < 6; i++) {
        double q = i < 3 ? WLK_COARSE_POSITION_MM : WLK_COARSE_VELOCITY_MMPS;
        if (!wlk_enlarge_log2(d[i] + q * q / 12, memory->has_track, memory->track_log2[i],
                              &content.sigma_log2[i]))
            return WLK_NO_SOLUTION;
    }
    memory->has_track = true;
    memcpy(memory->track_log2, content.sigma_log2, sizeof memory->track_log2);
    *out = content;
    return WLK_OK;
}

static void fine_covariance(const struct wlk_track_content *content, struct wlk_state *state)
{
    for (int i = 0, n = 0; i < 6; i++)
        for (int j = 0; j <= i; j++, n++)
            state->covariance[i][j] = state->covariance[j][i] =
                (double)content->covariance[n] * 1e-6;
}

static void coarse_covariance(const struct wlk_track_content *content, struct wlk_state *state)
{
    double axes[3][3];
    velocity_axes(content, axes);
    for (int part = 0; part < 6; part += 3)
        for (int i = 0; i < 3; i++)
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = 0; k < 3; k++)
                    sum += axes[k][i] * axes[k][j] *
                           ldexp(1e-6, 2 * content->sigma_log2[part + k]);
                state->covariance[part + i][part + j] = sum;
                state->covariance[part + j][part + i] = sum;
            }
}

wlk_status wlk_groups_track_state(const struct wlk_track_content *content,
                                  struct wlk_state *out)
{
    struct wlk_state state;
    memset(&state, 0, sizeof state);
    state.epoch.ns = content->epoch_ns;
    state.phase = content->phase;
    state.log_inverse_beta = LOG_BETA_MEAN;
    for (int i = 0; i < 3; i++) {
        state.position_m[i] = (double)content->position_mm[i] * 1e-3;
        state.velocity_mps[i] = (double)content->velocity_mmps[i] * 1e-3;
    }
    if (content->is_coarse)
        coarse_covariance(content, &state);
    else
        fine_covariance(content, &state);
    if (state.phase == WLK_PHASE_BOOST)
        for (int i = 6; i < 9; i++)
            state.covariance[i][i] = THRUST_SIGMA_MPS2 * THRUST_SIGMA_MPS2;
    if (state.phase == WLK_PHASE_REENTRY)
        state.covariance[6][6] = LOG_BETA_SIGMA * LOG_BETA_SIGMA;
    if (!wlk_state_is_valid(&state))
        return WLK_BAD_INPUT;
    *out = state;
    return WLK_OK;
}
