/* salvo.c -- near in place and time; starved and counted.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/salvo.h"

#include "earth/geodesic.h"

#include <math.h>

static const double NEAR_M = 50e3, NEAR_S = 120, SIGMAS = 2, SIGMA_MAX_M = 50e3;
/* Silent for so long while others are seen: three looks of a radar of 2 s. */
static const double SILENT_S = 6;
/* Launched at the same time, as far as the first plots tell. */
static const double TOGETHER_S = 5;
/* One that was followed for longer was an object. */
static const double FOLLOWED_S = 60;
/* Ghosts live so long before they starve (measured: tools/raid). */
static const double YOUNG_S = 8;
enum { MAYBE_PLOTS = 3, FEW_PLOTS = 8 /* of a track that has died: false ones */ };
/* A track of another's plots now and then: so small a part of what that one had meanwhile. */
static const double SPARSE = 0.45;

static double sigma_m(const struct wlk_point *point)
{
    return fmin(SIGMA_MAX_M, sqrt(fmax(point->covariance[0][0], point->covariance[1][1])));
}

bool wlk_salvo_is_near(const struct wlk_point *one, const struct wlk_point *other)
{
    double apart_m = wlk_geodesic_between(one->place, other->place).distance_m;
    double apart_s = fabs(wlk_utc_seconds(one->time, other->time));
    double slack_s = SIGMAS * sqrt(one->covariance[2][2] + other->covariance[2][2]);
    return apart_m <= NEAR_M + SIGMAS * hypot(sigma_m(one), sigma_m(other)) &&
           apart_s <= NEAR_S + fmin(slack_s, NEAR_S);
}

static bool is_rising(const struct wlk_track *track)
{
    const double *r = track->state.position_m, *v = track->state.velocity_mps;
    return r[0] * v[0] + r[1] * v[1] + r[2] * v[2] > 0;
}

static double rate_of(const struct wlk_track *track)
{
    double seen_s = wlk_utc_seconds(track->last_measurement, track->first_plot);
    return track->plot_count / fmax(seen_s, 1);
}

/* Is one a ghost beside the other, which has flown as long? */
static bool is_outlived(const struct wlk_track *one, const struct wlk_track *other)
{
    if (!other->is_confirmed ||
        wlk_utc_seconds(other->first_plot, one->first_plot) > TOGETHER_S)
        return false;
    double later_s = wlk_utc_seconds(other->last_measurement, one->last_measurement);
    return (later_s >= SILENT_S && is_rising(one)) ||
           (later_s >= -SILENT_S && rate_of(one) < SPARSE * rate_of(other));
}

static bool has_starved(const struct wlk_track *const track[], size_t count,
                        const struct wlk_track *one)
{
    bool has = false;
    if (wlk_utc_seconds(one->last_measurement, one->first_plot) > FOLLOWED_S)
        return false;
    for (size_t i = 0; i < count; i++)
        has = has || is_outlived(one, track[i]);
    return has;
}

struct wlk_salvo_count wlk_salvo_count(const struct wlk_track *const track[], size_t count,
                                       wlk_utc now, bool sure[])
{
    struct wlk_salvo_count out = {0, 0};
    for (size_t i = 0; i < count; i++) {
        const struct wlk_track *one = track[i];
        double seen_s = wlk_utc_seconds(one->last_measurement, one->first_plot);
        bool has_gone = has_starved(track, count, one);
        bool is_young = seen_s < YOUNG_S || (one->is_ended && one->plot_count < FEW_PLOTS);
        bool is_sure = one->is_confirmed && !has_gone && (!is_young || count == 1);
        bool is_live =
            !one->is_ended && wlk_utc_seconds(now, one->last_measurement) <= SILENT_S;
        out.least += is_sure;
        if (sure)
            sure[i] = is_sure;
        out.most += is_sure || (is_live && one->plot_count >= MAYBE_PLOTS) ||
                    (one->is_confirmed && !has_gone);
    }
    if (out.least == 0 && out.most > 0)
        out.least = 1;
    return out;
}
