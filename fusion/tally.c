/* tally.c -- ordinals and counts.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fusion/tally.h"

#include <string.h>

static const double NAMED_WITHIN_S = 20; /* a new object of an event that others have named */

static bool is_event(const wlk_event *one, const wlk_event *other)
{
    return memcmp(one->bytes, other->bytes, sizeof one->bytes) == 0;
}

void wlk_tally_ordinal(struct wlk_fusion *fusion, struct wlk_source *source)
{
    uint32_t most = 0;
    if (!source->has_event || source->ordinal || !source->state_said.is_there)
        return;
    for (size_t i = 0; i < fusion->source_end; i++) {
        const struct wlk_source *other = &fusion->source[i];
        if (other->kind != WLK_SOURCE_NONE && other->has_event && other->ordinal > most &&
            is_event(&other->event, &source->event) &&
            wlk_name_equal(other->originator, source->originator))
            most = other->ordinal;
    }
    for (size_t i = 0; i < WLK_STORE_ENDED_MAX; i++) {
        const struct wlk_store_ended *other = &fusion->ended[i];
        if (other->ordinal > most && is_event(&other->event, &source->event) &&
            wlk_name_equal(other->originator, source->originator))
            most = other->ordinal;
    }
    source->ordinal = most + 1;
}

/* What the originators of a salvo have told of its size; of each the newest word counts. */
struct size {
    size_t tellers;
    wlk_name teller[WLK_PARTIES_MAX];
    wlk_utc told[WLK_PARTIES_MAX];
    uint32_t least[WLK_PARTIES_MAX], most[WLK_PARTIES_MAX];
};

static void hear_size(const struct wlk_source *source, struct size *size)
{
    size_t at = 0;
    if (!source->launch_said.is_there)
        return;
    while (at < size->tellers && !wlk_name_equal(size->teller[at], source->originator))
        at++;
    if (at == WLK_PARTIES_MAX)
        return;
    /* own words have no record time: the most counts, and they are all of now */
    bool is_newer = at == size->tellers || source->launch_said.time.ns > size->told[at].ns ||
                    (source->launch_said.time.ns == size->told[at].ns &&
                     source->launch.object_count_min > size->least[at]);
    if (at == size->tellers)
        size->teller[size->tellers++] = source->originator;
    if (!is_newer)
        return;
    size->told[at] = source->launch_said.time;
    size->least[at] = source->launch.object_count_min;
    size->most[at] = source->launch.object_count_max;
}

/* How many objects the event of object first has: at least what one originator is sure of, at
 * most as many as stand in the picture, or as one has told. All of them say so. */
static void count_event(struct wlk_fusion *fusion, size_t first)
{
    struct size size = {.tellers = 0};
    const wlk_event *event = &fusion->object[first].last.event;
    uint32_t least = 1, most = 0;
    for (size_t i = first; i < fusion->object_count; i++) {
        const struct wlk_store_object *object = &fusion->object[i];
        if (!object->last.has_event || !is_event(&object->last.event, event))
            continue;
        most += object->last.has_launch;
        for (size_t k = 0; k < object->view.count; k++)
            hear_size(object->view.source[k], &size);
    }
    for (size_t k = 0; k < size.tellers; k++) {
        least = size.least[k] > least ? size.least[k] : least;
        most = size.most[k] > most ? size.most[k] : most;
    }
    for (size_t i = first; i < fusion->object_count; i++) {
        struct wlk_picture_object *last = &fusion->object[i].last;
        if (!last->has_event || !is_event(&last->event, event))
            continue;
        last->launch.object_count_min = least;
        last->launch.object_count_max = most > least ? most : least;
    }
}

void wlk_tally_events(struct wlk_fusion *fusion)
{
    for (size_t i = 0; i < fusion->object_count; i++) {
        bool is_first = fusion->object[i].last.has_event;
        for (size_t k = 0; is_first && k < i; k++)
            is_first = !fusion->object[k].last.has_event ||
                       !is_event(&fusion->object[k].last.event, &fusion->object[i].last.event);
        if (is_first)
            count_event(fusion, i);
    }
}

/* Another nation named objects of the event first, and this new one may be one of them: it is
 * named when it is known which, or that it is none. */
static void hold_name(const struct wlk_fusion *fusion, const struct wlk_store_object *object,
                      struct wlk_picture_object *now)
{
    if (!now->ordinal || object->last.ordinal ||
        wlk_utc_seconds(fusion->now, object->first_seen) > NAMED_WITHIN_S)
        return;
    for (size_t i = 0; i < fusion->source_end; i++) {
        const struct wlk_source *source = &fusion->source[i];
        if (source->kind != WLK_SOURCE_NONE && source->ordinal && source->has_event &&
            source->event_time.ns < now->named_at.ns &&
            !wlk_name_equal(source->originator, now->named_by) &&
            memcmp(source->event.bytes, now->event.bytes, WLK_EVENT_SIZE) == 0) {
            now->ordinal = 0;
            now->named_by = (wlk_name){.text = ""};
            return;
        }
    }
}

/* Has who gave the name been found to mean another object by it? */
static bool is_name_gone(const struct wlk_fusion *fusion,
                         const struct wlk_picture_object *before)
{
    for (size_t i = 0; i < fusion->source_end; i++) {
        const struct wlk_source *source = &fusion->source[i];
        if (source->kind != WLK_SOURCE_NONE && source->ordinal == before->ordinal &&
            source->number != before->number &&
            wlk_name_equal(source->originator, before->named_by) && source->has_event &&
            memcmp(source->event.bytes, before->event.bytes, WLK_EVENT_SIZE) == 0)
            return true;
    }
    return false;
}

/* The first name under its event stays, also when who gave it has lost the object. */
static void keep_name(const struct wlk_fusion *fusion, const struct wlk_picture_object *before,
                      struct wlk_picture_object *now)
{
    bool is_same_event = before->ordinal && now->has_event &&
                         memcmp(before->event.bytes, now->event.bytes, WLK_EVENT_SIZE) == 0;
    if (!is_same_event || (now->ordinal && now->named_at.ns < before->named_at.ns) ||
        is_name_gone(fusion, before))
        return;
    now->named_by = before->named_by;
    now->ordinal = before->ordinal;
    now->named_at = before->named_at;
}

void wlk_tally_name(const struct wlk_fusion *fusion, const struct wlk_store_object *object,
                    struct wlk_picture_object *now)
{
    keep_name(fusion, &object->last, now);
    hold_name(fusion, object, now);
}
