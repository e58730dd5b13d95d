/* hub_guard.c -- records from the nations: verify, decide for each other party, keep.
 *
 * Order of what is kept: log lines, runs for notices, then the record with its verdicts. A
 * crash in between has the record sent and decided again: the log may show a decision twice,
 * never not at all.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/hub_private.h"

#include "base/assert.h"

/* Where decide put the reason "chain", in the words of a notice. */
static const struct wlk_verdict chain_broken = {
    .kind = WLK_REFUSE, .reason = WLK_BECAUSE_FORM, .rule = 255};

static const struct wlk_verdict verifiers_disagree = {
    .kind = WLK_REFUSE, .reason = WLK_BECAUSE_VERIFIERS, .rule = 255};

/* An alarm, and a line in the log of the arrangement for each party that does not get it. */
static void note_disagreement(struct wlk_hub *hub, const struct wlk_claim *claim)
{
    const struct wlk_agreement *agreement =
        wlk_force_find(wlk_standing_force(hub->standing), &claim->header.arrangement);
    hub->counts.disagreed++;
    for (size_t p = 0; agreement && p < agreement->arrangement.party_count; p++) {
        wlk_name recipient = agreement->arrangement.party[p];
        if (!wlk_name_equal(recipient, claim->header.originator))
            wlk_hub_log(hub, claim, agreement, recipient, &verifiers_disagree);
    }
    wlk_hub_keep(hub, NULL);
}

static bool verify(struct wlk_hub *hub, size_t nation, const uint8_t *bytes, size_t size,
                   const struct wlk_agreement **agreement)
{
    struct wlk_claim claim;
    hub->has_hot = false;
    memcpy(hub->hot_bytes, bytes, size);
    if (wlk_claim_decode(hub->hot_bytes, size, &claim, NULL) != WLK_OK) {
        hub->counts.malformed++;
        return false;
    }
    if (!wlk_name_equal(claim.header.originator, hub->nation[nation].name)) {
        hub->counts.impostor++;
        return false;
    }
    if (claim.header.nature != hub->key_nature) {
        hub->counts.other_nature++;
        return false;
    }
    uint64_t disagreements = wlk_seal_disagreements();
    wlk_status status = wlk_standing_verify(hub->standing, &claim, hub->now.utc, &hub->hot,
                                            agreement);
    if (wlk_seal_disagreements() != disagreements)
        note_disagreement(hub, &claim);
    if (status == WLK_BAD_SIGNATURE && wlk_standing_hear(hub->standing, &claim))
        hub->counts.outdated++;
    else
        hub->counts.bad_signature += status == WLK_BAD_SIGNATURE;
    hub->counts.not_in_force += status == WLK_NOT_RELEASABLE;
    return status == WLK_OK || status == WLK_NOT_RELEASABLE;
}

bool wlk_hub_recall(struct wlk_hub *hub, const struct hub_lane *lane, uint64_t seq,
                    const struct wlk_agreement **agreement)
{
    struct wlk_journal_row row;
    struct wlk_claim claim;
    const struct wlk_force *force = wlk_standing_force(hub->standing);
    if (hub->has_hot && hub->hot_lane == (size_t)(lane - hub->lane) && hub->hot_seq == seq) {
        *agreement = wlk_force_find(force, &hub->hot.claim.header.arrangement);
        return *agreement != NULL;
    }
    hub->has_hot = false;
    if (wlk_journal_get(hub->journal, lane->id, seq, &row) != WLK_OK ||
        row.size > sizeof hub->hot_bytes || row.verdict_size > WLK_VERDICT_SIZE_MAX)
        return false;
    memcpy(hub->hot_bytes, row.bytes, row.size);
    hub->hot_verdicts.size = row.verdict_size;
    if (row.verdict_size)
        memcpy(hub->hot_verdicts.bytes, row.verdict, row.verdict_size);
    if (wlk_claim_decode(hub->hot_bytes, row.size, &claim, NULL) != WLK_OK)
        return false;
    wlk_status status = wlk_standing_verify_kept(hub->standing, &claim, hub->now.utc,
                                                 &hub->hot, agreement);
    if (status != WLK_OK && status != WLK_NOT_RELEASABLE)
        return false;
    hub->has_hot = true;
    hub->hot_lane = (size_t)(lane - hub->lane);
    hub->hot_seq = seq;
    return true;
}

static void ask_for(struct wlk_hub *hub, struct hub_lane *lane)
{
    if (lane->ask_from || hub->now.mono.ns - lane->asked_at.ns < ASK_AGAIN_NS)
        return;
    lane->ask_from = lane->seq + 1;
    lane->asked_at = hub->now.mono;
}

/* The originator's heartbeat says how far its lanes go. What is missing here is asked for: a
 * record that came before its arrangement did was dropped, and is not sent again by itself. */
static void compare_heads(struct wlk_hub *hub)
{
    const struct wlk_claim *claim = &hub->hot.claim;
    const struct wlk_status_content *status = &hub->content.status;
    if (claim->header.type != WLK_TYPE_STATUS ||
        wlk_status_content_decode(&claim->disclosure[0], &hub->content.status, NULL) != WLK_OK)
        return;
    for (size_t i = 0; i < status->head_count; i++) {
        const struct wlk_head *head = &status->head[i];
        if (!wlk_name_equal(head->originator, claim->header.originator) ||
            !wlk_name_equal(head->lane.arrangement, claim->header.lane.arrangement) ||
            head->lane.record_class == WLK_CLASS_STATUS ||
            head->lane.nature != hub->key_nature)
            continue;
        struct hub_lane *lane = wlk_hub_lane(hub, head->originator, &head->lane);
        if (lane && head->seq > lane->seq)
            ask_for(hub, lane);
    }
}

/* Status and receipts: to the parties that are there now; newest only, never kept. Only
 * refusals are logged: a line a second would bury the log. */
static void pass_status(struct wlk_hub *hub, const struct wlk_agreement *agreement)
{
    const struct wlk_arrangement *arrangement = &agreement->arrangement;
    for (size_t p = 0; p < arrangement->party_count; p++) {
        size_t nation;
        wlk_name recipient = arrangement->party[p];
        if (wlk_name_equal(recipient, hub->hot.claim.header.originator))
            continue;
        struct wlk_verdict verdict =
            wlk_hub_ask(hub, &hub->hot.claim, agreement, recipient, true);
        if (wlk_release_pass(&hub->hot, &verdict, recipient, hub->passed) != WLK_OK)
            wlk_hub_log(hub, &hub->hot.claim, agreement, recipient, &verdict);
        else if (wlk_hub_nation_index(hub, recipient, &nation))
            wlk_hub_queue_status(hub, nation, hub->passed);
    }
    if (hub->lines.count)
        wlk_hub_keep(hub, NULL);
}

static void note_verdict(struct wlk_hub *hub, const struct wlk_verdict *verdict, uint8_t *bytes)
{
    bytes[0] = (uint8_t)verdict->kind;
    for (unsigned g = 0; g < WLK_GROUP_END; g++)
        if (verdict->group_pass[g])
            bytes[1] = (uint8_t)(bytes[1] | 1u << g);
    hub->counts.passed += verdict->kind == WLK_PASS;
    hub->counts.trimmed += verdict->kind == WLK_TRIM;
    hub->counts.refused += verdict->kind == WLK_REFUSE;
}

/* True: somebody gets something of it. */
static bool judge(struct wlk_hub *hub, const struct wlk_agreement *agreement, bool is_chained)
{
    struct verdicts *out = &hub->hot_verdicts;
    bool is_any_passed = false;
    const struct wlk_arrangement *arrangement = &agreement->arrangement;
    const struct wlk_claim *claim = &hub->hot.claim;
    memset(out, 0, sizeof *out);
    out->size = arrangement->party_count * VERDICT_BYTES;
    for (size_t p = 0; p < arrangement->party_count; p++) {
        wlk_name recipient = arrangement->party[p];
        if (wlk_name_equal(recipient, claim->header.originator))
            continue;
        struct wlk_verdict verdict =
            is_chained ? wlk_hub_ask(hub, claim, agreement, recipient, true) : chain_broken;
        note_verdict(hub, &verdict, &out->bytes[p * VERDICT_BYTES]);
        wlk_hub_log(hub, claim, agreement, recipient, &verdict);
        if (verdict.kind == WLK_REFUSE)
            wlk_hub_notice(hub, claim, agreement, recipient, &verdict);
        is_any_passed = is_any_passed || verdict.kind != WLK_REFUSE;
    }
    return is_any_passed;
}

/* The successor of its lane's head. */
static void take_next(struct wlk_hub *hub, struct hub_lane *lane,
                      const struct wlk_agreement *agreement)
{
    const struct wlk_claim *claim = &hub->hot.claim;
    const struct wlk_header *header = &claim->header;
    bool is_chained = wlk_digest_equal(&header->prev, &lane->digest);
    hub->counts.broken_chain += !is_chained;
    bool is_any_passed = judge(hub, agreement, is_chained);
    struct wlk_journal_row row = {.lane = lane->id,
                                  .seq = header->seq,
                                  .digest = claim->digest,
                                  .type = header->type,
                                  .object = header->has_object ? header->object : 0,
                                  .time_ns = header->time.ns,
                                  .at_ns = hub->now.utc.ns,
                                  .bytes = claim->bytes,
                                  .size = claim->size,
                                  .verdict = hub->hot_verdicts.bytes,
                                  .verdict_size = hub->hot_verdicts.size};
    wlk_hub_keep(hub, &row);
    hub->counts.received++;
    lane->seq = header->seq;
    lane->digest = row.digest;
    hub->has_hot = true;
    hub->hot_lane = (size_t)(lane - hub->lane);
    hub->hot_seq = header->seq;
    if (is_any_passed)
        (void)!wlk_events_note(&wlk_hub_ward(hub, agreement)->events, header, hub->now.utc);
}

static void take_double(struct wlk_hub *hub, const struct hub_lane *lane)
{
    struct wlk_journal_row row;
    hub->counts.doubles++;
    if (wlk_journal_get(hub->journal, lane->id, hub->hot.claim.header.seq, &row) == WLK_OK &&
        !wlk_digest_equal(&row.digest, &hub->hot.claim.digest))
        hub->counts.broken_chain++; /* one seq signed twice: the first stands */
}

/* A launch ahead of its turn, on the track connection: it will come again on its lane and be
 * decided there; until then it opens its event, if it would pass. */
static void peek_launch(struct wlk_hub *hub, const struct wlk_agreement *agreement)
{
    const struct wlk_arrangement *arrangement = &agreement->arrangement;
    const struct wlk_claim *claim = &hub->hot.claim;
    for (size_t p = 0; p < arrangement->party_count; p++) {
        if (wlk_name_equal(arrangement->party[p], claim->header.originator))
            continue;
        struct wlk_verdict verdict =
            wlk_hub_ask(hub, claim, agreement, arrangement->party[p], false);
        if (verdict.kind == WLK_REFUSE)
            continue;
        (void)!wlk_events_note(&wlk_hub_ward(hub, agreement)->events, &claim->header,
                               hub->now.utc);
        return;
    }
}

void wlk_hub_take_record(struct wlk_hub *hub, size_t nation, enum wlk_class link,
                         const uint8_t *bytes, size_t size)
{
    const struct wlk_agreement *agreement;
    if (!verify(hub, nation, bytes, size, &agreement))
        return;
    const struct wlk_header *header = &hub->hot.claim.header;
    bool is_launch_ahead = link == WLK_CLASS_TRACK && header->type == WLK_TYPE_LAUNCH;
    if (wlk_post_link(header->lane.record_class) != link && !is_launch_ahead) {
        hub->counts.malformed++;
        return;
    }
    if (!header->has_seq) {
        pass_status(hub, agreement);
        compare_heads(hub);
        return;
    }
    struct hub_lane *lane = wlk_hub_lane(hub, header->originator, &header->lane);
    if (!lane) {
        hub->counts.out_of_order++;
        return;
    }
    (void)wlk_prune_begin(hub->journal, lane->id, header, hub->now.utc, &lane->seq,
                          &lane->digest);
    if (header->seq <= lane->seq) {
        take_double(hub, lane);
    } else if (header->seq == lane->seq + 1) {
        take_next(hub, lane, agreement);
    } else if (is_launch_ahead) {
        peek_launch(hub, agreement);
    } else {
        hub->counts.out_of_order++;
        ask_for(hub, lane);
    }
}
