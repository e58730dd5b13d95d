/* life.h -- for tests: the lives of one node over a real journal, with what happens between
 * them: a backup restored, a disk lost. JP under TMW-1, keys of release/sample.h.
 * Read by: numbers_test.c, rollback_test.c, doubt_test.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_EXCHANGE_LIFE_H
#define WLK_EXCHANGE_LIFE_H

#include "exchange/journal.h"
#include "exchange/post.h"
#include "record/contents.h"

struct wlk_life {
    struct wlk_journal *journal;
    struct wlk_post *post;
    struct wlk_moment now;
};

/* One signed sequence number of the lane of warnings. */
struct wlk_life_number {
    uint64_t generation, seq;
    wlk_digest digest;
};

/* Makes the folders node, saved, backup and nothing in a fresh place, and signs TMW-1 for the
 * years to 2030. False: it cannot. */
bool wlk_life_set_up(void);

/* Removes them. */
void wlk_life_clear(void);

/* TMW-1 as signed, and the roots that all trust. */
struct wlk_arrangement *wlk_life_pact(void);
const struct wlk_roots *wlk_life_roots(void);

/* The bundle of an arrangement signed by all three (sample keys 0, 3, 6); false: no room. */
bool wlk_life_bundle(const struct wlk_arrangement *arrangement, uint8_t *bytes, size_t room,
                     size_t *size);

/* Name of a file in one of the folders. */
void wlk_life_path(char path[256], const char *where, const char *name);

/* Copies a file as it is now. */
void wlk_life_copy(const char *from, const char *to);

/* Puts the journal of one folder in the place of another's ("nothing": removes it). */
void wlk_life_restore(const char *from, const char *to);

/* A life begins on folder node at a second of UTC, and is told of TMW-1. False: it cannot. */
bool wlk_life_begin(struct wlk_life *life, int64_t utc_s);

/* A clean stop. */
void wlk_life_end(struct wlk_life *life);

/* Signs and puts the next warning under TMW-1. False: it is not sealed, or not put. */
bool wlk_life_sign(struct wlk_life *life, struct wlk_life_number *out);

/* A heartbeat of a party or hub under an arrangement, signed by a sample key, written into
 * bytes[WLK_RECORD_SIZE_MAX]; returns its size, 0: not sealed. */
size_t wlk_life_heartbeat(const struct wlk_arrangement *arrangement, const char *sender,
                          unsigned key, wlk_utc now, const struct wlk_status_content *says,
                          uint8_t *bytes);

#endif
