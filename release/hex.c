/* hex.c -- bytes as hex digits.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/hex.h"

#include "base/assert.h"

#include <string.h>

static const char DIGITS[] = "0123456789abcdef";

wlk_status wlk_hex_read(const char *text, uint8_t *bytes, size_t size)
{
    uint8_t read[64];
    WLK_ASSERT(size <= sizeof read);
    if (strlen(text) != 2 * size)
        return WLK_BAD_INPUT;
    for (size_t i = 0; i < size; i++) {
        const char *high = memchr(DIGITS, text[2 * i], 16);
        const char *low = memchr(DIGITS, text[2 * i + 1], 16);
        if (!high || !low)
            return WLK_BAD_INPUT;
        read[i] = (uint8_t)((high - DIGITS) * 16 + (low - DIGITS));
    }
    memcpy(bytes, read, size);
    return WLK_OK;
}

void wlk_hex_write(const uint8_t *bytes, size_t size, char *text)
{
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = DIGITS[bytes[i] / 16];
        text[2 * i + 1] = DIGITS[bytes[i] % 16];
    }
    text[2 * size] = 0;
}
