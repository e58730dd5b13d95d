/* refusals.h -- what a hub refuses, in runs: one notice for consecutive records of a lane that
 * it refuses to one recipient under one clause, instead of one for each.
 *
 * A run that is begun is in the journal before its record is, so a crash loses none of it; a
 * crash between the notice and done tells it twice. Held by: refusals_test.c, programs/soak.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EXCHANGE_REFUSALS_H
#define WLK_EXCHANGE_REFUSALS_H

#include "exchange/journal.h"
#include "record/contents.h"

enum { WLK_RUNS_MAX = 64 }; /* begun and not told; more: the oldest is told at once */

struct wlk_run {
    wlk_digest agreement; /* under which it is refused */
    struct wlk_refused_content refused;
};

struct wlk_refusals {
    struct wlk_journal *journal;
    bool is_used[WLK_RUNS_MAX];
    struct wlk_run run[WLK_RUNS_MAX];
    size_t turn;
    uint64_t unjournalled; /* runs that the disk did not take: in memory only */
};

/* Begins with what the journal has: runs that were begun and not told. */
void wlk_refusals_open(struct wlk_refusals *refusals, struct wlk_journal *journal);

/* One refused record (first_seq = last_seq). NULL: it is in a run. Else the run that must be
 * told, and done, before there is room for it: then add it again. */
const struct wlk_run *wlk_refusals_add(struct wlk_refusals *refusals,
                                       const struct wlk_run *one);

/* Any run that is to be told; NULL: none. */
const struct wlk_run *wlk_refusals_next(const struct wlk_refusals *refusals);

/* This one was told. */
void wlk_refusals_done(struct wlk_refusals *refusals, const struct wlk_run *run);

#endif
