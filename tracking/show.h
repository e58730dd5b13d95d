/* show.h -- from the newest moment of a track to what others see of it.
 * Read by: tracking/book.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_SHOW_H
#define WLK_TRACKING_SHOW_H

#include "record/track.h"
#include "tracking/consider.h"
#include "tracking/history.h"
#include "tracking/launch.h"

struct wlk_show {
    struct wlk_track track;
    bool is_impact_stale;  /* the state has changed since the impact point was made */
    double fresh_m2[2];    /* its variances east and north, before it ages */
    uint32_t fitted_count; /* plots in the launch fit, 0 for none yet */
    enum wlk_launch_thrust fitted_thrust;
    wlk_utc fitted_burnout;
    wlk_utc fitted_last;    /* time of the last plot in the fit: changes if the past does */
    struct wlk_launch told; /* the launch point at its last change of status */
    wlk_utc ended_at;
    struct wlk_consider consider; /* biases: in the state that is shown, not in the moment */
    /* What is put off, because a plot or a warning is waiting: a launch point to be fitted
     * (milliseconds), unless it is the first of a confirmed track, which partners wait for; or
     * an impact point too. What is put off stays due. */
    enum { WLK_SHOW_ALL, WLK_SHOW_NO_REFIT, WLK_SHOW_STATE } hold;
};

/* Shows a new moment. Launch point: when its plots have grown by a quarter or thrust ended.
 * Impact point: once a second of flight, every two when it is good. */
void wlk_show_moment(struct wlk_show *show, uint32_t number, const struct wlk_moment *moment,
                     const struct wlk_look early[WLK_LAUNCH_LOOKS_MAX]);

/* Ages the moment that is shown to now and makes what is due. True: a launch point was fitted.
 */
bool wlk_show_age(struct wlk_show *show, const struct wlk_moment *moment, bool is_dead,
                  wlk_utc now, const struct wlk_look early[WLK_LAUNCH_LOOKS_MAX]);

#endif
