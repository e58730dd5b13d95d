/* feed.c -- three rings of events in fixed memory.
 * SPDX-License-Identifier: Apache-2.0 */
#include "display/feed.h"

#include "base/assert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 8192, FRAMING_MAX = 96 };
static const size_t STORE_SIZE[WLK_FEED_STORES] = {4u << 20, 2u << 20, 6u << 20};

struct event {
    uint64_t id;
    size_t at, size;
    char kind[WLK_FEED_KIND_SIZE];
    bool is_past; /* a newer one of its kind stands in its place */
};

/* Events first .. end in order of id; their bytes lie in order too, wrapping whole. */
struct store {
    char *bytes;
    size_t room, head;
    uint64_t first, end; /* count up; slot = number % EVENTS_MAX */
    uint64_t lost;       /* id of the newest that has given way */
    struct event event[EVENTS_MAX];
};

struct wlk_feed {
    uint64_t next_id;
    struct store store[WLK_FEED_STORES];
};

_Static_assert((2u << 20) > WLK_FEED_TEXT_MAX + FRAMING_MAX, "each store holds the longest");

wlk_status wlk_feed_open(uint64_t first_id, struct wlk_feed **out)
{
    struct wlk_feed *feed = calloc(1, sizeof *feed);
    if (!feed)
        return WLK_IO;
    feed->next_id = first_id;
    for (int i = 0; i < WLK_FEED_STORES; i++) {
        feed->store[i].room = STORE_SIZE[i];
        feed->store[i].bytes = malloc(STORE_SIZE[i]);
        if (!feed->store[i].bytes) {
            wlk_feed_close(feed);
            return WLK_IO;
        }
    }
    *out = feed;
    return WLK_OK;
}

void wlk_feed_close(struct wlk_feed *feed)
{
    for (int i = 0; feed && i < WLK_FEED_STORES; i++)
        free(feed->store[i].bytes);
    free(feed);
}

static struct event *event_at(const struct store *store, uint64_t number)
{
    return (struct event *)&store->event[number % EVENTS_MAX];
}

/* Gives up what is oldest until size bytes from head on are free. */
static void make_room(struct store *store, size_t size)
{
    if (store->head + size > store->room)
        store->head = 0;
    while (store->first < store->end) {
        const struct event *oldest = event_at(store, store->first);
        bool is_in_the_way = oldest->at < store->head + size &&
                             oldest->at + oldest->size > store->head;
        /* What lies between head and the end of the store goes with a wrap. */
        bool is_behind = store->head == 0 &&
                         oldest->at > event_at(store, store->end - 1)->at;
        if (!is_in_the_way && !is_behind && store->end - store->first < EVENTS_MAX)
            return;
        store->lost = oldest->id;
        store->first++;
    }
}

wlk_status wlk_feed_add(struct wlk_feed *feed, enum wlk_feed_store which, const char *kind,
                        const char *text)
{
    struct store *store = &feed->store[which];
    size_t length = strlen(text), size = length + FRAMING_MAX;
    WLK_ASSERT(strlen(kind) < WLK_FEED_KIND_SIZE);
    if (length > WLK_FEED_TEXT_MAX)
        return WLK_FULL;
    make_room(store, size);
    int wrote = snprintf(store->bytes + store->head, size,
                         "id: %" PRIu64 "\nevent: %s\ndata: %s\n\n", feed->next_id, kind, text);
    WLK_ASSERT(wrote > 0 && (size_t)wrote < size);
    for (uint64_t i = store->end; which == WLK_FEED_NEWEST && i > store->first; i--)
        if (strcmp(event_at(store, i - 1)->kind, kind) == 0) {
            event_at(store, i - 1)->is_past = true;
            break; /* older ones are past already */
        }
    struct event *event = event_at(store, store->end++);
    *event = (struct event){
        .id = feed->next_id++, .at = store->head, .size = (size_t)wrote};
    snprintf(event->kind, sizeof event->kind, "%s", kind);
    store->head += (size_t)wrote;
    return WLK_OK;
}

/* The number in the store of the first event with an id above after; end: none. */
static uint64_t above(const struct store *store, uint64_t after)
{
    uint64_t low = store->first, high = store->end;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (event_at(store, middle)->id > after)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void show(const struct store *store, const struct event *event,
                 struct wlk_feed_event *out)
{
    *out = (struct wlk_feed_event){event->id, store->bytes + event->at, event->size};
}

bool wlk_feed_next(const struct wlk_feed *feed, uint64_t after, struct wlk_feed_event *out)
{
    bool is_found = false;
    for (int i = 0; i < WLK_FEED_STORES; i++) {
        const struct store *store = &feed->store[i];
        uint64_t number = above(store, after);
        while (number < store->end && event_at(store, number)->is_past)
            number++;
        if (number == store->end)
            continue;
        const struct event *event = event_at(store, number);
        if (is_found && event->id > out->id)
            continue;
        show(store, event, out);
        is_found = true;
    }
    return is_found;
}

bool wlk_feed_find(const struct wlk_feed *feed, uint64_t id, struct wlk_feed_event *out)
{
    for (int i = 0; i < WLK_FEED_STORES; i++) {
        const struct store *store = &feed->store[i];
        uint64_t number = id ? above(store, id - 1) : store->end;
        if (number == store->end || event_at(store, number)->id != id)
            continue;
        show(store, event_at(store, number), out);
        return true;
    }
    return false;
}

bool wlk_feed_is_lost(const struct wlk_feed *feed, uint64_t after)
{
    return feed->store[WLK_FEED_KEPT].lost > after;
}

uint64_t wlk_feed_newest(const struct wlk_feed *feed)
{
    return feed->next_id - 1;
}
