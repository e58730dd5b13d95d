/* references_fuzz.c -- libFuzzer: what is accepted has places at rising times, and asking for
 * them gives numbers. SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "sensors/references.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { TEXT_MAX = 65536 };

static struct wlk_references references, before;
static struct wlk_reference_cache cache;

static void ask(size_t object)
{
    const struct wlk_reference *of = &references.object[object];
    WLK_ASSERT(of->count > 0 && of->first + of->count <= references.point_count);
    for (size_t i = 0; i < of->count; i++) {
        const struct wlk_reference_point *point = &references.point[of->first + i];
        WLK_ASSERT(i == 0 || point[-1].time.ns < point->time.ns);
        for (int by_s = -601; by_s <= 601; by_s += 200) {
            double x[6], sigma_m;
            wlk_utc time = wlk_utc_add(point->time, by_s);
            if (!wlk_references_at(&references, object, time, x, &sigma_m))
                continue;
            WLK_ASSERT(sigma_m > 0 && sigma_m <= 1000);
            for (int k = 0; k < 6; k++)
                WLK_ASSERT(isfinite(x[k]));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static char text[TEXT_MAX + 1];
    struct wlk_fault fault = {.rule = NULL};
    wlk_utc from, to;
    if (size > TEXT_MAX)
        return 0;
    memcpy(text, bytes, size);
    text[size] = 0;
    before = references;
    if (wlk_references_parse("fuzz", text, &references, &fault) != WLK_OK) {
        WLK_ASSERT(fault.rule);
        WLK_ASSERT(memcmp(&before, &references, sizeof before) == 0);
        return 0;
    }
    WLK_ASSERT(references.version == before.version + 1);
    for (size_t i = 0; i < references.count && i < 8; i++)
        ask(i);
    if (!wlk_references_span(&references, &from, &to))
        return 0;
    struct wlk_plot plot = {.time = from,
                            .seen = {1e6, 1, 0.5},
                            .range_sigma_m = 50,
                            .azimuth_sigma_rad = 1e-3,
                            .elevation_sigma_rad = 1e-3};
    struct wlk_known known;
    if (wlk_references_find(&references, &cache, &plot, &known))
        WLK_ASSERT(isfinite(known.position.x) && known.sigma_m > 0);
    return 0;
}
