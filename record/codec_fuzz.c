/* codec_fuzz.c -- is whatever the codec accepts the one encoding of what it says?
 *
 * The first byte says what the input is: 82 a whole record; a0-bf a header; 01-28 a content,
 * type and group in it; 00 a header and its disclosures, whose digests are put right here,
 * because no fuzzer finds a SHA-256 (each part behind two bytes of length).
 * SPDX-License-Identifier: Apache-2.0 */
#include "record/codec.h"

#include "base/assert.h"
#include "record/cbor.h"
#include "record/envelope.h"
#include "record/seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { ROOM = WLK_RECORD_SIZE_MAX + 1024, GROUPS = 5, CONTENT_LAST = 8 * GROUPS };

static uint8_t again[ROOM];

static void check_header(const struct wlk_header *header, const uint8_t *bytes, size_t size)
{
    struct wlk_writer to = {again, sizeof again, 0};
    wlk_status status = wlk_header_encode(header, &to);
    WLK_ASSERT(status == WLK_OK);
    WLK_ASSERT(to.at == size);
    WLK_ASSERT(memcmp(again, bytes, size) == 0);
}

static void check_content(const struct wlk_disclosure *from)
{
    static union wlk_content content;
    if (wlk_content_decode(from, &content, NULL) != WLK_OK)
        return;
    size_t items = WLK_RECORD_ITEMS_MAX;
    wlk_status status = wlk_cbor_check(from->content, from->content_size, -1, &items, NULL);
    WLK_ASSERT(status == WLK_OK);
    struct wlk_writer to = {again, sizeof again, 0};
    status = wlk_content_encode(from->type, from->group, &content, &to);
    WLK_ASSERT(status == WLK_OK);
    WLK_ASSERT(to.at == from->content_size);
    WLK_ASSERT(memcmp(again, from->content, to.at) == 0);
}

static void try_record(const uint8_t *bytes, size_t size)
{
    static const bool nothing[WLK_GROUPS_MAX] = {false};
    struct wlk_claim claim;
    if (wlk_claim_decode(bytes, size, &claim, NULL) != WLK_OK)
        return;
    check_header(&claim.header, claim.header_bytes, claim.header_size);
    for (size_t i = 0; i < claim.header.group_count; i++)
        check_content(&claim.disclosure[i]);
    size_t again_size;
    wlk_status status = wlk_record_withhold(&claim, nothing, again, sizeof again, &again_size);
    WLK_ASSERT(status == WLK_OK);
    WLK_ASSERT(again_size == size);
    WLK_ASSERT(memcmp(again, bytes, size) == 0);
}

static void try_header(const uint8_t *bytes, size_t size)
{
    struct wlk_header header;
    if (wlk_header_decode(bytes, size, &header, NULL) == WLK_OK)
        check_header(&header, bytes, size);
}

static void try_content(const uint8_t *bytes, size_t size)
{
    unsigned which = bytes[0] - 1u;
    check_content(&(struct wlk_disclosure){
        .type = (enum wlk_type)(1 + which / GROUPS),
        .group = (enum wlk_group)(which % GROUPS), /* 0 is no group: must do no harm */
        .content = bytes + 1,
        .content_size = size - 1,
    });
}

/* A stretch of bytes behind two bytes that say how long it is. */
static wlk_status read_part(struct wlk_reader *from, struct wlk_reader *out)
{
    uint64_t size;
    WLK_TRY(wlk_read_uint(from, 2, &size));
    WLK_TRY(wlk_read_view(from, (size_t)size, &out->bytes));
    *out = (struct wlk_reader){out->bytes, (size_t)size, 0};
    return WLK_OK;
}

static wlk_status write_record(const struct wlk_header *header, const struct wlk_reader *part,
                               struct wlk_writer *out)
{
    static const uint8_t zeros[WLK_SIGNATURE_SIZE];
    uint8_t bytes[WLK_HEADER_SIZE_MAX];
    struct wlk_writer to = {bytes, sizeof bytes, 0};
    WLK_TRY(wlk_header_encode(header, &to));
    struct wlk_envelope envelope = {zeros, bytes, to.at, zeros};
    WLK_TRY(wlk_cbor_write_array(out, 2));
    WLK_TRY(wlk_envelope_write(&envelope, out));
    WLK_TRY(wlk_cbor_write_array(out, header->group_count));
    for (size_t i = 0; i < header->group_count; i++)
        WLK_TRY(wlk_cbor_write_bytes(out, part[i].bytes, part[i].size));
    return WLK_OK;
}

static wlk_status try_parts(struct wlk_reader *from)
{
    static uint8_t record[ROOM];
    struct wlk_reader head, part[WLK_GROUPS_MAX];
    struct wlk_header header;
    WLK_TRY(read_part(from, &head));
    WLK_TRY(wlk_header_decode(head.bytes, head.size, &header, NULL));
    for (size_t i = 0; i < header.group_count; i++) {
        WLK_TRY(read_part(from, &part[i]));
        wlk_sha256(part[i].bytes, part[i].size, &header.group[i].digest);
    }
    struct wlk_writer to = {record, sizeof record, 0};
    WLK_TRY(write_record(&header, part, &to));
    try_record(record, to.at);
    return WLK_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct wlk_reader rest = {bytes, size, 1};
    if (size == 0)
        return 0;
    if (bytes[0] == 0)
        (void)(try_parts(&rest) == WLK_OK);
    else if (bytes[0] <= CONTENT_LAST)
        try_content(bytes, size);
    else if (bytes[0] >= 0xa0 && bytes[0] <= 0xbf)
        try_header(bytes, size);
    else
        try_record(bytes, size);
    return 0;
}
