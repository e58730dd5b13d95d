/* events.c -- opens, extends and closes events.
 * SPDX-License-Identifier: Apache-2.0 */
#include "release/events.h"

/* "until the latest valid_until (at most time + 7,200 s) of its passed launch and impact
 * records plus 300 s" (DESIGN.md 4). */
static const int64_t VALID_NS_MAX = INT64_C(7200000000000);
static const int64_t AFTER_NS = INT64_C(300000000000);

static struct wlk_open_event *find(struct wlk_events *events, const struct wlk_header *header)
{
    for (size_t i = 0; i < WLK_EVENTS_MAX; i++) {
        struct wlk_open_event *event = &events->event[i];
        if (event->is_used && event->nature == header->nature &&
            memcmp(event->event.bytes, header->event.bytes, WLK_EVENT_SIZE) == 0)
            return event;
    }
    return NULL;
}

static bool is_declared(const struct wlk_open_event *event)
{
    for (size_t i = 0; i < WLK_PARTIES_MAX; i++)
        if (event->by[i].is_made && !event->by[i].is_cancelled)
            return true;
    return false;
}

static bool is_open(const struct wlk_open_event *event, wlk_utc now)
{
    return event->is_used && now.ns < event->until.ns && is_declared(event);
}

/* A free place, or one whose term is over. A cancelled event keeps its place for its term, so
 * that a double of its launch cannot open it again. */
static struct wlk_open_event *take_place(struct wlk_events *events, wlk_utc now)
{
    for (size_t i = 0; i < WLK_EVENTS_MAX; i++)
        if (!events->event[i].is_used || now.ns >= events->event[i].until.ns) {
            memset(&events->event[i], 0, sizeof events->event[i]);
            return &events->event[i];
        }
    return NULL;
}

static struct wlk_declaration *declaration_of(struct wlk_open_event *event, wlk_name originator)
{
    for (size_t i = 0; i < WLK_PARTIES_MAX; i++) {
        struct wlk_declaration *by = &event->by[i];
        if (!by->is_made || wlk_name_equal(by->originator, originator))
            return by;
    }
    return NULL;
}

static void extend(struct wlk_open_event *event, const struct wlk_header *header)
{
    int64_t valid_ns = header->valid_until.ns;
    if (valid_ns - header->time.ns > VALID_NS_MAX)
        valid_ns = header->time.ns + VALID_NS_MAX;
    if (valid_ns + AFTER_NS > event->until.ns)
        event->until.ns = valid_ns + AFTER_NS;
}

static bool is_newer(const struct wlk_header *header, const struct wlk_declaration *by)
{
    return header->lane.generation > by->generation ||
           (header->lane.generation == by->generation && header->seq > by->seq);
}

static void declare(struct wlk_open_event *event, const struct wlk_header *header)
{
    struct wlk_declaration *by = declaration_of(event, header->originator);
    if (!by)
        return;
    if (!by->is_made || is_newer(header, by))
        *by = (struct wlk_declaration){.is_made = true,
                                       .originator = header->originator,
                                       .generation = header->lane.generation,
                                       .seq = header->seq};
    if (header->time.ns < event->first.ns)
        event->first = header->time;
}

static wlk_status note_launch(struct wlk_events *events, const struct wlk_header *header,
                              wlk_utc now)
{
    struct wlk_open_event *event = find(events, header);
    if (!event) {
        event = take_place(events, now);
        if (!event) {
            events->dropped++;
            return WLK_FULL;
        }
        event->is_used = true;
        event->event = header->event;
        event->nature = header->nature;
        event->first = header->time;
    }
    declare(event, header);
    extend(event, header);
    return WLK_OK;
}

/* The cancelled record counts only while it is its originator's newest launch: a cancel that
 * names an impact, or a launch replaced since, closes nothing. */
static void note_cancel(struct wlk_events *events, const struct wlk_header *header)
{
    for (size_t i = 0; i < WLK_EVENTS_MAX; i++) {
        struct wlk_open_event *event = &events->event[i];
        if (!event->is_used || event->nature != header->nature)
            continue;
        for (size_t k = 0; k < WLK_PARTIES_MAX; k++) {
            struct wlk_declaration *by = &event->by[k];
            if (by->is_made && wlk_name_equal(by->originator, header->originator) &&
                by->generation == header->replaced_generation &&
                by->seq == header->replaced_seq)
                by->is_cancelled = true;
        }
    }
}

wlk_status wlk_events_note(struct wlk_events *events, const struct wlk_header *header,
                           wlk_utc now)
{
    if (header->type == WLK_TYPE_LAUNCH && header->has_event)
        return note_launch(events, header, now);
    if (header->type == WLK_TYPE_IMPACT && header->has_event) {
        struct wlk_open_event *event = find(events, header);
        if (event)
            extend(event, header);
    }
    if (header->type == WLK_TYPE_CANCEL && header->has_replaced)
        note_cancel(events, header);
    return WLK_OK;
}

bool wlk_events_is_open(const struct wlk_events *events, const struct wlk_header *header,
                        wlk_utc now)
{
    if (!header->has_event)
        return false;
    for (size_t i = 0; i < WLK_EVENTS_MAX; i++)
        if (is_open(&events->event[i], now) && events->event[i].nature == header->nature &&
            memcmp(events->event[i].event.bytes, header->event.bytes, WLK_EVENT_SIZE) == 0)
            return true;
    return false;
}

size_t wlk_events_count(const struct wlk_events *events, wlk_utc now)
{
    size_t count = 0;
    for (size_t i = 0; i < WLK_EVENTS_MAX; i++)
        count += is_open(&events->event[i], now);
    return count;
}
