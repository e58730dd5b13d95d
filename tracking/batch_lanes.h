/* batch_lanes.h -- the kinds of the batch (batch_lanes.c), for batch.c to choose from.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_BATCH_LANES_H
#define WLK_TRACKING_BATCH_LANES_H

#include "tracking/batch.h"

/* As wlk_batch_take; each needs its kind of processor. */
void wlk_batch_plain(struct wlk_batch *batch);
void wlk_batch_avx2(struct wlk_batch *batch);
void wlk_batch_avx512(struct wlk_batch *batch);

#endif
