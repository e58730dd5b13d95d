/* demo.h -- what the three ways of the demo share.
 *
 * fast: all columns on the virtual clock. live: hub and nodes as processes, the launch played
 * in (scaled) time. measure: the same at rate 1 under load, for delays.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_DEMO_H
#define WLK_PROGRAMS_DEMO_H

#include "programs/player.h"
#include "programs/summary.h"

struct wlk_demo_order {
    struct wlk_scenario *scenario; /* drawn for seed 1; for measure: multiplied */
    double speed;        /* times faster than life; live only */
    const char *folder;  /* for results; NULL: none are kept */
    bool is_coloured;
    bool keeps_display;  /* live: hub and nodes go on after the tables, until Ctrl-C */
};

/* Plays the launch live and prints timeline and tables. */
wlk_status wlk_demo_live(const struct wlk_demo_order *order,
                         struct wlk_fault *fault) WLK_MUST_USE;

/* Measures plot to partner over the real processes; writes measure.json and prints it. */
wlk_status wlk_demo_measure(const struct wlk_demo_order *order,
                            struct wlk_fault *fault) WLK_MUST_USE;

/* True once Ctrl-C (or SIGTERM) has come; the ways above then stop in order. */
void wlk_demo_catch_signals(void);
bool wlk_demo_is_interrupted(void);

#endif
