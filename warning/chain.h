/* chain.h -- what alert.c and telling.c share: the warnings of one object, one after another.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_WARNING_CHAIN_H
#define WLK_WARNING_CHAIN_H

#include "warning/assess.h"

enum {
    WLK_CHAIN_QUEUE_MAX = 128,
    WLK_CHAIN_STEP_MAX = 4
}; /* one object says at most 4 things a step */

/* How many sigmas of its time an impact is waited for before its end is told. */
#define WLK_CHAIN_LATE_SIGMAS 3.0

enum wlk_chain_stage {
    WLK_CHAIN_QUIET = 0,
    WLK_CHAIN_LAUNCH,
    WLK_CHAIN_COVER,
    WLK_CHAIN_LOST,
    WLK_CHAIN_OVER,
    WLK_CHAIN_DONE
};

struct wlk_ward { /* one area, or the sea, under one object's warning */
    bool is_warned;
    bool was_warned; /* ever, by this chain: it is told the end too */
    bool is_aside;   /* still under LAUNCH while others take cover */
    bool is_flown_over;
    struct wlk_warning_area newest;
    wlk_utc safe_since; /* 0 ns: in danger */
};

struct wlk_chain {
    uint32_t object; /* 0: free */
    enum wlk_chain_stage stage;
    bool is_seen;               /* in this picture */
    bool has_ended;             /* the picture has said so */
    struct wlk_warning current; /* newest told; number 0: none */
    bool has_impact;
    struct wlk_impact impact; /* newest believed */
    bool is_at_sea, is_inside_200nm, is_firm;
    wlk_utc assessed_at, launched_at, last_measurement;
    enum wlk_phase phase;
    uint32_t aside_number; /* of the warning in force for wards aside */
    wlk_utc aside_time;
    wlk_utc clear_at;
    struct wlk_ward ward[WLK_AREAS_MAX + 1]; /* the last is the sea */
};

struct wlk_alerts {
    struct wlk_alert_setup setup;
    bool near[WLK_AREAS_MAX][WLK_AREAS_MAX];
    uint32_t next_number;
    size_t chain_end; /* chains at and above are free */
    struct wlk_chain chain[WLK_OBJECTS_MAX];
    struct wlk_warning queue[WLK_CHAIN_QUEUE_MAX]; /* ring */
    size_t queue_first, queue_count;
    struct wlk_assessment assessment; /* scratch of one object */
};

/* What becomes of the wards in one step. */
enum wlk_chain_choice {
    WLK_CHAIN_WARNED,   /* by the newest warning */
    WLK_CHAIN_ASIDE,    /* by an older one that still stands */
    WLK_CHAIN_IN_FORCE, /* by either */
    WLK_CHAIN_EVER,
    WLK_CHAIN_FLOWN_OVER,
    WLK_CHAIN_DROPPED
};

/* Puts a warning into the queue, for the wards of a choice. There must be room. */
struct wlk_warning *wlk_chain_tell(struct wlk_alerts *alerts, struct wlk_chain *chain,
                                   enum wlk_warning_kind kind, enum wlk_chain_choice choice,
                                   wlk_utc now);

/* The same, and it becomes the head of the chain. */
struct wlk_warning *wlk_chain_tell_next(struct wlk_alerts *alerts, struct wlk_chain *chain,
                                        enum wlk_warning_kind kind,
                                        enum wlk_chain_choice choice, wlk_utc now);

/* The last word to all who were ever warned; nothing stays in force. */
void wlk_chain_tell_last(struct wlk_alerts *alerts, struct wlk_chain *chain,
                         enum wlk_warning_kind kind, enum wlk_correction correction,
                         wlk_utc now);

/* CORRECTION: the track is lost; those warned stay warned until the latest end is long by. */
void wlk_chain_tell_lost(struct wlk_alerts *alerts, struct wlk_chain *chain, wlk_utc now);

/* Areas that were let go hear so; the others stay as they are. */
void wlk_chain_tell_dropped(struct wlk_alerts *alerts, struct wlk_chain *chain,
                            uint32_t replaces, wlk_utc replaces_time, wlk_utc now);

/* LAUNCH again for those that need not take cover yet may not be let go. */
void wlk_chain_tell_aside(struct wlk_alerts *alerts, struct wlk_chain *chain, uint32_t replaces,
                          wlk_utc replaces_time, wlk_utc now);

/* PASSED, once every warned area on land lies behind. */
void wlk_chain_tell_passed(struct wlk_alerts *alerts, struct wlk_chain *chain, wlk_utc now);

/* Takes at most room warnings out of the queue, oldest first. */
size_t wlk_chain_take(struct wlk_alerts *alerts, struct wlk_warning out[], size_t room);

#endif
