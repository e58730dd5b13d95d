/* ring.c -- a sorted ring.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/ring.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const int64_t QUARTER_NS = 250000000;
static const int64_t RING_NS = (int64_t)WLK_RING_SECONDS * 1000000000,
                     KEEP_NS = RING_NS +
                               (int64_t)5 * 1000000000; /* a replay begins up to 4 s before */

wlk_status wlk_ring_open(struct wlk_ring *ring)
{
    struct wlk_ring_plot *plot = malloc(WLK_RING_SIZE * sizeof *plot);
    if (!plot)
        return WLK_FULL;
    *ring = (struct wlk_ring){.plot = plot};
    return WLK_OK;
}

void wlk_ring_close(struct wlk_ring *ring)
{
    free(ring->plot);
    *ring = (struct wlk_ring){.plot = NULL};
}

int wlk_scan_compare(const struct wlk_scan *a, const struct wlk_scan *b)
{
    if (a->quarter != b->quarter)
        return a->quarter < b->quarter ? -1 : 1;
    return memcmp(a->sensor.text, b->sensor.text, sizeof a->sensor.text);
}

struct wlk_scan wlk_scan_of(wlk_utc time, wlk_name sensor)
{
    int64_t quarter = time.ns / QUARTER_NS - (time.ns % QUARTER_NS < 0);
    return (struct wlk_scan){quarter, sensor};
}

struct wlk_ring_plot *wlk_ring_at(const struct wlk_ring *ring, size_t index)
{
    return &ring->plot[(ring->first + index) % WLK_RING_SIZE];
}

/* The first in [low, high) that does not come before the scan; high if all do. */
static size_t first_in(const struct wlk_ring *ring, size_t low, size_t high,
                       const struct wlk_scan *scan)
{
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (wlk_scan_compare(&wlk_ring_at(ring, middle)->scan, scan) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t wlk_ring_find(const struct wlk_ring *ring, const struct wlk_scan *scan)
{
    return first_in(ring, 0, ring->count, scan);
}

size_t wlk_ring_first(const struct wlk_ring *ring, size_t index)
{
    const struct wlk_scan *scan = &wlk_ring_at(ring, index)->scan;
    size_t back = 1;
    while (back <= index && wlk_scan_compare(&wlk_ring_at(ring, index - back)->scan, scan) == 0)
        back *= 2;
    return first_in(ring, back <= index ? index - back : 0, index, scan);
}

static int compare(const struct wlk_ring_plot *a, const struct wlk_ring_plot *b)
{
    int by_scan = wlk_scan_compare(&a->scan, &b->scan);
    if (by_scan)
        return by_scan;
    if (a->look.time.ns != b->look.time.ns)
        return a->look.time.ns < b->look.time.ns ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

static void drop_first(struct wlk_ring *ring)
{
    ring->first = (ring->first + 1) % WLK_RING_SIZE;
    ring->count--;
}

static void copy(const struct wlk_ring_plot *from, struct wlk_ring_plot *out)
{
    memcpy(out, from, offsetof(struct wlk_ring_plot, near));
    memcpy(out->near, from->near, from->near_count * sizeof from->near[0]);
    memcpy(out->near_cost, from->near_cost, from->near_count * sizeof from->near_cost[0]);
}

wlk_status wlk_ring_put(struct wlk_ring *ring, const struct wlk_ring_plot *plot, size_t *index)
{
    size_t at = ring->count;
    if (ring->count > 0) {
        int64_t newest = wlk_ring_at(ring, ring->count - 1)->look.time.ns;
        if (newest - plot->look.time.ns > RING_NS)
            return WLK_STALE;
    }
    while (at > 0) { /* most plots are nearly in order */
        int order = compare(wlk_ring_at(ring, at - 1), plot);
        if (order == 0)
            return WLK_KNOWN;
        if (order < 0)
            break;
        at--;
    }
    while (ring->count > 0 && at > 0 &&
           (ring->count == WLK_RING_SIZE ||
            plot->look.time.ns - wlk_ring_at(ring, 0)->look.time.ns > KEEP_NS)) {
        drop_first(ring);
        at--;
    }
    if (ring->count == WLK_RING_SIZE)
        return WLK_STALE;
    for (size_t i = ring->count; i > at; i--)
        copy(wlk_ring_at(ring, i - 1), wlk_ring_at(ring, i));
    copy(plot, wlk_ring_at(ring, at));
    ring->count++;
    *index = at;
    return WLK_OK;
}
