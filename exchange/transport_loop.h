/* transport_loop.h -- the bearer in memory: virtual clock, seeded delay, loss and cuts.
 *
 * Like TCP it delivers in order or breaks: a lost packet is a delay of one resend for it and
 * for everything behind it on that connection; connections overtake each other. Same seed and
 * calls, same behaviour. For soak, rehearsals and tests.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EXCHANGE_TRANSPORT_LOOP_H
#define WLK_EXCHANGE_TRANSPORT_LOOP_H

#include "base/clock.h"
#include "exchange/transport.h"

struct wlk_loopback;

struct wlk_loopback_options {
    uint64_t seed;
    size_t connections_max;
    int64_t delay_ns;  /* one way, >= 0 */
    int64_t jitter_ns; /* added, uniform in [0, jitter_ns] */
    double loss;       /* probability that a frame waits for a resend, [0, 1) */
    int64_t resend_ns; /* how long then */
};

/* WLK_IO no memory. */
wlk_status wlk_loopback_open(const struct wlk_loopback_options *options,
                             struct wlk_loopback **out) WLK_MUST_USE;
void wlk_loopback_close(struct wlk_loopback *loopback);

/* A new connection, open at once; each end is closed by its holder. WLK_FULL. */
wlk_status wlk_loopback_join(struct wlk_loopback *loopback,
                             struct wlk_transport *end[2]) WLK_MUST_USE;

/* How one connection carries, both ways; members as in struct wlk_loopback_options. */
struct wlk_loopback_path {
    int64_t delay_ns, jitter_ns;
    double loss;
    int64_t resend_ns;
};

/* Makes the connection of this end carry so, from the next frame sent on; a new connection
 * carries as the options say. What is on its way stays in order. */
void wlk_loopback_set_path(struct wlk_transport *end, const struct wlk_loopback_path *path);

/* From now on what this end sends never arrives, and no end is told: a hole in the line. */
void wlk_loopback_darken(struct wlk_transport *end);

/* Sets the virtual time; frames due by then can be received. Time never goes back. */
void wlk_loopback_advance(struct wlk_loopback *loopback, wlk_mono now);

/* When the next frame is due; false if none is on its way. */
bool wlk_loopback_next(const struct wlk_loopback *loopback, wlk_mono *out);

/* Breaks the connection of this end: both ends are closed, what was in flight is lost. */
void wlk_loopback_cut(struct wlk_transport *end);

#endif
