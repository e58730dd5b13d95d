/* arrangement.h -- the agreement between nations, as all of them signed it.
 *
 * One plain struct without pointers, one plain-words text, one deterministic CBOR form; the
 * three map one-to-one (docs/formats/arrangement.md). Whether it is in force stands in
 * release/force.h; what it lets through in release/decide.h.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_ARRANGEMENT_H
#define WLK_RELEASE_ARRANGEMENT_H

#include "base/clock.h"
#include "record/seal.h"

enum {
    WLK_ARRANGEMENT_CLAUSES_MAX = 64,   /* permit and forbid lines; six directions x ten */
    WLK_ARRANGEMENT_REQUIRES_MAX = 32,  /* require lines */
    WLK_ARRANGEMENT_KEYS_MAX = 64,      /* ten owners x (root, record, receipt) x natures */
    WLK_ARRANGEMENT_PINS_MAX = 32,      /* certificates; two per owner while one is replaced */
    WLK_ARRANGEMENT_WORDS_MAX = 16,     /* different caveats, and different exercise ids */
    WLK_ARRANGEMENT_PURPOSE_SIZE = 256, /* with NUL */
    WLK_ARRANGEMENT_SIZE_MAX = 32768,   /* bytes of the CBOR form; fits a frame with all
                                           signatures */
    WLK_ARRANGEMENT_TEXT_MAX = 65536,   /* bytes of the text, with NUL */
    WLK_OWNERS_MAX = WLK_PARTIES_MAX + WLK_HUBS_MAX
};

/* What a key may sign. root: arrangements, withdrawals and key statements. */
enum wlk_key_use { WLK_KEY_ROOT = 1, WLK_KEY_RECORD = 2, WLK_KEY_RECEIPT = 3,
                   WLK_KEY_NOTICE = 4, WLK_KEY_USE_END = 5 };

/* owner: index in parties, or WLK_PARTIES_MAX + index in hubs. A root key has no other use
 * and no nature; a key for real records has no other nature. Valid in
 * [not_before, not_after), whole seconds. */
struct wlk_arrangement_key {
    uint8_t owner;
    struct wlk_public_key public_key; /* kind is Ed25519 in all that comes from text or CBOR */
    uint8_t use[WLK_KEY_USE_END];     /* by enum wlk_key_use, 1 for a member */
    uint8_t nature[WLK_NATURE_END];   /* same */
    wlk_utc not_before, not_after;
};

/* SHA-256 of the SubjectPublicKeyInfo (DER) of a TLS certificate the owner may show. */
struct wlk_arrangement_pin {
    uint8_t owner;
    wlk_digest key_hash;
};

/* One permit or forbid line. Sets are byte arrays, 1 for a member. */
struct wlk_clause {
    char name[WLK_NAME_SIZE];         /* "W1"; capitals, digits, hyphen */
    uint8_t is_forbid;
    uint8_t type[WLK_TYPE_END];       /* launch, impact, cancel, track, plot */
    uint8_t from[WLK_PARTIES_MAX], to[WLK_PARTIES_MAX];
    uint8_t has_region;               /* "when region"; unknown: only a forbid matches */
    uint8_t region[WLK_REGION_END];
    uint8_t has_nature;               /* always, in a permit */
    uint8_t nature[WLK_NATURE_END];
    uint8_t needs_event;              /* "when event open"; permits only */
    uint8_t class_most;               /* enum wlk_classification, 0 for none; permits only */
    uint8_t exercise;                 /* 1 + index in exercise[], 0 for none */
    uint8_t has_caveat;
    uint8_t caveat[WLK_ARRANGEMENT_WORDS_MAX]; /* by index in caveat[] */
    uint8_t has_group;
    uint8_t group[WLK_GROUP_END];     /* coarse, shielded, fine */
    uint32_t age_most_s;              /* 0 for none; permits only */
    uint32_t rate_most_per_s;         /* 0 for none; permits only; 1..100000 */
};

/* "require R1: launch coarse from KR reaches JP" */
struct wlk_require {
    char name[WLK_NAME_SIZE];
    enum wlk_type type;
    enum wlk_group group;
    uint8_t from, to; /* indexes in parties */
};

struct wlk_arrangement {
    wlk_name name;
    uint64_t version;      /* from 1 */
    uint8_t has_replaces;  /* exactly when version > 1 */
    wlk_digest replaces;   /* digest of the arrangement it replaces */
    size_t party_count;    /* 2..WLK_PARTIES_MAX, ascending by name, none twice */
    wlk_name party[WLK_PARTIES_MAX];
    size_t hub_count;      /* 1..WLK_HUBS_MAX, ascending, none twice */
    wlk_name hub[WLK_HUBS_MAX];
    wlk_utc effective, until; /* in force in [effective, until); whole seconds */
    char purpose[WLK_ARRANGEMENT_PURPOSE_SIZE];
    size_t key_count;      /* 0 in a template */
    struct wlk_arrangement_key key[WLK_ARRANGEMENT_KEYS_MAX];
    size_t pin_count;
    struct wlk_arrangement_pin pin[WLK_ARRANGEMENT_PINS_MAX];
    size_t exercise_count; /* exercise ids the clauses name, by first use */
    char exercise[WLK_ARRANGEMENT_WORDS_MAX][WLK_TEXT_SIZE];
    size_t caveat_count;   /* caveats the clauses name, by first use */
    char caveat[WLK_ARRANGEMENT_WORDS_MAX][WLK_TEXT_SIZE];
    size_t clause_count;   /* in the order of the file; the order has no meaning */
    struct wlk_clause clause[WLK_ARRANGEMENT_CLAUSES_MAX];
    size_t require_count;
    struct wlk_require require[WLK_ARRANGEMENT_REQUIRES_MAX];
};

/* Reads the plain-words text. file is for complaints. *out is large: keep it static.
 * WLK_BAD_INPUT  not that form; fault has file, line and rule; *out untouched. */
wlk_status wlk_arrangement_parse(const char *file, const char *text,
                                 struct wlk_arrangement *out,
                                 struct wlk_fault *fault) WLK_MUST_USE;

/* Writes the one canonical text (NUL-terminated) into text[size];
 * size >= WLK_ARRANGEMENT_TEXT_MAX always suffices. WLK_FULL no room, text untouched. */
wlk_status wlk_arrangement_print(const struct wlk_arrangement *arrangement, char *text,
                                 size_t size) WLK_MUST_USE;

/* True when text is byte for byte what wlk_arrangement_print gives; otherwise *line_out is
 * the first line that differs, from 1. Only such a text may be signed: what people read is
 * what is signed. */
bool wlk_arrangement_is_canonical(const struct wlk_arrangement *arrangement, const char *text,
                                  size_t *line_out);

/* Writes the deterministic CBOR form. WLK_FULL over size, or over
 * WLK_ARRANGEMENT_SIZE_MAX; outputs untouched. */
wlk_status wlk_arrangement_encode(const struct wlk_arrangement *arrangement, uint8_t *bytes,
                                  size_t size, size_t *size_out) WLK_MUST_USE;

/* Reads it back; accepts exactly what encode writes and checks every rule of the text form.
 * WLK_BAD_INPUT anything else; *out untouched. */
wlk_status wlk_arrangement_decode(const uint8_t *bytes, size_t size,
                                  struct wlk_arrangement *out,
                                  struct wlk_fault *fault) WLK_MUST_USE;

/* SHA-256 of the CBOR form: the arrangement's identity, key 13 of a record. */
wlk_digest wlk_arrangement_digest(const struct wlk_arrangement *arrangement);

/* Index of a party, or of a party or hub as owner; false where it is none. */
bool wlk_arrangement_party(const struct wlk_arrangement *arrangement, wlk_name name,
                           uint8_t *index_out);
bool wlk_arrangement_owner(const struct wlk_arrangement *arrangement, wlk_name name,
                           uint8_t *owner_out);
wlk_name wlk_arrangement_owner_name(const struct wlk_arrangement *arrangement, uint8_t owner);

/* What a verifier asks for. */
struct wlk_key_question {
    wlk_name originator; /* party or hub */
    const uint8_t *kid;  /* WLK_KID_SIZE bytes, as the claim has them */
    enum wlk_key_use use;
    enum wlk_nature nature;
    wlk_utc time; /* of the record */
};

/* The public key that may speak so, for wlk_record_verify; NULL: wrong owner, use, nature,
 * time or kid. Bound: one pass over the keys. */
const struct wlk_public_key *wlk_arrangement_key(const struct wlk_arrangement *arrangement,
                                                 const struct wlk_key_question *question);

/* The same for a claim: originator, use of its type, nature and time of its header. */
const struct wlk_public_key *wlk_arrangement_key_of(const struct wlk_arrangement *arrangement,
                                                    const struct wlk_claim *claim);

/* The root key of a party, or NULL (a template). */
const struct wlk_public_key *wlk_arrangement_root(const struct wlk_arrangement *arrangement,
                                                  uint8_t party);

/* The use a record type is signed with: receipt, notice (refused), else record. */
enum wlk_key_use wlk_key_use_of(enum wlk_type type);

/* "record" and so on, as the text has it; "?" for no such use. */
const char *wlk_key_use_word(enum wlk_key_use use);

/* True when a certificate with this key hash is pinned for the owner (party or hub). */
bool wlk_arrangement_has_pin(const struct wlk_arrangement *arrangement, wlk_name owner,
                             const wlk_digest *key_hash);

/* The rule that a clause (its own members only), or the whole, breaks; NULL if none. What
 * parse and decode check, and what a maker of arrangements must obey. */
const char *wlk_clause_fault(const struct wlk_clause *clause);
const char *wlk_arrangement_fault(const struct wlk_arrangement *arrangement);

/* The public keys and certificates of one owner, for a fresh copy of an arrangement. */
struct wlk_owner_keys {
    wlk_name owner;
    bool has_root;                /* exactly for a party */
    struct wlk_public_key root;
    struct wlk_public_key real, exercise; /* operational; exercise also signs nature test */
    size_t pin_count;
    wlk_digest pin[WLK_PARTIES_MAX]; /* key hashes of its certificates: a party's, up to 2; a
                                        hub's, one for each enclave */
};

struct wlk_renewal {
    wlk_utc effective, until; /* whole seconds; the keys get the same term */
    size_t count;
    const struct wlk_owner_keys *owner; /* one for each party and at least one hub */
};

/* A fresh copy of a template: its clauses with these keys and this term. Party keys get the
 * uses record and receipt, hub keys record and notice.
 * WLK_BAD_INPUT an owner is missing, twice or unknown, or the result breaks a rule. */
wlk_status wlk_arrangement_renew(const struct wlk_arrangement *from,
                                 const struct wlk_renewal *renewal,
                                 struct wlk_arrangement *out,
                                 struct wlk_fault *fault) WLK_MUST_USE;

#endif
