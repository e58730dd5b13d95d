/* correlate.h -- which partner's object is which of ours.
 *
 * Pure: what two sources say is compared; nothing is kept.
 * Held by: correlate_test.c, picture_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_FUSION_CORRELATE_H
#define WLK_FUSION_CORRELATE_H

#include "fusion/source.h"

/* How far apart two sources are, as a chi-square scaled to the gate of what was compared:
 * 0 the same place, 1 at the gate. Compared are states at one time, else launch points, else
 * whether the state can have come from the launch point (weak: 0.9 or more). Two that report
 * one event are given the benefit of radar biases: 50 km and 500 m/s; 2 km and 50 m/s where an
 * originator has several objects under it.
 *
 * WLK_OK         they may be one object; *cost in [0, 1].
 * WLK_NOT_YET    nothing of the same kind to compare.
 * WLK_STALE      further apart than their errors allow: two objects. */
wlk_status wlk_correlate_cost(const struct wlk_source *one, const struct wlk_source *other,
                              double *cost) WLK_MUST_USE;

/* Distance of two launch points in place and time, chi-square with 3 degrees of freedom. */
double wlk_correlate_launches(const struct wlk_point *one, const struct wlk_point *other);

/* Quantile 0.999 for it. */
#define WLK_CORRELATE_LAUNCH_GATE 16.27

#endif
