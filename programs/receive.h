/* receive.h -- a partner's verified record into the nation's picture.
 *
 * Takes the finest group that is shown, turns it back into an estimate and hands it to
 * fusion. Read by: programs/nation.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef WLK_PROGRAMS_RECEIVE_H
#define WLK_PROGRAMS_RECEIVE_H

#include "fusion/picture.h"
#include "record/seal.h"

/* WLK_OK         it is in the picture (or is of a type that does not belong there).
 * WLK_STALE      fusion has a newer or finer one; nothing changed.
 * WLK_BAD_INPUT  no group is shown, no estimate can be made of it, or it rests on other
 *                sensors than its originator's: refused here once more.
 * WLK_FULL       fusion has no room. */
wlk_status wlk_receive_record(struct wlk_fusion *fusion,
                              const struct wlk_record *record) WLK_MUST_USE;

#endif
