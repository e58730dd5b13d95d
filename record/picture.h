/* picture.h -- all objects as one nation sees them now.
 *
 * Made by fusion/picture with programs/nation.c; read by warning/, display/.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_PICTURE_H
#define WLK_RECORD_PICTURE_H

#include "record/header.h"
#include "record/track.h"

/* One object, own and partners' knowledge joined. Never leaves the nation. */
struct wlk_picture_object {
    uint32_t number;          /* in this nation's picture, from 1, never used twice */
    bool has_event;
    wlk_event event;          /* the launch or salvo it belongs to */
    wlk_name named_by;        /* whoever first named it under the event, */
    uint32_t ordinal;         /* and as the how manieth; the same everywhere; 0: none */
    wlk_utc named_at;         /* and when */
    wlk_utc first_seen;       /* first plot or first verified record, here */
    bool has_own;             /* own sensors have a track of it */
    uint32_t own_object;
    size_t source_count;      /* nations whose own-only tracks are in state, ascending */
    wlk_name source[WLK_PARTIES_MAX];
    bool has_state;
    struct wlk_state state;   /* fused, at the picture's time (or newest epoch in boost) */
    enum wlk_track_condition condition;
    wlk_utc last_measurement; /* newest that is in state, by any of its sources */
    double track_s;           /* from the first to that; 0 without state */
    bool is_declared;         /* CONFIRMED: by own rule or by a partner's verified record */
    wlk_utc declared_at;
    bool has_launch;
    struct wlk_launch launch; /* best of own and partners' */
    bool has_heading;
    double heading_rad, heading_sigma_rad;
    bool has_burnout;
    wlk_utc burnout;
    bool has_impact;
    struct wlk_impact impact; /* from the fused state, or a partner's if there is no state */
    enum wlk_doubt doubt;     /* the gravest that a source with fresh words has of its impact */
    bool disagrees;           /* sources are further apart than their errors allow */
    bool is_ended;
};

struct wlk_picture {
    wlk_name nation;
    wlk_utc time;
    size_t count;
    struct wlk_picture_object object[WLK_OBJECTS_MAX];
};

#endif
