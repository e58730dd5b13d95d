/* post_out.c -- the next frame for one connection.
 *
 * Order on each: HELLO; answers and questions; statements and heartbeats (status link); own
 * launches that open events (track link); then records, lane by lane in turn. Records are
 * read from the journal: it holds only what was released (wlk_post_put).
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/post_private.h"

#include "base/assert.h"

struct outgoing {
    struct wlk_post *post;
    size_t hub;
    enum wlk_class link_class;
    struct link *link;
    size_t size; /* of post->frame */
};

static bool encode(struct outgoing *out, const struct wlk_frame *frame)
{
    struct wlk_writer writer = {out->post->frame, sizeof out->post->frame, 0};
    if (wlk_frame_encode(frame, out->post->mark, &writer) != WLK_OK)
        return false;
    out->size = writer.at;
    return true;
}

/* Heads of the partners' lanes that travel on this link; the newest if there are too many. */
static bool write_hello(struct outgoing *out)
{
    struct wlk_post *post = out->post;
    struct wlk_frame frame = {
        .kind = WLK_FRAME_HELLO, .sender = post->nation, .link = out->link_class};
    for (size_t i = post->inlane_count; i-- > 0 && frame.mark_count < WLK_HELLO_HEADS_MAX;) {
        const struct wlk_inlane *inlane = &post->inlane[i];
        if (wlk_post_link(inlane->lane.record_class) != out->link_class)
            continue;
        post->mark[frame.mark_count++] =
            (struct wlk_lane_mark){inlane->originator, inlane->lane, inlane->came.head};
        wlk_post_watch_hello(post, out->hub, inlane);
    }
    out->link->hello_due = false;
    return encode(out, &frame);
}

static bool write_ping(struct outgoing *out)
{
    struct wlk_frame frame = {.kind = WLK_FRAME_PING};
    if (out->link->pong_due) {
        frame.kind = WLK_FRAME_PONG;
        frame.token = out->link->pong_token;
        out->link->pong_due = false;
        return encode(out, &frame);
    }
    if (!out->link->ping_due)
        return false;
    frame.token = ++out->link->pings;
    out->link->pinged = out->post->now.mono;
    out->link->ping_due = false;
    return encode(out, &frame);
}

static bool write_ask(struct outgoing *out, struct wlk_inlane *inlane)
{
    uint64_t first, last = inlane->ask_due[out->hub];
    if (!last)
        return false;
    inlane->ask_due[out->hub] = 0;
    if (!wlk_seqs_missing(&inlane->came, inlane->claimed, &first, &last))
        return false;
    struct wlk_frame frame = {.kind = WLK_FRAME_ASK,
                              .mark = {inlane->originator, inlane->lane, first},
                              .last = last};
    out->post->counts.asks++;
    wlk_post_watch_asked(out->post, out->hub, inlane, first);
    return encode(out, &frame);
}

/* Durable only: what merely came tells a hub nothing that it acts on. */
static bool write_ack(struct outgoing *out, struct wlk_inlane *inlane)
{
    struct wlk_frame frame = {.kind = WLK_FRAME_ACK,
                              .mark = {inlane->originator, inlane->lane, inlane->durable},
                              .stage = WLK_ACK_DURABLE};
    if (inlane->acked_durable[out->hub] >= inlane->durable)
        return false;
    inlane->acked_durable[out->hub] = inlane->durable;
    return encode(out, &frame);
}

static bool write_answer(struct outgoing *out)
{
    struct wlk_post *post = out->post;
    for (size_t i = 0; i < post->inlane_count; i++) {
        struct wlk_inlane *inlane = &post->inlane[i];
        if (wlk_post_link(inlane->lane.record_class) != out->link_class)
            continue;
        if (write_ask(out, inlane) || write_ack(out, inlane))
            return true;
    }
    return false;
}

static bool write_statement(struct outgoing *out)
{
    struct wlk_frame frame = {.kind = WLK_FRAME_STATEMENT};
    enum wlk_statement_kind kind;
    if (out->link->statement_at >= wlk_standing_count(out->post->standing) ||
        !wlk_standing_statement(out->post->standing, out->link->statement_at, &kind,
                                &frame.bytes, &frame.size))
        return false;
    frame.statement = (uint8_t)kind;
    out->link->statement_at++;
    return encode(out, &frame);
}

/* Heartbeats and receipts of this second, as they were sealed. */
static bool write_status(struct outgoing *out)
{
    struct wlk_post *post = out->post;
    size_t length, at = out->link->status_at;
    if (at >= post->status_size)
        return false;
    wlk_status status = wlk_frame_scan(post->status + at, post->status_size - at, &length);
    WLK_ASSERT(status == WLK_OK); /* we wrote it */
    out->size = WLK_FRAME_PREFIX + length;
    memcpy(post->frame, post->status + at, out->size);
    out->link->status_at += out->size;
    return true;
}

static bool write_record(struct outgoing *out, const struct outlane *outlane, uint64_t seq)
{
    struct wlk_journal_row row;
    if (wlk_journal_get(out->post->journal, outlane->id, seq, &row) != WLK_OK)
        return false;
    struct wlk_frame frame = {
        .kind = WLK_FRAME_RECORD, .bytes = row.bytes, .size = row.size};
    out->post->counts.sent++;
    return encode(out, &frame);
}

/* "every track connection first carries the newest launch record of each open event"
 * (DESIGN.md 4), so that a track never overtakes its launch. */
static bool write_launch(struct outgoing *out)
{
    struct wlk_post *post = out->post;
    for (size_t i = 0; i < LAUNCHES_MAX; i++) {
        struct launch *launch = &post->launch[i];
        if (!launch->is_used || out->link->launch_sent[i] == launch->seq)
            continue;
        out->link->launch_sent[i] = launch->seq;
        if (launch->until.ns + EVENT_TAIL_NS < post->now.utc.ns) {
            launch->is_used = false;
            continue;
        }
        const struct outlane *outlane = &post->outlane[launch->outlane];
        if (wlk_post_is_in_force(post, outlane->lane.arrangement) && !outlane->is_disowned &&
            write_record(out, outlane, launch->seq))
            return true;
    }
    return false;
}

static bool write_next(struct outgoing *out, struct outlane *outlane)
{
    struct wlk_post *post = out->post;
    if (wlk_post_link(outlane->lane.record_class) != out->link_class ||
        outlane->sent[out->hub] >= outlane->seq || outlane->is_disowned ||
        !wlk_post_is_in_force(post, outlane->lane.arrangement))
        return false;
    while (outlane->sent[out->hub] < outlane->seq) {
        uint64_t seq = ++outlane->sent[out->hub];
        if (!write_record(out, outlane, seq))
            continue; /* lost with the memory of an earlier run, when the disk was full */
        if (seq <= outlane->sent_most[out->hub])
            post->counts.sent_again++;
        else
            outlane->sent_most[out->hub] = seq;
        return true;
    }
    return false;
}

static bool write_records(struct outgoing *out)
{
    struct wlk_post *post = out->post;
    for (size_t i = 0; i < post->outlane_count; i++) {
        size_t turn = (out->link->turn + i) % post->outlane_count;
        if (!write_next(out, &post->outlane[turn]))
            continue;
        out->link->turn = turn + 1;
        return true;
    }
    return false;
}

static bool write_any(struct outgoing *out)
{
    bool is_status = out->link_class == WLK_CLASS_STATUS;
    if (out->link->hello_due)
        return write_hello(out);
    if (!out->link->has_hello)
        return false;
    if (write_ping(out) || write_answer(out))
        return true;
    if (is_status && (write_statement(out) || write_status(out)))
        return true;
    if (out->link_class == WLK_CLASS_TRACK && write_launch(out))
        return true;
    return write_records(out);
}

bool wlk_post_outgoing(struct wlk_post *post, size_t hub, enum wlk_class link_class,
                       const uint8_t **bytes, size_t *size)
{
    WLK_ASSERT(hub < post->hub_count);
    struct outgoing out = {post, hub, link_class,
                           &post->link[hub][wlk_post_link_index(link_class)], 0};
    if (!out.link->is_up || !write_any(&out))
        return false;
    *bytes = post->frame;
    *size = out.size;
    return true;
}
