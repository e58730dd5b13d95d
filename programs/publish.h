/* publish.h -- what a nation tells its partners of its own tracks: which record, under which
 * arrangement, when.
 *
 *   own track -> release/groups (coarse, fine) -> release/release (asks the guard's own
 *   question, seals) -> exchange/post (journals, sends)
 *
 * A launch is told once the track is confirmed, again when it moved by more than its
 * quantisation, and at least every 110 s while the event is open; an impact when it changed; a
 * track once a second. Own-only: nothing here ever sees a partner's record, except that its
 * events are known. Read by: programs/nation.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_PUBLISH_H
#define WLK_PROGRAMS_PUBLISH_H

#include "exchange/post.h"
#include "record/plot.h"
#include "record/track.h"
#include "release/force.h"

struct wlk_publisher;

struct wlk_publish_setup {
    wlk_name nation;
    enum wlk_nature nature;
    char exercise[WLK_TEXT_SIZE];
    const struct wlk_secret_key *key; /* must outlive the publisher */
    struct wlk_salts salts;
    struct wlk_post *post;            /* stays the caller's */
    uint64_t clock_error_ns;
    uint32_t object_base;             /* added to track.object, so that a restarted node
                                         never uses a number twice */
};

/* WLK_IO no memory. */
wlk_status wlk_publish_open(const struct wlk_publish_setup *setup,
                            struct wlk_publisher **out) WLK_MUST_USE;
void wlk_publish_close(struct wlk_publisher *publisher); /* NULL is allowed */

/* Begins to publish under an arrangement that is in force (copied), or ends it.
 * WLK_FULL WLK_ARRANGEMENTS_MAX; WLK_NOT_RELEASABLE this nation is no party. */
wlk_status wlk_publish_join(struct wlk_publisher *publisher,
                            const struct wlk_agreement *agreement) WLK_MUST_USE;
void wlk_publish_leave(struct wlk_publisher *publisher, wlk_name arrangement);

/* A partner's verified record: its events are open here too. */
void wlk_publish_heard(struct wlk_publisher *publisher, const struct wlk_header *header,
                       wlk_utc now);

/* The event an own object is published under; false: none yet. */
bool wlk_publish_event(const struct wlk_publisher *publisher, uint32_t object, wlk_event *out);

/* Tells partners what is new of a track. event: the launch it belongs to in the picture, if
 * known; else the publisher draws a new one at the first launch record. */
void wlk_publish_track(struct wlk_publisher *publisher, const struct wlk_track *track,
                       const wlk_event *event, struct wlk_moment now);

/* The same for a track of the release tracker (tracking/shield), once in each slot: it goes to
 * arrangements that have shielded groups from this nation, and wlk_publish_track to the
 * others. now.utc: the public time of the slot. */
void wlk_publish_shielded(struct wlk_publisher *publisher, const struct wlk_track *track,
                          const wlk_event *event, struct wlk_moment now);
bool wlk_publish_shielded_ended(struct wlk_publisher *publisher, const struct wlk_track *track,
                                struct wlk_moment now) WLK_MUST_USE;

/* Does any arrangement that is joined have shielded groups from this nation? */
bool wlk_publish_is_shielded(const struct wlk_publisher *publisher);

/* The same for an infrared sighting: a launch record of its own, status CONFIRMED. event: that
 * of a launch near it; NULL: none. */
void wlk_publish_sighting(struct wlk_publisher *publisher, const struct wlk_sighting *sighting,
                          const wlk_event *event, struct wlk_moment now);

/* The track has ended; a launch that was told and proved false is cancelled. False: not yet,
 * call again. A cancel of the newest launch record of an event closes it; where other objects
 * stand under it, one of these is told again first. */
bool wlk_publish_ended(struct wlk_publisher *publisher, const struct wlk_track *track,
                       struct wlk_moment now) WLK_MUST_USE;

/* One launch or impact record on its way. */
struct wlk_trace {
    wlk_name originator;
    struct wlk_lane lane;
    uint64_t seq;
    wlk_mono read_at;
};

/* The next record that was sealed because of a plot; false: none. Keeps the newest 256. */
bool wlk_publish_trace(struct wlk_publisher *publisher, struct wlk_trace *out);

struct wlk_publish_counts {
    uint64_t sealed;
    uint64_t held; /* could not be sealed or put */
    const char *held_why; /* of the last one held; a constant string */
};

/* What happened so far; alive as long as the publisher. */
const struct wlk_publish_counts *wlk_publish_count(const struct wlk_publisher *publisher);

#endif
