/* post_private.h -- the inside of a post; for exchange/post*.c only.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EXCHANGE_POST_PRIVATE_H
#define WLK_EXCHANGE_POST_PRIVATE_H

#include "exchange/frame.h"
#include "exchange/inlane.h"
#include "exchange/journal.h"
#include "exchange/post.h"
#include "release/decide.h"

enum {
    OUT_LANES_MAX = WLK_LANES_MAX / 4,
    OUT_LANES_KEPT = OUT_LANES_MAX * 3 / 4, /* of earlier starts; older ones are not sent */
    QUEUE_MAX = 8192,        /* deliveries waiting; callers drain after each frame */
    LAUNCHES_MAX = 128,      /* own open launches, events x arrangements */
    PARTNERS_MAX = WLK_ARRANGEMENTS_MAX * WLK_OWNERS_MAX,
    STATUS_ROOM = 128 * 1024 /* heartbeats and receipts of one second */
};

/* Seconds of the link (DESIGN.md 3 and 4). */
#define HEARTBEAT_NS INT64_C(1000000000)
#define LOST_NS      INT64_C(3000000000)
#define ASK_AFTER_NS INT64_C(200000000)  /* ASSUMPTION: longer than two hubs lie apart */
#define ASK_AGAIN_NS INT64_C(1000000000)
#define GAP_NS       INT64_C(2000000000) /* then a gap is told and delivered around */
#define AHEAD_NS     INT64_C(1000000000)
#define EVENT_TAIL_NS INT64_C(300000000000)

struct link {
    bool is_up, has_hello; /* has_hello: the peer's, so records may go */
    bool hello_due, ping_due, pong_due;
    uint64_t pong_token;
    wlk_mono heard, pinged;
    size_t statement_at; /* next statement to send, on the status link */
    size_t status_at;    /* next byte of status[] to send */
    size_t turn;         /* lane served last: they take turns */
    uint64_t launch_sent[LAUNCHES_MAX]; /* seq sent on this connection, track link */
};

struct outlane {
    struct wlk_lane lane;
    bool is_disowned; /* its numbers were used by an earlier life: nothing of it is sent */
    int64_t id;
    uint64_t seq; /* newest */
    wlk_digest digest;
    uint64_t sent[WLK_HUBS_MAX], sent_most[WLK_HUBS_MAX];
    uint64_t received[WLK_HUBS_MAX], durable[WLK_HUBS_MAX];
};

/* The newest own launch record of an open event. */
struct launch {
    bool is_used;
    size_t outlane;
    wlk_event event;
    uint64_t seq;
    wlk_utc until;
};

struct partner {
    wlk_name arrangement, name;
    bool is_hub, is_alive, is_lost_told;
    wlk_mono heard;
    wlk_utc newest; /* time of its newest heartbeat */
    uint64_t log_count;
};

enum { NOT_LATE = 0, LATE = 1, RICHER = 2 };

struct waiting {
    enum wlk_delivery_kind kind;
    uint8_t late;
    uint16_t hub;
    uint32_t at; /* inlane (RECORD, GAP) or partner (PARTNER_*) or agreement name */
    uint64_t first, last;
};

struct wlk_post {
    wlk_name nation;
    size_t hub_count;
    wlk_name hub[WLK_HUBS_MAX];
    struct wlk_journal *journal;
    struct wlk_secret_key key;
    enum wlk_nature key_nature;
    struct wlk_salts salts;
    uint64_t clock_error_ns;
    struct wlk_standing *standing;
    struct wlk_post_counts counts;
    uint64_t generation;
    wlk_utc started;
    struct wlk_moment now, beat_at, tick_at;
    bool has_beaten;

    bool is_marking; /* kept records that an ended key signed are being marked */
    int64_t mark_row;
    wlk_utc mark_from;
    uint64_t marked;

    struct link link[WLK_HUBS_MAX][WLK_LINK_CLASSES];
    bool hub_alive[WLK_HUBS_MAX], hub_lost_told[WLK_HUBS_MAX];
    wlk_mono hub_heard[WLK_HUBS_MAX];

    bool has_rules; /* of the arrangement asked of last */
    wlk_digest rules_of;
    struct wlk_rules rules;
    size_t outlane_count;
    struct outlane outlane[OUT_LANES_MAX];
    struct launch launch[LAUNCHES_MAX];
    size_t inlane_count;
    struct wlk_inlane inlane[WLK_LANES_MAX];
    size_t partner_count;
    struct partner partner[PARTNERS_MAX];

    struct waiting queue[QUEUE_MAX];
    size_t queue_at, queue_count;
    bool is_replaying;
    int64_t replay_row;
    wlk_utc replay_from;

    struct wlk_released *released; /* heartbeats and receipts are made here */
    size_t status_size;
    uint8_t status[STATUS_ROOM];   /* frames of this second, with prefixes */

    /* The record taken last, ready to be delivered without reading it back. */
    bool has_hot;
    uint32_t hot_at;
    uint64_t hot_seq;
    struct wlk_record hot;
    uint8_t hot_bytes[WLK_RECORD_SIZE_MAX];
    struct wlk_record cold; /* the one delivered from the journal */
    uint8_t cold_bytes[WLK_RECORD_SIZE_MAX];
    union wlk_content content;
    struct wlk_refused_content refused;
    struct wlk_receipt_content receipt;
    wlk_name statement_name;
    uint8_t frame[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    struct wlk_lane_mark mark[WLK_HELLO_HEADS_MAX];
};

/* post.c */
size_t wlk_post_link_index(enum wlk_class link);
struct wlk_inlane *wlk_post_inlane(struct wlk_post *post, wlk_name originator,
                                   const struct wlk_lane *lane); /* NULL: too many */
bool wlk_post_is_in_force(const struct wlk_post *post, wlk_name arrangement);
void wlk_post_note_launch(struct wlk_post *post, size_t outlane, uint64_t seq,
                          const struct wlk_header *header);

/* post_in.c: a record that was verified, from a hub. */
void wlk_post_take_record(struct wlk_post *post, size_t hub, const uint8_t *bytes, size_t size);

/* post_numbers.c: what a hub says it has of our lanes. */
void wlk_post_compare(struct wlk_post *post, size_t hub, const struct wlk_lane_mark *mark);

/* What a heartbeat says is the record with that number of ours. */
void wlk_post_compare_head(struct wlk_post *post, const struct wlk_head *head);

/* post_doubt.c: after a statement was taken up; and a bit of marking at each tick. */
void wlk_post_note_statement(struct wlk_post *post, enum wlk_statement_kind kind,
                             const uint8_t *bytes, size_t size);
void wlk_post_mark_suspect(struct wlk_post *post);

/* post_pulse.c */
void wlk_post_take_status(struct wlk_post *post, const struct wlk_record *record);
void wlk_post_hub_heard(struct wlk_post *post, size_t hub);

/* post_deliver.c */
void wlk_post_push(struct wlk_post *post, const struct waiting *waiting);
void wlk_post_push_record(struct wlk_post *post, const struct wlk_inlane *inlane,
                          uint64_t seq, uint8_t late);
void wlk_post_release_held(struct wlk_post *post, struct wlk_inlane *inlane, uint64_t up_to);

#endif
