/* view.c -- what several sources together say of one object.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fusion/view.h"

#include "earth/geodesic.h"
#include "fusion/combine.h"
#include "fusion/correlate.h"

#include <math.h>
#include <string.h>

/* A boosting source newer than the newest free one by more than this has the word: a burnout
 * is detected 3-4 s late, so a free source is not outvoted by slower ones before that. */
static const double FREE_LEADS_S = 5.0;

/* One sigma of a heading beyond which it says nothing. */
static const double HEADING_SIGMA_MAX_RAD = 0.5;

/* A source's doubt of its impact counts while its words are not older than this against the
 * newest measurement. */
static const double DOUBT_STAYS_S = 20;

struct chosen {
    size_t count;
    struct wlk_state state[WLK_PARTIES_MAX];
    const struct wlk_source *source[WLK_PARTIES_MAX];
};

/* One state of each nation: of one that has numbered its object anew, the newest. */
static void choose(struct chosen *chosen, const struct wlk_source *source,
                   const struct wlk_state *state)
{
    for (size_t i = 0; i < chosen->count; i++) {
        if (!wlk_name_equal(chosen->source[i]->originator, source->originator))
            continue;
        if (source->last_measurement.ns > chosen->source[i]->last_measurement.ns) {
            chosen->state[i] = *state;
            chosen->source[i] = source;
        }
        return;
    }
    if (chosen->count < WLK_PARTIES_MAX) {
        chosen->state[chosen->count] = *state;
        chosen->source[chosen->count++] = source;
    }
}

static bool is_boosting(const struct wlk_source *source, wlk_utc now)
{
    return source->state_said.is_there && source->state.phase == WLK_PHASE_BOOST &&
           wlk_utc_seconds(now, source->state.epoch) <= WLK_SOURCE_BOOST_AGE_MAX_S;
}

/* All free states, at now; or all boosting ones, at the newest of their epochs. */
static void choose_states(const struct wlk_view *view, wlk_utc now, bool is_free,
                          struct chosen *chosen)
{
    wlk_utc newest = {INT64_MIN / 2};
    struct wlk_state carried;
    for (size_t i = 0; i < view->count; i++)
        if (is_boosting(view->source[i], now) && view->source[i]->state.epoch.ns > newest.ns)
            newest = view->source[i]->state.epoch;
    for (size_t i = 0; i < view->count; i++) {
        const struct wlk_source *source = view->source[i];
        if (is_free && source->has_carried)
            choose(chosen, source, &source->carried);
        if (!is_free && is_boosting(source, now) &&
            wlk_combine_carry_boost(&source->state, newest, &carried) == WLK_OK)
            choose(chosen, source, &carried);
    }
}

/* Have those that see it free the word, or those that see it burn? */
static bool is_free(const struct wlk_view *view, wlk_utc now)
{
    wlk_utc free_newest = {INT64_MIN / 2}, boost_newest = {INT64_MIN / 2};
    bool has_free = false;
    for (size_t i = 0; i < view->count; i++) {
        const struct wlk_source *source = view->source[i];
        if (is_boosting(source, now) && source->state.epoch.ns > boost_newest.ns)
            boost_newest = source->state.epoch;
        if (source->has_carried && source->last_measurement.ns > free_newest.ns)
            free_newest = source->last_measurement;
        has_free = has_free || source->has_carried;
    }
    return has_free && wlk_utc_seconds(boost_newest, free_newest) <= FREE_LEADS_S;
}

static wlk_status combine(const struct chosen *chosen, struct wlk_combination *made)
{
    const struct wlk_state *pointer[WLK_PARTIES_MAX];
    for (size_t i = 0; i < chosen->count; i++)
        pointer[i] = &chosen->state[i];
    return wlk_combine(pointer, chosen->count, made);
}

static void add_name(struct wlk_picture_object *object, wlk_name name)
{
    size_t at = object->source_count;
    while (at > 0 && memcmp(object->source[at - 1].text, name.text, sizeof name.text) > 0) {
        object->source[at] = object->source[at - 1];
        at--;
    }
    object->source[at] = name;
    object->source_count++;
}

/* Condition and length of track of the sources that are in the state. */
static void add_track(struct wlk_picture_object *object, const struct wlk_source *source,
                      wlk_utc now, wlk_utc *first)
{
    enum wlk_track_condition condition = wlk_source_condition(source, now);
    if (object->source_count == 0 || condition < object->condition)
        object->condition = condition;
    if (object->source_count == 0 || source->first_measurement.ns < first->ns)
        *first = source->first_measurement;
    if (object->source_count == 0 || source->last_measurement.ns > object->last_measurement.ns)
        object->last_measurement = source->last_measurement;
    add_name(object, source->originator);
}

static size_t fuse(const struct wlk_view *view, wlk_utc now, struct wlk_picture_object *object)
{
    struct chosen chosen = {.count = 0};
    struct wlk_combination made;
    wlk_utc first = {0};
    object->condition = WLK_CONDITION_LOST;
    choose_states(view, now, is_free(view, now), &chosen);
    if (chosen.count == 0)
        return 0;
    if (combine(&chosen, &made) != WLK_OK)
        return chosen.count;
    object->has_state = true;
    object->state = made.state;
    object->disagrees = made.disagrees;
    for (size_t i = 0; i < chosen.count; i++)
        if (made.is_used[i])
            add_track(object, chosen.source[i], now, &first);
    object->track_s = wlk_utc_seconds(object->last_measurement, first);
    return made.bad_count;
}

/* Course over ground of a state, with its sigma from the covariance of the velocity. */
static bool heading_of(const struct wlk_state *state, double *heading, double *sigma)
{
    double axes[3][3], c[2][2] = {{0}}, v[2] = {0};
    wlk_geodetic place = wlk_geodetic_from_ecef(
        (wlk_ecef){state->position_m[0], state->position_m[1], state->position_m[2]});
    wlk_enu_axes(place, axes);
    for (int a = 0; a < 2; a++)
        for (int i = 0; i < 3; i++) {
            v[a] += axes[a][i] * state->velocity_mps[i];
            for (int b = 0; b < 2; b++)
                for (int j = 0; j < 3; j++)
                    c[a][b] += axes[a][i] * state->covariance[i + 3][j + 3] * axes[b][j];
        }
    double square = v[0] * v[0] + v[1] * v[1];
    double across =
        v[1] * v[1] * c[0][0] + v[0] * v[0] * c[1][1] - v[0] * v[1] * (c[0][1] + c[1][0]);
    if (!(square > 0) || !(across > 0))
        return false;
    *sigma = sqrt(across) / square;
    *heading = atan2(v[0], v[1]);
    if (*heading < 0)
        *heading += 2 * WLK_PI;
    return *sigma <= HEADING_SIGMA_MAX_RAD;
}

static void offer_heading(struct wlk_picture_object *object, double heading, double sigma)
{
    if (!(sigma > 0) || sigma > HEADING_SIGMA_MAX_RAD ||
        (object->has_heading && object->heading_sigma_rad <= sigma))
        return;
    object->has_heading = true;
    object->heading_rad = heading;
    object->heading_sigma_rad = sigma;
}

static void offer_state(struct wlk_picture_object *object, const struct wlk_state *state)
{
    double heading, sigma;
    if (heading_of(state, &heading, &sigma))
        offer_heading(object, heading, sigma);
}

/* Headings of one kind of states: of all together, and of each that agrees, not carried; what
 * is surest of a whole state (combine.h) may know less of its heading than one of them. */
static void offer_states(const struct wlk_view *view, wlk_utc now, bool is_free,
                         struct wlk_picture_object *object)
{
    struct chosen chosen = {.count = 0};
    struct wlk_combination made;
    choose_states(view, now, is_free, &chosen);
    if (chosen.count == 0 || combine(&chosen, &made) != WLK_OK ||
        wlk_utc_seconds(object->last_measurement, made.state.epoch) > FREE_LEADS_S)
        return;
    offer_state(object, &made.state);
    for (size_t i = 0; i < chosen.count; i++)
        if (made.is_used[i])
            offer_state(object, is_free ? &chosen.state[i] : &chosen.source[i]->state);
}

/* The surest heading that anybody has. Who still sees it burn counts beside those who see it
 * free: who is the first to see a burnout must not take from the picture what others know. */
static void find_heading(const struct wlk_view *view, wlk_utc now,
                         struct wlk_picture_object *object)
{
    if (object->has_state && object->state.phase != WLK_PHASE_BOOST)
        offer_states(view, now, true, object);
    offer_states(view, now, false, object);
    for (size_t i = 0; i < view->count; i++) {
        const struct wlk_source *source = view->source[i];
        if (source->has_heading)
            offer_heading(object, source->heading_rad, source->heading_sigma_rad);
        if (source->launch_said.is_there && source->launch.has_azimuth)
            offer_heading(object, source->launch.azimuth_rad, source->launch.azimuth_sigma_rad);
    }
}

static double spread(const struct wlk_point *point)
{
    return point->covariance[0][0] + point->covariance[1][1];
}

/* Inverse of a symmetric positive definite 3 x 3 matrix. */
static bool invert(double c[3][3], double out[3][3])
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            int r = (j + 1) % 3, s = (j + 2) % 3, p = (i + 1) % 3, q = (i + 2) % 3;
            out[i][j] = c[r][p] * c[s][q] - c[r][q] * c[s][p];
        }
    double determinant = c[0][0] * out[0][0] + c[0][1] * out[1][0] + c[0][2] * out[2][0];
    if (!(determinant > 0))
        return false;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            out[i][j] /= determinant;
    return true;
}

/* Sums the information of points that agree with best, in its local frame. */
static bool sum_points(const struct wlk_source *const source[], size_t count,
                       const struct wlk_point *best, struct wlk_point *out)
{
    double Y[3][3] = {{0}}, y[3] = {0}, P[3][3], inverse[3][3], x[3] = {0};
    for (size_t i = 0; i < count; i++) {
        struct wlk_point point = source[i]->launch.point;
        if (wlk_correlate_launches(best, &point) > WLK_CORRELATE_LAUNCH_GATE)
            continue;
        struct wlk_geodesic line = wlk_geodesic_between(best->place, point.place);
        const double d[3] = {line.distance_m * sin(line.azimuth_rad),
                             line.distance_m * cos(line.azimuth_rad),
                             wlk_utc_seconds(point.time, best->time)};
        if (!invert(point.covariance, inverse))
            continue;
        for (int a = 0; a < 3; a++)
            for (int b = 0; b < 3; b++) {
                Y[a][b] += inverse[a][b];
                y[a] += inverse[a][b] * d[b];
            }
    }
    if (!invert(Y, P))
        return false;
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++)
            x[a] += P[a][b] * y[b];
    out->place = wlk_geodesic_from(best->place, atan2(x[0], x[1]), hypot(x[0], x[1]));
    out->time = wlk_utc_add(best->time, x[2]);
    memcpy(out->covariance, P, sizeof P);
    return true;
}

/* Launch points of different nations rest on different radars, so they are summed where they
 * agree; one that does not agree with the surest is left out and marked. */
static void find_launch(const struct wlk_view *view, struct wlk_picture_object *object)
{
    const struct wlk_source *source[WLK_VIEW_SOURCES_MAX], *best = NULL, *azimuth = NULL;
    size_t count = 0;
    uint32_t least = 1, most = 1;
    for (size_t i = 0; i < view->count; i++) {
        const struct wlk_source *one = view->source[i];
        if (!one->launch_said.is_there)
            continue;
        source[count++] = one;
        if (!best || spread(&one->launch.point) < spread(&best->launch.point))
            best = one;
        if (one->launch.has_azimuth &&
            (!azimuth || one->launch.azimuth_sigma_rad < azimuth->launch.azimuth_sigma_rad))
            azimuth = one;
        if (one->launch.object_count_min > least)
            least = one->launch.object_count_min;
        if (one->launch.object_count_max > most)
            most = one->launch.object_count_max;
    }
    if (!best)
        return;
    object->has_launch = true;
    object->launch = best->launch;
    object->launch.object_count_min = least;
    object->launch.object_count_max = most > least ? most : least;
    object->launch.status = object->is_declared ? WLK_LAUNCH_CONFIRMED : WLK_LAUNCH_SUSPECTED;
    if (azimuth) {
        object->launch.has_azimuth = true;
        object->launch.azimuth_rad = azimuth->launch.azimuth_rad;
        object->launch.azimuth_sigma_rad = azimuth->launch.azimuth_sigma_rad;
    }
    for (size_t i = 0; i < count; i++)
        if (wlk_correlate_launches(&best->launch.point, &source[i]->launch.point) >
            WLK_CORRELATE_LAUNCH_GATE)
            object->disagrees = true;
    if (!sum_points(source, count, &best->launch.point, &object->launch.point))
        object->launch.point = best->launch.point;
}

static bool is_earlier(const struct wlk_source *one, const struct wlk_source *other)
{
    if (!other || one->event_time.ns != other->event_time.ns)
        return !other || one->event_time.ns < other->event_time.ns;
    return memcmp(one->originator.text, other->originator.text, sizeof one->originator.text) <
           0;
}

/* DESIGN.md 4: "the earlier time wins, then the originator's name". */
static void find_event(const struct wlk_view *view, struct wlk_picture_object *object)
{
    const struct wlk_source *best = NULL, *name = NULL;
    for (size_t i = 0; i < view->count; i++) {
        const struct wlk_source *one = view->source[i];
        if (one->has_event && is_earlier(one, best))
            best = one;
    }
    object->has_event = best != NULL;
    if (!best)
        return;
    object->event = best->event;
    for (size_t i = 0; i < view->count; i++) {
        const struct wlk_source *one = view->source[i];
        if (one->has_event && one->ordinal && is_earlier(one, name) &&
            memcmp(one->event.bytes, best->event.bytes, sizeof best->event.bytes) == 0)
            name = one;
    }
    if (!name)
        return;
    object->named_by = name->originator;
    object->ordinal = name->ordinal;
    object->named_at = name->event_time;
}

/* A partner's impact where there is no own computation: the surest of those that rest on
 * measurements no more than 10 s older than the newest. */
static void find_impact(const struct wlk_view *view, struct wlk_picture_object *object)
{
    const struct wlk_source *best = NULL;
    if (object->has_state && object->state.phase == WLK_PHASE_BOOST)
        return; /* it still burns: no impact can be told */
    for (size_t i = 0; i < view->count; i++) {
        const struct wlk_source *one = view->source[i];
        if (!one->impact_said.is_there)
            continue;
        double old_s = wlk_utc_seconds(object->last_measurement, one->impact.last_measurement);
        if (old_s <= DOUBT_STAYS_S && one->impact.doubt > object->doubt)
            object->doubt = one->impact.doubt;
        double newer_s =
            best ? wlk_utc_seconds(one->impact.last_measurement, best->impact.last_measurement)
                 : HUGE_VAL;
        bool is_surer = best && spread(&one->impact.point) < spread(&best->impact.point);
        if (newer_s > 10 || (newer_s >= -10 && is_surer))
            best = one;
    }
    object->has_impact = best != NULL;
    if (best)
        object->impact = best->impact;
}

size_t wlk_view_object(const struct wlk_view *view, wlk_utc now,
                       struct wlk_picture_object *object)
{
    for (size_t i = 0; i < view->count; i++) {
        const struct wlk_source *one = view->source[i];
        object->is_declared = object->is_declared || one->declares;
        if (one->kind == WLK_SOURCE_OWN) {
            object->has_own = true;
            object->own_object = one->object;
        }
        if (one->has_burnout && (!object->has_burnout || one->kind == WLK_SOURCE_OWN)) {
            object->has_burnout = true;
            object->burnout = one->burnout;
        }
    }
    size_t bad = fuse(view, now, object);
    find_launch(view, object);
    find_heading(view, now, object);
    find_event(view, object);
    find_impact(view, object);
    if (!object->has_state && object->has_impact) {
        object->condition = object->impact.condition;
        object->last_measurement = object->impact.last_measurement;
        object->track_s = object->impact.track_s;
    }
    return bad;
}
