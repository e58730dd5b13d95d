/* post_numbers.c -- no number is signed twice: the second line of defence.
 *
 * The first is wlk_journal_start: no two starts share a generation. It fails only where the
 * journal is an old copy, or new after a lost disk, and the clock is behind as well. Then the
 * hub knows more of our lanes than we do, and says so in its HELLO, before which nothing
 * leaves; and where we have as many by then, the heartbeats of hub and partners name another
 * record than ours under the same number.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/post_private.h"

static const struct outlane *known_lane(const struct wlk_post *post,
                                        const struct wlk_lane *lane)
{
    for (size_t i = 0; i < post->outlane_count; i++) {
        const struct wlk_lane *own = &post->outlane[i].lane;
        if (own->record_class == lane->record_class && own->nature == lane->nature &&
            own->generation == lane->generation &&
            wlk_name_equal(own->arrangement, lane->arrangement))
            return &post->outlane[i];
    }
    return NULL;
}

/* Numbers go on in a generation above; what was sealed in the doubtful one stays here. */
static void renumber(struct wlk_post *post, size_t hub, uint64_t above)
{
    const struct waiting waiting = {.kind = WLK_DELIVERY_RENUMBERED, .hub = (uint16_t)hub};
    uint64_t generation;
    if (wlk_journal_start(post->journal, post->now.utc, above, &generation) != WLK_OK)
        generation = above + 1; /* not kept: the next start compares again */
    for (size_t i = 0; i < post->outlane_count; i++)
        if (post->outlane[i].lane.generation == post->generation)
            post->outlane[i].is_disowned = true;
    post->generation = generation;
    post->counts.renumbered++;
    wlk_post_push(post, &waiting);
}

void wlk_post_compare(struct wlk_post *post, size_t hub, const struct wlk_lane_mark *mark)
{
    if (!wlk_name_equal(mark->originator, post->nation) ||
        mark->lane.generation < post->generation)
        return;
    const struct outlane *own = known_lane(post, &mark->lane);
    if (!own || mark->seq > own->seq)
        renumber(post, hub, mark->lane.generation);
}

void wlk_post_compare_head(struct wlk_post *post, const struct wlk_head *head)
{
    struct wlk_journal_row row;
    if (head->lane.generation != post->generation || !head->seq)
        return;
    const struct outlane *own = known_lane(post, &head->lane);
    if (!own)
        return;
    if (head->seq > own->seq ||
        (wlk_journal_get(post->journal, own->id, head->seq, &row) == WLK_OK &&
         !wlk_digest_equal(&row.digest, &head->digest)))
        renumber(post, 0, post->generation);
}
