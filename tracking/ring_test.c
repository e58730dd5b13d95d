/* ring_test.c -- plots in order whatever order they come in; what a track was.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/history.h"
#include "tracking/ring.h"

#include "base/random.h"
#include "base/tap.h"

static struct wlk_ring_plot plot_at(double seconds, const char *sensor, uint64_t number)
{
    wlk_utc time = wlk_utc_add((wlk_utc){1500000000000000000}, seconds);
    struct wlk_ring_plot plot = {.scan = wlk_scan_of(time, wlk_name_of(sensor)),
                                 .number = number};
    plot.look.time = time;
    return plot;
}

static void check_order(void)
{
    struct wlk_random random = wlk_random_seeded(1, 1);
    struct wlk_ring ring;
    size_t index, put = 0;
    if (wlk_ring_open(&ring) != WLK_OK)
        return;
    for (int i = 0; i < 3000; i++) {
        double t = i * 0.1 - 5 * wlk_random_uniform(&random);
        struct wlk_ring_plot plot = plot_at(t, i % 2 ? "A" : "B", (uint64_t)i);
        put += wlk_ring_put(&ring, &plot, &index) == WLK_OK;
    }
    bool is_sorted = true;
    for (size_t i = 1; i < ring.count; i++)
        is_sorted = is_sorted && wlk_scan_compare(&wlk_ring_at(&ring, i - 1)->scan,
                                                  &wlk_ring_at(&ring, i)->scan) <= 0;
    double span = wlk_utc_seconds(wlk_ring_at(&ring, ring.count - 1)->look.time,
                                  wlk_ring_at(&ring, 0)->look.time);
    wlk_check(put == 3000, "late plots are all taken");
    wlk_check(is_sorted, "and stand in order of their scans");
    wlk_check(span < 131 && span > 115, "of the last two minutes (%.0f s)", span);
    struct wlk_scan scan = wlk_ring_at(&ring, 700)->scan;
    size_t found = wlk_ring_find(&ring, &scan);
    wlk_check(wlk_scan_compare(&wlk_ring_at(&ring, found)->scan, &scan) == 0 &&
                  wlk_scan_compare(&wlk_ring_at(&ring, found - 1)->scan, &scan) < 0,
              "a scan is found at its first plot");
    bool is_first = true;
    for (size_t i = 0; i < ring.count; i++)
        is_first = is_first && wlk_ring_first(&ring, i) ==
                                   wlk_ring_find(&ring, &wlk_ring_at(&ring, i)->scan);
    wlk_check(is_first, "from each of its plots");
    struct wlk_ring_plot again = *wlk_ring_at(&ring, 700);
    wlk_check(wlk_ring_put(&ring, &again, &index) == WLK_KNOWN, "a plot there is known");
    again = plot_at(100, "A", 1);
    wlk_check(wlk_ring_put(&ring, &again, &index) == WLK_STALE, "an old one is stale");
    wlk_ring_close(&ring);
}

static void check_full(void)
{
    struct wlk_ring ring;
    size_t index;
    bool is_taken = true;
    if (wlk_ring_open(&ring) != WLK_OK)
        return;
    for (uint64_t i = 0; i < WLK_RING_SIZE + 100; i++) {
        struct wlk_ring_plot plot = plot_at(1e-3 * (double)i, "A", i);
        is_taken = is_taken && wlk_ring_put(&ring, &plot, &index) == WLK_OK;
    }
    wlk_check(is_taken && ring.count == WLK_RING_SIZE, "a full ring drops its oldest");
    bool is_first = true;
    for (size_t i = 0; i < ring.count; i += 37)
        is_first = is_first && wlk_ring_first(&ring, i) ==
                                   wlk_ring_find(&ring, &wlk_ring_at(&ring, i)->scan);
    wlk_check(is_first, "the first of a scan of hundreds is found from each");
    wlk_check(wlk_ring_at(&ring, 0)->number == 100, "and only those");
    struct wlk_ring_plot early = plot_at(-1, "A", 0);
    wlk_check(wlk_ring_put(&ring, &early, &index) == WLK_STALE,
              "one older than all is stale then");
    wlk_ring_close(&ring);
}

static struct wlk_history_pool pool;
enum { MOMENTS = 100 };

static void check_history(void)
{
    struct wlk_history history = {.count = 0};
    if (wlk_history_open(MOMENTS, &pool) != WLK_OK)
        return;
    for (int i = 0; i < 600; i++) { /* three a second */
        struct wlk_ring_plot plot = plot_at(i / 3.0, "A", 0);
        struct wlk_moment *moment = wlk_history_add(&pool, &history, plot.scan.quarter);
        moment->scan = plot.scan;
        moment->plot_count = (uint32_t)i;
    }
    wlk_check(history.count <= WLK_HISTORY_MAX, "a history stays within its bound (%d)",
              history.count);
    wlk_check(pool.unused_count + history.count == MOMENTS, "no moment is lost");
    bool is_right = true;
    for (double t = 90; t < 200; t += 1) {
        struct wlk_scan scan = plot_at(t, "A", 0).scan;
        if (scan.quarter < pool.thinned)
            scan.quarter -= scan.quarter % WLK_HISTORY_QUARTERS;
        memset(&scan.sensor, 0, sizeof scan.sensor);
        const struct wlk_moment *moment = wlk_history_before(&pool, &history, &scan);
        /* the last of all moments before the scan must be the one that is kept */
        int expected = 599;
        while (expected > 0 && plot_at(expected / 3.0, "A", 0).scan.quarter >= scan.quarter)
            expected--;
        is_right = is_right && moment && moment->plot_count == (uint32_t)expected;
    }
    wlk_check(is_right, "back to any four seconds of the last two minutes: none is missing");
    struct wlk_scan scan = plot_at(150, "A", 0).scan;
    wlk_history_cut(&pool, &history, &scan);
    wlk_check(wlk_history_newest(&pool, &history)->scan.quarter < scan.quarter,
              "cut: nothing of the scan or later is left");
    wlk_history_clear(&pool, &history);
    wlk_check(pool.unused_count == MOMENTS, "cleared: all is given back");
    wlk_history_close(&pool);
}

static void check_looks(void)
{
    struct wlk_moment moment = {.plot_count = 0};
    struct wlk_ring_plot plot = plot_at(10, "A", 1);
    plot.apart_s = 1.2;
    wlk_check(!wlk_moment_is_too_soon(&moment, &plot), "a sensor that has not looked may look");
    wlk_moment_note_look(&moment, &plot);
    for (int i = 0; i < 3; i++) {
        struct wlk_ring_plot other = plot_at(10.1 + i, i == 0 ? "B" : i == 1 ? "C" : "D", 1);
        wlk_moment_note_look(&moment, &other);
    }
    plot.look.time = wlk_utc_add(plot.look.time, 1.1);
    wlk_check(wlk_moment_is_too_soon(&moment, &plot),
              "three others later it is still remembered: 1.1 s is too soon for it");
    plot.look.time = wlk_utc_add(plot.look.time, 0.2);
    wlk_check(!wlk_moment_is_too_soon(&moment, &plot), "1.3 s is not");
    plot.scan.sensor = wlk_name_of("C");
    wlk_check(wlk_moment_is_too_soon(&moment, &plot), "each sensor has its own time");
    plot.apart_s = 0;
    wlk_check(!wlk_moment_is_too_soon(&moment, &plot), "an unknown revisit forbids nothing");
}

int main(void)
{
    check_looks();
    check_order();
    check_full();
    check_history();
    return wlk_tap_done();
}
