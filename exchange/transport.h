/* transport.h -- the narrow interface of a bearer: one ordered stream of whole frames.
 *
 * Delivery guarantees live above it (post, hub): a bearer may break at any time and lose what
 * was in flight, but never reorders or changes. The one place of the project where function
 * pointers choose the code. Bearers: transport_tls.h, transport_loop.h.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EXCHANGE_TRANSPORT_H
#define WLK_EXCHANGE_TRANSPORT_H

#include "base/limits.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum wlk_transport_state {
    WLK_TRANSPORT_OPENING = 1, /* no frame can go yet */
    WLK_TRANSPORT_OPEN,
    WLK_TRANSPORT_CLOSED       /* for good: close it and open another */
};

struct wlk_transport;

struct wlk_transport_calls {
    wlk_status (*send)(struct wlk_transport *, const uint8_t *, size_t);
    wlk_status (*receive)(struct wlk_transport *, const uint8_t **, size_t *);
    enum wlk_transport_state (*state)(struct wlk_transport *);
    bool (*has_room)(const struct wlk_transport *);
    void (*close)(struct wlk_transport *);
};

struct wlk_transport {
    const struct wlk_transport_calls *calls;
};

/* Takes one frame, its length prefix included. It goes with the next wlk_transport_state, so
 * that several go as one, or when there is no room for another. WLK_FULL no room, nothing
 * taken; WLK_NOT_YET still opening; WLK_IO closed. */
static inline wlk_status wlk_transport_send(struct wlk_transport *transport,
                                            const uint8_t *bytes, size_t size)
{
    return transport->calls->send(transport, bytes, size);
}

/* The next whole frame, its length prefix removed; bytes live until the next call.
 * WLK_NOT_YET none now; WLK_IO closed, and every whole frame was taken; WLK_BAD_INPUT the
 * peer breaks the framing: close it. */
static inline wlk_status wlk_transport_receive(struct wlk_transport *transport,
                                               const uint8_t **bytes, size_t *size)
{
    return transport->calls->receive(transport, bytes, size);
}

/* Where it stands, after moving on whatever can move (opening, bytes waiting to go). */
static inline enum wlk_transport_state wlk_transport_state(struct wlk_transport *transport)
{
    return transport->calls->state(transport);
}

/* True: a frame of any allowed size will be taken. */
static inline bool wlk_transport_has_room(const struct wlk_transport *transport)
{
    return transport->calls->has_room(transport);
}

/* Closes and gives back; the pointer is dead then. */
static inline void wlk_transport_close(struct wlk_transport *transport)
{
    transport->calls->close(transport);
}

#endif
