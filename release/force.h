/* force.h -- which arrangements are in force here, now.
 *
 * In force only when every party has signed, in term, version not below the highest seen,
 * and no party has withdrawn. A signed arrangement travels and is stored as one bundle
 * (CBOR: arrangement bytes and one COSE_Sign1 per party); a withdrawal is a signed object of
 * its own. The caller keeps bundles, withdrawals and highest versions durably.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_FORCE_H
#define WLK_RELEASE_FORCE_H

#include "release/arrangement.h"

enum {
    WLK_BUNDLE_SIZE_MAX = 40960, /* CBOR form and a signature of 84 bytes per party */
    WLK_PARTY_SIGNATURE_MAX = 128,
    WLK_WITHDRAWAL_SIZE_MAX = 256
};

/* Root keys this place trusts, from its own configuration: an arrangement that names another
 * root for a party is not signed by that party. */
struct wlk_root {
    wlk_name party;
    struct wlk_public_key public_key;
};

struct wlk_roots {
    size_t count;
    struct wlk_root root[WLK_PARTIES_MAX * 2];
};

/* Reads lines "root JP <64 hex digits>". WLK_BAD_INPUT with file, line, rule. */
wlk_status wlk_roots_parse(const char *file, const char *text, struct wlk_roots *out,
                           struct wlk_fault *fault) WLK_MUST_USE;

/* An arrangement with who has signed it; made only by wlk_force_read. */
struct wlk_agreement {
    struct wlk_arrangement arrangement;
    wlk_digest digest;
    uint8_t is_signed[WLK_PARTIES_MAX]; /* by party index, verified */
    bool is_complete;                   /* by every party */
};

/* The external_aad of the two kinds of object. */
#define WLK_ARRANGEMENT_KIND "warnlink/arrangement/1"
#define WLK_WITHDRAWAL_KIND  "warnlink/withdrawal/1"

/* One party's signature over an arrangement's CBOR: a COSE_Sign1 with detached payload.
 * WLK_NOT_RELEASABLE the key is not that party's root key in the arrangement. */
wlk_status wlk_force_sign(const struct wlk_arrangement *arrangement, wlk_name party,
                          const struct wlk_secret_key *root, uint8_t *bytes, size_t size,
                          size_t *size_out) WLK_MUST_USE;

/* A bundle from an arrangement and signatures (each as wlk_force_sign made it). */
struct wlk_signature {
    const uint8_t *bytes;
    size_t size; /* 0 for none */
};
wlk_status wlk_force_bundle(const struct wlk_arrangement *arrangement,
                            const struct wlk_signature signature[WLK_PARTIES_MAX],
                            uint8_t *bytes, size_t size, size_t *size_out) WLK_MUST_USE;

/* Reads and verifies a bundle. A signature that does not verify makes the whole bundle bad;
 * a missing one leaves is_signed 0.
 * WLK_BAD_INPUT form; WLK_BAD_SIGNATURE a signature, or a root other than roots has. */
wlk_status wlk_force_read(const uint8_t *bytes, size_t size, const struct wlk_roots *roots,
                          struct wlk_agreement *out, struct wlk_fault *fault) WLK_MUST_USE;

/* The arrangement in a bundle, its signatures unseen: for showing it, never for obeying it. */
wlk_status wlk_force_peek(const uint8_t *bytes, size_t size, struct wlk_arrangement *out,
                          struct wlk_fault *fault) WLK_MUST_USE;

/* For rehearsals on the virtual clock: an agreement as if all had signed. Every key in it must
 * be a rehearsal key (WLK_KEY_KEYED_HASH), which nothing from outside can be.
 * WLK_BAD_SIGNATURE one is not. */
wlk_status wlk_force_rehearsal(const struct wlk_arrangement *arrangement,
                               struct wlk_agreement *out) WLK_MUST_USE;

/* A withdrawal by one party: COSE_Sign1, external_aad 'warnlink/withdrawal/1'. */
struct wlk_withdrawal {
    wlk_digest arrangement;
    wlk_name party;
    wlk_utc time;
};
wlk_status wlk_force_withdraw(const struct wlk_withdrawal *withdrawal,
                              const struct wlk_secret_key *root, uint8_t *bytes, size_t size,
                              size_t *size_out) WLK_MUST_USE;

/* What a withdrawal says, unverified (its signature: wlk_force_put_withdrawal). */
wlk_status wlk_withdrawal_decode(const struct wlk_object_claim *claim,
                                 struct wlk_withdrawal *out,
                                 struct wlk_fault *fault) WLK_MUST_USE;

enum wlk_force_state {
    WLK_FORCE_UNKNOWN = 0, /* no such arrangement here */
    WLK_FORCE_DRAFT,       /* a signature is missing */
    WLK_FORCE_SIGNED,      /* complete; its term has not begun */
    WLK_FORCE_IN_FORCE,
    WLK_FORCE_EXPIRED,
    WLK_FORCE_WITHDRAWN,
    WLK_FORCE_SUPERSEDED   /* a higher version is or was in force here */
};
const char *wlk_force_word(enum wlk_force_state state);

/* Highest version that was ever in force here, by name; kept durably by the caller. */
struct wlk_force_seen {
    wlk_name name;
    uint64_t version;
};

/* All arrangements known at one place. Large (about 0.4 MB): one, static. All zeros: empty. */
struct wlk_force {
    size_t count;
    struct wlk_agreement agreement[WLK_ARRANGEMENTS_MAX];
    bool is_withdrawn[WLK_ARRANGEMENTS_MAX];
    struct wlk_withdrawal withdrawal[WLK_ARRANGEMENTS_MAX];
    size_t seen_count;
    struct wlk_force_seen seen[WLK_ARRANGEMENTS_MAX];
    size_t heard_count;
    struct wlk_force_seen heard[WLK_ARRANGEMENTS_MAX]; /* by heartbeats; never kept */
};

/* Takes in a verified agreement (a copy). One that has more signatures takes the place of
 * its like. WLK_KNOWN nothing new; WLK_FULL; WLK_BAD_INPUT another arrangement of that name
 * and version is here, or it replaces another than the one here; WLK_STALE version below the
 * highest seen. */
wlk_status wlk_force_put(struct wlk_force *force, const struct wlk_agreement *agreement,
                         struct wlk_fault *fault) WLK_MUST_USE;

/* Takes in a signed withdrawal: dead at once, for ever.
 * WLK_KNOWN already withdrawn; WLK_NOT_YET the arrangement is not known here (keep the bytes
 * and offer them again); WLK_BAD_SIGNATURE not by a root key of one of its parties. */
wlk_status wlk_force_put_withdrawal(struct wlk_force *force, const uint8_t *bytes, size_t size,
                                    struct wlk_withdrawal *out,
                                    struct wlk_fault *fault) WLK_MUST_USE;

/* Sets the highest version of a name as it was kept durably; a lower one changes nothing.
 * WLK_FULL too many names. */
wlk_status wlk_force_note_seen(struct wlk_force *force, wlk_name name,
                               uint64_t version) WLK_MUST_USE;

/* A partner or hub says, signed, that it has this version of a name: until it has come here, no
 * lower one is in force. For this run only: what a stolen operational key says must not last.
 * True: it is higher than what was seen and heard before. */
bool wlk_force_hear(struct wlk_force *force, wlk_name name, uint64_t version);

/* Highest version of a name that was in force here, 0 for none: what a heartbeat says. */
uint64_t wlk_force_version(const struct wlk_force *force, wlk_name name);

/* Notes which versions are in force now. True when seen[] changed: the caller must make it
 * durable before it acts. Call after each put and once a second. */
bool wlk_force_advance(struct wlk_force *force, wlk_utc now);

/* The state of an arrangement, by digest (as records name it). */
enum wlk_force_state wlk_arrangement_in_force(const struct wlk_force *force,
                                              const wlk_digest *digest, wlk_utc now);

/* May this party or hub show a certificate with this key hash? Where no arrangement in force
 * pins a key of its own, any; else one that any of them pins. */
bool wlk_force_admits(const struct wlk_force *force, wlk_name owner, const wlk_digest *key_hash,
                      wlk_utc now);

/* The arrangement with this digest, in whatever state, or NULL. */
const struct wlk_agreement *wlk_force_find(const struct wlk_force *force,
                                           const wlk_digest *digest);

/* The one of this name that is in force now, or NULL. */
const struct wlk_agreement *wlk_force_named(const struct wlk_force *force, wlk_name name,
                                            wlk_utc now);

#endif
