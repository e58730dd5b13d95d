/* launch.h -- back to the ground: where and when it rose.
 *
 * A boost template (place, time, azimuth, thrust, growth of thrust, pitch, burn time) is fitted
 * to the first plots as maximum a posteriori, with weak priors for what plots do not tell. So
 * it also answers when the object was first seen after burnout; then mostly by the priors,
 * with the large covariance that belongs to that.
 * Read by: tracking/book.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_LAUNCH_H
#define WLK_TRACKING_LAUNCH_H

#include "record/prediction.h"
#include "tracking/filter.h"

enum { WLK_LAUNCH_LOOKS_MAX = 40 };

enum wlk_launch_thrust {
    WLK_LAUNCH_THRUSTING = 1, /* no end of thrust is known of */
    WLK_LAUNCH_BURNOUT,       /* it ended at burnout */
    WLK_LAUNCH_COASTING       /* it had ended when the object was first seen */
};

/* What the fit rests on. */
struct wlk_launch_case {
    const struct wlk_look *look; /* the first plots, rising in time */
    size_t count;                /* 3..WLK_LAUNCH_LOOKS_MAX */
    enum wlk_launch_thrust thrust;
    wlk_utc burnout; /* with WLK_LAUNCH_BURNOUT */
};

/* Fits the launch.
 *
 * out      place, time, covariance, azimuth and its sigma; status SUSPECTED, counts 1.
 *
 * WLK_NOT_YET      fewer than three looks.
 * WLK_NO_SOLUTION  no template comes near the plots; *out untouched.
 * Bound: 3 starts of at most 12 steps. No allocation.
 * Held by: launch_test.c, book_test.c. */
wlk_status wlk_launch_fit(const struct wlk_launch_case *seen,
                          struct wlk_launch *out) WLK_MUST_USE;

#endif
