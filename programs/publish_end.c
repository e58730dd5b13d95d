/* publish_end.c -- the end of an own object, and the cancel of what was no launch.
 * SPDX-License-Identifier: Apache-2.0 */
#include "programs/publish_private.h"

#include "release/region.h"

#include <stdio.h>

static const double FALSE_TRACK_S = 30;       /* a shorter one without burnout was no launch */

bool wlk_publish_is_beside(const struct wlk_published *object,
                           const struct wlk_published *other)
{
    return other->is_used && other != object && other->has_event && object->has_event &&
           other->is_shielded == object->is_shielded &&
           memcmp(other->event.bytes, object->event.bytes, sizeof object->event.bytes) == 0;
}

/* Is the object's launch record the newest of its event, and do others stand under it? Then one
 * of them is made due. */
static bool must_wait(struct wlk_publisher *publisher, const struct wlk_published *object,
                      size_t at)
{
    const struct wlk_told *own = &object->told[at];
    struct wlk_told *older = NULL;
    if (!publisher->joined[at].is_used || !own->has_launch)
        return false;
    for (size_t i = 0; i < publisher->published_end; i++) {
        struct wlk_told *other = &publisher->published[i].told[at];
        if (!wlk_publish_is_beside(object, &publisher->published[i]) || !other->has_launch)
            continue;
        if (other->launch_generation > own->launch_generation ||
            (other->launch_generation == own->launch_generation &&
             other->launch_seq > own->launch_seq))
            return false;
        older = other;
    }
    if (older)
        older->launch_at = (wlk_utc){0};
    return older != NULL;
}

static bool end_of(struct wlk_publisher *publisher, const struct wlk_track *track,
                   bool is_shielded, struct wlk_moment now)
{
    struct wlk_published *object = NULL;
    for (size_t i = 0; i < publisher->published_end; i++)
        if (publisher->published[i].is_used &&
            publisher->published[i].object == track->object &&
            publisher->published[i].is_shielded == is_shielded)
            object = &publisher->published[i];
    if (!object)
        return true;
    bool is_false = !track->has_impact && !track->has_burnout &&
                    wlk_utc_seconds(track->last_measurement, track->first_plot) < FALSE_TRACK_S;
    bool is_early = false;
    for (size_t i = 0; is_false && i < WLK_ARRANGEMENTS_MAX; i++)
        is_early |= must_wait(publisher, object, i);
    if (is_early)
        return false;
    for (size_t i = 0; is_false && i < WLK_ARRANGEMENTS_MAX; i++) {
        struct wlk_told *told = &object->told[i];
        if (!publisher->joined[i].is_used || !told->has_launch)
            continue;
        struct wlk_errand errand = {.type = WLK_TYPE_CANCEL,
                                    .event = object->event,
                                    .number =
                                        publisher->errands.setup.object_base + track->object,
                                    .region = wlk_region_of(track->launch.point.place),
                                    .valid_until =
                                        wlk_utc_add(now.utc, WLK_PUBLISH_LAUNCH_VALID_S),
                                    .has_replaced = true,
                                    .replaced_generation = told->launch_generation,
                                    .replaced_seq = told->launch_seq,
                                    .now = now};
        union wlk_content content;
        memset(&content, 0, sizeof content);
        snprintf(content.cancel.reason, sizeof content.cancel.reason,
                 "track lost soon after birth, not seen to burn out");
        wlk_errand_add(&errand, WLK_GROUP_BODY, &content);
        struct wlk_lane_head head;
        (void)wlk_errand_send(&publisher->errands, &publisher->joined[i], &errand, &head);
    }
    object->is_used = false;
    return true;
}

bool wlk_publish_ended(struct wlk_publisher *publisher, const struct wlk_track *track,
                       struct wlk_moment now)
{
    return end_of(publisher, track, false, now);
}

bool wlk_publish_shielded_ended(struct wlk_publisher *publisher, const struct wlk_track *track,
                                struct wlk_moment now)
{
    return end_of(publisher, track, true, now);
}
