/* nation_private.h -- what the files of a nation share: nation.c takes plots and time,
 * nation_deliver.c what the exchange brings, nation_salvo.c counts what was launched together,
 * nation_shield.c tells what is shielded, nation_register.c what its radars read too much.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_NATION_PRIVATE_H
#define WLK_PROGRAMS_NATION_PRIVATE_H

#include "fusion/picture.h"
#include "programs/doubles.h"
#include "programs/land.h"
#include "programs/nation.h"
#include "programs/outlook.h"
#include "sensors/intake.h"
#include "tracking/book.h"
#include "tracking/salvo.h"
#include "tracking/shield.h"
#include "warning/alert.h"

enum { WLK_NATION_TRACES_MAX = 256 };

/* What was last done about one own track. */
struct wlk_nation_seen {
    uint32_t object; /* 0: free */
    uint32_t plot_count;
    wlk_utc told; /* when the clock, not a plot, had it told */
    bool is_ended;
    bool has_event; /* that it is published under */
    wlk_event event;
    bool is_sure; /* it counts in its salvo */
};

/* The own objects of one event. */
struct wlk_nation_salvo {
    bool is_used;
    wlk_event event;
    struct wlk_point launch; /* of one of them */
    uint32_t gone;           /* that counted and that the tracker has forgotten */
    struct wlk_salvo_count count;
    wlk_utc newest; /* when there was one of them */
};

/* What was last said and kept of the biases of one own radar. */
struct wlk_nation_registered {
    uint64_t passes, doubts, jumps, kept;
    wlk_utc time;
};

struct wlk_nation {
    struct wlk_nation_options options;
    struct wlk_intake *intake;
    struct wlk_book *book;
    struct wlk_shield *shield;             /* NULL: no decoys */
    uint32_t shielded[WLK_DECOY_SETS_MAX]; /* launches of each radar, as last kept */
    bool is_unshielded_told;
    struct wlk_nation_registered registered[WLK_SITES_MAX];
    wlk_utc references_told; /* that the file is of another time */
    struct wlk_fusion *fusion;
    struct wlk_land land_own;    /* unless it was given one */
    struct wlk_areas *areas_own; /* unless they are in the land */
    const struct wlk_areas *areas;
    struct wlk_alerts *alerts;
    struct wlk_outlook *outlook;
    struct wlk_publisher *publisher;
    struct wlk_post *post;
    struct wlk_nation_seen seen[WLK_OBJECTS_MAX];
    struct wlk_nation_salvo salvo[WLK_EVENTS_MAX];
    wlk_digest joined[WLK_ARRANGEMENTS_MAX]; /* digests, in the order of joining */
    size_t joined_count;
    bool has_plot;
    uint64_t other_told; /* records of another nature, as last said */
    wlk_utc other_told_at;
    int key_told;  /* the worst that was said of the own key: enum key_state */
    wlk_utc swept; /* when notes and arrangements were last gone through */
    struct wlk_doubles doubles;
    struct wlk_trace trace[WLK_NATION_TRACES_MAX];
    uint64_t trace_in, trace_out;
    struct wlk_nation_counts counts;
};

/* Adds an entry to the timeline. */
void wlk_nation_note(struct wlk_nation *nation, enum wlk_entry_kind kind, wlk_utc now,
                     const char *names);

/* Publishes under what is in force now, and no longer under what is not. */
void wlk_nation_follow_force(struct wlk_nation *nation, wlk_utc now);

/* Takes what the exchange has to deliver: partners' records, notices, who is lost or back. */
void wlk_nation_take_deliveries(struct wlk_nation *nation, wlk_utc now);

/* The event of a launch near this one in place and time, own or a partner's; false: none. */
bool wlk_nation_salvo_event(const struct wlk_nation *nation, const struct wlk_point *launch,
                            wlk_event *out);

/* Counts the own objects of each event anew; writes how many they are into a launch. */
void wlk_nation_salvo_step(struct wlk_nation *nation, wlk_utc now);
void wlk_nation_salvo_size(const struct wlk_nation *nation, const wlk_event *event,
                           struct wlk_launch *launch);

/* The tracker has forgotten an object: it still counts if it did. */
void wlk_nation_salvo_gone(struct wlk_nation *nation, const struct wlk_nation_seen *seen);

/* Takes up what was kept of the biases of own radars; passes end, and operators are told. */
void wlk_nation_register_open(struct wlk_nation *nation);
void wlk_nation_register_step(struct wlk_nation *nation, wlk_utc now);

/* Biases in words: "range +12 +- 5 m, ...". */
void wlk_nation_bias_words(const struct wlk_registration *registration, wlk_utc now, char *out,
                           size_t room);

/* Opens the release tracker if there are decoys, and tells what a closed slot has. */
wlk_status wlk_nation_shield_open(struct wlk_nation *nation,
                                  struct wlk_fault *fault) WLK_MUST_USE;
void wlk_nation_shield_step(struct wlk_nation *nation, struct wlk_moment now);

#endif
