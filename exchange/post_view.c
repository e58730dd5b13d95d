/* post_view.c -- compares what a hub shows us with what it shows our partners: heads of its
 * decision log and of its notices; and what an originator shows us and them.
 *
 * A nation's heartbeat repeats which head of a hub's log it saw last, as the head of that
 * hub's status lane: seq is the count of the log, digest its head. So two faces of a hub meet
 * within a second or two at every nation.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/post_private.h"

static struct view *view_of(struct wlk_post *post, wlk_name hub, wlk_name arrangement)
{
    for (size_t i = 0; i < post->view_count; i++)
        if (wlk_name_equal(post->view[i].hub, hub) &&
            wlk_name_equal(post->view[i].arrangement, arrangement))
            return &post->view[i];
    if (post->view_count == sizeof post->view / sizeof post->view[0])
        return NULL;
    struct view *view = &post->view[post->view_count++];
    memset(view, 0, sizeof *view);
    view->hub = hub;
    view->arrangement = arrangement;
    return view;
}

const struct word *wlk_post_view_word(struct wlk_post *post, size_t hub, wlk_name arrangement)
{
    const struct view *view = view_of(post, post->hub[hub], arrangement);
    return view && view->word.size ? &view->word : NULL;
}

static void keep_word(struct word *word, const struct wlk_claim *claim)
{
    word->size = claim->size <= sizeof word->bytes ? claim->size : 0;
    memcpy(word->bytes, claim->bytes, word->size);
}

static void accuse_faces(struct wlk_post *post, const struct view *view, uint64_t count,
                         const struct proof proof[2])
{
    struct accused what = {WLK_EVIDENCE_TWO_FACES, view->hub, view->hub, view->lane, count,
                           count};
    wlk_post_accuse(post, &what, proof, 2);
}

/* Another head was kept for the same count: signed by the hub, both. */
static void compare_kept(struct wlk_post *post, const struct view *view, uint64_t count,
                         const wlk_digest *digest, const struct wlk_claim *claim)
{
    struct wlk_journal_head head = {
        .hub = view->hub, .arrangement = view->arrangement, .count = count};
    if (!count || wlk_journal_head_at(post->journal, &head) != WLK_OK ||
        wlk_digest_equal(&head.digest, digest))
        return;
    struct proof proof[2] = {{head.bytes, head.size}, {claim->bytes, claim->size}};
    accuse_faces(post, view, count, proof);
}

/* "its head is in the hub's heartbeat, which every node journals" (DESIGN.md 4). */
static void keep_head(struct wlk_post *post, const struct view *view,
                      const struct wlk_claim *claim)
{
    struct wlk_journal_head head = {view->hub, view->arrangement, view->count, view->digest,
                                    claim->bytes, claim->size, post->now.utc.ns};
    post->counts.unjournalled += wlk_journal_head(post->journal, &head) == WLK_IO;
}

static void compare_said(struct wlk_post *post, struct view *view,
                         const struct wlk_claim *claim)
{
    struct proof proof[2] = {{view->said.bytes, view->said.size}, {claim->bytes, claim->size}};
    struct accused what = {WLK_EVIDENCE_LOG_BEHIND, view->hub, view->hub, view->lane,
                           view->said_count, view->said_count};
    if (!view->said_count)
        return;
    if (view->count < view->said_count)
        wlk_post_accuse(post, &what, proof, view->said.size ? 2 : 0);
    else if (view->count == view->said_count &&
             !wlk_digest_equal(&view->digest, &view->said_digest))
        accuse_faces(post, view, view->count, proof);
    view->said_count = 0;
}

void wlk_post_view_heartbeat(struct wlk_post *post, const struct wlk_claim *claim,
                             const struct wlk_status_content *status)
{
    struct view *view =
        view_of(post, claim->header.originator, claim->header.lane.arrangement);
    if (!view || !status->has_log)
        return;
    bool is_new = view->count != status->log_count ||
                  !wlk_digest_equal(&view->digest, &status->log_digest);
    view->lane = claim->header.lane;
    view->count = status->log_count;
    view->digest = status->log_digest;
    keep_word(&view->word, claim);
    if (is_new) {
        compare_kept(post, view, view->count, &view->digest, claim);
        keep_head(post, view, claim);
    }
    compare_said(post, view, claim);
}

/* A partner says which head of a hub's log it saw. If that word came by the hub itself, what
 * the hub shows behind it on the same connection cannot be older. */
static void compare_log(struct wlk_post *post, size_t hub, const struct wlk_head *head,
                        const struct wlk_claim *claim)
{
    struct view *view = view_of(post, head->originator, head->lane.arrangement);
    if (!view || !view->word.size || head->lane.generation != view->lane.generation)
        return; /* of an earlier start of the hub: the journals are compared by audit */
    if (head->seq > view->count) {
        if (head->seq <= view->said_count || !wlk_name_equal(view->hub, post->hub[hub]))
            return;
        view->said_count = head->seq;
        view->said_digest = head->digest;
        keep_word(&view->said, claim);
        return;
    }
    compare_kept(post, view, head->seq, &head->digest, claim);
}

/* A partner, or its own originator, has another record under a seq that we have too. */
static void compare_lane(struct wlk_post *post, const struct wlk_head *head,
                         const struct wlk_claim *claim)
{
    struct wlk_inlane *inlane = wlk_post_find_inlane(post, head->originator, &head->lane);
    struct wlk_journal_row row;
    if (!inlane || head->seq <= inlane->compared ||
        !wlk_seqs_has(&inlane->came, head->seq))
        return;
    inlane->compared = head->seq;
    if (wlk_journal_get(post->journal, inlane->id, head->seq, &row) != WLK_OK ||
        wlk_digest_equal(&row.digest, &head->digest))
        return;
    struct accused what = {WLK_EVIDENCE_TWO_FACES, head->originator, head->originator,
                           head->lane, head->seq, head->seq};
    struct proof proof[2] = {{row.bytes, row.size}, {claim->bytes, claim->size}};
    post->counts.diverged++;
    wlk_post_accuse(post, &what, proof, 2);
}

void wlk_post_view_partner(struct wlk_post *post, size_t hub, const struct wlk_claim *claim,
                           const struct wlk_status_content *status)
{
    for (size_t i = 0; i < status->head_count; i++) {
        const struct wlk_head *head = &status->head[i];
        if (!wlk_name_equal(head->lane.arrangement, claim->header.lane.arrangement) ||
            !head->seq || wlk_name_equal(head->originator, post->nation))
            continue;
        if (head->lane.record_class == WLK_CLASS_STATUS)
            compare_log(post, hub, head, claim);
        else
            compare_lane(post, head, claim);
    }
}

void wlk_post_view_fill(const struct wlk_post *post, wlk_name arrangement,
                        struct wlk_status_content *out)
{
    for (size_t i = 0; i < post->view_count && out->head_count < WLK_HEADS_MAX; i++) {
        const struct view *view = &post->view[i];
        if (wlk_name_equal(view->arrangement, arrangement) && view->count)
            out->head[out->head_count++] =
                (struct wlk_head){view->hub, view->lane, view->count, view->digest};
    }
}
