/* warning.c -- words for warnings.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/warning.h"

#include <string.h>

const char *wlk_warning_kind_word(enum wlk_warning_kind kind)
{
    static const char *const words[] = {"?",        "LAUNCH",       "TAKE_COVER", "PASSED",
                                        "IMPACTED", "FELL_OUTSIDE", "ALL_CLEAR",  "CORRECTION"};
    _Static_assert(sizeof words / sizeof words[0] == WLK_WARNING_KIND_END, "each has a word");
    return (unsigned)kind < WLK_WARNING_KIND_END ? words[kind] : words[0];
}

static const char *const GROUNDS[] = {"",           "mistake",    "no-missile", "no-danger",
                                      "wrong-area", "wrong-time", "in-doubt"};
_Static_assert(sizeof GROUNDS / sizeof GROUNDS[0] == WLK_GROUND_END, "each has a word");

const char *wlk_ground_word(enum wlk_ground ground)
{
    return (unsigned)ground < WLK_GROUND_END ? GROUNDS[ground] : GROUNDS[0];
}

wlk_status wlk_ground_parse(const char *word, enum wlk_ground *out)
{
    for (int i = 1; i < WLK_GROUND_END; i++)
        if (strcmp(word, GROUNDS[i]) == 0) {
            *out = (enum wlk_ground)i;
            return WLK_OK;
        }
    return WLK_BAD_INPUT;
}

bool wlk_ground_cancels(enum wlk_ground ground)
{
    return ground >= WLK_GROUND_MISTAKE && ground <= WLK_GROUND_NO_DANGER;
}

/* One character of UTF-8 [RFC 3629]; 0: none. Overlong forms and surrogates are none. */
static size_t character(const unsigned char *at, size_t room, uint32_t *out)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t size = at[0] < 0x80             ? 1
                  : (at[0] & 0xe0) == 0xc0 ? 2
                  : (at[0] & 0xf0) == 0xe0 ? 3
                  : (at[0] & 0xf8) == 0xf0 ? 4
                                           : 0;
    if (size == 0 || size > room)
        return 0;
    uint32_t value = size == 1 ? at[0] : at[0] & (0x7fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (at[i] & 0x3fu);
    }
    bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
    if (value < least[size] || value > 0x10ffff || is_surrogate)
        return 0;
    *out = value;
    return size;
}

bool wlk_warning_is_text(const char *text, size_t size)
{
    const unsigned char *at = (const unsigned char *)text;
    const unsigned char *end = memchr(text, 0, size);
    while (end && at < end) {
        uint32_t c = 0;
        size_t used = character(at, (size_t)(end - at), &c);
        bool is_control = c < 0x20 || (c >= 0x7f && c <= 0x9f);
        bool turns = c == 0x061c || (c >= 0x200e && c <= 0x200f) ||
                     (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
        if (used == 0 || is_control || turns || (c & 0xfffe) == 0xfffe)
            return false;
        at += used;
    }
    return end != NULL;
}
