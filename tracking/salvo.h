/* salvo.h -- what was launched together, and how many objects that is.
 *
 * The count of a salvo is never just the number of tracks: in a crowd some tracks are made of
 * others' plots, and starve. Pure: what is handed in is counted, nothing is kept.
 * Read by: programs/nation_salvo.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_SALVO_H
#define WLK_TRACKING_SALVO_H

#include "tracking/book.h"

/* Were they launched near each other: within 50 km and 120 s, and two sigmas of each? */
bool wlk_salvo_is_near(const struct wlk_point *one, const struct wlk_point *other);

struct wlk_salvo_count {
    uint32_t least; /* confirmed and not starved; young ones not among several */
    uint32_t most;  /* with those that may be objects */
};

/* How many objects the tracks of one salvo are, as seen at a time. A confirmed track has
 * starved when it fell silent on its way up while one that has flown as long is still measured,
 * or had less than half as many plots. sure: for each track, is it in least; may be NULL. */
struct wlk_salvo_count wlk_salvo_count(const struct wlk_track *const track[], size_t count,
                                       wlk_utc now, bool sure[]);

/* Plots of so many seconds are looked at by the next. */
#define WLK_SALVO_WINDOW_S 24.0

/* The same by what each track was given of late, which tells in a crowd what tracks alone do
 * not: there a track dies and another goes on with its object, or two share one's plots. plot
 * of the last WLK_SALVO_WINDOW_S (wlk_book_plots); those of other objects may be among them.
 *
 * Of tracks first seen less than a minute ago, those that had most of what the middle one had
 * are an object each; what the others had together makes so many objects as it would make full
 * ones. And a sensor sees an object once in its revisit time, or not: the number of objects is
 * that under which the numbers seen are most likely (binomial, with the chance of a look that
 * fits best), never less than were seen at once; held against the first by so much for each
 * that they are apart. Only where four or more are confirmed and one of them fell silent or had
 * little; else as above. */
struct wlk_salvo_count wlk_salvo_count_seen(const struct wlk_track *const track[], size_t count,
                                            const struct wlk_book_plot plot[],
                                            size_t plot_count, wlk_utc now, bool sure[]);

#endif
