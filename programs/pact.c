/* pact.c -- fresh keys, fresh signatures.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/pact.h"

#include "base/assert.h"
#include "base/words.h"

#include <stdio.h>
#include <stdlib.h>

static const double DAY_S = 86400;

/* The shipped arrangements. */
static const struct {
    const char *file;
    bool is_bilateral;
} SHIPPED[] = {{"jp-us.txt", true}, {"kr-us.txt", true}, {"tmw.txt", false}};

static void draw_key(const uint64_t *seed, uint64_t number, struct wlk_secret_key *out)
{
    uint8_t bytes[WLK_SEED_SIZE];
    wlk_digest digest;
    if (!seed) {
        wlk_key_generate(bytes, out);
    } else {
        uint64_t both[2] = {*seed, number};
        wlk_sha256((const uint8_t *)both, sizeof both, &digest);
        wlk_key_from_seed(digest.bytes, out);
    }
    memset(bytes, 0, sizeof bytes);
}

void wlk_pact_keys(const wlk_name nation[], size_t nation_count, wlk_name hub,
                   const uint64_t *seed, struct wlk_pact *out)
{
    WLK_ASSERT(nation_count >= 2 && nation_count <= WLK_PARTIES_MAX);
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i <= nation_count; i++) {
        struct wlk_pact_owner *owner = &out->owner[out->owner_count++];
        owner->is_hub = i == nation_count;
        owner->name = owner->is_hub ? hub : nation[i];
        draw_key(seed, 3 * i, &owner->root);
        draw_key(seed, 3 * i + 1, &owner->real);
        draw_key(seed, 3 * i + 2, &owner->exercise);
        if (owner->is_hub)
            continue;
        struct wlk_root *root = &out->roots.root[out->roots.count++];
        root->party = owner->name;
        root->public_key = owner->root.public_key;
    }
}

struct wlk_pact_owner *wlk_pact_owner(struct wlk_pact *pact, wlk_name name)
{
    struct wlk_pact_owner *found = NULL;
    for (size_t i = 0; i < pact->owner_count; i++)
        if (wlk_name_equal(pact->owner[i].name, name))
            found = &pact->owner[i];
    WLK_ASSERT(found);
    return found;
}

static wlk_status read_template(const char *folder, const char *file,
                                struct wlk_arrangement *out, struct wlk_fault *fault)
{
    char path[1024], *text;
    snprintf(path, sizeof path, "%s/%s", folder, file);
    WLK_TRY(wlk_words_read_file(path, &text, fault));
    wlk_status status = wlk_arrangement_parse(path, text, out, fault);
    free(text);
    return status;
}

/* The owners that this arrangement names, with their public keys. */
static size_t owners_of(const struct wlk_pact *pact, const struct wlk_arrangement *arrangement,
                        struct wlk_owner_keys keys[WLK_OWNERS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < pact->owner_count; i++) {
        const struct wlk_pact_owner *owner = &pact->owner[i];
        uint8_t index;
        if (!wlk_arrangement_owner(arrangement, owner->name, &index))
            continue;
        keys[count] = (struct wlk_owner_keys){.owner = owner->name,
                                              .has_root = !owner->is_hub,
                                              .root = owner->root.public_key,
                                              .real = owner->real.public_key,
                                              .exercise = owner->exercise.public_key,
                                              .pin_count = owner->pin_count};
        memcpy(keys[count++].pin, owner->pin, sizeof owner->pin);
    }
    return count;
}

static wlk_status sign_all(struct wlk_pact *pact, const struct wlk_arrangement *arrangement,
                           const wlk_name *without, struct wlk_pact_bundle *bundle)
{
    uint8_t bytes[WLK_PARTIES_MAX][256];
    struct wlk_signature signature[WLK_PARTIES_MAX] = {{0}};
    for (size_t i = 0; i < arrangement->party_count; i++) {
        if (without && wlk_name_equal(*without, arrangement->party[i]))
            continue;
        signature[i].bytes = bytes[i];
        WLK_TRY(wlk_force_sign(arrangement, arrangement->party[i],
                               &wlk_pact_owner(pact, arrangement->party[i])->root, bytes[i],
                               sizeof bytes[i], &signature[i].size));
    }
    return wlk_force_bundle(arrangement, signature, bundle->bytes, sizeof bundle->bytes,
                            &bundle->size);
}

static wlk_status renew_one(struct wlk_pact *pact, const struct wlk_arrangement *shipped,
                            wlk_utc now, struct wlk_arrangement *fresh,
                            struct wlk_fault *fault)
{
    struct wlk_owner_keys keys[WLK_OWNERS_MAX];
    const int64_t second = 1000000000;
    wlk_utc today = {now.ns / second * second};
    struct wlk_renewal renewal = {.effective = wlk_utc_add(today, -DAY_S),
                                  .until = wlk_utc_add(today, 365 * DAY_S),
                                  .count = owners_of(pact, shipped, keys),
                                  .owner = keys};
    return wlk_arrangement_renew(shipped, &renewal, fresh, fault);
}

wlk_status wlk_pact_sign(struct wlk_pact *pact, const char *folder, wlk_utc now,
                         const wlk_name *without, struct wlk_fault *fault)
{
    struct wlk_arrangement *both = calloc(2, sizeof *both);
    wlk_status status = both ? WLK_OK : WLK_IO;
    pact->bundle_count = 0;
    for (size_t i = 0; status == WLK_OK && i < sizeof SHIPPED / sizeof SHIPPED[0]; i++) {
        struct wlk_pact_bundle *bundle = &pact->bundle[pact->bundle_count];
        const char *file = pact->trilateral && !SHIPPED[i].is_bilateral ? pact->trilateral
                                                                         : SHIPPED[i].file;
        status = read_template(folder, file, &both[0], fault);
        if (status == WLK_OK)
            status = renew_one(pact, &both[0], now, &both[1], fault);
        if (status == WLK_OK)
            status =
                sign_all(pact, &both[1], SHIPPED[i].is_bilateral ? NULL : without, bundle);
        if (status != WLK_OK)
            break;
        bundle->name = both[1].name;
        bundle->is_bilateral = SHIPPED[i].is_bilateral;
        pact->bundle_count++;
    }
    free(both);
    return status;
}

void wlk_pact_clear(struct wlk_pact *pact)
{
    for (size_t i = 0; i < pact->owner_count; i++) {
        wlk_key_wipe(&pact->owner[i].root);
        wlk_key_wipe(&pact->owner[i].real);
        wlk_key_wipe(&pact->owner[i].exercise);
    }
    memset(pact, 0, sizeof *pact);
}
