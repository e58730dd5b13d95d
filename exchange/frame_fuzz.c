/* frame_fuzz.c -- frames from hostile peers: no crash, and one encoding of what is accepted.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "exchange/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct wlk_lane_mark marks[WLK_HELLO_HEADS_MAX];
    static uint8_t again[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    struct wlk_frame frame;
    size_t cursor = 0, length;
    (void)!wlk_frame_scan(bytes, size, &length);
    if (wlk_frame_decode(bytes, size, &frame) != WLK_OK)
        return 0;
    for (size_t i = 0; i < frame.mark_count; i++) {
        wlk_status status = wlk_frame_mark(&frame, &cursor, &marks[i]);
        WLK_ASSERT(status == WLK_OK);
    }
    struct wlk_writer out = {again, sizeof again, 0};
    wlk_status status = wlk_frame_encode(&frame, marks, &out);
    WLK_ASSERT(status == WLK_OK);
    WLK_ASSERT(out.at == size + WLK_FRAME_PREFIX);
    WLK_ASSERT(!memcmp(again + WLK_FRAME_PREFIX, bytes, size));
    return 0;
}
