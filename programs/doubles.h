/* doubles.h -- has this record been delivered to us before? A second look, apart from the
 * inbox that must see to it: the measure of "nothing doubled" trusts no counter of the code
 * that it measures. Read by: programs/nation.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_DOUBLES_H
#define WLK_PROGRAMS_DOUBLES_H

#include "record/header.h"

enum { WLK_DOUBLES_LANES_MAX = 64, WLK_DOUBLES_WINDOW = 8192 };

/* All zeros at first. The oldest lane gives way when all are taken. */
struct wlk_doubles {
    size_t count, next;
    struct {
        wlk_name originator;
        struct wlk_lane lane;
        uint64_t newest;
        uint8_t seen[WLK_DOUBLES_WINDOW / 8]; /* bit of seq modulo the window */
    } lane[WLK_DOUBLES_LANES_MAX];
};

/* Notes the record; true: it was noted before. Records without a seq are never doubles; one
 * further back than the window is not judged. */
bool wlk_doubles_note(struct wlk_doubles *doubles, const struct wlk_header *header);

#endif
