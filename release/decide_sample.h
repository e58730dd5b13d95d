/* decide_sample.h -- random rules and questions, most of them near a pass; for tests only.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_DECIDE_SAMPLE_H
#define WLK_RELEASE_DECIDE_SAMPLE_H

#include "base/random.h"
#include "release/decide.h"

/* 0 to 8 clauses between 2 or 3 parties. */
void wlk_decide_sample_rules(struct wlk_random *random, struct wlk_rules *rules);

/* A question under these rules; each member now and then has any value. */
void wlk_decide_sample_question(struct wlk_random *random, const struct wlk_rules *rules,
                                struct wlk_question *q);

#endif
