/* fuse.h -- one picture from three nations' tracks, against one tracker with all their looks.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_STATISTICS_FUSE_H
#define WLK_PROGRAMS_STATISTICS_FUSE_H

#include "programs/statistics/follow.h"

/* How the partners' tracks come. */
enum wlk_fuse_way {
    WLK_FUSE_PLAIN,  /* fine, once a second */
    WLK_FUSE_LOSSY,  /* fine, every 10 s, 30 % lost */
    WLK_FUSE_LOOPED, /* each three times, late by up to 5 s, out of order; some as if from us */
    WLK_FUSE_CLOCK,  /* clocks wrong by 10 ms, one sigma, and said to be */
    WLK_FUSE_COARSE, /* coarse groups only */
    WLK_FUSE_BIASED, /* radars read too much, as 10 min of satellites leave it, and say so */
    WLK_FUSE_WRONG,  /* US tells its track 20 km beside where it has it */
    WLK_FUSE_WAYS
};

/* Errors in free flight of the fused state, of the central tracker, of the own track alone,
 * each over the central tracker's own covariance; and in boost, over the own track's. */
struct wlk_fuse_cell {
    struct wlk_cell_error fused[WLK_FUSE_WAYS], central, central_biased, own;
    struct wlk_cell_error boost, boost_own;
    double pictures, disagreeing; /* of WLK_FUSE_PLAIN with more than one source */
    double wrong, wrong_shown;    /* of WLK_FUSE_WRONG with US's in it; shown: as
                                     disagreeing, or as another object */
};

/* Plays a flight as JP sees it with KR and US as partners. looks: of all sites. */
void wlk_fuse_flight(const struct wlk_draw_sites *sites, const struct wlk_follow *follow,
                     uint64_t number, struct wlk_fuse_cell *cell);

#endif
