/* measures.h -- what a rehearsal measures of one nation in one column, and medians over seeds.
 *
 * A pure function of the nation's timeline and the truth of the flight: the live run and the
 * virtual clock are measured by the same code. Read by programs/demo*.c, summary.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_MEASURES_H
#define WLK_PROGRAMS_MEASURES_H

#include "programs/timeline.h"

enum { WLK_MEASURED_WARNINGS_MAX = 256, WLK_SEEDS_MAX = 1000 };

/* A number that may not have come. */
struct wlk_maybe {
    bool has;
    double value;
};

/* The truth that a run is measured against. */
struct wlk_measure_truth {
    wlk_utc launch;
    double burnout_s;     /* of the last stage, from launch */
    double flight_time_s;
    wlk_geodetic impact;
};

struct wlk_measured_warning {
    char area[64];        /* name in English, or "sea" */
    enum wlk_warning_kind kind;
    double at_s;          /* first time, from launch */
};

/* One nation, one column, one seed; or medians over seeds. Times in s from launch. */
struct wlk_measures {
    struct wlk_maybe first_plot_s, launch_declared_s, heading_5deg_s, ellipse_20km_s;
    struct wlk_maybe impact_error_km, ellipse_major_km, ellipse_minor_km; /* at evaluation */
    struct wlk_maybe truth_inside_95; /* 0 or 1 for one seed; a fraction over seeds */
    size_t warning_count;
    struct wlk_measured_warning warning[WLK_MEASURED_WARNINGS_MAX];
    uint64_t warnings_dropped; /* no room */
    uint32_t ellipse_object;   /* whose ellipse it is; withdrawn, the time is taken back */
    bool has_latest;           /* newest impact prediction up to the moment of evaluation */
    uint32_t latest_object;
    struct wlk_entry latest;
};

/* When the impact is judged: five minutes before impact or one minute after burnout,
 * whichever is later; seconds from launch. */
double wlk_measure_moment_s(const struct wlk_measure_truth *truth);

/* Takes one entry; entries of a nation come in order of time. */
void wlk_measures_take(struct wlk_measures *measures, const struct wlk_measure_truth *truth,
                       const struct wlk_entry *entry);

/* After the last entry: judges the newest prediction of the moment. */
void wlk_measures_end(struct wlk_measures *measures, const struct wlk_measure_truth *truth);

/* Medians over seeds, a number that did not come counting as infinite: has is false where the
 * median itself did not come. For an even count the larger of the middle two (cautious).
 * truth_inside_95 is the fraction over the seeds that had a prediction. count 1..WLK_SEEDS_MAX.
 */
void wlk_measures_median(const struct wlk_measures *each, size_t count,
                         struct wlk_measures *out);

#endif
