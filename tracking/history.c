/* history.c -- moments of tracks in one pool.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/history.h"

#include "base/assert.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

wlk_status wlk_history_open(int moments, struct wlk_history_pool *pool)
{
    WLK_ASSERT(moments > 0 && moments <= UINT16_MAX);
    pool->moment = malloc((size_t)moments * sizeof *pool->moment);
    pool->unused = malloc((size_t)moments * sizeof *pool->unused);
    if (!pool->moment || !pool->unused) {
        wlk_history_close(pool);
        return WLK_FULL;
    }
    pool->unused_count = moments;
    for (int i = 0; i < moments; i++)
        pool->unused[i] = (uint16_t)(moments - 1 - i);
    pool->thinned = pool->floor = INT64_MIN;
    return WLK_OK;
}

void wlk_history_close(struct wlk_history_pool *pool)
{
    free(pool->moment);
    free(pool->unused);
    pool->moment = NULL;
    pool->unused = NULL;
}

static struct wlk_moment *moment_at(const struct wlk_history_pool *pool,
                                    const struct wlk_history *history, int i)
{
    return &pool->moment[history->index[i]];
}

struct wlk_moment *wlk_history_newest(const struct wlk_history_pool *pool,
                                      const struct wlk_history *history)
{
    return history->count ? moment_at(pool, history, history->count - 1) : NULL;
}

struct wlk_moment *wlk_history_before(const struct wlk_history_pool *pool,
                                      const struct wlk_history *history,
                                      const struct wlk_scan *scan)
{
    for (int i = history->count - 1; i >= 0; i--)
        if (history->quarter[i] < scan->quarter ||
            wlk_scan_compare(&moment_at(pool, history, i)->scan, scan) < 0)
            return moment_at(pool, history, i);
    return NULL;
}

static void forget(struct wlk_history_pool *pool, struct wlk_history *history, int i)
{
    pool->unused[pool->unused_count++] = history->index[i];
    history->count--;
    for (; i < history->count; i++) {
        history->index[i] = history->index[i + 1];
        history->quarter[i] = history->quarter[i + 1];
    }
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Forgets one moment that is not needed: beyond the ring, or one of several in four seconds.
 * Returns false if there is none. */
static bool thin_one(struct wlk_history_pool *pool, struct wlk_history *history,
                     int64_t quarter)
{
    for (int i = 0; i + 1 < history->count; i++) {
        int64_t own = history->quarter[i], next = history->quarter[i + 1];
        if (i == 0 && next < quarter - 4 * (WLK_RING_SECONDS + 6)) {
            pool->floor = later(pool->floor, next + 1);
            forget(pool, history, 0);
            return true;
        }
        if (i + WLK_HISTORY_NEWEST < history->count &&
            own / WLK_HISTORY_QUARTERS == next / WLK_HISTORY_QUARTERS) {
            pool->thinned = later(pool->thinned, next + 1);
            forget(pool, history, i);
            return true;
        }
    }
    return false;
}

struct wlk_moment *wlk_history_add(struct wlk_history_pool *pool, struct wlk_history *history,
                                   int64_t quarter)
{
    if (history->count > WLK_HISTORY_NEWEST)
        thin_one(pool, history, quarter);
    bool is_short = history->count == WLK_HISTORY_MAX || pool->unused_count == 0;
    if (is_short && history->count > 1 && !thin_one(pool, history, quarter)) {
        pool->floor = later(pool->floor, history->quarter[1] + 1);
        forget(pool, history, 0);
    }
    if (pool->unused_count == 0 || history->count == WLK_HISTORY_MAX)
        return NULL;
    history->quarter[history->count] = quarter;
    history->index[history->count++] = pool->unused[--pool->unused_count];
    return moment_at(pool, history, history->count - 1);
}

void wlk_history_drop(struct wlk_history_pool *pool, struct wlk_history *history)
{
    WLK_ASSERT(history->count > 0);
    forget(pool, history, history->count - 1);
}

int wlk_history_cut(struct wlk_history_pool *pool, struct wlk_history *history,
                    const struct wlk_scan *scan)
{
    while (history->count > 0 &&
           wlk_scan_compare(&moment_at(pool, history, history->count - 1)->scan, scan) >= 0)
        forget(pool, history, history->count - 1);
    return history->count;
}

void wlk_history_clear(struct wlk_history_pool *pool, struct wlk_history *history)
{
    while (history->count > 0)
        forget(pool, history, history->count - 1);
}

void wlk_moment_copy(const struct wlk_moment *from, struct wlk_moment *out)
{
    _Static_assert(offsetof(struct wlk_phases, candidate) + sizeof from->phases.candidate ==
                           sizeof from->phases &&
                       offsetof(struct wlk_phases, boost) + sizeof from->phases.boost ==
                           offsetof(struct wlk_phases, candidate),
                   "boost and candidates come last");
    size_t size = offsetof(struct wlk_moment, phases.boost);
    if (from->phases.has_boost)
        size = offsetof(struct wlk_moment, phases.candidate) +
               (size_t)from->phases.candidate_count * sizeof from->phases.candidate[0];
    memcpy(out, from, size);
}

void wlk_moment_note_look(struct wlk_moment *moment, const struct wlk_ring_plot *plot)
{
    int at = 0;
    while (at < WLK_MOMENT_SENSORS - 1 &&
           !wlk_name_equal(moment->looked[at].sensor, plot->scan.sensor))
        at++;
    memmove(&moment->looked[1], &moment->looked[0], (size_t)at * sizeof moment->looked[0]);
    moment->looked[0].sensor = plot->scan.sensor;
    moment->looked[0].time = plot->look.time;
}

bool wlk_moment_is_too_soon(const struct wlk_moment *moment, const struct wlk_ring_plot *plot)
{
    for (int i = 0; i < WLK_MOMENT_SENSORS; i++)
        if (wlk_name_equal(moment->looked[i].sensor, plot->scan.sensor))
            return fabs(wlk_utc_seconds(plot->look.time, moment->looked[i].time)) <
                   plot->apart_s;
    return false;
}
