/* launch_model.h -- the boost template against the looks of a launch fit: residuals, slopes.
 * Read by: tracking/launch. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_LAUNCH_MODEL_H
#define WLK_TRACKING_LAUNCH_MODEL_H

#include "tracking/launch.h"
#include "tracking/template.h"

/* Residuals: three of each look, and one of the burn time. */
enum { WLK_LAUNCH_ROWS = 3 * WLK_LAUNCH_LOOKS_MAX + 1 };

/* What is held of the thrust in a search. */
enum wlk_launch_burning {
    WLK_LAUNCH_BURNS = 1, /* through all looks */
    WLK_LAUNCH_BURNT,     /* ended at the burnout that was seen */
    WLK_LAUNCH_WAS_BURNT, /* ended before the first look */
    WLK_LAUNCH_BURNS_EVER /* may have ended at any time */
};

struct wlk_launch_model {
    const struct wlk_launch_case *seen;
    wlk_geodetic reference;
    wlk_utc zero; /* reference time: of the first look */
    enum wlk_launch_burning burning;
    double whiten[WLK_LAUNCH_LOOKS_MAX][3][3]; /* residuals of a look to sigmas, with misfit */
};

/* Where the template is at each look, ECEF, m and m/s, and its launch. */
struct wlk_launch_journey {
    struct wlk_template_flight start;
    double at[WLK_LAUNCH_LOOKS_MAX][6];
};

/* L L' = A in the lower triangle of the first n rows; false: it is not positive. And x of
 * L L' x = b, in the place of b. */
bool wlk_launch_factor(double A[WLK_TEMPLATE_UNKNOWNS][WLK_TEMPLATE_UNKNOWNS], int n);
void wlk_launch_solve(double L[WLK_TEMPLATE_UNKNOWNS][WLK_TEMPLATE_UNKNOWNS], int n,
                      double b[WLK_TEMPLATE_UNKNOWNS]);

/* Makes the weights of the looks: their noise, and what the template misses in the plane of
 * flight. state: about where the looks end. thrust_s: from the first look to the end of thrust,
 * HUGE_VAL none. Returns which part (squared sine) of what lies in the plane may lie across it:
 * small if the plane is known, 1 if it rises straight; below 0: the looks or the state are not
 * finite. */
double wlk_launch_weigh(struct wlk_launch_model *model, const struct wlk_state *state,
                        double thrust_s);

/* Flies the template by all looks. */
void wlk_launch_fly(const struct wlk_launch_model *model,
                    const double unknown[WLK_TEMPLATE_UNKNOWNS],
                    struct wlk_launch_journey *out);

/* Residuals of all looks and of the burn time, in sigmas: 3 count + 1. */
void wlk_launch_residuals(const struct wlk_launch_model *model,
                          const double unknown[WLK_TEMPLATE_UNKNOWNS],
                          const struct wlk_launch_journey *journey,
                          double out[WLK_LAUNCH_ROWS]);

/* Slopes of the residuals r by each unknown. Bound: five flights. */
void wlk_launch_slopes(const struct wlk_launch_model *model,
                       const double unknown[WLK_TEMPLATE_UNKNOWNS],
                       const struct wlk_launch_journey *journey,
                       const double r[WLK_LAUNCH_ROWS],
                       double out[WLK_TEMPLATE_UNKNOWNS][WLK_LAUNCH_ROWS]);

#endif
