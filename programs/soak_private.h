/* soak_private.h -- the inside of a soak world; for programs/soak*.c only.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_SOAK_PRIVATE_H
#define WLK_PROGRAMS_SOAK_PRIVATE_H

#include "exchange/frame.h"
#include "exchange/journal.h"
#include "exchange/transport_loop.h"
#include "programs/soak_world.h"

enum {
    CONNECTIONS = WLK_SOAK_NATIONS * WLK_HUBS_MAX * WLK_LINK_CLASSES,
    OWNERS = WLK_SOAK_NATIONS + WLK_HUBS_MAX,
    BUNDLES = 3,
    HELD_MAX = 256,    /* frames that a dishonest hub holds back at one time */
    SEEN_MAX = 1 << 20,  /* deliveries remembered, to find doubles */
    SEALED_MAX = 1 << 19 /* records put: more than any run has */
};

/* 2026-11-23: inside the terms. */
#define WLK_SOAK_START_NS INT64_C(1795392000000000000)

struct soak_node {
    wlk_name name;
    struct wlk_journal *journal;
    struct wlk_post *post;
    bool is_up;
    bool is_awake; /* something happened here: it may have frames to send */
    bool is_full;  /* its disk takes no more */
    wlk_mono up_at, empty_at;
};

struct soak_hub {
    wlk_name name;
    struct wlk_journal *journal;
    struct wlk_hub *hub;
    bool is_up, is_awake, is_full;
    wlk_mono up_at, empty_at;
};

struct soak_connection {
    size_t node, hub;
    enum wlk_class link;
    bool is_up;
    bool is_stuck[2];             /* frames wait for room */
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
    struct wlk_secret_key next[WLK_SOAK_NATIONS], next_key[WLK_SOAK_NATIONS]; /* as real, key */
    struct wlk_roots roots;
    size_t stand_in_count;
    struct wlk_stand_in stand_in[OWNERS + WLK_SOAK_NATIONS];
    size_t bundle_count;
    struct soak_bundle bundle[BUNDLES];
    struct wlk_arrangement shipped, fresh; /* while it is made */
};

/* A record as it was put: what its recipients must have, or have a notice of. */
struct soak_sealed {
    size_t nation, bundle;
    struct wlk_lane lane;
    uint64_t seq;
    wlk_digest digest;
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

/* A frame that a dishonest hub sends later. */
struct soak_held {
    struct soak_connection *connection; /* NULL: free */
    wlk_mono at;
    size_t size;
    uint8_t bytes[8192]; /* larger ones it lets pass */
};

/* The hub that breaks its word, and whom it harms (soak_hub.c). */
struct soak_liar {
    enum wlk_soak_misdeed misdeed;
    size_t hub, victim;
    wlk_mono from;      /* honest until then */
    double delay_s;
    unsigned variant;   /* by the seed: which records, which face */
    bool was_caught;    /* in what was only a preparation */
    bool has_done;      /* a misdeed that its victim can know of */
    wlk_mono done_at;
    size_t before_count; /* warnings that its victim got while it was honest */
    uint64_t before[1024];
    size_t wronged;     /* originator of the first record it kept from the victim */
    struct soak_held held[HELD_MAX];
    struct wlk_lane swapped_lane;
    wlk_name swapped_of;
    uint64_t log_count; /* face that is shown to the victim */
    wlk_digest notice_digest;
    uint8_t frame[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX], record[WLK_RECORD_SIZE_MAX];
};

/* A nation changes its key: added, used from a restart on, the old one ended. */
enum soak_rotation { ROTATION_NONE, ROTATION_ADDED, ROTATION_USED, ROTATION_DONE };

struct wlk_soak_world {
    struct wlk_soak_options options;
    struct wlk_soak_counts counts;
    struct wlk_random random, salts;
    struct soak_pact pact;
    struct wlk_loopback *loopback;
    struct wlk_moment now;
    wlk_mono tick_at, traffic_at, fault_at, withdraw_at;
    bool is_trading, is_withdrawn;
    enum soak_rotation rotation;
    size_t rotating; /* which nation */
    wlk_mono rotate_at;
    unsigned quiet; /* one event in so many chances */
    struct soak_node node[WLK_SOAK_NATIONS];
    struct soak_hub hub[WLK_HUBS_MAX];
    struct soak_connection connection[CONNECTIONS];
    wlk_mono hole_until[WLK_SOAK_NATIONS][WLK_HUBS_MAX][2]; /* by the end that is not heard */
    uint32_t objects;
    struct soak_event event[WLK_SOAK_EVENTS_MAX];
    struct wlk_released *released;
    struct soak_liar *liar; /* NULL: both hubs are honest */
    uint64_t *seen; /* hashes of (recipient, record) and of (recipient, refused record), open
                       addressing */
    size_t sealed_count;
    struct soak_sealed *sealed;
};

/* Salts from the seed; a draw; a time so much later; a node or hub (re)started on its
 * journal; a connection broken. */
void wlk_soak_salt(void *context, uint8_t salt[WLK_SALT_SIZE]);
double wlk_soak_uniform(struct wlk_soak_world *world, double low, double high);
wlk_mono wlk_soak_later(const struct wlk_soak_world *world, double seconds);
wlk_status wlk_soak_start_node(struct wlk_soak_world *world, size_t n) WLK_MUST_USE;
wlk_status wlk_soak_start_hub(struct wlk_soak_world *world, size_t h) WLK_MUST_USE;
void wlk_soak_drop_connection(struct wlk_soak_world *world, struct soak_connection *c);

/* soak_faults.c: breaks something, as the seed has it; mends what is due; ends all faults. */
void wlk_soak_break(struct wlk_soak_world *world);
void wlk_soak_mend(struct wlk_soak_world *world);
void wlk_soak_calm(struct wlk_soak_world *world);

/* Stops a node in order, for some seconds. False: not now. */
bool wlk_soak_stop_node(struct wlk_soak_world *world, size_t n, double seconds);

/* soak_rotate.c: the next step of a change of keys, when it is due. */
void wlk_soak_rotate(struct wlk_soak_world *world);

/* soak_pact.c, soak_traffic.c */
wlk_status wlk_soak_pact_make(struct wlk_soak_world *world,
                              struct wlk_fault *fault) WLK_MUST_USE;
void wlk_soak_trade(struct wlk_soak_world *world);

/* soak_hub.c: a frame from or to the dishonest hub; what it held back and is due. True: the
 * frame goes on as it came. */
wlk_status wlk_soak_liar_open(struct wlk_soak_world *world) WLK_MUST_USE;
void wlk_soak_liar_close(struct wlk_soak_world *world);
bool wlk_soak_liar_takes(struct wlk_soak_world *world, struct soak_connection *c,
                         const uint8_t *bytes, size_t size);
bool wlk_soak_liar_sends(struct wlk_soak_world *world, struct soak_connection *c,
                         const uint8_t *bytes, size_t size);
bool wlk_soak_liar_next(const struct wlk_soak_world *world, wlk_mono *out);
void wlk_soak_liar_work(struct wlk_soak_world *world);
void wlk_soak_liar_cut(struct wlk_soak_world *world, const struct soak_connection *c);

/* soak_judge.c: takes what a node delivers, looking for doubles and for what is forbidden. */
void wlk_soak_drain(struct wlk_soak_world *world, size_t n);

#endif
