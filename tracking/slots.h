/* slots.h -- what a slot of a shielded release may use, decided for a whole set of sites.
 *
 * Time is cut into slots of 6 s on the UTC grid. For each slot and radar this says whether a
 * plot may be used, how large its isotropic error will be, and with which chance a plot that
 * is there is used: from the place of the object and the set of decoys, so that the answer is
 * the same wherever in the set the radar stands. docs/leak.md has the rules and their proof.
 * Read by: tracking/shield. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_SLOTS_H
#define WLK_TRACKING_SLOTS_H

#include "base/status.h"
#include "record/decoys.h"

#include <stdbool.h>

#define WLK_SLOT_S 6.0
static const int64_t WLK_SLOT_NS = 6000000000;

/* A set with what never changes worked out; about 30 kB. */
struct wlk_slots {
    struct wlk_decoy_set set;
    double place_m[WLK_DECOYS_MAX + 1][3]; /* ECEF; the last one used is the own place */
    double axes[WLK_DECOYS_MAX + 1][3][3]; /* east, north, up */
    double wide_m; /* sigma of a used plot while little is known of the object */
    int looks;     /* scans of one object in a slot */
};

/* WLK_BAD_INPUT no decoy, a class figure that is not positive, or no decoy within 60 km of
 * the own place: then it would not be hidden by them. */
wlk_status wlk_slots_make(const struct wlk_decoy_set *set, struct wlk_slots *out) WLK_MUST_USE;

/* The object as the release tracker knows it: somewhere within sigma_m (each axis) of here. */
struct wlk_slot_case {
    double position_m[3], sigma_m;
    double error_m; /* of the used plot, each axis; 0: the smallest that every site can meet */
};

struct wlk_slot_plan {
    bool is_open;   /* every decoy would see it, and measure it well enough, half of the time */
    double error_m; /* one sigma of the used plot, each axis: 250 m times a power of sqrt 2 */
    double use;     /* chance with which a plot that is there is used, (0, 1] */
};

/* Everything but plan->use is the same for each own place in the set; and so is the chance that
 * a plot is there, good enough and used. Bound: one pass over the set for each size. */
void wlk_slots_plan(const struct wlk_slots *slots, const struct wlk_slot_case *seen,
                    struct wlk_slot_plan *out);

#endif
