/* hub.h -- the release guard between the nations, as a state machine.
 *
 * Reads no clock, socket or file itself. For each record: decode, verify with the
 * originator's key, check the chain, ask release/decide for every other party of that
 * arrangement, write the decision log, forward the bytes as they came or with groups replaced
 * by null, and send a signed notice for what is refused. It has no tracker and no opinion.
 *
 * Connections are (nation, link); frames as in exchange/frame.h. Order of work for a caller,
 * after each event: for each nation and link with room, while (wlk_hub_outgoing(...)) send.
 * Memory is taken in wlk_hub_open only. Not thread-safe.
 * Held by: hub_test.c, soak.c. Read by: hub_main.c, soak.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_HUB_H
#define WLK_PROGRAMS_HUB_H

#include "exchange/post.h"

struct wlk_hub;

struct wlk_hub_options {
    wlk_name name;
    struct wlk_journal *journal;      /* open; stays the caller's */
    const struct wlk_secret_key *key; /* uses record (heartbeats), notice */
    enum wlk_nature key_nature;       /* of that key and of all that this hub passes */
    struct wlk_salts salts;
    const struct wlk_roots *roots;       /* root keys the hub trusts; copied */
    size_t stand_in_count;               /* soak only, else 0 */
    const struct wlk_stand_in *stand_in; /* copied */
    int64_t kept_ns; /* what is kept by all and older may go (exchange/prune.h); 0: never */
    struct wlk_moment now;
};

/* Opens on what the journal holds: lane heads, decision logs, open events.
 * WLK_BAD_INPUT the journal is another's or broken; WLK_IO it cannot be read. */
wlk_status wlk_hub_open(const struct wlk_hub_options *options, struct wlk_hub **out,
                        struct wlk_fault *fault) WLK_MUST_USE;

/* Frees; the journal has all. NULL is allowed. */
void wlk_hub_close(struct wlk_hub *hub);

/* Takes up an arrangement bundle or a withdrawal, durably, and tells every party. One that
 * is not signed by every party stays a draft. A withdrawal kills at once: queued records are
 * refused at sending. Statuses as wlk_standing_take. */
wlk_status wlk_hub_statement(struct wlk_hub *hub, enum wlk_statement_kind kind,
                             const uint8_t *bytes, size_t size, struct wlk_moment now,
                             struct wlk_fault *fault) WLK_MUST_USE;

/* What is in force; alive as long as the hub. */
const struct wlk_force *wlk_hub_force(const struct wlk_hub *hub);

/* A nation's connection of that class is up (after its handshake), or down. */
void wlk_hub_connected(struct wlk_hub *hub, wlk_name nation, enum wlk_class link,
                       struct wlk_moment now);
void wlk_hub_disconnected(struct wlk_hub *hub, wlk_name nation, enum wlk_class link,
                          struct wlk_moment now);

/* One whole frame from an authenticated nation. WLK_BAD_INPUT: cut that connection. */
wlk_status wlk_hub_frame(struct wlk_hub *hub, wlk_name nation, enum wlk_class link,
                         const uint8_t *bytes, size_t size,
                         struct wlk_moment now) WLK_MUST_USE;

/* Heartbeats each second, durable acknowledgements, ends of events. Call every 100 ms. */
void wlk_hub_tick(struct wlk_hub *hub, struct wlk_moment now);

/* The next frame for a connection; as wlk_post_outgoing. Verdicts are checked again here. */
bool wlk_hub_outgoing(struct wlk_hub *hub, wlk_name nation, enum wlk_class link,
                      struct wlk_moment now, const uint8_t **bytes, size_t *size);

/* Per (record, recipient), except received. */
struct wlk_hub_counts {
    uint64_t received, doubles;           /* records in; second copies */
    uint64_t passed, trimmed, refused;    /* first verdicts */
    uint64_t refused_late;                /* passed first, refused when sent */
    uint64_t forwarded, notices, noticed; /* frames out; notices sealed; numbers in them */
    uint64_t other_nature; /* exercise, test and real records have hubs of their own */
    uint64_t malformed, bad_signature, impostor, broken_chain, out_of_order, not_in_force;
    uint64_t disagreed; /* its two verifiers did not agree: an alarm (record/seal.h) */
    uint64_t outdated; /* heartbeats that spoke of a newer arrangement than any here */
    uint64_t unjournalled, unsealed, asks, dropped_status, heartbeats;
};

/* What happened so far; alive as long as the hub. */
const struct wlk_hub_counts *wlk_hub_count(const struct wlk_hub *hub);

#endif
