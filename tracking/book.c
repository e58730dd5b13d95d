/* book.c -- plots into tracks, and back when a late plot comes.
 *
 * What plots decide lives in moments (history.h) and can be taken back; what is shown
 * (struct wlk_track) is made from the newest moment afterwards and steers nothing.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/book.h"

#include "base/assert.h"
#include "tracking/associate.h"
#include "tracking/declare.h"
#include "tracking/history.h"
#include "tracking/show.h"

#include <math.h>
#include <stdlib.h>

/* Without a plot for this long a track is dead: one never confirmed; one that boosted; one that
 * fell freely (the longest documented flight took 71 minutes). A confirmed one lives so many
 * times on as it was seen, less if it had few plots: what is predicted from little is soon
 * nowhere, and takes the plots of others. */
static const double DEAD_NEW_S = 12, DEAD_BOOST_S = 120, DEAD_COAST_S = 5400, DEAD_PART = 10,
                    DEAD_PLOTS = 4, SHOWN_DEAD_S = 120;
/* The first so many plots go to the launch fit as they come, then one in so many seconds; none
 * later than so many after the first. */
enum { EARLY_ALL = 14, REFITS_A_TURN = 2 /* in advance; milliseconds each: plots wait */ };
static const double EARLY_SPACING_S = 1.5, EARLY_S = 40;
/* No sensor is back at an object before this share of its revisit time (ASSUMPTION). */
static const double REVISIT_SHARE = 0.6;
/* Against any association within the gate: a new object is the last resort. */
static const double BIRTH_COST = 300, NEVER_COST = 1e6;

struct slot {
    bool is_used;
    bool is_changed, is_joined; /* since it was shown; by the plot that is being taken */
    uint32_t number; /* of the object; 0: not given yet */
    struct wlk_history history;
    struct wlk_look early[WLK_LAUNCH_LOOKS_MAX];
    struct wlk_show show;
};

/* The slots that some plots of a scan may belong to, and what each pair costs. */
struct choice {
    int rows, columns;
    size_t slot[WLK_ASSIGN_MAX];
    double cost[WLK_ASSIGN_MAX][2 * WLK_ASSIGN_MAX];
};

struct wlk_book {
    struct wlk_ring ring;
    struct wlk_history_pool pool;
    struct slot slot[WLK_OBJECTS_MAX];
    size_t shown[WLK_OBJECTS_MAX], shown_count;
    uint32_t next_number;
    size_t used_end;         /* slots from here on are free */
    struct choice choice;    /* scratch of settle */
    const struct wlk_ring_plot *entered; /* the plot that is being taken */
    uint32_t revision_floor; /* no revision of a new track is below */
    struct wlk_book_counters counters;
};

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

static bool is_dead(const struct wlk_moment *moment, wlk_utc now)
{
    double age_s = wlk_utc_seconds(now, moment->last_measurement);
    if (!moment->is_confirmed)
        return age_s > DEAD_NEW_S;
    double seen_s = wlk_utc_seconds(moment->last_measurement, moment->first_plot);
    double most_s = moment->phases.is_coasting ? DEAD_COAST_S : DEAD_BOOST_S;
    double part = fmin(DEAD_PART, moment->plot_count / DEAD_PLOTS);
    return age_s > fmin(most_s, DEAD_NEW_S + part * seen_s);
}

static void free_slot(struct wlk_book *book, struct slot *slot)
{
    wlk_history_clear(&book->pool, &slot->history);
    if (slot->show.track.revision > book->revision_floor)
        book->revision_floor = slot->show.track.revision;
    slot->is_used = false;
    slot->number = 0;
    while (book->used_end > 0 && !book->slot[book->used_end - 1].is_used)
        book->used_end--;
}

/* A free slot, or that of the track dead for longest; NULL if all live. */
static struct slot *find_slot(struct wlk_book *book, wlk_utc now)
{
    struct slot *best = NULL;
    double longest = 0;
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++) {
        struct slot *slot = &book->slot[i];
        if (!slot->is_used) {
            if (i >= book->used_end)
                book->used_end = i + 1;
            return slot;
        }
        const struct wlk_moment *moment = wlk_history_newest(&book->pool, &slot->history);
        double age_s = wlk_utc_seconds(now, moment->last_measurement);
        if ((is_dead(moment, now) || slot->show.track.is_ended) && age_s > longest) {
            longest = age_s;
            best = slot;
        }
    }
    if (best)
        free_slot(book, best);
    return best;
}

static bool is_number_free(const struct wlk_book *book, uint32_t number)
{
    for (size_t i = 0; i < book->used_end; i++)
        if (book->slot[i].is_used && book->slot[i].number == number)
            return false;
    return true;
}

/* An object keeps its number when its past is done again: a track without one takes that which
 * its plots had. */
static void adopt_number(struct wlk_book *book, struct slot *slot, struct wlk_ring_plot *plot)
{
    if (slot->number == 0 && plot->object != 0 && is_number_free(book, plot->object))
        slot->number = plot->object;
    if (slot->number != 0)
        plot->object = slot->number;
}

static void keep_early(struct slot *slot, struct wlk_moment *moment,
                       const struct wlk_look *look)
{
    uint32_t count = moment->early_count;
    if (count >= WLK_LAUNCH_LOOKS_MAX ||
        (count >= 3 && wlk_utc_seconds(look->time, slot->early[0].time) > EARLY_S))
        return;
    if (count >= EARLY_ALL &&
        wlk_utc_seconds(look->time, slot->early[count - 1].time) < EARLY_SPACING_S)
        return;
    slot->early[count] = *look;
    moment->early_count++;
}

static wlk_status give_birth(struct wlk_book *book, struct wlk_ring_plot *plot)
{
    struct slot *slot = find_slot(book, plot->look.time);
    struct wlk_moment *moment =
        slot ? wlk_history_add(&book->pool, &slot->history, plot->scan.quarter) : NULL;
    if (!moment) {
        book->counters.full++;
        return WLK_FULL;
    }
    memset(moment, 0, sizeof *moment);
    moment->scan = plot->scan;
    moment->plot_count = 1;
    moment->first_plot = moment->last_measurement = plot->look.time;
    moment->read_at = plot->read_at;
    wlk_moment_note_look(moment, plot);
    wlk_phases_begin(&plot->look, &moment->phases);
    slot->is_used = slot->is_changed = true;
    memset(&slot->show, 0, sizeof slot->show);
    slot->show.track.revision = book->revision_floor;
    slot->is_joined = plot == book->entered;
    keep_early(slot, moment, &plot->look);
    adopt_number(book, slot, plot);
    book->counters.births++;
    return WLK_OK;
}

/* Takes a plot into a track. A plot that the filter refuses is left aside. */
static void update(struct wlk_book *book, struct slot *slot, struct wlk_ring_plot *plot)
{
    struct wlk_moment *last = wlk_history_newest(&book->pool, &slot->history);
    struct wlk_phases next = last->phases;
    if (wlk_phases_take(&next, &plot->look) != WLK_OK)
        return;
    struct wlk_moment *moment =
        wlk_history_add(&book->pool, &slot->history, plot->scan.quarter);
    if (!moment)
        moment = last; /* no room to remember: this one cannot be taken back */
    else
        *moment = *last;
    moment->phases = next;
    moment->scan = plot->scan;
    moment->plot_count++;
    wlk_moment_note_look(moment, plot);
    if (plot->look.time.ns > moment->last_measurement.ns)
        moment->last_measurement = plot->look.time;
    if (plot->read_at.ns > moment->read_at.ns)
        moment->read_at = plot->read_at;
    moment->is_confirmed = moment->is_confirmed ||
                           wlk_declare_is_missile(wlk_phases_state(&next), moment->plot_count);
    slot->is_changed = true;
    slot->is_joined |= plot == book->entered;
    keep_early(slot, moment, &plot->look);
    adopt_number(book, slot, plot);
}

/* The track as it was before the scan; NULL: born in it, dead, or looked at just now. */
static const struct wlk_moment *before_scan(const struct wlk_book *book,
                                            const struct slot *slot,
                                            const struct wlk_ring_plot *plot)
{
    if (!slot->is_used)
        return NULL;
    const struct wlk_moment *moment =
        wlk_history_before(&book->pool, &slot->history, &plot->scan);
    bool may_be =
        moment && !is_dead(moment, plot->look.time) && !wlk_moment_is_too_soon(moment, plot);
    return may_be ? moment : NULL;
}

static bool is_touched(const struct wlk_book *book, const struct slot *slot,
                       const struct wlk_scan *scan)
{
    const struct wlk_moment *newest = wlk_history_newest(&book->pool, &slot->history);
    return newest && wlk_scan_compare(&newest->scan, scan) == 0;
}

/* Takes all tracks back to before a scan; those born since vanish. */
static void take_back(struct wlk_book *book, const struct wlk_scan *scan)
{
    for (size_t i = book->used_end; i-- > 0;) {
        struct slot *slot = &book->slot[i];
        int before = slot->history.count;
        if (!slot->is_used)
            continue;
        int left = wlk_history_cut(&book->pool, &slot->history, scan);
        if (left == 0)
            free_slot(book, slot);
        else if (left != before)
            slot->is_changed = true;
    }
}

static void choose(const struct wlk_book *book, size_t first, int rows, struct choice *out)
{
    out->rows = rows;
    out->columns = 0;
    for (size_t i = 0; i < book->used_end && out->columns < WLK_ASSIGN_MAX; i++) {
        bool is_wanted = false;
        for (int row = 0; row < rows; row++) {
            const struct wlk_ring_plot *plot = wlk_ring_at(&book->ring, first + (size_t)row);
            const struct wlk_moment *moment = before_scan(book, &book->slot[i], plot);
            double cost = moment ? wlk_associate_cost(&moment->phases, &plot->look) : HUGE_VAL;
            out->cost[row][out->columns] = isfinite(cost) ? cost : NEVER_COST;
            is_wanted = is_wanted || isfinite(cost);
        }
        if (is_wanted)
            out->slot[out->columns++] = i;
    }
    for (int row = 0; row < rows; row++)
        for (int k = 0; k < rows; k++)
            out->cost[row][out->columns + k] = k == row ? BIRTH_COST : NEVER_COST;
}

/* A plot that becomes a track's second may be the first of another object just as well: it also
 * founds a track, which starves if the first was right. */
static wlk_status join(struct wlk_book *book, struct slot *slot, struct wlk_ring_plot *plot)
{
    update(book, slot, plot);
    return wlk_history_newest(&book->pool, &slot->history)->plot_count == 2
               ? give_birth(book, plot)
               : WLK_OK;
}

/* Plots first..last of one scan want the same track: all of them are assigned together. */
static wlk_status settle(struct wlk_book *book, size_t first, size_t last)
{
    struct choice *choice = &book->choice;
    int column[WLK_ASSIGN_MAX], rows = (int)(last - first) + 1;
    struct wlk_scan scan = wlk_ring_at(&book->ring, first)->scan;
    wlk_status status = WLK_OK;
    take_back(book, &scan);
    choose(book, first, rows, choice);
    wlk_associate_assign(rows, choice->columns + rows, choice->cost, column);
    for (int row = 0; row < rows; row++) {
        struct wlk_ring_plot *plot = wlk_ring_at(&book->ring, first + (size_t)row);
        if (column[row] >= choice->columns)
            status = give_birth(book, plot);
        else if (choice->cost[row][column[row]] < NEVER_COST)
            status = join(book, &book->slot[choice->slot[column[row]]], plot);
    }
    return status;
}

/* One plot of the newest scan; first is the first plot of that scan. Its best track is taken
 * if it is free: then the sum over the scan stays least. */
static wlk_status apply(struct wlk_book *book, size_t first, size_t index)
{
    struct wlk_ring_plot *plot = wlk_ring_at(&book->ring, index);
    struct slot *best = NULL, *best_free = NULL;
    double least = HUGE_VAL, least_free = HUGE_VAL;
    for (size_t i = 0; i < book->used_end; i++) {
        struct slot *slot = &book->slot[i];
        const struct wlk_moment *moment = before_scan(book, slot, plot);
        double cost = moment ? wlk_associate_cost(&moment->phases, &plot->look) : HUGE_VAL;
        if (cost < least) {
            least = cost;
            best = slot;
        }
        if (cost < least_free && !is_touched(book, slot, &plot->scan)) {
            least_free = cost;
            best_free = slot;
        }
    }
    if (!best)
        return give_birth(book, plot);
    if (best != best_free && index - first < WLK_ASSIGN_MAX)
        return settle(book, first, index);
    if (best_free)
        return join(book, best_free, plot);
    return WLK_OK;
}

/* Does the plots from index on again. */
static void replay(struct wlk_book *book, size_t index)
{
    size_t first = index;
    for (size_t i = index; i < book->ring.count; i++) {
        if (wlk_scan_compare(&wlk_ring_at(&book->ring, first)->scan,
                             &wlk_ring_at(&book->ring, i)->scan) != 0)
            first = i;
        (void)apply(book, first, i); /* a full store is counted there */
    }
    book->counters.replayed += book->ring.count - index;
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
        struct slot *slot = &book->slot[i];
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
    if (index == book->ring.count - 1)
        return apply(book, wlk_ring_find(&book->ring, &entry->scan), index);
    book->counters.late++;
    take_back(book, &back);
    replay(book, wlk_ring_find(&book->ring, &back));
    return WLK_OK;
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
        struct slot *slot = &book->slot[i];
        if (!slot->is_used)
            continue;
        const struct wlk_moment *moment = wlk_history_newest(&book->pool, &slot->history);
        bool was_ended = slot->show.track.is_ended;
        slot->show.hold = refits < REFITS_A_TURN ? WLK_SHOW_ALL : WLK_SHOW_NO_REFIT;
        refits += wlk_show_age(&slot->show, is_dead(moment, now), now, slot->early);
        if (!was_ended && slot->show.track.is_ended) {
            book->counters.ended++;
            book->counters.unconfirmed_ended += !moment->is_confirmed;
        }
        if (slot->show.track.is_ended &&
            wlk_utc_seconds(now, slot->show.ended_at) > SHOWN_DEAD_S)
            free_slot(book, slot);
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
