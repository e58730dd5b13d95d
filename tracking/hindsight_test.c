/* hindsight_test.c -- a track that is made of others' first plots, and what becomes of it; a
 * crowd that begins at once.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/book.h"
#include "tracking/salvo.h"

#include "base/random.h"
#include "base/tap.h"

#include <stdlib.h>

enum { OBJECTS = 16, LATE = 2000 };

static const wlk_utc START = {1700000000000000000};
static const double SPACING_M = 2000, RISE_MPS = 1200, END_S = 60;

/* Something above the sea, so far east and up from a point at 30 km. */
static struct wlk_plot plot_at(double at_s, double east_m, double up_m, uint64_t number)
{
    const wlk_geodetic home = {39 * WLK_DEG, 129 * WLK_DEG, 30e3};
    const wlk_enu away = {east_m, 0, up_m};
    wlk_ecef place = wlk_ecef_from_geodetic(home);
    double by[3];
    wlk_ecef_from_enu(home, away, by);
    struct wlk_plot plot = {.sensor = wlk_name_of("KR-A"),
                            .place = {36.5 * WLK_DEG, 126.8 * WLK_DEG, 100},
                            .number = number,
                            .time = wlk_utc_add(START, at_s),
                            .revisit_s = 1,
                            .range_sigma_m = 30,
                            .azimuth_sigma_rad = 0.03 * WLK_DEG,
                            .elevation_sigma_rad = 0.03 * WLK_DEG};
    plot.seen = wlk_polar_from_ecef(
        plot.place, (wlk_ecef){place.x + by[0], place.y + by[1], place.z + by[2]});
    return plot;
}

/* One thing is seen once; then objects come into sight beside it, one a second, each 2 km on
 * from the last: what was seen once seems to fly along their first places. */
static struct wlk_book *watch(bool with_first)
{
    struct wlk_book *book = NULL;
    uint64_t number = 0;
    if (wlk_book_open(&book) != WLK_OK)
        exit(1);
    for (int at_s = 0; at_s < END_S; at_s++) {
        for (int k = 0; k <= OBJECTS && k <= at_s; k++) {
            if (k == 0 && (at_s > 0 || !with_first))
                continue;
            struct wlk_plot plot =
                plot_at(at_s + 0.01 * k, SPACING_M * k, RISE_MPS * (at_s - k), ++number);
            (void)wlk_book_take(book, &plot);
        }
        wlk_book_advance(book, wlk_utc_add(START, at_s + 0.5));
    }
    return book;
}

static uint32_t count_of(const struct wlk_book *book)
{
    static struct wlk_book_plot late[LATE];
    const struct wlk_track *track[WLK_OBJECTS_MAX];
    wlk_utc now = wlk_utc_add(START, END_S);
    size_t count = wlk_book_count(book);
    size_t plots =
        wlk_book_plots(book, wlk_utc_add(now, -WLK_SALVO_WINDOW_S), now, late, LATE);
    for (size_t i = 0; i < count; i++)
        track[i] = wlk_book_track(book, i);
    return wlk_salvo_count_seen(track, count, late, plots, now, NULL).least;
}

static void check(bool with_first)
{
    struct wlk_book *book = watch(with_first);
    int made = 0, live = 0, wronged = 0;
    for (size_t i = 0; i < wlk_book_count(book); i++) {
        const struct wlk_track *track = wlk_book_track(book, i);
        bool is_live = wlk_utc_seconds(wlk_utc_add(START, END_S), track->last_measurement) < 3;
        made += track->is_confirmed && !is_live && 4 * track->firsts >= track->plot_count;
        live += track->is_confirmed && is_live;
        wronged += is_live && track->firsts > 0;
    }
    wlk_check(live == OBJECTS && wronged == 0, "each object has a track of its own (%d, %d)",
              live, wronged);
    if (with_first)
        wlk_check(made >= 5, "%d made of others' first plots are known as such", made);
    uint32_t counted = count_of(book);
    wlk_check(counted == OBJECTS, "counted: %u", counted);
    wlk_book_close(book);
}

/* Eighteen at once, 500 to 1,500 m apart, seen by two radars each 2 s with a chance of 0.9: how
 * far the number of tracks that are still seen after 30 s is off, summed over some raids. */
static int crowd(int raids)
{
    enum { CROWD = 18, SECONDS = 30 };
    int off = 0;
    for (int raid = 1; raid <= raids; raid++) {
        struct wlk_random random = wlk_random_seeded((uint64_t)raid, 12);
        struct wlk_book *book = NULL;
        double east_m[CROWD] = {0};
        uint64_t number = 0;
        int live = 0;
        if (wlk_book_open(&book) != WLK_OK)
            exit(1);
        for (int k = 1; k < CROWD; k++)
            east_m[k] = east_m[k - 1] + 500 + 1000 * wlk_random_uniform(&random);
        for (int at_s = 0; at_s < SECONDS; at_s++)
            for (int k = 0; k < CROWD; k++) {
                double own_s = at_s / 2 * 2 + at_s % 2 * 0.35 + 0.01 * k;
                struct wlk_plot plot =
                    plot_at(own_s, east_m[k] - 900 * own_s, RISE_MPS * own_s, ++number);
                double *seen[3] = {&plot.seen.range_m, &plot.seen.azimuth_rad,
                                   &plot.seen.elevation_rad};
                plot.sensor = wlk_name_of(at_s % 2 ? "KR-A" : "KR-B");
                plot.revisit_s = 2;
                plot.azimuth_sigma_rad = plot.elevation_sigma_rad = 0.05 * WLK_DEG;
                *seen[0] += plot.range_sigma_m * wlk_random_normal(&random);
                *seen[1] += plot.azimuth_sigma_rad * wlk_random_normal(&random);
                *seen[2] += plot.elevation_sigma_rad * wlk_random_normal(&random);
                if (wlk_random_uniform(&random) < 0.9)
                    (void)wlk_book_take(book, &plot);
            }
        wlk_utc now = wlk_utc_add(START, SECONDS);
        for (size_t i = 0; i < wlk_book_count(book); i++)
            live += wlk_utc_seconds(now, wlk_book_track(book, i)->last_measurement) < 5;
        off += abs(live - CROWD);
        wlk_book_close(book);
    }
    return off;
}

int main(void)
{
    int off = crowd(8);
    wlk_check(off <= 6, "eight crowds of eighteen: %d tracks more or less in all", off);
    check(true);
    check(false);
    return wlk_tap_done();
}
