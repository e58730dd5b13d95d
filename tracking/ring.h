/* ring.h -- the plots of the last 120 s, in order.
 *
 * The order is by scan (a quarter of a second of one sensor), then time, then number: so the
 * plots of one scan stand together and are assigned together. Late plots go to their place.
 * Read by: tracking/book.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_RING_H
#define WLK_TRACKING_RING_H

#include "tracking/associate.h"

enum {
    WLK_RING_SIZE = 32768, /* 120 s of 30 objects seen by 7 radars at 1 s, and clutter */
    WLK_RING_SECONDS = 120,
    WLK_RING_QUARTERS = 4, /* of a second: a scan */
    WLK_RING_NEAR = 24     /* tracks in the gate of a plot that are remembered */
};

/* A scan: one sensor in one quarter of a second. */
struct wlk_scan {
    int64_t quarter; /* of a second since 1970 */
    wlk_name sensor;
};

struct wlk_ring_plot {
    struct wlk_scan scan;
    uint64_t number;
    struct wlk_look look;
    wlk_mono read_at;
    double apart_s;  /* plots of its sensor that are nearer in time are of other objects */
    uint32_t object; /* the object it was last given to; 0 for none */
    struct wlk_spot spot;
    uint8_t near_count;        /* tracks that had it in their gates */
    bool is_crowded;           /* there are more of them */
    uint16_t founded;          /* the slot that it has begun a track in, if birth is not 0: */
    uint32_t birth;            /* that of the track */
    bool is_marked, is_redone; /* scratch of the book */
    bool has_asked;            /* its track asked whether it goes on what another began: */
    uint16_t heir_of;          /* slot of that, if it does */
    /* last, for the ring copies those in use only: the slots, ascending, and what it costs */
    uint16_t near[WLK_RING_NEAR];
    double near_cost[WLK_RING_NEAR];
};

struct wlk_ring {
    struct wlk_ring_plot *plot; /* WLK_RING_SIZE of them */
    size_t first, count;
};

/* WLK_FULL no memory. */
wlk_status wlk_ring_open(struct wlk_ring *ring) WLK_MUST_USE;
void wlk_ring_close(struct wlk_ring *ring);

/* < 0, 0, > 0 as a comes before, with, after b. */
int wlk_scan_compare(const struct wlk_scan *a, const struct wlk_scan *b);

/* The scan of a sensor that a time of measurement falls into. */
struct wlk_scan wlk_scan_of(wlk_utc time, wlk_name sensor);

/* The plot at index, 0 the oldest. */
struct wlk_ring_plot *wlk_ring_at(const struct wlk_ring *ring, size_t index);

/* Index of the first plot whose scan does not come before this one. */
size_t wlk_ring_find(const struct wlk_ring *ring, const struct wlk_scan *scan);

/* Index of the first plot of the scan that the plot at index is in. Looks near it only: the
 * others of a scan came just before it. */
size_t wlk_ring_first(const struct wlk_ring *ring, size_t index);

/* Puts a plot in its place; drops those over 120 s older than the newest, and the oldest when
 * the ring is full. *index: where it is now.
 * WLK_KNOWN  same sensor, time and number are there.
 * WLK_STALE  more than 120 s older than the newest. */
wlk_status wlk_ring_put(struct wlk_ring *ring, const struct wlk_ring_plot *plot,
                        size_t *index) WLK_MUST_USE;

#endif
