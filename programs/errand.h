/* errand.h -- sealing one record under one arrangement: header, label, salts, the guard's own
 * question, the post. publish.c decides what is told and when; this says it.
 *
 * Read by: programs/publish.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_ERRAND_H
#define WLK_PROGRAMS_ERRAND_H

#include "programs/publish.h"
#include "release/events.h"
#include "release/question.h"
#include "release/release.h"

enum { WLK_ERRAND_TRACES_MAX = 256 };

/* An arrangement that this nation publishes under. */
struct wlk_joined {
    bool is_used;
    struct wlk_agreement agreement;
    struct wlk_rules rules;
    struct wlk_events events;
    uint8_t self; /* index of this nation among the parties */
    bool may[WLK_TYPE_END][WLK_GROUP_END]; /* can it reach anybody at all? */
    bool is_shielded; /* shielded may: then nothing else is told under it */
};

/* What all errands of a nation share. */
struct wlk_errands {
    struct wlk_publish_setup setup;
    struct wlk_released *released; /* the one that is being sealed */
    struct wlk_trace trace[WLK_ERRAND_TRACES_MAX];
    uint64_t trace_in, trace_out;
    struct wlk_publish_counts counts;
};

/* One record about to be sealed. */
struct wlk_errand {
    enum wlk_type type;
    bool is_news;     /* a plot caused it, not the clock */
    wlk_mono read_at; /* of that plot */
    wlk_event event;
    uint32_t number;  /* of the object, as partners will see it */
    bool is_lead;     /* the first of its event: says so when their number changes */
    enum wlk_region region;
    wlk_utc valid_until;
    bool has_replaced;
    uint64_t replaced_generation, replaced_seq;
    size_t count;
    enum wlk_group group[WLK_GROUPS_MAX];
    union wlk_content content[WLK_GROUPS_MAX];
    struct wlk_moment now;
};

/* Takes up an arrangement that this nation is a party of, and asks once which groups can reach
 * anybody: that takes longer than sealing. */
void wlk_errand_join(const struct wlk_errands *errands, const struct wlk_agreement *agreement,
                     uint8_t self, struct wlk_joined *out);

/* Adds a group; there is room for each group once. */
void wlk_errand_add(struct wlk_errand *errand, enum wlk_group group,
                    const union wlk_content *content);

/* Counts a record that did not leave, with the reason, a constant string. Returns false. */
bool wlk_errand_held(struct wlk_errands *errands, const char *why);

/* Seals one record under one arrangement and hands it to the post. True: it is on its way;
 * then *head is its place in the lane. False: held and counted. */
bool wlk_errand_send(struct wlk_errands *errands, struct wlk_joined *joined,
                     const struct wlk_errand *errand, struct wlk_lane_head *head);

#endif
