/* inlane.c -- sequence numbers of one lane.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/inlane.h"

#include "base/assert.h"

static uint64_t *word_of(struct wlk_inlane *inlane, uint64_t seq)
{
    return &inlane->window[seq % WLK_INLANE_WINDOW / 64];
}

static uint64_t bit_of(uint64_t seq)
{
    return UINT64_C(1) << seq % 64;
}

bool wlk_inlane_has(const struct wlk_inlane *inlane, uint64_t seq)
{
    if (seq <= inlane->head)
        return true;
    if (seq > inlane->highest)
        return false;
    return inlane->window[seq % WLK_INLANE_WINDOW / 64] & bit_of(seq);
}

/* Head moves on by one; its bit is free for the seq one window further. */
static void step(struct wlk_inlane *inlane)
{
    inlane->head++;
    *word_of(inlane, inlane->head) &= ~bit_of(inlane->head);
}

uint64_t wlk_inlane_note(struct wlk_inlane *inlane, uint64_t first, uint64_t last)
{
    uint64_t given_up = 0;
    WLK_ASSERT(first > 0);
    WLK_ASSERT(first <= last);
    if (last <= inlane->head)
        return 0;
    if (last - inlane->head > WLK_INLANE_WINDOW && first > inlane->head + 1) {
        /* too far beyond: what is missing before first is given up, as far as needed */
        uint64_t floor = last - inlane->head - WLK_INLANE_WINDOW + inlane->head;
        if (floor >= first)
            floor = first - 1;
        while (inlane->head < floor && inlane->head < inlane->highest) {
            given_up += !wlk_inlane_has(inlane, inlane->head + 1);
            step(inlane);
        }
        given_up += floor > inlane->head ? floor - inlane->head : 0;
        inlane->head = floor > inlane->head ? floor : inlane->head;
    }
    if (first <= inlane->head + 1) { /* the usual case */
        while (inlane->head < last && inlane->head < inlane->highest)
            step(inlane);
        inlane->head = last > inlane->head ? last : inlane->head;
    }
    for (uint64_t seq = first; seq <= last && seq > inlane->head; seq++)
        *word_of(inlane, seq) |= bit_of(seq);
    if (last > inlane->highest)
        inlane->highest = last;
    while (inlane->head < inlane->highest && wlk_inlane_has(inlane, inlane->head + 1))
        step(inlane);
    return given_up;
}

bool wlk_inlane_missing(const struct wlk_inlane *inlane, uint64_t *first, uint64_t *last)
{
    uint64_t end = inlane->highest > inlane->claimed ? inlane->highest : inlane->claimed;
    if (end <= inlane->head)
        return false;
    uint64_t at = inlane->head + 1;
    while (at < end && at < inlane->highest && !wlk_inlane_has(inlane, at + 1))
        at++;
    *first = inlane->head + 1;
    *last = at >= inlane->highest ? end : at;
    return true;
}
