/* reckoning.h -- what became of each record, from the journals of those who sent and got it.
 *
 * Trusts no counter: every record that its originator journalled is looked for at each nation
 * that its label names. Class status is never journalled and does not count.
 * Read by: programs/coalition.c, demo_live.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_RECKONING_H
#define WLK_PROGRAMS_RECKONING_H

#include "exchange/journal.h"
#include "programs/setting.h"
#include "programs/summary.h"

struct wlk_reckoned {
    wlk_name nation;
    struct wlk_journal *journal;
};

/* Adds to *out, per (record, recipient): passed whole, trimmed, refused (a signed notice is
 * there), or lost. doubled is not in the journals and stays. */
void wlk_reckoning_journals(const struct wlk_reckoned *nations, size_t count,
                            struct wlk_exchanged *out);

/* The same for a setting whose processes have stopped.
 * WLK_IO, WLK_BAD_INPUT a journal cannot be read; fault says which. */
wlk_status wlk_reckoning_files(const struct wlk_setting *setting, struct wlk_exchanged *out,
                               struct wlk_fault *fault) WLK_MUST_USE;

#endif
