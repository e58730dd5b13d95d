/* cbor.c -- deterministic CBOR, read and written item by item.
 *
 * Bytes are taken apart with / and %, not with masks: the prover follows arithmetic better.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/cbor.h"

#include "base/assert.h"

#include <string.h>

/*@ requires \valid(reader); assigns reader->rule; ensures \result == WLK_BAD_INPUT; */
static wlk_status broken(struct wlk_cbor_reader *reader, const char *rule)
{
    reader->rule = rule;
    return WLK_BAD_INPUT;
}

/*@ requires \valid_read(reader) && reader->from.at <= reader->from.size; assigns \nothing;
    ensures \result == reader->from.size - reader->from.at; */
static size_t bytes_left(const struct wlk_cbor_reader *reader)
{
    return reader->from.size - reader->from.at;
}

/* The smallest value that needs an argument of width bytes (1, 2, 4, 8). */
/*@ assigns \nothing;
    ensures \result == (width == 1 ? 24 : width == 2 ? 256 :
                        width == 4 ? 65536 : 4294967296); */
static uint64_t width_floor(unsigned width)
{
    return width == 1 ? 24 : width == 2 ? 256 : width == 4 ? 65536 : 4294967296;
}

wlk_status wlk_cbor_peek(struct wlk_cbor_reader *reader, struct wlk_cbor_head *out)
{
    if (bytes_left(reader) == 0)
        return broken(reader, "bytes end early");
    unsigned first = reader->from.bytes[reader->from.at];
    unsigned major = first / 32, low = first % 32;
    if (low < 24) {
        *out = (struct wlk_cbor_head){major, low, 1};
        return WLK_OK;
    }
    if (major == WLK_CBOR_SIMPLE)
        return broken(reader, "no floats, no simple values but false, true, null");
    if (low == 31)
        return broken(reader, "definite lengths only");
    if (low > 27)
        return broken(reader, "reserved length");
    unsigned width = low == 24 ? 1 : low == 25 ? 2 : low == 26 ? 4 : 8;
    if (bytes_left(reader) - 1 < width)
        return broken(reader, "bytes end early");
    const uint8_t *argument = reader->from.bytes + reader->from.at + 1;
    uint64_t value = 0;
    /*@ loop invariant 0 <= i <= width; loop assigns i, value; loop variant width - i; */
    for (unsigned i = 0; i < width; i++)
        value = value * 256 + argument[i];
    if (value < width_floor(width))
        return broken(reader, "shortest form");
    *out = (struct wlk_cbor_head){major, value, 1 + width};
    return WLK_OK;
}

/* Looks at the head of an item that must be of one major type. */
/*@ requires cbor_holds(reader) && \valid(out) &&
             \separated(out, reader, reader->from.bytes + (0 .. reader->from.size - 1));
    assigns *out, reader->rule; ensures \result == WLK_OK || \result == WLK_BAD_INPUT;
    ensures \result == WLK_OK ==> cbor_shortest(out) && out->major < 8 && out->major == major &&
            out->size <= reader->from.size - reader->from.at;
    ensures \result != WLK_OK ==> *out == \old(*out); */
static wlk_status peek_major(struct wlk_cbor_reader *reader, unsigned major,
                             struct wlk_cbor_head *out)
{
    struct wlk_cbor_head head;
    WLK_TRY(wlk_cbor_peek(reader, &head));
    if (head.major != major)
        return broken(reader, "wrong type of item");
    *out = head;
    return WLK_OK;
}

void wlk_cbor_init(struct wlk_cbor_reader *reader, const uint8_t *bytes, size_t size)
{
    *reader = (struct wlk_cbor_reader){{bytes, size, 0}, NULL};
}

wlk_status wlk_cbor_read_uint(struct wlk_cbor_reader *reader, uint64_t low, uint64_t high,
                              uint64_t *out)
{
    struct wlk_cbor_head head;
    WLK_TRY(peek_major(reader, WLK_CBOR_UINT, &head));
    if (head.value < low || head.value > high)
        return broken(reader, "number out of range");
    reader->from.at += head.size;
    *out = head.value;
    return WLK_OK;
}

wlk_status wlk_cbor_read_int(struct wlk_cbor_reader *reader, int64_t low, int64_t high,
                             int64_t *out)
{
    struct wlk_cbor_head head;
    WLK_TRY(wlk_cbor_peek(reader, &head));
    if (head.major != WLK_CBOR_UINT && head.major != WLK_CBOR_NEGATIVE)
        return broken(reader, "wrong type of item");
    if (head.value > INT64_MAX)
        return broken(reader, "number out of range");
    int64_t value = (int64_t)head.value;
    if (head.major == WLK_CBOR_NEGATIVE)
        value = -1 - value;
    if (value < low || value > high)
        return broken(reader, "number out of range");
    reader->from.at += head.size;
    *out = value;
    return WLK_OK;
}

/*@ requires cbor_holds(reader) && \valid(out) &&
             \separated(out, reader, reader->from.bytes + (0 .. reader->from.size - 1));
    assigns *out, reader->from.at, reader->rule;
    ensures cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(reader) && low <= *out <= high;
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(reader) && *out == \old(*out); */
static wlk_status read_simple(struct wlk_cbor_reader *reader, uint64_t low, uint64_t high,
                              uint64_t *out)
{
    struct wlk_cbor_head head;
    WLK_TRY(peek_major(reader, WLK_CBOR_SIMPLE, &head));
    if (head.value < low || head.value > high)
        return broken(reader, "wrong type of item");
    reader->from.at += head.size;
    *out = head.value;
    return WLK_OK;
}

wlk_status wlk_cbor_read_bool(struct wlk_cbor_reader *reader, bool *out)
{
    uint64_t value;
    WLK_TRY(read_simple(reader, WLK_CBOR_FALSE, WLK_CBOR_TRUE, &value));
    *out = value == WLK_CBOR_TRUE;
    return WLK_OK;
}

wlk_status wlk_cbor_read_null(struct wlk_cbor_reader *reader)
{
    uint64_t value;
    return read_simple(reader, WLK_CBOR_NULL, WLK_CBOR_NULL, &value);
}

bool wlk_cbor_is_null(const struct wlk_cbor_reader *reader)
{
    return bytes_left(reader) > 0 &&
           reader->from.bytes[reader->from.at] == WLK_CBOR_SIMPLE * 32 + WLK_CBOR_NULL;
}

/* A byte or text string of low..high bytes. */
/*@ requires cbor_holds(reader) && \valid(out) &&
             \separated(out, reader, reader->from.bytes + (0 .. reader->from.size - 1));
    assigns *out, reader->from.at, reader->rule;
    ensures cbor_judged(\result);
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(reader) && low <= out->size <= high &&
            out->at == 0 && out->bytes == reader->from.bytes + (reader->from.at - out->size) &&
            \old(reader->from.at) + out->size < reader->from.at;
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(reader) && *out == \old(*out); */
static wlk_status read_string(struct wlk_cbor_reader *reader, unsigned major, size_t low,
                              size_t high, struct wlk_reader *out)
{
    struct wlk_cbor_head head;
    WLK_TRY(peek_major(reader, major, &head));
    if (head.value < low || head.value > high)
        return broken(reader, "length out of range");
    if (head.value > bytes_left(reader) - head.size)
        return broken(reader, "bytes end early");
    reader->from.at += head.size;
    *out = (struct wlk_reader){reader->from.bytes + reader->from.at, (size_t)head.value, 0};
    reader->from.at += (size_t)head.value;
    return WLK_OK;
}

wlk_status wlk_cbor_read_bytes(struct wlk_cbor_reader *reader, size_t low, size_t high,
                               const uint8_t **out, size_t *size)
{
    struct wlk_reader found;
    WLK_TRY(read_string(reader, WLK_CBOR_BYTES, low, high, &found));
    *out = found.bytes;
    *size = found.size;
    return WLK_OK;
}

wlk_status wlk_cbor_read_text(struct wlk_cbor_reader *reader, char *text, size_t room)
{
    WLK_ASSERT(room > 1);
    struct wlk_reader found;
    size_t before = reader->from.at;
    WLK_TRY(read_string(reader, WLK_CBOR_TEXT, 1, room - 1, &found));
    if (!wlk_cbor_is_clean_text(found.bytes, found.size)) {
        reader->from.at = before;
        return broken(reader, "clean UTF-8 text");
    }
    /* Byte by byte: the prover does not see through memcpy's void pointers. */
    /*@ loop invariant 0 <= i <= room;
        loop invariant i == room ==> text[room - 1] == 0;
        loop assigns i, text[0 .. room - 1]; loop variant room - i; */
    for (size_t i = 0; i < room; i++)
        text[i] = i < found.size ? (char)found.bytes[i] : 0;
    return WLK_OK;
}

wlk_status wlk_cbor_read_array(struct wlk_cbor_reader *reader, uint64_t low, uint64_t high,
                               uint64_t *count)
{
    struct wlk_cbor_head head;
    WLK_TRY(peek_major(reader, WLK_CBOR_ARRAY, &head));
    if (head.value < low || head.value > high)
        return broken(reader, "number of items out of range");
    reader->from.at += head.size;
    *count = head.value;
    return WLK_OK;
}

wlk_status wlk_cbor_read_map(struct wlk_cbor_reader *reader, uint64_t low, uint64_t high,
                             struct wlk_cbor_map *out)
{
    struct wlk_cbor_head head;
    WLK_TRY(peek_major(reader, WLK_CBOR_MAP, &head));
    if (head.value < low || head.value > high)
        return broken(reader, "number of items out of range");
    reader->from.at += head.size;
    out->left = head.value;
    return WLK_OK;
}

wlk_status wlk_cbor_read_tag18(struct wlk_cbor_reader *reader)
{
    struct wlk_cbor_head head;
    WLK_TRY(peek_major(reader, WLK_CBOR_TAG, &head));
    if (head.value != WLK_CBOR_COSE_SIGN1)
        return broken(reader, "no tag but 18");
    reader->from.at += head.size;
    return WLK_OK;
}

bool wlk_cbor_has_key(struct wlk_cbor_reader *reader, struct wlk_cbor_map *map, uint64_t key)
{
    if (map->left == 0)
        return false;
    struct wlk_cbor_head head;
    if (peek_major(reader, WLK_CBOR_UINT, &head) != WLK_OK || head.value != key)
        return false;
    reader->from.at += head.size;
    map->left -= 1;
    return true;
}

wlk_status wlk_cbor_read_key(struct wlk_cbor_reader *reader, struct wlk_cbor_map *map,
                             uint64_t key)
{
    if (!wlk_cbor_has_key(reader, map, key))
        return broken(reader, "a key is missing");
    return WLK_OK;
}

wlk_status wlk_cbor_end_map(struct wlk_cbor_reader *reader, const struct wlk_cbor_map *map)
{
    if (map->left != 0)
        return broken(reader, "unknown key");
    return WLK_OK;
}

wlk_status wlk_cbor_end(struct wlk_cbor_reader *reader)
{
    if (bytes_left(reader) != 0)
        return broken(reader, "nothing behind the end");
    return WLK_OK;
}

/* Length of the UTF-8 sequence that starts with first; 0 if none does [RFC 3629 4]. */
/*@ assigns \nothing; ensures \result <= 4; ensures \result == 1 <==> first < 0x80;
    ensures first < 0xc2 && \result != 0 ==> \result == 1; */
static size_t sequence_size(unsigned first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xc2)
        return 0;
    if (first < 0xe0)
        return 2;
    if (first < 0xf0)
        return 3;
    return first < 0xf5 ? 4 : 0;
}

/* The lowest and highest second byte after first; narrower than 80..BF where a longer form, a
 * surrogate, a C1 control or a number beyond U+10FFFF would begin [RFC 3629 4]. */
/*@ assigns \nothing; ensures \result ==> 0x80 <= second <= 0xbf; */
static bool second_fits(unsigned first, unsigned second)
{
    unsigned low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : first == 0xc2 ? 0xa0 : 0x80;
    unsigned high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    return second >= low && second <= high;
}

/* Size of the clean character that starts at bytes[at]; 0 if there is none. */
/*@ requires at < size && \valid_read(bytes + (0 .. size - 1)); assigns \nothing;
    ensures \result <= size - at;
    ensures \forall integer i;
      at <= i < at + \result ==> bytes[i] >= 0x20 && bytes[i] != 0x7f; */
static size_t character_size(const uint8_t *bytes, size_t at, size_t size)
{
    if (bytes[at] < 0x20 || bytes[at] == 0x7f)
        return 0;
    size_t length = sequence_size(bytes[at]);
    if (length > size - at)
        return 0;
    if (length >= 2 && !second_fits(bytes[at], bytes[at + 1]))
        return 0;
    /*@ loop invariant 2 <= i <= length || length < 2 && i == 2;
        loop invariant \forall integer k; at + 2 <= k < at + i ==> bytes[k] >= 0x80;
        loop assigns i; loop variant 4 - i; */
    for (size_t i = 2; i < length; i++)
        if (bytes[at + i] < 0x80 || bytes[at + i] > 0xbf)
            return 0;
    return length;
}

bool wlk_cbor_is_clean_text(const uint8_t *bytes, size_t size)
{
    size_t at = 0;
    /*@ loop invariant 0 <= at <= size;
        loop invariant \forall integer k;
          0 <= k < at ==> bytes[k] >= 0x20 && bytes[k] != 0x7f;
        loop assigns at; loop variant size - at; */
    while (at < size) {
        size_t length = character_size(bytes, at, size);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

/*@ requires cbor_writes(writer) && major < 8;
    assigns writer->at, writer->bytes[\at(writer->at, Pre) .. \at(writer->at, Pre) + 8];
    ensures cbor_wrote{Pre,Post}(writer, \result, 1, 9);
    ensures \result == WLK_OK && value < 24 ==> writer->at == \old(writer->at) + 1; */
static wlk_status write_head(struct wlk_writer *writer, unsigned major, uint64_t value)
{
    if (value < 24)
        return wlk_write_uint(writer, 1, major * 32 + value);
    unsigned width = value < 256 ? 1 : value < 65536 ? 2 : value < 4294967296 ? 4 : 8;
    unsigned low = width == 1 ? 24 : width == 2 ? 25 : width == 4 ? 26 : 27;
    if (writer->size - writer->at < 1 + width)
        return WLK_FULL;
    WLK_TRY(wlk_write_uint(writer, 1, major * 32 + low));
    return wlk_write_uint(writer, width, value);
}

/*@ requires cbor_writes(writer) && major < 8 && \valid_read(bytes + (0 .. size - 1)) &&
             \separated(writer, writer->bytes + (0 .. writer->size - 1),
                        bytes + (0 .. size - 1));
    assigns writer->at, writer->bytes[\at(writer->at, Pre) .. \at(writer->at, Pre) + 8 + size];
    ensures cbor_wrote{Pre,Post}(writer, \result, 1 + size, 9 + size); */
static wlk_status write_string(struct wlk_writer *writer, unsigned major, const uint8_t *bytes,
                               size_t size)
{
    size_t before = writer->at;
    WLK_TRY(write_head(writer, major, size));
    wlk_status status = wlk_write_bytes(writer, bytes, size);
    if (status != WLK_OK)
        writer->at = before;
    return status;
}

wlk_status wlk_cbor_write_uint(struct wlk_writer *writer, uint64_t value)
{
    return write_head(writer, WLK_CBOR_UINT, value);
}

wlk_status wlk_cbor_write_int(struct wlk_writer *writer, int64_t value)
{
    if (value >= 0)
        return write_head(writer, WLK_CBOR_UINT, (uint64_t)value);
    return write_head(writer, WLK_CBOR_NEGATIVE, (uint64_t)(-1 - value));
}

wlk_status wlk_cbor_write_bool(struct wlk_writer *writer, bool value)
{
    return write_head(writer, WLK_CBOR_SIMPLE, value ? WLK_CBOR_TRUE : WLK_CBOR_FALSE);
}

wlk_status wlk_cbor_write_null(struct wlk_writer *writer)
{
    return write_head(writer, WLK_CBOR_SIMPLE, WLK_CBOR_NULL);
}

wlk_status wlk_cbor_write_bytes(struct wlk_writer *writer, const uint8_t *bytes, size_t size)
{
    return write_string(writer, WLK_CBOR_BYTES, bytes, size);
}

wlk_status wlk_cbor_write_text(struct wlk_writer *writer, const char *text)
{
    return write_string(writer, WLK_CBOR_TEXT, (const uint8_t *)text, strlen(text));
}

wlk_status wlk_cbor_write_array(struct wlk_writer *writer, uint64_t count)
{
    return write_head(writer, WLK_CBOR_ARRAY, count);
}

wlk_status wlk_cbor_write_map(struct wlk_writer *writer, uint64_t count)
{
    return write_head(writer, WLK_CBOR_MAP, count);
}

wlk_status wlk_cbor_write_tag18(struct wlk_writer *writer)
{
    return write_head(writer, WLK_CBOR_TAG, WLK_CBOR_COSE_SIGN1);
}
