/* track.h -- what a nation's own tracker knows of one object.
 *
 * Made by tracking/book. Read by programs/nation.c, which hands it to release/ and fusion/.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_TRACK_H
#define WLK_RECORD_TRACK_H

#include "record/prediction.h"
#include "record/state.h"

struct wlk_track {
    uint32_t object;       /* number at this nation, from 1, never used twice */
    uint32_t revision;     /* rises with each change of anything below */
    struct wlk_state state;
    wlk_utc first_plot, last_measurement;
    wlk_mono read_at;      /* of the newest plot in it */
    uint32_t plot_count;
    uint32_t firsts;       /* of these, others' first plots: known once it is silent */
    bool is_confirmed;     /* a real object, rising as a missile does: enough to declare */
    enum wlk_track_condition condition;
    bool has_burnout;
    wlk_utc burnout;       /* estimated time of the last burnout */
    bool has_heading;
    double heading_rad, heading_sigma_rad; /* course over ground now */
    bool has_launch;
    struct wlk_launch launch;
    bool has_impact;       /* only after burnout */
    struct wlk_impact impact;
    bool is_ended;         /* impacted or dropped; the slot will be reused */
};

#endif
