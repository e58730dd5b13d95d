/* soak_pact.c -- keys and signed arrangements of a soak world: the shipped texts, renewed.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/soak_private.h"

#include "base/assert.h"
#include "base/words.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const FILES[BUNDLES] = {"tmw.txt", "jp-us.txt", "kr-us.txt"};

static wlk_name owner_name(const struct wlk_soak_world *world, size_t owner)
{
    static const char *const NAMES[OWNERS] = {"JP", "KR", "US", "HON-A", "HON-B"};
    (void)world;
    return wlk_name_of(NAMES[owner]);
}

static void draw(struct wlk_random *random, struct wlk_secret_key *out)
{
    uint8_t seed[WLK_SEED_SIZE];
    wlk_soak_salt(random, seed);
    wlk_soak_salt(random, seed + WLK_SALT_SIZE);
    wlk_key_from_seed(seed, out);
}

static void draw_keys(struct wlk_soak_world *world)
{
    struct soak_pact *pact = &world->pact;
    struct wlk_random random = wlk_random_seeded(world->options.seed, 3);
    for (size_t i = 0; i < OWNERS; i++) {
        draw(&random, &pact->real[i]);
        draw(&random, &pact->exercise[i]);
        pact->key[i] = pact->real[i];
        if (world->options.is_keyed_hash)
            wlk_stand_in_make(owner_name(world, i), world->options.seed, i,
                              &pact->real[i].public_key, &pact->key[i],
                              &pact->stand_in[pact->stand_in_count++]);
        if (i >= WLK_SOAK_NATIONS)
            continue;
        draw(&random, &pact->root[i]);
        struct wlk_root *root = &pact->roots.root[pact->roots.count++];
        root->party = owner_name(world, i);
        root->public_key = pact->root[i].public_key;
    }
    for (size_t n = 0; n < WLK_SOAK_NATIONS; n++) {
        draw(&random, &pact->next[n]);
        pact->next_key[n] = pact->next[n];
        if (world->options.is_keyed_hash)
            wlk_stand_in_make(owner_name(world, n), world->options.seed, OWNERS + n,
                              &pact->next[n].public_key, &pact->next_key[n],
                              &pact->stand_in[pact->stand_in_count++]);
    }
}

static wlk_status renew(struct wlk_soak_world *world, const char *file,
                        struct wlk_fault *fault)
{
    struct soak_pact *pact = &world->pact;
    struct wlk_owner_keys keys[OWNERS];
    const int64_t DAY_NS = INT64_C(86400000000000);
    int64_t today_ns = world->now.utc.ns / DAY_NS * DAY_NS;
    struct wlk_renewal renewal = {
        .effective = {today_ns - DAY_NS}, .until = {today_ns + 300 * DAY_NS}, .owner = keys};
    char path[1024], *text;
    uint8_t index;
    snprintf(path, sizeof path, "%s/%s", world->options.folder, file);
    WLK_TRY(wlk_words_read_file(path, &text, fault));
    wlk_status status = wlk_arrangement_parse(path, text, &pact->shipped, fault);
    free(text);
    WLK_TRY(status);
    memset(keys, 0, sizeof keys);
    for (size_t i = 0; i < OWNERS; i++) {
        struct wlk_owner_keys *owner = &keys[renewal.count];
        owner->owner = owner_name(world, i);
        if (!wlk_arrangement_owner(&pact->shipped, owner->owner, &index))
            continue;
        owner->has_root = i < WLK_SOAK_NATIONS;
        if (owner->has_root)
            owner->root = pact->root[i].public_key;
        owner->real = pact->real[i].public_key;
        owner->exercise = pact->exercise[i].public_key;
        renewal.count++;
    }
    return wlk_arrangement_renew(&pact->shipped, &renewal, &pact->fresh, fault);
}

static wlk_status sign(struct wlk_soak_world *world, struct soak_bundle *bundle)
{
    struct soak_pact *pact = &world->pact;
    uint8_t bytes[WLK_PARTIES_MAX][256], index;
    struct wlk_signature signature[WLK_PARTIES_MAX] = {{0}};
    for (size_t n = 0; n < WLK_SOAK_NATIONS; n++) {
        wlk_name name = owner_name(world, n);
        bundle->is_party[n] = wlk_arrangement_party(&pact->fresh, name, &index);
        if (!bundle->is_party[n] || (world->options.without && pact->bundle_count == 0 &&
                                     wlk_name_equal(*world->options.without, name)))
            continue;
        signature[index].bytes = bytes[index];
        WLK_TRY(wlk_force_sign(&pact->fresh, name, &pact->root[n], bytes[index],
                               sizeof bytes[index], &signature[index].size));
    }
    bundle->name = pact->fresh.name;
    bundle->digest = wlk_arrangement_digest(&pact->fresh);
    return wlk_force_bundle(&pact->fresh, signature, bundle->bytes, sizeof bundle->bytes,
                            &bundle->size);
}

wlk_status wlk_soak_pact_make(struct wlk_soak_world *world, struct wlk_fault *fault)
{
    draw_keys(world);
    for (size_t b = 0; b < BUNDLES; b++) {
        WLK_TRY(renew(world, FILES[b], fault));
        WLK_TRY(sign(world, &world->pact.bundle[b]));
        world->pact.bundle_count++;
    }
    return WLK_OK;
}
