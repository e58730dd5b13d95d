/* second.c -- the second opinion on a signature.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/second.h"

#include <openssl/evp.h>
#include <string.h>

enum { KEY_SIZE = 32, SIGNATURE_SIZE = 64 };

/* The keys asked about last, each ready to verify: looking up the algorithm takes as long as a
 * tenth of a verification. */
enum { KEPT = 32 };
static struct kept {
    uint8_t key[KEY_SIZE];
    EVP_MD_CTX *context; /* NULL: free */
} kept[KEPT];
static size_t turn;

static const EVP_MD_CTX *ready(const uint8_t *key)
{
    for (size_t i = 0; i < KEPT; i++)
        if (kept[i].context && !memcmp(kept[i].key, key, KEY_SIZE))
            return kept[i].context;
    EVP_PKEY *public_key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, KEY_SIZE);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_ready = public_key && context &&
                    EVP_DigestVerifyInit(context, NULL, NULL, NULL, public_key) == 1;
    EVP_PKEY_free(public_key); /* the context has it */
    if (!is_ready) {
        EVP_MD_CTX_free(context);
        return NULL;
    }
    struct kept *place = &kept[turn++ % KEPT];
    EVP_MD_CTX_free(place->context);
    memcpy(place->key, key, KEY_SIZE);
    return place->context = context;
}

bool wlk_second_is_signed(const struct wlk_reader *message, const uint8_t *key,
                          const uint8_t *signature)
{
    const EVP_MD_CTX *from = ready(key);
    EVP_MD_CTX *context = EVP_MD_CTX_new(); /* one verification each, by OpenSSL's manual */
    bool is_signed = from && context && EVP_MD_CTX_copy_ex(context, from) == 1 &&
                     EVP_DigestVerify(context, signature, SIGNATURE_SIZE, message->bytes,
                                      message->size) == 1;
    EVP_MD_CTX_free(context);
    return is_signed;
}

wlk_status wlk_second_init(void)
{
    /* RFC 8032 7.1, TEST 1: the empty message. */
    static const uint8_t key[KEY_SIZE] = {0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7,
                                          0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
                                          0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25,
                                          0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a};
    static const uint8_t known[SIGNATURE_SIZE] = {
        0xe5, 0x56, 0x43, 0x00, 0xc3, 0x60, 0xac, 0x72, 0x90, 0x86, 0xe2, 0xcc, 0x80,
        0x6e, 0x82, 0x8a, 0x84, 0x87, 0x7f, 0x1e, 0xb8, 0xe5, 0xd9, 0x74, 0xd8, 0x73,
        0xe0, 0x65, 0x22, 0x49, 0x01, 0x55, 0x5f, 0xb8, 0x82, 0x15, 0x90, 0xa3, 0x3b,
        0xac, 0xc6, 0x1e, 0x39, 0x70, 0x1c, 0xf9, 0xb4, 0x6b, 0xd2, 0x5b, 0xf5, 0xf0,
        0x59, 0x5b, 0xbe, 0x24, 0x65, 0x51, 0x41, 0x43, 0x8e, 0x7a, 0x10, 0x0b};
    struct wlk_reader message = {key, 0, 0};
    uint8_t damaged[SIGNATURE_SIZE];
    memcpy(damaged, known, sizeof damaged);
    damaged[0] ^= 1;
    return wlk_second_is_signed(&message, key, known) &&
                   !wlk_second_is_signed(&message, key, damaged)
               ? WLK_OK
               : WLK_IO;
}
