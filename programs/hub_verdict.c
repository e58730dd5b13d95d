/* hub_verdict.c -- one question to release/decide, and what a verdict leaves behind: a line
 * in the log, and a signed notice where it refused. Also the hub's own heartbeat.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/hub_private.h"

#include "base/assert.h"

#include <stdio.h>

struct wlk_verdict wlk_hub_ask(struct wlk_hub *hub, const struct wlk_claim *claim,
                               const struct wlk_agreement *agreement, wlk_name recipient,
                               bool with_rate)
{
    const struct wlk_header *header = &claim->header;
    struct ward *ward = wlk_hub_ward(hub, agreement);
    struct wlk_question question;
    bool is_shown[WLK_GROUPS_MAX] = {false};
    struct wlk_surroundings around = {
        .arrangement = &agreement->arrangement,
        .is_in_force = wlk_arrangement_in_force(wlk_standing_force(hub->standing),
                                                &agreement->digest,
                                                hub->now.utc) == WLK_FORCE_IN_FORCE,
        .recipient = recipient,
        .now = hub->now.utc,
        .is_event_open = wlk_events_is_open(&ward->events, header, hub->now.utc)};
    memset(around.token, 1, sizeof around.token);
    for (size_t i = 0; i < header->group_count; i++)
        is_shown[i] = !claim->disclosure[i].is_withheld;
    wlk_question_make(header, is_shown, &around, &question);
    if (with_rate)
        wlk_rate_look(&ward->rate, &agreement->arrangement, &question, question.token);
    struct wlk_verdict verdict = wlk_decide(&ward->rules, &question);
    if (with_rate)
        wlk_rate_take(&ward->rate, &agreement->arrangement, &question, &verdict);
    return verdict;
}

void wlk_hub_log(struct wlk_hub *hub, const struct wlk_claim *claim,
                 const struct wlk_agreement *agreement, wlk_name recipient,
                 const struct wlk_verdict *verdict)
{
    struct wlk_audit *audit = &wlk_hub_ward(hub, agreement)->audit;
    struct wlk_journal_lines *lines = &hub->lines;
    size_t i = lines->count;
    struct wlk_audit_entry entry = {.time = hub->now.utc,
                                    .originator = claim->header.originator,
                                    .lane = claim->header.lane,
                                    .seq = claim->header.has_seq ? claim->header.seq : 0,
                                    .record = claim->digest,
                                    .recipient = recipient,
                                    .kind = verdict->kind};
    memcpy(entry.group_pass, verdict->group_pass, sizeof entry.group_pass);
    snprintf(entry.clause, sizeof entry.clause, "%s",
             wlk_verdict_name(&agreement->arrangement, verdict));
    WLK_ASSERT(i < WLK_PARTIES_MAX); /* one for each party of one arrangement */
    lines->line[i].bytes = hub->line[i];
    if (wlk_audit_append(audit, &entry, hub->line[i], WLK_AUDIT_FRAME_MAX,
                         &lines->line[i].size) != WLK_OK) {
        hub->counts.unjournalled++;
        return;
    }
    lines->arrangement = agreement->arrangement.name;
    lines->first = audit->count - lines->count++;
}

void wlk_hub_keep(struct wlk_hub *hub, const struct wlk_journal_row *row)
{
    /* else in memory: the chain goes on, the alarm is out */
    hub->counts.unjournalled += wlk_journal_keep(hub->journal, &hub->lines, row) == WLK_IO;
    hub->lines.count = 0;
}

wlk_status wlk_hub_seal(struct wlk_hub *hub, const struct wlk_agreement *agreement,
                        enum wlk_type type, struct wlk_lane_head *head)
{
    const struct wlk_arrangement *arrangement = &agreement->arrangement;
    uint8_t salt[1][WLK_SALT_SIZE];
    struct wlk_egress egress = {
        .arrangement = arrangement,
        .digest = &agreement->digest,
        .is_in_force = wlk_arrangement_in_force(wlk_standing_force(hub->standing),
                                                &agreement->digest,
                                                hub->now.utc) == WLK_FORCE_IN_FORCE,
        .originator = hub->name,
        .key = &hub->key,
        .keyring = wlk_standing_keyring(hub->standing),
        .now = hub->now.utc,
        .has_subject = type == WLK_TYPE_REFUSED,
        .subject = hub->content.refused.originator};
    struct wlk_draft draft = {.content = &hub->content,
                              .salt = (const uint8_t(*)[WLK_SALT_SIZE])salt};
    struct wlk_header *header = &draft.header;
    header->time = hub->now.utc;
    header->type = type;
    header->nature = hub->key_nature;
    header->valid_until.ns = hub->now.utc.ns + VALID_NS;
    header->group_count = 1;
    header->group[0].group = WLK_GROUP_BODY;
    header->group[0].classification = WLK_UNCLASSIFIED;
    snprintf(header->label.policy, sizeof header->label.policy, "warnlink");
    header->label.releasable_count = arrangement->party_count;
    memcpy(header->label.releasable, arrangement->party, sizeof header->label.releasable);
    hub->salts.draw(hub->salts.context, salt[0]);
    return wlk_release_seal(&egress, &draft, head, hub->sealed, NULL);
}

/* Seals and journals the notice of a run. */
static void tell(struct wlk_hub *hub, const struct wlk_run *run)
{
    const struct wlk_agreement *agreement =
        wlk_force_find(wlk_standing_force(hub->standing), &run->agreement);
    struct wlk_lane own = {run->refused.lane.arrangement, WLK_CLASS_NOTICE, hub->key_nature,
                           hub->generation};
    struct hub_lane *lane = wlk_hub_lane(hub, hub->name, &own);
    memset(&hub->content, 0, sizeof hub->content);
    hub->content.refused = run->refused;
    struct wlk_lane_head head = {.lane = own};
    if (lane)
        head = (struct wlk_lane_head){own, lane->seq, lane->digest};
    if (!lane || !agreement ||
        wlk_hub_seal(hub, agreement, WLK_TYPE_REFUSED, &head) != WLK_OK) {
        hub->counts.unsealed++;
    } else {
        struct wlk_journal_row row = {.lane = lane->id,
                                      .seq = ++lane->seq,
                                      .digest = *wlk_released_digest(hub->sealed),
                                      .type = WLK_TYPE_REFUSED,
                                      .time_ns = hub->now.utc.ns,
                                      .at_ns = hub->now.utc.ns,
                                      .is_own = true,
                                      .bytes = wlk_released_bytes(hub->sealed),
                                      .size = wlk_released_size(hub->sealed)};
        hub->counts.unjournalled += wlk_journal_put(hub->journal, &row) != WLK_OK;
        lane->digest = row.digest;
        hub->counts.notices++;
        hub->counts.noticed += run->refused.last_seq - run->refused.first_seq + 1;
    }
    wlk_refusals_done(&hub->refusals, run);
}

static void begin_run(struct wlk_hub *hub, struct wlk_run *one, const char *clause,
                      const char *reason)
{
    const struct wlk_run *due;
    snprintf(one->refused.clause, sizeof one->refused.clause, "%s", clause);
    snprintf(one->refused.reason, sizeof one->refused.reason, "%s", reason);
    while ((due = wlk_refusals_add(&hub->refusals, one)) != NULL)
        tell(hub, due);
}

void wlk_hub_notice(struct wlk_hub *hub, const struct wlk_claim *claim,
                    const struct wlk_agreement *agreement, wlk_name recipient,
                    const struct wlk_verdict *verdict)
{
    const struct wlk_header *header = &claim->header;
    struct wlk_run one = {agreement->digest,
                          {.originator = header->originator,
                           .recipient = recipient,
                           .lane = header->lane,
                           .first_seq = header->seq,
                           .last_seq = header->seq,
                           .digest = claim->digest}};
    begin_run(hub, &one, wlk_verdict_name(&agreement->arrangement, verdict),
              wlk_verdict_sentence(verdict->reason));
}

void wlk_hub_notice_past(struct wlk_hub *hub, struct hub_lane *lane, size_t nation,
                         uint64_t after)
{
    const struct wlk_agreement *agreement;
    uint64_t past = wlk_journal_past(hub->journal, lane->id);
    uint8_t party;
    if (after == 0 || after >= past || hub->now.mono.ns < lane->past_again[nation].ns ||
        !wlk_hub_recall(hub, lane, past + 1, &agreement) ||
        !wlk_arrangement_party(&agreement->arrangement, hub->nation[nation].name, &party))
        return;
    struct wlk_run one = {agreement->digest,
                          {.originator = lane->originator,
                           .recipient = hub->nation[nation].name,
                           .lane = lane->lane,
                           .first_seq = after + 1,
                           .last_seq = past,
                           .digest = hub->hot.claim.header.prev}};
    lane->past_again[nation].ns = hub->now.mono.ns + ASK_AGAIN_NS;
    begin_run(hub, &one, "pruned", "it is past and no longer kept here");
}

void wlk_hub_queue_status(struct wlk_hub *hub, size_t index,
                          const struct wlk_released *released)
{
    struct hub_nation *nation = &hub->nation[index];
    struct hub_link *link = &nation->link[wlk_post_link_index(WLK_CLASS_STATUS)];
    struct wlk_frame frame = {.kind = WLK_FRAME_RECORD,
                              .bytes = wlk_released_bytes(released),
                              .size = wlk_released_size(released)};
    if (!link->is_up || !link->has_hello) {
        hub->counts.dropped_status++;
        return;
    }
    if (nation->status_at == nation->status_end)
        nation->status_at = nation->status_end = 0;
    struct wlk_writer out = {nation->status, sizeof nation->status, nation->status_end};
    if (wlk_frame_encode(&frame, NULL, &out) != WLK_OK) {
        hub->counts.dropped_status++; /* the next second brings a newer one */
        return;
    }
    nation->status_end = out.at;
}

/* ---- the hub's own pulse ---- */

static void fill_heads(const struct wlk_hub *hub, wlk_name arrangement,
                       struct wlk_status_content *out)
{
    for (size_t i = hub->lane_count; i-- > 0 && out->head_count < WLK_HEADS_MAX;) {
        const struct hub_lane *lane = &hub->lane[i];
        if (wlk_name_equal(lane->lane.arrangement, arrangement) && lane->seq)
            out->head[out->head_count++] =
                (struct wlk_head){lane->originator, lane->lane, lane->seq, lane->digest};
    }
}

static void beat(struct wlk_hub *hub, const struct wlk_agreement *agreement)
{
    const struct wlk_arrangement *arrangement = &agreement->arrangement;
    const struct ward *ward = wlk_hub_ward(hub, agreement);
    struct wlk_status_content *status = &hub->content.status;
    struct wlk_lane_head head = {
        .lane = {arrangement->name, WLK_CLASS_STATUS, hub->key_nature, hub->generation}};
    memset(&hub->content, 0, sizeof hub->content);
    status->started_ns = (uint64_t)hub->started.ns;
    status->has_log = true;
    status->log_count = ward->durable.count;
    status->log_digest = ward->durable.head;
    status->version = wlk_force_version(wlk_standing_force(hub->standing),
                                        agreement->arrangement.name);
    fill_heads(hub, arrangement->name, status);
    if (wlk_hub_seal(hub, agreement, WLK_TYPE_STATUS, &head) != WLK_OK) {
        hub->counts.unsealed++;
        return;
    }
    hub->counts.heartbeats++;
    for (size_t p = 0; p < arrangement->party_count; p++) {
        size_t nation;
        if (wlk_hub_nation_index(hub, arrangement->party[p], &nation))
            wlk_hub_queue_status(hub, nation, hub->sealed);
    }
}

/* Two marks in turn: the newest that was on its way when the last one arrived. */
static void watch_durable(struct wlk_hub *hub)
{
    if (hub->now.mono.ns - hub->durable_at.ns < DURABLE_NS)
        return;
    hub->durable_at = hub->now.mono;
    for (size_t i = 0; i < hub->lane_count; i++) {
        struct hub_lane *lane = &hub->lane[i];
        if (wlk_journal_durable(hub->journal) < lane->candidate_mark)
            continue;
        lane->durable = lane->candidate;
        lane->candidate = lane->seq;
        lane->candidate_mark = wlk_journal_mark(hub->journal);
    }
    for (size_t i = 0; i < hub->ward_count; i++) {
        struct ward *ward = &hub->ward[i];
        if (wlk_journal_durable(hub->journal) < ward->candidate_mark)
            continue;
        ward->durable = ward->candidate;
        ward->candidate = ward->audit;
        ward->candidate_mark = wlk_journal_mark(hub->journal);
    }
}

void wlk_hub_tick(struct wlk_hub *hub, struct wlk_moment now)
{
    const struct wlk_force *force = wlk_standing_force(hub->standing);
    hub->now = now;
    watch_durable(hub);
    for (const struct wlk_run *due; (due = wlk_refusals_next(&hub->refusals)) != NULL;)
        tell(hub, due);
    wlk_prune_step(&hub->prune, hub->journal, force, now.utc);
    if (hub->has_beaten && now.mono.ns - hub->beat_at.mono.ns < HEARTBEAT_NS)
        return;
    hub->has_beaten = true;
    hub->beat_at = now;
    wlk_standing_tick(hub->standing, now.utc);
    for (size_t i = 0; i < hub->lane_count; i++)
        wlk_journal_reached(hub->journal, hub->lane[i].id, hub->lane[i].seq,
                            &hub->lane[i].digest);
    for (size_t a = 0; a < force->count; a++) {
        const struct wlk_agreement *agreement = &force->agreement[a];
        uint8_t owner;
        if (wlk_force_named(force, agreement->arrangement.name, now.utc) == agreement &&
            wlk_arrangement_owner(&agreement->arrangement, hub->name, &owner))
            beat(hub, agreement);
    }
}
