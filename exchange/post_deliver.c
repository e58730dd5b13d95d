/* post_deliver.c -- what the nation pulls: records in order, notices, alarms, and after a
 * restart what the journal holds.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/post_private.h"

#include "base/assert.h"

void wlk_post_push(struct wlk_post *post, const struct waiting *waiting)
{
    if (post->queue_count == QUEUE_MAX) {
        post->counts.dropped++;
        return;
    }
    post->queue[(post->queue_at + post->queue_count) % QUEUE_MAX] = *waiting;
    post->queue_count++;
}

void wlk_post_push_record(struct wlk_post *post, const struct wlk_inlane *inlane, uint64_t seq,
                          uint8_t late)
{
    struct waiting waiting = {.kind = WLK_DELIVERY_RECORD,
                              .late = late,
                              .at = (uint32_t)(inlane - post->inlane),
                              .first = seq,
                              .last = seq};
    wlk_post_push(post, &waiting);
}

/* Hands on what was held behind a gap, in order; refused seqs have no record. */
void wlk_post_release_held(struct wlk_post *post, struct wlk_inlane *inlane, uint64_t up_to)
{
    struct wlk_journal_row row;
    while (inlane->delivered < up_to) {
        bool is_hot = post->has_hot && post->hot_seq == inlane->delivered + 1 &&
                      &post->inlane[post->hot_at] == inlane;
        if (is_hot) {
            inlane->delivered++;
        } else {
            wlk_status status =
                wlk_journal_next(post->journal, inlane->id, inlane->delivered, &row);
            inlane->delivered = status == WLK_OK && row.seq <= up_to ? row.seq : up_to;
            if (status != WLK_OK || row.seq > up_to)
                return;
        }
        wlk_post_push_record(post, inlane, inlane->delivered, NOT_LATE);
    }
}

/* Reads a record back from the journal. What the journal holds was verified when it came; it
 * is verified again, because only that makes a record. */
static bool read_cold(struct wlk_post *post, const struct wlk_journal_row *row)
{
    struct wlk_claim claim;
    const struct wlk_agreement *agreement;
    if (row->size > sizeof post->cold_bytes)
        return false;
    memcpy(post->cold_bytes, row->bytes, row->size);
    if (wlk_claim_decode(post->cold_bytes, row->size, &claim, NULL) != WLK_OK)
        return false;
    wlk_status status = wlk_standing_verify_kept(post->standing, &claim, post->now.utc,
                                                 &post->cold, &agreement);
    if (wlk_standing_doubt(post->standing, &claim) == WLK_KEY_SUSPECT) {
        post->counts.suspect++;
        return false;
    }
    return status == WLK_OK || status == WLK_NOT_RELEASABLE;
}

static void fill_record(const struct wlk_record *record, struct wlk_delivery *out)
{
    out->record = record;
    out->bytes = record->claim.bytes;
    out->size = record->claim.size;
    out->nation = record->claim.header.originator;
    out->lane = record->claim.header.lane;
    out->arrangement = out->lane.arrangement;
}

static const struct wlk_record *find_record(struct wlk_post *post,
                                            const struct waiting *waiting)
{
    struct wlk_journal_row row;
    if (post->has_hot && waiting->late != RICHER && post->hot_at == waiting->at &&
        post->hot_seq == waiting->first)
        return &post->hot;
    if (wlk_journal_get(post->journal, post->inlane[waiting->at].id, waiting->first, &row) !=
            WLK_OK ||
        !read_cold(post, &row))
        return NULL;
    return &post->cold;
}

static bool deliver_record(struct wlk_post *post, const struct waiting *waiting,
                           struct wlk_delivery *out)
{
    const struct wlk_record *record = find_record(post, waiting);
    if (!record) {
        post->counts.dropped++;
        return false;
    }
    fill_record(record, out);
    out->is_late = waiting->late == LATE;
    out->is_richer = waiting->late == RICHER;
    post->counts.delivered += !out->is_richer;
    post->counts.late += out->is_late;
    return true;
}

static bool deliver_notice(struct wlk_post *post, const struct waiting *waiting,
                           struct wlk_delivery *out)
{
    const struct wlk_record *record = find_record(post, waiting);
    if (!record || wlk_refused_content_decode(&record->claim.disclosure[0], &post->refused,
                                              NULL) != WLK_OK)
        return false;
    fill_record(record, out);
    out->refused = &post->refused;
    out->nation = post->refused.originator;
    return true;
}

static void fill_accused(const struct accused *from, struct wlk_delivery *out)
{
    out->nation = from->accused;
    out->accusation = from->kind;
    out->originator = from->originator;
    out->lane = from->lane;
    out->arrangement = from->lane.arrangement;
    out->first_seq = from->first;
    out->last_seq = from->last;
}

static bool deliver(struct wlk_post *post, const struct waiting *waiting,
                    struct wlk_delivery *out)
{
    memset(out, 0, sizeof *out);
    out->kind = waiting->kind;
    out->hub = waiting->hub;
    switch (waiting->kind) {
    case WLK_DELIVERY_RECORD:
        return deliver_record(post, waiting, out);
    case WLK_DELIVERY_NOTICE:
        return deliver_notice(post, waiting, out);
    case WLK_DELIVERY_STATEMENT:
        out->statement = (enum wlk_statement_kind)waiting->late;
        out->arrangement = post->statement_name;
        return true;
    case WLK_DELIVERY_PARTNER_LOST:
    case WLK_DELIVERY_PARTNER_BACK:
        out->nation = post->partner[waiting->at].name;
        out->arrangement = post->partner[waiting->at].arrangement;
        return true;
    case WLK_DELIVERY_GAP:
    case WLK_DELIVERY_DIVERGED:
        out->nation = post->inlane[waiting->at].originator;
        out->lane = post->inlane[waiting->at].lane;
        out->arrangement = out->lane.arrangement;
        out->first_seq = waiting->first;
        out->last_seq = waiting->last;
        return true;
    case WLK_DELIVERY_RECEIPT:
        out->receipt = &post->receipt;
        out->nation = post->partner[waiting->at].name;
        out->arrangement = post->receipt.lane.arrangement;
        return true;
    case WLK_DELIVERY_SUSPECT:
        out->nation = wlk_standing_keyring(post->standing)->party[waiting->at].name;
        return true;
    case WLK_DELIVERY_UNCONFIRMED:
    case WLK_DELIVERY_CONFIRMED:
        fill_accused(&post->accused[waiting->hub], out);
        return true;
    case WLK_DELIVERY_ACCUSED:
        fill_accused(&post->accused[waiting->at], out);
        return true;
    case WLK_DELIVERY_HUB_LOST:
    case WLK_DELIVERY_HUB_BACK:
    case WLK_DELIVERY_RENUMBERED:
        return true;
    }
    return false;
}

void wlk_post_replay(struct wlk_post *post, wlk_utc from)
{
    post->is_replaying = true;
    post->replay_row = 0;
    post->replay_from = from;
}

/* The next record of the journal that is for the nation. */
static bool deliver_replayed(struct wlk_post *post, struct wlk_delivery *out)
{
    struct wlk_journal_row row;
    while (post->is_replaying) {
        if (wlk_journal_since(post->journal, post->replay_row, post->replay_from.ns, &row) !=
            WLK_OK) {
            post->is_replaying = false;
            return false;
        }
        post->replay_row = row.row;
        if (row.type == WLK_TYPE_REFUSED)
            continue;
        if (!read_cold(post, &row)) {
            post->counts.dropped++;
            continue;
        }
        memset(out, 0, sizeof *out);
        out->kind = WLK_DELIVERY_RECORD;
        out->is_replayed = true;
        fill_record(&post->cold, out);
        return true;
    }
    return false;
}

bool wlk_post_delivered(struct wlk_post *post, struct wlk_delivery *out)
{
    if (post->is_replaying && deliver_replayed(post, out))
        return true;
    while (post->queue_count) {
        struct waiting waiting = post->queue[post->queue_at];
        post->queue_at = (post->queue_at + 1) % QUEUE_MAX;
        post->queue_count--;
        if (deliver(post, &waiting, out))
            return true;
    }
    return false;
}

void wlk_post_shown(struct wlk_post *post, wlk_name originator, const struct wlk_lane *lane,
                    uint64_t seq)
{
    for (size_t i = 0; i < post->inlane_count; i++) {
        struct wlk_inlane *inlane = &post->inlane[i];
        bool is_it = wlk_name_equal(inlane->originator, originator) &&
                     wlk_name_equal(inlane->lane.arrangement, lane->arrangement) &&
                     inlane->lane.record_class == lane->record_class &&
                     inlane->lane.nature == lane->nature &&
                     inlane->lane.generation == lane->generation;
        if (is_it && seq > inlane->shown)
            inlane->shown = seq;
    }
}
