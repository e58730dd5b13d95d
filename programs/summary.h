/* summary.h -- the result of a rehearsal: as summary.json for programs, as a table for people.
 *
 * Read by: programs/demo.c, benefit.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_SUMMARY_H
#define WLK_PROGRAMS_SUMMARY_H

#include "programs/measures.h"

#include <stdio.h>

/* What the public record calls before, between and after: no exchange at all, bilateral
 * arrangements only, and all of them. */
enum wlk_column { WLK_COLUMN_ALONE = 0, WLK_COLUMN_BEFORE, WLK_COLUMN_AFTER, WLK_COLUMN_COUNT };
const char *wlk_column_word(enum wlk_column column);

/* Per (record, recipient), column after, summed over the seeds. */
struct wlk_exchanged {
    uint64_t records; /* sealed, times the other parties of their arrangement */
    uint64_t passed, trimmed, refused; /* by the hub */
    uint64_t lost;    /* neither delivered nor covered by a notice */
    uint64_t doubled; /* delivered more than once */
};

struct wlk_summary {
    char launch[WLK_TEXT_SIZE];
    uint64_t seeds;
    struct wlk_maybe published_range_km, published_apogee_km, published_warning_s;
    char published_warning_by[WLK_TEXT_SIZE]; /* "J-Alert (JP)"; empty if none */
    double truth_range_km, truth_apogee_km, truth_flight_time_s;
    double truth_impact_latitude_deg, truth_impact_longitude_deg;
    double truth_burnout_s;
    size_t nation_count;
    wlk_name nation[WLK_PARTIES_MAX];
    struct wlk_measures measures[WLK_PARTIES_MAX][WLK_COLUMN_COUNT];
    struct wlk_exchanged exchanged;
};

/* Writes the file (the form is fixed, docs/formats/summary.md). WLK_IO cannot be written;
 * fault has the reason. */
wlk_status wlk_summary_write(const struct wlk_summary *summary, const char *path,
                             struct wlk_fault *fault) WLK_MUST_USE;

/* Prints the tables, one for each nation, and the public record beside them. */
void wlk_summary_print(const struct wlk_summary *summary, bool is_coloured, FILE *out);

#endif
