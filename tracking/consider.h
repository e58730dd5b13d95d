/* consider.h -- what the unknown bias of radars does to the state of a track.
 *
 * A bias is the same in all plots of its radar: more plots do not average it away. The filter
 * goes on as if there were none, and beside it runs how far each bias moves its state (the
 * sensitivities of Friedland's separate-bias filter, Schmidt's consider covariance): what is
 * told is P + sum of S B S'. The rows of thrust and of ln(1/beta) are left out: their share is
 * below a hundredth of their sigma. docs/derivations/registration.md.
 * Read by: tracking/show. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_CONSIDER_H
#define WLK_TRACKING_CONSIDER_H

#include "tracking/filter.h"

enum {
    WLK_CONSIDER_SENSORS = 6 /* of one nation at one object; the bias of more is left out */
};

struct wlk_consider {
    int count;
    wlk_utc time; /* of the state that it belongs to */
    double x[6];  /* position (m) and velocity (m/s) of that state, ECEF */
    double beta;  /* 1/beta, m^2/kg */
    struct {
        wlk_name sensor;
        double sigma[3]; /* of its biases: m, rad, rad */
        double by[3][6]; /* d state / d bias */
    } sensor[WLK_CONSIDER_SENSORS];
};

/* A plot has been taken into the state, and after is what came of it. look: of the plot. To be
 * called with each plot of the track, the first included, from one that is all zero. A late
 * plot counts as if it were of now. */
void wlk_consider_take(struct wlk_consider *consider, const struct wlk_plot *plot,
                       const struct wlk_look *look, const struct wlk_state *after);

/* Adds what the biases do to the covariance of the state, which is the one last taken. */
void wlk_consider_widen(const struct wlk_consider *consider, struct wlk_state *state);

#endif
