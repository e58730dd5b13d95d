/* scenario_play.h -- plays a scenario file: hub and nations on the virtual clock, launches,
 * outages, cuts and restarts as it says, and its expectations judged.
 * Read by: programs/rehearse.c. Held by: scenario_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_SCENARIO_PLAY_H
#define WLK_PROGRAMS_SCENARIO_PLAY_H

#include "programs/scenario_judge.h"

#include <stdio.h>

struct wlk_play_order {
    const char *path;                 /* of the scenario file */
    const struct wlk_history *history;
    bool has_seed;                    /* else the file's */
    uint64_t seed;
    bool is_keyed_hash;               /* a keyed hash in place of the records' signatures */
    FILE *out;                        /* for the timeline; NULL: none */
    bool is_coloured;
};

/* Large: keep it static. */
struct wlk_play_result {
    struct wlk_script script;
    uint64_t seed;
    struct wlk_judge judge;
    struct wlk_exchanged exchanged;
    size_t met; /* of script.expect_count */
};

/* Plays it all. WLK_OK whatever the expectations came to. WLK_BAD_INPUT, WLK_IO,
 * WLK_NO_SOLUTION: the file cannot be played; fault has file, line and rule. */
wlk_status wlk_scenario_play(const struct wlk_play_order *order,
                             struct wlk_play_result *result,
                             struct wlk_fault *fault) WLK_MUST_USE;

/* One line for each expectation, "ok" or "NOT MET", and the sum. */
void wlk_scenario_print(const struct wlk_play_result *result, FILE *out);

#endif
