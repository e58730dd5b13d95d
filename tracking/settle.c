/* settle.c -- each plot to its track, and what a late plot changes done again.
 *
 * A plot and a track are tied by the gate alone, so a late plot changes only the tracks in its
 * gate, and what follows from these: only that is taken back and done again. What comes of it
 * is the same to the bit as if all had come in order (book_test.c).
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/book_private.h"

#include "tracking/declare.h"

#include <math.h>

/* The first so many plots go to the launch fit as they come, then one in so many seconds; none
 * later than so many after the first. */
enum { EARLY_ALL = 14 };
/* A track of fewer plots is not declared while an older one, of three at least, might have had
 * its newest plot: the ghosts of a raid live so long. */
enum { CONTESTED_PLOTS = 6, CONTESTED_BY = 3 };
static const double EARLY_SPACING_S = 1.5, EARLY_S = 40;
/* Against any association within the gate: a new object is the last resort. */
static const double BIRTH_COST = 300, NEVER_COST = 1e6;

/* The track in a slot is not what it was: later plots may want another. */
static void note_dirty(struct wlk_book *book, size_t slot)
{
    if (book->is_dirty[slot])
        return;
    book->is_dirty[slot] = true;
    book->dirty[book->dirty_count++] = slot;
}

/* A free slot, or that of the track dead for longest; NULL if all live. */
static struct wlk_slot *find_slot(struct wlk_book *book, wlk_utc now)
{
    struct wlk_slot *best = NULL;
    double longest = 0;
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++) {
        struct wlk_slot *slot = &book->slot[i];
        if (!slot->is_used) {
            if (i >= book->used_end)
                book->used_end = i + 1;
            return slot;
        }
        const struct wlk_moment *moment = wlk_history_newest(&book->pool, &slot->history);
        double age_s = wlk_utc_seconds(now, moment->last_measurement);
        if ((wlk_book_is_dead(moment, now) || slot->show.track.is_ended) && age_s > longest) {
            longest = age_s;
            best = slot;
        }
    }
    if (best)
        wlk_book_free_slot(book, best);
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
static void adopt_number(struct wlk_book *book, struct wlk_slot *slot,
                         struct wlk_ring_plot *plot)
{
    if (slot->number == 0 && plot->object != 0 && is_number_free(book, plot->object))
        slot->number = plot->object;
    if (slot->number != 0)
        plot->object = slot->number;
}

static void keep_early(struct wlk_slot *slot, struct wlk_moment *moment,
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
    struct wlk_slot *slot = find_slot(book, plot->look.time);
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
    wlk_associate_reach(&moment->phases, &moment->reach);
    slot->is_used = slot->is_changed = true;
    memset(&slot->show, 0, sizeof slot->show);
    slot->show.track.revision = book->revision_floor;
    slot->is_joined = plot == book->entered;
    keep_early(slot, moment, &plot->look);
    adopt_number(book, slot, plot);
    book->counters.births++;
    slot->birth = ++book->births;
    plot->birth = slot->birth;
    plot->founded = (uint16_t)(slot - book->slot);
    note_dirty(book, plot->founded);
    return WLK_OK;
}

/* Is the plot in the gate of a track that is older than this one? Then this one may be made of
 * others' plots. */
static bool is_contested(const struct wlk_book *book, const struct wlk_slot *slot,
                         const struct wlk_ring_plot *plot)
{
    const struct wlk_moment *own = wlk_history_newest(&book->pool, &slot->history);
    bool is_older = plot->is_crowded;
    for (int i = 0; i < plot->near_count; i++) {
        const struct wlk_slot *other = &book->slot[plot->near[i]];
        const struct wlk_moment *moment =
            other == slot || !other->is_used
                ? NULL
                : wlk_history_before(&book->pool, &other->history, &plot->scan);
        is_older = is_older || (moment && moment->plot_count >= CONTESTED_BY &&
                                moment->first_plot.ns < own->first_plot.ns);
    }
    return is_older;
}

/* Takes a plot into a track. A plot that the filter refuses is left aside. */
static void update(struct wlk_book *book, struct wlk_slot *slot, struct wlk_ring_plot *plot)
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
    wlk_associate_reach(&next, &moment->reach);
    moment->scan = plot->scan;
    moment->plot_count++;
    wlk_moment_note_look(moment, plot);
    if (plot->look.time.ns > moment->last_measurement.ns)
        moment->last_measurement = plot->look.time;
    if (plot->read_at.ns > moment->read_at.ns)
        moment->read_at = plot->read_at;
    moment->is_confirmed =
        moment->is_confirmed ||
        ((moment->plot_count >= CONTESTED_PLOTS || !is_contested(book, slot, plot)) &&
         wlk_declare_is_missile(wlk_phases_state(&next), moment->plot_count));
    slot->is_changed = true;
    slot->is_joined |= plot == book->entered;
    keep_early(slot, moment, &plot->look);
    adopt_number(book, slot, plot);
}

/* The track as it was before the scan; NULL: born in it, dead, or looked at just now. */
static const struct wlk_moment *before_scan(const struct wlk_book *book,
                                            const struct wlk_slot *slot,
                                            const struct wlk_ring_plot *plot)
{
    if (!slot->is_used)
        return NULL;
    const struct wlk_moment *moment =
        wlk_history_before(&book->pool, &slot->history, &plot->scan);
    bool may_be = moment && !wlk_book_is_dead(moment, plot->look.time) &&
                  !wlk_moment_is_too_soon(moment, plot);
    return may_be ? moment : NULL;
}

static double cost_of(const struct wlk_book *book, const struct wlk_slot *slot,
                      const struct wlk_ring_plot *plot)
{
    const struct wlk_moment *moment = before_scan(book, slot, plot);
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

/* Takes a track back to before a scan; one born since vanishes. */
static void take_back(struct wlk_book *book, size_t at, const struct wlk_scan *scan)
{
    struct wlk_slot *slot = &book->slot[at];
    int before = slot->history.count;
    if (!slot->is_used)
        return;
    int left = wlk_history_cut(&book->pool, &slot->history, scan);
    if (left == before)
        return;
    note_dirty(book, at);
    slot->is_changed = true;
    if (left == 0)
        wlk_book_free_slot(book, slot);
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
        memset(book->is_asked, true, sizeof book->is_asked);
    for (int i = 0; i < plot->near_count; i++)
        book->is_asked[plot->near[i]] = true;
}

/* Of plots first..last of a scan marks all that hang together with those that are marked, and
 * the slots that they ask for. */
static void gather(struct wlk_book *book, size_t first, size_t last)
{
    memset(book->is_asked, false, sizeof book->is_asked);
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
            take_back(book, i, scan);
    for (size_t i = first; i <= last; i++) {
        struct wlk_ring_plot *plot = wlk_ring_at(&book->ring, i);
        if (plot->is_marked && plot->birth != 0 && book->slot[plot->founded].is_used &&
            book->slot[plot->founded].birth == plot->birth)
            take_back(book, plot->founded, scan);
    }
}

/* ---- one plot, or several that want the same -------------------------------------------- */

/* A plot that becomes a track's second may be the first of another object just as well: it also
 * founds a track, which starves if the first was right. */
static wlk_status join(struct wlk_book *book, size_t at, struct wlk_ring_plot *plot)
{
    struct wlk_slot *slot = &book->slot[at];
    note_dirty(book, at);
    update(book, slot, plot);
    return wlk_history_newest(&book->pool, &slot->history)->plot_count == 2
               ? give_birth(book, plot)
               : WLK_OK;
}

static void choose(const struct wlk_book *book, struct wlk_choice *out)
{
    out->columns = 0;
    for (size_t i = 0; i < book->used_end && out->columns < WLK_ASSIGN_MAX; i++) {
        bool is_wanted = false;
        for (int row = 0; book->is_asked[i] && row < out->rows; row++) {
            const struct wlk_ring_plot *plot = wlk_ring_at(&book->ring, out->row[row]);
            double cost = cost_of(book, &book->slot[i], plot);
            out->cost[row][out->columns] = isfinite(cost) ? cost : NEVER_COST;
            is_wanted = is_wanted || isfinite(cost);
        }
        if (is_wanted)
            out->slot[out->columns++] = i;
    }
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
            status = give_birth(book, plot);
        else if (choice->cost[row][column[row]] < NEVER_COST)
            status = join(book, choice->slot[column[row]], plot);
    }
    return status;
}

/* The tracks that a plot wants: the best, and the best of those that no plot of its scan has;
 * WLK_OBJECTS_MAX for none. */
struct wish {
    size_t best, best_free;
};

static struct wish look_around(const struct wlk_book *book, struct wlk_ring_plot *plot)
{
    struct wish wish = {WLK_OBJECTS_MAX, WLK_OBJECTS_MAX};
    double least = HUGE_VAL, least_free = HUGE_VAL;
    plot->near_count = 0;
    plot->is_crowded = false;
    for (size_t i = 0; i < book->used_end; i++) {
        double cost = cost_of(book, &book->slot[i], plot);
        if (!isfinite(cost))
            continue;
        if (plot->near_count < WLK_RING_NEAR)
            plot->near[plot->near_count++] = (uint16_t)i;
        else
            plot->is_crowded = true;
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
    if (wish.best == WLK_OBJECTS_MAX)
        return give_birth(book, plot);
    if (wish.best != wish.best_free) {
        wlk_status status = settle_together(book, first, index);
        if (status != WLK_NOT_YET)
            return status;
    }
    return wish.best_free < WLK_OBJECTS_MAX ? join(book, wish.best_free, plot) : WLK_OK;
}

/* ---- what a late plot changes ----------------------------------------------------------- */

/* Has a track that this plot wanted, or wants now, changed? */
static bool is_affected(const struct wlk_book *book, const struct wlk_ring_plot *plot)
{
    bool is_hit = plot->is_crowded && book->dirty_count > 0;
    for (int i = 0; !is_hit && i < plot->near_count; i++)
        is_hit = book->is_dirty[plot->near[i]];
    for (size_t i = 0; !is_hit && i < book->dirty_count; i++)
        is_hit = isfinite(cost_of(book, &book->slot[book->dirty[i]], plot));
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
        take_back(book, i, back);
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
    size_t first = wlk_ring_find(&book->ring, scan);
    wlk_status status;
    for (size_t i = 0; i < book->dirty_count; i++)
        book->is_dirty[book->dirty[i]] = false;
    book->dirty_count = 0;
    if (index == book->ring.count - 1)
        return apply(book, first, index);
    if (wlk_scan_compare(back, scan) == 0)
        status = redo_some(book, first, index);
    else
        status = redo_all(book, back);
    return status == WLK_FULL ? WLK_OK : status; /* counted; a late one is taken all the same */
}
