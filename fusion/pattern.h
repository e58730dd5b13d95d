/* pattern.h -- which of two nations' tracks of one salvo are the same objects, when all tracks
 * of a nation may be off by one error common to them.
 *
 * A radar that reads 0.05 deg too much puts a whole salvo 0.9 km aside at 1,000 km: the
 * neighbour's track is then the nearer one. The pattern of the salvo is not changed by that, so
 * pattern is laid on pattern: of all common offsets the one, with the assignment that goes with
 * it, that makes both likeliest. docs/derivations/fusion.md.
 * Pure; no allocation, no shared state. Read by: fusion/pairing. Held by: pattern_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_FUSION_PATTERN_H
#define WLK_FUSION_PATTERN_H

#include "record/state.h"

#include <stddef.h>

enum {
    WLK_PATTERN_MAX = 32,    /* tracks of a side */
    WLK_PATTERN_ANCHORS = 4, /* tracks whose possible mates give the offsets that are tried */
    WLK_PATTERN_TRIES = WLK_PATTERN_ANCHORS * WLK_PATTERN_MAX + 1
};

/* What may be between two nations' tracks of one object beyond what their covariances say, one
 * sigma of each axis: radars that are registered, nine times of ten; else two that are each off
 * by 0.05 deg at 1,200 km, and what that does to the velocity of a track (ASSUMPTIONS). */
#define WLK_PATTERN_KNOWN_M    150.0
#define WLK_PATTERN_OFFSET_M   1500.0
#define WLK_PATTERN_OFFSET_MPS 15.0
#define WLK_PATTERN_KNOWN_RATE 0.9

/* So much likelier than with any other mate is sure: difference of squares, 20 to 1. */
#define WLK_PATTERN_SURE 6.0
/* Where one nation has fewer tracks than the other, it may be laid a place aside at no cost. */
#define WLK_PATTERN_SURE_OF_PART 25.0

struct wlk_pattern {
    int mate[WLK_PATTERN_MAX];    /* of each of one: which of other; -1: none of them */
    double cost[WLK_PATTERN_MAX]; /* chi-square of the pair, 6 degrees, offset taken away */
    double offset_m[3];           /* other minus one, ECEF */
    double lead[WLK_PATTERN_MAX]; /* of the whole over the likeliest in which this one has
                                     another mate, >= 0; HUGE_VAL: there is none */
};

/* Two tracks that may be of one object. */
struct wlk_pattern_link {
    bool is_there;
    double d[6];    /* other minus one: m, m/s */
    double W[6][6]; /* inverse of the sum of their covariances */
    double Wd[6], square; /* W d, d' W d: a cost is these and the offset, which is three long */
};

/* Room to work in; nothing in it need be set. */
struct wlk_pattern_table {
    size_t rows, columns; /* rows <= columns */
    /* of an offset, m^2, each axis: where the radars are registered, and not; and what the
     * latter costs */
    double known2, unknown2, unknown_cost;
    double said2, part; /* mean position variance of a pair, m^2; the part of it in W */
    size_t tries;
    struct wlk_pattern_try {
        double offset_m[3], score;
        int mate[WLK_PATTERN_MAX]; /* of each row; -1: none */
        double cost[WLK_PATTERN_MAX];
    } tried[WLK_PATTERN_TRIES];
    struct wlk_pattern_link link[WLK_PATTERN_MAX][WLK_PATTERN_MAX];
};

/* May the two be of one object, in view of what may be between two nations? Both free, at one
 * time. */
bool wlk_pattern_is_near(const struct wlk_state *one, const struct wlk_state *other);

/* Lays the pattern of count tracks of one nation on that of other_count of another (1 to
 * WLK_PATTERN_MAX each), all free and at one time. out is always complete.
 *
 * Bound: three times WLK_PATTERN_TRIES offsets, up to four assignments each. */
void wlk_pattern_match(const struct wlk_state *const one[], size_t count,
                       const struct wlk_state *const other[], size_t other_count,
                       struct wlk_pattern_table *table, struct wlk_pattern *out);

#endif
