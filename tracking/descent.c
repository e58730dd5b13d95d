/* descent.c -- which kind of descent.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/descent.h"

#include "tracking/descent_lanes.h"

wlk_status wlk_descent_fly(struct wlk_descent *descent, enum wlk_lanes_kind kind)
{
#if defined(__x86_64__)
    if (kind == WLK_LANES_AVX512)
        return wlk_descent_avx512(descent);
    if (kind == WLK_LANES_AVX2)
        return wlk_descent_avx2(descent);
#endif
    (void)kind;
    return wlk_descent_plain(descent);
}
