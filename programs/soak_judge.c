/* soak_judge.c -- was anything lost, doubled or let through?
 *
 * Lost: sealed, but neither delivered nor covered by a signed notice (DESIGN.md 5).
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/soak_private.h"

#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t hash_of(wlk_digest digest, size_t recipient)
{
    uint64_t hash;
    memcpy(&hash, digest.bytes, sizeof hash);
    hash += (recipient + 1) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ? hash : 1;
}

static uint64_t *slot_of(const struct wlk_soak_world *world, uint64_t hash)
{
    for (size_t i = 0; i < SEEN_MAX; i++) {
        uint64_t *slot = &world->seen[(hash + i) % SEEN_MAX];
        if (*slot == hash || *slot == 0)
            return slot;
    }
    WLK_ASSERT(!"SEEN_MAX is larger than any run");
    return NULL;
}

/* True: it was there already. */
static bool note(struct wlk_soak_world *world, uint64_t hash)
{
    uint64_t *slot = slot_of(world, hash);
    bool is_known = *slot == hash;
    *slot = hash;
    return is_known;
}

/* A number of a lane of an originator that a hub refused to a recipient. */
static uint64_t refusal_of(wlk_name originator, const struct wlk_lane *lane, uint64_t seq,
                           size_t recipient)
{
    const uint64_t number[3] = {lane->generation, seq, lane->record_class};
    struct wlk_sha256 sum;
    wlk_digest digest;
    wlk_sha256_init(&sum);
    wlk_sha256_add(&sum, (const uint8_t *)&originator, sizeof originator);
    wlk_sha256_add(&sum, (const uint8_t *)&lane->arrangement, sizeof lane->arrangement);
    wlk_sha256_add(&sum, (const uint8_t *)number, sizeof number);
    wlk_sha256_end(&sum, &digest);
    return hash_of(digest, recipient);
}

static size_t nation_of(const struct wlk_soak_world *world, wlk_name name)
{
    size_t n = 0;
    while (n < WLK_SOAK_NATIONS && !wlk_name_equal(world->node[n].name, name))
        n++;
    return n;
}

/* Judged by what the traffic knows, not by release/: tracks of undeclared events, records
 * under an arrangement that is not in force here, one's own. */
static bool is_forbidden(const struct wlk_soak_world *world, size_t n,
                         const struct wlk_header *header)
{
    size_t originator = nation_of(world, header->originator);
    if (originator == n || originator == WLK_SOAK_NATIONS)
        return true;
    if (header->event.bytes[0] == 0xee || header->type == WLK_TYPE_PLOT)
        return true;
    for (size_t b = 0; b < world->pact.bundle_count; b++)
        if (wlk_name_equal(world->pact.bundle[b].name, header->lane.arrangement) &&
            (!world->pact.bundle[b].is_party[n] || !world->pact.bundle[b].is_party[originator]))
            return true;
    return !wlk_force_named(wlk_post_force(world->node[n].post), header->lane.arrangement,
                            world->now.utc);
}

static void take(struct wlk_soak_world *world, size_t n, const struct wlk_delivery *delivery)
{
    const struct wlk_header *header = &delivery->record->claim.header;
    const wlk_digest digest = delivery->record->claim.digest;
    struct {
        wlk_digest before, record;
        int64_t now_ns;
        uint64_t recipient;
    } link = {world->counts.digest, digest, world->now.mono.ns, n};
    wlk_sha256((const uint8_t *)&link, sizeof link, &world->counts.digest);
    if (delivery->is_replayed || delivery->is_richer)
        return;
    if (is_forbidden(world, n, header))
        world->counts.forbidden++;
    if (note(world, hash_of(digest, n)))
        world->counts.doubled++;
    size_t originator = nation_of(world, header->originator);
    if (originator < WLK_SOAK_NATIONS)
        world->counts.passed[originator][n]++;
}

static void take_notice(struct wlk_soak_world *world, size_t n,
                        const struct wlk_refused_content *refused)
{
    if (!wlk_name_equal(refused->recipient, world->node[n].name))
        return;
    for (uint64_t seq = refused->first_seq; seq <= refused->last_seq; seq++)
        (void)note(world, refusal_of(refused->originator, &refused->lane, seq, n));
}

/* Seconds since the dishonest hub's first misdeed. */
static double since_s(const struct wlk_soak_world *world)
{
    return (double)(world->now.mono.ns - world->liar->done_at.ns) * 1e-9;
}

/* An alarm at a nation: does it answer the misdeed? */
static void take_alarm(struct wlk_soak_world *world, size_t n,
                       const struct wlk_delivery *delivery)
{
    struct soak_liar *liar = world->liar;
    bool is_receipt = delivery->kind == WLK_DELIVERY_UNCONFIRMED;
    bool is_accusation = delivery->kind == WLK_DELIVERY_ACCUSED;
    world->counts.alarms++;
    world->counts.accusations += is_accusation;
    if (!liar)
        return;
    if (!liar->has_done) {
        liar->was_caught = liar->was_caught || is_accusation;
        return;
    }
    bool is_harmed = world->options.misdeed == WLK_SOAK_TWO_FACES || n == liar->victim ||
                     liar->wronged == liar->victim;
    if (!is_receipt && is_harmed && world->counts.receiver_s < 0)
        world->counts.receiver_s = since_s(world);
    if ((is_receipt || is_accusation) && n == liar->wronged && world->counts.originator_s < 0)
        world->counts.originator_s = since_s(world);
}

void wlk_soak_drain(struct wlk_soak_world *world, size_t n)
{
    struct wlk_delivery delivery;
    while (wlk_post_delivered(world->node[n].post, &delivery))
        switch (delivery.kind) {
        case WLK_DELIVERY_RECORD:
            take(world, n, &delivery);
            break;
        case WLK_DELIVERY_NOTICE:
            take_notice(world, n, delivery.refused);
            break;
        case WLK_DELIVERY_GAP:
        case WLK_DELIVERY_PARTNER_LOST:
        case WLK_DELIVERY_HUB_LOST:
        case WLK_DELIVERY_DIVERGED:
        case WLK_DELIVERY_UNCONFIRMED:
        case WLK_DELIVERY_ACCUSED:
            take_alarm(world, n, &delivery);
            break;
        default:
            break;
        }
}

/* ---- evidence ---- */

/* What a nation's journal holds as evidence, checked as anyone could, with its statements. */
static void judge_evidence(struct wlk_soak_world *world, size_t n)
{
    struct wlk_journal *journal = world->node[n].journal;
    struct wlk_standing *standing = NULL;
    struct wlk_evidence evidence;
    const uint8_t *bytes;
    static uint8_t copy[WLK_EVIDENCE_SIZE_MAX];
    size_t size;
    int64_t row = 0;
    if (wlk_journal_evidence_next(journal, &row, &bytes, &size) != WLK_OK)
        return;
    wlk_status status = wlk_standing_open(journal, &world->pact.roots, &standing, NULL);
    WLK_ASSERT(status == WLK_OK);
    for (size_t i = 0; i < world->pact.stand_in_count; i++)
        status = wlk_standing_stand_in(standing, &world->pact.stand_in[i]);
    row = 0;
    while (wlk_journal_evidence_next(journal, &row, &bytes, &size) == WLK_OK) {
        struct wlk_fault fault = {0};
        WLK_ASSERT(size <= sizeof copy);
        memcpy(copy, bytes, size);
        memset(&evidence, 0, sizeof evidence);
        status = wlk_evidence_decode(copy, size, &evidence, &fault);
        if (status == WLK_OK)
            status = wlk_evidence_check(copy, size, standing, &evidence, &fault);
        bool is_liar = world->liar && status == WLK_OK &&
                       wlk_name_equal(evidence.accused, world->hub[world->liar->hub].name);
        world->counts.proofs += is_liar;
        world->counts.bad_proofs += status != WLK_OK;
        world->counts.false_proofs += status == WLK_OK && !is_liar;
        if (world->options.is_talkative)
            printf("# %.1f s: %s has evidence against %s: %s, %s %s of %s, generation %llu, "
                   "%llu-%llu: %s\n",
                   (double)(evidence.time.ns - WLK_SOAK_START_NS) * 1e-9,
                   world->node[n].name.text, evidence.accused.text,
                   wlk_evidence_word(evidence.kind), evidence.lane.arrangement.text,
                   wlk_class_word(evidence.lane.record_class), evidence.originator.text,
                   (unsigned long long)evidence.lane.generation,
                   (unsigned long long)evidence.first, (unsigned long long)evidence.last,
                   status == WLK_OK ? "it holds" : fault.rule);
    }
    wlk_standing_close(standing);
}

static void tell_lost(struct wlk_soak_world *world, size_t recipient, int64_t id, uint64_t seq)
{
    wlk_name originator;
    struct wlk_lane lane;
    int64_t at = 0;
    if (world->counts.lost++ > 0 || !world->options.is_talkative)
        return;
    for (size_t i = 0; wlk_journal_lane_at(world->node[recipient].journal, i, &at, &originator,
                                           &lane); i++)
        if (at == id)
            printf("# lost first: %s %s of %s, generation %llu, seq %llu, to %s\n",
                   lane.arrangement.text, wlk_class_word(lane.record_class), originator.text,
                   (unsigned long long)lane.generation, (unsigned long long)seq,
                   world->node[recipient].name.text);
}

/* One record for one recipient: in its journal, or seen there before it was pruned. */
static void judge_one(struct wlk_soak_world *world, size_t recipient,
                      const struct soak_sealed *sealed)
{
    struct wlk_journal *journal = world->node[recipient].journal;
    wlk_name originator = world->node[sealed->nation].name;
    struct wlk_journal_row row;
    int64_t lane;
    uint64_t first, last, seq = sealed->seq;
    wlk_digest digest;
    wlk_status status = wlk_journal_lane(journal, originator, &sealed->lane, &lane);
    WLK_ASSERT(status == WLK_OK || status == WLK_IO); /* kept in memory */
    bool is_past = seq <= wlk_journal_past(journal, lane);
    uint64_t taken = hash_of(sealed->digest, recipient);
    uint64_t refused = refusal_of(originator, &sealed->lane, seq, recipient);
    world->counts.owed++;
    if (wlk_journal_get(journal, lane, seq, &row) == WLK_OK ||
        (is_past && *slot_of(world, taken) == taken))
        world->counts.delivered++;
    else if ((wlk_journal_refused(journal, lane, seq, &first, &last, &digest) == WLK_OK &&
              first <= seq) ||
             (is_past && *slot_of(world, refused) == refused))
        world->counts.refused++;
    else if (world->is_withdrawn && sealed->bundle == 0)
        world->counts.withdrawn++;
    else
        tell_lost(world, recipient, lane, seq);
}

static void judge_sealed(struct wlk_soak_world *world, const struct soak_sealed *sealed)
{
    for (size_t r = 0; r < WLK_SOAK_NATIONS; r++)
        if (r != sealed->nation && world->pact.bundle[sealed->bundle].is_party[r])
            judge_one(world, r, sealed);
}

static uint64_t pruned_of(struct wlk_journal *journal)
{
    wlk_name originator;
    struct wlk_lane lane;
    int64_t id;
    uint64_t pruned = 0;
    for (size_t i = 0; wlk_journal_lane_at(journal, i, &id, &originator, &lane); i++)
        pruned += wlk_journal_past(journal, id);
    return pruned;
}

void wlk_soak_judge(struct wlk_soak_world *world, struct wlk_soak_counts *out)
{
    for (size_t i = 0; i < world->sealed_count; i++)
        judge_sealed(world, &world->sealed[i]);
    for (size_t n = 0; n < WLK_SOAK_NATIONS; n++) {
        judge_evidence(world, n);
        world->counts.pruned += pruned_of(world->node[n].journal);
    }
    for (size_t h = 0; h < world->options.hub_count; h++)
        world->counts.pruned += pruned_of(world->hub[h].journal);
    *out = world->counts;
}
