/* heap_test.c -- memory is taken at start: while a hub and three nations live through a launch,
 * none of our objects asks for any. Libraries keep their own allocations: the linker's --wrap
 * redirects what our objects call, and nothing else.
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/tap.h"
#include "programs/coalition.h"
#include "programs/share.h"

#include <stdlib.h>

void *__wrap_malloc(size_t size);
void *__real_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_realloc(void *bytes, size_t size);
void *__real_realloc(void *bytes, size_t size);

static bool is_watching;
static size_t before, after;
static const void *culprit; /* where the first came from: addr2line says more */

static void note(const void *caller)
{
    before += !is_watching;
    after += is_watching;
    if (is_watching && !culprit)
        culprit = caller;
}

void *__wrap_malloc(size_t size)
{
    note(__builtin_return_address(0));
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    note(__builtin_return_address(0));
    return __real_calloc(count, size);
}

void *__wrap_realloc(void *bytes, size_t size)
{
    note(__builtin_return_address(0));
    return __real_realloc(bytes, size);
}

/* Takes what nations have to say, as their processes do. */
static void drain(struct wlk_coalition *coalition, size_t *said)
{
    static struct wlk_entry entry;
    static struct wlk_warning warning;
    for (size_t i = 0; i < wlk_coalition_count(coalition); i++) {
        struct wlk_nation *nation = wlk_coalition_nation(coalition, i);
        while (nation && wlk_nation_entry(nation, &entry))
            *said += 1;
        while (nation && wlk_nation_warning(nation, &warning))
            *said += 1;
    }
}

int main(void)
{
    static struct wlk_history history;
    static struct wlk_pact pact;
    struct wlk_scenario *scenario = NULL;
    struct wlk_coalition *coalition = NULL;
    struct wlk_fault fault = {0};
    char path[1024], areas[1024];
    wlk_utc origin = {INT64_C(1795392000000000000)};
    wlk_status status = wlk_share_path("rehearsal/history.txt", path, sizeof path);
    if (status == WLK_OK)
        status = wlk_share_path("areas", areas, sizeof areas);
    if (status == WLK_OK)
        status = wlk_history_read(path, &history, &fault);
    if (status == WLK_OK)
        status = wlk_scenario_open(&history, "2017-05-29", "default", &scenario, &fault);
    if (status == WLK_OK)
        status = wlk_coalition_pact(origin, NULL, &pact, &fault);
    struct wlk_coalition_setup setup = {.scenario_view = scenario,
                                        .pact_view = &pact,
                                        .column = WLK_COLUMN_AFTER,
                                        .seed = 1,
                                        .origin = origin,
                                        .areas_folder = areas};
    if (status == WLK_OK)
        status = wlk_coalition_open(&setup, &coalition, &fault);
    if (!wlk_check(status == WLK_OK, "a hub and three nations open"))
        return wlk_tap_done();
    size_t said = 0, steps = 0;
    wlk_check(before > 20, "what they take at start is seen: %zu times", before);
    is_watching = true;
    for (; wlk_coalition_step(coalition); steps++)
        drain(coalition, &said);
    is_watching = false;
    wlk_check(steps > 1000 && said > 20, "they live through a launch: %zu steps, %zu words",
              steps, said);
    wlk_check(after == 0, "and take no memory: %zu times, first at %p", after, culprit);
    wlk_coalition_close(coalition);
    wlk_scenario_close(scenario);
    wlk_pact_clear(&pact);
    return wlk_tap_done();
}
