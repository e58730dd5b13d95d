/* alarm_test.c -- a signature about which the hub's two verifiers disagree: made by who has the
 * key, with a commitment of small order, which OpenSSL 3.0 takes and libsodium does not. The
 * hub must pass it to nobody, write it into its log, and count it for the alarm.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/tap.h"
#include "exchange/journal.h"
#include "programs/lone.h"
#include "record/envelope.h"
#include "release/audit.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

static struct wlk_lone lone;
static uint8_t record[WLK_RECORD_SIZE_MAX];

/* R is the identity; S = k a: right by the equation, and no signature. */
static void forge(size_t size)
{
    static uint8_t message[WLK_RECORD_SIZE_MAX];
    struct wlk_claim claim;
    const struct wlk_secret_key *key = wlk_lone_key(&lone, "KR", WLK_NATURE_EXERCISE);
    uint8_t secret[64], challenge[64], product[32], signature[64] = {1};
    if (wlk_claim_decode(record, size, &claim, NULL) != WLK_OK)
        abort();
    struct wlk_envelope envelope = {
        .kid = claim.kid, .payload = claim.header_bytes, .payload_size = claim.header_size};
    struct wlk_writer out = {message, sizeof message, 0};
    if (wlk_envelope_write_signed(&envelope, WLK_RECORD_KIND, &out) != WLK_OK)
        abort();
    crypto_hash_sha512(secret, key->bytes, 32); /* the seed stands first */
    secret[0] &= 248;
    secret[31] = (uint8_t)((secret[31] & 127) | 64);
    uint8_t wide[64] = {0}, scalar[32];
    memcpy(wide, secret, 32);
    crypto_core_ed25519_scalar_reduce(scalar, wide);
    crypto_hash_sha512_state hash;
    crypto_hash_sha512_init(&hash);
    crypto_hash_sha512_update(&hash, signature, 32);
    crypto_hash_sha512_update(&hash, key->public_key.bytes, 32);
    crypto_hash_sha512_update(&hash, message, out.at);
    crypto_hash_sha512_final(&hash, challenge);
    crypto_core_ed25519_scalar_reduce(product, challenge);
    crypto_core_ed25519_scalar_mul(signature + 32, product, scalar);
    memcpy(record + (claim.signature - record), signature, sizeof signature);
}

/* Lines of the log with this clause that refuse. */
static unsigned refused_under(const char *clause)
{
    struct wlk_audit audit = {0};
    struct wlk_audit_entry entry;
    const uint8_t *bytes;
    size_t size, offset = 0;
    unsigned lines = 0;
    while (wlk_journal_log_at(lone.journal, lone.agreement.arrangement.name, audit.count + 1,
                              &bytes, &size) == WLK_OK &&
           wlk_audit_next(&audit, bytes, size, &offset, &entry) == WLK_OK) {
        lines += entry.kind == WLK_REFUSE && !strcmp(entry.clause, clause);
        offset = 0;
    }
    return lines;
}

int main(void)
{
    struct wlk_fault fault = {0};
    struct wlk_header header, again;
    if (!wlk_check(wlk_lone_keys_open(&lone, &fault) == WLK_OK &&
                       wlk_lone_open(&lone, ":memory:", WLK_NATURE_EXERCISE,
                                     wlk_lone_moment(-60).utc, &fault) == WLK_OK,
                   "a hub under TMW-1"))
        return wlk_tap_done();
    const struct wlk_secret_key *key = wlk_lone_key(&lone, "KR", WLK_NATURE_EXERCISE);
    wlk_lone_join(&lone, "KR", WLK_CLASS_WARN, -1);
    wlk_lone_join(&lone, "JP", WLK_CLASS_WARN, -1);
    wlk_lone_header(&lone, WLK_NATURE_EXERCISE, 0, &header);
    again = header;
    struct wlk_frame frame = {.kind = WLK_FRAME_RECORD, .bytes = record};
    frame.size = wlk_lone_seal(&header, key, record, sizeof record);
    forge(frame.size);
    uint64_t before = wlk_seal_disagreements();
    bool is_heard = wlk_lone_give(&lone, "KR", WLK_CLASS_WARN, &frame, 0) == WLK_OK;
    const struct wlk_hub_counts *counts = wlk_hub_count(lone.hub);
    wlk_check(is_heard && wlk_seal_disagreements() == before + 1,
              "one verifier takes the signature and the other does not");
    wlk_check(counts->disagreed == 1, "the hub counts it, for its alarm");
    wlk_check(counts->passed + counts->trimmed == 0 && counts->received == 0 &&
                  wlk_lone_take(&lone, "JP", WLK_CLASS_WARN, 0) == 0,
              "and passes it to nobody");
    wlk_check(refused_under("verifiers") == 2, "its log says so for each other party");
    (void)wlk_lone_seal(&again, key, record, sizeof record);
    is_heard = wlk_lone_give(&lone, "KR", WLK_CLASS_WARN, &frame, 0) == WLK_OK;
    wlk_check(is_heard && counts->disagreed == 1 && counts->passed == 2 &&
                  wlk_lone_take(&lone, "JP", WLK_CLASS_WARN, 0) == 1,
              "the record as it was signed passes then");
    wlk_lone_keys_close(&lone);
    return wlk_tap_done();
}
