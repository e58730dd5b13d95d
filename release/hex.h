/* hex.h -- bytes as lower-case hex digits, as arrangements and key files show them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_HEX_H
#define WLK_RELEASE_HEX_H

#include "base/status.h"

#include <stdint.h>

/* Reads exactly 2 * size digits and nothing more; capitals are refused, so that there is one
 * spelling. WLK_BAD_INPUT anything else; bytes untouched. size at most 64. */
wlk_status wlk_hex_read(const char *text, uint8_t *bytes, size_t size) WLK_MUST_USE;

/* Writes 2 * size digits and a NUL. */
void wlk_hex_write(const uint8_t *bytes, size_t size, char *text);

#endif
