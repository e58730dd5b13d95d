/* filter.h -- one measurement into one state.
 *
 * Iterated extended Kalman filter, three Gauss-Newton steps: a plain one is inconsistent where
 * range is much finer than the cross-range of the prediction (NEES 70 where 6 is right).
 * States by phase: boost 9 (thrust acceleration), coast 6, reentry 7 (ln 1/beta).
 * Read by: tracking/phase, tracking/book, tracking/launch.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_FILTER_H
#define WLK_TRACKING_FILTER_H

#include "record/plot.h"
#include "record/state.h"

/* A plot made ready: what depends on the plot alone is worked out once. */
struct wlk_look {
    wlk_utc time;
    double site[3];     /* ECEF, m */
    double axes[3][3];  /* rows: east, north, up at the site */
    double z[4];        /* range (m), azimuth, elevation (rad), range rate (m/s) */
    double toward[3];   /* the line of sight as a unit vector: east, north, up */
    double level;       /* cosine of the elevation */
    double variance[4]; /* of these */
    int size;           /* 3, or 4 with range rate */
    double at[3];       /* where the plot is, ECEF, m */
    double bias_sigma[3]; /* of its radar, see record/plot.h; for tracking/launch */
};

/* How well a look fits a prediction. */
struct wlk_fit {
    double distance; /* squared, in sigmas (chi-square, look.size degrees of freedom) */
    double log_det;  /* ln det of the innovation covariance, angles scaled by the range: m */
};

/* -2 ln likelihood, but for a constant. */
static inline double wlk_fit_cost(struct wlk_fit fit)
{
    return fit.distance + fit.log_det;
}

/* A plot as the filter sees it: the site in ECEF, and variances. */
void wlk_look_from_plot(const struct wlk_plot *plot, struct wlk_look *out);

/* Where a radar stands, worked out: to be zero before its first use. */
struct wlk_stand {
    bool is_known;
    wlk_geodetic place;
    double at[3], axes[3][3]; /* as in wlk_look */
};

/* The same, of plots that mostly come from one site: a third of the time. Equal to the bit. */
void wlk_look_from_site(const struct wlk_plot *plot, struct wlk_stand *site,
                        struct wlk_look *out);

/* A state from one look: its position and covariance, velocity 0 +- 4 km/s, in boost thrust
 * acceleration 0 +- 40 m/s^2 each axis (ASSUMPTION). phase: boost or coast. */
void wlk_filter_begin(const struct wlk_look *look, enum wlk_phase phase, struct wlk_state *out);

/* Carries a state of any phase to a time, with the process noise of its phase.
 * WLK_NO_SOLUTION as wlk_propagate; state untouched. */
wlk_status wlk_filter_predict(struct wlk_state *state, wlk_utc to) WLK_MUST_USE;

/* The same for wlk_filter_compare with this look and for nothing else: of the covariance only
 * what that reads is made, the rows of position, or all for a look with range rate. A third of
 * the time, which association is made of. */
wlk_status wlk_filter_expect(struct wlk_state *state, const struct wlk_look *look) WLK_MUST_USE;

/* How well the look fits a state at the look's time. WLK_NO_SOLUTION a covariance that is
 * not positive. */
wlk_status wlk_filter_compare(const struct wlk_state *state, const struct wlk_look *look,
                              struct wlk_fit *out) WLK_MUST_USE;

/* Takes the look into a state at the look's time. fit: as compare, may be NULL.
 * WLK_NO_SOLUTION  not finite or not positive; state untouched. */
wlk_status wlk_filter_update(struct wlk_state *state, const struct wlk_look *look,
                             struct wlk_fit *fit) WLK_MUST_USE;

/* White acceleration noise of free flight, (m/s^2)^2 s: what J2 leaves of the field, at this
 * radius; it falls with the eighth power of it (of degree 3: the tenth). */
#define WLK_FILTER_COAST_NOISE    3e-6
#define WLK_FILTER_COAST_RADIUS_M 6371e3

/* ln(1/beta) of a body we know nothing about, and its sigma: beta 4,000 kg/m^2 within a factor
 * of 2.2 (ASSUMPTION; record/state.h has the same mean). */
#define WLK_FILTER_LOG_INVERSE_BETA       (-8.2940496401020276)
#define WLK_FILTER_LOG_INVERSE_BETA_SIGMA 0.8

#endif
