/* seqs.h -- which sequence numbers of a lane came: all up to head, and beyond it a window.
 *
 * Plain bookkeeping; used by the post for what came of partners' lanes at all, and for what
 * each hub brought of them. Held by: seqs_test.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EXCHANGE_SEQS_H
#define WLK_EXCHANGE_SEQS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    WLK_SEQS_WINDOW = 4096 /* seqs beyond head that are remembered one by one: a minute of
                              50 tracks/s and more; ASSUMPTION */
};

struct wlk_seqs {
    uint64_t head;    /* all up to here came; 0 for none */
    uint64_t highest; /* highest that came */
    uint64_t window[WLK_SEQS_WINDOW / 64]; /* bit seq % WLK_SEQS_WINDOW */
};

/* Has this seq come? */
bool wlk_seqs_has(const struct wlk_seqs *seqs, uint64_t seq);

/* Notes first..last (both above 0) and moves head on as far as there is no gap. Returns how
 * many seqs had to be given up because the window is full. */
uint64_t wlk_seqs_note(struct wlk_seqs *seqs, uint64_t first, uint64_t last);

/* The first range that is missing below highest or claimed. False: nothing is missing. */
bool wlk_seqs_missing(const struct wlk_seqs *seqs, uint64_t claimed, uint64_t *first,
                      uint64_t *last);

#endif
