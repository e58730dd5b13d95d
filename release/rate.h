/* rate.h -- token buckets: "rate at most 50/s" for each clause, originator and recipient.
 *
 * A bucket holds at most one second's worth and fills evenly. Integers only.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_RATE_H
#define WLK_RELEASE_RATE_H

#include "release/arrangement.h"
#include "release/decide.h"

struct wlk_bucket {
    bool is_used;      /* false: full */
    int64_t credit_ns; /* 0..1e9, at at_ns */
    int64_t at_ns;
};

/* For one arrangement; all zeros: all full. About 96 KiB. */
struct wlk_rate {
    struct wlk_bucket bucket[WLK_RULES_MAX][WLK_PARTIES_MAX][WLK_PARTIES_MAX];
};

/* Sets token[i] = 1 for each clause that has no rate or a token left for this pair of party
 * indexes; nothing is taken. */
void wlk_rate_look(const struct wlk_rate *rate, const struct wlk_arrangement *arrangement,
                   const struct wlk_question *question, uint8_t token[WLK_RULES_MAX]);

/* Takes a token of each clause the verdict used. Once per record and recipient; not again
 * when the verdict is checked a second time at sending. */
void wlk_rate_take(struct wlk_rate *rate, const struct wlk_arrangement *arrangement,
                   const struct wlk_question *question, const struct wlk_verdict *verdict);

#endif
