/* nation.h -- a nation as a state machine: plots and frames in, records, picture and warnings
 * out.
 *
 *   datagram -> sensors/intake -> tracking/book -> programs/publish -> exchange/post -> frames
 *   frame -> exchange/post -> fusion -> programs/outlook -> warning/alert -> warnings
 *
 * Reads no clock, socket or file: the same code runs in life, in rehearsals on a virtual clock
 * and in soak. After each call pull: outgoing frames, entries, warnings.
 * Read by: programs/node.c, coalition.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_NATION_H
#define WLK_PROGRAMS_NATION_H

#include "exchange/post.h"
#include "programs/publish.h"
#include "programs/timeline.h"
#include "record/decoys.h"
#include "record/picture.h"
#include "release/force.h"
#include "sensors/references.h"
#include "sensors/sites.h"

#include <stdio.h>

struct wlk_nation;
struct wlk_land;
struct wlk_pedigree; /* programs/pedigree.h */

struct wlk_nation_options {
    wlk_name name;
    enum wlk_nature nature;           /* of this node: everything it says has it */
    char exercise[WLK_TEXT_SIZE];     /* id of the exercise; empty in life */
    const struct wlk_sites *sites;    /* of all nations; its own are picked; not kept */
    const struct wlk_decoys *decoys;  /* of its radars; NULL: none. Must outlive the nation */
    const struct wlk_references *known_view; /* objects whose place is known: the biases of its
                                         radars are found from them; may change; NULL: none */
    const char *areas_folder;         /* where areas/ lies */
    const struct wlk_land *land_view; /* the same, read already; NULL: it reads its own */
    size_t hub_count;
    wlk_name hub[WLK_HUBS_MAX];
    struct wlk_journal *journal;      /* open; stays the caller's */
    const struct wlk_secret_key *key; /* signs its records; must outlive the nation */
    const struct wlk_roots *roots;    /* whose signatures count; not kept */
    size_t stand_in_count;            /* rehearsals on the virtual clock only, else 0 */
    const struct wlk_stand_in *stand_in; /* exchange/standing.h */
    struct wlk_salts salts;           /* also the source of event ids */
    uint64_t clock_error_ns;
    int64_t kept_ns; /* what its journal may forget after (exchange/prune.h); 0: nothing */
    struct wlk_moment now;
    bool is_warm;                     /* memory for tracks is touched before the first plot */
    struct wlk_pedigree *pedigree;    /* where partners' estimates come from is noted there;
                                         stays the caller's; NULL: nobody asks */
};

/* WLK_BAD_INPUT a file or the journal is malformed; WLK_IO cannot be read, or no memory.
 * fault says what. */
wlk_status wlk_nation_open(const struct wlk_nation_options *options, struct wlk_nation **out,
                           struct wlk_fault *fault) WLK_MUST_USE;

/* A clean stop; abandon is what a crash leaves behind. NULL is allowed. */
void wlk_nation_close(struct wlk_nation *nation);
void wlk_nation_abandon(struct wlk_nation *nation);

/* Takes up a signed arrangement or a withdrawal, from the operator's folder; it is also sent
 * to the hubs. Statuses as wlk_standing_take. */
wlk_status wlk_nation_statement(struct wlk_nation *nation, enum wlk_statement_kind kind,
                                const uint8_t *bytes, size_t size, struct wlk_moment now,
                                struct wlk_fault *fault) WLK_MUST_USE;

/* One datagram of a sensor, as read. What is not taken is counted by the intake. */
void wlk_nation_datagram(struct wlk_nation *nation, const uint8_t *bytes, size_t size,
                         struct wlk_moment now);

/* The link of that class to a hub is up (after its handshake), or down. */
void wlk_nation_connected(struct wlk_nation *nation, size_t hub, enum wlk_class link,
                          struct wlk_moment now);
void wlk_nation_disconnected(struct wlk_nation *nation, size_t hub, enum wlk_class link,
                             struct wlk_moment now);

/* One whole frame from a hub. WLK_BAD_INPUT: cut that connection. */
wlk_status wlk_nation_frame(struct wlk_nation *nation, size_t hub, enum wlk_class link,
                            const uint8_t *bytes, size_t size,
                            struct wlk_moment now) WLK_MUST_USE;

/* Time passes; at least every 100 ms. */
void wlk_nation_tick(struct wlk_nation *nation, struct wlk_moment now);

/* Brings picture, predictions and warnings up to date if that is due. To be called after each
 * of the above, when what there was to send has been sent: partners do not wait for it. True:
 * there is more of it; call again once what is waiting has been served. */
bool wlk_nation_work(struct wlk_nation *nation, struct wlk_moment now);

/* Is the work of the newest picture still going on? */
bool wlk_nation_is_working(const struct wlk_nation *nation);

/* One line in file (NULL: none) for each launch or impact record since the last call: "left"
 * and when the datagram of the plot that caused it was read, or "came" and now, both by this
 * machine's steady clock in ns. For measuring delays; what is not written is forgotten. */
void wlk_nation_write_traces(struct wlk_nation *nation, FILE *file, wlk_mono now);

/* As wlk_post_outgoing. */
bool wlk_nation_outgoing(struct wlk_nation *nation, size_t hub, enum wlk_class link,
                         const uint8_t **bytes, size_t *size);

/* The next entry of the timeline, and the next warning; false: none now. What is not pulled
 * in time is dropped, oldest first, and counted. */
bool wlk_nation_entry(struct wlk_nation *nation, struct wlk_entry *out);
bool wlk_nation_warning(struct wlk_nation *nation, struct wlk_warning *out);

/* As wlk_alert_number. */
uint32_t *wlk_nation_number(struct wlk_nation *nation);

/* The areas its warnings speak of, for warning/cap. */
struct wlk_areas;
const struct wlk_areas *wlk_nation_areas(const struct wlk_nation *nation);

/* The newest picture; lives until the next call. */
const struct wlk_picture *wlk_nation_picture(const struct wlk_nation *nation);

/* The exchange of this nation, for its counters. */
struct wlk_post *wlk_nation_post(struct wlk_nation *nation);

/* What ALARM entries have behind a nation that owes a receipt for our warnings, or has given it
 * (wlk_post_owing tells who owes now). */
#define WLK_UNCONFIRMED_WORDS " has not confirmed our warnings"
#define WLK_CONFIRMED_WORDS   " has now confirmed our warnings"

/* How the ALARM entry begins that reports a record delivered twice. */
#define WLK_DOUBLED_WORDS "record delivered twice:"

struct wlk_nation_counts {
    uint64_t plots;            /* taken by intake and tracker */
    uint64_t plots_known;      /* of satellites and aircraft that are known: not tracked */
    uint64_t plots_refused;    /* by intake or tracker, for whatever reason */
    uint64_t sightings;
    uint64_t records_sealed;   /* launch, impact, track, cancel */
    uint64_t records_held;     /* could not be sealed or put; the reason was said as ALARM */
    uint64_t records_taken;    /* partners' records that went into the picture */
    uint64_t records_doubled;  /* delivered twice: must stay 0 */
    uint64_t records_unusable; /* verified, but no estimate in them, or fusion refused */
    uint64_t warnings;
    uint64_t dropped;          /* entries or warnings nobody pulled */
};

/* The biases of its radar number index, of those that are registered; false: no such. */
bool wlk_nation_registration(const struct wlk_nation *nation, size_t index, wlk_name *radar,
                             const struct wlk_registration **out);

/* What happened so far. */
struct wlk_nation_counts wlk_nation_count(const struct wlk_nation *nation);

#endif
