/* seal.c -- keys, signatures, hashes and secure randomness: the only file that sees libsodium.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/seal.h"

#include "base/assert.h"
#include "record/envelope.h"
#include "record/second.h"

#include <sodium.h>

_Static_assert(WLK_SEED_SIZE == crypto_sign_SEEDBYTES, "a seed is libsodium's");
_Static_assert(WLK_PUBLIC_KEY_SIZE == crypto_sign_PUBLICKEYBYTES, "a public key is");
_Static_assert(WLK_SECRET_KEY_SIZE == crypto_sign_SECRETKEYBYTES, "a secret key is");
_Static_assert(WLK_SIGNATURE_SIZE == crypto_sign_BYTES, "a signature is");
_Static_assert(WLK_SIGNATURE_SIZE == crypto_generichash_BYTES_MAX, "a keyed hash fills it");
_Static_assert(WLK_DIGEST_SIZE == crypto_hash_sha256_BYTES, "a digest is SHA-256");
_Static_assert(sizeof(struct wlk_sha256) == sizeof(crypto_hash_sha256_state), "same state");

enum {
    /* Sig_structure around a payload: "Signature1", protected, a kind of up to 63 bytes. */
    SIGNED_EXTRA = 128,
    KIND_SIZE_MAX = 63,
    CONTENT_SIZE_MAX = 6144, /* a status with WLK_HEADS_MAX heads, all fields at their widest,
                                takes 5,728 bytes (codec_test.c) */
    DISCLOSURE_SIZE_MAX = CONTENT_SIZE_MAX + 32
};

wlk_status wlk_seal_init(void)
{
    return sodium_init() < 0 ? WLK_IO : wlk_second_init();
}

void wlk_random_secure(uint8_t *bytes, size_t size)
{
    randombytes_buf(bytes, size);
}

void wlk_sha256(const uint8_t *bytes, size_t size, wlk_digest *out)
{
    crypto_hash_sha256(out->bytes, bytes, size);
}

void wlk_sha256_init(struct wlk_sha256 *hash)
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    memcpy(hash->state, &state, sizeof state);
}

void wlk_sha256_add(struct wlk_sha256 *hash, const uint8_t *bytes, size_t size)
{
    crypto_hash_sha256_state state;
    memcpy(&state, hash->state, sizeof state);
    crypto_hash_sha256_update(&state, bytes, size);
    memcpy(hash->state, &state, sizeof state);
}

void wlk_sha256_end(struct wlk_sha256 *hash, wlk_digest *out)
{
    crypto_hash_sha256_state state;
    memcpy(&state, hash->state, sizeof state);
    crypto_hash_sha256_final(&state, out->bytes);
    memset(hash, 0, sizeof *hash);
}

static void fill_kid(struct wlk_public_key *key)
{
    wlk_digest digest;
    wlk_sha256(key->bytes, sizeof key->bytes, &digest);
    memcpy(key->kid, digest.bytes, WLK_KID_SIZE);
}

void wlk_key_from_seed(const uint8_t seed[WLK_SEED_SIZE], struct wlk_secret_key *out)
{
    out->public_key.kind = WLK_KEY_ED25519;
    crypto_sign_seed_keypair(out->public_key.bytes, out->bytes, seed);
    fill_kid(&out->public_key);
}

void wlk_key_generate(uint8_t seed[WLK_SEED_SIZE], struct wlk_secret_key *out)
{
    randombytes_buf(seed, WLK_SEED_SIZE);
    wlk_key_from_seed(seed, out);
}

void wlk_key_rehearsal(uint64_t seed, uint64_t number, struct wlk_secret_key *out)
{
    uint8_t name[16];
    struct wlk_writer to = {name, sizeof name, 0};
    wlk_status status = wlk_write_uint(&to, 8, seed);
    if (status == WLK_OK)
        status = wlk_write_uint(&to, 8, number);
    WLK_ASSERT(status == WLK_OK);
    memset(out, 0, sizeof *out);
    out->public_key.kind = WLK_KEY_KEYED_HASH;
    crypto_generichash(out->bytes, WLK_PUBLIC_KEY_SIZE, name, sizeof name, NULL, 0);
    memcpy(out->public_key.bytes, out->bytes, WLK_PUBLIC_KEY_SIZE);
    fill_kid(&out->public_key);
}

void wlk_key_wipe(struct wlk_secret_key *key)
{
    sodium_memzero(key, sizeof *key);
}

wlk_status wlk_public_key_read(const uint8_t bytes[WLK_PUBLIC_KEY_SIZE],
                               struct wlk_public_key *out)
{
    /* Refuses y >= p, points off the curve, of small order, and outside the prime-order group.
     * Needed beside a strict verify: OpenSSL 3.0, the second verifier, takes the identity as
     * a key and then any message (measured, DESIGN.md 3). */
    if (crypto_core_ed25519_is_valid_point(bytes) != 1)
        return WLK_BAD_INPUT;
    struct wlk_public_key key = {.kind = WLK_KEY_ED25519};
    memcpy(key.bytes, bytes, sizeof key.bytes);
    fill_kid(&key);
    *out = key;
    return WLK_OK;
}

static void sign_bytes(const struct wlk_reader *message, const struct wlk_secret_key *key,
                       uint8_t signature[WLK_SIGNATURE_SIZE])
{
    if (key->public_key.kind == WLK_KEY_ED25519) {
        crypto_sign_detached(signature, NULL, message->bytes, message->size, key->bytes);
        return;
    }
    WLK_ASSERT(key->public_key.kind == WLK_KEY_KEYED_HASH);
    crypto_generichash(signature, WLK_SIGNATURE_SIZE, message->bytes, message->size, key->bytes,
                       WLK_PUBLIC_KEY_SIZE);
}

/* A tally beside the work: nothing here depends on it. */
static uint64_t disagreements;

uint64_t wlk_seal_disagreements(void)
{
    return disagreements;
}

/* The kind of the key decides what is checked, never the bytes: a keyed hash cannot pass under
 * an Ed25519 key, nor the other way round. */
static bool is_signed(const struct wlk_reader *message, const struct wlk_public_key *key,
                      const uint8_t signature[WLK_SIGNATURE_SIZE])
{
    if (key->kind == WLK_KEY_ED25519) {
        bool is_first = crypto_sign_verify_detached(signature, message->bytes, message->size,
                                                    key->bytes) == 0;
        bool is_second = wlk_second_is_signed(message, key->bytes, signature);
        disagreements += is_first != is_second;
        return is_first && is_second;
    }
    if (key->kind != WLK_KEY_KEYED_HASH)
        return false;
    uint8_t expected[WLK_SIGNATURE_SIZE];
    crypto_generichash(expected, sizeof expected, message->bytes, message->size, key->bytes,
                       sizeof key->bytes);
    return sodium_memcmp(expected, signature, sizeof expected) == 0;
}

/* Signs envelope->payload as one of kind; kid must be filled. room holds Sig_structure. */
static wlk_status sign_envelope(const struct wlk_envelope *envelope, const char *kind,
                                const struct wlk_secret_key *key, struct wlk_writer *room,
                                uint8_t signature[WLK_SIGNATURE_SIZE])
{
    WLK_TRY(wlk_envelope_write_signed(envelope, kind, room));
    struct wlk_reader message = {room->bytes, room->at, 0};
    sign_bytes(&message, key, signature);
    return WLK_OK;
}

static wlk_status verify_envelope(const struct wlk_envelope *envelope, const char *kind,
                                  const struct wlk_public_key *key, struct wlk_writer *room)
{
    if (memcmp(envelope->kid, key->kid, WLK_KID_SIZE) != 0)
        return WLK_BAD_SIGNATURE;
    if (wlk_envelope_write_signed(envelope, kind, room) != WLK_OK)
        return WLK_BAD_SIGNATURE; /* longer than anything that could have been signed */
    struct wlk_reader message = {room->bytes, room->at, 0};
    return is_signed(&message, key, envelope->signature) ? WLK_OK : WLK_BAD_SIGNATURE;
}

/* The bytes of [salt, group, content] of each group while a record is made. */
struct drafts {
    size_t size[WLK_GROUPS_MAX];
    uint8_t bytes[WLK_GROUPS_MAX][DISCLOSURE_SIZE_MAX];
};

static wlk_status write_disclosure(const struct wlk_sealing *what, size_t index,
                                   struct wlk_writer *out)
{
    enum wlk_group group = what->header->group[index].group;
    WLK_TRY(wlk_cbor_write_array(out, 3));
    WLK_TRY(wlk_cbor_write_bytes(out, what->salt[index], WLK_SALT_SIZE));
    WLK_TRY(wlk_cbor_write_uint(out, (uint64_t)group));
    return wlk_content_encode(what->header->type, group, &what->content[index], out);
}

/* Encodes each group and puts its digest into the header. */
static wlk_status draft_groups(const struct wlk_sealing *what, struct drafts *drafts,
                               struct wlk_header *header)
{
    for (size_t i = 0; i < header->group_count; i++) {
        struct wlk_writer to = {drafts->bytes[i], DISCLOSURE_SIZE_MAX, 0};
        WLK_TRY(write_disclosure(what, i, &to));
        drafts->size[i] = to.at;
        wlk_sha256(drafts->bytes[i], to.at, &header->group[i].digest);
    }
    return WLK_OK;
}

static wlk_status write_record(const struct wlk_envelope *envelope, const struct drafts *drafts,
                               size_t group_count, struct wlk_writer *out,
                               wlk_digest *sign1_digest)
{
    WLK_TRY(wlk_cbor_write_array(out, 2));
    size_t start = out->at;
    WLK_TRY(wlk_envelope_write(envelope, out));
    wlk_sha256(out->bytes + start, out->at - start, sign1_digest);
    WLK_TRY(wlk_cbor_write_array(out, group_count));
    for (size_t i = 0; i < group_count; i++)
        WLK_TRY(wlk_cbor_write_bytes(out, drafts->bytes[i], drafts->size[i]));
    return WLK_OK;
}

wlk_status wlk_seal(const struct wlk_sealing *what, const struct wlk_secret_key *key,
                    uint8_t *out, size_t room, struct wlk_sealed *sealed)
{
    struct wlk_header header = *what->header;
    if (wlk_header_fault(&header))
        return WLK_BAD_INPUT;
    struct drafts drafts;
    WLK_TRY(draft_groups(what, &drafts, &header));
    uint8_t header_bytes[WLK_HEADER_SIZE_MAX], message[WLK_HEADER_SIZE_MAX + SIGNED_EXTRA];
    struct wlk_writer header_to = {header_bytes, sizeof header_bytes, 0};
    struct wlk_writer message_to = {message, sizeof message, 0};
    WLK_TRY(wlk_header_encode(&header, &header_to));
    uint8_t signature[WLK_SIGNATURE_SIZE];
    struct wlk_envelope envelope = {key->public_key.kid, header_bytes, header_to.at, signature};
    WLK_TRY(sign_envelope(&envelope, WLK_RECORD_KIND, key, &message_to, signature));
    /* First beside, then copied: an outbox slot is never left half written. */
    uint8_t record[WLK_HEADER_SIZE_MAX + SIGNED_EXTRA + sizeof drafts];
    struct wlk_writer to = {record, sizeof record, 0};
    wlk_digest digest;
    WLK_TRY(write_record(&envelope, &drafts, header.group_count, &to, &digest));
    if (to.at > room)
        return WLK_FULL;
    memcpy(out, record, to.at);
    *sealed = (struct wlk_sealed){to.at, digest};
    return WLK_OK;
}

wlk_status wlk_record_verify(const struct wlk_claim *claim, const struct wlk_public_key *key,
                             struct wlk_record *out)
{
    uint8_t message[WLK_HEADER_SIZE_MAX + SIGNED_EXTRA];
    struct wlk_writer room = {message, sizeof message, 0};
    struct wlk_envelope envelope = {claim->kid, claim->header_bytes, claim->header_size,
                                    claim->signature};
    WLK_TRY(verify_envelope(&envelope, WLK_RECORD_KIND, key, &room));
    out->claim = *claim;
    return WLK_OK;
}

/* Kinds are constants of the program: a wrong one is our mistake. */
static void assert_kind(const char *kind)
{
    size_t size = strnlen(kind, KIND_SIZE_MAX + 1);
    WLK_ASSERT(size > 0 && size <= KIND_SIZE_MAX);
    WLK_ASSERT(strcmp(kind, WLK_RECORD_KIND) != 0);
}

wlk_status wlk_sign_object(const struct wlk_object *object, const struct wlk_secret_key *key,
                           uint8_t *out, size_t room, size_t *size)
{
    assert_kind(object->kind);
    if (object->payload_size == 0 || object->payload_size > WLK_RECORD_SIZE_MAX)
        return WLK_BAD_INPUT;
    uint8_t message[WLK_RECORD_SIZE_MAX + SIGNED_EXTRA], signature[WLK_SIGNATURE_SIZE];
    struct wlk_writer message_to = {message, sizeof message, 0};
    struct wlk_envelope envelope = {key->public_key.kid, object->payload, object->payload_size,
                                    signature};
    WLK_TRY(sign_envelope(&envelope, object->kind, key, &message_to, signature));
    if (object->is_detached)
        envelope.payload = NULL;
    /* What was signed is not needed any more; its room takes the object, then it is copied. */
    struct wlk_writer to = {message, sizeof message, 0};
    WLK_TRY(wlk_envelope_write(&envelope, &to));
    if (to.at > room)
        return WLK_FULL;
    memcpy(out, message, to.at);
    *size = to.at;
    return WLK_OK;
}

static wlk_status read_object(struct wlk_cbor_reader *reader, struct wlk_envelope *out)
{
    WLK_TRY(wlk_envelope_read(reader, WLK_RECORD_SIZE_MAX, out));
    return wlk_cbor_end(reader);
}

wlk_status wlk_object_decode(const uint8_t *bytes, size_t size, struct wlk_object_claim *out,
                             struct wlk_fault *fault)
{
    struct wlk_cbor_reader reader;
    struct wlk_envelope envelope;
    wlk_cbor_init(&reader, bytes, size);
    if (read_object(&reader, &envelope) != WLK_OK) {
        wlk_fault_set(fault, reader.rule, "signed object");
        if (fault)
            fault->offset = reader.from.at;
        return WLK_BAD_INPUT;
    }
    struct wlk_object_claim claim = {.is_detached = envelope.payload == NULL,
                                     .payload = envelope.payload,
                                     .payload_size = envelope.payload_size,
                                     .signature = envelope.signature};
    memcpy(claim.kid, envelope.kid, WLK_KID_SIZE);
    *out = claim;
    return WLK_OK;
}

wlk_status wlk_verify_object(const char *kind, const struct wlk_object_claim *claim,
                             const struct wlk_public_key *key)
{
    assert_kind(kind);
    if (!claim->payload || claim->payload_size == 0)
        return WLK_BAD_SIGNATURE;
    uint8_t message[WLK_RECORD_SIZE_MAX + SIGNED_EXTRA];
    struct wlk_writer room = {message, sizeof message, 0};
    struct wlk_envelope envelope = {claim->kid, claim->payload, claim->payload_size,
                                    claim->signature};
    return verify_envelope(&envelope, kind, key, &room);
}
