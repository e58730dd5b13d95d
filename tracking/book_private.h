/* book_private.h -- what the files of the book share: book.c takes plots and shows tracks,
 * settle.c finds the track of each plot, and does again what a late one changes; grow.c makes
 * tracks longer and shorter.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_BOOK_PRIVATE_H
#define WLK_TRACKING_BOOK_PRIVATE_H

#include "tracking/associate.h"
#include "tracking/book.h"
#include "tracking/history.h"
#include "tracking/show.h"
#include "tracking/sweep.h"

enum { WLK_SLOT_NONE = UINT16_MAX };

struct wlk_slot {
    bool is_used;
    bool is_changed, is_joined; /* since it was shown; by the plot that is being taken */
    uint32_t number;            /* of the object; 0: not given yet */
    uint32_t birth;             /* of the track in it: counted from 1 */
    wlk_utc looked_back;        /* its last measurement when its firsts were counted */
    struct wlk_history history;
    struct wlk_look early[WLK_LAUNCH_LOOKS_MAX];
    struct wlk_show show;
};

/* What each plot asks of each slot, kept apart from it and near each other. */
struct wlk_gate {
    struct wlk_scan scan;   /* of the newest moment */
    struct wlk_reach reach; /* of that; meaningful if the slot is used */
    wlk_utc last;           /* measurement of that, and how long after it the track is dead */
    double life_s;
    bool is_used;
    bool is_falling; /* in that, freely into the air: others may go it on (heir.h) */
};

/* The plots of a scan that want the same tracks, the tracks, and what each pair costs. */
struct wlk_choice {
    int rows, columns;
    size_t row[WLK_ASSIGN_MAX], slot[WLK_ASSIGN_TRACKS];
    double cost[WLK_ASSIGN_MAX][WLK_ASSIGN_COLUMNS];
};

struct wlk_book {
    struct wlk_ring ring;
    struct wlk_history_pool pool;
    size_t slot_count; /* of the arrays below */
    struct wlk_slot *slot;
    struct wlk_gate *gate;
    size_t *shown, shown_count;
    bool is_list_stale; /* shown is no more what can be looked at */
    uint32_t next_number, births;
    size_t used_end; /* slots from here on are free */
    struct wlk_choice choice;
    struct wlk_sweep sweep;
    struct wlk_scan swept; /* the scan that the sweep is made for, if it is made: */
    bool is_swept;
    uint16_t *near; /* scratch: what it finds */
    bool *is_asked; /* scratch: slots that plots to be settled want */
    bool *is_dirty; /* slots that are no more what later plots have seen */
    size_t *dirty, dirty_count;
    size_t *changed, changed_count;      /* slots that are to be shown */
    const struct wlk_ring_plot *entered; /* the plot that is being taken */
    struct wlk_stand site;               /* where the last one came from */
    uint32_t revision_floor;             /* no revision of a new track is below */
    struct wlk_book_counters counters;
};

/* Without a plot for so long a track is dead. */
double wlk_book_life_s(const struct wlk_moment *moment);
bool wlk_book_is_dead(const struct wlk_moment *moment, wlk_utc now);

/* The newest moment of a slot, or its use, has changed: what is kept of it is made again. */
void wlk_book_note_newest(struct wlk_book *book, size_t at);

/* A slot is to be shown anew. */
void wlk_book_note_changed(struct wlk_book *book, struct wlk_slot *slot);

/* Forgets the track in a slot. */
void wlk_book_free_slot(struct wlk_book *book, struct wlk_slot *slot);

/* The track in a slot is not what it was: later plots may want another. */
void wlk_book_note_dirty(struct wlk_book *book, size_t at);

/* Founds a track on a plot. WLK_FULL there is no slot or no moment for it; counted. */
wlk_status wlk_book_found(struct wlk_book *book, struct wlk_ring_plot *plot);

/* Takes a plot into a track. A plot that the filter refuses is left aside. */
void wlk_book_lengthen(struct wlk_book *book, struct wlk_slot *slot,
                       struct wlk_ring_plot *plot);

/* The track as it was before the plot's scan; NULL: born in it, dead, or looked at just now. */
const struct wlk_moment *wlk_book_before(const struct wlk_book *book,
                                         const struct wlk_slot *slot,
                                         const struct wlk_ring_plot *plot);

/* Takes a track back to before a scan; one born since vanishes. */
void wlk_book_take_back(struct wlk_book *book, size_t at, const struct wlk_scan *scan);

/* Counts, once, how many plots of a track that has fallen silent were the first of others:
 * track.firsts. Of the ring, so of the last 120 s; 64 others at most. */
void wlk_book_look_back(struct wlk_book *book, struct wlk_slot *slot, wlk_utc now);

/* Gives the plot at index of the ring, which has just come, to a track, or founds one; what
 * younger plots it changes is done again. back: the scan from which all can be done again.
 * WLK_FULL there is no slot for a new track; counted. */
wlk_status wlk_book_settle(struct wlk_book *book, size_t index, const struct wlk_scan *back);

#endif
