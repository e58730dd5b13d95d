/* seqs.c -- sequence numbers that came.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/seqs.h"

#include "base/assert.h"

static uint64_t *word_of(struct wlk_seqs *seqs, uint64_t seq)
{
    return &seqs->window[seq % WLK_SEQS_WINDOW / 64];
}

static uint64_t bit_of(uint64_t seq)
{
    return UINT64_C(1) << seq % 64;
}

bool wlk_seqs_has(const struct wlk_seqs *seqs, uint64_t seq)
{
    if (seq <= seqs->head)
        return true;
    if (seq > seqs->highest)
        return false;
    return seqs->window[seq % WLK_SEQS_WINDOW / 64] & bit_of(seq);
}

/* Head moves on by one; its bit is free for the seq one window further. */
static void step(struct wlk_seqs *seqs)
{
    seqs->head++;
    *word_of(seqs, seqs->head) &= ~bit_of(seqs->head);
}

uint64_t wlk_seqs_note(struct wlk_seqs *seqs, uint64_t first, uint64_t last)
{
    uint64_t given_up = 0;
    WLK_ASSERT(first > 0);
    WLK_ASSERT(first <= last);
    if (last <= seqs->head)
        return 0;
    if (last - seqs->head > WLK_SEQS_WINDOW && first > seqs->head + 1) {
        /* too far beyond: what is missing before first is given up, as far as needed */
        uint64_t floor = last - seqs->head - WLK_SEQS_WINDOW + seqs->head;
        if (floor >= first)
            floor = first - 1;
        while (seqs->head < floor && seqs->head < seqs->highest) {
            given_up += !wlk_seqs_has(seqs, seqs->head + 1);
            step(seqs);
        }
        given_up += floor > seqs->head ? floor - seqs->head : 0;
        seqs->head = floor > seqs->head ? floor : seqs->head;
    }
    if (first <= seqs->head + 1) { /* the usual case */
        while (seqs->head < last && seqs->head < seqs->highest)
            step(seqs);
        seqs->head = last > seqs->head ? last : seqs->head;
    }
    for (uint64_t seq = first; seq <= last && seq > seqs->head; seq++)
        *word_of(seqs, seq) |= bit_of(seq);
    if (last > seqs->highest)
        seqs->highest = last;
    while (seqs->head < seqs->highest && wlk_seqs_has(seqs, seqs->head + 1))
        step(seqs);
    return given_up;
}

bool wlk_seqs_missing(const struct wlk_seqs *seqs, uint64_t claimed, uint64_t *first,
                      uint64_t *last)
{
    uint64_t end = seqs->highest > claimed ? seqs->highest : claimed;
    if (end <= seqs->head)
        return false;
    uint64_t at = seqs->head + 1;
    while (at < end && at < seqs->highest && !wlk_seqs_has(seqs, at + 1))
        at++;
    *first = seqs->head + 1;
    *last = at >= seqs->highest ? end : at;
    return true;
}
