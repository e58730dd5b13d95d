/* hub_out.c -- the next frame for a connection of a nation.
 *
 * Records are read from the journal behind a cursor per (lane, nation). "The verdict is
 * checked again when a queued record is sent" (DESIGN.md 4): what passed an hour ago may be
 * too old, its event over, or its arrangement dead.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/hub_private.h"

#include "base/assert.h"

struct outgoing {
    struct wlk_hub *hub;
    size_t nation;
    enum wlk_class link_class;
    struct hub_link *link;
    size_t size; /* of hub->frame */
};

static bool encode(struct outgoing *out, const struct wlk_frame *frame)
{
    struct wlk_writer writer = {out->hub->frame, sizeof out->hub->frame, 0};
    if (wlk_frame_encode(frame, out->hub->mark, &writer) != WLK_OK)
        return false;
    out->size = writer.at;
    return true;
}

static bool encode_record(struct outgoing *out, const uint8_t *bytes, size_t size)
{
    struct wlk_frame frame = {.kind = WLK_FRAME_RECORD, .bytes = bytes, .size = size};
    out->hub->counts.forwarded++;
    return encode(out, &frame);
}

static const wlk_name *own_name(const struct outgoing *out)
{
    return &out->hub->nation[out->nation].name;
}

static bool is_of_link(const struct outgoing *out, const struct hub_lane *lane)
{
    return wlk_post_link(lane->lane.record_class) == out->link_class;
}

/* How far the hub has the nation's own lanes. */
static bool write_hello(struct outgoing *out)
{
    struct wlk_hub *hub = out->hub;
    struct wlk_frame frame = {
        .kind = WLK_FRAME_HELLO, .sender = hub->name, .link = out->link_class};
    for (size_t i = hub->lane_count; i-- > 0 && frame.mark_count < WLK_HELLO_HEADS_MAX;) {
        const struct hub_lane *lane = &hub->lane[i];
        if (is_of_link(out, lane) && wlk_name_equal(lane->originator, *own_name(out)))
            hub->mark[frame.mark_count++] =
                (struct wlk_lane_mark){lane->originator, lane->lane, lane->seq};
    }
    out->link->hello_due = false;
    return encode(out, &frame);
}

static bool write_answer(struct outgoing *out, struct hub_lane *lane)
{
    struct wlk_frame frame = {.kind = WLK_FRAME_ACK,
                              .mark = {lane->originator, lane->lane, lane->durable},
                              .stage = WLK_ACK_DURABLE};
    if (lane->ask_from) {
        frame.kind = WLK_FRAME_ASK;
        frame.mark.seq = lane->ask_from;
        frame.last = INT64_MAX; /* everything from there: the rest was not taken */
        lane->ask_from = 0;
        return encode(out, &frame);
    }
    if (lane->acked_durable >= lane->durable)
        return false;
    lane->acked_durable = lane->durable;
    return encode(out, &frame);
}

static bool write_answers(struct outgoing *out)
{
    struct wlk_hub *hub = out->hub;
    if (out->link->pong_due) {
        struct wlk_frame pong = {.kind = WLK_FRAME_PONG, .token = out->link->pong_token};
        out->link->pong_due = false;
        return encode(out, &pong);
    }
    for (size_t i = 0; i < hub->lane_count; i++)
        if (is_of_link(out, &hub->lane[i]) &&
            wlk_name_equal(hub->lane[i].originator, *own_name(out)) &&
            write_answer(out, &hub->lane[i]))
            return true;
    return false;
}

/* Only to the parties: nobody learns of arrangements that are not his. */
static bool write_statement(struct outgoing *out)
{
    struct wlk_standing *standing = out->hub->standing;
    struct wlk_frame frame = {.kind = WLK_FRAME_STATEMENT};
    enum wlk_statement_kind kind;
    while (out->link->statement_at < wlk_standing_count(standing)) {
        size_t at = out->link->statement_at++;
        if (!wlk_standing_is_for(standing, at, *own_name(out)) ||
            !wlk_standing_statement(standing, at, &kind, &frame.bytes, &frame.size))
            continue;
        frame.statement = (uint8_t)kind;
        return encode(out, &frame);
    }
    return false;
}

static bool write_status(struct outgoing *out)
{
    struct hub_nation *nation = &out->hub->nation[out->nation];
    size_t length;
    if (nation->status_at >= nation->status_end)
        return false;
    wlk_status status = wlk_frame_scan(nation->status + nation->status_at,
                                       nation->status_end - nation->status_at, &length);
    WLK_ASSERT(status == WLK_OK); /* we wrote it */
    out->size = WLK_FRAME_PREFIX + length;
    memcpy(out->hub->frame, nation->status + nation->status_at, out->size);
    nation->status_at += out->size;
    return true;
}

/* Its key was ended while the record waited. */
static const struct wlk_verdict key_ended = {
    .kind = WLK_REFUSE, .reason = WLK_BECAUSE_NOT_IN_FORCE, .rule = 255};

static void refuse_late(struct outgoing *out, struct hub_lane *lane, uint64_t seq,
                        const struct wlk_agreement *agreement,
                        const struct wlk_verdict *verdict)
{
    struct wlk_hub *hub = out->hub;
    wlk_hub_log(hub, &hub->hot.claim, agreement, *own_name(out), verdict);
    wlk_hub_keep(hub, NULL);
    wlk_hub_notice(hub, &hub->hot.claim, agreement, *own_name(out), verdict);
    hub->counts.refused_late++;
    if (wlk_journal_verdict(hub->journal, lane->id, seq, hub->hot_verdicts.bytes,
                            hub->hot_verdicts.size) != WLK_OK)
        hub->counts.unjournalled++;
}

/* A partner's record: as it came, groups withheld as the verdict says. */
static bool write_record(struct outgoing *out, struct hub_lane *lane, uint64_t seq)
{
    struct wlk_hub *hub = out->hub;
    const struct wlk_agreement *agreement;
    wlk_name recipient = *own_name(out);
    uint8_t party;
    if (!wlk_hub_recall(hub, lane, seq, &agreement) ||
        !wlk_arrangement_party(&agreement->arrangement, recipient, &party))
        return false;
    uint8_t *first = &hub->hot_verdicts.bytes[party * VERDICT_BYTES];
    if ((size_t)party * VERDICT_BYTES >= hub->hot_verdicts.size || first[0] == WLK_REFUSE)
        return false;
    struct wlk_verdict verdict =
        wlk_hub_ask(hub, &hub->hot.claim, agreement, recipient, false);
    if (wlk_standing_doubt(hub->standing, &hub->hot.claim) != WLK_KEY_GOOD)
        verdict = key_ended;
    if (wlk_release_pass(&hub->hot, &verdict, recipient, hub->passed) != WLK_OK) {
        first[0] = WLK_REFUSE;
        first[1] = 0;
        refuse_late(out, lane, seq, agreement, &verdict);
        return false;
    }
    return encode_record(out, wlk_released_bytes(hub->passed), wlk_released_size(hub->passed));
}

/* The hub's own notices: to every party while in force, then to the originator of what was
 * refused only ("even after the arrangement has ended"). */
static bool write_notice(struct outgoing *out, struct hub_lane *lane, uint64_t seq)
{
    struct wlk_hub *hub = out->hub;
    const struct wlk_force *force = wlk_standing_force(hub->standing);
    const struct wlk_agreement *agreement;
    uint8_t party;
    if (!wlk_hub_recall(hub, lane, seq, &agreement) ||
        !wlk_arrangement_party(&agreement->arrangement, *own_name(out), &party))
        return false;
    const struct wlk_claim *claim = &hub->hot.claim;
    if (wlk_arrangement_in_force(force, &agreement->digest, hub->now.utc) !=
            WLK_FORCE_IN_FORCE &&
        (wlk_refused_content_decode(&claim->disclosure[0], &hub->content.refused, NULL) !=
             WLK_OK ||
         !wlk_name_equal(hub->content.refused.originator, *own_name(out))))
        return false;
    return encode_record(out, claim->bytes, claim->size);
}

static bool is_party(const struct outgoing *out, wlk_name arrangement)
{
    const struct wlk_force *force = wlk_standing_force(out->hub->standing);
    uint8_t index;
    for (size_t a = 0; a < force->count; a++)
        if (wlk_name_equal(force->agreement[a].arrangement.name, arrangement) &&
            wlk_arrangement_party(&force->agreement[a].arrangement, *own_name(out), &index))
            return true;
    return false;
}

/* Newest record of each object first, for a nation that comes late or was long away. */
static bool write_snapshot(struct outgoing *out, struct hub_lane *lane)
{
    uint64_t seq;
    while (lane->snapshot_at[out->nation] < lane->snapshot_end[out->nation]) {
        if (wlk_journal_newest(out->hub->journal, lane->id, lane->snapshot_at[out->nation],
                               lane->snapshot_end[out->nation], &seq) != WLK_OK) {
            lane->snapshot_end[out->nation] = 0;
            return false;
        }
        lane->snapshot_at[out->nation] = seq;
        if (write_record(out, lane, seq))
            return true;
    }
    return false;
}

static bool write_next(struct outgoing *out, struct hub_lane *lane)
{
    bool is_notice = lane->lane.record_class == WLK_CLASS_NOTICE;
    uint64_t *sent = &lane->sent[out->nation];
    if (*sent >= lane->seq || !is_of_link(out, lane) ||
        wlk_name_equal(lane->originator, *own_name(out)) ||
        !is_party(out, lane->lane.arrangement))
        return false;
    if (write_snapshot(out, lane))
        return true;
    while (*sent < lane->seq) {
        uint64_t seq = ++*sent;
        if (is_notice ? write_notice(out, lane, seq) : write_record(out, lane, seq))
            return true;
    }
    return false;
}

static bool write_records(struct outgoing *out)
{
    struct wlk_hub *hub = out->hub;
    for (size_t i = 0; i < hub->lane_count; i++) {
        size_t turn = (out->link->turn + i) % hub->lane_count;
        if (!write_next(out, &hub->lane[turn]))
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
    if (write_answers(out))
        return true;
    if (is_status && (write_statement(out) || write_status(out)))
        return true;
    return write_records(out);
}

bool wlk_hub_outgoing(struct wlk_hub *hub, wlk_name name, enum wlk_class link_class,
                      struct wlk_moment now, const uint8_t **bytes, size_t *size)
{
    struct outgoing out = {.hub = hub, .link_class = link_class};
    hub->now = now;
    if (!wlk_hub_nation_index(hub, name, &out.nation))
        return false;
    out.link = &hub->nation[out.nation].link[wlk_post_link_index(link_class)];
    if (!out.link->is_up || !write_any(&out))
        return false;
    *bytes = hub->frame;
    *size = out.size;
    return true;
}
