/* post.h -- a nation's half of the exchange: what it sends, what it gets, what it still owes.
 *
 * A state machine: it reads no clock and no socket. Bytes and connections arrive as calls,
 * frames to send are pulled with wlk_post_outgoing, what came for the nation is pulled with
 * wlk_post_delivered. Four connections to each hub, one per class in wlk_post_classes, so
 * that a warning never queues behind tracks. Every record is journalled before it is sent.
 *
 * The order of work for a caller, after each event:
 *     while (wlk_post_delivered(post, &delivery)) ...;
 *     for each hub, for each class whose connection has room:
 *         while (room && wlk_post_outgoing(post, hub, class, &bytes, &size)) send;
 *
 * Memory is taken in wlk_post_open only. Not thread-safe: one caller.
 * Held by: post_test.c, programs/soak.c. Read by: programs/nation.c, node.c, soak.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EXCHANGE_POST_H
#define WLK_EXCHANGE_POST_H

#include "exchange/evidence.h"
#include "record/seal.h"
#include "release/release.h"

struct wlk_journal; /* exchange/journal.h */
struct wlk_post;

enum {
    WLK_LINK_CLASSES = 4,          /* connections to each hub; notices go with status */
    WLK_LANES_MAX = 512,           /* lanes known at one node or hub, old generations too */
    WLK_LANES_EACH_MAX = 48        /* of them of one originator; the oldest generation goes */
};

/* Warn first: who walks the list serves warnings first. */
extern const enum wlk_class wlk_post_classes[WLK_LINK_CLASSES];

/* Where a connection's class stands in it; asserts that it does. */
size_t wlk_post_link_index(enum wlk_class link);

/* The connection on which a class travels (notice -> status). */
enum wlk_class wlk_post_link(enum wlk_class record_class);

/* Yields 16 fresh salt bytes for each call; context is the caller's. From getrandom in life,
 * seeded in soak. (A callback, as a library's would be: randomness is an argument.) */
struct wlk_salts {
    void (*draw)(void *context, uint8_t salt[WLK_SALT_SIZE]);
    void *context;
};

struct wlk_post_options {
    wlk_name nation;
    size_t hub_count;
    wlk_name hub[WLK_HUBS_MAX];
    struct wlk_journal *journal;           /* open; stays the caller's */
    const struct wlk_secret_key *key;      /* uses record, receipt; heartbeats and receipts */
    enum wlk_nature key_nature;            /* what that key may sign; all that comes has it */
    struct wlk_salts salts;
    const struct wlk_roots *roots;         /* root keys this nation trusts; copied */
    size_t stand_in_count;                 /* soak and rehearsals only, else 0 */
    const struct wlk_stand_in *stand_in;   /* copied; see exchange/standing.h */
    uint64_t clock_error_ns;               /* stated in heartbeats */
    int64_t kept_ns;                       /* what is kept by all it was for and older may go
                                              (exchange/prune.h); 0: never */
    struct wlk_moment now;
};

/* Opens the post on what the journal holds. Each start opens a new generation of its lanes,
 * max(stored + 1, UTC seconds); the records of older ones are still sent.
 * WLK_OK *out is open; WLK_BAD_INPUT the journal holds another nation or broken rows;
 * WLK_IO the journal cannot be read or memory is short. fault says which. */
wlk_status wlk_post_open(const struct wlk_post_options *options, struct wlk_post **out,
                         struct wlk_fault *fault) WLK_MUST_USE;

/* Notes how far the hubs acknowledged, and frees. NULL is allowed. */
void wlk_post_close(struct wlk_post *post);

/* As close without the mark: what a crash leaves behind (soak). */
void wlk_post_abandon(struct wlk_post *post);

/* Takes up a signed statement (exchange/standing.h: arrangement bundle, withdrawal or keys),
 * keeps it durably and sends it to every hub, again after each reconnect. Statements also
 * arrive from the hubs; the post takes them up itself and tells (WLK_DELIVERY_STATEMENT).
 * A withdrawn or expired arrangement is dead at once: nothing is put, sent or accepted.
 * Statuses as wlk_standing_take. */
wlk_status wlk_post_statement(struct wlk_post *post, enum wlk_statement_kind kind,
                              const uint8_t *bytes, size_t size, struct wlk_moment now,
                              struct wlk_fault *fault) WLK_MUST_USE;

/* The arrangements known here, for release/ and for display. Lives as long as the post. */
const struct wlk_force *wlk_post_force(const struct wlk_post *post);

/* Keys that statements added or ended, for release/. Lives as long as the post. */
const struct wlk_keyring *wlk_post_keyring(const struct wlk_post *post);

/* The link to a hub is up (after its handshake), or down. */
void wlk_post_connected(struct wlk_post *post, size_t hub, enum wlk_class link,
                        struct wlk_moment now);
void wlk_post_disconnected(struct wlk_post *post, size_t hub, enum wlk_class link,
                           struct wlk_moment now);

/* One whole frame (length prefix removed) arrived. Whatever is wrong with it is counted.
 * WLK_OK; WLK_BAD_INPUT the peer breaks the protocol: the caller cuts the connection. */
wlk_status wlk_post_frame(struct wlk_post *post, size_t hub, enum wlk_class link,
                          const uint8_t *bytes, size_t size,
                          struct wlk_moment now) WLK_MUST_USE;

/* The head of one of this nation's own lanes (newest sealed), for wlk_release_seal; for class
 * status too. Give it to wlk_release_seal and put the result before asking again.
 * WLK_FULL too many lanes. */
wlk_status wlk_post_lane(struct wlk_post *post, wlk_name arrangement,
                         enum wlk_class record_class, enum wlk_nature nature,
                         struct wlk_lane_head *out) WLK_MUST_USE;

/* Journals a released record and has it sent to every hub. It must be the successor of its
 * lane's head (class status: no seq).
 * WLK_OK journalled and on its way. WLK_IO the disk refused: it is on its way all the same,
 * held in memory, and counted (unjournalled). WLK_BAD_INPUT wrong lane, seq or prev: nothing
 * happened. WLK_NOT_RELEASABLE its arrangement is not in force: nothing happened. */
wlk_status wlk_post_put(struct wlk_post *post, const struct wlk_released *released,
                        struct wlk_moment now) WLK_MUST_USE;

/* The operator (or the warning stage) has seen this record: its originator will learn it. */
void wlk_post_shown(struct wlk_post *post, wlk_name originator, const struct wlk_lane *lane,
                    uint64_t seq);

/* Time passes: heartbeats each second, receipts, durable acknowledgements, gap and partner
 * timeouts. Call at least every 100 ms, and after the journal's durable mark has moved. */
void wlk_post_tick(struct wlk_post *post, struct wlk_moment now);

/* The next frame for one connection, length prefix included; the bytes live until the next
 * call of this post. False: nothing to send there now. Call only with room to send it. */
bool wlk_post_outgoing(struct wlk_post *post, size_t hub, enum wlk_class link,
                       const uint8_t **bytes, size_t *size);

enum wlk_delivery_kind {
    WLK_DELIVERY_RECORD = 1,   /* record: verified, for this nation, not a double */
    WLK_DELIVERY_NOTICE,       /* refused: a hub refused records lane first_seq..last_seq */
    WLK_DELIVERY_STATEMENT,    /* arrangement: taken up or withdrawn; ask wlk_post_force */
    WLK_DELIVERY_SUSPECT,      /* nation: a key of it was ended; forget what it said. Kept
                                  records that it signed since the key was suspect are marked
                                  in the journal: their verdict is the byte 'S' */
    WLK_DELIVERY_PARTNER_LOST, /* nation under arrangement: no fresh heartbeat for 3 s */
    WLK_DELIVERY_PARTNER_BACK,
    WLK_DELIVERY_HUB_LOST, /* hub: no connection and no heartbeat for 3 s */
    WLK_DELIVERY_HUB_BACK,
    WLK_DELIVERY_GAP,     /* nation, lane, first_seq..last_seq: missing 1.5 s, not refused */
    WLK_DELIVERY_RECEIPT, /* receipt: how far a partner (nation) has our lane */
    WLK_DELIVERY_DIVERGED, /* two hubs, or an originator, contradict each other: alarm */
    WLK_DELIVERY_RENUMBERED, /* the hub has records of ours that our journal lacks: it was
                               restored or lost. A new generation is open; say all again */
    WLK_DELIVERY_UNCONFIRMED, /* nation, entitled, has confirmed none of our lane's warnings
                                 first_seq..last_seq for 2 s: alarm */
    WLK_DELIVERY_CONFIRMED,   /* ... and has now */
    WLK_DELIVERY_ACCUSED      /* nation (a hub or originator) broke its word, see accusation;
                                 the evidence is in the journal: alarm */
};

/* Pointers live until the next call of the post. */
struct wlk_delivery {
    enum wlk_delivery_kind kind;
    wlk_name nation;                 /* originator, or the partner concerned */
    wlk_name arrangement;
    size_t hub;                      /* from which hub; index in options */
    const struct wlk_record *record; /* RECORD */
    const uint8_t *bytes;            /* RECORD, as they came */
    size_t size;
    enum wlk_statement_kind statement;
    bool is_late;                    /* RECORD: after a later one of its lane */
    bool is_replayed;                /* RECORD: from the journal, after a restart */
    bool is_richer;                  /* RECORD: delivered before, with fewer groups shown */
    const struct wlk_refused_content *refused; /* NOTICE */
    const struct wlk_receipt_content *receipt; /* RECEIPT */
    enum wlk_evidence_kind accusation; /* ACCUSED */
    wlk_name originator;             /* ACCUSED: of the lane it is about */
    struct wlk_lane lane;            /* GAP, RECORD, UNCONFIRMED, CONFIRMED, ACCUSED */
    uint64_t first_seq, last_seq;    /* GAP, UNCONFIRMED, CONFIRMED, ACCUSED */
};

/* The next thing for the nation. False: nothing now. */
bool wlk_post_delivered(struct wlk_post *post, struct wlk_delivery *out);

/* Delivers again, marked is_replayed, what was received with a record time of from or
 * later, before anything new: so a restarted nation rebuilds its picture. Call once, right
 * after open. */
void wlk_post_replay(struct wlk_post *post, wlk_utc from);

/* A party that has owed a receipt for warnings of ours for 2 s or longer. */
struct wlk_owing {
    wlk_name nation, arrangement;
};

/* Who owes now, each once for each arrangement: fills out with at most room; returns how many
 * there are. A party leaves when its receipt comes, when a hub's notice says why it has none,
 * or when the arrangement ends. */
size_t wlk_post_owing(const struct wlk_post *post, struct wlk_owing out[], size_t room);

/* How one connection or partner stands, for the display and for audits. */
struct wlk_post_counts {
    uint64_t put, unjournalled;           /* own records */
    uint64_t sent, sent_again;            /* record frames, all hubs */
    uint64_t received, doubles;           /* verified; second copies */
    uint64_t delivered, late, gaps;       /* gaps: seqs delivered around */
    uint64_t refused_notices;             /* seqs covered by notices to us */
    uint64_t other_nature; /* an exercise in life, or life in an exercise: not taken */
    uint64_t malformed, bad_signature, not_in_force, stale, not_for_us, spilled;
    uint64_t renumbered; /* times a new generation was opened because a hub had more of ours */
    uint64_t suspect;  /* kept records marked, or not delivered, since their key was ended */
    uint64_t past;     /* seqs that were past when their lane began here */
    uint64_t outdated; /* heartbeats that spoke of a newer arrangement than any here */
    uint64_t broken_chain, diverged, dropped, dropped_status, asks, heartbeats;
    uint64_t unconfirmed;                 /* alarms that a party has not confirmed */
    uint64_t late_status;                 /* heartbeats that were too old to count as life */
    uint64_t accused[WLK_EVIDENCE_END];   /* by kind; evidence is kept once a minute of each */
    uint64_t evidence, unproved;          /* pieces kept; that could not be kept */
};

/* What happened so far; alive as long as the post. */
const struct wlk_post_counts *wlk_post_count(const struct wlk_post *post);

/* Heard within the last 3 s: the hub itself; a partner, by its heartbeats. */
bool wlk_post_hub_alive(const struct wlk_post *post, size_t hub);
bool wlk_post_partner_alive(const struct wlk_post *post, wlk_name arrangement,
                            wlk_name partner);

/* True: nothing was heard on this connection for 5 s, or a ping went unanswered for 10 s (a
 * line that carries one way only): the caller cuts it and dials again. */
bool wlk_post_is_stalled(const struct wlk_post *post, size_t hub, enum wlk_class link);

/* Own records that a hub has not yet acknowledged as durable: its backlog. */
uint64_t wlk_post_backlog(const struct wlk_post *post, size_t hub);

#endif
