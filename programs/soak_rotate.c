/* soak_rotate.c -- a nation changes its key while records flow and things break: its root adds
 * the new one, the node starts again with it, and once nothing waits that the old one signed,
 * the root ends that (docs/formats/arrangement.md).
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/soak_private.h"

#include "base/assert.h"

static const double OVERLAP_S = 6, AGAIN_S = 0.5;
static const int64_t SECOND_NS = INT64_C(1000000000), DAY_NS = INT64_C(86400000000000);

static void state(struct wlk_soak_world *world, const struct wlk_key_statement *statement)
{
    uint8_t bytes[WLK_BUNDLE_SIZE_MAX];
    size_t size, n = world->rotating;
    wlk_status status = wlk_key_statement_sign(statement, &world->pact.root[n], bytes,
                                               sizeof bytes, &size);
    WLK_ASSERT(status == WLK_OK);
    status = wlk_post_statement(world->node[n].post, WLK_STATEMENT_KEYS, bytes, size,
                                world->now, NULL);
    WLK_ASSERT(status == WLK_OK || (status == WLK_IO && world->node[n].is_full));
}

static void add(struct wlk_soak_world *world)
{
    int64_t second_ns = world->now.utc.ns / SECOND_NS * SECOND_NS;
    struct wlk_key_statement statement = {.party = world->node[world->rotating].name,
                                          .time = {second_ns},
                                          .key_count = 1};
    struct wlk_arrangement_key *key = &statement.key[0];
    key->public_key = world->pact.next[world->rotating].public_key;
    key->use[WLK_KEY_RECORD] = key->use[WLK_KEY_RECEIPT] = 1;
    key->nature[WLK_NATURE_REAL] = 1;
    key->not_before.ns = second_ns - DAY_NS;
    key->not_after.ns = second_ns + 7 * DAY_NS;
    state(world, &statement);
}

static void end(struct wlk_soak_world *world)
{
    struct wlk_key_statement statement = {
        .party = world->node[world->rotating].name,
        .time = {world->now.utc.ns / SECOND_NS * SECOND_NS},
        .end_count = 1};
    memcpy(statement.end[0].bytes, world->pact.real[world->rotating].public_key.bytes,
           sizeof statement.end[0].bytes);
    statement.end[0].suspect_since = statement.time;
    state(world, &statement);
}

/* Nothing of the old key may wait: once it is ended, no hub takes it any more. */
static bool is_all_taken(const struct wlk_soak_world *world)
{
    for (size_t h = 0; h < world->options.hub_count; h++)
        if (wlk_post_backlog(world->node[world->rotating].post, h))
            return false;
    return true;
}

void wlk_soak_rotate(struct wlk_soak_world *world)
{
    size_t n = world->rotating;
    world->rotate_at = wlk_soak_later(world, OVERLAP_S);
    switch (world->rotation) {
    case ROTATION_NONE:
        n = world->rotating = wlk_random_below(&world->random, WLK_SOAK_NATIONS);
        /* On a full disk it would be gone with the next start, and only memory knows it: an
         * operator has the file in the node's folder then, this world has no such folder. */
        if (!world->node[n].is_up || world->node[n].is_full)
            break;
        add(world);
        world->rotation = ROTATION_ADDED;
        return;
    case ROTATION_ADDED:
        if (!wlk_soak_stop_node(world, n, AGAIN_S))
            break;
        world->pact.key[n] = world->pact.next_key[n];
        world->rotation = ROTATION_USED;
        return;
    case ROTATION_USED:
        if (!world->node[n].is_up || world->node[n].is_full || !is_all_taken(world))
            break;
        end(world);
        world->rotation = ROTATION_DONE;
        world->counts.rotations++;
        return;
    case ROTATION_DONE:
        return;
    }
    world->rotate_at = wlk_soak_later(world, AGAIN_S);
}
