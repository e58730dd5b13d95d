/* forms.h -- the coarse and the fine form of what a nation knows of one own track.
 *
 * Made once for each change of a track and used under every arrangement. The coarse launch and
 * impact come from the coarse track and from nothing finer (DESIGN.md 3).
 * Read by: programs/publish.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_FORMS_H
#define WLK_PROGRAMS_FORMS_H

#include "release/groups.h"

struct wlk_forms {
    bool has_launch, has_coarse_launch, has_track, has_coarse_track, has_impact,
        has_coarse_impact;
    struct wlk_launch_content launch, coarse_launch;
    struct wlk_track_content track, coarse_track;
    struct wlk_impact_content impact, coarse_impact;
};

/* What is kept of one object between two calls; all zeros at first. */
struct wlk_forms_memory {
    bool is_fine_only; /* set by the caller: nobody may have a coarse form, none is made */
    struct wlk_coarse coarse;
    wlk_utc coarse_first, coarse_measured; /* epochs of the first coarse track, and of the
                                              last that was measured */
    bool has_last;
    int64_t second;                    /* of the last coarse form */
    enum wlk_track_condition condition;
    bool had_impact;
    struct wlk_forms last;
};

/* Fills *out from a track; what cannot be said is absent. The coarse forms change once a
 * second at most (or when the condition does): their cadence tells nothing of a radar's.
 * clock_error_s  of this node, >= 0. */
void wlk_forms_make(const struct wlk_track *track, double clock_error_s, wlk_utc now,
                    struct wlk_forms_memory *memory, struct wlk_forms *out);

/* Fills *out from a track of the release tracker (tracking/shield): members as for fine, of a
 * tracker that holds nothing of where the radars stand. */
void wlk_forms_shielded(const struct wlk_track *track, double clock_error_s,
                        struct wlk_forms *out);

#endif
