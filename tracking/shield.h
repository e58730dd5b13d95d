/* shield.h -- the release tracker: what a nation tells of its objects where its releases are
 * shielded, so that nothing in them depends on where in its set of decoys a radar stands.
 *
 * Once in a slot (tracking/slots.h) it takes, of each object and radar, at most one plot that
 * the own tracker has given to the object, adds noise so that its error is the same in all
 * directions and for each site of the set, and feeds it to filters of its own. All that is
 * released comes from these: epochs are ends of slots, noise is drawn once for all partners,
 * by a keyed hash of slot, object and radar. Plots of several radars of the nation are merged,
 * each under its own set. docs/leak.md has the rules, what they give away and what they cost.
 * Read by: programs/nation.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_TRACKING_SHIELD_H
#define WLK_TRACKING_SHIELD_H

#include "record/decoys.h"
#include "tracking/book.h"

enum {
    WLK_SHIELD_KEY_SIZE = 32,
    WLK_SHIELD_USED_MIN = 3, /* slots with a used plot before anything is told */
};

/* A slot is closed so long after its end: what comes later is not waited for. Public; every
 * radar of the file of sites delivers within it. */
#define WLK_SHIELD_LATE_S 1.5

/* Biases of radars after calibration stay in every plot and average out in none; over many
 * launches they show where a radar stands. So plots are moved by an offset that is always the
 * same, and those of one object together by an offset of their own; drawn by the key, one
 * sigma on each axis, larger than such biases are. And so that a partner does not believe more
 * than is true, every released covariance has an allowance added for all of these: public, the
 * same for all (docs/leak.md has the measurement). */
#define WLK_SHIELD_ALWAYS_M      600.0
#define WLK_SHIELD_SHIFT_M       400.0
#define WLK_SHIELD_ALLOWANCE_M   850.0
#define WLK_SHIELD_ALLOWANCE_MPS 1.5

struct wlk_shield;

struct wlk_shield_setup {
    const struct wlk_decoys *decoys;  /* not kept */
    uint8_t key[WLK_SHIELD_KEY_SIZE]; /* secret, drawn once, the same after a restart */
};

/* Takes all memory it will ever use.
 * WLK_BAD_INPUT a set breaks the rule of wlk_slots_make; WLK_FULL no memory. */
wlk_status wlk_shield_open(const struct wlk_shield_setup *setup,
                           struct wlk_shield **out) WLK_MUST_USE;
void wlk_shield_close(struct wlk_shield *shield); /* NULL is allowed */

/* Closes the newest slot that is due at now, with the plots the book has for it. False: none
 * is due; then nothing has changed. The first call after opening closes none: its slot may
 * have been told before a restart. To be called at least every 100 ms. */
bool wlk_shield_step(struct wlk_shield *shield, const struct wlk_book *book, wlk_utc now);

/* When the slot that was closed last was closed: its end and WLK_SHIELD_LATE_S. The time that
 * the records of a slot carry. */
wlk_utc wlk_shield_told_at(const struct wlk_shield *shield);

/* The objects it has anything to tell of; good until the next step. Members as in any track,
 * with its object number at the own tracker; state and impact of the end of the last slot with
 * a used plot, with the allowance for biases; first_plot and last_measurement are ends of
 * slots; plot_count counts used plots, read_at is 0. */
size_t wlk_shield_count(const struct wlk_shield *shield);
const struct wlk_track *wlk_shield_track(const struct wlk_shield *shield, size_t index);

struct wlk_shield_counts {
    uint64_t used;    /* plots */
    uint64_t dropped; /* by the draw that hides the own chance of detection */
    uint64_t closed;  /* slots with plots that not every decoy could use */
    uint64_t poor;    /* slots with plots that were all worse than the error of the slot */
    uint64_t full;    /* plots or objects that found no room */
};
struct wlk_shield_counts wlk_shield_count_of(const struct wlk_shield *shield);

/* Objects told so far in which a radar has a part. After ten of them its set may have shrunk
 * by what its bias gives away (docs/leak.md). start: as kept from before a restart. */
enum { WLK_SHIELD_LAUNCHES_MAX = 10 };
uint32_t wlk_shield_launches(const struct wlk_shield *shield, size_t set);
void wlk_shield_start_launches(struct wlk_shield *shield, size_t set, uint32_t start);

#endif
