/* attacker_open.c -- what fine and coarse releases say about the place of a radar.
 *
 * Simple likelihoods do: each of them finds the place. SPDX-License-Identifier: Apache-2.0 */
#include "tools/attacker.h"

#include "release/groups.h"
#include "tracking/consider.h"
#include "tracking/phase.h"

#include <math.h>
#include <string.h>

/* Bending at 2 deg elevation (docs/radars.md): a site sees so much below the straight line. */
static const double BENDING_RAD = 0.006;
static const double PFA = 1e-6;
static const double PLOTS_TO_DECLARE = 2.5, COASTED_S = 6; /* of tracking/ */
static const double SPACING_S = 30;                        /* between errors taken for new */
static const double ROUNDING_M = 64, CELL_M = 30e3;        /* of the grid of places */
static const double NEVER = -60; /* ln likelihood of what this model cannot explain */

enum { EACH = 8 };

const char *const CHANNEL_WORD[CHANNELS] = {"first", "last", "gaps", "steps", "errors", "axes"};

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

void view_from(const struct places *places, size_t place, const double x[3], struct view *out)
{
    const double(*axes)[3] = places->axes[place];
    double apart[3], enu[3];
    for (int i = 0; i < 3; i++)
        apart[i] = x[i] - places->position_m[place][i];
    for (int i = 0; i < 3; i++)
        enu[i] = dot(axes[i], apart);
    double flat = hypot(enu[0], enu[1]);
    out->range_m = hypot(flat, enu[2]);
    out->azimuth_rad = atan2(enu[0], enu[1]);
    out->elevation_rad = atan2(enu[2], flat);
    double ce = cos(out->elevation_rad), se = sin(out->elevation_rad);
    for (int j = 0; j < 3; j++) {
        double ahead = (enu[0] * axes[0][j] + enu[1] * axes[1][j]) / flat;
        out->along[j] = ce * ahead + se * axes[2][j];
        out->upward[j] = -se * ahead + ce * axes[2][j];
        out->across[j] = (enu[1] * axes[0][j] - enu[0] * axes[1][j]) / flat;
    }
}

static bool is_seen(const struct evidence *evidence, size_t place, const double x[3])
{
    const struct wlk_site *site = &evidence->geometry->decoys.site;
    const struct places *places = evidence->places;
    double apart[3];
    for (int i = 0; i < 3; i++)
        apart[i] = x[i] - places->position_m[place][i];
    double range2 = dot(apart, apart), range = sqrt(range2),
           up = dot(places->axes[place][2], apart);
    if (range > site->range_max_m || up < range * sin(site->mask_rad - BENDING_RAD))
        return false;
    double ratio = site->reference_range_m / range;
    double snr = site->snr_reference * ratio * ratio * ratio * ratio;
    return log(PFA) / (1 + snr) > log(0.5);
}

/* Seconds after launch at which a place first, or last, sees the flight; false: never. */
static bool seen_from(const struct evidence *evidence, const struct launch *launch,
                      size_t place, bool is_first, double *out_s)
{
    for (size_t k = 0; k < launch->truth_count; k++) {
        size_t t = is_first ? k : launch->truth_count - 1 - k;
        if (!is_seen(evidence, place, launch->truth[t]))
            continue;
        *out_s = (double)t;
        return true;
    }
    return false;
}

static double normal_score(double off, double sigma)
{
    return fmax(-0.5 * off * off / (sigma * sigma), NEVER);
}

/* Last time a track said that it was measured. */
static bool last_measured(const struct launch *launch, const struct stream *stream,
                          double *out_s)
{
    bool has_any = false;
    for (size_t i = 0; i < stream->count; i++)
        if (stream->track[i].condition == WLK_CONDITION_MEASURED) {
            *out_s = wlk_utc_seconds(stream->track[i].sealed, launch->at);
            has_any = true;
        }
    return has_any;
}

static void add_times(const struct evidence *evidence, const struct launch *launch,
                      const struct stream *stream, bool is_first, double *score)
{
    double revisit_s = evidence->geometry->decoys.site.revisit_s, seen_s = 0;
    if (is_first)
        seen_s = wlk_utc_seconds(stream->first, launch->at) - PLOTS_TO_DECLARE * revisit_s;
    else if (last_measured(launch, stream, &seen_s))
        seen_s -= COASTED_S;
    else
        return;
    for (size_t i = 0; i < evidence->places->count; i++) {
        double there_s;
        score[i] += seen_from(evidence, launch, i, is_first, &there_s)
                        ? normal_score(seen_s - there_s, 1.5 * revisit_s + 2)
                        : NEVER;
    }
}

/* An error is small along the line of sight of the radar that made it, and large across. */
static void add_errors(const struct evidence *evidence, const struct launch *launch,
                       const struct stream *stream, enum profile profile, double *score)
{
    const struct wlk_site *site = &evidence->geometry->decoys.site;
    double last_s = -HUGE_VAL, grid_m = profile == COARSE ? ROUNDING_M : 0;
    for (size_t k = 0; k < stream->count; k++) {
        const struct seen *seen = &stream->track[k];
        double x[6], error[3], at_s = wlk_utc_seconds(seen->state.epoch, launch->at);
        if (seen->state.phase == WLK_PHASE_BOOST || at_s < last_s + SPACING_S ||
            seen->condition != WLK_CONDITION_MEASURED ||
            !truth_at(launch, seen->state.epoch, x))
            continue;
        last_s = at_s;
        for (int i = 0; i < 3; i++)
            error[i] = seen->state.position_m[i] - x[i];
        for (size_t i = 0; i < evidence->places->count; i++) {
            struct view view;
            view_from(evidence->places, i, x, &view);
            double across =
                hypot(site->angle_bias_sigma_rad, site->angle_sigma_rad / 4) * view.range_m;
            double small = hypot(hypot(site->range_bias_sigma_m, site->range_sigma_m / 2),
                                 grid_m / sqrt(12));
            double a = dot(error, view.along) / small, b = dot(error, view.across) / across,
                   c = dot(error, view.upward) / across;
            score[i] +=
                fmax(-0.5 * (a * a + b * b + c * c), NEVER) - log(small) - 2 * log(across);
        }
    }
}

/* The direction in which a place is known best: along the line of sight, since a radar measures
 * range far better than across it, its bias too. By power iteration on the inverse of the
 * covariance of the position, which is its adjugate but for a factor. */
static bool best_direction(const struct seen *seen, double out[3])
{
    double inverse[3][3], v[3] = {0.6, 0.5, 0.62}, w[3], size = 0;
    if (seen->state.phase != WLK_PHASE_COAST)
        return false;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            const double *a = seen->state.covariance[(i + 1) % 3];
            const double *b = seen->state.covariance[(i + 2) % 3];
            inverse[i][j] = a[(j + 1) % 3] * b[(j + 2) % 3] - a[(j + 2) % 3] * b[(j + 1) % 3];
        }
    for (int count = 0; count < 60; count++) {
        for (int i = 0; i < 3; i++)
            w[i] = dot(inverse[i], v);
        size = sqrt(dot(w, w));
        for (int i = 0; i < 3; i++)
            v[i] = size > 0 ? w[i] / size : 0;
    }
    memcpy(out, v, sizeof v);
    return size > 0;
}

static void add_axes(const struct evidence *evidence, const struct launch *launch,
                     const struct stream *stream, double *score)
{
    double last_s = -HUGE_VAL;
    for (size_t k = 0; k < stream->count; k++) {
        const struct seen *seen = &stream->track[k];
        double at_s = wlk_utc_seconds(seen->state.epoch, launch->at), direction[3];
        if (at_s < last_s + 10 || seen->condition != WLK_CONDITION_MEASURED ||
            !best_direction(seen, direction))
            continue;
        last_s = at_s;
        for (size_t i = 0; i < evidence->places->count; i++) {
            struct view view;
            view_from(evidence->places, i, seen->state.position_m, &view);
            double sine2 = fmax(0, 1 - pow(dot(direction, view.along), 2));
            double cell = CELL_M / view.range_m;
            score[i] += fmax(-0.5 * sine2 / (cell * cell), NEVER);
        }
    }
}

/* What the steps would be if the radar stood there: the tracker's own code on plots without
 * errors. *count steps at times of the stream's tracks, 10 s apart. */
static void expected_steps(const struct evidence *evidence, const struct launch *launch,
                           const struct stream *stream, size_t place, double *score)
{
    const struct wlk_site *site = &evidence->geometry->decoys.site;
    struct wlk_phases phases;
    struct wlk_coarse memory = {0};
    struct wlk_consider consider = {0};
    bool has_begun = false;
    double next_s = 0, last_s = -HUGE_VAL;
    size_t steps = 0;
    for (size_t k = 0; k < stream->count; k++) {
        const struct seen *seen = &stream->track[k];
        double at_s = wlk_utc_seconds(seen->state.epoch, launch->at), x[6];
        for (; next_s <= at_s; next_s += site->revisit_s) {
            wlk_utc time = wlk_utc_add(launch->at, next_s);
            if (!truth_at(launch, time, x) || !is_seen(evidence, place, x))
                continue;
            struct wlk_plot plot = {.place = evidence->places->place[place], .time = time};
            struct wlk_look look;
            plot.seen = wlk_polar_from_ecef(plot.place, (wlk_ecef){x[0], x[1], x[2]});
            plot.range_sigma_m = site->range_sigma_m;
            plot.azimuth_sigma_rad = site->angle_sigma_rad / cos(plot.seen.elevation_rad);
            plot.elevation_sigma_rad = site->angle_sigma_rad;
            plot.bias_sigma[0] = site->range_bias_sigma_m;
            plot.bias_sigma[1] = plot.bias_sigma[2] = site->angle_bias_sigma_rad;
            wlk_look_from_plot(&plot, &look);
            if (!has_begun)
                wlk_phases_begin(&look, &phases);
            else if (wlk_phases_take(&phases, &look) != WLK_OK)
                continue;
            has_begun = true;
            wlk_consider_take(&consider, &plot, &look, wlk_phases_state(&phases));
        }
        if (at_s < last_s + 10 || seen->state.phase == WLK_PHASE_BOOST)
            continue;
        last_s = at_s;
        struct wlk_track track = {.condition = WLK_CONDITION_MEASURED};
        struct wlk_track_content content;
        if (has_begun) {
            track.state = *wlk_phases_state(&phases);
            wlk_consider_widen(&consider, &track.state);
        }
        bool is_there = has_begun && track.state.phase != WLK_PHASE_BOOST &&
                        wlk_groups_track_coarse(&track, 1e-3, seen->state.epoch, &memory,
                                                &content) == WLK_OK;
        for (int i = 0; i < 6; i++)
            *score -= is_there ? 0.4 * fabs((double)content.sigma_log2[i] - seen->sigma_log2[i])
                               : 0.8;
        if (++steps == 25)
            return;
    }
}

/* The steps change slowly with the place: one in EACH places is worked out, for the first two
 * launches. */
static void add_steps(const struct evidence *evidence, const struct launch *launch,
                      const struct stream *stream, double *score)
{
    const struct places *places = evidence->places;
    static double worked[PLACES_MAX];
    for (size_t i = 0; i < places->count; i += EACH) {
        worked[i] = 0;
        expected_steps(evidence, launch, stream, i, &worked[i]);
    }
    for (size_t i = 0; i < places->count; i++) {
        size_t before = i / EACH * EACH;
        size_t after = before + EACH < places->count ? before + EACH : before;
        double part = (double)(i - before) / (double)EACH;
        score[i] += (1 - part) * worked[before] + part * worked[after];
    }
}

void measure_open(const struct evidence *evidence, enum profile profile, enum channel channel,
                  double *score)
{
    for (size_t j = evidence->first; j < evidence->last; j++) {
        const struct launch *launch = &evidence->geometry->launch[j];
        const struct stream *stream = &launch->stream[profile];
        if (!stream->has_any)
            continue;
        if (channel == FIRST || channel == LAST)
            add_times(evidence, launch, stream, channel == FIRST, score);
        else if (channel == ERRORS)
            add_errors(evidence, launch, stream, profile, score);
        else if (channel == AXES && profile == FINE)
            add_axes(evidence, launch, stream, score);
        else if (channel == STEPS && profile == COARSE && j < evidence->first + 2)
            add_steps(evidence, launch, stream, score);
    }
}
