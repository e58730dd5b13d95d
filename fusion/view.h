/* view.h -- one object of the picture from its sources.
 *
 * Read by: fusion/picture.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_FUSION_VIEW_H
#define WLK_FUSION_VIEW_H

#include "fusion/source.h"

enum { WLK_VIEW_SOURCES_MAX = 2 * WLK_PARTIES_MAX }; /* nations, and satellites */

/* Sources of one object: own first, then by name. */
struct wlk_view {
    size_t count;
    const struct wlk_source *source[WLK_VIEW_SOURCES_MAX];
};

/* Fills all of object but number, declared_at, first_seen, is_ended and its own impact.
 * Free sources must have been carried to now. Returns how many sources were no estimates. */
size_t wlk_view_object(const struct wlk_view *view, wlk_utc now,
                       struct wlk_picture_object *object);

#endif
