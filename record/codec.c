/* codec.c -- a whole record: envelope, header and disclosures.
 *
 *     82                                  record: array of 2
 *        d2 84                            sign1: tag 18, array of 4
 *           4d a2 01 27 04 48 kid[8]      protected: {1: -8, 4: kid} as a byte string
 *           a0                            unprotected: empty
 *           59 hh hh header               payload
 *           58 40 signature[64]
 *        8n                               disclosures: array of n
 *           58 dd 83 50 salt[16] group content     or     f6 (withheld)
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/codec.h"

#include "base/assert.h"
#include "record/envelope.h"
#include "record/pass.h"
#include "record/seal.h"

enum { SIGN1_DEPTH = 1 /* the tag stands inside one array */ };

/* A record under the cursor. */
struct parse {
    struct wlk_cbor_reader reader;
    size_t items;           /* still allowed, over all nested byte strings */
    struct wlk_fault inner; /* of something nested, with its offset in the record */
};

/* Within its bytes, which lie apart from it. */
/*@ predicate parse_holds(struct parse *p) =
      \valid(p) && reader_holds(&p->reader.from) &&
      \separated(p, p->reader.from.bytes + (0 .. p->reader.from.size - 1));
    predicate parse_moved{A,B}(struct parse *p) =
      \at(p->reader.from.at, A) <= \at(p->reader.from.at, B) <= \at(p->reader.from.size, B);
*/

/*@ requires \valid_read(parse); assigns \nothing; */
static size_t offset_of(const struct parse *parse, const uint8_t *nested)
{
    return (size_t)(nested - parse->reader.from.bytes);
}

/*@ requires \valid(parse); assigns parse->reader.rule; ensures \result == WLK_BAD_INPUT; */
static wlk_status broken(struct parse *parse, const char *rule)
{
    parse->reader.rule = rule;
    return WLK_BAD_INPUT;
}

/* Hands on the complaint of a nested part that starts at nested. */
/*@ requires \valid(parse); assigns parse->inner.offset; ensures \result == WLK_BAD_INPUT; */
static wlk_status broken_inside(struct parse *parse, const uint8_t *nested)
{
    parse->inner.offset += offset_of(parse, nested);
    return WLK_BAD_INPUT;
}

/* [salt, group, content] under its own cursor. */
/*@ requires cbor_holds(reader) && \valid(out) &&
             \separated(out, reader, reader->from.bytes + (0 .. reader->from.size - 1));
    assigns out->salt, out->content, out->content_size, reader->from.at, reader->rule;
    ensures cbor_judged(\result) && reader->from.at <= reader->from.size;
    ensures \result == WLK_OK ==>
            \valid_read(out->salt + (0 .. WLK_SALT_SIZE - 1)) &&
            out->content == reader->from.bytes + reader->from.at &&
            out->content_size == reader->from.size - reader->from.at; */
static wlk_status read_disclosure(struct wlk_cbor_reader *reader, enum wlk_group group,
                                  struct wlk_disclosure *out)
{
    uint64_t count, named;
    size_t salt_size;
    WLK_TRY(wlk_cbor_read_array(reader, 3, 3, &count));
    WLK_TRY(wlk_cbor_read_bytes(reader, WLK_SALT_SIZE, WLK_SALT_SIZE, &out->salt, &salt_size));
    WLK_TRY(wlk_cbor_read_uint(reader, (uint64_t)group, (uint64_t)group, &named));
    out->content = reader->from.bytes + reader->from.at;
    out->content_size = reader->from.size - reader->from.at;
    return WLK_OK;
}

/* A disclosure that is shown: its form, its digest and its content. */
/*@ requires parse_holds(parse) && \valid_read(named) && \valid(out) && !out->is_withheld &&
             \separated(out, named, parse,
                        parse->reader.from.bytes + (0 .. parse->reader.from.size - 1));
    assigns out->bytes, out->size, out->salt, out->content, out->content_size,
            parse->reader.from.at, parse->reader.rule, parse->items, parse->inner;
    ensures cbor_judged(\result) && parse_moved{Pre,Post}(parse); */
static wlk_status parse_shown(struct parse *parse, const struct wlk_group_digest *named,
                              struct wlk_disclosure *out)
{
    WLK_TRY(
        wlk_cbor_read_bytes(&parse->reader, 1, WLK_RECORD_SIZE_MAX, &out->bytes, &out->size));
    if (wlk_cbor_check(out->bytes, out->size, -1, &parse->items, &parse->inner) != WLK_OK)
        return broken_inside(parse, out->bytes);
    struct wlk_cbor_reader inside;
    wlk_cbor_init(&inside, out->bytes, out->size);
    if (read_disclosure(&inside, named->group, out) != WLK_OK) {
        wlk_fault_set(&parse->inner, inside.rule, "disclosure");
        parse->inner.offset = inside.from.at;
        return broken_inside(parse, out->bytes);
    }
    wlk_digest digest;
    wlk_sha256(out->bytes, out->size, &digest);
    if (!wlk_digest_equal(&digest, &named->digest))
        return broken(parse, "digest of the disclosure is the one in the header");
    union wlk_content content;
    if (wlk_content_decode(out, &content, &parse->inner) != WLK_OK)
        return broken_inside(parse, out->content);
    return WLK_OK;
}

/*@ requires parse_holds(parse) && \valid(claim) &&
             1 <= claim->header.group_count <= WLK_GROUPS_MAX &&
             \separated(claim, parse,
                        parse->reader.from.bytes + (0 .. parse->reader.from.size - 1));
    assigns claim->disclosure[0 .. WLK_GROUPS_MAX - 1], parse->reader.from.at,
            parse->reader.rule, parse->items, parse->inner;
    ensures cbor_judged(\result) && parse_moved{Pre,Post}(parse);
    ensures \result == WLK_OK ==> parse->reader.from.at == parse->reader.from.size; */
static wlk_status parse_disclosures(struct parse *parse, struct wlk_claim *claim)
{
    const struct wlk_header *header = &claim->header;
    uint64_t count;
    WLK_TRY(
        wlk_cbor_read_array(&parse->reader, header->group_count, header->group_count, &count));
    /*@ loop invariant 0 <= i <= header->group_count <= WLK_GROUPS_MAX &&
                       parse_holds(parse) && parse_moved{Pre,Here}(parse);
        loop assigns i, claim->disclosure[0 .. WLK_GROUPS_MAX - 1], parse->reader.from.at,
                     parse->reader.rule, parse->items, parse->inner;
        loop variant header->group_count - i; */
    for (size_t i = 0; i < header->group_count; i++) {
        struct wlk_disclosure *out = &claim->disclosure[i];
        out->type = header->type;
        out->group = header->group[i].group;
        out->is_withheld = wlk_cbor_is_null(&parse->reader);
        if (out->is_withheld)
            WLK_TRY(wlk_cbor_read_null(&parse->reader));
        else
            WLK_TRY(parse_shown(parse, &header->group[i], out));
    }
    return wlk_cbor_end(&parse->reader);
}

/*@ requires parse_holds(parse) && \valid(claim) &&
             \separated(claim, parse,
                        parse->reader.from.bytes + (0 .. parse->reader.from.size - 1));
    assigns *claim, parse->reader.from.at, parse->reader.rule;
    ensures cbor_judged(\result) && parse_moved{Pre,Post}(parse);
    ensures \result == WLK_OK ==> 1 <= claim->header_size <= WLK_HEADER_SIZE_MAX &&
            \exists integer k; 0 <= k <= parse->reader.from.size - claim->header_size &&
                     claim->header_bytes == parse->reader.from.bytes + k; */
static wlk_status parse_sign1(struct parse *parse, struct wlk_claim *claim)
{
    struct wlk_envelope envelope;
    size_t start = parse->reader.from.at;
    WLK_TRY(wlk_envelope_read(&parse->reader, WLK_HEADER_SIZE_MAX, &envelope));
    if (!envelope.payload)
        return broken(parse, "the header is attached");
    claim->sign1 = parse->reader.from.bytes + start;
    claim->sign1_size = parse->reader.from.at - start;
    wlk_sha256(claim->sign1, claim->sign1_size, &claim->digest);
    claim->header_bytes = envelope.payload;
    claim->header_size = envelope.payload_size;
    claim->signature = envelope.signature;
    /* Byte by byte: the prover does not see through memcpy's void pointers. */
    /*@ loop invariant 0 <= i <= WLK_KID_SIZE; loop assigns i,
                       claim->kid[0 .. WLK_KID_SIZE - 1];
        loop variant WLK_KID_SIZE - i; */
    for (size_t i = 0; i < WLK_KID_SIZE; i++)
        claim->kid[i] = envelope.kid[i];
    return WLK_OK;
}

/*@ requires parse_holds(parse) && \valid(claim) && parse->reader.from.at == 0 &&
             \separated(claim, parse,
                        parse->reader.from.bytes + (0 .. parse->reader.from.size - 1));
    assigns *claim, parse->reader.from.at, parse->reader.rule, parse->items, parse->inner;
    ensures cbor_judged(\result) && parse_moved{Pre,Post}(parse);
    ensures \result == WLK_OK ==> parse->reader.from.at == parse->reader.from.size; */
static wlk_status parse_record(struct parse *parse, struct wlk_claim *claim)
{
    struct wlk_reader *from = &parse->reader.from;
    if (from->size > WLK_RECORD_SIZE_MAX)
        return broken(parse, "at most 65536 bytes");
    if (wlk_cbor_check(from->bytes, from->size, SIGN1_DEPTH, &parse->items, &parse->inner) !=
        WLK_OK)
        return broken_inside(parse, from->bytes);
    uint64_t count;
    WLK_TRY(wlk_cbor_read_array(&parse->reader, 2, 2, &count));
    WLK_TRY(parse_sign1(parse, claim));
    wlk_status status = wlk_header_decode(claim->header_bytes, claim->header_size,
                                          &claim->header, &parse->inner);
    if (status != WLK_OK)
        return broken_inside(parse, claim->header_bytes);
    return parse_disclosures(parse, claim);
}

wlk_status wlk_claim_decode(const uint8_t *bytes, size_t size, struct wlk_claim *out,
                            struct wlk_fault *fault)
{
    struct parse parse = {.items = WLK_RECORD_ITEMS_MAX};
    struct wlk_claim claim = {.bytes = bytes, .size = size};
    wlk_cbor_init(&parse.reader, bytes, size);
    wlk_status status = parse_record(&parse, &claim);
    if (status == WLK_OK) {
        *out = claim;
        return WLK_OK;
    }
    if (parse.inner.rule) {
        wlk_fault_set(fault, parse.inner.rule, "%s", parse.inner.detail);
    } else {
        wlk_fault_set(fault, parse.reader.rule, "%s", "");
        parse.inner.offset = parse.reader.from.at;
    }
    if (fault)
        fault->offset = parse.inner.offset;
    return status;
}

/* Bytes that one disclosure takes in a record. */
static size_t wrapped_size(size_t size)
{
    return size + (size < 24 ? 1u : size < 256 ? 2u : size < 65536 ? 3u : 5u);
}

/* Copies sign1 of claim with the disclosures in shown[]; NULL is withheld. */
static wlk_status copy_record(const struct wlk_claim *claim,
                              const struct wlk_disclosure *const shown[], uint8_t *out,
                              size_t room, size_t *size)
{
    size_t total = 1 + claim->sign1_size + 1;
    for (size_t i = 0; i < claim->header.group_count; i++)
        total += shown[i] ? wrapped_size(shown[i]->size) : 1;
    if (total > room)
        return WLK_FULL;
    struct wlk_writer to = {out, total, 0};
    wlk_status status = wlk_cbor_write_array(&to, 2);
    if (status == WLK_OK)
        status = wlk_write_bytes(&to, claim->sign1, claim->sign1_size);
    if (status == WLK_OK)
        status = wlk_cbor_write_array(&to, claim->header.group_count);
    for (size_t i = 0; status == WLK_OK && i < claim->header.group_count; i++)
        status = shown[i] ? wlk_cbor_write_bytes(&to, shown[i]->bytes, shown[i]->size)
                          : wlk_cbor_write_null(&to);
    WLK_ASSERT(status == WLK_OK && to.at == total);
    *size = total;
    return WLK_OK;
}

wlk_status wlk_record_withhold(const struct wlk_claim *claim,
                               const bool withheld[WLK_GROUPS_MAX], uint8_t *out, size_t room,
                               size_t *size)
{
    const struct wlk_disclosure *shown[WLK_GROUPS_MAX] = {NULL};
    for (size_t i = 0; i < claim->header.group_count; i++)
        if (!withheld[i] && !claim->disclosure[i].is_withheld)
            shown[i] = &claim->disclosure[i];
    return copy_record(claim, shown, out, room, size);
}

wlk_status wlk_record_unite(const struct wlk_claim *a, const struct wlk_claim *b, uint8_t *out,
                            size_t room, size_t *size)
{
    if (a->sign1_size != b->sign1_size || memcmp(a->sign1, b->sign1, a->sign1_size) != 0)
        return WLK_BAD_INPUT;
    const struct wlk_disclosure *shown[WLK_GROUPS_MAX] = {NULL};
    for (size_t i = 0; i < a->header.group_count; i++) {
        if (!a->disclosure[i].is_withheld)
            shown[i] = &a->disclosure[i];
        else if (!b->disclosure[i].is_withheld)
            shown[i] = &b->disclosure[i];
    }
    return copy_record(a, shown, out, room, size);
}
