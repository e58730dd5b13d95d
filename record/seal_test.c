/* seal_test.c -- can a signature be had without the key, or moved to where it does not belong?
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/seal.h"

#include "base/tap.h"
#include "record/cbor.h"
#include "record/envelope.h"
#include "record/sample.h"

#include <stdio.h>

enum { SEED = 20261124, ROOM = 16384 };

static struct wlk_secret_key key, other_key, hash_key;
static struct wlk_sample sample;
static uint8_t record[ROOM], copy[ROOM];

static void from_hex(const char *hex, uint8_t *bytes)
{
    unsigned value;
    for (; hex[0] && sscanf(hex, "%2x", &value) == 1; hex += 2)
        *bytes++ = (uint8_t)value;
}

static size_t seal_type(struct wlk_random *random, enum wlk_type type,
                        const struct wlk_secret_key *with)
{
    wlk_sample_make(random, type, &sample);
    struct wlk_sealing sealing = wlk_sample_sealing(&sample);
    struct wlk_sealed sealed = {0};
    return wlk_seal(&sealing, with, record, sizeof record, &sealed) == WLK_OK ? sealed.size : 0;
}

static wlk_status decode_and_verify(const uint8_t *bytes, size_t size,
                                    const struct wlk_public_key *public_key)
{
    struct wlk_claim claim;
    struct wlk_record verified;
    wlk_status status = wlk_claim_decode(bytes, size, &claim, NULL);
    return status == WLK_OK ? wlk_record_verify(&claim, public_key, &verified) : status;
}

static void test_hash(void)
{
    /* FIPS 180-4, example "abc" */
    static const char abc[] =
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    wlk_digest expected, whole, parts;
    from_hex(abc, expected.bytes);
    wlk_sha256((const uint8_t *)"abc", 3, &whole);
    wlk_check(wlk_digest_equal(&whole, &expected), "SHA-256 of abc is the published one");
    struct wlk_sha256 hash;
    wlk_sha256_init(&hash);
    wlk_sha256_add(&hash, (const uint8_t *)"a", 1);
    wlk_sha256_add(&hash, (const uint8_t *)"bc", 2);
    wlk_sha256_end(&hash, &parts);
    wlk_check(wlk_digest_equal(&parts, &expected), "in parts too");
}

static void test_key_from_seed(void)
{
    /* RFC 8032, 7.1, TEST 1 */
    uint8_t seed[32], expected[32];
    from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", seed);
    from_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", expected);
    struct wlk_secret_key made;
    wlk_key_from_seed(seed, &made);
    wlk_check(memcmp(made.public_key.bytes, expected, sizeof expected) == 0,
              "the public key of a seed is the published one");
    struct wlk_public_key read;
    wlk_check(wlk_public_key_read(made.public_key.bytes, &read) == WLK_OK &&
                  memcmp(read.kid, made.public_key.kid, WLK_KID_SIZE) == 0 &&
                  read.kind == WLK_KEY_ED25519,
              "it is accepted from outside, with the same kid");
    static const struct wlk_secret_key zero;
    wlk_key_wipe(&made);
    wlk_check(memcmp(&made, &zero, sizeof zero) == 0, "a wiped key is zeros");
    uint8_t fresh[2][WLK_SEED_SIZE];
    struct wlk_secret_key generated[2];
    wlk_key_generate(fresh[0], &generated[0]);
    wlk_key_generate(fresh[1], &generated[1]);
    wlk_key_from_seed(fresh[0], &made);
    wlk_check(memcmp(&generated[0], &made, sizeof made) == 0 &&
                  memcmp(fresh[0], fresh[1], sizeof fresh[0]) != 0,
              "a generated key is that of its seed, and no two are alike");
}

/* Public keys that verify what nobody signed; computed from the curve equation. */
static const struct {
    const char *hex, *what;
} BAD_KEYS[] = {
    {"0100000000000000000000000000000000000000000000000000000000000000", "the identity"},
    {"0100000000000000000000000000000000000000000000000000000000000080",
     "identity, other sign"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "order 4"},
    {"0000000000000000000000000000000000000000000000000000000000000080", "order 4, other sign"},
    {"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "order 8"},
    {"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85", "order 8, second"},
    {"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "order 8, third"},
    {"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", "order 8, fourth"},
    {"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "order 2"},
    {"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "order 2, other sign"},
    {"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "p, which is 0"},
    {"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "p, other sign"},
    {"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "p + 1, which is 1"},
    {"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "p + 1, other sign"},
    {"f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "p + 3"},
    {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "p + 18"},
    {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "all ones"},
    {"0200000000000000000000000000000000000000000000000000000000000000", "off the curve"},
    {"16b981d0b88cdf3ab9fa87190822fe4905b475efda3aec7c34abfa92c19320f4", "7 B + order 8"},
    {"16030e0ff1d6226b8ad6ff918b288668c1c3e5e45269487f85479bb4a9fb11af", "7 B + order 4"},
    {"359dbf604a3b3bedc20d5408b9d4770fbe52c922979b3178d02ab8d41c9c3a4e", "7 B + order 2"},
};

static void test_bad_keys(void)
{
    for (size_t i = 0; i < sizeof BAD_KEYS / sizeof BAD_KEYS[0]; i++) {
        uint8_t bytes[WLK_PUBLIC_KEY_SIZE];
        struct wlk_public_key read = {.kind = WLK_KEY_KEYED_HASH};
        from_hex(BAD_KEYS[i].hex, bytes);
        wlk_check(wlk_public_key_read(bytes, &read) == WLK_BAD_INPUT &&
                      read.kind == WLK_KEY_KEYED_HASH,
                  "as a public key, %s is refused", BAD_KEYS[i].what);
    }
}

/* The signature R = identity, S = 0, which OpenSSL 3.0 takes under the identity key. */
static void test_forgery_under_identity(void)
{
    struct wlk_random random = wlk_random_seeded(SEED, 1);
    size_t size = seal_type(&random, WLK_TYPE_LAUNCH, &key);
    struct wlk_public_key identity = {.kind = WLK_KEY_ED25519, .bytes = {1}};
    struct wlk_claim claim;
    bool is_read = wlk_claim_decode(record, size, &claim, NULL) == WLK_OK;
    memcpy(identity.kid, claim.kid, WLK_KID_SIZE);
    size_t signature_at = (size_t)(claim.signature - record);
    memset(record + signature_at, 0, WLK_SIGNATURE_SIZE);
    record[signature_at] = 1;
    wlk_check(is_read && decode_and_verify(record, size, &identity) == WLK_BAD_SIGNATURE,
              "the signature that anybody can make is refused even under the identity key");
}

/* S + L says the same to a careless verifier: the second signature of one message. */
static void test_malleable_signature(void)
{
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a,       0x63,
                                      0x12, 0x58, 0xd6, 0x9c, 0xf7,       0xa2,
                                      0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
    struct wlk_random random = wlk_random_seeded(SEED, 2);
    size_t size = seal_type(&random, WLK_TYPE_TRACK, &key);
    struct wlk_claim claim;
    bool is_read = wlk_claim_decode(record, size, &claim, NULL) == WLK_OK;
    uint8_t *s = record + (claim.signature - record) + 32;
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += (unsigned)s[i] + order[i];
        s[i] = (uint8_t)carry;
        carry >>= 8;
    }
    wlk_check(is_read && decode_and_verify(record, size, &key.public_key) == WLK_BAD_SIGNATURE,
              "S + L in place of S is refused");
}

static void test_verify(enum wlk_type type)
{
    struct wlk_random random = wlk_random_seeded(SEED, 100 + type);
    size_t size = seal_type(&random, type, &key);
    wlk_check(decode_and_verify(record, size, &key.public_key) == WLK_OK,
              "a %s record verifies under its key", wlk_type_word(type));
    struct wlk_public_key same_kid = other_key.public_key;
    memcpy(same_kid.kid, key.public_key.kid, WLK_KID_SIZE);
    wlk_check(decode_and_verify(record, size, &other_key.public_key) == WLK_BAD_SIGNATURE &&
                  decode_and_verify(record, size, &same_kid) == WLK_BAD_SIGNATURE,
              "under no other key, not even with the same kid");
    struct wlk_public_key other_kid = key.public_key;
    other_kid.kid[0] ^= 1;
    wlk_check(decode_and_verify(record, size, &other_kid) == WLK_BAD_SIGNATURE,
              "nor under its key by another kid");
    size_t accepted = 0;
    for (size_t bit = 0; bit < size * 8; bit++) {
        record[bit / 8] ^= (uint8_t)(1u << bit % 8);
        accepted += decode_and_verify(record, size, &key.public_key) == WLK_OK;
        record[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    wlk_check(accepted == 0, "and with none of its %zu bits flipped", size * 8);
}

static void test_keyed_hash(void)
{
    struct wlk_random random = wlk_random_seeded(SEED, 3);
    struct wlk_secret_key again, next;
    wlk_key_rehearsal(7, 1, &again);
    wlk_key_rehearsal(7, 2, &next);
    wlk_check(memcmp(&again, &hash_key, sizeof again) == 0 &&
                  memcmp(again.bytes, next.bytes, WLK_PUBLIC_KEY_SIZE) != 0,
              "a rehearsal key is a function of seed and number");
    size_t size = seal_type(&random, WLK_TYPE_IMPACT, &hash_key);
    wlk_check(decode_and_verify(record, size, &hash_key.public_key) == WLK_OK &&
                  decode_and_verify(record, size, &next.public_key) == WLK_BAD_SIGNATURE,
              "a keyed hash verifies under its key only");
    struct wlk_public_key posing = hash_key.public_key;
    posing.kind = WLK_KEY_ED25519;
    wlk_check(decode_and_verify(record, size, &posing) == WLK_BAD_SIGNATURE,
              "never as an Ed25519 signature");
    size = seal_type(&random, WLK_TYPE_IMPACT, &key);
    posing = key.public_key;
    posing.kind = WLK_KEY_KEYED_HASH;
    wlk_check(decode_and_verify(record, size, &posing) == WLK_BAD_SIGNATURE,
              "nor an Ed25519 signature as a keyed hash");
    size = seal_type(&random, WLK_TYPE_IMPACT, &hash_key);
    posing = hash_key.public_key;
    posing.kind = (enum wlk_key_kind)0;
    wlk_check(decode_and_verify(record, size, &posing) == WLK_BAD_SIGNATURE,
              "a key that was never filled verifies nothing");
}

static const char ARRANGEMENT_KIND[] = "warnlink/arrangement/1";
static const char WITHDRAWAL_KIND[] = "warnlink/withdrawal/1";

static void test_objects(bool is_detached)
{
    static const uint8_t payload[] = "we agree", changed[] = "we agreE";
    struct wlk_object object = {ARRANGEMENT_KIND, payload, sizeof payload, is_detached};
    struct wlk_object_claim claim;
    size_t size = 7, accepted = 0, full = 0;
    for (size_t room = 0; wlk_sign_object(&object, &key, copy, room, &size) != WLK_OK; room++)
        full += size == 7;
    wlk_check(size == full && size < sizeof payload + 100,
              "a signed object needs exactly its %zu bytes", size);
    bool is_read = wlk_object_decode(copy, size, &claim, NULL) == WLK_OK;
    wlk_check(is_read && claim.is_detached == is_detached && !claim.payload == is_detached,
              "its payload is %s", is_detached ? "detached" : "attached");
    if (is_detached) {
        wlk_check(wlk_verify_object(ARRANGEMENT_KIND, &claim, &key.public_key) ==
                      WLK_BAD_SIGNATURE,
                  "without its payload nothing verifies");
        claim.payload = payload;
        claim.payload_size = sizeof payload;
    }
    wlk_check(wlk_verify_object(ARRANGEMENT_KIND, &claim, &key.public_key) == WLK_OK,
              "it verifies as what it is");
    wlk_check(wlk_verify_object(WITHDRAWAL_KIND, &claim, &key.public_key) == WLK_BAD_SIGNATURE,
              "not as another kind");
    wlk_check(wlk_verify_object(ARRANGEMENT_KIND, &claim, &other_key.public_key) ==
                  WLK_BAD_SIGNATURE,
              "nor under another key");
    claim.payload = changed;
    wlk_check(wlk_verify_object(ARRANGEMENT_KIND, &claim, &key.public_key) == WLK_BAD_SIGNATURE,
              "nor with another payload");
    for (size_t bit = 0; bit < size * 8; bit++) {
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (wlk_object_decode(copy, size, &claim, NULL) == WLK_OK) {
            if (!claim.payload)
                claim.payload = payload, claim.payload_size = sizeof payload;
            accepted += wlk_verify_object(ARRANGEMENT_KIND, &claim, &key.public_key) == WLK_OK;
        }
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t cut = 0; cut < size; cut++)
        accepted += wlk_object_decode(copy, cut, &claim, NULL) == WLK_OK;
    copy[size] = 0;
    accepted += wlk_object_decode(copy, size + 1, &claim, NULL) == WLK_OK;
    wlk_check(accepted == 0, "nor flipped, cut or with a byte behind");
}

/* The header of a record signed as another kind, put into a record: well formed, not signed. */
static void test_spliced(void)
{
    struct wlk_random random = wlk_random_seeded(SEED, 4);
    size_t size = seal_type(&random, WLK_TYPE_CANCEL, &key), sign1_size;
    struct wlk_claim claim;
    bool is_read = wlk_claim_decode(record, size, &claim, NULL) == WLK_OK;
    struct wlk_object object = {ARRANGEMENT_KIND, claim.header_bytes, claim.header_size, false};
    bool is_signed = wlk_sign_object(&object, &key, copy, sizeof copy, &sign1_size) == WLK_OK &&
                     sign1_size == claim.sign1_size;
    memcpy(record + (claim.sign1 - record), copy, sign1_size);
    wlk_check(is_read && is_signed && wlk_claim_decode(record, size, &claim, NULL) == WLK_OK &&
                  decode_and_verify(record, size, &key.public_key) == WLK_BAD_SIGNATURE,
              "a signature over a header as another kind makes no record");
    struct wlk_object_claim as_object;
    size = seal_type(&random, WLK_TYPE_CANCEL, &key);
    is_read = wlk_claim_decode(record, size, &claim, NULL) == WLK_OK;
    wlk_check(is_read &&
                  wlk_object_decode(claim.sign1, claim.sign1_size, &as_object, NULL) ==
                      WLK_OK &&
                  wlk_verify_object(ARRANGEMENT_KIND, &as_object, &key.public_key) ==
                      WLK_BAD_SIGNATURE,
              "nor does a record make an arrangement");
}

/* Two records alike in all but the signature are still two. */
static void test_unite_needs_same_signature(void)
{
    struct wlk_random random = wlk_random_seeded(SEED, 5);
    size_t size = seal_type(&random, WLK_TYPE_PLOT, &key), other_size;
    memcpy(copy, record, size);
    struct wlk_sealing sealing = wlk_sample_sealing(&sample);
    struct wlk_sealed sealed = {0};
    bool is_sealed = wlk_seal(&sealing, &other_key, record, sizeof record, &sealed) == WLK_OK;
    struct wlk_claim a, b;
    static uint8_t out[ROOM];
    wlk_check(is_sealed && sealed.size == size &&
                  wlk_claim_decode(copy, size, &a, NULL) == WLK_OK &&
                  wlk_claim_decode(record, size, &b, NULL) == WLK_OK &&
                  wlk_record_unite(&a, &b, out, sizeof out, &other_size) == WLK_BAD_INPUT,
              "the same header signed by two keys is not united");
}

/* A signer that puts nonsense into a group, with the digest right. */
static void test_bad_content_behind_good_digest(void)
{
    struct wlk_random random = wlk_random_seeded(SEED, 6);
    wlk_sample_make(&random, WLK_TYPE_LAUNCH, &sample);
    for (size_t i = 0; i < WLK_GROUPS_MAX; i++)
        sample.content[i].launch.count_min = sample.content[i].launch.count_max = 1;
    struct wlk_sealing sealing = wlk_sample_sealing(&sample);
    struct wlk_sealed sealed = {0};
    struct wlk_claim claim;
    struct wlk_fault fault = {.rule = "none"};
    bool is_read = wlk_seal(&sealing, &key, record, sizeof record, &sealed) == WLK_OK &&
                   wlk_claim_decode(record, sealed.size, &claim, NULL) == WLK_OK;
    const struct wlk_disclosure *shown = &claim.disclosure[0];
    uint8_t *named =
        memmem(record, sealed.size, claim.header.group[0].digest.bytes, WLK_DIGEST_SIZE);
    size_t last = (size_t)(shown->bytes - record) + shown->size - 1;
    record[last] = 0; /* count_max */
    wlk_digest digest;
    wlk_sha256(shown->bytes, shown->size, &digest);
    memcpy(named, digest.bytes, WLK_DIGEST_SIZE);
    wlk_check(is_read &&
                  wlk_claim_decode(record, sealed.size, &claim, &fault) == WLK_BAD_INPUT &&
                  !strcmp(fault.rule, "number out of range") && fault.offset == last,
              "a content out of range is refused behind its own digest, with its offset: %s",
              fault.rule);
}

static void test_signed_bytes(void)
{
    /* Sig_structure by hand [RFC 9052 4.4], so that both ways cannot be wrong alike. */
    static const char expected[] = "846a5369676e6174757265314da20127044801020304050607085177"
                                   "61726e6c696e6b2f7265636f72642f3142a10f";
    static const uint8_t kid[] = {1, 2, 3, 4, 5, 6, 7, 8}, payload[] = {0xa1, 0x0f};
    struct wlk_envelope envelope = {kid, payload, sizeof payload, NULL};
    uint8_t by_hand[64];
    struct wlk_writer to = {copy, sizeof copy, 0};
    from_hex(expected, by_hand);
    wlk_check(wlk_envelope_write_signed(&envelope, WLK_RECORD_KIND, &to) == WLK_OK &&
                  to.at == strlen(expected) / 2 && memcmp(copy, by_hand, to.at) == 0,
              "what is signed is Sig_structure, byte by byte");
}

int main(void)
{
    wlk_check(wlk_seal_init() == WLK_OK, "libsodium starts");
    uint8_t seed[WLK_SEED_SIZE] = {1};
    wlk_key_from_seed(seed, &key);
    seed[0] = 2;
    wlk_key_from_seed(seed, &other_key);
    wlk_key_rehearsal(7, 1, &hash_key);
    test_hash();
    test_key_from_seed();
    test_bad_keys();
    test_forgery_under_identity();
    test_malleable_signature();
    test_keyed_hash();
    test_objects(false);
    test_objects(true);
    test_spliced();
    test_unite_needs_same_signature();
    test_bad_content_behind_good_digest();
    test_signed_bytes();
    for (enum wlk_type type = WLK_TYPE_LAUNCH; type < WLK_TYPE_END; type++)
        test_verify(type);
    return wlk_tap_done();
}
