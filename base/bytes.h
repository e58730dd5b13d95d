/* bytes.h -- bounded cursors over a byte string, for reading and for writing.
 *
 * On any status but WLK_OK the cursor has not moved and outputs are untouched.
 * Floor of every parser; loops bounded, no floating point, kept fit for proof.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_BASE_BYTES_H
#define WLK_BASE_BYTES_H

#include "base/status.h"

#include <stdint.h>

struct wlk_reader {
    const uint8_t *bytes;
    size_t size; /* bytes in all */
    size_t at;   /* next byte; at <= size */
};

struct wlk_writer {
    uint8_t *bytes;
    size_t size; /* room in all */
    size_t at;   /* bytes written; at <= size */
};

/* What the prover is told of every cursor (proofs/README.md). */
/*@ predicate reader_holds(struct wlk_reader *r) =
      r->at <= r->size && \valid_read(r->bytes + (0 .. r->size - 1));
    predicate writer_holds(struct wlk_writer *w) =
      w->at <= w->size && \valid(w->bytes + (0 .. w->size - 1));
*/

/* Reads a big-endian unsigned number of width bytes, width in 1..8.
 * WLK_OK *out holds it; WLK_BAD_INPUT fewer bytes are left. */
/*@ requires \valid(reader) && \valid(out) && reader_holds(reader) && 1 <= width <= 8;
    requires \separated(out, reader, reader->bytes + (0 .. reader->size - 1));
    assigns reader->at, *out;
    ensures \result == WLK_OK ==>
            reader->at == \old(reader->at) + width && reader->at <= reader->size;
    ensures \result == WLK_OK <==> width <= reader->size - \old(reader->at);
    ensures \result == WLK_OK || \result == WLK_BAD_INPUT;
    ensures \result != WLK_OK ==> reader->at == \old(reader->at) && *out == \old(*out); */
wlk_status wlk_read_uint(struct wlk_reader *reader, unsigned width, uint64_t *out) WLK_MUST_USE;

/* Reads count bytes without copying: *out points into the reader's bytes.
 * WLK_BAD_INPUT fewer bytes are left. */
/*@ requires \valid(reader) && \valid(out) && reader_holds(reader);
    requires \separated(out, reader, reader->bytes + (0 .. reader->size - 1));
    assigns reader->at, *out;
    ensures \result == WLK_OK ==> reader->at == \old(reader->at) + count &&
            reader->at <= reader->size && *out == reader->bytes + \old(reader->at);
    ensures \result == WLK_OK <==> count <= reader->size - \old(reader->at);
    ensures \result == WLK_OK || \result == WLK_BAD_INPUT;
    ensures \result != WLK_OK ==> reader->at == \old(reader->at) && *out == \old(*out); */
wlk_status wlk_read_view(struct wlk_reader *reader, size_t count,
                         const uint8_t **out) WLK_MUST_USE;

/* Writes value big-endian in width bytes, 1..8. WLK_FULL no room. */
/*@ requires \valid(writer) && writer_holds(writer) && 1 <= width <= 8;
    requires \separated(writer, writer->bytes + (0 .. writer->size - 1));
    assigns writer->at, writer->bytes[\at(writer->at, Pre) .. \at(writer->at, Pre) + width - 1];
    ensures \result == WLK_OK ==>
            writer->at == \old(writer->at) + width && writer->at <= writer->size;
    ensures \result == WLK_OK <==> width <= writer->size - \old(writer->at);
    ensures \result == WLK_OK || \result == WLK_FULL;
    ensures \result != WLK_OK ==> writer->at == \old(writer->at); */
wlk_status wlk_write_uint(struct wlk_writer *writer, unsigned width,
                          uint64_t value) WLK_MUST_USE;

/* Appends count bytes. WLK_FULL no room. */
/*@ requires \valid(writer) && writer_holds(writer) && \valid_read(bytes + (0 .. count - 1));
    requires \separated(writer, writer->bytes + (0 .. writer->size - 1),
                        bytes + (0 .. count - 1));
    assigns writer->at, writer->bytes[\at(writer->at, Pre) .. \at(writer->at, Pre) + count - 1];
    ensures \result == WLK_OK ==>
            writer->at == \old(writer->at) + count && writer->at <= writer->size;
    ensures \result == WLK_OK <==> count <= writer->size - \old(writer->at);
    ensures \result == WLK_OK || \result == WLK_FULL;
    ensures \result != WLK_OK ==> writer->at == \old(writer->at); */
wlk_status wlk_write_bytes(struct wlk_writer *writer, const uint8_t *bytes,
                           size_t count) WLK_MUST_USE;

#endif
