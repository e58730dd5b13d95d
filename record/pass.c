/* pass.c -- fields that are read or written by the same call.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/pass.h"

#include "base/assert.h"

wlk_status wlk_pass_broken(struct wlk_pass *pass, const char *rule)
{
    pass->reader.rule = rule;
    return WLK_BAD_INPUT;
}

wlk_status wlk_pass_uint(struct wlk_pass *pass, uint64_t *value, uint64_t low, uint64_t high)
{
    if (!wlk_pass_is_writing(pass))
        return wlk_cbor_read_uint(&pass->reader, low, high, value);
    if (*value < low || *value > high)
        return wlk_pass_broken(pass, "number out of range");
    return wlk_cbor_write_uint(pass->to, *value);
}

wlk_status wlk_pass_int(struct wlk_pass *pass, int64_t *value, int64_t low, int64_t high)
{
    if (!wlk_pass_is_writing(pass))
        return wlk_cbor_read_int(&pass->reader, low, high, value);
    if (*value < low || *value > high)
        return wlk_pass_broken(pass, "number out of range");
    return wlk_cbor_write_int(pass->to, *value);
}

wlk_status wlk_pass_bool(struct wlk_pass *pass, bool *value)
{
    if (!wlk_pass_is_writing(pass))
        return wlk_cbor_read_bool(&pass->reader, value);
    return wlk_cbor_write_bool(pass->to, *value);
}

wlk_status wlk_pass_time(struct wlk_pass *pass, int64_t *ns)
{
    return wlk_pass_int(pass, ns, 0, INT64_MAX);
}

wlk_status wlk_pass_text(struct wlk_pass *pass, char *text, size_t room)
{
    if (!wlk_pass_is_writing(pass))
        return wlk_cbor_read_text(&pass->reader, text, room);
    size_t size = strnlen(text, room);
    if (size == 0 || size == room)
        return wlk_pass_broken(pass, "length out of range");
    if (!wlk_cbor_is_clean_text((const uint8_t *)text, size))
        return wlk_pass_broken(pass, "clean UTF-8 text");
    return wlk_cbor_write_text(pass->to, text);
}

wlk_status wlk_pass_bytes(struct wlk_pass *pass, uint8_t *bytes, size_t size)
{
    if (wlk_pass_is_writing(pass))
        return wlk_cbor_write_bytes(pass->to, bytes, size);
    const uint8_t *found;
    size_t found_size;
    WLK_TRY(wlk_cbor_read_bytes(&pass->reader, size, size, &found, &found_size));
    /* Byte by byte: the prover does not see through memcpy's void pointers. */
    /*@ loop invariant 0 <= i <= size; loop assigns i, bytes[0 .. size - 1];
        loop variant size - i; */
    for (size_t i = 0; i < size; i++)
        bytes[i] = found[i];
    return WLK_OK;
}

wlk_status wlk_pass_name(struct wlk_pass *pass, wlk_name *name)
{
    wlk_name checked = *name;
    WLK_TRY(wlk_pass_text(pass, checked.text, sizeof checked.text));
    if (wlk_name_parse(checked.text, name) != WLK_OK)
        return wlk_pass_broken(pass, "names are 1-15 of A-Z 0-9 -");
    return WLK_OK;
}

WLK_PASS_ENUM(pass_class, wlk_class, WLK_CLASS_END - 1)
WLK_PASS_ENUM(pass_nature, wlk_nature, WLK_NATURE_END - 1)

wlk_status wlk_pass_nature(struct wlk_pass *pass, enum wlk_nature *value)
{
    return pass_nature(pass, value);
}

wlk_status wlk_pass_lane(struct wlk_pass *pass, struct wlk_lane *lane)
{
    WLK_TRY(wlk_pass_array(pass, 4));
    WLK_TRY(wlk_pass_name(pass, &lane->arrangement));
    WLK_TRY(pass_class(pass, &lane->record_class));
    WLK_TRY(pass_nature(pass, &lane->nature));
    return wlk_pass_uint(pass, &lane->generation, 1, INT64_MAX);
}

wlk_status wlk_pass_count(struct wlk_pass *pass, size_t *count, size_t low, size_t high)
{
    uint64_t number = *count;
    if (!wlk_pass_is_writing(pass)) {
        WLK_TRY(wlk_cbor_read_array(&pass->reader, low, high, &number));
        *count = (size_t)number;
        return WLK_OK;
    }
    if (number < low || number > high)
        return wlk_pass_broken(pass, "number of items out of range");
    return wlk_cbor_write_array(pass->to, number);
}

wlk_status wlk_pass_array(struct wlk_pass *pass, size_t count)
{
    return wlk_pass_count(pass, &count, count, count);
}

wlk_status wlk_pass_ints(struct wlk_pass *pass, int64_t *value, size_t count, int64_t bound)
{
    WLK_TRY(wlk_pass_array(pass, count));
    /*@ loop invariant 0 <= i <= count && pass_reads(pass) && pass_went{Pre,Here}(pass);
        loop assigns i, value[0 .. count - 1], pass->reader.from.at, pass->reader.rule;
        loop variant count - i; */
    for (size_t i = 0; i < count; i++)
        WLK_TRY(wlk_pass_int(pass, &value[i], -bound, bound));
    return WLK_OK;
}

wlk_status wlk_pass_map(struct wlk_pass *pass, struct wlk_cbor_map *map)
{
    if (wlk_pass_is_writing(pass))
        return wlk_cbor_write_map(pass->to, map->left);
    return wlk_cbor_read_map(&pass->reader, 0, WLK_RECORD_ITEMS_MAX, map);
}

wlk_status wlk_pass_key(struct wlk_pass *pass, struct wlk_cbor_map *map, uint64_t key)
{
    if (!wlk_pass_is_writing(pass))
        return wlk_cbor_read_key(&pass->reader, map, key);
    /* Our own counting of entries: a schema that lies about them is our mistake. */
    WLK_ASSERT(map->left > 0);
    map->left -= 1;
    return wlk_cbor_write_uint(pass->to, key);
}

wlk_status wlk_pass_optional(struct wlk_pass *pass, struct wlk_cbor_map *map, uint64_t key,
                             bool *has)
{
    if (!wlk_pass_is_writing(pass)) {
        *has = wlk_cbor_has_key(&pass->reader, map, key);
        return WLK_OK;
    }
    return *has ? wlk_pass_key(pass, map, key) : WLK_OK;
}

wlk_status wlk_pass_end_map(struct wlk_pass *pass, const struct wlk_cbor_map *map)
{
    if (!wlk_pass_is_writing(pass))
        return wlk_cbor_end_map(&pass->reader, map);
    WLK_ASSERT(map->left == 0);
    return WLK_OK;
}
