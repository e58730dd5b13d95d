/* alert.h -- life of a warning, from the first word to the all-clear.
 *
 *   quiet -> LAUNCH -> TAKE_COVER -> PASSED | IMPACTED | FELL_OUTSIDE -> ALL_CLEAR
 *               any of them -> CORRECTION (cancelled; or lost, and then only "assess")
 *
 * Pure: time is an argument, nothing outlives the object, a drill leaves no trace.
 * Read by: programs/nation.c. Held by: alert_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_WARNING_ALERT_H
#define WLK_WARNING_ALERT_H

#include "record/picture.h"
#include "record/warning.h"
#include "warning/area.h"
#include "warning/places.h"

struct wlk_alerts; /* opaque */

/* Each threshold; its default and the reason for it stand in assess.c. */
struct wlk_alert_policy {
    double heading_half_width_rad;    /* LAUNCH once 1.96 sigma of the heading is below this */
    double sector_half_width_min_rad; /* the sector is never drawn narrower */
    double reach_m;                   /* of the sector */
    double speed_mps;                 /* over ground, for the earliest time in the sector */
    double margin_m;                  /* beside sector and path */
    double adjacent_m;            /* also warn areas this near to a threatened one; < 0: none */
    double direct_on, direct_off; /* probability of impact in an area: raise at, keep above */
    double over_on, over_off;     /* probability of being flown over: the same */
    double track_min_s;           /* of track, before an impact is believed at all */
    double second_s;               /* an object declared beside an older one waits so long */
    double settle_s;               /* after a burnout: it may have been a stage's */
    double hurry_s;                /* to impact: then nothing is waited for */
    double recent_s;              /* measured within this of the impact: the end was seen */
    double firm_major_m;          /* 95 % semi-major axis above which the end is not told */
    double drop_after_s;          /* an area is let go after so long out of danger */
    double update_after_s;        /* shortest time between updates that add no area */
    double move_m, move_s;        /* an impact is told anew when it moved by this */
    double passed_m;              /* gone over and this far away: passed */
    double lost_after_s;          /* not measured for so long: the prediction is given up */
    double clear_after_s;         /* from the end to the all-clear */
    double lost_clear_after_s;    /* from the latest end of a lost one to the all-clear */
    double sea_reach_m;           /* impacts at sea further from the coast are not told */
};

/* The shipped thresholds; warning/assess.c has the reason of each. */
struct wlk_alert_policy wlk_alert_policy_default(void);

struct wlk_alert_setup {
    wlk_name nation;
    enum wlk_nature nature;
    char exercise[WLK_TEXT_SIZE];         /* id of the exercise; may be empty */
    const struct wlk_areas *areas_view;   /* must outlive the alerts; count may be 0 */
    const struct wlk_places *places_view; /* must outlive the alerts; may be NULL */
    size_t land_count;                    /* 0..WLK_PARTIES_MAX */
    const struct wlk_areas *land_view[WLK_PARTIES_MAX]; /* others' land: not sea, not ours */
    struct wlk_alert_policy policy;
};

/* WLK_OK; WLK_IO out of memory. */
wlk_status wlk_alert_open(const struct wlk_alert_setup *setup,
                          struct wlk_alerts **out) WLK_MUST_USE;
void wlk_alert_close(struct wlk_alerts *alerts); /* NULL is allowed */

/* What is to be told now, of a few objects a call, so that a raid holds up nothing else.
 *
 * cursor 0 for a picture not yet looked at; then it is where the next call with the same
 *        picture and time goes on, and picture->count when that was the last.
 * paths  one for each object of the picture, in its order; count 0 where there is none;
 *        NULL for none at all. Found by carrying object.state to the ground.
 * out    at most room warnings, oldest first; what does not fit comes at the next step.
 * Returns their number. A step with nothing new returns 0. A picture at least once a second. */
size_t wlk_alert_step(struct wlk_alerts *alerts, const struct wlk_picture *picture,
                      const struct wlk_path paths[], size_t *cursor, wlk_utc now,
                      struct wlk_warning out[], size_t room);

/* The number that the next warning gets, for messages that persons make (warning/desk): who
 * uses it counts it up. */
uint32_t *wlk_alert_number(struct wlk_alerts *alerts);

/* The newest warning in force for an object. WLK_NOT_YET there is none. */
wlk_status wlk_alert_current(const struct wlk_alerts *alerts, uint32_t object,
                             struct wlk_warning *out) WLK_MUST_USE;

#endif
