/* follow_track.c -- what the tracker says of a flight, against what it was.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statistics/follow.h"

#include "earth/geodesic.h"
#include "earth/propagate.h"
#include "programs/statistics/bound.h"
#include "programs/statistics/detect.h"
#include "tracking/book.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double FREE_M = 100e3;
/* An end of thrust that was told is that of a stage, if its time is within these of it; and so
 * long after the last stage lit it is watched. */
static const double STAGE_BEFORE_S = 5, STAGE_AFTER_S = 15, WATCHED_S = 60;

/* A flight as it is followed. */
struct story {
    const struct wlk_follow *follow;
    struct wlk_cell *cell;
    struct wlk_book *book;
    bool verbose;
    double first_s, burnout_s, flight_s; /* since launch */
    bool is_told;                        /* burnout */
    double told_s;
    double early_s, before_s;
    bool is_coasting; /* as told at the last look */
    bool is_ended;    /* an end of thrust was told that was none */
    double known_s;   /* after the last stage lit: since then it is known to burn */
    bool is_bounded;
    struct wlk_bound bound;
    double truth[6];
    wlk_utc bounded_since;
    int column;
};

/* The track that the most looks went to. */
static const struct wlk_track *main_track(const struct wlk_book *book)
{
    const struct wlk_track *best = NULL;
    for (size_t i = 0; i < wlk_book_count(book); i++) {
        const struct wlk_track *track = wlk_book_track(book, i);
        if (!best || track->plot_count > best->plot_count)
            best = track;
    }
    return best;
}

/* Was the truth inside? */
static void cover(const struct wlk_point *point, wlk_geodetic place, double late_s,
                  struct wlk_cell_cover *out)
{
    const double(*P)[3] = point->covariance;
    struct wlk_geodesic line = wlk_geodesic_between(point->place, place);
    double e = line.distance_m * sin(line.azimuth_rad);
    double n = line.distance_m * cos(line.azimuth_rad);
    double det = P[0][0] * P[1][1] - P[0][1] * P[0][1];
    double d2 = (P[1][1] * e * e - 2 * P[0][1] * e * n + P[0][0] * n * n) / det;
    struct wlk_ellipse ellipse = wlk_ellipse_from_covariance(P[0][0], P[0][1], P[1][1], 0.95);
    out->count++;
    out->in50 += d2 < -2 * log(0.5);
    out->in90 += d2 < -2 * log(0.1);
    out->in95 += d2 < -2 * log(0.05);
    out->in_time95 += fabs(late_s) < 1.95996 * sqrt(P[2][2]);
    out->error_m += line.distance_m;
    out->major_m += ellipse.major_m;
}

static void take_launch(struct story *story, const struct wlk_track *track,
                        struct wlk_cell_cover *out)
{
    out->asked++;
    if (!track || !track->has_launch)
        return;
    const struct wlk_point *point = &track->launch.point;
    cover(point, story->follow->drawn->flight.launch, wlk_draw_seconds(point->time), out);
    if (story->verbose)
        printf(
            "  launch: %.1f km and %+.1f s off, sigma %.1f s\n",
            wlk_geodesic_between(point->place, story->follow->drawn->flight.launch).distance_m /
                1e3,
            wlk_draw_seconds(point->time), sqrt(point->covariance[2][2]));
}

static bool is_firm(const struct wlk_track *track)
{
    return track && track->has_impact && track->impact.doubt == WLK_DOUBT_NONE;
}

static void take_impact(struct story *story, const struct wlk_track *track,
                        struct wlk_cell_cover *out)
{
    out->asked++;
    if (!is_firm(track))
        return;
    const struct wlk_point *point = &track->impact.point;
    double miss_before = out->in95;
    cover(point, story->follow->drawn->flight.impact,
          wlk_draw_seconds(point->time) - story->flight_s, out);
    if (story->verbose)
        printf("  impact: %s, apogee %.0f km\n", out->in95 > miss_before ? "in" : "OUT",
               track->impact.apogee_m / 1e3);
}

/* The events between two times: launch points after first sight, impacts after burnout. */
static void look_back(struct story *story, double from_s, double to_s)
{
    const struct wlk_track *track = main_track(story->book);
    struct wlk_cell *cell = story->cell;
    bool is_late = story->first_s > story->burnout_s;
    for (int k = 0; k < WLK_CELL_LAUNCHES; k++) {
        double at_s = story->first_s + WLK_CELL_LAUNCH_S[k];
        if (isinf(at_s))
            at_s = story->flight_s - 2;
        if (at_s > from_s && at_s <= to_s && !(is_late && k != 2))
            take_launch(story, track, is_late ? &cell->launch_late : &cell->launch[k]);
    }
    for (int k = 0; k < WLK_CELL_IMPACTS; k++) {
        double by_s = WLK_CELL_IMPACT_S[k];
        double at_s = by_s > 0 ? story->burnout_s + by_s : story->flight_s + by_s;
        if (at_s > from_s && at_s <= to_s && at_s >= story->burnout_s + 5 &&
            at_s < story->flight_s - 5 && at_s > story->first_s + 5)
            take_impact(story, track, &cell->impact[k]);
    }
}

/* A burnout is told while it thrusts: is its time that of a stage's end? */
static bool is_false_end(const struct story *story, const struct wlk_track *track, double t)
{
    const struct wlk_drawn *drawn = story->follow->drawn;
    double end_s = track->has_burnout ? wlk_draw_seconds(track->burnout) : t;
    return end_s < drawn->gap_s - STAGE_BEFORE_S || end_s > drawn->lit_s + STAGE_AFTER_S;
}

/* After each look: is it told to coast, and rightly so? */
static void judge_phase(struct story *story, double t)
{
    const struct wlk_track *track = main_track(story->book);
    double lit_s = story->follow->drawn->lit_s;
    bool is_coasting = track && track->state.phase != WLK_PHASE_BOOST;
    bool is_thrusting = t < story->burnout_s - 0.2;
    if (is_thrusting && is_firm(track))
        story->early_s += t - story->before_s;
    if (is_thrusting && is_coasting && !story->is_coasting)
        story->is_ended |= is_false_end(story, track, t);
    if (is_thrusting && is_coasting && t > lit_s && t < lit_s + WATCHED_S)
        story->known_s = t - lit_s;
    if (t > story->burnout_s && is_coasting && !story->is_told) {
        story->is_told = true;
        story->told_s = t - story->burnout_s;
    }
    story->is_coasting = is_coasting;
    story->before_s = t;
}

/* The error of the track in free flight, against the bound of the looks since burnout. */
static void judge_coast(struct story *story, const struct wlk_plot *plot)
{
    const struct wlk_track *track = main_track(story->book);
    double x[6], t = wlk_draw_seconds(plot->time);
    if (t < story->burnout_s + 0.1 ||
        wlk_flight_at(&story->follow->drawn->flight, t, x, x + 3) != WLK_OK ||
        wlk_propagate_height(x) < FREE_M)
        return;
    if (!story->is_bounded) {
        wlk_bound_begin(plot, x, 6, &story->bound);
        story->is_bounded = true;
        story->bounded_since = plot->time;
    } else {
        wlk_bound_carry(&story->bound, story->truth, 0, plot->time);
        wlk_bound_take(&story->bound, plot, x);
    }
    memcpy(story->truth, x, sizeof x);
    double since_s = wlk_utc_seconds(plot->time, story->bounded_since);
    while (story->column < WLK_CELL_COASTS && since_s > WLK_CELL_COAST_S[story->column] + 10)
        story->column++;
    if (story->column == WLK_CELL_COASTS || since_s < WLK_CELL_COAST_S[story->column] ||
        !track || track->state.phase != WLK_PHASE_COAST ||
        track->state.epoch.ns != plot->time.ns)
        return;
    double nees = wlk_cell_take_error(&story->cell->track[story->column], &track->state, x,
                                      story->bound.P);
    if (story->verbose)
        printf("  %+.0f s after burnout: NEES %.1f\n", t - story->burnout_s, nees);
    story->column++;
}

static void count_delay(double late_s, double delay[WLK_CELL_DELAYS])
{
    int column = (int)fmin(2 * late_s, WLK_CELL_DELAYS - 1);
    delay[column]++;
}

static void conclude_stage(struct story *story)
{
    const struct wlk_drawn *drawn = story->follow->drawn;
    if (drawn->rocket.stage_count < 2 || !wlk_detect_is_seen(story->follow, drawn->lit_s))
        return;
    story->cell->stages++;
    count_delay(story->known_s, story->cell->known);
    wlk_detect_add(story->follow, drawn->lit_s, false, story->cell->knowable);
}

static void conclude(struct story *story)
{
    struct wlk_cell *cell = story->cell;
    const struct wlk_drawn *drawn = story->follow->drawn;
    conclude_stage(story);
    if (!wlk_detect_is_seen(story->follow, story->burnout_s))
        return;
    cell->burnouts++;
    count_delay(story->is_told ? story->told_s : HUGE_VAL, cell->delay);
    wlk_detect_add(story->follow, story->burnout_s, true, cell->could);
    cell->early += !drawn->has_gap && story->early_s > 0;
    cell->staged += drawn->has_gap && story->early_s > 0;
    cell->early_s += story->early_s;
    cell->ended += story->is_ended;
    if (story->verbose)
        printf("  burnout at %.1f s told %.1f s late; firm for %.1f s while it thrusts%s%s\n",
               story->burnout_s, story->is_told ? story->told_s : -1, story->early_s,
               drawn->has_gap ? ", has a coast between stages" : "",
               story->is_ended ? "; an end was told that was none" : "");
}

static void run(struct story *story)
{
    const struct wlk_follow *follow = story->follow;
    double now_s = story->first_s;
    size_t next = 0;
    while (now_s < story->flight_s) {
        double to_s = now_s + 1;
        for (; next < follow->count && wlk_draw_seconds(follow->look[next].plot.time) <= to_s;
             next++) {
            const struct wlk_plot *plot = &follow->look[next].plot;
            if (wlk_book_take(story->book, plot) != WLK_OK)
                continue;
            judge_phase(story, wlk_draw_seconds(plot->time));
            judge_coast(story, plot);
        }
        wlk_book_advance(story->book, wlk_draw_time(to_s));
        look_back(story, now_s, to_s);
        now_s = to_s;
    }
    conclude(story);
}

void wlk_follow_track(const struct wlk_follow *follow, bool verbose, struct wlk_cell *cell)
{
    struct story story = {.follow = follow,
                          .cell = cell,
                          .verbose = verbose,
                          .burnout_s = follow->drawn->flight.burnout_s,
                          .flight_s = follow->drawn->flight.flight_time_s};
    if (wlk_book_open(&story.book) != WLK_OK)
        return;
    story.first_s = story.before_s = wlk_draw_seconds(follow->look[0].plot.time);
    run(&story);
    wlk_book_close(story.book);
}
