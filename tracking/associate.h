/* associate.h -- which plot belongs to which track.
 *
 * A sphere first, then a gate, then the assignment with the least total cost.
 * Read by: tracking/book, tracking/ring.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_ASSOCIATE_H
#define WLK_TRACKING_ASSOCIATE_H

#include "tracking/phase.h"

enum {
    WLK_ASSIGN_MAX = 64,     /* plots of one scan that hang together */
    WLK_ASSIGN_TRACKS = 192, /* they may belong to: in a newborn crowd each is followed twice */
    WLK_ASSIGN_COLUMNS = WLK_ASSIGN_MAX + WLK_ASSIGN_TRACKS
};

/* Where the object of some phases may be, made once: about a parabola, within a distance that
 * grows with time. */
struct wlk_reach {
    wlk_utc epoch;
    double at[3], speed[3], half_pull[3]; /* m, m/s, m/s^2 */
    double apart[4]; /* times 1, t, t^2, t^3 of the time since epoch: m, m/s, ... */
    bool is_low;     /* in the air */
};

/* The same of a look: how far off it may be. */
struct wlk_spot {
    double apart_m;
    bool is_low;
};

/* Make them; an object of any phase, a look of any size. */
void wlk_associate_reach(const struct wlk_phases *phases, struct wlk_reach *out);
/* As above, of a look. */
void wlk_associate_spot(const struct wlk_look *look, struct wlk_spot *out);

/* Cheap and never wrong to refuse: false if the look cannot be in the gate. */
bool wlk_associate_is_near(const struct wlk_reach *reach, const struct wlk_spot *spot,
                           const struct wlk_look *look);

/* Where one may be within a time from which a scan lasts so many seconds: a ball, whose middle
 * goes to at; returns its radius, m. A look of that time is in the gate only if its own
 * distance (apart_m) reaches the ball. */
double wlk_associate_ball(const struct wlk_reach *reach, wlk_utc from, double lasts_s,
                          double at[3]);

/* The same by carrying the object there, which costs microseconds: of one in free flight that
 * was not looked at for so long that only that is asked for. False: it is another; at and
 * far_m untouched. Held by: associate_test.c, against the cost. */
bool wlk_associate_carry(const struct wlk_phases *phases, wlk_utc from, double lasts_s,
                         double at[3], double *far_m);

/* Cost of a look as one of the object's: -2 ln likelihood but for a constant; HUGE_VAL outside
 * the gate (chi-square 0.9999). */
double wlk_associate_cost(const struct wlk_phases *phases, const struct wlk_look *look);

/* The same for a track of one plot among others that fly alike: as if its velocity were this
 * one (m/s, ECEF) within 400 m/s each axis; HUGE_VAL outside the gate. */
double wlk_associate_cost_alike(const struct wlk_phases *phases, const struct wlk_look *look,
                                const double velocity[3]);

/* Gives each of rows a column of its own so that the sum of costs is least.
 * cost     cost[row][column]; all finite; rows <= columns <= WLK_ASSIGN_COLUMNS.
 * column   out: column of each row.
 * Method: shortest augmenting paths [Jonker and Volgenant 1987], O(rows^2 columns). */
void wlk_associate_assign(int rows, int columns,
                          double cost[WLK_ASSIGN_MAX][WLK_ASSIGN_COLUMNS],
                          int column[WLK_ASSIGN_MAX]);

#endif
