/* soak_faults.c -- what breaks in a soak world: connections, lines, nodes, hubs, disks.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/soak_private.h"

static void drop_all(struct wlk_soak_world *world, size_t node, size_t hub)
{
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (world->connection[i].node == node || world->connection[i].hub == hub)
            wlk_soak_drop_connection(world, &world->connection[i]);
}

/* What was kept in memory beside a full disk dies with the process: that loss is counted and
 * said (wlk_journal_count), and not what a soak is to find. */
static bool has_spare(struct wlk_journal *journal)
{
    struct wlk_journal_counts counts;
    wlk_journal_count(journal, &counts);
    return counts.unjournalled > 0;
}

static void crash_node(struct wlk_soak_world *world, size_t n)
{
    struct soak_node *node = &world->node[n];
    bool is_clean = wlk_random_below(&world->random, 4) == 0;
    if (!node->is_up || node->is_full || has_spare(node->journal))
        return;
    drop_all(world, n, SIZE_MAX);
    if (is_clean)
        wlk_post_close(node->post);
    else
        wlk_post_abandon(node->post);
    node->is_up = false;
    node->up_at = wlk_soak_later(world, wlk_soak_uniform(world, 0.1, 8));
    world->counts.crashes++;
}

bool wlk_soak_stop_node(struct wlk_soak_world *world, size_t n, double seconds)
{
    struct soak_node *node = &world->node[n];
    if (!node->is_up || node->is_full || has_spare(node->journal))
        return false;
    drop_all(world, n, SIZE_MAX);
    wlk_post_close(node->post);
    node->is_up = false;
    node->up_at = wlk_soak_later(world, seconds);
    return true;
}

static void crash_hub(struct wlk_soak_world *world, size_t h)
{
    struct soak_hub *hub = &world->hub[h];
    if (!hub->is_up || hub->is_full || has_spare(hub->journal))
        return;
    drop_all(world, SIZE_MAX, h);
    wlk_hub_close(hub->hub);
    hub->is_up = false;
    hub->up_at = wlk_soak_later(world, wlk_soak_uniform(world, 0.1, 8));
    world->counts.crashes++;
}

/* A nation is cut off from one hub, for longer. */
static void cut_off(struct wlk_soak_world *world, size_t n, size_t h)
{
    double cut_s = wlk_soak_uniform(world, 1, 40);
    world->counts.cuts++;
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (world->connection[i].node == n && world->connection[i].hub == h) {
            wlk_soak_drop_connection(world, &world->connection[i]);
            world->connection[i].dial_at = wlk_soak_later(world, cut_s);
        }
}

/* The line between a nation and a hub carries nothing one way, and tells nobody; so do the
 * connections that are dialled anew while it lasts. */
static void dig_hole(struct wlk_soak_world *world, size_t n, size_t h)
{
    size_t side = wlk_random_below(&world->random, 2);
    world->hole_until[n][h][side] = wlk_soak_later(world, wlk_soak_uniform(world, 1, 25));
    world->counts.holes++;
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct soak_connection *c = &world->connection[i];
        if (c->is_up && c->node == n && c->hub == h)
            wlk_loopback_darken(c->end[side]);
    }
}

static void fill_disk(struct wlk_soak_world *world, size_t n, size_t h)
{
    wlk_mono until = wlk_soak_later(world, wlk_soak_uniform(world, 1, 15));
    world->counts.full_disks++;
    if (wlk_random_below(&world->random, 2)) {
        wlk_journal_hold(world->node[n].journal, true);
        world->node[n].is_full = true;
        world->node[n].empty_at = until;
    } else {
        wlk_journal_hold(world->hub[h].journal, true);
        world->hub[h].is_full = true;
        world->hub[h].empty_at = until;
    }
}

void wlk_soak_break(struct wlk_soak_world *world)
{
    uint64_t dice = wlk_random_below(&world->random, 24);
    size_t n = wlk_random_below(&world->random, WLK_SOAK_NATIONS);
    size_t h = wlk_random_below(&world->random, world->options.hub_count);
    world->fault_at = wlk_soak_later(world, wlk_soak_uniform(world, 0.5, 12));
    if (dice < 10) {
        struct soak_connection *c =
            &world->connection[wlk_random_below(&world->random, CONNECTIONS)];
        world->counts.cuts += c->is_up;
        wlk_soak_drop_connection(world, c);
    } else if (dice < 14) {
        cut_off(world, n, h);
    } else if (dice < 17) {
        crash_node(world, n);
    } else if (dice < 20) {
        crash_hub(world, h);
    } else if (dice < 23) {
        dig_hole(world, n, h);
    } else {
        fill_disk(world, n, h);
    }
}

void wlk_soak_mend(struct wlk_soak_world *world)
{
    for (size_t n = 0; n < WLK_SOAK_NATIONS; n++) {
        struct soak_node *node = &world->node[n];
        if (node->is_full && node->empty_at.ns <= world->now.mono.ns) {
            wlk_journal_hold(node->journal, false);
            node->is_full = false;
        }
    }
    for (size_t h = 0; h < world->options.hub_count; h++) {
        struct soak_hub *hub = &world->hub[h];
        if (hub->is_full && hub->empty_at.ns <= world->now.mono.ns) {
            wlk_journal_hold(hub->journal, false);
            hub->is_full = false;
        }
    }
}

void wlk_soak_calm(struct wlk_soak_world *world)
{
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (world->connection[i].dial_at.ns > world->now.mono.ns)
            world->connection[i].dial_at = world->now.mono;
    memset(world->hole_until, 0, sizeof world->hole_until);
    for (size_t n = 0; n < WLK_SOAK_NATIONS; n++)
        world->node[n].empty_at = world->now.mono;
    for (size_t h = 0; h < WLK_HUBS_MAX; h++)
        world->hub[h].empty_at = world->now.mono;
}
