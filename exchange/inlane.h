/* inlane.h -- one lane of a partner or a hub, as the post keeps it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EXCHANGE_INLANE_H
#define WLK_EXCHANGE_INLANE_H

#include "base/clock.h"
#include "exchange/seqs.h"
#include "record/header.h"

struct wlk_inlane {
    wlk_name originator;
    struct wlk_lane lane;
    int64_t id;          /* in the journal */
    struct wlk_seqs came; /* or were refused */
    bool has_digest;
    wlk_digest digest;   /* of the sign1 at came.head */
    uint64_t claimed;    /* highest that the originator's heartbeat spoke of */
    uint64_t compared;   /* newest whose digest a heartbeat confirmed or contradicted */
    uint64_t delivered;  /* class warn: everything up to here was handed on or given up */
    uint64_t durable;    /* head that is on our disk for certain */
    uint64_t candidate, candidate_mark; /* head at a journal mark, on its way to durable */
    uint64_t shown;
    uint64_t told_received, told_durable, told_shown; /* in the last receipt */
    uint64_t acked_durable[WLK_HUBS_MAX];
    wlk_mono gap_since, asked_at;
    bool has_gap, is_gap_told;
    uint64_t ask_due[WLK_HUBS_MAX]; /* last seq to ask for; 0 for no question */
};

#endif
