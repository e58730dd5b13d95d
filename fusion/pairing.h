/* pairing.h -- which objects of the store are one, and which pairings are to be given up.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_FUSION_PAIRING_H
#define WLK_FUSION_PAIRING_H

#include "fusion/store.h"

/* Marks sources whose originator speaks of several objects under their event. */
void wlk_pairing_mark(struct wlk_fusion *fusion);

/* Joins objects found to be one, under the lower number; the other's number becomes 0. Views
 * must be up to date. True: something was joined. */
bool wlk_pairing_join(struct wlk_fusion *fusion);

/* Gives up pairings that have been too far apart for too long. */
void wlk_pairing_part(struct wlk_fusion *fusion);

#endif
