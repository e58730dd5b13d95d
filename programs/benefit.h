/* benefit.h -- the table of what sharing brings, for every documented ballistic launch.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_BENEFIT_H
#define WLK_PROGRAMS_BENEFIT_H

#include "rehearsal/history.h"

/* Plays every launch in three variants and writes the table (Markdown) to path. Takes long: a
 * line on stderr for each launch. WLK_IO, WLK_BAD_INPUT fault filled; WLK_NOT_YET interrupted.
 */
wlk_status wlk_benefit(const struct wlk_history *history, const char *path, uint64_t seeds,
                       struct wlk_fault *fault) WLK_MUST_USE;

#endif
