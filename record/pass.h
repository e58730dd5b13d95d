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

/* What the prover is told of a reading pass: it stands within its bytes, and these lie apart
 * from it and from what is filled. Writing is held by tests (proofs/README.md). */
/*@ predicate pass_reads(struct wlk_pass *p) =
      \valid(p) && p->to == \null && reader_holds(&p->reader.from) &&
      \separated(p, p->reader.from.bytes + (0 .. p->reader.from.size - 1));
    predicate pass_went{A,B}(struct wlk_pass *p) =
      \at(p->reader.from.at, A) < \at(p->reader.from.at, B) <= \at(p->reader.from.size, B);
    predicate pass_moved{A,B}(struct wlk_pass *p) =
      \at(p->reader.from.at, A) <= \at(p->reader.from.at, B) <= \at(p->reader.from.size, B);
*/

/* Does this pass write? */
/*@ requires \valid_read(pass); assigns \nothing; ensures \result <==> pass->to != \null; */
static inline bool wlk_pass_is_writing(const struct wlk_pass *pass)
{
    return pass->to != NULL;
}

/* Notes the broken rule; returns WLK_BAD_INPUT. */
/*@ requires \valid(pass); assigns pass->reader.rule; ensures \result == WLK_BAD_INPUT; */
wlk_status wlk_pass_broken(struct wlk_pass *pass, const char *rule);

/* A number in [low, high]. */
/*@ requires pass_reads(pass) && \valid(value) &&
             \separated(value, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *value, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass) && low <= *value <= high; */
wlk_status wlk_pass_uint(struct wlk_pass *pass, uint64_t *value, uint64_t low,
                         uint64_t high) WLK_MUST_USE;
/* A number in [low, high]. */
/*@ requires pass_reads(pass) && \valid(value) &&
             \separated(value, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *value, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass) && low <= *value <= high; */
wlk_status wlk_pass_int(struct wlk_pass *pass, int64_t *value, int64_t low,
                        int64_t high) WLK_MUST_USE;
/* false or true. */
/*@ requires pass_reads(pass) && \valid(value) &&
             \separated(value, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *value, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
wlk_status wlk_pass_bool(struct wlk_pass *pass, bool *value) WLK_MUST_USE;

/* A time from 1970 on, ns. */
/*@ requires pass_reads(pass) && \valid(ns) &&
             \separated(ns, pass, pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *ns, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass) && 0 <= *ns; */
wlk_status wlk_pass_time(struct wlk_pass *pass, int64_t *ns) WLK_MUST_USE;

/* 1..room-1 bytes of clean UTF-8. */
/*@ requires pass_reads(pass) && 1 < room && \valid(text + (0 .. room - 1)) &&
             \separated(text + (0 .. room - 1), pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns text[0 .. room - 1], pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass) && text[room - 1] == 0; */
wlk_status wlk_pass_text(struct wlk_pass *pass, char *text, size_t room) WLK_MUST_USE;

/* A byte string of exactly size bytes. */
/*@ requires pass_reads(pass) && \valid(bytes + (0 .. size - 1)) &&
             \separated(bytes + (0 .. size - 1), pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns bytes[0 .. size - 1], pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
wlk_status wlk_pass_bytes(struct wlk_pass *pass, uint8_t *bytes, size_t size) WLK_MUST_USE;

/* A name, as wlk_name_parse takes it. */
/*@ requires pass_reads(pass) && \valid(name) &&
             \separated(name, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *name, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
wlk_status wlk_pass_name(struct wlk_pass *pass, wlk_name *name) WLK_MUST_USE;
/* [arrangement, class, nature, generation] */
/*@ requires pass_reads(pass) && \valid(lane) &&
             \separated(lane, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *lane, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
wlk_status wlk_pass_lane(struct wlk_pass *pass, struct wlk_lane *lane) WLK_MUST_USE;

/* An array of *count items, low..high of them. */
/*@ requires pass_reads(pass) && \valid(count) &&
             \separated(count, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *count, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass) && low <= *count <= high; */
wlk_status wlk_pass_count(struct wlk_pass *pass, size_t *count, size_t low,
                          size_t high) WLK_MUST_USE;

/* An array of exactly count items. */
/*@ requires pass_reads(pass);
    assigns pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
wlk_status wlk_pass_array(struct wlk_pass *pass, size_t count) WLK_MUST_USE;

/* count numbers in [-bound, bound] as an array of exactly that many. */
/*@ requires pass_reads(pass) && 0 <= bound && \valid(value + (0 .. count - 1)) &&
             \separated(value + (0 .. count - 1), pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns value[0 .. count - 1], pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
wlk_status wlk_pass_ints(struct wlk_pass *pass, int64_t *value, size_t count,
                         int64_t bound) WLK_MUST_USE;

/* A map. Writing: map->left is the number of entries that will follow. */
/*@ requires pass_reads(pass) && \valid(map) &&
             \separated(map, pass, pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *map, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass) &&
            map->left <= WLK_RECORD_ITEMS_MAX; */
wlk_status wlk_pass_map(struct wlk_pass *pass, struct wlk_cbor_map *map) WLK_MUST_USE;
/*@ requires pass_reads(pass) && \valid(map) &&
             \separated(map, pass, pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns map->left, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass) &&
            map->left == \old(map->left) - 1; */
wlk_status wlk_pass_key(struct wlk_pass *pass, struct wlk_cbor_map *map,
                        uint64_t key) WLK_MUST_USE;

/* Writing: writes the key if *has. Reading: *has says whether it was there. */
/*@ requires pass_reads(pass) && \valid(map) && \valid(has) &&
             \separated(map, has, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns map->left, *has, pass->reader.from.at, pass->reader.rule;
    ensures \result == WLK_OK && pass_moved{Pre,Post}(pass);
    ensures *has ==> pass_went{Pre,Post}(pass); */
wlk_status wlk_pass_optional(struct wlk_pass *pass, struct wlk_cbor_map *map, uint64_t key,
                             bool *has) WLK_MUST_USE;
/*@ requires pass_reads(pass) && \valid_read(map) && \separated(map, pass);
    assigns pass->reader.rule; ensures cbor_judged(\result);
    ensures \result == WLK_OK <==> map->left == 0; */
wlk_status wlk_pass_end_map(struct wlk_pass *pass, const struct wlk_cbor_map *map) WLK_MUST_USE;

/* 1..WLK_NATURE_END-1. */
/*@ requires pass_reads(pass) && \valid(value) &&
             \separated(value, pass,
                        pass->reader.from.bytes + (0 .. pass->reader.from.size - 1));
    assigns *value, pass->reader.from.at, pass->reader.rule;
    ensures cbor_judged(\result) && pass_moved{Pre,Post}(pass);
    ensures \result == WLK_OK ==> pass_went{Pre,Post}(pass); */
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
