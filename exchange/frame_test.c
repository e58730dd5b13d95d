/* frame_test.c -- is there one encoding of each frame, and nothing else accepted?
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"
#include "base/tap.h"
#include "exchange/frame.h"

#include <string.h>

static struct wlk_lane_mark mark_of(uint64_t seq)
{
    struct wlk_lane_mark mark = {
        wlk_name_of("KR"), {wlk_name_of("TMW-1"), WLK_CLASS_TRACK, WLK_NATURE_REAL, 7}, seq};
    return mark;
}

static struct wlk_frame sample(enum wlk_frame_kind kind)
{
    static const uint8_t bytes[] = {1, 2, 3, 4, 5};
    struct wlk_frame frame = {.kind = kind};
    switch (kind) {
    case WLK_FRAME_HELLO:
        frame.sender = wlk_name_of("JP");
        frame.link = WLK_CLASS_TRACK;
        frame.mark_count = 2;
        break;
    case WLK_FRAME_RECORD:
        frame.bytes = bytes;
        frame.size = sizeof bytes;
        break;
    case WLK_FRAME_STATEMENT:
        frame.statement = 1;
        frame.bytes = bytes;
        frame.size = sizeof bytes;
        break;
    case WLK_FRAME_ACK:
        frame.mark = mark_of(12);
        frame.stage = WLK_ACK_DURABLE;
        break;
    case WLK_FRAME_ASK:
        frame.mark = mark_of(12);
        frame.last = 15;
        break;
    default:
        frame.token = 99;
    }
    return frame;
}

static size_t encode(enum wlk_frame_kind kind, uint8_t *room, size_t size)
{
    struct wlk_lane_mark marks[2] = {mark_of(3), mark_of(4)};
    struct wlk_frame frame = sample(kind);
    struct wlk_writer out = {room, size, 0};
    return wlk_frame_encode(&frame, marks, &out) == WLK_OK ? out.at : 0;
}

static void test_round_trip(void)
{
    for (int k = WLK_FRAME_HELLO; k < WLK_FRAME_END; k++) {
        uint8_t room[256], again[256];
        struct wlk_frame frame;
        struct wlk_lane_mark marks[2];
        size_t size = encode((enum wlk_frame_kind)k, room, sizeof room), length = 0, cursor = 0;
        bool is_read = wlk_frame_scan(room, size, &length) == WLK_OK &&
                       length + WLK_FRAME_PREFIX == size &&
                       wlk_frame_decode(room + WLK_FRAME_PREFIX, length, &frame) == WLK_OK;
        wlk_check(is_read, "frame kind %d is read back", k);
        for (size_t i = 0; is_read && i < frame.mark_count; i++)
            is_read = wlk_frame_mark(&frame, &cursor, &marks[i]) == WLK_OK;
        struct wlk_writer out = {again, sizeof again, 0};
        wlk_check(is_read && wlk_frame_encode(&frame, marks, &out) == WLK_OK &&
                      out.at == size && !memcmp(again, room, size),
                  "and written again gives the same bytes");
        bool is_short_refused = true;
        for (size_t cut = 0; cut < length; cut++) {
            struct wlk_frame untouched = {.token = 4711};
            bool is_open_ended = (k == WLK_FRAME_RECORD || k == WLK_FRAME_STATEMENT) &&
                                 cut >= (k == WLK_FRAME_RECORD ? 2u : 3u);
            bool refused = wlk_frame_decode(room + WLK_FRAME_PREFIX, cut, &untouched) ==
                               WLK_BAD_INPUT && untouched.token == 4711;
            is_short_refused = is_short_refused && (refused || is_open_ended);
        }
        wlk_check(is_short_refused, "cut anywhere it is refused and nothing is written");
        out.size = size - 1;
        out.at = 0;
        wlk_check(wlk_frame_encode(&frame, marks, &out) == WLK_FULL && out.at == 0,
                  "a room one byte too small is refused and does not move");
    }
}

static void test_refusals(void)
{
    uint8_t room[256];
    struct wlk_frame frame;
    size_t length = 0;
    size_t size = encode(WLK_FRAME_PING, room, sizeof room);
    room[size] = 0;
    wlk_check(wlk_frame_decode(room + 4, size - 4 + 1, &frame) == WLK_BAD_INPUT,
              "a byte behind a frame is refused");
    size = encode(WLK_FRAME_HELLO, room, sizeof room);
    room[5] = 2;
    wlk_check(wlk_frame_decode(room + 4, size - 4, &frame) == WLK_BAD_INPUT,
              "another protocol version is refused");
    size = encode(WLK_FRAME_ACK, room, sizeof room);
    room[size - 1] = 9;
    wlk_check(wlk_frame_decode(room + 4, size - 4, &frame) == WLK_BAD_INPUT,
              "an unknown stage is refused");
    size = encode(WLK_FRAME_ASK, room, sizeof room);
    room[size - 1] = 3;
    wlk_check(wlk_frame_decode(room + 4, size - 4, &frame) == WLK_BAD_INPUT,
              "a question for a range that ends before it begins is refused");
    memset(room, 0xff, 8);
    wlk_check(wlk_frame_scan(room, 8, &length) == WLK_BAD_INPUT, "a huge length is refused");
    memset(room, 0, 8);
    wlk_check(wlk_frame_scan(room, 8, &length) == WLK_BAD_INPUT, "length 0 is refused");
    wlk_check(wlk_frame_scan(room, 3, &length) == WLK_NOT_YET, "half a prefix is not yet");
}

static void test_noise(void)
{
    struct wlk_random random = wlk_random_seeded(11, 0);
    bool is_stable = true;
    for (int i = 0; i < 200000; i++) {
        uint8_t room[128], again[160];
        struct wlk_frame frame;
        enum wlk_frame_kind kind =
            (enum wlk_frame_kind)(1 + wlk_random_below(&random, WLK_FRAME_END - 1));
        size_t size = encode(kind, room, sizeof room);
        for (uint64_t n = 1 + wlk_random_below(&random, 3); n > 0; n--)
            room[4 + wlk_random_below(&random, size - 4)] ^=
                (uint8_t)(1u << wlk_random_below(&random, 8));
        if (wlk_frame_decode(room + 4, size - 4, &frame) != WLK_OK)
            continue;
        struct wlk_lane_mark marks[8];
        size_t cursor = 0;
        for (size_t m = 0; m < frame.mark_count && m < 8; m++)
            is_stable = is_stable && wlk_frame_mark(&frame, &cursor, &marks[m]) == WLK_OK;
        struct wlk_writer out = {again, sizeof again, 0};
        is_stable = is_stable && wlk_frame_encode(&frame, marks, &out) == WLK_OK &&
                    out.at == size && !memcmp(again + 4, room + 4, size - 4);
    }
    wlk_check(is_stable, "of 200000 damaged frames each accepted one has only that encoding");
}

int main(void)
{
    test_round_trip();
    test_refusals();
    test_noise();
    return wlk_tap_done();
}
