/* keys.c -- whose key may say what, and fresh copies of an arrangement with fresh keys.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/arrangement.h"

static const char *const USE_WORDS[] = {"?", "root", "record", "receipt", "notice"};
_Static_assert(sizeof USE_WORDS / sizeof USE_WORDS[0] == WLK_KEY_USE_END, "each has a word");

const char *wlk_key_use_word(enum wlk_key_use use)
{
    return (unsigned)use < WLK_KEY_USE_END ? USE_WORDS[use] : USE_WORDS[0];
}

enum wlk_key_use wlk_key_use_of(enum wlk_type type)
{
    return type == WLK_TYPE_RECEIPT   ? WLK_KEY_RECEIPT
           : type == WLK_TYPE_REFUSED ? WLK_KEY_NOTICE
                                      : WLK_KEY_RECORD;
}

const struct wlk_public_key *wlk_arrangement_key(const struct wlk_arrangement *arrangement,
                                                 const struct wlk_key_question *question)
{
    uint8_t owner = 0;
    if (!wlk_arrangement_owner(arrangement, question->originator, &owner) ||
        (unsigned)question->use >= WLK_KEY_USE_END ||
        (unsigned)question->nature >= WLK_NATURE_END)
        return NULL;
    for (size_t i = 0; i < arrangement->key_count; i++) {
        const struct wlk_arrangement_key *key = &arrangement->key[i];
        if (key->owner == owner && key->use[question->use] && key->nature[question->nature] &&
            key->not_before.ns <= question->time.ns && question->time.ns < key->not_after.ns &&
            memcmp(key->public_key.kid, question->kid, WLK_KID_SIZE) == 0)
            return &key->public_key;
    }
    return NULL;
}

const struct wlk_public_key *wlk_arrangement_key_of(const struct wlk_arrangement *arrangement,
                                                    const struct wlk_claim *claim)
{
    struct wlk_key_question question = {.originator = claim->header.originator,
                                        .kid = claim->kid,
                                        .use = wlk_key_use_of(claim->header.type),
                                        .nature = claim->header.nature,
                                        .time = claim->header.time};
    return wlk_arrangement_key(arrangement, &question);
}

const struct wlk_public_key *wlk_arrangement_root(const struct wlk_arrangement *arrangement,
                                                  uint8_t party)
{
    for (size_t i = 0; i < arrangement->key_count; i++)
        if (arrangement->key[i].owner == party && arrangement->key[i].use[WLK_KEY_ROOT])
            return &arrangement->key[i].public_key;
    return NULL;
}

bool wlk_arrangement_has_pin(const struct wlk_arrangement *arrangement, wlk_name owner,
                             const wlk_digest *key_hash)
{
    uint8_t index = 0;
    if (!wlk_arrangement_owner(arrangement, owner, &index))
        return false;
    for (size_t i = 0; i < arrangement->pin_count; i++)
        if (arrangement->pin[i].owner == index &&
            wlk_digest_equal(&arrangement->pin[i].key_hash, key_hash))
            return true;
    return false;
}

static struct wlk_arrangement_key *next_key(struct wlk_arrangement *out,
                                            const struct wlk_renewal *renewal, uint8_t owner,
                                            const struct wlk_public_key *public_key)
{
    struct wlk_arrangement_key *key = &out->key[out->key_count++];
    memset(key, 0, sizeof *key);
    key->owner = owner;
    key->public_key = *public_key;
    key->not_before = renewal->effective;
    key->not_after = renewal->until;
    return key;
}

static void add_keys(struct wlk_arrangement *out, const struct wlk_renewal *renewal,
                     uint8_t owner, const struct wlk_owner_keys *keys)
{
    enum wlk_key_use second = owner < WLK_PARTIES_MAX ? WLK_KEY_RECEIPT : WLK_KEY_NOTICE;
    if (keys->has_root)
        next_key(out, renewal, owner, &keys->root)->use[WLK_KEY_ROOT] = 1;
    struct wlk_arrangement_key *real = next_key(out, renewal, owner, &keys->real);
    real->use[WLK_KEY_RECORD] = real->use[second] = 1;
    real->nature[WLK_NATURE_REAL] = 1;
    struct wlk_arrangement_key *exercise = next_key(out, renewal, owner, &keys->exercise);
    exercise->use[WLK_KEY_RECORD] = exercise->use[second] = 1;
    exercise->nature[WLK_NATURE_EXERCISE] = exercise->nature[WLK_NATURE_TEST] = 1;
    for (size_t i = 0;
         i < keys->pin_count && i < (owner < WLK_PARTIES_MAX ? 2u : WLK_PARTIES_MAX); i++) {
        struct wlk_arrangement_pin *pin = &out->pin[out->pin_count++];
        pin->owner = owner;
        pin->key_hash = keys->pin[i];
    }
}

_Static_assert(WLK_OWNERS_MAX * 3 <= WLK_ARRANGEMENT_KEYS_MAX, "a renewal's keys fit");
_Static_assert(WLK_PARTIES_MAX * 2 + (WLK_OWNERS_MAX - WLK_PARTIES_MAX) * WLK_PARTIES_MAX <=
                   WLK_ARRANGEMENT_PINS_MAX,
               "a renewal's pins fit");

wlk_status wlk_arrangement_renew(const struct wlk_arrangement *from,
                                 const struct wlk_renewal *renewal, struct wlk_arrangement *out,
                                 struct wlk_fault *fault)
{
    struct wlk_arrangement fresh = *from;
    bool is_there[WLK_OWNERS_MAX] = {false};
    fresh.key_count = fresh.pin_count = 0;
    memset(fresh.key, 0, sizeof fresh.key);
    memset(fresh.pin, 0, sizeof fresh.pin);
    fresh.effective = renewal->effective;
    fresh.until = renewal->until;
    for (size_t i = 0; i < renewal->count; i++) {
        const struct wlk_owner_keys *keys = &renewal->owner[i];
        uint8_t owner = 0;
        if (!wlk_arrangement_owner(from, keys->owner, &owner) || is_there[owner] ||
            keys->has_root != (owner < WLK_PARTIES_MAX)) {
            wlk_fault_set(fault, "keys of a party or hub, once, a root with parties only", "%s",
                          keys->owner.text);
            return WLK_BAD_INPUT;
        }
        is_there[owner] = true;
        add_keys(&fresh, renewal, owner, keys);
    }
    bool is_any_hub = false;
    for (size_t i = 0; i < from->hub_count; i++)
        is_any_hub = is_any_hub || is_there[WLK_PARTIES_MAX + i];
    const char *rule = wlk_arrangement_fault(&fresh);
    if (!is_any_hub)
        rule = "at least one hub brings its keys";
    for (size_t i = 0; i < from->party_count; i++)
        if (!is_there[i])
            rule = "each party brings its keys";
    if (rule) {
        wlk_fault_set(fault, rule, "%s", from->name.text);
        return WLK_BAD_INPUT;
    }
    *out = fresh;
    return WLK_OK;
}
