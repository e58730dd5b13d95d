/* alert.c -- the life of the warnings of each object.
 *
 *            declared, heading known         impact believed
 *   QUIET ------------------------> LAUNCH ------------------> COVER
 *     ^                               |                          |  end seen: PASSED,
 *     |                               |  track lost: CORRECTION  |  IMPACTED, FELL_OUTSIDE
 *     |                               v                          v
 *     +---- all-clear, cancelled --- LOST <------------------> OVER
 *
 * An area is raised at one probability and let go below a lower one, after some time, and
 * only while the object is measured: what is not seen is not over.
 * SPDX-License-Identifier: Apache-2.0 */
#include "warning/alert.h"

#include "earth/geodesic.h"
#include "warning/chain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OBJECTS_A_TURN = 4 };               /* some ms at most, also in a raid */
static const double ASSESS_EVERY_S = 0.25; /* an unchanged object is not looked at sooner */

/* Probability of having fallen in an area from which it is told so; between this and
 * policy.direct_on nothing is told of the end (assumption). */
static const double FELL_IN_MIN = 0.5;

wlk_status wlk_alert_open(const struct wlk_alert_setup *setup, struct wlk_alerts **out)
{
    struct wlk_alerts *alerts = calloc(1, sizeof *alerts);
    if (!alerts)
        return WLK_IO;
    alerts->setup = *setup;
    alerts->next_number = 1;
    wlk_assess_neighbours(setup, alerts->near);
    *out = alerts;
    return WLK_OK;
}

void wlk_alert_close(struct wlk_alerts *alerts)
{
    free(alerts);
}

/* What the next warning says of the object, kept in the head of the chain. */
static void note_object(struct wlk_chain *chain, const struct wlk_picture_object *object,
                        const struct wlk_assessment *assessment)
{
    struct wlk_warning *head = &chain->current;
    head->has_event = object->has_event;
    head->event = object->event;
    head->has_launch = object->has_launch;
    head->launch = object->launch.point;
    head->has_heading = object->has_heading;
    head->heading_rad = object->heading_rad;
    head->is_predicted = !assessment->is_measured;
    head->track_s = object->track_s;
    chain->launched_at = object->has_launch ? object->launch.point.time : object->first_seen;
    chain->last_measurement = object->last_measurement;
    head->lost_at_s = object->has_state || object->has_impact
                          ? wlk_utc_seconds(object->last_measurement, chain->launched_at)
                          : 0;
    chain->phase = object->has_state ? object->state.phase : WLK_PHASE_BOOST;
    if (assessment->has_impact) {
        chain->has_impact = true;
        chain->impact = object->impact;
        chain->is_at_sea = assessment->is_at_sea;
        chain->is_inside_200nm = assessment->is_inside_200nm;
        chain->is_firm = assessment->is_firm;
    }
}

static const struct wlk_warning_area *find(const struct wlk_exposure *wanted, size_t area)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (wanted->area[i].area == area)
            return &wanted->area[i];
    return NULL;
}

struct changes {
    size_t raised, dropped, dropped_aside, aside, set_aside, warned, flown_over, land;
};

/* Brings one area up to date. */
static void watch(const struct wlk_alerts *alerts, struct wlk_chain *chain, size_t area,
                  wlk_utc now, struct changes *changes)
{
    const struct wlk_alert_policy *policy = &alerts->setup.policy;
    const struct wlk_assessment *seen = &alerts->assessment;
    const struct wlk_warning_area *wanted = find(&seen->wanted, area);
    struct wlk_ward *ward = &chain->ward[area];
    if (wanted && (wlk_assess_raises(policy, wanted) ||
                   (ward->is_warned && wlk_assess_keeps(policy, wanted)))) {
        changes->raised += !ward->is_warned || ward->is_aside;
        ward->is_warned = ward->was_warned = true;
        ward->is_aside = false;
        ward->newest = *wanted;
        ward->safe_since.ns = 0;
        return;
    }
    if (!ward->is_warned || !seen->is_measured || !seen->is_told)
        return; /* what is not seen is not over */
    if (ward->newest.reason == WLK_AREA_OVERFLOWN && chain->stage == WLK_CHAIN_COVER &&
        seen->has_ground && !ward->is_flown_over)
        ward->is_flown_over =
            ward->newest.earliest.ns <= now.ns &&
            !wlk_area_is_within(alerts->setup.areas_view, area, seen->ground, policy->passed_m);
    if (ward->safe_since.ns == 0)
        ward->safe_since = now;
    bool is_over_there = ward->newest.reason == WLK_AREA_OVERFLOWN &&
                         ward->newest.earliest.ns <= now.ns && chain->stage == WLK_CHAIN_COVER;
    if (!is_over_there && wlk_utc_seconds(now, ward->safe_since) >= policy->drop_after_s) {
        changes->dropped++;
        changes->dropped_aside += ward->is_aside;
        ward->is_warned = ward->is_aside = false;
    }
}

static struct changes watch_all(struct wlk_alerts *alerts, struct wlk_chain *chain, wlk_utc now)
{
    const struct wlk_assessment *seen = &alerts->assessment;
    struct changes changes = {.raised = 0};
    struct wlk_ward *sea = (&chain->ward[WLK_AREAS_MAX]);
    for (size_t i = 0; i < alerts->setup.areas_view->count; i++) {
        watch(alerts, chain, i, now, &changes);
        changes.land += chain->ward[i].is_warned && !chain->ward[i].is_aside;
        changes.aside += chain->ward[i].is_aside;
        changes.flown_over += chain->ward[i].is_warned && chain->ward[i].is_flown_over;
    }
    wlk_utc earliest =
        seen->has_impact
            ? wlk_utc_add(chain->impact.point.time,
                          -WLK_CHAIN_LATE_SIGMAS * sqrt(chain->impact.point.covariance[2][2]))
            : now;
    if (seen->warns_sea) {
        changes.raised += !sea->is_warned;
        sea->is_warned = sea->was_warned = true;
        sea->newest = (struct wlk_warning_area){WLK_AREA_SEA, WLK_AREA_DIRECT, 1, earliest};
    } /* once told, ships are told the end too: the coast is no border to an ellipse */
    changes.warned = changes.land + changes.aside + sea->is_warned;
    return changes;
}

/* Further than what one would act on, and than the errors explain. */
static bool has_moved(const struct wlk_alert_policy *policy, const struct wlk_chain *chain)
{
    const struct wlk_warning *told = &chain->current;
    const double(*c)[3] = chain->impact.point.covariance;
    if (!chain->has_impact || !told->has_impact)
        return chain->has_impact;
    double error_m = wlk_ellipse_from_covariance(c[0][0], c[0][1], c[1][1], 0.95).major_m;
    double error_s = 2 * sqrt(c[2][2]);
    return wlk_geodesic_between(told->impact.point.place, chain->impact.point.place)
                   .distance_m > policy->move_m + error_m ||
           fabs(wlk_utc_seconds(told->impact.point.time, chain->impact.point.time)) >
               policy->move_s + error_s;
}

/* At the change to take-cover: those warned of the launch that are not in danger now. They are
 * not told to take cover, and not let go before some time: a burnout may be a staging. */
static void set_aside(struct wlk_chain *chain, struct changes *changes)
{
    for (size_t i = 0; i < WLK_AREAS_MAX; i++) {
        struct wlk_ward *ward = &chain->ward[i];
        if (!ward->is_warned || ward->safe_since.ns == 0)
            continue;
        ward->is_aside = true;
        changes->set_aside++;
    }
}

static void follow(struct wlk_alerts *alerts, struct wlk_chain *chain, wlk_utc now)
{
    const struct wlk_alert_policy *policy = &alerts->setup.policy;
    struct changes changes = watch_all(alerts, chain, now);
    uint32_t replaces = chain->current.number;
    wlk_utc replaces_time = chain->current.time;
    bool is_impact = alerts->assessment.has_impact;
    enum wlk_chain_stage stage = is_impact                         ? WLK_CHAIN_COVER
                                 : chain->stage == WLK_CHAIN_COVER ? WLK_CHAIN_COVER
                                                                   : WLK_CHAIN_LAUNCH;
    bool is_late = wlk_utc_seconds(now, chain->current.time) >= policy->update_after_s;
    if (changes.warned == 0 && replaces != 0 && changes.dropped > 0) {
        wlk_chain_tell_last(alerts, chain, WLK_WARNING_ALL_CLEAR, WLK_CORRECTION_NONE, now);
        chain->stage = WLK_CHAIN_QUIET; /* it flies on: it may yet come to be warned of */
        return;
    }
    if (changes.land > 0 && changes.land == changes.flown_over) {
        wlk_chain_tell_passed(alerts, chain, now);
        return;
    }
    bool says_more = changes.raised > 0 || changes.dropped > changes.dropped_aside ||
                     stage != chain->stage || (is_late && has_moved(policy, chain));
    bool takes_cover = stage == WLK_CHAIN_COVER;
    if (takes_cover && chain->stage == WLK_CHAIN_LAUNCH)
        set_aside(chain, &changes);
    chain->stage = stage;
    if (changes.warned > 0 && says_more)
        wlk_chain_tell_next(alerts, chain,
                            takes_cover ? WLK_WARNING_TAKE_COVER : WLK_WARNING_LAUNCH,
                            WLK_CHAIN_WARNED, now);
    if (changes.set_aside > 0)
        wlk_chain_tell_aside(alerts, chain, replaces, replaces_time, now);
    if (changes.dropped_aside > 0)
        wlk_chain_tell_dropped(alerts, chain, chain->aside_number, chain->aside_time, now);
    else if (changes.dropped > 0)
        wlk_chain_tell_dropped(alerts, chain, replaces, replaces_time, now);
}

/* The impact time has gone by: what may be said of the end? */
static void finish(struct wlk_alerts *alerts, struct wlk_chain *chain, wlk_utc now)
{
    const struct wlk_alert_policy *policy = &alerts->setup.policy;
    bool is_seen =
        chain->is_firm &&
        wlk_utc_seconds(chain->impact.point.time, chain->last_measurement) <= policy->recent_s;
    double inside = 0; /* probability that it fell in one of the areas */
    for (size_t i = 0; i < alerts->setup.areas_view->count; i++)
        if (chain->ward[i].is_warned && chain->ward[i].newest.reason == WLK_AREA_DIRECT)
            inside += chain->ward[i].newest.probability;
    bool is_in = inside >= FELL_IN_MIN;
    if (!is_seen || (!is_in && inside > policy->direct_on)) {
        wlk_chain_tell_lost(alerts, chain, now);
        return;
    }
    chain->stage = WLK_CHAIN_OVER;
    chain->clear_at = wlk_utc_add(now, policy->clear_after_s);
    wlk_chain_tell_next(alerts, chain, is_in ? WLK_WARNING_IMPACTED : WLK_WARNING_FELL_OUTSIDE,
                        is_in ? WLK_CHAIN_WARNED : WLK_CHAIN_EVER, now);
}

/* Not measured for too long, and no end near enough to be counted on. */
static bool is_lost(const struct wlk_alert_policy *policy, const struct wlk_chain *chain,
                    wlk_utc now, bool has_ended)
{
    bool sees_end =
        chain->has_impact && chain->is_firm &&
        wlk_utc_seconds(chain->impact.point.time, chain->last_measurement) <= policy->recent_s;
    if (sees_end)
        return false;
    return has_ended || wlk_utc_seconds(now, chain->last_measurement) >= policy->lost_after_s;
}

static bool is_past_impact(const struct wlk_chain *chain, wlk_utc now)
{
    return chain->has_impact &&
           wlk_utc_seconds(now, chain->impact.point.time) >=
               WLK_CHAIN_LATE_SIGMAS * sqrt(chain->impact.point.covariance[2][2]);
}

/* Goes on with a chain whose object is in the picture. */
static void step_object(struct wlk_alerts *alerts, struct wlk_chain *chain,
                        const struct wlk_picture_object *object, const struct wlk_path *path,
                        wlk_utc now)
{
    const struct wlk_alert_policy *policy = &alerts->setup.policy;
    struct wlk_assessment *seen = &alerts->assessment;
    bool is_told = chain->current.number != 0;
    chain->has_ended = object->is_ended;
    if (!object->is_declared) {
        if (is_told && chain->stage != WLK_CHAIN_OVER)
            wlk_chain_tell_last(alerts, chain, WLK_WARNING_CORRECTION, WLK_CORRECTION_CANCELLED,
                                now);
        return;
    }
    wlk_assess(&alerts->setup, alerts->near, object, path, seen);
    if (chain->stage == WLK_CHAIN_OVER || chain->stage == WLK_CHAIN_DONE)
        return;
    note_object(chain, object, seen);
    chain->assessed_at = now;
    if (is_told && chain->stage != WLK_CHAIN_LOST && is_past_impact(chain, now)) {
        finish(alerts, chain, now);
        return;
    }
    bool has_track = object->has_state || object->has_impact;
    if (is_told && (has_track || object->is_ended) &&
        is_lost(policy, chain, now, object->is_ended)) {
        if (chain->stage != WLK_CHAIN_LOST)
            wlk_chain_tell_lost(alerts, chain, now);
        return;
    }
    if (chain->stage == WLK_CHAIN_LOST && !seen->is_measured)
        return;
    if (seen->is_told && !object->is_ended &&
        (is_told || object->condition != WLK_CONDITION_LOST || !has_track))
        follow(alerts, chain, now);
}

/* Goes on with a chain whose object has left the picture. */
static void step_alone(struct wlk_alerts *alerts, struct wlk_chain *chain, wlk_utc now)
{
    if (chain->current.number == 0)
        memset(chain, 0, sizeof *chain);
    else if (chain->stage == WLK_CHAIN_OVER || chain->stage == WLK_CHAIN_LOST) {
        if (now.ns >= chain->clear_at.ns)
            wlk_chain_tell_last(alerts, chain, WLK_WARNING_ALL_CLEAR, WLK_CORRECTION_NONE, now);
    } else if (is_past_impact(chain, now))
        finish(alerts, chain, now);
    else if (!chain->is_seen && !chain->has_ended)
        wlk_chain_tell_last(alerts, chain, WLK_WARNING_CORRECTION, WLK_CORRECTION_DOUBLE, now);
}

static struct wlk_chain *chain_of(struct wlk_alerts *alerts,
                                  const struct wlk_picture_object *object)
{
    struct wlk_chain *unused = NULL;
    for (size_t i = 0; i < alerts->chain_end; i++) {
        if (alerts->chain[i].object == object->number)
            return &alerts->chain[i];
        if (alerts->chain[i].object == 0 && !unused)
            unused = &alerts->chain[i];
    }
    if (!object->is_declared || object->is_ended)
        return NULL; /* nothing to say of it */
    if (!unused && alerts->chain_end < WLK_OBJECTS_MAX)
        unused = &alerts->chain[alerts->chain_end++];
    if (unused)
        unused->object = object->number;
    return unused;
}

static bool may_wait(const struct wlk_chain *chain, const struct wlk_picture_object *object,
                     wlk_utc now)
{
    enum wlk_phase phase = object->has_state ? object->state.phase : WLK_PHASE_BOOST;
    return object->is_declared && !object->is_ended && phase == chain->phase &&
           object->has_impact == chain->has_impact &&
           wlk_utc_seconds(now, chain->assessed_at) < ASSESS_EVERY_S;
}

/* Declared moments ago while an older one flies: it may prove to be the same (a partner's node
 * that has just restarted declares anew), and who is in danger has been told of the older. */
static bool may_be_double(const struct wlk_alert_policy *policy,
                          const struct wlk_picture *picture, size_t index, wlk_utc now)
{
    const struct wlk_picture_object *object = &picture->object[index];
    if (wlk_utc_seconds(now, object->declared_at) >= policy->second_s)
        return false;
    for (size_t i = 0; i < picture->count; i++) {
        const struct wlk_picture_object *other = &picture->object[i];
        if (i != index && other->is_declared && !other->is_ended &&
            other->declared_at.ns < object->declared_at.ns)
            return true;
    }
    return false;
}

/* The chains whose objects the picture shows no more, or that are through. */
static void step_rest(struct wlk_alerts *alerts, wlk_utc now)
{
    for (size_t i = 0; i < alerts->chain_end; i++) {
        struct wlk_chain *chain = &alerts->chain[i];
        bool is_settled = chain->stage == WLK_CHAIN_OVER || chain->stage == WLK_CHAIN_LOST;
        if (chain->object != 0 && (!chain->is_seen || is_settled) &&
            alerts->queue_count + WLK_CHAIN_STEP_MAX <= WLK_CHAIN_QUEUE_MAX)
            step_alone(alerts, chain, now);
    }
    while (alerts->chain_end > 0 && alerts->chain[alerts->chain_end - 1].object == 0)
        alerts->chain_end--;
}

size_t wlk_alert_step(struct wlk_alerts *alerts, const struct wlk_picture *picture,
                      const struct wlk_path paths[], size_t *cursor, wlk_utc now,
                      struct wlk_warning out[], size_t room)
{
    size_t told = wlk_chain_take(alerts, out, room), first = *cursor;
    for (size_t i = 0; first == 0 && i < alerts->chain_end; i++)
        alerts->chain[i].is_seen = false;
    for (; *cursor < picture->count && *cursor - first < OBJECTS_A_TURN; ++*cursor) {
        size_t i = *cursor;
        struct wlk_chain *chain = chain_of(alerts, &picture->object[i]);
        if (!chain)
            continue;
        chain->is_seen = true;
        if (chain->current.number == 0 &&
            may_be_double(&alerts->setup.policy, picture, i, now))
            continue;
        if (!may_wait(chain, &picture->object[i], now) &&
            alerts->queue_count + WLK_CHAIN_STEP_MAX <= WLK_CHAIN_QUEUE_MAX)
            step_object(alerts, chain, &picture->object[i], paths ? &paths[i] : NULL, now);
    }
    if (*cursor == picture->count)
        step_rest(alerts, now);
    return told + wlk_chain_take(alerts, out + told, room - told);
}

uint32_t *wlk_alert_number(struct wlk_alerts *alerts)
{
    return &alerts->next_number;
}

wlk_status wlk_alert_current(const struct wlk_alerts *alerts, uint32_t object,
                             struct wlk_warning *out)
{
    for (size_t i = 0; i < alerts->chain_end; i++)
        if (alerts->chain[i].object == object && alerts->chain[i].current.number != 0) {
            *out = alerts->chain[i].current;
            return WLK_OK;
        }
    return WLK_NOT_YET;
}
