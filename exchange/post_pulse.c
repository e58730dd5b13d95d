/* post_pulse.c -- what a post does because time passes: heartbeats, receipts, durable marks,
 * questions about gaps, and who is alive.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/post_private.h"

#include "base/assert.h"

#include <stdio.h>

/* ---- what partners and hubs tell ---- */

static struct partner *partner_of(struct wlk_post *post, wlk_name arrangement, wlk_name name)
{
    for (size_t i = 0; i < post->partner_count; i++)
        if (wlk_name_equal(post->partner[i].name, name) &&
            wlk_name_equal(post->partner[i].arrangement, arrangement))
            return &post->partner[i];
    if (post->partner_count == PARTNERS_MAX)
        return NULL;
    struct partner *partner = &post->partner[post->partner_count++];
    memset(partner, 0, sizeof *partner);
    partner->arrangement = arrangement;
    partner->name = name;
    partner->heard = post->now.mono;
    return partner;
}

void wlk_post_hub_heard(struct wlk_post *post, size_t hub)
{
    struct waiting waiting = {.kind = WLK_DELIVERY_HUB_BACK, .hub = (uint16_t)hub};
    post->hub_heard[hub] = post->now.mono;
    if (!post->hub_alive[hub] && post->hub_lost_told[hub])
        wlk_post_push(post, &waiting);
    post->hub_alive[hub] = true;
    post->hub_lost_told[hub] = false;
}

/* "silence never looks like calm": the partner says how far its lanes go. */
static void take_heads(struct wlk_post *post, wlk_name partner, wlk_name arrangement,
                       const struct wlk_status_content *status)
{
    for (size_t i = 0; i < status->head_count; i++) {
        const struct wlk_head *head = &status->head[i];
        if (wlk_name_equal(head->originator, post->nation))
            wlk_post_compare_head(post, head);
        if (!wlk_name_equal(head->originator, partner) || !head->seq ||
            head->lane.record_class == WLK_CLASS_STATUS || head->seq > INT64_MAX ||
            head->lane.nature != post->key_nature ||
            !wlk_name_equal(head->lane.arrangement, arrangement))
            continue;
        struct wlk_inlane *inlane = wlk_post_inlane(post, partner, &head->lane);
        if (inlane && head->seq > inlane->claimed)
            inlane->claimed = head->seq;
    }
}

/* Scenario time may run faster than the steady clock; then so do the ages that count. */
static bool is_fresh(const struct wlk_post *post, wlk_utc time)
{
    int64_t steady_ns = post->now.mono.ns - post->opened.mono.ns;
    int64_t scenario_ns = post->now.utc.ns - post->opened.utc.ns;
    int64_t rate = steady_ns > HEARTBEAT_NS ? (scenario_ns + steady_ns / 2) / steady_ns : 0;
    int64_t limit_ns = LOST_NS * (rate > 1 ? rate : 1) + (int64_t)post->clock_error_ns;
    return steady_ns <= HEARTBEAT_NS || post->now.utc.ns - time.ns <= limit_ns;
}

/* A hub that lost its power may have claimed notices that were not on its disk: what they said
 * it says again, in the lane of its new start. Of the lanes of earlier starts its newest word
 * counts, which take_heads then reads. */
static void forget_claims(struct wlk_post *post, const struct wlk_header *heartbeat,
                          const struct wlk_status_content *status)
{
    for (size_t i = 0; status->head_count < WLK_HEADS_MAX && i < post->inlane_count; i++) {
        struct wlk_inlane *inlane = &post->inlane[i];
        if (inlane->lane.record_class == WLK_CLASS_NOTICE &&
            inlane->lane.generation < heartbeat->lane.generation &&
            wlk_name_equal(inlane->originator, heartbeat->originator) &&
            wlk_name_equal(inlane->lane.arrangement, heartbeat->lane.arrangement))
            inlane->claimed = 0;
    }
}

static void take_heartbeat(struct wlk_post *post, size_t hub, const struct wlk_claim *claim,
                           struct partner *partner)
{
    struct waiting back = {.kind = WLK_DELIVERY_PARTNER_BACK,
                           .at = (uint32_t)(partner - post->partner)};
    if (wlk_status_content_decode(&claim->disclosure[0], &post->content.status, NULL) !=
        WLK_OK) {
        post->counts.malformed++;
        return;
    }
    if (!partner->is_hub)
        wlk_post_view_partner(post, hub, claim, &post->content.status);
    if (claim->header.time.ns <= partner->newest.ns)
        return; /* by the other hub, or replayed: says nothing about now */
    partner->newest = claim->header.time;
    forget_claims(post, &claim->header, &post->content.status);
    take_heads(post, partner->name, partner->arrangement, &post->content.status);
    if (partner->is_hub) {
        wlk_post_view_heartbeat(post, claim, &post->content.status);
        wlk_post_watch_heartbeat(post, hub, claim, &post->content.status);
    }
    if (!is_fresh(post, claim->header.time)) {
        post->counts.late_status++; /* "silence never looks like calm": nor do old words */
        return;
    }
    partner->heard = post->now.mono;
    if (!partner->is_hub && partner->is_lost_told)
        wlk_post_push(post, &back);
    partner->is_alive = true;
    partner->is_lost_told = false;
}

void wlk_post_take_status(struct wlk_post *post, size_t hub, const struct wlk_record *record)
{
    const struct wlk_claim *claim = &record->claim;
    struct partner *partner = partner_of(post, claim->header.lane.arrangement,
                                         claim->header.originator);
    if (!partner) {
        post->counts.dropped_status++;
        return;
    }
    for (size_t h = 0; h < post->hub_count; h++)
        partner->is_hub = partner->is_hub || wlk_name_equal(partner->name, post->hub[h]);
    if (claim->header.type == WLK_TYPE_STATUS) {
        take_heartbeat(post, hub, claim, partner);
        return;
    }
    if (wlk_receipt_content_decode(&claim->disclosure[0], &post->receipt, NULL) != WLK_OK) {
        post->counts.malformed++;
        return;
    }
    struct waiting waiting = {.kind = WLK_DELIVERY_RECEIPT,
                              .at = (uint32_t)(partner - post->partner)};
    if (!wlk_name_equal(post->receipt.originator, post->nation))
        return;
    wlk_post_push(post, &waiting);
    wlk_post_confirm_settle(post, partner->name, &post->receipt.lane, 1,
                            post->receipt.received_seq);
}

/* ---- what this nation tells ---- */

static void fill_label(const struct wlk_arrangement *arrangement, wlk_name self,
                       struct wlk_label *out)
{
    memset(out, 0, sizeof *out);
    snprintf(out->policy, sizeof out->policy, "warnlink");
    for (size_t p = 0; p < arrangement->party_count; p++)
        if (!wlk_name_equal(arrangement->party[p], self))
            out->releasable[out->releasable_count++] = arrangement->party[p];
}

/* Seals post->content as one status record and queues its frame. */
static void seal_status(struct wlk_post *post, const struct wlk_agreement *agreement,
                        enum wlk_type type)
{
    uint8_t salt[1][WLK_SALT_SIZE];
    struct wlk_lane_head head;
    struct wlk_egress egress = {.arrangement = &agreement->arrangement,
                                .digest = &agreement->digest,
                                .is_in_force = true,
                                .originator = post->nation,
                                .key = &post->key,
                                .keyring = wlk_standing_keyring(post->standing),
                                .now = post->now.utc,
                                .clock_error_ns = post->clock_error_ns};
    struct wlk_draft draft = {.content = &post->content,
                              .salt = (const uint8_t(*)[WLK_SALT_SIZE])salt};
    struct wlk_header *header = &draft.header;
    header->time = post->now.utc;
    header->has_clock_error = true;
    header->clock_error_ns = post->clock_error_ns;
    header->type = type;
    header->nature = post->key_nature;
    header->valid_until.ns = post->now.utc.ns + LOST_NS;
    header->group_count = 1;
    header->group[0].group = WLK_GROUP_BODY;
    header->group[0].classification = WLK_UNCLASSIFIED;
    fill_label(&agreement->arrangement, post->nation, &header->label);
    post->salts.draw(post->salts.context, salt[0]);
    struct wlk_writer out = {post->status, sizeof post->status, post->status_size};
    if (wlk_post_lane(post, agreement->arrangement.name, WLK_CLASS_STATUS, post->key_nature,
                      &head) != WLK_OK ||
        wlk_release_seal(&egress, &draft, &head, post->released, NULL) != WLK_OK) {
        post->counts.dropped_status++;
        return;
    }
    struct wlk_frame frame = {.kind = WLK_FRAME_RECORD,
                              .bytes = wlk_released_bytes(post->released),
                              .size = wlk_released_size(post->released)};
    if (wlk_frame_encode(&frame, NULL, &out) != WLK_OK) {
        post->counts.dropped_status++;
        return;
    }
    post->status_size = out.at;
    post->counts.heartbeats++;
}

static void fill_heads(const struct wlk_post *post, wlk_name arrangement,
                       struct wlk_status_content *out)
{
    wlk_post_view_fill(post, arrangement, out);
    for (size_t i = post->outlane_count; i-- > 0 && out->head_count < WLK_HEADS_MAX;) {
        const struct outlane *outlane = &post->outlane[i];
        if (wlk_name_equal(outlane->lane.arrangement, arrangement) && outlane->seq &&
            !outlane->is_disowned)
            out->head[out->head_count++] = (struct wlk_head){
                post->nation, outlane->lane, outlane->seq, outlane->digest};
    }
    for (size_t i = post->inlane_count; i-- > 0 && out->head_count < WLK_HEADS_MAX;) {
        const struct wlk_inlane *inlane = &post->inlane[i];
        if (wlk_name_equal(inlane->lane.arrangement, arrangement) && inlane->came.head &&
            inlane->has_digest)
            out->head[out->head_count++] = (struct wlk_head){
                inlane->originator, inlane->lane, inlane->came.head, inlane->digest};
    }
}

/* In between only those that an originator waits for: of warnings. */
static void seal_receipts(struct wlk_post *post, const struct wlk_agreement *agreement,
                          bool is_second)
{
    for (size_t i = 0; i < post->inlane_count; i++) {
        struct wlk_inlane *inlane = &post->inlane[i];
        if (!wlk_name_equal(inlane->lane.arrangement, agreement->arrangement.name) ||
            inlane->lane.record_class == WLK_CLASS_NOTICE ||
            (!is_second && inlane->lane.record_class != WLK_CLASS_WARN) ||
            (inlane->told_received == inlane->came.head &&
             inlane->told_durable == inlane->durable && inlane->told_shown == inlane->shown))
            continue;
        inlane->told_received = inlane->came.head;
        inlane->told_durable = inlane->durable;
        inlane->told_shown = inlane->shown;
        memset(&post->content, 0, sizeof post->content);
        post->content.receipt = (struct wlk_receipt_content){
            inlane->originator, inlane->lane, inlane->came.head, inlane->durable,
            inlane->shown};
        seal_status(post, agreement, WLK_TYPE_RECEIPT);
    }
}

static void beat_for(struct wlk_post *post, const struct wlk_agreement *agreement,
                     bool is_second)
{
    const struct wlk_arrangement *arrangement = &agreement->arrangement;
    for (size_t p = 0; p < arrangement->party_count; p++)
        if (!wlk_name_equal(arrangement->party[p], post->nation))
            (void)partner_of(post, arrangement->name, arrangement->party[p]);
    memset(&post->content, 0, sizeof post->content);
    post->content.status.clock_error_ns = post->clock_error_ns;
    post->content.status.started_ns = (uint64_t)post->opened.utc.ns;
    post->content.status.version =
        wlk_force_version(wlk_standing_force(post->standing), arrangement->name);
    fill_heads(post, arrangement->name, &post->content.status);
    seal_status(post, agreement, WLK_TYPE_STATUS);
    seal_receipts(post, agreement, is_second);
}

static bool is_hurried(const struct wlk_post *post, wlk_name arrangement)
{
    for (size_t i = 0; i < post->hurry_count; i++)
        if (wlk_name_equal(post->hurry[i], arrangement))
            return true;
    return false;
}

void wlk_post_hurry(struct wlk_post *post, wlk_name arrangement)
{
    if (!is_hurried(post, arrangement) && post->hurry_count < WLK_ARRANGEMENTS_MAX)
        post->hurry[post->hurry_count++] = arrangement;
}

/* Every second for all arrangements, in between for those where a warning went or came. Newest
 * only: what was not sent of the last second is dropped. */
static void beat(struct wlk_post *post, bool is_second)
{
    const struct wlk_force *force = wlk_standing_force(post->standing);
    uint8_t index;
    if (is_second) {
        post->status_size = 0;
        for (size_t h = 0; h < post->hub_count; h++)
            for (size_t c = 0; c < WLK_LINK_CLASSES; c++)
                post->link[h][c].status_at = 0;
    }
    for (size_t a = 0; a < force->count; a++) {
        const struct wlk_agreement *agreement = &force->agreement[a];
        wlk_name name = agreement->arrangement.name;
        if ((is_second || is_hurried(post, name)) &&
            wlk_force_named(force, name, post->now.utc) == agreement &&
            wlk_arrangement_party(&agreement->arrangement, post->nation, &index))
            beat_for(post, agreement, is_second);
    }
    post->hurry_count = 0;
    post->hurried_at = post->now.mono;
}

/* ---- timeouts ---- */

static void watch_partners(struct wlk_post *post)
{
    for (size_t i = 0; i < post->partner_count; i++) {
        struct partner *partner = &post->partner[i];
        struct waiting lost = {.kind = WLK_DELIVERY_PARTNER_LOST, .at = (uint32_t)i};
        if (post->now.mono.ns - partner->heard.ns <= LOST_NS)
            continue;
        partner->is_alive = false;
        if (partner->is_hub || partner->is_lost_told ||
            !wlk_post_is_in_force(post, partner->arrangement))
            continue;
        partner->is_lost_told = true;
        wlk_post_push(post, &lost);
    }
    for (size_t h = 0; h < post->hub_count; h++) {
        struct waiting lost = {.kind = WLK_DELIVERY_HUB_LOST, .hub = (uint16_t)h};
        if (post->now.mono.ns - post->hub_heard[h].ns <= LOST_NS)
            continue;
        post->hub_alive[h] = false;
        if (!post->hub_lost_told[h])
            wlk_post_push(post, &lost);
        post->hub_lost_told[h] = true;
    }
}

/* Two marks in turn: the newest head that was on its way when the last one arrived. */
static void watch_durable(struct wlk_post *post, struct wlk_inlane *inlane)
{
    if (wlk_journal_durable(post->journal) >= inlane->candidate_mark) {
        inlane->durable = inlane->candidate;
        inlane->candidate = inlane->came.head;
        inlane->candidate_mark = wlk_journal_mark(post->journal);
    }
}

static void watch_gap(struct wlk_post *post, struct wlk_inlane *inlane)
{
    uint64_t first, last;
    if (!wlk_seqs_missing(&inlane->came, inlane->claimed, &first, &last) ||
        !wlk_post_is_in_force(post, inlane->lane.arrangement)) {
        inlane->has_gap = inlane->is_gap_told = false;
        return;
    }
    if (!inlane->has_gap) {
        inlane->has_gap = true;
        inlane->gap_since = post->now.mono;
        inlane->asked_at.ns = post->now.mono.ns - ASK_AGAIN_NS + ASK_AFTER_NS;
        return;
    }
    if (post->now.mono.ns - inlane->asked_at.ns >= ASK_AGAIN_NS) {
        inlane->asked_at = post->now.mono;
        for (size_t h = 0; h < post->hub_count; h++)
            inlane->ask_due[h] = last;
    }
    if (post->now.mono.ns - inlane->gap_since.ns < GAP_NS || inlane->is_gap_told)
        return;
    struct waiting gap = {.kind = WLK_DELIVERY_GAP,
                          .at = (uint32_t)(inlane - post->inlane),
                          .first = first,
                          .last = last};
    inlane->is_gap_told = true;
    post->counts.gaps += last - first + 1;
    wlk_post_push(post, &gap);
    if (inlane->lane.record_class == WLK_CLASS_WARN)
        wlk_post_release_held(post, inlane, inlane->came.highest);
}

static void watch_links(struct wlk_post *post)
{
    for (size_t h = 0; h < post->hub_count; h++)
        for (size_t c = 0; c < WLK_LINK_CLASSES; c++) {
            struct link *link = &post->link[h][c];
            if (link->is_up && link->pings == link->ponged &&
                post->now.mono.ns - link->pinged.ns >= HEARTBEAT_NS)
                link->ping_due = true;
        }
}

/* Where the next start goes on. */
static void mark_lanes(struct wlk_post *post)
{
    for (size_t i = 0; i < post->inlane_count; i++)
        if (post->inlane[i].has_digest)
            wlk_journal_reached(post->journal, post->inlane[i].id, post->inlane[i].came.head,
                                &post->inlane[i].digest);
    for (size_t i = 0; i < post->outlane_count; i++)
        wlk_journal_reached(post->journal, post->outlane[i].id, post->outlane[i].seq,
                            &post->outlane[i].digest);
}

void wlk_post_tick(struct wlk_post *post, struct wlk_moment now)
{
    post->now = now;
    bool is_durable_due = now.mono.ns - post->durable_at.ns >= DURABLE_NS;
    if (is_durable_due)
        post->durable_at = now.mono;
    for (size_t i = 0; i < post->inlane_count; i++) {
        if (is_durable_due)
            watch_durable(post, &post->inlane[i]);
        watch_gap(post, &post->inlane[i]);
    }
    watch_links(post);
    watch_partners(post);
    wlk_post_mark_suspect(post);
    wlk_post_watch_tick(post);
    wlk_post_confirm_tick(post);
    wlk_prune_step(&post->prune, post->journal, wlk_standing_force(post->standing), now.utc);
    bool is_second = !post->has_beaten || now.mono.ns - post->beat_at.mono.ns >= HEARTBEAT_NS;
    if (is_second) {
        post->has_beaten = true;
        post->beat_at = now;
        wlk_standing_tick(post->standing, now.utc);
        mark_lanes(post);
    }
    if (is_second ||
        (post->hurry_count && now.mono.ns - post->hurried_at.ns >= HURRY_NS))
        beat(post, is_second);
}

bool wlk_post_hub_alive(const struct wlk_post *post, size_t hub)
{
    return post->hub_alive[hub];
}

bool wlk_post_partner_alive(const struct wlk_post *post, wlk_name arrangement, wlk_name name)
{
    for (size_t i = 0; i < post->partner_count; i++)
        if (wlk_name_equal(post->partner[i].name, name) &&
            wlk_name_equal(post->partner[i].arrangement, arrangement))
            return post->partner[i].is_alive;
    return false;
}
