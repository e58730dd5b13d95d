/* post_in.c -- frames from the hubs: verify, remove doubles, journal, hand on.
 *
 * The hub is trusted with nothing: each record is verified under its originator's key and
 * asked again of the arrangement, as the hub should have done.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/post_private.h"

#include "base/assert.h"
#include "release/question.h"

/* ---- connections ---- */

void wlk_post_connected(struct wlk_post *post, size_t hub, enum wlk_class link_class,
                        struct wlk_moment now)
{
    WLK_ASSERT(hub < post->hub_count);
    struct link *link = &post->link[hub][wlk_post_link_index(link_class)];
    memset(link, 0, sizeof *link);
    link->is_up = link->hello_due = true;
    link->heard = link->pinged = now.mono;
    link->status_at = post->status_size; /* heartbeats of the past are of no use */
    post->now = now;
    for (size_t i = 0; i < post->inlane_count; i++) {
        struct wlk_inlane *inlane = &post->inlane[i];
        if (wlk_post_link(inlane->lane.record_class) == link_class)
            inlane->acked_durable[hub] = 0;
    }
    wlk_post_watch_connected(post, hub, link_class);
}

void wlk_post_disconnected(struct wlk_post *post, size_t hub, enum wlk_class link_class,
                           struct wlk_moment now)
{
    WLK_ASSERT(hub < post->hub_count);
    post->link[hub][wlk_post_link_index(link_class)].is_up = false;
    post->now = now;
}

bool wlk_post_is_stalled(const struct wlk_post *post, size_t hub, enum wlk_class link_class)
{
    const struct link *link = &post->link[hub][wlk_post_link_index(link_class)];
    bool is_unanswered = link->pings > link->ponged &&
                         post->now.mono.ns - link->pinged.ns > PONG_NS;
    return link->is_up && (post->now.mono.ns - link->heard.ns > STALL_NS || is_unanswered);
}

static struct outlane *own_lane(struct wlk_post *post, const struct wlk_lane_mark *mark)
{
    if (!wlk_name_equal(mark->originator, post->nation))
        return NULL;
    for (size_t i = 0; i < post->outlane_count; i++) {
        const struct wlk_lane *lane = &post->outlane[i].lane;
        if (lane->record_class == mark->lane.record_class &&
            lane->nature == mark->lane.nature && lane->generation == mark->lane.generation &&
            wlk_name_equal(lane->arrangement, mark->lane.arrangement))
            return &post->outlane[i];
    }
    return NULL;
}

/* The hub says how far it has our lanes: sending resumes behind that. */
static wlk_status take_hello(struct wlk_post *post, size_t hub, enum wlk_class link_class,
                             const struct wlk_frame *hello)
{
    struct link *link = &post->link[hub][wlk_post_link_index(link_class)];
    struct wlk_lane_mark mark;
    size_t cursor = 0;
    if (hello->link != link_class || !wlk_name_equal(hello->sender, post->hub[hub]) ||
        link->has_hello)
        return WLK_BAD_INPUT;
    for (size_t i = 0; i < post->outlane_count; i++)
        if (wlk_post_link(post->outlane[i].lane.record_class) == link_class)
            post->outlane[i].sent[hub] =
                wlk_prune_from(post->journal, post->outlane[i].id, 0);
    while (wlk_frame_mark(hello, &cursor, &mark) == WLK_OK) {
        wlk_post_compare(post, hub, &mark);
        struct outlane *outlane = own_lane(post, &mark);
        if (outlane && wlk_post_link(outlane->lane.record_class) == link_class)
            outlane->sent[hub] =
                wlk_prune_from(post->journal, outlane->id,
                               mark.seq < outlane->seq ? mark.seq : outlane->seq);
    }
    link->has_hello = true;
    return WLK_OK;
}

static wlk_status take_ack(struct wlk_post *post, size_t hub, const struct wlk_frame *ack)
{
    struct outlane *outlane = own_lane(post, &ack->mark);
    if (!outlane || ack->mark.seq > outlane->seq)
        return WLK_OK; /* of a tail that our disk lost: the hub has more than we know */
    if (ack->mark.seq > outlane->received[hub])
        outlane->received[hub] = ack->mark.seq;
    if (ack->stage != WLK_ACK_DURABLE || ack->mark.seq <= outlane->durable[hub])
        return WLK_OK;
    outlane->durable[hub] = ack->mark.seq;
    if (wlk_journal_acknowledged(post->journal, outlane->id, post->hub[hub],
                                 outlane->received[hub], outlane->durable[hub]) != WLK_OK)
        post->counts.unjournalled++;
    return WLK_OK;
}

static wlk_status take_ask(struct wlk_post *post, size_t hub, enum wlk_class link_class,
                           const struct wlk_frame *ask)
{
    struct outlane *outlane = own_lane(post, &ask->mark);
    if (!outlane || wlk_post_link(outlane->lane.record_class) != link_class)
        return WLK_OK;
    if (ask->mark.seq <= outlane->sent[hub])
        outlane->sent[hub] = wlk_prune_from(post->journal, outlane->id, ask->mark.seq - 1);
    wlk_post_watch_question(post, hub, outlane, ask->mark.seq);
    return WLK_OK;
}

/* ---- records ---- */

const struct wlk_rules *wlk_post_rules(struct wlk_post *post,
                                       const struct wlk_agreement *agreement)
{
    if (!post->has_rules || !wlk_digest_equal(&post->rules_of, &agreement->digest)) {
        wlk_rules_make(&agreement->arrangement, &post->rules);
        post->rules_of = agreement->digest;
        post->has_rules = true;
    }
    return &post->rules;
}

/* The guard's own question, asked again here: a second place where a forbidden record stops.
 * Age, rate and event were the hub's to judge, at the time it sent. */
static bool is_spill(struct wlk_post *post, const struct wlk_claim *claim,
                     const struct wlk_agreement *agreement)
{
    struct wlk_surroundings around = {.arrangement = &agreement->arrangement,
                                      .is_in_force = true,
                                      .recipient = post->nation,
                                      .now = claim->header.time,
                                      .is_event_open = true};
    bool is_shown[WLK_GROUPS_MAX] = {false};
    struct wlk_question question;
    memset(around.token, 1, sizeof around.token);
    for (size_t i = 0; i < claim->header.group_count; i++)
        is_shown[i] = !claim->disclosure[i].is_withheld;
    wlk_question_make(&claim->header, is_shown, &around, &question);
    struct wlk_verdict verdict = wlk_decide(wlk_post_rules(post, agreement), &question);
    return verdict.kind != WLK_PASS;
}

static bool is_for_us(const struct wlk_post *post, const struct wlk_header *header)
{
    for (size_t i = 0; i < header->label.releasable_count; i++)
        if (wlk_name_equal(header->label.releasable[i], post->nation))
            return true;
    return false;
}

static wlk_status journal_record(struct wlk_post *post, const struct wlk_inlane *inlane,
                                 const struct wlk_claim *claim)
{
    const struct wlk_header *header = &claim->header;
    struct wlk_journal_row row = {.lane = inlane->id,
                                  .seq = header->seq,
                                  .digest = claim->digest,
                                  .type = header->type,
                                  .object = header->has_object ? header->object : 0,
                                  .time_ns = header->time.ns,
                                  .at_ns = post->now.utc.ns,
                                  .bytes = claim->bytes,
                                  .size = claim->size};
    return wlk_journal_put(post->journal, &row);
}

/* A copy of a record that is here: nothing new, or more groups shown, or a contradiction. */
static void take_double(struct wlk_post *post, size_t hub, const struct wlk_inlane *inlane,
                        const struct wlk_journal_row *row)
{
    const struct wlk_claim *claim = &post->hot.claim;
    struct wlk_claim old;
    size_t size;
    uint64_t seq = claim->header.seq;
    post->counts.doubles++;
    if (!wlk_digest_equal(&claim->digest, &row->digest)) {
        struct accused what = {WLK_EVIDENCE_SIGNED_TWICE, inlane->originator,
                               inlane->originator, inlane->lane, seq, seq};
        struct proof proof[2] = {{row->bytes, row->size}, {claim->bytes, claim->size}};
        wlk_post_tell_diverged(post, inlane, hub, seq);
        wlk_post_accuse(post, &what, proof, 2);
        return;
    }
    if (row->size == claim->size && !memcmp(row->bytes, claim->bytes, claim->size))
        return;
    if (wlk_claim_decode(row->bytes, row->size, &old, NULL) != WLK_OK ||
        wlk_record_unite(&old, claim, post->cold_bytes, sizeof post->cold_bytes, &size) !=
            WLK_OK ||
        size <= row->size)
        return;
    if (wlk_journal_enrich(post->journal, inlane->id, seq, post->cold_bytes, size) == WLK_OK)
        wlk_post_push_record(post, inlane, seq, RICHER);
}

/* Head moved by itself over what lay in the window: the chain goes on from there. */
static void learn_digest(struct wlk_post *post, struct wlk_inlane *inlane)
{
    struct wlk_journal_row row;
    uint64_t first, last;
    wlk_digest digest;
    inlane->has_digest = true;
    if (wlk_journal_get(post->journal, inlane->id, inlane->came.head, &row) == WLK_OK)
        inlane->digest = row.digest;
    else if (wlk_journal_refused(post->journal, inlane->id, inlane->came.head, &first, &last,
                                 &digest) == WLK_OK && last == inlane->came.head)
        inlane->digest = digest;
    else
        inlane->has_digest = false;
}

static void advance(struct wlk_post *post, struct wlk_inlane *inlane, uint64_t first,
                    uint64_t last, const wlk_digest *digest)
{
    post->counts.gaps += wlk_seqs_note(&inlane->came, first, last);
    if (inlane->came.head == last) {
        inlane->digest = *digest;
        inlane->has_digest = true;
    } else if (inlane->came.head > last) {
        learn_digest(post, inlane);
    }
    if (inlane->lane.record_class == WLK_CLASS_WARN)
        wlk_post_release_held(post, inlane, inlane->came.head);
}

static void apply_notice(struct wlk_post *post, size_t hub, const struct wlk_claim *claim);

static void take_new(struct wlk_post *post, size_t hub, struct wlk_inlane *inlane)
{
    const struct wlk_claim *claim = &post->hot.claim;
    uint64_t seq = claim->header.seq;
    bool was_refused = wlk_seqs_has(&inlane->came, seq);
    bool is_late = seq < inlane->came.highest;
    const wlk_digest digest = claim->digest;
    wlk_status status = journal_record(post, inlane, claim);
    struct chained here = {seq, digest};
    wlk_post_check_previous(post, inlane, hub, &claim->header);
    if (is_late)
        wlk_post_check_next(post, inlane, hub, &here);
    post->counts.unjournalled += status == WLK_IO;
    post->counts.received++;
    post->has_hot = true;
    post->hot_at = (uint32_t)(inlane - post->inlane);
    post->hot_seq = seq;
    if (inlane->lane.record_class == WLK_CLASS_WARN)
        wlk_post_hurry(post, inlane->lane.arrangement); /* the originator waits for a receipt */
    bool is_notice = inlane->lane.record_class == WLK_CLASS_NOTICE;
    bool is_held = inlane->lane.record_class == WLK_CLASS_WARN && seq > inlane->delivered &&
                   !was_refused;
    if (!is_notice && !is_held)
        wlk_post_push_record(post, inlane, seq, is_late ? LATE : NOT_LATE);
    if (!was_refused)
        advance(post, inlane, seq, seq, &digest);
    if (is_notice)
        apply_notice(post, hub, claim);
}

/* "a record beats a notice; different verdicts are an alarm, except for rate, age, event or
 * version" (DESIGN.md 4). */
static bool is_excused(const char *clause)
{
    static const char *const excused[] = {"rate", "age", "event", "version", "not-in-force",
                                         "pruned"};
    for (size_t i = 0; i < sizeof excused / sizeof excused[0]; i++)
        if (!strcmp(clause, excused[i]))
            return true;
    return false;
}

/* row: what came; the notice is the record that came last. */
static void accuse_verdicts(struct wlk_post *post, const struct wlk_inlane *inlane, size_t hub,
                            const struct wlk_journal_row *row)
{
    struct accused what = {WLK_EVIDENCE_VERDICTS, post->hub[hub], inlane->originator,
                           inlane->lane, row->seq, row->seq};
    struct proof proof[2] = {{row->bytes, row->size},
                             {post->hot.claim.bytes, post->hot.claim.size}};
    wlk_post_tell_diverged(post, inlane, hub, row->seq);
    wlk_post_accuse(post, &what, proof, 2);
}

static void note_refused(struct wlk_post *post, size_t hub,
                         const struct wlk_refused_content *refused)
{
    struct wlk_journal_row row;
    struct wlk_inlane *inlane = wlk_post_inlane(post, refused->originator, &refused->lane);
    if (!inlane) {
        post->counts.dropped++;
        return;
    }
    struct chained last = {refused->last_seq, refused->digest};
    wlk_post_watch_notice(post, hub, inlane, refused->first_seq, refused->last_seq);
    for (uint64_t above = refused->first_seq - 1;
         wlk_journal_next(post->journal, inlane->id, above, &row) == WLK_OK &&
         row.seq <= refused->last_seq;) {
        above = row.seq; /* the row is a view: an accusation may end it */
        if (!is_excused(refused->clause))
            accuse_verdicts(post, inlane, hub, &row);
        if (refused->first_seq == refused->last_seq)
            return;
    }
    post->counts.refused_notices += refused->last_seq - refused->first_seq + 1;
    (void)!wlk_journal_refuse(post->journal, inlane->id, refused->first_seq,
                              refused->last_seq, &refused->digest);
    wlk_post_check_next(post, inlane, hub, &last);
    advance(post, inlane, refused->first_seq, refused->last_seq, &refused->digest);
}

static void apply_notice(struct wlk_post *post, size_t hub, const struct wlk_claim *claim)
{
    struct wlk_refused_content *refused = &post->refused;
    if (wlk_refused_content_decode(&claim->disclosure[0], refused, NULL) != WLK_OK ||
        refused->first_seq < 1 || refused->last_seq < refused->first_seq ||
        !wlk_name_equal(refused->lane.arrangement, claim->header.lane.arrangement)) {
        post->counts.malformed++;
        return;
    }
    bool is_ours = wlk_name_equal(refused->originator, post->nation);
    bool is_to_us = wlk_name_equal(refused->recipient, post->nation);
    if (!is_ours && is_to_us)
        note_refused(post, hub, refused);
    if (is_ours)
        wlk_post_confirm_settle(post, refused->recipient, &refused->lane, refused->first_seq,
                                refused->last_seq);
    if (!is_ours && !is_to_us)
        return;
    struct waiting waiting = {.kind = WLK_DELIVERY_NOTICE,
                              .hub = (uint16_t)hub,
                              .at = post->hot_at,
                              .first = post->hot_seq,
                              .last = post->hot_seq};
    wlk_post_push(post, &waiting);
}

/* It is not taken here, but the hub did bring it. */
static void watch_refused(struct wlk_post *post, size_t hub, const struct wlk_claim *claim)
{
    const struct wlk_header *header = &claim->header;
    const struct wlk_inlane *inlane =
        wlk_post_find_inlane(post, header->originator, &header->lane);
    if (inlane && header->has_seq)
        wlk_post_watch_record(post, hub, inlane, claim);
}

/* Decodes and verifies into post->hot. False: counted. */
static bool admit(struct wlk_post *post, size_t hub, const uint8_t *bytes, size_t size)
{
    struct wlk_claim claim;
    const struct wlk_agreement *agreement;
    post->has_hot = false;
    memcpy(post->hot_bytes, bytes, size);
    if (wlk_claim_decode(post->hot_bytes, size, &claim, NULL) != WLK_OK) {
        post->counts.malformed++;
        return false;
    }
    const struct wlk_header *header = &claim.header;
    if (wlk_name_equal(header->originator, post->nation) || !is_for_us(post, header)) {
        post->counts.not_for_us++;
        return false;
    }
    if (header->nature != post->key_nature) {
        post->counts.other_nature++;
        return false;
    }
    wlk_status status = wlk_standing_verify(post->standing, &claim, post->now.utc, &post->hot,
                                            &agreement);
    bool is_notice = header->lane.record_class == WLK_CLASS_NOTICE;
    if (status == WLK_BAD_SIGNATURE) {
        if (wlk_standing_hear(post->standing, &claim))
            post->counts.outdated++;
        else
            post->counts.bad_signature++;
        return false;
    }
    if (status != WLK_OK && !is_notice) {
        post->counts.not_in_force++;
        watch_refused(post, hub, &claim);
        return false;
    }
    if (header->time.ns > post->now.utc.ns + AHEAD_NS + (int64_t)post->clock_error_ns) {
        post->counts.stale++;
        watch_refused(post, hub, &claim);
        return false;
    }
    if (!is_notice && header->has_seq && is_spill(post, &claim, agreement)) {
        post->counts.spilled++;
        watch_refused(post, hub, &claim);
        return false;
    }
    return true;
}

void wlk_post_take_record(struct wlk_post *post, size_t hub, const uint8_t *bytes, size_t size)
{
    struct wlk_journal_row row;
    if (!admit(post, hub, bytes, size))
        return;
    const struct wlk_header *header = &post->hot.claim.header;
    if (!header->has_seq) {
        wlk_post_take_status(post, hub, &post->hot);
        return;
    }
    struct wlk_inlane *inlane = wlk_post_inlane(post, header->originator, &header->lane);
    if (!inlane) {
        post->counts.dropped++;
        return;
    }
    wlk_post_begin_late(post, hub, inlane, header);
    wlk_post_watch_record(post, hub, inlane, &post->hot.claim);
    if (!wlk_seqs_has(&inlane->came, header->seq))
        take_new(post, hub, inlane);
    else if (wlk_journal_get(post->journal, inlane->id, header->seq, &row) == WLK_OK)
        take_double(post, hub, inlane, &row);
    else if (header->seq > wlk_journal_past(post->journal, inlane->id))
        take_new(post, hub, inlane); /* it was refused */
    else
        post->counts.doubles++; /* it was pruned */
}

/* ---- dispatch ---- */

static void take_statement(struct wlk_post *post, size_t hub, const struct wlk_frame *frame)
{
    wlk_name name;
    wlk_status status =
        wlk_standing_take(post->standing, (enum wlk_statement_kind)frame->statement,
                          frame->bytes, frame->size, post->now.utc, &name, NULL);
    if (status == WLK_BAD_SIGNATURE)
        post->counts.bad_signature++;
    if (status == WLK_BAD_INPUT)
        post->counts.malformed++;
    if (status != WLK_OK && status != WLK_IO)
        return;
    wlk_post_note_statement(post, (enum wlk_statement_kind)frame->statement, frame->bytes,
                            frame->size);
    struct waiting waiting = {.kind = WLK_DELIVERY_STATEMENT,
                              .hub = (uint16_t)hub,
                              .late = frame->statement};
    post->statement_name = name;
    wlk_post_push(post, &waiting);
}

wlk_status wlk_post_frame(struct wlk_post *post, size_t hub, enum wlk_class link_class,
                          const uint8_t *bytes, size_t size, struct wlk_moment now)
{
    WLK_ASSERT(hub < post->hub_count);
    struct link *link = &post->link[hub][wlk_post_link_index(link_class)];
    struct wlk_frame frame;
    post->now = now;
    if (!link->is_up)
        return WLK_BAD_INPUT;
    if (wlk_frame_decode(bytes, size, &frame) != WLK_OK ||
        (frame.kind != WLK_FRAME_HELLO && !link->has_hello)) {
        post->counts.malformed++;
        return WLK_BAD_INPUT;
    }
    link->heard = now.mono;
    wlk_post_hub_heard(post, hub);
    switch (frame.kind) {
    case WLK_FRAME_HELLO:
        return take_hello(post, hub, link_class, &frame);
    case WLK_FRAME_RECORD:
        wlk_post_take_record(post, hub, frame.bytes, frame.size);
        return WLK_OK;
    case WLK_FRAME_ACK:
        return take_ack(post, hub, &frame);
    case WLK_FRAME_ASK:
        return take_ask(post, hub, link_class, &frame);
    case WLK_FRAME_STATEMENT:
        take_statement(post, hub, &frame);
        return WLK_OK;
    case WLK_FRAME_PING:
        link->pong_due = true;
        link->pong_token = frame.token;
        return WLK_OK;
    case WLK_FRAME_PONG:
        if (frame.token == link->pings)
            link->ponged = link->pings;
        return WLK_OK;
    case WLK_FRAME_END:
        break;
    }
    return WLK_OK;
}
