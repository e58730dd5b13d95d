/* bytes.c -- bounded cursors over a byte string.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"

#include "base/assert.h"

wlk_status wlk_read_uint(struct wlk_reader *reader, unsigned width, uint64_t *out)
{
    WLK_ASSERT(width >= 1 && width <= 8);
    WLK_ASSERT(reader->at <= reader->size);
    if (reader->size - reader->at < width)
        return WLK_BAD_INPUT;
    uint64_t value = 0;
    /*@ loop invariant 0 <= i <= width; loop assigns i, value; loop variant width - i; */
    for (unsigned i = 0; i < width; i++)
        value = value << 8 | reader->bytes[reader->at + i];
    reader->at += width;
    *out = value;
    return WLK_OK;
}

wlk_status wlk_read_view(struct wlk_reader *reader, size_t count, const uint8_t **out)
{
    WLK_ASSERT(reader->at <= reader->size);
    if (reader->size - reader->at < count)
        return WLK_BAD_INPUT;
    *out = reader->bytes + reader->at;
    reader->at += count;
    return WLK_OK;
}

wlk_status wlk_write_uint(struct wlk_writer *writer, unsigned width, uint64_t value)
{
    WLK_ASSERT(width >= 1 && width <= 8);
    WLK_ASSERT(writer->at <= writer->size);
    if (writer->size - writer->at < width)
        return WLK_FULL;
    /*@ loop invariant 0 <= i <= width;
        loop assigns i, writer->bytes[writer->at .. writer->at + width - 1];
        loop variant width - i; */
    for (unsigned i = 0; i < width; i++)
        writer->bytes[writer->at + i] = (uint8_t)(value >> (8 * (width - 1 - i)));
    writer->at += width;
    return WLK_OK;
}

wlk_status wlk_write_bytes(struct wlk_writer *writer, const uint8_t *bytes, size_t count)
{
    WLK_ASSERT(writer->at <= writer->size);
    if (writer->size - writer->at < count)
        return WLK_FULL;
    /* Byte by byte: the prover does not see through memcpy's void pointers. */
    uint8_t *to = writer->bytes + writer->at;
    /*@ loop invariant 0 <= i <= count; loop assigns i, to[0 .. count - 1];
        loop variant count - i; */
    for (size_t i = 0; i < count; i++)
        to[i] = bytes[i];
    writer->at += count;
    return WLK_OK;
}
