/* soak_hub.c -- a hub that breaks its word: the honest hub's own code, with someone at its
 * wires and with its key. It keeps records back, delays, swaps or repeats them, or signs for
 * one nation another log or other notices than for the rest. It cannot sign for a nation.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/soak_private.h"

#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

/* Which of its ways a liar chooses, by its variant. */
static bool is_at_intake(const struct soak_liar *liar)
{
    return liar->misdeed == WLK_SOAK_DROP && liar->variant % 4 == 2;
}

static bool hides_heartbeats(const struct soak_liar *liar)
{
    return (liar->misdeed == WLK_SOAK_DROP && liar->variant % 4 == 1) ||
           (liar->misdeed == WLK_SOAK_DELAY && liar->variant % 2 == 1);
}

enum { FACE_LOG, FACE_LAG, FACE_NOTICES, FACES };

wlk_status wlk_soak_liar_open(struct wlk_soak_world *world)
{
    struct soak_liar *liar = calloc(1, sizeof *liar);
    if (!liar)
        return WLK_IO;
    world->liar = liar;
    liar->misdeed = world->options.misdeed;
    liar->hub = wlk_random_below(&world->random, world->options.hub_count);
    liar->victim = wlk_random_below(&world->random, WLK_SOAK_NATIONS);
    liar->variant = world->counts.variant = (unsigned)wlk_random_below(&world->random, 12);
    liar->delay_s = wlk_soak_uniform(world, 2.2, 6);
    liar->from = wlk_soak_later(world, 8);
    world->counts.receiver_s = world->counts.originator_s = -1;
    world->counts.is_receiver_wronged =
        world->options.hub_count == 1 ||
        (liar->misdeed != WLK_SOAK_DROP && liar->misdeed != WLK_SOAK_DELAY);
    world->counts.is_originator_wronged =
        world->options.hub_count == 1 &&
        (liar->misdeed == WLK_SOAK_DROP || liar->misdeed == WLK_SOAK_DELAY);
    return WLK_OK;
}

void wlk_soak_liar_close(struct wlk_soak_world *world)
{
    free(world->liar);
    world->liar = NULL;
}

/* ---- frames held back ---- */

static bool hold(struct wlk_soak_world *world, struct soak_connection *c, double seconds,
                 const struct wlk_reader *frame)
{
    for (size_t i = 0; i < HELD_MAX; i++) {
        struct soak_held *held = &world->liar->held[i];
        if (held->connection || frame->size > sizeof held->bytes)
            continue;
        memcpy(held->bytes, frame->bytes, frame->size);
        held->size = frame->size;
        held->connection = c;
        held->at = wlk_soak_later(world, seconds);
        return true;
    }
    return false; /* its own room is used up: the rest goes on in time */
}

static void let_go(struct soak_held *held)
{
    held->connection = NULL;
}

/* The frame that is due first, of this connection or (NULL) of any. */
static struct soak_held *first_held(const struct wlk_soak_world *world,
                                    const struct soak_connection *c)
{
    struct soak_held *first = NULL;
    for (size_t i = 0; i < HELD_MAX; i++) {
        struct soak_held *held = &world->liar->held[i];
        if (held->connection && (!c || held->connection == c) &&
            (!first || held->at.ns < first->at.ns))
            first = held;
    }
    return first;
}

bool wlk_soak_liar_next(const struct wlk_soak_world *world, wlk_mono *out)
{
    const struct soak_held *held = world->liar ? first_held(world, NULL) : NULL;
    if (held)
        *out = held->at;
    return held != NULL;
}

void wlk_soak_liar_work(struct wlk_soak_world *world)
{
    struct soak_held *held;
    while (world->liar && (held = first_held(world, NULL)) != NULL &&
           held->at.ns <= world->now.mono.ns) {
        (void)!wlk_transport_send(held->connection->end[1], held->bytes, held->size);
        let_go(held);
    }
}

void wlk_soak_liar_cut(struct wlk_soak_world *world, const struct soak_connection *c)
{
    for (size_t i = 0; world->liar && i < HELD_MAX; i++)
        if (world->liar->held[i].connection == c)
            let_go(&world->liar->held[i]);
}

/* ---- another face ---- */

static void send_face(struct wlk_soak_world *world, struct soak_connection *c,
                      const struct wlk_claim *claim, const union wlk_content *content,
                      const struct wlk_header *header)
{
    struct soak_liar *liar = world->liar;
    struct wlk_sealed sealed;
    uint8_t salt[1][WLK_SALT_SIZE];
    memcpy(salt[0], claim->disclosure[0].salt, sizeof salt[0]);
    struct wlk_sealing what = {header, content, (const uint8_t(*)[WLK_SALT_SIZE])salt};
    wlk_status status = wlk_seal(&what, &world->pact.key[WLK_SOAK_NATIONS + liar->hub],
                                 liar->record, sizeof liar->record, &sealed);
    WLK_ASSERT(status == WLK_OK);
    if (header->has_seq)
        liar->notice_digest = sealed.sign1_digest;
    struct wlk_frame frame = {
        .kind = WLK_FRAME_RECORD, .bytes = liar->record, .size = sealed.size};
    struct wlk_writer out = {liar->frame, sizeof liar->frame, 0};
    status = wlk_frame_encode(&frame, NULL, &out);
    WLK_ASSERT(status == WLK_OK);
    (void)!wlk_transport_send(c->end[1], liar->frame, out.at);
}

static void done(struct wlk_soak_world *world, size_t originator)
{
    struct soak_liar *liar = world->liar;
    /* a swap may look like the answer to a question that is on its way: then the next counts */
    bool is_next_swap = liar->misdeed == WLK_SOAK_REORDER && world->counts.receiver_s < 0;
    if (liar->has_done && !is_next_swap)
        return;
    world->counts.tries++;
    liar->has_done = world->counts.has_done = true;
    liar->done_at = world->now.mono;
    if (liar->was_caught) /* before its victim could have been sure */
        world->counts.receiver_s = 0;
    liar->wronged = originator;
}

/* Its heartbeat for the victim: another digest of the log, or the log as it was. */
static bool show_log(struct wlk_soak_world *world, struct soak_connection *c,
                     const struct wlk_claim *claim)
{
    struct soak_liar *liar = world->liar;
    static union wlk_content content;
    if (wlk_status_content_decode(&claim->disclosure[0], &content.status, NULL) != WLK_OK ||
        !content.status.log_count ||
        !wlk_name_equal(claim->header.lane.arrangement, world->pact.bundle[0].name))
        return true;
    if (liar->variant % FACES == FACE_LOG) {
        content.status.log_digest.bytes[0] ^= 0x55;
        done(world, liar->victim);
    } else {
        if (!liar->log_count) {
            liar->log_count = content.status.log_count;
            liar->notice_digest = content.status.log_digest;
        }
        if (content.status.log_count > liar->log_count)
            done(world, liar->victim);
        content.status.log_count = liar->log_count;
        content.status.log_digest = liar->notice_digest;
    }
    send_face(world, c, claim, &content, &claim->header);
    return false;
}

/* Its notices for the victim give another reason, in a chain of their own. */
static bool show_notice(struct wlk_soak_world *world, struct soak_connection *c,
                        const struct wlk_claim *claim)
{
    struct soak_liar *liar = world->liar;
    static union wlk_content content;
    struct wlk_header header = claim->header;
    if (wlk_refused_content_decode(&claim->disclosure[0], &content.refused, NULL) != WLK_OK ||
        !wlk_name_equal(header.lane.arrangement, world->pact.bundle[0].name))
        return true;
    snprintf(content.refused.reason, sizeof content.refused.reason, "for you, another reason");
    if (liar->has_done && header.seq > 1) /* asked for anew, the first has none before it */
        header.prev = liar->notice_digest;
    done(world, liar->victim);
    send_face(world, c, claim, &content, &header);
    return false;
}

static bool show_face(struct wlk_soak_world *world, struct soak_connection *c,
                      const struct wlk_claim *claim)
{
    bool is_own = wlk_name_equal(claim->header.originator, world->hub[c->hub].name);
    bool is_notices = world->liar->variant % FACES == FACE_NOTICES;
    if (!is_own)
        return true;
    if (is_notices)
        return claim->header.type == WLK_TYPE_REFUSED ? show_notice(world, c, claim) : true;
    return claim->header.type == WLK_TYPE_STATUS ? show_log(world, c, claim) : true;
}

/* ---- records ---- */

static size_t nation_of(const struct wlk_soak_world *world, wlk_name name)
{
    size_t n = 0;
    while (n < WLK_SOAK_NATIONS && !wlk_name_equal(world->node[n].name, name))
        n++;
    return n;
}

/* Four of five, and always the same: asking again does not help. */
static bool is_chosen(const struct soak_liar *liar, const struct wlk_claim *claim)
{
    return liar->variant % 4 == 3 || claim->digest.bytes[0] < 205;
}

static bool is_same_lane(const struct wlk_lane *a, const struct wlk_lane *b)
{
    return a->record_class == b->record_class && a->nature == b->nature &&
           a->generation == b->generation && wlk_name_equal(a->arrangement, b->arrangement);
}

/* Two of one lane that follow each other at once change places. */
static bool swap(struct wlk_soak_world *world, struct soak_connection *c,
                 const struct wlk_claim *claim, const struct wlk_reader *frame)
{
    struct soak_liar *liar = world->liar;
    struct soak_held *held = first_held(world, c);
    if (!held) {
        liar->swapped_lane = claim->header.lane;
        liar->swapped_of = claim->header.originator;
        return !hold(world, c, 0.05, frame);
    }
    bool is_pair = is_same_lane(&liar->swapped_lane, &claim->header.lane) &&
                   wlk_name_equal(liar->swapped_of, claim->header.originator);
    if (is_pair)
        (void)!wlk_transport_send(c->end[1], frame->bytes, frame->size);
    (void)!wlk_transport_send(c->end[1], held->bytes, held->size);
    let_go(held);
    if (is_pair)
        done(world, nation_of(world, claim->header.originator));
    return !is_pair;
}

/* A second copy of what the victim has harms nobody, if it is kept back. */
static bool was_before(struct wlk_soak_world *world, const struct wlk_claim *claim)
{
    struct soak_liar *liar = world->liar;
    uint64_t hash;
    memcpy(&hash, claim->digest.bytes, sizeof hash);
    for (size_t i = 0; i < liar->before_count; i++)
        if (liar->before[i] == hash)
            return true;
    if (world->now.mono.ns < liar->from.ns &&
        liar->before_count < sizeof liar->before / sizeof liar->before[0])
        liar->before[liar->before_count++] = hash;
    return false;
}

/* A warning for the victim. False: it does not go on now. */
static bool send_warning(struct wlk_soak_world *world, struct soak_connection *c,
                         const struct wlk_claim *claim, const struct wlk_reader *frame)
{
    struct soak_liar *liar = world->liar;
    size_t originator = nation_of(world, claim->header.originator);
    switch (liar->misdeed) {
    case WLK_SOAK_DROP:
        if (!is_chosen(liar, claim))
            return true;
        done(world, originator);
        return false;
    case WLK_SOAK_DELAY:
        if (!hold(world, c, liar->delay_s, frame))
            return true;
        done(world, originator);
        return false;
    case WLK_SOAK_REORDER:
        return swap(world, c, claim, frame);
    case WLK_SOAK_DOUBLE:
        (void)!wlk_transport_send(c->end[1], frame->bytes, frame->size);
        done(world, originator);
        return true;
    case WLK_SOAK_HONEST:
    case WLK_SOAK_TWO_FACES:
    case WLK_SOAK_MISDEED_END:
        break;
    }
    return true;
}

bool wlk_soak_liar_sends(struct wlk_soak_world *world, struct soak_connection *c,
                         const uint8_t *bytes, size_t size)
{
    const struct soak_liar *liar = world->liar;
    struct wlk_frame frame;
    struct wlk_claim claim;
    struct wlk_reader whole = {bytes, size, 0};
    if (!liar || c->hub != liar->hub || c->node != liar->victim || is_at_intake(liar))
        return true;
    if (wlk_frame_decode(bytes + WLK_FRAME_PREFIX, size - WLK_FRAME_PREFIX, &frame) != WLK_OK ||
        frame.kind != WLK_FRAME_RECORD ||
        wlk_claim_decode(frame.bytes, frame.size, &claim, NULL) != WLK_OK)
        return true;
    bool is_known =
        claim.header.lane.record_class == WLK_CLASS_WARN && was_before(world, &claim);
    if (is_known || world->now.mono.ns < liar->from.ns)
        return true;
    if (liar->misdeed == WLK_SOAK_TWO_FACES)
        return show_face(world, c, &claim);
    if (claim.header.lane.record_class == WLK_CLASS_WARN)
        return send_warning(world, c, &claim, &whole);
    bool is_partners = claim.header.type == WLK_TYPE_STATUS &&
                       nation_of(world, claim.header.originator) < WLK_SOAK_NATIONS;
    if (!is_partners || !hides_heartbeats(liar) || !liar->has_done)
        return true;
    return liar->misdeed == WLK_SOAK_DELAY && !hold(world, c, liar->delay_s, &whole);
}

bool wlk_soak_liar_takes(struct wlk_soak_world *world, struct soak_connection *c,
                         const uint8_t *bytes, size_t size)
{
    const struct soak_liar *liar = world->liar;
    struct wlk_frame frame;
    struct wlk_claim claim;
    if (!liar || c->hub != liar->hub || c->node != liar->victim || !is_at_intake(liar) ||
        world->now.mono.ns < liar->from.ns)
        return true;
    if (wlk_frame_decode(bytes, size, &frame) != WLK_OK || frame.kind != WLK_FRAME_RECORD ||
        wlk_claim_decode(frame.bytes, frame.size, &claim, NULL) != WLK_OK ||
        claim.header.lane.record_class != WLK_CLASS_WARN)
        return true;
    done(world, c->node);
    return false;
}
