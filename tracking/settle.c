/* settle.c -- each plot to its track, and what a late plot changes done again.
 *
 * A plot and a track are tied by the gate alone, so a late plot changes only the tracks in its
 * gate, and what follows from these: only that is taken back and done again. What comes of it
 * is the same to the bit as if all had come in order (book_test.c).
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/book_private.h"

#include "tracking/heir.h"

#include <math.h>
#include <stdlib.h>

/* Against any association within the gate: a new object is the last resort. */
static const double BIRTH_COST = 300, NEVER_COST = 1e6;
/* So many tracks of so many plots tell how the crowd flies; one in 20 flies otherwise. */
enum { ALIKE_TRACKS = 4, ALIKE_PLOTS = 4 };
static const double UNLIKE_COST = 6;
/* A track that was not looked at for so long may be anywhere, as far as a parabola tells: it is
 * carried to the scan once, not to each of its plots. */
static const double STALE_S = 10;

static double cost_of(const struct wlk_book *book, const struct wlk_slot *slot,
                      const struct wlk_ring_plot *plot)
{
    const struct wlk_moment *moment = wlk_book_before(book, slot, plot);
    if (!moment || !wlk_associate_is_near(&moment->reach, &plot->spot, &plot->look))
        return HUGE_VAL;
    return wlk_associate_cost(&moment->phases, &plot->look);
}

static bool is_touched(const struct wlk_book *book, const struct wlk_slot *slot,
                       const struct wlk_scan *scan)
{
    const struct wlk_moment *newest = wlk_history_newest(&book->pool, &slot->history);
    return newest && wlk_scan_compare(&newest->scan, scan) == 0;
}

/* ---- which plots of a scan hang together ------------------------------------------------ */

static bool wants_asked(const struct wlk_book *book, const struct wlk_ring_plot *plot)
{
    bool wants = plot->is_crowded;
    for (int i = 0; i < plot->near_count; i++)
        wants = wants || book->is_asked[plot->near[i]];
    return wants;
}

static void ask_for(struct wlk_book *book, const struct wlk_ring_plot *plot)
{
    if (plot->is_crowded)
        memset(book->is_asked, true, book->slot_count);
    for (int i = 0; i < plot->near_count; i++)
        book->is_asked[plot->near[i]] = true;
}

/* Of plots first..last of a scan marks all that hang together with those that are marked, and
 * the slots that they ask for. */
static void gather(struct wlk_book *book, size_t first, size_t last)
{
    memset(book->is_asked, false, book->slot_count);
    for (size_t i = first; i <= last; i++)
        if (wlk_ring_at(&book->ring, i)->is_marked)
            ask_for(book, wlk_ring_at(&book->ring, i));
    for (bool is_more = true; is_more;) {
        is_more = false;
        for (size_t i = first; i <= last; i++) {
            struct wlk_ring_plot *plot = wlk_ring_at(&book->ring, i);
            if (plot->is_marked || !wants_asked(book, plot))
                continue;
            plot->is_marked = is_more = true;
            ask_for(book, plot);
        }
    }
}

/* Takes back what the marked plots of first..last have done and all they may want. */
static void take_back_marked(struct wlk_book *book, size_t first, size_t last)
{
    const struct wlk_scan *scan = &wlk_ring_at(&book->ring, first)->scan;
    for (size_t i = book->used_end; i-- > 0;)
        if (book->is_asked[i] && book->slot[i].is_used &&
            wlk_history_before(&book->pool, &book->slot[i].history, scan))
            wlk_book_take_back(book, i, scan);
    for (size_t i = first; i <= last; i++) {
        struct wlk_ring_plot *plot = wlk_ring_at(&book->ring, i);
        if (plot->is_marked && plot->birth != 0 && book->slot[plot->founded].is_used &&
            book->slot[plot->founded].birth == plot->birth)
            wlk_book_take_back(book, plot->founded, scan);
    }
}

/* ---- one plot, or several that want the same -------------------------------------------- */

/* A plot that becomes a track's second may be the first of another object just as well: it also
 * founds a track, which starves if the first was right. */
static wlk_status join(struct wlk_book *book, size_t at, struct wlk_ring_plot *plot)
{
    struct wlk_slot *slot = &book->slot[at];
    wlk_book_note_dirty(book, at);
    wlk_book_lengthen(book, slot, plot);
    return wlk_history_newest(&book->pool, &slot->history)->plot_count == 2
               ? wlk_book_found(book, plot)
               : WLK_OK;
}

/* As cost_of, where look_around has been: nothing before the scan has changed since. */
static double known_cost(const struct wlk_book *book, size_t at,
                         const struct wlk_ring_plot *plot)
{
    int i = 0;
    while (i < plot->near_count && plot->near[i] != at)
        i++;
    if (i == plot->near_count)
        return plot->is_crowded ? cost_of(book, &book->slot[at], plot) : HUGE_VAL;
    return wlk_book_before(book, &book->slot[at], plot) ? plot->near_cost[i] : HUGE_VAL;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* As the crowd flies: the middle one of the velocities of those that have some plots, axis by
 * axis. False: they are too few to tell. */
static bool velocity_of(const struct wlk_book *book, const struct wlk_choice *choice,
                        double out[3])
{
    double velocity[3][WLK_ASSIGN_TRACKS];
    const struct wlk_scan *scan = &wlk_ring_at(&book->ring, choice->row[0])->scan;
    size_t count = 0;
    for (int column = 0; column < choice->columns; column++) {
        const struct wlk_slot *slot = &book->slot[choice->slot[column]];
        const struct wlk_moment *moment =
            wlk_history_before(&book->pool, &slot->history, scan);
        if (!moment || moment->plot_count < ALIKE_PLOTS)
            continue;
        for (int i = 0; i < 3; i++)
            velocity[i][count] = wlk_phases_state(&moment->phases)->velocity_mps[i];
        count++;
    }
    for (int i = 0; i < 3 && count >= ALIKE_TRACKS; i++) {
        qsort(velocity[i], count, sizeof velocity[i][0], by_size);
        out[i] = velocity[i][count / 2];
    }
    return count >= ALIKE_TRACKS;
}

/* In a crowd a track of one plot, whose velocity nobody knows, is held to fly as the others do;
 * that it does not costs something. All of the cluster counts, and no other track: what a late
 * plot changes is done again. */
static void favour_alike(const struct wlk_book *book, struct wlk_choice *choice)
{
    double velocity[3];
    bool is_known = false;
    for (int column = 0; column < choice->columns; column++) {
        const struct wlk_slot *slot = &book->slot[choice->slot[column]];
        for (int row = 0; row < choice->rows; row++) {
            const struct wlk_ring_plot *plot = wlk_ring_at(&book->ring, choice->row[row]);
            const struct wlk_moment *moment =
                wlk_history_before(&book->pool, &slot->history, &plot->scan);
            double *cost = &choice->cost[row][column];
            if (!moment || moment->plot_count > 1)
                break;
            if (!is_known && !velocity_of(book, choice, velocity))
                return;
            is_known = true;
            if (*cost < NEVER_COST)
                *cost = fmin(*cost + UNLIKE_COST,
                             wlk_associate_cost_alike(&moment->phases, &plot->look, velocity));
        }
    }
}

static void choose(const struct wlk_book *book, struct wlk_choice *out)
{
    out->columns = 0;
    for (size_t i = 0; i < book->used_end && out->columns < WLK_ASSIGN_TRACKS; i++) {
        bool is_wanted = false;
        for (int row = 0; book->is_asked[i] && row < out->rows; row++) {
            const struct wlk_ring_plot *plot = wlk_ring_at(&book->ring, out->row[row]);
            double cost = known_cost(book, i, plot);
            out->cost[row][out->columns] = isfinite(cost) ? cost : NEVER_COST;
            is_wanted = is_wanted || isfinite(cost);
        }
        if (is_wanted)
            out->slot[out->columns++] = i;
    }
    favour_alike(book, out);
    for (int row = 0; row < out->rows; row++)
        for (int k = 0; k < out->rows; k++)
            out->cost[row][out->columns + k] = k == row ? BIRTH_COST : NEVER_COST;
}

/* All of first..index that hang together with the plot at index are assigned together.
 * WLK_NOT_YET: they are too many. */
static wlk_status settle_together(struct wlk_book *book, size_t first, size_t index)
{
    struct wlk_choice *choice = &book->choice;
    int column[WLK_ASSIGN_MAX];
    wlk_status status = WLK_OK;
    bool is_good = true;
    for (size_t i = first; i <= index; i++)
        wlk_ring_at(&book->ring, i)->is_marked = i == index;
    gather(book, first, index);
    choice->rows = 0;
    for (size_t i = first; i <= index; i++) {
        bool is_marked = wlk_ring_at(&book->ring, i)->is_marked;
        if (is_marked && choice->rows == WLK_ASSIGN_MAX)
            is_good = false;
        else if (is_marked)
            choice->row[choice->rows++] = i;
    }
    if (!is_good)
        return WLK_NOT_YET;
    take_back_marked(book, first, index);
    choose(book, choice);
    wlk_associate_assign(choice->rows, choice->columns + choice->rows, choice->cost, column);
    for (int row = 0; row < choice->rows; row++) {
        struct wlk_ring_plot *plot = wlk_ring_at(&book->ring, choice->row[row]);
        plot->birth = 0;
        if (column[row] >= choice->columns)
            status = wlk_book_found(book, plot);
        else if (choice->cost[row][column[row]] < NEVER_COST)
            status = join(book, choice->slot[column[row]], plot);
    }
    return status;
}

/* Where the track in a slot may be, as far as plots before the scan tell; NULL: nowhere. */
static const struct wlk_reach *reach_before(const struct wlk_book *book, size_t at,
                                            const struct wlk_scan *scan)
{
    const struct wlk_gate *gate = &book->gate[at];
    if (!gate->is_used || wlk_scan_compare(&gate->scan, scan) < 0)
        return gate->is_used ? &gate->reach : NULL;
    const struct wlk_moment *moment =
        wlk_history_before(&book->pool, &book->slot[at].history, scan);
    return moment ? &moment->reach : NULL;
}

/* The sweep for the scan of a plot; those that died before it are in no gate. */
static void sweep(struct wlk_book *book, const struct wlk_scan *scan)
{
    const wlk_utc from = {scan->quarter * (1000000000 / WLK_RING_QUARTERS)};
    const double lasts_s = 1.0 / WLK_RING_QUARTERS;
    wlk_sweep_clear(&book->sweep);
    for (size_t i = 0; i < book->used_end; i++) {
        const struct wlk_gate *gate = &book->gate[i];
        const struct wlk_reach *reach = reach_before(book, i, scan);
        double age_s = wlk_utc_seconds(from, gate->last);
        if (!reach || age_s > gate->life_s)
            continue;
        wlk_sweep_add(&book->sweep, reach, from, lasts_s, (uint16_t)i);
        if (reach == &gate->reach && age_s > STALE_S)
            wlk_sweep_narrow(&book->sweep,
                             &wlk_history_newest(&book->pool, &book->slot[i].history)->phases,
                             from, lasts_s);
    }
    wlk_sweep_sort(&book->sweep);
    book->swept = *scan;
    book->is_swept = true;
}

/* Slots whose tracks may be in the gate, into book->near. */
static size_t find_near(struct wlk_book *book, const struct wlk_ring_plot *plot)
{
    if (book->is_swept && wlk_scan_compare(&book->swept, &plot->scan) == 0)
        return wlk_sweep_near(&book->sweep, &plot->spot, &plot->look, book->near);
    size_t count = 0;
    for (size_t i = 0; i < book->used_end; i++) {
        const struct wlk_reach *reach = reach_before(book, i, &plot->scan);
        if (reach && wlk_associate_is_near(reach, &plot->spot, &plot->look))
            book->near[count++] = (uint16_t)i;
    }
    return count;
}

/* The tracks that a plot wants: the best, and the best of those that no plot of its scan has;
 * WLK_SLOT_NONE for none. */
struct wish {
    size_t best, best_free;
};

static struct wish look_around(struct wlk_book *book, struct wlk_ring_plot *plot)
{
    struct wish wish = {WLK_SLOT_NONE, WLK_SLOT_NONE};
    double least = HUGE_VAL, least_free = HUGE_VAL;
    size_t count = find_near(book, plot);
    plot->near_count = 0;
    plot->is_crowded = false;
    for (size_t k = 0; k < count; k++) {
        size_t i = book->near[k];
        double cost = cost_of(book, &book->slot[i], plot);
        if (!isfinite(cost))
            continue;
        if (plot->near_count < WLK_RING_NEAR) {
            plot->near_cost[plot->near_count] = cost;
            plot->near[plot->near_count++] = (uint16_t)i;
        } else {
            plot->is_crowded = true;
        }
        if (cost < least) {
            least = cost;
            wish.best = i;
        }
        if (cost < least_free && !is_touched(book, &book->slot[i], &plot->scan)) {
            least_free = cost;
            wish.best_free = i;
        }
    }
    return wish;
}

/* One plot, the last of its scan so far; first is the first. Its best track is taken if it is
 * free: then the sum over the scan stays least. */
static wlk_status apply(struct wlk_book *book, size_t first, size_t index)
{
    struct wlk_ring_plot *plot = wlk_ring_at(&book->ring, index);
    struct wish wish = look_around(book, plot);
    plot->birth = 0;
    if (wish.best == WLK_SLOT_NONE)
        return wlk_book_found(book, plot);
    if (wish.best != wish.best_free) {
        wlk_status status = settle_together(book, first, index);
        if (status != WLK_NOT_YET)
            return status;
    }
    return wish.best_free != WLK_SLOT_NONE ? join(book, wish.best_free, plot) : WLK_OK;
}

/* ---- what a late plot changes ----------------------------------------------------------- */

/* Has the plot's track asked for its past, and may what has changed in a slot be that now, or
 * was it before? */
static bool has_other_past(const struct wlk_book *book, size_t at,
                           const struct wlk_ring_plot *plot)
{
    if (!plot->has_asked || plot->heir_of == at)
        return plot->has_asked;
    const struct wlk_slot *slot = &book->slot[at];
    const struct wlk_moment *moment =
        slot->is_used ? wlk_history_before(&book->pool, &slot->history, &plot->scan) : NULL;
    return moment && wlk_heir_may_be(&moment->phases, &plot->look);
}

/* Has a track that this plot wanted, or wants now, changed? */
static bool is_affected(const struct wlk_book *book, const struct wlk_ring_plot *plot)
{
    bool is_hit = plot->is_crowded && book->dirty_count > 0;
    for (int i = 0; !is_hit && i < plot->near_count; i++)
        is_hit = book->is_dirty[plot->near[i]];
    for (size_t i = 0; !is_hit && i < book->dirty_count; i++)
        is_hit = isfinite(cost_of(book, &book->slot[book->dirty[i]], plot)) ||
                 has_other_past(book, book->dirty[i], plot);
    return is_hit;
}

/* Index behind the last plot of the scan that begins at first. */
static size_t scan_end(const struct wlk_book *book, size_t first)
{
    const struct wlk_scan *scan = &wlk_ring_at(&book->ring, first)->scan;
    size_t end = first + 1;
    while (end < book->ring.count &&
           wlk_scan_compare(&wlk_ring_at(&book->ring, end)->scan, scan) == 0)
        end++;
    return end;
}

/* Does again those plots of a scan that are marked, and all that hang together with them. */
static wlk_status redo_marked(struct wlk_book *book, size_t first, size_t end)
{
    wlk_status status = WLK_OK;
    gather(book, first, end - 1);
    take_back_marked(book, first, end - 1);
    for (size_t i = first; i < end; i++) {
        struct wlk_ring_plot *plot = wlk_ring_at(&book->ring, i);
        plot->is_redone = plot->is_marked; /* apply has a use for the mark */
    }
    for (size_t i = first; i < end; i++) {
        const struct wlk_ring_plot *plot = wlk_ring_at(&book->ring, i);
        if (!plot->is_redone)
            continue;
        wlk_status each = apply(book, first, i);
        status = plot == book->entered ? each : status; /* a full store is counted there */
        book->counters.replayed++;
    }
    return status;
}

/* A late plot: what it and its tracks change in its scan, and in all later ones. */
static wlk_status redo_some(struct wlk_book *book, size_t first, size_t index)
{
    size_t end = scan_end(book, first);
    (void)look_around(book, wlk_ring_at(&book->ring, index));
    for (size_t i = first; i < end; i++)
        wlk_ring_at(&book->ring, i)->is_marked = i == index;
    wlk_status status = redo_marked(book, first, end);
    for (first = end; first < book->ring.count; first = end) {
        bool is_any = false;
        end = scan_end(book, first);
        for (size_t i = first; i < end; i++) {
            struct wlk_ring_plot *plot = wlk_ring_at(&book->ring, i);
            plot->is_marked = is_affected(book, plot);
            is_any = is_any || plot->is_marked;
        }
        if (is_any)
            (void)redo_marked(book, first, end);
    }
    return status;
}

/* All tracks back to before a scan, and all plots from there on again: some moments that would
 * be needed to do less have been forgotten. */
static wlk_status redo_all(struct wlk_book *book, const struct wlk_scan *back)
{
    wlk_status status = WLK_OK;
    size_t first = wlk_ring_find(&book->ring, back);
    for (size_t i = book->used_end; i-- > 0;)
        wlk_book_take_back(book, i, back);
    for (size_t i = first; i < book->ring.count; i++) {
        const struct wlk_ring_plot *plot = wlk_ring_at(&book->ring, i);
        if (wlk_scan_compare(&wlk_ring_at(&book->ring, first)->scan, &plot->scan) != 0)
            first = i;
        wlk_status each = apply(book, first, i);
        status = plot == book->entered ? each : status;
        book->counters.replayed++;
    }
    return status;
}

wlk_status wlk_book_settle(struct wlk_book *book, size_t index, const struct wlk_scan *back)
{
    const struct wlk_scan *scan = &wlk_ring_at(&book->ring, index)->scan;
    size_t first = wlk_ring_first(&book->ring, index);
    wlk_status status;
    for (size_t i = 0; i < book->dirty_count; i++)
        book->is_dirty[book->dirty[i]] = false;
    book->dirty_count = 0;
    if (index == book->ring.count - 1) {
        if (first < index && !(book->is_swept && wlk_scan_compare(&book->swept, scan) == 0))
            sweep(book, scan);
        return apply(book, first, index);
    }
    book->is_swept = false;
    if (wlk_scan_compare(back, scan) == 0)
        status = redo_some(book, first, index);
    else
        status = redo_all(book, back);
    return status == WLK_FULL ? WLK_OK : status; /* counted; a late one is taken all the same */
}
