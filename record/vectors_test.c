/* vectors_test.c -- are the known bad keys and signatures refused, and is it noted where the
 * two verifiers disagree? Vectors: corpus/signatures.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/seal.h"

#include "base/tap.h"
#include "record/envelope.h"
#include "record/sample.h"
#include "record/second.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum { SEED = 20261126, LINE_MAX_SIZE = 512, WORDS = 5 };

/* The words of the next line that is no comment; their number, 0 at the end. */
static int next_line(FILE *file, char *line, char *word[WORDS])
{
    int count = 0;
    char *rest = NULL;
    do
        if (!fgets(line, LINE_MAX_SIZE, file))
            return 0;
    while (line[0] == '#' || line[0] == '\n');
    for (char *at = strtok_r(line, " \n", &rest); at && count < WORDS;
         at = strtok_r(NULL, " \n", &rest))
        word[count++] = at;
    return count;
}

static FILE *open_vectors(const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/corpus/signatures/%s", getenv("WARNLINK_SOURCE"), name);
    FILE *file = fopen(path, "r");
    wlk_check(file != NULL, "%s is there", name);
    return file;
}

static bool from_hex(const char *hex, uint8_t *bytes, size_t size)
{
    size_t found = 0;
    return sodium_hex2bin(bytes, size, hex, strlen(hex), NULL, &found, NULL) == 0 &&
           found == size;
}

static void test_bad_keys(void)
{
    char line[LINE_MAX_SIZE], *word[WORDS];
    unsigned count = 0;
    FILE *file = open_vectors("bad_keys.txt");
    while (file && next_line(file, line, word) == 2) {
        uint8_t bytes[WLK_PUBLIC_KEY_SIZE];
        struct wlk_public_key key;
        wlk_check(from_hex(word[1], bytes, sizeof bytes) &&
                      wlk_public_key_read(bytes, &key) == WLK_BAD_INPUT,
                  "no key: %s", word[0]);
        count++;
    }
    if (file)
        fclose(file);
    wlk_check(count == 14, "all 14 encodings of the points of small order (%u)", count);
}

static void test_bad_signatures(void)
{
    char line[LINE_MAX_SIZE], *word[WORDS];
    unsigned count = 0;
    FILE *file = open_vectors("bad_signatures.txt");
    while (file && next_line(file, line, word) == WORDS) {
        uint8_t key[WLK_PUBLIC_KEY_SIZE], text[32], signature[WLK_SIGNATURE_SIZE];
        struct wlk_public_key read;
        struct wlk_reader message = {text, sizeof text, 0};
        bool is_there = from_hex(word[1], key, sizeof key) &&
                        from_hex(word[2], text, sizeof text) &&
                        from_hex(word[3], signature, sizeof signature);
        bool is_key = is_there && wlk_public_key_read(key, &read) == WLK_OK;
        bool is_taken =
            crypto_sign_verify_detached(signature, text, sizeof text, key) == 0 &&
            wlk_second_is_signed(&message, key, signature);
        wlk_check(is_there && is_key == (strcmp(word[4], "signature") == 0) &&
                      !(is_key && is_taken),
                  "refused by its %s: %s", word[4], word[0]);
        count++;
    }
    if (file)
        fclose(file);
    wlk_check(count == 12, "all 12 cases (%u)", count);
}

/* A signature with R the identity, which its own signer can make for any message: OpenSSL takes
 * it, libsodium does not. */
static void sign_with_small_r(const struct wlk_claim *claim, const uint8_t seed[WLK_SEED_SIZE],
                              const struct wlk_secret_key *key,
                              uint8_t signature[WLK_SIGNATURE_SIZE])
{
    uint8_t bytes[WLK_HEADER_SIZE_MAX + 128], wide[64], k[32], a[64];
    struct wlk_writer message = {bytes, sizeof bytes, 0};
    struct wlk_envelope envelope = {claim->kid, claim->header_bytes, claim->header_size, NULL};
    crypto_hash_sha512_state hash;
    wlk_check(wlk_envelope_write_signed(&envelope, WLK_RECORD_KIND, &message) == WLK_OK,
              "what is signed can be written");
    memset(signature, 0, WLK_SIGNATURE_SIZE);
    signature[0] = 1;
    crypto_hash_sha512_init(&hash);
    crypto_hash_sha512_update(&hash, signature, 32);
    crypto_hash_sha512_update(&hash, key->public_key.bytes, WLK_PUBLIC_KEY_SIZE);
    crypto_hash_sha512_update(&hash, bytes, message.at);
    crypto_hash_sha512_final(&hash, wide);
    crypto_core_ed25519_scalar_reduce(k, wide);
    crypto_hash_sha512(a, seed, WLK_SEED_SIZE);
    a[0] &= 248;
    a[31] = (a[31] & 127) | 64;
    memset(wide, 0, sizeof wide);
    memcpy(wide, a, 32);
    crypto_core_ed25519_scalar_reduce(a, wide);
    crypto_core_ed25519_scalar_mul(signature + 32, k, a);
}

static void test_disagreement(void)
{
    static struct wlk_sample sample;
    static uint8_t record[16384];
    const uint8_t seed[WLK_SEED_SIZE] = {7};
    struct wlk_random random = wlk_random_seeded(SEED, 1);
    struct wlk_secret_key key;
    struct wlk_sealed sealed;
    struct wlk_claim claim;
    struct wlk_record verified;
    uint8_t signature[WLK_SIGNATURE_SIZE];
    wlk_key_from_seed(seed, &key);
    wlk_sample_make(&random, WLK_TYPE_LAUNCH, &sample);
    struct wlk_sealing sealing = wlk_sample_sealing(&sample);
    wlk_check(wlk_seal(&sealing, &key, record, sizeof record, &sealed) == WLK_OK &&
                  wlk_claim_decode(record, sealed.size, &claim, NULL) == WLK_OK &&
                  wlk_record_verify(&claim, &key.public_key, &verified) == WLK_OK,
              "both verifiers take a proper record");
    record[(size_t)(claim.signature - record) + 40] ^= 1;
    wlk_check(wlk_record_verify(&claim, &key.public_key, &verified) == WLK_BAD_SIGNATURE &&
                  wlk_seal_disagreements() == 0,
              "both refuse a damaged signature, and that is no disagreement");
    sign_with_small_r(&claim, seed, &key, signature);
    memcpy(record + (claim.signature - record), signature, sizeof signature);
    wlk_check(wlk_record_verify(&claim, &key.public_key, &verified) == WLK_BAD_SIGNATURE,
              "a signature with R of small order is refused");
    wlk_check(wlk_seal_disagreements() == 1, "OpenSSL alone would take it: noted");
}

int main(void)
{
    wlk_check(wlk_seal_init() == WLK_OK, "both libraries are there");
    test_bad_keys();
    test_bad_signatures();
    test_disagreement();
    return wlk_tap_done();
}
