/* post_watch.c -- watches the hubs: does each bring, in order and once, what it says it has,
 * and does it take what it is sent?
 *
 * A hub is accused only of what no line can do. A connection carries in order or breaks, so
 * the order of arrival on one connection is the order of sending. What a hub claims in its
 * heartbeat it has sent before, or sends as room comes; a ping that is written behind the
 * claim, and answered, shows that the connection works both ways. Two of them in turn, on the
 * lane's connection and on that of notices, without the record, without its notice and without
 * any progress in that lane: the hub holds it back.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/post_private.h"

enum {
    PINGS = 2,          /* round trips that a claim must outlive */
    BEATS = 3,          /* heartbeats without what was sent, behind a round trip */
    CLAIMED_LANES_MAX = 64, /* known by the word of one hub alone: it must not fill the list */
    ASKED_MAX = 2       /* a hub may ask for one record so often before that counts no more */
};

/* ASSUMPTION: longer than a backlog that nothing moves in */
static const int64_t HOLD_NS = INT64_C(500000000);

static struct side *side_of(struct wlk_post *post, const struct wlk_inlane *inlane, size_t hub)
{
    return &post->side[inlane - post->inlane][hub];
}

static struct link *link_of(struct wlk_post *post, size_t hub, enum wlk_class record_class)
{
    return &post->link[hub][wlk_post_link_index(wlk_post_link(record_class))];
}

/* From now on the hub owes got.head + 1. */
static void start_clock(struct wlk_post *post, const struct wlk_inlane *inlane, size_t hub)
{
    struct side *side = side_of(post, inlane, hub);
    side->since = post->now.mono;
    side->mark = link_of(post, hub, inlane->lane.record_class)->pings;
    side->status_mark = link_of(post, hub, WLK_CLASS_STATUS)->pings;
}

static void forgive(struct side *side)
{
    if (side->claimed > side->got.head)
        (void)wlk_seqs_note(&side->got, 1, side->claimed);
}

void wlk_post_watch_fresh(struct wlk_post *post, size_t hub, const struct wlk_inlane *inlane)
{
    struct side *side = side_of(post, inlane, hub);
    memset(side, 0, sizeof *side);
    side->may_go_back = inlane->lane.record_class == WLK_CLASS_TRACK;
    start_clock(post, inlane, hub);
}

void wlk_post_watch_connected(struct wlk_post *post, size_t hub, enum wlk_class link_class)
{
    for (size_t i = 0; i < post->inlane_count; i++) {
        struct wlk_inlane *inlane = &post->inlane[i];
        if (wlk_post_link(inlane->lane.record_class) == link_class) {
            wlk_post_watch_fresh(post, hub, inlane);
        } else if (link_class == WLK_CLASS_STATUS) {
            forgive(side_of(post, inlane, hub)); /* notices may be gone with the connection */
            start_clock(post, inlane, hub);
        }
    }
    for (size_t i = 0; i < post->outlane_count; i++)
        if (wlk_post_link(post->outlane[i].lane.record_class) == link_class ||
            link_class == WLK_CLASS_STATUS)
            memset(&post->outlane[i].offer[hub], 0, sizeof post->outlane[i].offer[hub]);
}

void wlk_post_watch_hello(struct wlk_post *post, size_t hub, const struct wlk_inlane *inlane)
{
    struct side *side = side_of(post, inlane, hub);
    side->base = inlane->came.head;
    if (side->base)
        (void)wlk_seqs_note(&side->got, 1, side->base);
    start_clock(post, inlane, hub);
}

/* ---- what the hub brings ---- */

static void accuse_order(struct wlk_post *post, size_t hub, const struct wlk_inlane *inlane,
                         const struct wlk_claim *claim)
{
    struct side *side = side_of(post, inlane, hub);
    uint64_t seq = claim->header.seq;
    bool is_double =
        seq == side->last || (seq > side->base && wlk_seqs_has(&side->got, seq));
    struct accused what = {is_double ? WLK_EVIDENCE_DOUBLED : WLK_EVIDENCE_REORDERED,
                           post->hub[hub], inlane->originator, inlane->lane, seq,
                           is_double ? seq : side->last};
    struct proof proof[2] = {{claim->bytes, claim->size}};
    struct wlk_journal_row row;
    if (is_double) {
        wlk_post_accuse(post, &what, proof, 1);
        return;
    }
    if (wlk_journal_get(post->journal, inlane->id, side->last, &row) != WLK_OK)
        return;
    proof[1] = proof[0];
    proof[0] = (struct proof){row.bytes, row.size};
    wlk_post_accuse(post, &what, proof, 2);
}

/* May the hub go back to this seq? Each question of ours lets it, once, to where it asked from
 * or beyond (what it passed then it may refuse now); so does the tail behind a snapshot of
 * tracks. */
static bool may_go_back(struct side *side, uint64_t seq)
{
    for (size_t i = 0; i < side->question_count; i++)
        if (seq >= side->question[i]) {
            side->question[i] = side->question[--side->question_count];
            return true;
        }
    bool is_tail = side->may_go_back;
    side->may_go_back = false;
    return is_tail;
}

void wlk_post_watch_record(struct wlk_post *post, size_t hub, const struct wlk_inlane *inlane,
                           const struct wlk_claim *claim)
{
    struct side *side = side_of(post, inlane, hub);
    uint64_t seq = claim->header.seq, head = side->got.head;
    bool had_hole = side->got.highest > head;
    bool is_snapshot = side->may_go_back;
    if (seq <= side->last && !may_go_back(side, seq))
        accuse_order(post, hub, inlane, claim);
    side->last = seq;
    (void)wlk_seqs_note(&side->got, seq, seq);
    if (seq > side->claimed)
        side->claimed = seq; /* who has this one has those before it */
    if (!had_hole || side->got.head > head || is_snapshot)
        start_clock(post, inlane, hub);
}

void wlk_post_watch_notice(struct wlk_post *post, size_t hub, const struct wlk_inlane *inlane,
                           uint64_t first, uint64_t last)
{
    struct side *side = side_of(post, inlane, hub);
    uint64_t head = side->got.head;
    (void)wlk_seqs_note(&side->got, first, last);
    if (side->got.head > head)
        start_clock(post, inlane, hub);
}

void wlk_post_watch_asked(struct wlk_post *post, size_t hub, const struct wlk_inlane *inlane,
                          uint64_t from)
{
    struct side *side = side_of(post, inlane, hub);
    if (side->question_count == QUESTIONS_MAX)
        memmove(side->question, side->question + 1,
                --side->question_count * sizeof side->question[0]);
    side->question[side->question_count++] = from;
    side->asked_mark = link_of(post, hub, inlane->lane.record_class)->pings;
}

/* ---- what the hub says ---- */

static void claim_head(struct wlk_post *post, size_t hub, const struct wlk_head *head)
{
    struct wlk_inlane *inlane = wlk_post_find_inlane(post, head->originator, &head->lane);
    if (!inlane && post->claimed_lanes[hub] < CLAIMED_LANES_MAX) {
        post->claimed_lanes[hub]++;
        inlane = wlk_post_inlane(post, head->originator, &head->lane);
    }
    if (!inlane || head->seq > INT64_MAX)
        return;
    struct side *side = side_of(post, inlane, hub);
    if (head->seq > side->worded)
        side->worded = head->seq;
    if (head->seq <= side->claimed)
        return;
    if (side->claimed <= side->got.head)
        start_clock(post, inlane, hub);
    side->claimed = head->seq;
}

static void accuse_denied(struct wlk_post *post, size_t hub, const struct outlane *outlane,
                          const struct wlk_claim *heartbeat)
{
    uint64_t seq = outlane->offer[hub].seq;
    struct accused what = {WLK_EVIDENCE_DENIED, post->hub[hub], post->nation, outlane->lane,
                           seq, seq};
    struct wlk_journal_row row;
    if (wlk_journal_get(post->journal, outlane->id, seq, &row) != WLK_OK)
        return;
    struct proof proof[2] = {{row.bytes, row.size}, {heartbeat->bytes, heartbeat->size}};
    wlk_post_accuse(post, &what, proof, 2);
}

/* The hub's heartbeat says that it has an own lane up to seq. */
static void compare_offer(struct wlk_post *post, size_t hub, struct outlane *outlane,
                          uint64_t seq, const struct wlk_claim *heartbeat)
{
    struct offer *offer = &outlane->offer[hub];
    const struct link *link = link_of(post, hub, outlane->lane.record_class);
    if (!link->is_up || outlane->sent[hub] <= seq) {
        offer->seq = 0;
        return;
    }
    if (!offer->seq || offer->seq <= seq) {
        *offer = (struct offer){.seq = seq + 1, .mark = link->pings};
        return;
    }
    if (outlane->sent[hub] < offer->seq || link->ponged <= offer->mark)
        return;
    if (++offer->beats < BEATS)
        return;
    accuse_denied(post, hub, outlane, heartbeat);
    *offer = (struct offer){.seq = offer->seq, .mark = link->pings};
}

void wlk_post_watch_question(struct wlk_post *post, size_t hub, struct outlane *outlane,
                             uint64_t from)
{
    struct offer *offer = &outlane->offer[hub];
    if (!offer->seq || from > offer->seq || offer->questions == ASKED_MAX)
        return;
    offer->questions++;
    offer->beats = 0;
    offer->mark = link_of(post, hub, outlane->lane.record_class)->pings;
}

static bool is_lane(const struct wlk_lane *a, const struct wlk_lane *b)
{
    return a->record_class == b->record_class && a->nature == b->nature &&
           a->generation == b->generation && wlk_name_equal(a->arrangement, b->arrangement);
}

void wlk_post_watch_heartbeat(struct wlk_post *post, size_t hub, const struct wlk_claim *claim,
                              const struct wlk_status_content *status)
{
    wlk_name arrangement = claim->header.lane.arrangement;
    for (size_t i = 0; i < status->head_count; i++) {
        const struct wlk_head *head = &status->head[i];
        if (wlk_name_equal(head->lane.arrangement, arrangement) &&
            head->lane.record_class != WLK_CLASS_STATUS &&
            !wlk_name_equal(head->originator, post->nation))
            claim_head(post, hub, head);
    }
    if (status->head_count == WLK_HEADS_MAX)
        return; /* what is not listed may be there */
    for (size_t i = 0; i < post->outlane_count; i++) {
        struct outlane *outlane = &post->outlane[i];
        uint64_t seq = 0;
        if (!outlane->seq || !wlk_name_equal(outlane->lane.arrangement, arrangement))
            continue;
        for (size_t k = 0; k < status->head_count; k++)
            if (wlk_name_equal(status->head[k].originator, post->nation) &&
                is_lane(&status->head[k].lane, &outlane->lane))
                seq = status->head[k].seq;
        compare_offer(post, hub, outlane, seq, claim);
    }
}

/* ---- as time passes ---- */

/* What a notice explained before this connection was made is not explained again; nor is what
 * is past here, since its notices were pruned with it. */
static bool is_owed(struct wlk_post *post, size_t hub, const struct wlk_inlane *inlane,
                    uint64_t *first, uint64_t *last)
{
    struct side *side = side_of(post, inlane, hub);
    uint64_t from, to;
    wlk_digest digest;
    uint64_t past = wlk_journal_past(post->journal, inlane->id);
    if (past)
        (void)wlk_seqs_note(&side->got, 1, past);
    while (wlk_seqs_missing(&side->got, side->claimed, first, last)) {
        if (wlk_journal_refused(post->journal, inlane->id, *first, &from, &to, &digest) !=
                WLK_OK ||
            from > *last)
            return true;
        if (from > *first) {
            *last = from - 1;
            return true;
        }
        (void)wlk_seqs_note(&side->got, *first, to);
    }
    return false;
}

static void accuse_withheld(struct wlk_post *post, size_t hub, const struct wlk_inlane *inlane)
{
    struct side *side = side_of(post, inlane, hub);
    uint64_t first, last;
    if (!is_owed(post, hub, inlane, &first, &last) || side->worded < first)
        return; /* its word on that will come within a second */
    last = last < side->worded ? last : side->worded;
    struct accused what = {WLK_EVIDENCE_WITHHELD, post->hub[hub], inlane->originator,
                           inlane->lane, first, last};
    const struct word *word = wlk_post_view_word(post, hub, inlane->lane.arrangement);
    struct proof proof = {word ? word->bytes : NULL, word ? word->size : 0};
    wlk_post_accuse(post, &what, &proof, word != NULL);
    (void)wlk_seqs_note(&side->got, first, last);
    start_clock(post, inlane, hub);
}

/* Has every notice come that the hub's word says there is? One of those on their way may
 * explain what is missing; if it holds notices back, that shows in their own lane. */
static bool has_notices(struct wlk_post *post, size_t hub, const struct wlk_inlane *inlane)
{
    if (inlane->lane.record_class == WLK_CLASS_NOTICE)
        return true;
    for (size_t i = 0; i < post->inlane_count; i++) {
        const struct wlk_inlane *notices = &post->inlane[i];
        const struct side *side = side_of(post, notices, hub);
        if (notices->lane.record_class == WLK_CLASS_NOTICE &&
            wlk_name_equal(notices->originator, post->hub[hub]) &&
            wlk_name_equal(notices->lane.arrangement, inlane->lane.arrangement) &&
            side->got.head < side->worded)
            return false;
    }
    return true;
}

/* PINGS of them behind mark, in turn: the first at once, each other when the one before it has
 * been answered. */
static void ping(struct link *link, uint64_t mark)
{
    bool is_first = link->pings == mark;
    if (link->pings < mark + PINGS && (is_first || link->ponged == link->pings))
        link->ping_due = true;
}

static void watch_side(struct wlk_post *post, const struct wlk_inlane *inlane, size_t hub)
{
    struct side *side = side_of(post, inlane, hub);
    struct link *link = link_of(post, hub, inlane->lane.record_class);
    struct link *status = link_of(post, hub, WLK_CLASS_STATUS);
    if (link->ponged > side->asked_mark + PINGS)
        side->question_count = 0; /* the first of these may have left before the question */
    if (side->claimed <= side->got.head)
        return;
    if (!link->is_up || !status->is_up ||
        !wlk_post_is_in_force(post, inlane->lane.arrangement)) {
        forgive(side);
        return;
    }
    ping(link, side->mark);
    ping(status, side->status_mark);
    if (post->now.mono.ns - side->since.ns >= HOLD_NS && link->ponged >= side->mark + PINGS &&
        status->ponged >= side->status_mark + PINGS &&
        has_notices(post, hub, inlane))
        accuse_withheld(post, hub, inlane);
}

void wlk_post_watch_tick(struct wlk_post *post)
{
    for (size_t i = 0; i < post->inlane_count; i++)
        for (size_t h = 0; h < post->hub_count; h++)
            watch_side(post, &post->inlane[i], h);
}
