/* envelope.c -- COSE_Sign1 in its one accepted form.
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/envelope.h"

#include "base/assert.h"

/* Tag 18, array of 4, byte string of 13: map of 2, 1: -8 (EdDSA), 4: byte string of 8. */
static const uint8_t START[] = {0xd2, 0x84, 0x4d, 0xa2, 0x01, 0x27, 0x04, 0x48};
enum { TAG_AND_ARRAY = 2, PROTECTED_AT = 3 /* in START */, EMPTY_MAP = 0xa0 };
_Static_assert(sizeof START - PROTECTED_AT + WLK_KID_SIZE == WLK_PROTECTED_SIZE,
               "START ends where the kid begins");

/*@ requires \valid_read(a + (0 .. count - 1)) && \valid_read(b + (0 .. count - 1));
    assigns \nothing;
    ensures \result <==> (\forall integer i; 0 <= i < count ==> a[i] == b[i]); */
static bool is_same(const uint8_t *a, const uint8_t *b, size_t count)
{
    /*@ loop invariant 0 <= i <= count;
        loop invariant \forall integer k; 0 <= k < i ==> a[k] == b[k];
        loop assigns i; loop variant count - i; */
    for (size_t i = 0; i < count; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

/* The next count bytes are exactly these. */
/*@ requires cbor_holds(reader) && \valid_read(expected + (0 .. count - 1)) && 0 < count;
    assigns reader->from.at, reader->rule;
    ensures cbor_judged(\result);
    ensures \result == WLK_OK ==> reader->from.at == \old(reader->from.at) + count &&
            reader->from.at <= reader->from.size &&
            (\forall integer i; 0 <= i < count ==>
             reader->from.bytes[\old(reader->from.at) + i] == expected[i]);
    ensures \result != WLK_OK ==> cbor_stayed{Pre,Post}(reader); */
static wlk_status read_exact(struct wlk_cbor_reader *reader, const uint8_t *expected,
                             size_t count)
{
    const uint8_t *found;
    size_t before = reader->from.at;
    if (wlk_read_view(&reader->from, count, &found) == WLK_OK) {
        if (is_same(found, expected, count))
            return WLK_OK;
        reader->from.at = before;
    }
    reader->rule = "fixed bytes of the envelope";
    return WLK_BAD_INPUT;
}

/*@ requires cbor_holds(reader) && \valid(out) &&
             \separated(out, reader, reader->from.bytes + (0 .. reader->from.size - 1));
    assigns out->payload, out->payload_size, reader->from.at, reader->rule;
    ensures cbor_judged(\result) && reader->from.at <= reader->from.size &&
            \old(reader->from.at) <= reader->from.at;
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(reader) &&
            (out->payload == \null ||
             (1 <= out->payload_size <= size_max &&
              \old(reader->from.at) + out->payload_size < reader->from.at &&
              out->payload == reader->from.bytes + (reader->from.at - out->payload_size))); */
static wlk_status read_payload(struct wlk_cbor_reader *reader, size_t size_max,
                               struct wlk_envelope *out)
{
    if (!wlk_cbor_is_null(reader))
        return wlk_cbor_read_bytes(reader, 1, size_max, &out->payload, &out->payload_size);
    out->payload = NULL;
    out->payload_size = 0;
    return wlk_cbor_read_null(reader);
}

/*@ requires cbor_holds(reader) && \valid(out) &&
             \separated(out, reader, reader->from.bytes + (0 .. reader->from.size - 1));
    assigns *out, reader->from.at, reader->rule;
    ensures cbor_judged(\result) && reader->from.at <= reader->from.size &&
            \old(reader->from.at) <= reader->from.at;
    ensures \result == WLK_OK ==> cbor_went{Pre,Post}(reader) &&
            envelope_within(out, reader->from.bytes, \old(reader->from.at), reader->from.at) &&
            (out->payload != \null ==> 1 <= out->payload_size <= payload_size_max); */
static wlk_status read_parts(struct wlk_cbor_reader *reader, size_t payload_size_max,
                             struct wlk_envelope *out)
{
    static const uint8_t empty_map = EMPTY_MAP;
    size_t size;
    WLK_TRY(read_exact(reader, START, sizeof START));
    if (wlk_read_view(&reader->from, WLK_KID_SIZE, &out->kid) != WLK_OK) {
        reader->rule = "bytes end early";
        return WLK_BAD_INPUT;
    }
    WLK_TRY(read_exact(reader, &empty_map, 1));
    WLK_TRY(read_payload(reader, payload_size_max, out));
    return wlk_cbor_read_bytes(reader, WLK_SIGNATURE_SIZE, WLK_SIGNATURE_SIZE, &out->signature,
                               &size);
}

wlk_status wlk_envelope_read(struct wlk_cbor_reader *reader, size_t payload_size_max,
                             struct wlk_envelope *out)
{
    struct wlk_envelope envelope = {.kid = NULL};
    WLK_TRY(read_parts(reader, payload_size_max, &envelope));
    *out = envelope;
    return WLK_OK;
}

static wlk_status write_parts(const struct wlk_envelope *envelope, struct wlk_writer *out)
{
    WLK_TRY(wlk_write_bytes(out, START, sizeof START));
    WLK_TRY(wlk_write_bytes(out, envelope->kid, WLK_KID_SIZE));
    WLK_TRY(wlk_cbor_write_map(out, 0));
    if (envelope->payload)
        WLK_TRY(wlk_cbor_write_bytes(out, envelope->payload, envelope->payload_size));
    else
        WLK_TRY(wlk_cbor_write_null(out));
    return wlk_cbor_write_bytes(out, envelope->signature, WLK_SIGNATURE_SIZE);
}

wlk_status wlk_envelope_write(const struct wlk_envelope *envelope, struct wlk_writer *out)
{
    struct wlk_writer ahead = *out;
    WLK_TRY(write_parts(envelope, &ahead));
    *out = ahead;
    return WLK_OK;
}

wlk_status wlk_envelope_write_signed(const struct wlk_envelope *envelope, const char *aad,
                                     struct wlk_writer *out)
{
    struct wlk_writer ahead = *out;
    WLK_TRY(wlk_cbor_write_array(&ahead, 4));
    WLK_TRY(wlk_cbor_write_text(&ahead, "Signature1"));
    WLK_TRY(wlk_write_bytes(&ahead, START + TAG_AND_ARRAY, sizeof START - TAG_AND_ARRAY));
    WLK_TRY(wlk_write_bytes(&ahead, envelope->kid, WLK_KID_SIZE));
    WLK_TRY(wlk_cbor_write_bytes(&ahead, (const uint8_t *)aad, strlen(aad)));
    WLK_TRY(wlk_cbor_write_bytes(&ahead, envelope->payload, envelope->payload_size));
    *out = ahead;
    return WLK_OK;
}
