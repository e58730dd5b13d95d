/* arrangement_fuzz.c -- is whatever is accepted one text, one struct, one encoding?
 *
 * The first byte says what the input is, so that files are seeds as they are: a map head
 * (ac, ad) an arrangement's CBOR; 82 a bundle; d2 a withdrawal or key statement; 00 a decision
 * log; anything else a text.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "release/audit.h"
#include "release/keyring.h"
#include "release/question.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { TEXT_MAX = 16384 }; /* a canonical text of such an input surely fits */

static struct wlk_arrangement arrangement, again;
static char text[WLK_ARRANGEMENT_TEXT_MAX], second[WLK_ARRANGEMENT_TEXT_MAX];
static uint8_t form[WLK_ARRANGEMENT_SIZE_MAX], other[WLK_ARRANGEMENT_SIZE_MAX];

/* Both forms of an accepted arrangement lead back to it. */
static void check_arrangement(void)
{
    size_t size = 0, other_size = 0, line = 0;
    WLK_ASSERT(wlk_arrangement_fault(&arrangement) == NULL);
    wlk_status status = wlk_arrangement_encode(&arrangement, form, sizeof form, &size);
    WLK_ASSERT(status == WLK_OK);
    status = wlk_arrangement_print(&arrangement, text, sizeof text);
    WLK_ASSERT(status == WLK_OK);
    status = wlk_arrangement_parse("fuzz", text, &again, NULL);
    WLK_ASSERT(status == WLK_OK);
    WLK_ASSERT(wlk_arrangement_is_canonical(&again, text, &line));
    status = wlk_arrangement_encode(&again, other, sizeof other, &other_size);
    WLK_ASSERT(status == WLK_OK && size == other_size && memcmp(form, other, size) == 0);
    status = wlk_arrangement_decode(form, size, &again, NULL);
    WLK_ASSERT(status == WLK_OK);
    status = wlk_arrangement_print(&again, second, sizeof second);
    WLK_ASSERT(status == WLK_OK && strcmp(text, second) == 0);
}

static void try_text(const uint8_t *bytes, size_t size)
{
    static char input[TEXT_MAX + 1];
    struct wlk_fault fault = {.rule = NULL};
    if (size > TEXT_MAX)
        return;
    memcpy(input, bytes, size);
    input[size] = 0;
    if (wlk_arrangement_parse("fuzz", input, &arrangement, &fault) == WLK_OK)
        check_arrangement();
    else
        WLK_ASSERT(fault.rule && fault.where[0]);
}

static void try_form(const uint8_t *bytes, size_t size)
{
    if (wlk_arrangement_decode(bytes, size, &arrangement, NULL) != WLK_OK)
        return;
    check_arrangement();
    size_t used = 0;
    wlk_status status = wlk_arrangement_encode(&arrangement, form, sizeof form, &used);
    WLK_ASSERT(status == WLK_OK && used == size && memcmp(form, bytes, size) == 0);
}

static void try_bundle(const uint8_t *bytes, size_t size)
{
    static struct wlk_agreement agreement;
    struct wlk_roots roots = {0};
    struct wlk_withdrawal withdrawal;
    struct wlk_object_claim claim;
    if (wlk_force_read(bytes, size, &roots, &agreement, NULL) == WLK_OK)
        WLK_ASSERT(!agreement.is_complete); /* no root is trusted, so nobody has signed */
    if (wlk_force_peek(bytes, size, &arrangement, NULL) == WLK_OK)
        check_arrangement();
    if (wlk_object_decode(bytes, size, &claim, NULL) == WLK_OK)
        (void)(wlk_withdrawal_decode(&claim, &withdrawal, NULL) == WLK_OK);
}

/* What is accepted is written again as the same payload, has a text, and adds up. */
static void try_keys(const uint8_t *bytes, size_t size)
{
    static const uint8_t seed[WLK_SEED_SIZE] = {1};
    static uint8_t object[WLK_KEY_STATEMENT_SIZE_MAX];
    static struct wlk_keyring ring;
    struct wlk_key_statement statement;
    struct wlk_object_claim was, is;
    struct wlk_secret_key key;
    size_t used = 0;
    if (wlk_key_statement_peek(bytes, size, &statement, NULL) != WLK_OK)
        return;
    wlk_key_from_seed(seed, &key);
    wlk_status status = wlk_key_statement_sign(&statement, &key, object, sizeof object, &used);
    WLK_ASSERT(status == WLK_OK && used == size);
    status = wlk_object_decode(bytes, size, &was, NULL);
    if (status == WLK_OK)
        status = wlk_object_decode(object, used, &is, NULL);
    WLK_ASSERT(status == WLK_OK && was.payload_size == is.payload_size &&
               memcmp(was.payload, is.payload, is.payload_size) == 0);
    status = wlk_key_statement_print(&statement, text, sizeof text);
    WLK_ASSERT(status == WLK_OK);
    memset(&ring, 0, sizeof ring);
    status = wlk_keyring_put(&ring, &statement);
    WLK_ASSERT(status == WLK_OK);
    status = wlk_keyring_put(&ring, &statement);
    WLK_ASSERT(status == WLK_KNOWN);
}

static void try_log(const uint8_t *bytes, size_t size)
{
    static uint8_t frame[WLK_AUDIT_FRAME_MAX];
    struct wlk_audit audit = {0}, copy = {0};
    struct wlk_audit_entry entry;
    size_t offset = 0, start = 0, used = 0;
    while (wlk_audit_next(&audit, bytes, size, &offset, &entry) == WLK_OK) {
        wlk_status status = wlk_audit_append(&copy, &entry, frame, sizeof frame, &used);
        WLK_ASSERT(status == WLK_OK && used == offset - start);
        WLK_ASSERT(memcmp(frame, bytes + start, used) == 0);
        start = offset;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static bool is_ready;
    if (!is_ready) {
        wlk_status status = wlk_seal_init();
        WLK_ASSERT(status == WLK_OK);
        is_ready = true;
    }
    if (size == 0)
        return 0;
    if (bytes[0] == 0xac || bytes[0] == 0xad) {
        try_form(bytes, size);
    } else if (bytes[0] == 0x82 || bytes[0] == 0xd2) {
        try_bundle(bytes, size);
        try_keys(bytes, size);
    } else if (bytes[0] == 0) {
        try_log(bytes, size);
    } else {
        try_text(bytes, size);
    }
    return 0;
}
