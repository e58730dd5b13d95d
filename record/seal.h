/* seal.h -- keys, signatures and hashes: seal a record, verify a claim, sign other objects.
 *
 * seal.c is the only file that sees libsodium. Every signature is verified twice, by libsodium
 * and by OpenSSL. Signatures are COSE_Sign1 [RFC 9052] with
 * Ed25519 [RFC 8032] and an external_aad of its own for each kind of object, so that a
 * signature over one kind is never one over another. Randomness is an argument;
 * wlk_random_secure and wlk_key_generate are for programs only.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_SEAL_H
#define WLK_RECORD_SEAL_H

#include "record/codec.h"

enum { WLK_SEED_SIZE = 32, WLK_PUBLIC_KEY_SIZE = 32, WLK_SECRET_KEY_SIZE = 64 };

/* The external_aad of records. Other kinds are chosen by whoever owns the object, in the form
 * "warnlink/arrangement/1". */
#define WLK_RECORD_KIND "warnlink/record/1"

/* A keyed hash stands in for the signature in rehearsals on the virtual clock only: it says who
 * made a record just as well there, and verifies 60 times faster. Such keys never come from
 * bytes or files. */
enum wlk_key_kind { WLK_KEY_ED25519 = 1, WLK_KEY_KEYED_HASH = 2 };

struct wlk_public_key {
    enum wlk_key_kind kind;
    uint8_t bytes[WLK_PUBLIC_KEY_SIZE];
    uint8_t kid[WLK_KID_SIZE]; /* first bytes of SHA-256 of bytes */
};

struct wlk_secret_key {
    struct wlk_public_key public_key;
    uint8_t bytes[WLK_SECRET_KEY_SIZE]; /* wipe with wlk_key_wipe */
};

/* A verified record: its claim, and the promise that the signature verified. Made only by
 * wlk_record_verify; never filled by hand, never cast to. Still to be asked, of the
 * arrangement: whether the key belongs to the originator it names, for this nature and use. */
struct wlk_record {
    struct wlk_claim claim;
};

/* Starts libsodium and OpenSSL; once, before anything else here. WLK_IO one refused. */
wlk_status wlk_seal_init(void) WLK_MUST_USE;

/* The Ed25519 key of a seed of 32 secret bytes. */
void wlk_key_from_seed(const uint8_t seed[WLK_SEED_SIZE], struct wlk_secret_key *out);

/* A fresh Ed25519 key from the system's randomness; seed is what a key file keeps. */
void wlk_key_generate(uint8_t seed[WLK_SEED_SIZE], struct wlk_secret_key *out);

/* A keyed-hash key for rehearsals: same seed and number, same key. Its public key verifies and
 * could also sign: never for real or exercise traffic between machines. */
void wlk_key_rehearsal(uint64_t seed, uint64_t number, struct wlk_secret_key *out);

/* Overwrites the secret. */
void wlk_key_wipe(struct wlk_secret_key *key);

/* Takes an Ed25519 public key from outside.
 * WLK_BAD_INPUT not canonical, not on the curve, of small order or not in the prime-order
 * group: such keys verify signatures that nobody made. */
wlk_status wlk_public_key_read(const uint8_t bytes[WLK_PUBLIC_KEY_SIZE],
                               struct wlk_public_key *out) WLK_MUST_USE;

/* How often, in this process, libsodium and OpenSSL (record/second.h) differed about an Ed25519
 * signature. Such a signature is refused like a bad one, and is worth an alarm: one of the
 * two is wrong, or somebody is looking for what only one of them accepts. */
uint64_t wlk_seal_disagreements(void);

/* What is to be sealed. All views; nothing is kept. */
struct wlk_sealing {
    const struct wlk_header *header;  /* group[].digest need not be filled */
    const union wlk_content *content; /* header->group_count of them, in the order of group[] */
    const uint8_t (*salt)[WLK_SALT_SIZE]; /* one per group, fresh and unpredictable */
};

struct wlk_sealed {
    size_t size;             /* bytes of the record */
    wlk_digest sign1_digest; /* prev of the lane's next record */
};

/* Writes the signed record into out.
 * WLK_BAD_INPUT header or a content breaks the format; WLK_FULL more than room bytes. */
wlk_status wlk_seal(const struct wlk_sealing *what, const struct wlk_secret_key *key,
                    uint8_t *out, size_t room, struct wlk_sealed *sealed) WLK_MUST_USE;

/* Second rung of the ladder: checks the signature of a claim under a key.
 * WLK_BAD_SIGNATURE another kid than the key's, or one of the two libraries does not take the
 * signature for this key's. */
wlk_status wlk_record_verify(const struct wlk_claim *claim, const struct wlk_public_key *key,
                             struct wlk_record *out) WLK_MUST_USE;

/* A signed object that is not a record: an arrangement, a withdrawal, a key statement. */
struct wlk_object {
    const char *kind; /* external_aad, 1..63 bytes; never WLK_RECORD_KIND (asserted) */
    const uint8_t *payload;
    size_t payload_size; /* at most WLK_RECORD_SIZE_MAX */
    bool is_detached;    /* the payload travels elsewhere: null stands in its place */
};

/* Writes 18([protected, {}, payload or null, signature]) into out; payload + 100 bytes do.
 * WLK_FULL no room; WLK_BAD_INPUT payload too large. */
wlk_status wlk_sign_object(const struct wlk_object *object, const struct wlk_secret_key *key,
                           uint8_t *out, size_t room, size_t *size) WLK_MUST_USE;

/* What a signed object says, unverified; a view into its bytes. */
struct wlk_object_claim {
    uint8_t kid[WLK_KID_SIZE];
    bool is_detached;
    const uint8_t *payload; /* NULL if detached: set it and its size before verifying */
    size_t payload_size;
    const uint8_t *signature;
};

/* Reads a signed object; one encoding only. WLK_BAD_INPUT anything else (fault may be NULL). */
wlk_status wlk_object_decode(const uint8_t *bytes, size_t size, struct wlk_object_claim *out,
                             struct wlk_fault *fault) WLK_MUST_USE;

/* Checks the signature of an object as one of this kind.
 * WLK_BAD_SIGNATURE other key, other kind or other payload than was signed. */
wlk_status wlk_verify_object(const char *kind, const struct wlk_object_claim *claim,
                             const struct wlk_public_key *key) WLK_MUST_USE;

/* SHA-256 [FIPS 180-4] of one string of bytes. */
/*@ requires \valid_read(bytes + (0 .. size - 1)) && \valid(out) &&
             \separated(out, bytes + (0 .. size - 1));
    assigns *out; */
void wlk_sha256(const uint8_t *bytes, size_t size, wlk_digest *out);

/* The same in parts: init, add any number of times, then end once. */
struct wlk_sha256 {
    uint64_t state[13]; /* libsodium's, opaque */
};
void wlk_sha256_init(struct wlk_sha256 *hash);
void wlk_sha256_add(struct wlk_sha256 *hash, const uint8_t *bytes, size_t size);
void wlk_sha256_end(struct wlk_sha256 *hash, wlk_digest *out);

/* Fills bytes from the system's secure generator; programs only (keys, salts, event ids). */
void wlk_random_secure(uint8_t *bytes, size_t size);

#endif
