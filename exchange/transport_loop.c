/* transport_loop.c -- frames in memory on a virtual clock.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/transport_loop.h"

#include "base/assert.h"
#include "base/random.h"
#include "exchange/frame.h"

#include <stdlib.h>
#include <string.h>

enum { WAY_SIZE = 4 * WLK_FRAME_SIZE_MAX };

struct due {
    int64_t at_ns;
    uint64_t size; /* of the frame behind it */
};

/* One direction: [due][frame] one behind the other, in order. */
struct way {
    size_t at, end; /* unread bytes of bytes[] */
    int64_t newest_ns;
    uint8_t bytes[WAY_SIZE];
};

struct end {
    struct wlk_transport face; /* first */
    struct wlk_loopback *loopback;
    bool is_held, is_cut, is_dark;
    struct end *peer;
    struct wlk_loopback_path path; /* of what this end sends */
    struct way in; /* towards this end */
};

struct wlk_loopback {
    struct wlk_loopback_options options;
    struct wlk_random random;
    int64_t now_ns;
    struct end *end; /* two for each connection, side by side */
};

static struct end *of(struct wlk_transport *transport)
{
    return (struct end *)transport;
}

static bool loop_has_room(const struct wlk_transport *transport)
{
    const struct end *end = (const struct end *)transport;
    const struct way *way = &end->peer->in;
    return sizeof way->bytes - (way->end - way->at) >=
           WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX + sizeof(struct due);
}

static enum wlk_transport_state loop_state(struct wlk_transport *transport)
{
    return of(transport)->is_cut ? WLK_TRANSPORT_CLOSED : WLK_TRANSPORT_OPEN;
}

static int64_t draw_delay_ns(struct wlk_loopback *loopback,
                             const struct wlk_loopback_path *path)
{
    int64_t delay_ns = path->delay_ns;
    if (path->jitter_ns > 0)
        delay_ns +=
            (int64_t)wlk_random_below(&loopback->random, (uint64_t)path->jitter_ns + 1);
    if (path->loss > 0 && wlk_random_uniform(&loopback->random) < path->loss)
        delay_ns += path->resend_ns;
    return delay_ns;
}

static wlk_status loop_send(struct wlk_transport *transport, const uint8_t *bytes, size_t size)
{
    struct end *end = of(transport);
    struct way *way = &end->peer->in;
    struct due due = {0, size};
    if (end->is_cut)
        return WLK_IO;
    if (end->is_dark)
        return WLK_OK;
    if (sizeof way->bytes - (way->end - way->at) < sizeof due + size)
        return WLK_FULL;
    if (sizeof way->bytes - way->end < sizeof due + size) {
        memmove(way->bytes, way->bytes + way->at, way->end - way->at);
        way->end -= way->at;
        way->at = 0;
    }
    due.at_ns = end->loopback->now_ns + draw_delay_ns(end->loopback, &end->path);
    if (due.at_ns < way->newest_ns)
        due.at_ns = way->newest_ns;
    way->newest_ns = due.at_ns;
    memcpy(way->bytes + way->end, &due, sizeof due);
    memcpy(way->bytes + way->end + sizeof due, bytes, size);
    way->end += sizeof due + size;
    return WLK_OK;
}

static wlk_status loop_receive(struct wlk_transport *transport, const uint8_t **bytes,
                               size_t *size)
{
    struct end *end = of(transport);
    struct way *way = &end->in;
    struct due due;
    size_t length;
    if (way->at == way->end)
        return end->is_cut ? WLK_IO : WLK_NOT_YET;
    memcpy(&due, way->bytes + way->at, sizeof due);
    if (due.at_ns > end->loopback->now_ns)
        return WLK_NOT_YET;
    if (wlk_frame_scan(way->bytes + way->at + sizeof due, due.size, &length) != WLK_OK ||
        length + WLK_FRAME_PREFIX != due.size)
        return WLK_BAD_INPUT;
    *bytes = way->bytes + way->at + sizeof due + WLK_FRAME_PREFIX;
    *size = length;
    way->at += sizeof due + due.size;
    return WLK_OK;
}

void wlk_loopback_cut(struct wlk_transport *transport)
{
    struct end *end = of(transport);
    end->is_cut = end->peer->is_cut = true;
    end->in.at = end->in.end;
    end->peer->in.at = end->peer->in.end;
}

void wlk_loopback_set_path(struct wlk_transport *transport,
                           const struct wlk_loopback_path *path)
{
    struct end *end = of(transport);
    end->path = end->peer->path = *path;
}

void wlk_loopback_darken(struct wlk_transport *transport)
{
    of(transport)->is_dark = true;
}

static void loop_close(struct wlk_transport *transport)
{
    wlk_loopback_cut(transport);
    of(transport)->is_held = false;
}

static const struct wlk_transport_calls loop_calls = {loop_send, loop_receive, loop_state,
                                                      loop_has_room, loop_close};

wlk_status wlk_loopback_open(const struct wlk_loopback_options *options,
                             struct wlk_loopback **out)
{
    struct wlk_loopback *loopback = calloc(1, sizeof *loopback);
    if (!loopback)
        return WLK_IO;
    loopback->end = calloc(2 * options->connections_max, sizeof *loopback->end);
    if (!loopback->end) {
        free(loopback);
        return WLK_IO;
    }
    loopback->options = *options;
    loopback->random = wlk_random_seeded(options->seed, 0x6c6f6f70 /* "loop": a stream */);
    *out = loopback;
    return WLK_OK;
}

void wlk_loopback_close(struct wlk_loopback *loopback)
{
    if (!loopback)
        return;
    free(loopback->end);
    free(loopback);
}

wlk_status wlk_loopback_join(struct wlk_loopback *loopback, struct wlk_transport *out[2])
{
    for (size_t i = 0; i < loopback->options.connections_max; i++) {
        struct end *pair = &loopback->end[2 * i];
        if (pair[0].is_held || pair[1].is_held)
            continue;
        for (int side = 0; side < 2; side++) {
            struct end *end = &pair[side];
            end->face.calls = &loop_calls;
            end->loopback = loopback;
            end->is_held = true;
            end->is_cut = end->is_dark = false;
            end->peer = &pair[1 - side];
            end->path = (struct wlk_loopback_path){
                loopback->options.delay_ns, loopback->options.jitter_ns,
                loopback->options.loss, loopback->options.resend_ns};
            end->in.at = end->in.end = 0;
            end->in.newest_ns = 0;
            out[side] = &end->face;
        }
        return WLK_OK;
    }
    return WLK_FULL;
}

void wlk_loopback_advance(struct wlk_loopback *loopback, wlk_mono now)
{
    WLK_ASSERT(now.ns >= loopback->now_ns);
    loopback->now_ns = now.ns;
}

bool wlk_loopback_next(const struct wlk_loopback *loopback, wlk_mono *out)
{
    bool found = false;
    for (size_t i = 0; i < 2 * loopback->options.connections_max; i++) {
        const struct way *way = &loopback->end[i].in;
        struct due due;
        if (!loopback->end[i].is_held || way->at == way->end)
            continue;
        memcpy(&due, way->bytes + way->at, sizeof due);
        if (!found || due.at_ns < out->ns)
            out->ns = due.at_ns;
        found = true;
    }
    return found;
}
