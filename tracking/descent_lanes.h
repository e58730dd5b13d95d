/* descent_lanes.h -- the kinds of the descent (descent_lanes.c), for descent.c to choose from.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_DESCENT_LANES_H
#define WLK_TRACKING_DESCENT_LANES_H

#include "tracking/descent.h"

/* As wlk_descent_fly; each needs its kind of processor. */
wlk_status wlk_descent_plain(struct wlk_descent *descent) WLK_MUST_USE;
wlk_status wlk_descent_avx2(struct wlk_descent *descent) WLK_MUST_USE;
wlk_status wlk_descent_avx512(struct wlk_descent *descent) WLK_MUST_USE;

#endif
