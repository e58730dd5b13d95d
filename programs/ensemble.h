/* ensemble.h -- a hub and its nodes as processes on this machine, and the radars that this
 * process plays to them. Read by: programs/demo_live.c, demo_measure.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_ENSEMBLE_H
#define WLK_PROGRAMS_ENSEMBLE_H

#include "programs/children.h"
#include "programs/player.h"
#include "programs/setting.h"

struct wlk_ensemble {
    struct wlk_clock clock;
    struct wlk_setting setting;
    struct wlk_child hub, node[WLK_SETTING_NATIONS];
    bool is_ready[WLK_SETTING_NATIONS];
    int radar[WLK_SETTING_NATIONS]; /* sockets to the nodes; -1: none */
    uint64_t plots_unsent;
};

struct wlk_ensemble_order {
    const char *folder; /* exists and is empty */
    double rate;        /* times faster than life */
    bool has_trace;     /* nodes write trace.txt, for measuring */
    bool is_shielded;   /* KR and JP release shielded */
};

/* Makes the setting in the folder, starts everything, and waits until every link is up.
 * Without trace the nodes serve their displays.
 * On any status, wlk_ensemble_stop must follow. WLK_IO, WLK_BAD_INPUT fault filled; WLK_OK
 * also when the demo was interrupted while waiting. */
wlk_status wlk_ensemble_start(struct wlk_ensemble *ensemble,
                              const struct wlk_ensemble_order *order,
                              struct wlk_fault *fault) WLK_MUST_USE;

/* Stops nodes, then the hub, and waits for them. What they said last can still be read. */
void wlk_ensemble_stop(struct wlk_ensemble *ensemble);

/* Closes what stop has left open. */
void wlk_ensemble_clear(struct wlk_ensemble *ensemble);

/* The scenario time of this moment. */
wlk_utc wlk_ensemble_now(const struct wlk_ensemble *ensemble);

/* The next line that a node has said; *nation is its index. False: none now. */
bool wlk_ensemble_line(struct wlk_ensemble *ensemble, size_t *nation, const char **line);

/* Sends what the radars have seen by now. */
void wlk_ensemble_play(struct wlk_ensemble *ensemble, struct wlk_player *player, wlk_utc now);

/* WLK_IO one of the processes has ended by itself. */
wlk_status wlk_ensemble_check(struct wlk_ensemble *ensemble,
                              struct wlk_fault *fault) WLK_MUST_USE;

/* Waits for a line, 2 ms at most. */
void wlk_ensemble_pause(const struct wlk_ensemble *ensemble);

#endif
