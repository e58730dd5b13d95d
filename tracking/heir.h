/* heir.h -- a track founded in the air that goes on one that fell out of sight.
 *
 * What glides dips below the radars' horizon and rises again half a minute later, or turns so
 * hard that its track breaks. The new track has never been seen to lift, but can: it inherits
 * the doubt MANOEUVRE. docs/derivations/phase.md.
 * Read by: tracking/book.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_HEIR_H
#define WLK_TRACKING_HEIR_H

#include "tracking/phase.h"

/* May what fell into the air and was silent since, for up to 120 s, be where this look is?
 * Cheap, and never wrong to refuse: what may not be is not. */
bool wlk_heir_may_be(const struct wlk_phases *silent, const struct wlk_look *look);

/* Do phases, at their newest look, go on what fell silent? They are where that can be by now
 * at a mean of both velocities, below 120 km, and either rise (three sigmas), which what falls
 * freely does not, or that was known to lift. */
bool wlk_heir_is(const struct wlk_phases *phases, const struct wlk_phases *silent,
                 const struct wlk_look *look);

/* What can lift can lift again: once phases coast, their doubt is MANOEUVRE for good. */
void wlk_heir_inherit(struct wlk_phases *phases, wlk_utc now);

#endif
