/* terminal.h -- the timeline as people read it, line by line.
 * Read by: programs/demo_live.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_TERMINAL_H
#define WLK_PROGRAMS_TERMINAL_H

#include "programs/timeline.h"

#include <stdio.h>

enum {
    WLK_TERMINAL_OBJECTS_MAX = 64, /* the oldest is forgotten: its next impact is news */
    WLK_TERMINAL_PEERS_MAX = 16
};

/* What a reader has seen of the impacts of one object. */
struct wlk_terminal_object {
    uint32_t object;
    bool has_impact;   /* printed and not withdrawn since */
    bool was_withdrawn;
    bool is_back;      /* predicted again after that, not printed yet */
    wlk_utc back_since;
    double latitude_deg, longitude_deg, major_km; /* as last printed */
};

/* What a reader has seen of one nation; all zeros at first. */
struct wlk_terminal_memory {
    size_t count;
    struct wlk_terminal_object object[WLK_TERMINAL_OBJECTS_MAX];
    size_t peer_count;
    struct {
        char name[WLK_NAME_SIZE];
        enum wlk_entry_kind said; /* lost or back, under whichever arrangement */
    } peer[WLK_TERMINAL_PEERS_MAX];
};

/* Prints one entry, with seconds since launch, the scenario time of the launch. What is no news
 * to a reader is left out: an impact that hardly moved, or moved no more than matters to
 * anybody, and predictions that come and go while an object still thrusts. */
void wlk_terminal_entry(const struct wlk_entry *entry, wlk_utc launch, bool is_coloured,
                        struct wlk_terminal_memory *memory, FILE *out);

/* A line about the whole (hub started, link up). */
void wlk_terminal_word(const char *words, bool is_coloured, FILE *out);

#endif
