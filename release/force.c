/* force.c -- who signed, who withdrew, and what is therefore in force.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/force.h"

#include "base/assert.h"

_Static_assert(WLK_ARRANGEMENT_SIZE_MAX + WLK_PARTIES_MAX * WLK_PARTY_SIGNATURE_MAX + 64 <=
                   WLK_BUNDLE_SIZE_MAX,
               "a full arrangement with all signatures fits a bundle");
_Static_assert((int)WLK_BUNDLE_SIZE_MAX < (int)WLK_FRAME_SIZE_MAX, "a bundle fits a frame");

static const char *const STATE_WORDS[] = {"unknown", "draft",     "signed",    "in force",
                                          "expired", "withdrawn", "superseded"};

const char *wlk_force_word(enum wlk_force_state state)
{
    return (unsigned)state < sizeof STATE_WORDS / sizeof STATE_WORDS[0] ? STATE_WORDS[state]
                                                                        : "?";
}

/* Index of the agreement with this digest, or count. */
static size_t index_of(const struct wlk_force *force, const wlk_digest *digest)
{
    size_t i = 0;
    while (i < force->count && !wlk_digest_equal(&force->agreement[i].digest, digest))
        i++;
    return i;
}

static uint64_t version_in(const struct wlk_force_seen seen[], size_t count, wlk_name name)
{
    for (size_t i = 0; i < count; i++)
        if (wlk_name_equal(seen[i].name, name))
            return seen[i].version;
    return 0;
}

uint64_t wlk_force_version(const struct wlk_force *force, wlk_name name)
{
    return version_in(force->seen, force->seen_count, name);
}

static bool is_superseded(const struct wlk_force *force, const struct wlk_arrangement *a)
{
    return a->version < wlk_force_version(force, a->name);
}

/* Removes one agreement; only a superseded one, which no put can bring into force again. */
static void drop(struct wlk_force *force, size_t i)
{
    size_t last = --force->count;
    force->agreement[i] = force->agreement[last];
    force->is_withdrawn[i] = force->is_withdrawn[last];
    force->withdrawal[i] = force->withdrawal[last];
    force->is_withdrawn[last] = false;
}

static void make_room(struct wlk_force *force)
{
    size_t oldest = force->count;
    for (size_t i = 0; i < force->count; i++)
        if (is_superseded(force, &force->agreement[i].arrangement) &&
            (oldest == force->count || force->agreement[i].arrangement.effective.ns <
                                           force->agreement[oldest].arrangement.effective.ns))
            oldest = i;
    if (oldest < force->count)
        drop(force, oldest);
}

static bool is_of_name(const struct wlk_agreement *agreement, const struct wlk_arrangement *a)
{
    return wlk_name_equal(agreement->arrangement.name, a->name);
}

/* The arrangement that this one takes the place of must be the one it names. */
static const char *succession_fault(const struct wlk_force *force,
                                    const struct wlk_arrangement *a)
{
    const struct wlk_agreement *before = NULL;
    for (size_t i = 0; i < force->count; i++) {
        const struct wlk_agreement *other = &force->agreement[i];
        if (!other->is_complete || !is_of_name(other, a))
            continue;
        if (other->arrangement.version == a->version)
            return "another arrangement of this name and version is signed";
        if (other->arrangement.version < a->version &&
            (!before || other->arrangement.version > before->arrangement.version))
            before = other;
    }
    if (before && !wlk_digest_equal(&before->digest, &a->replaces))
        return "it replaces another arrangement than the one known here";
    return NULL;
}

static wlk_status put_again(struct wlk_agreement *known, const struct wlk_agreement *agreement)
{
    bool is_new = false;
    for (size_t p = 0; p < WLK_PARTIES_MAX; p++)
        is_new = is_new || (agreement->is_signed[p] && !known->is_signed[p]);
    if (!is_new)
        return WLK_KNOWN;
    known->is_complete = true;
    for (size_t p = 0; p < known->arrangement.party_count; p++) {
        known->is_signed[p] = known->is_signed[p] || agreement->is_signed[p];
        known->is_complete = known->is_complete && known->is_signed[p];
    }
    return WLK_OK;
}

wlk_status wlk_force_put(struct wlk_force *force, const struct wlk_agreement *agreement,
                         struct wlk_fault *fault)
{
    size_t i = index_of(force, &agreement->digest);
    if (i < force->count)
        return put_again(&force->agreement[i], agreement);
    const char *rule = succession_fault(force, &agreement->arrangement);
    if (rule) {
        wlk_fault_set(fault, rule, "%s version %llu", agreement->arrangement.name.text,
                      (unsigned long long)agreement->arrangement.version);
        return WLK_BAD_INPUT;
    }
    if (force->count == WLK_ARRANGEMENTS_MAX)
        make_room(force);
    if (force->count == WLK_ARRANGEMENTS_MAX)
        return WLK_FULL;
    force->agreement[force->count] = *agreement;
    force->is_withdrawn[force->count] = false;
    force->count++;
    return WLK_OK;
}

wlk_status wlk_force_put_withdrawal(struct wlk_force *force, const uint8_t *bytes, size_t size,
                                    struct wlk_withdrawal *out, struct wlk_fault *fault)
{
    struct wlk_object_claim claim;
    struct wlk_withdrawal withdrawal;
    uint8_t party = 0;
    WLK_TRY(wlk_object_decode(bytes, size, &claim, fault));
    WLK_TRY(wlk_withdrawal_decode(&claim, &withdrawal, fault));
    size_t i = index_of(force, &withdrawal.arrangement);
    if (i == force->count)
        return WLK_NOT_YET;
    const struct wlk_arrangement *arrangement = &force->agreement[i].arrangement;
    const struct wlk_public_key *root = NULL;
    if (wlk_arrangement_party(arrangement, withdrawal.party, &party))
        root = wlk_arrangement_root(arrangement, party);
    if (!root || wlk_verify_object(WLK_WITHDRAWAL_KIND, &claim, root) != WLK_OK) {
        wlk_fault_set(fault, "a withdrawal is signed by a party's root key", "%s",
                      withdrawal.party.text);
        return WLK_BAD_SIGNATURE;
    }
    if (force->is_withdrawn[i])
        return WLK_KNOWN;
    force->is_withdrawn[i] = true;
    force->withdrawal[i] = withdrawal;
    if (out)
        *out = withdrawal;
    return WLK_OK;
}

static bool is_in_term(const struct wlk_arrangement *a, wlk_utc now)
{
    return a->effective.ns <= now.ns && now.ns < a->until.ns;
}

/* Raises a version in a list; *count grows where the name is new. */
static wlk_status raise_version(struct wlk_force_seen list[WLK_ARRANGEMENTS_MAX], size_t *count,
                                struct wlk_force_seen to)
{
    for (size_t i = 0; i < *count; i++)
        if (wlk_name_equal(list[i].name, to.name)) {
            if (to.version > list[i].version)
                list[i].version = to.version;
            return WLK_OK;
        }
    if (*count == WLK_ARRANGEMENTS_MAX)
        return WLK_FULL;
    list[(*count)++] = to;
    return WLK_OK;
}

wlk_status wlk_force_note_seen(struct wlk_force *force, wlk_name name, uint64_t version)
{
    return raise_version(force->seen, &force->seen_count,
                         (struct wlk_force_seen){name, version});
}

bool wlk_force_hear(struct wlk_force *force, wlk_name name, uint64_t version)
{
    if (version <= wlk_force_version(force, name) ||
        version <= version_in(force->heard, force->heard_count, name))
        return false;
    return raise_version(force->heard, &force->heard_count,
                         (struct wlk_force_seen){name, version}) == WLK_OK;
}

bool wlk_force_advance(struct wlk_force *force, wlk_utc now)
{
    bool is_changed = false;
    for (size_t i = 0; i < force->count; i++) {
        const struct wlk_arrangement *a = &force->agreement[i].arrangement;
        if (!force->agreement[i].is_complete || force->is_withdrawn[i] || !is_in_term(a, now) ||
            a->version <= wlk_force_version(force, a->name))
            continue;
        is_changed = wlk_force_note_seen(force, a->name, a->version) == WLK_OK || is_changed;
    }
    return is_changed;
}

/* A higher version whose term has begun, even if it has ended since. */
static bool is_overtaken(const struct wlk_force *force, const struct wlk_arrangement *a,
                         wlk_utc now)
{
    if (is_superseded(force, a) ||
        a->version < version_in(force->heard, force->heard_count, a->name))
        return true;
    for (size_t i = 0; i < force->count; i++) {
        const struct wlk_agreement *other = &force->agreement[i];
        if (other->is_complete && !force->is_withdrawn[i] && is_of_name(other, a) &&
            other->arrangement.version > a->version &&
            other->arrangement.effective.ns <= now.ns)
            return true;
    }
    return false;
}

enum wlk_force_state wlk_arrangement_in_force(const struct wlk_force *force,
                                              const wlk_digest *digest, wlk_utc now)
{
    size_t i = index_of(force, digest);
    if (i == force->count)
        return WLK_FORCE_UNKNOWN;
    const struct wlk_agreement *agreement = &force->agreement[i];
    if (force->is_withdrawn[i])
        return WLK_FORCE_WITHDRAWN;
    if (!agreement->is_complete)
        return WLK_FORCE_DRAFT;
    if (is_overtaken(force, &agreement->arrangement, now))
        return WLK_FORCE_SUPERSEDED;
    if (now.ns < agreement->arrangement.effective.ns)
        return WLK_FORCE_SIGNED;
    return is_in_term(&agreement->arrangement, now) ? WLK_FORCE_IN_FORCE : WLK_FORCE_EXPIRED;
}

const struct wlk_agreement *wlk_force_find(const struct wlk_force *force,
                                           const wlk_digest *digest)
{
    size_t i = index_of(force, digest);
    return i < force->count ? &force->agreement[i] : NULL;
}

const struct wlk_agreement *wlk_force_named(const struct wlk_force *force, wlk_name name,
                                            wlk_utc now)
{
    for (size_t i = 0; i < force->count; i++)
        if (wlk_name_equal(force->agreement[i].arrangement.name, name) &&
            wlk_arrangement_in_force(force, &force->agreement[i].digest, now) ==
                WLK_FORCE_IN_FORCE)
            return &force->agreement[i];
    return NULL;
}

bool wlk_force_admits(const struct wlk_force *force, wlk_name owner, const wlk_digest *key_hash,
                      wlk_utc now)
{
    bool is_pinned = false;
    for (size_t i = 0; i < force->count; i++) {
        const struct wlk_agreement *agreement = &force->agreement[i];
        uint8_t index;
        if (wlk_arrangement_in_force(force, &agreement->digest, now) != WLK_FORCE_IN_FORCE ||
            !wlk_arrangement_owner(&agreement->arrangement, owner, &index))
            continue;
        if (wlk_arrangement_has_pin(&agreement->arrangement, owner, key_hash))
            return true;
        for (size_t p = 0; p < agreement->arrangement.pin_count; p++)
            is_pinned = is_pinned || agreement->arrangement.pin[p].owner == index;
    }
    return !is_pinned;
}
