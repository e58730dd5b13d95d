/* frame_fuzz.c -- is whatever frame is accepted the one encoding of what it says?
 *
 * The first byte says what the input is: even, a frame without its length prefix; odd, a
 * stream in which a frame is looked for. SPDX-License-Identifier: Apache-2.0 */
#include "exchange/frame.h"

#include "base/assert.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void try_frame(const uint8_t *bytes, size_t size)
{
    static struct wlk_lane_mark mark[WLK_HELLO_HEADS_MAX];
    static uint8_t again[WLK_FRAME_PREFIX + WLK_FRAME_SIZE_MAX];
    struct wlk_frame frame;
    if (wlk_frame_decode(bytes, size, &frame) != WLK_OK)
        return;
    WLK_ASSERT(frame.kind > 0 && frame.kind < WLK_FRAME_END);
    size_t count = 0, cursor = 0;
    if (frame.kind == WLK_FRAME_HELLO) {
        WLK_ASSERT(frame.mark_count <= WLK_HELLO_HEADS_MAX);
        while (count < frame.mark_count) {
            wlk_status status = wlk_frame_mark(&frame, &cursor, &mark[count]);
            WLK_ASSERT(status == WLK_OK);
            count++;
        }
        struct wlk_lane_mark more;
        wlk_status status = wlk_frame_mark(&frame, &cursor, &more);
        WLK_ASSERT(status == WLK_NOT_YET);
    }
    struct wlk_writer to = {again, sizeof again, 0};
    wlk_status status = wlk_frame_encode(&frame, mark, &to);
    WLK_ASSERT(status == WLK_OK);
    WLK_ASSERT(to.at == WLK_FRAME_PREFIX + size);
    WLK_ASSERT(memcmp(again + WLK_FRAME_PREFIX, bytes, size) == 0);
    size_t found = 0;
    status = wlk_frame_scan(again, to.at, &found);
    WLK_ASSERT(status == WLK_OK && found == size);
}

/* However long the stream is, what is found lies inside it. */
static void try_stream(const uint8_t *bytes, size_t size)
{
    size_t at = 0, found;
    while (wlk_frame_scan(bytes + at, size - at, &found) == WLK_OK) {
        WLK_ASSERT(found > 0 && found <= WLK_FRAME_SIZE_MAX);
        WLK_ASSERT(found <= size - at - WLK_FRAME_PREFIX);
        try_frame(bytes + at + WLK_FRAME_PREFIX, found);
        at += WLK_FRAME_PREFIX + found;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    if (bytes[0] % 2)
        try_stream(bytes + 1, size - 1);
    else
        try_frame(bytes + 1, size - 1);
    return 0;
}
