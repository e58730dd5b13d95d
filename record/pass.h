/* pass.h -- one schema for both directions: each call reads a field or writes it.
 *
 * A message is described once, as a list of calls in the order of its bytes; walking the list
 * with a reading pass decodes, with a writing pass encodes, and the same bounds hold both ways.
 * Inside record/ only (codec_*.c).
 *
 * WLK_BAD_INPUT  read: the bytes break the format; write: a value is out of its range.
 * WLK_FULL       write: no room.
 * After either the pass is spent: the rule is in reader.rule, the cursor where it broke.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_PASS_H
#define WLK_RECORD_PASS_H

#include "record/cbor.h"
#include "record/header.h"

struct wlk_pass {
    struct wlk_writer *to; /* NULL in a reading pass */
    struct wlk_cbor_reader reader;
};

/* Does this pass write? */
static inline bool wlk_pass_is_writing(const struct wlk_pass *pass)
{
    return pass->to != NULL;
}

/* Notes the broken rule; returns WLK_BAD_INPUT. */
wlk_status wlk_pass_broken(struct wlk_pass *pass, const char *rule);

/* A number in [low, high]. */
wlk_status wlk_pass_uint(struct wlk_pass *pass, uint64_t *value, uint64_t low,
                         uint64_t high) WLK_MUST_USE;
/* A number in [low, high]. */
wlk_status wlk_pass_int(struct wlk_pass *pass, int64_t *value, int64_t low,
                        int64_t high) WLK_MUST_USE;
/* false or true. */
wlk_status wlk_pass_bool(struct wlk_pass *pass, bool *value) WLK_MUST_USE;

/* A time from 1970 on, ns. */
wlk_status wlk_pass_time(struct wlk_pass *pass, int64_t *ns) WLK_MUST_USE;

/* 1..room-1 bytes of clean UTF-8. */
wlk_status wlk_pass_text(struct wlk_pass *pass, char *text, size_t room) WLK_MUST_USE;

/* A byte string of exactly size bytes. */
wlk_status wlk_pass_bytes(struct wlk_pass *pass, uint8_t *bytes, size_t size) WLK_MUST_USE;

/* A name, as wlk_name_parse takes it. */
wlk_status wlk_pass_name(struct wlk_pass *pass, wlk_name *name) WLK_MUST_USE;
/* [arrangement, class, nature, generation] */
wlk_status wlk_pass_lane(struct wlk_pass *pass, struct wlk_lane *lane) WLK_MUST_USE;

/* An array of *count items, low..high of them. */
wlk_status wlk_pass_count(struct wlk_pass *pass, size_t *count, size_t low,
                          size_t high) WLK_MUST_USE;

/* An array of exactly count items. */
wlk_status wlk_pass_array(struct wlk_pass *pass, size_t count) WLK_MUST_USE;

/* count numbers in [-bound, bound] as an array of exactly that many. */
wlk_status wlk_pass_ints(struct wlk_pass *pass, int64_t *value, size_t count,
                         int64_t bound) WLK_MUST_USE;

/* A map. Writing: map->left is the number of entries that will follow. */
wlk_status wlk_pass_map(struct wlk_pass *pass, struct wlk_cbor_map *map) WLK_MUST_USE;
wlk_status wlk_pass_key(struct wlk_pass *pass, struct wlk_cbor_map *map,
                        uint64_t key) WLK_MUST_USE;

/* Writing: writes the key if *has. Reading: *has says whether it was there. */
wlk_status wlk_pass_optional(struct wlk_pass *pass, struct wlk_cbor_map *map, uint64_t key,
                             bool *has) WLK_MUST_USE;
wlk_status wlk_pass_end_map(struct wlk_pass *pass, const struct wlk_cbor_map *map) WLK_MUST_USE;

/* 1..WLK_NATURE_END-1. */
wlk_status wlk_pass_nature(struct wlk_pass *pass, enum wlk_nature *value) WLK_MUST_USE;

/* Defines a static function that passes an enumerated value 1..last. */
#define WLK_PASS_ENUM(function, kind, last)                                                    \
    static wlk_status function(struct wlk_pass *pass, enum kind *value)                        \
    {                                                                                          \
        uint64_t number = (uint64_t)*value;                                                    \
        WLK_TRY(wlk_pass_uint(pass, &number, 1, (last)));                                      \
        *value = (enum kind)number;                                                            \
        return WLK_OK;                                                                         \
    }

#endif
