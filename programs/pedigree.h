/* pedigree.h -- where each estimate of a partner comes from: the newest record of each kind,
 * its signature, the clause it came under, and what was withheld.
 *
 * Filled by programs/nation_deliver.c from verified records, read by programs/serve_show.c.
 * No clock, no I/O; memory is taken at open. Held by: serve_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_PEDIGREE_H
#define WLK_PROGRAMS_PEDIGREE_H

#include "exchange/post.h"

enum {
    WLK_PEDIGREE_ROWS = 1024,      /* (originator, object, type); the oldest gives way */
    WLK_PEDIGREE_RECORD_MAX = 1536 /* bytes of a record that are kept; ours take under 1,000 */
};

struct wlk_pedigree_row {
    bool is_used;
    wlk_name originator;
    uint32_t object;
    enum wlk_type type;
    struct wlk_lane lane;
    uint64_t seq, version;        /* version of the arrangement */
    wlk_utc time, received;       /* of the record; here: scenario time */
    char clause[WLK_TEXT_SIZE];   /* permits that let its groups through: "W1" */
    size_t group_count;
    struct {
        enum wlk_group group;
        enum wlk_classification classification;
        bool is_shown;
    } group[WLK_GROUPS_MAX];
    uint8_t key[WLK_PUBLIC_KEY_SIZE]; /* under which its signature was verified */
    bool has_key;
    size_t size;                  /* 0: the record was too long to be kept */
    uint8_t bytes[WLK_PEDIGREE_RECORD_MAX];
};

struct wlk_pedigree {
    uint64_t changes; /* rises with each record taken */
    struct wlk_pedigree_row row[WLK_PEDIGREE_ROWS];
};

/* WLK_IO no memory (2 MB). */
wlk_status wlk_pedigree_open(struct wlk_pedigree **out) WLK_MUST_USE;
void wlk_pedigree_close(struct wlk_pedigree *pedigree); /* NULL is allowed */

/* Takes note of a delivered record for this nation. What says nothing about an object is
 * passed over; an older record does not replace a newer one. */
void wlk_pedigree_take(struct wlk_pedigree *pedigree, const struct wlk_delivery *delivery,
                       const struct wlk_force *force, wlk_name recipient, wlk_utc now);

/* The newest launch, impact or track record of a partner's object; NULL: none. */
const struct wlk_pedigree_row *wlk_pedigree_find(const struct wlk_pedigree *pedigree,
                                                 wlk_name originator, uint32_t object,
                                                 enum wlk_type type);

#endif
