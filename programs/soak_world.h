/* soak_world.h -- hubs and nations' posts on a virtual clock over transport_loop, with seeded
 * faults and simple made-up traffic; what soak.c and hub_test.c play with.
 *
 * The same code as in life from the frame up: posts, hubs, journals (in memory), statements.
 * A crash frees a post or hub without a word and opens it again on its journal.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_SOAK_WORLD_H
#define WLK_PROGRAMS_SOAK_WORLD_H

#include "base/random.h"
#include "exchange/post.h"
#include "programs/hub.h"

enum {
    WLK_SOAK_NATIONS = 3, /* JP, KR, US: the shipped example */
    WLK_SOAK_EVENTS_MAX = 8
};

/* What one hub of two, or the only one, does wrong. */
enum wlk_soak_misdeed {
    WLK_SOAK_HONEST = 0,
    WLK_SOAK_DROP,      /* keeps warnings from one nation, or takes none from one */
    WLK_SOAK_DELAY,     /* brings warnings to one nation more than 2 s late */
    WLK_SOAK_REORDER,   /* swaps two warnings */
    WLK_SOAK_DOUBLE,    /* sends warnings twice */
    WLK_SOAK_TWO_FACES, /* shows one nation another log, or other notices */
    WLK_SOAK_MISDEED_END
};

struct wlk_soak_options {
    uint64_t seed;
    size_t hub_count;          /* 1 or 2 */
    enum wlk_soak_misdeed misdeed; /* then lines lose and delay, and nothing else breaks */
    double duration_s;         /* of traffic and faults, virtual; then all is left to settle */
    bool is_keyed_hash;        /* in the place of Ed25519 */
    bool has_faults;           /* delay, loss, cuts, holes, crashes, full disks, by the seed */
    double kept_s;             /* what is older, and kept by all, is pruned; 0: nothing */
    unsigned quiet;            /* one event in so many chances of 200 ms x 8; 0: 150 */
    bool has_withdrawal;       /* one nation withdraws TMW-1 on the way */
    bool has_rotation;         /* one nation changes its key on the way */
    const wlk_name *without;   /* this nation does not sign TMW-1; NULL: all sign */
    bool is_hub_wary;          /* hubs trust another root of KR: they alone must stop it all */
    bool is_talkative;         /* a line for each piece of evidence */
    const char *journals;      /* folder for journals in files; NULL: in memory */
    const char *folder;        /* of the shipped arrangements */
};

struct wlk_soak_counts {
    uint64_t records;          /* sealed and put */
    uint64_t owed;             /* (record, recipient) pairs */
    uint64_t delivered, refused, lost, doubled, forbidden;
    uint64_t cuts, crashes, withdrawn; /* withdrawn: pairs that the withdrawal excuses */
    uint64_t holes, full_disks;
    uint64_t rotations;        /* changes of keys that came to their end */
    uint64_t pruned;           /* records that journals forgot, all in all */
    uint64_t alarms;           /* told to any nation: gaps, silence, missing receipts */
    uint64_t accusations;      /* told against whomever */
    uint64_t proofs, false_proofs, bad_proofs; /* kept against the dishonest hub; against
                                  others; that do not verify */
    unsigned variant;          /* of the misdeed */
    uint64_t tries;            /* swaps until one was seen; else 1 */
    bool has_done;             /* the dishonest hub did what its victim can know of */
    double receiver_s, originator_s; /* from then to the alarm there; negative: none */
    bool is_originator_wronged; /* no other hub brought the record */
    bool is_receiver_wronged;   /* false: the other hub brought what this one never took */
    uint64_t passed[WLK_SOAK_NATIONS]
                   [WLK_SOAK_NATIONS]; /* delivered, [originator][recipient] */
    wlk_digest digest;         /* over all deliveries: equal for equal runs */
};

struct wlk_soak_world;

/* WLK_IO memory or the shipped files; fault filled. */
wlk_status wlk_soak_open(const struct wlk_soak_options *options, struct wlk_soak_world **out,
                         struct wlk_fault *fault) WLK_MUST_USE;
void wlk_soak_close(struct wlk_soak_world *world);

/* Runs to the end: traffic and faults, then 20 s of calm in which everything must arrive. */
void wlk_soak_run(struct wlk_soak_world *world);

/* The root keys of the parties in this world. */
const struct wlk_roots *wlk_soak_roots(const struct wlk_soak_world *world);

/* Compares what was sealed with what arrived. Call after the run. */
void wlk_soak_judge(struct wlk_soak_world *world, struct wlk_soak_counts *out);

/* The counters of a nation's post and of a hub, since their last start. */
const struct wlk_post_counts *wlk_soak_post_count(const struct wlk_soak_world *world,
                                                  size_t nation);
const struct wlk_hub_counts *wlk_soak_hub_count(const struct wlk_soak_world *world, size_t hub);

#endif
