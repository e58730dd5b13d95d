/* detect.h -- how soon could it be told that thrust has ended, or begun?
 *
 * The bound of a test that knows the moment and the thrust, and must only say whether: the best
 * test of two known hypotheses, with one false answer in 100. A tracker knows neither, and
 * asks at each look, so it is slower. Van Trees, Detection, Estimation and Modulation Theory I,
 * section 2.2.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_STATISTICS_DETECT_H
#define WLK_PROGRAMS_STATISTICS_DETECT_H

#include "programs/statistics/follow.h"

/* Is the object seen well before (10 s), at (4 s) and after (4 s) that second since launch? */
bool wlk_detect_is_seen(const struct wlk_follow *follow, double at_s);

/* Adds to each half second since at_s the chance that it is told by then: that the last stage's
 * thrust has ended, or begun. Of what was known before at_s: the bound of the boost filter. */
void wlk_detect_add(const struct wlk_follow *follow, double at_s, bool is_end,
                    double sum[WLK_CELL_DELAYS]);

#endif
