/* post_private.h -- the inside of a post; for exchange/post*.c only.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EXCHANGE_POST_PRIVATE_H
#define WLK_EXCHANGE_POST_PRIVATE_H

#include "exchange/evidence.h"
#include "exchange/frame.h"
#include "exchange/inlane.h"
#include "exchange/journal.h"
#include "exchange/post.h"
#include "exchange/prune.h"
#include "release/decide.h"

enum {
    OUT_LANES_MAX = WLK_LANES_MAX / 4,
    OUT_LANES_KEPT = OUT_LANES_MAX * 3 / 4, /* of earlier starts; older ones are not sent */
    QUEUE_MAX = 8192,        /* deliveries waiting; callers drain after each frame */
    LAUNCHES_MAX = 128,      /* own open launches, events x arrangements */
    QUESTIONS_MAX = 8,       /* ours about one lane on their way to one hub */
    PENDING_MAX = 1024,      /* own warnings that somebody has not confirmed */
    ACCUSED_MAX = 64,        /* accusations waiting to be delivered */
    WORD_MAX = 16384,        /* bytes of a heartbeat that is kept: 64 heads take 7,000 */
    PARTNERS_MAX = WLK_ARRANGEMENTS_MAX * WLK_OWNERS_MAX,
    STATUS_ROOM = 128 * 1024 /* heartbeats and receipts of one second */
};

/* Seconds of the link (DESIGN.md 3 and 4). */
#define HEARTBEAT_NS INT64_C(1000000000)
#define LOST_NS      INT64_C(2800000000) /* so that it shows within 3 s */
#define STALL_NS     INT64_C(5000000000)  /* a connection that brings nothing is cut */
#define PONG_NS      INT64_C(10000000000) /* ASSUMPTION: a slow line empties its buffers */
#define HURRY_NS     INT64_C(200000000)  /* between heads and receipts out of turn */
#define DURABLE_NS   INT64_C(250000000)  /* between looks at how far the disk is */
#define ASK_AFTER_NS INT64_C(200000000)  /* ASSUMPTION: longer than two hubs lie apart */
#define ASK_AGAIN_NS INT64_C(1000000000)
#define GAP_NS       INT64_C(1500000000) /* then a gap is told and delivered around */
#define CONFIRM_NS   INT64_C(1850000000) /* then a missing receipt is told: within 2 s */
#define ACCUSE_NS    INT64_C(60000000000) /* one piece of evidence of a kind is kept so often */
#define AHEAD_NS     INT64_C(1000000000)
#define EVENT_TAIL_NS INT64_C(300000000000)
/* "at most time + 7,200 s ... plus 300 s" (DESIGN.md 4): older launches open nothing. */
#define EVENT_SPAN_NS INT64_C(7500000000000)

struct link {
    bool is_up, has_hello; /* has_hello: the peer's, so records may go */
    bool hello_due, ping_due, pong_due;
    uint64_t pong_token;
    uint64_t pings, ponged; /* number of the ping written last, and of the one answered last */
    wlk_mono heard, pinged;
    size_t statement_at; /* next statement to send, on the status link */
    size_t status_at;    /* next byte of status[] to send */
    size_t turn;         /* lane served last: they take turns */
    uint64_t launch_sent[LAUNCHES_MAX]; /* seq sent on this connection, track link */
};

/* What one hub did with one partner's lane on this connection (post_watch.c). */
struct side {
    struct wlk_seqs got; /* brought, or explained by the hub's own notice */
    uint64_t base;       /* our HELLO asked for what is behind it */
    uint64_t last;       /* in the order of arrival */
    uint64_t claimed;    /* newest that the hub has, by its own word or by what it brought */
    uint64_t worded;     /* by its word */
    wlk_mono since;      /* it owes got.head + 1 */
    uint64_t mark, status_mark; /* pings written then on the lane's link, on the status link */
    size_t question_count; /* each lets it go back once, to where it asked from, */
    uint64_t question[QUESTIONS_MAX];
    uint64_t asked_mark; /* until three pings written after the last one are answered */
    bool may_go_back;    /* class track: a snapshot stands before the tail */
};

/* Whether one hub has taken what an own lane offers it on this connection. */
struct offer {
    uint64_t seq; /* oldest that its heartbeats do not have; 0 for none */
    uint64_t mark;
    uint8_t beats, questions;
};

struct word {
    size_t size;
    uint8_t bytes[WORD_MAX];
};

/* The log of one hub for one arrangement, as it is shown to us and to partners. */
struct view {
    wlk_name hub, arrangement;
    struct wlk_lane lane;  /* of its heartbeats */
    uint64_t count;        /* shown to us last */
    wlk_digest digest;
    struct word word;      /* that heartbeat */
    uint64_t said_count;   /* a partner was shown more; 0 for none */
    wlk_digest said_digest;
    struct word said;      /* the partner's heartbeat */
};

/* An own warning that some entitled party has not confirmed. */
struct pending {
    uint32_t outlane;
    uint64_t seq;
    wlk_mono at;
    uint8_t owed[WLK_PARTIES_MAX], told[WLK_PARTIES_MAX]; /* by party of the arrangement */
};

struct accused {
    enum wlk_evidence_kind kind;
    wlk_name accused, originator;
    struct wlk_lane lane;
    uint64_t first, last;
};

struct outlane {
    struct wlk_lane lane;
    bool is_disowned; /* its numbers were used by an earlier life: nothing of it is sent */
    int64_t id;
    uint64_t seq; /* newest */
    wlk_digest digest;
    uint64_t sent[WLK_HUBS_MAX], sent_most[WLK_HUBS_MAX];
    uint64_t received[WLK_HUBS_MAX], durable[WLK_HUBS_MAX];
    struct offer offer[WLK_HUBS_MAX];
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
};

enum { NOT_LATE = 0, LATE = 1, RICHER = 2 };

struct waiting {
    enum wlk_delivery_kind kind;
    uint8_t late;
    uint16_t hub;
    uint32_t at; /* inlane (RECORD, GAP), outlane (UNCONFIRMED, CONFIRMED), partner
                    (PARTNER_*, RECEIPT) or place in accused[] */
    uint64_t first, last;
};

/* A seq of a lane and the digest of its sign1. */
struct chained {
    uint64_t seq;
    wlk_digest digest;
};

/* A signed record that shows something; a view. */
struct proof {
    const uint8_t *bytes;
    size_t size;
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
    struct wlk_moment opened, now, beat_at;
    bool has_beaten;

    struct wlk_prune prune;

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

    struct side side[WLK_LANES_MAX][WLK_HUBS_MAX];
    size_t claimed_lanes[WLK_HUBS_MAX];
    size_t view_count;
    struct view view[WLK_HUBS_MAX * WLK_ARRANGEMENTS_MAX];
    size_t pending_count;
    struct pending pending[PENDING_MAX];
    size_t hurry_count; /* arrangements whose heads and receipts go out at a tick soon */
    wlk_name hurry[WLK_ARRANGEMENTS_MAX];
    wlk_mono hurried_at, durable_at;
    size_t accused_count;
    struct accused accused[ACCUSED_MAX];
    wlk_mono kept_at[WLK_OWNERS_MAX + WLK_HUBS_MAX][WLK_EVIDENCE_END];
    wlk_name kept_of[WLK_OWNERS_MAX + WLK_HUBS_MAX];

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
    uint8_t aside[WLK_RECORD_SIZE_MAX]; /* the other of two records that are compared */
    uint8_t evidence[WLK_EVIDENCE_SIZE_MAX];
    union wlk_content content;
    struct wlk_refused_content refused;
    struct wlk_receipt_content receipt;
    wlk_name statement_name;
    uint8_t frame[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    struct wlk_lane_mark mark[WLK_HELLO_HEADS_MAX];
};

/* post.c */
struct wlk_inlane *wlk_post_inlane(struct wlk_post *post, wlk_name originator,
                                   const struct wlk_lane *lane); /* NULL: too many */
struct wlk_inlane *wlk_post_find_inlane(struct wlk_post *post, wlk_name originator,
                                        const struct wlk_lane *lane); /* NULL: none yet */
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

/* The rules of an arrangement, made once. */
const struct wlk_rules *wlk_post_rules(struct wlk_post *post,
                                       const struct wlk_agreement *agreement);

/* post_chain.c: does a record name the one before it; does the one behind it name it? */
void wlk_post_tell_diverged(struct wlk_post *post, const struct wlk_inlane *inlane, size_t hub,
                            uint64_t seq);
void wlk_post_check_previous(struct wlk_post *post, const struct wlk_inlane *inlane,
                             size_t hub, const struct wlk_header *header);
void wlk_post_check_next(struct wlk_post *post, const struct wlk_inlane *inlane, size_t hub,
                         const struct chained *last);

/* The first of a lane, if it is of the past: the chain begins with it. */
void wlk_post_begin_late(struct wlk_post *post, size_t hub, struct wlk_inlane *inlane,
                         const struct wlk_header *header);

/* post_accuse.c: counts; keeps evidence and tells, at most once a minute of a kind. */
void wlk_post_accuse(struct wlk_post *post, const struct accused *what,
                     const struct proof *proof, size_t count);

/* post_watch.c: what a hub did on one connection. */
void wlk_post_watch_connected(struct wlk_post *post, size_t hub, enum wlk_class link);
void wlk_post_watch_fresh(struct wlk_post *post, size_t hub, const struct wlk_inlane *inlane);
void wlk_post_watch_hello(struct wlk_post *post, size_t hub, const struct wlk_inlane *inlane);
void wlk_post_watch_record(struct wlk_post *post, size_t hub, const struct wlk_inlane *inlane,
                           const struct wlk_claim *claim);
void wlk_post_watch_notice(struct wlk_post *post, size_t hub, const struct wlk_inlane *inlane,
                           uint64_t first, uint64_t last);
void wlk_post_watch_asked(struct wlk_post *post, size_t hub, const struct wlk_inlane *inlane,
                          uint64_t from);
void wlk_post_watch_question(struct wlk_post *post, size_t hub, struct outlane *outlane,
                             uint64_t from);
void wlk_post_watch_heartbeat(struct wlk_post *post, size_t hub, const struct wlk_claim *claim,
                              const struct wlk_status_content *status);
void wlk_post_watch_tick(struct wlk_post *post);

/* post_view.c: what hubs and partners show. The word is a hub's newest heartbeat, or NULL. */
const struct word *wlk_post_view_word(struct wlk_post *post, size_t hub, wlk_name arrangement);
void wlk_post_view_heartbeat(struct wlk_post *post, const struct wlk_claim *claim,
                             const struct wlk_status_content *status);
void wlk_post_view_partner(struct wlk_post *post, size_t hub, const struct wlk_claim *claim,
                           const struct wlk_status_content *status);
void wlk_post_view_fill(const struct wlk_post *post, wlk_name arrangement,
                        struct wlk_status_content *out);

/* post_confirm.c: receipts and notices for own warnings. */
void wlk_post_confirm_put(struct wlk_post *post, size_t outlane, uint64_t seq,
                          const struct wlk_header *header);
void wlk_post_confirm_settle(struct wlk_post *post, wlk_name party, const struct wlk_lane *lane,
                             uint64_t first, uint64_t last);
void wlk_post_confirm_tick(struct wlk_post *post);

/* post_pulse.c; hurry: heads and receipts of warnings of this arrangement go out at the next
 * tick, but HURRY_NS after the last ones at the earliest. */
void wlk_post_hurry(struct wlk_post *post, wlk_name arrangement);
void wlk_post_take_status(struct wlk_post *post, size_t hub, const struct wlk_record *record);
void wlk_post_hub_heard(struct wlk_post *post, size_t hub);

/* post_deliver.c */
void wlk_post_push(struct wlk_post *post, const struct waiting *waiting);
void wlk_post_push_record(struct wlk_post *post, const struct wlk_inlane *inlane,
                          uint64_t seq, uint8_t late);
void wlk_post_release_held(struct wlk_post *post, struct wlk_inlane *inlane, uint64_t up_to);

#endif
