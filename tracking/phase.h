/* phase.h -- boost, coast or reentry: which, and the state under it.
 *
 * A boost filter runs from the first look. Beside it stand candidates: the same object with
 * thrust ended at some look, and its rival, with thrust of another strength from there on (the
 * next stage). A candidate that explains the looks since then much better than thrust that
 * went on, and better than its rival, is believed: burnout, 3-5 s after it. For a minute after
 * it candidates turn round: thrust lit at some look; one that explains much better than free
 * flight withdraws the burnout, if it pushes along the path, and else says that the object
 * manoeuvres. Later a sum of the surprises says so. docs/derivations/phase.md.
 * Read by: tracking/book, tracking/associate.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_PHASE_H
#define WLK_TRACKING_PHASE_H

#include "record/prediction.h"
#include "tracking/filter.h"

enum { WLK_CANDIDATES_MAX = 6 };

/* Thrust ended (while coasting: lit) at since; score: ln of how much better that explains what
 * came after than what is believed; lead: than its rival. */
struct wlk_candidate {
    struct wlk_state state;
    struct wlk_state rival; /* thrust of another strength since; while thrusting only */
    wlk_utc since;
    bool is_rival;      /* while coasting: it was the rival of the burnout that is believed */
    bool is_from_birth; /* never seen to thrust: since is not a burnout, and has no rival */
    double score, lead;
    double distance; /* sum of squared sigmas of the looks since, and their count */
    int looks;
};

struct wlk_phases {
    bool has_boost;         /* thrust now, or what may be the end of a stage less than a minute
                               ago: it may end, or light */
    bool is_coasting;       /* coast is believed, else boost */
    struct wlk_state coast; /* phase coast or reentry; meaningful if is_coasting */
    bool has_burnout;
    wlk_utc burnout;
    wlk_utc declared; /* look at which coast was first believed */
    double surprise;  /* of free flight: cumulative sum of squared sigmas over what is usual */
    bool is_manoeuvring; /* it does not fly freely, and does not burn along its path */
    wlk_utc manoeuvred;  /* when that was last seen */
    bool is_lifted;      /* in the air: it can do so again */
    int candidate_count;
    /* last, for they are not copied where they mean nothing (wlk_moment_copy) */
    struct wlk_state boost; /* phase boost; meaningful if not is_coasting, kept if has_boost */
    struct wlk_candidate candidate[WLK_CANDIDATES_MAX];
};

/* Starts from the first look of an object. */
void wlk_phases_begin(const struct wlk_look *look, struct wlk_phases *out);

/* The state that is believed. */
const struct wlk_state *wlk_phases_state(const struct wlk_phases *phases);

/* Takes a look of the same object. WLK_NO_SOLUTION the believed state cannot be carried there
 * or updated; phases untouched. */
wlk_status wlk_phases_take(struct wlk_phases *phases, const struct wlk_look *look) WLK_MUST_USE;

/* Does it push along its path, over 5 m/s^2 at two sigmas? Thrust is believed until free flight
 * is the better explanation, so the phase alone does not say so. */
bool wlk_phases_thrusts(const struct wlk_phases *phases);

/* How many explanations are followed: the believed one and those beside it. */
int wlk_phases_count(const struct wlk_phases *phases);

/* Is it doubtful that free flight goes on to the ground: is the last burnout so young (20 s)
 * that a stage may light, or may one have lit after it (until 30 s: as likely as not), or does
 * the object manoeuvre (seen within 60 s, or ever in the air on the way down)? */
enum wlk_doubt wlk_phases_doubt(const struct wlk_phases *phases, wlk_utc now);

/* Where a look is expected at its time under explanation which (0: the believed one), for
 * wlk_filter_compare only (see wlk_filter_expect); while thrusting, its covariance is widened
 * by what an end of thrust since the last look would do. WLK_NO_SOLUTION as
 * wlk_filter_predict. */
wlk_status wlk_phases_expect(const struct wlk_phases *phases, const struct wlk_look *look,
                             int which, struct wlk_state *out) WLK_MUST_USE;

/* Widens what was expected of the believed explanation by what lift may have done since, for
 * association when nothing narrower fits. False: it is not on its way down, nothing changed. */
bool wlk_phases_turn(const struct wlk_phases *phases, const struct wlk_look *look,
                     struct wlk_state *expected);

#endif
