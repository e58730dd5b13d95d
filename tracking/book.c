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
enum { MOMENTS_EACH = 8 };
enum { REFITS_A_TURN = 2 /* in advance; milliseconds each: plots wait */ };
/* No sensor is back at an object before this share of its revisit time (ASSUMPTION). */
static const double REVISIT_SHARE = 0.6;

static bool arrays_open(struct wlk_book *book, size_t objects)
{
    book->slot_count = objects;
    book->slot = calloc(objects, sizeof *book->slot);
    book->gate = calloc(objects, sizeof *book->gate);
    book->shown = calloc(objects, sizeof *book->shown);
    book->is_asked = calloc(objects, sizeof *book->is_asked);
    book->is_dirty = calloc(objects, sizeof *book->is_dirty);
    book->dirty = calloc(objects, sizeof *book->dirty);
    book->changed = calloc(objects, sizeof *book->changed);
    book->near = calloc(objects, sizeof *book->near);
    return book->slot && book->gate && book->shown && book->is_asked && book->is_dirty &&
           book->dirty && book->changed && book->near;
}

size_t wlk_book_memory(size_t objects)
{
    const struct wlk_book *book = NULL; /* asked for sizes only */
    size_t each = sizeof *book->slot + sizeof *book->gate + sizeof *book->shown +
                  sizeof *book->is_asked + sizeof *book->is_dirty + sizeof *book->dirty +
                  sizeof *book->changed + sizeof *book->near + sizeof *book->sweep.span +
                  MOMENTS_EACH * (sizeof *book->pool.moment + sizeof *book->pool.unused);
    return sizeof *book + WLK_RING_SIZE * sizeof *book->ring.plot + objects * each;
}

wlk_status wlk_book_sized_open(size_t objects, struct wlk_book **out)
{
    WLK_ASSERT(objects >= 1 && objects <= WLK_BOOK_OBJECTS_MAX);
    struct wlk_book *book = calloc(1, sizeof *book);
    if (!book)
        return WLK_FULL;
    if (!arrays_open(book, objects) || wlk_ring_open(&book->ring) != WLK_OK ||
        wlk_history_open((int)objects * MOMENTS_EACH, &book->pool) != WLK_OK ||
        wlk_sweep_open(objects, &book->sweep) != WLK_OK) {
        wlk_book_close(book);
        return WLK_FULL;
    }
    book->next_number = 1;
    *out = book;
    return WLK_OK;
}

wlk_status wlk_book_open(struct wlk_book **out)
{
    return wlk_book_sized_open(WLK_OBJECTS_MAX, out);
}

void wlk_book_warm(struct wlk_book *book)
{
    WLK_ASSERT(book->counters.taken == 0);
    size_t moments = book->slot_count * MOMENTS_EACH;
    memset(book->ring.plot, 0, WLK_RING_SIZE * sizeof *book->ring.plot);
    memset(book->pool.moment, 0, moments * sizeof *book->pool.moment);
    memset(book->slot, 0, book->slot_count * sizeof *book->slot);
}

void wlk_book_close(struct wlk_book *book)
{
    if (!book)
        return;
    wlk_sweep_close(&book->sweep);
    wlk_history_close(&book->pool);
    wlk_ring_close(&book->ring);
    free(book->near);
    free(book->changed);
    free(book->dirty);
    free(book->is_dirty);
    free(book->is_asked);
    free(book->shown);
    free(book->gate);
    free(book->slot);
    free(book);
}

void wlk_book_note_newest(struct wlk_book *book, size_t at)
{
    struct wlk_slot *slot = &book->slot[at];
    struct wlk_gate *gate = &book->gate[at];
    const struct wlk_moment *moment = wlk_history_newest(&book->pool, &slot->history);
    gate->is_used = slot->is_used && moment;
    if (!gate->is_used)
        return;
    gate->scan = moment->scan;
    gate->reach = moment->reach;
    gate->last = moment->last_measurement;
    gate->life_s = wlk_book_life_s(moment);
    gate->is_falling =
        moment->phases.is_coasting && moment->phases.coast.phase == WLK_PHASE_REENTRY;
}

void wlk_book_note_changed(struct wlk_book *book, struct wlk_slot *slot)
{
    if (!slot->is_changed)
        book->changed[book->changed_count++] = (size_t)(slot - book->slot);
    slot->is_changed = true;
}

double wlk_book_life_s(const struct wlk_moment *moment)
{
    if (!moment->is_confirmed)
        return DEAD_NEW_S;
    double seen_s = wlk_utc_seconds(moment->last_measurement, moment->first_plot);
    double most_s = moment->phases.is_coasting ? DEAD_COAST_S : DEAD_BOOST_S;
    double part = fmin(DEAD_PART, moment->plot_count / DEAD_PLOTS);
    return fmin(most_s, DEAD_NEW_S + part * seen_s);
}

bool wlk_book_is_dead(const struct wlk_moment *moment, wlk_utc now)
{
    return wlk_utc_seconds(now, moment->last_measurement) > wlk_book_life_s(moment);
}

void wlk_book_free_slot(struct wlk_book *book, struct wlk_slot *slot)
{
    wlk_history_clear(&book->pool, &slot->history);
    if (slot->show.track.revision > book->revision_floor)
        book->revision_floor = slot->show.track.revision;
    slot->is_used = false;
    slot->number = 0;
    wlk_book_note_newest(book, (size_t)(slot - book->slot));
    book->is_list_stale = true;
    while (book->used_end > 0 && !book->slot[book->used_end - 1].is_used)
        book->used_end--;
}

static int by_index(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* Those that have changed get their numbers, and are shown. plot: the one that was taken. */
static void show_changed(struct wlk_book *book, const struct wlk_plot *plot)
{
    qsort(book->changed, book->changed_count, sizeof *book->changed, by_index);
    for (size_t i = 0; i < book->changed_count; i++) {
        struct wlk_slot *slot = &book->slot[book->changed[i]];
        bool was_listed = slot->show.track.plot_count >= 2;
        slot->is_changed = false;
        if (!slot->is_used)
            continue;
        const struct wlk_moment *moment = wlk_history_newest(&book->pool, &slot->history);
        if (slot->number == 0 && moment->plot_count >= 2)
            slot->number = book->next_number++;
        if (slot->is_joined)
            wlk_consider_take(&slot->show.consider, plot, &book->entered->look,
                              wlk_phases_state(&moment->phases));
        slot->show.hold = slot->is_joined ? WLK_SHOW_NO_REFIT : WLK_SHOW_STATE;
        wlk_show_moment(&slot->show, slot->number, moment, slot->early);
        slot->is_joined = false;
        book->is_list_stale |= was_listed != (slot->show.track.plot_count >= 2);
    }
    book->changed_count = 0;
}

/* What can be looked at: two plots at least, alive or dead not too long. */
static void list_shown(struct wlk_book *book)
{
    if (!book->is_list_stale)
        return;
    book->is_list_stale = false;
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
           plot->bias_sigma[0] >= 0 && plot->bias_sigma[0] < 1e6 && plot->bias_sigma[1] >= 0 &&
           plot->bias_sigma[1] < 1 && plot->bias_sigma[2] >= 0 && plot->bias_sigma[2] < 1 &&
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
    wlk_look_from_site(plot, &book->site, &entry.look);
    wlk_associate_spot(&entry.look, &entry.spot);
    wlk_status status = enter(book, &entry);
    book->counters.stale += status == WLK_STALE;
    book->counters.doubled += status == WLK_KNOWN;
    if (status == WLK_STALE || status == WLK_KNOWN)
        return status;
    show_changed(book, plot);
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
        refits +=
            wlk_show_age(&slot->show, moment, wlk_book_is_dead(moment, now), now, slot->early);
        wlk_book_look_back(book, slot, now);
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
            out[count++] = (struct wlk_book_plot){plot->object, plot->scan.sensor,
                                                  plot->apart_s / REVISIT_SHARE, &plot->look};
    }
    return count;
}

const struct wlk_book_counters *wlk_book_counters(const struct wlk_book *book)
{
    return &book->counters;
}
