/* hub_private.h -- the inside of a hub; for programs/hub*.c only.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_HUB_PRIVATE_H
#define WLK_PROGRAMS_HUB_PRIVATE_H

#include "exchange/frame.h"
#include "exchange/journal.h"
#include "exchange/prune.h"
#include "exchange/refusals.h"
#include "programs/hub.h"
#include "release/audit.h"
#include "release/events.h"
#include "release/question.h"
#include "release/rate.h"

enum {
    NATIONS_MAX = 2 * WLK_PARTIES_MAX, /* nations of all arrangements of one hub */
    STATUS_ROOM = 128 * 1024,          /* status records on their way to one nation */
    SNAPSHOT_ABOVE = 64,               /* backlog of a track lane that a snapshot precedes */
    SNAPSHOT_DEPTH = 20000,            /* newest records it looks at: bounds the query */
    VERDICT_BYTES = 2                  /* of one party: kind, groups */
};

#define HEARTBEAT_NS INT64_C(1000000000)
#define DURABLE_NS   INT64_C(250000000) /* between looks at how far the disk is */
#define VALID_NS     INT64_C(3000000000)
#define ASK_AGAIN_NS INT64_C(1000000000)
/* "at most time + 7,200 s ... plus 300 s" (DESIGN.md 4): older records open nothing. */
#define EVENT_SPAN_NS INT64_C(7500000000000)

struct hub_link {
    bool is_up, has_hello, hello_due, pong_due;
    uint64_t pong_token;
    size_t statement_at, turn;
};

struct hub_nation {
    wlk_name name;
    struct hub_link link[WLK_LINK_CLASSES];
    size_t status_at, status_end;
    uint8_t status[STATUS_ROOM]; /* frames with prefixes, on the status link */
};

struct hub_lane {
    wlk_name originator; /* a nation, or this hub (notices) */
    struct wlk_lane lane;
    int64_t id;
    uint64_t seq; /* newest; no gap below */
    wlk_digest digest;
    uint64_t durable, candidate, candidate_mark, acked_durable;
    uint64_t ask_from; /* 0 for no question */
    wlk_mono asked_at;
    uint64_t sent[NATIONS_MAX]; /* by nation; skipped ones count */
    uint64_t snapshot_at[NATIONS_MAX], snapshot_end[NATIONS_MAX];
    wlk_mono past_again[NATIONS_MAX]; /* not before then */
};

/* Of each party of an arrangement: kind, groups; as a journal keeps them. */
struct verdicts {
    size_t size;
    uint8_t bytes[WLK_VERDICT_SIZE_MAX];
};

/* What the guard remembers of one arrangement name. */
struct ward {
    wlk_name name;
    wlk_digest digest; /* that rules were made for */
    struct wlk_rules rules;
    struct wlk_events events;
    struct wlk_rate rate;
    struct wlk_audit audit, candidate, durable; /* durable: on the disk, may be shown */
    uint64_t candidate_mark;
};

struct wlk_hub {
    wlk_name name;
    struct wlk_journal *journal;
    struct wlk_secret_key key;
    enum wlk_nature key_nature;
    struct wlk_salts salts;
    struct wlk_standing *standing;
    struct wlk_hub_counts counts;
    uint64_t generation;
    struct wlk_moment now, beat_at;
    wlk_mono durable_at;
    wlk_utc started;
    bool has_beaten;
    struct wlk_prune prune;
    struct wlk_refusals refusals; /* begun; told at the next tick */
    size_t nation_count;
    struct hub_nation nation[NATIONS_MAX];
    size_t lane_count;
    struct hub_lane lane[WLK_LANES_MAX];
    size_t ward_count;
    struct ward ward[WLK_ARRANGEMENTS_MAX];
    struct wlk_released *passed; /* for one recipient */
    struct wlk_released *sealed; /* the hub's own */
    bool has_hot;                /* the record verified last, with its place */
    size_t hot_lane;
    uint64_t hot_seq;
    struct wlk_record hot;
    uint8_t hot_bytes[WLK_RECORD_SIZE_MAX];
    struct verdicts hot_verdicts;
    struct wlk_journal_lines lines; /* logged, and not yet kept */
    uint8_t line[WLK_PARTIES_MAX][WLK_AUDIT_FRAME_MAX];
    union wlk_content content;
    uint8_t frame[WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX];
    struct wlk_lane_mark mark[WLK_HELLO_HEADS_MAX];
};

/* hub.c */
bool wlk_hub_nation_index(const struct wlk_hub *hub, wlk_name name, size_t *out);
struct hub_lane *wlk_hub_lane(struct wlk_hub *hub, wlk_name originator,
                              const struct wlk_lane *lane); /* NULL: too many */
struct ward *wlk_hub_ward(struct wlk_hub *hub, const struct wlk_agreement *agreement);

/* hub_guard.c: records in. */
void wlk_hub_take_record(struct wlk_hub *hub, size_t nation, enum wlk_class link,
                         const uint8_t *bytes, size_t size);

/* Reads a record of a lane and verifies it into hub->hot. */
bool wlk_hub_recall(struct wlk_hub *hub, const struct hub_lane *lane, uint64_t seq,
                    const struct wlk_agreement **agreement);

/* hub_verdict.c: asks decide for one recipient; with_rate: take a token. */
struct wlk_verdict wlk_hub_ask(struct wlk_hub *hub, const struct wlk_claim *claim,
                               const struct wlk_agreement *agreement, wlk_name recipient,
                               bool with_rate);

/* Adds the verdict to the log of the arrangement; kept by the next wlk_hub_keep. */
void wlk_hub_log(struct wlk_hub *hub, const struct wlk_claim *claim,
                 const struct wlk_agreement *agreement, wlk_name recipient,
                 const struct wlk_verdict *verdict);

/* Keeps what was logged and, with it, a record (NULL: none), before anything of it is sent. */
void wlk_hub_keep(struct wlk_hub *hub, const struct wlk_journal_row *row);

/* Recipient does not get this record: a notice says so at the next tick, with what is refused
 * to it before and behind. */
void wlk_hub_notice(struct wlk_hub *hub, const struct wlk_claim *claim,
                    const struct wlk_agreement *agreement, wlk_name recipient,
                    const struct wlk_verdict *verdict);

/* A nation lacks what is behind after in a lane; if that is past here, a notice says so, at
 * most one a second. */
void wlk_hub_notice_past(struct wlk_hub *hub, struct hub_lane *lane, size_t nation,
                         uint64_t after);

/* Puts the frame of what hub->passed or sealed holds into a nation's status queue. */
void wlk_hub_queue_status(struct wlk_hub *hub, size_t nation,
                          const struct wlk_released *released);

/* Seals hub->content as a record of the hub's own. head as for wlk_release_seal. */
wlk_status wlk_hub_seal(struct wlk_hub *hub, const struct wlk_agreement *agreement,
                        enum wlk_type type, struct wlk_lane_head *head) WLK_MUST_USE;

#endif
