/* cbor.h -- deterministic CBOR with exactly one encoding of each value (RFC 8949 4.2.1).
 *
 * Definite lengths, shortest forms, map keys ascending by bytes and none twice, text checked
 * UTF-8, no floats, no simple value but false, true, null, no tag but 18 where it is asked for.
 * Read by record/codec and by whoever signs objects (release/). No recursion, no floating
 * point, loops bounded, no allocation: kept fit for proof.
 *
 * Contract of every read: WLK_OK moves the cursor behind the item; WLK_BAD_INPUT moves nothing,
 * writes no output and leaves the broken rule (a constant string) in reader->rule.
 * Contract of every write: WLK_OK appends; WLK_FULL appends nothing.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_CBOR_H
#define WLK_RECORD_CBOR_H

#include "base/bytes.h"

#include <stdbool.h>

/* Major types and the few values that are used [RFC 8949 3.1, 3.3; RFC 9052 2]. */
enum {
    WLK_CBOR_UINT = 0,
    WLK_CBOR_NEGATIVE = 1,
    WLK_CBOR_BYTES = 2,
    WLK_CBOR_TEXT = 3,
    WLK_CBOR_ARRAY = 4,
    WLK_CBOR_MAP = 5,
    WLK_CBOR_TAG = 6,
    WLK_CBOR_SIMPLE = 7
};
enum { WLK_CBOR_FALSE = 20, WLK_CBOR_TRUE = 21, WLK_CBOR_NULL = 22, WLK_CBOR_COSE_SIGN1 = 18 };

/* First byte of an item and its argument. */
struct wlk_cbor_head {
    unsigned major;
    uint64_t value;
    size_t size; /* bytes of the head itself */
};

struct wlk_cbor_reader {
    struct wlk_reader from;
    const char *rule; /* set with WLK_BAD_INPUT */
};

/* One open map while its entries are read in the order of their keys. */
struct wlk_cbor_map {
    uint64_t left; /* entries not read yet */
};

/* What the prover is told (proofs/README.md): a reader stands within its bytes; a head is in
 * its shortest form; an output lies apart from both; a step forward is of at least one byte. */
/*@ predicate cbor_holds(struct wlk_cbor_reader *r) =
      \valid(r) && reader_holds(&r->from) &&
      \separated(r, r->from.bytes + (0 .. r->from.size - 1));
    predicate cbor_shortest(struct wlk_cbor_head *h) =
      (h->size == 1 && h->value < 24) || (h->size == 2 && 24 <= h->value) ||
      (h->size == 3 && 256 <= h->value) || (h->size == 5 && 65536 <= h->value) ||
      (h->size == 9 && 4294967296 <= h->value);
    predicate cbor_went{A,B}(struct wlk_cbor_reader *r) =
      \at(r->from.at, A) < \at(r->from.at, B) <= \at(r->from.size, B);
    predicate cbor_stayed{A,B}(struct wlk_cbor_reader *r) =
      \at(r->from.at, A) == \at(r->from.at, B);
    predicate cbor_judged(wlk_status s) = s == WLK_OK || s == WLK_BAD_INPUT;
    predicate cbor_writes(struct wlk_writer *w) =
      \valid(w) && writer_holds(w) && \separated(w, w->bytes + (0 .. w->size - 1));
    predicate cbor_wrote{A,B}(struct wlk_writer *w, wlk_status s, integer least, integer most) =
      (s == WLK_OK && \at(w->at, A) + least <= \at(w->at, B) <= \at(w->at, A) + most &&
       \at(w->at, B) <= \at(w->size, B)) ||
      (s == WLK_FULL && \at(w->at, A) == \at(w->at, B));
*/

/* Starts reading size bytes, which must stay alive. */
/*@ requires \valid(reader) && \valid_read(bytes + (0 .. size - 1)) &&
             \separated(reader, bytes + (0 .. size - 1));
    assigns *reader; ensures cbor_holds(reader) && reader->from.bytes == bytes &&
            reader->from.size == size && reader->from.at == 0; */
void wlk_cbor_init(struct wlk_cbor_reader *reader, const uint8_t *bytes, size_t size);

/* Looks at the head of the next item; nothing moves even on WLK_OK. */
/*@ requires cbor_holds(reader) && \valid(out) &&
             \separated(out, reader, reader->from.bytes + (0 .. reader->from.size - 1));
    assigns *out, reader->rule; ensures \result == WLK_OK || \result == WLK_BAD_INPUT;
    ensures \result == WLK_OK ==> cbor_shortest(out) && out->major < 8 &&
            out->size <= reader->from.size - reader->from.at;
    ensures \result != WLK_OK ==> *out == \old(*out); */
wlk_status wlk_cbor_peek(struct wlk_cbor_reader *reader,
                         struct wlk_cbor_head *out) WLK_MUST_USE;

/* An unsigned number in [low, high]. */
/*@ requires cbor_holds(reader) && \valid(out) &&
             \separated(out, reader, reader->from.bytes + (0 .. reader->from.size - 1));
    assigns *out, reader->from.at, reader->rule;
    ensures cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(reader) && low <= *out <= high;
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(reader) && *out == \old(*out); */
wlk_status wlk_cbor_read_uint(struct wlk_cbor_reader *reader, uint64_t low, uint64_t high,
                              uint64_t *out) WLK_MUST_USE;

/* A number in [low, high]; every int64_t can be written and read. */
/*@ requires cbor_holds(reader) && \valid(out) &&
             \separated(out, reader, reader->from.bytes + (0 .. reader->from.size - 1));
    assigns *out, reader->from.at, reader->rule;
    ensures cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(reader) && low <= *out <= high;
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(reader) && *out == \old(*out); */
wlk_status wlk_cbor_read_int(struct wlk_cbor_reader *reader, int64_t low, int64_t high,
                             int64_t *out) WLK_MUST_USE;

/* Exactly false or true. */
/*@ requires cbor_holds(reader) && \valid(out) &&
             \separated(out, reader, reader->from.bytes + (0 .. reader->from.size - 1));
    assigns *out, reader->from.at, reader->rule;
    ensures cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(reader);
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(reader) && *out == \old(*out); */
wlk_status wlk_cbor_read_bool(struct wlk_cbor_reader *reader, bool *out) WLK_MUST_USE;

/* Exactly null. */
/*@ requires cbor_holds(reader);
    assigns reader->from.at, reader->rule;
    ensures cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(reader);
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(reader); */
wlk_status wlk_cbor_read_null(struct wlk_cbor_reader *reader) WLK_MUST_USE;

/* A byte string of low..high bytes: *out points into the reader's bytes. */
/*@ requires cbor_holds(reader) && \valid(out) && \valid(size) &&
             \separated(out, size, reader, reader->from.bytes + (0 .. reader->from.size - 1));
    assigns *out, *size, reader->from.at, reader->rule;
    ensures cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(reader) && low <= *size <= high &&
            *out == reader->from.bytes + (reader->from.at - *size) &&
            \old(reader->from.at) + *size < reader->from.at;
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(reader) && *out == \old(*out) &&
            *size == \old(*size); */
wlk_status wlk_cbor_read_bytes(struct wlk_cbor_reader *reader, size_t low, size_t high,
                               const uint8_t **out, size_t *size) WLK_MUST_USE;

/* A text of 1..room-1 bytes of UTF-8 without control characters (C0, DEL, C1), copied with a
 * NUL behind it and zeros to the end of text. */
/*@ requires cbor_holds(reader) && 1 < room && \valid(text + (0 .. room - 1)) &&
             \separated(text + (0 .. room - 1), reader,
                        reader->from.bytes + (0 .. reader->from.size - 1));
    assigns text[0 .. room - 1], reader->from.at, reader->rule;
    ensures cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(reader) && text[room - 1] == 0;
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(reader) &&
            \forall integer i; 0 <= i < room ==> text[i] == \old(text[i]); */
wlk_status wlk_cbor_read_text(struct wlk_cbor_reader *reader, char *text,
                              size_t room) WLK_MUST_USE;

/* The head of an array of low..high items, which follow. */
/*@ requires cbor_holds(reader) && \valid(count) &&
             \separated(count, reader, reader->from.bytes + (0 .. reader->from.size - 1));
    assigns *count, reader->from.at, reader->rule;
    ensures cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(reader) && low <= *count <= high;
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(reader) && *count == \old(*count); */
wlk_status wlk_cbor_read_array(struct wlk_cbor_reader *reader, uint64_t low, uint64_t high,
                               uint64_t *count) WLK_MUST_USE;

/* Exactly tag 18 (COSE_Sign1). */
/*@ requires cbor_holds(reader);
    assigns reader->from.at, reader->rule;
    ensures cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(reader);
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(reader); */
wlk_status wlk_cbor_read_tag18(struct wlk_cbor_reader *reader) WLK_MUST_USE;

/* The head of a map of low..high entries with unsigned keys. */
/*@ requires cbor_holds(reader) && \valid(out) &&
             \separated(out, reader, reader->from.bytes + (0 .. reader->from.size - 1));
    assigns *out, reader->from.at, reader->rule;
    ensures cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(reader) && low <= out->left <= high;
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(reader) && *out == \old(*out); */
wlk_status wlk_cbor_read_map(struct wlk_cbor_reader *reader, uint64_t low, uint64_t high,
                             struct wlk_cbor_map *out) WLK_MUST_USE;

/* Passes over the key if it is next in the map; else nothing moves and false (reader->rule may
 * say anything then). Asking for keys in ascending order, and wlk_cbor_end_map behind, leaves
 * exactly one accepted order. */
/*@ requires cbor_holds(reader) && \valid(map) &&
             \separated(map, reader, reader->from.bytes + (0 .. reader->from.size - 1));
    assigns map->left, reader->from.at, reader->rule;
    ensures \result ==> cbor_went{Pre,Post}(reader) && map->left == \old(map->left) - 1 &&
            0 < \old(map->left);
    ensures !\result ==> cbor_stayed{Pre,Post}(reader) && map->left == \old(map->left); */
bool wlk_cbor_has_key(struct wlk_cbor_reader *reader, struct wlk_cbor_map *map, uint64_t key);

/* As above where the key must be there. */
/*@ requires cbor_holds(reader) && \valid(map) &&
             \separated(map, reader, reader->from.bytes + (0 .. reader->from.size - 1));
    assigns map->left, reader->from.at, reader->rule;
    ensures cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(reader) &&
            map->left == \old(map->left) - 1 && 0 < \old(map->left);
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(reader) &&
            map->left == \old(map->left); */
wlk_status wlk_cbor_read_key(struct wlk_cbor_reader *reader, struct wlk_cbor_map *map,
                             uint64_t key) WLK_MUST_USE;

/* WLK_BAD_INPUT entries are left: a key that is unknown, doubled or out of order. */
/*@ requires \valid(reader) && \valid_read(map) && \separated(map, reader);
    assigns reader->rule; ensures cbor_judged(\result);
    ensures \result == WLK_OK <==> map->left == 0; */
wlk_status wlk_cbor_end_map(struct wlk_cbor_reader *reader,
                            const struct wlk_cbor_map *map) WLK_MUST_USE;

/* WLK_BAD_INPUT bytes are left. */
/*@ requires cbor_holds(reader); assigns reader->rule; ensures cbor_judged(\result);
    ensures \result == WLK_OK <==> reader->from.at == reader->from.size; */
wlk_status wlk_cbor_end(struct wlk_cbor_reader *reader) WLK_MUST_USE;

/* True if the next item is null; nothing moves. */
/*@ requires \valid_read(reader) && reader_holds(&reader->from); assigns \nothing; */
bool wlk_cbor_is_null(const struct wlk_cbor_reader *reader);

/* Says whether bytes are one deterministic item and nothing behind it, whatever it means.
 * Nesting at most WLK_RECORD_DEPTH_MAX; items counts down and must not pass 0, so that one
 * allowance can cover several byte strings. Tag 18 is accepted only where tag18_at_depth says
 * (0 outermost; negative nowhere).
 * WLK_BAD_INPUT fault has rule and offset. Bound: one pass. */
/*@ requires \valid_read(bytes + (0 .. size - 1)) && \valid(items) &&
             (fault == \null || \valid(fault)) &&
             \separated(items, fault, bytes + (0 .. size - 1));
    assigns *items, *fault; ensures cbor_judged(\result) && *items <= \old(*items); */
wlk_status wlk_cbor_check(const uint8_t *bytes, size_t size, int tag18_at_depth, size_t *items,
                          struct wlk_fault *fault) WLK_MUST_USE;

/* size bytes of UTF-8 without control characters (C0, DEL, C1)? Overlong forms, surrogates and
 * beyond U+10FFFF are refused. */
/*@ requires \valid_read(bytes + (0 .. size - 1)); assigns \nothing;
    ensures \result ==> \forall integer i; 0 <= i < size ==> bytes[i] >= 0x20 && bytes[i] !=
   0x7f; */
bool wlk_cbor_is_clean_text(const uint8_t *bytes, size_t size);

/* Any number, in its shortest form. */
/*@ requires cbor_writes(writer);
    assigns writer->at, writer->bytes[\at(writer->at, Pre) .. \at(writer->at, Pre) + 8];
    ensures cbor_wrote{Pre,Post}(writer, \result, 1, 9); */
wlk_status wlk_cbor_write_uint(struct wlk_writer *writer, uint64_t value) WLK_MUST_USE;
/* Any number, in its shortest form. */
/*@ requires cbor_writes(writer);
    assigns writer->at, writer->bytes[\at(writer->at, Pre) .. \at(writer->at, Pre) + 8];
    ensures cbor_wrote{Pre,Post}(writer, \result, 1, 9); */
wlk_status wlk_cbor_write_int(struct wlk_writer *writer, int64_t value) WLK_MUST_USE;
/* false or true. */
/*@ requires cbor_writes(writer);
    assigns writer->at, writer->bytes[\at(writer->at, Pre) .. \at(writer->at, Pre) + 8];
    ensures cbor_wrote{Pre,Post}(writer, \result, 1, 1); */
wlk_status wlk_cbor_write_bool(struct wlk_writer *writer, bool value) WLK_MUST_USE;
/* null. */
/*@ requires cbor_writes(writer);
    assigns writer->at, writer->bytes[\at(writer->at, Pre) .. \at(writer->at, Pre) + 8];
    ensures cbor_wrote{Pre,Post}(writer, \result, 1, 1); */
wlk_status wlk_cbor_write_null(struct wlk_writer *writer) WLK_MUST_USE;
/* A byte string of size bytes. */
/*@ requires cbor_writes(writer) && \valid_read(bytes + (0 .. size - 1)) &&
             \separated(writer, writer->bytes + (0 .. writer->size - 1),
                        bytes + (0 .. size - 1));
    assigns writer->at, writer->bytes[\at(writer->at, Pre) .. \at(writer->at, Pre) + 8 + size];
    ensures cbor_wrote{Pre,Post}(writer, \result, 1 + size, 9 + size); */
wlk_status wlk_cbor_write_bytes(struct wlk_writer *writer, const uint8_t *bytes,
                                size_t size) WLK_MUST_USE;

/* text is NUL-terminated; the caller has checked what stands in it. */
wlk_status wlk_cbor_write_text(struct wlk_writer *writer, const char *text) WLK_MUST_USE;

/* Heads only: the items follow by further calls, map entries in ascending order of keys. */
/*@ requires cbor_writes(writer);
    assigns writer->at, writer->bytes[\at(writer->at, Pre) .. \at(writer->at, Pre) + 8];
    ensures cbor_wrote{Pre,Post}(writer, \result, 1, 9); */
wlk_status wlk_cbor_write_array(struct wlk_writer *writer, uint64_t count) WLK_MUST_USE;
/*@ requires cbor_writes(writer);
    assigns writer->at, writer->bytes[\at(writer->at, Pre) .. \at(writer->at, Pre) + 8];
    ensures cbor_wrote{Pre,Post}(writer, \result, 1, 9); */
wlk_status wlk_cbor_write_map(struct wlk_writer *writer, uint64_t count) WLK_MUST_USE;
/*@ requires cbor_writes(writer);
    assigns writer->at, writer->bytes[\at(writer->at, Pre) .. \at(writer->at, Pre) + 8];
    ensures cbor_wrote{Pre,Post}(writer, \result, 1, 1); */
wlk_status wlk_cbor_write_tag18(struct wlk_writer *writer) WLK_MUST_USE;

#endif
