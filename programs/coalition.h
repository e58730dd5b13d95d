/* coalition.h -- a hub and its nations in one process on a virtual clock, playing a scenario.
 *
 * The code that runs in life: nation.c, hub.c, the player; only the loop differs (loopback
 * transport, time from the next thing that is due). Pulled step by step.
 * Read by: programs/demo_fast.c, demo_live.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_COALITION_H
#define WLK_PROGRAMS_COALITION_H

#include "programs/nation.h"
#include "programs/pact.h"
#include "programs/player.h"
#include "programs/summary.h"

struct wlk_coalition_setup {
    const struct wlk_scenario *scenario_view; /* must outlive the coalition */
    struct wlk_pact *pact_view;               /* same; signed for origin */
    enum wlk_column column; /* ALONE: nobody is connected; BEFORE: bilateral arrangements */
    uint64_t seed;
    bool is_keyed_hash;     /* a keyed hash in place of the signatures of records */
    wlk_utc origin;         /* launch time 0 */
    const char *areas_folder;
};

struct wlk_coalition;

/* Statuses of nation and hub; fault says which. */
wlk_status wlk_coalition_open(const struct wlk_coalition_setup *setup,
                              struct wlk_coalition **out,
                              struct wlk_fault *fault) WLK_MUST_USE;
void wlk_coalition_close(struct wlk_coalition *coalition); /* NULL is allowed */

/* Goes on to the next thing that is due. False: the scenario is over and the lines are
 * empty. */
bool wlk_coalition_step(struct wlk_coalition *coalition);

/* The scenario time it has come to. */
wlk_utc wlk_coalition_now(const struct wlk_coalition *coalition);

/* Nations, in the order of their names. */
size_t wlk_coalition_count(const struct wlk_coalition *coalition);
struct wlk_nation *wlk_coalition_nation(struct wlk_coalition *coalition, size_t index);
wlk_name wlk_coalition_name(const struct wlk_coalition *coalition, size_t index);

/* What the journals say became of each record; call after the last step. */
void wlk_coalition_exchanged(struct wlk_coalition *coalition, struct wlk_exchanged *out);

#endif
