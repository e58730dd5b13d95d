/* assess.h -- what one object of the picture means for a nation now, without memory.
 *
 * Read by: warning/alert.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_WARNING_ASSESS_H
#define WLK_WARNING_ASSESS_H

#include "warning/alert.h"
#include "warning/exposure.h"

struct wlk_assessment {
    bool is_told;    /* enough is known to say where to: heading or impact */
    bool has_impact; /* and the impact is believed */
    bool is_firm;    /* and precise enough that its end may be told */
    bool is_at_sea;  /* impact outside all known land */
    bool is_inside_200nm;
    bool warns_sea;
    bool is_measured;           /* now */
    struct wlk_exposure wanted; /* areas in danger, any probability above the off threshold */
    bool has_ground;            /* ground: the place below the object now */
    wlk_geodetic ground;
};

/* near: for each area, the areas near it; see wlk_assess_neighbours. path may be NULL. */
void wlk_assess(const struct wlk_alert_setup *setup, bool near[][WLK_AREAS_MAX],
                const struct wlk_picture_object *object, const struct wlk_path *path,
                struct wlk_assessment *out);

/* near[i][k]: area k is within policy.adjacent_m of area i. */
void wlk_assess_neighbours(const struct wlk_alert_setup *setup, bool near[][WLK_AREAS_MAX]);

/* Raise an area of this kind and probability, or, if already raised, keep it? */
bool wlk_assess_raises(const struct wlk_alert_policy *policy,
                       const struct wlk_warning_area *area);
bool wlk_assess_keeps(const struct wlk_alert_policy *policy,
                      const struct wlk_warning_area *area);

#endif
