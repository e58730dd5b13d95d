/* coalition.h -- a hub and its nations in one process on a virtual clock, playing a scenario.
 *
 * The code that runs in life: nation.c, hub.c, the player; only the loop differs (loopback
 * transport, time from the next thing that is due). Pulled step by step.
 * Read by: programs/columns.c, demo_live.c, scenario_play.c.
 * SPDX-License-Identifier: Apache-2.0 */
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
    const char *areas_folder; /* same */
    const struct wlk_land *land_view; /* same; NULL: each nation reads its own */
    const struct wlk_script *script_view; /* same; its links and restarts happen. NULL: none */
};

/* After a restart or a cut: what rehearsals assume of supervisor and dialling. */
#define WLK_COALITION_DOWN_S 2.0   /* ASSUMPTION: a killed process is started again */
#define WLK_COALITION_REDIAL_S 1.0 /* ASSUMPTION: between a path being there and its use */

struct wlk_coalition;

/* Keys of a rehearsal (the same each time) for hub and nations, and the shipped arrangements
 * signed for now; without: as wlk_pact_sign. Clear it with wlk_pact_clear. Statuses of
 * wlk_pact_sign. */
wlk_status wlk_coalition_pact(wlk_utc now, const wlk_name *without, struct wlk_pact *out,
                              struct wlk_fault *fault) WLK_MUST_USE;

/* The same, signed by all, as a scenario has it: with the trilateral arrangement under which
 * KR and JP release shielded, if it is_shielded. */
wlk_status wlk_coalition_pact_for(const struct wlk_scenario *scenario, wlk_utc now,
                                  struct wlk_pact *out, struct wlk_fault *fault) WLK_MUST_USE;

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

/* The same with the monotonic time that goes with it: for statements to a nation. */
struct wlk_moment wlk_coalition_moment(const struct wlk_coalition *coalition);

/* Nations, in the order of their names. A nation that is being restarted is NULL. */
size_t wlk_coalition_count(const struct wlk_coalition *coalition);
struct wlk_nation *wlk_coalition_nation(struct wlk_coalition *coalition, size_t index);
wlk_name wlk_coalition_name(const struct wlk_coalition *coalition, size_t index);

/* The journals of a nation and of the hub; they outlive restarts and stay the coalition's. */
struct wlk_journal;
struct wlk_journal *wlk_coalition_journal(struct wlk_coalition *coalition, size_t index);
struct wlk_journal *wlk_coalition_hub_journal(struct wlk_coalition *coalition);

/* True: a link of the script is this coalition's, "HON" standing for HON-A. */
bool wlk_coalition_has_link(const struct wlk_script_link *link);

/* The one hub, and whether a name is a nation's. */
wlk_name wlk_coalition_hub(void);
bool wlk_coalition_has_nation(wlk_name name);

/* What the journals say became of each record; call after the last step. */
void wlk_coalition_exchanged(struct wlk_coalition *coalition, struct wlk_exchanged *out);

#endif
