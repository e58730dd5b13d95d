/* lineup.h -- lays the patterns of nations' tracks on each other, wherever several of them are
 * so near that a bias could confuse them, and notes with each source whose mate it is.
 *
 * Read by: fusion/pairing, fusion/picture.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_FUSION_LINEUP_H
#define WLK_FUSION_LINEUP_H

#include "fusion/store.h"

/* Once a second, and when another free track is there. Free sources must have been carried to
 * now. Crowds of more than WLK_PATTERN_MAX tracks of one nation are left to their errors. */
void wlk_lineup(struct wlk_fusion *fusion);

/* What the pattern says of the source and the tracks of originator; NULL: nothing. */
const struct wlk_source_mate *wlk_lineup_mate(const struct wlk_source *source,
                                              wlk_name originator);

/* Of two sources: is each the other's mate? */
bool wlk_lineup_is_mate(const struct wlk_source_mate *mate, const struct wlk_source *other);

/* Do the two, of one originator, stand for two objects? One that has fallen silent about the
 * first before it spoke of the second may have given it another number. */
bool wlk_lineup_are_two(const struct wlk_source *one, const struct wlk_source *other);

#endif
