/* book_private.h -- what the files of the book share: book.c takes plots and shows tracks,
 * settle.c finds the track of each plot, and does again what a late one changes.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_BOOK_PRIVATE_H
#define WLK_TRACKING_BOOK_PRIVATE_H

#include "tracking/associate.h"
#include "tracking/book.h"
#include "tracking/history.h"
#include "tracking/show.h"

struct wlk_slot {
    bool is_used;
    bool is_changed, is_joined; /* since it was shown; by the plot that is being taken */
    uint32_t number;            /* of the object; 0: not given yet */
    uint32_t birth;             /* of the track in it: counted from 1 */
    struct wlk_history history;
    struct wlk_look early[WLK_LAUNCH_LOOKS_MAX];
    struct wlk_show show;
};

/* The plots of a scan that want the same tracks, the tracks, and what each pair costs. */
struct wlk_choice {
    int rows, columns;
    size_t row[WLK_ASSIGN_MAX], slot[WLK_ASSIGN_MAX];
    double cost[WLK_ASSIGN_MAX][2 * WLK_ASSIGN_MAX];
};

struct wlk_book {
    struct wlk_ring ring;
    struct wlk_history_pool pool;
    struct wlk_slot slot[WLK_OBJECTS_MAX];
    size_t shown[WLK_OBJECTS_MAX], shown_count;
    uint32_t next_number, births;
    size_t used_end; /* slots from here on are free */
    struct wlk_choice choice;
    bool is_asked[WLK_OBJECTS_MAX];      /* scratch: slots that plots to be settled want */
    bool is_dirty[WLK_OBJECTS_MAX];      /* slots that are no more what later plots have seen */
    size_t dirty[WLK_OBJECTS_MAX], dirty_count;
    const struct wlk_ring_plot *entered; /* the plot that is being taken */
    uint32_t revision_floor;             /* no revision of a new track is below */
    struct wlk_book_counters counters;
};

/* Without a plot for so long a track is dead. */
bool wlk_book_is_dead(const struct wlk_moment *moment, wlk_utc now);

/* Forgets the track in a slot. */
void wlk_book_free_slot(struct wlk_book *book, struct wlk_slot *slot);

/* Gives the plot at index of the ring, which has just come, to a track, or founds one; what
 * younger plots it changes is done again. back: the scan from which all can be done again.
 * WLK_FULL there is no slot for a new track; counted. */
wlk_status wlk_book_settle(struct wlk_book *book, size_t index, const struct wlk_scan *back);

#endif
