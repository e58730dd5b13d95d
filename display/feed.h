/* feed.h -- what the display was told, numbered, so that a page which lost its connection goes
 * on where it stopped.
 *
 * Three stores of fixed size. Kept: what happened (entries, warnings), all of it as far back
 * as there is room. Trail: where objects were. Newest: states (picture, alarms, health), of
 * which only the newest of each kind counts. Numbers rise over all three.
 * Read by: display/server.c, programs/serve.c. Held by: display_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_DISPLAY_FEED_H
#define WLK_DISPLAY_FEED_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wlk_feed;

enum wlk_feed_store { WLK_FEED_KEPT = 0, WLK_FEED_TRAIL, WLK_FEED_NEWEST, WLK_FEED_STORES };

enum {
    WLK_FEED_KIND_SIZE = 12,         /* "picture" and so on, with NUL */
    WLK_FEED_TEXT_MAX = 1024 * 1024, /* bytes of one event: 512 objects take 0.6 MiB */
};

/* One event in the form of server-sent events [HTML, 9.2.6], a view into the feed. */
struct wlk_feed_event {
    uint64_t id;
    const char *frame; /* "id: 7\nevent: entry\ndata: {...}\n\n" */
    size_t size;
};

/* first_id: the number of the first event, 1 or more; so that a restarted node does not
 * repeat numbers. WLK_IO no memory (about 12 MiB). */
wlk_status wlk_feed_open(uint64_t first_id, struct wlk_feed **out) WLK_MUST_USE;
void wlk_feed_close(struct wlk_feed *feed); /* NULL is allowed */

/* Adds an event: one line of JSON. What is oldest in that store gives way.
 * WLK_FULL it is longer than WLK_FEED_TEXT_MAX; counted by the caller. */
wlk_status wlk_feed_add(struct wlk_feed *feed, enum wlk_feed_store store, const char *kind,
                        const char *text) WLK_MUST_USE;

/* The oldest event with a number above after that still counts. False: none. */
bool wlk_feed_next(const struct wlk_feed *feed, uint64_t after, struct wlk_feed_event *out);

/* The event with this number, counting or not. False: it has given way. */
bool wlk_feed_find(const struct wlk_feed *feed, uint64_t id, struct wlk_feed_event *out);

/* Has something of kept given way with a number above after (and below what is there)? Then a
 * page that stopped there has lost events and must begin anew. */
bool wlk_feed_is_lost(const struct wlk_feed *feed, uint64_t after);

/* The number of the newest event; first_id - 1 if there is none. */
uint64_t wlk_feed_newest(const struct wlk_feed *feed);

#endif
