/* frame.h -- what goes over a link: length, kind, body; docs/formats/link.md.
 *
 * Strict: one encoding of each frame, nothing may follow it. Numbers big-endian.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EXCHANGE_FRAME_H
#define WLK_EXCHANGE_FRAME_H

#include "base/bytes.h"
#include "record/header.h"

enum {
    WLK_LINK_VERSION = 1,
    WLK_FRAME_PREFIX = 4,     /* bytes of length; the length counts what follows it */
    WLK_HELLO_HEADS_MAX = 512 /* lanes in one HELLO */
};

enum wlk_frame_kind {
    WLK_FRAME_HELLO = 1,
    WLK_FRAME_RECORD = 2,
    WLK_FRAME_ACK = 3,
    WLK_FRAME_ASK = 4,
    WLK_FRAME_STATEMENT = 5,
    WLK_FRAME_PING = 6,
    WLK_FRAME_PONG = 7,
    WLK_FRAME_END = 8
};

enum wlk_ack_stage { WLK_ACK_RECEIVED = 1, WLK_ACK_DURABLE = 2 };

/* How far the sender of a HELLO has a lane: without a gap up to seq. */
struct wlk_lane_mark {
    wlk_name originator;
    struct wlk_lane lane;
    uint64_t seq;
};

struct wlk_frame {
    enum wlk_frame_kind kind;
    /* HELLO */
    wlk_name sender;
    enum wlk_class link;     /* warn, track, plot or status */
    size_t mark_count;       /* read with wlk_frame_mark */
    const uint8_t *marks;
    size_t marks_size;
    /* ACK: mark, stage. ASK: mark.seq is the first wanted, last the last. */
    struct wlk_lane_mark mark;
    enum wlk_ack_stage stage;
    uint64_t last;
    /* STATEMENT: statement, bytes. RECORD: bytes. Views. */
    uint8_t statement;
    const uint8_t *bytes;
    size_t size;
    uint64_t token; /* PING, PONG */
};

/* Reads one frame, its length prefix removed. *out has views into bytes.
 * WLK_BAD_INPUT; *out untouched. */
wlk_status wlk_frame_decode(const uint8_t *bytes, size_t size,
                            struct wlk_frame *out) WLK_MUST_USE;

/* The next mark of a HELLO; start with an all-zero cursor. WLK_NOT_YET no more.
 * (All marks were checked by wlk_frame_decode.) */
wlk_status wlk_frame_mark(const struct wlk_frame *hello, size_t *cursor,
                          struct wlk_lane_mark *out) WLK_MUST_USE;

/* Writes a frame with its length prefix. For a HELLO marks[0..mark_count) are written.
 * WLK_FULL no room; nothing is written. */
wlk_status wlk_frame_encode(const struct wlk_frame *frame, const struct wlk_lane_mark *marks,
                            struct wlk_writer *out) WLK_MUST_USE;

/* Looks for one frame at the start of a stream.
 * WLK_OK *size_out bytes of frame stand behind the prefix; WLK_NOT_YET more is needed;
 * WLK_BAD_INPUT length 0 or over WLK_FRAME_SIZE_MAX: cut the connection. */
wlk_status wlk_frame_scan(const uint8_t *stream, size_t size, size_t *size_out) WLK_MUST_USE;

#endif
