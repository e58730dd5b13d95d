/* watch_for_test.h -- the plots of some radars of a flight, in order, for tests of this folder.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_WATCH_FOR_TEST_H
#define WLK_TRACKING_WATCH_FOR_TEST_H

#include "tracking/flight_for_test.h"

#include <stdlib.h>

static inline int watch_by_time(const void *a, const void *b)
{
    const struct wlk_plot *x = a, *y = b;
    if (x->time.ns != y->time.ns)
        return x->time.ns < y->time.ns ? -1 : 1;
    return memcmp(x->sensor.text, y->sensor.text, sizeof x->sensor.text);
}

/* Does the radar belong to one of the owners ("KR,JP")? */
static inline bool watch_owns(const char *owners, const struct test_radar *radar)
{
    const char owner[3] = {radar->name[0], radar->name[1], 0};
    return strstr(owners, owner) != NULL;
}

/* Looks of the owners' radars from from_s to to_s, sorted by time. */
static inline size_t watch(const struct flight *flight, const char *owners, uint64_t seed,
                           const double span_s[2], size_t max, struct wlk_plot *out)
{
    struct wlk_random random = wlk_random_seeded(seed, 7);
    size_t count = 0;
    for (int r = 0; r < 7; r++) {
        const struct test_radar *radar = &TEST_RADARS[r];
        if (!watch_owns(owners, radar))
            continue;
        double t = radar->revisit_s * wlk_random_uniform(&random);
        for (; t < flight->impact_s && count < max; t += radar->revisit_s)
            if (t >= span_s[0] && t <= span_s[1] &&
                test_look(flight, radar, t, &random, &out[count]))
                count++;
    }
    qsort(out, count, sizeof *out, watch_by_time);
    return count;
}

static const double WATCH_ALL[2] = {0, 1e9};

/* Seconds since launch. */
static inline double watch_s(wlk_utc time)
{
    return wlk_utc_seconds(time, TEST_LAUNCH);
}

/* (truth - estimate)' P^-1 (truth - estimate) over position and velocity; elimination. */
static inline double watch_nees(const double truth[6], const struct wlk_state *state)
{
    double A[6][7], s[6], sum = 0, d[6];
    for (int i = 0; i < 6; i++) {
        for (int j = 0; j < 6; j++)
            A[i][j] = state->covariance[i][j];
        d[i] = truth[i] - (i < 3 ? state->position_m[i] : state->velocity_mps[i - 3]);
        A[i][6] = d[i];
    }
    for (int c = 0; c < 6; c++)
        for (int r = c + 1; r < 6; r++) {
            double by = A[r][c] / A[c][c];
            for (int k = c; k < 7; k++)
                A[r][k] -= by * A[c][k];
        }
    for (int i = 5; i >= 0; i--) {
        s[i] = A[i][6];
        for (int j = i + 1; j < 6; j++)
            s[i] -= A[i][j] * s[j];
        s[i] /= A[i][i];
        sum += s[i] * d[i];
    }
    return sum;
}

#endif
