/* benefit.h -- the table of what sharing brings, for every documented ballistic launch.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_BENEFIT_H
#define WLK_PROGRAMS_BENEFIT_H

#include "rehearsal/history.h"

struct wlk_benefit_order {
    const char *path;  /* of the file to write (Markdown) */
    uint64_t seeds;
    bool is_one_table; /* only that of set and is_infrared; else all three, and a preface */
    const char *set;   /* of sites */
    bool is_infrared;
    const char *launch; /* only this one; NULL: all */
};

/* Plays every launch and writes the table or tables. Takes long: a line on stderr for each
 * launch. WLK_IO, WLK_BAD_INPUT fault filled; WLK_NOT_YET interrupted. */
wlk_status wlk_benefit(const struct wlk_history *history, const struct wlk_benefit_order *order,
                       struct wlk_fault *fault) WLK_MUST_USE;

#endif
