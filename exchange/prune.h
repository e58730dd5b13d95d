/* prune.h -- lets a journal forget what is old and kept by everybody it was for.
 *
 * Forgotten are, a few rows a step, in each lane from its beginning: records older than the
 * kept span that every peer has acknowledged as durable (a nation's own: each hub; a hub's:
 * each other party), or that came to a nation and wait for nobody. The newest of these stays:
 * its signed header names the record before it, so the chain goes on from there, and its time
 * shows whoever begins anew (a lost disk) that what was before it is past.
 * Lines of a hub's log are forgotten in order once their record is, and are as old; a
 * checkpoint keeps number and digest of the last. The heads of it that the nations keep are
 * signed by the hub and vouch for the checkpoint. Heads and notes go by age; statements,
 * lanes and evidence stay.
 *
 * A step is one transaction: a power cut leaves it done or not begun. Held by: prune_test.c,
 * programs/soak. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EXCHANGE_PRUNE_H
#define WLK_EXCHANGE_PRUNE_H

#include "record/header.h"
#include "release/force.h"

struct wlk_journal;

/* A lane of which nothing is here begins with any record of at least this age: what was before
 * it may have been pruned. No kept span is shorter. */
#define WLK_PAST_NS INT64_C(3600000000000)

struct wlk_prune {
    int64_t kept_ns; /* 0: nothing is ever forgotten; else at least WLK_PAST_NS */
    wlk_name self;
    size_t hub_count; /* a nation's; 0 for a hub */
    wlk_name hub[WLK_HUBS_MAX];
    size_t lane, log; /* whose turn it is */
    uint64_t records, lines; /* forgotten so far */
};

/* Sending a lane begins behind seq, or behind what is past in this journal. */
uint64_t wlk_prune_from(struct wlk_journal *journal, int64_t lane, uint64_t seq);

/* A record of a lane that ends here at *seq with *digest. If nothing of the lane is here and
 * the record is of the past, then so is all before it: the lane begins with it. True: so. */
bool wlk_prune_begin(struct wlk_journal *journal, int64_t lane, const struct wlk_header *header,
                     wlk_utc now, uint64_t *seq, wlk_digest *digest);

/* One step, a millisecond at most. Call at each tick, not while a row of the journal is in
 * use. */
void wlk_prune_step(struct wlk_prune *prune, struct wlk_journal *journal,
                    const struct wlk_force *force, wlk_utc now);

#endif
