/* sets.c -- sets, seconds and keys in CBOR.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/sets.h"

#include "base/assert.h"

static const int64_t SECOND_NS = INT64_C(1000000000);
static const uint64_t TIME_S_MAX = UINT64_C(7258118400); /* year 2200 */

wlk_status wlk_sets_write(struct wlk_writer *out, const uint8_t *set, unsigned count)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < count; i++)
        sum += set[i] != 0;
    WLK_TRY(wlk_cbor_write_array(out, sum));
    for (unsigned i = 0; i < count; i++)
        if (set[i])
            WLK_TRY(wlk_cbor_write_uint(out, i));
    return WLK_OK;
}

wlk_status wlk_sets_read(struct wlk_cbor_reader *in, uint64_t low, uint8_t *set,
                           unsigned count)
{
    uint64_t sum = 0, next = 0, member = 0;
    WLK_TRY(wlk_cbor_read_array(in, low, count, &sum));
    for (uint64_t i = 0; i < sum; i++) {
        if (next >= count)
            return WLK_BAD_INPUT;
        WLK_TRY(wlk_cbor_read_uint(in, next, count - 1, &member));
        set[member] = 1;
        next = member + 1;
    }
    return WLK_OK;
}

wlk_status wlk_sets_write_time(struct wlk_writer *out, wlk_utc time)
{
    return wlk_cbor_write_uint(out, (uint64_t)(time.ns / SECOND_NS));
}

wlk_status wlk_sets_read_time(struct wlk_cbor_reader *in, wlk_utc *out)
{
    uint64_t seconds = 0;
    WLK_TRY(wlk_cbor_read_uint(in, 0, TIME_S_MAX, &seconds));
    out->ns = (int64_t)seconds * SECOND_NS;
    return WLK_OK;
}

wlk_status wlk_sets_read_exact(struct wlk_cbor_reader *in, uint8_t *bytes, size_t size)
{
    const uint8_t *view = NULL;
    size_t seen = 0;
    WLK_TRY(wlk_cbor_read_bytes(in, size, size, &view, &seen));
    memcpy(bytes, view, size);
    return WLK_OK;
}

wlk_status wlk_sets_write_key(struct wlk_writer *out, const struct wlk_arrangement_key *key)
{
    WLK_TRY(wlk_cbor_write_bytes(out, key->public_key.bytes, WLK_PUBLIC_KEY_SIZE));
    WLK_TRY(wlk_sets_write(out, key->use, WLK_KEY_USE_END));
    WLK_TRY(wlk_sets_write(out, key->nature, WLK_NATURE_END));
    WLK_TRY(wlk_sets_write_time(out, key->not_before));
    return wlk_sets_write_time(out, key->not_after);
}

wlk_status wlk_sets_read_key(struct wlk_cbor_reader *in, struct wlk_arrangement_key *key)
{
    uint8_t bytes[WLK_PUBLIC_KEY_SIZE];
    WLK_TRY(wlk_sets_read_exact(in, bytes, sizeof bytes));
    if (wlk_public_key_read(bytes, &key->public_key) != WLK_OK) {
        in->rule = "not a public key that can be trusted";
        return WLK_BAD_INPUT;
    }
    WLK_TRY(wlk_sets_read(in, 1, key->use, WLK_KEY_USE_END));
    WLK_TRY(wlk_sets_read(in, 0, key->nature, WLK_NATURE_END));
    WLK_TRY(wlk_sets_read_time(in, &key->not_before));
    return wlk_sets_read_time(in, &key->not_after);
}
