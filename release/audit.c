/* audit.c -- appends to and checks the decision log.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/audit.h"

#include "base/assert.h"
#include "record/cbor.h"
#include "record/seal.h"

enum { LENGTH_SIZE = 4, ENTRY_ITEMS = 13 };

static bool is_in_range(const struct wlk_audit_entry *e)
{
    wlk_name name;
    size_t length = strnlen(e->clause, sizeof e->clause);
    return e->time.ns >= 0 && (unsigned)e->kind <= WLK_PASS && length > 0 &&
           length < sizeof e->clause &&
           wlk_cbor_is_clean_text((const uint8_t *)e->clause, length) &&
           wlk_name_parse(e->originator.text, &name) == WLK_OK &&
           wlk_name_parse(e->recipient.text, &name) == WLK_OK;
}

static wlk_status write_groups(struct wlk_writer *out, const uint8_t pass[WLK_GROUP_END])
{
    uint64_t count = 0;
    for (unsigned g = 1; g < WLK_GROUP_END; g++)
        count += pass[g] != 0;
    WLK_TRY(wlk_cbor_write_array(out, count));
    for (unsigned g = 1; g < WLK_GROUP_END; g++)
        if (pass[g])
            WLK_TRY(wlk_cbor_write_uint(out, g));
    return WLK_OK;
}

static wlk_status write_entry(struct wlk_writer *out, const struct wlk_audit_entry *e)
{
    WLK_TRY(wlk_cbor_write_array(out, ENTRY_ITEMS));
    WLK_TRY(wlk_cbor_write_uint(out, e->number));
    WLK_TRY(wlk_cbor_write_int(out, e->time.ns));
    WLK_TRY(wlk_cbor_write_bytes(out, e->prev.bytes, WLK_DIGEST_SIZE));
    WLK_TRY(wlk_cbor_write_bytes(out, e->record.bytes, WLK_DIGEST_SIZE));
    WLK_TRY(wlk_cbor_write_text(out, e->originator.text));
    WLK_TRY(wlk_cbor_write_uint(out, e->lane.record_class));
    WLK_TRY(wlk_cbor_write_uint(out, e->lane.nature));
    WLK_TRY(wlk_cbor_write_uint(out, e->lane.generation));
    WLK_TRY(wlk_cbor_write_uint(out, e->seq));
    WLK_TRY(wlk_cbor_write_text(out, e->recipient.text));
    WLK_TRY(wlk_cbor_write_uint(out, e->kind));
    WLK_TRY(wlk_cbor_write_text(out, e->clause));
    return write_groups(out, e->group_pass);
}

wlk_status wlk_audit_append(struct wlk_audit *audit, const struct wlk_audit_entry *entry,
                            uint8_t *frame, size_t room, size_t *size_out)
{
    uint8_t aside[WLK_AUDIT_FRAME_MAX];
    struct wlk_writer out = {aside, sizeof aside, LENGTH_SIZE};
    struct wlk_writer length = {aside, LENGTH_SIZE, 0};
    struct wlk_audit_entry next = *entry;
    if (!is_in_range(entry))
        return WLK_BAD_INPUT;
    next.number = audit->count + 1;
    next.prev = audit->head;
    WLK_TRY(write_entry(&out, &next));
    WLK_TRY(wlk_write_uint(&length, LENGTH_SIZE, out.at - LENGTH_SIZE));
    if (out.at > room)
        return WLK_FULL;
    memcpy(frame, aside, out.at);
    *size_out = out.at;
    audit->count = next.number;
    wlk_sha256(aside + LENGTH_SIZE, out.at - LENGTH_SIZE, &audit->head);
    return WLK_OK;
}

static wlk_status read_digest(struct wlk_cbor_reader *in, wlk_digest *out)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    WLK_TRY(wlk_cbor_read_bytes(in, WLK_DIGEST_SIZE, WLK_DIGEST_SIZE, &bytes, &size));
    memcpy(out->bytes, bytes, WLK_DIGEST_SIZE);
    return WLK_OK;
}

static wlk_status read_name(struct wlk_cbor_reader *in, wlk_name *out)
{
    char text[WLK_NAME_SIZE];
    WLK_TRY(wlk_cbor_read_text(in, text, sizeof text));
    return wlk_name_parse(text, out);
}

static wlk_status read_groups(struct wlk_cbor_reader *in, uint8_t pass[WLK_GROUP_END])
{
    uint64_t count = 0, next = 1, group = 0;
    memset(pass, 0, WLK_GROUP_END);
    WLK_TRY(wlk_cbor_read_array(in, 0, WLK_GROUP_END - 1, &count));
    for (uint64_t i = 0; i < count; i++) {
        if (next >= WLK_GROUP_END)
            return WLK_BAD_INPUT;
        WLK_TRY(wlk_cbor_read_uint(in, next, WLK_GROUP_END - 1, &group));
        pass[group] = 1;
        next = group + 1;
    }
    return WLK_OK;
}

static wlk_status read_lane(struct wlk_cbor_reader *in, struct wlk_audit_entry *e)
{
    uint64_t number = 0;
    WLK_TRY(wlk_cbor_read_uint(in, 0, WLK_CLASS_END - 1, &number));
    e->lane.record_class = (enum wlk_class)number;
    WLK_TRY(wlk_cbor_read_uint(in, 0, WLK_NATURE_END - 1, &number));
    e->lane.nature = (enum wlk_nature)number;
    WLK_TRY(wlk_cbor_read_uint(in, 0, UINT64_MAX, &e->lane.generation));
    return wlk_cbor_read_uint(in, 0, UINT64_MAX, &e->seq);
}

static wlk_status read_entry(struct wlk_cbor_reader *in, struct wlk_audit_entry *e)
{
    uint64_t count = 0, kind = 0;
    WLK_TRY(wlk_cbor_read_array(in, ENTRY_ITEMS, ENTRY_ITEMS, &count));
    WLK_TRY(wlk_cbor_read_uint(in, 1, UINT64_MAX, &e->number));
    WLK_TRY(wlk_cbor_read_int(in, 0, INT64_MAX, &e->time.ns));
    WLK_TRY(read_digest(in, &e->prev));
    WLK_TRY(read_digest(in, &e->record));
    WLK_TRY(read_name(in, &e->originator));
    WLK_TRY(read_lane(in, e));
    WLK_TRY(read_name(in, &e->recipient));
    WLK_TRY(wlk_cbor_read_uint(in, 0, WLK_PASS, &kind));
    e->kind = (enum wlk_verdict_kind)kind;
    WLK_TRY(wlk_cbor_read_text(in, e->clause, sizeof e->clause));
    WLK_TRY(read_groups(in, e->group_pass));
    return wlk_cbor_end(in);
}

wlk_status wlk_audit_next(struct wlk_audit *audit, const uint8_t *log, size_t size,
                          size_t *offset, struct wlk_audit_entry *out)
{
    struct wlk_reader from = {log, size, *offset};
    struct wlk_cbor_reader in;
    struct wlk_audit_entry entry;
    const uint8_t *bytes = NULL;
    uint64_t length = 0;
    if (*offset >= size)
        return WLK_NOT_YET;
    WLK_TRY(wlk_read_uint(&from, LENGTH_SIZE, &length));
    if (length > WLK_AUDIT_FRAME_MAX - LENGTH_SIZE)
        return WLK_BAD_INPUT;
    WLK_TRY(wlk_read_view(&from, (size_t)length, &bytes));
    memset(&entry, 0, sizeof entry);
    wlk_cbor_init(&in, bytes, (size_t)length);
    WLK_TRY(read_entry(&in, &entry));
    if (entry.number != audit->count + 1 || !wlk_digest_equal(&entry.prev, &audit->head))
        return WLK_BAD_INPUT;
    audit->count = entry.number;
    wlk_sha256(bytes, (size_t)length, &audit->head);
    *offset = from.at;
    *out = entry;
    return WLK_OK;
}

void wlk_audit_head(const uint8_t *frame, size_t size, wlk_digest *out)
{
    size_t offset = size < LENGTH_SIZE ? size : LENGTH_SIZE;
    wlk_sha256(frame + offset, size - offset, out);
}

wlk_status wlk_audit_verify(const uint8_t *log, size_t size, const struct wlk_audit *expected,
                            struct wlk_audit *out, struct wlk_fault *fault)
{
    struct wlk_audit audit;
    struct wlk_audit_entry entry;
    size_t offset = 0;
    wlk_status status = WLK_OK;
    memset(&audit, 0, sizeof audit);
    bool is_met = !expected || expected->count == 0;
    while ((status = wlk_audit_next(&audit, log, size, &offset, &entry)) == WLK_OK)
        if (expected && audit.count == expected->count)
            is_met = wlk_digest_equal(&audit.head, &expected->head);
    if (status != WLK_NOT_YET || !is_met) {
        wlk_fault_set(fault,
                      status != WLK_NOT_YET ? "an entry is not the successor of the one before"
                                            : "the head that was shown is not in the log",
                      "entry %llu", (unsigned long long)(audit.count + 1));
        if (fault)
            fault->offset = offset;
        return WLK_BAD_INPUT;
    }
    *out = audit;
    return WLK_OK;
}
