/* publish.c -- own tracks into released records.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/publish_private.h"

#include "release/region.h"

#include <stdio.h>
#include <stdlib.h>

static const double LAUNCH_AGAIN_S = 110; /* DESIGN.md 4: at least every 120 s */
static const int64_t TRACK_EVERY_NS = INT64_C(1000000000); /* DESIGN.md 3 */
static const double IMPACT_VALID_S = 120; /* after the expected impact */
static const double TRACK_VALID_S = 30;
static const double VALID_MAX_S = 7200;       /* DESIGN.md 4 */
static const uint32_t SIGHTING_BASE = 0x40000000; /* object numbers no tracker reaches */

wlk_status wlk_publish_open(const struct wlk_publish_setup *setup, struct wlk_publisher **out)
{
    struct wlk_publisher *publisher = calloc(1, sizeof *publisher);
    struct wlk_released *released = wlk_released_open();
    if (!publisher || !released) {
        free(publisher);
        wlk_released_close(released);
        return WLK_IO;
    }
    publisher->errands.setup = *setup;
    publisher->errands.released = released;
    *out = publisher;
    return WLK_OK;
}

void wlk_publish_close(struct wlk_publisher *publisher)
{
    if (publisher)
        wlk_released_close(publisher->errands.released);
    free(publisher);
}

wlk_status wlk_publish_join(struct wlk_publisher *publisher,
                            const struct wlk_agreement *agreement)
{
    uint8_t self;
    if (!wlk_arrangement_party(&agreement->arrangement, publisher->errands.setup.nation, &self))
        return WLK_NOT_RELEASABLE;
    wlk_publish_leave(publisher, agreement->arrangement.name);
    for (size_t i = 0; i < WLK_ARRANGEMENTS_MAX; i++) {
        struct wlk_joined *joined = &publisher->joined[i];
        if (joined->is_used)
            continue;
        wlk_errand_join(&publisher->errands, agreement, self, joined);
        for (size_t k = 0; k < WLK_PUBLISHED_MAX; k++)
            memset(&publisher->published[k].told[i], 0, sizeof(struct wlk_told));
        return WLK_OK;
    }
    return WLK_FULL;
}

void wlk_publish_leave(struct wlk_publisher *publisher, wlk_name arrangement)
{
    for (size_t i = 0; i < WLK_ARRANGEMENTS_MAX; i++) {
        struct wlk_joined *joined = &publisher->joined[i];
        if (joined->is_used && wlk_name_equal(joined->agreement.arrangement.name, arrangement))
            joined->is_used = false;
    }
}

void wlk_publish_heard(struct wlk_publisher *publisher, const struct wlk_header *header,
                       wlk_utc now)
{
    for (size_t i = 0; i < WLK_ARRANGEMENTS_MAX; i++) {
        struct wlk_joined *joined = &publisher->joined[i];
        if (joined->is_used &&
            wlk_name_equal(joined->agreement.arrangement.name, header->lane.arrangement)) {
            wlk_status status = wlk_events_note(&joined->events, header, now);
            (void)status; /* WLK_FULL is counted in events.dropped */
        }
    }
}

bool wlk_publish_event(const struct wlk_publisher *publisher, uint32_t object, wlk_event *out)
{
    for (size_t i = 0; i < publisher->published_end; i++) {
        const struct wlk_published *published = &publisher->published[i];
        if (published->is_used && published->object == object && published->has_event) {
            *out = published->event;
            return true;
        }
    }
    return false;
}

static struct wlk_published *published_of(struct wlk_publisher *publisher, uint32_t object,
                                          bool is_shielded)
{
    struct wlk_published *empty = NULL;
    for (size_t i = 0; i < WLK_PUBLISHED_MAX; i++) {
        struct wlk_published *published = &publisher->published[i];
        if (published->is_used && published->object == object &&
            published->is_shielded == is_shielded)
            return published;
        if (!published->is_used && !empty)
            empty = published;
    }
    if (empty) {
        size_t end = (size_t)(empty - publisher->published) + 1;
        if (end > publisher->published_end)
            publisher->published_end = end;
        memset(empty, 0, sizeof *empty);
        empty->is_used = true;
        empty->is_shielded = is_shielded;
        empty->object = object;
    }
    return empty;
}

static double clock_error_s(const struct wlk_publisher *publisher)
{
    return (double)publisher->errands.setup.clock_error_ns * 1e-9;
}

/* Fills the groups of an errand that this arrangement lets out. False: none. */
static bool fill_groups(const struct wlk_joined *joined, const struct wlk_forms *forms,
                        struct wlk_errand *errand)
{
    union wlk_content coarse, fine;
    bool has_coarse = forms->has_coarse_track, has_fine = forms->has_track;
    memset(&coarse, 0, sizeof coarse);
    memset(&fine, 0, sizeof fine);
    if (errand->type == WLK_TYPE_LAUNCH) {
        coarse.launch = forms->coarse_launch;
        fine.launch = forms->launch;
        has_coarse = forms->has_coarse_launch;
        has_fine = forms->has_launch;
    } else if (errand->type == WLK_TYPE_IMPACT) {
        coarse.impact = forms->coarse_impact;
        fine.impact = forms->impact;
        has_coarse = forms->has_coarse_impact;
        has_fine = forms->has_impact;
    } else {
        coarse.track = forms->coarse_track;
        fine.track = forms->track;
    }
    errand->count = 0;
    if (has_fine && joined->is_shielded && joined->may[errand->type][WLK_GROUP_SHIELDED])
        wlk_errand_add(errand, WLK_GROUP_SHIELDED, &fine);
    if (joined->is_shielded) /* a record with shielded has no other group */
        return errand->count > 0;
    if (has_coarse && joined->may[errand->type][WLK_GROUP_COARSE])
        wlk_errand_add(errand, WLK_GROUP_COARSE, &coarse);
    if (has_fine && joined->may[errand->type][WLK_GROUP_FINE])
        wlk_errand_add(errand, WLK_GROUP_FINE, &fine);
    return errand->count > 0;
}

static void tell_launch(struct wlk_publisher *publisher, struct wlk_joined *joined,
                        struct wlk_told *told, struct wlk_errand *errand)
{
    const struct wlk_launch_content *finest = &errand->content[errand->count - 1].launch;
    struct wlk_launch_content news = *finest;
    struct wlk_lane_head head;
    if (!errand->is_lead) { /* that their number has changed is told by one of them */
        news.count_min = told->launch.count_min;
        news.count_max = told->launch.count_max;
    }
    if (told->has_launch && !wlk_groups_launch_changed(&told->launch, &news) &&
        wlk_utc_seconds(errand->now.utc, told->launch_at) < LAUNCH_AGAIN_S)
        return;
    errand->has_replaced = told->has_launch;
    errand->replaced_generation = told->launch_generation;
    errand->replaced_seq = told->launch_seq;
    errand->valid_until = wlk_utc_add(errand->now.utc, WLK_PUBLISH_LAUNCH_VALID_S);
    if (!wlk_errand_send(&publisher->errands, joined, errand, &head))
        return;
    told->has_launch = true;
    told->launch = *finest;
    told->launch_at = errand->now.utc;
    told->launch_generation = head.lane.generation;
    told->launch_seq = head.seq;
}

static void tell_impact(struct wlk_publisher *publisher, struct wlk_joined *joined,
                        struct wlk_told *told, struct wlk_errand *errand)
{
    const struct wlk_impact_content *finest = &errand->content[errand->count - 1].impact;
    struct wlk_lane_head head;
    if (told->has_impact && !wlk_groups_impact_changed(&told->impact, finest))
        return;
    errand->has_replaced = told->has_impact;
    errand->replaced_generation = told->impact_generation;
    errand->replaced_seq = told->impact_seq;
    wlk_utc latest = wlk_utc_add(errand->now.utc, VALID_MAX_S);
    errand->valid_until = wlk_utc_add((wlk_utc){finest->point.time_ns}, IMPACT_VALID_S);
    if (errand->valid_until.ns > latest.ns)
        errand->valid_until = latest;
    if (errand->valid_until.ns <= errand->now.utc.ns)
        return; /* it has fallen: nothing to predict */
    if (!wlk_errand_send(&publisher->errands, joined, errand, &head))
        return;
    told->has_impact = true;
    told->impact = *finest;
    told->impact_generation = head.lane.generation;
    told->impact_seq = head.seq;
}

/* Each object's second begins at a moment of its own (fractions of the golden ratio lie far
 * apart), so that the tracks of a raid do not go all at once, before the next warning. */
static int64_t track_second(uint32_t number, wlk_utc time)
{
    uint64_t fraction = (uint32_t)(number * UINT32_C(2654435769)); /* 2^32 / golden ratio */
    int64_t shift_ns = (int64_t)(fraction * (uint64_t)TRACK_EVERY_NS >> 32);
    return (time.ns + shift_ns) / TRACK_EVERY_NS;
}

static void tell_track(struct wlk_publisher *publisher, struct wlk_joined *joined,
                       struct wlk_told *told, struct wlk_errand *errand)
{
    struct wlk_lane_head head;
    if (told->track_at.ns && track_second(errand->number, told->track_at) ==
                                 track_second(errand->number, errand->now.utc))
        return;
    errand->has_replaced = false;
    errand->valid_until = wlk_utc_add(errand->now.utc, TRACK_VALID_S);
    if (wlk_errand_send(&publisher->errands, joined, errand, &head))
        told->track_at = errand->now.utc;
}

/* Launch first, so that a track never overtakes its launch. */
static void tell_one(struct wlk_publisher *publisher, size_t index,
                     const struct wlk_forms *forms, struct wlk_published *object,
                     struct wlk_errand *errand)
{
    struct wlk_joined *joined = &publisher->joined[index];
    struct wlk_told *told = &object->told[index];
    errand->type = WLK_TYPE_LAUNCH;
    if (fill_groups(joined, forms, errand))
        tell_launch(publisher, joined, told, errand);
    if (!told->has_launch)
        return;
    errand->type = WLK_TYPE_IMPACT;
    if (fill_groups(joined, forms, errand))
        tell_impact(publisher, joined, told, errand);
    if (errand->is_news && told->track_at.ns)
        return; /* tracks go by the clock: a warning does not wait for them */
    errand->type = WLK_TYPE_TRACK;
    if (fill_groups(joined, forms, errand))
        tell_track(publisher, joined, told, errand);
}

static void tell(struct wlk_publisher *publisher, const struct wlk_forms *forms,
                 struct wlk_published *object, struct wlk_errand *errand)
{
    for (size_t i = 0; i < WLK_ARRANGEMENTS_MAX; i++)
        if (publisher->joined[i].is_used &&
            publisher->joined[i].is_shielded == object->is_shielded)
            tell_one(publisher, i, forms, object, errand);
}

/* Is any arrangement joined; and may anybody have a coarse form under any? */
static bool is_heard(const struct wlk_publisher *publisher, bool *has_coarse)
{
    bool is_any = false;
    *has_coarse = false;
    for (size_t i = 0; i < WLK_ARRANGEMENTS_MAX; i++) {
        const struct wlk_joined *joined = &publisher->joined[i];
        is_any |= joined->is_used;
        for (int type = 1; joined->is_used && type < WLK_TYPE_END; type++)
            *has_coarse |= joined->may[type][WLK_GROUP_COARSE];
    }
    return is_any;
}

static bool leads(const struct wlk_publisher *publisher, const struct wlk_published *object)
{
    bool is_first = true;
    for (size_t i = 0; is_first && i < publisher->published_end; i++)
        is_first = !wlk_publish_is_beside(object, &publisher->published[i]) ||
                   object->object < publisher->published[i].object;
    return is_first;
}

static void ensure_event(struct wlk_publisher *publisher, struct wlk_published *object,
                         const wlk_event *event)
{
    const struct wlk_salts *salts = &publisher->errands.setup.salts;
    if (object->has_event)
        return;
    if (event)
        object->event = *event;
    else
        salts->draw(salts->context, object->event.bytes);
    object->has_event = true;
}

void wlk_publish_track(struct wlk_publisher *publisher, const struct wlk_track *track,
                       const wlk_event *event, struct wlk_moment now)
{
    _Static_assert((int)WLK_EVENT_SIZE == (int)WLK_SALT_SIZE, "an event id is one draw");
    if (!track->is_confirmed || !track->has_launch || track->is_ended)
        return;
    struct wlk_published *object = published_of(publisher, track->object, false);
    if (!object) {
        wlk_errand_held(&publisher->errands, "too many objects");
        return;
    }
    ensure_event(publisher, object, event);
    bool has_coarse;
    if (!is_heard(publisher, &has_coarse))
        return; /* nobody to tell it to */
    object->memory.is_fine_only = !has_coarse;
    bool is_news = object->read_at.ns != track->read_at.ns;
    object->read_at = track->read_at;
    struct wlk_forms forms;
    wlk_forms_make(track, clock_error_s(publisher), now.utc, &object->memory, &forms);
    if (track->condition == WLK_CONDITION_LOST)
        forms.has_track = forms.has_coarse_track = false; /* partners' predictions age alike */
    struct wlk_errand errand = {.is_news = is_news,
                                .is_lead = leads(publisher, object),
                                .read_at = track->read_at,
                                .event = object->event,
                                .number = publisher->errands.setup.object_base + track->object,
                                .region = wlk_region_of(track->launch.point.place),
                                .now = now};
    tell(publisher, &forms, object, &errand);
}

void wlk_publish_shielded(struct wlk_publisher *publisher, const struct wlk_track *track,
                          const wlk_event *event, struct wlk_moment now)
{
    struct wlk_published *object = published_of(publisher, track->object, true);
    if (!object) {
        wlk_errand_held(&publisher->errands, "too many objects");
        return;
    }
    ensure_event(publisher, object, event);
    struct wlk_forms forms;
    wlk_forms_shielded(track, clock_error_s(publisher), &forms);
    struct wlk_errand errand = {.event = object->event,
                                .number = publisher->errands.setup.object_base + track->object,
                                .region = wlk_region_of(track->launch.point.place),
                                .now = now};
    tell(publisher, &forms, object, &errand);
}

/* A sighting of a satellite tells nothing of a radar: the same under each arrangement. */
static void tell_sighting(struct wlk_publisher *publisher, const struct wlk_track *stand_in,
                          const wlk_event *near, bool is_shielded, struct wlk_moment now)
{
    uint32_t number = stand_in->object;
    struct wlk_published *object = published_of(publisher, number, is_shielded);
    wlk_event event;
    if (!object) {
        wlk_errand_held(&publisher->errands, "too many objects");
        return;
    }
    bool has_event = wlk_publish_event(publisher, number, &event);
    ensure_event(publisher, object, has_event ? &event : near);
    struct wlk_forms forms;
    wlk_forms_make(stand_in, clock_error_s(publisher), now.utc, &object->memory, &forms);
    forms.has_track = forms.has_coarse_track = false;
    struct wlk_errand errand = {.event = object->event,
                                .number = publisher->errands.setup.object_base + number,
                                .region = wlk_region_of(stand_in->launch.point.place),
                                .now = now};
    tell(publisher, &forms, object, &errand);
}

void wlk_publish_sighting(struct wlk_publisher *publisher, const struct wlk_sighting *sighting,
                          const wlk_event *event, struct wlk_moment now)
{
    double place2 = sighting->place_sigma_m * sighting->place_sigma_m;
    struct wlk_track stand_in = {
        .object = SIGHTING_BASE + ++publisher->sightings,
        .launch = {
            .point = {.place = sighting->place,
                      .time = sighting->launch_time,
                      .covariance = {{place2, 0, 0},
                                     {0, place2, 0},
                                     {0, 0, sighting->time_sigma_s * sighting->time_sigma_s}}},
            .status = WLK_LAUNCH_CONFIRMED,
            .object_count_min = 1,
            .object_count_max = 1}};
    tell_sighting(publisher, &stand_in, event, false, now);
    tell_sighting(publisher, &stand_in, event, true, now);
}

bool wlk_publish_is_shielded(const struct wlk_publisher *publisher)
{
    bool is_shielded = false;
    for (size_t i = 0; i < WLK_ARRANGEMENTS_MAX; i++)
        is_shielded |= publisher->joined[i].is_used && publisher->joined[i].is_shielded;
    return is_shielded;
}

const struct wlk_publish_counts *wlk_publish_count(const struct wlk_publisher *publisher)
{
    return &publisher->errands.counts;
}

bool wlk_publish_trace(struct wlk_publisher *publisher, struct wlk_trace *out)
{
    if (publisher->errands.trace_in == publisher->errands.trace_out)
        return false;
    *out = publisher->errands.trace[publisher->errands.trace_out++ % WLK_ERRAND_TRACES_MAX];
    return true;
}
