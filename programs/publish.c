/* publish.c -- own tracks into released records.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/publish.h"

#include "programs/forms.h"
#include "release/events.h"
#include "release/question.h"
#include "release/region.h"
#include "release/release.h"

#include <stdio.h>
#include <stdlib.h>

static const double LAUNCH_AGAIN_S = 110; /* DESIGN.md 4: at least every 120 s */
static const double TRACK_EVERY_S = 1;    /* DESIGN.md 3 */
static const double LAUNCH_VALID_S = 600; /* keeps the event open between launch records */
static const double IMPACT_VALID_S = 120; /* after the expected impact */
static const double TRACK_VALID_S = 30;
static const double VALID_MAX_S = 7200;   /* DESIGN.md 4 */
static const double FALSE_TRACK_S = 30;   /* a shorter one without burnout was no launch */
enum { TRACES_MAX = 256 };
static const uint32_t SIGHTING_BASE = 0x40000000; /* object numbers no tracker reaches */

/* The newest records of one object under one arrangement. */
struct told {
    bool has_launch, has_impact;
    struct wlk_launch_content launch; /* of the finest group sent: is it worth sending again? */
    struct wlk_impact_content impact;
    wlk_utc launch_at, track_at;
    uint64_t launch_generation, launch_seq, impact_generation, impact_seq;
};

/* One own object that partners know of. */
struct published {
    bool is_used, has_event;
    uint32_t object; /* as the tracker counts */
    wlk_event event;
    wlk_mono read_at; /* of the newest plot that was told */
    struct wlk_forms_memory memory;
    struct told told[WLK_ARRANGEMENTS_MAX];
};

struct joined {
    bool is_used;
    struct wlk_agreement agreement;
    struct wlk_rules rules;
    struct wlk_events events;
    uint8_t self; /* index of this nation among the parties */
    bool may[WLK_TYPE_END][WLK_GROUP_END];
};

struct wlk_publisher {
    struct wlk_publish_setup setup;
    struct joined joined[WLK_ARRANGEMENTS_MAX];
    struct published published[WLK_OBJECTS_MAX];
    struct wlk_released *released;
    uint32_t sightings;
    struct wlk_trace trace[TRACES_MAX];
    uint64_t trace_in, trace_out;
    struct wlk_publish_counts counts;
};

/* One record about to be sealed. */
struct errand {
    enum wlk_type type;
    const struct wlk_track *track; /* NULL for a sighting */
    bool is_news;                  /* a plot caused it, not the clock */
    struct published *object;
    uint32_t number;               /* as partners will see it */
    bool has_region;
    enum wlk_region region;
    wlk_utc valid_until;
    bool has_replaced;
    uint64_t replaced_generation, replaced_seq;
    size_t count;
    enum wlk_group group[WLK_GROUPS_MAX];
    union wlk_content content[WLK_GROUPS_MAX];
    struct wlk_moment now;
};

wlk_status wlk_publish_open(const struct wlk_publish_setup *setup, struct wlk_publisher **out)
{
    struct wlk_publisher *publisher = calloc(1, sizeof *publisher);
    struct wlk_released *released = wlk_released_open();
    if (!publisher || !released) {
        free(publisher);
        wlk_released_close(released);
        return WLK_IO;
    }
    publisher->setup = *setup;
    publisher->released = released;
    *out = publisher;
    return WLK_OK;
}

void wlk_publish_close(struct wlk_publisher *publisher)
{
    if (publisher)
        wlk_released_close(publisher->released);
    free(publisher);
}

static bool may(const struct joined *joined, enum wlk_type type, enum wlk_group group)
{
    return joined->may[type][group];
}

/* Which groups can reach anybody at all: asked once, for it takes longer than sealing. */
static void learn_what_may(const struct wlk_publisher *publisher, struct joined *joined)
{
    for (int type = 1; type < WLK_TYPE_END; type++)
        for (int group = 1; group < WLK_GROUP_END; group++) {
            struct wlk_path_question path = {.from = joined->self,
                                             .type = (enum wlk_type)type,
                                             .nature = publisher->setup.nature,
                                             .group = (enum wlk_group)group};
            joined->may[type][group] = wlk_rules_may_any(&joined->rules, &path);
        }
}

wlk_status wlk_publish_join(struct wlk_publisher *publisher,
                            const struct wlk_agreement *agreement)
{
    uint8_t self;
    if (!wlk_arrangement_party(&agreement->arrangement, publisher->setup.nation, &self))
        return WLK_NOT_RELEASABLE;
    wlk_publish_leave(publisher, agreement->arrangement.name);
    for (size_t i = 0; i < WLK_ARRANGEMENTS_MAX; i++) {
        struct joined *joined = &publisher->joined[i];
        if (joined->is_used)
            continue;
        memset(joined, 0, sizeof *joined);
        joined->is_used = true;
        joined->self = self;
        joined->agreement = *agreement;
        wlk_rules_make(&agreement->arrangement, &joined->rules);
        learn_what_may(publisher, joined);
        for (size_t k = 0; k < WLK_OBJECTS_MAX; k++)
            memset(&publisher->published[k].told[i], 0, sizeof(struct told));
        return WLK_OK;
    }
    return WLK_FULL;
}

void wlk_publish_leave(struct wlk_publisher *publisher, wlk_name arrangement)
{
    for (size_t i = 0; i < WLK_ARRANGEMENTS_MAX; i++) {
        struct joined *joined = &publisher->joined[i];
        if (joined->is_used && wlk_name_equal(joined->agreement.arrangement.name, arrangement))
            joined->is_used = false;
    }
}

void wlk_publish_heard(struct wlk_publisher *publisher, const struct wlk_header *header,
                       wlk_utc now)
{
    for (size_t i = 0; i < WLK_ARRANGEMENTS_MAX; i++) {
        struct joined *joined = &publisher->joined[i];
        if (joined->is_used && wlk_name_equal(joined->agreement.arrangement.name,
                                              header->lane.arrangement)) {
            wlk_status status = wlk_events_note(&joined->events, header, now);
            (void)status; /* WLK_FULL is counted in events.dropped */
        }
    }
}

bool wlk_publish_event(const struct wlk_publisher *publisher, uint32_t object, wlk_event *out)
{
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++) {
        const struct published *published = &publisher->published[i];
        if (published->is_used && published->object == object && published->has_event) {
            *out = published->event;
            return true;
        }
    }
    return false;
}

static struct published *published_of(struct wlk_publisher *publisher, uint32_t object)
{
    struct published *empty = NULL;
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++) {
        struct published *published = &publisher->published[i];
        if (published->is_used && published->object == object)
            return published;
        if (!published->is_used && !empty)
            empty = published;
    }
    if (empty) {
        memset(empty, 0, sizeof *empty);
        empty->is_used = true;
        empty->object = object;
    }
    return empty;
}

static double clock_error_s(const struct wlk_publisher *publisher)
{
    return (double)publisher->setup.clock_error_ns * 1e-9;
}

/* The other parties, ascending, as the label's releasable-to. */
static void fill_label(const struct wlk_publisher *publisher, const struct joined *joined,
                       struct wlk_label *label)
{
    const struct wlk_arrangement *arrangement = &joined->agreement.arrangement;
    snprintf(label->policy, sizeof label->policy, "%s", arrangement->name.text);
    for (size_t i = 0; i < arrangement->party_count; i++)
        if (!wlk_name_equal(arrangement->party[i], publisher->setup.nation))
            label->releasable[label->releasable_count++] = arrangement->party[i];
}

static void fill_header(const struct wlk_publisher *publisher, const struct joined *joined,
                        const struct errand *errand, struct wlk_header *header)
{
    header->time = errand->now.utc;
    header->has_clock_error = true;
    header->clock_error_ns = publisher->setup.clock_error_ns;
    header->type = errand->type;
    header->nature = publisher->setup.nature;
    fill_label(publisher, joined, &header->label);
    header->has_event = true;
    header->event = errand->object->event;
    header->valid_until = errand->valid_until;
    header->has_region = errand->has_region;
    header->region = errand->region;
    header->group_count = errand->count;
    for (size_t i = 0; i < errand->count; i++) {
        header->group[i].group = errand->group[i];
        header->group[i].classification =
            errand->group[i] == WLK_GROUP_FINE ? WLK_SECRET : WLK_CONFIDENTIAL;
    }
    header->has_replaced = errand->has_replaced;
    header->replaced_generation = errand->replaced_generation;
    header->replaced_seq = errand->replaced_seq;
    header->sensor_nation_count = 1;
    header->sensor_nation[0] = publisher->setup.nation;
    header->has_object = true;
    header->object = errand->number;
    header->has_exercise = publisher->setup.exercise[0] != 0;
    memcpy(header->exercise, publisher->setup.exercise, sizeof header->exercise);
}

static bool held(struct wlk_publisher *publisher, const char *why)
{
    publisher->counts.held++;
    publisher->counts.held_why = why;
    return false;
}

static void trace(struct wlk_publisher *publisher, const struct errand *errand,
                  const struct wlk_lane_head *head)
{
    if (!errand->track || errand->type == WLK_TYPE_TRACK || !errand->is_news)
        return;
    if (publisher->trace_in - publisher->trace_out == TRACES_MAX)
        publisher->trace_out++;
    publisher->trace[publisher->trace_in++ % TRACES_MAX] =
        (struct wlk_trace){.originator = publisher->setup.nation,
                           .lane = head->lane,
                           .seq = head->seq,
                           .read_at = errand->track->read_at};
}

/* Seals one record under one arrangement and hands it to the post. True: it is on its way;
 * then *head is its place in the lane. */
static bool send(struct wlk_publisher *publisher, struct joined *joined,
                 const struct errand *errand, struct wlk_lane_head *head)
{
    const struct wlk_arrangement *arrangement = &joined->agreement.arrangement;
    struct wlk_draft draft = {.content = errand->content};
    uint8_t salt[WLK_GROUPS_MAX][WLK_SALT_SIZE];
    for (size_t i = 0; i < errand->count; i++)
        publisher->setup.salts.draw(publisher->setup.salts.context, salt[i]);
    draft.salt = (const uint8_t(*)[WLK_SALT_SIZE])salt;
    fill_header(publisher, joined, errand, &draft.header);
    struct wlk_egress egress = {
        .arrangement = arrangement,
        .digest = &joined->agreement.digest,
        .is_in_force = true,
        .originator = publisher->setup.nation,
        .key = publisher->setup.key,
        .now = errand->now.utc,
        .clock_error_ns = publisher->setup.clock_error_ns,
        .is_event_open = wlk_events_is_open(&joined->events, &draft.header, errand->now.utc)};
    if (wlk_post_lane(publisher->setup.post, arrangement->name, wlk_type_class(errand->type),
                      publisher->setup.nature, head) != WLK_OK)
        return held(publisher, "no lane for it");
    struct wlk_verdict verdict;
    wlk_status status =
        wlk_release_seal(&egress, &draft, head, publisher->released, &verdict);
    if (status == WLK_NOT_RELEASABLE)
        return held(publisher, wlk_verdict_name(arrangement, &verdict));
    if (status != WLK_OK)
        return held(publisher, "it cannot be sealed");
    status = wlk_post_put(publisher->setup.post, publisher->released, errand->now);
    if (status != WLK_OK && status != WLK_IO) /* WLK_IO: sent, unjournalled, and counted */
        return held(publisher, "the post refused it");
    publisher->counts.sealed++;
    trace(publisher, errand, head);
    wlk_status noted = wlk_events_note(
        &joined->events, wlk_released_header(publisher->released), errand->now.utc);
    (void)noted; /* WLK_FULL is counted in events.dropped */
    return true;
}

static void add_group(struct errand *errand, enum wlk_group group,
                      const union wlk_content *content)
{
    errand->group[errand->count] = group;
    errand->content[errand->count++] = *content;
}

/* Fills the groups of an errand that this arrangement lets out. False: none. */
static bool fill_groups(const struct joined *joined, const struct wlk_forms *forms,
                        struct errand *errand)
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
    if (has_coarse && may(joined, errand->type, WLK_GROUP_COARSE))
        add_group(errand, WLK_GROUP_COARSE, &coarse);
    if (has_fine && may(joined, errand->type, WLK_GROUP_FINE))
        add_group(errand, WLK_GROUP_FINE, &fine);
    return errand->count > 0;
}

static void tell_launch(struct wlk_publisher *publisher, struct joined *joined,
                        struct told *told, struct errand *errand)
{
    const struct wlk_launch_content *finest = &errand->content[errand->count - 1].launch;
    struct wlk_lane_head head;
    if (told->has_launch && !wlk_groups_launch_changed(&told->launch, finest) &&
        wlk_utc_seconds(errand->now.utc, told->launch_at) < LAUNCH_AGAIN_S)
        return;
    errand->has_replaced = told->has_launch;
    errand->replaced_generation = told->launch_generation;
    errand->replaced_seq = told->launch_seq;
    errand->valid_until = wlk_utc_add(errand->now.utc, LAUNCH_VALID_S);
    if (!send(publisher, joined, errand, &head))
        return;
    told->has_launch = true;
    told->launch = *finest;
    told->launch_at = errand->now.utc;
    told->launch_generation = head.lane.generation;
    told->launch_seq = head.seq;
}

static void tell_impact(struct wlk_publisher *publisher, struct joined *joined,
                        struct told *told, struct errand *errand)
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
    if (!send(publisher, joined, errand, &head))
        return;
    told->has_impact = true;
    told->impact = *finest;
    told->impact_generation = head.lane.generation;
    told->impact_seq = head.seq;
}

static void tell_track(struct wlk_publisher *publisher, struct joined *joined,
                       struct told *told, struct errand *errand)
{
    struct wlk_lane_head head;
    bool is_due = told->track_at.ns == 0 ||
                  wlk_utc_seconds(errand->now.utc, told->track_at) >= TRACK_EVERY_S;
    if (!is_due || errand->track->condition == WLK_CONDITION_LOST)
        return;
    errand->has_replaced = false;
    errand->valid_until = wlk_utc_add(errand->now.utc, TRACK_VALID_S);
    if (send(publisher, joined, errand, &head))
        told->track_at = errand->now.utc;
}

/* Launch first, so that a track never overtakes its launch. */
static void tell(struct wlk_publisher *publisher, size_t index, const struct wlk_forms *forms,
                 struct errand *errand)
{
    struct joined *joined = &publisher->joined[index];
    struct told *told = &errand->object->told[index];
    errand->type = WLK_TYPE_LAUNCH;
    if (fill_groups(joined, forms, errand))
        tell_launch(publisher, joined, told, errand);
    if (!told->has_launch)
        return;
    errand->type = WLK_TYPE_IMPACT;
    if (fill_groups(joined, forms, errand))
        tell_impact(publisher, joined, told, errand);
    errand->type = WLK_TYPE_TRACK;
    if (errand->track && fill_groups(joined, forms, errand))
        tell_track(publisher, joined, told, errand);
}

static void ensure_event(struct wlk_publisher *publisher, struct published *object,
                         const wlk_event *event)
{
    if (object->has_event)
        return;
    if (event)
        object->event = *event;
    else
        publisher->setup.salts.draw(publisher->setup.salts.context, object->event.bytes);
    object->has_event = true;
}

void wlk_publish_track(struct wlk_publisher *publisher, const struct wlk_track *track,
                       const wlk_event *event, struct wlk_moment now)
{
    _Static_assert((int)WLK_EVENT_SIZE == (int)WLK_SALT_SIZE, "an event id is one draw");
    if (!track->is_confirmed || !track->has_launch || track->is_ended)
        return;
    struct published *object = published_of(publisher, track->object);
    if (!object) {
        held(publisher, "too many objects");
        return;
    }
    ensure_event(publisher, object, event);
    bool is_news = object->read_at.ns != track->read_at.ns;
    object->read_at = track->read_at;
    struct wlk_forms forms;
    wlk_forms_make(track, clock_error_s(publisher), now.utc, &object->memory, &forms);
    struct errand errand = {.track = track,
                            .object = object,
                            .number = publisher->setup.object_base + track->object,
                            .has_region = true,
                            .region = wlk_region_of(track->launch.point.place),
                            .is_news = is_news,
                            .now = now};
    for (size_t i = 0; i < WLK_ARRANGEMENTS_MAX; i++)
        if (publisher->joined[i].is_used)
            tell(publisher, i, &forms, &errand);
}

void wlk_publish_sighting(struct wlk_publisher *publisher, const struct wlk_sighting *sighting,
                          struct wlk_moment now)
{
    uint32_t number = SIGHTING_BASE + ++publisher->sightings;
    struct published *object = published_of(publisher, number);
    if (!object) {
        held(publisher, "too many objects");
        return;
    }
    ensure_event(publisher, object, NULL);
    double place2 = sighting->place_sigma_m * sighting->place_sigma_m;
    struct wlk_track stand_in = {
        .launch = {.point = {.place = sighting->place,
                             .time = sighting->launch_time,
                             .covariance = {{place2, 0, 0},
                                            {0, place2, 0},
                                            {0, 0, sighting->time_sigma_s *
                                                       sighting->time_sigma_s}}},
                   .status = WLK_LAUNCH_CONFIRMED,
                   .object_count_min = 1,
                   .object_count_max = 1}};
    struct wlk_forms forms;
    wlk_forms_make(&stand_in, clock_error_s(publisher), now.utc, &object->memory, &forms);
    forms.has_track = forms.has_coarse_track = false;
    struct errand errand = {.object = object,
                            .number = publisher->setup.object_base + number,
                            .has_region = true,
                            .region = wlk_region_of(sighting->place),
                            .now = now};
    for (size_t i = 0; i < WLK_ARRANGEMENTS_MAX; i++)
        if (publisher->joined[i].is_used)
            tell(publisher, i, &forms, &errand);
}

void wlk_publish_ended(struct wlk_publisher *publisher, const struct wlk_track *track,
                       struct wlk_moment now)
{
    struct published *object = NULL;
    for (size_t i = 0; i < WLK_OBJECTS_MAX; i++)
        if (publisher->published[i].is_used && publisher->published[i].object == track->object)
            object = &publisher->published[i];
    if (!object)
        return;
    bool is_false = !track->has_impact && !track->has_burnout &&
                    wlk_utc_seconds(track->last_measurement, track->first_plot) < FALSE_TRACK_S;
    for (size_t i = 0; is_false && i < WLK_ARRANGEMENTS_MAX; i++) {
        struct told *told = &object->told[i];
        if (!publisher->joined[i].is_used || !told->has_launch)
            continue;
        struct errand errand = {.type = WLK_TYPE_CANCEL,
                                .object = object,
                                .number = publisher->setup.object_base + track->object,
                                .has_region = true,
                                .region = wlk_region_of(track->launch.point.place),
                                .valid_until = wlk_utc_add(now.utc, LAUNCH_VALID_S),
                                .has_replaced = true,
                                .replaced_generation = told->launch_generation,
                                .replaced_seq = told->launch_seq,
                                .now = now};
        union wlk_content content;
        memset(&content, 0, sizeof content);
        snprintf(content.cancel.reason, sizeof content.cancel.reason,
                 "track lost soon after birth, not seen to burn out");
        add_group(&errand, WLK_GROUP_BODY, &content);
        struct wlk_lane_head head;
        (void)send(publisher, &publisher->joined[i], &errand, &head);
    }
    object->is_used = false;
}

const struct wlk_publish_counts *wlk_publish_count(const struct wlk_publisher *publisher)
{
    return &publisher->counts;
}

bool wlk_publish_trace(struct wlk_publisher *publisher, struct wlk_trace *out)
{
    if (publisher->trace_in == publisher->trace_out)
        return false;
    *out = publisher->trace[publisher->trace_out++ % TRACES_MAX];
    return true;
}
