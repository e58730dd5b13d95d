/* signatures.c -- the signed objects around an arrangement: signatures, bundle, withdrawal.
 *
 * bundle      = [ bstr arrangement, [ * [ party index, bstr sign1 (payload detached) ] ] ]
 * withdrawal  = sign1 over { 1: arrangement digest, 2: party, 3: time_ns }
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/force.h"

#include "base/assert.h"
#include "base/words.h"
#include "record/cbor.h"
#include "release/hex.h"

static wlk_status read_root(const struct wlk_words *words, struct wlk_roots *roots,
                            struct wlk_fault *fault)
{
    uint8_t bytes[WLK_PUBLIC_KEY_SIZE];
    if (words->count != 3 || strcmp(words->word[0], "root") != 0)
        return wlk_words_fault(words, fault, "root NATION and 64 hex digits", "\"%.40s\"",
                               words->word[0]);
    if (roots->count == sizeof roots->root / sizeof roots->root[0])
        return wlk_words_fault(words, fault, "too many roots", "over %zu", roots->count);
    struct wlk_root *root = &roots->root[roots->count];
    if (wlk_name_parse(words->word[1], &root->party) != WLK_OK)
        return wlk_words_fault(words, fault, "a name is 1-15 of A-Z 0-9 -", "\"%.40s\"",
                               words->word[1]);
    if (wlk_hex_read(words->word[2], bytes, sizeof bytes) != WLK_OK ||
        wlk_public_key_read(bytes, &root->public_key) != WLK_OK)
        return wlk_words_fault(words, fault, "not a public key that can be trusted",
                               "\"%.40s\"", words->word[2]);
    roots->count++;
    return WLK_OK;
}

wlk_status wlk_roots_parse(const char *file, const char *text, struct wlk_roots *out,
                           struct wlk_fault *fault)
{
    struct wlk_roots roots;
    struct wlk_words words;
    wlk_status status;
    memset(&roots, 0, sizeof roots);
    wlk_words_init(&words, file, text);
    while ((status = wlk_words_next(&words, fault)) == WLK_OK)
        WLK_TRY(read_root(&words, &roots, fault));
    if (status != WLK_NOT_YET)
        return status;
    *out = roots;
    return WLK_OK;
}

wlk_status wlk_force_sign(const struct wlk_arrangement *arrangement, wlk_name party,
                          const struct wlk_secret_key *root, uint8_t *bytes, size_t size,
                          size_t *size_out)
{
    uint8_t form[WLK_ARRANGEMENT_SIZE_MAX];
    size_t form_size = 0;
    uint8_t index = 0;
    const struct wlk_public_key *listed = NULL;
    if (wlk_arrangement_party(arrangement, party, &index))
        listed = wlk_arrangement_root(arrangement, index);
    if (!listed || memcmp(listed->bytes, root->public_key.bytes, sizeof listed->bytes) != 0)
        return WLK_NOT_RELEASABLE;
    WLK_TRY(wlk_arrangement_encode(arrangement, form, sizeof form, &form_size));
    struct wlk_object object = {.kind = WLK_ARRANGEMENT_KIND,
                                .payload = form,
                                .payload_size = form_size,
                                .is_detached = true};
    return wlk_sign_object(&object, root, bytes, size, size_out);
}

static wlk_status write_bundle(struct wlk_writer *out, const struct wlk_arrangement *a,
                               const struct wlk_signature signature[WLK_PARTIES_MAX])
{
    uint8_t form[WLK_ARRANGEMENT_SIZE_MAX];
    size_t form_size = 0;
    uint64_t count = 0;
    WLK_TRY(wlk_arrangement_encode(a, form, sizeof form, &form_size));
    for (size_t p = 0; p < a->party_count; p++)
        count += signature[p].size != 0;
    WLK_TRY(wlk_cbor_write_array(out, 2));
    WLK_TRY(wlk_cbor_write_bytes(out, form, form_size));
    WLK_TRY(wlk_cbor_write_array(out, count));
    for (size_t p = 0; p < a->party_count; p++) {
        if (!signature[p].size)
            continue;
        WLK_TRY(wlk_cbor_write_array(out, 2));
        WLK_TRY(wlk_cbor_write_uint(out, p));
        WLK_TRY(wlk_cbor_write_bytes(out, signature[p].bytes, signature[p].size));
    }
    return WLK_OK;
}

wlk_status wlk_force_bundle(const struct wlk_arrangement *arrangement,
                            const struct wlk_signature signature[WLK_PARTIES_MAX],
                            uint8_t *bytes, size_t size, size_t *size_out)
{
    uint8_t aside[WLK_BUNDLE_SIZE_MAX];
    struct wlk_writer out = {aside, sizeof aside, 0};
    WLK_TRY(write_bundle(&out, arrangement, signature));
    if (out.at > size)
        return WLK_FULL;
    memcpy(bytes, aside, out.at);
    *size_out = out.at;
    return WLK_OK;
}

static bool is_trusted(const struct wlk_roots *roots, wlk_name party,
                       const struct wlk_public_key *key)
{
    for (size_t i = 0; i < roots->count; i++)
        if (wlk_name_equal(roots->root[i].party, party) &&
            memcmp(roots->root[i].public_key.bytes, key->bytes, sizeof key->bytes) == 0)
            return true;
    return false;
}

static wlk_status bad_signature(struct wlk_fault *fault, const char *rule, wlk_name party)
{
    wlk_fault_set(fault, rule, "%s", party.text);
    return WLK_BAD_SIGNATURE;
}

/* A bundle while its signatures are checked. */
struct checking {
    struct wlk_signature form; /* bytes of the arrangement, which all signed */
    const struct wlk_roots *roots;
    struct wlk_agreement *out;
    struct wlk_fault *fault;
};

/* Checks one signature of a bundle under the party's root, which must be trusted here. */
static wlk_status check_signature(const struct checking *c, struct wlk_signature signature,
                                  uint8_t party)
{
    wlk_name name = c->out->arrangement.party[party];
    const struct wlk_public_key *root = wlk_arrangement_root(&c->out->arrangement, party);
    struct wlk_object_claim claim;
    if (!root || !is_trusted(c->roots, name, root))
        return bad_signature(c->fault, "a party's root key is not the one trusted here", name);
    WLK_TRY(wlk_object_decode(signature.bytes, signature.size, &claim, c->fault));
    if (!claim.is_detached) {
        wlk_fault_set(c->fault, "a signature's payload is detached", "%s", name.text);
        return WLK_BAD_INPUT;
    }
    claim.payload = c->form.bytes;
    claim.payload_size = c->form.size;
    if (wlk_verify_object(WLK_ARRANGEMENT_KIND, &claim, root) != WLK_OK)
        return bad_signature(c->fault, "a party's signature does not verify", name);
    c->out->is_signed[party] = 1;
    return WLK_OK;
}

/* The signatures behind the form, party indexes ascending. */
static wlk_status read_signatures(struct wlk_cbor_reader *in, const struct checking *c)
{
    uint64_t count = 0, pair = 0, party = 0, next = 0;
    uint64_t parties = c->out->arrangement.party_count;
    struct wlk_signature signature;
    WLK_TRY(wlk_cbor_read_array(in, 0, parties, &count));
    for (uint64_t i = 0; i < count; i++) {
        if (next >= parties)
            return WLK_BAD_INPUT;
        WLK_TRY(wlk_cbor_read_array(in, 2, 2, &pair));
        WLK_TRY(wlk_cbor_read_uint(in, next, parties - 1, &party));
        WLK_TRY(wlk_cbor_read_bytes(in, 1, WLK_PARTY_SIGNATURE_MAX, &signature.bytes,
                                    &signature.size));
        WLK_TRY(check_signature(c, signature, (uint8_t)party));
        next = party + 1;
    }
    return wlk_cbor_end(in);
}

wlk_status wlk_force_read(const uint8_t *bytes, size_t size, const struct wlk_roots *roots,
                          struct wlk_agreement *out, struct wlk_fault *fault)
{
    struct wlk_agreement agreement;
    struct checking c = {.roots = roots, .out = &agreement, .fault = fault};
    struct wlk_cbor_reader in;
    uint64_t count = 0;
    memset(&agreement, 0, sizeof agreement);
    wlk_cbor_init(&in, bytes, size);
    wlk_fault_set(fault, "a bundle is an arrangement and its signatures", "%zu bytes", size);
    if (size > WLK_BUNDLE_SIZE_MAX || wlk_cbor_read_array(&in, 2, 2, &count) != WLK_OK ||
        wlk_cbor_read_bytes(&in, 1, WLK_ARRANGEMENT_SIZE_MAX, &c.form.bytes, &c.form.size) !=
            WLK_OK)
        return WLK_BAD_INPUT;
    WLK_TRY(wlk_arrangement_decode(c.form.bytes, c.form.size, &agreement.arrangement, fault));
    wlk_fault_set(fault, "a bundle is an arrangement and its signatures", "%zu bytes", size);
    WLK_TRY(read_signatures(&in, &c));
    wlk_sha256(c.form.bytes, c.form.size, &agreement.digest);
    agreement.is_complete = true;
    for (size_t p = 0; p < agreement.arrangement.party_count; p++)
        agreement.is_complete = agreement.is_complete && agreement.is_signed[p];
    *out = agreement;
    return WLK_OK;
}

wlk_status wlk_force_peek(const uint8_t *bytes, size_t size, struct wlk_arrangement *out,
                          struct wlk_fault *fault)
{
    struct wlk_cbor_reader in;
    const uint8_t *form = NULL;
    size_t form_size = 0;
    uint64_t count = 0;
    wlk_cbor_init(&in, bytes, size);
    wlk_fault_set(fault, "a bundle is an arrangement and its signatures", "%zu bytes", size);
    WLK_TRY(wlk_cbor_read_array(&in, 2, 2, &count));
    WLK_TRY(wlk_cbor_read_bytes(&in, 1, WLK_ARRANGEMENT_SIZE_MAX, &form, &form_size));
    return wlk_arrangement_decode(form, form_size, out, fault);
}

wlk_status wlk_force_rehearsal(const struct wlk_arrangement *arrangement,
                               struct wlk_agreement *out)
{
    if (arrangement->key_count == 0)
        return WLK_BAD_SIGNATURE;
    for (size_t i = 0; i < arrangement->key_count; i++)
        if (arrangement->key[i].public_key.kind != WLK_KEY_KEYED_HASH)
            return WLK_BAD_SIGNATURE;
    memset(out, 0, sizeof *out);
    out->arrangement = *arrangement;
    out->digest = wlk_arrangement_digest(arrangement);
    out->is_complete = true;
    for (size_t p = 0; p < arrangement->party_count; p++)
        out->is_signed[p] = 1;
    return WLK_OK;
}

wlk_status wlk_force_withdraw(const struct wlk_withdrawal *withdrawal,
                              const struct wlk_secret_key *root, uint8_t *bytes, size_t size,
                              size_t *size_out)
{
    uint8_t payload[WLK_WITHDRAWAL_SIZE_MAX];
    struct wlk_writer out = {payload, sizeof payload, 0};
    WLK_TRY(wlk_cbor_write_map(&out, 3));
    WLK_TRY(wlk_cbor_write_uint(&out, 1));
    WLK_TRY(wlk_cbor_write_bytes(&out, withdrawal->arrangement.bytes, WLK_DIGEST_SIZE));
    WLK_TRY(wlk_cbor_write_uint(&out, 2));
    WLK_TRY(wlk_cbor_write_text(&out, withdrawal->party.text));
    WLK_TRY(wlk_cbor_write_uint(&out, 3));
    WLK_TRY(wlk_cbor_write_int(&out, withdrawal->time.ns));
    struct wlk_object object = {
        .kind = WLK_WITHDRAWAL_KIND, .payload = payload, .payload_size = out.at};
    return wlk_sign_object(&object, root, bytes, size, size_out);
}

static wlk_status read_withdrawal(struct wlk_cbor_reader *in, struct wlk_withdrawal *out)
{
    struct wlk_cbor_map map;
    const uint8_t *digest = NULL;
    char name[WLK_NAME_SIZE];
    size_t size = 0;
    WLK_TRY(wlk_cbor_read_map(in, 3, 3, &map));
    WLK_TRY(wlk_cbor_read_key(in, &map, 1));
    WLK_TRY(wlk_cbor_read_bytes(in, WLK_DIGEST_SIZE, WLK_DIGEST_SIZE, &digest, &size));
    memcpy(out->arrangement.bytes, digest, WLK_DIGEST_SIZE);
    WLK_TRY(wlk_cbor_read_key(in, &map, 2));
    WLK_TRY(wlk_cbor_read_text(in, name, sizeof name));
    WLK_TRY(wlk_name_parse(name, &out->party));
    WLK_TRY(wlk_cbor_read_key(in, &map, 3));
    WLK_TRY(wlk_cbor_read_int(in, 0, INT64_MAX, &out->time.ns));
    WLK_TRY(wlk_cbor_end_map(in, &map));
    return wlk_cbor_end(in);
}

wlk_status wlk_withdrawal_decode(const struct wlk_object_claim *claim,
                                 struct wlk_withdrawal *out, struct wlk_fault *fault)
{
    struct wlk_withdrawal withdrawal;
    struct wlk_cbor_reader in;
    if (!claim->is_detached) {
        wlk_cbor_init(&in, claim->payload, claim->payload_size);
        if (read_withdrawal(&in, &withdrawal) == WLK_OK) {
            *out = withdrawal;
            return WLK_OK;
        }
    }
    wlk_fault_set(fault, "a withdrawal names arrangement, party and time", "%zu bytes",
                  claim->payload_size);
    return WLK_BAD_INPUT;
}
