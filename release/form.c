/* form.c -- an arrangement as deterministic CBOR: what the parties sign.
 *
 * { 1: form version, 2: name, 3: version, ?4: replaced digest, 5: [parties], 6: [hubs],
 *   7: effective s, 8: until s, 9: purpose, 10: [keys], 11: [pins], 12: [clauses],
 *   13: [requires] }; members in docs/formats/arrangement.md. Numbers of parties, types and
 * groups are those of the struct.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/arrangement.h"

#include "base/assert.h"
#include "release/sets.h"

enum { FORM_VERSION = 1 };

static wlk_status write_names(struct wlk_writer *out, const wlk_name *name, size_t count)
{
    WLK_TRY(wlk_cbor_write_array(out, count));
    for (size_t i = 0; i < count; i++)
        WLK_TRY(wlk_cbor_write_text(out, name[i].text));
    return WLK_OK;
}

static wlk_status read_names(struct wlk_cbor_reader *in, wlk_name *name, size_t most,
                             size_t *count_out)
{
    uint64_t count = 0;
    WLK_TRY(wlk_cbor_read_array(in, 1, most, &count));
    for (uint64_t i = 0; i < count; i++)
        WLK_TRY(wlk_cbor_read_text(in, name[i].text, WLK_NAME_SIZE));
    *count_out = (size_t)count;
    return WLK_OK;
}

static wlk_status write_digest(struct wlk_writer *out, const wlk_digest *digest)
{
    return wlk_cbor_write_bytes(out, digest->bytes, WLK_DIGEST_SIZE);
}

static wlk_status write_key(struct wlk_writer *out, const struct wlk_arrangement_key *key)
{
    WLK_TRY(wlk_cbor_write_array(out, 6));
    WLK_TRY(wlk_cbor_write_uint(out, key->owner));
    return wlk_sets_write_key(out, key);
}

static wlk_status read_key(struct wlk_cbor_reader *in, struct wlk_arrangement_key *key)
{
    uint64_t count = 0, owner = 0;
    WLK_TRY(wlk_cbor_read_array(in, 6, 6, &count));
    WLK_TRY(wlk_cbor_read_uint(in, 0, WLK_OWNERS_MAX - 1, &owner));
    key->owner = (uint8_t)owner;
    return wlk_sets_read_key(in, key);
}

static wlk_status write_pin(struct wlk_writer *out, const struct wlk_arrangement_pin *pin)
{
    WLK_TRY(wlk_cbor_write_array(out, 2));
    WLK_TRY(wlk_cbor_write_uint(out, pin->owner));
    return write_digest(out, &pin->key_hash);
}

static wlk_status read_pin(struct wlk_cbor_reader *in, struct wlk_arrangement_pin *pin)
{
    uint64_t count = 0, owner = 0;
    WLK_TRY(wlk_cbor_read_array(in, 2, 2, &count));
    WLK_TRY(wlk_cbor_read_uint(in, 0, WLK_OWNERS_MAX - 1, &owner));
    pin->owner = (uint8_t)owner;
    return wlk_sets_read_exact(in, pin->key_hash.bytes, WLK_DIGEST_SIZE);
}

/* Keys 6 to 14 of a clause: each there only when it says something. */
static uint64_t entries(const struct wlk_clause *c)
{
    return 5u + c->has_region + c->has_nature + c->needs_event + (c->class_most != 0) +
           (c->exercise != 0) + c->has_caveat + c->has_group + (c->age_most_s != 0) +
           (c->rate_most_per_s != 0);
}

static wlk_status write_number_if(struct wlk_writer *out, uint64_t key, uint64_t value)
{
    if (!value)
        return WLK_OK;
    WLK_TRY(wlk_cbor_write_uint(out, key));
    return wlk_cbor_write_uint(out, value);
}

static wlk_status write_set_if(struct wlk_writer *out, uint64_t key, const uint8_t *set,
                               unsigned count)
{
    bool is_any = false;
    for (unsigned i = 0; i < count; i++)
        is_any = is_any || set[i];
    if (!is_any)
        return WLK_OK;
    WLK_TRY(wlk_cbor_write_uint(out, key));
    return wlk_sets_write(out, set, count);
}

/* Exercise id and caveats stand as texts, so that a clause can be read alone. */
static wlk_status write_labels(struct wlk_writer *out, const struct wlk_arrangement *a,
                               const struct wlk_clause *c)
{
    uint64_t count = 0;
    if (c->exercise) {
        WLK_TRY(wlk_cbor_write_uint(out, 10));
        WLK_TRY(wlk_cbor_write_text(out, a->exercise[c->exercise - 1]));
    }
    for (size_t i = 0; i < a->caveat_count; i++)
        count += c->caveat[i];
    if (!count)
        return WLK_OK;
    WLK_TRY(wlk_cbor_write_uint(out, 11));
    WLK_TRY(wlk_cbor_write_array(out, count));
    for (size_t i = 0; i < a->caveat_count; i++)
        if (c->caveat[i])
            WLK_TRY(wlk_cbor_write_text(out, a->caveat[i]));
    return WLK_OK;
}

static wlk_status write_clause(struct wlk_writer *out, const struct wlk_arrangement *a,
                               const struct wlk_clause *c)
{
    WLK_TRY(wlk_cbor_write_map(out, entries(c)));
    WLK_TRY(wlk_cbor_write_uint(out, 1));
    WLK_TRY(wlk_cbor_write_text(out, c->name));
    WLK_TRY(wlk_cbor_write_uint(out, 2));
    WLK_TRY(wlk_cbor_write_uint(out, c->is_forbid ? 2 : 1));
    WLK_TRY(write_set_if(out, 3, c->type, WLK_TYPE_END));
    WLK_TRY(write_set_if(out, 4, c->from, WLK_PARTIES_MAX));
    WLK_TRY(write_set_if(out, 5, c->to, WLK_PARTIES_MAX));
    WLK_TRY(write_set_if(out, 6, c->region, WLK_REGION_END));
    WLK_TRY(write_set_if(out, 7, c->nature, WLK_NATURE_END));
    WLK_TRY(write_number_if(out, 8, c->needs_event));
    WLK_TRY(write_number_if(out, 9, c->class_most));
    WLK_TRY(write_labels(out, a, c));
    WLK_TRY(write_set_if(out, 12, c->group, WLK_GROUP_END));
    WLK_TRY(write_number_if(out, 13, c->age_most_s));
    return write_number_if(out, 14, c->rate_most_per_s);
}

/* Index of a label in a table, entered if it is new: so the tables come out by first use. */
static wlk_status read_label(struct wlk_cbor_reader *in, char table[][WLK_TEXT_SIZE],
                             size_t *count, uint8_t *index_out)
{
    char text[WLK_TEXT_SIZE];
    size_t i = 0;
    WLK_TRY(wlk_cbor_read_text(in, text, sizeof text));
    while (i < *count && strcmp(table[i], text) != 0)
        i++;
    if (i == WLK_ARRANGEMENT_WORDS_MAX) {
        in->rule = "too many different exercise ids or caveats";
        return WLK_BAD_INPUT;
    }
    if (i == *count) {
        memcpy(table[i], text, sizeof text);
        (*count)++;
    }
    *index_out = (uint8_t)i;
    return WLK_OK;
}

/* Caveats stand in the order of the table, none twice. */
static wlk_status read_caveats(struct wlk_cbor_reader *in, struct wlk_arrangement *a,
                               struct wlk_clause *c)
{
    uint64_t count = 0;
    int last = -1;
    WLK_TRY(wlk_cbor_read_array(in, 1, WLK_CAVEATS_MAX, &count));
    for (uint64_t i = 0; i < count; i++) {
        uint8_t index = 0;
        WLK_TRY(read_label(in, a->caveat, &a->caveat_count, &index));
        if (index <= last) {
            in->rule = "caveats in the order of their first use, none twice";
            return WLK_BAD_INPUT;
        }
        last = index;
        c->caveat[index] = 1;
    }
    c->has_caveat = 1;
    return WLK_OK;
}

static wlk_status read_number_if(struct wlk_cbor_reader *in, struct wlk_cbor_map *map,
                                 uint64_t key, uint32_t *out)
{
    uint64_t value = 0;
    if (!wlk_cbor_has_key(in, map, key))
        return WLK_OK;
    WLK_TRY(wlk_cbor_read_uint(in, 1, UINT32_MAX, &value));
    *out = (uint32_t)value;
    return WLK_OK;
}

static wlk_status read_conditions(struct wlk_cbor_reader *in, struct wlk_cbor_map *map,
                                  struct wlk_arrangement *a, struct wlk_clause *c)
{
    uint32_t needs_event = 0, class_most = 0;
    if (wlk_cbor_has_key(in, map, 6)) {
        c->has_region = 1;
        WLK_TRY(wlk_sets_read(in, 1, c->region, WLK_REGION_END));
    }
    if (wlk_cbor_has_key(in, map, 7)) {
        c->has_nature = 1;
        WLK_TRY(wlk_sets_read(in, 1, c->nature, WLK_NATURE_END));
    }
    WLK_TRY(read_number_if(in, map, 8, &needs_event));
    WLK_TRY(read_number_if(in, map, 9, &class_most));
    if (needs_event > 1 || class_most >= WLK_CLASSIFICATION_END) {
        in->rule = "a limit is out of range";
        return WLK_BAD_INPUT;
    }
    c->needs_event = (uint8_t)needs_event;
    c->class_most = (uint8_t)class_most;
    if (wlk_cbor_has_key(in, map, 10)) {
        uint8_t index = 0;
        WLK_TRY(read_label(in, a->exercise, &a->exercise_count, &index));
        c->exercise = (uint8_t)(index + 1);
    }
    if (wlk_cbor_has_key(in, map, 11))
        WLK_TRY(read_caveats(in, a, c));
    return WLK_OK;
}

static wlk_status read_clause(struct wlk_cbor_reader *in, struct wlk_arrangement *a,
                              struct wlk_clause *c)
{
    struct wlk_cbor_map map;
    uint64_t kind = 0;
    WLK_TRY(wlk_cbor_read_map(in, 5, 14, &map));
    WLK_TRY(wlk_cbor_read_key(in, &map, 1));
    WLK_TRY(wlk_cbor_read_text(in, c->name, WLK_NAME_SIZE));
    WLK_TRY(wlk_cbor_read_key(in, &map, 2));
    WLK_TRY(wlk_cbor_read_uint(in, 1, 2, &kind));
    c->is_forbid = kind == 2;
    WLK_TRY(wlk_cbor_read_key(in, &map, 3));
    WLK_TRY(wlk_sets_read(in, 1, c->type, WLK_TYPE_END));
    WLK_TRY(wlk_cbor_read_key(in, &map, 4));
    WLK_TRY(wlk_sets_read(in, 1, c->from, WLK_PARTIES_MAX));
    WLK_TRY(wlk_cbor_read_key(in, &map, 5));
    WLK_TRY(wlk_sets_read(in, 1, c->to, WLK_PARTIES_MAX));
    WLK_TRY(read_conditions(in, &map, a, c));
    if (wlk_cbor_has_key(in, &map, 12)) {
        c->has_group = 1;
        WLK_TRY(wlk_sets_read(in, 1, c->group, WLK_GROUP_END));
    }
    WLK_TRY(read_number_if(in, &map, 13, &c->age_most_s));
    WLK_TRY(read_number_if(in, &map, 14, &c->rate_most_per_s));
    return wlk_cbor_end_map(in, &map);
}

static wlk_status write_require(struct wlk_writer *out, const struct wlk_require *require)
{
    WLK_TRY(wlk_cbor_write_array(out, 5));
    WLK_TRY(wlk_cbor_write_text(out, require->name));
    WLK_TRY(wlk_cbor_write_uint(out, require->type));
    WLK_TRY(wlk_cbor_write_uint(out, require->group));
    WLK_TRY(wlk_cbor_write_uint(out, require->from));
    return wlk_cbor_write_uint(out, require->to);
}

static wlk_status read_require(struct wlk_cbor_reader *in, struct wlk_require *require)
{
    uint64_t count = 0, number[4] = {0};
    static const uint64_t most[4] = {WLK_TYPE_END - 1, WLK_GROUP_END - 1, WLK_PARTIES_MAX - 1,
                                     WLK_PARTIES_MAX - 1};
    WLK_TRY(wlk_cbor_read_array(in, 5, 5, &count));
    WLK_TRY(wlk_cbor_read_text(in, require->name, WLK_NAME_SIZE));
    for (int i = 0; i < 4; i++)
        WLK_TRY(wlk_cbor_read_uint(in, i < 2, most[i], &number[i]));
    require->type = (enum wlk_type)number[0];
    require->group = (enum wlk_group)number[1];
    require->from = (uint8_t)number[2];
    require->to = (uint8_t)number[3];
    return WLK_OK;
}

static wlk_status write_head(struct wlk_writer *out, const struct wlk_arrangement *a)
{
    WLK_TRY(wlk_cbor_write_map(out, 12u + a->has_replaces));
    WLK_TRY(wlk_cbor_write_uint(out, 1));
    WLK_TRY(wlk_cbor_write_uint(out, FORM_VERSION));
    WLK_TRY(wlk_cbor_write_uint(out, 2));
    WLK_TRY(wlk_cbor_write_text(out, a->name.text));
    WLK_TRY(wlk_cbor_write_uint(out, 3));
    WLK_TRY(wlk_cbor_write_uint(out, a->version));
    if (a->has_replaces) {
        WLK_TRY(wlk_cbor_write_uint(out, 4));
        WLK_TRY(write_digest(out, &a->replaces));
    }
    WLK_TRY(wlk_cbor_write_uint(out, 5));
    WLK_TRY(write_names(out, a->party, a->party_count));
    WLK_TRY(wlk_cbor_write_uint(out, 6));
    WLK_TRY(write_names(out, a->hub, a->hub_count));
    WLK_TRY(wlk_cbor_write_uint(out, 7));
    WLK_TRY(wlk_sets_write_time(out, a->effective));
    WLK_TRY(wlk_cbor_write_uint(out, 8));
    WLK_TRY(wlk_sets_write_time(out, a->until));
    WLK_TRY(wlk_cbor_write_uint(out, 9));
    return wlk_cbor_write_text(out, a->purpose);
}

static wlk_status write_all(struct wlk_writer *out, const struct wlk_arrangement *a)
{
    WLK_TRY(write_head(out, a));
    WLK_TRY(wlk_cbor_write_uint(out, 10));
    WLK_TRY(wlk_cbor_write_array(out, a->key_count));
    for (size_t i = 0; i < a->key_count; i++)
        WLK_TRY(write_key(out, &a->key[i]));
    WLK_TRY(wlk_cbor_write_uint(out, 11));
    WLK_TRY(wlk_cbor_write_array(out, a->pin_count));
    for (size_t i = 0; i < a->pin_count; i++)
        WLK_TRY(write_pin(out, &a->pin[i]));
    WLK_TRY(wlk_cbor_write_uint(out, 12));
    WLK_TRY(wlk_cbor_write_array(out, a->clause_count));
    for (size_t i = 0; i < a->clause_count; i++)
        WLK_TRY(write_clause(out, a, &a->clause[i]));
    WLK_TRY(wlk_cbor_write_uint(out, 13));
    WLK_TRY(wlk_cbor_write_array(out, a->require_count));
    for (size_t i = 0; i < a->require_count; i++)
        WLK_TRY(write_require(out, &a->require[i]));
    return WLK_OK;
}

wlk_status wlk_arrangement_encode(const struct wlk_arrangement *arrangement, uint8_t *bytes,
                                  size_t size, size_t *size_out)
{
    uint8_t aside[WLK_ARRANGEMENT_SIZE_MAX];
    struct wlk_writer out = {aside, sizeof aside, 0};
    WLK_TRY(write_all(&out, arrangement));
    if (out.at > size)
        return WLK_FULL;
    memcpy(bytes, aside, out.at);
    *size_out = out.at;
    return WLK_OK;
}

wlk_digest wlk_arrangement_digest(const struct wlk_arrangement *arrangement)
{
    uint8_t bytes[WLK_ARRANGEMENT_SIZE_MAX];
    wlk_digest digest = {{0}};
    size_t size = 0;
    if (wlk_arrangement_encode(arrangement, bytes, sizeof bytes, &size) == WLK_OK)
        wlk_sha256(bytes, size, &digest);
    return digest;
}

static wlk_status read_head(struct wlk_cbor_reader *in, struct wlk_cbor_map *map,
                            struct wlk_arrangement *a)
{
    uint64_t form = 0;
    WLK_TRY(wlk_cbor_read_map(in, 12, 13, map));
    WLK_TRY(wlk_cbor_read_key(in, map, 1));
    WLK_TRY(wlk_cbor_read_uint(in, FORM_VERSION, FORM_VERSION, &form));
    WLK_TRY(wlk_cbor_read_key(in, map, 2));
    WLK_TRY(wlk_cbor_read_text(in, a->name.text, WLK_NAME_SIZE));
    WLK_TRY(wlk_cbor_read_key(in, map, 3));
    WLK_TRY(wlk_cbor_read_uint(in, 1, INT32_MAX, &a->version));
    if (wlk_cbor_has_key(in, map, 4)) {
        a->has_replaces = 1;
        WLK_TRY(wlk_sets_read_exact(in, a->replaces.bytes, WLK_DIGEST_SIZE));
    }
    WLK_TRY(wlk_cbor_read_key(in, map, 5));
    WLK_TRY(read_names(in, a->party, WLK_PARTIES_MAX, &a->party_count));
    WLK_TRY(wlk_cbor_read_key(in, map, 6));
    WLK_TRY(read_names(in, a->hub, WLK_HUBS_MAX, &a->hub_count));
    WLK_TRY(wlk_cbor_read_key(in, map, 7));
    WLK_TRY(wlk_sets_read_time(in, &a->effective));
    WLK_TRY(wlk_cbor_read_key(in, map, 8));
    WLK_TRY(wlk_sets_read_time(in, &a->until));
    WLK_TRY(wlk_cbor_read_key(in, map, 9));
    return wlk_cbor_read_text(in, a->purpose, sizeof a->purpose);
}

static wlk_status read_all(struct wlk_cbor_reader *in, struct wlk_arrangement *a)
{
    struct wlk_cbor_map map;
    uint64_t count = 0;
    WLK_TRY(read_head(in, &map, a));
    WLK_TRY(wlk_cbor_read_key(in, &map, 10));
    WLK_TRY(wlk_cbor_read_array(in, 0, WLK_ARRANGEMENT_KEYS_MAX, &count));
    for (; a->key_count < count; a->key_count++)
        WLK_TRY(read_key(in, &a->key[a->key_count]));
    WLK_TRY(wlk_cbor_read_key(in, &map, 11));
    WLK_TRY(wlk_cbor_read_array(in, 0, WLK_ARRANGEMENT_PINS_MAX, &count));
    for (; a->pin_count < count; a->pin_count++)
        WLK_TRY(read_pin(in, &a->pin[a->pin_count]));
    WLK_TRY(wlk_cbor_read_key(in, &map, 12));
    WLK_TRY(wlk_cbor_read_array(in, 0, WLK_ARRANGEMENT_CLAUSES_MAX, &count));
    for (; a->clause_count < count; a->clause_count++)
        WLK_TRY(read_clause(in, a, &a->clause[a->clause_count]));
    WLK_TRY(wlk_cbor_read_key(in, &map, 13));
    WLK_TRY(wlk_cbor_read_array(in, 0, WLK_ARRANGEMENT_REQUIRES_MAX, &count));
    for (; a->require_count < count; a->require_count++)
        WLK_TRY(read_require(in, &a->require[a->require_count]));
    WLK_TRY(wlk_cbor_end_map(in, &map));
    return wlk_cbor_end(in);
}

wlk_status wlk_arrangement_decode(const uint8_t *bytes, size_t size,
                                  struct wlk_arrangement *out, struct wlk_fault *fault)
{
    struct wlk_arrangement arrangement;
    struct wlk_cbor_reader in;
    memset(&arrangement, 0, sizeof arrangement);
    wlk_cbor_init(&in, bytes, size);
    if (size > WLK_ARRANGEMENT_SIZE_MAX || read_all(&in, &arrangement) != WLK_OK) {
        wlk_fault_set(fault, in.rule ? in.rule : "arrangement form", "at byte %zu", in.from.at);
        if (fault)
            fault->offset = in.from.at;
        return WLK_BAD_INPUT;
    }
    const char *rule = wlk_arrangement_fault(&arrangement);
    if (rule) {
        wlk_fault_set(fault, rule, "%s", arrangement.name.text);
        return WLK_BAD_INPUT;
    }
    *out = arrangement;
    return WLK_OK;
}
