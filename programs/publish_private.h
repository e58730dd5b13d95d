/* publish_private.h -- what the files of the publisher share: publish.c tells, publish_end.c
 * takes back what was no launch.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_PUBLISH_PRIVATE_H
#define WLK_PROGRAMS_PUBLISH_PRIVATE_H

#include "programs/errand.h"
#include "programs/forms.h"
#include "programs/publish.h"

enum { WLK_PUBLISHED_MAX = 2 * WLK_OBJECTS_MAX }; /* as measured, and as shielded */

/* A launch record keeps its event open so long between launch records, s. */
#define WLK_PUBLISH_LAUNCH_VALID_S 600.0

/* The newest records of one object under one arrangement. */
struct wlk_told {
    bool has_launch, has_impact;
    struct wlk_launch_content launch; /* of the finest group sent: is it worth sending again? */
    struct wlk_impact_content impact;
    wlk_utc launch_at, track_at;
    uint64_t launch_generation, launch_seq, impact_generation, impact_seq;
};

/* One own object that partners know of, under arrangements of one kind. */
struct wlk_published {
    bool is_used, is_shielded, has_event;
    uint32_t object; /* as the tracker counts */
    wlk_event event;
    wlk_mono read_at; /* of the newest plot that was told */
    struct wlk_forms_memory memory;
    struct wlk_told told[WLK_ARRANGEMENTS_MAX];
};

struct wlk_publisher {
    struct wlk_errands errands;
    struct wlk_joined joined[WLK_ARRANGEMENTS_MAX];
    struct wlk_published published[WLK_PUBLISHED_MAX];
    size_t published_end; /* none is used from here on */
    uint32_t sightings;
};

/* Is the other told under the same event, in the same way? */
bool wlk_publish_is_beside(const struct wlk_published *object,
                           const struct wlk_published *other);

#endif
