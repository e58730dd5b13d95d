/* outlook.h -- from the fused states to impacts, warnings and entries of the timeline.
 *
 * The one place where fusion/, tracking/impact and warning/ meet: asks for the picture, runs
 * the impact predictor on each fused state, lets warning/alert speak, and notes what is new.
 * Read by: programs/nation.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_OUTLOOK_H
#define WLK_PROGRAMS_OUTLOOK_H

#include "fusion/picture.h"
#include "programs/timeline.h"
#include "warning/alert.h"

struct wlk_outlook;

/* Fixed rings that nation.c empties. */
enum { WLK_OUTLOOK_ENTRIES_MAX = 256, WLK_OUTLOOK_WARNINGS_MAX = 64 };

struct wlk_outlook_setup {
    wlk_name nation;
    struct wlk_fusion *fusion;          /* stays the caller's */
    struct wlk_alerts *alerts;          /* stays the caller's */
    const struct wlk_areas *areas_view; /* for names; must outlive the outlook */
};

/* WLK_IO no memory. */
wlk_status wlk_outlook_open(const struct wlk_outlook_setup *setup,
                           struct wlk_outlook **out) WLK_MUST_USE;
void wlk_outlook_close(struct wlk_outlook *outlook); /* NULL is allowed */

/* Something has changed: the next wlk_outlook_step is due soon. */
void wlk_outlook_changed(struct wlk_outlook *outlook);

/* Makes picture, impacts, warnings and entries if it is due: 0.25 s after the last time if
 * something changed and an object is young (longer with many objects), else 1 s. Many objects
 * are taken a few at a call, so that plots and frames never wait long. is_urgent: now, and all
 * of it. True: it is not through; call again when what is waiting has been served. */
bool wlk_outlook_step(struct wlk_outlook *outlook, wlk_utc now, bool is_urgent);

/* Is a step begun and not through? */
bool wlk_outlook_is_stepping(const struct wlk_outlook *outlook);

/* The newest picture; valid until the next step. */
const struct wlk_picture *wlk_outlook_picture(const struct wlk_outlook *outlook);

/* Adds an entry that did not come from the picture (first plot, partner lost, ...). */
void wlk_outlook_note(struct wlk_outlook *outlook, const struct wlk_entry *entry);

/* Takes the oldest entry or warning that nobody has taken. False: there is none. */
bool wlk_outlook_entry(struct wlk_outlook *outlook, struct wlk_entry *out);
bool wlk_outlook_warning(struct wlk_outlook *outlook, struct wlk_warning *out);

/* Entries and warnings that were overwritten unread; warnings made. */
uint64_t wlk_outlook_dropped(const struct wlk_outlook *outlook);
uint64_t wlk_outlook_warned(const struct wlk_outlook *outlook);

#endif
