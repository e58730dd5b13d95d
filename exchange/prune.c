/* prune.c -- lane after lane, then log after log, then heads and notes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/prune.h"

#include "exchange/journal.h"
#include "release/audit.h"

enum { ROWS = 128 }; /* of a lane or log in one step */

struct step {
    struct wlk_prune *prune;
    struct wlk_journal *journal;
    const struct wlk_force *force;
    int64_t before_ns; /* what has an earlier time is old */
};

/* ---- lanes ---- */

/* The parties that a lane is for: those of any version of its arrangement. False: unknown. */
static bool peers_of(const struct step *step, wlk_name originator, wlk_name arrangement,
                     int64_t lane, uint64_t *kept)
{
    bool is_known = false;
    for (size_t a = 0; a < step->force->count; a++) {
        const struct wlk_arrangement *known = &step->force->agreement[a].arrangement;
        if (!wlk_name_equal(known->name, arrangement))
            continue;
        is_known = true;
        for (size_t p = 0; p < known->party_count; p++) {
            if (wlk_name_equal(known->party[p], originator))
                continue;
            uint64_t durable = wlk_journal_kept(step->journal, lane, known->party[p]);
            *kept = durable < *kept ? durable : *kept;
        }
    }
    return is_known;
}

/* How far all for whom this lane was have it; 0: nothing, or nobody knows. */
static uint64_t kept_by_all(const struct step *step, wlk_name originator,
                            const struct wlk_lane *lane, int64_t id)
{
    const struct wlk_prune *prune = step->prune;
    uint64_t kept = wlk_journal_settle(step->journal, id);
    bool is_own = wlk_name_equal(originator, prune->self);
    if (prune->hub_count == 0)
        return peers_of(step, originator, lane->arrangement, id, &kept) ? kept : 0;
    for (size_t h = 0; is_own && h < prune->hub_count; h++) {
        uint64_t durable = wlk_journal_kept(step->journal, id, prune->hub[h]);
        kept = durable < kept ? durable : kept;
    }
    return kept;
}

/* The newest record up to which all is old, not beyond last; 0: none. */
static uint64_t old_until(const struct step *step, int64_t lane, uint64_t last)
{
    struct wlk_journal_row row;
    uint64_t seq = wlk_journal_past(step->journal, lane), old = 0;
    for (size_t i = 0; i < ROWS; i++) {
        if (wlk_journal_next(step->journal, lane, seq, &row) != WLK_OK || row.seq > last ||
            row.time_ns >= step->before_ns)
            break;
        seq = old = row.seq;
    }
    return old;
}

/* False: there are no more lanes. */
static bool prune_lane(struct step *step)
{
    struct wlk_prune *prune = step->prune;
    wlk_name originator;
    struct wlk_lane lane;
    int64_t id;
    uint64_t rows = 0;
    if (!wlk_journal_lane_at(step->journal, prune->lane, &id, &originator, &lane))
        return false;
    uint64_t old = old_until(step, id, kept_by_all(step, originator, &lane, id));
    if (old > wlk_journal_past(step->journal, id) + 1)
        (void)!wlk_journal_forget(step->journal, id, old - 1, &rows);
    prune->records += rows;
    prune->lane += rows + 1 < ROWS; /* else there may be more of it */
    return true;
}

/* ---- logs ---- */

/* Is what this line decided forgotten, and the line old? */
static bool is_spent(const struct step *step, const struct wlk_audit_entry *entry,
                     wlk_name arrangement)
{
    struct wlk_lane lane = entry->lane;
    int64_t id;
    lane.arrangement = arrangement;
    if (entry->time.ns >= step->before_ns)
        return false;
    if (!entry->seq)
        return true; /* class status was never kept */
    return wlk_journal_lane_find(step->journal, entry->originator, &lane, &id) == WLK_OK &&
           entry->seq <= wlk_journal_past(step->journal, id);
}

static void prune_log(struct step *step, wlk_name arrangement)
{
    struct wlk_audit audit = {0}, spent;
    struct wlk_audit_entry entry;
    uint8_t copy[WLK_AUDIT_FRAME_MAX];
    const uint8_t *bytes;
    size_t size, offset = 0;
    wlk_journal_checkpoint(step->journal, arrangement, &audit.count, &audit.head);
    uint64_t from = audit.count;
    spent = audit;
    for (size_t i = 0; i < ROWS; i++, offset = 0) {
        struct wlk_audit before = audit;
        if (wlk_journal_log_at(step->journal, arrangement, audit.count + 1, &bytes, &size) !=
                WLK_OK ||
            size > sizeof copy)
            break;
        memcpy(copy, bytes, size);
        if (wlk_audit_next(&audit, copy, size, &offset, &entry) != WLK_OK ||
            !is_spent(step, &entry, arrangement))
            break;
        spent = before; /* the last line stays, so that the chain can go on */
    }
    if (spent.count > from && wlk_journal_forget_log(step->journal, arrangement, spent.count,
                                                     &spent.head) == WLK_OK)
        step->prune->lines += spent.count - from;
}

uint64_t wlk_prune_from(struct wlk_journal *journal, int64_t lane, uint64_t seq)
{
    uint64_t past = wlk_journal_past(journal, lane);
    return seq > past ? seq : past;
}

bool wlk_prune_begin(struct wlk_journal *journal, int64_t lane, const struct wlk_header *header,
                     wlk_utc now, uint64_t *seq, wlk_digest *digest)
{
    if (*seq || header->seq <= 1 || header->time.ns + WLK_PAST_NS >= now.ns ||
        wlk_journal_begin(journal, lane, header->seq - 1, &header->prev) != WLK_OK)
        return false;
    *seq = header->seq - 1;
    *digest = header->prev;
    return true;
}

void wlk_prune_step(struct wlk_prune *prune, struct wlk_journal *journal,
                    const struct wlk_force *force, wlk_utc now)
{
    struct step step = {prune, journal, force, now.ns - prune->kept_ns};
    if (prune->kept_ns <= 0 || prune_lane(&step))
        return;
    if (prune->log < force->count) {
        prune_log(&step, force->agreement[prune->log++].arrangement.name);
        return;
    }
    wlk_journal_forget_old(journal, step.before_ns);
    prune->lane = prune->log = 0;
}
