/* columns.h -- the three columns (alone, before, after) of a scenario on the virtual clock.
 *
 * Read by: programs/demo.c, demo_live.c, benefit.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_COLUMNS_H
#define WLK_PROGRAMS_COLUMNS_H

#include "programs/player.h"
#include "programs/summary.h"

struct wlk_columns_order {
    struct wlk_scenario *scenario; /* its flights are drawn anew for each seed */
    uint64_t seeds;             /* 1..WLK_SEEDS_MAX; they are 1..seeds */
    bool has_column[WLK_COLUMN_COUNT];
    bool is_signed;             /* seed 1 with Ed25519; else a keyed hash there too */
    const char *cap_folder;     /* warnings of seed 1, column after; NULL for none */
    bool ends_early;            /* a minute after the judged moment; what comes later, warnings
                                   included, is not in the measures */
    bool is_uncounted;          /* records are not counted into the summary */
    bool shows_progress;        /* one line on stderr, rewritten */
};

/* Fills launch, published and truth members of a summary. */
void wlk_columns_facts(const struct wlk_scenario *scenario, struct wlk_summary *out);

/* The truth that measures are taken against: the first flight of the scenario. */
struct wlk_measure_truth wlk_columns_truth(const struct wlk_scenario *scenario, wlk_utc origin);

/* Plays the scenario and fills the measures and exchanged members of *out (other columns are
 * left alone). On the machine's cores at once where seeds > 1.
 * Statuses of wlk_coalition_open; WLK_IO a CAP file cannot be written; fault says which. */
wlk_status wlk_columns_run(const struct wlk_columns_order *order, struct wlk_summary *out,
                           struct wlk_fault *fault) WLK_MUST_USE;

/* Writes one warning as a CAP file into a folder. */
struct wlk_areas;
wlk_status wlk_columns_write_cap(const char *folder, const struct wlk_warning *warning,
                                 const struct wlk_areas *areas,
                                 struct wlk_fault *fault) WLK_MUST_USE;

#endif
