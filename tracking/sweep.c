/* sweep.c -- balls in order along one axis.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/sweep.h"

#include "base/assert.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Newborn tracks may be anywhere: they would make each plot ask half of the others. */
static const double WIDE_M = 30e3;

wlk_status wlk_sweep_open(size_t room, struct wlk_sweep *sweep)
{
    *sweep = (struct wlk_sweep){.span = malloc(room * sizeof *sweep->span), .room = room};
    return sweep->span ? WLK_OK : WLK_FULL;
}

void wlk_sweep_close(struct wlk_sweep *sweep)
{
    free(sweep->span);
    *sweep = (struct wlk_sweep){.span = NULL};
}

void wlk_sweep_clear(struct wlk_sweep *sweep)
{
    sweep->count = sweep->narrow = 0;
}

void wlk_sweep_add(struct wlk_sweep *sweep, const struct wlk_reach *reach, wlk_utc from,
                   double lasts_s, uint16_t slot)
{
    WLK_ASSERT(sweep->count < sweep->room);
    struct wlk_span *span = &sweep->span[sweep->count++];
    span->far_m = wlk_associate_ball(reach, from, lasts_s, span->at);
    span->slot = slot;
}

void wlk_sweep_narrow(struct wlk_sweep *sweep, const struct wlk_phases *phases, wlk_utc from,
                      double lasts_s)
{
    WLK_ASSERT(sweep->count > 0);
    struct wlk_span *span = &sweep->span[sweep->count - 1];
    double at[3], far_m;
    if (span->far_m > WIDE_M && wlk_associate_carry(phases, from, lasts_s, at, &far_m) &&
        far_m < span->far_m) {
        memcpy(span->at, at, sizeof at);
        span->far_m = far_m;
    }
}

/* Wide ones behind all narrow ones. */
static int by_low(const void *a, const void *b)
{
    const struct wlk_span *x = a, *y = b;
    bool is_wide = x->far_m > WIDE_M, other = y->far_m > WIDE_M;
    if (is_wide != other)
        return is_wide ? 1 : -1;
    return (x->low_m > y->low_m) - (x->low_m < y->low_m);
}

static int longest_axis(const struct wlk_sweep *sweep)
{
    int best = 0;
    double most = -1;
    for (int axis = 0; axis < 3; axis++) {
        double low = HUGE_VAL, high = -HUGE_VAL;
        for (size_t i = 0; i < sweep->count; i++) {
            low = fmin(low, sweep->span[i].at[axis]);
            high = fmax(high, sweep->span[i].at[axis]);
        }
        if (high - low > most) {
            most = high - low;
            best = axis;
        }
    }
    return best;
}

void wlk_sweep_sort(struct wlk_sweep *sweep)
{
    sweep->axis = longest_axis(sweep);
    sweep->narrow = 0;
    sweep->widest_m = 0;
    for (size_t i = 0; i < sweep->count; i++) {
        struct wlk_span *span = &sweep->span[i];
        span->low_m = span->at[sweep->axis] - span->far_m;
        if (span->far_m > WIDE_M)
            continue;
        sweep->narrow++;
        sweep->widest_m = fmax(sweep->widest_m, span->far_m);
    }
    qsort(sweep->span, sweep->count, sizeof *sweep->span, by_low);
}

static bool is_apart(const struct wlk_span *span, double spot_m, const double at[3])
{
    double slack = span->far_m + spot_m, apart2 = 0;
    for (int i = 0; i < 3; i++)
        apart2 += (span->at[i] - at[i]) * (span->at[i] - at[i]);
    return apart2 > slack * slack;
}

static int by_slot(const void *a, const void *b)
{
    return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

size_t wlk_sweep_near(const struct wlk_sweep *sweep, const struct wlk_spot *spot,
                      const struct wlk_look *look, uint16_t out[])
{
    double at = look->at[sweep->axis], high_m = at + spot->apart_m;
    double low_m = at - spot->apart_m - 2 * sweep->widest_m;
    size_t first = 0, end = sweep->narrow, count = 0;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (sweep->span[middle].low_m < low_m)
            first = middle + 1;
        else
            end = middle;
    }
    for (size_t i = first; i < sweep->narrow && sweep->span[i].low_m <= high_m; i++)
        if (!is_apart(&sweep->span[i], spot->apart_m, look->at))
            out[count++] = sweep->span[i].slot;
    for (size_t i = sweep->narrow; i < sweep->count; i++)
        if (!is_apart(&sweep->span[i], spot->apart_m, look->at))
            out[count++] = sweep->span[i].slot;
    if (count > 1)
        qsort(out, count, sizeof *out, by_slot);
    return count;
}
