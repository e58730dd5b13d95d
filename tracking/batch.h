/* batch.h -- one look each into eight states in free flight at once.
 *
 * What tracking/filter does with one state, done in lanes (base/lanes.h) for eight, to the same
 * bits. Only the common case: above the air, a look without range rate, at most 10 s away. The
 * others are left as they are, for the filter.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_BATCH_H
#define WLK_TRACKING_BATCH_H

#include "base/lanes.h"
#include "tracking/filter.h"

enum { WLK_BATCH_HALF = 21 }; /* a symmetric 6 x 6: rows of its lower half, one by one */

/* Each number eight times, once for each lane. */
struct wlk_batch {
    double x[6][WLK_LANES];                        /* ECEF position (m), velocity (m/s) */
    double P[WLK_BATCH_HALF][WLK_LANES];           /* covariance */
    double dt_s[WLK_LANES];                        /* from the state to its look */
    double site[3][WLK_LANES], axes[9][WLK_LANES]; /* of the look (struct wlk_look) */
    double z[3][WLK_LANES], toward[3][WLK_LANES], level[WLK_LANES], variance[3][WLK_LANES];
    double distance[WLK_LANES]; /* out: of the fit (struct wlk_fit) */
    double det[WLK_LANES];      /* out: whose logarithm is its log_det */
    double is_taken[WLK_LANES]; /* in: 1, it is to be; out: 0, it was not and is as before */
};

/* A state and its look into a lane. False: it is for the filter, and the lane stays out. */
bool wlk_batch_put(struct wlk_batch *batch, int lane, const struct wlk_state *state,
                   const struct wlk_look *look);

/* A lane without a state. */
void wlk_batch_skip(struct wlk_batch *batch, int lane);

/* Takes the looks into the states. kind: one that wlk_lanes_can do; all give the same bits. */
void wlk_batch_take(struct wlk_batch *batch, enum wlk_lanes_kind kind);

/* The state of a lane after its look. False: it was not taken, state untouched. */
bool wlk_batch_get(const struct wlk_batch *batch, int lane, const struct wlk_look *look,
                   struct wlk_state *state);

#endif
