/* lanes.c -- what this machine has.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/lanes.h"

bool wlk_lanes_can(enum wlk_lanes_kind kind)
{
#if defined(__x86_64__)
    if (kind == WLK_LANES_AVX512)
        return __builtin_cpu_supports("avx512f");
    if (kind == WLK_LANES_AVX2)
        return __builtin_cpu_supports("avx2");
#endif
    return kind == WLK_LANES_PLAIN;
}

enum wlk_lanes_kind wlk_lanes_best(void)
{
    return wlk_lanes_can(WLK_LANES_AVX512) ? WLK_LANES_AVX512
           : wlk_lanes_can(WLK_LANES_AVX2) ? WLK_LANES_AVX2
                                           : WLK_LANES_PLAIN;
}

const char *wlk_lanes_words(enum wlk_lanes_kind kind)
{
    static const char *const WORDS[WLK_LANES_KINDS] = {"plain", "AVX2", "AVX-512"};
    return WORDS[kind];
}
