/* name.h -- short names: nations, hubs, sensors, arrangements.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_NAME_H
#define WLK_RECORD_NAME_H

#include "base/limits.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* 1-15 of A-Z 0-9 - and nothing behind the text but zero bytes, so memcmp compares. */
typedef struct {
    char text[WLK_NAME_SIZE];
} wlk_name;

/* WLK_BAD_INPUT empty, too long, or another byte. */
/*@ requires valid_read_string(text) && \valid(out) &&
             \separated(out, text + (0 .. strlen(text)));
    assigns *out; ensures \result == WLK_OK || \result == WLK_BAD_INPUT; */
wlk_status wlk_name_parse(const char *text, wlk_name *out) WLK_MUST_USE;

/* As above for bytes without NUL, as they come from a record. */
wlk_status wlk_name_from_bytes(const uint8_t *bytes, size_t size, wlk_name *out) WLK_MUST_USE;

/* A name known at compile time; asserts that it is one. */
wlk_name wlk_name_of(const char *text);

/* Same text, same name. */
static inline bool wlk_name_equal(wlk_name a, wlk_name b)
{
    return memcmp(a.text, b.text, sizeof a.text) == 0;
}

#endif
