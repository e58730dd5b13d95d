/* post_chain.c -- each record names the one before it: is that the one that is here?
 * A broken link is never taken in silence: the nation is told, and two records that show it
 * are kept as evidence. The record itself is taken: a warning is not thrown away.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/post_private.h"

void wlk_post_tell_diverged(struct wlk_post *post, const struct wlk_inlane *inlane, size_t hub,
                            uint64_t seq)
{
    struct waiting waiting = {.kind = WLK_DELIVERY_DIVERGED,
                              .hub = (uint16_t)hub,
                              .at = (uint32_t)(inlane - post->inlane),
                              .first = seq,
                              .last = seq};
    post->counts.diverged++;
    wlk_post_push(post, &waiting);
}

/* The record at seq names as its predecessor another than the one that is here. */
static void accuse_chain(struct wlk_post *post, const struct wlk_inlane *inlane, size_t hub,
                         uint64_t seq)
{
    struct wlk_journal_row row;
    struct accused what = {WLK_EVIDENCE_BROKEN_CHAIN, inlane->originator, inlane->originator,
                           inlane->lane, seq - 1, seq - 1};
    struct proof proof[2] = {{post->aside, 0}};
    post->counts.broken_chain++;
    wlk_post_tell_diverged(post, inlane, hub, seq);
    if (wlk_journal_get(post->journal, inlane->id, seq - 1, &row) != WLK_OK ||
        row.size > sizeof post->aside)
        return; /* refused: the notice's digest is what it contradicts */
    memcpy(post->aside, row.bytes, row.size);
    proof[0].size = row.size;
    if (wlk_journal_get(post->journal, inlane->id, seq, &row) != WLK_OK)
        return;
    proof[1] = (struct proof){row.bytes, row.size};
    wlk_post_accuse(post, &what, proof, 2);
}

/* The successor of last came earlier than last did: does it name this digest? */
void wlk_post_check_next(struct wlk_post *post, const struct wlk_inlane *inlane, size_t hub,
                         const struct chained *last)
{
    struct wlk_journal_row row;
    struct wlk_claim claim;
    if (!wlk_seqs_has(&inlane->came, last->seq + 1) ||
        wlk_journal_get(post->journal, inlane->id, last->seq + 1, &row) != WLK_OK ||
        wlk_claim_decode(row.bytes, row.size, &claim, NULL) != WLK_OK ||
        wlk_digest_equal(&claim.header.prev, &last->digest))
        return;
    accuse_chain(post, inlane, hub, last->seq + 1);
}

/* Does it name the record before it, if that is here? */
void wlk_post_check_previous(struct wlk_post *post, const struct wlk_inlane *inlane,
                             size_t hub, const struct wlk_header *header)
{
    static const wlk_digest zeros = {{0}};
    struct wlk_journal_row row;
    uint64_t first, last;
    wlk_digest digest;
    if (header->seq == 1)
        digest = zeros;
    else if (header->seq == inlane->came.head + 1 && inlane->has_digest)
        digest = inlane->digest; /* the usual case */
    else if (!wlk_seqs_has(&inlane->came, header->seq - 1))
        return;
    else if (wlk_journal_get(post->journal, inlane->id, header->seq - 1, &row) == WLK_OK)
        digest = row.digest;
    else if (wlk_journal_refused(post->journal, inlane->id, header->seq - 1, &first, &last,
                                 &digest) != WLK_OK || last != header->seq - 1)
        return;
    if (!wlk_digest_equal(&header->prev, &digest))
        accuse_chain(post, inlane, hub, header->seq);
}

/* A lane of which nothing is here begins with a record of the past: what was before it was
 * pruned where it comes from (exchange/prune.h). That is told once, as a gap. */
void wlk_post_begin_late(struct wlk_post *post, size_t hub, struct wlk_inlane *inlane,
                         const struct wlk_header *header)
{
    uint64_t head = inlane->came.highest;
    if (!wlk_prune_begin(post->journal, inlane->id, header, post->now.utc, &head,
                         &inlane->digest))
        return;
    struct waiting gap = {.kind = WLK_DELIVERY_GAP,
                          .hub = (uint16_t)hub,
                          .at = (uint32_t)(inlane - post->inlane),
                          .first = 1,
                          .last = head};
    post->counts.past += head;
    (void)wlk_seqs_note(&inlane->came, 1, head);
    inlane->delivered = head;
    inlane->has_digest = true;
    for (size_t h = 0; h < post->hub_count; h++)
        wlk_post_watch_notice(post, h, inlane, 1, head);
    wlk_post_push(post, &gap);
}
