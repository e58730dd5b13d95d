/* source.c -- keeping the newest, finest word of a source.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fusion/source.h"

#include <math.h>
#include <string.h>

/* DESIGN.md 3: "the finest within 3 s of the newest". */
static const double FINE_WINDOW_S = 3.0;

/* White acceleration noise while coasting, (m/s^2)^2 s: J2 alone strays 2 m in 180 s and 8 m
 * in 360 s of orbit (measured against laser-ranged ephemerides); this gives 3 m and 8 m. */
static const double COAST_NOISE = 4e-6;

/* Silence after which a track counts as coasted, and as lost: a few radar revisits and a few
 * records at one a second (assumption). */
static const double COASTED_AFTER_S = 10.0;
static const double LOST_AFTER_S = 30.0;

/* An originator seals its launch again at least every 120 s while the event is open (DESIGN.md
 * 4); half as much again is silence. */
static const double SILENT_AFTER_S = 180.0;

/* A sighting is told once; without a track it stands for most flights' length. */
static const double SIGHTING_STAYS_S = 1800.0;

/* One sigma of a thrust that nobody has told, m/s^2 (assumption: 4 g covers every stage). */
static const double THRUST_SIGMA = 40.0;

static bool is_later(wlk_utc a, wlk_utc b)
{
    return a.ns > b.ns;
}

/* May a record at time, fine or not, take the place of what is kept? */
static bool may_replace(struct wlk_said *said, const struct wlk_partner *who)
{
    if (!said->is_there)
        return true;
    wlk_utc newest = is_later(who->time, said->newest) ? who->time : said->newest;
    bool keeps_window = wlk_utc_seconds(newest, who->time) <= FINE_WINDOW_S;
    if (who->is_fine == said->is_fine)
        return is_later(who->time, said->time);
    if (who->is_fine)
        return keeps_window;
    return is_later(who->time, said->time) &&
           wlk_utc_seconds(newest, said->time) > FINE_WINDOW_S;
}

static void note(struct wlk_source *source, struct wlk_said *said,
                 const struct wlk_partner *who)
{
    if (!said->is_there || is_later(who->time, said->newest))
        said->newest = who->time;
    if (is_later(who->time, source->newest))
        source->newest = who->time;
}

static void take_event(struct wlk_source *source, const wlk_event *event, wlk_utc time)
{
    bool is_other = !source->has_event ||
                    memcmp(event->bytes, source->event.bytes, sizeof event->bytes) != 0;
    if (!is_other && !is_later(source->event_time, time))
        return;
    source->has_event = true;
    if (is_other)
        source->ordinal = 0; /* given in picture.c */
    source->event = *event;
    source->event_time = time;
}

static void said_now(struct wlk_source *source, struct wlk_said *said,
                     const struct wlk_partner *who)
{
    said->is_there = true;
    said->is_fine = who->is_fine;
    said->time = who->time;
    if (who->has_event)
        take_event(source, &who->event, who->time);
}

void wlk_source_own(struct wlk_source *source, const struct wlk_track *track,
                    const wlk_event *event, wlk_utc now)
{
    if (track->last_measurement.ns > now.ns)
        now = track->last_measurement;
    source->newest = track->last_measurement;
    source->declares = source->declares || track->is_confirmed;
    if (event)
        take_event(source, event,
                   source->has_event ? source->event_time : now);
    source->state_said.is_there = wlk_state_is_valid(&track->state);
    source->state = track->state;
    source->condition = track->condition;
    source->first_measurement = track->first_plot;
    source->last_measurement = track->last_measurement;
    source->launch_said.is_there = track->has_launch;
    source->launch = track->launch;
    source->impact_said.is_there = track->has_impact;
    source->impact = track->impact;
    source->has_heading = track->has_heading;
    source->heading_rad = track->heading_rad;
    source->heading_sigma_rad = track->heading_sigma_rad;
    source->has_burnout = track->has_burnout;
    source->burnout = track->burnout;
}

wlk_status wlk_source_track(struct wlk_source *source, const struct wlk_partner *who,
                            const struct wlk_state *state, enum wlk_track_condition condition)
{
    struct wlk_state taken = *state;
    if (state->phase == WLK_PHASE_BOOST) /* coarse groups tell no thrust */
        for (int i = 6; i < 9; i++)
            if (taken.covariance[i][i] == 0)
                taken.covariance[i][i] = THRUST_SIGMA * THRUST_SIGMA;
    if (!wlk_state_is_valid(&taken) || state->phase < WLK_PHASE_BOOST ||
        state->phase > WLK_PHASE_REENTRY || condition < WLK_CONDITION_MEASURED ||
        condition > WLK_CONDITION_LOST)
        return WLK_BAD_INPUT;
    if (!may_replace(&source->state_said, who))
        return WLK_STALE;
    bool is_first = !source->state_said.is_there;
    note(source, &source->state_said, who);
    said_now(source, &source->state_said, who);
    if (!source->has_burnout && state->phase != WLK_PHASE_BOOST) {
        source->has_burnout = true;
        source->burnout = state->epoch;
    }
    source->state = taken;
    source->condition = condition;
    if (is_first)
        source->first_measurement = source->last_measurement = state->epoch;
    if (condition == WLK_CONDITION_MEASURED && is_later(state->epoch, source->last_measurement))
        source->last_measurement = state->epoch;
    return WLK_OK;
}

/* A point whose numbers can be used: finite, on the globe, positive definite. */
static bool is_point(const struct wlk_point *point)
{
    const double(*c)[3] = point->covariance;
    double sum = fabs(point->place.latitude_rad) + fabs(point->place.longitude_rad);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            sum += fabs(c[i][j]);
            if (fabs(c[i][j] - c[j][i]) > 1e-9 * sqrt(fabs(c[i][i] * c[j][j])))
                return false;
        }
    double minor = c[0][0] * c[1][1] - c[0][1] * c[0][1];
    double all = c[2][2] * minor - c[0][0] * c[1][2] * c[1][2] - c[1][1] * c[0][2] * c[0][2] +
                 2 * c[0][1] * c[0][2] * c[1][2];
    return isfinite(sum) && fabs(point->place.latitude_rad) <= WLK_PI / 2 &&
           fabs(point->place.longitude_rad) <= WLK_PI && c[0][0] > 0 && minor > 0 && all > 0;
}

wlk_status wlk_source_launch(struct wlk_source *source, const struct wlk_partner *who,
                             const struct wlk_launch *launch)
{
    if (!is_point(&launch->point) ||
        (launch->has_azimuth &&
         (!isfinite(launch->azimuth_rad) || !(launch->azimuth_sigma_rad > 0))))
        return WLK_BAD_INPUT;
    if (!may_replace(&source->launch_said, who))
        return WLK_STALE;
    note(source, &source->launch_said, who);
    said_now(source, &source->launch_said, who);
    source->launch = *launch;
    if (launch->status == WLK_LAUNCH_CONFIRMED || launch->status == WLK_LAUNCH_REVISED)
        source->declares = true;
    return WLK_OK;
}

wlk_status wlk_source_impact(struct wlk_source *source, const struct wlk_partner *who,
                             const struct wlk_impact *impact)
{
    if (!is_point(&impact->point) || !isfinite(impact->apogee_m) || !isfinite(impact->track_s))
        return WLK_BAD_INPUT;
    if (!may_replace(&source->impact_said, who))
        return WLK_STALE;
    note(source, &source->impact_said, who);
    said_now(source, &source->impact_said, who);
    source->impact = *impact;
    return WLK_OK;
}

void wlk_source_carry(struct wlk_source *source, wlk_utc now)
{
    double age_s = wlk_utc_seconds(now, source->state.epoch);
    source->has_carried =
        source->state_said.is_there && source->state.phase != WLK_PHASE_BOOST &&
        age_s <= WLK_SOURCE_AGE_MAX_S &&
        wlk_state_carry(&source->state, now, COAST_NOISE, &source->carried) == WLK_OK;
}

enum wlk_track_condition wlk_source_condition(const struct wlk_source *source, wlk_utc now)
{
    double silent_s = wlk_utc_seconds(now, source->last_measurement);
    enum wlk_track_condition aged = silent_s > LOST_AFTER_S      ? WLK_CONDITION_LOST
                                    : silent_s > COASTED_AFTER_S ? WLK_CONDITION_COASTED
                                                                 : WLK_CONDITION_MEASURED;
    return aged > source->condition ? aged : source->condition;
}

bool wlk_source_is_alive(const struct wlk_source *source, wlk_utc now)
{
    if (source->kind == WLK_SOURCE_OWN)
        return true; /* the own tracker says when it ends */
    double silent_s = wlk_utc_seconds(now, source->newest);
    return silent_s <=
           (source->kind == WLK_SOURCE_SIGHTING ? SIGHTING_STAYS_S : SILENT_AFTER_S);
}
