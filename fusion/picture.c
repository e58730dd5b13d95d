/* picture.c -- sources, the objects they make up, and the picture of them.
 *
 *   source (own 7) ----+
 *   source (KR 12) ----+--> object 3 --> picture
 *   source (US 4)  ----+
 *
 * Each source belongs to one object. A new source makes a new object; two objects found to be
 * one are joined under the lower number.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fusion/picture.h"

#include "base/assert.h"
#include "fusion/correlate.h"
#include "fusion/lineup.h"
#include "fusion/pairing.h"
#include "fusion/tally.h"

#include <stdlib.h>
#include <string.h>

static const double ENDED_STAYS_S = 10;  /* in the picture, marked */
static const double AFTER_IMPACT_S = 60; /* an object ends so long after its impact */
static const double FLIGHT_MAX_S = 5400; /* the longest lofted flight took 4,200 s */
static const double FORGET_S = 600;      /* late records of an ended object are refused */

wlk_status wlk_fusion_open(wlk_name nation, struct wlk_fusion **out)
{
    struct wlk_fusion *fusion = calloc(1, sizeof *fusion);
    if (!fusion)
        return WLK_IO;
    fusion->nation = nation;
    fusion->next_number = fusion->next_sighting = 1;
    *out = fusion;
    return WLK_OK;
}

void wlk_fusion_close(struct wlk_fusion *fusion)
{
    free(fusion);
}

struct wlk_store_object *wlk_store_find(struct wlk_fusion *fusion, uint32_t number)
{
    size_t low = 0, high = fusion->object_count; /* numbers ascend */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (fusion->object[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < fusion->object_count && fusion->object[low].number == number
               ? &fusion->object[low]
               : NULL;
}

struct wlk_store_object *wlk_store_object(struct wlk_fusion *fusion, wlk_utc first_seen)
{
    if (fusion->object_count == WLK_OBJECTS_MAX)
        return NULL;
    struct wlk_store_object *object = &fusion->object[fusion->object_count++];
    *object =
        (struct wlk_store_object){.number = fusion->next_number++, .first_seen = first_seen};
    if (fusion->object_count > fusion->counts.objects_max)
        fusion->counts.objects_max = fusion->object_count;
    return object;
}

static struct wlk_source *find_source(struct wlk_fusion *fusion, wlk_name originator,
                                      uint32_t number)
{
    for (size_t i = 0; i < fusion->source_end; i++) {
        struct wlk_source *source = &fusion->source[i];
        if (source->kind != WLK_SOURCE_NONE && source->object == number &&
            wlk_name_equal(source->originator, originator))
            return source;
    }
    return NULL;
}

static struct wlk_source *new_source(struct wlk_fusion *fusion, enum wlk_source_kind kind,
                                     wlk_name originator, wlk_utc first_seen)
{
    size_t at = 0;
    while (at < fusion->source_end && fusion->source[at].kind != WLK_SOURCE_NONE)
        at++;
    struct wlk_store_object *object =
        at < WLK_STORE_SOURCES_MAX ? wlk_store_object(fusion, first_seen) : NULL;
    if (!object) {
        fusion->counts.full++;
        return NULL;
    }
    if (at == fusion->source_end)
        fusion->source_end++;
    if (fusion->source_end > fusion->counts.sources_max)
        fusion->counts.sources_max = fusion->source_end;
    struct wlk_source *source = &fusion->source[at];
    *source = (struct wlk_source){.kind = kind,
                                  .originator = originator,
                                  .number = object->number,
                                  .first_seen = first_seen,
                                  .newest = first_seen};
    return source;
}

static bool has_ended(const struct wlk_fusion *fusion, wlk_name originator, uint32_t object)
{
    for (size_t i = 0; i < WLK_STORE_ENDED_MAX; i++)
        if (fusion->ended[i].object == object &&
            wlk_name_equal(fusion->ended[i].originator, originator) &&
            wlk_utc_seconds(fusion->now, fusion->ended[i].at) < FORGET_S)
            return true;
    return false;
}

static void end_source(struct wlk_fusion *fusion, struct wlk_source *source)
{
    fusion->ended[fusion->ended_next] =
        (struct wlk_store_ended){source->originator, source->object, fusion->now,
                                 source->event, source->ordinal};
    fusion->ended_next = (fusion->ended_next + 1) % WLK_STORE_ENDED_MAX;
    source->kind = WLK_SOURCE_NONE;
    while (fusion->source_end > 0 &&
           fusion->source[fusion->source_end - 1].kind == WLK_SOURCE_NONE)
        fusion->source_end--;
}

void wlk_fusion_clock(struct wlk_fusion *fusion, double clock_error_s)
{
    WLK_ASSERT(clock_error_s >= 0);
    fusion->clock_error_s = clock_error_s;
}

void wlk_fusion_own(struct wlk_fusion *fusion, const struct wlk_track *track,
                    const wlk_event *event)
{
    struct wlk_source *source = find_source(fusion, fusion->nation, track->object);
    if (!source && (track->is_ended || has_ended(fusion, fusion->nation, track->object)))
        return;
    if (!source)
        source = new_source(fusion, WLK_SOURCE_OWN, fusion->nation, track->first_plot);
    if (!source)
        return;
    source->object = track->object;
    wlk_source_own(source, track, event, fusion->now);
    wlk_tally_ordinal(fusion, source);
    if (fusion->clock_error_s > 0 && source->state_said.is_there)
        wlk_state_blur(&source->state, fusion->clock_error_s);
    fusion->is_new = true;
    fusion->counts.accepted++;
}

void wlk_fusion_own_ended(struct wlk_fusion *fusion, uint32_t own_object)
{
    struct wlk_source *source = find_source(fusion, fusion->nation, own_object);
    if (source)
        end_source(fusion, source);
}

/* The source a partner's record is for, new if need be. */
static wlk_status admit(struct wlk_fusion *fusion, const struct wlk_partner *who,
                        struct wlk_source **out, bool *is_made)
{
    *is_made = false;
    if (wlk_name_equal(who->originator, fusion->nation)) {
        fusion->counts.own_returned++;
        return WLK_BAD_INPUT;
    }
    *out = find_source(fusion, who->originator, who->object);
    if (*out)
        return WLK_OK;
    if (has_ended(fusion, who->originator, who->object)) {
        fusion->counts.stale++;
        return WLK_STALE;
    }
    *out = new_source(fusion, WLK_SOURCE_PARTNER, who->originator, who->time);
    if (!*out)
        return WLK_FULL;
    (*out)->object = who->object;
    *is_made = true;
    return WLK_OK;
}

/* Counts what became of a record; takes a source back that was made for a bad one. */
static wlk_status settle(struct wlk_fusion *fusion, struct wlk_source *source, bool is_made,
                         wlk_status status)
{
    fusion->counts.accepted += status == WLK_OK;
    fusion->counts.stale += status == WLK_STALE;
    fusion->counts.bad += status == WLK_BAD_INPUT;
    fusion->is_new = fusion->is_new || status == WLK_OK;
    if (status == WLK_OK)
        wlk_tally_ordinal(fusion, source);
    if (status != WLK_OK && is_made) {
        WLK_ASSERT(fusion->object[fusion->object_count - 1].number == source->number);
        fusion->object_count--;
        source->kind = WLK_SOURCE_NONE;
    }
    return status;
}

wlk_status wlk_fusion_partner_track(struct wlk_fusion *fusion, const struct wlk_partner *who,
                                    const struct wlk_state *state,
                                    enum wlk_track_condition condition)
{
    struct wlk_source *source;
    bool is_made;
    WLK_TRY(admit(fusion, who, &source, &is_made));
    return settle(fusion, source, is_made, wlk_source_track(source, who, state, condition));
}

wlk_status wlk_fusion_partner_launch(struct wlk_fusion *fusion, const struct wlk_partner *who,
                                     const struct wlk_launch *launch)
{
    struct wlk_source *source;
    bool is_made;
    WLK_TRY(admit(fusion, who, &source, &is_made));
    return settle(fusion, source, is_made, wlk_source_launch(source, who, launch));
}

wlk_status wlk_fusion_partner_impact(struct wlk_fusion *fusion, const struct wlk_partner *who,
                                     const struct wlk_impact *impact)
{
    struct wlk_source *source;
    bool is_made;
    WLK_TRY(admit(fusion, who, &source, &is_made));
    return settle(fusion, source, is_made, wlk_source_impact(source, who, impact));
}

/* An object nobody stands for any more was never declared. */
static void withdraw(struct wlk_fusion *fusion, uint32_t number)
{
    struct wlk_store_object *object = wlk_store_find(fusion, number);
    for (size_t i = 0; i < fusion->source_end; i++)
        if (fusion->source[i].kind != WLK_SOURCE_NONE && fusion->source[i].number == number)
            return;
    if (object)
        object->last.is_declared = false;
}

wlk_status wlk_fusion_partner_cancel(struct wlk_fusion *fusion, const struct wlk_partner *who)
{
    if (wlk_name_equal(who->originator, fusion->nation)) {
        fusion->counts.own_returned++;
        return WLK_BAD_INPUT;
    }
    struct wlk_source *source = find_source(fusion, who->originator, who->object);
    if (!source || who->time.ns < source->newest.ns) {
        fusion->counts.stale++;
        return WLK_STALE;
    }
    if (who->time.ns > fusion->now.ns)
        fusion->now = who->time;
    uint32_t number = source->number;
    end_source(fusion, source);
    withdraw(fusion, number);
    fusion->counts.accepted++;
    return WLK_OK;
}

size_t wlk_fusion_forget(struct wlk_fusion *fusion, wlk_name originator)
{
    size_t count = 0;
    for (size_t i = 0; i < fusion->source_end; i++) {
        struct wlk_source *source = &fusion->source[i];
        if (source->kind != WLK_SOURCE_PARTNER ||
            !wlk_name_equal(source->originator, originator))
            continue;
        source->kind = WLK_SOURCE_NONE;
        withdraw(fusion, source->number);
        count++;
    }
    return count;
}

void wlk_fusion_sighting(struct wlk_fusion *fusion, const struct wlk_sighting *sighting)
{
    double place = sighting->place_sigma_m * sighting->place_sigma_m;
    struct wlk_launch launch = {
        .point = {.place = sighting->place, .time = sighting->launch_time},
        .status = WLK_LAUNCH_CONFIRMED,
        .object_count_min = 1,
        .object_count_max = 1};
    launch.point.covariance[0][0] = launch.point.covariance[1][1] = place;
    launch.point.covariance[2][2] = sighting->time_sigma_s * sighting->time_sigma_s;
    struct wlk_partner who = {.originator = sighting->sensor, .time = sighting->told_at};
    for (size_t i = 0; i < fusion->source_end; i++) {
        struct wlk_source *old = &fusion->source[i];
        if (old->kind == WLK_SOURCE_SIGHTING &&
            wlk_name_equal(old->originator, who.originator) &&
            wlk_correlate_launches(&old->launch.point, &launch.point) <=
                WLK_CORRELATE_LAUNCH_GATE) {
            (void)settle(fusion, old, false, wlk_source_launch(old, &who, &launch));
            return;
        }
    }
    struct wlk_source *source =
        new_source(fusion, WLK_SOURCE_SIGHTING, sighting->sensor, sighting->told_at);
    if (!source)
        return;
    source->object = fusion->next_sighting++;
    (void)settle(fusion, source, true, wlk_source_launch(source, &who, &launch));
}

void wlk_fusion_set_impact(struct wlk_fusion *fusion, uint32_t number,
                           const struct wlk_impact *impact)
{
    struct wlk_store_object *object = wlk_store_find(fusion, number);
    if (!object)
        return;
    object->has_impact = impact != NULL;
    if (impact)
        object->impact = *impact;
}

struct wlk_fusion_counts wlk_fusion_counts(const struct wlk_fusion *fusion)
{
    return fusion->counts;
}

static void insert_sorted(struct wlk_view *view, struct wlk_source *source)
{
    size_t at = view->count;
    if (at == WLK_VIEW_SOURCES_MAX)
        return;
    while (at > 0 && view->source[at - 1]->kind != WLK_SOURCE_OWN &&
           (source->kind == WLK_SOURCE_OWN ||
            memcmp(view->source[at - 1]->originator.text, source->originator.text,
                   WLK_NAME_SIZE) > 0)) {
        view->source[at] = view->source[at - 1];
        at--;
    }
    view->source[at] = source;
    view->count++;
}

/* Drops silent sources, carries the rest to now and lists them under their objects. */
static void gather(struct wlk_fusion *fusion)
{
    for (size_t i = 0; i < fusion->object_count; i++)
        fusion->object[i].view.count = 0;
    for (size_t i = fusion->source_end; i-- > 0;) {
        struct wlk_source *source = &fusion->source[i];
        if (source->kind != WLK_SOURCE_NONE && !wlk_source_is_alive(source, fusion->now))
            end_source(fusion, source);
        if (source->kind == WLK_SOURCE_NONE)
            continue;
        wlk_source_carry(source, fusion->now);
        struct wlk_store_object *object = wlk_store_find(fusion, source->number);
        WLK_ASSERT(object);
        insert_sorted(&object->view, source);
    }
}

static void drop_gone(struct wlk_fusion *fusion)
{
    size_t kept = 0;
    for (size_t i = 0; i < fusion->object_count; i++) {
        const struct wlk_store_object *object = &fusion->object[i];
        bool is_gone = object->number == 0 ||
                       (object->is_ended &&
                        wlk_utc_seconds(fusion->now, object->ended_at) > ENDED_STAYS_S);
        if (!is_gone && kept != i)
            fusion->object[kept] = *object;
        kept += !is_gone;
    }
    fusion->object_count = kept;
}

static bool is_over(const struct wlk_fusion *fusion, const struct wlk_store_object *object)
{
    const struct wlk_picture_object *last = &object->last;
    if (object->view.count == 0)
        return true;
    if (last->has_launch &&
        wlk_utc_seconds(fusion->now, last->launch.point.time) > FLIGHT_MAX_S)
        return true;
    return last->has_impact && last->condition != WLK_CONDITION_MEASURED &&
           wlk_utc_seconds(fusion->now, last->impact.point.time) > AFTER_IMPACT_S;
}

static void end_object(struct wlk_fusion *fusion, struct wlk_store_object *object)
{
    object->is_ended = true;
    object->ended_at = fusion->now;
    object->last.is_ended = true;
    for (size_t i = 0; i < fusion->source_end; i++)
        if (fusion->source[i].kind != WLK_SOURCE_NONE &&
            fusion->source[i].number == object->number)
            end_source(fusion, &fusion->source[i]);
}

static void show(struct wlk_fusion *fusion, struct wlk_store_object *object)
{
    struct wlk_picture_object now = {.number = object->number,
                                     .first_seen = object->first_seen};
    fusion->counts.bad += wlk_view_object(&object->view, fusion->now, &now);
    fusion->counts.disagreed += now.disagrees;
    if (now.is_declared && !object->is_declared)
        object->declared_at = fusion->now;
    object->is_declared = now.is_declared;
    now.declared_at = object->declared_at;
    bool is_boosting = now.has_state && now.state.phase == WLK_PHASE_BOOST;
    if (object->has_impact && !is_boosting) { /* outlives the state: it still falls there */
        now.has_impact = true;
        now.impact = object->impact;
    }
    wlk_tally_name(fusion, object, &now);
    object->last = now;
}

void wlk_fusion_picture(struct wlk_fusion *fusion, wlk_utc now, struct wlk_picture *out)
{
    if (now.ns > fusion->now.ns)
        fusion->now = now;
    gather(fusion);
    if (fusion->is_new) {
        fusion->is_new = false;
        wlk_pairing_mark(fusion);
        wlk_lineup(fusion);
        wlk_pairing_part(fusion);
        fusion->is_new = wlk_pairing_join(fusion); /* a joined object may join a third */
    }
    drop_gone(fusion);
    gather(fusion);
    for (size_t i = 0; i < fusion->object_count; i++) {
        struct wlk_store_object *object = &fusion->object[i];
        if (object->is_ended)
            continue;
        if (object->view.count > 0)
            show(fusion, object);
        if (is_over(fusion, object))
            end_object(fusion, object);
    }
    wlk_tally_events(fusion);
    out->nation = fusion->nation;
    out->time = fusion->now;
    out->count = fusion->object_count;
    for (size_t i = 0; i < fusion->object_count; i++)
        out->object[i] = fusion->object[i].last;
}

size_t wlk_fusion_sources(const struct wlk_fusion *fusion, uint32_t number,
                          struct wlk_fusion_source out[WLK_FUSION_SOURCES_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < fusion->source_end && count < WLK_FUSION_SOURCES_MAX; i++) {
        const struct wlk_source *source = &fusion->source[i];
        if (source->kind == WLK_SOURCE_NONE || source->number != number)
            continue;
        out[count++] = (struct wlk_fusion_source){
            .originator = source->originator,
            .object = source->object,
            .is_own = source->kind == WLK_SOURCE_OWN,
            .is_satellite = source->kind == WLK_SOURCE_SIGHTING,
            .is_measured = source->state_said.is_there &&
                           wlk_source_condition(source, fusion->now) == WLK_CONDITION_MEASURED,
            .last_measurement = source->last_measurement,
            .newest = source->newest};
    }
    return count;
}
