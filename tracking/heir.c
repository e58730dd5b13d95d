/* heir.c -- SPDX-License-Identifier: Apache-2.0 */
#include "tracking/heir.h"

#include "earth/propagate.h"

#include <math.h>

/* A body that was out of sight for up to so long has flown a mean of its two velocities times
 * that, but for this part of the way and so much (ASSUMPTION). */
static const double SILENT_S = 120, OFF_PART = 0.15, OFF_M = 10e3;
static const double AIR_M = 120e3;

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static double length(const double a[3])
{
    return sqrt(dot(a, a));
}

/* Upwards by three sigmas. */
static bool is_rising(const struct wlk_state *state)
{
    const double *x = state->position_m;
    double variance = 0, rise = dot(x, state->velocity_mps);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            variance += x[i] * state->covariance[i + 3][j + 3] * x[j];
    return rise > 0 && rise * rise > 9 * variance;
}

bool wlk_heir_may_be(const struct wlk_phases *silent, const struct wlk_look *look)
{
    const struct wlk_state *from = &silent->coast;
    double t = wlk_utc_seconds(look->time, from->epoch), apart[3];
    if (!silent->is_coasting || from->phase != WLK_PHASE_REENTRY || !(t > 0 && t < SILENT_S))
        return false;
    for (int i = 0; i < 3; i++)
        apart[i] = look->at[i] - from->position_m[i];
    return length(apart) < OFF_M + (1 + OFF_PART) * length(from->velocity_mps) * t;
}

bool wlk_heir_is(const struct wlk_phases *phases, const struct wlk_phases *silent,
                 const struct wlk_look *look)
{
    const struct wlk_state *to = wlk_phases_state(phases), *from = &silent->coast;
    if (!wlk_heir_may_be(silent, look) || !(silent->is_lifted || is_rising(to)) ||
        wlk_propagate_height(to->position_m) > AIR_M)
        return false;
    double t = wlk_utc_seconds(look->time, from->epoch);
    double off[3], more[3]; /* from where it were at its velocity of now; at that of then */
    for (int i = 0; i < 3; i++) {
        off[i] = look->at[i] - from->position_m[i] - to->velocity_mps[i] * t;
        more[i] = (from->velocity_mps[i] - to->velocity_mps[i]) * t;
    }
    double part = fmin(fmax(dot(off, more) / fmax(dot(more, more), 1), 0), 1);
    for (int i = 0; i < 3; i++)
        off[i] -= part * more[i];
    return length(off) < OFF_M + OFF_PART * length(from->velocity_mps) * t;
}

void wlk_heir_inherit(struct wlk_phases *phases, wlk_utc now)
{
    phases->is_manoeuvring = phases->is_lifted = true;
    phases->manoeuvred = now;
}
