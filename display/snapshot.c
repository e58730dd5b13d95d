/* snapshot.c -- picture and warnings as JSON.
 * SPDX-License-Identifier: Apache-2.0 */
#include "display/snapshot.h"

#include <math.h>

/* Degrees to 1e-6: 0.1 m. */
static void place(struct wlk_json *json, wlk_geodetic at)
{
    wlk_json_number(json, "lat", at.latitude_rad / WLK_DEG, 6);
    wlk_json_number(json, "lon", at.longitude_rad / WLK_DEG, 6);
}

/* Covariance east-east, east-north, north-north in m^2; sigma of the time in s. */
static void point(struct wlk_json *json, const struct wlk_point *point)
{
    place(json, point->place);
    wlk_json_time(json, "t", point->time);
    wlk_json_number(json, "ee", point->covariance[0][0], 1);
    wlk_json_number(json, "en", point->covariance[0][1], 1);
    wlk_json_number(json, "nn", point->covariance[1][1], 1);
    wlk_json_number(json, "st", sqrt(fmax(0, point->covariance[2][2])), 2);
}

static void vector(struct wlk_json *json, const char *key, const double value[3], int digits)
{
    wlk_json_open(json, key, '[');
    for (int i = 0; i < 3; i++)
        wlk_json_number(json, NULL, value[i], digits);
    wlk_json_close(json, ']');
}

static const char *condition_word(enum wlk_track_condition condition)
{
    static const char *const words[] = {"?", "MEASURED", "COASTED", "LOST"};
    return (unsigned)condition <= WLK_CONDITION_LOST ? words[condition] : "?";
}

static void show_state(struct wlk_json *json, const struct wlk_picture_object *object)
{
    static const char *const phase[] = {"?", "BOOST", "COAST", "REENTRY"};
    const struct wlk_state *state = &object->state;
    double variance = state->covariance[0][0] + state->covariance[1][1] +
                      state->covariance[2][2];
    wlk_json_open(json, "state", '{');
    wlk_json_text(json, "phase", (unsigned)state->phase <= 3 ? phase[state->phase] : "?");
    wlk_json_time(json, "t", state->epoch);
    vector(json, "r", state->position_m, 2);
    vector(json, "v", state->velocity_mps, 4);
    wlk_json_number(json, "lnib", state->phase == WLK_PHASE_REENTRY
                                      ? state->log_inverse_beta : -log(4000.0), 5);
    wlk_json_number(json, "sigma", sqrt(fmax(0, variance)), 1);
    wlk_json_text(json, "condition", condition_word(object->condition));
    wlk_json_time(json, "last", object->last_measurement);
    wlk_json_number(json, "track_s", object->track_s, 1);
    wlk_json_close(json, '}');
}

static void show_launch(struct wlk_json *json, const struct wlk_launch *launch)
{
    static const char *const status[] = {"?", "SUSPECTED", "CONFIRMED", "REVISED"};
    wlk_json_open(json, "launch", '{');
    point(json, &launch->point);
    wlk_json_text(json, "status",
                  (unsigned)launch->status <= 3 ? status[launch->status] : "?");
    if (launch->has_azimuth) {
        wlk_json_number(json, "az", launch->azimuth_rad / WLK_DEG, 2);
        wlk_json_number(json, "saz", launch->azimuth_sigma_rad / WLK_DEG, 2);
    }
    wlk_json_integer(json, "min", launch->object_count_min);
    wlk_json_integer(json, "max", launch->object_count_max);
    wlk_json_close(json, '}');
}

static void show_impact(struct wlk_json *json, const struct wlk_impact *impact)
{
    wlk_json_open(json, "impact", '{');
    point(json, &impact->point);
    wlk_json_time(json, "at", impact->computed_at);
    wlk_json_time(json, "last", impact->last_measurement);
    wlk_json_text(json, "condition", condition_word(impact->condition));
    wlk_json_number(json, "apogee", impact->apogee_m, 0);
    wlk_json_number(json, "track_s", impact->track_s, 1);
    wlk_json_close(json, '}');
}

static void show_sources(struct wlk_json *json, const struct wlk_shown_sources *sources)
{
    wlk_json_open(json, "sources", '[');
    for (size_t i = 0; i < sources->count; i++) {
        const struct wlk_shown_source *source = &sources->source[i];
        wlk_json_open(json, NULL, '{');
        wlk_json_text(json, "n", source->nation.text);
        wlk_json_bool(json, "own", source->is_own);
        wlk_json_bool(json, "ir", source->is_satellite);
        wlk_json_integer(json, "object", source->object);
        wlk_json_bool(json, "measured", source->is_measured);
        wlk_json_time(json, "last", source->last_measurement);
        wlk_json_time(json, "heard", source->heard);
        wlk_json_close(json, '}');
    }
    wlk_json_close(json, ']');
}

static void show_object(struct wlk_json *json, const struct wlk_picture_object *object,
                        const struct wlk_shown_sources *sources)
{
    wlk_json_open(json, NULL, '{');
    wlk_json_integer(json, "number", object->number);
    if (object->has_event)
        wlk_json_hex(json, "event", object->event.bytes, sizeof object->event.bytes);
    if (object->ordinal) { /* which of its event it is, by a name that all nations share */
        wlk_json_text(json, "named_by", object->named_by.text);
        wlk_json_integer(json, "ordinal", object->ordinal);
    }
    wlk_json_time(json, "first", object->first_seen);
    if (object->has_own)
        wlk_json_integer(json, "own_object", object->own_object);
    wlk_json_open(json, "in", '[');
    for (size_t i = 0; i < object->source_count; i++)
        wlk_json_text(json, NULL, object->source[i].text);
    wlk_json_close(json, ']');
    if (object->has_state)
        show_state(json, object);
    wlk_json_bool(json, "declared", object->is_declared);
    if (object->is_declared)
        wlk_json_time(json, "declared_at", object->declared_at);
    if (object->has_launch)
        show_launch(json, &object->launch);
    if (object->has_heading) {
        wlk_json_number(json, "heading", object->heading_rad / WLK_DEG, 2);
        wlk_json_number(json, "sheading", object->heading_sigma_rad / WLK_DEG, 2);
    }
    if (object->has_burnout)
        wlk_json_time(json, "burnout", object->burnout);
    if (object->has_impact)
        show_impact(json, &object->impact);
    wlk_json_bool(json, "disagrees", object->disagrees);
    wlk_json_bool(json, "ended", object->is_ended);
    if (sources)
        show_sources(json, sources);
    wlk_json_close(json, '}');
}

static void show_picture(struct wlk_json *json, const struct wlk_picture *picture,
                         const struct wlk_shown_sources *sources)
{
    wlk_json_time(json, "t", picture->time);
    wlk_json_open(json, "objects", '[');
    for (size_t i = 0; i < picture->count; i++)
        show_object(json, &picture->object[i], sources ? &sources[i] : NULL);
    wlk_json_close(json, ']');
}

void wlk_snapshot_picture(const struct wlk_snapshot *snapshot, struct wlk_json *json)
{
    wlk_json_open(json, NULL, '{');
    wlk_json_number(json, "rate", snapshot->rate, 3);
    show_picture(json, snapshot->picture, snapshot->sources);
    if (snapshot->own) {
        wlk_json_open(json, "own", '{');
        show_picture(json, snapshot->own, NULL);
        wlk_json_close(json, '}');
    }
    wlk_json_close(json, '}');
}

/* ---- warnings ------------------------------------------------------------------------ */

static const char *const LANGUAGE[WLK_SHOWN_LANGUAGES] = {"en", "ja", "ko"};

static void show_areas(struct wlk_json *json, const struct wlk_warning *warning,
                       const struct wlk_shown_text *text)
{
    static const char *const reason[] = {"?", "DIRECT", "OVERFLOWN", "ADJACENT"};
    wlk_json_open(json, "areas", '[');
    for (size_t i = 0; i < warning->area_count; i++) {
        const struct wlk_warning_area *area = &warning->area[i];
        wlk_json_open(json, NULL, '{');
        wlk_json_integer(json, "index", area->area == WLK_AREA_SEA ? -1 : area->area);
        for (int k = 0; k < WLK_SHOWN_LANGUAGES; k++)
            wlk_json_text(json, LANGUAGE[k], text[k].area[i]);
        wlk_json_text(json, "reason",
                      (unsigned)area->reason <= 3 ? reason[area->reason] : "?");
        wlk_json_number(json, "p", area->probability, 3);
        wlk_json_time(json, "earliest", area->earliest);
        wlk_json_close(json, '}');
    }
    wlk_json_close(json, ']');
}

static void show_texts(struct wlk_json *json, const struct wlk_warning *warning,
                       const struct wlk_shown_text *text)
{
    const char *const sea[] = {warning->sea_en, warning->sea_ja, warning->sea_ko};
    for (int k = 0; k < WLK_SHOWN_LANGUAGES; k++) {
        wlk_json_open(json, LANGUAGE[k], '{');
        wlk_json_text(json, "headline", text[k].headline);
        wlk_json_text(json, "description", text[k].description);
        wlk_json_text(json, "instruction", text[k].instruction);
        if (warning->said[k][0])
            wlk_json_text(json, "said", warning->said[k]);
        if (warning->is_at_sea)
            wlk_json_text(json, "sea", sea[k]);
        wlk_json_close(json, '}');
    }
}

void wlk_snapshot_warning(const struct wlk_warning *warning,
                          const struct wlk_shown_text text[WLK_SHOWN_LANGUAGES],
                          const char *state, const char *by, struct wlk_json *json)
{
    static const char *const correction[] = {"", "CANCELLED", "LOST", "DOUBLE", "REVISED"};
    _Static_assert(sizeof correction / sizeof correction[0] == WLK_CORRECTION_END, "words");
    wlk_json_open(json, NULL, '{');
    wlk_json_integer(json, "number", warning->number);
    wlk_json_time(json, "t", warning->time);
    wlk_json_integer(json, "object", warning->object);
    wlk_json_text(json, "kind", wlk_warning_kind_word(warning->kind));
    wlk_json_text(json, "correction",
                  (unsigned)warning->correction < WLK_CORRECTION_END
                      ? correction[warning->correction]
                      : "?");
    wlk_json_bool(json, "final", warning->is_final);
    wlk_json_text(json, "state", state);
    wlk_json_text(json, "by", by);
    wlk_json_integer(json, "replaces", warning->replaces);
    wlk_json_open(json, "also", '[');
    for (size_t i = 0; i < warning->also_count && i < WLK_REPLACES_MORE_MAX; i++)
        wlk_json_integer(json, NULL, warning->also[i].number);
    wlk_json_close(json, ']');
    wlk_json_bool(json, "person", warning->is_by_person);
    wlk_json_text(json, "ground", wlk_ground_word(warning->ground));
    show_areas(json, warning, text);
    if (warning->has_launch) {
        wlk_json_open(json, "launch", '{');
        point(json, &warning->launch);
        wlk_json_close(json, '}');
    }
    if (warning->has_impact)
        show_impact(json, &warning->impact);
    wlk_json_bool(json, "at_sea", warning->is_at_sea);
    wlk_json_bool(json, "inside_200nm", warning->is_inside_200nm);
    wlk_json_bool(json, "predicted", warning->is_predicted);
    wlk_json_number(json, "track_s", warning->track_s, 1);
    wlk_json_number(json, "lost_at_s", warning->lost_at_s, 1);
    show_texts(json, warning, text);
    wlk_json_close(json, '}');
}
