/* phase.h -- boost, coast or reentry: which, and the state under it.
 *
 * A boost filter runs from the first look. Beside it stand candidates: the same object with
 * thrust ended at some look. The best that explains the looks since then 1,000 times better
 * than thrust does is believed: burnout, 3-4 s after it. The boost filter stays beside the
 * coast for two minutes; if it then explains better, the next stage burns and the burnout is
 * withdrawn.
 * Read by: tracking/book, tracking/associate.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_PHASE_H
#define WLK_TRACKING_PHASE_H

#include "tracking/filter.h"

enum { WLK_CANDIDATES_MAX = 6 };

/* Thrust ended at since; score: ln of how much better that explains what came after. */
struct wlk_candidate {
    struct wlk_state state;
    wlk_utc since;
    bool is_from_birth; /* never seen to thrust: since is not a burnout */
    double score;
    double distance; /* sum of squared sigmas of the looks since, and their count */
    int looks;
};

struct wlk_phases {
    bool has_boost;         /* boost is kept up to date */
    bool is_coasting;       /* coast is believed, else boost */
    struct wlk_state boost; /* phase boost */
    struct wlk_state coast; /* phase coast or reentry; meaningful if is_coasting */
    bool has_burnout;
    wlk_utc burnout;
    wlk_utc declared;    /* look at which coast was first believed */
    double resume_score; /* cumulative sum for thrust again */
    int candidate_count;
    struct wlk_candidate candidate[WLK_CANDIDATES_MAX];
};

/* Starts from the first look of an object. */
void wlk_phases_begin(const struct wlk_look *look, struct wlk_phases *out);

/* The state that is believed. */
const struct wlk_state *wlk_phases_state(const struct wlk_phases *phases);

/* Takes a look of the same object. WLK_NO_SOLUTION the believed state cannot be carried there
 * or updated; phases untouched. */
wlk_status wlk_phases_take(struct wlk_phases *phases, const struct wlk_look *look) WLK_MUST_USE;

/* How many explanations are followed: the believed one and those beside it. */
int wlk_phases_count(const struct wlk_phases *phases);

/* Where a look at a time is expected under explanation which (0: the believed one), for
 * association only; while thrusting, its covariance is widened by what an end of thrust since
 * the last look would do. WLK_NO_SOLUTION as wlk_filter_predict. */
wlk_status wlk_phases_expect(const struct wlk_phases *phases, wlk_utc time, int which,
                             struct wlk_state *out) WLK_MUST_USE;

#endif
