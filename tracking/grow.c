/* grow.c -- a track begun by a plot, made longer by one, and taken back.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/book_private.h"

#include "tracking/declare.h"
#include "tracking/heir.h"

#include <math.h>

/* The first so many plots go to the launch fit as they come, then one in so many seconds; none
 * later than so many after the first. */
enum { EARLY_ALL = 14 };
/* A track of fewer plots is not declared while an older one, of three at least, might have had
 * its newest plot: the ghosts of a raid live so long. */
enum { CONTESTED_PLOTS = 6, CONTESTED_BY = 3 };
/* From this plot to that a track asks whether it goes on another. */
static const uint32_t HEIR_PLOTS[2] = {4, 8};
/* Of one that breaks, the last plots may be beside the first of its heir; then it is silent. */
static const double HEIR_BESIDE_S = 5, HEIR_SILENT_S = 2.5;
static const double EARLY_SPACING_S = 1.5, EARLY_S = 40;

/* The track in a slot is not what it was: later plots may want another. */
void wlk_book_note_dirty(struct wlk_book *book, size_t slot)
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
    for (size_t i = 0; i < book->slot_count; i++) {
        struct wlk_slot *slot = &book->slot[i];
        if (!book->gate[i].is_used) {
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

wlk_status wlk_book_found(struct wlk_book *book, struct wlk_ring_plot *plot)
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
    slot->is_used = true;
    wlk_book_note_changed(book, slot);
    memset(&slot->show, 0, sizeof slot->show);
    slot->show.track.revision = book->revision_floor;
    slot->is_joined = plot == book->entered;
    keep_early(slot, moment, &plot->look);
    adopt_number(book, slot, plot);
    book->counters.births++;
    slot->birth = ++book->births;
    plot->birth = slot->birth;
    plot->founded = (uint16_t)(slot - book->slot);
    wlk_book_note_newest(book, plot->founded);
    wlk_book_note_dirty(book, plot->founded);
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

static bool is_heir(const struct wlk_moment *own, const struct wlk_moment *other,
                    const struct wlk_ring_plot *plot)
{
    return other && other->is_confirmed &&
           wlk_utc_seconds(other->last_measurement, own->first_plot) < HEIR_BESIDE_S &&
           wlk_utc_seconds(own->last_measurement, other->last_measurement) > HEIR_SILENT_S &&
           wlk_heir_is(&own->phases, &other->phases, &plot->look);
}

/* A young track asks whether it goes on what fell out of sight. */
static void ask_for_past(const struct wlk_book *book, const struct wlk_slot *own_slot,
                         struct wlk_moment *own, struct wlk_ring_plot *plot)
{
    plot->has_asked = own->plot_count >= HEIR_PLOTS[0] && own->plot_count <= HEIR_PLOTS[1] &&
                      !own->phases.is_lifted;
    plot->heir_of = WLK_SLOT_NONE;
    for (size_t i = 0; plot->has_asked && i < book->used_end; i++) {
        const struct wlk_slot *slot = &book->slot[i];
        const struct wlk_gate *gate = &book->gate[i];
        bool is_newest = wlk_scan_compare(&gate->scan, &plot->scan) < 0;
        if (slot == own_slot || !gate->is_used || (is_newest && !gate->is_falling) ||
            !is_heir(own, wlk_history_before(&book->pool, &slot->history, &plot->scan), plot))
            continue;
        plot->heir_of = (uint16_t)i;
        wlk_heir_inherit(&own->phases, plot->look.time);
        return;
    }
}

/* Takes a plot into a track. A plot that the filter refuses is left aside. */
void wlk_book_lengthen(struct wlk_book *book, struct wlk_slot *slot, struct wlk_ring_plot *plot)
{
    struct wlk_history *history = &slot->history;
    struct wlk_moment *last = wlk_history_newest(&book->pool, history);
    struct wlk_moment *moment = wlk_history_add(&book->pool, history, plot->scan.quarter);
    if (moment)
        wlk_moment_copy(last, moment);
    else
        moment = last; /* no room to remember: this one cannot be taken back */
    if (wlk_phases_take(&moment->phases, &plot->look) != WLK_OK) {
        if (moment != last)
            wlk_history_drop(&book->pool, history);
        return;
    }
    history->quarter[history->count - 1] = plot->scan.quarter;
    wlk_associate_reach(&moment->phases, &moment->reach);
    moment->scan = plot->scan;
    moment->plot_count++;
    wlk_moment_note_look(moment, plot);
    if (plot->look.time.ns > moment->last_measurement.ns)
        moment->last_measurement = plot->look.time;
    ask_for_past(book, slot, moment, plot);
    if (plot->read_at.ns > moment->read_at.ns)
        moment->read_at = plot->read_at;
    moment->is_confirmed =
        moment->is_confirmed ||
        ((moment->plot_count >= CONTESTED_PLOTS || !is_contested(book, slot, plot)) &&
         wlk_declare_is_missile(wlk_phases_state(&moment->phases), moment->plot_count));
    wlk_book_note_changed(book, slot);
    wlk_book_note_newest(book, (size_t)(slot - book->slot));
    slot->is_joined |= plot == book->entered;
    keep_early(slot, moment, &plot->look);
    adopt_number(book, slot, plot);
}

/* The track as it was before the scan; NULL: born in it, dead, or looked at just now. */
const struct wlk_moment *wlk_book_before(const struct wlk_book *book,
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

/* Takes a track back to before a scan; one born since vanishes. */
void wlk_book_take_back(struct wlk_book *book, size_t at, const struct wlk_scan *scan)
{
    struct wlk_slot *slot = &book->slot[at];
    int before = slot->history.count;
    if (!slot->is_used)
        return;
    int left = wlk_history_cut(&book->pool, &slot->history, scan);
    if (left == before)
        return;
    wlk_book_note_dirty(book, at);
    wlk_book_note_changed(book, slot);
    wlk_book_note_newest(book, at);
    if (left == 0)
        wlk_book_free_slot(book, slot);
}
