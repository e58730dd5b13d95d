/* events.h -- which events are open under one arrangement (DESIGN.md 4, "Event open").
 *
 * An event opens with the first launch record passed, and stays open until the latest
 * valid_until (at most time + 7,200 s) of its passed launch and impact records plus 300 s, or
 * until its last uncancelled launch is cancelled. A newer launch record of the same originator
 * takes the place of its older one. Kept at the hub and, for its own egress, at each node.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_RELEASE_EVENTS_H
#define WLK_RELEASE_EVENTS_H

#include "record/header.h"

struct wlk_declaration {
    bool is_made, is_cancelled;
    wlk_name originator;
    uint64_t generation, seq; /* of the newest launch record */
};

struct wlk_open_event {
    bool is_used;
    wlk_event event;
    enum wlk_nature nature;
    wlk_utc first; /* earliest launch record time */
    wlk_utc until; /* open before this time */
    struct wlk_declaration by[WLK_PARTIES_MAX];
};

/* All zeros: none open. One per arrangement. */
struct wlk_events {
    struct wlk_open_event event[WLK_EVENTS_MAX];
    uint64_t dropped; /* launches that found no room: their tracks will not pass */
};

/* Notes a launch, impact or cancel record that was passed to at least one recipient (at a
 * node: sealed, or received). Other types change nothing. Doubles are harmless.
 * WLK_FULL WLK_EVENTS_MAX events are open; counted in dropped. */
wlk_status wlk_events_note(struct wlk_events *events, const struct wlk_header *header,
                           wlk_utc now) WLK_MUST_USE;

/* Is the event that this header names open in its nature? False without an event. */
bool wlk_events_is_open(const struct wlk_events *events, const struct wlk_header *header,
                        wlk_utc now);

/* How many are open now, and the high-water question of a health page. */
size_t wlk_events_count(const struct wlk_events *events, wlk_utc now);

#endif
