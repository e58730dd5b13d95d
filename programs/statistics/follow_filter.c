/* follow_filter.c -- filters that know their phase, against their bounds.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/statistics/follow.h"

#include "earth/propagate.h"
#include "programs/statistics/bound.h"
#include "tracking/filter.h"

#include <math.h>
#include <string.h>

/* Free flight is judged above this on the way up: below it drag is a matter of beta. */
static const double FREE_M = 100e3;
static const double AIR_M = 120e3; /* where re-entry begins, as for the tracker */

static bool truth_at(const struct wlk_drawn *drawn, wlk_utc time, double x[6])
{
    return wlk_flight_at(&drawn->flight, wlk_draw_seconds(time), x, x + 3) == WLK_OK;
}

/* A filter beside its bound. */
struct pair {
    struct wlk_state state;
    struct wlk_bound bound;
    double truth[6]; /* at the last look */
    bool has_begun;
    wlk_utc since;
    int column;
};

/* Begins or goes on with a look. False: the look could not be taken. */
static bool advance(struct pair *pair, const struct wlk_drawn *drawn,
                    const struct wlk_plot *plot, struct wlk_fit *fit)
{
    struct wlk_look look;
    double truth[6];
    wlk_look_from_plot(plot, &look);
    if (!truth_at(drawn, plot->time, truth))
        return false;
    if (!pair->has_begun) {
        enum wlk_phase phase = pair->state.phase;
        wlk_filter_begin(&look, phase, &pair->state);
        wlk_bound_begin(plot, truth, phase == WLK_PHASE_BOOST ? 9 : 6, &pair->bound);
        pair->has_begun = true;
        pair->since = plot->time;
    } else {
        if (wlk_filter_predict(&pair->state, plot->time) != WLK_OK ||
            wlk_filter_update(&pair->state, &look, fit) != WLK_OK)
            return false;
        wlk_bound_carry(&pair->bound, pair->truth, drawn->beta, plot->time);
        wlk_bound_take(&pair->bound, plot, truth);
    }
    memcpy(pair->truth, truth, sizeof truth);
    return true;
}

/* Notes the error once at each of the times since the first look; a look more than 10 s after
 * one does not stand for it. */
static void note(struct pair *pair, const double *at_s, int columns,
                 struct wlk_cell_error *error)
{
    double since_s = wlk_utc_seconds(pair->state.epoch, pair->since);
    while (pair->column < columns && since_s > at_s[pair->column] + 10)
        pair->column++;
    if (pair->column == columns || since_s < at_s[pair->column])
        return;
    wlk_cell_take_error(&error[pair->column], &pair->state, pair->truth, pair->bound.P);
    pair->column++;
}

/* The innovation of the range in its sigmas, of a state carried to the look. */
static double range_innovation(const struct wlk_state *at, const struct wlk_plot *plot)
{
    wlk_ecef site = wlk_ecef_from_geodetic(plot->place);
    double d[3] = {at->position_m[0] - site.x, at->position_m[1] - site.y,
                   at->position_m[2] - site.z};
    double range = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    double s = plot->range_sigma_m * plot->range_sigma_m;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            s += d[i] * at->covariance[i][j] * d[j] / (range * range);
    return (plot->seen.range_m - range) / sqrt(s);
}

static void coast(const struct wlk_follow *follow, struct wlk_cell *cell)
{
    struct pair pair = {.state = {.phase = WLK_PHASE_COAST}};
    double last[WLK_DRAW_SITES] = {0};
    bool has_last[WLK_DRAW_SITES] = {false};
    for (size_t i = 0; i < follow->count; i++) {
        const struct wlk_plot *plot = &follow->look[i].plot;
        int site = follow->look[i].site;
        double x[6], t = wlk_draw_seconds(plot->time);
        bool is_rising = t < follow->drawn->flight.apogee_time_s;
        if (t < follow->drawn->flight.burnout_s + 0.1 ||
            !truth_at(follow->drawn, plot->time, x) ||
            wlk_propagate_height(x) < (is_rising ? FREE_M : AIR_M))
            continue;
        struct wlk_state before = pair.state;
        struct wlk_fit fit;
        bool is_new = !pair.has_begun;
        if (!advance(&pair, follow->drawn, plot, &fit) || is_new)
            continue;
        note(&pair, WLK_CELL_COAST_S, WLK_CELL_COASTS, cell->coast);
        if (wlk_filter_predict(&before, plot->time) != WLK_OK ||
            wlk_utc_seconds(plot->time, pair.since) < WLK_CELL_COAST_S[0])
            continue;
        cell->nis[site] += fit.distance;
        cell->nis_count[site]++;
        double innovation = range_innovation(&before, plot);
        if (has_last[site]) {
            cell->white[site] += innovation * last[site];
            cell->white_count[site]++;
        }
        last[site] = innovation;
        has_last[site] = true;
    }
}

static void boost(const struct wlk_follow *follow, struct wlk_cell *cell)
{
    struct pair pair = {.state = {.phase = WLK_PHASE_BOOST}};
    for (size_t i = 0; i < follow->count; i++) {
        const struct wlk_plot *plot = &follow->look[i].plot;
        if (wlk_draw_seconds(plot->time) > follow->drawn->flight.burnout_s)
            return;
        if (advance(&pair, follow->drawn, plot, NULL))
            note(&pair, WLK_CELL_BOOST_S, WLK_CELL_BOOSTS, cell->boost);
    }
}

/* From free flight into the air: errors at heights on the way down. */
static void fall(const struct wlk_follow *follow, struct wlk_cell *cell)
{
    struct pair pair = {.state = {.phase = WLK_PHASE_COAST}};
    int column = 0;
    for (size_t i = 0; i < follow->count && column < WLK_CELL_FALLS; i++) {
        const struct wlk_plot *plot = &follow->look[i].plot;
        double x[6], t = wlk_draw_seconds(plot->time);
        if (t < follow->drawn->flight.burnout_s + 0.1 ||
            !truth_at(follow->drawn, plot->time, x))
            continue;
        double height_m = wlk_propagate_height(x);
        bool is_rising = t < follow->drawn->flight.apogee_time_s;
        if (is_rising && height_m < FREE_M)
            continue;
        if (!is_rising && height_m < AIR_M && pair.has_begun &&
            pair.state.phase == WLK_PHASE_COAST) {
            pair.state.phase = WLK_PHASE_REENTRY;
            pair.state.log_inverse_beta = WLK_FILTER_LOG_INVERSE_BETA;
            for (int k = 0; k < 9; k++)
                pair.state.covariance[6][k] = pair.state.covariance[k][6] = 0;
            pair.state.covariance[6][6] =
                WLK_FILTER_LOG_INVERSE_BETA_SIGMA * WLK_FILTER_LOG_INVERSE_BETA_SIGMA;
            wlk_bound_enter_air(&pair.bound);
        }
        if (!pair.has_begun && !is_rising && height_m < AIR_M)
            return; /* first seen in the air: nothing to compare */
        if (!advance(&pair, follow->drawn, plot, NULL) || is_rising)
            continue;
        if (height_m <= WLK_CELL_FALL_M[column]) {
            while (column + 1 < WLK_CELL_FALLS && height_m <= WLK_CELL_FALL_M[column + 1])
                column++;
            wlk_cell_take_error(&cell->fall[column], &pair.state, pair.truth, pair.bound.P);
            column++;
        }
    }
}

void wlk_follow_filter(const struct wlk_follow *follow, struct wlk_cell *cell)
{
    coast(follow, cell);
    boost(follow, cell);
    fall(follow, cell);
}
