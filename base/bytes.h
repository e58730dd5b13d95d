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

/* Reads a big-endian unsigned number of width bytes, width in 1..8.
 * WLK_OK *out holds it; WLK_BAD_INPUT fewer bytes are left. */
wlk_status wlk_read_uint(struct wlk_reader *reader, unsigned width, uint64_t *out) WLK_MUST_USE;

/* Reads count bytes without copying: *out points into the reader's bytes.
 * WLK_BAD_INPUT fewer bytes are left. */
wlk_status wlk_read_view(struct wlk_reader *reader, size_t count,
                         const uint8_t **out) WLK_MUST_USE;

/* Writes value big-endian in width bytes, 1..8. WLK_FULL no room. */
wlk_status wlk_write_uint(struct wlk_writer *writer, unsigned width,
                          uint64_t value) WLK_MUST_USE;

/* Appends count bytes. WLK_FULL no room. */
wlk_status wlk_write_bytes(struct wlk_writer *writer, const uint8_t *bytes,
                           size_t count) WLK_MUST_USE;

#endif
