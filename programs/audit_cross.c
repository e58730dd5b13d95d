/* audit_cross.c -- journals against each other: what one shows, the others must have.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/audit.h"

#include "release/audit.h"

#include <inttypes.h>

static struct wlk_audit_file *file_of(struct wlk_audit_case *all, wlk_name owner)
{
    for (size_t i = 0; i < all->file_count; i++)
        if (all->file[i].journal && wlk_name_equal(all->file[i].owner, owner))
            return &all->file[i];
    return NULL;
}

static const char decided[] = "decided", passed[] = "passed";

struct decision {
    wlk_digest record;
    wlk_name recipient;
};

/* Was it pruned there, as what all have that it was for? */
static bool is_past(const struct wlk_audit_file *file, wlk_name originator,
                    const struct wlk_lane *lane, uint64_t seq)
{
    int64_t id;
    return wlk_journal_lane_find(file->journal, originator, lane, &id) == WLK_OK &&
           seq <= wlk_journal_past(file->journal, id);
}

/* Every line of a hub's log is remembered; the record that it decides must be there. */
static void take_line(struct wlk_audit_case *all, struct wlk_audit_file *hub,
                      const struct wlk_audit_entry *entry, wlk_name arrangement)
{
    struct decision decision = {entry->record, entry->recipient};
    struct wlk_lane lane = entry->lane;
    struct wlk_journal_row row;
    int64_t id;
    (void)wlk_audit_mark(all, decided, sizeof decided, &decision, sizeof decision);
    if (entry->kind != WLK_REFUSE)
        (void)wlk_audit_mark(all, passed, sizeof passed, &decision, sizeof decision);
    lane.arrangement = arrangement;
    if (!entry->seq)
        return; /* class status is not kept */
    if (is_past(hub, entry->originator, &lane, entry->seq))
        return;
    if (wlk_journal_lane(hub->journal, entry->originator, &lane, &id) != WLK_OK ||
        wlk_journal_get(hub->journal, id, entry->seq, &row) != WLK_OK ||
        !wlk_digest_equal(&row.digest, &entry->record))
        wlk_audit_found(all, hub, "the record that it decides is not kept",
                        "log %s line %" PRIu64, arrangement.text, entry->number);
}

static void read_log(struct wlk_audit_case *all, struct wlk_audit_file *hub)
{
    wlk_name arrangement = {{0}};
    uint64_t count;
    while (wlk_journal_log_name(hub->journal, &arrangement, &count) == WLK_OK) {
        struct wlk_audit audit = {0};
        struct wlk_audit_entry entry;
        const uint8_t *bytes;
        size_t size, offset = 0;
        wlk_journal_checkpoint(hub->journal, arrangement, &audit.count, &audit.head);
        for (uint64_t n = audit.count + 1; n <= count; n++, offset = 0) {
            if (wlk_journal_log_at(hub->journal, arrangement, n, &bytes, &size) != WLK_OK ||
                wlk_audit_next(&audit, bytes, size, &offset, &entry) != WLK_OK)
                break; /* found already */
            take_line(all, hub, &entry, arrangement);
        }
    }
}

/* "Always invoked": no record of a hub without a decision for every other party. */
static void check_decided(struct wlk_audit_case *all, struct wlk_audit_file *hub)
{
    const struct wlk_force *force = wlk_standing_force(hub->standing);
    struct wlk_journal_row row = {0};
    struct wlk_claim claim;
    while (wlk_journal_each(hub->journal, row.row, &row) == WLK_OK) {
        if (row.is_own || wlk_claim_decode(row.bytes, row.size, &claim, NULL) != WLK_OK)
            continue;
        const struct wlk_agreement *agreement =
            wlk_force_find(force, &claim.header.arrangement);
        for (size_t p = 0; agreement && p < agreement->arrangement.party_count; p++) {
            struct decision decision = {row.digest, agreement->arrangement.party[p]};
            if (!wlk_name_equal(decision.recipient, claim.header.originator) &&
                !wlk_audit_is_marked(all, decided, sizeof decided, &decision, sizeof decision))
                wlk_audit_found(all, hub, "no line of the log decides it",
                                "records row %" PRId64 " for %s", row.row,
                                decision.recipient.text);
        }
    }
}

/* ---- heads that a hub showed ---- */

static void check_shown(struct wlk_audit_case *all, const struct wlk_audit_file *nation,
                        const struct wlk_journal_head *head)
{
    struct wlk_audit_file *hub = file_of(all, head->hub);
    const uint8_t *bytes;
    size_t size;
    wlk_digest digest;
    uint64_t pruned;
    if (!hub || !head->count)
        return;
    wlk_journal_checkpoint(hub->journal, head->arrangement, &pruned, &digest);
    if (head->count < pruned)
        return;
    if (head->count == pruned) {
        if (!wlk_digest_equal(&digest, &head->digest))
            wlk_audit_found(all, hub, "not the checkpoint whose digest the hub showed",
                            "log %s line %" PRIu64 ", shown to %s", head->arrangement.text,
                            head->count, nation->owner.text);
        return;
    }
    if (wlk_journal_log_at(hub->journal, head->arrangement, head->count, &bytes, &size) !=
        WLK_OK) {
        wlk_audit_found(all, hub, "its tail is cut: the hub showed this head",
                        "log %s line %" PRIu64 ", shown to %s", head->arrangement.text,
                        head->count, nation->owner.text);
        return;
    }
    wlk_sha256(bytes + 4, size < 4 ? 0 : size - 4, &digest); /* behind its length */
    if (!wlk_digest_equal(&digest, &head->digest))
        wlk_audit_found(all, hub, "not the line whose digest the hub showed",
                        "log %s line %" PRIu64 ", shown to %s", head->arrangement.text,
                        head->count, nation->owner.text);
}

/* ---- records that one party has of another ---- */

/* Is the whole of each hub's log on this record here? */
static bool has_all_hubs(struct wlk_audit_case *all, const struct wlk_agreement *agreement,
                         const struct wlk_header *header)
{
    for (size_t h = 0; h < agreement->arrangement.hub_count; h++) {
        const struct wlk_audit_file *hub = file_of(all, agreement->arrangement.hub[h]);
        if (!hub || is_past(hub, header->originator, &header->lane, header->seq))
            return false;
    }
    return true;
}

/* A notice of an earlier start of a hub, behind all that the hub has of that lane: its power
 * took it, and what it says was said again (exchange/refusals.h). */
static bool is_lost(const struct wlk_audit_file *hub, const struct wlk_header *header)
{
    uint64_t generation = 0, seq = 0;
    wlk_digest digest;
    size_t used;
    int64_t id;
    if (!hub->is_hub || header->type != WLK_TYPE_REFUSED ||
        wlk_journal_value(hub->journal, "generation", &generation, sizeof generation, &used) !=
            WLK_OK ||
        header->lane.generation >= generation)
        return false;
    if (wlk_journal_lane_find(hub->journal, header->originator, &header->lane, &id) == WLK_OK)
        wlk_journal_head_of(hub->journal, id, &seq, &digest);
    return header->seq > seq;
}

/* Is this received row in its originator's journal, and passed by a hub? */
static void check_received(struct wlk_audit_case *all, struct wlk_audit_file *file,
                           const struct wlk_journal_row *row, const struct wlk_header *header)
{
    struct wlk_audit_file *from = file_of(all, header->originator);
    struct wlk_journal_row there;
    int64_t id;
    wlk_digest digest = row->digest;
    if (from && (is_past(from, header->originator, &header->lane, header->seq) ||
                 is_lost(from, header)))
        from = NULL;
    if (from && (wlk_journal_lane(from->journal, header->originator, &header->lane, &id) !=
                     WLK_OK ||
                 wlk_journal_get(from->journal, id, header->seq, &there) != WLK_OK))
        wlk_audit_found(all, from, "missing here: cut, or never kept",
                        "records %s %s %" PRIu64 ", which %s has",
                        header->lane.arrangement.text,
                        wlk_class_word(header->lane.record_class), header->seq,
                        file->owner.text);
    else if (from && !wlk_digest_equal(&there.digest, &digest))
        wlk_audit_found(all, from, "two records with one number",
                        "records row %" PRId64 " and row %" PRId64 " of %s", there.row,
                        row->row, file->owner.text);
    const struct wlk_agreement *agreement =
        wlk_force_find(wlk_standing_force(file->standing), &header->arrangement);
    struct decision decision = {digest, file->owner};
    if (!file->is_hub && header->type != WLK_TYPE_REFUSED && agreement &&
        has_all_hubs(all, agreement, header) &&
        !wlk_audit_is_marked(all, passed, sizeof passed, &decision, sizeof decision))
        wlk_audit_found(all, file, "no hub's log passes it",
                        "records row %" PRId64 " (%s of %s, %" PRIu64 ")", row->row,
                        wlk_class_word(header->lane.record_class), header->originator.text,
                        header->seq);
}

static void compare_file(struct wlk_audit_case *all, struct wlk_audit_file *file)
{
    struct wlk_journal_row row = {0};
    struct wlk_journal_head head;
    struct wlk_claim claim;
    static uint8_t copy[WLK_RECORD_SIZE_MAX];
    int64_t at = 0;
    while (wlk_journal_each(file->journal, row.row, &row) == WLK_OK) {
        struct wlk_journal_row here = row;
        if (row.is_own || row.size > sizeof copy)
            continue;
        memcpy(copy, row.bytes, row.size);
        if (wlk_claim_decode(copy, row.size, &claim, NULL) == WLK_OK)
            check_received(all, file, &here, &claim.header);
    }
    while (!file->is_hub && wlk_journal_head_next(file->journal, &at, &head) != WLK_NOT_YET)
        check_shown(all, file, &head);
}

void wlk_audit_cross(struct wlk_audit_case *all)
{
    for (size_t i = 0; i < all->file_count; i++)
        if (all->file[i].journal && all->file[i].is_hub)
            read_log(all, &all->file[i]);
    for (size_t i = 0; i < all->file_count; i++) {
        if (!all->file[i].journal)
            continue;
        if (all->file[i].is_hub)
            check_decided(all, &all->file[i]);
        compare_file(all, &all->file[i]);
    }
}
