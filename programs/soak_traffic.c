/* soak_traffic.c -- made-up launches: launch, tracks each second, impacts, a cancel at times;
 * and what must not pass: tracks of events that nobody declared, and more than the rate.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/soak_private.h"

#include "base/assert.h"

#include <stdio.h>

static const double EVENT_S = 60, LAUNCH_AGAIN_S = 30;

static void fill_point(struct wlk_soak_world *world, struct wlk_point_content *out)
{
    out->latitude_e7 = 392000000 + (int64_t)wlk_random_below(&world->random, 1000000);
    out->longitude_e7 = 1257000000;
    out->time_ns = world->now.utc.ns;
    out->covariance[0] = out->covariance[2] = 1000000;
    out->covariance[5] = 1000000;
    out->quantum_mm = 1000000;
    out->quantum_ns = 1000000000;
}

static void fill_track(struct wlk_soak_world *world, struct wlk_track_content *out)
{
    out->phase = WLK_PHASE_COAST;
    out->epoch_ns = world->now.utc.ns;
    out->position_mm[0] = -3000000000 - (int64_t)wlk_random_below(&world->random, 1000000);
    out->position_mm[1] = 4000000000;
    out->position_mm[2] = 4000000000;
    out->velocity_mmps[0] = 3000000;
    out->is_coarse = true;
    for (size_t i = 0; i < 6; i++)
        out->sigma_log2[i] = 18;
    out->quantum_mm = 64000;
    out->quantum_mmps = 1000;
    out->condition = WLK_CONDITION_MEASURED;
}

static void fill_content(struct wlk_soak_world *world, enum wlk_type type,
                         union wlk_content *out)
{
    memset(out, 0, sizeof *out);
    switch (type) {
    case WLK_TYPE_LAUNCH:
        fill_point(world, &out->launch.point);
        out->launch.status = WLK_LAUNCH_CONFIRMED;
        out->launch.count_min = out->launch.count_max = 1;
        return;
    case WLK_TYPE_IMPACT:
        fill_point(world, &out->impact.point);
        out->impact.computed_ns = world->now.utc.ns;
        out->impact.condition = WLK_CONDITION_MEASURED;
        out->impact.apogee_mm = 500000000;
        out->impact.assumes_ballistic = out->impact.assumes_intact = true;
        return;
    case WLK_TYPE_TRACK:
        fill_track(world, &out->track);
        return;
    case WLK_TYPE_CANCEL:
        snprintf(out->cancel.reason, sizeof out->cancel.reason, "made up");
        return;
    default:
        WLK_ASSERT(!"traffic has four types");
    }
}

static void fill_header(struct wlk_soak_world *world, const struct soak_event *event,
                        enum wlk_type type, size_t bundle, struct wlk_header *out)
{
    memset(out, 0, sizeof *out);
    out->time = world->now.utc;
    out->type = type;
    out->nature = WLK_NATURE_REAL;
    snprintf(out->label.policy, sizeof out->label.policy, "warnlink");
    for (size_t n = 0; n < WLK_SOAK_NATIONS; n++)
        if (world->pact.bundle[bundle].is_party[n] && n != event->nation)
            out->label.releasable[out->label.releasable_count++] = world->node[n].name;
    out->has_event = true;
    out->event = event->event;
    out->valid_until = wlk_utc_add(world->now.utc, 40);
    out->has_region = true;
    out->region = WLK_REGION_DPRK;
    out->group_count = 1;
    out->group[0].group = type == WLK_TYPE_CANCEL ? WLK_GROUP_BODY : WLK_GROUP_COARSE;
    out->group[0].classification = WLK_SECRET;
    out->sensor_nation_count = 1;
    out->sensor_nation[0] = world->node[event->nation].name;
    out->has_object = true;
    out->object = event->object;
    if (type == WLK_TYPE_CANCEL) {
        out->has_replaced = true;
        out->replaced_generation = event->launch_generation[bundle];
        out->replaced_seq = event->launch_seq[bundle];
    }
}

static void note_sealed(struct wlk_soak_world *world, size_t nation, size_t bundle)
{
    const struct wlk_header *header = wlk_released_header(world->released);
    WLK_ASSERT(world->sealed_count < SEALED_MAX);
    world->sealed[world->sealed_count++] =
        (struct soak_sealed){nation, bundle, header->lane, header->seq,
                             *wlk_released_digest(world->released)};
}

/* Seals one record for one arrangement and puts it. False: the rules here said no. */
static bool say(struct wlk_soak_world *world, struct soak_event *event, enum wlk_type type,
                size_t bundle)
{
    struct soak_node *node = &world->node[event->nation];
    const struct soak_bundle *under = &world->pact.bundle[bundle];
    const struct wlk_agreement *agreement =
        wlk_force_named(wlk_post_force(node->post), under->name, world->now.utc);
    uint8_t salt[1][WLK_SALT_SIZE];
    union wlk_content content;
    struct wlk_lane_head head;
    struct wlk_draft draft = {.content = &content,
                              .salt = (const uint8_t(*)[WLK_SALT_SIZE])salt};
    if (!agreement || !under->is_party[event->nation])
        return false;
    struct wlk_egress egress = {.arrangement = &agreement->arrangement,
                                .digest = &agreement->digest,
                                .is_in_force = true,
                                .originator = node->name,
                                .key = &world->pact.key[event->nation],
                                .keyring = wlk_post_keyring(node->post),
                                .now = world->now.utc,
                                .is_event_open = true};
    fill_header(world, event, type, bundle, &draft.header);
    fill_content(world, type, &content);
    wlk_soak_salt(&world->salts, salt[0]);
    wlk_status status =
        wlk_post_lane(node->post, under->name, wlk_type_class(type), WLK_NATURE_REAL, &head);
    WLK_ASSERT(status == WLK_OK);
    status = wlk_release_seal(&egress, &draft, &head, world->released, NULL);
    WLK_ASSERT(status == WLK_OK);
    status = wlk_post_put(node->post, world->released, world->now);
    WLK_ASSERT(status == WLK_OK || (status == WLK_IO && node->is_full));
    note_sealed(world, event->nation, bundle);
    world->counts.records++;
    if (type == WLK_TYPE_LAUNCH) {
        event->launch_seq[bundle] = head.seq;
        event->launch_generation[bundle] = head.lane.generation;
        event->launched_at[bundle] = world->now.mono;
    }
    return true;
}

static void begin_event(struct wlk_soak_world *world, struct soak_event *event)
{
    memset(event, 0, sizeof *event);
    event->is_used = true;
    event->is_silent = wlk_random_below(&world->random, 6) == 0;
    event->nation = wlk_random_below(&world->random, WLK_SOAK_NATIONS);
    event->object = ++world->objects;
    event->begun = world->now.mono;
    /* a silent event is recognised at the far end by its first byte */
    wlk_soak_salt(&world->random, event->event.bytes);
    event->event.bytes[0] = event->is_silent ? 0xee : 0x11;
}

static bool is_due(const struct wlk_soak_world *world, wlk_mono since, double seconds)
{
    return (double)(world->now.mono.ns - since.ns) * 1e-9 >= seconds;
}

static void go_on(struct wlk_soak_world *world, struct soak_event *event)
{
    size_t burst = wlk_random_below(&world->random, 40) == 0 ? 60 : 1; /* the rate is 50/s */
    if (!world->node[event->nation].is_up)
        return;
    for (size_t b = 0; b < world->pact.bundle_count; b++) {
        if (!event->is_silent && (!event->launch_seq[b] ||
                                  is_due(world, event->launched_at[b], LAUNCH_AGAIN_S)))
            (void)!say(world, event, WLK_TYPE_LAUNCH, b);
        if (!event->is_silent && wlk_random_below(&world->random, 3) == 0)
            (void)!say(world, event, WLK_TYPE_IMPACT, b);
        for (size_t i = 0; i < 2 && world->liar && !event->is_silent; i++)
            (void)!say(world, event, WLK_TYPE_IMPACT, b); /* for it to swap */
        for (size_t i = 0; i < burst; i++)
            (void)!say(world, event, WLK_TYPE_TRACK, b);
        if (event->launch_seq[b] && wlk_random_below(&world->random, 100) == 0)
            (void)!say(world, event, WLK_TYPE_CANCEL, b);
    }
}

static void withdraw(struct wlk_soak_world *world)
{
    uint8_t bytes[WLK_WITHDRAWAL_SIZE_MAX];
    size_t size, n = wlk_random_below(&world->random, WLK_SOAK_NATIONS);
    struct wlk_withdrawal withdrawal = {world->pact.bundle[0].digest, world->node[n].name,
                                        world->now.utc};
    if (!world->node[n].is_up)
        return;
    world->is_withdrawn = true;
    wlk_status status = wlk_force_withdraw(&withdrawal, &world->pact.root[n], bytes,
                                           sizeof bytes, &size);
    WLK_ASSERT(status == WLK_OK);
    status = wlk_post_statement(world->node[n].post, WLK_STATEMENT_WITHDRAWAL, bytes, size,
                                world->now, NULL);
    WLK_ASSERT(status == WLK_OK || (status == WLK_IO && world->node[n].is_full));
}

/* Each 200 ms of the virtual clock. */
void wlk_soak_trade(struct wlk_soak_world *world)
{
    world->traffic_at = wlk_soak_later(world, 0.2);
    if (world->options.has_withdrawal && !world->is_withdrawn &&
        world->withdraw_at.ns <= world->now.mono.ns)
        withdraw(world);
    if (world->options.has_rotation && world->rotate_at.ns <= world->now.mono.ns)
        wlk_soak_rotate(world);
    for (size_t i = 0; i < WLK_SOAK_EVENTS_MAX; i++) {
        struct soak_event *event = &world->event[i];
        if (event->is_used && is_due(world, event->begun, EVENT_S))
            event->is_used = false;
        if (!event->is_used && wlk_random_below(&world->random, world->quiet) == 0)
            begin_event(world, event);
        if (event->is_used && wlk_random_below(&world->random, 4) == 0)
            go_on(world, event);
    }
}
