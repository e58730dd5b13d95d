/* inlane.h -- what has come of one lane: without a gap up to head, and beyond it in a window.
 *
 * Plain bookkeeping on sequence numbers; used by the post for partners' lanes.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EXCHANGE_INLANE_H
#define WLK_EXCHANGE_INLANE_H

#include "base/clock.h"
#include "record/header.h"

enum {
    WLK_INLANE_WINDOW = 4096 /* seqs beyond head that are remembered one by one: a minute of
                                50 tracks/s and more; ASSUMPTION */
};

struct wlk_inlane {
    wlk_name originator;
    struct wlk_lane lane;
    int64_t id;          /* in the journal */
    uint64_t head;       /* all up to here came or were refused; 0 for none */
    bool has_digest;
    wlk_digest digest;   /* of the sign1 at head */
    uint64_t highest;    /* highest that came or was refused */
    uint64_t claimed;    /* highest that the originator's heartbeat spoke of */
    uint64_t delivered;  /* class warn: everything up to here was handed on or given up */
    uint64_t durable;    /* head that is on our disk for certain */
    uint64_t candidate, candidate_mark; /* head at a journal mark, on its way to durable */
    uint64_t shown;
    uint64_t told_received, told_durable, told_shown; /* in the last receipt */
    uint64_t acked_received[WLK_HUBS_MAX], acked_durable[WLK_HUBS_MAX];
    wlk_mono gap_since, asked_at;
    bool has_gap, is_gap_told;
    uint64_t ask_due[WLK_HUBS_MAX]; /* last seq to ask for; 0 for no question */
    uint64_t window[WLK_INLANE_WINDOW / 64]; /* bit seq % WLK_INLANE_WINDOW */
};

/* Has this seq come, or was it refused? */
bool wlk_inlane_has(const struct wlk_inlane *inlane, uint64_t seq);

/* Notes first..last (both above 0) and moves head on as far as there is no gap. Returns how
 * many seqs had to be given up because the window is full. */
uint64_t wlk_inlane_note(struct wlk_inlane *inlane, uint64_t first, uint64_t last);

/* The first range that is missing below highest or claimed. False: nothing is missing. */
bool wlk_inlane_missing(const struct wlk_inlane *inlane, uint64_t *first, uint64_t *last);

#endif
