/* show.c -- fills struct wlk_track.
 * SPDX-License-Identifier: Apache-2.0 */
#include "tracking/show.h"

#include "tracking/declare.h"
#include "tracking/impact.h"

#include <math.h>

static const double COASTED_S = 6, LOST_S = 30; /* two looks, ten looks of the slowest radar */
static const double HORIZON_S = 5400;
/* The impact point is made anew after so long: while it still moves, and when it is good. */
static const double IMPACT_EVERY_S = 1, GOOD_EVERY_S = 2, GOOD_SIGMA_M = 4e3;
static const double FALLEN_S = 15;          /* after the predicted time: it is down */
static const double IMPACT_SIGMA_M = 500e3; /* wider than this it says nothing */
static const double MOVED_SIGMAS = 3;
/* An impact point that rests on so few plots stands while they are fresh only. */
enum { FEW_PLOTS = 8 };
/* What silence may hide: so much on the ground for each second of it (ASSUMPTION). */
static const double SILENCE_MPS = 1;

/* The launch is fitted anew when it has so many plots. */
static uint32_t milestone(uint32_t count)
{
    static const uint32_t AT[] = {40, 28, 20, 14, 9, 6, 4, 3};
    for (size_t i = 0; i < sizeof AT / sizeof AT[0]; i++)
        if (count >= AT[i])
            return AT[i];
    return 0;
}

static bool has_moved(const struct wlk_launch *from, const struct wlk_launch *to)
{
    const wlk_geodetic *a = &from->point.place, *b = &to->point.place;
    double north = (b->latitude_rad - a->latitude_rad) * WLK_WGS84_A;
    double east = (b->longitude_rad - a->longitude_rad) * WLK_WGS84_A * cos(a->latitude_rad);
    double ee = from->point.covariance[0][0], en = from->point.covariance[0][1];
    double nn = from->point.covariance[1][1], det = ee * nn - en * en;
    double distance = (nn * east * east - 2 * en * east * north + ee * north * north) / det;
    return !(distance <= MOVED_SIGMAS * MOVED_SIGMAS);
}

/* The status follows the track: suspected, confirmed, and revised once it moves. */
static void show_status(struct wlk_show *show)
{
    struct wlk_launch *launch = &show->track.launch;
    if (!show->track.is_confirmed) {
        launch->status = WLK_LAUNCH_SUSPECTED;
    } else if (show->told.status == 0) {
        launch->status = WLK_LAUNCH_CONFIRMED;
        show->told = *launch;
    } else if (has_moved(&show->told, launch)) {
        launch->status = WLK_LAUNCH_REVISED;
        show->told = *launch;
    } else {
        launch->status = show->told.status;
    }
}

/* True: it was fitted. */
static bool show_launch(struct wlk_show *show, const struct wlk_moment *moment,
                        const struct wlk_look *early)
{
    const struct wlk_phases *phases = &moment->phases;
    struct wlk_launch launch;
    uint32_t count = milestone(moment->early_count);
    struct wlk_launch_case seen = {.look = early,
                                   .count = count,
                                   .thrust = !phases->is_coasting  ? WLK_LAUNCH_THRUSTING
                                             : phases->has_burnout ? WLK_LAUNCH_BURNOUT
                                                                   : WLK_LAUNCH_COASTING,
                                   .burnout = phases->burnout};
    if (count == 0) { /* or no more: a late plot has shown that some were another's */
        show->track.has_launch = false;
        show->fitted_count = 0;
        return false;
    }
    bool is_same = count == show->fitted_count && seen.thrust == show->fitted_thrust &&
                   seen.burnout.ns == show->fitted_burnout.ns &&
                   early[count - 1].time.ns == show->fitted_last.ns;
    bool is_urgent = show->track.is_confirmed && !show->track.has_launch;
    bool is_held =
        show->hold == WLK_SHOW_STATE || (show->hold == WLK_SHOW_NO_REFIT && !is_urgent);
    bool is_fitted = !is_same && !is_held;
    if (!is_same && !is_held) {
        show->fitted_count = count;
        show->fitted_thrust = seen.thrust;
        show->fitted_burnout = seen.burnout;
        show->fitted_last = early[count - 1].time;
        if (wlk_launch_fit(&seen, &launch) == WLK_OK) {
            show->track.has_launch = true;
            show->track.launch = launch;
        }
    }
    if (show->track.has_launch)
        show_status(show);
    return is_fitted;
}

static void show_impact(struct wlk_show *show, const struct wlk_phases *phases)
{
    struct wlk_track *track = &show->track;
    struct wlk_impact impact;
    show->is_impact_stale = false;
    track->has_impact = false;
    if (!phases->is_coasting || !track->is_confirmed ||
        (track->plot_count <= FEW_PLOTS && track->condition != WLK_CONDITION_MEASURED))
        return;
    if (wlk_impact_predict(&track->state, HORIZON_S, &impact, NULL) != WLK_OK)
        return;
    double(*P)[3] = impact.point.covariance;
    if (!(P[0][0] + P[1][1] < IMPACT_SIGMA_M * IMPACT_SIGMA_M))
        return;
    double rise = 0;
    for (int i = 0; i < 3; i++)
        rise += track->state.position_m[i] * track->state.velocity_mps[i];
    if (rise < 0) /* past the top: the one predicted on the way up holds */
        impact.apogee_m = fmax(impact.apogee_m, track->impact.apogee_m);
    impact.last_measurement = track->last_measurement;
    impact.condition = track->condition;
    impact.doubt = wlk_phases_doubt(phases, track->last_measurement);
    impact.track_s = wlk_utc_seconds(track->last_measurement, track->first_plot);
    track->impact = impact;
    track->has_impact = true;
    show->fresh_m2[0] = P[0][0];
    show->fresh_m2[1] = P[1][1];
}

/* Without measurements the ellipse grows, and one that rests on little is withdrawn. */
static void age_impact(struct wlk_show *show, double age_s)
{
    struct wlk_track *track = &show->track;
    track->impact.condition = track->condition;
    if (track->condition == WLK_CONDITION_MEASURED)
        return;
    track->has_impact = track->plot_count > FEW_PLOTS;
    for (int i = 0; i < 2; i++)
        track->impact.point.covariance[i][i] = show->fresh_m2[i] + pow(SILENCE_MPS * age_s, 2);
}

/* The state has moved on and the impact point is old enough to be made anew. */
static bool is_impact_due(const struct wlk_show *show, bool is_coasting, wlk_utc now)
{
    const struct wlk_impact *impact = &show->track.impact;
    const double(*P)[3] = impact->point.covariance;
    bool is_good = P[0][0] + P[1][1] < GOOD_SIGMA_M * GOOD_SIGMA_M;
    double age_s = fabs(wlk_utc_seconds(now, impact->computed_at));
    return show->is_impact_stale && (!show->track.has_impact || !is_coasting ||
                                     age_s >= (is_good ? GOOD_EVERY_S : IMPACT_EVERY_S));
}

void wlk_show_moment(struct wlk_show *show, uint32_t number, const struct wlk_moment *moment,
                     const struct wlk_look early[WLK_LAUNCH_LOOKS_MAX])
{
    struct wlk_track *track = &show->track;
    track->object = number;
    track->revision++;
    track->state = *wlk_phases_state(&moment->phases);
    wlk_consider_widen(&show->consider, &track->state);
    track->first_plot = moment->first_plot;
    track->last_measurement = moment->last_measurement;
    track->read_at = moment->read_at;
    track->plot_count = moment->plot_count;
    track->is_confirmed = moment->is_confirmed;
    track->condition = WLK_CONDITION_MEASURED;
    track->is_ended = false;
    track->has_burnout = moment->phases.is_coasting && moment->phases.has_burnout;
    track->burnout = track->has_burnout ? moment->phases.burnout : (wlk_utc){0};
    track->has_heading =
        moment->plot_count >= 2 &&
        wlk_declare_heading(&track->state, &track->heading_rad, &track->heading_sigma_rad);
    (void)show_launch(show, moment, early);
    show->is_impact_stale = true;
    if (show->hold != WLK_SHOW_STATE &&
        is_impact_due(show, moment->phases.is_coasting, track->state.epoch))
        show_impact(show, &moment->phases);
}

bool wlk_show_age(struct wlk_show *show, const struct wlk_moment *moment, bool is_dead,
                  wlk_utc now, const struct wlk_look early[WLK_LAUNCH_LOOKS_MAX])
{
    struct wlk_track *track = &show->track;
    double age_s = wlk_utc_seconds(now, track->last_measurement);
    enum wlk_track_condition condition = age_s > LOST_S      ? WLK_CONDITION_LOST
                                         : age_s > COASTED_S ? WLK_CONDITION_COASTED
                                                             : WLK_CONDITION_MEASURED;
    bool is_due = is_impact_due(show, moment->phases.is_coasting, now),
         is_changed = is_due || condition != track->condition;
    track->condition = condition;
    if (is_due)
        show_impact(show, &moment->phases);
    if (track->has_impact)
        age_impact(show, age_s);
    bool has_fallen =
        track->has_impact && wlk_utc_seconds(now, track->impact.point.time) > FALLEN_S;
    if ((is_dead || has_fallen) && !track->is_ended) {
        track->is_ended = is_changed = true;
        show->ended_at = now;
    }
    track->revision += is_changed;
    return show_launch(show, moment, early);
}
