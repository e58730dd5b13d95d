/* datagram_fuzz.c -- libFuzzer: what the decoder accepts encodes to the same bytes.
 *
 * The CRC would keep a fuzzer out, so each input is tried as it is and again with its CRC
 * made right. SPDX-License-Identifier: Apache-2.0 */
#include "sensors/datagram.h"

#include "base/assert.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void hold_round_trip(const uint8_t *bytes, size_t size)
{
    struct wlk_datagram datagram;
    struct wlk_fault fault;
    if (wlk_datagram_decode(bytes, size, &datagram, &fault) != WLK_OK) {
        WLK_ASSERT(fault.rule && fault.offset <= size);
        return;
    }
    uint8_t again[WLK_PLOT_DATAGRAM_MAX];
    size_t again_size = 0;
    wlk_status status = wlk_datagram_encode(&datagram, again, sizeof again, &again_size);
    WLK_ASSERT(status == WLK_OK);
    WLK_ASSERT(again_size == size && memcmp(again, bytes, size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    hold_round_trip(bytes, size);
    if (size < 8 || size > WLK_PLOT_DATAGRAM_MAX)
        return 0;
    uint8_t mended[WLK_PLOT_DATAGRAM_MAX];
    memcpy(mended, bytes, size);
    uint32_t crc = wlk_datagram_crc(bytes, size - 4);
    for (unsigned i = 0; i < 4; i++)
        mended[size - 4 + i] = (uint8_t)(crc >> (24 - 8 * i));
    hold_round_trip(mended, size);
    return 0;
}
