/* doubles.c -- remembers the seqs of each lane.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/doubles.h"

static bool is_lane(const struct wlk_lane *a, const struct wlk_lane *b)
{
    return wlk_name_equal(a->arrangement, b->arrangement) &&
           a->record_class == b->record_class && a->nature == b->nature &&
           a->generation == b->generation;
}

static size_t lane_of(struct wlk_doubles *doubles, const struct wlk_header *header)
{
    for (size_t i = 0; i < doubles->count; i++)
        if (wlk_name_equal(doubles->lane[i].originator, header->originator) &&
            is_lane(&doubles->lane[i].lane, &header->lane))
            return i;
    size_t slot = doubles->next++ % WLK_DOUBLES_LANES_MAX;
    if (doubles->count < WLK_DOUBLES_LANES_MAX)
        doubles->count++;
    memset(&doubles->lane[slot], 0, sizeof doubles->lane[slot]);
    doubles->lane[slot].originator = header->originator;
    doubles->lane[slot].lane = header->lane;
    return slot;
}

bool wlk_doubles_note(struct wlk_doubles *doubles, const struct wlk_header *header)
{
    if (!header->has_seq)
        return false;
    size_t slot = lane_of(doubles, header);
    uint64_t seq = header->seq, newest = doubles->lane[slot].newest;
    uint8_t *seen = doubles->lane[slot].seen;
    if (seq + WLK_DOUBLES_WINDOW <= newest)
        return false;
    if (seq > newest + WLK_DOUBLES_WINDOW)
        memset(seen, 0, WLK_DOUBLES_WINDOW / 8);
    else
        for (uint64_t s = newest + 1; s <= seq; s++)
            seen[s % WLK_DOUBLES_WINDOW / 8] &= (uint8_t)~(1u << (s % 8));
    if (seq > newest)
        doubles->lane[slot].newest = seq;
    uint8_t bit = (uint8_t)(1u << (seq % 8));
    bool was = (seen[seq % WLK_DOUBLES_WINDOW / 8] & bit) != 0;
    seen[seq % WLK_DOUBLES_WINDOW / 8] |= bit;
    return was;
}
