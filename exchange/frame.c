/* frame.c -- reads and writes the frames of a link.
 *
 * First parser behind TLS: bytes here come from an authenticated peer and are still hostile.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/frame.h"

#include "base/assert.h"

static wlk_status read_name(struct wlk_reader *in, wlk_name *out)
{
    uint64_t size;
    const uint8_t *text;
    WLK_TRY(wlk_read_uint(in, 1, &size));
    WLK_TRY(wlk_read_view(in, size, &text));
    return wlk_name_from_bytes(text, size, out);
}

static wlk_status write_name(struct wlk_writer *out, const wlk_name *name)
{
    size_t size = strnlen(name->text, sizeof name->text);
    WLK_TRY(wlk_write_uint(out, 1, size));
    return wlk_write_bytes(out, (const uint8_t *)name->text, size);
}

/* originator, arrangement, class 1, nature 1, generation 8, seq 8 */
static wlk_status read_mark(struct wlk_reader *in, struct wlk_lane_mark *out)
{
    uint64_t record_class, nature;
    memset(out, 0, sizeof *out);
    WLK_TRY(read_name(in, &out->originator));
    WLK_TRY(read_name(in, &out->lane.arrangement));
    WLK_TRY(wlk_read_uint(in, 1, &record_class));
    WLK_TRY(wlk_read_uint(in, 1, &nature));
    WLK_TRY(wlk_read_uint(in, 8, &out->lane.generation));
    WLK_TRY(wlk_read_uint(in, 8, &out->seq));
    if (record_class < 1 || record_class >= WLK_CLASS_END ||
        record_class == WLK_CLASS_STATUS || nature < 1 || nature >= WLK_NATURE_END)
        return WLK_BAD_INPUT;
    if (out->lane.generation < 1 || out->lane.generation > INT64_MAX || out->seq > INT64_MAX)
        return WLK_BAD_INPUT;
    out->lane.record_class = (enum wlk_class)record_class;
    out->lane.nature = (enum wlk_nature)nature;
    return WLK_OK;
}

static wlk_status write_mark(struct wlk_writer *out, const struct wlk_lane_mark *mark)
{
    WLK_TRY(write_name(out, &mark->originator));
    WLK_TRY(write_name(out, &mark->lane.arrangement));
    WLK_TRY(wlk_write_uint(out, 1, mark->lane.record_class));
    WLK_TRY(wlk_write_uint(out, 1, mark->lane.nature));
    WLK_TRY(wlk_write_uint(out, 8, mark->lane.generation));
    return wlk_write_uint(out, 8, mark->seq);
}

static wlk_status read_hello(struct wlk_reader *in, struct wlk_frame *out)
{
    uint64_t version, link, count;
    WLK_TRY(wlk_read_uint(in, 1, &version));
    WLK_TRY(read_name(in, &out->sender));
    WLK_TRY(wlk_read_uint(in, 1, &link));
    WLK_TRY(wlk_read_uint(in, 2, &count));
    if (version != WLK_LINK_VERSION || link < 1 || link >= WLK_CLASS_NOTICE ||
        count > WLK_HELLO_HEADS_MAX)
        return WLK_BAD_INPUT;
    out->link = (enum wlk_class)link;
    out->mark_count = count;
    out->marks = in->bytes + in->at;
    out->marks_size = in->size - in->at;
    for (size_t i = 0; i < count; i++) {
        struct wlk_lane_mark mark;
        WLK_TRY(read_mark(in, &mark));
    }
    return WLK_OK;
}

static wlk_status read_ack(struct wlk_reader *in, struct wlk_frame *out)
{
    uint64_t stage;
    WLK_TRY(read_mark(in, &out->mark));
    WLK_TRY(wlk_read_uint(in, 1, &stage));
    if (stage != WLK_ACK_RECEIVED && stage != WLK_ACK_DURABLE)
        return WLK_BAD_INPUT;
    out->stage = (enum wlk_ack_stage)stage;
    return WLK_OK;
}

static wlk_status read_ask(struct wlk_reader *in, struct wlk_frame *out)
{
    WLK_TRY(read_mark(in, &out->mark));
    WLK_TRY(wlk_read_uint(in, 8, &out->last));
    if (out->mark.seq < 1 || out->last < out->mark.seq || out->last > INT64_MAX)
        return WLK_BAD_INPUT;
    return WLK_OK;
}

/* The rest of the frame, at least one byte. */
static wlk_status read_rest(struct wlk_reader *in, size_t size_max, struct wlk_frame *out)
{
    out->size = in->size - in->at;
    if (out->size < 1 || out->size > size_max)
        return WLK_BAD_INPUT;
    return wlk_read_view(in, out->size, &out->bytes);
}

static wlk_status read_statement(struct wlk_reader *in, struct wlk_frame *out)
{
    uint64_t kind;
    WLK_TRY(wlk_read_uint(in, 1, &kind));
    if (kind < 1)
        return WLK_BAD_INPUT;
    out->statement = (uint8_t)kind;
    return read_rest(in, WLK_RECORD_SIZE_MAX, out);
}

static wlk_status read_body(struct wlk_reader *in, struct wlk_frame *out)
{
    switch (out->kind) {
    case WLK_FRAME_HELLO:
        return read_hello(in, out);
    case WLK_FRAME_RECORD:
        return read_rest(in, WLK_RECORD_SIZE_MAX, out);
    case WLK_FRAME_ACK:
        return read_ack(in, out);
    case WLK_FRAME_ASK:
        return read_ask(in, out);
    case WLK_FRAME_STATEMENT:
        return read_statement(in, out);
    case WLK_FRAME_PING:
    case WLK_FRAME_PONG:
        return wlk_read_uint(in, 8, &out->token);
    case WLK_FRAME_END:
        break;
    }
    return WLK_BAD_INPUT;
}

wlk_status wlk_frame_decode(const uint8_t *bytes, size_t size, struct wlk_frame *out)
{
    struct wlk_reader in = {bytes, size, 0};
    struct wlk_frame frame = {0};
    uint64_t kind;
    if (size > WLK_FRAME_SIZE_MAX)
        return WLK_BAD_INPUT;
    WLK_TRY(wlk_read_uint(&in, 1, &kind));
    if (kind < 1 || kind >= WLK_FRAME_END)
        return WLK_BAD_INPUT;
    frame.kind = (enum wlk_frame_kind)kind;
    WLK_TRY(read_body(&in, &frame));
    if (in.at != in.size)
        return WLK_BAD_INPUT;
    *out = frame;
    return WLK_OK;
}

wlk_status wlk_frame_mark(const struct wlk_frame *hello, size_t *cursor,
                          struct wlk_lane_mark *out)
{
    struct wlk_reader in = {hello->marks, hello->marks_size, *cursor};
    struct wlk_lane_mark mark;
    if (in.at >= in.size)
        return WLK_NOT_YET;
    WLK_TRY(read_mark(&in, &mark));
    *cursor = in.at;
    *out = mark;
    return WLK_OK;
}

static wlk_status write_hello(struct wlk_writer *out, const struct wlk_frame *frame,
                              const struct wlk_lane_mark *marks)
{
    WLK_TRY(wlk_write_uint(out, 1, WLK_LINK_VERSION));
    WLK_TRY(write_name(out, &frame->sender));
    WLK_TRY(wlk_write_uint(out, 1, frame->link));
    WLK_TRY(wlk_write_uint(out, 2, frame->mark_count));
    for (size_t i = 0; i < frame->mark_count; i++)
        WLK_TRY(write_mark(out, &marks[i]));
    return WLK_OK;
}

static wlk_status write_body(struct wlk_writer *out, const struct wlk_frame *frame,
                             const struct wlk_lane_mark *marks)
{
    switch (frame->kind) {
    case WLK_FRAME_HELLO:
        return write_hello(out, frame, marks);
    case WLK_FRAME_RECORD:
        return wlk_write_bytes(out, frame->bytes, frame->size);
    case WLK_FRAME_ACK:
        WLK_TRY(write_mark(out, &frame->mark));
        return wlk_write_uint(out, 1, frame->stage);
    case WLK_FRAME_ASK:
        WLK_TRY(write_mark(out, &frame->mark));
        return wlk_write_uint(out, 8, frame->last);
    case WLK_FRAME_STATEMENT:
        WLK_TRY(wlk_write_uint(out, 1, frame->statement));
        return wlk_write_bytes(out, frame->bytes, frame->size);
    case WLK_FRAME_PING:
    case WLK_FRAME_PONG:
        return wlk_write_uint(out, 8, frame->token);
    case WLK_FRAME_END:
        break;
    }
    WLK_ASSERT(frame->kind > 0 && frame->kind < WLK_FRAME_END);
    return WLK_BAD_INPUT;
}

wlk_status wlk_frame_encode(const struct wlk_frame *frame, const struct wlk_lane_mark *marks,
                            struct wlk_writer *out)
{
    struct wlk_writer writer = *out;
    WLK_TRY(wlk_write_uint(&writer, WLK_FRAME_PREFIX, 0));
    WLK_TRY(wlk_write_uint(&writer, 1, frame->kind));
    WLK_TRY(write_body(&writer, frame, marks));
    size_t length = writer.at - out->at - WLK_FRAME_PREFIX;
    if (length > WLK_FRAME_SIZE_MAX)
        return WLK_FULL;
    struct wlk_writer prefix = *out;
    WLK_TRY(wlk_write_uint(&prefix, WLK_FRAME_PREFIX, length));
    *out = writer;
    return WLK_OK;
}

wlk_status wlk_frame_scan(const uint8_t *stream, size_t size, size_t *size_out)
{
    struct wlk_reader in = {stream, size, 0};
    uint64_t length;
    if (wlk_read_uint(&in, WLK_FRAME_PREFIX, &length) != WLK_OK)
        return WLK_NOT_YET;
    if (length < 1 || length > WLK_FRAME_SIZE_MAX)
        return WLK_BAD_INPUT;
    if (in.size - in.at < length)
        return WLK_NOT_YET;
    *size_out = length;
    return WLK_OK;
}
