/* replay.h -- the parts of `warnlink replay`: replay.c decides again what a hub decided,
 * replay_nation.c takes again what a nation took. Journals are only read.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_REPLAY_H
#define WLK_PROGRAMS_REPLAY_H

#include "exchange/standing.h"

struct wlk_journal;

enum { WLK_REPLAY_TOLD_MAX = 20 }; /* differences that are printed */

/* The next statement of a journal that is to be given at at_ns: at the start all that are no
 * withdrawals, later the withdrawals that had been made by then, again and again. *index begins
 * at 0. False: no more. bytes live until the journal is asked again. */
bool wlk_replay_statement(struct wlk_journal *then, size_t *index, int64_t at_ns, bool is_start,
                          uint8_t *kind, const uint8_t **bytes, size_t *size);

/* UTC as it was; the steady clock begins with the first record. */
struct wlk_moment wlk_replay_moment(int64_t first_ns, int64_t at_ns);

/* Takes a nation's journal again and prints what came of it. *is_same: nothing differs.
 * WLK_BAD_INPUT a journal without records, or not of this form; WLK_IO. */
wlk_status wlk_replay_nation(struct wlk_journal *then, wlk_name owner,
                             const struct wlk_roots *roots, bool *is_same,
                             struct wlk_fault *fault) WLK_MUST_USE;

#endif
