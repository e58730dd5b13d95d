/* name.c -- the alphabet of names.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/name.h"

#include "base/assert.h"

wlk_status wlk_name_from_bytes(const uint8_t *bytes, size_t size, wlk_name *out)
{
    if (size == 0 || size >= WLK_NAME_SIZE)
        return WLK_BAD_INPUT;
    for (size_t i = 0; i < size; i++) {
        uint8_t c = bytes[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'))
            return WLK_BAD_INPUT;
    }
    memset(out, 0, sizeof *out);
    memcpy(out->text, bytes, size);
    return WLK_OK;
}

wlk_status wlk_name_parse(const char *text, wlk_name *out)
{
    return wlk_name_from_bytes((const uint8_t *)text, strlen(text), out);
}

wlk_name wlk_name_of(const char *text)
{
    wlk_name name = {{0}};
    wlk_status status = wlk_name_parse(text, &name);
    WLK_ASSERT(status == WLK_OK);
    return name;
}
