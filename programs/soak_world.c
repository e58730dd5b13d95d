/* soak_world.c -- a coalition in one process, broken at random and put together again.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/soak_private.h"

#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const NATIONS[WLK_SOAK_NATIONS] = {"JP", "KR", "US"};
static const char *const HUBS[WLK_HUBS_MAX] = {"HON-A", "HON-B"};

void wlk_soak_salt(void *context, uint8_t salt[WLK_SALT_SIZE])
{
    struct wlk_random *random = context;
    for (size_t i = 0; i < WLK_SALT_SIZE; i += sizeof(uint64_t)) {
        uint64_t bits = wlk_random_bits(random);
        memcpy(salt + i, &bits, sizeof bits);
    }
}

double wlk_soak_uniform(struct wlk_soak_world *world, double low, double high)
{
    return low + (high - low) * wlk_random_uniform(&world->random);
}

wlk_mono wlk_soak_later(const struct wlk_soak_world *world, double seconds)
{
    return (wlk_mono){world->now.mono.ns + (int64_t)(seconds * 1e9)};
}

/* ---- posts and hubs, up and down ---- */

wlk_status wlk_soak_start_node(struct wlk_soak_world *world, size_t n)
{
    struct soak_node *node = &world->node[n];
    struct wlk_post_options options = {.nation = node->name,
                                       .hub_count = world->options.hub_count,
                                       .journal = node->journal,
                                       .key = &world->pact.key[n],
                                       .key_nature = WLK_NATURE_REAL,
                                       .salts = {wlk_soak_salt, &world->salts},
                                       .roots = &world->pact.roots,
                                       .stand_in_count = world->pact.stand_in_count,
                                       .stand_in = world->pact.stand_in,
                                       .kept_ns = (int64_t)(world->options.kept_s * 1e9),
                                       .now = world->now};
    for (size_t h = 0; h < world->options.hub_count; h++)
        options.hub[h] = world->hub[h].name;
    WLK_TRY(wlk_post_open(&options, &node->post, NULL));
    node->is_up = true;
    wlk_post_replay(node->post, wlk_utc_add(world->now.utc, -60));
    return WLK_OK;
}

wlk_status wlk_soak_start_hub(struct wlk_soak_world *world, size_t h)
{
    struct soak_hub *hub = &world->hub[h];
    struct wlk_hub_options options = {.name = hub->name,
                                      .journal = hub->journal,
                                      .key_nature = WLK_NATURE_REAL,
                                      .salts = {wlk_soak_salt, &world->salts},
                                      .roots = &world->pact.roots,
                                      .stand_in_count = world->pact.stand_in_count,
                                      .stand_in = world->pact.stand_in,
                                      .kept_ns = (int64_t)(world->options.kept_s * 1e9),
                                      .now = world->now};
    struct wlk_roots wary = world->pact.roots;
    if (world->options.is_hub_wary) {
        wary.root[1].public_key = world->pact.root[0].public_key;
        options.roots = &wary;
    }
    options.key = &world->pact.key[WLK_SOAK_NATIONS + h];
    WLK_TRY(wlk_hub_open(&options, &hub->hub, NULL));
    hub->is_up = true;
    return WLK_OK;
}

void wlk_soak_drop_connection(struct wlk_soak_world *world, struct soak_connection *c)
{
    if (!c->is_up)
        return;
    if (world->node[c->node].is_up)
        wlk_post_disconnected(world->node[c->node].post, c->hub, c->link, world->now);
    if (world->hub[c->hub].is_up)
        wlk_hub_disconnected(world->hub[c->hub].hub, world->node[c->node].name, c->link,
                             world->now);
    wlk_transport_close(c->end[0]);
    wlk_transport_close(c->end[1]);
    c->is_up = c->is_stuck[0] = c->is_stuck[1] = false;
    wlk_soak_liar_cut(world, c);
    c->dial_at = wlk_soak_later(world, wlk_soak_uniform(world, 0.2, 2));
}

static void come_back(struct wlk_soak_world *world)
{
    for (size_t n = 0; n < WLK_SOAK_NATIONS; n++)
        if (!world->node[n].is_up && world->node[n].up_at.ns <= world->now.mono.ns) {
            wlk_status status = wlk_soak_start_node(world, n);
            WLK_ASSERT(status == WLK_OK);
        }
    for (size_t h = 0; h < world->options.hub_count; h++)
        if (!world->hub[h].is_up && world->hub[h].up_at.ns <= world->now.mono.ns) {
            wlk_status status = wlk_soak_start_hub(world, h);
            WLK_ASSERT(status == WLK_OK);
        }
}

static void dial(struct wlk_soak_world *world, struct soak_connection *c)
{
    struct soak_node *node = &world->node[c->node];
    struct soak_hub *hub = &world->hub[c->hub];
    if (c->is_up || !node->is_up || !hub->is_up || c->dial_at.ns > world->now.mono.ns)
        return;
    if (wlk_loopback_join(world->loopback, c->end) != WLK_OK)
        return;
    for (size_t side = 0; side < 2; side++)
        if (world->hole_until[c->node][c->hub][side].ns > world->now.mono.ns)
            wlk_loopback_darken(c->end[side]);
    c->is_up = node->is_awake = hub->is_awake = true;
    wlk_post_connected(node->post, c->hub, c->link, world->now);
    wlk_hub_connected(hub->hub, node->name, c->link, world->now);
}

/* ---- one step ---- */

static void move_in(struct wlk_soak_world *world, struct soak_connection *c)
{
    const uint8_t *bytes;
    size_t size;
    struct soak_node *node = &world->node[c->node];
    struct soak_hub *hub = &world->hub[c->hub];
    while (c->is_up && wlk_transport_receive(c->end[0], &bytes, &size) == WLK_OK) {
        wlk_status status =
            wlk_post_frame(node->post, c->hub, c->link, bytes, size, world->now);
        WLK_ASSERT(status == WLK_OK);
        wlk_soak_drain(world, c->node);
        node->is_awake = true;
    }
    while (c->is_up && wlk_transport_receive(c->end[1], &bytes, &size) == WLK_OK) {
        if (!wlk_soak_liar_takes(world, c, bytes, size))
            continue;
        wlk_status status =
            wlk_hub_frame(hub->hub, node->name, c->link, bytes, size, world->now);
        WLK_ASSERT(status == WLK_OK);
        hub->is_awake = true;
    }
}

static void move_out(struct wlk_soak_world *world, struct soak_connection *c)
{
    const uint8_t *bytes;
    size_t size;
    struct soak_node *node = &world->node[c->node];
    struct soak_hub *hub = &world->hub[c->hub];
    if (!c->is_up)
        return;
    if (node->is_awake || c->is_stuck[0]) {
        while (wlk_transport_has_room(c->end[0]) &&
               wlk_post_outgoing(node->post, c->hub, c->link, &bytes, &size))
            (void)!wlk_transport_send(c->end[0], bytes, size);
        c->is_stuck[0] = !wlk_transport_has_room(c->end[0]);
    }
    if (hub->is_awake || c->is_stuck[1]) {
        while (wlk_transport_has_room(c->end[1]) &&
               wlk_hub_outgoing(hub->hub, node->name, c->link, world->now, &bytes, &size))
            if (wlk_soak_liar_sends(world, c, bytes, size))
                (void)!wlk_transport_send(c->end[1], bytes, size);
        c->is_stuck[1] = !wlk_transport_has_room(c->end[1]);
    }
}

/* A line that carries one way only shows by silence; its node cuts it. */
static void cut_stalled(struct wlk_soak_world *world)
{
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct soak_connection *c = &world->connection[i];
        if (c->is_up && wlk_post_is_stalled(world->node[c->node].post, c->hub, c->link))
            wlk_soak_drop_connection(world, c);
    }
}

static void tick(struct wlk_soak_world *world)
{
    world->tick_at = wlk_soak_later(world, 0.1);
    for (size_t n = 0; n < WLK_SOAK_NATIONS; n++)
        if (world->node[n].is_up) {
            wlk_post_tick(world->node[n].post, world->now);
            wlk_soak_drain(world, n);
            world->node[n].is_awake = true;
        }
    for (size_t h = 0; h < world->options.hub_count; h++)
        if (world->hub[h].is_up) {
            wlk_hub_tick(world->hub[h].hub, world->now);
            world->hub[h].is_awake = true;
        }
    cut_stalled(world);
}

/* To the next instant at which anything happens. */
static void advance(struct wlk_soak_world *world)
{
    int64_t next_ns = world->tick_at.ns;
    wlk_mono due;
    if (world->is_trading && world->traffic_at.ns < next_ns)
        next_ns = world->traffic_at.ns;
    if (world->is_trading && world->options.has_faults && world->fault_at.ns < next_ns)
        next_ns = world->fault_at.ns;
    if (wlk_loopback_next(world->loopback, &due) && due.ns < next_ns)
        next_ns = due.ns;
    if (wlk_soak_liar_next(world, &due) && due.ns < next_ns)
        next_ns = due.ns;
    if (next_ns < world->now.mono.ns)
        next_ns = world->now.mono.ns;
    world->now.utc.ns += next_ns - world->now.mono.ns;
    world->now.mono.ns = next_ns;
    wlk_loopback_advance(world->loopback, world->now.mono);
}

static void step(struct wlk_soak_world *world)
{
    advance(world);
    come_back(world);
    wlk_soak_mend(world);
    wlk_soak_liar_work(world);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        if (world->connection[i].hub < world->options.hub_count) {
            dial(world, &world->connection[i]);
            move_in(world, &world->connection[i]);
        }
    }
    if (world->is_trading && world->options.has_faults &&
        world->fault_at.ns <= world->now.mono.ns)
        wlk_soak_break(world);
    if (world->is_trading && world->traffic_at.ns <= world->now.mono.ns)
        wlk_soak_trade(world);
    if (world->tick_at.ns <= world->now.mono.ns)
        tick(world);
    for (size_t i = 0; i < CONNECTIONS; i++)
        move_out(world, &world->connection[i]);
    for (size_t n = 0; n < WLK_SOAK_NATIONS; n++)
        world->node[n].is_awake = false;
    for (size_t h = 0; h < world->options.hub_count; h++)
        world->hub[h].is_awake = false;
}

/* A swap that may be the answer to a question tells nobody anything: then the next one counts,
 * and traffic goes on for it. */
static bool is_next_awaited(const struct wlk_soak_world *world)
{
    return world->options.misdeed == WLK_SOAK_REORDER && world->counts.has_done &&
           world->counts.receiver_s < 0;
}

void wlk_soak_run(struct wlk_soak_world *world)
{
    static const int64_t CALM_NS = INT64_C(20000000000), LONGER_NS = INT64_C(120000000000);
    int64_t end_ns = world->now.mono.ns + (int64_t)(world->options.duration_s * 1e9);
    int64_t last_ns = end_ns + LONGER_NS;
    world->is_trading = true;
    while (world->now.mono.ns < end_ns) {
        step(world);
        if (world->now.mono.ns >= end_ns && end_ns < last_ns && is_next_awaited(world))
            end_ns += INT64_C(1000000000);
    }
    world->is_trading = false;
    wlk_soak_calm(world);
    while (world->now.mono.ns < end_ns + CALM_NS)
        step(world);
}

/* ---- opening ---- */

static wlk_status open_journal(struct wlk_soak_world *world, wlk_name owner,
                               struct wlk_journal **out, struct wlk_fault *fault)
{
    char path[1024];
    if (!world->options.journals)
        return wlk_journal_open(":memory:", owner, out, fault);
    snprintf(path, sizeof path, "%s/%s.db", world->options.journals, owner.text);
    return wlk_journal_open(path, owner, out, fault);
}

static wlk_status open_journals(struct wlk_soak_world *world, struct wlk_fault *fault)
{
    for (size_t n = 0; n < WLK_SOAK_NATIONS; n++) {
        struct soak_node *node = &world->node[n];
        node->name = wlk_name_of(NATIONS[n]);
        WLK_TRY(open_journal(world, node->name, &node->journal, fault));
        WLK_TRY(wlk_soak_start_node(world, n));
    }
    for (size_t h = 0; h < world->options.hub_count; h++) {
        struct soak_hub *hub = &world->hub[h];
        WLK_TRY(open_journal(world, hub->name, &hub->journal, fault));
        WLK_TRY(wlk_soak_start_hub(world, h));
    }
    return WLK_OK;
}

/* The nations bring the bundles they are party to; the hub gets them from the nations. */
static wlk_status hand_out(struct wlk_soak_world *world, struct wlk_fault *fault)
{
    for (size_t n = 0; n < WLK_SOAK_NATIONS; n++)
        for (size_t b = 0; b < world->pact.bundle_count; b++) {
            const struct soak_bundle *bundle = &world->pact.bundle[b];
            if (bundle->is_party[n])
                WLK_TRY(wlk_post_statement(world->node[n].post, WLK_STATEMENT_BUNDLE,
                                           bundle->bytes, bundle->size, world->now, fault));
        }
    return WLK_OK;
}

wlk_status wlk_soak_open(const struct wlk_soak_options *options, struct wlk_soak_world **out,
                         struct wlk_fault *fault)
{
    struct wlk_soak_world *world = calloc(1, sizeof *world);
    if (!world)
        return WLK_IO;
    world->options = *options;
    world->random = wlk_random_seeded(options->seed, 1);
    world->salts = wlk_random_seeded(options->seed, 2);
    world->now.mono.ns = INT64_C(1000000000);
    world->now.utc.ns = WLK_SOAK_START_NS;
    world->fault_at = wlk_soak_later(world, 5);
    world->traffic_at = wlk_soak_later(world, 2);
    world->rotate_at = wlk_soak_later(world, options->duration_s / 4);
    world->withdraw_at = wlk_soak_later(world, options->duration_s / 2);
    world->quiet = options->quiet ? options->quiet : 150;
    struct wlk_loopback_options loopback = {.seed = options->seed,
                                            .connections_max = CONNECTIONS,
                                            .delay_ns = 100000};
    if (options->has_faults || options->misdeed) {
        loopback.delay_ns = (int64_t)wlk_soak_uniform(world, 1e5, 8e7);
        loopback.jitter_ns = (int64_t)wlk_soak_uniform(world, 0, 5e7);
        loopback.loss = wlk_soak_uniform(world, 0, 0.05);
        loopback.resend_ns = (int64_t)wlk_soak_uniform(world, 1e8, 6e8);
    }
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct soak_connection *c = &world->connection[i];
        c->node = i % WLK_SOAK_NATIONS;
        c->hub = i / WLK_SOAK_NATIONS % WLK_HUBS_MAX;
        c->link = wlk_post_classes[i / (WLK_SOAK_NATIONS * WLK_HUBS_MAX)];
    }
    for (size_t h = 0; h < WLK_HUBS_MAX; h++)
        world->hub[h].name = wlk_name_of(HUBS[h]);
    world->released = wlk_released_open();
    world->seen = calloc(SEEN_MAX, sizeof *world->seen);
    world->sealed = calloc(SEALED_MAX, sizeof *world->sealed);
    bool has_room = world->released && world->seen && world->sealed;
    wlk_status status = has_room ? wlk_seal_init() : WLK_IO;
    if (status == WLK_OK)
        status = wlk_loopback_open(&loopback, &world->loopback);
    if (status == WLK_OK)
        status = wlk_soak_pact_make(world, fault);
    if (status == WLK_OK)
        status = open_journals(world, fault);
    if (status == WLK_OK)
        status = hand_out(world, fault);
    if (status == WLK_OK && options->misdeed)
        status = wlk_soak_liar_open(world);
    if (status != WLK_OK) {
        wlk_soak_close(world);
        return status;
    }
    *out = world;
    return WLK_OK;
}

const struct wlk_roots *wlk_soak_roots(const struct wlk_soak_world *world)
{
    return &world->pact.roots;
}

void wlk_soak_close(struct wlk_soak_world *world)
{
    if (!world)
        return;
    for (size_t n = 0; n < WLK_SOAK_NATIONS; n++) {
        if (world->node[n].is_up)
            wlk_post_abandon(world->node[n].post);
        wlk_journal_close(world->node[n].journal);
    }
    for (size_t h = 0; h < WLK_HUBS_MAX; h++) {
        if (world->hub[h].is_up)
            wlk_hub_close(world->hub[h].hub);
        wlk_journal_close(world->hub[h].journal);
    }
    wlk_loopback_close(world->loopback);
    wlk_released_close(world->released);
    wlk_soak_liar_close(world);
    free(world->seen);
    free(world->sealed);
    free(world);
}

const struct wlk_post_counts *wlk_soak_post_count(const struct wlk_soak_world *world,
                                                  size_t nation)
{
    return wlk_post_count(world->node[nation].post);
}

const struct wlk_hub_counts *wlk_soak_hub_count(const struct wlk_soak_world *world, size_t hub)
{
    return wlk_hub_count(world->hub[hub].hub);
}
