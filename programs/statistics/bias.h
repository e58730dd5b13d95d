/* bias.h -- radars that read too much, and what registration makes of it.
 *
 * Free flight through the filter, with what runs beside it (tracking/consider.h), by every
 * subset of radars. Biases are drawn for each flight and radar: 30 m, 0.05 deg, one sigma.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_STATISTICS_BIAS_H
#define WLK_PROGRAMS_STATISTICS_BIAS_H

#include "programs/statistics/follow.h"

enum wlk_bias_way {
    WLK_BIAS_NONE,       /* no bias */
    WLK_BIAS_UNTOLD,     /* biases, and nobody says so */
    WLK_BIAS_PRIOR,      /* biases, said to be 30 m and 0.05 deg */
    WLK_BIAS_SOON,       /* registered by 10 min of satellites, one at a time */
    WLK_BIAS_SATELLITES, /* by an hour of them */
    WLK_BIAS_AIRCRAFT,   /* by 20 min of aircraft, eight at a time */
    WLK_BIAS_WAYS
};

struct wlk_bias_cell {
    /* so long after the first look in free flight; over the covariance without bias */
    struct wlk_cell_error error[WLK_DRAW_SUBSETS][WLK_BIAS_WAYS];
    /* what registration leaves: squares in sigmas, and sigmas, of the radars: m, rad, rad */
    double count[WLK_BIAS_WAYS], left2[WLK_BIAS_WAYS][3], sigma[WLK_BIAS_WAYS][3];
};

#define WLK_BIAS_AFTER_S 120.0

/* Draws biases, registers, and follows one flight by all subsets. looks: of all sites. */
void wlk_bias_flight(const struct wlk_draw_sites *sites, const struct wlk_follow *follow,
                     uint64_t number, struct wlk_bias_cell *cell);

#endif
