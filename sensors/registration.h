/* registration.h -- what a radar reads too much in range, azimuth and elevation, found from
 * objects whose place is known: satellites by their ephemeris, aircraft by what they broadcast.
 *
 * One radar. The looks at one object within three minutes are one pass: its mean is one
 * measurement of the biases, and no more certain than the place of the object. The biases
 * wander back to the prior within a month, so old passes fade. A pass that does not agree is
 * not taken; two of different objects that agree with each other are a jump.
 * docs/derivations/registration.md. Pure: no clock, no I/O, no allocation.
 * Read by: sensors/intake.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_SENSORS_REGISTRATION_H
#define WLK_SENSORS_REGISTRATION_H

#include "record/plot.h"

#include <stdbool.h>

enum {
    WLK_REGISTRATION_AXES = 3,    /* range (m), azimuth, elevation (rad) */
    WLK_REGISTRATION_PASSES = 32, /* objects looked at at the same time; more are not used */
    WLK_REGISTRATION_PASS_S = 180,
    WLK_REGISTRATION_REST_S = 180, /* after it, for another error of its place */
    WLK_REGISTRATION_SILENT_S = 60 /* ends a pass */
};

/* The prior where the nation names none (ASSUMPTION of the open-literature class). */
#define WLK_REGISTRATION_RANGE_SIGMA_M   30.0
#define WLK_REGISTRATION_ANGLE_SIGMA_RAD (0.05 * WLK_DEG)

/* An object whose place is known, at the time of a plot. */
struct wlk_known {
    wlk_name id;
    wlk_ecef position;
    double sigma_m; /* each axis, one sigma, > 0; the same error during a pass */
};

struct wlk_registration_pass {
    bool is_used, is_over; /* over: it rests */
    wlk_name id;
    wlk_utc first, last;
    uint32_t looks, outliers;
    /* sums over the looks by axis: weights; mean of what is read too much; squares about it in
     * sigmas; variance of the object's place */
    double weight[3], mean[3], square[3], place[3];
};

struct wlk_registration {
    double prior[3];              /* one sigma */
    double value[3], variance[3]; /* at time */
    wlk_utc time;                 /* 0: no pass yet */
    bool is_doubted;              /* the last pass did not agree: */
    wlk_name doubt_id;
    double doubt[3], doubt_variance[3];
    uint64_t looks, outliers; /* taken into passes; far from the rest of their pass */
    uint64_t passes, refused; /* taken; not, for too few looks, or unlike their sigmas */
    uint64_t doubts, jumps;
    struct wlk_registration_pass pass[WLK_REGISTRATION_PASSES];
};

/* What became of it. */
enum wlk_registration_news {
    WLK_REGISTRATION_NONE,
    WLK_REGISTRATION_TAKEN, /* a pass has improved the biases */
    WLK_REGISTRATION_DOUBT, /* a pass did not agree; the next one decides */
    WLK_REGISTRATION_JUMP   /* two did not: begun anew from them */
};

/* Begins with nothing known but the prior, one sigma, both > 0. */
void wlk_registration_begin(double range_sigma_m, double angle_sigma_rad,
                            struct wlk_registration *out);

/* May this plot be of that object, in view of what the biases may be? */
bool wlk_registration_is_near(const struct wlk_plot *plot, const struct wlk_known *known);

/* Is this plot, its biases taken, surely of that object: within four sigmas of all that is not
 * known? Then it is no missile, and need not be tracked. */
bool wlk_registration_fits(const struct wlk_plot *plot, const struct wlk_known *known);

/* Takes a plot (refraction and known calibration removed, biases not) of a known object; ends
 * passes that are over at its time. */
enum wlk_registration_news wlk_registration_take(struct wlk_registration *registration,
                                                 const struct wlk_plot *plot,
                                                 const struct wlk_known *known);

/* Ends passes that are over. */
enum wlk_registration_news wlk_registration_age(struct wlk_registration *registration,
                                                wlk_utc now);

/* Takes the biases from a plot, and says what is not known of them in it. */
void wlk_registration_correct(const struct wlk_registration *registration,
                              struct wlk_plot *plot);

/* What a node keeps over a restart, in its journal under this key with the radar's name. */
#define WLK_REGISTRATION_KEY "bias-%s"
struct wlk_registration_kept {
    double value[3], variance[3];
    int64_t time_ns;
};
void wlk_registration_keep(const struct wlk_registration *registration,
                           struct wlk_registration_kept *out);

/* Takes up what was kept. WLK_BAD_INPUT a number of it is out of range, or it is from after
 * now; registration untouched. */
wlk_status wlk_registration_restore(struct wlk_registration *registration,
                                    const struct wlk_registration_kept *kept,
                                    wlk_utc now) WLK_MUST_USE;

/* The biases at a time: values and one sigma, m, rad, rad. */
void wlk_registration_at(const struct wlk_registration *registration, wlk_utc now,
                         double value[3], double sigma[3]);

#endif
