/* cell.h -- sums over the flights of one class as one subset of radars sees them, and what may
 * be said of them.
 *
 * Only sums, so that cells of several processes add up.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_STATISTICS_CELL_H
#define WLK_PROGRAMS_STATISTICS_CELL_H

#include "programs/statistics/draw.h"
#include "record/state.h"

#include <stdbool.h>

/* Errors against a bound, and normalised errors: sums. */
struct wlk_cell_error {
    double count;
    double position2,
        velocity2; /* squared error over its bound: 1 each, for an efficient one */
    double nees;   /* 6 each */
};

/* How often something held the truth. */
struct wlk_cell_cover {
    double count; /* times it was told */
    double asked; /* times it was asked for */
    double in50, in90, in95, in_time95;
    double error_m, major_m; /* sums: miss, 95 % semi-major axis */
};

enum {
    WLK_CELL_COASTS = 6,   /* since the first look in free flight */
    WLK_CELL_BOOSTS = 4,   /* since the first look */
    WLK_CELL_FALLS = 3,    /* heights on the way down */
    WLK_CELL_LAUNCHES = 5, /* since the first look; the last: when it is over */
    WLK_CELL_IMPACTS = 12, /* since burnout; before impact */
    WLK_CELL_AFTER = 8,    /* of these since burnout */
    WLK_CELL_DELAYS = 61   /* whole and half seconds; the last: more, or never */
};

struct wlk_cell {
    double flights, seen;                         /* drawn; with at least three looks */
    struct wlk_cell_error coast[WLK_CELL_COASTS]; /* a filter that begins in free flight */
    struct wlk_cell_error track[WLK_CELL_COASTS]; /* the tracker, since burnout */
    struct wlk_cell_error boost[WLK_CELL_BOOSTS], fall[WLK_CELL_FALLS];
    double nis[WLK_DRAW_SITES], nis_count[WLK_DRAW_SITES];     /* 3 each */
    double white[WLK_DRAW_SITES], white_count[WLK_DRAW_SITES]; /* products of neighbours */
    double burnouts;               /* flights seen to their burnout and after */
    double delay[WLK_CELL_DELAYS]; /* how many were told how late, in half seconds */
    double could[WLK_CELL_DELAYS]; /* and could have been, until then (detect.h) */
    double early, staged;          /* flights with a firm impact while a burn is to come */
    double early_s;
    double ended;  /* flights of which an end of thrust was told that was none */
    double stages; /* flights seen while their last stage lit */
    double known[WLK_CELL_DELAYS], knowable[WLK_CELL_DELAYS]; /* the same of that */
    struct wlk_cell_cover launch[WLK_CELL_LAUNCHES], launch_late;
    struct wlk_cell_cover impact[WLK_CELL_IMPACTS];
};

/* Seconds of the columns above; impacts below zero: before impact. */
extern const double WLK_CELL_COAST_S[WLK_CELL_COASTS], WLK_CELL_BOOST_S[WLK_CELL_BOOSTS],
    WLK_CELL_FALL_M[WLK_CELL_FALLS], WLK_CELL_LAUNCH_S[WLK_CELL_LAUNCHES],
    WLK_CELL_IMPACT_S[WLK_CELL_IMPACTS];

/* Adds count sums to others. */
void wlk_cell_add(const double *from, size_t count, double *into);

/* Takes an estimate of position and velocity at its epoch; P: its bound. Returns the
 * normalised squared error (6 expected), -1 if the covariance is not positive. */
double wlk_cell_take_error(struct wlk_cell_error *error, const struct wlk_state *state,
                           const double truth[6], double P[9][9]);

/* Interval that the mean of count chi-squares of `freedom` each keeps in 999 of 1,000 cells. */
void wlk_cell_interval(double count, double freedom, double out[2]);

/* May a rate of hits in count be one of [low, high]? In 999 of 1,000 cells it may if it is. */
bool wlk_cell_is_rate(double hits, double count, double low, double high);

#endif
