/* history.h -- what a track was after each of its plots, so that it can be taken back.
 *
 * All are kept for the newest plots; further back the last of each four seconds; one from
 * before the 120 s of the ring. Memory is one pool for all tracks.
 * Read by: tracking/book.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_HISTORY_H
#define WLK_TRACKING_HISTORY_H

#include "tracking/phase.h"
#include "tracking/ring.h"

enum {
    WLK_HISTORY_NEWEST = 24, /* of one track are kept whatever their spacing */
    WLK_HISTORY_MAX = 64,    /* of one track */
    WLK_HISTORY_QUARTERS =
        16 /* a quarter of a second each: further back one is kept in these */
};

enum { WLK_MOMENT_SENSORS = 4 }; /* whose last look at an object is remembered */

/* All of a track that its plots decide. */
struct wlk_moment {
    struct wlk_scan scan;   /* of the last plot in it */
    struct wlk_reach reach; /* of phases */
    uint32_t plot_count;
    uint32_t early_count; /* of its first plots, kept for the launch point */
    wlk_utc first_plot, last_measurement;
    wlk_mono read_at;
    bool is_confirmed;
    struct {
        wlk_name sensor;
        wlk_utc time;
    } looked[WLK_MOMENT_SENSORS]; /* newest first; no sensor twice */
    struct wlk_phases phases;     /* last: of its candidates only those in use are copied */
};

struct wlk_history {
    uint16_t index[WLK_HISTORY_MAX];  /* into the pool, oldest first */
    int64_t quarter[WLK_HISTORY_MAX]; /* of their scans */
    int count;
};

struct wlk_history_pool {
    struct wlk_moment *moment;
    uint16_t *unused;
    int unused_count;
    int64_t thinned; /* quarter: going back to before here must go to a multiple of 16 */
    int64_t floor;   /* quarter: going back to before here cannot be done */
};

/* Takes the memory of a pool of so many moments, 1 to 65,535, and gives it back. WLK_FULL there
 * is none. */
wlk_status wlk_history_open(int moments, struct wlk_history_pool *pool) WLK_MUST_USE;
void wlk_history_close(struct wlk_history_pool *pool);

/* The newest moment; NULL if there is none. And the newest before a scan. */
struct wlk_moment *wlk_history_newest(const struct wlk_history_pool *pool,
                                      const struct wlk_history *history);
struct wlk_moment *wlk_history_before(const struct wlk_history_pool *pool,
                                      const struct wlk_history *history,
                                      const struct wlk_scan *scan);

/* A new newest moment, not filled. Thins the older ones. NULL: the pool is used up and this
 * history has none to give. */
struct wlk_moment *wlk_history_add(struct wlk_history_pool *pool, struct wlk_history *history,
                                   int64_t quarter);

/* Forgets the newest moment. */
void wlk_history_drop(struct wlk_history_pool *pool, struct wlk_history *history);

/* Forgets moments of this scan and later. Returns how many are left. */
int wlk_history_cut(struct wlk_history_pool *pool, struct wlk_history *history,
                    const struct wlk_scan *scan);

/* Gives all moments back to the pool. */
void wlk_history_clear(struct wlk_history_pool *pool, struct wlk_history *history);

/* Makes one what the other is; of the candidates those in use. */
void wlk_moment_copy(const struct wlk_moment *from, struct wlk_moment *out);

/* Remembers who looked when, the newest first. */
void wlk_moment_note_look(struct wlk_moment *moment, const struct wlk_ring_plot *plot);

/* The plot's sensor has just looked at this object: what it sees now is another one. */
bool wlk_moment_is_too_soon(const struct wlk_moment *moment, const struct wlk_ring_plot *plot);

#endif
