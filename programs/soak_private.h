/* soak_private.h -- the inside of a soak world; for programs/soak*.c only.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_SOAK_PRIVATE_H
#define WLK_PROGRAMS_SOAK_PRIVATE_H

#include "exchange/journal.h"
#include "exchange/transport_loop.h"
#include "programs/soak_world.h"

enum {
    CONNECTIONS = WLK_SOAK_NATIONS * WLK_HUBS_MAX * WLK_LINK_CLASSES,
    OWNERS = WLK_SOAK_NATIONS + WLK_HUBS_MAX,
    BUNDLES = 3,
    SEEN_MAX = 1 << 20 /* deliveries remembered, to find doubles */
};

struct soak_node {
    wlk_name name;
    struct wlk_journal *journal;
    struct wlk_post *post;
    bool is_up;
    wlk_mono up_at;
};

struct soak_hub {
    wlk_name name;
    struct wlk_journal *journal;
    struct wlk_hub *hub;
    bool is_up;
    wlk_mono up_at;
};

struct soak_connection {
    size_t node, hub;
    enum wlk_class link;
    bool is_up;
    struct wlk_transport *end[2]; /* the node's, the hub's */
    wlk_mono dial_at;
};

struct soak_bundle {
    wlk_name name;
    wlk_digest digest;
    bool is_party[WLK_SOAK_NATIONS];
    size_t size;
    uint8_t bytes[WLK_BUNDLE_SIZE_MAX];
};

/* Keys and signed arrangements: the shipped ones, renewed. */
struct soak_pact {
    struct wlk_secret_key root[WLK_SOAK_NATIONS], real[OWNERS], exercise[OWNERS];
    struct wlk_secret_key key[OWNERS]; /* what records are sealed with */
    struct wlk_roots roots;
    size_t stand_in_count;
    struct wlk_stand_in stand_in[OWNERS];
    size_t bundle_count;
    struct soak_bundle bundle[BUNDLES];
    struct wlk_arrangement shipped, fresh; /* while it is made */
};

/* One made-up launch of one nation. */
struct soak_event {
    bool is_used, is_silent; /* silent: tracks without a launch, which must not pass */
    size_t nation;
    wlk_event event;
    uint32_t object;
    wlk_mono begun;
    uint64_t launch_seq[BUNDLES]; /* 0: not yet, or cancelled */
    uint64_t launch_generation[BUNDLES];
    wlk_mono launched_at[BUNDLES];
};

struct wlk_soak_world {
    struct wlk_soak_options options;
    struct wlk_soak_counts counts;
    struct wlk_random random, salts;
    struct soak_pact pact;
    struct wlk_loopback *loopback;
    struct wlk_moment now;
    wlk_mono tick_at, traffic_at, fault_at, withdraw_at;
    bool is_trading, is_withdrawn;
    struct soak_node node[WLK_SOAK_NATIONS];
    struct soak_hub hub[WLK_HUBS_MAX];
    struct soak_connection connection[CONNECTIONS];
    uint32_t objects;
    struct soak_event event[WLK_SOAK_EVENTS_MAX];
    struct wlk_released *released;
    uint64_t *seen; /* hashes of (recipient, record), open addressing */
};

/* Salts from the seed; a time so much later; and a node or hub (re)started on its journal. */
void wlk_soak_salt(void *context, uint8_t salt[WLK_SALT_SIZE]);
wlk_mono wlk_soak_later(const struct wlk_soak_world *world, double seconds);
wlk_status wlk_soak_start_node(struct wlk_soak_world *world, size_t n) WLK_MUST_USE;
wlk_status wlk_soak_start_hub(struct wlk_soak_world *world, size_t h) WLK_MUST_USE;

/* soak_traffic.c */
wlk_status wlk_soak_pact_make(struct wlk_soak_world *world,
                              struct wlk_fault *fault) WLK_MUST_USE;
void wlk_soak_trade(struct wlk_soak_world *world);

/* soak_judge.c: takes what a node delivers, looking for doubles and for what is forbidden. */
void wlk_soak_drain(struct wlk_soak_world *world, size_t n);

#endif
