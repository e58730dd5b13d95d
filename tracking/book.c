/* book.c -- plots in, tracks out; which plot is whose is found by settle.c.
 *
 * What plots decide lives in moments (history.h) and can be taken back; what is shown
 * (struct wlk_track) is made from the newest moment afterwards and steers nothing.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/book_private.h"

#include "base/assert.h"

#include <math.h>
#include <stdlib.h>

/* Without a plot for this long a track is dead: one never confirmed; one that boosted; one that
 * fell freely (the longest documented flight took 71 minutes). A confirmed one lives so many
 * times on as it was seen, less if it had few plots: what is predicted from little is soon
 * nowhere, and takes the plots of others. */
static const double DEAD_NEW_S = 12, DEAD_BOOST_S = 120, DEAD_COAST_S = 5400, DEAD_PART = 10,
                    DEAD_PLOTS = 4, SHOWN_DEAD_S = 120;
enum { REFITS_A_TURN = 2 /* in advance; milliseconds each: plots wait */ };
/* No sensor is back at an object before this share of its revisit time (ASSUMPTION). */
static const double REVISIT_SHARE = 0.6;

wlk_status wlk_book_open(struct wlk_book **out)
{
    struct wlk_book *book = calloc(1, sizeof *book);
    if (!book)
        return WLK_FULL;
    if (wlk_ring_open(&book->ring) != WLK_OK || wlk_history_open(&book->pool) != WLK_OK) {
        wlk_book_close(book);
        return WLK_FULL;
    }
    book->next_number = 1;
    *out = book;
    return WLK_OK;
}

void wlk_book_close(struct wlk_book *book)
{
    if (!book)
        return;
    wlk_history_close(&book->pool);
    wlk_ring_close(&book->ring);
    free(book);
}

bool wlk_book_is_dead(const struct wlk_moment *moment, wlk_utc now)
{
    double age_s = wlk_utc_seconds(now, moment->last_measurement);
    if (!moment->is_confirmed)
        return age_s > DEAD_NEW_S;
    double seen_s = wlk_utc_seconds(moment->last_measurement, moment->first_plot);
    double most_s = moment->phases.is_coasting ? DEAD_COAST_S : DEAD_BOOST_S;
    double part = fmin(DEAD_PART, moment->plot_count / DEAD_PLOTS);
    return age_s > fmin(most_s, DEAD_NEW_S + part * seen_s);
}

void wlk_book_free_slot(struct wlk_book *book, struct wlk_slot *slot)
{
    wlk_history_clear(&book->pool, &slot->history);
    if (slot->show.track.revision > book->revision_floor)
        book->revision_floor = slot->show.track.revision;
    slot->is_used = false;
    slot->number = 0;
    while (book->used_end > 0 && !book->slot[book->used_end - 1].is_used)
        book->used_end--;
}

static void number_new(struct wlk_book *book)
{
    for (size_t i = 0; i < book->used_end; i++)
        if (book->slot[i].is_used && book->slot[i].number == 0 &&
            wlk_history_newest(&book->pool, &book->slot[i].history)->plot_count >= 2)
            book->slot[i].number = book->next_number++;
}

static void show_changed(struct wlk_book *book)
{
    for (size_t i = 0; i < book->used_end; i++) {
        struct wlk_slot *slot = &book->slot[i];
        if (!slot->is_used || !slot->is_changed)
            continue;
        const struct wlk_moment *moment = wlk_history_newest(&book->pool, &slot->history);
        slot->show.hold = slot->is_joined ? WLK_SHOW_NO_REFIT : WLK_SHOW_STATE;
        wlk_show_moment(&slot->show, slot->number, moment, slot->early);
        slot->is_changed = slot->is_joined = false;
    }
}

/* What can be looked at: two plots at least, alive or dead not too long. */
static void list_shown(struct wlk_book *book)
{
    book->shown_count = 0;
    for (size_t i = 0; i < book->used_end; i++)
        if (book->slot[i].is_used && book->slot[i].show.track.plot_count >= 2)
            book->shown[book->shown_count++] = i;
}

static bool is_sound(const struct wlk_plot *plot)
{
    const wlk_polar *seen = &plot->seen;
    return seen->range_m > 0 && seen->range_m < 1e8 && fabs(seen->azimuth_rad) <= 4 * WLK_PI &&
           fabs(seen->elevation_rad) <= WLK_PI / 2 && plot->range_sigma_m > 0 &&
           plot->range_sigma_m < 1e6 && plot->azimuth_sigma_rad > 0 &&
           plot->azimuth_sigma_rad < 1 && plot->elevation_sigma_rad > 0 &&
           plot->elevation_sigma_rad < 1 && plot->revisit_s >= 0 && plot->revisit_s < 1e3 &&
           fabs(plot->place.latitude_rad) <= WLK_PI / 2 &&
           fabs(plot->place.longitude_rad) <= 2 * WLK_PI && fabs(plot->place.height_m) < 1e6 &&
           (!plot->has_range_rate ||
            (fabs(plot->range_rate_mps) < 2e4 && plot->range_rate_sigma_mps > 0 &&
             plot->range_rate_sigma_mps < 1e5));
}

/* Puts the plot into the ring and does what comes of it. */
static wlk_status enter(struct wlk_book *book, const struct wlk_ring_plot *entry)
{
    size_t index;
    struct wlk_scan back = entry->scan;
    if (back.quarter < book->pool.thinned) {
        back.quarter -= back.quarter % WLK_HISTORY_QUARTERS;
        memset(&back.sensor, 0, sizeof back.sensor);
    }
    bool is_newest = book->ring.count == 0 ||
                     wlk_scan_compare(&wlk_ring_at(&book->ring, book->ring.count - 1)->scan,
                                      &entry->scan) <= 0;
    if (!is_newest && back.quarter < book->pool.floor)
        return WLK_STALE;
    WLK_TRY(wlk_ring_put(&book->ring, entry, &index));
    book->counters.taken++;
    book->entered = wlk_ring_at(&book->ring, index);
    book->counters.late += index != book->ring.count - 1;
    return wlk_book_settle(book, index, &back);
}

wlk_status wlk_book_take(struct wlk_book *book, const struct wlk_plot *plot)
{
    if (!is_sound(plot)) {
        book->counters.unsound++;
        return WLK_BAD_INPUT;
    }
    struct wlk_ring_plot entry = {.scan = wlk_scan_of(plot->time, plot->sensor),
                                  .number = plot->number,
                                  .apart_s = REVISIT_SHARE * plot->revisit_s,
                                  .read_at = plot->read_at};
    wlk_look_from_plot(plot, &entry.look);
    wlk_associate_spot(&entry.look, &entry.spot);
    wlk_status status = enter(book, &entry);
    book->counters.stale += status == WLK_STALE;
    book->counters.doubled += status == WLK_KNOWN;
    if (status == WLK_STALE || status == WLK_KNOWN)
        return status;
    number_new(book);
    show_changed(book);
    list_shown(book);
    return status;
}

void wlk_book_advance(struct wlk_book *book, wlk_utc now)
{
    int refits = 0;
    for (size_t i = book->used_end; i-- > 0;) {
        struct wlk_slot *slot = &book->slot[i];
        if (!slot->is_used)
            continue;
        const struct wlk_moment *moment = wlk_history_newest(&book->pool, &slot->history);
        bool was_ended = slot->show.track.is_ended;
        slot->show.hold = refits < REFITS_A_TURN ? WLK_SHOW_ALL : WLK_SHOW_NO_REFIT;
        refits += wlk_show_age(&slot->show, wlk_book_is_dead(moment, now), now, slot->early);
        if (!was_ended && slot->show.track.is_ended) {
            book->counters.ended++;
            book->counters.unconfirmed_ended += !moment->is_confirmed;
        }
        if (slot->show.track.is_ended &&
            wlk_utc_seconds(now, slot->show.ended_at) > SHOWN_DEAD_S)
            wlk_book_free_slot(book, slot);
    }
    list_shown(book);
}

size_t wlk_book_count(const struct wlk_book *book)
{
    return book->shown_count;
}

const struct wlk_track *wlk_book_track(const struct wlk_book *book, size_t index)
{
    WLK_ASSERT(index < book->shown_count);
    return &book->slot[book->shown[index]].show.track;
}

const struct wlk_track *wlk_book_find(const struct wlk_book *book, uint32_t object)
{
    for (size_t i = 0; i < book->shown_count; i++) {
        const struct wlk_track *track = wlk_book_track(book, i);
        if (track->object == object)
            return track;
    }
    return NULL;
}

size_t wlk_book_plots(const struct wlk_book *book, wlk_utc from, wlk_utc to,
                      struct wlk_book_plot *out, size_t room)
{
    struct wlk_scan first = wlk_scan_of(from, (wlk_name){{0}});
    size_t count = 0;
    for (size_t i = wlk_ring_find(&book->ring, &first); i < book->ring.count; i++) {
        const struct wlk_ring_plot *plot = wlk_ring_at(&book->ring, i);
        if (count < room && plot->object != 0 && plot->look.time.ns >= from.ns &&
            plot->look.time.ns < to.ns)
            out[count++] =
                (struct wlk_book_plot){plot->object, plot->scan.sensor, &plot->look};
    }
    return count;
}

const struct wlk_book_counters *wlk_book_counters(const struct wlk_book *book)
{
    return &book->counters;
}
