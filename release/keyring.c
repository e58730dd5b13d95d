/* keyring.c -- key statements, and what they add up to.
 *
 * payload = { 1: party, 2: time ns, 3: [* [bstr key, [+ use], [+ nature], from, until]],
 *             4: [* [bstr key, suspect since]] }; seconds but for 2
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/keyring.h"

#include "base/assert.h"
#include "release/hex.h"
#include "release/sets.h"

#include <stdarg.h>
#include <stdio.h>

static const int64_t SECOND_NS = INT64_C(1000000000);
static const int64_t TIME_NS_MAX = INT64_C(7258118400) * INT64_C(1000000000);

static bool is_second(wlk_utc time)
{
    return time.ns >= 0 && time.ns <= TIME_NS_MAX && time.ns % SECOND_NS == 0;
}

static const char *key_fault(const struct wlk_arrangement_key *key)
{
    if (key->use[0] || key->use[WLK_KEY_ROOT] || key->use[WLK_KEY_NOTICE] ||
        !(key->use[WLK_KEY_RECORD] || key->use[WLK_KEY_RECEIPT]))
        return "a statement adds keys with use record or receipt";
    bool is_exercise = key->nature[WLK_NATURE_EXERCISE] || key->nature[WLK_NATURE_TEST];
    if (key->nature[0] || !(is_exercise || key->nature[WLK_NATURE_REAL]))
        return "a key says which nature it may sign";
    if (is_exercise && key->nature[WLK_NATURE_REAL])
        return "a key for real records signs no other nature";
    if (!is_second(key->not_before) || !is_second(key->not_after) ||
        key->not_before.ns >= key->not_after.ns)
        return "a key's term is whole seconds and ends after it begins";
    return NULL;
}

const char *wlk_key_statement_fault(const struct wlk_key_statement *statement)
{
    const uint8_t *seen[2 * WLK_KEY_STATEMENT_LINES_MAX];
    size_t count = 0;
    if (statement->key_count > WLK_KEY_STATEMENT_LINES_MAX ||
        statement->end_count > WLK_KEY_STATEMENT_LINES_MAX ||
        statement->key_count + statement->end_count == 0)
        return "a statement adds or ends 1-8 keys";
    if (statement->time.ns < 0)
        return "a statement says when it was signed";
    for (size_t i = 0; i < statement->key_count; i++) {
        const char *fault = key_fault(&statement->key[i]);
        if (fault)
            return fault;
        seen[count++] = statement->key[i].public_key.bytes;
    }
    for (size_t i = 0; i < statement->end_count; i++) {
        if (!is_second(statement->end[i].suspect_since))
            return "suspect since is a whole second";
        seen[count++] = statement->end[i].bytes;
    }
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (memcmp(seen[i], seen[k], WLK_PUBLIC_KEY_SIZE) == 0)
                return "a key stands twice";
    return NULL;
}

/* ---- bytes ---- */

static wlk_status write_payload(struct wlk_writer *out, const struct wlk_key_statement *s)
{
    WLK_TRY(wlk_cbor_write_map(out, 4));
    WLK_TRY(wlk_cbor_write_uint(out, 1));
    WLK_TRY(wlk_cbor_write_text(out, s->party.text));
    WLK_TRY(wlk_cbor_write_uint(out, 2));
    WLK_TRY(wlk_cbor_write_int(out, s->time.ns));
    WLK_TRY(wlk_cbor_write_uint(out, 3));
    WLK_TRY(wlk_cbor_write_array(out, s->key_count));
    for (size_t i = 0; i < s->key_count; i++) {
        WLK_TRY(wlk_cbor_write_array(out, 5));
        WLK_TRY(wlk_sets_write_key(out, &s->key[i]));
    }
    WLK_TRY(wlk_cbor_write_uint(out, 4));
    WLK_TRY(wlk_cbor_write_array(out, s->end_count));
    for (size_t i = 0; i < s->end_count; i++) {
        WLK_TRY(wlk_cbor_write_array(out, 2));
        WLK_TRY(wlk_cbor_write_bytes(out, s->end[i].bytes, WLK_PUBLIC_KEY_SIZE));
        WLK_TRY(wlk_sets_write_time(out, s->end[i].suspect_since));
    }
    return WLK_OK;
}

wlk_status wlk_key_statement_sign(const struct wlk_key_statement *statement,
                                  const struct wlk_secret_key *root, uint8_t *bytes,
                                  size_t size, size_t *size_out)
{
    uint8_t payload[WLK_KEY_STATEMENT_SIZE_MAX];
    struct wlk_writer out = {payload, sizeof payload, 0};
    if (wlk_key_statement_fault(statement))
        return WLK_BAD_INPUT;
    WLK_TRY(write_payload(&out, statement));
    struct wlk_object object = {
        .kind = WLK_KEY_STATEMENT_KIND, .payload = payload, .payload_size = out.at};
    return wlk_sign_object(&object, root, bytes, size, size_out);
}

static wlk_status read_lists(struct wlk_cbor_reader *in, struct wlk_cbor_map *map,
                             struct wlk_key_statement *out)
{
    uint64_t count = 0, five = 0;
    WLK_TRY(wlk_cbor_read_key(in, map, 3));
    WLK_TRY(wlk_cbor_read_array(in, 0, WLK_KEY_STATEMENT_LINES_MAX, &count));
    for (; out->key_count < count; out->key_count++) {
        WLK_TRY(wlk_cbor_read_array(in, 5, 5, &five));
        WLK_TRY(wlk_sets_read_key(in, &out->key[out->key_count]));
    }
    WLK_TRY(wlk_cbor_read_key(in, map, 4));
    WLK_TRY(wlk_cbor_read_array(in, 0, WLK_KEY_STATEMENT_LINES_MAX, &count));
    for (; out->end_count < count; out->end_count++) {
        struct wlk_key_end *end = &out->end[out->end_count];
        WLK_TRY(wlk_cbor_read_array(in, 2, 2, &five));
        WLK_TRY(wlk_sets_read_exact(in, end->bytes, sizeof end->bytes));
        WLK_TRY(wlk_sets_read_time(in, &end->suspect_since));
    }
    return WLK_OK;
}

static wlk_status read_payload(struct wlk_cbor_reader *in, struct wlk_key_statement *out)
{
    struct wlk_cbor_map map;
    char name[WLK_NAME_SIZE];
    WLK_TRY(wlk_cbor_read_map(in, 4, 4, &map));
    WLK_TRY(wlk_cbor_read_key(in, &map, 1));
    WLK_TRY(wlk_cbor_read_text(in, name, sizeof name));
    WLK_TRY(wlk_name_parse(name, &out->party));
    WLK_TRY(wlk_cbor_read_key(in, &map, 2));
    WLK_TRY(wlk_cbor_read_int(in, 0, INT64_MAX, &out->time.ns));
    WLK_TRY(read_lists(in, &map, out));
    WLK_TRY(wlk_cbor_end_map(in, &map));
    return wlk_cbor_end(in);
}

static wlk_status read_claim(const uint8_t *bytes, size_t size, struct wlk_object_claim *claim,
                             struct wlk_key_statement *out, struct wlk_fault *fault)
{
    struct wlk_key_statement statement;
    struct wlk_cbor_reader in;
    memset(&statement, 0, sizeof statement);
    WLK_TRY(wlk_object_decode(bytes, size, claim, fault));
    const char *rule = "a key statement names party, time, keys and ends";
    if (!claim->is_detached) {
        wlk_cbor_init(&in, claim->payload, claim->payload_size);
        if (read_payload(&in, &statement) == WLK_OK)
            rule = wlk_key_statement_fault(&statement);
    }
    if (rule) {
        wlk_fault_set(fault, rule, "%zu bytes", size);
        return WLK_BAD_INPUT;
    }
    *out = statement;
    return WLK_OK;
}

wlk_status wlk_key_statement_peek(const uint8_t *bytes, size_t size,
                                  struct wlk_key_statement *out, struct wlk_fault *fault)
{
    struct wlk_object_claim claim;
    return read_claim(bytes, size, &claim, out, fault);
}

wlk_status wlk_key_statement_read(const uint8_t *bytes, size_t size,
                                  const struct wlk_roots *roots,
                                  struct wlk_key_statement *out, struct wlk_fault *fault)
{
    struct wlk_object_claim claim;
    struct wlk_key_statement statement;
    WLK_TRY(read_claim(bytes, size, &claim, &statement, fault));
    for (size_t i = 0; i < roots->count; i++)
        if (wlk_name_equal(roots->root[i].party, statement.party) &&
            wlk_verify_object(WLK_KEY_STATEMENT_KIND, &claim, &roots->root[i].public_key) ==
                WLK_OK) {
            *out = statement;
            return WLK_OK;
        }
    wlk_fault_set(fault, "a key statement is signed by its party's root key", "%s",
                  statement.party.text);
    return WLK_BAD_SIGNATURE;
}

/* ---- text ---- */

struct page {
    char *text;
    size_t size, used;
};

__attribute__((format(printf, 2, 3))) static void add(struct page *page, const char *form, ...)
{
    va_list args;
    va_start(args, form);
    int length = vsnprintf(page->text + page->used, page->size - page->used, form, args);
    va_end(args);
    page->used += length > 0 ? (size_t)length : 0;
    if (page->used >= page->size)
        page->used = page->size - 1;
}

static void add_key(struct page *page, const struct wlk_arrangement_key *key)
{
    char hex[2 * WLK_PUBLIC_KEY_SIZE + 1], from[32], until[32];
    const char *before = " use ";
    wlk_hex_write(key->public_key.bytes, WLK_PUBLIC_KEY_SIZE, hex);
    add(page, "adds key %s", hex);
    for (unsigned u = 1; u < WLK_KEY_USE_END; u++)
        if (key->use[u]) {
            add(page, "%s%s", before, wlk_key_use_word((enum wlk_key_use)u));
            before = ", ";
        }
    before = " nature ";
    for (unsigned n = 1; n < WLK_NATURE_END; n++)
        if (key->nature[n]) {
            add(page, "%s%s", before, wlk_nature_word((enum wlk_nature)n));
            before = " or ";
        }
    wlk_utc_text(key->not_before, 0, from);
    wlk_utc_text(key->not_after, 0, until);
    add(page, " from %s until %s\n", from, until);
}

wlk_status wlk_key_statement_print(const struct wlk_key_statement *statement, char *text,
                                   size_t size)
{
    char aside[WLK_KEY_STATEMENT_TEXT_MAX], hex[2 * WLK_PUBLIC_KEY_SIZE + 1], time[32];
    struct page page = {.text = aside, .size = sizeof aside};
    wlk_utc_text(statement->time, 0, time);
    add(&page, "key statement of %s at %s\n", statement->party.text, time);
    for (size_t i = 0; i < statement->key_count; i++)
        add_key(&page, &statement->key[i]);
    for (size_t i = 0; i < statement->end_count; i++) {
        wlk_hex_write(statement->end[i].bytes, WLK_PUBLIC_KEY_SIZE, hex);
        wlk_utc_text(statement->end[i].suspect_since, 0, time);
        add(&page, "ends key %s for ever, suspect since %s\n", hex, time);
    }
    if (page.used >= size)
        return WLK_FULL;
    memcpy(text, aside, page.used + 1);
    return WLK_OK;
}

/* ---- what they add up to ---- */

static struct wlk_keyring_party *party_of(struct wlk_keyring *ring, wlk_name name)
{
    for (size_t i = 0; i < ring->party_count; i++)
        if (wlk_name_equal(ring->party[i].name, name))
            return &ring->party[i];
    return NULL;
}

static bool has_key(const struct wlk_keyring_party *party,
                    const struct wlk_arrangement_key *key)
{
    for (size_t i = 0; i < party->key_count; i++)
        if (memcmp(&party->key[i], key, sizeof *key) == 0)
            return true;
    return false;
}

/* WLK_KNOWN: ended already, and suspect no later than this. */
static wlk_status put_end(struct wlk_keyring_party *party, const struct wlk_key_end *end)
{
    wlk_digest hash;
    size_t i = 0;
    while (i < party->end_count &&
           memcmp(party->end[i].bytes, end->bytes, sizeof end->bytes) != 0)
        i++;
    if (i == WLK_KEYRING_ENDS_MAX)
        return WLK_FULL;
    if (i < party->end_count && party->end[i].suspect_since.ns <= end->suspect_since.ns)
        return WLK_KNOWN; /* of two times the earlier stands */
    party->end[i] = *end;
    party->end_count += i == party->end_count;
    wlk_sha256(end->bytes, sizeof end->bytes, &hash);
    memcpy(party->end_kid[i], hash.bytes, WLK_KID_SIZE);
    return WLK_OK;
}

wlk_status wlk_keyring_put(struct wlk_keyring *ring, const struct wlk_key_statement *statement)
{
    struct wlk_keyring_party *party = party_of(ring, statement->party);
    struct wlk_keyring_party fresh;
    bool is_new = false;
    if (!party && ring->party_count == WLK_KEYRING_PARTIES_MAX)
        return WLK_FULL;
    if (party) {
        fresh = *party;
    } else {
        memset(&fresh, 0, sizeof fresh);
        fresh.name = statement->party;
    }
    for (size_t i = 0; i < statement->key_count; i++) {
        if (has_key(&fresh, &statement->key[i]))
            continue;
        if (fresh.key_count == WLK_KEYRING_KEYS_MAX)
            return WLK_FULL;
        fresh.key[fresh.key_count++] = statement->key[i];
        is_new = true;
    }
    for (size_t i = 0; i < statement->end_count; i++) {
        wlk_status status = put_end(&fresh, &statement->end[i]);
        if (status == WLK_FULL)
            return status;
        is_new = is_new || status == WLK_OK;
    }
    if (!is_new)
        return WLK_KNOWN;
    *(party ? party : &ring->party[ring->party_count++]) = fresh;
    return WLK_OK;
}

static bool may_sign(const struct wlk_arrangement_key *key,
                     const struct wlk_key_question *question)
{
    return key->use[question->use] && key->nature[question->nature] &&
           key->not_before.ns <= question->time.ns && question->time.ns < key->not_after.ns &&
           memcmp(key->public_key.kid, question->kid, WLK_KID_SIZE) == 0;
}

const struct wlk_public_key *wlk_keyring_find(const struct wlk_keyring *ring,
                                              const struct wlk_arrangement *arrangement,
                                              const struct wlk_key_question *question)
{
    uint8_t index = 0;
    const struct wlk_public_key *listed = wlk_arrangement_key(arrangement, question);
    if (listed || !wlk_arrangement_party(arrangement, question->originator, &index) ||
        (unsigned)question->use >= WLK_KEY_USE_END ||
        (unsigned)question->nature >= WLK_NATURE_END)
        return listed;
    for (size_t i = 0; i < ring->party_count; i++) {
        const struct wlk_keyring_party *party = &ring->party[i];
        if (!wlk_name_equal(party->name, question->originator))
            continue;
        for (size_t k = 0; k < party->key_count; k++)
            if (may_sign(&party->key[k], question))
                return &party->key[k].public_key;
    }
    return NULL;
}

enum wlk_key_doubt wlk_keyring_doubt(const struct wlk_keyring *ring, wlk_name originator,
                                     const uint8_t kid[WLK_KID_SIZE], wlk_utc time)
{
    for (size_t i = 0; i < ring->party_count; i++) {
        const struct wlk_keyring_party *party = &ring->party[i];
        if (!wlk_name_equal(party->name, originator))
            continue;
        for (size_t k = 0; k < party->end_count; k++)
            if (memcmp(party->end_kid[k], kid, WLK_KID_SIZE) == 0)
                return time.ns < party->end[k].suspect_since.ns ? WLK_KEY_ENDED
                                                                : WLK_KEY_SUSPECT;
    }
    return WLK_KEY_GOOD;
}
