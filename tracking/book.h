/* book.h -- all live tracks of one nation: birth, confirmation, coasting, end.
 *
 * Plots go in, in any order within 120 s; tracks are read out. A late plot is put in its place
 * and everything after it is done again, so that the tracks are the same, to the bit, as if
 * all plots had come in order.
 * Reads: record/plot.h. Read by: programs/nation.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_BOOK_H
#define WLK_TRACKING_BOOK_H

#include "record/plot.h"
#include "record/track.h"

enum { WLK_BOOK_OBJECTS_MAX = 8191 };

struct wlk_book;
struct wlk_look; /* tracking/filter.h */

struct wlk_book_counters {
    uint64_t taken;    /* plots accepted */
    uint64_t late;     /* of these, came behind a younger one and were put in their place */
    uint64_t stale;    /* refused: older than the ring */
    uint64_t doubled;  /* refused: same sensor and number seen */
    uint64_t unsound;  /* refused: not finite, or a value out of range */
    uint64_t full;     /* plots that found no free slot for a new track */
    uint64_t replayed; /* plots done again because of late ones */
    uint64_t births, ended, unconfirmed_ended;
};

/* Takes all memory the book will ever use: WLK_OBJECTS_MAX tracks.
 * WLK_OK *out is owned by the caller; WLK_FULL no memory. */
wlk_status wlk_book_open(struct wlk_book **out) WLK_MUST_USE;

/* The same for so many tracks, 1 to WLK_BOOK_OBJECTS_MAX. */
wlk_status wlk_book_sized_open(size_t objects, struct wlk_book **out) WLK_MUST_USE;

/* Before the first plot: touches all of it, so that no plot waits for the system to find pages
 * for it (several us each, and half of the time of a scan). Takes some 50 ms. */
void wlk_book_warm(struct wlk_book *book);

/* Bytes that a book for so many tracks takes. */
size_t wlk_book_memory(size_t objects);

/* Frees it; NULL is allowed. */
void wlk_book_close(struct wlk_book *book);

/* Takes one plot.
 * WLK_OK         taken.
 * WLK_STALE      more than 120 s older than the newest plot; counted.
 * WLK_KNOWN      this sensor and number was seen within 120 s; counted.
 * WLK_BAD_INPUT  a value not finite or out of its range; counted.
 * WLK_FULL       it belongs to no track and there is no slot for a new one; counted.
 * Bound: plots of the last 120 s that are younger than it; of these only those are done again
 * whose tracks it changes. */
wlk_status wlk_book_take(struct wlk_book *book, const struct wlk_plot *plot);

/* Ages tracks to now (MEASURED, COASTED, LOST, ended) and makes what taking plots has put off:
 * the impact points of tracks that a late plot changed in passing, and launch points, two in a
 * call (the first of a confirmed track is not put off). To be called about ten times a second
 * and before the tracks are read. */
void wlk_book_advance(struct wlk_book *book, wlk_utc now);

/* Tracks of at least two plots that live or have ended within the last 120 s; the index of
 * one may change with any call above. Pointers are good until the next take or advance. */
size_t wlk_book_count(const struct wlk_book *book);
const struct wlk_track *wlk_book_track(const struct wlk_book *book, size_t index);

/* The track with an object number, NULL if there is none. */
const struct wlk_track *wlk_book_find(const struct wlk_book *book, uint32_t object);

/* A plot that belongs to an object; the look is good until the next take. */
struct wlk_book_plot {
    uint32_t object;
    wlk_name sensor;
    double revisit_s; /* of the sensor at an object; 0: unknown */
    const struct wlk_look *look;
};

/* The plots of a time [from, to) that the book has given to objects with a number, at most
 * room of them. Returns how many. For tracking/shield. */
size_t wlk_book_plots(const struct wlk_book *book, wlk_utc from, wlk_utc to,
                      struct wlk_book_plot *out, size_t room);

/* What happened so far; alive as long as the book. */
const struct wlk_book_counters *wlk_book_counters(const struct wlk_book *book);

#endif
