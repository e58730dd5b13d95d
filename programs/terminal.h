/* terminal.h -- the timeline as people read it, line by line.
 * Read by: programs/demo_live.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_TERMINAL_H
#define WLK_PROGRAMS_TERMINAL_H

#include "programs/timeline.h"

#include <stdio.h>

/* Prints one entry, with seconds since launch; what is no news to a reader (an impact that
 * hardly moved) is left out. One per nation and rehearsal; all zeros at first. */
struct wlk_terminal_memory {
    bool has_impact;
    double latitude_deg, longitude_deg, major_km; /* as last printed */
    uint32_t object;
};

/* See above; launch is the scenario time of the launch. */
void wlk_terminal_entry(const struct wlk_entry *entry, wlk_utc launch, bool is_coloured,
                        struct wlk_terminal_memory *memory, FILE *out);

/* A line about the whole (hub started, link up). */
void wlk_terminal_word(const char *words, bool is_coloured, FILE *out);

#endif
