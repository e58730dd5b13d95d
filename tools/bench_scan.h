/* bench_scan.h -- books that follow many objects, for tools/bench.c: what a scan of them costs.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TOOLS_BENCH_SCAN_H
#define WLK_TOOLS_BENCH_SCAN_H

#include "tracking/book.h"
#include "tracking/flight_for_test.h"

enum bench_scan {
    BENCH_SCAN_YOUNG,  /* thrust has ended less than a minute ago: seven explanations each */
    BENCH_SCAN_COAST,  /* later: one each */
    BENCH_SCAN_IMPACT, /* and the impact point of each made anew */
};

/* CPU time of the thread, s. */
double bench_now_s(void);
void bench_must(wlk_status status, const char *what);

/* Ascending numbers, for qsort. */
int bench_by_size(const void *a, const void *b);

/* The look at t of a flight by a radar of TEST_RADARS; both turned about the Earth's axis for
 * object k of many, 10 km at the equator from its neighbours: so all are seen alike. */
bool bench_look(const struct flight *flight, int k, int radar, double t,
                struct wlk_random *random, struct wlk_plot *out);

/* Seconds of a scan of so many objects in a book that follows them all: looks made ready,
 * gates, assignment, filters, and what is shown. The book is kept for the next call. */
double bench_scan(const struct flight *flight, int objects, enum bench_scan what);

/* Seconds (bench_salvo.c): to look back at 18 tracks that have fallen silent; to weigh what the
 * launch template misses at 14 plots; to lay two nations' patterns of 18 on each other. */
double bench_look_back(const struct flight *flight);
double bench_misfit(const struct flight *flight);
double bench_pattern(void);

/* Scans of 1 to 3,000 objects for so many seconds: a table on standard output, and a drawing in
 * a file (NULL: none). */
void bench_growth(const struct flight *flight, double seconds, const char *drawing);

#endif
