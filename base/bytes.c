/* bytes.c -- bounded cursors over a byte string.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"

#include "base/assert.h"

#include <string.h>

wlk_status wlk_read_uint(struct wlk_reader *reader, unsigned width, uint64_t *out)
{
    WLK_ASSERT(width >= 1 && width <= 8);
    WLK_ASSERT(reader->at <= reader->size);
    if (reader->size - reader->at < width)
        return WLK_BAD_INPUT;
    uint64_t value = 0;
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
    if (count)
        memcpy(writer->bytes + writer->at, bytes, count);
    writer->at += count;
    return WLK_OK;
}
