/* prediction.h -- launch point, impact point and path of one object, with uncertainty.
 *
 * Estimators hand on covariances; an ellipse is made once, at the edge, and carries its
 * probability. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RECORD_PREDICTION_H
#define WLK_RECORD_PREDICTION_H

#include "base/clock.h"
#include "base/limits.h"
#include "earth/frames.h"

#include <stdbool.h>

struct wlk_ellipse {
    double major_m, minor_m;  /* semi-axes, major_m >= minor_m > 0 */
    double azimuth_rad;       /* of the major axis, clockwise from true north, [0, pi) */
    double probability;       /* that the point lies inside, (0, 1); never implied */
};

/* The ellipse that holds a two-dimensional normal error with this probability.
 * covariance: east, north; m^2; positive definite.  semi-axes: sqrt(-2 ln(1-p) eigenvalue). */
struct wlk_ellipse wlk_ellipse_from_covariance(double ee, double en, double nn,
                                               double probability);

/* A point in place and time. covariance: rows east (m), north (m), time (s). */
struct wlk_point {
    wlk_geodetic place; /* height 0 */
    wlk_utc time;
    double covariance[3][3];
};

enum wlk_launch_status { WLK_LAUNCH_SUSPECTED = 1, WLK_LAUNCH_CONFIRMED, WLK_LAUNCH_REVISED };

struct wlk_launch {
    struct wlk_point point;
    enum wlk_launch_status status;
    bool has_azimuth;
    double azimuth_rad;       /* heading over ground at the launch point */
    double azimuth_sigma_rad; /* one sigma; 95 % half-width is 1.96 of it */
    uint32_t object_count_min, object_count_max;
};

enum wlk_track_condition {
    WLK_CONDITION_MEASURED = 1, /* measured within the last revisits */
    WLK_CONDITION_COASTED = 2,  /* no measurement for some seconds: predicted */
    WLK_CONDITION_LOST = 3      /* too long; the prediction ages */
};

/* Why a prediction may be wrong in a way its covariance does not hold. */
enum wlk_doubt {
    WLK_DOUBT_NONE = 0,
    WLK_DOUBT_STAGING,  /* thrust has ended just now: it may have been a stage */
    WLK_DOUBT_MANOEUVRE /* it does not fly as a free body */
};

struct wlk_impact {
    struct wlk_point point;
    wlk_utc computed_at;
    wlk_utc last_measurement; /* data age = computed_at - last_measurement */
    enum wlk_track_condition condition;
    double apogee_m;          /* highest point of the path, above the ellipsoid */
    double track_s;           /* seconds of track the prediction rests on */
    enum wlk_doubt doubt;
};

/* Points of the predicted path, oldest first; time strictly rising. The last is the impact. */
struct wlk_path {
    size_t count;
    wlk_utc time[WLK_PATH_POINTS_MAX];
    wlk_geodetic place[WLK_PATH_POINTS_MAX];
};

#endif
